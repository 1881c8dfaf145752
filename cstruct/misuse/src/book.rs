//! The fake C library wrapped with the kit, as a user of the kit would write it.
//!
//! | type | stands for |
//! |---|---|
//! | [`Book`], [`BookRef`] | a `struct book`; nothing is said about threads |
//! | [`SentBook`], [`SharedBook`] | the same C struct, declared `send`, and `send` and `sync` |
//! | [`Volume`] | the same C struct, released with the function that may refuse |
//! | [`Bookmark`] | a child that leans on a [`BookRef`] |
//! | [`CoverRef`] | belongs to its book: there is no owner |

use core::ffi::{CStr, c_int};
use core::fmt;
use core::pin::Pin;

use cstruct::kit::{Foreign, Keeper, Null, Released, slice_from_c};
use cstruct::wrap;

use crate::sys;

wrap! {
    /// A book, owned.
    #[derive(Debug)]
    pub struct Book = Owned<BookRef>;

    /// A book, borrowed.
    #[derive(Debug)]
    pub struct BookRef(sys::book);

    unsafe { release = sys::book_free; }
}

wrap! {
    /// A book that may be sent.
    #[derive(Debug)]
    pub struct SentBook = Owned<SentBookRef>;

    /// A book that may be sent, borrowed.
    #[derive(Debug)]
    pub struct SentBookRef(sys::book);

    unsafe {
        release = sys::book_free;
        send = "book.c has no globals and no thread of its own";
    }
}

wrap! {
    /// A book that may be sent and read from several threads.
    #[derive(Debug)]
    pub struct SharedBook = Owned<SharedBookRef>;

    /// A book that may be sent and read from several threads, borrowed.
    #[derive(Debug)]
    pub struct SharedBookRef(sys::book);

    unsafe {
        release = sys::book_free;
        send = "book.c has no globals and no thread of its own";
        sync = "functions that take a const book do not change it";
    }
}

wrap! {
    /// A book whose release may be refused.
    #[derive(Debug)]
    pub struct Volume = Owned<VolumeRef>;

    /// A book whose release may be refused, borrowed.
    #[derive(Debug)]
    pub struct VolumeRef(sys::book);

    unsafe { close = sys::book_close, closed => StillMarked; }
}

wrap! {
    /// A bookmark, owned; it leans on what `K` keeps.
    #[derive(Debug)]
    pub struct Bookmark<K> = Owned<BookmarkRef, K>;

    /// A bookmark, borrowed.
    #[derive(Debug)]
    pub struct BookmarkRef(sys::bookmark);

    unsafe {
        release = sys::bookmark_free;
        send = "a bookmark is used by one thread at a time, and so is its book: K says whether it may be sent";
    }
}

wrap! {
    /// A cover, which belongs to its book.
    #[derive(Debug)]
    pub struct CoverRef(sys::cover);
}

/// Why a [`Volume`] was not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StillMarked;

impl fmt::Display for StillMarked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bookmarks lean on the book; drop them first")
    }
}

fn closed(status: c_int) -> Released<StillMarked> {
    if status == 0 { Released::Gone } else { Released::Refused(StillMarked) }
}

macro_rules! opens {
    ($($Owner:ident)+) => {$(
        impl $Owner {
            /// A new book; `book_new`.
            ///
            /// # Errors
            ///
            /// [`Null`] when the title is too long.
            pub fn open(title: &CStr) -> Result<Self, Null> {
                // SAFETY: a NUL-terminated title, which C copies.
                let raw = unsafe { sys::book_new(title.as_ptr()) };
                // SAFETY: a book that nobody else releases, or NULL.
                unsafe { $Owner::from_raw(raw) }
            }
        }
    )+};
}
opens!(Book SentBook SharedBook Volume);

impl BookRef {
    /// The title; `book_title`.
    pub fn title(&self) -> &CStr {
        // SAFETY: a live book.
        let title = unsafe { sys::book_title(self.as_ptr()) };
        // SAFETY: never NULL, NUL-terminated, and good until the title is changed, which `&self` excludes.
        unsafe { CStr::from_ptr(title) }
    }

    /// Changes the title; `book_set_title`. False when it is too long.
    pub fn set_title(self: Pin<&mut Self>, title: &CStr) -> bool {
        // SAFETY: a live book, borrowed exclusively; C copies the title.
        unsafe { sys::book_set_title(self.as_ptr(), title.as_ptr()) == 0 }
    }

    /// The number of words of each page; `book_words`.
    pub fn words(&self) -> &[i32] {
        let mut count = 0_usize;
        // SAFETY: a live book, and room for the count.
        let words = unsafe { sys::book_words(self.as_ptr(), &raw mut count) };
        // SAFETY: `count` of them, good until a page is added, which `&self` excludes.
        unsafe { slice_from_c(words, count) }.unwrap_or_default()
    }

    /// Adds a page; `book_add_page`. False when the book is full.
    pub fn add_page(self: Pin<&mut Self>, words: i32) -> bool {
        // SAFETY: a live book, borrowed exclusively.
        unsafe { sys::book_add_page(self.as_ptr(), words) == 0 }
    }

    /// The cover; `book_cover`.
    ///
    /// # Errors
    ///
    /// [`Null`] never happens.
    pub fn cover(&self) -> Result<&CoverRef, Null> {
        // SAFETY: a live book.
        let cover = unsafe { sys::book_cover(self.as_ptr()) };
        // SAFETY: it lives as long as the book, which `self` borrows.
        unsafe { CoverRef::from_ptr(cover) }
    }

    /// Whether the book is where it was made; `book_in_place`.
    pub fn in_place(&self) -> bool {
        // SAFETY: a live book.
        unsafe { sys::book_in_place(self.as_ptr()) == 1 }
    }
}

impl SharedBookRef {
    /// The title; `book_title`.
    pub fn title(&self) -> &CStr {
        // SAFETY: a live book.
        let title = unsafe { sys::book_title(self.as_ptr()) };
        // SAFETY: never NULL, NUL-terminated, and never changed by a method of this type.
        unsafe { CStr::from_ptr(title) }
    }
}

impl<K: Keeper<BookRef>> Bookmark<K> {
    /// A bookmark at the end of a book; `bookmark_new`.
    ///
    /// # Errors
    ///
    /// [`Null`] without memory.
    pub fn at_end(book: K) -> Result<Self, Null> {
        // SAFETY: a live book; no reference into its count of bookmarks exists.
        let raw = unsafe { sys::bookmark_new(book.parent().as_ptr()) };
        // SAFETY: a bookmark that nobody else releases, or NULL; it leans on the book, which the keeper keeps.
        unsafe { Bookmark::from_raw(raw, book) }
    }
}

impl BookmarkRef {
    /// The page at which it is; `bookmark_page`.
    pub fn page(&self) -> usize {
        // SAFETY: a live bookmark.
        unsafe { sys::bookmark_page(self.as_ptr()) }
    }
}
