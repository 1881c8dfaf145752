//! A table: records that are handed over, looked at, and taken out again.
mod raw;

use raw::{memory::every_failure, table::*, *};
use std::collections::{HashMap, hash_map::Entry};
use std::ptr::{null, null_mut};
use std::time::{Duration, Instant};

#[test]
fn takes_records_over_finds_them_and_hands_them_back() {
    let _alone = alone();
    let table = table(0);
    for (value, name) in [(1, "one"), (2, "two"), (3, "")] {
        assert_eq!(push(table, record(value, name)), OK);
    }
    assert_eq!(live().0, 4);
    assert_eq!(c!(cstruct_value(find(table, "two"))), 2);
    assert_eq!(c!(cstruct_value(find(table, ""))), 3, "an empty name is a name");
    assert!(find(table, "three").is_null());
    assert_eq!(names(table), ["one", "two", ""]);
    assert!(c!(cstruct_table_at(table, 3)).is_null());

    // The last record fills the gap.
    let one = take(table, "one").unwrap();
    assert_eq!((name_of(one), samples_of(one)), ("one".to_owned(), vec![0.0]));
    assert_eq!(names(table), ["", "two"]);
    assert_eq!(take(table, "one"), Err(NOT_FOUND));
    c!(cstruct_free(one));
    free(table);
}

#[test]
fn a_refused_record_is_still_the_callers() {
    let _alone = alone();
    let table = table(2);
    let (nameless, first) = (nameless(1), record(1, "first"));
    assert_eq!(push(table, nameless), INVALID);
    assert_eq!(c!(cstruct_link(first, nameless)), OK);
    assert_eq!(push(table, first), INVALID, "another one follows it");
    c!(cstruct_free(first));

    assert_eq!(push(table, record(1, "a")), OK);
    let twin = record(2, "a");
    let before = live();
    assert_eq!(push(table, twin), DUPLICATE);
    assert_eq!(push(table, record(1, "b")), OK);
    assert_eq!(push(table, twin), FULL, "which comes before duplicate");
    assert_eq!(live().0, before.0 + 1);
    assert_eq!(name_of(twin), "a");

    c!(cstruct_free(take(table, "a").unwrap()));
    assert_eq!(push(table, twin), OK, "there is room and the name is free");
    free(table);
}

#[test]
fn push_or_free_releases_what_it_refuses() {
    let _alone = alone();
    let table = table(2);
    let offer = |table, record| c!(cstruct_table_push_or_free(table, record));
    assert_eq!(offer(table, record(1, "a")), OK);
    let before = live().0;
    assert_eq!(offer(table, record(1, "a")), DUPLICATE);
    assert_eq!(offer(table, nameless(1)), INVALID);
    assert_eq!(offer(null_mut(), record(1, "c")), INVALID);
    assert_eq!(offer(table, null_mut()), INVALID);
    let list = record(1, "d");
    assert_eq!(c!(cstruct_link(list, record(1, "e"))), OK);
    assert_eq!(offer(table, list), INVALID);
    assert_eq!(live().0, before);
    assert_eq!(offer(table, record(1, "b")), OK);
    assert_eq!(offer(table, record(1, "c")), FULL);
    assert_eq!(live().0, before + 1);
    free(table);
}

#[test]
fn answers_null() {
    let _alone = alone();
    let table = table(0);
    assert_eq!(c!(cstruct_table_new(0, null_mut())), INVALID);
    assert_eq!(push(table, null_mut()), INVALID);
    assert_eq!(c!(cstruct_table_len(null())), 0);
    assert!(c!(cstruct_table_at(null(), 0)).is_null());
    assert!(c!(cstruct_table_find(null(), c"x".as_ptr())).is_null());
    assert!(c!(cstruct_table_find(table, null())).is_null());
    let mut out = std::ptr::dangling_mut();
    assert_eq!(c!(cstruct_table_take(table, null(), &raw mut out)), INVALID);
    assert!(out.is_null());
    assert_eq!(c!(cstruct_table_take(table, c"x".as_ptr(), null_mut())), INVALID);
    assert_eq!(c!(cstruct_table_each(table, None, null_mut())), INVALID);
    assert_eq!(c!(cstruct_table_watch(null_mut(), None, null_mut(), None)), INVALID);
    assert_eq!(c!(cstruct_table_free(null_mut())), OK);
    let orphan = record(0, "orphan");
    assert_eq!(push(null_mut(), orphan), INVALID);
    c!(cstruct_free(orphan));
    free(table);
}

