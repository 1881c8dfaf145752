//! For those who come from the crate `foreign-types`.
//!
//! # The declaration, side by side
//!
//! ```ignore
//! // foreign-types 0.5
//! foreign_type! {
//!     /// A thing.
//!     pub unsafe type Thing: Sync + Send {
//!         type CType = sys::thing;
//!         fn drop = sys::thing_free;
//!         fn clone = sys::thing_up_ref;
//!     }
//! }
//!
//! impl ThingRef {
//!     pub fn size(&self) -> i32 { unsafe { sys::thing_size(self.as_ptr()) } }
//!     pub fn set_size(&mut self, size: i32) { unsafe { sys::thing_set_size(self.as_ptr(), size) } }
//! }
//!
//! let mut thing = unsafe { Thing::from_ptr(sys::thing_new(1)) }; // NULL is seen in debug builds at most
//! thing.set_size(2);
//! let other = thing.clone(); // whatever thing_up_ref answered
//! ```
//!
//! Here, complete:
//!
//! ```
//! use core::pin::Pin;
//! use cstruct::kit::{Foreign, Null};
//! use cstruct::wrap;
//! # #[allow(non_camel_case_types)]
//! # mod sys {
//! #     pub struct thing { size: i32, count: u32 }
//! #     pub unsafe fn thing_new(size: i32) -> *mut thing { Box::into_raw(Box::new(thing { size, count: 1 })) }
//! #     pub unsafe fn thing_size(thing: *const thing) -> i32 { unsafe { (*thing).size } }
//! #     pub unsafe fn thing_set_size(thing: *mut thing, size: i32) { unsafe { (*thing).size = size } }
//! #     pub unsafe fn thing_up_ref(thing: *mut thing) -> i32 {
//! #         if unsafe { (*thing).count } == 2 { return 0 } unsafe { (*thing).count += 1 }; 1
//! #     }
//! #     pub unsafe fn thing_free(thing: *mut thing) {
//! #         unsafe { (*thing).count -= 1 }; if unsafe { (*thing).count } == 0 { drop(unsafe { Box::from_raw(thing) }) }
//! #     }
//! #     pub unsafe fn thing_is_unique(thing: *mut thing) -> i32 { i32::from(unsafe { (*thing).count } == 1) }
//! # }
//!
//! wrap! {
//!     /// A thing, counted.
//!     pub struct Thing = Shared<ThingRef>;
//!     /// A thing, borrowed.
//!     pub struct ThingRef(sys::thing);
//!
//!     unsafe {
//!         release = sys::thing_free;
//!         retain = sys::thing_up_ref, |answer| if answer == 1 { Ok(()) } else { Err("no further count") } => &'static str;
//!         unique = sys::thing_is_unique, |answer| answer == 1;
//!         send = "thing.h: a thing may be used on any thread";
//!         sync = "thing.h: by several at once, while none changes it";
//!     }
//! }
//!
//! impl Thing {
//!     pub fn new(size: i32) -> Result<Thing, Null> {
//!         // SAFETY: any size.
//!         let raw = unsafe { sys::thing_new(size) };
//!         // SAFETY: "NULL, or a thing with one count, the caller's".
//!         unsafe { Thing::adopt(raw) }
//!     }
//! }
//!
//! impl ThingRef {
//!     pub fn size(&self) -> i32 {
//!         // SAFETY: a live thing.
//!         unsafe { sys::thing_size(self.as_ptr()) }
//!     }
//!
//!     pub fn set_size(self: Pin<&mut Self>, size: i32) {
//!         // SAFETY: a live thing that nobody else looks at.
//!         unsafe { sys::thing_set_size(self.as_ptr(), size) }
//!     }
//! }
//!
//! let mut thing = Thing::new(1)?; // NULL is an error, in release builds too
//! thing.unique_mut().expect("there is no other count").set_size(2);
//! let other = thing.try_clone().expect("thing_up_ref said yes");
//! assert_eq!(other.size(), 2);
//! assert!(thing.unique_mut().is_none()); // somebody else may be looking
//! assert!(thing.try_clone().is_err()); // thing_up_ref said no, and nothing will be given back for it
//! # Ok::<(), Null>(())
//! ```
//!
//! # What changes
//!
//! | there | here | why |
//! |---|---|---|
//! | `Thing::from_ptr(p)` | `Thing::from_raw(p)?` | NULL is an error that names the line, in release builds too |
//! | `&mut ThingRef`, by `DerefMut` | `Pin<&mut ThingRef>`, by `pin_mut()` | safe code could swap two C structs; `movable = "reason";` gives `DerefMut` where that is harmless |
//! | `fn clone = up_ref`, whose result nobody looks at | `retain = …`, which may fail; `Clone` only by the word `clone` | a count that could not be taken is later given back all the same |
//! | `ForeignTypeRef::from_ptr(p)`, any lifetime | `Foreign::from_ptr(p)?` | as above |
//! | a child is `Thing<'a>` | `struct Child<K> = Owned<ChildRef, K>` | the same type can be stored, with `K = Arc<Parent>` |
//! | `fn drop` has no answer | `close = …, outcome => Error;` | a close that fails is not swallowed, one that is refused is not leaked in silence |
//! | a build dependency on a proc-macro and `syn` | none | a kit without dependencies |
//! | `unsafe type` | `unsafe { … }` around the words that are believed | the types themselves promise nothing |
//!
//! # What is fixed: the value that did not change
//!
//! `foreign-types` 0.5 makes its borrowed types from `PhantomData<UnsafeCell<*mut ()>>`. A marker has no bytes, so the compiler takes the
//! bytes *behind* such a reference for frozen, as behind any `&T` without a cell. Call a C setter through `&self`, read the
//! field through another `&self` method, and an optimised program may read what was there before: the right value in a debug build,
//! the wrong one in a release.
//!
//! ```ignore
//! fn before_and_after(book: &BookRef) -> (i32, i32) {
//!     let before = book.opened();        // a field, read: 41
//!     book.set_opened(before + 1);       // a C function, called
//!     (before, book.opened())            // the field, read again
//! }
//! ```
//!
//! ```sh
//! cargo test -p cstruct-misuse --test catalogue -- fresh_read
//! ```
//!
//! runs this at each optimisation level, over the kit's type, where 42 is asserted, and over the frozen one as a control. With rustc 1.95 on x86-64 it printed:
//!
//! ```text
//! the kit's reference type at opt-level 0: 41, set to 42, read as 42: fresh
//! the kit's reference type at opt-level 1: 41, set to 42, read as 42: fresh
//! the kit's reference type at opt-level 2: 41, set to 42, read as 42: fresh
//! the kit's reference type at opt-level 3: 41, set to 42, read as 42: fresh
//! a frozen reference type at opt-level 0: 41, set to 42, read as 42: fresh
//! a frozen reference type at opt-level 1: 41, set to 42, read as 41: STALE
//! a frozen reference type at opt-level 2: 41, set to 42, read as 41: STALE
//! a frozen reference type at opt-level 3: 41, set to 42, read as 41: STALE
//! ```
//!
//! The stale lines are no fault of the compiler: to change what is behind such a reference is undefined behaviour, and another compiler may answer differently.
//! `foreign-types` 0.3, which rust-openssl uses, has the cell in the type, and is not concerned.
//!
//! [`Opaque`](crate::kit::Opaque) has the bytes in an [`UnsafeCell`](core::cell::UnsafeCell), so the compiler takes nothing behind `&ThingRef` for unchanging.
//! The program is `cstruct/misuse/optimised/fresh_read.rs` in the repository.
//!
//! # What else is fixed
//!
//! * Safe code cannot swap two C structs: `mem::swap(&mut *a, &mut *b)` compiles with `DerefMut` to a sized type, and breaks every struct that points to itself.
//! * A NULL that C returned for want of memory is an error in release builds, and not a reference to nothing.
//! * A count that C refused to take is an error, and not given back later.
//! * `Send` and `Sync` have a reason beside them, and a count goes to another thread only if the type has both.
