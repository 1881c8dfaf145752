//! Tables whose rows Rust makes: SQLite's interface for virtual tables.
//!
//! ```text
//!   sqlite3_module                      the functions: a constant, one for each `T`
//!     │ xConnect, when a statement first names the table
//!     ▼
//!   Interface<sqlite3_vtab, …>          SQLite writes into its beginning; xDisconnect frees it
//!     │ xOpen, for each walk
//!     ▼
//!   Interface<sqlite3_vtab_cursor, …>   the same; xClose frees it
//! ```

use core::convert::Infallible;
use core::ffi::{c_char, c_int, c_void};
use core::ptr;
use std::ffi::CString;
use std::sync::Arc;

use cstruct::kit::{CloseError, Consumed, Foreign, Hook, Interface, Registered, lend};
use libsqlite3_sys as sys;

use super::call::ContextRef;
use super::{ConnectionRef, Error, Value, inside};
use crate::this_thread;

/// A table to read from, whose rows are made when SQLite asks for them.
///
/// Its code must not use the connection that it is called for: each call on that answers [`Error::InHandler`].
pub trait Table: Send + Sync + 'static {
    /// A walk over the rows, in order. A row that is too short ends with NULLs; of one that is too long the rest is not seen.
    type Rows: Iterator<Item = Vec<Value>> + Send + 'static;

    /// The names of the columns.
    fn columns(&self) -> Vec<String>;

    /// A new walk from the beginning. There may be several at once.
    fn rows(&self) -> Self::Rows;
}

/// Tables of ours.
impl ConnectionRef {
    /// Makes a value a table of that name, to be read from by any statement.
    ///
    /// SQLite owns the value, and drops it exactly once, after the last statement that reads from it: when another takes its name, when it
    /// is [removed](ConnectionRef::remove_table), with the connection, or at once if it refuses. A value that was read from
    /// goes a little later, when the next statement is prepared.
    ///
    /// ```
    /// use cstruct_strangers::sqlite::{Connection, Error, Table, Value};
    ///
    /// struct Squares(i64);
    /// impl Table for Squares {
    ///     type Rows = Box<dyn Iterator<Item = Vec<Value>> + Send>;
    ///     fn columns(&self) -> Vec<String> { vec!["n".into(), "square".into()] }
    ///     fn rows(&self) -> Self::Rows { Box::new((1..=self.0).map(|n| vec![n.into(), (n * n).into()])) }
    /// }
    ///
    /// let connection = Connection::open_in_memory()?;
    /// connection.create_table("squares", Squares(4))?;
    /// let mut sum = connection.prepare("select sum(square) from squares where n > 1")?;
    /// assert_eq!(sum.step()?.expect("one row").integer(0)?, Some(4 + 9 + 16));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// No memory, or a name with a NUL. The value is dropped then.
    ///
    /// # Panics
    ///
    /// With what the destructor of the value before panics with. What the table panics with comes out of the call that asked it:
    /// its columns out of the preparing of a statement, its rows out of a step.
    #[doc(alias = "sqlite3_create_module_v2")]
    pub fn create_table<T: Table>(&self, name: &str, table: T) -> Result<(), Error> {
        let given = Registered::new(Ours::new(Arc::new(table), self.as_ptr()), &Arc::default());
        self.give_table(name, |give| {
            let call = |hook: Hook<()>| match give(&Functions::<T>::TABLE, hook.user(), hook.destroy()) {
                Ok(()) => Consumed::Taken(()),
                Err(error) => Consumed::Lost(error),
            };
            // SAFETY: the functions are those for a `T`. "SQLite will invoke the destructor function when SQLite no longer needs the
            // pClientData pointer", and "if the call to sqlite3_create_module_v2() fails".
            unsafe { given.hand_over((), call) }.map_err(CloseError::into_error)
        })
    }

    /// Removes a table; SQLite drops its value, after the last statement that reads from it. If there is none it is no error.
    ///
    /// # Errors
    ///
    /// As for [`create_table`](ConnectionRef::create_table).
    ///
    /// # Panics
    ///
    /// With what the destructor of the value panics with.
    #[doc(alias = "sqlite3_create_module_v2")]
    pub fn remove_table(&self, name: &str) -> Result<(), Error> {
        self.give_table(name, |give| give(ptr::null(), ptr::null_mut(), None))
    }

    fn give_table(
        &self,
        name: &str,
        with: impl FnOnce(
            &dyn Fn(*const sys::sqlite3_module, *mut c_void, Option<Destroy>) -> Result<(), Error>,
        ) -> Result<(), Error>,
    ) -> Result<(), Error> {
        inside::check(self.as_ptr())?;
        inside::exchange(self.as_ptr(), || ())?; // refused at the very end of a thread, before the value is given away
        lend::cstr(name, |name| {
            let give = |functions, user, destroy| {
                let database = self.as_ptr();
                // SAFETY: a live database, a name that is copied, functions that are a constant, and data and destructor that are theirs.
                let create = || unsafe { sys::sqlite3_create_module_v2(database, name, functions, user, destroy) };
                self.check(inside::exchange(database, create)?)
            };
            this_thread::resuming(|| with(&give))
        })?
    }
}

