//! What a statement keeps because SQLite reads it in place.

use core::any::Any;
use core::ffi::c_int;
use core::fmt;

use cstruct::kit::{Slot, StableAddress};

/// A loan of whatever owner.
pub(super) type Lent = Box<dyn Any + Send>;

/// What SQLite reads in place, parameter by parameter: the half of a statement's keeper that changes.
pub struct Bindings(Box<[Slot<Lent>]>);

impl Bindings {
    pub(super) fn new(parameters: c_int) -> Bindings {
        Bindings((0..parameters).map(|_| Slot::empty()).collect())
    }

    /// One for each parameter.
    pub(super) fn slots(&self) -> &[Slot<Lent>] {
        &self.0
    }

    /// How many parameters hold something that was not copied.
    #[must_use]
    pub fn lent(&self) -> usize {
        self.0.iter().filter(|slot| !slot.is_empty()).count()
    }
}

impl fmt::Debug for Bindings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bindings").field("parameters", &self.0.len()).field("lent", &self.lent()).finish()
    }
}

/// A text whose bytes stay where they are: a `String`, an `Arc<str>`, or one that is static.
pub trait StableText: sealed::Sealed {
    /// What owns the bytes.
    #[doc(hidden)]
    type Bytes: StableAddress<Item = u8> + Send;
    #[doc(hidden)]
    fn into_bytes(self) -> Self::Bytes;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for String {}
    impl Sealed for &'static str {}
    impl Sealed for std::sync::Arc<str> {}
}

impl StableText for String {
    type Bytes = Vec<u8>;
    fn into_bytes(self) -> Vec<u8> {
        String::into_bytes(self)
    }
}

impl StableText for &'static str {
    type Bytes = &'static [u8];
    fn into_bytes(self) -> &'static [u8] {
        self.as_bytes()
    }
}

impl StableText for std::sync::Arc<str> {
    type Bytes = std::sync::Arc<[u8]>;
    fn into_bytes(self) -> std::sync::Arc<[u8]> {
        self.into()
    }
}
