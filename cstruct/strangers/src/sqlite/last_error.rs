//! The last error, which is the connection's until the next call overwrites it.

use core::ffi::c_int;

use cstruct::kit::{Foreign, copied_text};
use cstruct::wrap;
use libsqlite3_sys as sys;

use super::{Code, ConnectionRef, Error, SqliteError};

impl ConnectionRef {
    pub(super) fn check(&self, status: c_int) -> Result<(), Error> {
        match status {
            sys::SQLITE_OK => Ok(()),
            status => Err(self.error(status)),
        }
    }

    /// The error of the call that just answered `status`.
    #[cold]
    pub(super) fn error(&self, status: c_int) -> Error {
        let code = Code(status);
        // A parked statement may end on another thread, and so overwrite the message, but not while the mutex is held.
        // SAFETY: a live database.
        let mutex = unsafe { sys::sqlite3_db_mutex(self.as_ptr()) };
        // SAFETY: a mutex, or NULL, which is nothing.
        unsafe { sys::sqlite3_mutex_enter(mutex) };
        // SAFETY: entered just now, on this thread.
        let locked = unsafe { Locked::from_raw(mutex) };
        // SAFETY: a live database.
        let last = Code(unsafe { sys::sqlite3_extended_errcode(self.as_ptr()) });
        // SAFETY: as above.
        let message = unsafe { sys::sqlite3_errmsg(self.as_ptr()) };
        // SAFETY: a text, which may be overwritten by the next call, and that cannot come before the mutex is left.
        let message = unsafe { copied_text(message) };
        drop(locked);
        match message {
            Ok(message) if last == code => Error::of(code, message.to_string_lossy().into_owned()),
            // It is about another call: SQLite does not keep everything that it answers (`SQLITE_MISUSE`).
            _ => SqliteError::of_code(code).into(),
        }
    }
}

impl SqliteError {
    pub(super) fn of_code(code: Code) -> SqliteError {
        SqliteError { code, message: code.text().to_string_lossy().into_owned() }
    }
}

wrap! {
    /// A mutex of SQLite's that this thread has entered.
    struct Locked = Owned<MutexRef>;
    struct MutexRef(sys::sqlite3_mutex);

    unsafe {
        release = sys::sqlite3_mutex_leave;
        thread_bound = "sqlite3.h: it exits a mutex that was previously entered by the same thread";
    }
}
