//! A fake C library for the ledger's tests: things with an owner, counted labels, and rooms that may be locked and are bound
//! to their thread; and what is only seen, at any address.
#![allow(dead_code, missing_docs, non_camel_case_types, unreachable_pub, reason = "each test uses what it needs")]

use core::ffi::c_int;

use core::ptr::NonNull;

use cstruct::kit::{Foreign, Opaque, Owned, Release, Released};
use cstruct::wrap;

mod sys {
    use core::ffi::c_int;
    use core::sync::atomic::{AtomicUsize, Ordering};

    pub struct thing {
        pub answer: u64,
    }
    pub struct label {
        pub count: AtomicUsize,
    }
    pub struct room {
        pub locked: c_int,
    }

    pub extern "C" fn thing_new() -> *mut thing {
        Box::into_raw(Box::new(thing { answer: 42 }))
    }
    pub unsafe extern "C" fn thing_free(thing: *mut thing) {
        // SAFETY: from `Box::into_raw`, and given up by the caller.
        drop(unsafe { Box::from_raw(thing) });
    }
    pub extern "C" fn label_new() -> *mut label {
        Box::into_raw(Box::new(label { count: AtomicUsize::new(1) }))
    }
    pub unsafe extern "C" fn label_ref(label: *mut label) {
        // SAFETY: live, as the caller says.
        unsafe { &*label }.count.fetch_add(1, Ordering::Relaxed);
    }
    pub unsafe extern "C" fn label_unref(label: *mut label) {
        // SAFETY: live, as the caller says.
        if unsafe { &*label }.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            // SAFETY: from `Box::into_raw`, and given up by the caller.
            drop(unsafe { Box::from_raw(label) });
        }
    }
    pub unsafe extern "C" fn label_count(label: *mut label) -> usize {
        // SAFETY: live, as the caller says.
        unsafe { &*label }.count.load(Ordering::Acquire)
    }
    pub extern "C" fn room_new() -> *mut room {
        Box::into_raw(Box::new(room { locked: 0 }))
    }
    /// 1: it is locked, and nothing happened.
    pub unsafe extern "C" fn room_close(room: *mut room) -> c_int {
        // SAFETY: live, as the caller says.
        if unsafe { (*room).locked } != 0 {
            return 1;
        }
        // SAFETY: from `Box::into_raw`, and given up by the caller.
        drop(unsafe { Box::from_raw(room) });
        0
    }
}

wrap! {
    /// A thing, owned.
    #[derive(Debug)]
    pub struct Thing = Owned<ThingRef>;
    /// A thing, borrowed.
    #[derive(Debug)]
    pub struct ThingRef(sys::thing);
    unsafe {
        release = sys::thing_free;
        send = "made of nothing but its memory";
        sync = "it is never changed";
    }
}

wrap! {
    /// One count of a label.
    #[derive(Debug)]
    pub struct Label = Shared<LabelRef>;
    /// A label, borrowed.
    #[derive(Debug)]
    pub struct LabelRef(sys::label);
    unsafe {
        retain = sys::label_ref;
        release = sys::label_unref;
        send = "made of nothing but its memory, with an atomic count";
        sync = "it is never changed";
        clone = "the count has room for all the handles that memory has room for";
        owned = "a label is made with a count of one";
        unique = sys::label_count, |count| count == 1;
    }
}

wrap! {
    /// A room, owned; bound to its thread.
    #[derive(Debug)]
    pub struct Room = Owned<RoomRef>;
    /// A room, borrowed.
    #[derive(Debug)]
    pub struct RoomRef(sys::room);
    unsafe {
        close = sys::room_close, |answer: c_int| if answer == 0 { Released::Gone } else { Released::Refused("it is locked") } => &'static str;
        thread_bound = "room.h: close it where it was opened";
    }
}

impl Thing {
    #[track_caller]
    pub fn new() -> Thing {
        // SAFETY: a fresh thing, which is ours.
        unsafe { Thing::from_raw(sys::thing_new()) }.expect("not NULL")
    }

    /// What a wrapper with a fault does: a second owner of the same thing.
    #[track_caller]
    pub fn adopted_again(&self) -> Thing {
        // SAFETY: none; this is the mistake. The tests forget one of the two.
        unsafe { Thing::from_raw(self.as_ptr()) }.expect("not NULL")
    }
}

impl Label {
    #[track_caller]
    pub fn new() -> Label {
        // SAFETY: a fresh label, with a count that is ours.
        unsafe { Label::adopt(sys::label_new()) }.expect("not NULL")
    }
}

impl Room {
    #[track_caller]
    pub fn new() -> Room {
        // SAFETY: a fresh room, which is ours.
        unsafe { Room::from_raw(sys::room_new()) }.expect("not NULL")
    }

    pub fn lock(&mut self, locked: bool) {
        // SAFETY: the room is live and borrowed exclusively.
        unsafe { (*self.as_ptr()).locked = c_int::from(locked) };
    }
}

/// What is only seen: its release does nothing, so that two owners of it do no harm.
#[repr(transparent)]
pub struct SeenRef(Opaque<u8>);
// SAFETY: transparent over `Opaque<u8>`.
unsafe impl Foreign for SeenRef {
    type Raw = u8;
}
// SAFETY: there is nothing to release.
unsafe impl Release for SeenRef {
    type Handle = NonNull<u8>;
    type Error = core::convert::Infallible;
    fn address(handle: Self::Handle) -> usize {
        handle.addr().get()
    }
    unsafe fn release(_: Self::Handle) -> Released<Self::Error> {
        Released::Gone
    }
}

/// One more owner of what is at that address, which nobody follows.
#[track_caller]
pub fn seen(address: usize) -> Owned<SeenRef> {
    // SAFETY: its release does nothing, and nobody looks at what is there.
    unsafe { Owned::from_raw(core::ptr::without_provenance_mut(address)) }.expect("not NULL")
}
