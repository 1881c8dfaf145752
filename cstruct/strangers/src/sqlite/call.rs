//! One call of an SQL function: what it is given, and what it gives back.

use core::ffi::{c_char, c_int, c_uchar, c_void};
use core::fmt;

use cstruct::kit::{Foreign, lend};
use cstruct::wrap;
use libsqlite3_sys as sys;

use super::value::{Source, bytes_of, typed, value_of};
use super::{ConnectionRef, Error, Value, ValueRef};

wrap! {
    /// SQLite's side of one call of a function.
    pub(super) struct ContextRef(sys::sqlite3_context);
}

wrap! {
    /// An argument: a protected value, which is SQLite's.
    pub(super) struct ArgumentRef(sys::sqlite3_value);
}

/// One call of an SQL function: its arguments, and the connection that calls. It exists during the call only.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    pub(super) context: &'a ContextRef,
    pub(super) arguments: &'a [&'a ArgumentRef],
}

impl<'a> Call<'a> {
    /// How many arguments there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.arguments.len()
    }

    /// The value of an argument.
    ///
    /// # Errors
    ///
    /// [`Error::NoColumn`] if there is no such argument; [`Error::Utf8`] for a text that is not UTF-8; no memory.
    pub fn value(&self, index: usize) -> Result<ValueRef<'a>, Error> {
        value_of(self.argument(index)?)
    }

    /// The bytes of a text, which need not be UTF-8, or of a blob; `None` for NULL.
    ///
    /// # Errors
    ///
    /// [`Error::NoColumn`] if there is no such argument; [`Error::WrongType`] for a number; no memory.
    pub fn bytes(&self, index: usize) -> Result<Option<&'a [u8]>, Error> {
        bytes_of(self.argument(index)?)
    }

    typed! {
        /// An integer; `None` for NULL.
        #[doc(alias = "sqlite3_value_int64")]
        integer: i64, Integer;
        /// A real; `None` for NULL.
        #[doc(alias = "sqlite3_value_double")]
        real: f64, Real;
        /// A text, which may be empty; `None` for NULL.
        #[doc(alias = "sqlite3_value_text")]
        text: &'a str, Text;
        /// Bytes, of which there may be none; `None` for NULL.
        #[doc(alias = "sqlite3_value_blob")]
        blob: &'a [u8], Blob;
    }

    /// The connection that calls. A function may use it, unless it is [deterministic](super::FunctionFlags::DETERMINISTIC).
    #[doc(alias = "sqlite3_context_db_handle")]
    #[must_use]
    pub fn connection(&self) -> &'a ConnectionRef {
        // SAFETY: a live context.
        let database = unsafe { sys::sqlite3_context_db_handle(self.context.as_ptr()) };
        // SAFETY: the database that is calling, and so lives during the call.
        let Ok(connection) = (unsafe { ConnectionRef::from_ptr(database) }) else {
            unreachable!("a call comes from a connection")
        };
        connection
    }

    fn argument(&self, index: usize) -> Result<&'a ArgumentRef, Error> {
        let count = self.count();
        self.arguments.get(index).copied().ok_or(Error::NoColumn { index, count })
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.count()).map(|index| self.value(index))).finish()
    }
}

// SAFETY: SQLite's functions for one value. As for a column: asked for its own type nothing is converted, and the value is the caller's
// until the call returns.
unsafe impl<'a> Source<'a> for &'a ArgumentRef {
    fn raw_type(self) -> c_int {
        // SAFETY: a live, protected value.
        unsafe { sys::sqlite3_value_type(self.as_ptr()) }
    }

    fn integer(self) -> i64 {
        // SAFETY: as above.
        unsafe { sys::sqlite3_value_int64(self.as_ptr()) }
    }

    fn real(self) -> f64 {
        // SAFETY: as above.
        unsafe { sys::sqlite3_value_double(self.as_ptr()) }
    }

    fn text(self) -> *const c_uchar {
        // SAFETY: as above.
        unsafe { sys::sqlite3_value_text(self.as_ptr()) }
    }

    fn blob(self) -> *const c_void {
        // SAFETY: as above.
        unsafe { sys::sqlite3_value_blob(self.as_ptr()) }
    }

    fn bytes(self) -> c_int {
        // SAFETY: as above.
        unsafe { sys::sqlite3_value_bytes(self.as_ptr()) }
    }
}

/// What the call answers with.
impl ContextRef {
    pub(super) fn answer(&self, value: &Value) {
        let context = self.as_ptr();
        let transient = sys::SQLITE_TRANSIENT();
        match value {
            // SAFETY: a live context, here and below.
            Value::Null => unsafe { sys::sqlite3_result_null(context) },
            // SAFETY: as above.
            Value::Integer(number) => unsafe { sys::sqlite3_result_int64(context, *number) },
            // SAFETY: as above.
            Value::Real(number) => unsafe { sys::sqlite3_result_double(context, *number) },
            Value::Text(text) => {
                let (first, len) = (text.as_ptr().cast::<c_char>(), text.len() as u64); // a usize has no more bits
                let utf8 = sys::SQLITE_UTF8 as u8; // 1
                // SAFETY: as above; the text is copied, or an error set instead.
                unsafe { sys::sqlite3_result_text64(context, first, len, transient, utf8) }
            }
            Value::Blob(bytes) => {
                let (first, len) = (bytes.as_ptr().cast(), bytes.len() as u64); // as above
                // SAFETY: as above; the bytes are copied, or an error set instead.
                unsafe { sys::sqlite3_result_blob64(context, first, len, transient) }
            }
        }
    }

    pub(super) fn fail(&self, message: &str) {
        let set = |text: *const u8, len| {
            // SAFETY: a live context, and a text of that length that is copied.
            unsafe { sys::sqlite3_result_error(self.as_ptr(), text.cast(), len) }
        };
        if lend::slice(message.as_bytes(), set).is_err() {
            self.fail("a function failed with a message that is too long");
        }
    }
}
