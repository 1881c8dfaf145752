//! `sqlite3_stmt`: a prepared statement, and a child of its connection.

use core::ffi::{CStr, c_int};
use core::fmt;
use core::pin::Pin;
use core::ptr;

use cstruct::kit::{CText, Foreign, Keeper, Null, Released, lend, out};
use cstruct::wrap;
use libsqlite3_sys as sys;

use super::{Bindings, ConnectionRef, Error, Row, SqliteFree, inside};
use crate::this_thread;

wrap! {
    /// A prepared statement: ended with `sqlite3_finalize`, before its connection may be closed.
    ///
    /// `K` says how the connection is kept: `&ConnectionRef` for a statement that stays in the scope, `Rc<Connection>` for one that is
    /// stored, `Connection` for one that has it to itself and may go to another thread with it. Beside it the statement keeps what is
    /// [bound without a copy](Statement::bind_blob_static).
    ///
    /// ```
    /// use cstruct_strangers::sqlite::{Connection, Statement};
    /// use std::collections::HashMap;
    /// use std::rc::Rc;
    ///
    /// let connection = Rc::new(Connection::open_in_memory()?);
    /// let mut statements: HashMap<&str, Statement<Rc<Connection>>> = HashMap::new();
    /// statements.insert("twice", Statement::new(connection, "select ?1 * 2")?); // in a struct without a lifetime
    ///
    /// let twice = statements.get_mut("twice").expect("it was put there");
    /// twice.bind_integer(1, 21)?;
    /// assert_eq!(twice.step()?.expect("one row").integer(0)?, Some(42));
    /// # Ok::<(), cstruct_strangers::sqlite::Error>(())
    /// ```
    #[doc(alias = "sqlite3_stmt")]
    pub struct Statement<K> = Owned<StatementRef, (K, Bindings)>;

    /// A prepared statement, borrowed.
    pub struct StatementRef(sys::sqlite3_stmt);

    unsafe {
        close = finalize, finalized => Error;
        send = "its connection is in serialized mode, and must come along if the keeper is the connection";
    }
}

/// # Safety
///
/// `statement` is live and the caller's, who does not use it any more if the answer is `Ok`.
unsafe fn finalize(statement: *mut sys::sqlite3_stmt) -> Result<c_int, Error> {
    // SAFETY: live, and so is its connection.
    inside::check_end(unsafe { sys::sqlite3_db_handle(statement) })?;
    // SAFETY: the caller gives it up.
    Ok(unsafe { sys::sqlite3_finalize(statement) })
}

fn finalized(answer: Result<c_int, Error>) -> Released<Error> {
    match answer {
        Ok(sys::SQLITE_OK) => Released::Gone,
        // "If the most recent evaluation of statement S failed, then it returns the appropriate error code". Its text is the
        // connection's, and was an error of `step` already.
        Ok(status) => {
            let code = super::Code(status);
            Released::GoneWith(Error::of(code, code.text().to_string_lossy().into_owned()))
        }
        Err(in_handler) => Released::Refused(in_handler),
    }
}

/// Making one.
impl<K: Keeper<ConnectionRef>> Statement<K> {
    /// Prepares the one statement that is in `sql`.
    ///
    /// # Errors
    ///
    /// With SQLite's message; [`Error::NoStatement`] and [`Error::Trailing`].
    ///
    /// # Panics
    ///
    /// With what a progress handler panics with.
    #[doc(alias = "sqlite3_prepare_v3")]
    pub fn new(connection: K, sql: &str) -> Result<Statement<K>, Error> {
        let database = connection.parent().as_ptr();
        inside::check(database)?;
        let mut tail = ptr::null();
        let prepared = lend::slice(sql.as_bytes(), |text, len| {
            let prepare = |out: *mut *mut _| {
                // SAFETY: a live database, and a text of that length that is only looked at; both slots may be written.
                let status = unsafe { sys::sqlite3_prepare_v3(database, text.cast(), len, 0, out, &raw mut tail) };
                connection.parent().check(status)
            };
            // SAFETY: a new statement of ours, or NULL: "if the input text contains no SQL", and after an error. It leans on nothing yet
            // but the connection, which is borrowed here, and kept below.
            this_thread::resuming(|| unsafe { out::made_or_nothing::<StatementRef, _, Error>((), prepare) })
        })??;
        let statement = prepared.ok_or(Error::NoStatement)?;
        let used = tail.addr().saturating_sub(sql.as_ptr().addr());
        if !sql.get(used..).unwrap_or_default().trim_ascii().is_empty() {
            return Err(Error::Trailing);
        }
        // SAFETY: a live statement.
        let parameters = unsafe { sys::sqlite3_bind_parameter_count(statement.as_ptr()) };
        let keeper = (connection, Bindings::new(parameters));
        // SAFETY: the same statement; all that it leans on is the connection, which is kept.
        Ok(unsafe { cstruct::kit::Owned::map_keeper(statement, |()| keeper) }.into())
    }
}

