//! A further count leans on a copy of the parent, and the object leans on the parent.
//! rows: 4, 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Keeper, Null};
use cstruct::wrap;
use cstruct_misuse::{book, sys};
#[cfg(right)]
use std::sync::Arc;

wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; }
}

wrap! {
    pub struct Label<K> = Shared<LabelRef, K>;
    pub struct LabelRef(sys::label);
    unsafe {
        retain = sys::label_ref, |status| if status == 0 { Ok(()) } else { Err("too many counts") } => &'static str;
        release = sys::label_unref;
    }
}

fn open() -> Book {
    let raw = book::Book::into_raw(book::Book::open(c"Emma").unwrap());
    // SAFETY: it was given up just now.
    unsafe { Book::from_raw(raw) }.unwrap()
}

/// A copy, of its own.
impl Clone for Book {
    fn clone(&self) -> Book {
        open()
    }
}

impl<K: Keeper<BookRef>> Label<K> {
    /// A label that leans on a book.
    fn of(book: K) -> Result<Self, Null> {
        // SAFETY: any number may be passed.
        let raw = unsafe { sys::label_new(7) };
        // SAFETY: it is floating.
        unsafe { sys::label_sink(raw) };
        // SAFETY: the one count is ours; it leans on the book, which the keeper keeps.
        unsafe { Label::adopt(raw, book) }
    }
}

fn main() {
    #[cfg(wrong)]
    let book = open();
    #[cfg(right)]
    let book = Arc::new(open());
    let label = Label::of(book).unwrap();
    let other = label.try_clone().unwrap(); //~[wrong] E0277
    drop(label);
    drop(other);
}
