//! A C object that is reference counted.
//!
//! ```text
//!   Shared<BlobRef> ───┐
//!   Shared<BlobRef> ───┼──►  C object, count 3
//!   a count of C's own ┘     ends with the last of them
//! ```

use alloc::sync::Arc;
use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;
use core::pin::Pin;
use core::ptr::NonNull;

use super::abort::abort;
use super::{
    CloseError, IsUnique, Keeper, Null, Owned, OwnedIsCounted, RefCounted, Release, RetainAlways, SharedKeeper, tracked,
};

/// Holds one count of a C object, and gives it back when dropped.
///
/// Two rules of C bring a pointer here, and mixing them up is a leak or a use after free: a result that comes *with* a count is
/// [adopted](Shared::adopt), one that comes *without* is [retained](Shared::retain). The same address may come again and
/// again, one count each time. C may hold counts of its own: the object lives until the last one is given back.
///
/// Others may hold the object as well, so there is only `&T`, [`unique_mut`](Shared::unique_mut) excepted. `Clone` is there
/// for a count that [can always be taken](RetainAlways); [`try_clone`](Shared::try_clone) always.
///
/// `K` is what the object leans on, one for each count, dropped after its count was given back. Further counts are taken with clones
/// of it, which must [keep the same](SharedKeeper).
///
/// # Invariants
///
/// `count` is the owner of one count: the object is live until it is given back. Being a count, it grants no exclusive access.
///
/// ```
/// use cstruct::kit::{Foreign, Opaque, RefCounted, Release, Released, Shared};
/// use core::{convert::Infallible, ptr::NonNull};
/// # use core::sync::atomic::{AtomicU8, Ordering};
/// # pub struct c_blob { count: AtomicU8 }
/// # unsafe extern "C" fn blob_new() -> *mut c_blob { Box::into_raw(Box::new(c_blob { count: AtomicU8::new(1) })) }
/// # unsafe extern "C" fn blob_ref(blob: *mut c_blob) -> bool {
/// #     unsafe { &(*blob).count }.fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| n.checked_add(1)).is_ok()
/// # }
/// # unsafe extern "C" fn blob_unref(blob: *mut c_blob) {
/// #     if unsafe { &(*blob).count }.fetch_sub(1, Ordering::AcqRel) == 1 { drop(unsafe { Box::from_raw(blob) }) }
/// # }
///
/// #[repr(transparent)]
/// pub struct BlobRef(Opaque<c_blob>);
/// // SAFETY: transparent over `Opaque<c_blob>`.
/// unsafe impl Foreign for BlobRef { type Raw = c_blob; }
/// // SAFETY: "blob_unref: gives one count back".
/// unsafe impl Release for BlobRef {
///     type Handle = NonNull<c_blob>;
///     type Error = Infallible;
///     unsafe fn release(blob: NonNull<c_blob>) -> Released<Infallible> {
///         // SAFETY: the caller gives up a count of its own.
///         unsafe { blob_unref(blob.as_ptr()) };
///         Released::Gone
///     }
/// }
/// // SAFETY: "blob_ref: takes one more count; false, and takes none, at 255".
/// unsafe impl RefCounted for BlobRef {
///     type RetainError = &'static str;
///     unsafe fn retain(blob: NonNull<c_blob>) -> Result<(), &'static str> {
///         // SAFETY: the caller says that it is live.
///         if unsafe { blob_ref(blob.as_ptr()) } { Ok(()) } else { Err("the count is at its limit") }
///     }
/// }
///
/// // SAFETY: blob_new gives a blob with a count of one that is ours, or NULL.
/// let first: Shared<BlobRef> = unsafe { Shared::adopt(blob_new()) }?;
/// let second = first.try_clone()?;
/// assert!(Shared::ptr_eq(&first, &second));
/// drop(first);
/// let _still_live: &BlobRef = &second;
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[repr(transparent)]
#[must_use = "dropping it gives the count back at once"]
pub struct Shared<T: RefCounted, K = ()> {
    count: Owned<T, K>,
    shares: PhantomData<Arc<T>>,
}

/// Making one.
impl<T: RefCounted, K> Shared<T, K> {
    /// Takes over a count that came with the pointer, of an object that leans on what `keeper` keeps.
    ///
    /// # Errors
    ///
    /// [`Null`] when it is NULL; the keeper is dropped then.
    ///
    /// # Safety
    ///
    /// If not NULL, `raw` points to a live object and one count of it is the caller's, which only this value gives back. As long
    /// as this count keeps the object alive, all that the object leans on lives as long as `keeper`; a count that C takes
    /// of its own needs the same from whoever lets it. If `K` borrows, C bears that an object of which a count was forgotten outlives
    /// what it leans on: see [`Keeper`].
    #[inline]
    #[track_caller]
    pub unsafe fn adopt_with(raw: *mut T::Raw, keeper: K) -> Result<Self, Null> {
        match NonNull::new(raw) {
            // SAFETY: the caller's promise is the same.
            Some(object) => Ok(unsafe { Shared::of_count(object, keeper) }),
            None => Err(Null::of::<T>()),
        }
    }

