//! A library that wants to be initialised first and cleaned up last.
//!
//! ```text
//!   Before<L> ──start()──► Running<L> ──clone()──► Running<L> … in every handle, as its keeper
//!   settings: functions         │
//!   that take &mut Before<L>    ├─ shut(): cleanup now; refused while another token lives
//!                               └─ the last one dropped: cleanup then
//! ```
//!
//! A token has no size: a handle that holds the library is as small as one that does not. The count is in a static.

use core::any::type_name;
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering};

use super::event::{self, Event};
use super::library_error::{InUse, NotReady};
use super::sync::wait;
use super::{CloseError, Keeper, Release, Released, SharedKeeper};

/// A C library with an init and a cleanup function.
///
/// It is implemented on a type without a value. Its cleanup is its [`Release`], with the handle `()`.
///
/// # Safety
///
/// [`init`](Library::init) may be called on any thread, and the cleanup on another; neither unwinds nor calls anything of ours back.
/// [`state`](Library::state) is always the same static, which no other library uses.
pub unsafe trait Library: Release<Handle = ()> + 'static {
    /// Whether it may be initialised again after a cleanup.
    const RESTARTS: bool;

    /// Where the kit counts.
    fn state() -> &'static LibraryState;

    /// Calls C's init function. An error means that there is nothing to clean up.
    ///
    /// # Errors
    ///
    /// As C says.
    ///
    /// # Safety
    ///
    /// It is not initialised, and nobody else initialises it or cleans it up meanwhile.
    unsafe fn init() -> Result<(), Self::Error>;
}

/// The state of one library: a `static` of the wrapper.
#[derive(Debug)]
pub struct LibraryState(AtomicUsize);

impl LibraryState {
    /// Of a library that is not initialised.
    #[expect(clippy::new_without_default, reason = "it is only good in a static, where Default cannot be called")]
    pub const fn new() -> Self {
        LibraryState(AtomicUsize::new(FRESH))
    }

    /// Goes from one phase to another, when it is in it.
    fn step(&self, from: usize, to: usize) -> Result<(), usize> {
        self.0.compare_exchange(from, to, Ordering::Acquire, Ordering::Acquire).map(drop)
    }

    fn set(&self, to: usize) {
        self.0.store(to, Ordering::Release);
    }
}

// The phases. From RUNNING on it is RUNNING + STEP times the number of tokens; an idle library is initialised without one.
const FRESH: usize = 0;
const TAKEN: usize = 1;
const BUSY: usize = 2; // init or cleanup is running
const AFTER: usize = 3;
const RUNNING: usize = 4;
const STEP: usize = 8;

fn is_running(phase: usize) -> bool {
    phase % STEP == RUNNING
}

/// A library that is not yet initialised: the only time for its settings.
///
/// There is at most one. Settings are functions of the wrapper that take `&mut Before<L>`; once it has started, there is nothing to
/// call them with.
#[must_use = "dropping it starts nothing"]
pub struct Before<L: Library> {
    library: PhantomData<fn() -> L>,
}

impl<L: Library> Before<L> {
    /// Takes the library before it is initialised.
    ///
    /// # Errors
    ///
    /// [`NotReady::Running`] if it is initialised, [`NotReady::Taken`] if somebody else has it, [`NotReady::Over`] if it was
    /// cleaned up and does not restart.
    pub fn take() -> Result<Self, NotReady<L::Error>> {
        let (state, mut round) = (L::state(), 0);
        loop {
            match state.step(FRESH, TAKEN) {
                Ok(()) => {
                    return Ok(Before { library: PhantomData });
                }
                Err(BUSY) => wait(&mut round),
                Err(TAKEN) => return Err(NotReady::Taken),
                Err(AFTER) => return Err(NotReady::Over),
                Err(_) => return Err(NotReady::Running),
            }
        }
    }

    /// Initialises the library.
    ///
    /// # Errors
    ///
    /// [`NotReady::Init`] with what C said; the library is as if never taken.
    pub fn start(self) -> Result<Running<L>, NotReady<L::Error>> {
        let _taken = ManuallyDrop::new(self);
        init(TAKEN).map_err(|error| error.unwrap_or(NotReady::Taken))
    }
}

