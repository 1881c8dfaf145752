//! Reference counted objects: counts are taken, given back, and never taken for something else.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "a call of C and the adoption of its result are one step")]

use std::cell::{Cell, RefCell};
use std::process::Command;
use std::rc::Rc;
use std::sync::Arc;

use cstruct::kit::{CloseError, Floating, Foreign, Owned, Released, RetainError, Shared, Weak};
use cstruct::wrap;
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any};

#[path = "fake/blob.rs"]
mod c;

fn status(status: i32) -> Result<(), i32> {
    if status == 0 { Ok(()) } else { Err(status) }
}

fn outcome(status: i32) -> Released<i32> {
    if status == 0 { Released::Gone } else { Released::Refused(status) }
}

wrap! {
    /// One count of a blob.
    #[derive(Debug)]
    pub struct Blob = Shared<BlobRef>;
    /// A blob.
    #[derive(Debug)]
    pub struct BlobRef(c::Blob);
    unsafe {
        weak = c::weak_new, c::weak_lock, c::weak_release => c::Weak;
        sink = c::blob_ref_sink;
        owned = "blob.h: blob_new gives a blob with a count of one";
        unique = c::blob_count, |count| count == 1;
        retain = c::blob_retain, status => i32;
        close = c::blob_release, outcome => i32;
        clone = "not true for this library: see the test that ends in an abort";
        sync = "blob.h: the count is atomic";
        send = "blob.h: the count is atomic";
    }
}

wrap! {
    /// One count of a part that leans on something.
    pub struct Part<K> = Shared<PartRef, K>;
    /// A part, which stays on its thread.
    pub struct PartRef(c::Blob);
    unsafe {
        retain = c::blob_retain, status => i32;
        close = c::blob_release, outcome => i32;
        send = "part.h: may be handed to another thread";
    }
}

fn blob(value: u32) -> Blob {
    // SAFETY: blob_new gives a blob with a count of one that is ours.
    unsafe { Blob::adopt(c::blob_new(value)) }.expect("there is memory")
}

fn count(blob: &BlobRef) -> u32 {
    // SAFETY: live while it is borrowed.
    unsafe { c::blob_count(blob.as_ptr()) }
}

fn freed() -> u32 {
    c::FREED.get()
}

#[test]
fn a_count_is_given_back_once_for_each_handle() {
    let first = blob(1);
    let second = first.try_clone().expect("far from the limit");
    assert!(Blob::ptr_eq(&first, &second));
    assert_eq!(count(&first), 2);
    drop(first);
    assert_eq!((count(&second), freed()), (1, 0));
    second.close().expect("it does not refuse");
    assert_eq!(freed(), 1);
}

#[test]
fn adopt_takes_over_a_count_and_retain_takes_a_further_one() {
    let held = blob(1);
    // SAFETY: live, as `held` shows.
    let retained = unsafe { Blob::retain(held.as_ptr()) }.expect("far from the limit");
    assert_eq!(count(&held), 2);
    let raw = Blob::into_raw(retained);
    assert_eq!(count(&held), 2, "into_raw keeps the count");
    // SAFETY: the count of `retained` is the caller's since into_raw. The address comes a second time, legitimately.
    let adopted = unsafe { Blob::adopt(raw) }.expect("not NULL");
    assert!(Blob::ptr_eq(&held, &adopted));
    drop((held, adopted));
    assert_eq!(freed(), 1);
}

#[test]
fn null_is_an_error_that_names_the_type_and_the_line() {
    // SAFETY: NULL is allowed.
    let error = unsafe { Blob::adopt(std::ptr::null_mut()) }.expect_err("NULL");
    assert!(error.expected().contains("BlobRef"));
    assert_eq!(error.location().file(), file!());
    // SAFETY: NULL is allowed.
    let error = unsafe { Blob::retain(std::ptr::null_mut()) }.expect_err("NULL");
    assert!(matches!(error, RetainError::Null(null) if null.location().file() == file!()));
}

