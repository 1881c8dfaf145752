//! A value of any type in a room of four words, and how it ends.

use core::any::type_name;
use core::mem::MaybeUninit;
use core::ptr;

/// Four words: a handle of two words, and a keeper of as many.
const WORDS: usize = 4;

/// Pointers, so that what is moved in and out keeps its provenance.
type Room = [MaybeUninit<*const ()>; WORDS];

/// What a slot of the queue holds.
///
/// It has no destructor: an entry that is dropped leaks its value, so each is [ended](Entry::end), [taken out](Entry::into_value), or
/// leaked and counted.
///
/// # Invariants
///
/// `room` holds a live value of the type that `kind` is for.
#[must_use = "its value would be leaked"]
pub(super) struct Entry {
    room: Room,
    kind: &'static Kind,
    pub(super) weight: usize,
}

struct Kind {
    end: unsafe fn(*mut ()),
    name: fn() -> &'static str,
}

/// The kind of each type, as a constant that has an address.
struct KindOf<O>(O);

impl<O> KindOf<O> {
    const KIND: &'static Kind = &Kind { end: end::<O>, name: type_name::<O> };
}

/// Stops the build where an `O` has no room; for a `const` where the owner is made, so that the compiler shows that place.
pub(in super::super) const fn fits<O>() {
    assert!(
        size_of::<O>() <= size_of::<Room>() && align_of::<O>() <= align_of::<Room>(),
        "an owner that is released later has room for four words, keeper included: put the keeper, or the whole owner, into a Box, an Rc or an Arc first"
    );
}

/// # Safety
///
/// `value` points to a live `O` that nobody uses any more.
unsafe fn end<O>(value: *mut ()) {
    // SAFETY: the caller's promise.
    unsafe { ptr::drop_in_place(value.cast::<O>()) }
}

impl Entry {
    /// Moves a value in. One that does not fit does not compile.
    #[inline]
    pub(super) fn new<O>(value: O, weight: usize) -> Entry {
        const { fits::<O>() };
        let mut room: Room = [MaybeUninit::uninit(); WORDS];
        // SAFETY: it is large enough and aligned (`fits`), and ours to write.
        unsafe { room.as_mut_ptr().cast::<O>().write(value) };
        // INVARIANT: the kind is that of what was just written.
        Entry { room, kind: KindOf::<O>::KIND, weight }
    }

    /// Drops the value here and now, which may panic.
    pub(super) fn end(mut self) {
        // SAFETY: the room holds a live value of this kind (invariant); the entry is consumed, and has no destructor.
        unsafe { (self.kind.end)(self.room.as_mut_ptr().cast()) }
    }

    /// Moves the value out.
    ///
    /// # Safety
    ///
    /// The entry was made of an `O`.
    pub(super) unsafe fn into_value<O>(self) -> O {
        // SAFETY: the room holds a live `O` (invariant, and the caller's promise), is aligned for it, and is not used again: the entry is
        // consumed, and has no destructor.
        unsafe { self.room.as_ptr().cast::<O>().read() }
    }

    /// The name of the value's type.
    pub(super) fn name(&self) -> &'static str {
        (self.kind.name)()
    }
}