impl<L: Library> Drop for Before<L> {
    fn drop(&mut self) {
        // INVARIANT: TAKEN is left by its one holder only.
        L::state().set(FRESH);
    }
}

/// Initialises from the given phase; `Err(None)` when it is in another.
fn init<L: Library>(from: usize) -> Result<Running<L>, Option<NotReady<L::Error>>> {
    let state = L::state();
    state.step(from, BUSY).map_err(|_| None)?;
    // SAFETY: it was not initialised, and BUSY keeps everybody else out.
    match unsafe { L::init() } {
        Ok(()) => {
            state.set(RUNNING + STEP);
            Ok(Running { library: PhantomData })
        }
        Err(error) => {
            state.set(FRESH);
            Err(Some(NotReady::Init(error)))
        }
    }
}

/// A library that is initialised, and stays so while this lives: functions of the library take `&Running<L>`, and handles hold one.
///
/// `Owned<T, Running<L>>` is a handle that delays the cleanup. The last token that is dropped cleans up; if C refuses, the library
/// stays initialised and [`event`] is told.
///
/// # Invariants
///
/// The phase is running, and its count includes this token.
///
/// ```
/// use cstruct::kit::{Before, Library, LibraryState, NotReady, Release, Released, Running};
/// use core::convert::Infallible;
/// # mod sys {
/// #     pub unsafe extern "C" fn thing_set_level(_: i32) {}
/// #     pub unsafe extern "C" fn thing_init() -> i32 { 0 }
/// #     pub unsafe extern "C" fn thing_cleanup() {}
/// # }
///
/// enum Thing {}
/// // SAFETY: "thing_cleanup: ends what thing_init began; cannot fail".
/// unsafe impl Release for Thing {
///     type Handle = ();
///     type Error = i32;
///     unsafe fn release((): ()) -> Released<i32> {
///         // SAFETY: it is initialised, and nothing of it lives.
///         unsafe { sys::thing_cleanup() };
///         Released::Gone
///     }
/// }
/// // SAFETY: "thing_init and thing_cleanup may be called on any thread, one at a time".
/// unsafe impl Library for Thing {
///     const RESTARTS: bool = false;
///     fn state() -> &'static LibraryState {
///         static STATE: LibraryState = LibraryState::new();
///         &STATE
///     }
///     unsafe fn init() -> Result<(), i32> {
///         // SAFETY: it is not initialised.
///         match unsafe { sys::thing_init() } { 0 => Ok(()), status => Err(status) }
///     }
/// }
/// /// A setting: only before.
/// fn set_level(_before: &mut Before<Thing>, level: i32) {
///     // SAFETY: "only before thing_init", and the token is the proof.
///     unsafe { sys::thing_set_level(level) }
/// }
///
/// let mut before = Before::<Thing>::take()?;
/// set_level(&mut before, 3);
/// let running = before.start()?;
/// let in_a_handle = running.clone();
/// let running = running.shut().unwrap_err().into_handle().expect("refused while another lives");
/// drop(in_a_handle);
/// running.shut().expect("cleaned up");
/// assert!(matches!(Running::<Thing>::acquire(), Err(NotReady::Over)));
/// # Ok::<(), NotReady<i32>>(())
/// ```
pub struct Running<L: Library> {
    library: PhantomData<fn() -> L>,
}

/// Making one.
impl<L: Library> Running<L> {
    /// A token of the library, which is initialised if it is not yet: exactly once, however many threads ask at once. The others wait
    /// for the one that does it.
    ///
    /// # Errors
    ///
    /// [`NotReady::Init`] with what C said, [`NotReady::Taken`] while somebody has it [`Before`], [`NotReady::Over`] after a
    /// cleanup if it does not restart.
    pub fn acquire() -> Result<Self, NotReady<L::Error>> {
        let (state, mut round) = (L::state(), 0);
        loop {
            match state.0.load(Ordering::Relaxed) {
                FRESH => match init(FRESH) {
                    Ok(running) => return Ok(running),
                    Err(Some(error)) => return Err(error),
                    Err(None) => {}
                },
                TAKEN => return Err(NotReady::Taken),
                BUSY => wait(&mut round),
                AFTER => return Err(NotReady::Over),
                now => {
                    if state.step(now, counted(now)).is_ok() {
                        return Ok(Running { library: PhantomData });
                    }
                }
            }
        }
    }
}