/// The same numbers in every run.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn agrees_with_a_hash_map_after_any_pushes_and_takes() {
    let _alone = alone();
    let table = table(0);
    let mut model = HashMap::new();
    let mut state = 0x9E37_79B9_7F4A_7C15;
    for turn in 0..30_000_u32 {
        // Names of every length up to 40, so that every tail of the hash is met; few enough to meet again.
        let number = random(&mut state) % 700;
        let name = format!("{number}{}", "x".repeat(usize::try_from(number % 38).unwrap()));
        let value = i32::try_from(turn % 3).unwrap();
        if random(&mut state).is_multiple_of(2) {
            let record = record(value, &name);
            match model.entry(name) {
                Entry::Occupied(_) => {
                    assert_eq!(push(table, record), DUPLICATE);
                    c!(cstruct_free(record));
                }
                Entry::Vacant(free) => {
                    assert_eq!(push(table, record), OK);
                    free.insert(value);
                }
            }
        } else if let Some(value) = model.remove(&name) {
            let record = take(table, &name).unwrap();
            assert_eq!((c!(cstruct_value(record)), name_of(record)), (value, name));
            c!(cstruct_free(record));
        } else {
            assert_eq!(take(table, &name), Err(NOT_FOUND));
        }
        assert_eq!(c!(cstruct_table_len(table)), model.len());
    }
    for (name, &value) in &model {
        assert_eq!(c!(cstruct_value(find(table, name))), value);
    }
    let mut there = names(table);
    there.sort();
    let mut expected: Vec<_> = model.into_keys().collect();
    expected.sort();
    assert_eq!(there, expected);
    free(table);
}

#[test]
fn a_million_records_go_in_and_out_in_linear_time() {
    let _alone = alone();
    let table = table(0);
    let names: Vec<_> = (0..1_000_000).map(|i| text(&format!("series-{i}"))).collect();
    let begun = Instant::now();
    for name in &names {
        assert_eq!(push(table, try_record(0, Some(name)).unwrap()), OK);
    }
    for name in &names {
        assert!(!c!(cstruct_table_find(table, name.as_ptr())).is_null());
    }
    for name in names.iter().step_by(2) {
        let mut out = null_mut();
        assert_eq!(c!(cstruct_table_take(table, name.as_ptr(), &raw mut out)), OK);
        c!(cstruct_free(out));
    }
    assert_eq!(c!(cstruct_table_len(table)), 500_000);
    free(table);
    let took = begun.elapsed();
    println!("a million pushed and found, half of them taken: {took:?}");
    // Far above what any machine or checker needs; were it quadratic, it would be hours.
    assert!(took < Duration::from_secs(60), "{took:?}");
}

#[test]
fn leaves_nothing_and_changes_nothing_when_memory_runs_out() {
    let _alone = alone();
    let asked = every_failure(|| {
        let mut table = null_mut();
        if c!(cstruct_table_new(0, &raw mut table)) == NO_MEMORY {
            assert!(table.is_null());
            return;
        }
        let mut len = 0;
        for i in 0..40 {
            let name = text(&format!("n{i}"));
            let Ok(record) = try_record(1, Some(&name)) else { continue };
            let before = live().0;
            match push(table, record) {
                OK => len += 1,
                refused => {
                    assert_eq!(refused, NO_MEMORY);
                    assert!(c!(cstruct_table_find(table, name.as_ptr())).is_null());
                    c!(cstruct_free(record));
                    assert_eq!(live().0, before - 1);
                }
            }
            assert_eq!(c!(cstruct_table_len(table)), len);
        }
        for name in names(table) {
            assert_eq!(name_of(find(table, &name)), name);
        }
        free(table);
    });
    assert!(asked > 120, "{asked}");
}
