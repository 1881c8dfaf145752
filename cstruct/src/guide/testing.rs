//! Test your wrapper in five lines.
//!
//! A C library asks for memory thousands of times, and a wrapper adopts what comes back. Each of these requests can fail, and almost none ever
//! does while somebody looks. What is wrong then (an object leaked on an error path, a NULL taken for success, a panic
//! in a destructor) is found by refusing every request in turn.
//!
//! In `Cargo.toml`: `[dev-dependencies] cstruct = { version = "…", features = ["testing"] }`. Then, in a test program of its own:
//!
//! ```
//! # #[allow(non_camel_case_types)]
//! # mod sys {
//! #     use core::ffi::c_void;
//! #     unsafe extern "C" { fn malloc(size: usize) -> *mut c_void; fn free(block: *mut c_void); }
//! #     pub struct doc { pages: [*mut c_void; 3] }
//! #     pub unsafe extern "C" fn doc_new() -> *mut doc {
//! #         let doc: *mut doc = unsafe { malloc(size_of::<doc>()) }.cast();
//! #         if doc.is_null() { return doc }
//! #         unsafe { doc.write(doc_of([(); 3].map(|()| unsafe { malloc(100) }))) };
//! #         if unsafe { &*doc }.pages.iter().any(|page| page.is_null()) { unsafe { doc_free(doc) }; return core::ptr::null_mut() }
//! #         doc
//! #     }
//! #     fn doc_of(pages: [*mut c_void; 3]) -> doc { doc { pages } }
//! #     pub unsafe extern "C" fn doc_free(it: *mut doc) {
//! #         for page in unsafe { &*it }.pages { unsafe { free(page) } }
//! #         unsafe { free(it.cast()) };
//! #     }
//! # }
//! # cstruct::wrap! {
//! #     pub struct Doc = Owned<DocRef>;
//! #     pub struct DocRef(sys::doc);
//! #     unsafe { release = sys::doc_free; }
//! # }
//! # impl Doc {
//! #     fn new() -> Result<Doc, cstruct::kit::Null> { unsafe { Doc::from_raw(sys::doc_new()) } }
//! # }
//! use cstruct::testing::{Malloc, Torture, interpose_malloc};
//! interpose_malloc!();
//!
//! # #[allow(dead_code)]
//! #[test]
//! fn no_refused_allocation_leaks_or_panics() {
//!     Torture::new("two documents", &Malloc).run(|| Doc::new().and(Doc::new()));
//! }
//! # fn main() {
//! #     let report = Torture::new("two documents", &Malloc).run(|| Doc::new().and(Doc::new()));
//! #     assert_eq!((report.requests, report.points()), (8, 16));
//! # }
//! ```
//!
//! That is all: the closure opens, uses and drops, and returns what your methods return. It is run once to count its requests, and then once for
//! each with that one refused and once with it and all that follow it refused. After every run nothing of what it allocated may live.
//!
//! # When a point fails
//!
//! ```text
//! torture `two documents`, request 6 of 8 refused once (point 6:once): 1 block leaked, 24 bytes: made by request 5 (24 bytes); to run this
//! point alone: CSTRUCT_TORTURE_POINT='two documents/6:once' cargo test -- --exact no_refused_allocation_leaks_or_panics --nocapture, with a
//! breakpoint at cstruct::testing::refuse
//! ```
//!
//! The run of that point prints where the refused request came from. The block that is left was made by request 5: put a condition on it, or look
//! at what the library does between the two.
//!
//! # Which source of faults
//!
//! | the library | the source |
//! |---|---|
//! | has a hook for its allocator | a static [`Hook`](crate::testing::Hook) in it: exact, on any system, and it sees wrong sizes and memory that is read before it is written |
//! | calls `malloc`, on Linux with glibc | [`Malloc`](crate::testing::Malloc), as above. Rust's own allocations are exempt; those of libc, as for `fopen`, are not |
//! | calls functions of yours that may fail | [`fallible`](crate::testing::fallible) in them, beside one of these |
//!
//! A [`Hook`](crate::testing::Hook) is often the library's for the whole process: give each source a test program of its own.
//!
//! # Assert more
//!
//! * What must hold after a failure belongs into the closure: "all or nothing", "the old value is still there". So does what must hold after
//!   success: a library that swallows a refusal goes on with something else than it should.
//! * [`must_surface`](crate::testing::Torture::must_surface): every refusal comes out as an error.
//! * [`balances`](crate::testing::Torture::balances): a count of yours (objects, files, values that C was given) is as it was.
//!   With the feature `ledger` and its level at least at `Counts`, `.balances("ledger", || ledger::totals().live())` also finds an owner that was forgotten, or kept by accident.
//! * [`refused`](crate::testing::refused) tells an error that is right from one that never is.
//! * [`at_most`](crate::testing::Torture::at_most) bounds a big scenario by a sample. Prefer several small scenarios: the runs grow with the square of the requests.
//!
//! Loops show more than single calls, since growing arrays are refused at each step; sizes of a few hundred suffice.
//!
//! # The laws of owners
//!
//! What every wrapped type owes besides is written by one declaration each, [`conformance!`](crate::testing::conformance):
//!
//! ```
//! # mod sys {
//! #     use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
//! #     pub static LIVE: AtomicU64 = AtomicU64::new(0);
//! #     pub struct Doc(u8);
//! #     pub unsafe extern "C" fn doc_new() -> *mut Doc { LIVE.fetch_add(1, SeqCst); Box::into_raw(Box::new(Doc(7))) }
//! #     pub unsafe extern "C" fn doc_free(it: *mut Doc) { LIVE.fetch_sub(1, SeqCst); drop(unsafe { Box::from_raw(it) }) }
//! #     pub fn doc_live() -> u64 { LIVE.load(SeqCst) }
//! # }
//! # cstruct::wrap! {
//! #     pub struct Doc = Owned<DocRef>;
//! #     pub struct DocRef(sys::Doc);
//! #     unsafe { release = sys::doc_free; send = "doc.h"; }
//! # }
//! # impl Doc {
//! #     fn new() -> Result<Doc, cstruct::kit::Null> { unsafe { Doc::from_raw(sys::doc_new()) } }
//! # }
//! # use cstruct::testing::conformance;
//! conformance! {
//!     mod doc: Doc = || Doc::new().expect("there is memory");
//!     live = || sys::doc_live();
//!     is = owned, one_pointer, send, !sync, deferred;
//! }
//! # fn main() {
//! #     cstruct::testing::laws::dropped(&sys::doc_live, || Doc::new().expect("there is memory"));
//! # }
//! ```
//!
//! The last word is for owners that are [released later](super::release_later): `deferred` tries them in a release queue, in their turn, when it is
//! full and when its home ends; `thread_bound` also in a parcel that is dropped, or opened, on another thread.
//!
//! # What it has found
//!
//! Of the libraries that this project wraps to try itself, zlib and SQLite kept their word at every point. The wrapper of HarfBuzz did not: setting a font
//! function and making a part of a blob were reported as done when there was no memory for them, because HarfBuzz says so only by calling
//! the destroy function at once, and by the empty blob. The scenario that found it asserts what the text looks like once it is shaped.
//!
//! # What it does not find
//!
//! Reads of memory that was released, and races: run the tests under a sanitizer and under valgrind for these, with a [`Hook`](crate::testing::Hook) or without a
//! torture, since they interpose `malloc` as well. Memory that a library takes from the system by other ways (`mmap`, its own `sbrk`) is not seen.
#![allow(clippy::test_attr_in_doctest, reason = "the example shows a test, and `main` runs what is in it")]
