//! Handles of every kind, and what they lean on.

use core::cell::Cell;
use core::convert::Infallible;
use core::ptr::NonNull;
use std::rc::Rc;
use std::sync::Arc;

use cstruct::kit::{
    CloseError, Consumed, Foreign, Keeper, NotMinusOne, Opaque, OtherParent, Owned, Release, Released, SameParent,
    ThreadBound,
};
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any, const_assert_eq};

thread_local! {
    static LOG: Cell<u32> = const { Cell::new(0) };
}

/// Writes one decimal digit: the order of what happened.
fn log(digit: u32) {
    LOG.set(LOG.get() * 10 + digit);
}

/// A handle of the thread that it was made on.
struct Local(ThreadBound);

// SAFETY: there is nothing to release.
unsafe impl Release for Local {
    type Handle = u32;
    type Error = Infallible;

    unsafe fn release(_: u32) -> Released<Infallible> {
        Released::Gone
    }
}

assert_impl_all!(Owned<Descriptor>: Send, Sync);
assert_not_impl_any!(Owned<Local>: Send, Sync);

struct Descriptor;

// SAFETY: the answers are true: 9 stays open.
unsafe impl Release for Descriptor {
    type Handle = NotMinusOne<i32>;
    type Error = i32;

    unsafe fn release(fd: Self::Handle) -> Released<i32> {
        match fd.number() {
            9 => Released::Refused(9),
            8 => Released::GoneWith(8),
            _ => {
                log(1);
                Released::Gone
            }
        }
    }
}

assert_eq_size!(Option<NotMinusOne<i32>>, i32);
assert_eq_size!(Option<NotMinusOne<isize>>, isize);
assert_eq_size!(Option<Owned<Descriptor>>, i32);
assert_impl_all!(NotMinusOne<i64>: Copy, Send, Sync);
const_assert_eq!(size_of::<Option<(NonNull<u8>, usize)>>(), 2 * size_of::<usize>());

fn descriptor(number: i32) -> Owned<Descriptor> {
    let fd = NotMinusOne::new(number).expect("not -1");
    // SAFETY: any number but -1 is an open descriptor of the fake library.
    unsafe { Owned::from_handle(fd, ()) }
}

#[test]
fn minus_one_is_none_and_everything_else_is_itself() {
    assert_eq!(NotMinusOne::new(-1_i32), None);
    assert_eq!(NotMinusOne::new(-1_isize), None);
    for number in [0, 1, -2, i32::MAX, i32::MIN] {
        let same = NotMinusOne::new(number).expect("not -1");
        assert_eq!(same.number(), number);
        assert_eq!(format!("{same} {same:?}"), format!("{number} {number}"));
    }
}

#[test]
fn a_number_closes_with_every_outcome() {
    assert!(descriptor(0).close().is_ok());
    assert_eq!(LOG.take(), 1);
    assert!(matches!(descriptor(8).close(), Err(CloseError::Gone(8))));
    let Err(CloseError::StillOpen { handle, error: 9 }) = descriptor(9).close() else {
        panic!("9 is refused");
    };
    assert_eq!(Owned::into_handle(handle).number(), 9);
    assert_eq!(LOG.take(), 0);
}

#[repr(transparent)]
struct ParentRef(Opaque<u64>);

// SAFETY: transparent over `Opaque`.
unsafe impl Foreign for ParentRef {
    type Raw = u64;
}

// SAFETY: it comes from a box, and goes back into one.
unsafe impl Release for ParentRef {
    type Handle = NonNull<u64>;
    type Error = Infallible;

    unsafe fn release(handle: NonNull<u64>) -> Released<Infallible> {
        log(2);
        // SAFETY: made by `parent`.
        drop(unsafe { Box::from_raw(handle.as_ptr()) });
        Released::Gone
    }
}

fn parent() -> Owned<ParentRef> {
    // SAFETY: the box is ours, and its release takes it back.
    unsafe { Owned::from_raw(Box::into_raw(Box::new(7))) }.expect("a box is not NULL")
}

fn child<K: Keeper<ParentRef>>(keeper: K) -> Owned<Descriptor, K> {
    let fd = Owned::into_handle(descriptor(1));
    // SAFETY: the descriptor is ours; its parent is kept.
    unsafe { Owned::from_handle(fd, keeper) }
}

// SAFETY: a number in a box; the log is of the releasing thread, and the tests stay on one.
unsafe impl Send for ParentRef {}
// SAFETY: nobody writes it.
unsafe impl Sync for ParentRef {}

