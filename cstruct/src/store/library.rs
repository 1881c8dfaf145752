//! The library itself: its allocator, its counters, its beginning and end.

use core::fmt;
use core::ptr;

use cstruct_sys as sys;

use super::Error;
use super::counting;
use super::error::check;
use crate::kit::{Allocations, CloseError, Owned, Release, Released, static_text};

/// The right to use the library with a chosen allocator; there may be several, and the last one ends it.
///
/// It is optional: without one the library is ready, on `malloc`. It owns no memory of C's, so its handle is `()`.
///
/// ```
/// use cstruct::{CStruct, Library};
///
/// let library = Library::start_counting()?; // before the first object
/// let record = CStruct::named(1, c"one")?;
/// let refused = library.shutdown().expect_err("a record lives");
/// drop(record);
/// let library = refused.into_handle().expect("it is still running");
/// assert_eq!(library.live().objects, 0);
/// library.shutdown()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Library {
    token: Owned<Running>,
    counting: bool,
}

/// The library, running.
struct Running;

// SAFETY: cstruct_shutdown ends one cstruct_init, or refuses and changes nothing (LIFECYCLE(shutdown)).
unsafe impl Release for Running {
    type Handle = ();
    type Error = Error;

    unsafe fn release((): ()) -> Released<Error> {
        // SAFETY: ANY_THREAD; the caller owns one cstruct_init.
        match check(unsafe { sys::cstruct_shutdown() }) {
            Ok(()) => Released::Gone,
            Err(error) => Released::Refused(error),
        }
    }
}

impl Library {
    /// Begins the use of the library on `malloc`.
    ///
    /// # Errors
    ///
    /// [`Status::Busy`](super::Status::Busy) when an object lives.
    #[doc(alias = "cstruct_init")]
    pub fn start() -> Result<Library, Error> {
        Library::init(ptr::null(), false)
    }

    /// Begins the use of the library on `malloc` with every call counted; see [`allocations`](Library::allocations).
    ///
    /// # Errors
    ///
    /// [`Status::Busy`](super::Status::Busy) when an object lives, or when it is in use already: an allocator is chosen before the first object.
    #[doc(alias = "cstruct_init")]
    pub fn start_counting() -> Result<Library, Error> {
        Library::init(&raw const counting::TABLE.0, true)
    }

    fn init(allocator: *const sys::cstruct_allocator, counting: bool) -> Result<Library, Error> {
        // SAFETY: NULL, or a table that is static and whose functions do what the header asks of an allocator.
        check(unsafe { sys::cstruct_init(allocator) })?;
        // SAFETY: one cstruct_init has succeeded, and its shutdown is this value's.
        let token = unsafe { Owned::from_handle((), ()) };
        Ok(Library { token, counting })
    }

    /// What lives now, as [`live`].
    pub fn live(&self) -> Live {
        live()
    }

    /// What the library has asked of the counting allocator in this process; `None` after
    /// [`start`](Library::start).
    pub fn allocations(&self) -> Option<Allocations> {
        self.counting.then(|| counting::HOOK.allocations())
    }

    /// Lets the peak begin anew from what lives now.
    pub fn restart_peak(&self) {
        counting::HOOK.restart_peak();
    }

    /// Ends it.
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] while objects live, when this is the last one.
    #[doc(alias = "cstruct_shutdown")]
    pub fn shutdown(self) -> Result<(), CloseError<Library, Error>> {
        let Library { token, counting } = self;
        token.close().map_err(|error| error.map_handle(|token| Library { token, counting }))
    }
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library").field("live", &self.live()).field("allocations", &self.allocations()).finish()
    }
}

/// What lives in the library, by its own counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "cstruct_usage")]
pub struct Live {
    /// Objects that were not yet released; a list counts each record.
    pub objects: u64,
    /// Bytes asked of the allocator and not yet given back.
    pub bytes: u64,
}

/// What lives now in this process.
#[doc(alias = "cstruct_live")]
pub fn live() -> Live {
    // SAFETY: ANY_THREAD.
    let sys::cstruct_usage { objects, bytes } = unsafe { sys::cstruct_live() };
    Live { objects, bytes }
}

/// The version of the linked library, such as `"0.1.0"`.
#[doc(alias = "cstruct_version")]
pub fn version() -> &'static str {
    // SAFETY: ANY_THREAD.
    let text = unsafe { sys::cstruct_version() };
    // SAFETY: STATIC, TEXT, NONNULL.
    let text = unsafe { static_text(text) }.unwrap_or_default();
    text.to_str().unwrap_or("a version that is not UTF-8")
}

/// The same as a number: major × 1,000,000 + minor × 1,000 + patch.
#[doc(alias = "cstruct_version_number")]
pub fn version_number() -> u32 {
    // SAFETY: ANY_THREAD.
    unsafe { sys::cstruct_version_number() }
}
