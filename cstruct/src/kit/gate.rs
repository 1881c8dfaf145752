//! A handle that many hold and any of them may close.
//!
//! ```text
//!   Arc<Gate<SessionRef>>          enter() ─► Entered: a call in flight
//!   ┌──────┬───────┐               close() ─► refuses while calls are in flight
//!   │ word │ owner ├──► C object   close_wait() ─► lets nobody in, waits for those inside, closes
//!   └──────┴───────┘
//! ```

use core::cell::UnsafeCell;
use core::fmt;
use core::ops::Deref;
use core::ptr::NonNull;

use super::word::{Closed, Unclaimed, Word};
use super::{CloseError, Foreign, Owned, Release};

/// Lets many use a handle, and any of them close it, once.
///
/// Put it into an `Arc` (or an `Rc`, or a `static`). A user [enters](Gate::enter) for the time of a call. After
/// [`close`](Gate::close) entering is an error by name, never a use after free, and closing again is nothing. When C refuses
/// the close, the gate is open again.
///
/// A guard that is forgotten counts as a call that never ends: the gate cannot be closed any more, and releases the
/// handle when it is dropped itself, which no guard can see.
///
/// # Invariants
///
/// `owner` is read by those who have entered, and written only by the one who has claimed the word and found it
/// quiet. It is `Some` while the word is open.
///
/// ```
/// use cstruct::kit::{Closed, Gate, Shut};
/// # use cstruct::kit::{Owned, Release, Released};
/// # struct Session;
/// # unsafe impl Release for Session {
/// #     type Handle = u32; type Error = core::convert::Infallible;
/// #     unsafe fn release(_: u32) -> Released<Self::Error> { Released::Gone }
/// # }
/// # let session: Owned<Session> = unsafe { Owned::from_handle(7, ()) };
///
/// let gate = Gate::new(session);
/// let call = gate.enter()?;
/// assert!(matches!(gate.close(), Err(Shut::Busy))); // refused: a call is in flight
/// drop(call);
/// assert!(gate.close().is_ok());
/// assert!(gate.close().is_ok()); // it is closed already
/// assert_eq!(gate.enter().err(), Some(Closed));
/// # Ok::<(), Closed>(())
/// ```
pub struct Gate<T: Release, K = ()> {
    word: Word,
    owner: UnsafeCell<Option<Owned<T, K>>>,
    #[cfg(feature = "std")]
    bell: Bell,
}

/// Making one.
impl<T: Release, K> Gate<T, K> {
    /// Puts an owner behind a gate.
    pub fn new(owner: Owned<T, K>) -> Self {
        Gate {
            word: Word::open(),
            owner: UnsafeCell::new(Some(owner)),
            #[cfg(feature = "std")]
            bell: Bell::new(),
        }
    }
}

/// Turning it into something else.
impl<T: Release, K> Gate<T, K> {
    /// The owner, out of the gate again, unless it is closed.
    pub fn into_inner(self) -> Option<Owned<T, K>> {
        self.owner.into_inner()
    }
}

/// Using it.
impl<T: Release, K> Gate<T, K> {
    /// Begins a call. The handle is not closed before the result is dropped.
    ///
    /// # Errors
    ///
    /// [`Closed`]: it is closed, or somebody is closing it.
    ///
    /// # Panics
    ///
    /// When a quarter of all numbers of guards were forgotten.
    #[inline]
    pub fn enter(&self) -> Result<Entered<'_, T, K>, Closed> {
        self.word.enter()?;
        Ok(Entered { gate: self })
    }

    /// Whether it is closed. What is open may be closed the next moment; to rely on it, [enter](Gate::enter).
    pub fn is_closed(&self) -> bool {
        self.word.is_closed()
    }
}

/// Letting go.
impl<T: Release, K> Gate<T, K> {
    /// Closes the handle, unless somebody is using it. It does not wait.
    ///
    /// # Errors
    ///
    /// [`Shut::Busy`]: a call is in flight, or another close is; nothing happened. [`Shut::StillOpen`]: C refused; the gate is
    /// open again. [`Shut::Gone`]: it is closed, and something failed. If it was closed before, the result is `Ok`.
    pub fn close(&self) -> Result<(), Shut<T::Error>> {
        match self.word.try_claim() {
            Ok(()) => self.close_claimed(),
            Err(Unclaimed::Closed) => Ok(()),
            Err(Unclaimed::Busy) => Err(Shut::Busy),
        }
    }

    /// Lets nobody in any more, waits for the calls in flight, and closes the handle.
    ///
    /// Called from inside a call of the same thread, or from what runs during the close itself, it waits for itself for
    /// ever, as a lock would.
    ///
    /// # Errors
    ///
    /// [`Shut::StillOpen`] and [`Shut::Gone`], as for [`close`](Gate::close); never [`Shut::Busy`].
    #[cfg(feature = "std")]
    pub fn close_wait(&self) -> Result<(), Shut<T::Error>> {
        loop {
            match self.word.claim() {
                Ok(()) => {
                    self.bell.wait_until(|| self.word.is_quiet());
                    return self.close_claimed();
                }
                Err(Unclaimed::Closed) => return Ok(()),
                // Somebody else is closing: if C refuses them, it is our turn.
                Err(Unclaimed::Busy) => self.bell.wait_until(|| self.word.is_settled()),
            }
        }
    }

