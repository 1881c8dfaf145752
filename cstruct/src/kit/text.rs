//! A text that C made and we release.
//!
//! ```text
//!   CText<A>
//!   ┌──────┬─────┐      ┌───┬───┬───┬───┐
//!   │ text │ len ├────► │ a │ b │ c │ 0 │  released with A's function
//!   └──────┴─────┘      └───┴───┴───┴───┘
//! ```

use alloc::string::String;
use core::ffi::{CStr, c_char};
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::ptr::NonNull;
use core::slice;
use core::str::Utf8Error;

use super::dealloc::{Alloc, Dealloc, FreeAnywhere, NoMemory};
use super::lend::InteriorNul;
use super::{CopyOut, Null, tracked};

/// Owns a text that C made, and releases it with `A`.
///
/// It derefs to [`CStr`], because C says nothing about its encoding: [`CStr::to_str`] checks for UTF-8, and
/// `to_string_lossy` makes do. The length is measured once, when the text is adopted.
///
/// NULL is an error; where C documents NULL as "no text", say `.ok()`.
///
/// # Invariants
///
/// `text` points to `len_with_nul` bytes that only this value releases; the last of them is the only NUL.
///
/// ```
/// use cstruct::kit::{CText, Dealloc};
/// use core::{ffi::c_char, ptr::NonNull};
/// # unsafe extern "C" fn x_describe() -> *mut c_char { std::ffi::CString::from(c"a thing").into_raw() }
/// # unsafe extern "C" fn x_free(text: *mut c_char) { drop(unsafe { std::ffi::CString::from_raw(text) }) }
///
/// pub struct XFree;
/// // SAFETY: "x_free: releases a text made by x_describe".
/// unsafe impl Dealloc<c_char> for XFree {
///     unsafe fn dealloc(text: NonNull<c_char>, _len: usize) {
///         // SAFETY: the caller owns the text and gives it up.
///         unsafe { x_free(text.as_ptr()) }
///     }
/// }
///
/// // SAFETY: x_describe gives a text of ours that ends with NUL, or NULL.
/// let text: CText<XFree> = unsafe { CText::from_raw(x_describe()) }?;
/// assert_eq!(text.to_str(), Ok("a thing"));
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
#[must_use = "dropping it releases the text at once"]
pub struct CText<A: Dealloc<c_char>> {
    text: NonNull<c_char>,
    len_with_nul: usize,
    dealloc: PhantomData<A>,
}

/// Making one.
impl<A: Dealloc<c_char>> CText<A> {
    /// Takes over a text that ends with NUL.
    ///
    /// # Errors
    ///
    /// [`Null`] when it is NULL.
    ///
    /// # Safety
    ///
    /// If not NULL, `ptr` points to a text that ends with NUL, nobody else changes or releases, and `A` releases.
    #[inline]
    #[track_caller]
    pub unsafe fn from_raw(ptr: *mut c_char) -> Result<Self, Null> {
        let Some(text) = NonNull::new(ptr) else {
            return Err(Null::of::<Self>());
        };
        // SAFETY: the caller vouches for the NUL.
        let len = unsafe { CStr::from_ptr(text.as_ptr()) }.count_bytes();
        tracked::memory::<Self, _>(text);
        // INVARIANT: measured now, and nobody else changes it.
        Ok(CText { text, len_with_nul: len + 1, dealloc: PhantomData })
    }

    /// Takes over a text that ought to end with NUL within the first `max` bytes: not one byte further is read.
    ///
    /// # Errors
    ///
    /// [`TextError::Null`], and [`TextError::Unterminated`]: the block is released then, with `max` as its length.
    ///
    /// # Safety
    ///
    /// If not NULL, `ptr` points to a block that is nobody else's and that `A` releases; its bytes are initialised up to and with
    /// the first NUL, and up to `max` if there is none.
    #[track_caller]
    pub unsafe fn from_raw_bounded(ptr: *mut c_char, max: usize) -> Result<Self, TextError> {
        let Some(text) = NonNull::new(ptr) else {
            return Err(TextError::Null(Null::of::<Self>()));
        };
        // SAFETY: the caller vouches for the bytes up to the first NUL or `max`.
        let Some(len) = (unsafe { nul_within(ptr, max) }) else {
            // SAFETY: the block is ours and `A`'s, and is not used again.
            unsafe { A::dealloc(text, max) };
            return Err(TextError::Unterminated { max });
        };
        tracked::memory::<Self, _>(text);
        Ok(CText { text, len_with_nul: len + 1, dealloc: PhantomData })
    }

