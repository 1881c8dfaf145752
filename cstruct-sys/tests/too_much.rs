//! Sizes that fit into no `size_t` or no memory: each is refused before anything is read or written, and nothing changes.
//!
//! What no caller can bring about is tried on the functions that the library's own files share (`internal.h`, `table.h`).
mod raw;

use raw::{table::*, *};
use std::ffi::{c_char, c_void};
use std::mem::size_of;
use std::ptr::{dangling_mut, null, null_mut};

/// A slot of an index, as in `table.h`.
#[repr(C)]
struct Slot {
    hash: u64,
    place: usize,
}

/// An index, as in `table.h`.
#[repr(C)]
struct Index {
    slots: *mut Slot,
    count: usize,
}

// SAFETY: as declared in `internal.h` and `table.h`.
unsafe extern "C" {
    fn cstruct_object_begin_();
    fn cstruct_object_end_();
    fn cstruct_mem_resize_(block: *mut c_void, old: usize, new: usize) -> *mut c_void;
    fn cstruct_size_mul_(count: usize, size: usize, out: *mut usize) -> bool;
    fn cstruct_text_add_(text: *mut cstruct_text, bytes: *const c_char, len: usize) -> Status;
    fn cstruct_new_sized_(
        value: i32,
        name: *const c_char,
        name_len: usize,
        samples: usize,
        out: *mut *mut Record,
    ) -> Status;
    fn cstruct_table_reserve_(table: *mut cstruct_table, more: usize) -> Status;
    fn cstruct_index_reserve_(index: *mut Index, records: usize) -> Status;
    fn cstruct_index_add_(index: *mut Index, hash: u64, place: usize);
    fn cstruct_index_find_(
        index: *const Index,
        records: *const *mut Record,
        hash: u64,
        name: *const c_char,
    ) -> *mut Slot;
    fn cstruct_index_free_(index: *mut Index);
}

/// A record that is not C's, of which C is told more than there is.
fn lying(name: &std::ffi::CStr, samples_len: usize) -> Record {
    let name = name.as_ptr().cast_mut();
    Record { value: 1, name, samples: null_mut(), samples_len, samples_cap: samples_len, next: null_mut() }
}

#[test]
fn a_product_with_nothing_fits() {
    for (count, size, fits, product) in [
        (usize::MAX, 0, true, 0),
        (0, 8, true, 0),
        (usize::MAX / 8, 8, true, usize::MAX - 7),
        (usize::MAX / 8 + 1, 8, false, 0),
    ] {
        let mut out = 77;
        assert_eq!(c!(cstruct_size_mul_(count, size, &raw mut out)), fits, "{count} * {size}");
        assert_eq!(out, product);
    }
}

#[test]
fn a_record_for_an_arena() {
    let _alone = alone();
    let mut arena = null_mut();
    assert_eq!(c!(cstruct_arena_new(&raw mut arena)), OK);
    let before = live();
    // The samples do not fit; they do, but not with the record; nor with its name as well.
    let most = (usize::MAX - size_of::<Record>()) / 8;
    for (samples, name) in [(usize::MAX, c""), (usize::MAX / 8, c""), (most, c"longer than the rest")] {
        let mut out = null();
        assert_eq!(c!(cstruct_arena_copy(arena, &lying(name, samples), &raw mut out)), NO_MEMORY);
        assert!(out.is_null());
    }
    assert_eq!(live(), before);
    assert_eq!(c!(cstruct_arena_release(arena)), OK);
}

#[test]
fn blocks_of_an_arena_stop_growing() {
    let _alone = alone();
    let mut arena = null_mut();
    assert_eq!(c!(cstruct_arena_new(&raw mut arena)), OK);
    let (mut grown, mut before) = (Vec::new(), live().1);
    for _ in 0..4096 {
        let mut piece = null_mut();
        assert_eq!(c!(cstruct_arena_alloc(arena, 1000, &raw mut piece)), OK);
        let now = live().1;
        if now != before {
            grown.push(now - before);
        }
        before = now;
    }
    let largest = 1 << 20;
    assert_eq!(grown.iter().max(), Some(&largest));
    assert_eq!(grown[grown.len() - 2..], [largest, largest], "{grown:?}");
    assert_eq!(c!(cstruct_arena_release(arena)), OK);
}

#[test]
fn samples_of_a_record() {
    let _alone = alone();
    let mut out = dangling_mut();
    assert_eq!(c!(cstruct_new_sized_(1, null(), 0, usize::MAX, &raw mut out)), NO_MEMORY);
    assert!(out.is_null());

    let record = record(2, "x");
    for more in [usize::MAX, usize::MAX / 8, isize::MAX.unsigned_abs() / 8] {
        assert_eq!(c!(cstruct_reserve(record, more)), NO_MEMORY);
        assert_eq!(c!(cstruct_append(record, [0.0].as_ptr(), more)), NO_MEMORY);
    }
    assert_eq!(samples_of(record), [0.0, 1.0]);
    c!(cstruct_free(record));

    let mut full = lying(c"x", usize::MAX - 1);
    assert_eq!(
        c!(cstruct_reserve(&raw mut full, 1)),
        NO_MEMORY,
        "half as much again does not fit, nor does what is needed"
    );
    assert_eq!(c!(cstruct_append(&raw mut full, [0.0].as_ptr(), 2)), NO_MEMORY);
}

