//! Items that are all freed at once, by the end of what they were made in.
//!
//! ```text
//!   Owned<ArenaRef> ──► arena { item, item, item … }
//!        │                        ▲
//!        └─ Frame<'f> ── item ────┘  &'f ItemRef: no owner type, nothing to release
//! ```
//!
//! An item has no owner: it ends when the arena is released, or reset through `Pin<&mut>`, and the compiler refuses either while
//! an item is used.

use core::fmt;
use core::pin::Pin;

use super::{Foreign, Null};

/// The time between two resets of an arena: everything made in it lives exactly that long.
///
/// It is one pointer and may be copied freely; C functions that allocate in the arena become functions that take it. Each thread that
/// can borrow the arena has one: an arena is `Sync` only if C lets several threads allocate in it at once.
///
/// ```
/// use cstruct::kit::{Foreign, Frame, Null, Opaque};
/// # pub struct c_arena { items: [c_item; 2], used: std::cell::Cell<usize> }
/// # pub struct c_item(i32);
/// # unsafe extern "C" fn arena_item(arena: *mut c_arena) -> *mut c_item {
/// #     let arena = unsafe { &*arena };
/// #     let n = arena.used.replace(arena.used.get() + 1);
/// #     arena.items.get(n).map_or(core::ptr::null_mut(), |i| (&raw const *i).cast_mut())
/// # }
/// # #[repr(transparent)] pub struct ArenaRef(Opaque<c_arena>);
/// # unsafe impl Foreign for ArenaRef { type Raw = c_arena; }
/// # #[repr(transparent)] pub struct ItemRef(Opaque<c_item>);
/// # unsafe impl Foreign for ItemRef { type Raw = c_item; }
///
/// fn new_item<'f>(frame: Frame<'f, ArenaRef>) -> Result<&'f ItemRef, Null> {
///     // SAFETY: the arena lives; "arena_item: lives until the arena is reset or released, or NULL when it is full".
///     unsafe { frame.item(arena_item(frame.arena().as_ptr())) }
/// }
///
/// # let raw = c_arena { items: [c_item(1), c_item(2)], used: 0.into() };
/// # let arena = unsafe { ArenaRef::from_ptr(&raw) }?;
/// let frame = Frame::of(arena);
/// let one = new_item(frame)?;
/// let two = new_item(frame)?;
/// assert_ne!(one.as_ptr(), two.as_ptr());
/// assert!(new_item(frame).is_err());
/// # Ok::<(), Null>(())
/// ```
pub struct Frame<'f, A> {
    arena: &'f A,
}

impl<'f, A> Frame<'f, A> {
    /// The frame that lasts as long as this borrow of the arena.
    #[inline]
    pub fn of(arena: &'f A) -> Self {
        Frame { arena }
    }

    /// The arena.
    #[inline]
    pub fn arena(self) -> &'f A {
        self.arena
    }

    /// Borrows an item that C made in the arena.
    ///
    /// # Errors
    ///
    /// [`Null`] when C gave none.
    ///
    /// # Safety
    ///
    /// If not NULL, `raw` points to a live `I` that nothing ends or moves but the arena's release, or a function that takes the
    /// arena as `Pin<&mut A>`.
    #[inline]
    #[track_caller]
    pub unsafe fn item<I: Foreign + 'f>(self, raw: *const I::Raw) -> Result<&'f I, Null> {
        // SAFETY: the arena can be neither released nor mutated during 'f, and the caller says that nothing else ends the item.
        unsafe { I::from_ptr(raw) }
    }

    /// Borrows a new item, to change it.
    ///
    /// # Errors
    ///
    /// [`Null`] when C gave none.
    ///
    /// # Safety
    ///
    /// As for [`item`](Frame::item), and `raw` was just made: nobody else has it.
    #[inline]
    #[track_caller]
    pub unsafe fn item_mut<I: Foreign + 'f>(self, raw: *mut I::Raw) -> Result<Pin<&'f mut I>, Null> {
        // SAFETY: as in `item`, and the caller says that it is exclusive.
        unsafe { I::from_ptr_mut(raw) }
    }
}

impl<A> Clone for Frame<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Frame<'_, A> {}

impl<A> fmt::Debug for Frame<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame").finish_non_exhaustive()
    }
}
