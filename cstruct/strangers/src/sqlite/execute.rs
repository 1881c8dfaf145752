//! What a connection is there for: preparing and running SQL.

use core::ptr;

use cstruct::kit::{Foreign, lend, with_text};
use libsqlite3_sys as sys;

use super::{Code, ConnectionRef, Error, SqliteError, SqliteFree, Statement, inside};
use crate::this_thread;

impl ConnectionRef {
    /// Prepares one statement, which cannot outlive this borrow. [`Statement::new`] makes one that can.
    ///
    /// # Errors
    ///
    /// With SQLite's message; [`Error::NoStatement`] and [`Error::Trailing`].
    ///
    /// # Panics
    ///
    /// With what a progress handler panics with.
    #[doc(alias = "sqlite3_prepare_v3")]
    pub fn prepare(&self, sql: &str) -> Result<Statement<&ConnectionRef>, Error> {
        Statement::new(self, sql)
    }

    /// Runs one statement to its end; says how many rows the last change changed.
    ///
    /// # Errors
    ///
    /// With SQLite's message.
    ///
    /// # Panics
    ///
    /// With what a function of ours panics with that SQLite calls.
    pub fn execute(&self, sql: &str) -> Result<u64, Error> {
        self.prepare(sql)?.execute()
    }

    /// Runs any number of statements to their end.
    ///
    /// # Errors
    ///
    /// With SQLite's message, which is a text of its own here; the statements before have run.
    ///
    /// # Panics
    ///
    /// As for [`execute`](ConnectionRef::execute).
    #[doc(alias = "sqlite3_exec")]
    pub fn execute_batch(&self, sql: &str) -> Result<(), Error> {
        inside::check(self.as_ptr())?;
        let run = |sql| {
            let run = |message| {
                // SAFETY: a live database, a text that is only looked at, no callback, and room for a message.
                match unsafe { sys::sqlite3_exec(self.as_ptr(), sql, None, ptr::null_mut(), message) } {
                    sys::SQLITE_OK => Ok(()),
                    status => Err(Code(status)),
                }
            };
            // SAFETY: "written into memory obtained from sqlite3_malloc()", or NULL.
            this_thread::resuming(|| unsafe { with_text::<SqliteFree, _, _>(run) })
        };
        lend::cstr(sql, run)?.map_err(|failure| match failure.message {
            Some(message) => Error::of(failure.status, message.to_string_lossy().into_owned()),
            None => SqliteError::of_code(failure.status).into(),
        })
    }

    /// How many rows the last change changed.
    #[doc(alias = "sqlite3_changes64")]
    pub fn changes(&self) -> u64 {
        // SAFETY: a live database.
        unsafe { sys::sqlite3_changes64(self.as_ptr()) }.unsigned_abs()
    }

    /// The key of the last row that was inserted; 0 if there is none.
    #[doc(alias = "sqlite3_last_insert_rowid")]
    pub fn last_insert_rowid(&self) -> i64 {
        // SAFETY: a live database.
        unsafe { sys::sqlite3_last_insert_rowid(self.as_ptr()) }
    }

    /// Whether no transaction is open.
    #[doc(alias = "sqlite3_get_autocommit")]
    pub fn is_autocommit(&self) -> bool {
        // SAFETY: a live database.
        unsafe { sys::sqlite3_get_autocommit(self.as_ptr()) != 0 }
    }
}
