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
/// ```
/// use cstruct::kit::{Foreign, Null, static_object};
/// use cstruct::wrap;
/// # mod sys {
/// #     #[repr(C)] pub struct cipher { pub bits: i32 }
/// #     unsafe impl Sync for cipher {}
/// #     static AES: cipher = cipher { bits: 128 };
/// #     pub unsafe fn cipher_default() -> *const cipher { &raw const AES }
/// #     pub unsafe fn cipher_bits(cipher: *const cipher) -> i32 { unsafe { (*cipher).bits } }
/// # }
///
/// wrap! {
///     /// A cipher: they are static, so there is no owner.
///     pub struct CipherRef(sys::cipher);
/// }
///
/// impl CipherRef {
///     pub fn usual() -> Result<&'static CipherRef, Null> {
///         // SAFETY: "the default cipher, never NULL; static".
///         unsafe { static_object(sys::cipher_default()) }
///     }
///
///     pub fn bits(&self) -> i32 {
///         // SAFETY: it lives for ever.
///         unsafe { sys::cipher_bits(self.as_ptr()) }
///     }
/// }
///
/// assert_eq!(CipherRef::usual()?.bits(), 128);
/// # Ok::<(), Null>(())
/// ```
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
/// ```
/// use cstruct::kit::{Null, copied_text};
/// # unsafe extern "C" fn x_address(_: u32) -> *const core::ffi::c_char { c"10.0.0.1".as_ptr() }
///
/// // SAFETY: "x_address: in a buffer of this thread's, until the next call".
/// let address = unsafe { copied_text(x_address(1)) }?;
/// assert_eq!(address.as_c_str(), c"10.0.0.1");
/// # Ok::<(), Null>(())
/// ```
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
/// Plain data needs no type of the kit: it is a `Copy` struct, whose layout is C's. Have the compiler compare it with that of the bindings.
///
/// ```
/// use core::mem::{align_of, offset_of, size_of};
/// use cstruct::kit::{SliceError, copied_value};
/// # mod sys {
/// #     #[repr(C)] pub struct reading { pub at_us: u64, pub level: i32 }
/// #     unsafe impl Sync for reading {}
/// #     static LATEST: reading = reading { at_us: 7, level: -1 };
/// #     pub unsafe fn sensor_latest() -> *const reading { &raw const LATEST }
/// # }
///
/// #[derive(Clone, Copy, Debug, PartialEq, Eq)]
/// #[repr(C)]
/// pub struct Reading { pub at_us: u64, pub level: i32 }
///
/// const _: () = assert!(size_of::<Reading>() == size_of::<sys::reading>());
/// const _: () = assert!(align_of::<Reading>() == align_of::<sys::reading>());
/// const _: () = assert!(offset_of!(Reading, at_us) == offset_of!(sys::reading, at_us));
/// const _: () = assert!(offset_of!(Reading, level) == offset_of!(sys::reading, level));
///
/// // SAFETY: "sensor_latest: the latest reading, overwritten by the next call".
/// let reading = unsafe { copied_value(sys::sensor_latest().cast::<Reading>()) }?;
/// assert_eq!(reading, Reading { at_us: 7, level: -1 });
/// # Ok::<(), SliceError>(())
/// ```
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
