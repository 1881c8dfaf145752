//! The second half of the fake C library, wrapped with the kit: what is counted, made in place, filled, and a container.
//!
//! | type | stands for |
//! |---|---|
//! | [`Label`], [`LabelRef`] | a `struct label`: counted, made floating, with weak references |
//! | [`Walk`], [`WalkRef`] | a `struct walk` in room of ours; it leans on a [`BookRef`] |
//! | [`Note`], [`NoteRef`] | a `struct note`, which C fills and which may be moved |
//! | [`Shelf`], [`ShelfRef`] | a container of books, which frees them too or only itself |

use core::convert::Infallible;
use core::ffi::{CStr, c_int};
use core::fmt;
use core::pin::Pin;
use core::ptr::NonNull;

use cstruct::kit::{
    Container, Drain, Floating, Foreign, Initial, Items, ItemsToo, Keeper, Null, Owned, ReleaseAs, Released, ShellOnly,
};
use cstruct::wrap;

use crate::book::{Book, BookRef};
use crate::sys;

wrap! {
    /// One count of a label.
    #[derive(Debug)]
    pub struct Label = Shared<LabelRef>;

    /// A label, borrowed.
    #[derive(Debug)]
    pub struct LabelRef(sys::label);

    unsafe {
        retain = sys::label_ref, counted => TooManyCounts;
        release = sys::label_unref;
        sink = sys::label_sink;
        unique = sys::label_is_unique, |answer| answer == 1;
        weak = sys::label_downgrade, sys::label_upgrade, sys::label_weak_free => sys::label_weak;
    }
}

/// There are as many counts as a label can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyCounts;

impl fmt::Display for TooManyCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the label has 255 counts; drop one first")
    }
}

fn counted(status: c_int) -> Result<(), TooManyCounts> {
    if status == 0 { Ok(()) } else { Err(TooManyCounts) }
}

impl LabelRef {
    /// A new label, whose first count is to be sunk; `label_new`.
    ///
    /// # Errors
    ///
    /// [`Null`] without memory.
    pub fn floating(number: i32) -> Result<Floating<LabelRef>, Null> {
        // SAFETY: any number may be passed.
        let raw = unsafe { sys::label_new(number) };
        // SAFETY: a floating label that nobody else claims, or NULL.
        unsafe { Floating::from_raw(raw) }
    }

    /// The number; `label_number`.
    pub fn number(&self) -> i32 {
        // SAFETY: a live label.
        unsafe { sys::label_number(self.as_ptr()) }
    }

    /// Changes the number; `label_set_number`.
    pub fn set_number(self: Pin<&mut Self>, number: i32) {
        // SAFETY: a live label, borrowed exclusively.
        unsafe { sys::label_set_number(self.as_ptr(), number) }
    }
}

impl Label {
    /// A new label; `label_new` and `label_sink`.
    ///
    /// # Errors
    ///
    /// [`Null`] without memory.
    pub fn new(number: i32) -> Result<Label, Null> {
        Ok(LabelRef::floating(number)?.sink().into())
    }
}

wrap! {
    /// A walk over the pages of what `K` keeps.
    #[derive(Debug)]
    pub struct Walk<K> = InPlace<WalkRef, K>;

    /// A walk, borrowed.
    #[derive(Debug)]
    pub struct WalkRef(sys::walk);

    unsafe { clear = sys::walk_end; }
}

/// There is nothing to walk over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPages;

impl<K: Keeper<BookRef>> Walk<K> {
    /// A walk over the pages of a book; `walk_init`.
    ///
    /// # Errors
    ///
    /// [`NoPages`].
    pub fn over(book: K) -> Result<Self, NoPages> {
        let raw = book.parent().as_ptr();
        // SAFETY: there is room, and the keeper keeps the book, which `InPlace` drops after the walk was ended.
        let start = |walk| unsafe { WalkRef::start(walk, raw) };
        // SAFETY: `start` makes a walk, or fails and leaves nothing. C does not look at the room before.
        unsafe { Walk::init(Initial::Untouched, book, start) }
    }
}

impl WalkRef {
    /// Makes a walk in any room, for [`InPlace`](cstruct::kit::InPlace) and [`Place`](cstruct::kit::Place); `walk_init`.
    ///
    /// # Errors
    ///
    /// [`NoPages`]; there is no walk then.
    ///
    /// # Safety
    ///
    /// There is room at `walk`; `book` is live, and neither changed nor released before the walk was ended.
    pub unsafe fn start(walk: *mut sys::walk, book: *const sys::book) -> Result<(), NoPages> {
        // SAFETY: the caller's promise is the same.
        if unsafe { sys::walk_init(walk, book) } == 0 { Ok(()) } else { Err(NoPages) }
    }

    /// The words of the next page; `walk_next`.
    pub fn next(self: Pin<&mut Self>) -> Option<i32> {
        let mut words = 0;
        // SAFETY: a live walk, borrowed exclusively, and room for the answer.
        let more = unsafe { sys::walk_next(self.as_ptr(), &raw mut words) };
        (more == 1).then_some(words)
    }
}

