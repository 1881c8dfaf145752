//! Structs that C fills: contents are disposed of once, wherever the struct was moved to, and never when they are ours.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "a call of C and the adoption of its result are one step")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use cstruct::kit::{Dispose, Filled, Foreign, View};
use cstruct::wrap;
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any};

/// A small C library: a text in the caller's room.
#[allow(clippy::undocumented_unsafe_blocks, reason = "a stand-in for C, which says no more")]
mod c {
    use std::cell::Cell;
    use std::ptr;

    pub struct Text {
        pub data: *mut u8,
        pub len: usize,
        pub tag: u32,
    }

    thread_local! {
        pub static LIVE: Cell<i32> = const { Cell::new(0) };
        pub static DISPOSED: Cell<u32> = const { Cell::new(0) };
    }

    /// Makes new contents over whatever is there: what was there is the caller's to dispose of before. 5 for 13 bytes, and empty.
    pub(crate) unsafe extern "C" fn text_fill(text: *mut Text, len: usize) -> i32 {
        unsafe { (*text).data = ptr::null_mut() };
        unsafe { (*text).len = 0 };
        if len == 13 {
            return 5;
        }
        let bytes = vec![b'x'; len].into_boxed_slice();
        unsafe { (*text).data = Box::into_raw(bytes).cast() };
        unsafe { (*text).len = len };
        LIVE.set(LIVE.get() + 1);
        0
    }

    /// Disposes of the old contents itself.
    pub(crate) unsafe extern "C" fn text_refill(text: *mut Text, len: usize) -> i32 {
        unsafe { text_dispose(text) };
        unsafe { text_fill(text, len) }
    }

    pub(crate) unsafe extern "C" fn text_dispose(text: *mut Text) {
        DISPOSED.set(DISPOSED.get() + 1);
        let data = unsafe { ptr::replace(&raw mut (*text).data, ptr::null_mut()) };
        let len = unsafe { ptr::replace(&raw mut (*text).len, 0) };
        if !data.is_null() {
            drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(data, len)) });
            LIVE.set(LIVE.get() - 1);
        }
    }

    pub(crate) unsafe extern "C" fn text_len(text: *const Text) -> usize {
        unsafe { (*text).len }
    }
}

wrap! {
    /// A text.
    #[derive(Debug)]
    pub struct Text = Filled<TextRef>;
    /// A text, borrowed.
    #[derive(Debug)]
    pub struct TextRef(c::Text);
    unsafe {
        dispose = c::text_dispose;
        movable = "text.h: it may be moved";
        send = "text.h: on any thread, one at a time";
    }
}

wrap! {
    /// A text whose empty state is not all zero.
    pub struct Tagged = Filled<TaggedRef>;
    /// One, borrowed.
    pub struct TaggedRef(c::Text);
    unsafe {
        movable = "text.h: it may be moved";
        dispose = c::text_dispose, c::Text { data: std::ptr::null_mut(), len: 0, tag: 7 };
    }
}

fn status(status: i32) -> Result<(), i32> {
    if status == 0 { Ok(()) } else { Err(status) }
}

impl TextRef {
    fn len(&self) -> usize {
        // SAFETY: live while it is borrowed.
        unsafe { c::text_len(self.as_ptr()) }
    }
}

impl Text {
    fn set(&mut self, len: usize) -> Result<(), i32> {
        // SAFETY: text_fill makes contents, or fails and leaves it empty.
        unsafe { self.fill(|text| status(c::text_fill(text, len))) }
    }

    fn reset(&mut self, len: usize) -> Result<(), i32> {
        // SAFETY: text_refill disposes of the contents, then does as text_fill.
        unsafe { self.refill(|text| status(c::text_refill(text, len))) }
    }
}

fn live() -> i32 {
    c::LIVE.get()
}

#[test]
fn it_begins_empty_and_may_be_dropped_so() {
    let text = Text::new();
    assert_eq!((text.len(), live()), (0, 0));
    drop(text);
    assert_eq!(c::DISPOSED.get(), 1, "an empty text may be disposed of");
}

