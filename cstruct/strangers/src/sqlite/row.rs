//! The columns of a row, until the next step.

use core::ffi::{CStr, c_int, c_uchar, c_void};
use core::fmt;

use cstruct::kit::Foreign;
use libsqlite3_sys as sys;

use super::value::{Source, bytes_of, typed, value_of};
use super::{Error, StatementRef, ValueRef};

/// A row: the statement's current one, and so lent until the next step.
///
/// What it gives lives as long as the row, and need not be copied. A value is asked for as what it is; SQLite would convert it to any
/// type, but in place, and what was borrowed before would dangle.
///
/// ```
/// use cstruct_strangers::sqlite::{Connection, ValueRef};
///
/// let connection = Connection::open_in_memory()?;
/// let mut statement = connection.prepare("select 7, 'seven', x'07', null")?;
/// let row = statement.step()?.expect("one row");
/// let (number, text, blob) = (row.integer(0)?, row.text(1)?, row.blob(2)?);
/// assert_eq!((number, text, blob), (Some(7), Some("seven"), Some(&[7][..])));
/// assert_eq!(row.value(3)?, ValueRef::Null);
/// assert!(row.text(0).is_err()); // it is an integer
/// # Ok::<(), cstruct_strangers::sqlite::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Row<'s> {
    /// On its row; nobody steps or resets it during 's.
    statement: &'s StatementRef,
}

impl<'s> Row<'s> {
    /// For a statement that was borrowed exclusively for 's, and has just answered that there is a row.
    pub(super) fn of(statement: &'s StatementRef) -> Row<'s> {
        Row { statement }
    }

    /// How many columns it has.
    #[doc(alias = "sqlite3_data_count")]
    #[must_use]
    pub fn count(&self) -> usize {
        // SAFETY: a live statement.
        usize::try_from(unsafe { sys::sqlite3_data_count(self.statement.as_ptr()) }).unwrap_or_default()
    }

    /// The name of a column; `None` if there is no such column.
    #[must_use]
    pub fn name(&self, index: usize) -> Option<&'s CStr> {
        self.statement.column_name(index)
    }

    /// The value of a column.
    ///
    /// # Errors
    ///
    /// [`Error::NoColumn`]; [`Error::Utf8`] for a text that is not UTF-8, which SQLite does not check; no memory.
    pub fn value(&self, index: usize) -> Result<ValueRef<'s>, Error> {
        value_of(self.column(index)?)
    }

    /// The bytes of a text, which need not be UTF-8, or of a blob; `None` for NULL.
    ///
    /// # Errors
    ///
    /// [`Error::NoColumn`]; [`Error::WrongType`] for a number; no memory.
    pub fn bytes(&self, index: usize) -> Result<Option<&'s [u8]>, Error> {
        bytes_of(self.column(index)?)
    }

    typed! {
        /// An integer; `None` for NULL.
        #[doc(alias = "sqlite3_column_int64")]
        integer: i64, Integer;
        /// A real; `None` for NULL.
        #[doc(alias = "sqlite3_column_double")]
        real: f64, Real;
        /// A text, which may be empty; `None` for NULL.
        #[doc(alias = "sqlite3_column_text")]
        text: &'s str, Text;
        /// Bytes, of which there may be none; `None` for NULL.
        #[doc(alias = "sqlite3_column_blob")]
        blob: &'s [u8], Blob;
    }

    fn column(&self, index: usize) -> Result<Column<'s>, Error> {
        let count = self.count();
        match c_int::try_from(index) {
            Ok(raw) if index < count => Ok(Column { statement: self.statement, index: raw }),
            _ => Err(Error::NoColumn { index, count }),
        }
    }
}

/// One that is there.
#[derive(Clone, Copy)]
struct Column<'s> {
    statement: &'s StatementRef,
    index: c_int,
}

// SAFETY: SQLite's functions for one column. sqlite3.h: the pointers "are valid until a type conversion occurs as described above, or
// until sqlite3_step() or sqlite3_reset() or sqlite3_finalize() is called": asked for its own type nothing is converted, and the others
// need the statement exclusively.
unsafe impl<'s> Source<'s> for Column<'s> {
    fn raw_type(self) -> c_int {
        // SAFETY: a live statement on a row, which has that column.
        unsafe { sys::sqlite3_column_type(self.statement.as_ptr(), self.index) }
    }

    fn integer(self) -> i64 {
        // SAFETY: as above.
        unsafe { sys::sqlite3_column_int64(self.statement.as_ptr(), self.index) }
    }

    fn real(self) -> f64 {
        // SAFETY: as above.
        unsafe { sys::sqlite3_column_double(self.statement.as_ptr(), self.index) }
    }

    fn text(self) -> *const c_uchar {
        // SAFETY: as above.
        unsafe { sys::sqlite3_column_text(self.statement.as_ptr(), self.index) }
    }

    fn blob(self) -> *const c_void {
        // SAFETY: as above.
        unsafe { sys::sqlite3_column_blob(self.statement.as_ptr(), self.index) }
    }

    fn bytes(self) -> c_int {
        // SAFETY: as above.
        unsafe { sys::sqlite3_column_bytes(self.statement.as_ptr(), self.index) }
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.count()).map(|index| self.value(index))).finish()
    }
}
