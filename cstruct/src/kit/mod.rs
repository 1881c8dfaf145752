//! The kit: one type for every way in which C shares an object.
//!
//! It knows no C library and contains no call into one: every C function comes in through a declaration of yours.

mod copy;
pub mod event;
mod foreign;
mod keeper;
mod opaque;
mod owned;
mod release;
mod wrap;

pub use copy::{CopyIn, CopyOut};
pub use foreign::{Foreign, Null};
pub use keeper::Keeper;
pub use opaque::Opaque;
pub use owned::{Consumed, Owned};
pub use release::{CloseError, Release, Released};
