//! A newtype that is bound to its thread is deferred by the end of a queue that any thread may have.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Bounds, ReleaseQueue};
use cstruct::wrap;
use cstruct_misuse::sys;

wrap! {
    pub struct Diary = Owned<DiaryRef>;
    pub struct DiaryRef(sys::book);
    unsafe { release = sys::book_free; thread_bound = "book.h: close it where it was opened"; }
}

fn main() {
    let queue = ReleaseQueue::new(Bounds::count(4));
    // SAFETY: a title, and a book that is ours or NULL.
    let diary = unsafe { Diary::from_raw(sys::book_new(c"Emma".as_ptr())) }.unwrap();
    #[cfg(wrong)]
    drop(diary.defer(queue.handle())); //~[wrong] E0277
    #[cfg(right)]
    drop(diary.defer(&queue));
    assert_eq!(queue.flush(), 1);
}
