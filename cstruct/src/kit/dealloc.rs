//! Which allocator a block of memory belongs to, as a type.
//!
//! A text that `X_free` must release and one for `free` are both `char *` in C. Here the function is part of the type, so the wrong
//! one cannot be called.

use core::fmt;
use core::ptr::NonNull;

/// How C releases a block of `T`s: the `A` in [`CText<A>`](super::CText), [`CArray<T, A>`](super::CArray) and
/// [`CBox<T, A>`](super::CBox).
///
/// ```
/// use cstruct::kit::Dealloc;
/// use core::ptr::NonNull;
/// # unsafe extern "C" fn samples_free(samples: *mut f64, len: usize) {
/// #     drop(unsafe { Box::from_raw(core::ptr::slice_from_raw_parts_mut(samples, len)) });
/// # }
///
/// /// Samples that the library made for the caller.
/// pub struct SamplesFree;
/// // SAFETY: "samples_free: releases a copy; `len` is the length that it was made with".
/// unsafe impl Dealloc<f64> for SamplesFree {
///     unsafe fn dealloc(block: NonNull<f64>, len: usize) {
///         // SAFETY: the caller owns the block, gives it up, and says its length.
///         unsafe { samples_free(block.as_ptr(), len) }
///     }
/// }
/// # let samples = Box::leak(Box::new([1.0, 2.0]));
/// # unsafe { SamplesFree::dealloc(NonNull::from(samples).cast(), 2) };
/// ```
///
/// # Safety
///
/// [`dealloc`](Dealloc::dealloc) releases the block and nothing else, does not look at the elements unless the implementation says
/// so, and does not unwind.
#[diagnostic::on_unimplemented(
    message = "nothing says how `{Self}` releases a block of `{T}`",
    label = "no release function",
    note = "write `unsafe impl Dealloc<{T}> for {Self}` with the C function in it"
)]
pub unsafe trait Dealloc<T> {
    /// Releases a block of `len` elements. Texts count their NUL. A C function that needs no length ignores it.
    ///
    /// # Safety
    ///
    /// The block came from this allocator with this length, is the caller's, and is not used afterwards.
    unsafe fn dealloc(block: NonNull<T>, len: usize);
}

/// An allocator that C can be asked for: for memory that C will release itself.
///
/// # Safety
///
/// [`alloc`](Alloc::alloc) gives NULL, or a block that nobody else has, of at least `len` elements, that
/// [`dealloc`](Dealloc::dealloc) and the C library release. It does not unwind. Alignment is checked by the caller.
pub unsafe trait Alloc<T>: Dealloc<T> {
    /// Asks for `len` elements, which need not be initialised; NULL when there is no memory or the size is too big.
    fn alloc(len: usize) -> *mut T;
}

/// An allocator that can change the size of a block.
///
/// # Safety
///
/// [`realloc`](Realloc::realloc) gives NULL and leaves the block as it was, or gives a block of `new_len` elements, aligned for them,
/// that holds what fits of the old one, which is gone. It does not unwind.
pub unsafe trait Realloc<T>: Dealloc<T> {
    /// Changes the size to `new_len` elements, which is not 0.
    ///
    /// # Safety
    ///
    /// As for [`Dealloc::dealloc`], except that after NULL the block is as it was.
    unsafe fn realloc(block: NonNull<T>, old_len: usize, new_len: usize) -> *mut T;
}

/// Blocks of this allocator may be released on any thread: what makes their owners `Send` and `Sync`.
///
/// # Safety
///
/// The C documentation says so; write where.
pub unsafe trait FreeAnywhere {}

/// There is no memory for what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMemory {
    /// How many elements were asked for.
    pub len: usize,
    /// How big one is.
    pub size: usize,
}

impl NoMemory {
    pub(super) fn of<T>(len: usize) -> NoMemory {
        NoMemory { len, size: size_of::<T>() }
    }
}

impl fmt::Display for NoMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NoMemory { len, size } = self;
        write!(f, "no memory for {len} elements of {size} bytes; ask for less or release something first")
    }
}

impl core::error::Error for NoMemory {}

/// `malloc`, `realloc` and `free` of the C library of the system: for C that says "release it with `free`".
#[cfg(feature = "libc")]
#[derive(Clone, Copy, Debug)]
pub struct LibcFree;

#[cfg(feature = "libc")]
// SAFETY: "free() frees the memory space pointed to by ptr" (malloc(3)); it looks at no element.
unsafe impl<T> Dealloc<T> for LibcFree {
    #[inline]
    unsafe fn dealloc(block: NonNull<T>, _len: usize) {
        // SAFETY: the caller owns the block, which `malloc` or `realloc` made, and gives it up.
        unsafe { libc::free(block.as_ptr().cast()) }
    }
}

#[cfg(feature = "libc")]
// SAFETY: `malloc` gives NULL or a fresh block of that many bytes, which `free` releases.
unsafe impl<T> Alloc<T> for LibcFree {
    #[inline]
    fn alloc(len: usize) -> *mut T {
        let Some(bytes) = len.checked_mul(size_of::<T>()) else {
            return core::ptr::null_mut();
        };
        // One byte at least: `malloc(0)` may give NULL, which would read as "no memory".
        // SAFETY: any size may be asked for.
        unsafe { libc::malloc(bytes.max(1)) }.cast()
    }
}

#[cfg(feature = "libc")]
// SAFETY: "If realloc() fails, the original block is left untouched" (malloc(3)); else it is moved and the old one is gone.
unsafe impl<T> Realloc<T> for LibcFree {
    #[inline]
    unsafe fn realloc(block: NonNull<T>, _old_len: usize, new_len: usize) -> *mut T {
        let Some(bytes) = new_len.checked_mul(size_of::<T>()) else {
            return core::ptr::null_mut();
        };
        if align_of::<T>() > align_of::<libc::max_align_t>() {
            return core::ptr::null_mut();
        }
        // SAFETY: the block is the caller's and `malloc`'s. The size is not 0, for which `realloc` may release and give NULL.
        unsafe { libc::realloc(block.as_ptr().cast(), bytes.max(1)) }.cast()
    }
}

#[cfg(feature = "libc")]
// SAFETY: malloc(3), "Attributes": malloc, realloc and free are MT-Safe.
unsafe impl FreeAnywhere for LibcFree {}
