//! SQLite itself: set up before the first connection, and ended after the last.
//!
//! SQLite initialises itself with the first connection, and a process that wants nothing else need not know of this. It is for one that changes
//! a setting, or wants all memory back before its end.

use core::mem;
use core::sync::atomic::{AtomicBool, Ordering};
use std::path::Path;

use cstruct::kit::{Before, CloseError, InUse, LibraryState, NotReady, Release, Released, Running};
use libsqlite3_sys as sys;

use super::{Code, Connection, Error, OpenFlags, SqliteError};

/// SQLite as the kit knows it.
#[derive(Debug)]
pub(super) enum Sqlite {}

// SAFETY: "sqlite3_shutdown: deallocates any resources that were allocated by sqlite3_initialize()".
unsafe impl Release for Sqlite {
    type Handle = ();
    type Error = Code;

    unsafe fn release((): ()) -> Released<Code> {
        // SAFETY: it is initialised, and every connection holds a token. "Must only be called from a single thread": the kit sees to it.
        match unsafe { sys::sqlite3_shutdown() } {
            sys::SQLITE_OK => Released::Gone,
            status => Released::Refused(Code(status)),
        }
    }
}

// SAFETY: "sqlite3_initialize() is threadsafe", and the kit keeps others out of both. Neither calls back: no allocator, mutex or file
// system of ours was set. The static is SQLite's alone.
unsafe impl cstruct::kit::Library for Sqlite {
    const RESTARTS: bool = true;

    fn state() -> &'static LibraryState {
        static STATE: LibraryState = LibraryState::new();
        &STATE
    }

    unsafe fn init() -> Result<(), Code> {
        // SAFETY: it may be called at any time.
        match unsafe { sys::sqlite3_initialize() } {
            sys::SQLITE_OK => Ok(()),
            status => Err(Code(status)),
        }
    }
}

/// For a connection that is opened without a [`Library`]: SQLite is never ended then, since nobody has said that nothing else in the process
/// uses it.
pub(super) fn of_the_process() -> Result<Running<Sqlite>, NotReady<Code>> {
    static STAYS: AtomicBool = AtomicBool::new(false);
    let running = Running::acquire()?;
    if !STAYS.swap(true, Ordering::Relaxed) {
        mem::forget(running.clone());
    }
    Ok(running)
}

/// SQLite before it is initialised: the only time for its settings.
#[derive(Debug)]
#[must_use = "dropping it starts nothing"]
pub struct Setup(Before<Sqlite>);

impl Setup {
    /// Takes SQLite before its start.
    ///
    /// # Errors
    ///
    /// [`Error::NotReady`]: it is initialised already, by a connection for one, or somebody else has it.
    ///
    /// # Safety
    ///
    /// Until the [`Library`] that is started, and all that was made of it, is gone, nothing uses SQLite in this process but this module; and
    /// no text of [`SqliteFree`](super::SqliteFree) is left by then.
    pub unsafe fn take() -> Result<Setup, Error> {
        Ok(Setup(Before::take()?))
    }

    /// Whether SQLite counts its memory, for [`Library::memory_used`]. It does unless told otherwise.
    ///
    /// # Errors
    ///
    /// With SQLite's code.
    #[doc(alias = "SQLITE_CONFIG_MEMSTATUS")]
    pub fn memory_status(&mut self, counts: bool) -> Result<(), Error> {
        // SAFETY: "must be called before the library is initialized", and `self` is the proof; this option takes an int.
        match unsafe { sys::sqlite3_config(sys::SQLITE_CONFIG_MEMSTATUS, core::ffi::c_int::from(counts)) } {
            sys::SQLITE_OK => Ok(()),
            status => Err(SqliteError::of_code(Code(status)).into()),
        }
    }

    /// Initialises SQLite.
    ///
    /// # Errors
    ///
    /// [`Error::NotReady`] with SQLite's code.
    #[doc(alias = "sqlite3_initialize")]
    pub fn start(self) -> Result<Library, Error> {
        Ok(Library(self.0.start()?))
    }
}

/// SQLite as long as this, a clone of it, or a connection that it opened lives. The last of them ends it.
///
/// ```standalone_crate
/// use cstruct::kit::CloseError;
/// use cstruct_strangers::sqlite::Setup;
///
/// // SAFETY: nothing else in this program uses SQLite.
/// let mut setup = unsafe { Setup::take() }?;
/// setup.memory_status(true)?;
/// let sqlite = setup.start()?;
///
/// let connection = sqlite.open(":memory:")?;
/// assert!(sqlite.memory_used() > 0);
/// let Err(CloseError::StillOpen { handle: sqlite, .. }) = sqlite.shut() else { panic!("a connection lives") };
/// drop(connection);
/// sqlite.shut()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Library(Running<Sqlite>);

impl Library {
    /// Opens a file, which is made if there is none. The connection keeps SQLite running.
    ///
    /// # Errors
    ///
    /// As for [`Connection::open`].
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Connection, Error> {
        Connection::open_in(self.0.clone(), path.as_ref(), OpenFlags::READ_WRITE | OpenFlags::CREATE)
    }

    /// How many bytes SQLite has allocated; 0 if it [does not count](Setup::memory_status).
    #[doc(alias = "sqlite3_memory_used")]
    pub fn memory_used(&self) -> i64 {
        // SAFETY: it is initialised.
        unsafe { sys::sqlite3_memory_used() }
    }

    /// Ends SQLite now.
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] with [`InUse::Tokens`] while a clone or a connection lives, and for ever if a connection was opened without a
    /// library.
    #[doc(alias = "sqlite3_shutdown")]
    pub fn shut(self) -> Result<(), CloseError<Library, InUse<Code>>> {
        self.0.shut().map_err(|error| error.map_handle(Library))
    }
}
