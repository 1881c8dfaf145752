//! The one function that may be called from any thread while the object is used elsewhere.
//!
//! ```text
//!   home thread                                  any thread, a signal handler
//!   Reachable<SessionRef>                        Remote<Interrupt>  (Send + Sync + Clone)
//!   ┌───────┬──────┐                             ┌──────┐
//!   │ owner │ line ├──►  word + handle  ◄────────┤ line │   call(): enter, interrupt(handle), leave
//!   └───┬───┴──────┘                             └──────┘   Err(Closed) after the end
//!       └──► C object
//! ```
//!
//! Rule: the end of the owner waits, in a loop that yields, until the remote calls in flight have returned; those that come
//! later get [`Closed`]. That is why the function must be short: [`AnyThread`] asks for it.

use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::pin::Pin;
use core::ptr::{self, NonNull};

use super::sync::{self, Arc};
use super::word::{Closed, Word};
use super::{CloseError, Foreign, Owned, Release};

/// A C function that is legal on any thread at any time, as long as the object lives.
///
/// It is implemented on a type without a value that stands for the function, such as `Interrupt`.
///
/// # Safety
///
/// [`call`](AnyThread::call) is legal on every thread whatever is being done with the object meanwhile, short of its release.
/// It returns soon, waits for nobody, does not unwind, and calls nothing of ours back.
pub unsafe trait AnyThread {
    /// The object that it reaches.
    type Target: Release;

    /// What the function answers.
    type Output;

    /// Calls the C function.
    ///
    /// # Safety
    ///
    /// `handle` names a live object, which is not released before the call has returned.
    unsafe fn call(handle: <Self::Target as Release>::Handle) -> Self::Output;
}

struct Line<T: Release> {
    word: Word,
    handle: T::Handle,
}

/// An owner whose object can be reached by a [`Remote`].
///
/// It is used as the owner is, and it ends as the owner does, but first it hangs up: from then on no remote reaches the object. One
/// allocation, made when it is made.
///
/// Forgetting it leaks the object and its keeper, and remotes still reach the object: that is why the keeper is `'static`.
///
/// # Invariants
///
/// `owner` is initialised and its object live until this value is taken apart or dropped, and nobody else can take it. `line`
/// holds its handle; its word is claimed and quiet before the owner is released or handed out.
pub struct Reachable<T: Release + 'static, K: 'static = ()> {
    owner: ManuallyDrop<Owned<T, K>>,
    line: Arc<Line<T>>,
}

/// Making one.
impl<T: Release, K> Reachable<T, K> {
    /// Makes an owner reachable.
    pub fn new(owner: Owned<T, K>) -> Self {
        let handle = Owned::handle(&owner);
        Reachable { owner: ManuallyDrop::new(owner), line: Arc::new(Line { word: Word::open(), handle }) }
    }

    /// A remote with one function on it.
    pub fn remote<F: AnyThread<Target = T>>(this: &Self) -> Remote<F> {
        Remote { line: Arc::clone(&this.line), function: PhantomData }
    }
}

/// Turning it into something else.
impl<T: Release, K> Reachable<T, K> {
    /// Hangs up, and gives the owner back. Remotes get [`Closed`] from now on.
    pub fn into_owned(this: Self) -> Owned<T, K> {
        this.hang_up();
        let (owner, line) = Reachable::take_apart(this);
        line.word.finish(true);
        owner
    }

    fn take_apart(this: Self) -> (Owned<T, K>, Arc<Line<T>>) {
        let this = ManuallyDrop::new(this);
        // SAFETY: `owner` is initialised (invariant), and `this` is neither used nor dropped after these reads.
        let owner = unsafe { ptr::read(&raw const this.owner) };
        // SAFETY: as above.
        let line = unsafe { ptr::read(&raw const this.line) };
        (ManuallyDrop::into_inner(owner), line)
    }
}

/// Using it.
impl<T: Release, K> Reachable<T, K> {
    /// The owner, to look at. There is no way to change it: it could be exchanged for another.
    #[inline]
    pub fn owned(this: &Self) -> &Owned<T, K> {
        &this.owner
    }
}

impl<T, K> Reachable<T, K>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    /// Borrows the object to change it.
    #[inline]
    pub fn pin_mut(&mut self) -> Pin<&mut T> {
        self.owner.pin_mut()
    }
}

impl<T, K> Deref for Reachable<T, K>
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
impl<T: Release, K> Reachable<T, K> {
    /// Hangs up, releases the object now, and says what C said.
    ///
    /// # Errors
    ///
    /// As for [`Owned::close`]; what is still open is reachable again, for every remote.
    pub fn close(self) -> Result<(), CloseError<Self, T::Error>> {
        self.hang_up();
        let (owner, line) = Reachable::take_apart(self);
        // INVARIANT: a keeper that panics below leaves the word closing, which is closed to every remote.
        let result = owner.close();
        line.word.finish(!matches!(result, Err(CloseError::StillOpen { .. })));
        result.map_err(|error| error.map_handle(|owner| Reachable { owner: ManuallyDrop::new(owner), line }))
    }

