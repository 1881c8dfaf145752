//! A whole small library, from its header to its wrapper.
//!
//! # The dependency
//!
//! ```toml
//! [dependencies]
//! cstruct = { version = "0.1", default-features = false, features = ["std"] }   # the kit alone: no C compiler, no libclang
//!
//! [dev-dependencies]
//! cstruct = { version = "0.1", default-features = false, features = ["testing"] }   # the ledger, and tests that every owner owes
//! ```
//!
//! The bindings are yours: `bindgen`, a `-sys` crate, or a few lines by hand, as in the module `sys` that this page hides.
//!
//! # The header
//!
//! ```c
//! typedef struct note_book note_book;      // a book of notes
//! typedef struct note_page note_page;      // a page of a book; must be closed before its book is
//!
//! int  note_open(const char *title, note_book **out);      // 0: *out is yours, end it with note_close
//! int  note_close(note_book *book);                        // 1: pages are open, nothing happened
//! const char *note_title(const note_book *book);           // the book's, until note_rename
//! int  note_rename(note_book *book, const char *title);
//! int  note_page_new(note_book *book, note_page **out);    // 0: *out is yours, end it with note_page_free
//! void note_page_free(note_page *page);
//! ```
//!
//! # Each sentence is a row
//!
//! | the header says | row | here |
//! |---|---|---|
//! | "yours, end it with" | 1 | `struct Book = Owned<BookRef>` |
//! | "`**out`, on 0" | 8 | [`out::made`](crate::kit::out::made) |
//! | "1: nothing happened" | 9 | `close = note_close, outcome => Error` |
//! | "the book's, until `note_rename`" | 3 | `&self -> &CStr`, and `Pin<&mut Self>` for `rename` |
//! | "before its book" | 2 | `struct Page<K> = Owned<PageRef, K>` and [`Keeper`](crate::kit::Keeper) |
//! | "`const char *title`", looked at | 19 | `&CStr`, held across the call |
//!
//! # The wrapper
//!
//! ```
//! use core::{ffi::{CStr, c_int}, fmt, pin::Pin};
//! use cstruct::kit::{Foreign, Keeper, Released};
//! use cstruct::wrap;
//! # #[allow(non_camel_case_types)]
//! # mod sys {
//! #     use core::ffi::{CStr, c_char, c_int};
//! #     pub struct note_book { title: std::ffi::CString, pages: usize }
//! #     pub struct note_page { book: *mut note_book }
//! #     pub unsafe fn note_open(title: *const c_char, out: *mut *mut note_book) -> c_int {
//! #         let title = unsafe { CStr::from_ptr(title) }.to_owned();
//! #         unsafe { *out = Box::into_raw(Box::new(note_book { title, pages: 0 })) }; 0
//! #     }
//! #     pub unsafe fn note_close(book: *mut note_book) -> c_int {
//! #         if unsafe { &*book }.pages > 0 { return 1 } drop(unsafe { Box::from_raw(book) }); 0
//! #     }
//! #     pub unsafe fn note_title(book: *const note_book) -> *const c_char { unsafe { &*book }.title.as_ptr() }
//! #     pub unsafe fn note_rename(book: *mut note_book, title: *const c_char) -> c_int {
//! #         unsafe { &mut *book }.title = unsafe { CStr::from_ptr(title) }.to_owned(); 0
//! #     }
//! #     pub unsafe fn note_page_new(book: *mut note_book, out: *mut *mut note_page) -> c_int {
//! #         unsafe { &mut *book }.pages += 1; unsafe { *out = Box::into_raw(Box::new(note_page { book })) }; 0
//! #     }
//! #     pub unsafe fn note_page_free(page: *mut note_page) {
//! #         let page = unsafe { Box::from_raw(page) }; unsafe { &mut *page.book }.pages -= 1;
//! #     }
//! # }
//!
//! wrap! {
//!     /// A book of notes, owned: closed with `note_close`, which is refused while pages are open.
//!     pub struct Book = Owned<BookRef>;
//!     /// A book of notes, borrowed.
//!     pub struct BookRef(sys::note_book);
//!
//!     unsafe {
//!         close = sys::note_close, outcome => Error;
//!     }
//! }
//!
//! wrap! {
//!     /// A page: freed with `note_page_free`, before its book is closed. `K` keeps the book.
//!     pub struct Page<K> = Owned<PageRef, K>;
//!     /// A page, borrowed.
//!     pub struct PageRef(sys::note_page);
//!
//!     unsafe {
//!         release = sys::note_page_free;
//!     }
//! }
//!
//! #[derive(Debug, PartialEq)]
//! pub struct Error(c_int);
//!
//! impl fmt::Display for Error {
//!     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
//!         write!(f, "the note library refused with {}", self.0)
//!     }
//! }
//! impl std::error::Error for Error {}
//!
//! fn check(status: c_int) -> Result<(), Error> {
//!     if status == 0 { Ok(()) } else { Err(Error(status)) }
//! }
//!
//! fn outcome(status: c_int) -> Released<Error> {
//!     check(status).map_or_else(Released::Refused, |()| Released::Gone)
//! }
//!
//! impl Book {
//!     #[track_caller] // so that errors and the ledger name the line of whoever calls this
//!     pub fn open(title: &CStr) -> Result<Book, Box<dyn std::error::Error>> {
//!         let mut raw = core::ptr::null_mut();
//!         // SAFETY: the title lives during the call, and `raw` may be written.
//!         check(unsafe { sys::note_open(title.as_ptr(), &raw mut raw) })?;
//!         // SAFETY: "0: *out is yours".
//!         Ok(unsafe { Book::from_raw(raw) }?)
//!     }
//! }
//!
//! impl BookRef {
//!     pub fn title(&self) -> &CStr {
//!         // SAFETY: the book is live.
//!         let title = unsafe { sys::note_title(self.as_ptr()) };
//!         // SAFETY: "the book's, until note_rename", which needs the book exclusively.
//!         unsafe { CStr::from_ptr(title) }
//!     }
//!
//!     pub fn rename(self: Pin<&mut Self>, title: &CStr) -> Result<(), Error> {
//!         // SAFETY: the book is borrowed exclusively, and the title lives during the call.
//!         check(unsafe { sys::note_rename(self.as_ptr(), title.as_ptr()) })
//!     }
//! }
//!
//! impl<K: Keeper<BookRef>> Page<K> {
//!     #[track_caller]
//!     pub fn new(book: K) -> Result<Page<K>, Box<dyn std::error::Error>> {
//!         let mut raw = core::ptr::null_mut();
//!         // SAFETY: the book is live, and `raw` may be written.
//!         check(unsafe { sys::note_page_new(book.parent().as_ptr(), &raw mut raw) })?;
//!         // SAFETY: "0: *out is yours"; the keeper keeps the book until the page is freed.
//!         Ok(unsafe { Page::from_raw(raw, book) }?)
//!     }
//! }
//!
//! // A user's day.
//! let mut book = Book::open(c"draft")?;
//! book.pin_mut().rename(c"final")?;
//! assert_eq!(book.title(), c"final");
//!
//! let book = std::rc::Rc::new(book);
//! let pages = [Page::new(book.clone())?, Page::new(book)?]; // the book lives as long as a page does
//! drop(pages);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What a user of this wrapper cannot do: close the book twice or under a page, keep its title across a `rename`, use a NULL book, send a book
//! to another thread (nobody has said that this is allowed), or lose what a refused close said.
//!
//! # What the compiler says then
//!
//! | it says | because | write |
//! |---|---|---|
//! | E0382, E0505: use of moved value, cannot move out of `book` because it is borrowed | `close` and whatever takes the book over end it | use it before, or end the page first |
//! | E0502: cannot borrow `book` as mutable | the title is the book's, until it is renamed | `book.title().to_owned()` |
//! | E0597, E0515: does not live long enough | a page with `&book` stays in the book's scope | `Page::new(Rc::new(book))` |
//! | E0599: no method named `rename` found for struct `Book` | it changes the book, so it takes it pinned | `book.pin_mut().rename(…)` |
//! | E0277: `&Book` does not keep a `BookRef` alive | the keeper is a borrow of the object, not of its owner | `Page::new(&*book)` |
//! | E0277: `*mut ()` cannot be sent between threads safely | nobody has said that C allows it | `send = "note.h: …";` if C does; else keep it at home, or send it in a `Parcel` |
//! | E0599: no method named `clone` | there is one owner, or a count that C may refuse | `Rc<Book>`; for a `Shared`, `try_clone` |
//! | E0005: refutable pattern in `let Ok(()) = book.close()` | this close may be refused | `match` it: [`CloseError`](crate::kit::CloseError) has the book |
//!
//! What it cannot see, the [ledger](crate::kit#modules) tells at run time, by file and line: the feature `ledger`, and
//! `CSTRUCT_LEDGER=sites CSTRUCT_LEDGER_EXIT=stderr` in the environment.
//!
//! [`out::made`](crate::kit::out::made) does the three lines of an out-parameter in one, once there are many of them.
