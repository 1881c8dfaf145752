//! `cstruct_interrupt`: the one function on a context that any thread may call.

use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::ptr::NonNull;

use cstruct_sys as sys;

use super::{Context, ContextRef, Error};
use crate::kit::{AnyThread, CloseError, Keeper, Reachable, Remote};

/// A context whose queries can be interrupted from other threads: closed with `cstruct_close`, as [`Context`] is.
///
/// ```
/// use cstruct::{Context, Error, InterruptibleContext, Status};
///
/// let context = InterruptibleContext::new(Context::from_csv(b"name,value\nindoor,1\n")?);
/// let stop = context.interrupter();
/// let mut all = context.query(c"")?;
///
/// std::thread::spawn({ let stop = stop.clone(); move || stop.call() }).join().expect("no panic")?;
/// assert_eq!(all.step().map(|_| ()), Err(Error::Refused(Status::Stopped)));
/// assert!(all.step()?.is_some()); // it goes on where it was
///
/// drop(all);
/// drop(context);
/// assert!(stop.call().is_err()); // it is closed: C is not called
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct InterruptibleContext(Reachable<ContextRef>);

/// Interrupts a query of one context, from any thread and from a signal handler.
///
/// [`call`](Remote::call) lets the step that runs answer [`Status::Stopped`](super::Status::Stopped), or, when none runs, the next one. After the
/// end of the context it is an error by name.
#[doc(alias = "cstruct_interrupt")]
pub type Interrupter = Remote<Interrupt>;

/// The function that an [`Interrupter`] calls.
#[derive(Debug)]
pub enum Interrupt {}

// SAFETY: ANY_THREAD, "short of the end of the context"; it sets a flag, so it returns soon, waits for nobody and calls nothing.
unsafe impl AnyThread for Interrupt {
    type Target = ContextRef;
    type Output = ();

    unsafe fn call(context: NonNull<sys::cstruct_ctx>) {
        // SAFETY: the caller keeps the context alive meanwhile.
        unsafe { sys::cstruct_interrupt(context.as_ptr()) }
    }
}

/// Making one.
impl InterruptibleContext {
    /// Makes a context interruptible, at the cost of one allocation.
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn new(context: Context) -> InterruptibleContext {
        InterruptibleContext(Reachable::new(context.into()))
    }

    /// What interrupts it. There may be many.
    pub fn interrupter(&self) -> Interrupter {
        Reachable::remote(&self.0)
    }
}

/// Turning it into something else.
impl InterruptibleContext {
    /// The context as it was; interrupters reach it no more.
    pub fn into_context(self) -> Context {
        Reachable::into_owned(self.0).into()
    }
}

/// Using it.
impl InterruptibleContext {
    /// Borrows it to change it.
    pub fn pin_mut(&mut self) -> Pin<&mut ContextRef> {
        self.0.pin_mut()
    }
}

impl Deref for InterruptibleContext {
    type Target = ContextRef;

    fn deref(&self) -> &ContextRef {
        &self.0
    }
}

// SAFETY: it owns the context, which it never exchanges; C neither moves nor ends it before it is closed.
unsafe impl Keeper<ContextRef> for InterruptibleContext {
    fn parent(&self) -> &ContextRef {
        self
    }
}

/// Letting go.
impl InterruptibleContext {
    /// Closes it.
    ///
    /// # Errors
    ///
    /// As for [`Context::close`]; what is still open can be interrupted as before.
    #[doc(alias = "cstruct_close")]
    pub fn close(self) -> Result<(), CloseError<InterruptibleContext, Error>> {
        self.0.close().map_err(|error| error.map_handle(InterruptibleContext))
    }
}

impl fmt::Debug for InterruptibleContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