/// Using it.
impl<K> Statement<K> {
    /// The next row, lent until the next step; `None` after the last, and the statement is ready to be bound and run anew.
    ///
    /// # Errors
    ///
    /// With SQLite's message; the statement is ready to run anew.
    ///
    /// # Panics
    ///
    /// With what a function of ours panics with that SQLite calls.
    #[doc(alias = "sqlite3_step")]
    pub fn step(&mut self) -> Result<Option<Row<'_>>, Error> {
        self.pin_mut().step()
    }

    /// Runs it to its end; says how many rows the last change changed.
    ///
    /// # Errors
    ///
    /// As for [`step`](Statement::step).
    ///
    /// # Panics
    ///
    /// As for [`step`](Statement::step).
    pub fn execute(&mut self) -> Result<u64, Error> {
        while self.step()?.is_some() {}
        Ok(self.connection().changes())
    }

    /// Ends the rows, so that it can be bound and run anew. What is bound stays bound.
    ///
    /// # Errors
    ///
    /// What was written up to now could not be committed. (What SQLite answers here after a step that failed was that step's error.)
    ///
    /// # Panics
    ///
    /// As for [`step`](Statement::step).
    #[doc(alias = "sqlite3_reset")]
    pub fn reset(&mut self) -> Result<(), Error> {
        self.pin_mut().reset()
    }
}

impl StatementRef {
    fn step(self: Pin<&mut Self>) -> Result<Option<Row<'_>>, Error> {
        let statement = self.into_ref().get_ref();
        inside::check(statement.connection().as_ptr())?;
        this_thread::resuming(|| {
            // SAFETY: a live statement, borrowed exclusively until the row is.
            match unsafe { sys::sqlite3_step(statement.as_ptr()) } {
                sys::SQLITE_ROW => Ok(Some(Row::of(statement))),
                status => {
                    let error = (status != sys::SQLITE_DONE).then(|| statement.connection().error(status));
                    // SAFETY: as above. It answers what step answered.
                    unsafe { sys::sqlite3_reset(statement.as_ptr()) };
                    error.map_or(Ok(None), Err)
                }
            }
        })
    }

    fn reset(self: Pin<&mut Self>) -> Result<(), Error> {
        inside::check(self.connection().as_ptr())?;
        // SAFETY: a live statement, borrowed exclusively: nobody has a row.
        this_thread::resuming(|| self.connection().check(unsafe { sys::sqlite3_reset(self.as_ptr()) }))
    }

    /// The connection that it was prepared on.
    #[doc(alias = "sqlite3_db_handle")]
    pub fn connection(&self) -> &ConnectionRef {
        // SAFETY: a live statement.
        let database = unsafe { sys::sqlite3_db_handle(self.as_ptr()) };
        // SAFETY: "the database connection handle to which a prepared statement belongs": the keeper keeps it.
        let Ok(connection) = (unsafe { ConnectionRef::from_ptr(database) }) else {
            unreachable!("a statement has a connection")
        };
        connection
    }

    /// Its SQL.
    #[doc(alias = "sqlite3_sql")]
    pub fn sql(&self) -> &CStr {
        // SAFETY: a live statement.
        let sql = unsafe { sys::sqlite3_sql(self.as_ptr()) };
        // SAFETY: "automatically freed when the prepared statement is finalized"; there is one after `sqlite3_prepare_v3`.
        if sql.is_null() { c"" } else { unsafe { CStr::from_ptr(sql) } }
    }

    /// Its SQL with what is bound in it: a text of its own, which `sqlite3_free` releases.
    ///
    /// # Errors
    ///
    /// No memory, or it would be longer than the connection allows.
    #[doc(alias = "sqlite3_expanded_sql")]
    pub fn expanded_sql(&self) -> Result<CText<SqliteFree>, Null> {
        // SAFETY: a live statement.
        let sql = unsafe { sys::sqlite3_expanded_sql(self.as_ptr()) };
        // SAFETY: "obtained from sqlite3_malloc() and must be freed by the application", or NULL.
        unsafe { CText::from_raw(sql) }
    }

    /// Whether it is between its first row and its last.
    #[doc(alias = "sqlite3_stmt_busy")]
    pub fn is_busy(&self) -> bool {
        // SAFETY: a live statement.
        unsafe { sys::sqlite3_stmt_busy(self.as_ptr()) != 0 }
    }

    /// How many columns a row has.
    #[doc(alias = "sqlite3_column_count")]
    pub fn column_count(&self) -> usize {
        // SAFETY: a live statement.
        usize::try_from(unsafe { sys::sqlite3_column_count(self.as_ptr()) }).unwrap_or_default()
    }

    /// The name of a column; `None` if there is no such column.
    #[doc(alias = "sqlite3_column_name")]
    pub fn column_name(&self, index: usize) -> Option<&CStr> {
        let index = c_int::try_from(index).ok()?;
        // SAFETY: a live statement; a number that is none of a column is answered with NULL.
        let name = unsafe { sys::sqlite3_column_name(self.as_ptr(), index) };
        // SAFETY: "valid until either the prepared statement is destroyed or until the statement is automatically reprepared by
        // the first call to sqlite3_step()", which needs it exclusively, or its name is asked for in UTF-16, which nobody does.
        (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) })
    }

    /// The number of a parameter, such as of `:name`; `None` if there is none.
    #[doc(alias = "sqlite3_bind_parameter_index")]
    pub fn parameter_index(&self, name: &CStr) -> Option<usize> {
        // SAFETY: a live statement, and a text that is only looked at.
        let index = unsafe { sys::sqlite3_bind_parameter_index(self.as_ptr(), name.as_ptr()) };
        usize::try_from(index).ok().filter(|index| *index != 0)
    }
}

impl fmt::Debug for StatementRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statement").field("sql", &self.sql()).field("busy", &self.is_busy()).finish_non_exhaustive()
    }
}

impl<K> fmt::Debug for Statement<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
