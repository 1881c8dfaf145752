//! The fake C library as C declares it: `c/book.h`, by hand.
#![allow(non_camel_case_types, missing_docs, reason = "the names are C's, and the header documents them")]

use core::ffi::{c_char, c_int};

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
}