    /// The holder of a count that is ours.
    ///
    /// # Safety
    ///
    /// As for [`adopt_with`](Shared::adopt_with).
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    unsafe fn of_count(object: NonNull<T::Raw>, keeper: K) -> Self {
        tracked::shared::<T>(object);
        // SAFETY: one count is ours alone to give back (the caller's promise), and keeps the object live and in its place
        // (`RefCounted`); what needs more than a count, `pin_mut`, is not passed on.
        let count = unsafe { Owned::untold(object, keeper) };
        Shared { count, shares: PhantomData }
    }

    /// Takes a further count of an object that somebody else holds, and that leans on what `keeper` keeps.
    ///
    /// # Errors
    ///
    /// [`RetainError`]: NULL, or C could not take one. The keeper is dropped then.
    ///
    /// # Safety
    ///
    /// If not NULL, `raw` points to an object that is live throughout the call, and is not borrowed exclusively. Of keepers as
    /// for [`adopt_with`](Shared::adopt_with).
    #[inline]
    #[track_caller]
    pub unsafe fn retain_with(raw: *mut T::Raw, keeper: K) -> Result<Self, RetainError<T::RetainError>> {
        let Some(object) = NonNull::new(raw) else {
            return Err(RetainError::Null(Null::of::<T>()));
        };
        // SAFETY: not NULL, and so live throughout the call.
        unsafe { T::retain(object) }.map_err(RetainError::Refused)?;
        // SAFETY: the count that was just taken is ours.
        Ok(unsafe { Shared::of_count(object, keeper) })
    }
}

impl<T: RefCounted> Shared<T> {
    /// Takes over a count that came with the pointer ("+1", "transfer full", "new reference").
    ///
    /// # Errors
    ///
    /// [`Null`] when it is NULL.
    ///
    /// # Safety
    ///
    /// If not NULL, `raw` points to a live object that leans on nothing, and one count of it is the caller's, which only this
    /// value gives back.
    #[inline]
    #[track_caller]
    pub unsafe fn adopt(raw: *mut T::Raw) -> Result<Self, Null> {
        // SAFETY: the caller's promise; there is nothing to keep.
        unsafe { Shared::adopt_with(raw, ()) }
    }

    /// Takes a further count of an object that somebody else holds ("+0", "transfer none", "borrowed reference").
    ///
    /// A wrapper may offer it safely, as a method of `&T`, for a type that is never changed through `Pin<&mut T>`: one
    /// without an [`Owned`] and without [`unique_mut`](Shared::unique_mut).
    ///
    /// # Errors
    ///
    /// [`RetainError`]: NULL, or C could not take one.
    ///
    /// # Safety
    ///
    /// If not NULL, `raw` points to an object that leans on nothing, is live throughout the call, and is not borrowed exclusively.
    #[inline]
    #[track_caller]
    pub unsafe fn retain(raw: *mut T::Raw) -> Result<Self, RetainError<T::RetainError>> {
        // SAFETY: the caller's promise; there is nothing to keep.
        unsafe { Shared::retain_with(raw, ()) }
    }

    /// Gives the handle up and keeps the count: it is the caller's to give back, to hand to C, or to
    /// [adopt](Shared::adopt) again.
    #[inline]
    pub fn into_raw(this: Self) -> *mut T::Raw {
        Owned::into_raw(this.count)
    }
}

/// Takes a further count.
impl<T: RefCounted, K: SharedKeeper> Shared<T, K> {
    /// One more handle of the same object.
    ///
    /// # Errors
    ///
    /// What C says when it could not take a count; nothing has changed then.
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn try_clone(&self) -> Result<Self, T::RetainError> {
        // First what may panic, so that no count is lost to it.
        let keeper = Shared::keeper(self).clone();
        // SAFETY: our count keeps the object live.
        unsafe { T::retain(Shared::object(self)) }?;
        // SAFETY: the count that was just taken is ours, and the new keeper keeps what the old one does (`SharedKeeper`).
        Ok(unsafe { Shared::of_count(Shared::object(self), keeper) })
    }
}

