//! An object that C made in room of ours, where the room is part of something else: a stack frame, or a larger value.
//!
//! ```text
//!   let mut place = pin!(Place::<CursorRef, _>::new());
//!   ┌─ stack frame ─────────────────────┐
//!   │ place { struct cursor │ keeper? } │   the keeper is there exactly while an object is
//!   └───────────────────────────────────┘   cleared when the place ends, whatever became of the borrows of it
//! ```

use core::cell::UnsafeCell;
use core::fmt;
use core::marker::{PhantomData, PhantomPinned};
use core::mem::MaybeUninit;
use core::pin::Pin;
use core::ptr::NonNull;

use super::abort::abort;
use super::clear::{AfterFailedInit, Clear, Initial, is_gone};
use super::{CloseError, Released};

/// Room for one C object, in which C inits it and clears it, without an allocation.
///
/// It is made empty, pinned with [`pin!`](core::pin::pin), and then initialised. The place itself clears the object at the end of
/// its scope: there is no guard to forget, and pinning guarantees that a place is dropped before its memory is used for anything
/// else. It may also be a field of a larger pinned value, with the usual pin projection.
///
/// The memory ends with the scope whatever C says. So when C answers that it goes on using it ([`Released::Refused`] or
/// [`Released::Closing`]), the process ends; [`close`](Place::close) before the end of the scope gives a refusal as a result, and
/// [`InPlace`](super::InPlace) leaks the room in that case.
///
/// # Invariants
///
/// `keeper` is `Some` exactly while `bytes` holds a live object, and the place is pinned from the first init on.
///
/// ```
/// use cstruct::kit::{Initial, Place};
/// use core::pin::pin;
/// # use cstruct::kit::{Clear, Foreign, Opaque, Released};
/// # use core::{convert::Infallible, ptr::NonNull};
/// # pub struct c_walk { at: u32, here: *const u32 }
/// # unsafe extern "C" fn walk_init(walk: *mut c_walk) -> i32 { unsafe { (*walk).here = &raw const (*walk).at }; 0 }
/// # unsafe extern "C" fn walk_end(walk: *mut c_walk) { assert_eq!(unsafe { (*walk).here }, unsafe { &raw const (*walk).at }) }
/// # #[repr(transparent)]
/// # pub struct WalkRef(Opaque<c_walk>);
/// # unsafe impl Foreign for WalkRef { type Raw = c_walk; }
/// # unsafe impl Clear for WalkRef {
/// #     type Error = Infallible;
/// #     unsafe fn clear(walk: NonNull<c_walk>) -> Released<Infallible> { unsafe { walk_end(walk.as_ptr()) }; Released::Gone }
/// # }
///
/// let status = |status| if status == 0 { Ok(()) } else { Err(status) };
/// let mut place = pin!(Place::<WalkRef>::new());
/// // SAFETY: walk_init makes a walk that leans on nothing, or fails and leaves nothing.
/// let walk = unsafe { place.as_mut().init(Initial::Zeroed, (), |walk| status(walk_init(walk))) }?;
/// let _for_c: *mut c_walk = walk.as_ptr();
/// # Ok::<(), i32>(())
/// // Here the walk is cleared, also after an early return or a panic.
/// ```
pub struct Place<T: Clear, K = ()> {
    bytes: UnsafeCell<MaybeUninit<T::Raw>>,
    keeper: Option<K>,
    owns: PhantomData<(T, *mut (), PhantomPinned)>,
}

/// Making one.
impl<T: Clear, K> Place<T, K> {
    /// An empty place.
    #[inline]
    pub const fn new() -> Self {
        // INVARIANT: no object, no keeper.
        Place { bytes: UnsafeCell::new(MaybeUninit::uninit()), keeper: None, owns: PhantomData }
    }

    /// Fills the place with what C wants to find there, and has C make the object.
    ///
    /// `init` gets the place's address. An object that is here already is cleared first, as at the end of the scope. When `init` fails or
    /// unwinds the place is empty; what it leaves is cleared only where [`AFTER_FAILED_INIT`](Clear::AFTER_FAILED_INIT) says so.
    ///
    /// # Errors
    ///
    /// That of `init`.
    ///
    /// # Safety
    ///
    /// As for [`InPlace::init`](super::InPlace::init).
    #[inline]
    pub unsafe fn init<E>(
        self: Pin<&mut Self>,
        initial: Initial<T::Raw>,
        keeper: K,
        init: impl FnOnce(*mut T::Raw) -> Result<(), E>,
    ) -> Result<Pin<&mut T>, E> {
        // SAFETY: nothing is moved out of the place; `bytes` is only ever used where it is.
        let this = unsafe { self.get_unchecked_mut() };
        this.shut();
        let room = this.room();
        // Declared after `keeper`, so that it is dropped before it.
        let undo = Undo::<T>(room);
        // SAFETY: the bytes are this place's own, and hold no object.
        unsafe { initial.write(room) };
        init(room.as_ptr())?;
        core::mem::forget(undo);
        // INVARIANT: C made the object, in a place that is pinned.
        this.keeper = Some(keeper);
        // SAFETY: there is an object now.
        Ok(unsafe { this.exclusive() })
    }
}

