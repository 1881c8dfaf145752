//! The tests that every wrapped type owes: `conformance!` writes them, [`laws`] has what they say.

mod count;
pub mod laws;

pub use count::{BlocksOf, Count};

/// Writes the tests that a wrapped type owes, as a module of a test program.
///
/// ```
/// # mod sys {
/// #     use std::cell::Cell;
/// #     thread_local! { pub static LIVE: Cell<u64> = const { Cell::new(0) }; }
/// #     pub struct doc(u8);
/// #     pub unsafe extern "C" fn doc_new() -> *mut doc { LIVE.set(LIVE.get() + 1); Box::into_raw(Box::new(doc(7))) }
/// #     pub unsafe extern "C" fn doc_free(it: *mut doc) { LIVE.set(LIVE.get() - 1); drop(unsafe { Box::from_raw(it) }) }
/// #     pub fn doc_live() -> u64 { LIVE.get() }
/// # }
/// use cstruct::testing::conformance;
///
/// cstruct::wrap! {
///     pub struct Doc = Owned<DocRef>;
///     pub struct DocRef(sys::doc);
///     unsafe {
///         release = sys::doc_free;
///     }
/// }
/// impl Doc {
///     fn new() -> Result<Doc, cstruct::kit::Null> {
///         // SAFETY: doc_new gives a document that is ours, or NULL.
///         unsafe { Doc::from_raw(sys::doc_new()) }
///     }
/// }
///
/// conformance! {
///     mod doc: Doc = || Doc::new().expect("there is memory");
///     live = || sys::doc_live();
///     is = owned, one_pointer, !send, !sync;
/// }
/// # fn main() {}
/// ```
///
/// # What it is given
///
/// | line | |
/// |---|---|
/// | `mod name: Type = maker;` | the module that it writes, the owner, and a closure that makes one |
/// | `live = count;` | a closure that counts what lives, or [`BlocksOf(&SOURCE)`](BlocksOf), which counts the blocks of a source of faults. Where the count is the process's, no other test of the program may change it meanwhile; the laws themselves run one at a time |
/// | `is = kind, size, send, sync;` | the four words below, in this order, and perhaps `deferred` or `thread_bound` as the fifth |
/// | `close = closure;` | left out: `Type::close`. For a type that ends otherwise, a closure that ends one |
///
/// | word | says |
/// |---|---|
/// | `owned` | [`Owned`](crate::kit::Owned) without a keeper: NULL is an error, what [`into_raw`](crate::kit::Owned::into_raw) gives up can be adopted again, and a second owner is caught by the [ledger](crate::kit::ledger) |
/// | `shared` | [`Shared`](crate::kit::Shared) without a keeper: NULL is an error, and the laws of counting hold |
/// | `child` | it has a keeper, or no constructor from a pointer |
/// | `one_pointer` | it is as large as a pointer, in an `Option` too |
/// | `niche` | an `Option` of it is not larger than it |
/// | `no_niche` | its size is not looked at |
/// | `send` or `!send`, `sync` or `!sync` | both ways: a trait that is there undeclared is an error, as is one that is missing |
/// | `deferred` | it may wait in a [`ReleaseQueue`](crate::kit::ReleaseQueue): released once, in its turn, by a full queue's rule, and by the end of its home |
/// | `thread_bound` | as `deferred`, and it travels in a [`Parcel`](crate::kit::Parcel) only: neither `Send` nor `Sync`, opened at home only, and dropped abroad released at home |
///
/// A trait that was not declared does not compile:
///
/// ```compile_fail
/// # use cstruct::testing::conformance;
/// # pub struct Number(Box<u8>);
/// conformance! {
///     mod number: Number = || Number(Box::new(1));
///     live = || 0;
///     is = child, niche, !send, sync; // it is `Send`
///     close = |_number| ();
/// }
/// # fn main() {}
/// ```
///
/// What is bound to its thread can be neither:
///
/// ```compile_fail
/// # use cstruct::testing::conformance;
/// # pub struct Number(Box<u8>);
/// conformance! {
///     mod number: Number = || Number(Box::new(1));
///     live = || 0;
///     is = child, niche, send, sync, thread_bound; // it is both
///     close = |_number| ();
/// }
/// # fn main() {}
/// ```
///
/// And so with a size:
///
/// ```compile_fail
/// # use cstruct::testing::conformance;
/// # pub struct Number(Box<u8>, u8);
/// conformance! {
///     mod number: Number = || Number(Box::new(1), 2);
///     live = || 0;
///     is = child, one_pointer, send, sync; // it is two
///     close = |_number| ();
/// }
/// # fn main() {}
/// ```
///
/// # What it writes
///
/// It belongs into a test program, or behind `#[cfg(test)]`. Tests of the [`laws`]: released exactly once when it is dropped, closed, left behind by an early return or a panic, replaced, kept in a container, and, if it
/// is `send`, dropped on another thread; with the fifth word, when it is released later; its address outlives moves of the owner; and what the words say. That it has a destructor, its size and its auto-traits
/// are checked when it is compiled.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance {
    (
        $(#[$attribute:meta])*
        mod $name:ident: $Owner:ty = $make:expr;
        live = $live:expr;
        is = $($words:tt)*
    ) => {
        $(#[$attribute])*
        #[allow(dead_code, reason = "only its tests call what is in it")]
        mod $name {
            #[allow(unused_imports, reason = "what the closures name may be in the prelude")]
            use super::*;
            type __Owner = $Owner;

            fn __make() -> __Owner {
                ($make)()
            }

            fn __live() -> impl $crate::testing::Count {
                $live
            }

            const _: () = assert!(::core::mem::needs_drop::<__Owner>(), "it has no destructor, so nothing releases it");

            #[test]
            fn released_once_when_it_is_dropped() {
                $crate::testing::laws::dropped(&__live(), __make);
            }

            #[test]
            fn released_once_by_an_early_return() {
                $crate::testing::laws::early_return(&__live(), __make);
            }

            #[test]
            fn released_once_by_a_panic() {
                $crate::testing::laws::panic(&__live(), __make);
            }

            #[test]
            fn released_once_when_it_is_replaced() {
                $crate::testing::laws::replaced(&__live(), __make);
            }

            #[test]
            fn released_once_in_a_container() {
                $crate::testing::laws::contained(&__live(), __make);
            }

            #[test]
            fn the_object_stays_when_the_owner_is_moved() {
                $crate::testing::laws::stays(&__live(), __make);
            }

            $crate::__conformance!(@words $($words)*);
        }
    };

    (@words $kind:ident, $size:ident, $($words:tt)*) => {
        $crate::__conformance!(@$kind);
        $crate::__conformance!(@$size);
        $crate::__conformance!(@send $($words)*);
    };

    (@owned) => {
        #[test]
        fn null_is_an_error() {
            // SAFETY: NULL is allowed, and answered with an error.
            let made = unsafe { <__Owner>::from_raw(::core::ptr::null_mut()) };
            assert!(made.is_err(), "NULL was adopted");
        }

        #[test]
        fn released_once_when_it_is_given_up_and_adopted() {
            $crate::testing::laws::adopted(&__live(), __make, |owner| {
                let raw = <__Owner>::into_raw(owner);
                // SAFETY: it was given up in the line before, and leans on nothing.
                unsafe { <__Owner>::from_raw(raw) }.ok()
            });
        }

        #[test]
        fn a_second_owner_is_caught() {
            $crate::testing::laws::adopted_once(&__live(), __make, |owner| {
                let raw = $crate::kit::Foreign::as_ptr(&**owner);
                // SAFETY: none: a second owner is the mistake. The law sees to it that only one of the two releases.
                unsafe { <__Owner>::from_raw(raw) }.ok()
            });
        }
    };

    (@shared) => {
        #[test]
        fn null_is_an_error() {
            // SAFETY: NULL is allowed, and answered with an error.
            let made = unsafe { <__Owner>::adopt(::core::ptr::null_mut()) };
            assert!(made.is_err(), "NULL was adopted");
            // SAFETY: as above.
            let made = unsafe { <__Owner>::retain(::core::ptr::null_mut()) };
            assert!(made.is_err(), "NULL was retained");
        }

        #[test]
        fn released_once_when_it_is_given_up_and_adopted() {
            $crate::testing::laws::adopted(&__live(), __make, |owner| {
                let raw = <__Owner>::into_raw(owner);
                // SAFETY: its count was given up in the line before, and it leans on nothing.
                unsafe { <__Owner>::adopt(raw) }.ok()
            });
        }

        #[test]
        fn a_count_is_a_count() {
            $crate::testing::laws::shared(&__live(), __make, |owner| owner.try_clone().ok(), |owner| {
                // SAFETY: the owner keeps the object live throughout the call.
                unsafe { <__Owner>::retain($crate::kit::Foreign::as_ptr(&**owner)) }.ok()
            });
        }
    };

    (@child) => {};

    (@one_pointer) => {
        const _: () = assert!(size_of::<__Owner>() == size_of::<*const ()>(), "it is not one pointer");
        const _: () = assert!(size_of::<Option<__Owner>>() == size_of::<__Owner>(), "an Option of it is larger");
    };

    (@niche) => {
        const _: () = assert!(size_of::<Option<__Owner>>() == size_of::<__Owner>(), "an Option of it is larger");
    };

    (@no_niche) => {};

    (@send send, $($words:tt)*) => {
        const _: fn() = || {
            fn has_send<T: ::core::marker::Send>() {}
            has_send::<__Owner>();
        };

        #[test]
        fn released_once_on_another_thread() {
            $crate::testing::laws::sent(&__live(), __make);
        }

        $crate::__conformance!(@sync $($words)*);
    };

    (@send !send, $($words:tt)*) => {
        $crate::__conformance!(@not_send);
        $crate::__conformance!(@sync $($words)*);
    };

    (@not_send) => {
        const _: fn() = || {
            // Which of the two is meant is clear only if the second does not apply.
            trait IsSendAlthoughNotDeclared<A> { fn check() {} }
            impl<T: ?Sized> IsSendAlthoughNotDeclared<()> for T {}
            impl<T: ?Sized + ::core::marker::Send> IsSendAlthoughNotDeclared<u8> for T {}
            let _ = <__Owner as IsSendAlthoughNotDeclared<_>>::check;
        };
    };

    (@sync sync $($rest:tt)*) => {
        const _: fn() = || {
            fn has_sync<T: ::core::marker::Sync>() {}
            has_sync::<__Owner>();
        };
        $crate::__conformance!(@later $($rest)*);
    };

    (@sync !sync $($rest:tt)*) => {
        $crate::__conformance!(@not_sync);
        $crate::__conformance!(@later $($rest)*);
    };

    (@not_sync) => {
        const _: fn() = || {
            trait IsSyncAlthoughNotDeclared<A> { fn check() {} }
            impl<T: ?Sized> IsSyncAlthoughNotDeclared<()> for T {}
            impl<T: ?Sized + ::core::marker::Sync> IsSyncAlthoughNotDeclared<u8> for T {}
            let _ = <__Owner as IsSyncAlthoughNotDeclared<_>>::check;
        };
    };

    (@later ; $($close:tt)*) => {
        $crate::__conformance!(@close $($close)*);
    };

    (@later , deferred; $($close:tt)*) => {
        #[test]
        fn released_once_in_its_turn() {
            $crate::testing::laws::deferred(&__live(), __make);
        }

        #[test]
        fn released_once_by_a_full_queue() {
            $crate::testing::laws::full_queue(&__live(), __make);
        }

        #[test]
        fn released_once_by_the_end_of_its_home() {
            $crate::testing::laws::ended_home(&__live(), __make);
        }

        $crate::__conformance!(@close $($close)*);
    };

    (@later , thread_bound; $($close:tt)*) => {
        $crate::__conformance!(@not_send);
        $crate::__conformance!(@not_sync);

        #[test]
        fn released_once_at_home_by_a_parcel() {
            $crate::testing::laws::parcel_dropped(&__live(), __make);
        }

        #[test]
        fn opened_at_home_only() {
            $crate::testing::laws::parcel_opened(&__live(), __make);
        }

        $crate::__conformance!(@later , deferred; $($close)*);
    };

    (@close) => {
        #[test]
        fn released_once_when_it_is_closed() {
            $crate::testing::laws::closed(&__live(), __make, |owner: __Owner| {
                let refused = matches!(owner.close(), Err($crate::kit::CloseError::StillOpen { .. }));
                assert!(!refused, "the close was refused, and nothing else uses it");
            });
        }
    };

    (@close close = $close:expr;) => {
        #[test]
        fn released_once_when_it_is_closed() {
            $crate::testing::laws::closed(&__live(), __make, $close);
        }
    };

    ($($rest:tt)*) => {
        ::core::compile_error!(
            "conformance!: say `mod doc: Doc = || …; live = || …; is = owned, one_pointer, !send, !sync;` (and `, deferred` or `, thread_bound` after `sync`) and no more than `close = |doc| …;` after it"
        );
    };
}
