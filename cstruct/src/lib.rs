//! One Rust type for every ownership convention of C libraries, and a worked example.
//!
//! * [`kit`] is generic: what you wrap your own C library with. It knows no C library; with `default-features = false` it
//!   stands alone, without a C compiler, and `no_std` (it needs `alloc`).
//! * With the feature `store` (on by default) this crate's root has the worked example: [`CStruct`], [`CStructRef`], [`CStructData`]
//!   and their family over the C library of `cstruct-sys`.
#![no_std]
#![cfg_attr(not(feature = "store"), doc = "", doc = "[`CStruct`]: kit\n[`CStructRef`]: kit\n[`CStructData`]: kit")]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod kit;

/// The README's examples are compiled and run with the other ones.
#[cfg(all(doctest, feature = "store"))]
#[doc = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"))]
mod readme {}

#[cfg(feature = "store")]
mod store;

#[cfg(feature = "store")]
pub use store::*;
