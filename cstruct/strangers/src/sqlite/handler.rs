//! The busy and the progress handler: one place each in a connection.

use core::ffi::{c_int, c_void};
use core::num::NonZero;
use core::ops::ControlFlow;
use core::time::Duration;
use std::sync::Arc;

use cstruct::kit::{Foreign, Hook, NotReplaced, Registered, Running, Slot};
use libsqlite3_sys as sys;

use super::library::Sqlite;
use super::{Connection, Error, inside};
use crate::this_thread::{self, Carried};

/// What a connection keeps for SQLite.
pub(super) struct Handlers {
    busy: Slot<Registered<Busy>>,
    progress: Slot<Registered<Progress>>,
    _library: Option<Running<Sqlite>>,
}

impl Handlers {
    /// None yet, for a connection of that library; of no library if C opened it.
    pub(super) fn none(library: Option<Running<Sqlite>>) -> Handlers {
        Handlers { busy: Slot::empty(), progress: Slot::empty(), _library: library }
    }
}

/// A closure, and the address of the connection that must not be used in it.
struct Handler<F: ?Sized> {
    connection: usize,
    function: Carried<Box<F>>,
}

type Busy = Handler<dyn FnMut(u32) -> ControlFlow<()> + Send>;
type Progress = Handler<dyn FnMut() -> ControlFlow<()> + Send>;

type BusyFn = unsafe extern "C" fn(*mut c_void, c_int) -> c_int;
type ProgressFn = unsafe extern "C" fn(*mut c_void) -> c_int;

/// Handlers. They run on the thread that uses the connection, and must not use it themselves: each call on it answers
/// [`Error::InHandler`] there.
impl Connection {
    /// Calls `wait` when somebody else has the lock, with how often it was called for this lock already. It goes on trying until `wait`
    /// breaks; then the call answers `SQLITE_BUSY`.
    ///
    /// There is one place for it: the handler before is dropped, and a [timeout](Connection::busy_timeout) ends. (`PRAGMA busy_timeout` takes
    /// the place of the handler too; it is dropped later then.)
    ///
    /// # Errors
    ///
    /// [`Error::InHandler`].
    ///
    /// # Panics
    ///
    /// With what the destructor of the handler before panics with. What `wait` panics with comes out of the call that waits.
    #[doc(alias = "sqlite3_busy_handler")]
    pub fn busy_handler<F>(&self, wait: F) -> Result<(), Error>
    where
        F: FnMut(u32) -> ControlFlow<()> + Send + 'static,
    {
        let handler: Busy = Handler { connection: self.as_ptr().addr(), function: Carried::new(Box::new(wait)) };
        self.set_busy(Some(Registered::new(handler, &Arc::default())), |hook| {
            // SAFETY: a live database; function and argument belong together.
            unsafe { sys::sqlite3_busy_handler(self.as_ptr(), hook.function(), hook.user()) }
        })
    }

    /// Waits that long when somebody else has the lock, in place of a handler, which is dropped. Zero is not at all, as it is in the
    /// beginning.
    ///
    /// # Errors
    ///
    /// As for [`busy_handler`](Connection::busy_handler).
    ///
    /// # Panics
    ///
    /// As for [`busy_handler`](Connection::busy_handler).
    #[doc(alias = "sqlite3_busy_timeout")]
    pub fn busy_timeout(&self, timeout: Duration) -> Result<(), Error> {
        let ms = c_int::try_from(timeout.as_millis()).unwrap_or(c_int::MAX);
        self.set_busy(None, |_none| {
            // SAFETY: a live database.
            unsafe { sys::sqlite3_busy_timeout(self.as_ptr(), ms) }
        })
    }

    fn set_busy(&self, new: Option<Registered<Busy>>, set: impl FnOnce(Hook<BusyFn>) -> c_int) -> Result<(), Error> {
        let set =
            |new: Option<&Registered<Busy>>| self.check(set(new.map_or(Hook::none(), |new| new.hook(busy as BusyFn))));
        self.exchange(&self.handlers().busy, new, set)
    }

    /// Calls `watch` again and again while a statement runs or is prepared, each time about `steps` of SQLite's machine were done. When it
    /// breaks, the call answers `SQLITE_INTERRUPT`.
    ///
    /// There is one place for it: the handler before is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::InHandler`].
    ///
    /// # Panics
    ///
    /// With what the destructor of the handler before panics with. What `watch` panics with comes out of the call that it watches.
    #[doc(alias = "sqlite3_progress_handler")]
    pub fn progress_handler<F>(&self, steps: NonZero<u32>, watch: F) -> Result<(), Error>
    where
        F: FnMut() -> ControlFlow<()> + Send + 'static,
    {
        let handler: Progress = Handler { connection: self.as_ptr().addr(), function: Carried::new(Box::new(watch)) };
        let steps = c_int::try_from(steps.get()).unwrap_or(c_int::MAX);
        self.set_progress(steps, Some(Registered::new(handler, &Arc::default())))
    }

    /// Watches no more; the handler is dropped.
    ///
    /// # Errors
    ///
    /// As for [`progress_handler`](Connection::progress_handler).
    ///
    /// # Panics
    ///
    /// As for [`progress_handler`](Connection::progress_handler).
    #[doc(alias = "sqlite3_progress_handler")]
    pub fn remove_progress_handler(&self) -> Result<(), Error> {
        self.set_progress(0, None)
    }

    fn set_progress(&self, steps: c_int, new: Option<Registered<Progress>>) -> Result<(), Error> {
        let set = |new: Option<&Registered<Progress>>| {
            let hook = new.map_or(Hook::none(), |new| new.hook(progress as ProgressFn));
            // SAFETY: a live database; function and argument belong together.
            unsafe { sys::sqlite3_progress_handler(self.as_ptr(), steps, hook.function(), hook.user()) };
            Ok(())
        };
        self.exchange(&self.handlers().progress, new, set)
    }

    fn exchange<V>(
        &self,
        slot: &Slot<V>,
        new: Option<V>,
        set: impl FnOnce(Option<&V>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        inside::check(self.as_ptr())?;
        // SAFETY: "there can only be a single handler for a particular database connection": the one before is forgotten, unless the
        // call fails, and then nothing is set. The slot is in the keeper of the connection, which ends after it.
        let replaced = this_thread::resuming(|| unsafe { slot.replace(new, set) }.map(drop));
        replaced.map_err(|refused| match refused {
            NotReplaced::Refused { error, .. } => error,
            NotReplaced::Busy { .. } => Error::InHandler,
        })
    }
}

unsafe extern "C" fn busy(user: *mut c_void, count: c_int) -> c_int {
    let call = |handler: &mut Busy| {
        let Some(wait) = handler.function.value() else { return 0 };
        inside::handler(handler.connection, || c_int::from(wait(count.unsigned_abs()).is_continue()), 0)
    };
    // SAFETY: SQLite hands back the argument of this function, which the slot keeps until it has another.
    unsafe { Registered::<Busy>::call(user, call, 0) }
}

/// A panic interrupts what is watched.
unsafe extern "C" fn progress(user: *mut c_void) -> c_int {
    let call = |handler: &mut Progress| {
        let Some(watch) = handler.function.value() else { return 1 };
        inside::handler(handler.connection, || c_int::from(watch().is_break()), 1)
    };
    // SAFETY: as for `busy`.
    unsafe { Registered::<Progress>::call(user, call, 1) }
}
