//! One Rust type for every ownership convention of C libraries, and a worked example.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod kit;
