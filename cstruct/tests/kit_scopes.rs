//! What has begun is ended: as meant, or harmlessly; and items of a frame have no owner.

use core::pin::Pin;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cstruct::kit::{CloseError, Foreign, Frame, MayForget, Opaque, Released, RunError, Scope, Section, SendSection};
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any};

#[derive(Default)]
struct Store {
    depth: u32,
    commits: u32,
    rollbacks: u32,
    refuse: bool,
    refuse_begin: bool,
}

#[repr(transparent)]
struct StoreRef(Opaque<Store>);

// SAFETY: transparent over `Opaque`.
unsafe impl Foreign for StoreRef {
    type Raw = Store;
}

// SAFETY: a plain struct.
unsafe impl Send for StoreRef {}

fn raw(store: &mut Pin<&mut StoreRef>) -> &'static mut Store {
    // SAFETY: the test's store lives, and one reference at a time is used.
    unsafe { &mut *store.as_ptr() }
}

macro_rules! section {
    ($Name:ident) => {
        enum $Name {}

        // SAFETY: the answers are true.
        unsafe impl Section for $Name {
            type Of = StoreRef;
            type Error = &'static str;

            unsafe fn begin(mut of: Pin<&mut StoreRef>) -> Result<(), &'static str> {
                if raw(&mut of).refuse_begin {
                    return Err("locked");
                }
                raw(&mut of).depth += 1;
                Ok(())
            }

            unsafe fn end(mut of: Pin<&mut StoreRef>) -> Released<&'static str> {
                if raw(&mut of).refuse {
                    return Released::Refused("busy");
                }
                raw(&mut of).depth -= 1;
                raw(&mut of).commits += 1;
                Released::Gone
            }

            unsafe fn abandon(mut of: Pin<&mut StoreRef>) -> Released<&'static str> {
                raw(&mut of).depth -= 1;
                raw(&mut of).rollbacks += 1;
                Released::Gone
            }
        }
    };
}

section!(Batch);
section!(Strict);
section!(Anywhere);

// SAFETY: a counter that stays too high harms nobody.
unsafe impl MayForget for Batch {}
// SAFETY: the fake library does not look at threads.
unsafe impl SendSection for Anywhere {}

assert_not_impl_any!(Scope<'static, Batch>: Send, Sync, Clone);
assert_impl_all!(Scope<'static, Anywhere>: Send);
assert_eq_size!(Scope<'static, Batch>, usize);
assert_eq_size!(Frame<'static, StoreRef>, usize);
assert_impl_all!(Frame<'static, StoreRef>: Copy);

/// Runs a test on a store, and gives the store back.
fn with(mut store: Store, test: impl FnOnce(Pin<&mut StoreRef>)) -> Store {
    // SAFETY: the store lives, and only this reference is used.
    test(unsafe { StoreRef::from_ptr_mut(&raw mut store) }.expect("not NULL"));
    store
}

fn counts(store: &Store) -> (u32, u32, u32) {
    (store.depth, store.commits, store.rollbacks)
}

#[test]
fn it_is_committed_by_end_and_rolled_back_by_drop() {
    let store = with(Store::default(), |mut store| {
        assert!(Scope::<Batch>::begin(store.as_mut()).expect("begun").end().is_ok());
        drop(Scope::<Batch>::begin(store.as_mut()).expect("begun"));
    });
    assert_eq!(counts(&store), (0, 1, 1));
}

#[test]
fn a_begin_that_fails_ends_nothing() {
    let store = Store { refuse_begin: true, ..Store::default() };
    let store = with(store, |mut store| {
        assert_eq!(Scope::<Batch>::begin(store.as_mut()).err(), Some("locked"));
        let run = Scope::<Strict>::run(store, |_| Ok::<(), ()>(()));
        assert_eq!(run, Err(RunError::Begin("locked")));
    });
    assert_eq!(counts(&store), (0, 0, 0));
}

#[test]
fn a_refused_end_gives_the_scope_back() {
    let store = Store { refuse: true, ..Store::default() };
    let store = with(store, |store| {
        let scope = Scope::<Batch>::begin(store).expect("begun");
        let Err(CloseError::StillOpen { handle, error }) = scope.end() else {
            panic!("the end is refused");
        };
        assert_eq!(error, "busy");
        let mut scope = handle;
        raw(&mut scope.subject()).refuse = false;
        assert!(scope.end().is_ok());
    });
    assert_eq!(counts(&store), (0, 1, 0));
}

#[test]
fn nested_scopes_end_inside_out() {
    let store = with(Store::default(), |store| {
        let mut outer = Scope::<Batch>::begin(store).expect("begun");
        let mut inner = Scope::<Batch>::begin(outer.subject()).expect("begun");
        assert_eq!(raw(&mut inner.subject()).depth, 2);
        assert!(inner.end().is_ok());
        assert_eq!(raw(&mut outer.subject()).depth, 1);
        drop(outer);
    });
    assert_eq!(counts(&store), (0, 1, 1));
}

#[test]
fn a_closure_ends_whatever_happens_in_it() {
    let store = with(Store::default(), |mut store| {
        let ok = Scope::<Strict>::run(store.as_mut(), |scope| Ok::<_, ()>(raw(&mut scope.subject()).depth));
        assert_eq!(ok, Ok(1));
        let failed = Scope::<Strict>::run(store.as_mut(), |_| Err::<(), _>("no"));
        assert_eq!(failed, Err(RunError::Inside("no")));
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            Scope::<Strict>::run(store.as_mut(), |_| -> Result<(), ()> { panic!("inside") })
        }));
        assert!(panicked.is_err());
    });
    assert_eq!(counts(&store), (0, 1, 2));
}

#[test]
fn a_closure_whose_end_is_refused_is_abandoned() {
    let store = Store { refuse: true, ..Store::default() };
    let store = with(store, |store| {
        let run = Scope::<Strict>::run(store, |_| Ok::<(), &str>(()));
        assert_eq!(run, Err(RunError::End("busy")));
    });
    assert_eq!(counts(&store), (0, 0, 1));
}

#[test]
fn items_of_a_frame_may_be_held_together_and_null_is_an_error() {
    let arena = [Store::default(), Store::default()];
    // SAFETY: the arena lives until the end.
    let first = unsafe { StoreRef::from_ptr(&raw const arena[0]) }.expect("not NULL");
    let frame = Frame::of(first);
    // SAFETY: the item lives as long as the arena.
    let one = unsafe { frame.item::<StoreRef>(&raw const arena[0]) }.expect("an item");
    // SAFETY: as above.
    let two = unsafe { frame.item::<StoreRef>(&raw const arena[1]) }.expect("an item");
    assert_ne!(one.as_ptr(), two.as_ptr());
    // SAFETY: NULL is answered.
    assert!(unsafe { frame.item::<StoreRef>(core::ptr::null()) }.is_err());
    // SAFETY: as above.
    assert!(unsafe { frame.item_mut::<StoreRef>(core::ptr::null_mut()) }.is_err());
}
