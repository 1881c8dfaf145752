//! A field is read fresh after a C setter changed it, also when the compiler optimises.
//!
//! The setter is called through `&self` in one method, and the field is read in another. The reference type must not let the
//! compiler believe that nothing changed between the two. With the kit's type that is asserted.
//!
//! The `frozen` revisions are the control: the same program over the reference type of `foreign-types` 0.5, a zero-sized marker
//! where the kit has an `UnsafeCell`. What they read is printed and not asserted: it is undefined behaviour, and another
//! compiler may answer differently.
//@revisions: kit0 kit1 kit2 kit3 frozen0 frozen1 frozen2 frozen3
//@[kit0, frozen0] compile-flags: -Copt-level=0
//@[kit1, frozen1] compile-flags: -Copt-level=1
//@[kit2, frozen2] compile-flags: -Copt-level=2
//@[kit3, frozen3] compile-flags: -Copt-level=3
//@ compile-flags: --check-cfg=cfg(kit0,kit1,kit2,kit3,frozen0,frozen1,frozen2,frozen3)
//@ run

use cstruct_misuse::sys;

#[cfg(any(kit0, kit1, kit2, kit3))]
mod reference {
    use cstruct_misuse::sys;

    cstruct::wrap! {
        pub struct BookRef(sys::book);
    }
    pub use cstruct::kit::Foreign;
    pub const KIND: &str = "the kit's";
}

#[cfg(any(frozen0, frozen1, frozen2, frozen3))]
mod reference {
    use cstruct_misuse::sys;
    use std::cell::UnsafeCell;
    use std::marker::PhantomData;

    struct Opaque(#[expect(dead_code, reason = "a marker")] PhantomData<UnsafeCell<*mut ()>>);

    pub struct BookRef(#[expect(dead_code, reason = "a marker")] Opaque);

    impl BookRef {
        pub fn as_ptr(&self) -> *mut sys::book {
            std::ptr::from_ref(self).cast_mut().cast()
        }
    }
    pub const KIND: &str = "a frozen";
}

use reference::*;

// These are compiled here, with this file's optimisation, and not in a library that has its own.
impl BookRef {
    fn opened(&self) -> i32 {
        // SAFETY: a live book, and nobody writes the field during this read.
        unsafe { (*self.as_ptr()).opened }
    }

    fn set_opened(&self, times: i32) {
        // SAFETY: a live book, and no reference into the field exists.
        unsafe { sys::book_set_opened(self.as_ptr(), times) }
    }
}

/// What is read before and after the setter was called.
#[inline(never)]
fn before_and_after(book: &BookRef) -> (i32, i32) {
    let before = book.opened();
    book.set_opened(before + 1);
    (before, book.opened())
}

fn main() {
    // SAFETY: a NUL-terminated title.
    let raw = unsafe { sys::book_new(c"Emma".as_ptr()) };
    assert!(!raw.is_null());
    // SAFETY: a live book that is only used through the reference until it is released. A `BookRef` of the kit may point to it;
    // a frozen one may not be changed through, which is the point.
    let book = unsafe { &*raw.cast::<BookRef>() };
    book.set_opened(41);
    let (before, after) = before_and_after(book);
    // SAFETY: made above and not used again.
    unsafe { sys::book_free(raw) };

    let level = match () {
        () if cfg!(any(kit0, frozen0)) => 0,
        () if cfg!(any(kit1, frozen1)) => 1,
        () if cfg!(any(kit2, frozen2)) => 2,
        () => 3,
    };
    let verdict = if after == 42 { "fresh" } else { "STALE" };
    println!("{KIND} reference type at opt-level {level}: {before}, set to 42, read as {after}: {verdict}");
    if cfg!(any(kit0, kit1, kit2, kit3)) {
        assert_eq!((before, after), (41, 42));
    }
}
