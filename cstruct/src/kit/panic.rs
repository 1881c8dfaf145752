//! Panics that have to get past C.
//!
//! ```text
//!   Rust caller ──► C function ──► extern "C" trampoline ──► closure of ours
//!        ▲                              │ catch                  │ panics
//!        └───────── resume ◄────────────┴────────────────────────┘
//! ```
//!
//! A panic must not unwind through C frames. With the `std` feature it is caught in front of them, carried, and resumed in Rust behind
//! them. Without `std` nothing can be caught: there a panic in front of a C frame aborts the process, whatever the ABI of
//! the trampoline.

#[cfg(feature = "std")]
use alloc::boxed::Box;
use core::fmt;
#[cfg(feature = "std")]
use core::ptr;
#[cfg(feature = "std")]
use core::sync::atomic::{AtomicPtr, Ordering};

/// A panic that was caught in front of C.
///
/// Without the `std` feature there is no value of it.
#[must_use = "a panic that is not resumed is lost"]
pub struct Panic {
    #[cfg(feature = "std")]
    payload: Box<dyn core::any::Any + Send>,
    #[cfg(not(feature = "std"))]
    never: core::convert::Infallible,
}

impl Panic {
    /// Goes on panicking with what it carries. The panic hook is not called again.
    pub fn resume(self) -> ! {
        #[cfg(feature = "std")]
        std::panic::resume_unwind(self.payload);
        #[cfg(not(feature = "std"))]
        match self.never {}
    }

    /// Ends it here. What it carries may panic in its own destructor; that ends here too.
    pub(super) fn discard(self) {
        #[cfg(feature = "std")]
        if let Err(second) = catch(|| drop(self.payload)) {
            // It could go on for ever.
            core::mem::forget(second);
        }
        #[cfg(not(feature = "std"))]
        match self.never {}
    }
}

impl fmt::Debug for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Panic").finish_non_exhaustive()
    }
}

/// Runs what C called, and stops a panic before it reaches C.
///
/// Every trampoline of the kit goes through it. Without the `std` feature a panic aborts the process here.
///
/// # Errors
///
/// The panic, to be resumed behind the C frames.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use cstruct::kit::catch;
/// let Err(_panic) = catch(|| panic!("out of cheese")) else { unreachable!() };
/// # }
/// ```
#[inline]
pub fn catch<R>(run: impl FnOnce() -> R) -> Result<R, Panic> {
    #[cfg(feature = "std")]
    {
        // What a half-done closure leaves behind is seen only after the panic was resumed, as with a panic without C between.
        std::panic::catch_unwind(core::panic::AssertUnwindSafe(run)).map_err(|payload| Panic { payload })
    }
    #[cfg(not(feature = "std"))]
    {
        let bomb = Bomb;
        let result = run();
        core::mem::forget(bomb);
        Ok(result)
    }
}

/// Turns an unwinding panic into an abort: a panic in a destructor that runs during a panic aborts.
#[cfg(not(feature = "std"))]
struct Bomb;

#[cfg(not(feature = "std"))]
impl Drop for Bomb {
    #[cold]
    fn drop(&mut self) {
        panic!("a panic cannot be carried past C without the `std` feature");
    }
}

/// Where a panic waits until Rust is behind the C frames.
///
/// A registered function runs inside some C call, on some thread, and nobody there may unwind. Its panic is stored here, and
/// the wrapper calls [`resume`](PanicSlot::resume) after its next call into the library. The first panic is kept, later ones are
/// dropped: they are mostly consequences. No lock.
///
/// ```
/// use cstruct::kit::PanicSlot;
/// static PANICS: PanicSlot = PanicSlot::new();
/// PANICS.resume(); // nothing happened, so nothing happens
/// assert!(!PANICS.is_set());
/// ```
pub struct PanicSlot {
    // Owned, from `Box::into_raw`; NULL when there is none.
    #[cfg(feature = "std")]
    first: AtomicPtr<Panic>,
}

impl PanicSlot {
    /// An empty slot.
    pub const fn new() -> PanicSlot {
        PanicSlot {
            #[cfg(feature = "std")]
            first: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// Puts a panic in, unless there is one already.
    #[cfg_attr(not(feature = "std"), allow(clippy::unused_self, reason = "nothing is kept without std"))]
    pub fn store(&self, panic: Panic) {
        #[cfg(feature = "std")]
        {
            let new = Box::into_raw(Box::new(panic));
            if self.first.compare_exchange(ptr::null_mut(), new, Ordering::Release, Ordering::Relaxed).is_err() {
                // SAFETY: `new` is from `Box::into_raw` just above, and was not stored.
                let later = unsafe { Box::from_raw(new) };
                later.discard();
            }
        }
        #[cfg(not(feature = "std"))]
        panic.discard();
    }

    /// Whether there is one.
    #[inline]
    pub fn is_set(&self) -> bool {
        #[cfg(feature = "std")]
        {
            !self.first.load(Ordering::Relaxed).is_null()
        }
        #[cfg(not(feature = "std"))]
        {
            false
        }
    }

    /// Takes it out.
    pub fn take(&self) -> Option<Panic> {
        #[cfg(feature = "std")]
        {
            let first = self.first.swap(ptr::null_mut(), Ordering::Acquire);
            if first.is_null() {
                return None;
            }
            // SAFETY: it is from `Box::into_raw` in `store`, and the swap made it ours alone.
            Some(*unsafe { Box::from_raw(first) })
        }
        #[cfg(not(feature = "std"))]
        None
    }

    /// Goes on with the panic that is here, if there is one.
    ///
    /// It does nothing while this thread is panicking already, so a destructor may call it.
    ///
    /// # Panics
    ///
    /// With what a function that C called panicked with.
    #[inline]
    pub fn resume(&self) {
        if self.is_set() {
            self.resume_now();
        }
    }

    #[cold]
    fn resume_now(&self) {
        #[cfg(feature = "std")]
        if std::thread::panicking() {
            return;
        }
        if let Some(panic) = self.take() {
            panic.resume();
        }
    }
}

impl Default for PanicSlot {
    fn default() -> Self {
        PanicSlot::new()
    }
}

impl Drop for PanicSlot {
    fn drop(&mut self) {
        if let Some(panic) = self.take() {
            panic.discard();
        }
    }
}

impl fmt::Debug for PanicSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PanicSlot").field("is_set", &self.is_set()).finish()
    }
}
