//! A value in memory that C will release.
//!
//! What C releases must come from C's allocator, never from Rust's. One value is a [`CBox`]; a text is
//! [`CText::copy_of`](super::CText::copy_of), an array [`CArray::copy_of`](super::CArray::copy_of).

use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

use super::array::alloc_aligned;
use super::dealloc::{Alloc, Dealloc, FreeAnywhere, NoMemory};
use super::tracked;

/// Owns one value in memory of C's allocator, until it is handed over with [`into_raw`](CBox::into_raw).
///
/// # Invariants
///
/// `value` points to a valid `T` that only this value drops, in a block of `A`'s that only this value releases.
///
/// ```
/// use cstruct::kit::{Alloc, CBox, Dealloc, NoMemory};
/// # use core::ptr::NonNull;
/// # pub struct XFree;
/// # unsafe impl<T> Dealloc<T> for XFree {
/// #     unsafe fn dealloc(b: NonNull<T>, _: usize) { drop(unsafe { Box::from_raw(b.as_ptr().cast::<[u64; 4]>()) }) }
/// # }
/// # unsafe impl<T> Alloc<T> for XFree { fn alloc(_: usize) -> *mut T { Box::into_raw(Box::new([0_u64; 4])).cast() } }
/// # unsafe extern "C" fn x_adopt(limits: *mut Limits) { drop(unsafe { Box::from_raw(limits.cast::<[u64; 4]>()) }) }
/// #[repr(C)]
/// pub struct Limits { low: u32, high: u32 }
///
/// let limits: CBox<Limits, XFree> = CBox::new(Limits { low: 1, high: 9 })?;
/// // SAFETY: "x_adopt: the library will release `limits` with x_free".
/// unsafe { x_adopt(CBox::into_raw(limits)) };
/// # Ok::<(), NoMemory>(())
/// ```
#[must_use = "dropping it releases the value at once"]
pub struct CBox<T, A: Dealloc<T>> {
    value: NonNull<T>,
    owns: PhantomData<(T, A)>,
}

impl<T, A: Dealloc<T>> CBox<T, A> {
    /// Moves a value into memory of C's allocator.
    ///
    /// # Errors
    ///
    /// [`NoMemory`], also when the allocator's memory is not aligned for a `T`. The value is dropped then.
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn new(value: T) -> Result<Self, NoMemory>
    where
        A: Alloc<T>,
    {
        let room = alloc_aligned::<T, A>(1)?;
        // SAFETY: a fresh, aligned block with room for one (`Alloc`).
        unsafe { room.write(value) };
        tracked::memory::<Self, _>(room);
        Ok(CBox { value: room, owns: PhantomData })
    }

    /// Takes over a value that C made, or one that was handed over and came back.
    ///
    /// # Errors
    ///
    /// [`Null`](super::Null) when it is NULL.
    ///
    /// # Safety
    ///
    /// If not NULL, `ptr` points to a valid, aligned `T` that nobody else uses, in a block that `A` releases.
    #[inline]
    #[track_caller]
    pub unsafe fn from_raw(ptr: *mut T) -> Result<Self, super::Null> {
        match NonNull::new(ptr) {
            Some(value) => {
                tracked::memory::<Self, _>(value);
                Ok(CBox { value, owns: PhantomData })
            }
            None => Err(super::Null::of::<T>()),
        }
    }

    /// Gives the value and its memory up without releasing them: for a C function that takes them over.
    #[inline]
    pub fn into_raw(this: Self) -> *mut T {
        let _theirs = tracked::ending::<Self, _>(this.value);
        ManuallyDrop::new(this).value.as_ptr()
    }
}

impl<T, A: Dealloc<T>> Deref for CBox<T, A> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: valid, and ours alone while `self` lives (invariant).
        unsafe { self.value.as_ref() }
    }
}

impl<T, A: Dealloc<T>> DerefMut for CBox<T, A> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`, and `self` is borrowed exclusively.
        unsafe { self.value.as_mut() }
    }
}

impl<T: fmt::Debug, A: Dealloc<T>> fmt::Debug for CBox<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T, A: Dealloc<T>> Drop for CBox<T, A> {
    #[inline]
    fn drop(&mut self) {
        let _gone = tracked::ending::<Self, _>(self.value);
        // The memory goes also when the destructor of the value panics.
        let _memory = Memory::<T, A>(self.value, PhantomData);
        // SAFETY: valid and ours alone (invariant), and dropped once.
        unsafe { self.value.drop_in_place() };
    }
}

/// Releases the memory of a value that was dropped.
struct Memory<T, A: Dealloc<T>>(NonNull<T>, PhantomData<A>);

impl<T, A: Dealloc<T>> Drop for Memory<T, A> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: made only by `CBox::drop`, which owns the block and does not use it again.
        unsafe { A::dealloc(self.0, 1) };
    }
}

// SAFETY: the value is ours alone and may be sent; `A` says that its memory may be released anywhere.
unsafe impl<T: Send, A: Dealloc<T> + FreeAnywhere> Send for CBox<T, A> {}

// SAFETY: a shared box gives `&T` and nothing else.
unsafe impl<T: Sync, A: Dealloc<T> + FreeAnywhere> Sync for CBox<T, A> {}

impl<T, A: Dealloc<T>> Unpin for CBox<T, A> {}