#[test]
fn samples_that_lie_before_those_of_the_record() {
    let _alone = alone();
    // Which of two arrays has the lower address is the allocator's matter: each is appended to the other.
    let (a, b) = (record(2, "a"), record(2, "b"));
    for (to, from) in [(a, b), (b, a)] {
        let mut len = 0;
        let samples = c!(cstruct_samples(from, &raw mut len));
        assert_eq!(c!(cstruct_append(to, samples, 2)), OK);
        assert_eq!(samples_of(to), [0.0, 1.0, 0.0, 1.0]);
    }
    c!(cstruct_free(a));
    c!(cstruct_free(b));
}

#[test]
fn a_block_that_grows() {
    let _alone = alone();
    c!(cstruct_object_begin_());
    let block = c!(cstruct_mem_resize_(null_mut(), 0, 8));
    assert!(!block.is_null());
    assert!(c!(cstruct_mem_resize_(block, 8, isize::MAX.unsigned_abs() + 1)).is_null());
    assert_eq!(live(), (1, 8));
    let mut text = cstruct_text { data: c!(cstruct_mem_resize_(block, 8, 16)).cast(), len: 0, cap: 16 };
    assert_eq!(live(), (1, 16));
    c!(cstruct_text_dispose(&raw mut text));
}

#[test]
fn a_text() {
    let _alone = alone();
    // What is there, and its NUL; and half as much again as there was.
    for (len, cap, more) in [(usize::MAX, 0, 1), (usize::MAX - 1, 0, 1), (usize::MAX - 3, usize::MAX - 1, 2)] {
        let mut text = cstruct_text { data: null_mut(), len, cap };
        assert_eq!(c!(cstruct_text_add_(&raw mut text, c"xx".as_ptr(), more)), NO_MEMORY);
        assert_eq!((text.data, text.len, text.cap), (null_mut(), len, cap));
    }
}

#[test]
fn records_of_a_table() {
    let _alone = alone();
    let table = table(0);
    assert_eq!(push(table, record(1, "one")), OK);
    let before = live();
    for more in [usize::MAX, usize::MAX / 4, usize::MAX / 8] {
        assert_eq!(c!(cstruct_table_reserve_(table, more)), NO_MEMORY, "{more}");
    }
    assert_eq!((live(), names(table)), (before, vec!["one".to_owned()]));
    free(table);
}

#[test]
fn slots_of_an_index() {
    let _alone = alone();
    for records in [usize::MAX, usize::MAX / 8, usize::MAX / 32] {
        let mut index = Index { slots: null_mut(), count: 0 };
        assert_eq!(c!(cstruct_index_reserve_(&raw mut index, records)), NO_MEMORY, "{records}");
        assert_eq!((index.slots, index.count), (null_mut(), 0));
    }
}

#[test]
fn names_of_one_hash_are_told_apart() {
    let _alone = alone();
    c!(cstruct_object_begin_());
    let records = [record(1, "a"), record(2, "b")];
    let mut index = Index { slots: null_mut(), count: 0 };
    assert_eq!(c!(cstruct_index_reserve_(&raw mut index, 2)), OK);
    for place in 0..2 {
        c!(cstruct_index_add_(&raw mut index, 5, place));
    }
    let find = |name: &std::ffi::CStr| c!(cstruct_index_find_(&raw const index, records.as_ptr(), 5, name.as_ptr()));
    assert_eq!(c!((*find(c"a")).place), 1);
    assert_eq!(c!((*find(c"b")).place), 2);
    assert!(find(c"c").is_null());
    c!(cstruct_index_free_(&raw mut index));
    c!(cstruct_object_end_());
    for record in records {
        c!(cstruct_free(record));
    }
}

#[test]
fn an_allocator_with_a_function_missing() {
    let _alone = alone();
    unsafe extern "C" fn alloc(_: *mut c_void, _: usize) -> *mut c_void {
        unreachable!("it is not installed")
    }
    unsafe extern "C" fn resize(_: *mut c_void, _: *mut c_void, _: usize, _: usize) -> *mut c_void {
        unreachable!("it is not installed")
    }
    unsafe extern "C" fn release(_: *mut c_void, _: *mut c_void, _: usize) {
        unreachable!("it is not installed")
    }
    for missing in 0..3 {
        let mut allocator =
            cstruct_allocator { user: null_mut(), alloc: Some(alloc), resize: Some(resize), release: Some(release) };
        match missing {
            0 => allocator.alloc = None,
            1 => allocator.resize = None,
            _ => allocator.release = None,
        }
        assert_eq!(c!(cstruct_init(&raw const allocator)), INVALID);
    }
    assert_eq!(c!(cstruct_shutdown()), INVALID, "none of them counted");
}
