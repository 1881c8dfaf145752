//! A program whose Rust allocations are not exempt is told so, instead of ending in the first of them that is refused.
#![cfg(all(feature = "testing", target_os = "linux", target_env = "gnu"))]

use std::alloc::System;

use cstruct::testing::{Cause, Malloc, Torture, interpose_malloc};

#[global_allocator]
static GLOBAL: System = System;

interpose_malloc!(global_allocator = GLOBAL);

#[test]
fn it_says_what_to_do() {
    let failure = Torture::new("nothing", &Malloc).try_run(|| ()).expect_err("Rust would be refused");
    assert!(matches!(failure.cause, Cause::NotReady(what) if what.contains("RustAlloc")), "{failure}");
}
