//! How a C object ends, and what its end may answer.

use core::fmt;

/// How C releases an object: which function, with which handle, and what it may answer.
///
/// It is implemented on the *borrowed* type (`CStructRef`), so that the owner's type names its release function: an object that
/// must be released differently is a different type. [`wrap!`](crate::wrap) writes the impl from `release = …;` or
/// `close = …;`. The kit itself calls no C function but through this trait.
///
/// # Safety
///
/// [`release`](Release::release) answers the truth: after [`Released::Gone`], [`GoneWith`](Released::GoneWith) and
/// [`Closing`](Released::Closing) the handle names nothing of ours any more, and after [`Released::Refused`] it is as valid as before.
/// It does not unwind.
///
/// `Self` is `Send` only if an object may be used and released on another thread than the one that made it, also while a parent that is
/// `Sync` is read elsewhere, and `Sync` only if the object and its handle may be used from several at once: what it says, its owner is. A borrowed type is neither until its author says so. But a
/// type of the author's own that stands for a number or a pair, such as `struct Region;`, is both, unless it has a
/// [`ThreadBound`](super::ThreadBound) in it.
#[diagnostic::on_unimplemented(
    message = "nothing says how C releases `{Self}`",
    label = "no release function",
    note = "write `release = the_c_function;` or `close = the_c_function, outcome => Error;` in its `wrap!`"
)]
pub unsafe trait Release {
    /// What C is given: `NonNull<Raw>` for a pointer, or whatever small value names the object: a number that cannot be
    /// its "none", a pair of pointer and length, a pair of an environment and a pointer, or `()` where there is only one.
    type Handle: Copy;

    /// What a failing end says; [`Infallible`](core::convert::Infallible) when it cannot fail.
    type Error: fmt::Debug + fmt::Display;

    /// Whether an object must be released on the thread that adopted it; the ledger tells who does not. The word `thread_bound` of
    /// [`wrap!`](crate::wrap) says so.
    const THREAD_BOUND: bool = false;

    /// The address by which the ledger knows the object; 0 if it has none, and then the ledger is not told of it.
    ///
    /// [`wrap!`](crate::wrap) writes it. By hand it is `handle.addr().get()` for a pointer.
    #[inline]
    fn address(handle: Self::Handle) -> usize {
        let _ = handle;
        0
    }

    /// Calls C's release function, and nothing else that can fail.
    ///
    /// # Safety
    ///
    /// `handle` names a live object of this type, owned by the caller, who does not use it afterwards unless the answer
    /// is [`Released::Refused`]. All that the object leans on still lives.
    unsafe fn release(handle: Self::Handle) -> Released<Self::Error>;
}

/// Of every type that [`wrap!`](crate::wrap) was not told otherwise of.
#[doc(hidden)]
pub trait NotThreadBound {
    const THREAD_BOUND_BY_WORD: bool = false;
}

impl<T: ?Sized> NotThreadBound for T {}

/// What a release did.
///
/// ```
/// use cstruct::kit::{CloseError, Released};
/// use cstruct::wrap;
/// # mod sys {
/// #     pub struct door { pub stuck: bool }
/// #     pub unsafe fn door_close(door: *mut door) -> i32 {
/// #         if std::mem::take(unsafe { &mut (*door).stuck }) { return 16 } drop(unsafe { Box::from_raw(door) }); 0
/// #     }
/// # }
///
/// wrap! {
///     pub struct Door = Owned<DoorRef>;
///     pub struct DoorRef(sys::door);
///     unsafe { close = sys::door_close, outcome => i32; }
/// }
///
/// /// "door_close: 16 when somebody is in the way: the door is still open".
/// fn outcome(status: i32) -> Released<i32> {
///     match status {
///         0 => Released::Gone,
///         16 => Released::Refused(status),
///         other => Released::GoneWith(other),
///     }
/// }
///
/// # let raw = Box::into_raw(Box::new(sys::door { stuck: true }));
/// // SAFETY: an open door that is ours.
/// let door = unsafe { Door::from_raw(raw) }?;
/// let Err(CloseError::StillOpen { handle: door, error: 16 }) = door.close() else { panic!("it is refused") };
/// assert!(door.close().is_ok()); // the second try
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Released<E> {
    /// It is gone, and there is nothing to say.
    Gone,
    /// It is gone, and something went wrong, perhaps in an earlier operation: what it had buffered may be lost.
    GoneWith(E),
    /// Nothing happened: it is still open and still ours.
    Refused(E),
    /// It is C's now, and ends when C has finished with it. What it leans on must live on, so its keeper is never dropped.
    Closing,
}

/// Why `close` did not simply say yes.
///
/// ```
/// use cstruct::kit::CloseError;
///
/// fn shut(result: Result<(), CloseError<String, &'static str>>) -> &'static str {
///     match result {
///         Ok(()) => "gone",
///         Err(CloseError::Gone(error)) => error,
///         Err(CloseError::StillOpen { handle, error }) => {
///             drop(handle); // or end what still uses it, and try again
///             error
///         }
///     }
/// }
/// assert_eq!(shut(Err(CloseError::Gone("the disk is full"))), "the disk is full");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CloseError<O, E> {
    /// The object is gone; the error may belong to an earlier operation whose result had not been written yet.
    Gone(E),
    /// The object is still open, and here it is again.
    StillOpen {
        /// The owner, as it was.
        handle: O,
        /// Why C refused.
        error: E,
    },
}

impl<O, E> CloseError<O, E> {
    /// What C said.
    pub fn error(&self) -> &E {
        match self {
            CloseError::Gone(error) | CloseError::StillOpen { error, .. } => error,
        }
    }

    /// What C said; an owner that is still open is dropped.
    pub fn into_error(self) -> E {
        match self {
            CloseError::Gone(error) | CloseError::StillOpen { error, .. } => error,
        }
    }

    /// The owner, if it is still open.
    pub fn into_handle(self) -> Option<O> {
        match self {
            CloseError::Gone(_) => None,
            CloseError::StillOpen { handle, .. } => Some(handle),
        }
    }

    /// The same with another owner type: for a newtype that puts itself round the handle.
    pub fn map_handle<P>(self, into: impl FnOnce(O) -> P) -> CloseError<P, E> {
        match self {
            CloseError::Gone(error) => CloseError::Gone(error),
            CloseError::StillOpen { handle, error } => CloseError::StillOpen { handle: into(handle), error },
        }
    }
}

/// Leaves the owner out: it need not be printable for `expect` to work.
impl<O, E: fmt::Debug> fmt::Debug for CloseError<O, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CloseError::Gone(error) => f.debug_tuple("Gone").field(error).finish(),
            CloseError::StillOpen { error, .. } => {
                f.debug_struct("StillOpen").field("error", error).finish_non_exhaustive()
            }
        }
    }
}

impl<O, E: fmt::Display> fmt::Display for CloseError<O, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CloseError::Gone(error) => write!(f, "closed, but {error}"),
            CloseError::StillOpen { error, .. } => write!(f, "still open: {error}"),
        }
    }
}

impl<O, E: core::error::Error + 'static> core::error::Error for CloseError<O, E> {
    /// The cause's own: what the cause says, the text says already.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.error().source()
    }
}
