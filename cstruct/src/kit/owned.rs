//! A C object with exactly one owner.
//!
//! ```text
//!   Owned<CStructRef>             Owned<QueryRef, Arc<Context>>
//!   ┌────────┐                    ┌────────┬────────┐
//!   │ handle ├──► C object        │ handle │ keeper ├──► Arc ──► the parent, alive at least as long
//!   └────────┘                    └───┬────┴────────┘
//!    8 bytes, also in an Option       └──► C object, released first
//! ```

use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::pin::Pin;
use core::ptr::{self, NonNull};

use super::event::{self, Event};
use super::{CloseError, Consumed, Foreign, Keeper, Null, Release, Released, tracked};

/// Owns a C object and releases it with the object's own function.
///
/// It is a pointer (so is an `Option` of it), or whatever [`Release::Handle`] is, and the keeper beside it. Dropping it calls
/// C's release function and nothing else; [`close`](Owned::close) does the same and returns what C says.
///
/// `K` is what the object leans on: `()`, or a [`Keeper`] of its parent. It is dropped after the object was
/// released. When C refuses the release in a destructor, object and keeper are leaked and [`event`] is told.
///
/// There is no `DerefMut`: a `&mut` to the borrowed type could be swapped with another. [`pin_mut`](Owned::pin_mut) gives
/// what a mutator needs.
///
/// # Invariants
///
/// `handle` names a live object that this value alone releases, and that stays at its address until then. `keeper` is
/// initialised until the value is taken apart or dropped.
///
/// ```
/// use cstruct::kit::{Foreign, Opaque, Owned, Release, Released};
/// use core::{convert::Infallible, ptr::NonNull};
/// # pub struct c_thing { answer: i32 }
/// # unsafe extern "C" fn thing_new() -> *mut c_thing { Box::into_raw(Box::new(c_thing { answer: 42 })) }
/// # unsafe extern "C" fn thing_free(thing: *mut c_thing) { drop(unsafe { Box::from_raw(thing) }) }
///
/// #[repr(transparent)]
/// pub struct ThingRef(Opaque<c_thing>);
/// // SAFETY: transparent over `Opaque<c_thing>`.
/// unsafe impl Foreign for ThingRef { type Raw = c_thing; }
/// // SAFETY: "thing_free: releases a thing made by thing_new".
/// unsafe impl Release for ThingRef {
///     type Handle = NonNull<c_thing>;
///     type Error = Infallible;
///     unsafe fn release(handle: NonNull<c_thing>) -> Released<Infallible> {
///         // SAFETY: the caller owns the thing and gives it up.
///         unsafe { thing_free(handle.as_ptr()) };
///         Released::Gone
///     }
/// }
///
/// // SAFETY: thing_new gives a thing that is ours, or NULL.
/// let thing: Owned<ThingRef> = unsafe { Owned::from_raw(thing_new()) }?;
/// assert_eq!(size_of_val(&thing), size_of::<*mut c_thing>());
/// let Ok(()) = thing.close();
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
#[must_use = "dropping it releases the object at once"]
pub struct Owned<T: Release, K = ()> {
    handle: T::Handle,
    keeper: ManuallyDrop<K>,
    owns: PhantomData<T>,
}

/// Making one.
impl<T, K> Owned<T, K>
where
    T: Release,
{
    /// Takes over a handle of any kind; see [`from_raw`](Owned::from_raw) for pointers.
    ///
    /// # Safety
    ///
    /// `handle` names a live object; from here on only this value releases it, and what it leans on lives as long as `keeper`. If `K`
    /// borrows, C bears that a forgotten object outlives what it leans on: see [`Keeper`].
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub unsafe fn from_handle(handle: T::Handle, keeper: K) -> Self {
        tracked::owned::<T>(handle);
        // SAFETY: the caller's promise is the same.
        unsafe { Owned::untold(handle, keeper) }
    }

    /// The same for an owner that is not new to the ledger: it was taken apart, or is about to be told as something else.
    ///
    /// # Safety
    ///
    /// As for [`from_handle`](Owned::from_handle).
    #[inline]
    pub(super) unsafe fn untold(handle: T::Handle, keeper: K) -> Self {
        // INVARIANT: the caller hands over the only right to release it.
        Owned { handle, keeper: ManuallyDrop::new(keeper), owns: PhantomData }
    }
}

