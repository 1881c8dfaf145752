//! Values: as they are seen in a row or an argument, and as they are given back.

use core::ffi::{c_int, c_uchar, c_void};
use core::fmt;

use cstruct::kit::{CopyOut, Null, slice_from_c};
use libsqlite3_sys as sys;

use super::Error;

/// The five types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// NULL.
    Null,
    /// 64 bits, signed.
    Integer,
    /// A double.
    Real,
    /// A text.
    Text,
    /// Bytes.
    Blob,
}

impl Type {
    pub(super) fn of(raw: c_int) -> Type {
        match raw {
            sys::SQLITE_INTEGER => Type::Integer,
            sys::SQLITE_FLOAT => Type::Real,
            sys::SQLITE_TEXT => Type::Text,
            sys::SQLITE_BLOB => Type::Blob,
            _ => Type::Null,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Null => "NULL",
            Type::Integer => "an integer",
            Type::Real => "a real",
            Type::Text => "a text",
            Type::Blob => "a blob",
        })
    }
}

/// A value that SQLite holds, for as long as it holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// NULL.
    Null,
    /// An integer.
    Integer(i64),
    /// A real.
    Real(f64),
    /// A text, which is UTF-8.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl ValueRef<'_> {
    /// Its type.
    #[must_use]
    pub fn value_type(&self) -> Type {
        match self {
            ValueRef::Null => Type::Null,
            ValueRef::Integer(_) => Type::Integer,
            ValueRef::Real(_) => Type::Real,
            ValueRef::Text(_) => Type::Text,
            ValueRef::Blob(_) => Type::Blob,
        }
    }
}

/// A value of ours.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// NULL.
    #[default]
    Null,
    /// An integer.
    Integer(i64),
    /// A real.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl CopyOut for ValueRef<'_> {
    type Data = Value;
    type Error = core::convert::Infallible;

    fn copy_out(&self) -> Result<Value, Self::Error> {
        Ok(match *self {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => Value::Text(text.into()),
            ValueRef::Blob(bytes) => Value::Blob(bytes.into()),
        })
    }
}

macro_rules! values {
    ($($From:ty => |$from:ident| $value:expr;)*) => {$(
        impl From<$From> for Value {
            fn from($from: $From) -> Value {
                $value
            }
        }
    )*};
}

values! {
    () => |_nothing| Value::Null;
    i64 => |number| Value::Integer(number);
    i32 => |number| Value::Integer(number.into());
    bool => |truth| Value::Integer(truth.into());
    f64 => |number| Value::Real(number);
    &str => |text| Value::Text(text.into());
    String => |text| Value::Text(text);
    &[u8] => |bytes| Value::Blob(bytes.into());
    Vec<u8> => |bytes| Value::Blob(bytes);
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// Where SQLite holds values: in the column of a row, or in an argument.
///
/// # Safety
///
/// The functions are SQLite's for one and the same value. What [`text`](Source::text) and [`blob`](Source::blob) give is good
/// throughout `'a`, if they are called for what the type says.
pub(super) unsafe trait Source<'a>: Copy {
    fn raw_type(self) -> c_int;
    fn integer(self) -> i64;
    fn real(self) -> f64;
    fn text(self) -> *const c_uchar;
    fn blob(self) -> *const c_void;
    /// How many bytes the last of the two has.
    fn bytes(self) -> c_int;
}

/// Reads a value as what it is. SQLite would convert it to anything, in place: what was borrowed before would dangle.
pub(super) fn value_of<'a>(source: impl Source<'a>) -> Result<ValueRef<'a>, Error> {
    Ok(match Type::of(source.raw_type()) {
        Type::Null => ValueRef::Null,
        Type::Integer => ValueRef::Integer(source.integer()),
        Type::Real => ValueRef::Real(source.real()),
        Type::Text => ValueRef::Text(core::str::from_utf8(text_of(source)?)?),
        Type::Blob => {
            let blob = source.blob();
            // SAFETY: "the number of bytes in that blob", for the blob that was just asked for (`Source`). It is NULL if there are none.
            ValueRef::Blob(unsafe { slice_from_c(blob.cast::<u8>(), source.bytes()) }?)
        }
    })
}

/// The bytes of a text or of a blob, which need not be UTF-8; `None` for NULL.
pub(super) fn bytes_of<'a>(source: impl Source<'a>) -> Result<Option<&'a [u8]>, Error> {
    match Type::of(source.raw_type()) {
        Type::Text => text_of(source).map(Some),
        _ => match value_of(source)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Ok(Some(bytes)),
            other => Err(Error::WrongType { found: other.value_type(), expected: Type::Blob }),
        },
    }
}

fn text_of<'a>(source: impl Source<'a>) -> Result<&'a [u8], Error> {
    // In a database of UTF-16 this converts the text, once; afterwards it is where it is.
    let text = source.text();
    if text.is_null() {
        return Err(Null::of::<&str>().into()); // an empty text is not NULL
    }
    // SAFETY: "the number of bytes in that string", for the text that was just asked for (`Source`).
    Ok(unsafe { slice_from_c(text, source.bytes()) }?)
}

/// Declares what is asked of a value by its type: `None` is NULL.
macro_rules! typed {
    ($($(#[$attribute:meta])* $name:ident: $Type:ty, $Variant:ident;)*) => {$(
        $(#[$attribute])*
        ///
        /// # Errors
        ///
        /// [`Error::WrongType`](super::Error::WrongType), or there is no such value.
        pub fn $name(&self, index: usize) -> Result<Option<$Type>, super::Error> {
            use super::{Type, ValueRef};
            match self.value(index)? {
                ValueRef::Null => Ok(None),
                ValueRef::$Variant(value) => Ok(Some(value)),
                other => Err(super::Error::WrongType { found: other.value_type(), expected: Type::$Variant }),
            }
        }
    )*};
}
pub(super) use typed;
