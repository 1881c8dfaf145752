//! The control of `fresh_read`: the same program over a frozen reference type, which the compiler may optimise wrongly.
//!
//! The type is the one of `foreign-types` 0.5: a zero-sized marker where the kit has the `UnsafeCell`. What it reads is
//! printed, not asserted: it is undefined behaviour, so any compiler may answer differently.
//@revisions: o0 o1 o2 o3
//@[o0] compile-flags: -Copt-level=0 --cfg=level="0"
//@[o1] compile-flags: -Copt-level=1 --cfg=level="1"
//@[o2] compile-flags: -Copt-level=2 --cfg=level="2"
//@[o3] compile-flags: -Copt-level=3 --cfg=level="3"
//@ run

use cstruct::kit::Foreign;
use cstruct_misuse::book::Book;
use cstruct_misuse::sys;
use std::cell::UnsafeCell;
use std::marker::PhantomData;

struct Opaque(#[expect(dead_code, reason = "it is only a marker")] PhantomData<UnsafeCell<*mut ()>>);

struct FrozenRef(#[expect(dead_code, reason = "it is only a marker")] Opaque);

impl FrozenRef {
    fn as_ptr(&self) -> *mut sys::book {
        std::ptr::from_ref(self).cast_mut().cast()
    }

    fn opened(&self) -> i32 {
        // SAFETY: none that holds for a frozen type. That is the point.
        unsafe { (*self.as_ptr()).opened }
    }

    fn set_opened(&self, times: i32) {
        // SAFETY: as above.
        unsafe { sys::book_set_opened(self.as_ptr(), times) }
    }
}

#[inline(never)]
fn before_and_after(book: &FrozenRef) -> (i32, i32) {
    let before = book.opened();
    book.set_opened(before + 1);
    (before, book.opened())
}

fn main() {
    let book = Book::open(c"Emma").unwrap();
    book.set_opened(41);
    // SAFETY: as above.
    let frozen = unsafe { &*book.as_ptr().cast::<FrozenRef>() };
    let (before, after) = before_and_after(frozen);
    let level = if cfg!(level = "0") {
        0
    } else if cfg!(level = "1") {
        1
    } else if cfg!(level = "2") {
        2
    } else {
        3
    };
    let verdict = if after == book.opened() { "fresh" } else { "STALE" };
    println!("a frozen reference type at opt-level {level}: {before}, set to 42, read as {after}: {verdict}");
}
