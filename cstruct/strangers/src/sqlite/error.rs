//! What SQLite answers.

use core::error::Error as StdError;
use core::ffi::{CStr, c_int};
use core::fmt;
use core::str::Utf8Error;

use cstruct::kit::lend::{InteriorNul, LengthError};
use cstruct::kit::{NotReady, Null, SliceError, static_text};
use libsqlite3_sys as sys;

use super::Type;

/// A result code, extended: `SQLITE_CONSTRAINT_UNIQUE` rather than `SQLITE_CONSTRAINT`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code(
    /// SQLite's number.
    pub c_int,
);

impl Code {
    /// Somebody else has the lock, or a child lives that has to end first.
    pub const BUSY: Code = Code(sys::SQLITE_BUSY);
    /// Called in a way that SQLite does not allow.
    pub const MISUSE: Code = Code(sys::SQLITE_MISUSE);
    /// There is no parameter with that number.
    pub const RANGE: Code = Code(sys::SQLITE_RANGE);
    /// It was interrupted.
    pub const INTERRUPT: Code = Code(sys::SQLITE_INTERRUPT);

    /// The code without its extension.
    #[must_use]
    pub fn primary(self) -> Code {
        Code(self.0 & 0xFF)
    }

    /// SQLite's text for it.
    #[must_use]
    #[doc(alias = "sqlite3_errstr")]
    pub fn text(self) -> &'static CStr {
        // SAFETY: any number is allowed: one that is no code has a text of its own.
        let text = unsafe { sys::sqlite3_errstr(self.0) };
        // SAFETY: "memory to hold the error string is managed internally": a constant (main.c, `sqlite3ErrStr`).
        unsafe { static_text(text) }.unwrap_or_default()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().to_string_lossy())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({self})", self.0)
    }
}

impl StdError for Code {}

/// A failure of SQLite, with its message, both copied before anything could overwrite them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteError {
    /// The code.
    pub code: Code,
    /// What SQLite says about it.
    pub message: String,
}

impl fmt::Display for SqliteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sqlite: {}", self.message)
    }
}

impl StdError for SqliteError {}

/// Why a call did nothing, or what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// SQLite says so.
    Sqlite(SqliteError),
    /// A busy or progress handler, a deterministic function, or the destructor of a function used the connection that it is called for.
    InHandler,
    /// There is no statement in the SQL.
    NoStatement,
    /// There is something behind the first statement.
    Trailing,
    /// There is no such column.
    NoColumn {
        /// Which one, from 0.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// The value is of another type; SQLite is not asked to convert it, since that would end what was borrowed before.
    WrongType {
        /// What it is.
        found: Type,
        /// What was asked for.
        expected: Type,
    },
    /// The text is not UTF-8.
    Utf8(Utf8Error),
    /// SQLite gave a slice that is none: there was no memory.
    Slice(SliceError),
    /// SQLite gave NULL: there was no memory.
    Null(Null),
    /// A slice is longer than SQLite can be told.
    Length(LengthError),
    /// A text for C has a NUL inside.
    InteriorNul(InteriorNul),
    /// SQLite is being set up, or cannot be initialised.
    NotReady(NotReady<Code>),
    /// SQLite was built or configured for one thread.
    NotThreadSafe,
}

impl Error {
    pub(super) fn of(code: Code, message: String) -> Error {
        Error::Sqlite(SqliteError { code, message })
    }

    /// What SQLite said, if it was SQLite.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Error::Sqlite(error) => Some(error.code),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Sqlite(error) => error.fmt(f),
            Error::InHandler => f.write_str(
                "a handler, a deterministic function or a destructor uses the connection that it is called for; use another one, or do it afterwards",
            ),
            Error::NoStatement => f.write_str("there is no statement in the SQL"),
            Error::Trailing => f.write_str("there is more than one statement in the SQL; use `execute_batch`"),
            Error::NoColumn { index, count } => write!(f, "there is no column {index}, only {count}, from 0"),
            Error::WrongType { found, expected } => {
                write!(f, "the value is {found}, not {expected}; ask for what it is, or convert it in the SQL")
            }
            Error::Utf8(error) => write!(f, "the text is not UTF-8: {error}; ask for its bytes"),
            Error::Slice(error) => error.fmt(f),
            Error::Null(error) => error.fmt(f),
            Error::Length(error) => error.fmt(f),
            Error::InteriorNul(error) => error.fmt(f),
            Error::NotReady(error) => error.fmt(f),
            Error::NotThreadSafe => f.write_str("SQLite has no mutexes; build it with SQLITE_THREADSAFE=1, and do not configure it otherwise"),
        }
    }
}

impl StdError for Error {}

macro_rules! from {
    ($($From:ty => $Variant:ident;)*) => {$(
        impl From<$From> for Error {
            fn from(error: $From) -> Error {
                Error::$Variant(error)
            }
        }
    )*};
}

from! {
    SqliteError => Sqlite;
    Utf8Error => Utf8;
    SliceError => Slice;
    Null => Null;
    LengthError => Length;
    InteriorNul => InteriorNul;
    NotReady<Code> => NotReady;
}
