//! `cstruct_cursor`: a walk along a list, in room of ours that must not move.

use core::fmt;
use core::iter::FusedIterator;
use core::pin::Pin;
use core::ptr;

use cstruct_sys::{self as sys, cstruct_status};

use super::error::check;
use super::{CStructRef, Error, Status};
use crate::kit::{Foreign, InPlace, Initial, Keeper, Place, Released};
use crate::wrap;

wrap! {
    /// A cursor on the heap: we allocate and free its room, `cstruct_cursor_init` and `cstruct_cursor_end` make and end what is in it.
    ///
    /// The handle may be moved, the cursor stays. `K` keeps the list, which stays as it is until the cursor has ended.
    /// [`CursorPlace`] is the same without an allocation.
    ///
    /// ```
    /// use cstruct::{CStruct, Cursor};
    ///
    /// let list = CStruct::from_records([CStruct::new(1)?, CStruct::new(2)?])?;
    /// let mut cursor = Cursor::new(&*list)?;
    /// assert_eq!(cursor.step()?.map(|record| record.value()), Some(1));
    /// let mut moved = Box::new(cursor);
    /// assert_eq!(moved.step()?.map(|record| record.value()), Some(2));
    /// assert!(moved.step()?.is_none());
    /// moved.close()?;
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    pub struct Cursor<K> = InPlace<CursorRef, K>;

    /// A cursor, wherever it is.
    pub struct CursorRef(sys::cstruct_cursor);

    unsafe {
        clear = sys::cstruct_cursor_end, ended => Error;
    }
}

/// What `cstruct_cursor_end` answered. Whatever the reason, a no means that it was not ended.
#[inline]
fn ended(status: cstruct_status) -> Released<Error> {
    match check(status) {
        Ok(()) => Released::Gone,
        Err(error) => Released::Refused(error),
    }
}

/// Room for a cursor in a stack frame or in a larger pinned value; the cursor ends with it.
///
/// ```
/// use cstruct::{CStruct, CursorPlace, CursorRef};
/// use std::pin::pin;
///
/// let list = CStruct::from_records([CStruct::new(1)?, CStruct::new(2)?])?;
/// let mut place = pin!(CursorPlace::new());
/// let cursor = CursorRef::start_in(place.as_mut(), &*list)?;
/// let values: Result<Vec<i32>, _> = cursor.walk().map(|record| Ok(record?.value())).collect();
/// assert_eq!(values, Ok::<_, cstruct::Error>(vec![1, 2]));
/// # Ok::<(), cstruct::Error>(())
/// ```
pub type CursorPlace<K> = Place<CursorRef, K>;

/// Making one.
impl<K: Keeper<CStructRef>> Cursor<K> {
    /// Starts before the first record of the list.
    ///
    /// # Errors
    ///
    /// None today; C's signature has room for them.
    #[doc(alias = "cstruct_cursor_init")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn new(list: K) -> Result<Cursor<K>, Error> {
        let head = list.parent().as_ptr();
        // SAFETY: INITS: "what was in `self` is not looked at"; "after a failure there is nothing to end". KEEPS(cstruct_cursor_end):
        // the keeper keeps the list alive and in its place, and nobody can change what it keeps.
        let cursor = unsafe { InPlace::init(Initial::Untouched, list, |room| start(room, head)) }?;
        Ok(Cursor::from(cursor))
    }
}

impl CursorRef {
    /// Starts before the first record of the list, in a pinned place. A cursor that is there already ends first.
    ///
    /// # Errors
    ///
    /// As for [`Cursor::new`].
    #[doc(alias = "cstruct_cursor_init")]
    pub fn start_in<K: Keeper<CStructRef>>(
        place: Pin<&mut CursorPlace<K>>,
        list: K,
    ) -> Result<Pin<&mut CursorRef>, Error> {
        let head = list.parent().as_ptr();
        // SAFETY: as in `Cursor::new`.
        unsafe { place.init(Initial::Untouched, list, |room| start(room, head)) }
    }
}

fn start(room: *mut sys::cstruct_cursor, head: *const sys::cstruct) -> Result<(), Error> {
    // SAFETY: both callers pass room of theirs that stays where it is, and a list that is kept.
    check(unsafe { sys::cstruct_cursor_init(room, head) })
}

/// Using it.
impl<K> Cursor<K> {
    /// The next record, or `None` after the last, however often it is asked.
    ///
    /// # Errors
    ///
    /// As for [`CursorRef::step`].
    #[doc(alias = "cstruct_cursor_step")]
    pub fn step(&mut self) -> Result<Option<&CStructRef>, Error> {
        self.pin_mut().step()
    }

    /// The records from here on, several of which may be held at a time.
    pub fn walk(&mut self) -> Walk<'_> {
        self.pin_mut().walk()
    }
}

impl CursorRef {
    /// The next record, or `None` after the last, however often it is asked.
    ///
    /// # Errors
    ///
    /// [`Status::Moved`] when the cursor is not where it was made, which safe code cannot bring about.
    #[doc(alias = "cstruct_cursor_step")]
    pub fn step(self: Pin<&mut Self>) -> Result<Option<&CStructRef>, Error> {
        // SAFETY: it is borrowed exclusively for as long as the result, and so does not end.
        unsafe { step(&self) }
    }

    /// The records from here on, several of which may be held at a time.
    pub fn walk(self: Pin<&mut Self>) -> Walk<'_> {
        Walk { cursor: self, ended: false }
    }

    /// How many records it has passed.
    pub fn index(&self) -> u64 {
        // SAFETY: the struct is complete in the header, live, and not changed while it is borrowed shared.
        unsafe { (*self.as_ptr()).index }
    }
}

/// # Safety
///
/// The caller has the cursor to itself, and it does not end during `'c`.
unsafe fn step<'c>(cursor: &CursorRef) -> Result<Option<&'c CStructRef>, Error> {
    let mut out = ptr::null();
    // SAFETY: the cursor is live and the caller's alone, its list lives as it was (keeper), and `out` may be written.
    let status = unsafe { sys::cstruct_cursor_step(cursor.as_ptr(), &raw mut out) };
    match Status::of(status) {
        // SAFETY: BORROWED(self, owner_ends): good until the cursor ends, which it does not during 'c.
        None => Ok(Some(unsafe { CStructRef::from_ptr(out) }?)),
        Some(Status::Done) => Ok(None),
        Some(status) => Err(Error::Refused(status)),
    }
}

impl fmt::Debug for CursorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").field("index", &self.index()).finish()
    }
}

impl<K> fmt::Debug for Cursor<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// The records of a cursor one after the other; made by [`CursorRef::walk`]. It ends with the first error.
///
/// It has the cursor to itself, so its records are good for as long as that borrow: C ends them with the cursor only.
#[derive(Debug)]
pub struct Walk<'c> {
    cursor: Pin<&'c mut CursorRef>,
    ended: bool,
}

impl<'c> Iterator for Walk<'c> {
    type Item = Result<&'c CStructRef, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        // SAFETY: it is borrowed exclusively throughout 'c, and so does not end.
        let next = unsafe { step(&self.cursor) }.transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl FusedIterator for Walk<'_> {}
