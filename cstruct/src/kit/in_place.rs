//! An object that C made in room of ours, on the heap.
//!
//! ```text
//!   InPlace<CursorRef, &List>
//!   ┌────────┬────────┐
//!   │ object │ keeper │        moves freely
//!   └───┬────┴────────┘
//!       ▼
//!   ┌─ one allocation ─┐
//!   │  struct cursor   │     never moves; cleared, then freed
//!   └──────────────────┘
//! ```

use alloc::boxed::Box;
use core::fmt;
use core::marker::PhantomData;
use core::mem::{ManuallyDrop, MaybeUninit};
use core::ops::Deref;
use core::pin::Pin;
use core::ptr::{self, NonNull};

use super::clear::{AfterFailedInit, Clear, Initial, is_gone};
use super::{CloseError, Keeper, Released, tracked};

/// Owns a C object in room of our own: C inits and clears it, we allocate and free the room.
///
/// The value does not exist before init said yes, and its room never moves, though the handle may. It takes one
/// allocation of the struct's size, made where it stays, so that a struct of many kilobytes needs no stack. For none at
/// all, see [`Place`](super::Place).
///
/// `K` is what the object leans on, dropped after it was cleared. Buffers that C uses during one call only are no part of it:
/// the method that makes the call sets them and takes them back before it returns.
///
/// # Invariants
///
/// `object` is an allocation of a `MaybeUninit<T::Raw>` from a `Box`, which this value alone frees, and holds a live object,
/// which this value alone clears. `keeper` is initialised until the value is taken apart or dropped.
///
/// ```
/// use cstruct::kit::{Clear, Foreign, InPlace, Initial, Opaque, Released};
/// use core::{convert::Infallible, ptr::NonNull};
/// # pub struct c_walk { at: u32, here: *const u32 }
/// # unsafe extern "C" fn walk_init(walk: *mut c_walk) -> i32 { unsafe { (*walk).here = &raw const (*walk).at }; 0 }
/// # unsafe extern "C" fn walk_end(walk: *mut c_walk) { assert_eq!(unsafe { (*walk).here }, unsafe { &raw const (*walk).at }) }
///
/// #[repr(transparent)]
/// pub struct WalkRef(Opaque<c_walk>);
/// // SAFETY: transparent over `Opaque<c_walk>`.
/// unsafe impl Foreign for WalkRef { type Raw = c_walk; }
/// // SAFETY: "walk_end: ends a walk made by walk_init; after a failure there is nothing to end".
/// unsafe impl Clear for WalkRef {
///     type Error = Infallible;
///     unsafe fn clear(walk: NonNull<c_walk>) -> Released<Infallible> {
///         // SAFETY: the caller owns the walk and gives it up.
///         unsafe { walk_end(walk.as_ptr()) };
///         Released::Gone
///     }
/// }
///
/// let status = |status| if status == 0 { Ok(()) } else { Err(status) };
/// // SAFETY: walk_init makes a walk that leans on nothing, or fails and leaves nothing.
/// let walk: InPlace<WalkRef> = unsafe { InPlace::init(Initial::Zeroed, (), |walk| status(walk_init(walk))) }?;
/// let moved = walk; // the handle; the walk stays where it is
/// let Ok(()) = moved.close();
/// # Ok::<(), i32>(())
/// ```
#[must_use = "dropping it clears the object at once"]
pub struct InPlace<T: Clear, K = ()> {
    object: NonNull<T::Raw>,
    keeper: ManuallyDrop<K>,
    owns: PhantomData<T>,
}

