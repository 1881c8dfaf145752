//! Between a begin and its end.
//!
//! ```text
//!   begin ──► Scope ──► end()     the end that means something (commit); it may fail, and may be refused
//!               └─────► dropped   the harmless one (rollback)
//! ```
//!
//! Functions that are legal only inside take the scope: `fn insert(scope: &mut Scope<'_, Batch>, …)`. The scope holds the object
//! exclusively, so nothing else is done to it meanwhile, and a nested pair borrows it from the outer scope
//! ([`subject`](Scope::subject)), so the inner one ends first.
//!
//! Where C only counts (`ref`/`unref`, a lock for readers), the begun thing is a handle: an [`Owned`](super::Owned) that leans on
//! its object.

use core::any::type_name;
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::pin::Pin;
use core::ptr;

use super::event::{self, Event};
use super::{CloseError, Foreign, Released};

/// A pair of C functions, the first of which begins what the second ends.
///
/// It is implemented on a type without a value that stands for the pair, such as `Batch`.
///
/// # Safety
///
/// [`Released::Refused`] means that the object is as much inside as before, and the other answers that it is not. None of the
/// functions unwinds. A begun section may be abandoned by the object's own end.
///
/// All that safe code can do with a `Pin<&mut Of>` is legal inside too, and beginning a section is: C refuses what is not, or the wrapper's
/// function checks, or it takes something that nobody has inside. [`abandon`](Section::abandon) answers [`Released::Refused`] only for a
/// section that [may be forgotten](MayForget), since the object goes on then as if it had ended.
pub unsafe trait Section {
    /// The object that it is begun on.
    type Of: Foreign;

    /// What the pair answers when it fails; [`Infallible`](core::convert::Infallible) when it cannot.
    type Error: fmt::Debug + fmt::Display;

    /// Begins. An error means that it has not begun.
    ///
    /// # Errors
    ///
    /// As C says.
    ///
    /// # Safety
    ///
    /// Every begun section is ended before anything is done that is illegal inside.
    unsafe fn begin(of: Pin<&mut Self::Of>) -> Result<(), Self::Error>;

    /// Ends it in the way that means something: commits.
    ///
    /// # Safety
    ///
    /// A section of this kind is the innermost that has begun.
    unsafe fn end(of: Pin<&mut Self::Of>) -> Released<Self::Error>;

    /// Ends it in the harmless way, for `Drop`: rolls back. The same as [`end`](Section::end) unless said.
    ///
    /// # Safety
    ///
    /// As for [`end`](Section::end).
    unsafe fn abandon(of: Pin<&mut Self::Of>) -> Released<Self::Error> {
        // SAFETY: the caller's promise is the same.
        unsafe { Self::end(of) }
    }
}

/// A section that may never be ended without harm, so that a guard may be forgotten.
///
/// Without this word there is no guard, only [`Scope::run`].
///
/// # Safety
///
/// If a begun section is never ended, everything that safe code can do to the object afterwards is still sound: C answers it
/// with an error, say.
pub unsafe trait MayForget: Section {}

/// A section that may be ended on another thread than the one that began it.
///
/// # Safety
///
/// C allows that.
pub unsafe trait SendSection: Section {}

/// Inside, between begin and end.
///
/// It is what functions take that are legal only there.
///
/// # Invariants
///
/// The section has begun on `of` and has not ended, and is the innermost one while `of` is not lent.
///
/// ```
/// use cstruct::kit::{Foreign, Opaque, MayForget, Released, Scope, Section};
/// use core::{convert::Infallible, pin::Pin};
/// # pub struct c_store { depth: i32, rows: i32, kept: i32 }
/// # unsafe extern "C" fn store_begin(s: *mut c_store) { unsafe { (*s).depth += 1 } }
/// # unsafe extern "C" fn store_commit(s: *mut c_store) { unsafe { (*s).depth -= 1; (*s).kept = (*s).rows } }
/// # unsafe extern "C" fn store_rollback(s: *mut c_store) { unsafe { (*s).depth -= 1; (*s).rows = (*s).kept } }
/// # unsafe extern "C" fn store_insert(s: *mut c_store) { unsafe { (*s).rows += 1 } }
/// # #[repr(transparent)] pub struct StoreRef(Opaque<c_store>);
/// # unsafe impl Foreign for StoreRef { type Raw = c_store; }
///
/// enum Batch {}
/// // SAFETY: "store_begin: what follows is kept by store_commit or undone by store_rollback".
/// unsafe impl Section for Batch {
///     type Of = StoreRef;
///     type Error = Infallible;
///     unsafe fn begin(of: Pin<&mut StoreRef>) -> Result<(), Infallible> {
///         // SAFETY: the store lives.
///         Ok(unsafe { store_begin(of.as_ptr()) })
///     }
///     unsafe fn end(of: Pin<&mut StoreRef>) -> Released<Infallible> {
///         // SAFETY: the store lives, and a batch has begun.
///         unsafe { store_commit(of.as_ptr()) };
///         Released::Gone
///     }
///     unsafe fn abandon(of: Pin<&mut StoreRef>) -> Released<Infallible> {
///         // SAFETY: the store lives, and a batch has begun.
///         unsafe { store_rollback(of.as_ptr()) };
///         Released::Gone
///     }
/// }
/// // SAFETY: "a batch that is never ended ends with the store".
/// unsafe impl MayForget for Batch {}
///
/// fn insert(batch: &mut Scope<'_, Batch>) {
///     // SAFETY: legal inside a batch, and the scope is the proof.
///     unsafe { store_insert(batch.subject().as_ptr()) }
/// }
///
/// # let mut raw = c_store { depth: 0, rows: 0, kept: 0 };
/// # let mut store = unsafe { StoreRef::from_ptr_mut(&raw mut raw) }?;
/// let Ok(mut batch) = Scope::<Batch>::begin(store.as_mut());
/// insert(&mut batch);
/// let Ok(()) = batch.end();
///
/// let Ok(mut batch) = Scope::<Batch>::begin(store.as_mut());
/// insert(&mut batch);
/// drop(batch); // rolled back
/// # assert_eq!((raw.depth, raw.rows), (0, 1));
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
#[must_use = "dropping it abandons the section at once"]
pub struct Scope<'a, S: Section> {
    of: Pin<&'a mut S::Of>,
    no_thread: PhantomData<*mut ()>,
}