/// One token more.
fn counted(now: usize) -> usize {
    assert!(now <= usize::MAX - STEP, "too many tokens of a library were forgotten");
    now + STEP
}

impl<L: Library> Clone for Running<L> {
    fn clone(&self) -> Self {
        let state = L::state();
        let mut now = state.0.load(Ordering::Relaxed);
        // The phase cannot change while `self` lives: only the count does.
        while let Err(other) = state.step(now, counted(now)) {
            now = other;
        }
        Running { library: PhantomData }
    }
}

/// Letting go.
impl<L: Library> Running<L> {
    /// Cleans the library up now.
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] with [`InUse::Tokens`] while other tokens live (handles hold them), or with what C said.
    /// [`CloseError::Gone`]: it is cleaned up, and something failed.
    pub fn shut(self) -> Result<(), CloseError<Self, InUse<L::Error>>> {
        let this = ManuallyDrop::new(self);
        if let Err(phase) = L::state().step(RUNNING + STEP, BUSY) {
            return Err(CloseError::StillOpen {
                handle: ManuallyDrop::into_inner(this),
                error: InUse::Tokens(phase / STEP - 1),
            });
        }
        match clean_up::<L>(RUNNING + STEP) {
            Released::Gone | Released::Closing => Ok(()),
            Released::GoneWith(error) => Err(CloseError::Gone(InUse::C(error))),
            Released::Refused(error) => {
                Err(CloseError::StillOpen { handle: ManuallyDrop::into_inner(this), error: InUse::C(error) })
            }
        }
    }
}

/// The phase is BUSY, set by us; `refused` is the phase to go back to.
fn clean_up<L: Library>(refused: usize) -> Released<L::Error> {
    // SAFETY: it is initialised, no token lives that a handle could hold, and BUSY keeps everybody else out.
    let released = unsafe { L::release(()) };
    L::state().set(match &released {
        Released::Refused(_) => refused,
        _ if L::RESTARTS => FRESH,
        _ => AFTER,
    });
    released
}

impl<L: Library> Drop for Running<L> {
    fn drop(&mut self) {
        let state = L::state();
        let mut now = state.0.load(Ordering::Relaxed);
        loop {
            debug_assert!(is_running(now), "a token lives, so the library runs");
            let last = now == RUNNING + STEP;
            let next = if last { BUSY } else { now - STEP };
            // Release: what this token's holder did happens before the cleanup. Acquire: so did what the others did.
            match state.0.compare_exchange_weak(now, next, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) if last => break,
                Ok(_) => return,
                Err(other) => now = other,
            }
        }
        match clean_up::<L>(RUNNING) {
            Released::Gone | Released::Closing => {}
            Released::GoneWith(error) => event::report(&Event::Failed { type_name: type_name::<L>(), error: &error }),
            Released::Refused(error) => event::report(&Event::Leaked { type_name: type_name::<L>(), error: &error }),
        }
    }
}

// SAFETY: the library is initialised while any token of it lives, and all of them answer with the same token at the same address.
unsafe impl<L: Library> Keeper<Running<L>> for Running<L> {
    fn parent(&self) -> &Running<L> {
        // SAFETY: a token has size 0, so any aligned address has one; it counts as long as this one is borrowed.
        unsafe { NonNull::dangling().as_ref() }
    }
}

// SAFETY: a clone is another token of the same library.
unsafe impl<L: Library> SharedKeeper for Running<L> {}

impl<L: Library> fmt::Debug for Before<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Before")
    }
}

impl<L: Library> fmt::Debug for Running<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Running")
    }
}
