//! One place in a C object where it keeps something of ours, until something else is put there.
//!
//! ```text
//!   Rust: Slot<Registered<F>>          C: object { … handler, user … }
//!         ┌───────────────┐                            │
//!         │ what C has    ├──► closure ◄───────────────┘
//!         └───────────────┘
//!   replace(new): C gets the new one, and only then the old one goes
//! ```

use core::cell::Cell;
use core::fmt;
use core::mem::ManuallyDrop;

/// What C keeps in one place: a [`Registered`](super::Registered) function, a [`Loan`](super::Loan), anything that must live until C has
/// been given something else.
///
/// It belongs into the keeper of the object, as in `Owned<ObjectRef, Slot<…>>`, so it is dropped after the object was
/// released. Every wrapper function whose C function clears the place (it may have another name) goes through
/// [`replace`](Slot::replace) with `None`.
///
/// Our side keeps its own value: whether C zeroes its copy does not matter.
///
/// # Invariants
///
/// `held` is what C has, or more: never less.
///
/// ```
/// use cstruct::kit::{Callbacks, Hook, NotReplaced, Registered, Slot};
/// use core::ffi::c_void;
/// use std::sync::Arc;
///
/// // set_handler(fn, user): in place of the one before. set_timeout(ms): this clears the handler.
/// # type HandlerFn = unsafe extern "C" fn(*mut c_void);
/// # static mut HANDLER: (Option<HandlerFn>, *mut c_void) = (None, core::ptr::null_mut());
/// # unsafe extern "C" fn set_handler(f: Option<HandlerFn>, user: *mut c_void) { unsafe { HANDLER = (f, user) } }
/// # unsafe extern "C" fn set_timeout(_ms: u32) { unsafe { set_handler(None, core::ptr::null_mut()) } }
/// type Handler = Box<dyn FnMut() + Send>;
/// unsafe extern "C" fn handle(user: *mut c_void) {
///     // SAFETY: C hands back what it was given below; the slot keeps it until C has been given something else.
///     unsafe { Registered::<Handler>::call(user, |f| f(), ()) }
/// }
///
/// struct Wrapper { handler: Slot<Registered<Handler>>, callbacks: Arc<Callbacks> }
/// impl Wrapper {
///     fn on_busy(&mut self, f: Option<Handler>) {
///         let new = f.map(|f| Registered::new(f, &self.callbacks));
///         let set = |new: Option<&Registered<Handler>>| {
///             let hook = new.map_or(Hook::none(), |new| new.hook(handle as HandlerFn));
///             // SAFETY: both belong together, or there is neither.
///             unsafe { set_handler(hook.function(), hook.user()) };
///             Ok::<(), core::convert::Infallible>(())
///         };
///         // SAFETY: set_handler forgets the old one and cannot fail.
///         drop(unsafe { self.handler.replace(new, set) }.expect("nobody is replacing it"));
///     }
///
///     fn timeout(&mut self, ms: u32) {
///         // SAFETY: "set_timeout clears the handler".
///         let set = |_: Option<&_>| Ok::<(), core::convert::Infallible>(unsafe { set_timeout(ms) });
///         // SAFETY: as above.
///         drop(unsafe { self.handler.replace(None, set) }.expect("nobody is replacing it"));
///     }
/// }
///
/// let captured = Arc::new(());
/// let mut wrapper = Wrapper { handler: Slot::empty(), callbacks: Arc::default() };
/// let kept = Arc::clone(&captured);
/// wrapper.on_busy(Some(Box::new(move || drop(Arc::clone(&kept)))));
/// assert_eq!(Arc::strong_count(&captured), 2);
/// wrapper.timeout(10);
/// assert_eq!(Arc::strong_count(&captured), 1);
/// ```
pub struct Slot<V> {
    held: Cell<Option<V>>,
    replacing: Cell<bool>,
}

/// Making one.
impl<V> Slot<V> {
    /// C has nothing yet.
    pub const fn empty() -> Self {
        Slot { held: Cell::new(None), replacing: Cell::new(false) }
    }
}

/// Using it.
impl<V> Slot<V> {
    /// Gives C a new value, or none, and gives back the one before, which C does not have any more.
    ///
    /// While `set` runs both are kept. If it panics nobody knows which one C has: the old one stays here, and the new one is leaked.
    ///
    /// # Errors
    ///
    /// [`NotReplaced::Refused`]: C refused; the old one is kept on. [`NotReplaced::Busy`]: this was called from inside `set`, by a
    /// function that C called; C was not asked.
    ///
    /// # Safety
    ///
    /// `set` tells the truth. `Ok`: C has what `set` was given, or nothing, and has forgotten the old one. `Err`: C has the old one, or nothing
    /// (some libraries clear the place before they look at what is to come), and has forgotten the new one. Until the next call of this,
    /// C has nothing else in this place; and the slot is not dropped before C has let go.
    pub unsafe fn replace<E>(
        &self,
        new: Option<V>,
        set: impl FnOnce(Option<&V>) -> Result<(), E>,
    ) -> Result<Option<V>, NotReplaced<V, E>> {
        if self.replacing.replace(true) {
            return Err(NotReplaced::Busy { value: new });
        }
        let done = Done(&self.replacing);
        let new = ManuallyDrop::new(new);
        let result = set(new.as_ref());
        let new = ManuallyDrop::into_inner(new);
        drop(done);
        match result {
            // INVARIANT: C has the new one at most, and the caller says that it has forgotten the old one.
            Ok(()) => Ok(self.held.replace(new)),
            Err(error) => Err(NotReplaced::Refused { value: new, error }),
        }
    }

    /// Whether nothing is kept for C here.
    pub fn is_empty(&self) -> bool {
        let held = self.held.take();
        let empty = held.is_none();
        self.held.set(held);
        empty
    }
}

struct Done<'s>(&'s Cell<bool>);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// Why C was not given what it was to have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum NotReplaced<V, E> {
    /// C refused.
    Refused {
        /// What it was to be given.
        value: Option<V>,
        /// What C said.
        error: E,
    },
    /// It is being replaced at this moment: by the call that this one came from.
    Busy {
        /// What C was to be given.
        value: Option<V>,
    },
}

impl<V, E: fmt::Debug> fmt::Debug for NotReplaced<V, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotReplaced::Refused { error, .. } => {
                f.debug_struct("Refused").field("error", error).finish_non_exhaustive()
            }
            NotReplaced::Busy { .. } => f.debug_struct("Busy").finish_non_exhaustive(),
        }
    }
}

impl<V, E: fmt::Display> fmt::Display for NotReplaced<V, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotReplaced::Refused { error, .. } => write!(f, "not replaced: {error}"),
            NotReplaced::Busy { .. } => {
                f.write_str("not replaced: it is being replaced right now; try again when that call has returned")
            }
        }
    }
}

impl<V, E: core::error::Error + 'static> core::error::Error for NotReplaced<V, E> {
    /// The cause's own: what the cause says, the text says already.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            NotReplaced::Refused { error, .. } => error.source(),
            NotReplaced::Busy { .. } => None,
        }
    }
}

impl<V> fmt::Debug for Slot<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("empty", &self.is_empty()).finish_non_exhaustive()
    }
}

// Auto-traits: `Send` if the value is; never `Sync`, by its cells.
