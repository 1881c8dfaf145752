//! An error of the operating system, or of a reader that the caller brought, carried past C as it was.

use alloc::sync::Arc;
use core::fmt;
use std::io;

use super::{Error, Status};

/// An [`io::Error`] that can be cloned and compared; [`io::Error::from`] gives it back as it was.
///
/// What came from `errno` is equal by its number and needs no memory, so that a destructor can report it. What a reader
/// answered is shared, and equals only itself.
///
/// ```
/// use cstruct::{Context, Error};
/// use std::io::{self, ErrorKind, Read};
///
/// struct Unplugged;
/// impl Read for Unplugged {
///     fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
///         Err(io::Error::new(ErrorKind::ConnectionReset, "somebody pulled the cable"))
///     }
/// }
///
/// let Err(Error::Io(error)) = Context::from_reader(Unplugged) else { panic!("it cannot be read") };
/// assert_eq!(error.kind(), ErrorKind::ConnectionReset);
/// let as_it_was = io::Error::from(error);
/// assert_eq!(as_it_was.to_string(), "somebody pulled the cable");
/// ```
#[derive(Clone, Debug)]
pub struct IoError(Origin);

#[derive(Clone, Debug)]
enum Origin {
    System(i32),
    Reader(Arc<io::Error>),
}

impl IoError {
    /// Takes `errno`: to be called at once after the call that set it.
    pub(super) fn last() -> IoError {
        IoError::of(io::Error::last_os_error())
    }

    /// Carries an error.
    pub(super) fn of(error: io::Error) -> IoError {
        IoError(match error.raw_os_error() {
            Some(code) => Origin::System(code),
            None => Origin::Reader(Arc::new(error)),
        })
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> io::ErrorKind {
        match &self.0 {
            Origin::System(code) => io::Error::from_raw_os_error(*code).kind(),
            Origin::Reader(error) => error.kind(),
        }
    }

    /// The system's number for it, if it came from there.
    pub fn raw_os_error(&self) -> Option<i32> {
        match &self.0 {
            Origin::System(code) => Some(*code),
            Origin::Reader(_) => None,
        }
    }

    /// What is inside it.
    pub(super) fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.0 {
            Origin::System(_) => None,
            Origin::Reader(error) => core::error::Error::source(&**error),
        }
    }
}

impl PartialEq for IoError {
    fn eq(&self, other: &IoError) -> bool {
        match (&self.0, &other.0) {
            (Origin::System(this), Origin::System(that)) => this == that,
            (Origin::Reader(this), Origin::Reader(that)) => Arc::ptr_eq(this, that),
            _ => false,
        }
    }
}

impl fmt::Display for IoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Origin::System(code) => io::Error::from_raw_os_error(*code).fmt(f),
            Origin::Reader(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for IoError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        IoError::source(self)
    }
}

impl From<IoError> for io::Error {
    /// The error itself, with all that is in it; behind a clone that still lives, an error of the same kind that holds it.
    fn from(error: IoError) -> io::Error {
        match error.0 {
            Origin::System(code) => io::Error::from_raw_os_error(code),
            Origin::Reader(error) => Arc::try_unwrap(error)
                .unwrap_or_else(|shared| io::Error::new(shared.kind(), IoError(Origin::Reader(shared)))),
        }
    }
}

impl From<Error> for io::Error {
    /// For functions that return [`io::Result`]. [`Error::Io`] becomes what it was.
    fn from(error: Error) -> io::Error {
        let kind = match error {
            Error::Io(error) => return error.into(),
            Error::Refused(Status::NoMemory) => io::ErrorKind::OutOfMemory,
            Error::Read { status: Status::Parse, .. } | Error::NotUtf8 { .. } => io::ErrorKind::InvalidData,
            Error::Refused(Status::Invalid) | Error::InteriorNul { .. } | Error::Empty => io::ErrorKind::InvalidInput,
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}