    /// The word is claimed and quiet.
    fn close_claimed(&self) -> Result<(), Shut<T::Error>> {
        let claim = Claim { gate: self };
        // SAFETY: the claim makes this the only access (invariant of `owner`).
        let owner = unsafe { &mut *self.owner.get() };
        let result = match owner.take().map(Owned::close) {
            None | Some(Ok(())) => Ok(()),
            Some(Err(CloseError::Gone(error))) => Err(Shut::Gone(error)),
            Some(Err(CloseError::StillOpen { handle, error })) => {
                *owner = Some(handle);
                Err(Shut::StillOpen(error))
            }
        };
        drop(claim);
        result
    }
}

/// Ends a claim, also when a keeper panics while it is dropped.
struct Claim<'g, T: Release, K> {
    gate: &'g Gate<T, K>,
}

impl<T: Release, K> Drop for Claim<'_, T, K> {
    fn drop(&mut self) {
        // SAFETY: the claim still makes this the only access.
        let gone = unsafe { (*self.gate.owner.get()).is_none() };
        // INVARIANT: the word is open again only with an owner behind it.
        self.gate.word.finish(gone);
        #[cfg(feature = "std")]
        self.gate.bell.ring();
    }
}

/// Why a gate did not simply close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut<E> {
    /// A call is in flight, or another close is under way; nothing happened.
    Busy,
    /// C refused, and the gate is open again.
    StillOpen(E),
    /// It is closed, and the error may belong to an earlier operation.
    Gone(E),
}

impl<E: fmt::Display> fmt::Display for Shut<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shut::Busy => f.write_str("still open: it is being used; end the calls in flight and try again"),
            Shut::StillOpen(error) => write!(f, "still open: {error}"),
            Shut::Gone(error) => write!(f, "closed, but {error}"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for Shut<E> {
    /// The cause's own: what the cause says, the text says already.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Shut::Busy => None,
            Shut::StillOpen(error) | Shut::Gone(error) => error.source(),
        }
    }
}

/// A call in flight: the handle stays open while this lives.
///
/// Dropping it counts the call out; it takes a lock only if somebody waits in `close_wait` and this was the last call.
#[must_use = "dropping it ends the call at once"]
pub struct Entered<'g, T: Release, K = ()> {
    gate: &'g Gate<T, K>,
}

impl<T: Release, K> Entered<'_, T, K> {
    /// The handle as C knows it. It stays the gate's: do not release it.
    #[inline]
    pub fn handle(this: &Self) -> T::Handle {
        Owned::handle(this.owner())
    }

    #[inline]
    fn owner(&self) -> &Owned<T, K> {
        // SAFETY: nobody writes the owner while a call is in flight, and this is one (invariant of `owner`).
        let owner = unsafe { &*self.gate.owner.get() };
        match owner {
            Some(owner) => owner,
            None => unreachable!("the word was open, so there is an owner"),
        }
    }
}

impl<T, K> Deref for Entered<'_, T, K>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.owner()
    }
}

impl<T: Release, K> Drop for Entered<'_, T, K> {
    #[inline]
    fn drop(&mut self) {
        let _last = self.gate.word.leave();
        #[cfg(feature = "std")]
        if _last {
            self.gate.bell.ring();
        }
    }
}

impl<T: Release, K> fmt::Debug for Gate<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("closed", &self.is_closed()).finish_non_exhaustive()
    }
}

impl<T: Release, K> fmt::Debug for Entered<'_, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entered").finish_non_exhaustive()
    }
}

/// Where a closer sleeps until the last call has left.
#[cfg(feature = "std")]
struct Bell {
    lock: super::sync::Mutex<()>,
    rang: super::sync::Condvar,
}

#[cfg(feature = "std")]
impl Bell {
    fn new() -> Bell {
        Bell { lock: super::sync::Mutex::new(()), rang: super::sync::Condvar::new() }
    }

    /// The lock guards no data, so a poisoned one is as good.
    fn wait_until(&self, done: impl Fn() -> bool) {
        let mut guard = self.lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        while !done() {
            guard = self.rang.wait(guard).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    /// What was waited for is in the word already. The lock is taken so that no sleeper is between looking and sleeping.
    #[cold]
    fn ring(&self) {
        drop(self.lock.lock());
        self.rang.notify_all();
    }
}

// Auto-traits. `Send` is that of the owner.

// SAFETY: a shared gate gives `&T` to many threads (`T: Sync`), and lets any of them release the object and drop the keeper,
// which moves both there (`Send`). The keeper is not shown. The word orders every call before the release.
unsafe impl<T: Release + Send + Sync, K: Send> Sync for Gate<T, K> {}
