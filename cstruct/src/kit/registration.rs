//! Functions of ours that C keeps.
//!
//! ```text
//!                    ┌─────────── heap ───────────┐
//!   Registered<F> ──►│ entry │ callbacks │ closure │◄── C's user pointer ◄── trampoline::<F>
//!                    └────────────────────────────┘
//! ```

use alloc::sync::Arc;
use core::ffi::c_void;
use core::fmt;
use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};

use super::block::Block;
use super::entry::Access;
use super::{Callbacks, CloseError, Consumed, tracked};

/// A value of ours, mostly a closure, that C keeps and calls.
///
/// Dropping it frees the closure: after C has let go of it. If C is inside it at that moment (it unregisters itself), it is
/// freed when that call leaves. It may run during the release of the object that calls it, as long as it is that object's keeper.
///
/// Entered again while it runs it is not run: C gets the default, and there is no second `&mut`. Its panics, that of its destructor too, wait in
/// the [`Callbacks`] of the object.
///
/// Hold it as long as C may call it:
///
/// | C calls it | hold it |
/// |---|---|
/// | during this call | [`Callback::with`](super::Callback::with) |
/// | as long as a child object lives | `Owned<ChildRef, Registered<F>>`: the keeper goes after the object |
/// | until something else is set in one place of the parent | [`Slot<Registered<F>>`](super::Slot) in the parent's keeper |
/// | until C calls a destroy notify | [`hand_over`](Registered::hand_over): C owns it |
/// | as long as the process lives | [`forever`](Registered::forever); without user data [`Stateless`](super::Stateless) |
///
/// # Invariants
///
/// `block` lives, and this value alone asks for its end.
///
/// ```
/// use cstruct::kit::{Callbacks, Consumed, Hook, Registered};
/// use core::ffi::{c_int, c_void};
/// use std::sync::Arc;
///
/// // watch(fn, user, destroy): calls fn from now on; destroy(user) when another takes its place. Not 0: nothing was taken.
/// # type WatchFn = unsafe extern "C" fn(*mut c_void, c_int);
/// # type Destroy = unsafe extern "C" fn(*mut c_void);
/// # static mut WATCHER: (Option<WatchFn>, *mut c_void, Option<Destroy>) = (None, core::ptr::null_mut(), None);
/// # unsafe extern "C" fn watch(f: Option<WatchFn>, user: *mut c_void, destroy: Option<Destroy>) -> c_int {
/// #     let (_, old, end) = unsafe { core::ptr::replace(&raw mut WATCHER, (f, user, destroy)) };
/// #     if let Some(end) = end { unsafe { end(old) } }
/// #     0
/// # }
/// # unsafe extern "C" fn change(to: c_int) { let (f, user, _) = unsafe { WATCHER }; if let Some(f) = f { unsafe { f(user, to) } } }
///
/// unsafe extern "C" fn changed<F: FnMut(i32)>(user: *mut c_void, to: c_int) {
///     // SAFETY: watch hands back what it was given below, until it has called destroy.
///     unsafe { Registered::<F>::call(user, |f| f(to), ()) }
/// }
///
/// fn set_watcher<F: FnMut(i32) + Send + 'static>(f: F, callbacks: &Arc<Callbacks>) -> Result<(), i32> {
///     let registered = Registered::new(f, callbacks);
///     let set = |hook: Hook<WatchFn>| {
///         // SAFETY: function, user and destroy belong together.
///         match unsafe { watch(hook.function(), hook.user(), hook.destroy()) } {
///             0 => Consumed::Taken(()),
///             status => Consumed::HandedBack(status),
///         }
///     };
///     // SAFETY: "destroy is called once; not 0: nothing was taken".
///     unsafe { registered.hand_over(changed::<F> as WatchFn, set) }.map_err(|error| error.into_error())
/// }
///
/// let callbacks = Arc::new(Callbacks::new());
/// let (say, heard) = std::sync::mpsc::channel();
/// set_watcher(move |to| say.send(to).expect("heard lives"), &callbacks)?;
/// # unsafe { change(5) };
/// callbacks.resume(); // after every call into the library
/// assert_eq!(heard.recv(), Ok(5));
/// # unsafe { watch(None, core::ptr::null_mut(), None) };
/// assert!(heard.recv().is_err()); // C has destroyed the closure
/// # Ok::<(), i32>(())
/// ```
#[must_use = "dropping it frees what C was to call"]
pub struct Registered<F> {
    block: NonNull<Block<(), F>>,
}