wrap! {
    /// A note, by value.
    #[derive(Debug)]
    pub struct Note = Filled<NoteRef>;

    /// A note, borrowed.
    #[derive(Debug)]
    pub struct NoteRef(sys::note);

    unsafe {
        dispose = sys::note_dispose;
        movable = "shelf.h: a note may be moved";
    }
}

impl Note {
    /// Writes a copy of a text into it; `note_fill`. False without memory.
    pub fn write(&mut self, text: &CStr) -> bool {
        let fill = |note| {
            // SAFETY: an empty note, and a NUL-terminated text.
            if unsafe { sys::note_fill(note, text.as_ptr()) } == 0 { Ok(()) } else { Err(()) }
        };
        // SAFETY: note_fill fills the note, or leaves it empty.
        unsafe { self.fill(fill) }.is_ok()
    }
}

impl NoteRef {
    /// How many bytes the text has.
    pub fn len(&self) -> usize {
        let note = self.as_ptr();
        // SAFETY: a live note; the field is read, and no reference to it is made.
        unsafe { (*note).len }
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

wrap! {
    /// A shelf, whoever owns its books.
    #[derive(Debug)]
    pub struct ShelfRef(sys::shelf);
}

/// A shelf, owned: with its books ([`ItemsToo`]), or without ([`ShellOnly`]).
pub type Shelf<E> = Owned<Container<ShelfRef, E>>;

// SAFETY: "shelf_free_deep: releases the shelf and the books", which were owners when they were pushed.
unsafe impl ReleaseAs<ItemsToo> for ShelfRef {
    type Error = Infallible;

    unsafe fn release_as(shelf: NonNull<sys::shelf>) -> Released<Infallible> {
        // SAFETY: the caller owns the shelf and gives it up.
        unsafe { sys::shelf_free_deep(shelf.as_ptr()) };
        Released::Gone
    }
}

// SAFETY: "shelf_free: releases the shelf, and not the books".
unsafe impl ReleaseAs<ShellOnly<'_>> for ShelfRef {
    type Error = Infallible;

    unsafe fn release_as(shelf: NonNull<sys::shelf>) -> Released<Infallible> {
        // SAFETY: the caller owns the shelf and gives it up.
        unsafe { sys::shelf_free(shelf.as_ptr()) };
        Released::Gone
    }
}

/// A new shelf; `shelf_new`.
///
/// # Errors
///
/// [`Null`] without memory.
pub fn shelf<E>() -> Result<Shelf<E>, Null>
where
    ShelfRef: ReleaseAs<E>,
{
    // SAFETY: nothing is passed.
    let raw = unsafe { sys::shelf_new() };
    // SAFETY: a shelf that nobody else releases, and without a book; or NULL.
    unsafe { Owned::from_raw(raw) }
}

/// Gives a book to a shelf; `shelf_push`. False, and the book is released, when the shelf is full.
pub fn push(shelf: Pin<&mut Container<ShelfRef, ItemsToo>>, book: Book) -> bool {
    // SAFETY: a live shelf, borrowed exclusively, and a live book.
    let pushed = unsafe { sys::shelf_push(shelf.as_ptr(), book.as_ptr()) } == 0;
    if pushed {
        Book::into_raw(book);
    }
    pushed
}

/// Shows a book to a shelf; `shelf_push`. False when the shelf is full.
pub fn push_ref<'b>(shelf: Pin<&mut Container<ShelfRef, ShellOnly<'b>>>, book: &'b BookRef) -> bool {
    // SAFETY: a live shelf, borrowed exclusively, and a book that lives as long as it.
    unsafe { sys::shelf_push(shelf.as_ptr(), book.as_ptr()) == 0 }
}

/// Takes all books from a shelf; `shelf_pop`.
pub fn drain(shelf: Pin<&mut Container<ShelfRef, ItemsToo>>) -> impl Iterator<Item = Book> {
    Drain::new(shelf, |shelf| {
        // SAFETY: a live shelf, borrowed exclusively.
        let book = unsafe { sys::shelf_pop(shelf.as_ptr()) };
        // SAFETY: it was an owner's when it was pushed, and is not the shelf's any more; or NULL.
        unsafe { Book::from_raw(book) }.ok()
    })
}

impl ShelfRef {
    /// The books; `shelf_count` and `shelf_at`.
    ///
    /// # Errors
    ///
    /// Each may be [`Null`], which never happens.
    pub fn books(&self) -> impl ExactSizeIterator<Item = Result<&BookRef, Null>> {
        // SAFETY: a live shelf.
        let count = unsafe { sys::shelf_count(self.as_ptr()) };
        Items::new(self, count, |shelf: &ShelfRef, at| {
            // SAFETY: a live shelf, and `at` is below the count.
            let book = unsafe { sys::shelf_at(shelf.as_ptr(), at) };
            // SAFETY: it lives as long as it is in the shelf, which is borrowed.
            unsafe { BookRef::from_ptr(book) }
        })
    }
}
