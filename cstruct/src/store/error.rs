//! What can go wrong, as one type.

use alloc::string::String;
use core::fmt;

use cstruct_sys::{self as sys, cstruct_status};

use super::IoError;
use crate::kit::{CloseError, FillError, InteriorNul, Null, SliceError, static_text};

/// Why a call failed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// C said no, and its status says all there is to say.
    Refused(Status),
    /// C could not read its input, and left a message.
    Read {
        /// The kind of failure.
        status: Status,
        /// C's sentence.
        message: String,
        /// Where in the input, when it is the input that is wrong.
        at: Option<Position>,
    },
    /// A text for C has a NUL inside, where C would take it to end.
    InteriorNul {
        /// The index of the NUL, in bytes.
        position: usize,
    },
    /// A name in C's memory is not UTF-8, so that it cannot be copied out as a `String`.
    NotUtf8 {
        /// Which record of the list it is, from 0.
        record: usize,
        /// How many bytes of the name are good.
        valid_up_to: usize,
    },
    /// The operating system refused, or the caller's reader failed: the error as it was.
    Io(IoError),
    /// The caller's room is too small for what C has to put there.
    TooSmall {
        /// The room that is needed, in elements.
        needed: usize,
    },
    /// A list for C needs at least one record, and there was none.
    Empty,
    /// C filled room of ours, and what it says of that cannot be.
    Fill(FillError<Status>),
    /// C gave an array that cannot be.
    Slice(SliceError),
    /// C said yes and gave NULL.
    Null(Null),
}

/// A place in a text, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: u64,
    /// The column, in bytes.
    pub column: u64,
}

/// What C answers, as `cstruct_status` in the header.
///
/// A value that this version does not know is kept as it is: a Rust enum must never hold what it does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each is the constant of the header with that name, and `Display` says what it means")]
pub enum Status {
    Done,
    Invalid,
    NoMemory,
    Io,
    Parse,
    Busy,
    Full,
    Duplicate,
    NotFound,
    TooSmall,
    Saturated,
    Moved,
    WrongThread,
    Stopped,
    Unsupported,
    Version,
    Unknown(u32),
}

impl Status {
    /// `None` for `CSTRUCT_OK`.
    pub(crate) fn of(raw: cstruct_status) -> Option<Status> {
        Some(match raw {
            cstruct_status::CSTRUCT_OK => return None,
            cstruct_status::CSTRUCT_DONE => Status::Done,
            cstruct_status::CSTRUCT_INVALID => Status::Invalid,
            cstruct_status::CSTRUCT_NO_MEMORY => Status::NoMemory,
            cstruct_status::CSTRUCT_IO => Status::Io,
            cstruct_status::CSTRUCT_PARSE => Status::Parse,
            cstruct_status::CSTRUCT_BUSY => Status::Busy,
            cstruct_status::CSTRUCT_FULL => Status::Full,
            cstruct_status::CSTRUCT_DUPLICATE => Status::Duplicate,
            cstruct_status::CSTRUCT_NOT_FOUND => Status::NotFound,
            cstruct_status::CSTRUCT_TOO_SMALL => Status::TooSmall,
            cstruct_status::CSTRUCT_SATURATED => Status::Saturated,
            cstruct_status::CSTRUCT_MOVED => Status::Moved,
            cstruct_status::CSTRUCT_WRONG_THREAD => Status::WrongThread,
            cstruct_status::CSTRUCT_STOPPED => Status::Stopped,
            cstruct_status::CSTRUCT_UNSUPPORTED => Status::Unsupported,
            cstruct_status::CSTRUCT_VERSION => Status::Version,
            cstruct_status(other) => Status::Unknown(other),
        })
    }