/// A function pointer and its user pointer, which C gets together or not at all.
#[derive(Clone, Copy)]
pub struct Hook<P> {
    function: Option<P>,
    user: *mut c_void,
    destroy: Option<unsafe extern "C" fn(*mut c_void)>,
}

impl<P: Copy> Hook<P> {
    /// No function, and NULL.
    pub fn none() -> Self {
        Hook { function: None, user: ptr::null_mut(), destroy: None }
    }

    /// The function, to be passed together with [`user`](Hook::user).
    pub fn function(&self) -> Option<P> {
        self.function
    }

    /// The user pointer.
    pub fn user(&self) -> *mut c_void {
        self.user
    }

    /// The destroy notify, where C takes the value over; `None` where Rust frees it.
    pub fn destroy(&self) -> Option<unsafe extern "C" fn(*mut c_void)> {
        self.destroy
    }
}

impl<P> fmt::Debug for Hook<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").field("set", &self.function.is_some()).finish_non_exhaustive()
    }
}

/// Making one.
impl<F: 'static> Registered<F> {
    /// For a function that may be called, or freed, on another thread: because C calls it there, or because the object that calls
    /// it can be sent there.
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn new(function: F, callbacks: &Arc<Callbacks>) -> Self
    where
        F: Send,
    {
        Registered::local(function, callbacks)
    }

    /// For a function that C calls and frees on this thread only, and whose object stays here. The result is not `Send`.
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn local(function: F, callbacks: &Arc<Callbacks>) -> Self {
        let block = Block::new((), function, Arc::clone(callbacks));
        tracked::registered::<Self, _>(block, callbacks);
        Registered { block }
    }
}

/// Turning it into something else.
impl<F> Registered<F> {
    /// Hands the value to C, which ends it by calling the destroy notify.
    ///
    /// `call` gets the function and its two companions together, and says what C did, as in [`Owned::consume`](super::Owned::consume).
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] with this value when C handed it back; [`CloseError::Gone`] when C refused and has destroyed it.
    ///
    /// # Safety
    ///
    /// `function` hands its user pointer to [`call`](Registered::call) of this very type. `call` does not unwind and tells the truth: C calls destroy
    /// exactly once after `Taken`, has called it after `Lost`, and will not call it after `HandedBack`. C calls neither after destroy. If the value
    /// was made by [`local`](Registered::local), all this happens on this thread.
    pub unsafe fn hand_over<P: Copy, R, E>(
        self,
        function: P,
        call: impl FnOnce(Hook<P>) -> Consumed<R, E>,
    ) -> Result<R, CloseError<Self, E>> {
        let this = ManuallyDrop::new(self);
        let hook = Hook { function: Some(function), user: this.user(), destroy: Some(Registered::<F>::destroy) };
        match call(hook) {
            Consumed::Taken(result) => Ok(result),
            Consumed::Lost(error) => Err(CloseError::Gone(error)),
            Consumed::HandedBack(error) => {
                // INVARIANT: C has not kept it, so the right to end it is ours again.
                Err(CloseError::StillOpen { handle: ManuallyDrop::into_inner(this), error })
            }
        }
    }

    /// Never frees it: for a function that C calls as long as the process lives.
    pub fn forever<P: Copy>(self, function: P) -> Hook<P> {
        let this = ManuallyDrop::new(self);
        tracked::unregistered::<Self, _>(this.block);
        this.hook(function)
    }

    /// The value itself again, when C refused it. `None` if C is inside it; then it ends when that call leaves.
    pub fn into_inner(self) -> Option<F> {
        let this = ManuallyDrop::new(self);
        // SAFETY: it lives and its end was not asked for (invariant). That C does not have it is not needed more than for dropping
        // it, which the caller could do as well. The kit never pins the value.
        let value = unsafe { Block::into_value(this.block) };
        if value.is_none() {
            drop(ManuallyDrop::into_inner(this));
        }
        value
    }
}

