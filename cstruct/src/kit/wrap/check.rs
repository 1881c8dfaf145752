//! What the compiler is made to check of a declaration, with words of ours for what is wrong.

/// What a C function returns that cannot fail.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a C function that is declared as one that cannot fail answers `{Self}`",
    label = "the answer would be thrown away",
    note = "say how to read it: `close = f, outcome => Error;` in place of `release = f;`, `retain = f, outcome => Error;` in place of `retain = f;`"
)]
pub trait NoAnswer {}

impl NoAnswer for () {}

/// Does nothing with nothing: whatever else a function answers does not compile here, and the compiler says what to write.
#[doc(hidden)]
#[inline(always)]
pub fn no_answer<A: NoAnswer>(answer: A) {
    let _ = answer;
}

/// Stops the build if a reason is empty.
#[doc(hidden)]
#[track_caller]
pub const fn check_reason(reason: &str) {
    assert!(!reason.is_empty(), "wrap!: the reason is empty; write down where the C documentation says so");
}
