//! Owners whose dependencies change: what C was given to lean on joins the keeper.
//!
//! ```text
//!   Owned<T, K>  ──join(dependency, setter)──►  C accepted:  Owned<T, (K, Dependency)>
//!                                               C refused:   Owned<T, K> and the dependency, as they were
//! ```
//!
//! A tuple is a keeper: `(A, B)` keeps the parent of `A`, and `B` besides. Both are dropped after the object.
//!
//! A *part* that is taken out of a document and still leans on it (its texts may live in the document's pool) is the same thing
//! from the start: its keeper is the document, as `Owned<PartRef, Arc<Document>>` or `Owned<PartRef, &Document>`.

use core::fmt;

use super::{Keeper, Owned, Release, SharedKeeper};

// SAFETY: the tuple holds `A`, which keeps the parent alive and in its place wherever it is moved to.
unsafe impl<P, A: Keeper<P>, B> Keeper<P> for (A, B) {
    #[inline]
    fn parent(&self) -> &P {
        self.0.parent()
    }
}

// SAFETY: a clone of the tuple has a clone of each, which keep what the originals do.
unsafe impl<A: SharedKeeper, B: SharedKeeper> SharedKeeper for (A, B) {}

/// Turning it into one that keeps something else.
impl<T: Release, K> Owned<T, K> {
    /// Makes the object lean on `dependency` too: it joins the keeper if `set` succeeds.
    ///
    /// `set` calls C's setter. While it runs, the dependency is kept already, so that a panic after C accepted releases the
    /// object first.
    ///
    /// # Errors
    ///
    /// [`NotJoined`] with everything as it was, when `set` fails. So `set` must fail only where C does not keep the dependency.
    ///
    /// ```
    /// use cstruct::kit::{Owned, Release, Released};
    /// use std::{convert::Infallible, sync::Arc};
    /// # struct Session;
    /// # unsafe impl Release for Session {
    /// #     type Handle = u32; type Error = Infallible;
    /// #     unsafe fn release(_: u32) -> Released<Infallible> { Released::Gone }
    /// # }
    /// # unsafe extern "C" fn session_set_pool(_session: u32, pool: *const [u8; 64]) -> i32 { i32::from(pool.is_null()) }
    /// # let session: Owned<Session> = unsafe { Owned::from_handle(1, ()) };
    ///
    /// let pool = Arc::new([0_u8; 64]);
    /// let session = Owned::join(session, Arc::clone(&pool), |session, pool| {
    ///     // SAFETY: both live; the pool is kept for as long as the session, or C has refused it.
    ///     match unsafe { session_set_pool(Owned::handle(session), Arc::as_ptr(pool)) } {
    ///         0 => Ok(()),
    ///         status => Err(status),
    ///     }
    /// })?;
    /// assert_eq!(Arc::strong_count(&pool), 2);
    /// drop(session);
    /// assert_eq!(Arc::strong_count(&pool), 1);
    /// # Ok::<(), cstruct::kit::NotJoined<Owned<Session>, Arc<[u8; 64]>, i32>>(())
    /// ```
    pub fn join<L, E>(
        this: Self,
        dependency: L,
        set: impl FnOnce(&Owned<T, (K, L)>, &L) -> Result<(), E>,
    ) -> Joined<T, K, L, E> {
        let (handle, keeper) = Owned::take_apart(this);
        // SAFETY: the handle is from an owner that is no more, and all that it leans on is still kept.
        let joined = unsafe { Owned::<T, (K, L)>::untold(handle, (keeper, dependency)) };
        match set(&joined, &Owned::keeper(&joined).1) {
            Ok(()) => Ok(joined),
            Err(error) => {
                let (handle, (keeper, dependency)) = Owned::take_apart(joined);
                // SAFETY: as before; C refused, so the object does not lean on the dependency.
                let owner = unsafe { Owned::untold(handle, keeper) };
                Err(NotJoined { owner, dependency, error })
            }
        }
    }

    /// Exchanges what the object leans on for another way of keeping the same.
    ///
    /// If `into` panics the object is leaked: nothing is left that could keep what it leans on.
    ///
    /// # Safety
    ///
    /// All that the object leans on lives as long as the new keeper. If `into` may panic, C uses nothing of it by itself, as it does a
    /// [`Loan`](super::Loan) or a registered function: it may be gone then, and the object is not.
    #[inline]
    pub unsafe fn map_keeper<L>(this: Self, into: impl FnOnce(K) -> L) -> Owned<T, L> {
        let (handle, keeper) = Owned::take_apart(this);
        let keeper = into(keeper);
        // SAFETY: the handle is from an owner that is no more; the caller vouches for the keeper.
        unsafe { Owned::untold(handle, keeper) }
    }
}

/// What [`Owned::join`] answers: an owner that keeps the dependency too, or everything as it was.
pub type Joined<T, K, L, E> = Result<Owned<T, (K, L)>, NotJoined<Owned<T, K>, L, E>>;

/// C refused a dependency: here is everything as it was.
#[derive(Clone, Copy)]
pub struct NotJoined<O, L, E> {
    /// The owner, which does not lean on the dependency.
    pub owner: O,
    /// What C refused.
    pub dependency: L,
    /// Why.
    pub error: E,
}

impl<O, L, E: fmt::Debug> fmt::Debug for NotJoined<O, L, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotJoined").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<O, L, E: fmt::Display> fmt::Display for NotJoined<O, L, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not accepted: {}", self.error)
    }
}

impl<O, L, E: core::error::Error + 'static> core::error::Error for NotJoined<O, L, E> {
    /// The cause's own: what the cause says, the text says already.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.error.source()
    }
}
