//! An array that C made and we release.
//!
//! ```text
//!   CArray<f64, A>                        plain elements: one block
//!   CArray<Option<&'a ThingRef>, A>       elements that belong to somebody else
//!   CArray<OwnedElement<ThingRef>, A>        elements that are ours too, each released with its own function
//!   CStrArray<A>                          texts that end with the array
//!   CStrArray<A, Each<F>>             texts that are released one by one with F
//! ```
//!
//! Who owns the elements is said by their type, as everywhere in Rust: what an element owns is released when it is dropped, and
//! that is before the block is.

use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::ptr::{self, NonNull};
use core::slice;

use super::dealloc::{Alloc, Dealloc, FreeAnywhere, NoMemory, Realloc};
use super::element::{Nullable, OwnedElement};
use super::slices::{self, Length, SliceError, SliceFault};
use super::{Foreign, Owned, Release, tracked};

/// Owns an array that C made: drops the elements, then releases the block with `A`.
///
/// It derefs to a slice. NULL with length 0 is an empty array; a block of length 0 is released like any other.
///
/// # Invariants
///
/// `first` is NULL and `len` is 0, or `first` points to `len` valid elements that only this value drops, in a block that only
/// this value releases, aligned and not longer than `isize::MAX` bytes.
///
/// ```
/// use cstruct::kit::{CArray, Dealloc, SliceError};
/// use core::ptr::{self, NonNull};
/// # unsafe extern "C" fn samples_copy(out: *mut *mut f64, len: *mut usize) {
/// #     let made = Box::leak(Box::new([1.0, 2.0]));
/// #     unsafe { *len = made.len(); *out = made.as_mut_ptr() }
/// # }
/// # unsafe extern "C" fn samples_free(samples: *mut f64, len: usize) {
/// #     drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(samples, len)) });
/// # }
///
/// pub struct SamplesFree;
/// // SAFETY: "samples_free: releases a copy; `len` is the length that it was made with".
/// unsafe impl Dealloc<f64> for SamplesFree {
///     unsafe fn dealloc(block: NonNull<f64>, len: usize) {
///         // SAFETY: the caller owns the block, gives it up, and says its length.
///         unsafe { samples_free(block.as_ptr(), len) }
///     }
/// }
///
/// pub fn samples() -> Result<CArray<f64, SamplesFree>, SliceError> {
///     let (mut samples, mut len) = (ptr::null_mut(), 0);
///     // SAFETY: room for both results.
///     unsafe { samples_copy(&raw mut samples, &raw mut len) };
///     // SAFETY: a copy of our own, of that length, that samples_free releases; NULL and 0 when there are none.
///     unsafe { CArray::from_raw(samples, len) }
/// }
/// assert_eq!(samples()?.iter().sum::<f64>(), 3.0);
/// # Ok::<(), SliceError>(())
/// ```
#[must_use = "dropping it releases the array at once"]
pub struct CArray<T, A: Dealloc<T>> {
    first: *mut T,
    len: usize,
    owns: PhantomData<(T, A)>,
}

/// Making one.
impl<T, A: Dealloc<T>> CArray<T, A> {
    /// Takes over an array of `len` elements.
    ///
    /// # Errors
    ///
    /// [`SliceError`]. What C gave is not believed then, and nothing is released: the array is leaked.
    ///
    /// # Safety
    ///
    /// If `first` is not NULL and `len` not negative, `first` points to a block that is nobody else's and that `A` releases with this
    /// length, and in it `len` valid `T`s, which own what their type says.
    #[inline]
    #[track_caller]
    pub unsafe fn from_raw(first: *mut T, len: impl Length) -> Result<Self, SliceError> {
        let (block, len) = slices::checked(first, len)?;
        if let Some(block) = block {
            tracked::memory::<Self, _>(block);
        }
        // INVARIANT: checked, and the caller hands over the only right to it.
        Ok(CArray { first: block.map_or(ptr::null_mut(), NonNull::as_ptr), len, owns: PhantomData })
    }

    /// Copies a slice into memory of C's allocator: for an array that C will release. Hand it over with
    /// [`into_raw`](CArray::into_raw).
    ///
    /// # Errors
    ///
    /// [`NoMemory`], also when the allocator's memory is not aligned for a `T`.
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn copy_of(elements: &[T]) -> Result<Self, NoMemory>
    where
        T: Copy,
        A: Alloc<T>,
    {
        let len = elements.len();
        let block = alloc_aligned::<T, A>(len)?;
        // SAFETY: the fresh block has room for `len` elements and overlaps nothing (`Alloc`).
        unsafe { block.copy_from_nonoverlapping(NonNull::from(elements).cast(), len) };
        tracked::memory::<Self, _>(block);
        Ok(CArray { first: block.as_ptr(), len, owns: PhantomData })
    }
}

