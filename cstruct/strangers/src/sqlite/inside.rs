//! Which connections must not be used on this thread for the moment, because SQLite is in the middle of something with them.
//!
//! sqlite3.h: a busy or progress handler "must not do anything that will modify the database connection that invoked" it, or the behaviour
//! is undefined. A deterministic function is called in the middle of planning. And while SQLite exchanges a function it calls the
//! destructor of the one before, which is half in its place still. A closure can reach its own connection, by a `thread_local!` for one;
//! then it gets [`Error::InHandler`]. (Other SQL functions run between two steps of SQLite's machine, and may use their connection.)

use core::cell::RefCell;

use cstruct::kit::ThreadBound;
use libsqlite3_sys as sys;

use super::Error;
use crate::this_thread;

std::thread_local! {
    static INSIDE: RefCell<Vec<(usize, Inside)>> = const { RefCell::new(Vec::new()) };
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Handler,
    Exchange,
}

/// Runs a handler, or a deterministic function, of the connection with that address. SQLite gets `default` if it panics.
pub(super) fn handler<R: Copy>(connection: usize, handler: impl FnOnce() -> R, default: R) -> R {
    with(connection, Inside::Handler, || this_thread::run(handler, default)).unwrap_or(default)
}

/// Runs a call that exchanges a function of the connection, and may destroy one.
pub(super) fn exchange<R>(connection: *mut sys::sqlite3, call: impl FnOnce() -> R) -> Result<R, Error> {
    with(connection.addr(), Inside::Exchange, call).ok_or(Error::InHandler)
}

/// At the very end of the thread there is no list any more, and `run` is not run.
fn with<R>(connection: usize, what: Inside, run: impl FnOnce() -> R) -> Option<R> {
    let _listed = Listed::new(connection, what)?;
    Some(run())
}

/// The last entry of this thread's list, which goes with it. It holds no pointer, and still must not leave its thread.
struct Listed {
    _bound: ThreadBound,
}

impl Listed {
    fn new(connection: usize, what: Inside) -> Option<Listed> {
        INSIDE.try_with(|inside| inside.borrow_mut().push((connection, what))).ok()?;
        Some(Listed { _bound: ThreadBound::new() })
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        let _ = INSIDE.try_with(|inside| inside.borrow_mut().pop());
    }
}

/// In front of everything that changes a connection.
pub(super) fn check(connection: *mut sys::sqlite3) -> Result<(), Error> {
    refuse(|(address, _)| address == connection.addr())
}

/// In front of the end of a statement, which a destructor may bring about.
pub(super) fn check_end(connection: *mut sys::sqlite3) -> Result<(), Error> {
    refuse(|inside| inside == (connection.addr(), Inside::Handler))
}

fn refuse(if_any: impl Fn((usize, Inside)) -> bool) -> Result<(), Error> {
    let is_inside = INSIDE.try_with(|inside| inside.borrow().iter().any(|inside| if_any(*inside)));
    if is_inside.unwrap_or_default() { Err(Error::InHandler) } else { Ok(()) }
}
