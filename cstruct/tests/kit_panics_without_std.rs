//! Without `std` a panic in a function that C calls aborts, whatever the ABI of the trampoline.
#![cfg(not(feature = "std"))]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::unwrap_used,
    reason = "the fake C library is in `bell`; a test fails by panicking"
)]

mod bell;

use bell::count;

/// Nothing can be caught without `std`: the process ends before C sees the panic.
#[test]
fn a_panic_aborts_without_std() {
    use std::os::unix::process::ExitStatusExt;
    const CHILD: &str = "CSTRUCT_TEST_PANICS";
    if std::env::var_os(CHILD).is_some() {
        count(1, |_| panic!("in C"));
    }
    let me = std::env::current_exe().unwrap();
    let child = std::process::Command::new(me)
        .args(["--exact", "a_panic_aborts_without_std", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    assert_eq!(child.status.signal(), Some(6), "{child:?}");
    assert!(String::from_utf8_lossy(&child.stderr).contains("cannot be carried past C"), "{child:?}");
}
