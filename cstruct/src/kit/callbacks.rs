//! What the registered functions of one C object have in common.

use core::fmt;

use super::PanicSlot;
use super::panic::catch;
use super::sync::{AtomicUsize, Ordering};

/// The first panic of the functions that C calls for one object, and whether one of them is running.
///
/// A wrapper holds it in an `Arc` and gives a clone to every [`Registered`](super::Registered) function and
/// [`Interface`](super::Interface). It then [resumes](Callbacks::resume) after each call into the library, and refuses to close while one
/// [is running](Callbacks::is_running), as [`Hooked`](super::Hooked) does. For functions of the whole process it is a `static`.
///
/// After a panic nothing of ours runs for this object until the panic was resumed: C gets the stated defaults. A panic that nobody has
/// resumed when this is dropped is lost: such as that of the destructor of a function which outlives all calls that could have resumed it.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use cstruct::kit::Callbacks;
///
/// let callbacks = Callbacks::new();
/// // In a trampoline, in front of C:
/// assert_eq!(callbacks.run(|| -> i32 { panic!("no") }, -1), -1);
/// assert_eq!(callbacks.run(|| 7, -1), -1); // it is not run
/// // In the wrapper, behind C:
/// let again = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| callbacks.resume()));
/// assert!(again.is_err());
/// assert_eq!(callbacks.run(|| 7, -1), 7);
/// # }
/// ```
#[derive(Default)]
pub struct Callbacks {
    panics: PanicSlot,
    running: AtomicUsize,
}

impl Callbacks {
    /// Nothing panicked, nothing runs.
    pub const fn new() -> Callbacks {
        Callbacks { panics: PanicSlot::new(), running: AtomicUsize::new(0) }
    }

    /// Runs a function that C called. Answers `default` if it panics, and if one did before that was not resumed yet.
    #[inline]
    pub fn run<R>(&self, run: impl FnOnce() -> R, default: R) -> R {
        if self.panics.is_set() {
            return default;
        }
        self.running.fetch_add(1, Ordering::Relaxed);
        let result = catch(run);
        // Release: what it did happens before a close that finds nothing running.
        self.running.fetch_sub(1, Ordering::Release);
        match result {
            Ok(result) => result,
            Err(panic) => {
                self.panics.store(panic);
                default
            }
        }
    }

    /// Whether one of them is running now. On the thread that C calls them from this is exact.
    #[inline]
    pub fn is_running(&self) -> bool {
        self.running.load(Ordering::Acquire) != 0
    }

    /// Goes on with the panic of one of them, if there was one. Call it after every call into the library.
    ///
    /// # Panics
    ///
    /// With what a function that C called panicked with.
    #[inline]
    pub fn resume(&self) {
        // In a function that C called there are C frames behind us: it waits for those before them.
        if !self.is_running() {
            self.panics.resume();
        }
    }

    /// Where the panic waits.
    pub fn panics(&self) -> &PanicSlot {
        &self.panics
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callbacks").field("running", &self.is_running()).field("panics", &self.panics).finish()
    }
}
