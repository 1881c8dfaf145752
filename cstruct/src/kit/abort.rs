//! The end of the process, for the few states that nothing can be built on.

use core::fmt;

/// Says why, and ends the process, in `no_std` as well.
///
/// A panic whose unwinding meets a second panic is an abort, with every panic strategy and without `std`; the first
/// one carries the message.
#[cold]
#[inline(never)]
pub(super) fn abort(type_name: &'static str, why: &str, error: &dyn fmt::Display) -> ! {
    struct Second;
    impl Drop for Second {
        fn drop(&mut self) {
            panic!("the process ends here");
        }
    }
    let _second = Second;
    panic!("`{type_name}`: {why}: {error}");
}
