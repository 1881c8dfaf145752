//! Operations that C finishes later, by a callback.
//!
//! ```text
//!   Pending<Read>                  ┌──────────────── heap ───────────────────┐
//!   ┌───────┐                      │ request │ phase │ output │ operation:   │
//!   │ block ├─────────────────────►│         │       │        │ buffers, …   │
//!   └───────┘      C's pointer ───►└─────────────────────────────────────────┘
//!
//!   two holders: this handle, and C until its callback has run. Who lets go last frees, whichever it is.
//! ```

use alloc::boxed::Box;
use core::cell::UnsafeCell;
use core::fmt;
use core::marker::PhantomPinned;
use core::mem::{ManuallyDrop, MaybeUninit};
use core::ptr::NonNull;

use super::panic::{Panic, catch};
use super::phase::Phase;

/// What C does for us: its request struct, and how to ask it to stop.
///
/// The implementing type is the Rust side of the operation: buffers that C uses meanwhile, a closure to be called at the end.
///
/// # Safety
///
/// [`cancel`](Operation::cancel) does not unwind, and is legal as long as the request's memory lives, also when the callback has run or is
/// running on another thread. Cancelled or not, C calls the callback once for each request that was started, or never uses the request again.
pub unsafe trait Operation: Sized + 'static {
    /// C's struct, or one that begins with it. It is C's on whatever thread C calls back, and it is not dropped.
    type Request: 'static;

    /// What the callback makes of it.
    type Output: 'static;

    /// The request, filled in. `self` stays at this address until C's callback, so the request may point to what is in it.
    fn request(&mut self) -> Self::Request;

    /// Asks C to stop. C's callback still runs, now or later.
    ///
    /// # Safety
    ///
    /// `request` was started, and its memory lives.
    unsafe fn cancel(request: *mut Self::Request);
}

/// The cancel function is legal on every thread.
///
/// # Safety
///
/// As [`Operation`], for every thread.
pub unsafe trait CancelAnywhere: Operation {}

#[repr(C)]
struct Block<Op: Operation> {
    // First: C's pointer to the request is the block's.
    request: UnsafeCell<MaybeUninit<Op::Request>>,
    phase: Phase,
    output: UnsafeCell<MaybeUninit<Result<Op::Output, Panic>>>,
    operation: UnsafeCell<ManuallyDrop<Op>>,
    pinned: PhantomPinned,
}

/// An operation under way. Request, buffers and closure are one allocation, which C may use until its callback has run.
///
/// Dropping the handle asks C to stop and gives the memory away to the callback: nothing is freed early, nobody waits, no lock is taken.
/// Forgetting it leaves the memory in place.
///
/// C may call back inside the start already, and on another thread while this handle is used or dropped.
///
/// # Invariants
///
/// `block` lives until both holders have let go; see `Phase`. Once it is done, `output` is initialised and all is the
/// handle's; before, all but `phase` is C's.
///
/// ```
/// use cstruct::kit::{Operation, Pending};
/// use core::{ffi::c_int, ptr::NonNull};
///
/// #[repr(C)]
/// struct read_req { done: Option<unsafe extern "C" fn(*mut read_req, c_int)>, room: *mut u8, len: usize }
/// // read_start: 0, and done is called later; other: it is not. read_cancel: done is called with -1. turn: does what is due.
/// # static mut QUEUE: Vec<*mut read_req> = Vec::new();
/// # unsafe extern "C" fn read_start(r: *mut read_req) -> c_int { unsafe { (*(&raw mut QUEUE)).push(r) }; 0 }
/// # unsafe extern "C" fn read_cancel(r: *mut read_req) {}
/// # unsafe extern "C" fn turn() { unsafe { if let Some(r) = (*(&raw mut QUEUE)).pop() {
/// #     (*r).room.write(7); let f = (*r).done; f.expect("set")(r, 1) } } }
///
/// struct Read { room: Vec<u8> }
/// // SAFETY: "read_cancel: at any time; done is called once all the same".
/// unsafe impl Operation for Read {
///     type Request = read_req;
///     type Output = c_int;
///     fn request(&mut self) -> read_req {
///         read_req { done: Some(done), room: self.room.as_mut_ptr(), len: self.room.len() }
///     }
///     unsafe fn cancel(request: *mut read_req) {
///         // SAFETY: it was started.
///         unsafe { read_cancel(request) }
///     }
/// }
/// unsafe extern "C" fn done(request: *mut read_req, got: c_int) {
///     // SAFETY: C calls it once for each request, with the pointer that it was started with.
///     unsafe { Pending::<Read>::complete(request, |_read, _request| got) }
/// }
///
/// // SAFETY: "0, and done is called later; other: it is not".
/// let start = |request: *mut read_req| match unsafe { read_start(request) } { 0 => Ok(()), status => Err(status) };
/// // SAFETY: as above.
/// let pending = unsafe { Pending::start(Read { room: vec![0; 4] }, start) }.map_err(|failed| failed.error)?;
/// // SAFETY: any time is good.
/// let (read, got) = pending.wait(|| unsafe { turn() });
/// assert_eq!((&read.room[..], got), (&[7, 0, 0, 0][..], 1));
/// # Ok::<(), c_int>(())
/// ```
#[must_use = "dropping it cancels the operation"]
pub struct Pending<Op: Operation> {
    block: NonNull<Block<Op>>,
}

