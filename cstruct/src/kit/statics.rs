//! What C owns for ever, and what C only seems to.
//!
//! | C says | here |
//! |---|---|
//! | static: never ends, never changes | [`static_text`], [`static_object`] |
//! | a shared buffer that the next call overwrites | [`copied_text`], [`copied_value`]: no reference to it ever exists |

use alloc::ffi::CString;
use core::ffi::{CStr, c_char};

use super::slices::{self, SliceError, SliceFault};
use super::{Foreign, Null};

/// A text that lives as long as the program.
///
/// ```
/// use cstruct::kit::{Null, static_text};
/// # unsafe extern "C" fn x_version() -> *const core::ffi::c_char { c"1.2.3".as_ptr() }
///
/// // SAFETY: "x_version: a string constant".
/// let version = unsafe { static_text(x_version()) }?;
/// assert_eq!(version, c"1.2.3");
/// # Ok::<(), Null>(())
/// ```
///
/// # Errors
///
/// [`Null`] when it is NULL.
///
/// # Safety
///
/// If not NULL, it points to a text that ends with NUL, is never released and never changes, on any thread: a constant, not a
/// buffer of the library's. A library that can be unloaded has none.
#[inline]
#[track_caller]
pub unsafe fn static_text(ptr: *const c_char) -> Result<&'static CStr, Null> {
    if ptr.is_null() {
        return Err(Null::of::<&CStr>());
    }
    // SAFETY: the caller vouches for a text that neither ends nor changes.
    Ok(unsafe { CStr::from_ptr(ptr) })
}

/// An object that lives as long as the program: a method table, a default, a type.
///
/// It can be used from other threads only if `T` is `Sync`, as any reference.
///
/// # Errors
///
/// [`Null`] when it is NULL.
///
/// # Safety
///
/// As for [`Foreign::from_ptr`], for ever.
#[inline]
#[track_caller]
pub unsafe fn static_object<T: Foreign + 'static>(ptr: *const T::Raw) -> Result<&'static T, Null> {
    // SAFETY: the caller vouches for an object that nobody ever releases.
    unsafe { T::from_ptr(ptr) }
}

/// A copy of a text that the next call may overwrite (`strerror`, `inet_ntoa`).
///
/// # Errors
///
/// [`Null`] when it is NULL.
///
/// # Safety
///
/// If not NULL, it points to a text that ends with NUL, and nobody changes it until this returns: write the call of C as the
/// argument, and have no other thread call it meanwhile if C says so.
#[inline]
#[track_caller]
pub unsafe fn copied_text(ptr: *const c_char) -> Result<CString, Null> {
    if ptr.is_null() {
        return Err(Null::of::<&CStr>());
    }
    // SAFETY: the caller vouches for it until this returns, and the reference does not live longer.
    Ok(CString::from(unsafe { CStr::from_ptr(ptr) }))
}

/// A copy of a value that the next call may overwrite (`localtime`).
///
/// # Errors
///
/// [`SliceError`]: NULL, or misaligned.
///
/// # Safety
///
/// If not NULL, it points to a valid `T` that nobody changes until this returns. Pointers in it are as good as C says.
#[inline]
#[track_caller]
pub unsafe fn copied_value<T: Copy>(ptr: *const T) -> Result<T, SliceError> {
    match slices::checked(ptr.cast_mut(), 1_usize)?.0 {
        // SAFETY: aligned (`checked`), valid and unchanging until this returns (the caller).
        Some(value) => Ok(unsafe { value.read() }),
        None => Err(SliceError::new::<T>(SliceFault::Null)),
    }
}
