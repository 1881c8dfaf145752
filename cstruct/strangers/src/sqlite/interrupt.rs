//! `sqlite3_interrupt`: the one function on a connection that any thread may call.

use core::ptr::NonNull;

use cstruct::kit::{AnyThread, Remote};
use libsqlite3_sys as sys;

use super::ConnectionRef;

/// Interrupts what runs on one connection, from any thread.
///
/// [`call`](Remote::call) lets the statements that run answer `SQLITE_INTERRUPT`; it is without effect if none runs. After the end of the
/// connection it is an error by name: `sqlite3_interrupt` on a closed connection would be a use after free.
///
/// ```
/// use cstruct_strangers::sqlite::Connection;
///
/// let connection = Connection::open_in_memory()?;
/// let stop = connection.interrupter();
/// std::thread::spawn({ let stop = stop.clone(); move || stop.call() }).join().expect("no panic")?;
/// connection.close()?;
/// assert!(stop.call().is_err()); // SQLite is not called
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "sqlite3_interrupt")]
pub type Interrupter = Remote<Interrupt>;

/// The function that an [`Interrupter`] calls.
#[derive(Debug)]
pub enum Interrupt {}

// SAFETY: sqlite3.h: "It is safe to call this routine from a thread different from the thread that is currently running the database
// operation", on a connection that is not closed before it returns. It stores a flag, so it waits for nobody and calls nothing.
unsafe impl AnyThread for Interrupt {
    type Target = ConnectionRef;
    type Output = ();

    unsafe fn call(connection: NonNull<sys::sqlite3>) {
        // SAFETY: the caller keeps the connection alive meanwhile.
        unsafe { sys::sqlite3_interrupt(connection.as_ptr()) }
    }
}
