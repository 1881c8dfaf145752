//! Room that we bring and C fills.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::c_char;
use core::ptr;

use super::dealloc::NoMemory;
use super::fill_error::FillError;
use super::slices::Length;

/// What C answered to being given room, where the room may be too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<E> {
    /// It wrote that many elements, all initialised.
    Wrote(usize),
    /// It needs room for that many; 0 if it does not say.
    TooSmall(usize),
    /// It failed.
    Failed(E),
}

/// C writes as many elements as fit, and says how many.
///
/// C has six ways to say how much it wrote, and each is a type of its own:
///
/// | C says | protocol |
/// |---|---|
/// | as many as fit, and tells how many | [`UpTo`] |
/// | exactly as many as another call or object says | [`SizedBy`] |
/// | NULL or too little room is answered with the size needed | [`AskThenFill`] |
/// | `*len` is the room before and the size after the call; "too small" is a status | [`InOutLen`] |
/// | the pointer is moved past what was written | [`Advancing`] |
/// | a text is cut off where the room ends | [`Truncates`](super::Truncates) |
///
/// The room is a `Vec`: pass the same one again and its memory is used again. Only what C says it wrote becomes elements;
/// a length that is greater than the room is [`FillError::Overrun`]. "Or NULL, and I allocate" is a second function: wrap it with
/// [`out`](super::out), [`CText`](super::CText) or [`CArray`](super::CArray).
///
/// ```
/// use cstruct::kit::{FillError, UpTo};
/// # unsafe extern "C" fn x_samples(room: *mut f64, len: usize) -> isize {
/// #     if len < 2 { return 0 } unsafe { room.write(0.5) }; unsafe { room.add(1).write(1.5) }; 2
/// # }
///
/// let mut samples = Vec::new();
/// // SAFETY: room for `len` samples.
/// let call = |room, len| usize::try_from(unsafe { x_samples(room, len) }).map_err(|_| "no samples");
/// // SAFETY: "x_samples: up to `len` samples are written; the result is their number, or negative".
/// unsafe { UpTo(64).fill(&mut samples, call) }?;
/// assert_eq!(samples, [0.5, 1.5]); // not 64
/// # Ok::<(), FillError<&str>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct UpTo(
    /// The room, in elements.
    pub usize,
);

impl UpTo {
    /// Fills `room`, whose earlier elements are dropped.
    ///
    /// # Errors
    ///
    /// [`FillError`]; the room is empty then.
    ///
    /// # Safety
    ///
    /// `call` writes at most as many elements as its second argument says, and answers how many valid `T`s are there.
    pub unsafe fn fill<T, E>(
        self,
        room: &mut Vec<T>,
        call: impl FnOnce(*mut T, usize) -> Result<usize, E>,
    ) -> Result<(), FillError<E>> {
        reserve(room, self.0)?;
        let wrote = call(room.as_mut_ptr(), self.0).map_err(FillError::Failed)?;
        // SAFETY: the caller vouches for that many valid elements.
        unsafe { accept(room, self.0, wrote) }
    }
}

/// C writes exactly as many elements as another call, or the size of another object, says.
///
/// ```
/// use cstruct::kit::{FillError, SizedBy};
/// # unsafe extern "C" fn x_count() -> usize { 3 }
/// # unsafe extern "C" fn x_ids(room: *mut u32) { for at in 0..3 { unsafe { room.add(at).write(at as u32) } } }
///
/// // SAFETY: no arguments.
/// let count = unsafe { x_count() };
/// let mut ids = Vec::new();
/// // SAFETY: room for as many as there are.
/// let call = |room| Ok::<(), &str>(unsafe { x_ids(room) });
/// // SAFETY: "x_ids: writes x_count() numbers".
/// unsafe { SizedBy(count).fill(&mut ids, call) }?;
/// assert_eq!(ids, [0, 1, 2]);
/// # Ok::<(), FillError<&str>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SizedBy(
    /// That size, in elements.
    pub usize,
);

impl SizedBy {
    /// Fills `room`, whose earlier elements are dropped.
    ///
    /// # Errors
    ///
    /// [`FillError`]; the room is empty then.
    ///
    /// # Safety
    ///
    /// If `call` succeeds it has written exactly `self.0` valid `T`s, and never writes more.
    pub unsafe fn fill<T, E>(
        self,
        room: &mut Vec<T>,
        call: impl FnOnce(*mut T) -> Result<(), E>,
    ) -> Result<(), FillError<E>> {
        // SAFETY: the caller's promise, with the number in place of C's answer.
        unsafe { UpTo(self.0).fill(room, |first, len| call(first).map(|()| len)) }
    }
}