/// Ends the process if C refuses the count that it [never refuses](RetainAlways).
impl<T: RetainAlways, K: SharedKeeper> Clone for Shared<T, K> {
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    fn clone(&self) -> Self {
        match self.try_clone() {
            Ok(shared) => shared,
            Err(error) => {
                abort(core::any::type_name::<T>(), "declared as always countable, but C refused a count", &error)
            }
        }
    }
}

// SAFETY: a clone holds a count of the same object, and what that leans on is kept by a clone of the keeper.
unsafe impl<T: RetainAlways, K: SharedKeeper> SharedKeeper for Shared<T, K> {}

/// Turning it into something else.
impl<T: RefCounted, K> Shared<T, K> {
    /// Gives up the handle and keeps the count, and what the object leans on.
    ///
    /// # Safety
    ///
    /// As for [`Owned::into_parts`], until the count was given back.
    #[inline]
    pub unsafe fn into_parts(this: Self) -> (NonNull<T::Raw>, K) {
        // SAFETY: the caller's promise is the same.
        unsafe { Owned::into_parts(this.count) }
    }
}

impl<T: OwnedIsCounted, K> From<Owned<T, K>> for Shared<T, K> {
    #[inline]
    fn from(owned: Owned<T, K>) -> Self {
        tracked::turned::<T>(Owned::handle(&owned));
        // INVARIANT: an owner holds the object's first count (`OwnedIsCounted`).
        Shared { count: owned, shares: PhantomData }
    }
}

impl<T: OwnedIsCounted + IsUnique, K> Shared<T, K> {
    /// The sole owner, if this is the only count.
    ///
    /// # Errors
    ///
    /// The handle, as it was, when there are others.
    #[inline]
    pub fn try_into_owned(this: Self) -> Result<Owned<T, K>, Self> {
        // SAFETY: our count keeps the object live.
        if !unsafe { T::is_unique(Shared::object(&this)) } {
            return Err(this);
        }
        tracked::turned::<T>(Shared::object(&this));
        Ok(this.count)
    }
}

/// Using it.
impl<T: RefCounted, K> Shared<T, K> {
    /// Borrows the object to change it, if this is the only count.
    #[inline]
    pub fn unique_mut(&mut self) -> Option<Pin<&mut T>>
    where
        T: IsUnique,
    {
        // SAFETY: our count keeps the object live. A yes stays true while the result is used: this handle, which is borrowed
        // for so long, is the only way to a further count (`IsUnique`).
        if unsafe { T::is_unique(Shared::object(self)) } { Some(self.count.pin_mut()) } else { None }
    }

    /// Whether both hold the same object.
    #[inline]
    pub fn ptr_eq<L>(this: &Self, other: &Shared<T, L>) -> bool {
        Shared::object(this) == Shared::object(other)
    }

    /// The pointer as C knows it, with all the rights that it came with.
    #[inline]
    pub(super) fn object(this: &Self) -> NonNull<T::Raw> {
        Owned::handle(&this.count)
    }

    /// What the object leans on.
    #[inline]
    pub fn keeper(this: &Self) -> &K {
        Owned::keeper(&this.count)
    }
}

impl<T: RefCounted, K> Deref for Shared<T, K> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.count
    }
}

// SAFETY: the object lives, stays, and is not released while one count is held, wherever its holder is moved (`RefCounted`).
unsafe impl<T: RefCounted, K> Keeper<T> for Shared<T, K> {
    fn parent(&self) -> &T {
        self
    }
}

impl<T: RefCounted + fmt::Debug, K> fmt::Debug for Shared<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Letting go. Without [`close`](Shared::close), dropping it gives the count back.
impl<T: RefCounted, K> Shared<T, K> {
    /// Gives the count back now and says what C said.
    ///
    /// # Errors
    ///
    /// As for [`Owned::close`]. Most libraries cannot fail here, and `let Ok(()) = shared.close();` compiles.
    #[inline]
    pub fn close(self) -> Result<(), CloseError<Self, <T as Release>::Error>> {
        self.count.close().map_err(|error| error.map_handle(|count| Shared { count, shares: PhantomData }))
    }
}

// Auto-traits: as an `Arc<T>` has them (`shares`), since others may use and release the object at the same time, and as
// the keeper has them (`count`). No impl of ours: both fields must agree.

/// Why there is no count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetainError<E> {
    /// There is no object.
    Null(Null),
    /// C could not take a further count.
    Refused(E),
}

impl<E: fmt::Display> fmt::Display for RetainError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RetainError::Null(null) => null.fmt(f),
            RetainError::Refused(error) => write!(f, "C could not take a further count: {error}"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for RetainError<E> {
    /// The cause's own: what the cause says, the text says already.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            RetainError::Null(_) => None,
            RetainError::Refused(error) => error.source(),
        }
    }
}
