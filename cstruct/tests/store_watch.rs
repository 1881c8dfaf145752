//! What a table calls: shown but not kept, dropped exactly once, its panics carried, its own table beyond its reach.
#![cfg(feature = "store")]

use core::cell::RefCell;
use core::ffi::{CStr, c_void};
use core::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use cstruct::kit::event::{Event, Hook, set_hook};
use cstruct::kit::{CloseError, Foreign, Owned};
use cstruct::{CStruct, CStructRef, Change, Error, Status, Table, TableRef};
use cstruct_sys::{self as sys, cstruct_status};

fn named(value: i32, name: &CStr) -> CStruct {
    CStruct::named(value, name).expect("there is memory")
}

fn table_of(names: &[&CStr]) -> Table {
    let mut table = Table::new().expect("there is memory");
    for (value, name) in (1..).zip(names) {
        table.push(named(value, name)).expect("there is room");
    }
    table
}

/// For a closure that captures something only to drop it with itself.
fn holds<T>(_captured: &T) {}

/// What a panic said.
fn said<R>(run: impl FnOnce() -> R) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(run)) else { panic!("no panic came through") };
    panic
        .downcast::<String>()
        .map_or_else(|other| (*other.downcast::<&str>().expect("a text")).to_owned(), |text| *text)
}

// ---- During one call.

#[test]
fn each_shows_every_record_and_borrows_from_the_stack() {
    let mut table = table_of(&[c"a", c"b", c"c"]);
    let mut names = Vec::new();
    let all = table.each(|record| {
        names.push(record.name().map(CStr::to_owned));
        ControlFlow::<()>::Continue(())
    });
    assert_eq!(all, Ok(ControlFlow::Continue(())));
    assert_eq!(names, [Some(c"a".to_owned()), Some(c"b".to_owned()), Some(c"c".to_owned())]);
}

#[test]
fn each_stops_where_it_is_told_to() {
    let mut table = table_of(&[c"a", c"b", c"c"]);
    let mut calls = 0;
    let stopped = table.each(|record| {
        calls += 1;
        if record.name() == Some(c"b") { ControlFlow::Break(record.value()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((stopped, calls), (Ok(ControlFlow::Break(2)), 2));
}

#[test]
fn a_panic_in_each_goes_on_behind_c() {
    let mut table = table_of(&[c"a", c"b", c"c"]);
    let mut calls = 0;
    let look = |record: &CStructRef| -> ControlFlow<()> {
        calls += 1;
        panic!("at {}", record.value())
    };
    assert_eq!(said(|| table.each(look)), "at 1");
    assert_eq!(calls, 1);
    table.push(named(9, c"d")).expect("C has ended the walk");
}

#[test]
fn each_cannot_change_its_table_through_a_shared_cell() {
    let table = Rc::new(RefCell::new(table_of(&[c"a", c"b"])));
    let mut refused = 0;
    let all = table
        .borrow_mut()
        .each(|_| {
            refused += u32::from(table.try_borrow_mut().is_err()) + u32::from(table.try_borrow().is_err());
            ControlFlow::<()>::Continue(())
        })
        .expect("C walks");
    assert_eq!((all, refused), (ControlFlow::Continue(()), 4));
    // Insisting is a panic, which C does not see.
    let again = Rc::clone(&table);
    let insisted = catch_unwind(AssertUnwindSafe(|| {
        table.borrow_mut().each(|_| ControlFlow::Break(again.borrow_mut().take(c"b"))).is_ok()
    }));
    assert!(insisted.is_err());
    assert_eq!(table.borrow().len(), 2);
}

// ---- Until another takes its place.

/// Counts its drops.
struct Counted(Arc<AtomicU32>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_watcher_is_told_of_each_change_and_dropped_once() {
    let mut table = table_of(&[c"a"]);
    let (say, heard) = mpsc::channel();
    let (first, second) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));

    let (counted, tell) = (Counted(Arc::clone(&first)), say.clone());
    table
        .watch(move |change, record| {
            holds(&counted);
            tell.send((change, record.value())).expect("it is listened to");
        })
        .expect("nobody is called");
    table.push(named(2, c"b")).expect("there is room");
    drop(table.push(named(3, c"b")).expect_err("the name is there")); // no change, so nobody is told
    drop(table.take(c"a"));
    assert_eq!(first.load(Ordering::Relaxed), 0);

    let counted = Counted(Arc::clone(&second));
    table.watch(move |_, _| holds(&counted)).expect("nobody is called");
    assert_eq!(first.load(Ordering::Relaxed), 1, "replaced, so dropped before `watch` returned");
    drop(table.take(c"b"));
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), [(Change::Pushed, 2), (Change::Taken, 1)]);

    table.unwatch().expect("nobody is called");
    assert_eq!(second.load(Ordering::Relaxed), 1);
    table.unwatch().expect("there being none is fine");

    let counted = Counted(Arc::clone(&second));
    table.watch(move |_, _| holds(&counted)).expect("nobody is called");
    table.close().expect("nothing uses it");
    assert_eq!((first.load(Ordering::Relaxed), second.load(Ordering::Relaxed)), (1, 2));
}

#[test]
fn a_watcher_goes_with_its_table_to_another_thread() {
    let mut table = Table::new().expect("there is memory");
    let dropped = Arc::new(AtomicU32::new(0));
    let counted = Counted(Arc::clone(&dropped));
    let (say, heard) = mpsc::channel();
    table
        .watch(move |_, _| {
            holds(&counted);
            say.send(std::thread::current().id()).expect("it is listened to");
        })
        .expect("nobody is called");
    let there = std::thread::spawn(move || {
        table.push(named(1, c"a")).expect("there is room");
        std::thread::current().id()
    });
    assert_eq!(heard.recv().ok(), there.join().ok());
    assert_eq!(dropped.load(Ordering::Relaxed), 1);
}

#[test]
fn a_batch_tells_the_watcher_when_all_are_there() {
    let mut table = Table::new().expect("there is memory");
    let (say, heard) = mpsc::channel();
    table.watch(move |change, record| say.send((change, record.value())).expect("it is listened to")).expect("idle");
    let mut batch = table.batch().expect("no other lives");
    batch.push(named(1, c"a")).expect("it has a name");
    batch.push(named(2, c"b")).expect("it has a name");
    assert!(heard.try_recv().is_err());
    batch.commit().expect("no name is there");
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), [(Change::Pushed, 1), (Change::Pushed, 2)]);
}