/// C is asked with NULL and 0 for the size, then called with that much room.
///
/// What is measured may grow between the two calls, so the second may need to be repeated: `tries` times at most.
///
/// ```
/// use cstruct::kit::{Answer, AskThenFill, FillError};
/// # unsafe extern "C" fn x_format(room: *mut core::ffi::c_char, len: usize, needed: *mut usize) -> i32 {
/// #     unsafe { *needed = 6 }; if len < 6 { return 10 }
/// #     unsafe { room.copy_from_nonoverlapping(c"hello".as_ptr(), 6) }; 0
/// # }
///
/// let call = |room, len| {
///     let mut needed = 0;
///     // SAFETY: room for `len` bytes, and for the size.
///     match unsafe { x_format(room, len, &raw mut needed) } {
///         0 => Answer::Wrote(needed),
///         10 => Answer::TooSmall(needed),
///         status => Answer::Failed(status),
///     }
/// };
/// // SAFETY: "x_format: writes the text with its NUL, `*needed` bytes, if it returns 0".
/// let text = unsafe { AskThenFill::default().text(call) }?;
/// assert_eq!(text.to_str(), Ok("hello"));
/// # Ok::<(), FillError<i32>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AskThenFill {
    /// How often C is given room before it is [`FillError::KeepsGrowing`].
    pub tries: u32,
}

impl Default for AskThenFill {
    /// Four tries: a size that changes between every two of them is not going to stop.
    fn default() -> Self {
        AskThenFill { tries: 4 }
    }
}

impl AskThenFill {
    /// Fills `room`, whose earlier elements are dropped.
    ///
    /// Room that is there already is tried first: the size is then not asked for, and one call is enough.
    ///
    /// # Errors
    ///
    /// [`FillError`]; the room is empty then.
    ///
    /// # Safety
    ///
    /// `call` accepts NULL with 0, writes at most as many elements as its second argument says, and after
    /// [`Answer::Wrote`] that many valid `T`s are there.
    pub unsafe fn fill<T, E>(
        self,
        room: &mut Vec<T>,
        mut call: impl FnMut(*mut T, usize) -> Answer<E>,
    ) -> Result<(), FillError<E>> {
        room.clear();
        let mut tries = self.tries;
        let mut len = room.capacity();
        if len == 0 {
            match call(ptr::null_mut(), 0) {
                Answer::Wrote(0) => return Ok(()),
                // Some libraries say yes to NULL, and mean the size.
                Answer::Wrote(needed) | Answer::TooSmall(needed) => len = needed,
                Answer::Failed(error) => return Err(FillError::Failed(error)),
            }
        }
        while tries > 0 {
            tries -= 1;
            reserve(room, len)?;
            match call(room.as_mut_ptr(), len) {
                // SAFETY: the caller vouches for that many valid elements.
                Answer::Wrote(wrote) => return unsafe { accept(room, len, wrote) },
                // A size that fits already, or none, would be asked for again and again.
                Answer::TooSmall(needed) if needed > len => len = needed,
                Answer::TooSmall(_) => len = len.saturating_mul(2).max(16),
                Answer::Failed(error) => return Err(FillError::Failed(error)),
            }
        }
        Err(FillError::KeepsGrowing { tries: self.tries })
    }

    /// Makes a text of what C writes, whose sizes count the NUL.
    ///
    /// # Errors
    ///
    /// [`FillError`], also when the NUL is missing or not the last byte.
    ///
    /// # Safety
    ///
    /// As for [`fill`](AskThenFill::fill).
    pub unsafe fn text<E>(
        self,
        mut call: impl FnMut(*mut c_char, usize) -> Answer<E>,
    ) -> Result<CString, FillError<E>> {
        let mut room = Vec::<u8>::new();
        // SAFETY: the caller's promise; any byte is a valid `u8`.
        unsafe { self.fill(&mut room, |first, len| call(first.cast(), len)) }?;
        CString::from_vec_with_nul(room).map_err(|_| FillError::NotText)
    }
}

/// C reads the room from `*len`, and writes there what it used or, with a status of "too small", what it needs.
///
/// ```
/// use cstruct::kit::{FillError, InOutLen};
/// # unsafe extern "C" fn x_key(room: *mut u8, len: *mut u32) -> i32 {
/// #     let given = unsafe { len.replace(4) }; if given < 4 { return 10 }
/// #     unsafe { room.copy_from_nonoverlapping(b"1234".as_ptr(), 4) }; 0
/// # }
///
/// let mut key = Vec::new();
/// let call = |room, len: *mut u32| {
///     // SAFETY: room for `*len` bytes.
///     match unsafe { x_key(room, len) } { 0 => Ok(true), 10 => Ok(false), status => Err(status) }
/// };
/// // SAFETY: "x_key: `*len` is the room, and the size of the key afterwards; 10: that is more than the room".
/// unsafe { InOutLen { first: 2, tries: 4 }.fill(&mut key, call) }?;
/// assert_eq!(key, b"1234"); // in the second try
/// # Ok::<(), FillError<i32>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct InOutLen {
    /// The room to begin with, in elements.
    pub first: usize,
    /// How often C is given room before it is [`FillError::KeepsGrowing`].
    pub tries: u32,
}