type Destroy = unsafe extern "C" fn(*mut c_void);

/// A value that is used and dropped while its connection is out of its reach.
struct Ours<V> {
    value: Option<V>,
    connection: usize,
}

impl<V> Ours<V> {
    fn new(value: V, connection: *mut sys::sqlite3) -> Ours<V> {
        Ours { value: Some(value), connection: connection.addr() }
    }

    /// Looks at the value; `None` after a panic.
    fn look<R>(&self, look: impl FnOnce(&V) -> R) -> Option<R> {
        let mut result = None;
        inside::handler(self.connection, || result = self.value.as_ref().map(look), ());
        result
    }

    /// Changes the value; `None` after a panic.
    fn change<R>(&mut self, change: impl FnOnce(&mut V) -> R) -> Option<R> {
        let mut result = None;
        inside::handler(self.connection, || result = self.value.as_mut().map(change), ());
        result
    }
}

impl<V> Drop for Ours<V> {
    fn drop(&mut self) {
        let value = self.value.take();
        inside::handler(self.connection, || drop(value), ());
    }
}

// It never pins the value.
impl<V> Unpin for Ours<V> {}

type Given<T> = Ours<Arc<T>>;
type Connected<T> = Interface<sys::sqlite3_vtab, Given<T>>;
type Walking<T> = Interface<sys::sqlite3_vtab_cursor, Ours<Walk<T>>>;

/// One walk, and the row that it is at: none before the beginning and behind the end.
struct Walk<T: Table> {
    table: Arc<T>,
    rows: Option<T::Rows>,
    row: Option<Vec<Value>>,
    number: i64,
}

impl<T: Table> Walk<T> {
    fn begin(&mut self) {
        self.row = None;
        self.number = 0;
        self.rows = Some(self.table.rows());
        self.next();
    }

    fn next(&mut self) {
        self.row = self.rows.as_mut().and_then(Iterator::next);
        self.number += 1;
    }
}

/// What declares the columns to SQLite. The name of the table is not looked at.
fn declaration(columns: &[String]) -> Option<CString> {
    let quoted: Vec<_> = columns.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
    CString::new(format!("create table x({})", quoted.join(", "))).ok()
}

fn status(done: Option<()>) -> c_int {
    done.map_or(sys::SQLITE_ERROR, |()| sys::SQLITE_OK)
}

/// The functions for a `T`. Without xCreate the table is there without being created in the database; without xUpdate it is only read.
struct Functions<T>(T);

impl<T: Table> Functions<T> {
    const TABLE: sys::sqlite3_module = sys::sqlite3_module {
        iVersion: 1,
        xCreate: None,
        xConnect: Some(connect::<T>),
        xBestIndex: Some(best_index),
        xDisconnect: Some(disconnect::<T>),
        xDestroy: None,
        xOpen: Some(open::<T>),
        xClose: Some(close::<T>),
        xFilter: Some(filter::<T>),
        xNext: Some(next::<T>),
        xEof: Some(eof::<T>),
        xColumn: Some(column::<T>),
        xRowid: Some(rowid::<T>),
        xUpdate: None,
        xBegin: None,
        xSync: None,
        xCommit: None,
        xRollback: None,
        xFindFunction: None,
        xRename: None,
        xSavepoint: None,
        xRelease: None,
        xRollbackTo: None,
        xShadowName: None,
        xIntegrity: None,
    };
}

/// Gives a new table or cursor to SQLite.
///
/// # Safety
///
/// `out` may be written, and SQLite has the interface freed exactly once.
unsafe fn give<V, T>(interface: Interface<V, T>, out: *mut *mut V) -> c_int {
    let call = |raw| {
        // SAFETY: the caller says that it may be written.
        unsafe { out.write(raw) };
        Consumed::<_, Infallible>::Taken(())
    };
    // SAFETY: the caller says that it is freed once, and SQLite has it now.
    let Ok(()) = unsafe { interface.hand_over(call) };
    sys::SQLITE_OK
}

unsafe extern "C" fn connect<T: Table>(
    database: *mut sys::sqlite3,
    data: *mut c_void,
    _count: c_int,
    _arguments: *const *const c_char,
    out: *mut *mut sys::sqlite3_vtab,
    _message: *mut *mut c_char,
) -> c_int {
    let look = |given: &Given<T>| given.look(|table| (Arc::clone(table), declaration(&table.columns())));
    // SAFETY: the data of these functions, which SQLite has not destroyed: it is calling them.
    let seen = unsafe { Registered::<Given<T>>::call_shared(data, look, None) };
    let Some((table, Some(declaration))) = seen else { return sys::SQLITE_ERROR };
    // SAFETY: a live database that is connecting a table, and a text that is only looked at.
    let declared = unsafe { sys::sqlite3_declare_vtab(database, declaration.as_ptr()) };
    if declared != sys::SQLITE_OK {
        return declared;
    }
    // "The xConnect method must … fill in the sqlite3_vtab": SQLite does that itself, but for the message, which is NULL.
    let table_for_c = sys::sqlite3_vtab { pModule: ptr::null(), nRef: 0, zErrMsg: ptr::null_mut() };
    let connected = Interface::new(table_for_c, Ours::new(table, database), &Arc::default());
    // SAFETY: room for the table, which SQLite ends by xDisconnect, once.
    unsafe { give(connected, out) }
}

