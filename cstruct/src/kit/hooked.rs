//! An owner whose callbacks may try to end it.
//!
//! ```text
//!   loop_run() ──► C ──► trampoline ──► closure of ours ──► drop(timer)    the very timer that C is calling for
//!                                                           └► refused: leaked, and told
//! ```

use alloc::sync::Arc;
use core::fmt;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::pin::Pin;
use core::ptr::{self, NonNull};

use super::event::{self, Event};
use super::{Callbacks, CloseError, Foreign, Owned, Release, tracked};

/// Owns a C object, and does not release it while C is inside one of its callbacks.
///
/// Many libraries crash when a callback closes the object that is calling it. A closure that shares the handle can try; here it gets
/// an error. (Where the library itself refuses, [`Owned`] is enough. Where the handle is closed by `&self`, see [`Gate`](super::Gate).)
///
/// [`close`](Hooked::close) answers [`HookedError::Running`] with the owner. Dropped inside a callback, the object and
/// its keeper are leaked, and [`event`] is told. Both look at the [`Callbacks`] that the object's functions were registered with.
///
/// # Invariants
///
/// `owner` is initialised until this value is taken apart or dropped.
///
/// ```
/// use cstruct::kit::{Callbacks, CloseError, Hooked, HookedError};
/// # use cstruct::kit::{Owned, Release, Released};
/// # struct Timer;
/// # unsafe impl Release for Timer {
/// #     type Handle = u32; type Error = core::convert::Infallible;
/// #     unsafe fn release(_: u32) -> Released<Self::Error> { Released::Gone }
/// # }
/// # let owned: Owned<Timer> = unsafe { Owned::from_handle(7, ()) };
/// use std::sync::Arc;
///
/// let callbacks = Arc::new(Callbacks::new());
/// let timer = Hooked::new(owned, &callbacks);
/// // C calls a trampoline, and the closure closes the timer that it is called for:
/// let timer = callbacks.run(|| match timer.close() {
///     Err(CloseError::StillOpen { handle, error: HookedError::Running }) => Some(handle),
///     _ => None,
/// }, None);
/// // It is still there, and C is not inside any more:
/// assert!(timer.expect("refused").close().is_ok());
/// ```
#[must_use = "dropping it releases the object at once"]
pub struct Hooked<T: Release, K = ()> {
    owner: ManuallyDrop<Owned<T, K>>,
    callbacks: Arc<Callbacks>,
}

/// Making one.
impl<T: Release, K> Hooked<T, K> {
    /// Guards an owner whose functions were, or will be, registered with `callbacks`.
    pub fn new(owner: Owned<T, K>, callbacks: &Arc<Callbacks>) -> Self {
        Hooked { owner: ManuallyDrop::new(owner), callbacks: Arc::clone(callbacks) }
    }

    fn take_apart(this: Self) -> (Owned<T, K>, Arc<Callbacks>) {
        let this = ManuallyDrop::new(this);
        // SAFETY: `owner` is initialised (invariant), and `this` is neither used nor dropped after these reads.
        let owner = unsafe { ptr::read(&raw const this.owner) };
        // SAFETY: as above.
        let callbacks = unsafe { ptr::read(&raw const this.callbacks) };
        (ManuallyDrop::into_inner(owner), callbacks)
    }
}

/// Using it.
impl<T: Release, K> Hooked<T, K> {
    /// The owner, to look at.
    #[inline]
    pub fn owned(this: &Self) -> &Owned<T, K> {
        &this.owner
    }

    /// What its functions are registered with, and what is [resumed](Callbacks::resume) after calls into the library.
    #[inline]
    pub fn callbacks(this: &Self) -> &Arc<Callbacks> {
        &this.callbacks
    }
}

impl<T, K> Hooked<T, K>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    /// Borrows the object to change it.
    #[inline]
    pub fn pin_mut(&mut self) -> Pin<&mut T> {
        self.owner.pin_mut()
    }
}

impl<T, K> Deref for Hooked<T, K>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.owner
    }
}

/// Letting go.
impl<T: Release, K> Hooked<T, K> {
    /// Releases the object now and says what C said, unless one of its functions is running.
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] with [`HookedError::Running`]: C is inside one of its functions. Otherwise as [`Owned::close`].
    ///
    /// # Panics
    ///
    /// With what a function panicked with that C called during the release or before, if the object is gone.
    pub fn close(self) -> Result<(), CloseError<Self, HookedError<T::Error>>> {
        if self.callbacks.is_running() {
            return Err(CloseError::StillOpen { handle: self, error: HookedError::Running });
        }
        let (owner, callbacks) = Hooked::take_apart(self);
        let handle = Owned::handle(&owner);
        match owner.close() {
            Ok(()) => {
                tracked::ended::<T>(handle, &callbacks);
                callbacks.resume();
                Ok(())
            }
            Err(CloseError::Gone(error)) => {
                tracked::ended::<T>(handle, &callbacks);
                callbacks.resume();
                Err(CloseError::Gone(HookedError::Refused(error)))
            }
            Err(CloseError::StillOpen { handle, error }) => Err(CloseError::StillOpen {
                handle: Hooked { owner: ManuallyDrop::new(handle), callbacks },
                error: HookedError::Refused(error),
            }),
        }
    }
}

impl<T: Release, K> Drop for Hooked<T, K> {
    fn drop(&mut self) {
        if self.callbacks.is_running() {
            event::report(&Event::Leaked {
                type_name: core::any::type_name::<T>(),
                error: &HookedError::<T::Error>::Running,
            });
            return;
        }
        let handle = Owned::handle(&self.owner);
        // SAFETY: `owner` is initialised (invariant) and never used again.
        unsafe { ManuallyDrop::drop(&mut self.owner) };
        tracked::ended::<T>(handle, &self.callbacks);
    }
}

/// Why a hooked object is still open, or what its end said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookedError<E> {
    /// C is inside one of its functions at this moment.
    Running,
    /// What C said.
    Refused(E),
}

impl<E: fmt::Display> fmt::Display for HookedError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HookedError::Running => {
                f.write_str("C is calling one of its functions; end it after that function has returned")
            }
            HookedError::Refused(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for HookedError<E> {
    /// The cause's own: what the cause says, the text says already.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            HookedError::Running => None,
            HookedError::Refused(error) => error.source(),
        }
    }
}

impl<T: Release, K> fmt::Debug for Hooked<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooked").field("callbacks", &self.callbacks).finish_non_exhaustive()
    }
}

// Auto-traits: those of the owner; `Callbacks` is `Send + Sync`. On another thread `is_running` is only a snapshot: an object that C
// calls from its own threads needs a release that waits for them, as C documents it.
