//! Owners whose memory stays where it is when they are moved: what may be lent to C.
//!
//! ```text
//!   owner (moved about) ──► [ elements: one address, until the owner is dropped ]
//! ```

use alloc::boxed::Box;
use alloc::ffi::CString;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ffi::CStr;
use core::ptr::NonNull;
use core::slice;

/// Memory that stays where it is when its owner is moved, and lives as long as the owner does.
///
/// # Safety
///
/// [`region`](StableAddress::region) always gives the same live elements until `self` is dropped or changed through `&mut`, wherever
/// it is moved to. They are not in `self`. If it is forgotten they live for ever.
pub unsafe trait StableAddress: 'static {
    /// What the memory consists of.
    type Item: 'static;

    /// Start and number of elements, for reading.
    fn region(&self) -> NonNull<[Self::Item]>;
}

/// Memory with a stable address that its owner has to itself.
///
/// # Safety
///
/// The region is the one of [`StableAddress`]; while `self` is not touched, writing there through the pointer is legal.
pub unsafe trait StableAddressMut: StableAddress {
    /// Start and number of elements, for writing.
    fn region_mut(&mut self) -> NonNull<[Self::Item]>;
}

/// Without a shared owner for the same memory, a clone would be other memory.
///
/// # Safety
///
/// The region of a clone is the region of the original, which lives as long as one of them does.
pub unsafe trait SharedAddress: StableAddress + Clone {}

/// Says which slice is the memory of an owner, for reading.
macro_rules! stable {
    ($([$($T:ident)?] $Owner:ty: $Item:ty, |$this:ident| $slice:expr;)*) => {$(
        // SAFETY: the standard library documents that the elements are on the heap (or `'static`), and stay there when their owner moves.
        unsafe impl<$($T: 'static)?> StableAddress for $Owner {
            type Item = $Item;

            #[inline]
            fn region(&self) -> NonNull<[$Item]> {
                let $this = self;
                NonNull::from($slice)
            }
        }
    )*};
}

/// The same for writing.
macro_rules! stable_mut {
    ($([$($T:ident)?] $Owner:ty, |$this:ident| $slice:expr;)*) => {$(
        // SAFETY: the owner has the elements to itself.
        unsafe impl<$($T: 'static)?> StableAddressMut for $Owner {
            #[inline]
            fn region_mut(&mut self) -> NonNull<[Self::Item]> {
                let $this = self;
                NonNull::from($slice)
            }
        }
    )*};
}

stable! {
    [T] Box<[T]>: T, |this| &**this;
    [T] Box<T>: T, |this| slice::from_ref(&**this);
    [T] Vec<T>: T, |this| this.as_slice();
    [T] &'static mut [T]: T, |this| &**this;
    [T] &'static [T]: T, |this| *this;
    [T] Arc<[T]>: T, |this| &**this;
    [T] Rc<[T]>: T, |this| &**this;
    [] CString: u8, |this| this.as_bytes_with_nul();
    [] &'static CStr: u8, |this| this.to_bytes_with_nul();
}

stable_mut! {
    [T] Box<[T]>, |this| &mut **this;
    [T] Box<T>, |this| slice::from_mut(&mut **this);
    [T] Vec<T>, |this| this.as_mut_slice();
    [T] &'static mut [T], |this| &mut **this;
}

// SAFETY: a clone is another count of the same memory.
unsafe impl<T: 'static> SharedAddress for Arc<[T]> {}
// SAFETY: as above.
unsafe impl<T: 'static> SharedAddress for Rc<[T]> {}
// SAFETY: a copy is another reference to the same memory, which lives for ever.
unsafe impl<T: 'static> SharedAddress for &'static [T] {}
// SAFETY: as above.
unsafe impl SharedAddress for &'static CStr {}