#[test]
fn a_panic_of_a_watcher_goes_on_in_whoever_changed_the_table() {
    let mut table = table_of(&[c"a"]);
    table.watch(|change, record| panic!("{change:?} {}", record.value())).expect("nobody is called");
    assert_eq!(said(|| table.push(named(7, c"b")).is_ok()), "Pushed 7");
    assert_eq!(table.len(), 2, "the record is there all the same");
    assert_eq!(said(|| table.take(c"a").is_ok()), "Taken 1");
    assert_eq!(said(|| table.push_or_free(named(1, c"a")).is_ok()), "Pushed 1");
    assert_eq!(said(|| table.take(c"a").is_ok()), "Taken 1");
    assert_eq!(table.len(), 1);
    let pushed = said(|| {
        let mut batch = table.batch().expect("no other lives");
        batch.push(named(8, c"c")).expect("it has a name");
        batch.push(named(9, c"d")).expect("it has a name");
        batch.commit().is_ok()
    });
    assert_eq!((pushed.as_str(), table.len()), ("Pushed 8", 3), "after a panic nothing of ours runs");
    table.unwatch().expect("nobody is called");
    table.push(named(10, c"e")).expect("nobody panics any more");
}

/// Pushes in its destructor, where a second panic would end the process.
struct PushesLate<'t>(&'t mut Table);

impl Drop for PushesLate<'_> {
    fn drop(&mut self) {
        self.0.push(named(1, c"late")).expect("there is room");
    }
}

#[test]
fn a_panic_during_a_panic_waits_for_the_next_call() {
    let mut table = Table::new().expect("there is memory");
    table.watch(|_, record| panic!("told of {}", record.value())).expect("nobody is called");
    let first = said(|| {
        let _late = PushesLate(&mut table);
        panic!("the first");
    });
    assert_eq!(first, "the first");
    assert_eq!(said(|| table.take(c"late").is_ok()), "told of 1");
    assert!(table.is_empty());
}

/// Panics when it is dropped.
struct Sore;

impl Drop for Sore {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("sore");
        }
    }
}

#[test]
fn a_watcher_that_panics_in_its_drop_is_heard() {
    let mut table = Table::new().expect("there is memory");
    let sore = Sore;
    table.watch(move |_, _| holds(&sore)).expect("nobody is called");
    assert_eq!(said(|| table.watch(|_, _| {}).is_ok()), "sore");
    let sore = Sore;
    table.watch(move |_, _| holds(&sore)).expect("nobody is called");
    assert_eq!(said(|| table.unwatch().is_ok()), "sore");
    let sore = Sore;
    table.watch(move |_, _| holds(&sore)).expect("nobody is called");
    assert_eq!(said(|| table.close().is_ok()), "sore");
    // Where nobody listens it is dropped in silence, with the watcher.
    let mut table = Table::new().expect("there is memory");
    let sore = Sore;
    table.watch(move |_, _| holds(&sore)).expect("nobody is called");
    drop(table);
}

// ---- Its own table is beyond its reach.

#[test]
fn a_watcher_that_shares_its_table_is_locked_out() {
    let table = Arc::new(Mutex::new(Some(Table::new().expect("there is memory"))));
    let (say, heard) = mpsc::channel();
    // A cycle, ended below: the table owns the watcher, and that the table's mutex.
    let own = Arc::clone(&table);
    let watcher = move |_: Change, _: &CStructRef| say.send(own.try_lock().is_err()).expect("it is listened to");
    table.lock().expect("not poisoned").as_mut().expect("there").watch(watcher).expect("nobody is called");
    table.lock().expect("not poisoned").as_mut().expect("there").push(named(1, c"a")).expect("there is room");
    assert_eq!(heard.try_recv(), Ok(true));

    // Released while the watcher holds the place that it came from.
    let taken = table.lock().expect("not poisoned").take();
    drop(taken);
    assert_eq!(Arc::strong_count(&table), 1);
}

