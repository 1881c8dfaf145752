//! Read sections: the table stands still, has an order, and moves again when the last section has ended.
mod raw;

use raw::{memory::every_failure, table::*, *};
use std::ffi::c_void;
use std::ptr::{null, null_mut};

fn begin_reading(table: *mut cstruct_table) -> Status {
    c!(cstruct_table_read_begin(table))
}

fn end_reading(table: *mut cstruct_table) -> Status {
    c!(cstruct_table_read_end(table))
}

fn sorted(table: *const cstruct_table) -> Vec<String> {
    let records = (0..).map(|i| c!(cstruct_table_sorted_at(table, i)));
    records.take_while(|record| !record.is_null()).map(name_of).collect()
}

#[test]
fn inside_nothing_comes_or_goes_and_sections_nest() {
    let _alone = alone();
    let (table, extra) = (table(0), record(2, "extra"));
    assert_eq!(push(table, record(1, "a")), OK);
    let batch = begin(table).expect("none lives");
    assert_eq!(c!(cstruct_batch_push(batch, record(3, "b"))), OK);
    for depth in 1..=3 {
        assert_eq!(begin_reading(table), OK, "{depth}");
    }
    for _ in 0..3 {
        assert_eq!((push(table, extra), take(table, "a").err()), (BUSY, Some(BUSY)));
        assert_eq!(c!(cstruct_batch_commit(batch)), BUSY);
        assert_eq!((names(table), sorted(table)), (vec!["a".to_owned()], vec!["a".to_owned()]));
        assert_eq!(end_reading(table), OK);
    }
    assert_eq!(c!(cstruct_batch_commit(batch)), OK);
    assert_eq!(push(table, extra), OK);
    assert_eq!(end_reading(table), INVALID);
    free(table);
}

#[test]
fn the_order_is_that_of_the_bytes_whatever_the_order_of_the_pushes() {
    let _alone = alone();
    // Lengths round the sizes at which a heap gets another level; 7 steps through each modulo its length.
    for len in (0..=40).chain([255, 256, 257]) {
        let table = table(0);
        let mut expected: Vec<_> = (0..len).map(|i| format!("{:03}é", i * 7 % 1_000)).collect();
        for name in &expected {
            assert_eq!(push(table, record(0, name)), OK);
        }
        assert!(sorted(table).is_empty(), "outside there is no order");
        assert_eq!(begin_reading(table), OK);
        expected.sort();
        assert_eq!(sorted(table), expected);
        assert!(c!(cstruct_table_sorted_at(table, usize::MAX)).is_null());
        assert_eq!(end_reading(table), OK);
        assert!(sorted(table).is_empty());
        free(table);
    }
}

#[test]
fn the_end_of_the_table_ends_its_sections() {
    let _alone = alone();
    let table = table(0);
    assert_eq!(push(table, record(1, "a")), OK);
    assert_eq!((begin_reading(table), begin_reading(table)), (OK, OK));
    free(table);
}

unsafe extern "C" fn read_inside(user: *mut c_void, record: *const Record) -> i32 {
    let table = user.cast::<cstruct_table>();
    assert_eq!(begin_reading(table), OK, "reading is no change");
    assert_eq!(sorted(table).len(), 2);
    assert_eq!(end_reading(table), OK);
    c!(cstruct_value(record)) - 1
}

#[test]
fn a_section_may_be_within_a_walk_and_a_walk_within_a_section() {
    let _alone = alone();
    let table = table(0);
    assert_eq!((push(table, record(1, "b")), push(table, record(1, "a"))), (OK, OK));
    assert_eq!(c!(cstruct_table_each(table, Some(read_inside), table.cast())), OK);
    assert_eq!(begin_reading(table), OK);
    assert_eq!(c!(cstruct_table_each(table, Some(read_inside), table.cast())), OK);
    assert_eq!(sorted(table), ["a", "b"], "the inner end was not the outer one");
    assert_eq!(end_reading(table), OK);
    free(table);
}

#[test]
fn answers_null_and_memory_that_runs_out() {
    let _alone = alone();
    assert_eq!((begin_reading(null_mut()), end_reading(null_mut())), (INVALID, INVALID));
    assert!(c!(cstruct_table_sorted_at(null(), 0)).is_null());
    every_failure(|| {
        let mut table = null_mut();
        if c!(cstruct_table_new(0, &raw mut table)) != OK {
            return;
        }
        let full = try_record(1, Some(c"a")).is_ok_and(|record| c!(cstruct_table_push_or_free(table, record)) == OK);
        match begin_reading(table) {
            OK => assert_eq!((sorted(table).len(), end_reading(table)), (usize::from(full), OK)),
            refused => assert_eq!((refused, end_reading(table)), (NO_MEMORY, INVALID)),
        }
        free(table);
    });
}
