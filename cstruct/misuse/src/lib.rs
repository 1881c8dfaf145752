//! Programs that must not compile, each beside a twin that does.
//!
//! * [`book`], [`shelf`], [`source`] and [`sys`]: a fake C library (real C, in `c/`) and its wrapper, for the programs to misuse.
//! * [`catalogue`]: reads the programs' headers; `cargo run -p cstruct-misuse` prints them as a table.
//!
//! How to add a program: `README.md`.

pub mod book;
pub mod catalogue;
pub mod shelf;
pub mod source;
pub mod sys;