impl<T, K> Owned<T, K>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    /// Takes over a pointer to an object that leans on what `keeper` keeps.
    ///
    /// # Errors
    ///
    /// [`Null`] when it is NULL; the keeper is dropped then.
    ///
    /// # Safety
    ///
    /// If not NULL, `raw` points to a live object that stays at its address until it is released; from here on only this value
    /// releases it, and all that it leans on lives as long as `keeper`. If `K` borrows, C bears that a forgotten object outlives what it leans
    /// on: see [`Keeper`].
    #[inline]
    #[track_caller]
    pub unsafe fn from_raw_with(raw: *mut T::Raw, keeper: K) -> Result<Self, Null> {
        match NonNull::new(raw) {
            // SAFETY: the caller's promise is the one that `from_handle` asks for.
            Some(handle) => Ok(unsafe { Owned::from_handle(handle, keeper) }),
            None => Err(Null::of::<T>()),
        }
    }
}

impl<T> Owned<T>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    /// Takes over a pointer to an object that stands alone.
    ///
    /// Adopt a result before anything else can fail, so that no path leaks it.
    ///
    /// # Errors
    ///
    /// [`Null`] when it is NULL.
    ///
    /// # Safety
    ///
    /// If not NULL, `raw` points to a live object that leans on nothing and stays at its address until it is released; from here
    /// on only this value releases it.
    #[inline]
    #[track_caller]
    pub unsafe fn from_raw(raw: *mut T::Raw) -> Result<Self, Null> {
        // SAFETY: the caller's promise; there is nothing to keep.
        unsafe { Owned::from_raw_with(raw, ()) }
    }

    /// Gives the object up without releasing it: the pointer is the caller's to release, or to hand back to
    /// [`from_raw`](Owned::from_raw).
    #[inline]
    pub fn into_raw(this: Self) -> *mut T::Raw {
        Owned::into_handle(this).as_ptr()
    }
}

/// Turning it into something else.
impl<T: Release> Owned<T> {
    /// Gives up an object that stands alone without releasing it, whatever kind of handle it has.
    #[inline]
    pub fn into_handle(this: Self) -> T::Handle {
        tracked::given_up::<T>(this.handle);
        let (handle, ()) = Owned::take_apart(this);
        handle
    }
}

impl<T: Release, K> Owned<T, K> {
    /// Gives up the object without releasing it, and what it leans on.
    ///
    /// It is unsafe although nothing happens: C goes on using what the keeper keeps, such as a buffer or a closure.
    ///
    /// # Safety
    ///
    /// What the object leans on lives, and is left to C, until the object was released: the keeper is not dropped, ended or changed
    /// before.
    #[inline]
    pub unsafe fn into_parts(this: Self) -> (T::Handle, K) {
        tracked::given_up::<T>(this.handle);
        Owned::take_apart(this)
    }

    /// For the kit, which keeps the keeper until the object was released.
    #[inline]
    pub(super) fn take_apart(this: Self) -> (T::Handle, K) {
        let this = ManuallyDrop::new(this);
        // SAFETY: `keeper` is initialised (invariant), and `this` is neither used nor dropped after this read.
        let keeper = unsafe { ptr::read(&raw const this.keeper) };
        (this.handle, ManuallyDrop::into_inner(keeper))
    }

    /// Hands the object to a C function that ends it or takes it over: a commit, a push into a container, a finish.
    ///
    /// `call` gets the handle and says what became of it. The keeper is dropped when C has the object or released it. If `call` panics nobody
    /// knows, so the object is leaked, and with it the keeper. [`Consumed`] has an example.
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] with this owner when C handed it back, [`CloseError::Gone`] when C failed and it is gone.
    ///
    /// # Safety
    ///
    /// `call` tells the truth: the object is gone, or C's, after [`Consumed::Taken`] and
    /// [`Consumed::Lost`], and as before after [`Consumed::HandedBack`].
    #[inline]
    pub unsafe fn consume<R, E>(
        this: Self,
        call: impl FnOnce(T::Handle) -> Consumed<R, E>,
    ) -> Result<R, CloseError<Self, E>> {
        // Taken apart only when C has answered: before, a panic leaves both alone.
        let this = ManuallyDrop::new(this);
        let kept = tracked::releasing::<T>(this.handle);
        match call(this.handle) {
            Consumed::Taken(result) => {
                drop(Owned::take_keeper(this));
                Ok(result)
            }
            Consumed::Lost(error) => {
                drop(Owned::take_keeper(this));
                Err(CloseError::Gone(error))
            }
            Consumed::HandedBack(error) => {
                kept.back();
                // INVARIANT: the caller says that it is as it was: live, and ours alone.
                Err(CloseError::StillOpen { handle: ManuallyDrop::into_inner(this), error })
            }
        }
    }
}

/// Using it.
impl<T: Release, K> Owned<T, K> {
    /// The handle as C knows it. It stays owned: do not release it.
    #[inline]
    pub fn handle(this: &Self) -> T::Handle {
        this.handle
    }

