//! `sqlite3`: an open database.

use core::ffi::{CStr, c_int};
use core::fmt;
use core::ops::Deref;
use core::ptr;
use std::path::Path;

use cstruct::kit::{CloseError, Foreign, Keeper, Null, Owned, Reachable, Released, Running, lend, out};
use cstruct::wrap;
use libsqlite3_sys as sys;

use super::handler::Handlers;
use super::library::{self, Sqlite};
use super::memory::is_thread_safe;
use super::{Code, Error, Interrupter, SqliteError, inside};
use crate::this_thread;

wrap! {
    /// An open database in serialized mode, borrowed.
    #[doc(alias = "sqlite3")]
    pub struct ConnectionRef(sys::sqlite3);

    unsafe {
        close = close, closed => Error;
        send = "it is opened only in a library with mutexes, and in serialized mode: SQLite keeps nothing of the thread";
    }
}

/// An open database: closed with `sqlite3_close`, which refuses while a statement lives.
///
/// It may go to another thread, with all that it calls, but is used by one at a time: the last error, the last row and the changes are
/// the connection's, and SQLite's mutex does not span the call and the question. So it is `Send`, and not `Sync`.
///
/// ```
/// use cstruct_strangers::sqlite::Connection;
///
/// let connection = Connection::open_in_memory()?;
/// connection.execute_batch("create table place (name text); insert into place values ('indoor'), ('outdoor')")?;
///
/// let mut names = connection.prepare("select name from place order by name")?;
/// let row = names.step()?.expect("there are two");
/// assert_eq!(row.text(0)?, Some("indoor"));
///
/// drop(names);
/// connection.close()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "dropping it closes the database at once"]
pub struct Connection(Reachable<ConnectionRef, Handlers>);

/// # Safety
///
/// `database` is open and the caller's, who does not use it any more if the answer is `Ok`.
unsafe fn close(database: *mut sys::sqlite3) -> Result<(), Error> {
    inside::check(database)?;
    // SAFETY: the caller gives it up. Not `_v2`, which never refuses and leaves a zombie.
    match unsafe { sys::sqlite3_close(database) } {
        sys::SQLITE_OK => Ok(()),
        // SAFETY: it was refused, so the database is as open as before.
        status => Err(unsafe { ConnectionRef::from_ptr(database) }?.error(status)),
    }
}

fn closed(answer: Result<(), Error>) -> Released<Error> {
    answer.map_or_else(Released::Refused, |()| Released::Gone)
}

/// Making one.
impl Connection {
    /// Opens a file, which is made if there is none.
    ///
    /// # Errors
    ///
    /// With SQLite's message; the handle that it hands out on a failure too is closed.
    #[doc(alias = "sqlite3_open")]
    pub fn open(path: impl AsRef<Path>) -> Result<Connection, Error> {
        Connection::open_with(path, OpenFlags::READ_WRITE | OpenFlags::CREATE)
    }

    /// Opens a database of its own in memory.
    ///
    /// # Errors
    ///
    /// As for [`open`](Connection::open).
    pub fn open_in_memory() -> Result<Connection, Error> {
        Connection::open(":memory:")
    }

    /// Opens a file in another way.
    ///
    /// # Errors
    ///
    /// As for [`open`](Connection::open).
    #[doc(alias = "sqlite3_open_v2")]
    pub fn open_with(path: impl AsRef<Path>, flags: OpenFlags) -> Result<Connection, Error> {
        Connection::open_in(library::of_the_process()?, path.as_ref(), flags)
    }

    pub(super) fn open_in(library: Running<Sqlite>, path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
        if !is_thread_safe() {
            return Err(Error::NotThreadSafe);
        }
        let flags = flags.0 | sys::SQLITE_OPEN_FULLMUTEX | sys::SQLITE_OPEN_EXRESCODE;
        let explain = |status, database: Option<&ConnectionRef>| match database {
            Some(database) => database.error(status),
            None => SqliteError::of_code(Code(status)).into(),
        };
        lend::cstr(path.as_os_str().as_encoded_bytes(), |path| {
            let open = |out: *mut *mut sys::sqlite3| {
                // SAFETY: a path that is only looked at, and room for the handle; NULL is the usual file system.
                match unsafe { sys::sqlite3_open_v2(path, out, flags, ptr::null()) } {
                    sys::SQLITE_OK => Ok(()),
                    status => Err(status),
                }
            };
            // SAFETY: "whether or not an error occurs", it is NULL or a new handle, to be closed.
            unsafe { out::made_even_if_failed(Handlers::none(Some(library)), open, explain) }
        })?
        .and_then(Connection::serialized)
    }