/// Using it.
impl<F> Registered<F> {
    /// The function and the user pointer for C, where Rust frees the value when C has let go of it.
    ///
    /// Passing them to C is the unsafe part: the function hands its user pointer to [`call`](Registered::call) of this very
    /// type, and C must have let go of both before this value is dropped.
    pub fn hook<P: Copy>(&self, function: P) -> Hook<P> {
        Hook { function: Some(function), user: self.user(), destroy: None }
    }

    fn user(&self) -> *mut c_void {
        self.block.as_ptr().cast()
    }

    /// Whether C is inside it now.
    pub fn is_running(&self) -> bool {
        // SAFETY: it lives (invariant).
        unsafe { Block::is_running(self.block) }
    }

    /// For the `extern "C"` function: runs the value, or answers `default`: when it is running already, when it panics, and after
    /// a panic of any function of the same [`Callbacks`] that was not resumed.
    ///
    /// # Safety
    ///
    /// `user` is from a [`Hook`] of a `Registered<F>` with this very `F`, which was neither dropped nor destroyed before this call began. If
    /// it was made by [`local`](Registered::local), this is its thread.
    #[inline]
    pub unsafe fn call<R>(user: *mut c_void, run: impl FnOnce(&mut F) -> R, default: R) -> R {
        // SAFETY: a hook's user pointer is that of a block, never NULL.
        let block = unsafe { NonNull::new_unchecked(user.cast::<Block<(), F>>()) };
        let run = |function: *mut F| {
            // SAFETY: exclusive access was asked for and granted.
            run(unsafe { &mut *function })
        };
        // SAFETY: it lives, as the caller says.
        unsafe { Block::run(block, Access::Exclusive, run, default) }
    }

    /// The same for a function that may be entered again, which gets it as `&F`.
    ///
    /// # Safety
    ///
    /// As for [`call`](Registered::call); and if C may call it on several threads at once, `F: Sync`.
    #[inline]
    pub unsafe fn call_shared<R>(user: *mut c_void, run: impl FnOnce(&F) -> R, default: R) -> R {
        // SAFETY: a hook's user pointer is that of a block, never NULL.
        let block = unsafe { NonNull::new_unchecked(user.cast::<Block<(), F>>()) };
        let run = |function: *mut F| {
            // SAFETY: shared access was asked for and granted.
            run(unsafe { &*function })
        };
        // SAFETY: it lives, as the caller says, who vouches for `Sync` where it matters.
        unsafe { Block::run(block, Access::Shared, run, default) }
    }
}

/// Letting go.
impl<F> Registered<F> {
    /// The destroy notify. Public for C functions whose notify has another signature: call it from yours. NULL is nothing.
    ///
    /// # Safety
    ///
    /// `user` is NULL, or from the hook of a [`hand_over`](Registered::hand_over) with this very `F`, and this is called once for it.
    pub unsafe extern "C" fn destroy(user: *mut c_void) {
        if let Some(block) = NonNull::new(user.cast::<Block<(), F>>()) {
            // SAFETY: it lives, and its end is asked for once, as the caller says.
            unsafe { Block::doom(block) };
        }
    }
}

impl<F> Drop for Registered<F> {
    fn drop(&mut self) {
        // SAFETY: it lives, and only this value asks for its end (invariant).
        unsafe { Block::doom(self.block) };
    }
}

impl<F> fmt::Debug for Registered<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registered").field("running", &self.is_running()).finish_non_exhaustive()
    }
}

// Auto-traits.

// SAFETY: it owns an `F`; the rest of the block is atomic, or an `Arc<Callbacks>`, which is `Send + Sync`.
unsafe impl<F: Send> Send for Registered<F> {}

// SAFETY: a shared one shows no `F`: only whether it runs, and a pointer for unsafe code.
unsafe impl<F> Sync for Registered<F> {}

// The value is elsewhere.
impl<F> Unpin for Registered<F> {}
