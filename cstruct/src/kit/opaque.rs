//! A C struct behind a Rust reference.
//!
//! ```text
//!   &CStructRef ──────────────►  ┌──────────────── C's memory ───────────────┐
//!   one pointer, no metadata     │ struct cstruct { value, name, samples … } │
//!                                └───────────────────────────────────────────┘
//! ```
//!
//! A Rust reference promises the compiler a great deal, and C keeps none of it. [`Opaque`] is the type that takes those
//! promises back, one by one:
//!
//! | a plain `&T` promises | C does | so there is |
//! |---|---|---|
//! | the bytes do not change while it lives | a setter called through the same pointer changes them | [`UnsafeCell`] |
//! | the bytes are a valid `T` | may hold any enum value, padding, unset fields | [`MaybeUninit`] |
//! | `&mut T` may be moved from, swapped, overwritten | the struct points into itself, or C knows its address | [`PhantomPinned`] |
//! | `T: Send + Sync` if its fields are | may be bound to a thread | `PhantomData<*mut ()>` |
//!
//! The first line is the one that bites: a zero-sized marker in place of the [`UnsafeCell`] leaves the type *frozen*, the
//! compiler keeps a field in a register across a C setter, and an optimised program reads the old value.

use core::cell::UnsafeCell;
use core::fmt;
use core::marker::{PhantomData, PhantomPinned};
use core::mem::MaybeUninit;

/// The bytes of a C struct, about which the compiler may assume nothing.
///
/// It is what a borrowed type such as `CStructRef` is made of. It has the size and alignment of `T`, and is never
/// made on the Rust side: a reference to it is a C pointer with a lifetime.
///
/// # Invariants
///
/// A `&Opaque<T>` was made from a pointer to a live C object of type `T`.
///
/// ```
/// use cstruct::kit::Opaque;
/// use core::mem::size_of;
///
/// struct Point { x: i32, y: i32 }
/// assert_eq!(size_of::<Opaque<Point>>(), size_of::<Point>());
/// ```
#[repr(transparent)]
pub struct Opaque<T> {
    bytes: UnsafeCell<MaybeUninit<T>>,
    pinned: PhantomPinned,
    no_thread: PhantomData<*mut ()>,
}

impl<T> Opaque<T> {
    /// The pointer as C knows it.
    ///
    /// It may be read and written through as C's rules for the object allow: the [`UnsafeCell`] makes that legal while
    /// shared references exist.
    #[inline]
    pub const fn as_ptr(&self) -> *mut T {
        UnsafeCell::raw_get(&raw const self.bytes).cast()
    }
}

/// Prints the address, which is all that is known.
impl<T> fmt::Debug for Opaque<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&self.as_ptr(), f)
    }
}