unsafe extern "C" fn best_index(_table: *mut sys::sqlite3_vtab, plan: *mut sys::sqlite3_index_info) -> c_int {
    // SAFETY: a plan that SQLite is making. No constraint is used: SQLite checks each row itself.
    unsafe { (*plan).estimatedCost = 1e6 };
    sys::SQLITE_OK
}

unsafe extern "C" fn disconnect<T: Table>(table: *mut sys::sqlite3_vtab) -> c_int {
    // SAFETY: it was handed over by `connect`, and SQLite does not use it any more.
    unsafe { Connected::<T>::free(table) };
    sys::SQLITE_OK
}

unsafe extern "C" fn open<T: Table>(table: *mut sys::sqlite3_vtab, out: *mut *mut sys::sqlite3_vtab_cursor) -> c_int {
    let look = |given: &Given<T>| Some((given.look(Arc::clone)?, given.connection));
    // SAFETY: a table that `connect` handed over, and that was not freed.
    let seen = unsafe { Connected::<T>::call(table, |given| look(given.get_ref()), None) };
    let Some((table, connection)) = seen else { return sys::SQLITE_ERROR };
    let walk = Ours { value: Some(Walk { table, rows: None, row: None, number: 0 }), connection };
    let walking = Interface::new(sys::sqlite3_vtab_cursor { pVtab: ptr::null_mut() }, walk, &Arc::default());
    // SAFETY: room for the cursor, which SQLite ends by xClose, once.
    unsafe { give(walking, out) }
}

unsafe extern "C" fn close<T: Table>(cursor: *mut sys::sqlite3_vtab_cursor) -> c_int {
    // SAFETY: it was handed over by `open`, and SQLite does not use it any more.
    unsafe { Walking::<T>::free(cursor) };
    sys::SQLITE_OK
}

/// Changes the walk of a cursor; `None` after a panic.
///
/// # Safety
///
/// SQLite is calling with a cursor that [`open`] of the same `T` handed over.
unsafe fn with_walk<T: Table, R>(
    cursor: *mut sys::sqlite3_vtab_cursor,
    with: impl FnOnce(&mut Walk<T>) -> R,
) -> Option<R> {
    // SAFETY: the caller's promise; SQLite has not closed it. A connection is used by one thread at a time, and what it calls is `Send`.
    unsafe { Walking::<T>::call_mut(cursor, |walk| walk.get_mut().change(with), None) }
}

unsafe extern "C" fn filter<T: Table>(
    cursor: *mut sys::sqlite3_vtab_cursor,
    _number: c_int,
    _text: *const c_char,
    _count: c_int,
    _arguments: *mut *mut sys::sqlite3_value,
) -> c_int {
    // SAFETY: SQLite is calling, with a cursor of ours.
    status(unsafe { with_walk(cursor, Walk::<T>::begin) })
}

unsafe extern "C" fn next<T: Table>(cursor: *mut sys::sqlite3_vtab_cursor) -> c_int {
    // SAFETY: SQLite is calling, with a cursor of ours.
    status(unsafe { with_walk(cursor, Walk::<T>::next) })
}

unsafe extern "C" fn eof<T: Table>(cursor: *mut sys::sqlite3_vtab_cursor) -> c_int {
    // SAFETY: SQLite is calling, with a cursor of ours.
    let is_at_a_row = unsafe { with_walk(cursor, |walk: &mut Walk<T>| walk.row.is_some()) };
    c_int::from(is_at_a_row != Some(true))
}

unsafe extern "C" fn column<T: Table>(
    cursor: *mut sys::sqlite3_vtab_cursor,
    context: *mut sys::sqlite3_context,
    index: c_int,
) -> c_int {
    // SAFETY: SQLite is calling, with a context of its own.
    let Ok(context) = (unsafe { ContextRef::from_ptr(context) }) else { return sys::SQLITE_ERROR };
    let answer = |walk: &mut Walk<T>| {
        let value = usize::try_from(index).ok().and_then(|index| walk.row.as_ref()?.get(index));
        context.answer(value.unwrap_or(&Value::Null));
    };
    // SAFETY: SQLite is calling, with a cursor of ours.
    status(unsafe { with_walk(cursor, answer) })
}

unsafe extern "C" fn rowid<T: Table>(cursor: *mut sys::sqlite3_vtab_cursor, out: *mut sys::sqlite3_int64) -> c_int {
    // SAFETY: SQLite is calling, with a cursor of ours.
    let number = unsafe { with_walk(cursor, |walk: &mut Walk<T>| walk.number) };
    // SAFETY: room for the number.
    status(number.map(|number| unsafe { out.write(number) }))
}
