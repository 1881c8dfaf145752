//! What C looks at during one call, and no longer.
//!
//! A pointer into a temporary dangles at the end of its statement: `CString::new(x)?.as_ptr()` compiles, and is wrong. Here a
//! pointer exists only inside a closure, and what it points to is held until the closure has returned:
//!
//! ```
//! use cstruct::kit::lend;
//! # use core::ffi::{c_char, c_int};
//! # unsafe extern "C" fn x_open(path: *const c_char) -> c_int { unsafe { core::ffi::CStr::from_ptr(path) }.count_bytes() as c_int }
//! # unsafe extern "C" fn x_sum(samples: *const f64, len: c_int) -> f64 {
//! #     unsafe { core::slice::from_raw_parts(samples, len as usize) }.iter().sum()
//! # }
//!
//! // SAFETY: "x_open: `path` is only looked at".
//! let status = lend::cstr("/etc/hosts", |path| unsafe { x_open(path) })?;
//! # assert_eq!(status, 10);
//! // SAFETY: "x_sum: `len` samples, only looked at". The length is checked into C's `int`.
//! let sum = lend::slice(&[1.0, 2.0], |samples, len| unsafe { x_sum(samples, len) })?;
//! # assert_eq!(sum, 3.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::fmt;
use core::mem::MaybeUninit;
use core::ptr;

use super::Foreign;
use super::slices::Length;

/// Lends a slice. For an empty one C gets a pointer that is not NULL and must not be followed.
///
/// # Errors
///
/// [`LengthError`] when the length does not fit into C's type; C is not called then.
#[inline]
pub fn slice<T, L: Length, R>(slice: &[T], call: impl FnOnce(*const T, L) -> R) -> Result<R, LengthError> {
    let len = LengthError::check(slice.len())?;
    Ok(call(slice.as_ptr(), len))
}

/// Lends a slice. For an empty one C gets NULL.
///
/// # Errors
///
/// As for [`slice()`].
#[inline]
pub fn slice_or_null<T, L: Length, R>(slice: &[T], call: impl FnOnce(*const T, L) -> R) -> Result<R, LengthError> {
    let len = LengthError::check(slice.len())?;
    let first = if slice.is_empty() { ptr::null() } else { slice.as_ptr() };
    Ok(call(first, len))
}

/// Lends a slice that C changes in place; what C leaves in it must be valid `T`s.
///
/// # Errors
///
/// As for [`slice()`].
#[inline]
pub fn slice_mut<T, L: Length, R>(slice: &mut [T], call: impl FnOnce(*mut T, L) -> R) -> Result<R, LengthError> {
    let len = LengthError::check(slice.len())?;
    Ok(call(slice.as_mut_ptr(), len))
}

/// Lends a list of objects as C's array of pointers. Nothing is copied: a `&T` is such a pointer.
///
/// # Errors
///
/// As for [`slice()`].
#[inline]
pub fn objects<T: Foreign, L: Length, R>(
    objects: &[&T],
    call: impl FnOnce(*const *mut T::Raw, L) -> R,
) -> Result<R, LengthError> {
    let len = LengthError::check(objects.len())?;
    Ok(call(objects.as_ptr().cast(), len))
}

/// Lends a list of objects that C reads up to a NULL: the last is `None`, and no other is. Nothing is copied.
///
/// # Errors
///
/// [`EndError`] when the `None` is missing or not the last; C is not called then.
#[inline]
pub fn objects_to_null<T: Foreign, R>(
    objects: &[Option<&T>],
    call: impl FnOnce(*const *mut T::Raw) -> R,
) -> Result<R, EndError> {
    let end = objects.iter().position(Option::is_none);
    if end.is_none_or(|end| end + 1 != objects.len()) {
        return Err(EndError { end, len: objects.len() });
    }
    Ok(call(objects.as_ptr().cast()))
}

/// Lends texts as C's array of pointers that ends with NULL, such as `argv`. Allocates that array.
#[inline]
pub fn cstrs_to_null<R>(texts: &[&CStr], call: impl FnOnce(*const *const c_char) -> R) -> R {
    let pointers: Vec<*const c_char> = texts.iter().map(|text| text.as_ptr()).chain([ptr::null()]).collect();
    call(pointers.as_ptr())
}

/// How long a text may be and still be copied to the stack, its NUL included.
const ON_STACK: usize = 256;

/// Lends a text with a NUL behind it.
///
/// A short one is copied to the stack, a longer one to the heap. A `&CStr` needs none of this: pass its `as_ptr()`.
///
/// # Errors
///
/// [`InteriorNul`], with its position; C is not called then.
#[inline]
pub fn cstr<R>(text: impl AsRef<[u8]>, call: impl FnOnce(*const c_char) -> R) -> Result<R, InteriorNul> {
    let bytes = text.as_ref();
    InteriorNul::check(bytes)?;
    if bytes.len() < ON_STACK {
        let mut room = [MaybeUninit::<u8>::uninit(); ON_STACK];
        for (to, byte) in room.iter_mut().zip(bytes.iter().chain(&[0])) {
            to.write(*byte);
        }
        Ok(call(room.as_ptr().cast()))
    } else {
        let mut room = Vec::with_capacity(bytes.len() + 1);
        room.extend_from_slice(bytes);
        room.push(0);
        Ok(call(room.as_ptr().cast()))
    }
}

/// Lends a text, or NULL for `None`.
///
/// # Errors
///
/// As for [`cstr`].
#[inline]
pub fn cstr_or_null<R>(
    text: Option<impl AsRef<[u8]>>,
    call: impl FnOnce(*const c_char) -> R,
) -> Result<R, InteriorNul> {
    match text {
        Some(text) => cstr(text, call),
        None => Ok(call(ptr::null())),
    }
}

/// A text has a NUL inside, where C would end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InteriorNul {
    /// Which byte, from 0.
    pub position: usize,
}

impl InteriorNul {
    pub(super) fn check(bytes: &[u8]) -> Result<(), InteriorNul> {
        match bytes.iter().position(|&byte| byte == 0) {
            Some(position) => Err(InteriorNul { position }),
            None => Ok(()),
        }
    }
}

impl fmt::Display for InteriorNul {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "byte {} of the text is NUL, where C would end it; remove it or pass the bytes with their length",
            self.position
        )
    }
}

impl core::error::Error for InteriorNul {}

/// A length does not fit into the type that C has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LengthError {
    /// The length.
    pub len: usize,
    /// C's type.
    pub into: &'static str,
}

impl LengthError {
    fn check<L: Length>(len: usize) -> Result<L, LengthError> {
        L::from_len(len).ok_or(LengthError { len, into: core::any::type_name::<L>() })
    }
}

impl fmt::Display for LengthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} elements do not fit into C's length of type `{}`; pass them in several calls",
            self.len, self.into
        )
    }
}

impl core::error::Error for LengthError {}

/// A list for C does not end with its only `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndError {
    /// Where the first `None` is, if there is one.
    pub end: Option<usize>,
    /// The length of the list.
    pub len: usize,
}

impl fmt::Display for EndError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.end {
            Some(end) => write!(f, "element {end} of {} is `None`, where C would stop; only the last may be", self.len),
            None => f.write_str("the list does not end with `None`; add one, it is where C stops"),
        }
    }
}

impl core::error::Error for EndError {}
