//! How C ends an object that it made in memory of ours, and what it wants to find there before.
//!
//! ```text
//!   room ──init said yes──► object ──clear──► room again
//!     └────init failed, or unwound: no object ever existed
//! ```
//!
//! [`InPlace`](super::InPlace) has its room on the heap and is a handle that may be moved; [`Place`](super::Place) *is* the room,
//! pinned on the stack or inside a larger value.

use core::fmt;
use core::ptr::NonNull;

use super::event::{self, Event};
use super::{Foreign, Released};

/// How C ends an object that it made in room of ours: which function, and what it may answer.
///
/// An iterator that needs no end answers [`Released::Gone`] without a call. [`wrap!`](crate::wrap) writes the impl from
/// `clear = …;`, `clear_always = …;` or `no_clear = "reason";`.
///
/// [`Released::Refused`] and [`Released::Closing`] say that C goes on using the room. In an [`InPlace`](super::InPlace) it is leaked
/// then, and [`event`] is told of a refusal. The room of a [`Place`](super::Place) ends with its scope whatever C says, so there the
/// process ends. Where C says no and does *not* use the room any more, the right answer is [`Released::GoneWith`].
///
/// # Safety
///
/// [`clear`](Clear::clear) answers the truth and does not unwind. What [`AFTER_FAILED_INIT`](Clear::AFTER_FAILED_INIT) says of C is true.
#[diagnostic::on_unimplemented(
    message = "nothing says how C clears `{Self}`",
    label = "no function that clears it",
    note = "write `clear = the_c_function;`, `clear = the_c_function, outcome => Error;` or `no_clear = \"reason\";` in its `wrap!`"
)]
pub unsafe trait Clear: Foreign {
    /// What a failing end says; [`Infallible`](core::convert::Infallible) when it cannot fail.
    type Error: fmt::Debug + fmt::Display;

    /// What an init that failed leaves behind.
    const AFTER_FAILED_INIT: AfterFailedInit = AfterFailedInit::NothingToClear;

    /// Calls C's function, if there is one, and nothing else that can fail.
    ///
    /// # Safety
    ///
    /// `object` is live, owned by the caller, and where it was made; or it is what a failed init left and
    /// [`AFTER_FAILED_INIT`](Clear::AFTER_FAILED_INIT) asks for this call. The caller does not use it afterwards unless the
    /// answer is [`Released::Refused`]. All that the object leans on still lives.
    unsafe fn clear(object: NonNull<Self::Raw>) -> Released<Self::Error>;
}

/// What an init that failed, or that unwound, leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailedInit {
    /// There is no object: the room is free at once.
    NothingToClear,
    /// What there is must be cleared all the same. It may also be cleared if init was never reached, so that the room must hold
    /// something that C can clear from the beginning: see [`Initial`].
    ClearAllTheSame,
}

/// What the room holds when init is called.
///
/// ```
/// use cstruct::kit::Initial;
///
/// struct Stream { next: *const u8, level: i32 }
/// let preset = Initial::Value(Stream { next: core::ptr::null(), level: 9 });
/// # let Initial::Value(Stream { next, level: 9 }) = preset else { unreachable!() };
/// # assert!(next.is_null());
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Initial<R> {
    /// All bytes are 0. Fields that C wants preset are then written through init's pointer; the one for large structs.
    Zeroed,
    /// These fields.
    Value(R),
    /// Whatever is there: only where C says that it does not look at it.
    Untouched,
}

impl<R> Initial<R> {
    /// Writes it to room that nobody else uses.
    ///
    /// # Safety
    ///
    /// `room` is valid for writes, and aligned.
    #[inline]
    pub(super) unsafe fn write(self, room: NonNull<R>) {
        match self {
            // SAFETY: valid for writes and aligned, says the caller.
            Initial::Zeroed => unsafe { room.write_bytes(0, 1) },
            // SAFETY: as above.
            Initial::Value(value) => unsafe { room.write(value) },
            Initial::Untouched => {}
        }
    }
}

/// Tells the event hook what a destructor cannot return, and says whether the room is ours again.
#[inline]
pub(super) fn is_gone<T: Clear>(answer: &Released<T::Error>) -> bool {
    let type_name = core::any::type_name::<T>();
    match answer {
        Released::Gone => true,
        Released::GoneWith(error) => {
            event::report(&Event::Failed { type_name, error });
            true
        }
        Released::Refused(error) => {
            event::report(&Event::Leaked { type_name, error });
            false
        }
        Released::Closing => false,
    }
}