    /// Lets no remote in any more, and waits for those inside.
    fn hang_up(&self) {
        // Nobody else claims the word, so this cannot be refused.
        let _ = self.line.word.claim();
        let mut round = 0;
        while !self.line.word.is_quiet() {
            sync::wait(&mut round);
        }
    }
}

impl<T: Release, K> Drop for Reachable<T, K> {
    fn drop(&mut self) {
        self.hang_up();
        self.line.word.finish(true);
        // SAFETY: `owner` is initialised (invariant) and never used again; no remote reaches its object any more.
        unsafe { ManuallyDrop::drop(&mut self.owner) };
    }
}

/// Calls one C function on an object from any thread, for as long as the object lives.
///
/// It holds a handle, not the object: it does not keep the object alive, and never reaches a closed one.
///
/// ```
/// use cstruct::kit::{AnyThread, Closed, Reachable, Remote};
/// # use cstruct::kit::{Owned, Release, Released};
/// # use std::sync::atomic::{AtomicU32, Ordering};
/// # struct Session;
/// # unsafe impl Release for Session {
/// #     type Handle = u32; type Error = core::convert::Infallible;
/// #     unsafe fn release(_: u32) -> Released<Self::Error> { Released::Gone }
/// # }
/// # static INTERRUPTED: AtomicU32 = AtomicU32::new(0);
/// # unsafe extern "C" fn session_interrupt(session: u32) { INTERRUPTED.store(session, Ordering::Relaxed) }
/// # let session: Owned<Session> = unsafe { Owned::from_handle(7, ()) };
///
/// struct Interrupt;
/// // SAFETY: "session_interrupt may be called from any thread, also while the session is in use; it sets a flag".
/// unsafe impl AnyThread for Interrupt {
///     type Target = Session;
///     type Output = ();
///     unsafe fn call(handle: u32) {
///         // SAFETY: the caller keeps the session alive meanwhile.
///         unsafe { session_interrupt(handle) }
///     }
/// }
///
/// let session = Reachable::new(session);
/// let stop: Remote<Interrupt> = Reachable::remote(&session);
/// std::thread::spawn({
///     let stop = stop.clone();
///     move || stop.call()
/// })
/// .join()
/// .expect("no panic")?;
/// # assert_eq!(INTERRUPTED.load(Ordering::Relaxed), 7);
/// drop(session);
/// assert_eq!(stop.call(), Err(Closed));
/// # Ok::<(), Closed>(())
/// ```
pub struct Remote<F: AnyThread> {
    line: Arc<Line<F::Target>>,
    function: PhantomData<fn() -> F>,
}

impl<F: AnyThread> Remote<F> {
    /// Calls the function, if the object still lives. It takes no lock and allocates nothing, so a signal handler may call it if the C
    /// function allows that.
    ///
    /// # Errors
    ///
    /// [`Closed`]: the object is gone, or is being released.
    #[inline]
    pub fn call(&self) -> Result<F::Output, Closed> {
        self.line.word.enter()?;
        let _inside = Inside(&self.line.word);
        // SAFETY: the word was open, so the object lives, and its release waits until `_inside` is dropped.
        Ok(unsafe { F::call(self.line.handle) })
    }
}

struct Inside<'w>(&'w Word);

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        let _ = self.0.leave();
    }
}

impl<F: AnyThread> Clone for Remote<F> {
    fn clone(&self) -> Self {
        Remote { line: Arc::clone(&self.line), function: PhantomData }
    }
}

impl<F: AnyThread> fmt::Debug for Remote<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("closed", &self.line.word.is_closed()).finish()
    }
}

impl<T: Release, K> fmt::Debug for Reachable<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reachable").finish_non_exhaustive()
    }
}

// Auto-traits.

// SAFETY: all that another thread can do with a remote is `call`, which `AnyThread` allows on every thread, and drop its count of
// the line, which holds a `Copy` handle that ends nothing.
unsafe impl<F: AnyThread> Send for Remote<F> {}

// SAFETY: as for `Send`; the word is atomic.
unsafe impl<F: AnyThread> Sync for Remote<F> {}

// SAFETY: it is the owner, and a line of which others use only the atomic word and a copy of the handle.
unsafe impl<T: Release, K> Send for Reachable<T, K> where Owned<T, K>: Send {}

// SAFETY: a shared one gives `&Owned` and remotes.
unsafe impl<T: Release, K> Sync for Reachable<T, K> where Owned<T, K>: Sync {}
