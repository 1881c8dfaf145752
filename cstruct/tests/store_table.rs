//! A table owns its records, hands back what it refuses, lends what it shows, and changes as a whole in a batch.
#![cfg(feature = "store")]

use core::num::NonZero;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cstruct::kit::event::{Event, Hook, set_hook};
use cstruct::kit::{CloseError, Foreign, Owned};
use cstruct::{Batch, CStruct, Changing, Error, Live, Status, Table, TableRef, live};
use static_assertions::{assert_impl_all, assert_not_impl_any, const_assert_eq};

assert_impl_all!(Table: Send);
assert_not_impl_any!(Table: Sync, Clone, Copy);
assert_not_impl_any!(TableRef: Sync, Unpin);
assert_impl_all!(Batch<Changing<'static>>: Send);
assert_not_impl_any!(Batch<Changing<'static>>: Sync, Clone, Copy);
// The object, and what a watcher panicked with.
const_assert_eq!(size_of::<Option<Table>>(), 2 * size_of::<usize>());

/// The counters are the process's: one test at a time, each of which ends as it began.
struct Balanced {
    before: Live,
    _alone: MutexGuard<'static, ()>,
}

fn balanced() -> Balanced {
    static ALONE: Mutex<()> = Mutex::new(());
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    Balanced { before: live(), _alone: alone }
}

impl Drop for Balanced {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(live(), self.before, "C objects were leaked, or released twice");
        }
    }
}

static LEAKS: AtomicU32 = AtomicU32::new(0);
static COUNT_LEAKS: Hook = Hook(|event| {
    if matches!(event, Event::Leaked { .. }) {
        LEAKS.fetch_add(1, Ordering::Relaxed);
    }
});

fn named(value: i32, name: &core::ffi::CStr) -> CStruct {
    CStruct::named(value, name).expect("there is memory")
}

fn values(table: &TableRef) -> Vec<i32> {
    table.records().map(|record| record.value()).collect()
}

/// The record and the status of a refusal that hands it back.
fn handed_back<O>(result: Result<(), CloseError<O, Error>>) -> (O, Status) {
    match result {
        Err(CloseError::StillOpen { handle, error: Error::Refused(status) }) => (handle, status),
        Err(other) => panic!("not handed back: {other}"),
        Ok(()) => panic!("not refused"),
    }
}

#[test]
fn every_refused_record_comes_back_whole() {
    let _balanced = balanced();
    let mut table = Table::limited_to(NonZero::<usize>::MIN).expect("there is memory");

    let (nameless, status) = handed_back(table.push(CStruct::new(1).expect("there is memory")));
    assert_eq!((nameless.value(), nameless.name(), status), (1, None, Status::Invalid));

    let list = CStruct::from_records([named(1, c"a"), named(2, c"b")]).expect("they link");
    let (list, status) = handed_back(table.push(list));
    assert_eq!((list.records().count(), status), (2, Status::Invalid));

    table.push(named(1, c"a")).expect("there is room");
    let (other, status) = handed_back(table.push(named(2, c"b")));
    assert_eq!((other.value(), status), (2, Status::Full));

    let mut table = Table::new().expect("there is memory");
    table.push(named(1, c"a")).expect("there is room");
    let (mut twin, status) = handed_back(table.push(named(3, c"a")));
    assert_eq!((twin.value(), status), (3, Status::Duplicate));
    twin.pin_mut().set_name(Some(c"c")).expect("it is ours again");
    table.push(twin).expect("another name");
    assert_eq!(values(&table), [1, 3]);
}

#[test]
fn push_or_free_releases_what_it_refuses() {
    let _balanced = balanced();
    let mut table = Table::new().expect("there is memory");
    table.push_or_free(named(1, c"a")).expect("there is room");
    let before = live();
    let list = CStruct::from_records([named(1, c"x"), named(2, c"y")]).expect("they link");
    assert_eq!(table.push_or_free(list), Err(Error::Refused(Status::Invalid)));
    assert_eq!(table.push_or_free(named(2, c"a")), Err(Error::Refused(Status::Duplicate)));
    assert_eq!(live(), before);
    assert_eq!(values(&table), [1]);
}