    fn serialized(owned: Owned<ConnectionRef, Handlers>) -> Result<Connection, Error> {
        // SAFETY: a live database.
        let mutex = unsafe { sys::sqlite3_db_mutex(owned.as_ptr()) };
        // "If the threading mode is Single-thread or Multi-thread then this routine returns a NULL pointer": the library was
        // configured for one thread, and then it does not heed the flag.
        if mutex.is_null() { Err(Error::NotThreadSafe) } else { Ok(Connection(Reachable::new(owned))) }
    }

    /// Takes over a database that C opened.
    ///
    /// # Errors
    ///
    /// [`Null`].
    ///
    /// # Safety
    ///
    /// If not NULL, it points to an open database in serialized mode, which only the result closes from now on, and on which neither
    /// a busy nor a progress handler is set. SQLite is not ended before that.
    #[track_caller]
    pub unsafe fn from_raw(database: *mut sys::sqlite3) -> Result<Connection, Null> {
        // SAFETY: the caller's promise is the same.
        unsafe { Owned::from_raw_with(database, Handlers::none(None)) }.map(|owned| Connection(Reachable::new(owned)))
    }
}

/// How to open a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenFlags(c_int);

impl OpenFlags {
    /// It must be there, and is not changed.
    pub const READ_ONLY: OpenFlags = OpenFlags(sys::SQLITE_OPEN_READONLY);
    /// It must be there.
    pub const READ_WRITE: OpenFlags = OpenFlags(sys::SQLITE_OPEN_READWRITE);
    /// With [`READ_WRITE`](OpenFlags::READ_WRITE): it is made if it is not there.
    pub const CREATE: OpenFlags = OpenFlags(sys::SQLITE_OPEN_CREATE);
}

impl core::ops::BitOr for OpenFlags {
    type Output = OpenFlags;

    fn bitor(self, other: OpenFlags) -> OpenFlags {
        OpenFlags(self.0 | other.0)
    }
}

/// Using it.
impl Connection {
    /// What interrupts its statements from other threads.
    pub fn interrupter(&self) -> Interrupter {
        Reachable::remote(&self.0)
    }

    pub(super) fn handlers(&self) -> &Handlers {
        Owned::keeper(Reachable::owned(&self.0))
    }
}

impl Deref for Connection {
    type Target = ConnectionRef;

    fn deref(&self) -> &ConnectionRef {
        &self.0
    }
}

// SAFETY: it owns the database, which it never exchanges and nobody moves or ends before it does.
unsafe impl Keeper<ConnectionRef> for Connection {
    fn parent(&self) -> &ConnectionRef {
        self
    }
}

/// Letting go.
impl Connection {
    /// Closes it now, if SQLite lets it.
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] with the connection and `SQLITE_BUSY` while a statement lives: one that is [parked](super::Parked), or
    /// was forgotten. End it and try again.
    ///
    /// # Panics
    ///
    /// With what the destructor of a function panics with.
    #[doc(alias = "sqlite3_close")]
    pub fn close(self) -> Result<(), CloseError<Connection, Error>> {
        this_thread::resuming(|| self.0.close().map_err(|error| error.map_handle(Connection)))
    }
}

impl fmt::Debug for ConnectionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("autocommit", &self.is_autocommit()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// SQLite's version, such as `3.50.0`.
#[must_use]
#[doc(alias = "sqlite3_libversion")]
pub fn version() -> &'static CStr {
    // SAFETY: a function without arguments.
    let version = unsafe { sys::sqlite3_libversion() };
    // SAFETY: "a pointer to the sqlite3_version[] string constant".
    unsafe { cstruct::kit::static_text(version) }.unwrap_or_default()
}
