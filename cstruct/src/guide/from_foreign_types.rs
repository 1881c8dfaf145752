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
//! ```
//!
//! ```ignore
//! // here
//! wrap! {
//!     /// A thing, counted.
//!     pub struct Thing = Shared<ThingRef>;
//!     /// A thing, borrowed.
//!     pub struct ThingRef(sys::thing);
//!
//!     unsafe {
//!         release = sys::thing_free;
//!         retain = sys::thing_up_ref;
//!         send = "where the documentation says so";
//!         sync = "where the documentation says so";
//!     }
//! }
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
//! [`Opaque`](crate::kit::Opaque) has the bytes in an [`UnsafeCell`](core::cell::UnsafeCell). `cstruct/misuse/optimised/` in the repository
//! runs this very shape at each optimisation level, and beside it the frozen one as a control, which prints what the compiler at hand makes of it.
