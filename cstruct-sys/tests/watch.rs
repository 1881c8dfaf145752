//! A table that calls: each, watch, and the destroy notify.
mod raw;

use raw::{table::*, *};
use std::ffi::c_void;
use std::ptr::null_mut;

struct Walk {
    table: *mut cstruct_table,
    batch: *mut cstruct_batch,
    seen: Vec<String>,
    stop_at: usize,
}

unsafe extern "C" fn look(user: *mut c_void, record: *const Record) -> i32 {
    let walk = c!(&mut *user.cast::<Walk>());
    walk.seen.push(name_of(record));
    assert_locked(walk.table, walk.batch);
    if walk.seen.len() == walk.stop_at { -3 } else { 0 }
}

fn filled(names: &[&str]) -> *mut cstruct_table {
    let table = table(0);
    for name in names {
        assert_eq!(push(table, record(1, name)), OK);
    }
    table
}

#[test]
fn each_calls_in_order_and_stops_when_told() {
    let _alone = alone();
    let table = filled(&["a", "b", "c"]);
    for (stop_at, answer, seen) in [(0, OK, 3), (2, STOPPED, 2), (3, STOPPED, 3)] {
        let mut walk = Walk { table, batch: null_mut(), seen: Vec::new(), stop_at };
        assert_eq!(c!(cstruct_table_each(table, Some(look), (&raw mut walk).cast())), answer);
        assert_eq!(walk.seen, ["a", "b", "c"][..seen]);
    }
    assert_eq!(push(table, record(1, "d")), OK, "the walk is over");
    free(table);
}

#[test]
fn a_batch_cannot_be_committed_from_a_look() {
    let _alone = alone();
    let table = filled(&["a"]);
    let batch = begin(table).unwrap();
    assert_eq!(c!(cstruct_batch_push(batch, record(1, "b"))), OK);
    let mut walk = Walk { table, batch, seen: Vec::new(), stop_at: 0 };
    assert_eq!(c!(cstruct_table_each(table, Some(look), (&raw mut walk).cast())), OK);
    assert_eq!(c!(cstruct_batch_commit(batch)), OK);
    assert_eq!(names(table), ["a", "b"]);
    free(table);
}

#[test]
fn a_watcher_is_told_of_each_change_and_of_nothing_else() {
    let _alone = alone();
    let table = filled(&["before"]);
    let diary = Diary::new(table);
    assert_eq!(diary.watch(), OK);
    assert_eq!(push(table, record(1, "a")), OK);
    assert_eq!(c!(cstruct_table_push_or_free(table, record(1, "b"))), OK);
    assert_eq!(c!(cstruct_table_push_or_free(table, record(1, "b"))), DUPLICATE);
    assert_eq!(take(table, "nobody"), Err(NOT_FOUND));
    c!(cstruct_free(take(table, "before").unwrap()));
    assert_eq!(diary.told(), said([("+a", 2), ("+b", 3), ("-before", 2)]));
    free(table);
    assert_eq!((diary.told().len(), diary.destroyed()), (3, 1), "the end of the table is no change");
}

#[test]
fn the_destroy_notify_comes_once_when_replaced_cleared_or_freed() {
    let _alone = alone();
    let table = filled(&["a"]);
    let (first, second, third) = (Diary::new(table), Diary::new(table), Diary::new(table));
    assert_eq!(first.watch(), OK);
    assert_eq!(second.watch(), OK);
    assert_eq!((first.destroyed(), second.destroyed()), (1, 0), "replaced");
    assert_eq!(c!(cstruct_table_watch(table, None, null_mut(), None)), OK);
    assert_eq!((first.destroyed(), second.destroyed()), (1, 1), "cleared");
    assert_eq!(c!(cstruct_table_watch(table, None, null_mut(), None)), OK);
    assert_eq!(third.watch(), OK);
    free(table);
    assert_eq!((first.destroyed(), second.destroyed(), third.destroyed()), (1, 1, 1), "freed");
    assert!(first.told().is_empty() && second.told().is_empty() && third.told().is_empty());
}

unsafe extern "C" fn ignore(_user: *mut c_void, _event: cstruct_event, _record: *const Record) {}

unsafe extern "C" fn never(_user: *mut c_void) {
    panic!("nothing was taken, so there is nothing to destroy");
}

#[test]
fn a_refused_watcher_is_not_taken() {
    let _alone = alone();
    let table = table(0);
    let diary = Diary::new(table);
    assert_eq!(diary.watch(), OK);
    let user = diary.user();
    assert_eq!(c!(cstruct_table_watch(table, None, user, None)), INVALID);
    assert_eq!(c!(cstruct_table_watch(table, None, null_mut(), Some(never))), INVALID);
    assert_eq!(c!(cstruct_table_watch(null_mut(), Some(ignore), user, Some(never))), INVALID);
    assert_eq!(push(table, record(1, "a")), OK);
    assert_eq!((diary.told().len(), diary.destroyed()), (1, 0), "the old one is still there");
    assert_eq!(c!(cstruct_table_watch(table, Some(ignore), null_mut(), None)), OK, "without user or destroy");
    assert_eq!(diary.destroyed(), 1);
    assert_eq!(push(table, record(1, "b")), OK);
    free(table);
}

#[test]
fn a_table_that_cannot_be_freed_keeps_its_watcher() {
    let _alone = alone();
    let table = table(0);
    let diary = Diary::new(table);
    assert_eq!(diary.watch(), OK);
    let batch = begin(table).unwrap();
    assert_eq!(c!(cstruct_table_free(table)), BUSY);
    assert_eq!(diary.destroyed(), 0);
    c!(cstruct_batch_rollback(batch));
    free(table);
    assert_eq!(diary.destroyed(), 1);
}