#[test]
fn a_count_that_cannot_be_taken_is_an_error_and_changes_nothing() {
    let full = blob(1);
    let atomic = full.as_ptr();
    // SAFETY: live; the count is an atomic that the test may set.
    let atomic = unsafe { &(*atomic).count };
    atomic.store(c::MAX, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(full.try_clone().expect_err("at the limit"), 11);
    // SAFETY: live.
    let error = unsafe { Blob::retain(full.as_ptr()) }.expect_err("at the limit");
    assert_eq!(error, RetainError::Refused(11));
    assert_eq!(error.to_string(), "C could not take a further count: 11");
    assert_eq!(count(&full), c::MAX);
    atomic.store(1, std::sync::atomic::Ordering::SeqCst);
}

/// Runs in a process of its own, which must not come to the end.
#[test]
fn a_clone_that_was_declared_infallible_and_fails_ends_the_process() {
    if std::env::var_os("KIT_SHARED_ABORTS").is_some() {
        let full = blob(1);
        // SAFETY: as above.
        unsafe { &(*full.as_ptr()).count }.store(c::MAX, std::sync::atomic::Ordering::SeqCst);
        let clone = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| full.clone()));
        println!("came back: {}", clone.is_ok());
        std::process::exit(0);
    }
    let output = Command::new(std::env::current_exe().expect("a test knows its name"))
        .args(["--exact", "a_clone_that_was_declared_infallible_and_fails_ends_the_process", "--nocapture"])
        .env("KIT_SHARED_ABORTS", "1")
        .output()
        .expect("a test can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("came back"));
    assert!(said.contains("BlobRef") && said.contains("C refused a count: 11"), "{said}");
}

#[test]
fn a_clone_has_a_count_of_its_own() {
    let first = blob(1);
    let second = first.clone();
    assert_eq!(count(&second), 2);
}

#[test]
fn exclusive_access_needs_the_only_count() {
    let mut first = blob(1);
    let set = |blob: &mut Blob| blob.unique_mut().map(|pin| pin.as_ptr());
    assert_eq!(set(&mut first), Some(first.as_ptr()));

    let second = first.clone();
    assert!(set(&mut first).is_none());
    drop(second);

    // A count of C's own.
    // SAFETY: live.
    assert_eq!(unsafe { c::blob_retain(first.as_ptr()) }, 0);
    assert!(set(&mut first).is_none());
    // SAFETY: the count taken above.
    assert_eq!(unsafe { c::blob_release(first.as_ptr()) }, 0);
    assert!(set(&mut first).is_some());
}

#[test]
fn an_owner_becomes_shared_and_back_when_it_is_the_only_one() {
    // SAFETY: a new blob, which is ours alone.
    let owner: Owned<BlobRef> = unsafe { Owned::from_raw(c::blob_new(3)) }.expect("there is memory");
    let shared = Shared::from(owner);
    let other = shared.try_clone().expect("far from the limit");
    let shared = Shared::try_into_owned(shared).expect_err("two counts");
    drop(other);
    let mut owner = Shared::try_into_owned(shared).expect("one count");
    let _exclusive = owner.pin_mut();
    drop(owner);
    assert_eq!(freed(), 1);
}

#[test]
fn what_c_holds_outlives_every_handle() {
    let handle = blob(1);
    let raw = handle.as_ptr();
    // SAFETY: live.
    assert_eq!(unsafe { c::blob_retain(raw) }, 0);
    drop(handle);
    assert_eq!(freed(), 0);
    // SAFETY: C's count, taken above.
    assert_eq!(unsafe { c::blob_release(raw) }, 0);
    assert_eq!(freed(), 1);
}

#[test]
fn a_refused_release_hands_the_count_back() {
    let stubborn = blob(1);
    let refuses = stubborn.as_ptr();
    // SAFETY: live until the end of the test; an atomic.
    let refuses = unsafe { &(*refuses).refuses };
    refuses.store(true, std::sync::atomic::Ordering::SeqCst);
    let Err(CloseError::StillOpen { handle, error: 6 }) = stubborn.close() else {
        panic!("it refuses");
    };
    refuses.store(false, std::sync::atomic::Ordering::SeqCst);
    handle.close().expect("it no longer refuses");
    assert_eq!(freed(), 1);
}

#[test]
fn a_keeper_is_dropped_after_the_count_that_it_belongs_to() {
    struct Parent(Rc<RefCell<Vec<u32>>>);
    impl Drop for Parent {
        fn drop(&mut self) {
            self.0.borrow_mut().push(freed());
        }
    }
    let seen = Rc::new(RefCell::new(Vec::new()));
    // SAFETY: a new count that is ours.
    let part = unsafe { Part::adopt(c::blob_new(1), Rc::new(Parent(seen.clone()))) }.expect("there is memory");
    let again = part.try_clone().expect("far from the limit");
    assert!(Rc::ptr_eq(Part::keeper(&part), Part::keeper(&again)));
    drop(part);
    assert!(seen.borrow().is_empty());
    drop(again);
    assert_eq!(*seen.borrow(), [1]);
}