/// C did not start it: here is what it was for.
#[derive(Clone, Copy)]
pub struct NotStarted<Op, E> {
    /// The operation, with its buffers.
    pub operation: Op,
    /// What C said.
    pub error: E,
}

/// Making one.
impl<Op: Operation> Pending<Op> {
    /// Starts an operation whose callback C may call on any thread.
    ///
    /// If `start` panics nobody knows whether C has the request, so the operation is leaked.
    ///
    /// # Errors
    ///
    /// [`NotStarted`] with the operation, when `start` fails.
    ///
    /// # Safety
    ///
    /// `start` tells the truth. `Ok`: C has the request until its callback, which calls [`complete`](Pending::complete) once (it may have done so
    /// already). `Err`: C does not have it, and its callback did not and will not run.
    pub unsafe fn start<E>(
        operation: Op,
        start: impl FnOnce(*mut Op::Request) -> Result<(), E>,
    ) -> Result<Self, NotStarted<Op, E>>
    where
        Op: Send,
        Op::Output: Send,
    {
        // SAFETY: the caller's promise, and what crosses threads may.
        unsafe { Pending::start_local(operation, start) }
    }

    /// The same where C calls back on this thread.
    ///
    /// # Errors
    ///
    /// As for [`start`](Pending::start).
    ///
    /// # Safety
    ///
    /// As for [`start`](Pending::start), and the callback runs on the thread that the handle stays on.
    pub unsafe fn start_local<E>(
        operation: Op,
        start: impl FnOnce(*mut Op::Request) -> Result<(), E>,
    ) -> Result<Self, NotStarted<Op, E>> {
        let mut block = Box::new(Block {
            request: UnsafeCell::new(MaybeUninit::uninit()),
            phase: Phase::new(),
            output: UnsafeCell::new(MaybeUninit::uninit()),
            operation: UnsafeCell::new(ManuallyDrop::new(operation)),
            pinned: PhantomPinned,
        });
        // A panic in `request` drops nothing twice and leaks the operation: C has not seen it.
        let request = block.operation.get_mut().request();
        block.request.get_mut().write(request);
        let block = NonNull::from(Box::leak(block));
        match start(block.as_ptr().cast()) {
            Ok(()) => Ok(Pending { block }),
            Err(error) => {
                // SAFETY: it is from `Box::leak` above, and C does not have it.
                let block = unsafe { Box::from_raw(block.as_ptr()) };
                let operation = ManuallyDrop::into_inner(block.operation.into_inner());
                Err(NotStarted { operation, error })
            }
        }
    }
}

/// Using it.
impl<Op: Operation> Pending<Op> {
    /// Whether C's callback has run.
    #[inline]
    pub fn is_done(&self) -> bool {
        // SAFETY: the block lives, since this handle has not let go (invariant).
        unsafe { &self.block.as_ref().phase }.is_done()
    }

    /// Asks C to stop, and goes on holding it: the callback still brings a result. When it is done already nothing happens.
    pub fn cancel(&mut self) {
        // SAFETY: the block lives, since this handle has not let go (invariant).
        if !unsafe { &self.block.as_ref().phase }.is_called() {
            // SAFETY: it was started, and its memory lives at least as long as this handle.
            unsafe { Op::cancel(self.block.as_ptr().cast()) };
        }
    }

    /// The operation and its result, if it is done.
    ///
    /// # Errors
    ///
    /// This handle again, when it is not.
    ///
    /// # Panics
    ///
    /// With what the callback panicked with.
    pub fn take(self) -> Result<(Op, Op::Output), Self> {
        if !self.is_done() {
            return Err(self);
        }
        let this = ManuallyDrop::new(self);
        // SAFETY: it is from `Box::leak` in `start_local`; C has let go, so all is ours (invariant), and `this` is not used again.
        let block = unsafe { Box::from_raw(this.block.as_ptr()) };
        let Block { output, operation, .. } = *block;
        let operation = ManuallyDrop::into_inner(operation.into_inner());
        // SAFETY: it is done, so the output is initialised (invariant).
        match unsafe { output.into_inner().assume_init() } {
            Ok(output) => Ok((operation, output)),
            Err(panic) => {
                drop(operation);
                panic.resume()
            }
        }
    }