#[test]
fn a_table_is_looked_at_walked_and_emptied() {
    let _balanced = balanced();
    let mut table = Table::new().expect("there is memory");
    assert!(table.is_empty());
    for (value, name) in [(1, c"a"), (2, c"b"), (3, c"c"), (4, c"")] {
        table.push(named(value, name)).expect("there is room");
    }
    assert_eq!(table.len(), 4);
    assert_eq!(table.find(c"b").map(|record| record.value()), Some(2));
    assert_eq!(table.find(c"").map(|record| record.value()), Some(4));
    assert!(table.find(c"nobody").is_none());
    assert!(table.at(4).is_none());
    assert!(table.at(usize::MAX).is_none());

    let mut records = table.records();
    assert_eq!(records.len(), 4);
    let (first, last) = (records.next(), records.next_back());
    assert_eq!((first.map(|record| record.value()), last.map(|record| record.value())), (Some(1), Some(4)));
    assert_eq!(records.len(), 2);
    assert_eq!(records.clone().rev().map(|record| record.value()).collect::<Vec<_>>(), [3, 2]);
    assert!(format!("{table:?}").contains("value: 3"));

    // One that was taken outlives the table.
    let mine = table.take(c"b").expect("C is not busy").expect("it is there");
    assert!(table.take(c"b").expect("C is not busy").is_none());
    table.close().expect("nothing uses it");
    assert_eq!((mine.value(), mine.name()), (2, Some(c"b")));
}

#[test]
fn a_table_may_be_used_and_released_on_another_thread() {
    let _balanced = balanced();
    let mut table = Table::new().expect("there is memory");
    table.push(named(1, c"a")).expect("there is room");
    let there = std::thread::spawn(move || {
        table.push(named(2, c"b")).expect("there is room");
        values(&table)
    });
    assert_eq!(there.join().expect("no panic"), [1, 2]);
}

#[test]
fn a_batch_comes_in_together() {
    let _balanced = balanced();
    let mut table = Table::new().expect("there is memory");
    table.push(named(1, c"a")).expect("there is room");
    let mut batch = table.batch().expect("no other lives");
    batch.push(named(2, c"b")).expect("it has a name");
    batch.push(named(3, c"c")).expect("it has a name");
    assert_eq!(batch.table().len(), 1);
    batch.commit().expect("no name is there");
    assert_eq!(values(&table), [1, 2, 3]);
    table.batch().expect("the other has ended").commit().expect("an empty one is fine");
}

#[test]
fn a_batch_hands_back_a_record_that_it_refuses() {
    let _balanced = balanced();
    let mut table = Table::new().expect("there is memory");
    let mut batch = table.batch().expect("no other lives");
    let (nameless, status) = handed_back(batch.push(CStruct::new(1).expect("there is memory")));
    assert_eq!((nameless.value(), status), (1, Status::Invalid));
}

#[test]
fn a_failed_commit_hands_the_batch_back_and_leaves_the_table() {
    let _balanced = balanced();
    let mut table = Table::limited_to(NonZero::new(2).expect("not 0")).expect("there is memory");
    table.push(named(1, c"a")).expect("there is room");

    let mut batch = table.batch().expect("no other lives");
    batch.push(named(2, c"b")).expect("it has a name");
    batch.push(named(3, c"c")).expect("it has a name");
    let (batch, status) = handed_back(batch.commit());
    assert_eq!((batch.table().len(), status), (1, Status::Full));
    batch.rollback();

    let mut batch = table.batch().expect("the other has ended");
    batch.push(named(2, c"a")).expect("the commit tells");
    let (batch, status) = handed_back(batch.commit());
    assert_eq!((batch.table().len(), status), (1, Status::Duplicate));
    // Dropped: rolled back.
    drop(batch);
    assert_eq!(values(&table), [1]);
    table.push(named(2, c"b")).expect("the table is free again");
}

#[test]
fn a_batch_is_rolled_back_by_a_panic() {
    let _balanced = balanced();
    let mut table = Table::new().expect("there is memory");
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut batch = table.batch().expect("no other lives");
        batch.push(named(1, c"a")).expect("it has a name");
        panic!("before the commit");
    }));
    assert!(caught.is_err());
    assert!(table.is_empty());
    table.close().expect("no batch lives");
}

#[test]
fn a_forgotten_batch_keeps_its_table_from_ending() {
    let balanced = balanced();
    set_hook(&COUNT_LEAKS);
    let mut table = Table::new().expect("there is memory");
    let mut batch = table.batch().expect("no other lives");
    batch.push(named(1, c"a")).expect("it has a name");
    let raw = batch.as_ptr();
    core::mem::forget(batch);

    // The table is whole, and only what would leave the batch without it is refused.
    table.push(named(1, c"a")).expect("there is room");
    assert_eq!(table.batch().err(), Some(Error::Refused(Status::Busy)));
    let (table, status) = handed_back(table.close());
    assert_eq!(status, Status::Busy);
    let raw_table = table.as_ptr();
    let leaks = LEAKS.load(Ordering::Relaxed);
    drop(table);
    assert_eq!(LEAKS.load(Ordering::Relaxed), leaks + 1);

    // SAFETY: the batch was forgotten, and is ours to end; its table was leaked, and lives.
    unsafe { cstruct_sys::cstruct_batch_rollback(raw) };
    // SAFETY: the table was leaked by its owner.
    let table: Owned<TableRef> = unsafe { Owned::from_raw(raw_table) }.expect("not NULL");
    table.close().expect("no batch lives");
    drop(balanced);
}