#[test]
fn a_keeper_that_panics_while_it_is_cloned_costs_no_count() {
    struct Panics;
    impl Clone for Panics {
        fn clone(&self) -> Self {
            panic!("no clone")
        }
    }
    // SAFETY: no clone of it ever lives.
    unsafe impl cstruct::kit::SharedKeeper for Panics {}
    // SAFETY: a new count that is ours.
    let part = unsafe { Part::adopt(c::blob_new(1), Panics) }.expect("there is memory");
    let cloned = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| part.try_clone().is_ok()));
    assert!(cloned.is_err());
    // SAFETY: live.
    assert_eq!(unsafe { c::blob_count(part.as_ptr()) }, 1);
}

#[test]
fn a_refused_retain_drops_its_keeper_and_takes_nothing() {
    let keeper = Rc::new(());
    // SAFETY: NULL is allowed.
    let none = unsafe { Part::retain(std::ptr::null_mut(), keeper.clone()) };
    assert!(none.is_err());
    assert_eq!(Rc::strong_count(&keeper), 1);
}

#[test]
fn a_floating_count_is_sunk_before_anything_else() {
    // SAFETY: a new floating blob.
    let floating: Floating<BlobRef> = unsafe { Floating::from_raw(c::blob_floating(1)) }.expect("there is memory");
    assert_eq!(count(&floating), 1);
    let shared = floating.sink();
    assert_eq!(count(&shared), 1, "sinking claims the count that there was");
    drop(shared);
    assert_eq!(freed(), 1);

    // SAFETY: a new floating blob.
    drop(unsafe { Floating::<BlobRef>::from_raw(c::blob_floating(1)) });
    assert_eq!(freed(), 2);

    // SAFETY: a new floating blob.
    let floating = unsafe { Floating::<BlobRef>::from_raw(c::blob_floating(1)) }.expect("there is memory");
    let raw = Floating::into_raw(floating);
    // SAFETY: this is a container of C's that sinks what it is given, and then lets go of it.
    unsafe { c::blob_ref_sink(raw) };
    assert_eq!(freed(), 2);
    // SAFETY: as above.
    assert_eq!(unsafe { c::blob_release(raw) }, 0);
    assert_eq!(freed(), 3);

    // SAFETY: NULL is allowed.
    assert!(unsafe { Floating::<BlobRef>::from_raw(std::ptr::null_mut()) }.is_err());
}

#[test]
fn a_weak_reference_gives_an_owner_while_there_is_one() {
    let handle = blob(1);
    let weak = Blob::downgrade(&handle).expect("there is memory");
    let owner = weak.upgrade().expect("it lives");
    assert_eq!(count(&owner), 2);
    drop((owner, handle));
    assert_eq!(freed(), 1);
    assert!(weak.upgrade().is_none());
    let mut late = Some(weak);
    drop(late.take());
}

#[test]
fn counts_are_taken_and_given_back_on_many_threads() {
    let handle = blob(1);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    let mine = handle.clone();
                    drop(mine.try_clone());
                }
            });
        }
    });
    assert_eq!((count(&handle), freed()), (1, 0));
    drop(handle);
    assert_eq!(freed(), 1);
}

assert_eq_size!(Shared<BlobRef>, Option<Shared<BlobRef>>, *mut u8);
assert_eq_size!(Floating<BlobRef>, Option<Floating<BlobRef>>, *mut u8);
assert_eq_size!(Weak<BlobRef>, Option<Weak<BlobRef>>, *mut u8);
assert_eq_size!(Blob, Option<Blob>, *mut u8);
assert_impl_all!(Shared<BlobRef>: Send, Sync, Clone, Unpin);
assert_impl_all!(Weak<BlobRef>: Send, Sync);
// `Send` alone is enough for an owner, and not for one of many.
assert_impl_all!(Owned<PartRef>: Send);
assert_not_impl_any!(Shared<PartRef>: Send, Sync, Clone, Copy);
assert_not_impl_any!(Shared<BlobRef, Rc<()>>: Send, Sync);
assert_not_impl_any!(Shared<BlobRef, Cell<u8>>: Sync);
assert_impl_all!(Shared<BlobRef, Arc<()>>: Send, Sync, Clone);
