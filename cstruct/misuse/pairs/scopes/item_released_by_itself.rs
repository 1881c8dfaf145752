//! An item is released by itself, although the arena ends it.
//! rows: 29, 1; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use core::cell::Cell;
use core::pin::Pin;
#[cfg(wrong)]
use cstruct::kit::Owned;
use cstruct::kit::{Foreign, Frame, Null};
use cstruct::wrap;

pub struct arena {
    items: [i32; 2],
    used: Cell<usize>,
}

unsafe extern "C" fn arena_free(arena: *mut arena) {
    // SAFETY: it is from `new`, and is given up.
    drop(unsafe { Box::from_raw(arena) })
}

wrap! {
    pub struct Arena = Owned<ArenaRef>;
    pub struct ArenaRef(arena);
    unsafe { release = arena_free; }
}

wrap! {
    pub struct ItemRef(i32);
}

impl Arena {
    fn new() -> Arena {
        let raw = Box::into_raw(Box::new(arena { items: [7, 8], used: Cell::new(0) }));
        // SAFETY: it is ours, and arena_free releases it.
        unsafe { Arena::from_raw(raw) }.unwrap()
    }
}

impl ArenaRef {
    /// Ends all items.
    fn reset(self: Pin<&mut Self>) {
        // SAFETY: a live arena, borrowed exclusively.
        unsafe { (*self.as_ptr()).used.set(0) }
    }
}

impl ItemRef {
    fn number(&self) -> i32 {
        // SAFETY: a live item.
        unsafe { *self.as_ptr() }
    }
}

fn item<'f>(frame: Frame<'f, ArenaRef>) -> Result<&'f ItemRef, Null> {
    let arena = frame.arena().as_ptr();
    // SAFETY: a live arena.
    let at = unsafe { (*arena).used.replace((*arena).used.get() + 1) };
    // SAFETY: as above; it has room for two, and this program asks for two at most.
    unsafe { frame.item(&raw const (*arena).items[at]) }
}

fn main() {
    let mut arena = Arena::new();
    let one = item(Frame::of(&*arena)).unwrap();
    #[cfg(wrong)]
    // SAFETY: it is not ours.
    let one = unsafe { Owned::<ItemRef>::from_raw(one.as_ptr()) }.unwrap();
    //~[wrong]^ E0277
    //~[wrong]| E0599
    assert_eq!(one.number(), 7);
    arena.pin_mut().reset();
}