/// Making one of a list that ends with NULL.
impl<S: Nullable, A: Dealloc<S>> CArray<S, A> {
    /// Takes over an array of pointers that ends with NULL, which is looked for in the first `max` elements.
    ///
    /// The array is without the NULL; `A` is told the length with it, as it is told a text's with its NUL.
    ///
    /// # Errors
    ///
    /// [`SliceError`]: NULL in place of an array, misaligned, or no end within `max`. Nothing is released then.
    ///
    /// # Safety
    ///
    /// As for [`from_raw`](CArray::from_raw), with the elements up to and with the first NULL, or `max` of them.
    #[track_caller]
    pub unsafe fn from_null_terminated(first: *mut S, max: usize) -> Result<NullTerminated<S, A>, SliceError> {
        // Zero is the length of a list that was not read yet: it asks for the address to be checked, and NULL is allowed with it.
        let Some(first) = slices::checked(first, 0_usize)?.0 else {
            return Err(SliceError::new::<S>(SliceFault::Null));
        };
        let len = (0..max).find(|&at| {
            // SAFETY: at most `max`, and no NULL before (the caller).
            let slot = unsafe { first.add(at) };
            // SAFETY: a valid element (the caller), looked at and not kept.
            unsafe { slot.as_ref() }.is_null()
        });
        let Some(len) = len else {
            return Err(SliceError::new::<S>(SliceFault::Unterminated));
        };
        // SAFETY: `len` elements and one that is NULL, ours and `A`'s. The NULL owns nothing.
        let array = unsafe { CArray::from_raw(first.as_ptr(), len + 1) }?;
        Ok(NullTerminated { array })
    }
}

/// Turning it into something else.
impl<T, A: Dealloc<T>> CArray<T, A> {
    /// Gives the array up without releasing it: for a C function that takes it over.
    #[inline]
    pub fn into_raw(this: Self) -> (*mut T, usize) {
        let this = ManuallyDrop::new(this);
        let _theirs = NonNull::new(this.first).map(tracked::ending::<Self, _>);
        (this.first, this.len)
    }

    /// Changes the length; new elements are copies of `fill`. On failure the array is as it was.
    ///
    /// Only for plain elements: what is cut off is forgotten. A length of 0 releases the block.
    ///
    /// # Errors
    ///
    /// [`NoMemory`].
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn try_resize(this: &mut Self, len: usize, fill: T) -> Result<(), NoMemory>
    where
        T: Copy,
        A: Realloc<T> + Alloc<T>,
    {
        if len.checked_mul(size_of::<T>()).is_none_or(|bytes| bytes > isize::MAX.unsigned_abs()) {
            return Err(NoMemory::of::<T>(len));
        }
        let old_len = this.len;
        let block = match NonNull::new(this.first) {
            None if len == 0 => return Ok(()),
            None => {
                let block = alloc_aligned::<T, A>(len)?;
                tracked::memory::<Self, _>(block);
                block
            }
            Some(old) if len == 0 => {
                (this.first, this.len) = (ptr::null_mut(), 0);
                let _gone = tracked::ending::<Self, _>(old);
                // SAFETY: it was ours and `A`'s (invariant), and is named nowhere any more.
                unsafe { A::dealloc(old, old_len) };
                return Ok(());
            }
            Some(old) => {
                let kept = tracked::ending::<Self, _>(old);
                // SAFETY: ours and `A`'s with this length (invariant); after NULL it is as it was.
                let Some(block) = NonNull::new(unsafe { A::realloc(old, old_len, len) }) else {
                    kept.back();
                    return Err(NoMemory::of::<T>(len));
                };
                tracked::memory::<Self, _>(block);
                block
            }
        };
        // INVARIANT: the old block is gone; the new one holds what fits of it. The length follows when all is initialised.
        this.first = block.as_ptr();
        for at in old_len.min(len)..len {
            // SAFETY: within the block of `len` elements.
            let slot = unsafe { block.add(at) };
            // SAFETY: as above; aligned as the block is.
            unsafe { slot.write(fill) };
        }
        this.len = len;
        Ok(())
    }
}

