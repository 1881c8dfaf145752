//! What proves the promises of `cstruct`; see the tests.
//!
//! * `tests/model.rs`: random operations on all types of the worked example, against plain Rust.