/// Making one.
impl<'a, S: Section> Scope<'a, S> {
    /// Begins a section that lasts until the result is ended or dropped.
    ///
    /// # Errors
    ///
    /// As C says; nothing has begun then.
    #[inline]
    pub fn begin(of: Pin<&'a mut S::Of>) -> Result<Self, S::Error>
    where
        S: MayForget,
    {
        Scope::open(of)
    }

    #[inline]
    fn open(mut of: Pin<&'a mut S::Of>) -> Result<Self, S::Error> {
        // SAFETY: it is ended by the scope, and a scope that may not be forgotten never leaves `run`; what safe code does until then is
        // legal inside (`Section`).
        unsafe { S::begin(of.as_mut()) }?;
        // INVARIANT: it has just begun.
        Ok(Scope { of, no_thread: PhantomData })
    }

    /// Begins, runs `inside`, and ends: committed after `Ok`, abandoned after `Err` or a panic.
    ///
    /// `inside` has only a reference to the scope and cannot keep it from ending.
    ///
    /// # Errors
    ///
    /// [`RunError`] says which of the three failed. After [`RunError::End`] it is over all the same: if C refused the end, the
    /// section was abandoned.
    pub fn run<R, E>(
        of: Pin<&mut S::Of>,
        inside: impl FnOnce(&mut Scope<'_, S>) -> Result<R, E>,
    ) -> Result<R, RunError<E, S::Error>> {
        let mut scope = Scope::<S>::open(of).map_err(RunError::Begin)?;
        let result = inside(&mut scope).map_err(RunError::Inside)?;
        match scope.end() {
            Ok(()) => Ok(result),
            Err(error) => Err(RunError::End(error.into_error())),
        }
    }
}

/// Using it.
impl<S: Section> Scope<'_, S> {
    /// The object, from inside, to look at.
    #[inline]
    pub fn object(&self) -> &S::Of {
        &self.of
    }

    /// The object, from inside: for functions that are legal there, and to begin a nested section.
    #[inline]
    pub fn subject(&mut self) -> Pin<&mut S::Of> {
        self.of.as_mut()
    }
}

/// Letting go.
impl<S: Section> Scope<'_, S> {
    /// Ends the section in the way that means something.
    ///
    /// # Errors
    ///
    /// [`CloseError::Gone`]: it is over, and something failed. [`CloseError::StillOpen`]: C refused, and here is the scope
    /// again: retry, or drop it, which abandons what was done.
    #[inline]
    pub fn end(self) -> Result<(), CloseError<Self, S::Error>> {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: it has begun and not ended, and is innermost: a nested scope would borrow `self` (invariant).
        match unsafe { S::end(this.of.as_mut()) } {
            Released::Gone | Released::Closing => Ok(()),
            Released::GoneWith(error) => Err(CloseError::Gone(error)),
            Released::Refused(error) => {
                // SAFETY: `this` is neither used nor dropped after this read.
                let of = unsafe { ptr::read(&raw const this.of) };
                // INVARIANT: C did nothing, so it is still begun.
                let handle = Scope { of, no_thread: PhantomData };
                Err(CloseError::StillOpen { handle, error })
            }
        }
    }
}

impl<S: Section> Drop for Scope<'_, S> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: as in `end`.
        match unsafe { S::abandon(self.of.as_mut()) } {
            Released::Gone | Released::Closing => {}
            Released::GoneWith(error) => event::report(&Event::Failed { type_name: type_name::<S>(), error: &error }),
            Released::Refused(error) => event::report(&Event::Leaked { type_name: type_name::<S>(), error: &error }),
        }
    }
}

/// Why [`Scope::run`] failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunError<E, C> {
    /// It could not begin.
    Begin(C),
    /// What was run inside failed, and was abandoned.
    Inside(E),
    /// It could not be ended as meant, and is over: what was done may be lost.
    End(C),
}

impl<E: fmt::Display, C: fmt::Display> fmt::Display for RunError<E, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Begin(error) => write!(f, "cannot begin: {error}"),
            RunError::Inside(error) => write!(f, "abandoned: {error}"),
            RunError::End(error) => write!(f, "cannot end: {error}; what was done inside may be lost"),
        }
    }
}

impl<E, C> core::error::Error for RunError<E, C>
where
    E: core::error::Error + 'static,
    C: core::error::Error + 'static,
{
    /// The cause's own: what the cause says, the text says already.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            RunError::Begin(error) | RunError::End(error) => error.source(),
            RunError::Inside(error) => error.source(),
        }
    }
}

// Auto-traits: bound to its thread, unless said.

// SAFETY: the pair may be split over two threads (`SendSection`), and the object may be used on both (`Of: Send`).
unsafe impl<S: SendSection> Send for Scope<'_, S> where S::Of: Send {}