    /// Takes over a text of `len` bytes and a NUL after them.
    ///
    /// # Errors
    ///
    /// [`TextError::Null`]; [`TextError::InteriorNul`] and [`TextError::Unterminated`] when the NUL is not where it should be: the block is
    /// released then.
    ///
    /// # Safety
    ///
    /// If not NULL, `ptr` points to `len + 1` initialised bytes that are nobody else's and that `A` releases.
    #[track_caller]
    pub unsafe fn from_raw_parts(ptr: *mut c_char, len: usize) -> Result<Self, TextError> {
        // No block is that long, so this saturates only for a length that the caller must not pass; it must not wrap.
        let size = len.saturating_add(1);
        // SAFETY: the caller vouches for `len + 1` bytes.
        let text = unsafe { Self::from_raw_bounded(ptr, size) }?;
        match text.count_bytes() {
            position if position < len => {
                // Hand the deallocator the length that C said, not the one at which the text is cut.
                let block = ManuallyDrop::new(text);
                let _gone = tracked::ending::<Self, _>(block.text);
                // SAFETY: the block is ours and `A`'s; `block` neither drops nor uses it again.
                unsafe { A::dealloc(block.text, size) };
                Err(TextError::InteriorNul(InteriorNul { position }))
            }
            _ => Ok(text),
        }
    }

    /// Copies a text into memory of C's allocator: for a text that C will release. Hand it over with [`into_raw`](CText::into_raw).
    ///
    /// # Errors
    ///
    /// [`TextError::InteriorNul`], [`TextError::NoMemory`].
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn copy_of(text: impl AsRef<[u8]>) -> Result<Self, TextError>
    where
        A: Alloc<c_char>,
    {
        let bytes = text.as_ref();
        InteriorNul::check(bytes)?;
        // A slice is shorter than `isize::MAX`, so one more does not overflow.
        let len_with_nul = bytes.len() + 1;
        let Some(text) = NonNull::new(A::alloc(len_with_nul)) else {
            return Err(TextError::NoMemory(NoMemory::of::<c_char>(len_with_nul)));
        };
        let room = text.as_ptr().cast::<u8>();
        // SAFETY: the fresh block has room for the bytes and the NUL, and overlaps nothing (`Alloc`).
        unsafe { room.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        // SAFETY: the last byte of the block.
        let last = unsafe { room.add(bytes.len()) };
        // SAFETY: as above.
        unsafe { last.write(0) };
        tracked::memory::<Self, _>(text);
        Ok(CText { text, len_with_nul, dealloc: PhantomData })
    }
}

/// Turning it into something else.
impl<A: Dealloc<c_char>> CText<A> {
    /// Gives the text up without releasing it: for a C function that takes it over.
    #[inline]
    pub fn into_raw(this: Self) -> *mut c_char {
        let _theirs = tracked::ending::<Self, _>(this.text);
        ManuallyDrop::new(this).text.as_ptr()
    }
}

/// A `String` of its own, if the text is UTF-8.
impl<A: Dealloc<c_char>> CopyOut for CText<A> {
    type Data = String;
    type Error = Utf8Error;

    fn copy_out(&self) -> Result<String, Utf8Error> {
        self.to_str().map(String::from)
    }
}

/// Using it.
impl<A: Dealloc<c_char>> Deref for CText<A> {
    type Target = CStr;