/// Using it.
impl<T, A: Dealloc<T>> Deref for CArray<T, A> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match NonNull::new(self.first) {
            // SAFETY: aligned, of that length, and ours alone while `self` lives (invariant).
            Some(first) => unsafe { slice::from_raw_parts(first.as_ptr(), self.len) },
            None => &[],
        }
    }
}

/// Only for plain elements: others could be swapped with those of another array, and outlive their own.
impl<T: Copy, A: Dealloc<T>> DerefMut for CArray<T, A> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match NonNull::new(self.first) {
            // SAFETY: as in `deref`, and `self` is borrowed exclusively.
            Some(first) => unsafe { slice::from_raw_parts_mut(first.as_ptr(), self.len) },
            None => &mut [],
        }
    }
}

impl<T, A> CArray<OwnedElement<T>, A>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
    A: Dealloc<OwnedElement<T>>,
{
    /// Takes an object out of the array, which has NULL in its place from now on; `None` where there is none.
    #[inline]
    pub fn take(this: &mut Self, index: usize) -> Option<Owned<T>> {
        let first = NonNull::new(this.first).filter(|_| index < this.len)?;
        // SAFETY: the index is within the array.
        let slot = unsafe { first.add(index) };
        // SAFETY: a valid element of ours, borrowed exclusively with `this`.
        unsafe { &mut *slot.as_ptr() }.take()
    }
}

impl<'s, T, A: Dealloc<T>> IntoIterator for &'s CArray<T, A> {
    type Item = &'s T;
    type IntoIter = slice::Iter<'s, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug, A: Dealloc<T>> fmt::Debug for CArray<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Letting go.
impl<T, A: Dealloc<T>> Drop for CArray<T, A> {
    #[inline]
    fn drop(&mut self) {
        let Some(first) = NonNull::new(self.first) else {
            return;
        };
        let _gone = tracked::ending::<Self, _>(first);
        // The block goes also when an element's destructor panics.
        let _block = Block::<T, A> { first, len: self.len, dealloc: PhantomData };
        // SAFETY: `len` valid elements that only this value drops (invariant), once.
        unsafe { ptr::slice_from_raw_parts_mut(first.as_ptr(), self.len).drop_in_place() };
    }
}

/// Releases a block whose elements were dropped.
struct Block<T, A: Dealloc<T>> {
    first: NonNull<T>,
    len: usize,
    dealloc: PhantomData<A>,
}

impl<T, A: Dealloc<T>> Drop for Block<T, A> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: made only by `CArray::drop`, which owns the block and does not use it again.
        unsafe { A::dealloc(self.first, self.len) };
    }
}

/// A block of `len` elements, aligned for them.
pub(super) fn alloc_aligned<T, A: Alloc<T>>(len: usize) -> Result<NonNull<T>, NoMemory> {
    match NonNull::new(A::alloc(len)) {
        Some(block) if block.is_aligned() => Ok(block),
        Some(block) => {
            // SAFETY: the block is fresh, of `A`'s, and not used again.
            unsafe { A::dealloc(block, len) };
            Err(NoMemory::of::<T>(len))
        }
        None => Err(NoMemory::of::<T>(len)),
    }
}

// SAFETY: the elements are ours alone and may be sent; `A` says that the block may be released anywhere.
unsafe impl<T: Send, A: Dealloc<T> + FreeAnywhere> Send for CArray<T, A> {}

// SAFETY: a shared array gives `&[T]` and nothing else.
unsafe impl<T: Sync, A: Dealloc<T> + FreeAnywhere> Sync for CArray<T, A> {}

impl<T, A: Dealloc<T>> Unpin for CArray<T, A> {}

/// An array of pointers whose end C finds by a NULL.
///
/// It derefs to the elements before the NULL, which cannot be overwritten.
///
/// # Invariants
///
/// `array` has at least one element, and the last is NULL.
pub struct NullTerminated<S: Nullable, A: Dealloc<S>> {
    array: CArray<S, A>,
}

impl<S: Nullable, A: Dealloc<S>> NullTerminated<S, A> {
    /// Gives the array up without releasing it.
    #[inline]
    pub fn into_raw(this: Self) -> *mut S {
        CArray::into_raw(this.array).0
    }
}

impl<S: Nullable, A: Dealloc<S>> Deref for NullTerminated<S, A> {
    type Target = [S];

    #[inline]
    fn deref(&self) -> &[S] {
        match self.array.split_last() {
            Some((_null, elements)) => elements,
            None => &[],
        }
    }
}

impl<S: Nullable + fmt::Debug, A: Dealloc<S>> fmt::Debug for NullTerminated<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