/// Making one.
impl<T: Clear, K> InPlace<T, K> {
    /// Allocates room, fills it with what C wants to find there, and has C make the object.
    ///
    /// `init` gets the room's address. When it fails or unwinds there is no object; what it leaves is cleared only where
    /// [`AFTER_FAILED_INIT`](Clear::AFTER_FAILED_INIT) says so. The keeper is dropped after that.
    ///
    /// # Errors
    ///
    /// That of `init`.
    ///
    /// # Safety
    ///
    /// `initial` is what C allows. After `init` returned `Ok` there is a live object in the room, and all that it leans on lives
    /// as long as `keeper`. If `K` borrows, C bears that a forgotten object outlives what it leans on: see [`Keeper`]. After `init` failed or
    /// unwound, C does not use the room; where the type says [`ClearAllTheSame`](AfterFailedInit::ClearAllTheSame), what is in it may
    /// be cleared.
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub unsafe fn init<E>(
        initial: Initial<T::Raw>,
        keeper: K,
        init: impl FnOnce(*mut T::Raw) -> Result<(), E>,
    ) -> Result<Self, E> {
        let room = NonNull::from(Box::leak(Box::<T::Raw>::new_uninit()));
        let started = Started(ManuallyDrop::new(InPlace {
            object: room.cast(),
            keeper: ManuallyDrop::new(keeper),
            owns: PhantomData,
        }));
        // SAFETY: the room was just allocated for it, and is ours.
        unsafe { initial.write(started.0.object) };
        init(started.0.object.as_ptr())?;
        // INVARIANT: C made the object.
        tracked::in_place::<T, _>(started.0.object);
        let mut started = ManuallyDrop::new(started);
        // SAFETY: `started` is neither used nor dropped after this.
        Ok(unsafe { ManuallyDrop::take(&mut started.0) })
    }

    /// Takes back what [`into_parts`](InPlace::into_parts) gave.
    ///
    /// # Safety
    ///
    /// They come from one call of it, with the same `T`; the object is live and only this value clears and frees it.
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub unsafe fn from_parts(object: NonNull<T::Raw>, keeper: K) -> Self {
        tracked::in_place::<T, _>(object);
        // INVARIANT: it held when the parts were given.
        InPlace { object, keeper: ManuallyDrop::new(keeper), owns: PhantomData }
    }
}

/// Room in which init has not said yes yet. It is undone unless it is taken apart.
struct Started<T: Clear, K>(ManuallyDrop<InPlace<T, K>>);

impl<T: Clear, K> Drop for Started<T, K> {
    fn drop(&mut self) {
        // SAFETY: a value is dropped once and unused afterwards.
        let this = unsafe { ManuallyDrop::take(&mut self.0) };
        match T::AFTER_FAILED_INIT {
            AfterFailedInit::NothingToClear => {
                let (object, keeper) = InPlace::take_apart(this);
                // SAFETY: the room came from a `Box` in `init`, and C does not use it after a failed init.
                unsafe { free(object) };
                drop(keeper);
            }
            // What a failed init left may be cleared as if it were an object (the caller of `init`).
            AfterFailedInit::ClearAllTheSame => {
                tracked::in_place::<T, _>(this.object);
                drop(this);
            }
        }
    }
}

/// Frees the room, not what is in it.
///
/// # Safety
///
/// It came from a `Box` in [`InPlace::init`], is not used afterwards, and is freed once.
#[inline]
unsafe fn free<R>(room: NonNull<R>) {
    // SAFETY: as the caller says; `R` and `MaybeUninit<R>` have one layout, and the latter drops nothing.
    drop(unsafe { Box::from_raw(room.cast::<MaybeUninit<R>>().as_ptr()) });
}

/// Turning it into something else.
impl<T: Clear, K> InPlace<T, K> {
    /// Gives up the object without clearing it or freeing its room, and what it leans on.
    ///
    /// # Safety
    ///
    /// As for [`Owned::into_parts`](super::Owned::into_parts), until the object was cleared.
    #[inline]
    pub unsafe fn into_parts(this: Self) -> (NonNull<T::Raw>, K) {
        tracked::block_given_up(this.object);
        InPlace::take_apart(this)
    }

    #[inline]
    fn take_apart(this: Self) -> (NonNull<T::Raw>, K) {
        let this = ManuallyDrop::new(this);
        // SAFETY: `keeper` is initialised (invariant), and `this` is neither used nor dropped after this read.
        let keeper = unsafe { ptr::read(&raw const this.keeper) };
        (this.object, ManuallyDrop::into_inner(keeper))
    }
}

