//! The fake C library as C declares it: `c/book.h`, `c/shelf.h` and `c/source.h`, by hand.
#![allow(non_camel_case_types, missing_docs, reason = "the names are C's, and the header documents them")]

use core::ffi::{c_char, c_int, c_void};

#[repr(C)]
pub struct cover {
    pub colour: i32,
}

#[repr(C)]
pub struct book {
    pub this: *mut book,
    pub opened: i32,
    pub marks: i32,
    pub cover: cover,
    pub page_count: usize,
    pub words: [i32; 8],
    pub title: [c_char; 32],
}

#[repr(C)]
pub struct bookmark {
    book: *mut book,
    at: usize,
}

#[repr(C)]
pub struct label {
    opaque: [u8; 0],
}

#[repr(C)]
pub struct label_weak {
    opaque: [u8; 0],
}

#[repr(C)]
pub struct walk {
    this: *mut walk,
    book: *const book,
    at: usize,
}

#[repr(C)]
pub struct note {
    pub data: *mut c_char,
    pub len: usize,
}

#[repr(C)]
pub struct shelf {
    opaque: [u8; 0],
}

pub const SOURCE_FILE: i32 = 1;
pub const SOURCE_SOCKET: i32 = 2;

#[repr(C)]
pub struct source {
    kind: i32,
    user: *mut c_void,
    destroy: Option<unsafe extern "C" fn(user: *mut c_void)>,
}

#[repr(C)]
pub struct file {
    base: source,
    descriptor: i32,
}

#[repr(C)]
pub struct socket {
    base: source,
    port: *mut i32,
}

// SAFETY: these are the declarations of book.h, shelf.h and source.h.
unsafe extern "C" {
    pub fn book_new(title: *const c_char) -> *mut book;
    pub fn book_free(book: *mut book);
    pub fn book_close(book: *mut book) -> c_int;
    pub fn book_title(book: *const book) -> *const c_char;
    pub fn book_set_title(book: *mut book, title: *const c_char) -> c_int;
    pub fn book_words(book: *const book, count: *mut usize) -> *const i32;
    pub fn book_add_page(book: *mut book, words: i32) -> c_int;
    pub fn book_cover(book: *const book) -> *const cover;
    pub fn book_set_opened(book: *mut book, times: i32);
    pub fn book_in_place(book: *const book) -> c_int;
    pub fn bookmark_new(book: *mut book) -> *mut bookmark;
    pub fn bookmark_free(mark: *mut bookmark);
    pub fn bookmark_page(mark: *const bookmark) -> usize;

    pub fn label_new(number: i32) -> *mut label;
    pub fn label_ref(label: *mut label) -> c_int;
    pub fn label_sink(label: *mut label);
    pub fn label_unref(label: *mut label);
    pub fn label_is_unique(label: *const label) -> c_int;
    pub fn label_number(label: *const label) -> i32;
    pub fn label_set_number(label: *mut label, number: i32);
    pub fn label_downgrade(label: *mut label) -> *mut label_weak;
    pub fn label_upgrade(weak: *mut label_weak) -> *mut label;
    pub fn label_weak_free(weak: *mut label_weak);

    pub fn walk_init(walk: *mut walk, book: *const book) -> c_int;
    pub fn walk_next(walk: *mut walk, words: *mut i32) -> c_int;
    pub fn walk_end(walk: *mut walk);

    pub fn note_fill(note: *mut note, text: *const c_char) -> c_int;
    pub fn note_dispose(note: *mut note);

    pub fn shelf_new() -> *mut shelf;
    pub fn shelf_free(shelf: *mut shelf);
    pub fn shelf_free_deep(shelf: *mut shelf);
    pub fn shelf_push(shelf: *mut shelf, book: *mut book) -> c_int;
    pub fn shelf_pop(shelf: *mut shelf) -> *mut book;
    pub fn shelf_count(shelf: *const shelf) -> usize;
    pub fn shelf_at(shelf: *const shelf, at: usize) -> *mut book;

    pub fn source_new() -> *mut source;
    pub fn source_free(source: *mut source);
    pub fn source_kind(source: *const source) -> i32;
    pub fn source_set_user(
        source: *mut source,
        user: *mut c_void,
        destroy: Option<unsafe extern "C" fn(user: *mut c_void)>,
    );
    pub fn source_user(source: *const source) -> *mut c_void;
    pub fn file_new(descriptor: i32) -> *mut file;
    pub fn file_free(file: *mut file);
    pub fn file_descriptor(file: *const file) -> i32;
    pub fn socket_new(port: i32) -> *mut socket;
    pub fn socket_free(socket: *mut socket);
}