thread_local! {
    /// Reached by a closure that is `Send`, since it holds nothing.
    static HERE: RefCell<Option<Table>> = const { RefCell::new(None) };
}

#[test]
fn a_watcher_that_finds_its_table_in_a_thread_local_is_locked_out() {
    let (say, heard) = mpsc::channel();
    let mut table = Table::new().expect("there is memory");
    table
        .watch(move |_, _| {
            let gone = HERE.with(|here| here.try_borrow_mut().map(|mut table| table.take().is_some()));
            say.send(gone.is_err()).expect("it is listened to");
        })
        .expect("nobody is called");
    HERE.set(Some(table));
    HERE.with_borrow_mut(|table| table.as_mut().map(|table| table.push(named(1, c"a")).is_ok()));
    assert_eq!(heard.try_recv(), Ok(true));
    // Outside the call the very same code would find it.
    assert_eq!(HERE.take().map(|table| table.len()), Some(1));
}

#[test]
fn a_watcher_may_own_and_drop_another_table() {
    let mut table = Table::new().expect("there is memory");
    let dropped = Arc::new(AtomicU32::new(0));
    let mut inner = table_of(&[c"x", c"y"]);
    let counted = Counted(Arc::clone(&dropped));
    inner.watch(move |_, _| holds(&counted)).expect("nobody is called");
    let mut inner = Some(inner);
    table.watch(move |_, _| drop(inner.take())).expect("nobody is called");
    table.push(named(1, c"a")).expect("there is room");
    assert_eq!(dropped.load(Ordering::Relaxed), 1);

    // And with the watcher itself, when that is replaced.
    let inner = table_of(&[c"x"]);
    table.watch(move |_, _| holds(&inner)).expect("nobody is called");
    table.unwatch().expect("nobody is called");
    table.close().expect("nothing uses it");
}

static LEAKS: AtomicU32 = AtomicU32::new(0);
static COUNT_LEAKS: Hook = Hook(|event| {
    if matches!(event, Event::Leaked { .. }) {
        LEAKS.fetch_add(1, Ordering::Relaxed);
    }
});

#[test]
fn what_gets_round_the_compiler_is_refused_by_c() {
    set_hook(&COUNT_LEAKS);
    let mut table = table_of(&[c"a"]);
    let raw = Arc::new(AtomicPtr::new(table.as_ptr()));
    let (say, heard) = mpsc::channel();
    table
        .watch(move |_, _| {
            let raw = raw.load(Ordering::Relaxed);
            let mut out = core::ptr::null_mut();
            // SAFETY: the table is live: it is calling. C says what it thinks of being changed meanwhile.
            let taken = unsafe { sys::cstruct_table_take(raw, c"a".as_ptr(), &raw mut out) };
            // SAFETY: as above; NULL, NULL, NULL: no watcher any more.
            let watched = unsafe { sys::cstruct_table_watch(raw, None, core::ptr::null_mut(), None) };
            // SAFETY: a second owner, which only C keeps from releasing the table.
            let second: Owned<TableRef> = unsafe { Owned::from_raw(raw) }.expect("not NULL");
            let Err(CloseError::StillOpen { handle, error }) = second.close() else { panic!("not refused") };
            drop(handle); // refused again: leaked, and told
            say.send((taken, watched, error)).expect("it is listened to");
        })
        .expect("nobody is called");
    table.push(named(2, c"b")).expect("there is room");
    let busy = cstruct_status::CSTRUCT_BUSY;
    assert_eq!(heard.try_recv(), Ok((busy, busy, Error::Refused(Status::Busy))));
    assert_eq!(LEAKS.load(Ordering::Relaxed), 1);
    assert_eq!(table.len(), 2);
    table.close().expect("nothing uses it");
}

/// The destroy notify, too, is a function that the table calls.
#[test]
fn a_destroyed_watcher_may_not_change_the_table_either() {
    struct Meddles(Arc<AtomicPtr<c_void>>, mpsc::Sender<cstruct_status>);
    impl Drop for Meddles {
        fn drop(&mut self) {
            let raw = self.0.load(Ordering::Relaxed).cast();
            // SAFETY: the table is live: it is calling.
            let freed = unsafe { sys::cstruct_table_free(raw) };
            let _nobody_listens = self.1.send(freed);
        }
    }
    let mut table = Table::new().expect("there is memory");
    let (say, heard) = mpsc::channel();
    let meddles = Meddles(Arc::new(AtomicPtr::new(table.as_ptr().cast())), say);
    table.watch(move |_, _| holds(&meddles)).expect("nobody is called");
    table.watch(|_, _| {}).expect("nobody is called");
    assert_eq!(heard.try_recv(), Ok(cstruct_status::CSTRUCT_BUSY));
    assert_eq!(table.len(), 0);
}