    /// What the object leans on.
    #[inline]
    pub fn keeper(this: &Self) -> &K {
        &this.keeper
    }
}

impl<T, K> Owned<T, K>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    /// Borrows the object to change it.
    #[inline]
    pub fn pin_mut(&mut self) -> Pin<&mut T> {
        // SAFETY: the object is live and ours alone (invariant); `T` is transparent over its bytes (`Foreign`).
        let exclusive = unsafe { self.handle.cast::<T>().as_mut() };
        // SAFETY: it stays at its address until it is released (invariant), and the reference is never handed out unpinned.
        unsafe { Pin::new_unchecked(exclusive) }
    }
}

impl<T, K> Deref for Owned<T, K>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the object is live while `self` is (invariant); `T` is transparent over its bytes (`Foreign`).
        unsafe { self.handle.cast::<T>().as_ref() }
    }
}

// SAFETY: the object lives, stays, and is not released while its owner lives, wherever the owner is moved (invariant).
unsafe impl<T, K> Keeper<T> for Owned<T, K>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    fn parent(&self) -> &T {
        self
    }
}

impl<T, K> fmt::Debug for Owned<T, K>
where
    T: fmt::Debug + Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Letting go later.
#[cfg(all(feature = "std", target_has_atomic = "64"))]
impl<T: Release + 'static, K: 'static> Owned<T, K> {
    /// Makes an owner that is used as this one, and that `queue` releases, in its turn, after it was dropped.
    #[inline]
    pub fn defer(self, queue: &impl super::TakesIn<Self>) -> super::Deferred<Self> {
        super::Deferred::new(self, queue)
    }
}

/// Letting go.
impl<T: Release, K> Owned<T, K> {
    /// Releases the object now and says what C said. A second call does not compile: the owner is gone.
    ///
    /// # Errors
    ///
    /// [`CloseError::Gone`]: it is released, and something failed. [`CloseError::StillOpen`]: C refused, and here is the
    /// owner again: end what uses it and retry, or drop it, which tells [`event`] if C still refuses.
    #[inline]
    pub fn close(self) -> Result<(), CloseError<Self, T::Error>> {
        let this = ManuallyDrop::new(self);
        let kept = tracked::releasing::<T>(this.handle);
        // SAFETY: live, ours alone, and leaning on what lives (invariant); `this` is not dropped, so it is released once.
        match unsafe { T::release(this.handle) } {
            Released::Gone => {
                drop(Owned::take_keeper(this));
                Ok(())
            }
            Released::GoneWith(error) => {
                drop(Owned::take_keeper(this));
                Err(CloseError::Gone(error))
            }
            Released::Refused(error) => {
                kept.back();
                // INVARIANT: C did nothing, so the object is as live and as much ours as before.
                Err(CloseError::StillOpen { handle: ManuallyDrop::into_inner(this), error })
            }
            Released::Closing => Ok(()),
        }
    }

    #[inline]
    fn take_keeper(this: ManuallyDrop<Self>) -> K {
        // SAFETY: `keeper` is initialised (invariant), and `this`, which is consumed here, does not drop it.
        let keeper = unsafe { ptr::read(&raw const this.keeper) };
        ManuallyDrop::into_inner(keeper)
    }
}

impl<T: Release, K> Drop for Owned<T, K> {
    #[inline]
    fn drop(&mut self) {
        let kept = tracked::releasing::<T>(self.handle);
        // SAFETY: live, ours alone, and leaning on what lives (invariant); a value is dropped once and unused afterwards.
        match unsafe { T::release(self.handle) } {
            Released::Gone => {}
            Released::GoneWith(error) => {
                event::report(&Event::Failed { type_name: core::any::type_name::<T>(), error: &error });
            }
            Released::Refused(error) => {
                event::report(&Event::Leaked { type_name: core::any::type_name::<T>(), error: &error });
                kept.refused(&error);
                return;
            }
            Released::Closing => return,
        }
        // SAFETY: `keeper` is initialised (invariant) and never used again. The object is gone, so nothing leans on it.
        unsafe { ManuallyDrop::drop(&mut self.keeper) };
    }
}

// Auto-traits: as a `Box<T>` would have them, and then only if the keeper has them too.

// SAFETY: sending the owner sends the right to use and release the object, which `T: Send` allows (`Release`), and the keeper.
unsafe impl<T: Release + Send, K: Send> Send for Owned<T, K> {}

// SAFETY: a shared owner gives `&T` and `&K`, and copies of the handle, which `T: Sync` allows as well (`Release`).
unsafe impl<T: Release + Sync, K: Sync> Sync for Owned<T, K> {}

// The owner may be moved: the object is elsewhere.
impl<T: Release, K> Unpin for Owned<T, K> {}
