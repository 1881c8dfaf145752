//! The last error, which C keeps somewhere until something overwrites it.
//!
//! Reading it one statement later is too late: an owner dropped in between calls a release function, which may be the call that
//! overwrites it. Here the failing call and the reading are one expression, and what the call used is dropped after both.

use alloc::ffi::CString;
use core::ffi::{CStr, c_char};
use core::ptr;

use super::dealloc::Dealloc;
use super::{CText, Failure};

/// Makes a call and, if it fails, asks for the last error at once.
///
/// `held` is all that the call needs: the handle that has the error, and temporaries. Both closures borrow it, and it is dropped
/// when the error was read. `last` copies what it reads; [`copied_text`](super::copied_text) helps.
///
/// Where C keeps it says which function reads it:
///
/// | C keeps it | here |
/// |---|---|
/// | in the handle, or in the thread | [`checked`] |
/// | in `errno` | `errno`, with the feature `std` |
/// | in a buffer of mine | [`in_my_buffer`] |
/// | in a text that comes with the failure | [`with_text`] |
///
/// ```
/// use cstruct::kit::{checked, copied_text};
/// use std::ffi::CString;
/// # use core::ffi::{CStr, c_char};
/// # pub struct c_ctx;
/// # unsafe extern "C" fn x_run(_: *mut c_ctx, _: *const c_char) -> i32 { 4 }
/// # unsafe extern "C" fn x_errmsg(_: *const c_ctx) -> *const c_char { c"disk full".as_ptr() }
/// # let ctx: *mut c_ctx = core::ptr::null_mut();
///
/// let command = CString::from(c"run");
/// let answer = checked(
///     command,
///     // SAFETY: a live context, and a text that is only looked at.
///     |command| match unsafe { x_run(ctx, command.as_ptr()) } { 0 => Ok(()), status => Err(status) },
///     // SAFETY: "x_errmsg: good until the next call": copied at once.
///     |_command, status| (status, unsafe { copied_text(x_errmsg(ctx)) }.unwrap_or_default()),
/// );
/// assert_eq!(answer, Err((4, CString::from(c"disk full"))));
/// ```
///
/// # Errors
///
/// What `last` makes of the status.
#[inline]
pub fn checked<H, R, S, E>(
    mut held: H,
    call: impl FnOnce(&mut H) -> Result<R, S>,
    last: impl FnOnce(&mut H, S) -> E,
) -> Result<R, E> {
    match call(&mut held) {
        Ok(result) => Ok(result),
        Err(status) => Err(last(&mut held, status)),
    }
}

/// Makes a call and, if `failed` says so, takes `errno` at once.
///
/// `held` is what the call needs, and is dropped after `errno` was read.
///
/// # Errors
///
/// The system's error.
#[cfg(feature = "std")]
#[inline]
pub fn errno<H, R>(mut held: H, call: impl FnOnce(&mut H) -> R, failed: impl FnOnce(&R) -> bool) -> std::io::Result<R> {
    let answer = call(&mut held);
    if failed(&answer) {
        return Err(std::io::Error::last_os_error());
    }
    Ok(answer)
}

/// Makes a call that writes its message into a buffer of `N` bytes (`char errbuf[N]`).
///
/// The buffer is empty before. A message without a NUL ends with the buffer.
///
/// ```
/// use cstruct::kit::in_my_buffer;
/// # unsafe extern "C" fn x_start(message: *mut core::ffi::c_char) -> i32 {
/// #     unsafe { message.copy_from_nonoverlapping(c"no device".as_ptr(), 10) }; -1
/// # }
///
/// // SAFETY: a buffer of 256 bytes.
/// let call = |message| match unsafe { x_start(message) } { 0 => Ok(()), status => Err(status) };
/// // SAFETY: "x_start: on failure the message is in errbuf, which must hold 256 bytes".
/// let failure = unsafe { in_my_buffer::<256, (), i32>(call) }.expect_err("there is no device");
/// assert_eq!((failure.status, failure.message.as_c_str()), (-1, c"no device"));
/// ```
///
/// # Errors
///
/// The status and a copy of the message, which is empty if C wrote none.
///
/// # Safety
///
/// `call` writes at most `N` bytes through its argument, which it does not keep.
#[inline]
pub unsafe fn in_my_buffer<const N: usize, R, S>(
    call: impl FnOnce(*mut c_char) -> Result<R, S>,
) -> Result<R, Failure<S, CString>> {
    let mut buffer = [0_u8; N];
    call(buffer.as_mut_ptr().cast()).map_err(|status| Failure { status, message: up_to_nul(&buffer) })
}

fn up_to_nul(bytes: &[u8]) -> CString {
    match CStr::from_bytes_until_nul(bytes) {
        Ok(text) => CString::from(text),
        // No NUL at all, so a copy of all of it has none inside.
        Err(_) => CString::new(bytes).unwrap_or_default(),
    }
}

/// Makes a call that hands out a text with its failure, which is ours to release (`char **errmsg` of `sqlite3_exec`).
///
/// A text that comes with a success is adopted too, and released.
///
/// ```
/// use cstruct::kit::{Dealloc, with_text};
/// use core::{ffi::c_char, ptr::NonNull};
/// # unsafe extern "C" fn x_free(text: *mut c_char) { drop(unsafe { std::ffi::CString::from_raw(text) }) }
/// # unsafe extern "C" fn x_exec(message: *mut *mut c_char) -> i32 { unsafe { *message = c"no such table".to_owned().into_raw() }; 1 }
///
/// /// `x_free`.
/// enum XFree {}
/// // SAFETY: "x_free: releases a message of x_exec".
/// unsafe impl Dealloc<c_char> for XFree {
///     unsafe fn dealloc(block: NonNull<c_char>, _len: usize) {
///         // SAFETY: the caller's promise is the same.
///         unsafe { x_free(block.as_ptr()) }
///     }
/// }
///
/// // SAFETY: the slot may be written.
/// let call = |message| match unsafe { x_exec(message) } { 0 => Ok(()), status => Err(status) };
/// // SAFETY: "x_exec: on failure *message is a text, to be released with x_free, or NULL".
/// let failure = unsafe { with_text::<XFree, (), i32>(call) }.expect_err("there is no such table");
/// assert_eq!(failure.status, 1);
/// assert_eq!(failure.message.as_deref(), Some(c"no such table")); // and it is released with x_free
/// ```
///
/// # Errors
///
/// The status, and the text if there is one.
///
/// # Safety
///
/// Whatever `call` answers, the slot is NULL or has a text as [`CText::from_raw`] asks for it.
#[inline]
pub unsafe fn with_text<A: Dealloc<c_char>, R, S>(
    call: impl FnOnce(*mut *mut c_char) -> Result<R, S>,
) -> Result<R, Failure<S, Option<CText<A>>>> {
    let mut slot = ptr::null_mut();
    let answer = call(&raw mut slot);
    // SAFETY: the caller vouches for what is in the slot.
    let message = unsafe { CText::from_raw(slot) }.ok();
    answer.map_err(|status| Failure { status, message })
}