#[test]
fn a_fill_disposes_of_the_old_contents_first() {
    let mut text = Text::default();
    for len in [1, 2, 3] {
        text.set(len).expect("not 13");
        assert_eq!((text.len(), live()), (len, 1));
    }
    drop(text);
    assert_eq!(live(), 0);
}

#[test]
fn a_refill_leaves_that_to_c() {
    let mut text = Text::new();
    text.reset(4).expect("not 13");
    text.reset(5).expect("not 13");
    assert_eq!((text.len(), live(), c::DISPOSED.get()), (5, 1, 2));
}

#[test]
fn a_failed_fill_leaves_it_empty() {
    let mut text = Text::new();
    text.set(4).expect("not 13");
    assert_eq!(text.set(13), Err(5));
    assert_eq!((text.len(), live()), (0, 0));
    text.set(2).expect("not 13");
    assert_eq!(text.len(), 2);
}

#[test]
fn a_panic_before_c_fills_it_leaves_it_empty() {
    let mut text = Text::new();
    text.set(4).expect("not 13");
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: it is empty, and nothing is done to it.
        let _never = unsafe { text.fill(|_| -> Result<(), i32> { panic!("before C") }) };
    }));
    assert!(panicked.is_err());
    assert_eq!((text.len(), live()), (0, 0));
}

#[test]
fn it_may_be_moved_swapped_and_taken() {
    let mut first = Text::new();
    first.set(1).expect("not 13");
    let mut second = Box::new(Text::new());
    second.set(2).expect("not 13");
    std::mem::swap(&mut first, &mut second);
    assert_eq!((first.len(), second.len()), (2, 1));
    let taken = first.take();
    assert_eq!((first.len(), taken.len(), live()), (0, 2, 2));

    let (mut a, mut b): (Filled<TextRef>, Filled<TextRef>) = (taken.into(), (*second).into());
    std::mem::swap(&mut *a, &mut *b);
    assert_eq!((a.len(), b.len(), live()), (1, 2, 2));
    drop((a, b, first));
    assert_eq!(live(), 0);
}

#[test]
fn clear_disposes_of_the_contents_once() {
    let mut text = Text::new();
    text.set(3).expect("not 13");
    text.clear();
    text.clear();
    assert_eq!((text.len(), live()), (0, 0));
    assert_eq!(text.pin_mut().len(), 0);
}

#[test]
fn the_struct_can_be_given_away_and_taken_back() {
    let mut text = Text::new();
    text.set(3).expect("not 13");
    let raw = Filled::into_raw(text.into());
    assert_eq!((live(), c::DISPOSED.get()), (1, 1));
    // SAFETY: from into_raw, and given to no one else.
    let text = Text::from(unsafe { Filled::from_raw(raw) });
    assert_eq!(text.len(), 3);
    drop(text);
    assert_eq!(live(), 0);
}

#[test]
fn empty_is_what_the_declaration_says() {
    let text = Tagged::new();
    // SAFETY: live while it is borrowed.
    assert_eq!(unsafe { (*text.as_ptr()).tag }, 7);
}

#[test]
fn a_view_is_never_disposed_of() {
    let bytes = *b"seven!!";
    let raw = c::Text { data: bytes.as_ptr().cast_mut(), len: bytes.len(), tag: 0 };
    // SAFETY: it names bytes that outlive it, and that nothing changes.
    let view: View<'_, TextRef> = unsafe { View::new(raw) };
    let moved = Box::new(view);
    assert_eq!(moved.len(), 7);
    drop(moved);
    assert_eq!(c::DISPOSED.get(), 0);
}

assert_eq_size!(Filled<TextRef>, c::Text);
assert_eq_size!(View<'static, TextRef>, c::Text);
assert_impl_all!(Text: Send, Unpin, Default);
assert_impl_all!(Filled<TextRef>: Send, Unpin, std::ops::DerefMut);
assert_not_impl_any!(Filled<TextRef>: Sync, Clone, Copy);
assert_not_impl_any!(Tagged: Send, Sync);
assert_not_impl_any!(View<'static, TextRef>: Send, Sync, Clone, Copy, std::ops::DerefMut);
assert_impl_all!(TextRef: Dispose);