/// Says when it is dropped.
struct Dependency;

impl Drop for Dependency {
    fn drop(&mut self) {
        log(3);
    }
}

#[test]
fn the_same_parent_is_told_from_another_by_address() {
    let (one, other) = (Arc::new(parent()), parent());
    let (a, b) = (child(Arc::clone(&one)), child(Arc::clone(&one)));
    let c = child(&*other);
    assert_eq!(SameParent::check(Owned::keeper(&a), Owned::keeper(&b)), Ok(()));
    let error: OtherParent = SameParent::check(Owned::keeper(&a), Owned::keeper(&c)).expect_err("another parent");
    assert!(error.to_string().contains("ParentRef"), "{error}");
}

#[test]
fn a_tuple_keeps_the_parent_and_the_rest_and_drops_them_after_the_child() {
    drop(child((parent(), Dependency)));
    assert_eq!(LOG.take(), 123);
}

#[test]
fn a_part_taken_out_keeps_its_document() {
    let part = {
        let document = Rc::new(parent());
        child(document)
    };
    assert_eq!(LOG.take(), 0, "the document lives in its part");
    drop(part);
    assert_eq!(LOG.take(), 12);
}

#[test]
fn a_dependency_joins_after_c_accepted() {
    let joined = Owned::join(child(parent()), Dependency, |child, _| {
        assert_eq!(Owned::handle(child).number(), 1);
        Ok::<(), ()>(())
    })
    .expect("accepted");
    assert_eq!(LOG.take(), 0);
    drop(joined);
    assert_eq!(LOG.take(), 123);
}

#[test]
fn a_refused_dependency_comes_back() {
    let refused = Owned::join(child(parent()), Dependency, |_, _| Err("full")).err().expect("full");
    assert_eq!(refused.to_string(), "not accepted: full");
    drop(refused.dependency);
    assert_eq!(LOG.take(), 3);
    drop(refused.owner);
    assert_eq!(LOG.take(), 12);
}

#[test]
fn a_panic_in_the_setter_releases_the_child_before_the_dependency() {
    let joined = std::panic::catch_unwind(|| {
        Owned::join(child(parent()), Dependency, |_, _| -> Result<(), ()> { panic!("after C accepted") })
    });
    assert!(joined.is_err());
    assert_eq!(LOG.take(), 123);
}

#[test]
fn a_keeper_is_exchanged_for_another_of_the_same() {
    // SAFETY: the `Arc` keeps the same parent.
    let child = unsafe { Owned::map_keeper(child(parent()), Arc::new) };
    let kept = Arc::clone(Owned::keeper(&child));
    drop(child);
    assert_eq!(LOG.take(), 1);
    drop(kept);
    assert_eq!(LOG.take(), 2);
}

#[test]
fn a_refused_drop_leaves_what_the_object_leans_on() {
    struct Stuck;
    // SAFETY: the answer is true: nothing is released.
    unsafe impl Release for Stuck {
        type Handle = u32;
        type Error = &'static str;
        unsafe fn release(_: u32) -> Released<&'static str> {
            Released::Refused("busy")
        }
    }
    let leaned_on = Rc::new(());
    // SAFETY: a number that nobody else releases.
    drop(unsafe { Owned::<Stuck, _>::from_handle(1, Rc::clone(&leaned_on)) });
    assert_eq!(Rc::strong_count(&leaned_on), 2);
    // SAFETY: the count that was leaked with the object, which is given back for the leak checkers.
    unsafe { Rc::decrement_strong_count(Rc::as_ptr(&leaned_on)) };
}

#[test]
fn a_panic_while_c_takes_an_object_leaves_what_it_leans_on() {
    let leaned_on = Rc::new(());
    // SAFETY: a number that nobody else releases.
    let handle = unsafe { Owned::<Descriptor, _>::from_handle(NotMinusOne::new(3).expect("3"), Rc::clone(&leaned_on)) };
    let consume = || {
        // SAFETY: it never says anything.
        unsafe { Owned::consume(handle, |_| -> Consumed<(), ()> { panic!("on the way") }) }
    };
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(consume)).is_err());
    assert_eq!((Rc::strong_count(&leaned_on), LOG.take()), (2, 0));
    // SAFETY: the count that was leaked with the object, which is given back for the leak checkers.
    unsafe { Rc::decrement_strong_count(Rc::as_ptr(&leaned_on)) };
}
