//! A batch: records that come into a table together or not at all.
mod raw;

use raw::{memory::every_failure, table::*, *};
use std::ptr::null_mut;

fn add(batch: *mut cstruct_batch, name: &str) {
    assert_eq!(c!(cstruct_batch_push(batch, record(1, name))), OK);
}

fn commit(batch: *mut cstruct_batch) -> Status {
    c!(cstruct_batch_commit(batch))
}

#[test]
fn a_commit_puts_all_in_and_then_tells_of_each() {
    let _alone = alone();
    let table = table(4);
    let diary = Diary::new(table);
    assert_eq!(diary.watch(), OK);
    let batch = begin(table).unwrap();
    for name in ["a", "b", "c"] {
        add(batch, name);
    }
    assert_eq!(c!(cstruct_table_len(table)), 0);
    assert!(diary.told().is_empty());
    let objects = live().0;
    assert_eq!(commit(batch), OK);
    assert_eq!(live().0, objects - 1, "the batch has ended");
    assert_eq!(names(table), ["a", "b", "c"]);
    assert_eq!(diary.told(), said([("+a", 3), ("+b", 3), ("+c", 3)]), "all were there when the first was told");
    assert!(c!(cstruct_next(find(table, "a"))).is_null(), "they are single records again");
    free(table);
}

#[test]
fn an_empty_batch_may_be_committed() {
    let _alone = alone();
    let table = table(0);
    assert_eq!(commit(begin(table).unwrap()), OK);
    free(table);
}

#[test]
fn a_rollback_releases_the_records_and_leaves_the_table() {
    let _alone = alone();
    let table = table(0);
    assert_eq!(push(table, record(1, "a")), OK);
    let before = live();
    let batch = begin(table).unwrap();
    add(batch, "b");
    add(batch, "c");
    c!(cstruct_batch_rollback(batch));
    assert_eq!((live(), names(table)), (before, vec!["a".to_owned()]));
    free(table);
}

#[test]
fn a_refused_commit_changes_nothing_and_can_be_tried_again() {
    let _alone = alone();
    let table = table(5);
    for name in ["a", "b", "c"] {
        assert_eq!(push(table, record(1, name)), OK);
    }
    let diary = Diary::new(table);
    assert_eq!(diary.watch(), OK);
    let batch = begin(table).unwrap();
    for name in ["x", "b"] {
        add(batch, name);
    }
    let objects = live().0;
    for _ in 0..2 {
        assert_eq!(commit(batch), DUPLICATE);
        assert_eq!(names(table), ["a", "b", "c"]);
        assert!(find(table, "x").is_null());
        assert_eq!(live().0, objects);
    }
    add(batch, "y");
    assert_eq!(commit(batch), FULL, "three do not fit beside three into five");
    assert!(diary.told().is_empty());

    c!(cstruct_free(take(table, "b").unwrap()));
    assert_eq!(commit(batch), OK, "a table may be changed while a batch on it lives");
    assert_eq!(names(table), ["a", "c", "x", "b", "y"]);
    free(table);
}

#[test]
fn two_of_one_name_in_a_batch_are_refused_together() {
    let _alone = alone();
    let table = table(0);
    let batch = begin(table).unwrap();
    for i in 0..100 {
        add(batch, &format!("n{i}"));
    }
    add(batch, "n50");
    assert_eq!(commit(batch), DUPLICATE);
    assert_eq!(c!(cstruct_table_len(table)), 0);
    for i in 0..100 {
        assert!(find(table, &format!("n{i}")).is_null());
    }
    c!(cstruct_batch_rollback(batch));
    free(table);
}

#[test]
fn there_is_one_at_a_time_and_the_table_waits_for_it() {
    let _alone = alone();
    let table = table(0);
    let batch = begin(table).unwrap();
    assert_eq!(begin(table), Err(BUSY));
    assert_eq!(c!(cstruct_table_free(table)), BUSY);
    c!(cstruct_batch_rollback(batch));
    let batch = begin(table).unwrap();
    assert_eq!(commit(batch), OK);
    free(table);
}

#[test]
fn answers_null_and_refuses_what_a_table_never_takes() {
    let _alone = alone();
    let table = table(0);
    assert_eq!(begin(null_mut()), Err(INVALID));
    assert_eq!(c!(cstruct_batch_begin(table, null_mut())), INVALID);
    assert_eq!(commit(null_mut()), INVALID);
    c!(cstruct_batch_rollback(null_mut()));

    let batch = begin(table).unwrap();
    let (nameless, list) = (nameless(1), record(1, "list"));
    assert_eq!(c!(cstruct_batch_push(batch, null_mut())), INVALID);
    assert_eq!(c!(cstruct_batch_push(batch, nameless)), INVALID);
    assert_eq!(c!(cstruct_batch_push(null_mut(), list)), INVALID);
    assert_eq!(c!(cstruct_link(list, nameless)), OK);
    assert_eq!(c!(cstruct_batch_push(batch, list)), INVALID);
    c!(cstruct_free(list));
    assert_eq!(commit(batch), OK);
    assert_eq!(c!(cstruct_table_len(table)), 0);
    free(table);
}

#[test]
fn a_hundred_thousand_go_in_at_once() {
    let _alone = alone();
    let table = table(0);
    let batch = begin(table).unwrap();
    for i in 0..100_000 {
        add(batch, &format!("n{i}"));
    }
    assert_eq!(commit(batch), OK);
    assert_eq!(c!(cstruct_table_len(table)), 100_000);
    assert!(!find(table, "n99999").is_null());
    free(table);
}

#[test]
fn leaves_nothing_and_changes_nothing_when_memory_runs_out() {
    let _alone = alone();
    every_failure(|| {
        let mut table = null_mut();
        if c!(cstruct_table_new(0, &raw mut table)) != OK {
            return;
        }
        if let Ok(first) = try_record(0, Some(c"first"))
            && push(table, first) != OK
        {
            c!(cstruct_free(first));
        }
        let before = names(table);
        match begin(table) {
            Err(refused) => assert_eq!(refused, NO_MEMORY),
            Ok(batch) => {
                let mut count = 0;
                for i in 0..20 {
                    if let Ok(record) = try_record(0, Some(&text(&format!("n{i}")))) {
                        assert_eq!(c!(cstruct_batch_push(batch, record)), OK, "it needs no memory");
                        count += 1;
                    }
                }
                match commit(batch) {
                    OK => assert_eq!(c!(cstruct_table_len(table)), before.len() + count),
                    refused => {
                        assert_eq!((refused, names(table)), (NO_MEMORY, before));
                        c!(cstruct_batch_rollback(batch));
                    }
                }
            }
        }
        free(table);
    });
}