    /// Waits until it is done. `turn` is called until then: it runs C's event loop once, or sleeps a moment.
    ///
    /// If `turn` panics, the operation is cancelled as if the handle was dropped.
    ///
    /// # Panics
    ///
    /// With what the callback panicked with.
    pub fn wait(self, mut turn: impl FnMut()) -> (Op, Op::Output) {
        let mut pending = self;
        loop {
            match pending.take() {
                Ok(done) => return done,
                Err(again) => pending = again,
            }
            turn();
        }
    }

    /// For C's callback: takes note of the end. `run` gets the operation and C's request, and makes the output; it is where a
    /// closure in the operation is called. A panic in it becomes that of [`take`](Pending::take).
    ///
    /// When the handle is gone, operation and output are dropped here, and a panic ends here.
    ///
    /// # Safety
    ///
    /// `request` is what a `start` of this very `Op` was given; this is called once for it, and C does not use it any more.
    pub unsafe fn complete(request: *mut Op::Request, run: impl FnOnce(&mut Op, &mut Op::Request) -> Op::Output) {
        let this = request.cast::<Block<Op>>();
        // SAFETY: C has not let go before, so the block lives (invariant). All its fields are cells.
        let block = unsafe { &*this };
        if !block.phase.call() {
            return;
        }
        // SAFETY: the operation is C's until it is done, and C hands it to us.
        let operation = unsafe { &mut *block.operation.get() };
        // SAFETY: as above.
        let request = unsafe { &mut *block.request.get() };
        // SAFETY: it was initialised before the start.
        let request = unsafe { request.assume_init_mut() };
        let result = catch(|| run(operation, request));
        // SAFETY: as for the operation.
        let output = unsafe { &mut *block.output.get() };
        // INVARIANT: the output is initialised before it is done.
        output.write(result);
        if block.phase.finish() {
            // SAFETY: the handle has let go, and this was the other side.
            let free = || unsafe { Pending::<Op>::free(this) };
            // C is behind us.
            if let Err(panic) = catch(free) {
                panic.discard();
            }
        }
    }
}

/// Letting go.
impl<Op: Operation> Pending<Op> {
    /// Lets it go on by itself: the callback drops it.
    pub fn detach(self) {
        ManuallyDrop::new(self).let_go();
    }

    fn let_go(&self) {
        // SAFETY: this handle has not let go before (invariant).
        if unsafe { &self.block.as_ref().phase }.let_go() {
            // SAFETY: C has let go, and this was the other side.
            unsafe { Pending::<Op>::free(self.block.as_ptr()) };
        }
    }

    /// # Safety
    ///
    /// It is done, both sides have let go, and the caller is the last.
    unsafe fn free(block: *mut Block<Op>) {
        // SAFETY: it is from `Box::leak` in `start_local`, and ours alone now.
        let block = unsafe { Box::from_raw(block) };
        let Block { output, operation, .. } = *block;
        let _operation = ManuallyDrop::into_inner(operation.into_inner());
        // SAFETY: it is done, so the output is initialised (invariant).
        match unsafe { output.into_inner().assume_init() } {
            Ok(output) => drop(output),
            Err(panic) => panic.discard(),
        }
    }
}

impl<Op: Operation> Drop for Pending<Op> {
    fn drop(&mut self) {
        // While this side has not let go, a callback that runs meanwhile does not free the request.
        self.cancel();
        self.let_go();
    }
}

impl<Op, E: fmt::Debug> fmt::Debug for NotStarted<Op, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotStarted").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<Op, E: fmt::Display> fmt::Display for NotStarted<Op, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not started: {}", self.error)
    }
}

impl<Op, E: core::error::Error + 'static> core::error::Error for NotStarted<Op, E> {
    /// The cause's own: what the cause says, the text says already.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.error.source()
    }
}

impl<Op: Operation> fmt::Debug for Pending<Op> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("done", &self.is_done()).finish_non_exhaustive()
    }
}

// Auto-traits.

// SAFETY: what the handle can do elsewhere is cancel, which is legal on every thread, and take or drop what is `Send`.
unsafe impl<Op> Send for Pending<Op>
where
    Op: CancelAnywhere + Send,
    Op::Output: Send,
{
}
