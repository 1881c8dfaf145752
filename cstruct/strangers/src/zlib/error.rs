//! What zlib answers.

use core::error::Error as StdError;
use core::ffi::{CStr, c_char, c_int};
use core::fmt;

use cstruct::kit::{lend::LengthError, static_text};
use libz_sys as sys;

// SAFETY: the declaration is that of zlib.h; the function answers every number with a text that is never freed.
unsafe extern "C" {
    // zlib.h has it, libz-sys does not. Any number is allowed: one that is no status has a text of its own.
    safe fn zError(status: c_int) -> *const c_char;
}

/// A failure of zlib.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ZError {
    status: c_int,
    message: Option<&'static CStr>,
}

impl ZError {
    pub(super) fn new(status: c_int) -> ZError {
        ZError { status, message: None }
    }

    /// With what the stream says about it.
    ///
    /// # Safety
    ///
    /// `message` is the `msg` of a stream.
    pub(super) unsafe fn with_message(status: c_int, message: *const c_char) -> ZError {
        // SAFETY: "a static string (which must not be deallocated)", or NULL (zlib.h, of `msg`).
        ZError { status, message: unsafe { static_text(message) }.ok() }
    }

    /// zlib's number, such as `Z_DATA_ERROR`.
    #[must_use]
    pub fn status(&self) -> c_int {
        self.status
    }

    /// zlib's text for the number.
    #[must_use]
    #[doc(alias = "zError")]
    pub fn text(&self) -> &'static CStr {
        // SAFETY: zError answers with a string constant (zutil.c, `z_errmsg`).
        unsafe { static_text(zError(self.status)) }.unwrap_or_default()
    }

    /// What is wrong with the data, if the stream said so.
    #[must_use]
    #[doc(alias = "msg")]
    pub fn message(&self) -> Option<&'static CStr> {
        self.message
    }
}

impl fmt::Display for ZError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "zlib: {}", self.text().to_string_lossy())?;
        match self.message {
            Some(message) => write!(f, ": {}", message.to_string_lossy()),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for ZError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZError").field("text", &self.text()).field("message", &self.message).finish()
    }
}

impl StdError for ZError {}

/// `Ok` for `Z_OK`.
pub(super) fn check(status: c_int) -> Result<(), ZError> {
    match status {
        sys::Z_OK => Ok(()),
        status => Err(ZError::new(status)),
    }
}

/// Why a call on a stream did nothing, or what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// zlib says so.
    Zlib(ZError),
    /// A slice is longer than zlib can be told.
    Length(LengthError),
}

impl Error {
    /// What zlib said, if it was zlib.
    #[must_use]
    pub fn zlib(&self) -> Option<&ZError> {
        match self {
            Error::Zlib(error) => Some(error),
            Error::Length(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Zlib(error) => error.fmt(f),
            Error::Length(error) => error.fmt(f),
        }
    }
}

impl StdError for Error {}

impl From<ZError> for Error {
    fn from(error: ZError) -> Error {
        Error::Zlib(error)
    }
}

impl From<LengthError> for Error {
    fn from(error: LengthError) -> Error {
        Error::Length(error)
    }
}
