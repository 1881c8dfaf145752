//! A program that forgot to interpose `malloc` is told so, instead of passing with nothing tested.
#![cfg(all(feature = "testing", target_os = "linux", target_env = "gnu"))]

use cstruct::testing::{Cause, Malloc, Torture};

#[test]
fn it_says_what_to_write() {
    let failure = Torture::new("nothing", &Malloc).try_run(|| ()).expect_err("nothing would be refused");
    assert!(matches!(failure.cause, Cause::NotReady(what) if what.contains("interpose_malloc!()")), "{failure}");
}