    fn raw(self) -> cstruct_status {
        match self {
            Status::Done => cstruct_status::CSTRUCT_DONE,
            Status::Invalid => cstruct_status::CSTRUCT_INVALID,
            Status::NoMemory => cstruct_status::CSTRUCT_NO_MEMORY,
            Status::Io => cstruct_status::CSTRUCT_IO,
            Status::Parse => cstruct_status::CSTRUCT_PARSE,
            Status::Busy => cstruct_status::CSTRUCT_BUSY,
            Status::Full => cstruct_status::CSTRUCT_FULL,
            Status::Duplicate => cstruct_status::CSTRUCT_DUPLICATE,
            Status::NotFound => cstruct_status::CSTRUCT_NOT_FOUND,
            Status::TooSmall => cstruct_status::CSTRUCT_TOO_SMALL,
            Status::Saturated => cstruct_status::CSTRUCT_SATURATED,
            Status::Moved => cstruct_status::CSTRUCT_MOVED,
            Status::WrongThread => cstruct_status::CSTRUCT_WRONG_THREAD,
            Status::Stopped => cstruct_status::CSTRUCT_STOPPED,
            Status::Unsupported => cstruct_status::CSTRUCT_UNSUPPORTED,
            Status::Version => cstruct_status::CSTRUCT_VERSION,
            Status::Unknown(other) => cstruct_status(other),
        }
    }

    /// C's own phrase for it.
    #[doc(alias = "cstruct_status_text")]
    pub fn text(self) -> &'static str {
        // SAFETY: any value is legal.
        let text = unsafe { sys::cstruct_status_text(self.raw()) };
        // SAFETY: STATIC, TEXT, NONNULL.
        let text = unsafe { static_text(text) }.unwrap_or_default();
        text.to_str().unwrap_or("a status text that is not UTF-8")
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Status::Unknown(number) => write!(f, "{} ({number})", self.text()),
            _ => f.write_str(self.text()),
        }
    }
}

/// The status as a `Result`. Success is one comparison; what a failure means is looked up elsewhere.
#[inline]
pub(crate) fn check(raw: cstruct_status) -> Result<(), Error> {
    if raw == cstruct_status::CSTRUCT_OK { Ok(()) } else { Err(refused(raw)) }
}

#[cold]
#[inline(never)]
fn refused(raw: cstruct_status) -> Error {
    Error::Refused(Status::of(raw).unwrap_or(Status::Unknown(raw.0)))
}

/// The error of a call that left NULL where an object was to be: why it failed, or that it said yes all the same.
#[cold]
#[inline(never)]
pub(super) fn not_made(raw: cstruct_status, null: Null) -> Error {
    Status::of(raw).map_or(Error::Null(null), Error::Refused)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(status) => write!(f, "the C library refused: {status}"),
            Error::Read { message, .. } => f.write_str(message),
            Error::InteriorNul { position } => {
                write!(f, "the text has a NUL at byte {position}, where C would take it to end; remove it")
            }
            Error::NotUtf8 { record, valid_up_to } => {
                write!(
                    f,
                    "the name of record {record} is not UTF-8 after byte {valid_up_to}; borrow it as a `CStr` instead"
                )
            }
            Error::Io(error) => error.fmt(f),
            Error::TooSmall { needed } => write!(f, "the room is too small: bring room for {needed} elements"),
            Error::Empty => f.write_str("a list needs at least one record"),
            Error::Fill(error) => error.fmt(f),
            Error::Slice(error) => error.fmt(f),
            Error::Null(null) => null.fmt(f),
        }
    }
}

impl core::error::Error for Error {
    /// What is inside an error that says nothing of its own.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Error::Io(error) => error.source(),
            _ => None,
        }
    }
}

impl From<Null> for Error {
    fn from(null: Null) -> Error {
        Error::Null(null)
    }
}

/// What C said. An owner that came back with it is dropped.
impl<O> From<CloseError<O, Error>> for Error {
    fn from(error: CloseError<O, Error>) -> Error {
        error.into_error()
    }
}

impl From<InteriorNul> for Error {
    fn from(InteriorNul { position }: InteriorNul) -> Error {
        Error::InteriorNul { position }
    }
}

impl From<SliceError> for Error {
    fn from(error: SliceError) -> Error {
        Error::Slice(error)
    }
}

/// A failure of the call is what it is anywhere else.
impl From<FillError<Status>> for Error {
    fn from(error: FillError<Status>) -> Error {
        match error {
            FillError::Failed(status) => Error::Refused(status),
            FillError::NoMemory(_) => Error::Refused(Status::NoMemory),
            error => Error::Fill(error),
        }
    }
}
