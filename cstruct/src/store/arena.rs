//! `cstruct_arena`: memory whose pieces end together, of one thread.

use core::fmt;
use core::ptr;

use cstruct_sys::{self as sys, cstruct_status};

use super::error::{check, not_made};
use super::{CStructRef, Error};
use crate::kit::{Foreign, Frame, Released, out, slice_from_c_mut};
use crate::wrap;

wrap! {
    /// An arena: released with `cstruct_arena_release`, on the thread that made it, with all that is in it.
    ///
    /// What is made in it has no owner: it is borrowed from the arena, and the compiler refuses to end the arena while it is used.
    /// The arena is neither `Send` nor `Sync`, so that safe code cannot bring it to a thread that C would refuse.
    ///
    /// ```
    /// use cstruct::{Arena, CStruct};
    ///
    /// let arena = Arena::new()?;
    /// let mut series = CStruct::named(7, c"temperature")?;
    /// let before = arena.copy(&series)?;
    /// series.pin_mut().append(&[19.5])?;
    /// let after = arena.copy(&series)?; // both live until the arena ends
    /// drop(series);
    /// assert_eq!((before.samples(), after.samples()), (&[][..], &[19.5][..]));
    ///
    /// let scratch = arena.alloc(3)?;
    /// scratch.copy_from_slice(b"abc");
    /// assert_eq!(after.name(), Some(c"temperature"));
    /// arena.close()?;
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    pub struct Arena = Owned<ArenaRef>;

    /// An arena, borrowed.
    pub struct ArenaRef(sys::cstruct_arena);

    unsafe {
        close = sys::cstruct_arena_release, closed => Error;
        thread_bound = "cstruct.h: CSTRUCT_THREAD_BOUND: it stays where it was made";
    }
}

/// What `cstruct_arena_release` answered: RELEASES(on_success).
#[inline]
fn closed(status: cstruct_status) -> Released<Error> {
    match check(status) {
        Ok(()) => Released::Gone,
        Err(error) => Released::Refused(error),
    }
}

/// Making one.
impl Arena {
    /// An empty arena of this thread.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_arena_new")]
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn new() -> Result<Arena, Error> {
        // SAFETY: `out` may be written.
        let call = |out: *mut *mut _| unsafe { sys::cstruct_arena_new(out) };
        // SAFETY: OWNED(cstruct_arena_release), NULL on every failure; nobody else has the pointer.
        unsafe { out::made_unless_null((), call, not_made) }.map(Arena::from)
    }
}

/// Making something in it. Nothing that is in it moves or ends meanwhile, so it takes `&self`.
impl ArenaRef {
    /// `len` zeroed bytes, aligned for any C type.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_arena_alloc")]
    #[allow(clippy::mut_from_ref, reason = "each call gives other bytes, as an allocator does")]
    pub fn alloc(&self, len: usize) -> Result<&mut [u8], Error> {
        let mut out = ptr::null_mut();
        // SAFETY: the arena is live and on its thread (not `Send`); `out` may be written.
        let status = unsafe { sys::cstruct_arena_alloc(self.as_ptr(), len, &raw mut out) };
        check(status)?;
        // SAFETY: BORROWED(self, owner_ends), valid on this status: `len` zeroed bytes that nobody else has. The arena's end
        // needs its owner, which is borrowed meanwhile.
        Ok(unsafe { slice_from_c_mut(out.cast(), len) }?)
    }

    /// A copy of one record, without those that follow it, that lives in the arena.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_arena_copy")]
    pub fn copy(&self, record: &CStructRef) -> Result<&CStructRef, Error> {
        let mut out = ptr::null();
        // SAFETY: the arena is live and on its thread (not `Send`); the record is live and not changed during the call (CALL_ONLY);
        // `out` may be written.
        let status = unsafe { sys::cstruct_arena_copy(self.as_ptr(), record.as_ptr(), &raw mut out) };
        check(status)?;
        // SAFETY: BORROWED(self, owner_ends), valid on this status: nothing but the arena's release ends it.
        Ok(unsafe { Frame::of(self).item(out) }?)
    }
}

impl fmt::Debug for ArenaRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arena").finish_non_exhaustive()
    }
}

impl fmt::Debug for Arena {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
