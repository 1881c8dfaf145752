//! The allocator of an object ends before the object.
//! rows: 18, 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::{AllocatorHook, Owned};
use cstruct_misuse::book::BookRef;
use cstruct_misuse::sys;
use std::sync::Arc;

fn open(hook: Arc<AllocatorHook>) -> Owned<BookRef, Arc<AllocatorHook>> {
    // SAFETY: a NUL-terminated title. In a real library the hook is passed, too.
    let raw = unsafe { sys::book_new(c"Emma".as_ptr()) };
    // SAFETY: a book that nobody else releases, or NULL; the keeper keeps the hook.
    unsafe { Owned::from_raw_with(raw, hook) }.unwrap()
}

fn main() {
    let hook = AllocatorHook::new();
    #[cfg(wrong)]
    let hook = &hook;
    #[cfg(right)]
    let hook = Arc::new(hook);
    let book = open(hook); //~[wrong] E0308
    assert_eq!(book.title(), c"Emma");
}