    #[inline]
    fn deref(&self) -> &CStr {
        // SAFETY: that many initialised bytes, ours alone while `self` lives (invariant).
        let bytes = unsafe { slice::from_raw_parts(self.text.as_ptr().cast::<u8>(), self.len_with_nul) };
        // SAFETY: the last byte is the only NUL (invariant).
        unsafe { CStr::from_bytes_with_nul_unchecked(bytes) }
    }
}

impl<A: Dealloc<c_char>> AsRef<CStr> for CText<A> {
    fn as_ref(&self) -> &CStr {
        self
    }
}

impl<A: Dealloc<c_char>> fmt::Debug for CText<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<A: Dealloc<c_char>, B: Dealloc<c_char>> PartialEq<CText<B>> for CText<A> {
    fn eq(&self, other: &CText<B>) -> bool {
        **self == **other
    }
}

impl<A: Dealloc<c_char>> Eq for CText<A> {}

/// Letting go.
impl<A: Dealloc<c_char>> Drop for CText<A> {
    #[inline]
    fn drop(&mut self) {
        let _gone = tracked::ending::<Self, _>(self.text);
        // SAFETY: ours alone and `A`'s, with this length (invariant); a value is dropped once.
        unsafe { A::dealloc(self.text, self.len_with_nul) };
    }
}

// SAFETY: the bytes are plain and ours alone; `A` says that they may be released anywhere.
unsafe impl<A: Dealloc<c_char> + FreeAnywhere> Send for CText<A> {}

// SAFETY: a shared text can only be read, and nobody changes it (invariant).
unsafe impl<A: Dealloc<c_char> + FreeAnywhere> Sync for CText<A> {}

impl<A: Dealloc<c_char>> Unpin for CText<A> {}

/// Borrows a text that ought to end with NUL within the first `max` bytes, such as a `char name[32]`.
///
/// # Errors
///
/// [`TextError::Null`], [`TextError::Unterminated`].
///
/// # Safety
///
/// If not NULL, the bytes from `ptr` to the first NUL, or `max` of them, are initialised; they live and do not change during `'a`.
#[track_caller]
pub unsafe fn text_within<'a>(ptr: *const c_char, max: usize) -> Result<&'a CStr, TextError> {
    if ptr.is_null() {
        return Err(TextError::Null(Null::of::<&CStr>()));
    }
    // SAFETY: the caller vouches for the bytes.
    let Some(len) = (unsafe { nul_within(ptr, max) }) else {
        return Err(TextError::Unterminated { max });
    };
    // SAFETY: `len` bytes and the NUL were just read; they live and do not change during 'a.
    let bytes = unsafe { slice::from_raw_parts(ptr.cast::<u8>(), len + 1) };
    // SAFETY: the last of them is the first NUL.
    Ok(unsafe { CStr::from_bytes_with_nul_unchecked(bytes) })
}

/// Where the first NUL is.
///
/// # Safety
///
/// The bytes up to and with the first NUL are initialised, or `max` of them.
unsafe fn nul_within(ptr: *const c_char, max: usize) -> Option<usize> {
    (0..max).find(|&at| {
        // SAFETY: at most `max`, and no NUL before.
        let byte = unsafe { ptr.add(at) };
        // SAFETY: as above.
        unsafe { byte.read() == 0 }
    })
}

/// Why a pointer is no text, or a text cannot be one in C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextError {
    /// There is none.
    Null(Null),
    /// There is no NUL in the room that was looked at.
    Unterminated {
        /// How many bytes were looked at.
        max: usize,
    },
    /// There is a NUL before the end.
    InteriorNul(InteriorNul),
    /// C's allocator has none.
    NoMemory(NoMemory),
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TextError::Null(error) => error.fmt(f),
            TextError::Unterminated { max } => {
                write!(f, "there is no NUL within {max} bytes; take it as an array of bytes if C does not promise one")
            }
            TextError::InteriorNul(error) => error.fmt(f),
            TextError::NoMemory(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for TextError {}

impl From<Null> for TextError {
    fn from(error: Null) -> Self {
        TextError::Null(error)
    }
}

impl From<InteriorNul> for TextError {
    fn from(error: InteriorNul) -> Self {
        TextError::InteriorNul(error)
    }
}
