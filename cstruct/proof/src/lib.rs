//! What proves the promises of `cstruct`; see the tests.
//!
//! * `tests/model.rs`: random operations on all types of the worked example, against plain Rust.
//! * `tests/misuse_at_run_time.rs`: what the compiler cannot see, a process a case, with its status and its text.
//! * `tests/constant_stack.rs`: lists of any length, released in every way on a stack of 64 KiB.
//! * `planted/`: bugs, one a patch, and the command that must catch each; `.ci/planted` tries them.
