//! A record of the C library, held in each of the ways that there are.
//!
//! The jobs are written once, over [`Record`], and the compiler makes each of them anew for every peer.

pub(crate) mod boxes;
pub(crate) mod cxx;
pub(crate) mod foreign;
pub(crate) mod kit;
pub(crate) mod newtype;
pub(crate) mod raw;
pub(crate) mod store;

use core::ffi::CStr;

/// A record that can be made, filled, read and released.
pub(crate) trait Record: Sized {
    /// A new one. There is memory, or the program ends.
    fn make(value: i32, name: Option<&CStr>) -> Self;
    /// Adds samples.
    fn append(&mut self, samples: &[f64]);
    /// The number, from C's function.
    fn value(&self) -> i32;
    /// Releases it. All but raw pointers are simply dropped.
    #[inline(always)]
    fn end(self) {}
}
