//! One Rust type for every ownership convention of C libraries, and a worked example.
//!
//! Find the sentence that your C documentation says, and follow the link: each leads to a type whose page has the rules and a
//! complete example that runs.
//!
//! | | What does the C documentation say? | Use this |
//! |---|---|---|
//! | 1 | free it with `X_free` | [`Owned<T>`](kit::Owned); a handle that is a number or a pair: [`NotMinusOne`](kit::NotMinusOne) |
//! | 2 | the parent must outlive it | [`Owned<T, K>`](kit::Owned) with a [`Keeper`](kit::Keeper); [`SameParent`](kit::SameParent) |
//! | 3 | the result belongs to the holder | `&'a T` by [`Foreign::from_ptr`](kit::Foreign::from_ptr), `&[T]` by [`slice_from_c`](kit::slice_from_c) |
//! | 4 | reference counted | [`Shared<T>`](kit::Shared), [`Floating<T>`](kit::Floating), [`Weak<T>`](kit::Weak) |
//! | 5a | you allocate, we init and clear, don't move it | [`InPlace<T>`](kit::InPlace) on the heap, [`Place<T>`](kit::Place) on the stack |
//! | 5b | you allocate, we fill it, dispose of the contents | [`Filled<T>`](kit::Filled); the same struct as input: [`View`](kit::View) |
//! | 6 | plain data | a `Copy` struct with its layout asserted: read by [`copied_value`](kit::copied_value), many of them by [`UpTo`](kit::UpTo) |
//! | 7 | take a deep copy | [`CopyOut`](kit::CopyOut), [`CopyIn`](kit::CopyIn) |
//! | 8 | `X_open(…, &out)` | [`out::made`](kit::out::made) and its neighbours in [`out`](kit::out): adopted at once, on the statuses that make it valid |
//! | 9 | closing can fail | [`Released`](kit::Released) says how, [`close(self)`](kit::Owned::close) answers a [`CloseError`](kit::CloseError); a second way to end: [`consume`](kit::Owned::consume); many hold it: [`Gate`](kit::Gate) |
//! | 10 | we take it over | [`Owned::consume`](kit::Owned::consume), which says what a [refusal](kit::Consumed) does |
//! | 11 | a string or array, free it with `Y` | [`CText<A>`](kit::CText), [`CArray<T, A>`](kit::CArray), [`CStrArray<A>`](kit::CStrArray); for C to free: [`CBox<T, A>`](kit::CBox) |
//! | 12 | static, never free it | [`static_text`](kit::static_text), [`static_object`](kit::static_object); overwritten by the next call: [`copied_text`](kit::copied_text) |
//! | 13 | a container: look, walk, take out | [`Items`](kit::Items), [`Cursor`](kit::Cursor), [`Drain`](kit::Drain), [`Container`](kit::Container) |
//! | 14 | only on this thread | [`Owned<T>`](kit::Owned) without the word `send`; part of another type: [`ThreadBound`](kit::ThreadBound); with `std`, to travel and be released at home: `Parcel`, `ReleaseQueue` |
//! | 15 | we call you back | during this call: [`Callback`](kit::Callback); registered: [`Registered`](kit::Registered), [`Slot`](kit::Slot), [`Stateless`](kit::Stateless) |
//! | 16 | we keep your buffer, or go on writing to it | [`Loan`](kit::Loan), [`ReadLoan`](kit::ReadLoan) |
//! | 17 | init first, cleanup last | [`Before`](kit::Before), [`Running`](kit::Running); where C counts: [`Owned<T>`](kit::Owned) of a handle `()` |
//! | 18 | give us your allocator | [`AllocatorHook`](kit::AllocatorHook) and its books, the [`kit::Allocations`] |
//! | 19 | we only look during the call | [`lend::slice`](kit::lend::slice), [`lend::cstr`](kit::lend::cstr) and their neighbours in [`lend`](kit::lend) |
//! | 20 | you bring the room, we fill it | [`UpTo`](kit::UpTo), [`AskThenFill`](kit::AskThenFill), [`InOutLen`](kit::InOutLen), [`Truncates`](kit::Truncates), [`Advancing`](kit::Advancing), [`SizedBy`](kit::SizedBy) |
//! | 21 | an options struct with a version | [`Opts<'a, T>`](kit::Opts) |
//! | 22 | implement our interface, a table of functions | [`Interface<V, T>`](kit::Interface); for one call: [`Callback::with`](kit::Callback::with) |
//! | 23 | finished later | [`Pending<Op>`](kit::Pending) |
//! | 24 | this one function from any thread | [`Remote<F>`](kit::Remote), made by a [`Reachable`](kit::Reachable) |
//! | 25 | a pointer of yours in our object | [`UserSlot<T>`](kit::UserSlot) |
//! | 26 | build it in our memory | [`InTheirs<T>`](kit::InTheirs), [`Room`](kit::Room) |
//! | 27 | the last error is kept over there | read by [`checked`](kit::checked) after the call that failed, copied by [`copied_text`](kit::copied_text); [`in_my_buffer`](kit::in_my_buffer), [`with_text`](kit::with_text) |
//! | 28 | begin … end | [`Scope`](kit::Scope) |
//! | 29 | all freed at once, at the end of this frame | [`Frame`](kit::Frame) |
//! | 30 | this changes the whole process | [`OnceToken`](kit::OnceToken); for one thread: [`with_setting`](kit::with_setting) |
//! | 31 | it is also a …; a tag says what it is | [`IsA`](kit::IsA), [`Tagged`](kit::Tagged) |
//!
//! Out of scope: functions that `longjmp` over their caller, and those that take `printf` arguments or a `va_list`. A `char *`
//! that is really a handle is a borrow-only type: [`wrap!`] without an owner.
//!
//! # Where to begin
//!
//! Declare your type with [`wrap!`], and write its functions as methods of the owner and of the borrowed type. [`guide`] shows a whole
//! library, and what changes for those who come from `foreign-types`.
//!
//! * [`kit`] is generic: it knows no C library. With `default-features = false` it stands alone, without a C compiler, and `no_std`
//!   (it needs `alloc`).
//! * With the feature `store`, on by default, this crate's root has the worked example over the C library of `cstruct-sys`:
//!   `CStruct`, `CStructRef`, `CStructData` and their family.
//!
//! | feature | adds |
//! |---|---|
//! | `store` (default) | the worked example, with `std` |
//! | `bindgen` | `cstruct-sys` makes its bindings from the header, where libclang is found |
//! | `std` | panics carried past C, `errno`, waiting, checks of the home thread |
//! | `ledger` | [`kit::ledger`](kit#modules): every live object, and the place that adopted it; off until asked for at run time |
//! | `tracing` | the ledger's faults as events of `tracing` |
//! | `libc` | [`LibcFree`](kit::Dealloc): the deallocator of what C releases with `free` |
//! | `testing` | for tests of your wrapper: fault injection and conformance; a chapter of the [`guide`] |
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod guide;
pub mod kit;

/// The README's examples are compiled and run with the other ones.
#[cfg(all(doctest, feature = "store"))]
#[doc = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"))]
mod readme {}

#[cfg(feature = "testing")]
pub mod testing;

#[cfg(feature = "store")]
mod store;

#[cfg(feature = "store")]
pub use store::*;