impl<T: Clear, K> Default for Place<T, K> {
    fn default() -> Self {
        Place::new()
    }
}

/// Undoes an init that did not say yes.
struct Undo<T: Clear>(NonNull<T::Raw>);

impl<T: Clear> Drop for Undo<T> {
    fn drop(&mut self) {
        if T::AFTER_FAILED_INIT == AfterFailedInit::ClearAllTheSame {
            // SAFETY: a failed init left it to be cleared, says the type; where it was made, and once.
            end::<T>(unsafe { T::clear(self.0) });
        }
    }
}

/// Goes on only if the memory is ours again.
fn end<T: Clear>(answer: Released<T::Error>) {
    let name = core::any::type_name::<T>();
    let why = "C goes on using memory that ends here";
    match answer {
        Released::Refused(error) => abort(name, why, &error),
        Released::Closing => abort(name, why, &"it is closing"),
        gone => {
            is_gone::<T>(&gone);
        }
    }
}

/// Using it.
impl<T: Clear, K> Place<T, K> {
    /// The object, if there is one.
    #[inline]
    pub fn object(&self) -> Option<&T> {
        self.keeper.as_ref()?;
        // SAFETY: there is an object while there is a keeper (invariant); `T` is transparent over its bytes (`Foreign`).
        Some(unsafe { self.room().cast::<T>().as_ref() })
    }

    /// The object to change it, if there is one.
    #[inline]
    pub fn pin_mut(self: Pin<&mut Self>) -> Option<Pin<&mut T>> {
        // SAFETY: nothing is moved out of the place.
        let this = unsafe { self.get_unchecked_mut() };
        this.keeper.as_ref()?;
        // SAFETY: there is an object while there is a keeper (invariant).
        Some(unsafe { this.exclusive() })
    }

    /// What the object leans on, if there is one.
    #[inline]
    pub fn keeper(&self) -> Option<&K> {
        self.keeper.as_ref()
    }

    #[inline]
    fn room(&self) -> NonNull<T::Raw> {
        NonNull::from(&self.bytes).cast()
    }

    /// # Safety
    ///
    /// There is an object, and the place is pinned.
    #[inline]
    unsafe fn exclusive(&mut self) -> Pin<&mut T> {
        // SAFETY: a live object, borrowed through the only reference to its place; `T` is transparent over it (`Foreign`).
        let exclusive = unsafe { self.room().cast::<T>().as_mut() };
        // SAFETY: the place is pinned, and with it the object.
        unsafe { Pin::new_unchecked(exclusive) }
    }
}

/// Prints the object, not the room.
impl<T: Clear + fmt::Debug, K> fmt::Debug for Place<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Place").field(&self.object()).finish()
    }
}

/// Letting go.
impl<T: Clear, K> Place<T, K> {
    /// Clears the object now, if there is one, and says what C said. The place may be used again.
    ///
    /// # Errors
    ///
    /// [`CloseError::Gone`]: it is cleared, and something failed. [`CloseError::StillOpen`]: C refused, and the object
    /// is as it was.
    #[inline]
    pub fn close(self: Pin<&mut Self>) -> Result<(), CloseError<Pin<&mut Self>, T::Error>> {
        // SAFETY: nothing is moved out of the place but the keeper, which is not pinned with it.
        let this = unsafe { self.get_unchecked_mut() };
        if this.keeper.is_none() {
            return Ok(());
        }
        // SAFETY: there is an object (invariant), where it was made; the keeper goes below, so that it is cleared once.
        let answer = unsafe { T::clear(this.room()) };
        if let Released::Refused(error) = answer {
            // SAFETY: it was pinned when this was called.
            let handle = unsafe { Pin::new_unchecked(this) };
            return Err(CloseError::StillOpen { handle, error });
        }
        if let Released::GoneWith(error) = answer {
            // INVARIANT: no object, no keeper.
            this.keeper = None;
            return Err(CloseError::Gone(error));
        }
        end::<T>(answer);
        // INVARIANT: no object, no keeper.
        this.keeper = None;
        Ok(())
    }

    #[inline]
    fn shut(&mut self) {
        // INVARIANT: no object, no keeper; and so from here on, since telling what C says may panic.
        if let Some(keeper) = self.keeper.take() {
            // SAFETY: there was an object (invariant), where it was made; without its keeper nobody clears it again.
            end::<T>(unsafe { T::clear(self.room()) });
            drop(keeper);
        }
    }
}

impl<T: Clear, K> Drop for Place<T, K> {
    #[inline]
    fn drop(&mut self) {
        // A value that was pinned is so here as well: nothing is moved.
        self.shut();
    }
}

// Auto-traits: as the object and the keeper have them.

// SAFETY: an empty place may be anywhere; one with an object is pinned, and can be sent only by way of what points to it, which
// sends the right to use and clear the object, as `T: Send` allows, and the keeper.
unsafe impl<T: Clear + Send, K: Send> Send for Place<T, K> {}

// SAFETY: a shared place gives `&T` and `&K` alone.
unsafe impl<T: Clear + Sync, K: Sync> Sync for Place<T, K> {}
