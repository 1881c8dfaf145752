//! What HarfBuzz refuses: in C, silently.

use core::error::Error as StdError;
use core::fmt;

use cstruct::kit::{Foreign, Null, Owned, Release, lend::LengthError};

/// Why nothing was made, or nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The object can never change any more: it was shared, or made immutable.
    Immutable,
    /// There is no memory.
    NoMemory,
    /// A slice is longer than HarfBuzz can be told.
    Length(LengthError),
    /// HarfBuzz gave NULL, which it says that it never does.
    Null(Null),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Immutable => f.write_str("the object is immutable; make another one"),
            Error::NoMemory => f.write_str("HarfBuzz has no memory"),
            Error::Length(error) => error.fmt(f),
            Error::Null(error) => error.fmt(f),
        }
    }
}

impl StdError for Error {}

impl From<LengthError> for Error {
    fn from(error: LengthError) -> Error {
        Error::Length(error)
    }
}

impl From<Null> for Error {
    fn from(error: Null) -> Error {
        Error::Null(error)
    }
}

/// Adopts a new object, unless it is the singleton that stands for "no memory".
///
/// # Safety
///
/// `made` is a new object with a count of one, or `empty`, which needs none.
pub(super) unsafe fn made<T>(made: *mut T::Raw, empty: *mut T::Raw) -> Result<Owned<T>, Error>
where
    T: Foreign + Release<Handle = core::ptr::NonNull<<T as Foreign>::Raw>>,
{
    if made == empty {
        return Err(Error::NoMemory);
    }
    // SAFETY: as the caller says.
    Ok(unsafe { Owned::from_raw(made) }?)
}
