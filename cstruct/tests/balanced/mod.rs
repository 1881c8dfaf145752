//! Tests that leave the library as they found it.

use std::sync::{Mutex, PoisonError};

/// Runs a test while no other of its binary runs: what lives in the library afterwards is what lived before.
pub(crate) fn balanced<R>(test: impl FnOnce() -> R) -> R {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let before = cstruct::live();
    let result = test();
    assert_eq!(cstruct::live(), before, "something is leaked, or released twice");
    result
}