impl InOutLen {
    /// Fills `room`, whose earlier elements are dropped.
    ///
    /// `call` answers `Ok(true)` if the room was filled, `Ok(false)` if it was too small.
    ///
    /// # Errors
    ///
    /// [`FillError`]; the room is empty then.
    ///
    /// # Safety
    ///
    /// `call` writes at most `*len` elements, and leaves in `*len` how many valid `T`s are there after `Ok(true)`, and how many
    /// it needs, or what was there, after `Ok(false)`.
    pub unsafe fn fill<T, L: Length, E>(
        self,
        room: &mut Vec<T>,
        mut call: impl FnMut(*mut T, *mut L) -> Result<bool, E>,
    ) -> Result<(), FillError<E>> {
        room.clear();
        if L::from_len(self.first).is_none() {
            return Err(FillError::BadLength);
        }
        let ask = AskThenFill { tries: self.tries };
        let first = self.first.max(room.capacity()).max(1);
        reserve(room, first)?;
        let mut bad_length = false;
        let answer = |at: *mut T, len: usize| {
            // A room that was larger already than C can say serves as far as C can say.
            let said = L::from_len(len);
            let mut in_out = said.unwrap_or(L::LONGEST);
            match (call(at, &raw mut in_out), in_out.to_len()) {
                (Err(error), _) => Answer::Failed(error),
                (Ok(true), Ok(wrote)) => Answer::Wrote(wrote),
                (Ok(false), Ok(needed)) if said.is_some() => Answer::TooSmall(needed),
                _ => {
                    bad_length = true;
                    Answer::Wrote(0)
                }
            }
        };
        // SAFETY: the caller's promise; the room is not empty, so NULL is not passed.
        let filled = unsafe { ask.fill(room, answer) };
        if bad_length {
            room.clear();
            return Err(FillError::BadLength);
        }
        filled
    }
}

/// C writes through a pointer that it moves, and is told how much room is left.
///
/// ```
/// use cstruct::kit::{Advancing, FillError};
/// # unsafe extern "C" fn x_encode(value: u32, to: *mut *mut u8, room: usize) -> i32 {
/// #     if room < 4 { return 10 }
/// #     let at = unsafe { *to }; unsafe { at.cast::<[u8; 4]>().write(value.to_be_bytes()) }; unsafe { *to = at.add(4) }; 0
/// # }
///
/// let mut bytes = Vec::new();
/// let call = |to, room| {
///     // SAFETY: room for `room` bytes at `*to`, which is a copy of the pointer.
///     match unsafe { x_encode(258, to, room) } { 0 => Ok(()), status => Err(status) }
/// };
/// // SAFETY: "x_encode: writes at `*to`, and moves it past what was written".
/// unsafe { Advancing(16).fill(&mut bytes, call) }?;
/// assert_eq!(bytes, [0, 0, 1, 2]);
/// # Ok::<(), FillError<i32>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Advancing(
    /// The room, in elements.
    pub usize,
);

impl Advancing {
    /// Fills `room`, whose earlier elements are dropped. C moves a copy of the pointer.
    ///
    /// # Errors
    ///
    /// [`FillError`]; the room is empty then. A pointer that was moved backwards, or between two elements, is
    /// [`FillError::Overrun`] too.
    ///
    /// # Safety
    ///
    /// `call` writes at most as many elements as its second argument says, and moves the pointer past the valid `T`s that are
    /// there.
    pub unsafe fn fill<T, E>(
        self,
        room: &mut Vec<T>,
        call: impl FnOnce(*mut *mut T, usize) -> Result<(), E>,
    ) -> Result<(), FillError<E>> {
        let move_it = |first: *mut T, len: usize| {
            let mut at = first;
            call(&raw mut at, len)?;
            // By address: the distance must not be believed before it is known to be within the room.
            let bytes = at.addr().wrapping_sub(first.addr());
            Ok(match bytes.checked_div(size_of::<T>()) {
                Some(wrote) if bytes.is_multiple_of(size_of::<T>()) => wrote,
                _ => usize::MAX,
            })
        };
        // SAFETY: the caller's promise, with the distance in place of C's answer.
        unsafe { UpTo(self.0).fill(room, move_it) }
    }
}

/// Makes room for exactly that many at least; a size that C invented is an error and not an abort.
pub(super) fn reserve<T, E>(room: &mut Vec<T>, len: usize) -> Result<(), FillError<E>> {
    room.clear();
    room.try_reserve(len).map_err(|_| FillError::NoMemory(NoMemory::of::<T>(len)))
}

/// Takes what C wrote for elements.
///
/// # Safety
///
/// If `wrote` is not greater than `len`, that many elements at the start of the room are valid; the room has space for `len`.
unsafe fn accept<T, E>(room: &mut Vec<T>, len: usize, wrote: usize) -> Result<(), FillError<E>> {
    if wrote > len {
        return Err(FillError::Overrun { wrote, len });
    }
    // SAFETY: within the room, and valid (the caller).
    unsafe { room.set_len(wrote) };
    Ok(())
}
