//! Bindings to the `cstruct` C library, and the library itself.
//!
//! The library keeps named series of measurements; its header `c/cstruct.h` is its documentation and its contract: each
//! function says in words that a program can read who owns what. Those words are shown here under "Contract". All that
//! is in this crate is as unsafe as C is; the crate `cstruct` is the safe way to it.
//!
//! # Where things are
//!
//! | what | where |
//! |---|---|
//! | the contract, with the words explained | `c/cstruct.h` |
//! | the C library | `c/*.c` |
//! | the steps of the build, one idea a file | `build.rs`, `build/` |
//! | bindings for those who have no libclang | `src/bindings.rs` |
//!
//! # Which bindings are in use
//!
//! With the feature `bindgen` and a libclang on the machine, those that were made from the header during the build, after its
//! contract was checked: a header that is silent or contradicts itself is an error of one line that says what to write.
//! Otherwise the checked-in ones, if they were made from this very header and the target has 64 bits; if not, the build stops
//! and says what changed, what to install, and what to run. Either way the C compiler confirms them while it compiles
//! the library: sizes, alignments, offsets, types of fields, enum values and signatures.
//!
//! After a change to the header, this refreshes the checked-in ones:
//!
//! ```sh
//! CSTRUCT_SYS_REFRESH=1 cargo build -p cstruct-sys
//! ```
//!
//! `CSTRUCT_SYS_STRICT=1` makes warnings of the C compiler errors, as the developers of this library want them.
//!
//! # For C code of your own
//!
//! A crate that depends on this one directly finds the folder of `cstruct.h` in its build script, as the variable
//! `DEP_CSTRUCT_INCLUDE`.
//!
//! # Names
//!
//! They are those of the header. An enum is a struct round an integer, because C may hand out a value that this version does
//! not know; its values are associated constants:
//!
//! ```
//! use cstruct_sys::{cstruct_status, cstruct_version_number, CSTRUCT_VERSION_NUMBER};
//!
//! // SAFETY: legal at any time, on any thread.
//! assert_eq!(unsafe { cstruct_version_number() }, CSTRUCT_VERSION_NUMBER);
//! assert_eq!(cstruct_status::CSTRUCT_OK.0, 0);
//! ```
#![no_std]

#[allow(
    clippy::allow_attributes_without_reason,
    missing_docs,
    non_camel_case_types,
    reason = "generated: the names and the comments are those of the header"
)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

pub use bindings::*;