/// Using it.
impl<T: Clear, K> InPlace<T, K> {
    /// Borrows the object to change it.
    #[inline]
    pub fn pin_mut(&mut self) -> Pin<&mut T> {
        // SAFETY: the object is live and ours alone (invariant); `T` is transparent over its bytes (`Foreign`).
        let exclusive = unsafe { self.object.cast::<T>().as_mut() };
        // SAFETY: its room stays where it is until it was cleared, and the reference is never handed out unpinned.
        unsafe { Pin::new_unchecked(exclusive) }
    }

    /// What the object leans on.
    #[inline]
    pub fn keeper(this: &Self) -> &K {
        &this.keeper
    }
}

impl<T: Clear, K> Deref for InPlace<T, K> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the object is live while `self` is (invariant); `T` is transparent over its bytes (`Foreign`).
        unsafe { self.object.cast::<T>().as_ref() }
    }
}

// SAFETY: the object lives, stays, and is not cleared while its handle lives, wherever the handle is moved (invariant).
unsafe impl<T: Clear, K> Keeper<T> for InPlace<T, K> {
    fn parent(&self) -> &T {
        self
    }
}

impl<T: Clear + fmt::Debug, K> fmt::Debug for InPlace<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Letting go.
impl<T: Clear, K> InPlace<T, K> {
    /// Clears the object now, frees its room, and says what C said. A second call does not compile: the handle is gone.
    ///
    /// # Errors
    ///
    /// [`CloseError::Gone`]: it is cleared, and something failed. [`CloseError::StillOpen`]: C refused, and here is the
    /// handle again; dropping it leaks object, room and keeper if C still refuses, and tells [`event`](super::event).
    #[inline]
    pub fn close(self) -> Result<(), CloseError<Self, <T as Clear>::Error>> {
        let this = ManuallyDrop::new(self);
        // SAFETY: live, ours alone, where it was made (invariant); `this` is not dropped, so it is cleared once.
        let answer = unsafe { T::clear(this.object) };
        let error = match answer {
            Released::Gone => None,
            Released::GoneWith(error) => Some(error),
            Released::Refused(error) => {
                // INVARIANT: C did nothing, so the object is as live and as much ours as before.
                let handle = ManuallyDrop::into_inner(this);
                return Err(CloseError::StillOpen { handle, error });
            }
            // C uses the room, and what the object leans on, until it has finished.
            Released::Closing => return Ok(()),
        };
        let (object, keeper) = InPlace::take_apart(ManuallyDrop::into_inner(this));
        let _gone = tracked::ending::<T, _>(object);
        // SAFETY: from a `Box` (invariant), and C no longer uses it.
        unsafe { free(object) };
        drop(keeper);
        error.map_or(Ok(()), |error| Err(CloseError::Gone(error)))
    }
}

impl<T: Clear, K> Drop for InPlace<T, K> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: live, ours alone, where it was made (invariant); a value is dropped once and unused afterwards.
        let answer = unsafe { T::clear(self.object) };
        if !is_gone::<T>(&answer) {
            return; // C goes on using the room and what the object leans on: both are leaked.
        }
        let _gone = tracked::ending::<T, _>(self.object);
        // SAFETY: from a `Box` (invariant), and C no longer uses it.
        unsafe { free(self.object) };
        // SAFETY: `keeper` is initialised (invariant) and never used again. The object is gone, so nothing leans on it.
        unsafe { ManuallyDrop::drop(&mut self.keeper) };
    }
}

// Auto-traits: as a `Box<T>` would have them, and then only if the keeper has them too.

// SAFETY: sending the handle sends the right to use and clear the object, which `T: Send` allows, and the keeper.
unsafe impl<T: Clear + Send, K: Send> Send for InPlace<T, K> {}

// SAFETY: a shared handle gives `&T` and `&K` alone.
unsafe impl<T: Clear + Sync, K: Sync> Sync for InPlace<T, K> {}

// The handle may be moved: the room is elsewhere.
impl<T: Clear, K> Unpin for InPlace<T, K> {}
