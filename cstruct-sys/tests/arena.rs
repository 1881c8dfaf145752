//! An arena: pieces that end together, on the thread that made them.
mod raw;

use raw::{memory::every_failure, *};
use std::ffi::c_void;
use std::ptr::{null, null_mut};

fn arena() -> *mut cstruct_arena {
    let mut out = null_mut();
    assert_eq!(c!(cstruct_arena_new(&raw mut out)), OK);
    out
}

fn piece(arena: *mut cstruct_arena, len: usize) -> *mut c_void {
    let mut out = null_mut();
    assert_eq!(c!(cstruct_arena_alloc(arena, len, &raw mut out)), OK);
    assert_eq!(out.addr() % 16, 0, "aligned for any type");
    out
}

#[test]
fn pieces_are_zeroed_apart_and_whole_to_the_end() {
    let _alone = alone();
    let arena = arena();
    let mut pieces = Vec::new();
    for i in 0..3_000_usize {
        let len = if i % 500 == 499 { 300_000 } else { i % 97 };
        let bytes = c!(std::slice::from_raw_parts_mut(piece(arena, len).cast::<u8>(), len));
        assert!(bytes.iter().all(|&byte| byte == 0), "piece {i} is not zeroed");
        bytes.fill(u8::try_from(i % 251).unwrap() + 1);
        pieces.push(bytes);
    }
    for (i, bytes) in pieces.iter().enumerate() {
        assert!(bytes.iter().all(|&byte| usize::from(byte) == i % 251 + 1), "piece {i} was written over");
    }
    assert_eq!(live().0, 1, "the arena alone is an object");
    assert_eq!(c!(cstruct_arena_release(arena)), OK);
}

#[test]
fn empty_pieces_have_addresses_of_their_own() {
    let _alone = alone();
    let arena = arena();
    let mut seen: Vec<_> = (0..100).map(|_| piece(arena, 0).addr()).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 100);
    assert_eq!(c!(cstruct_arena_release(arena)), OK);
}

#[test]
fn a_copy_of_a_record_stands_alone() {
    let _alone = alone();
    let arena = arena();
    let (first, second) = (record(3, "a name"), nameless(0));
    assert_eq!(c!(cstruct_link(first, second)), OK);
    let (mut copy, mut bare) = (null(), null());
    assert_eq!(c!(cstruct_arena_copy(arena, first, &raw mut copy)), OK);
    assert_eq!(c!(cstruct_arena_copy(arena, second, &raw mut bare)), OK);
    c!(cstruct_free(first));

    assert_eq!(c!(cstruct_value(copy)), 3);
    assert_eq!(name_of(copy), "a name");
    assert_eq!(samples_of(copy), [0.0, 1.0, 2.0]);
    assert!(c!(cstruct_next(copy)).is_null(), "what followed was not copied");
    assert!(c!(cstruct_name(bare)).is_null());
    assert!(samples_of(bare).is_empty());
    assert!(c!((*bare).samples).is_null());
    assert_eq!(live().0, 1);
    assert_eq!(c!(cstruct_arena_release(arena)), OK);
}

#[test]
fn another_thread_is_refused_and_changes_nothing() {
    let _alone = alone();
    let arena = arena();
    let record = record(2, "r");
    let kept = piece(arena, 8).cast::<u64>();
    c!(kept.write(42));
    let before = live();
    let (home, other) = (arena.expose_provenance(), record.expose_provenance());
    std::thread::spawn(move || {
        let arena = std::ptr::with_exposed_provenance_mut(home);
        let mut out = std::ptr::dangling_mut();
        assert_eq!(c!(cstruct_arena_alloc(arena, 1, &raw mut out)), WRONG_THREAD);
        assert!(out.is_null());
        let mut copy = std::ptr::dangling();
        let record = std::ptr::with_exposed_provenance(other);
        assert_eq!(c!(cstruct_arena_copy(arena, record, &raw mut copy)), WRONG_THREAD);
        assert!(copy.is_null());
        assert_eq!(c!(cstruct_arena_release(arena)), WRONG_THREAD);
        assert_eq!(c!(cstruct_arena_release(null_mut())), OK, "NULL is of no thread");
    })
    .join()
    .unwrap();
    assert_eq!(live(), before);
    assert_eq!(c!(kept.read()), 42);
    piece(arena, 10);
    assert_eq!(c!(cstruct_arena_release(arena)), OK);
    c!(cstruct_free(record));
}

#[test]
fn answers_null_and_sizes_that_do_not_fit() {
    let _alone = alone();
    let arena = arena();
    let mut out = null_mut();
    let mut copy = null();
    assert_eq!(c!(cstruct_arena_new(null_mut())), INVALID);
    assert_eq!(c!(cstruct_arena_alloc(arena, 1, null_mut())), INVALID);
    assert_eq!(c!(cstruct_arena_alloc(null_mut(), 1, &raw mut out)), INVALID);
    assert_eq!(c!(cstruct_arena_copy(arena, null(), &raw mut copy)), INVALID);
    assert_eq!(c!(cstruct_arena_release(null_mut())), OK);
    for len in [usize::MAX, usize::MAX - 15, usize::MAX - 31, isize::MAX.unsigned_abs()] {
        out = std::ptr::dangling_mut();
        assert_eq!(c!(cstruct_arena_alloc(arena, len, &raw mut out)), NO_MEMORY);
        assert!(out.is_null());
    }
    assert_eq!(c!(cstruct_arena_release(arena)), OK);
}

#[test]
fn leaves_nothing_when_memory_runs_out() {
    let _alone = alone();
    let asked = every_failure(|| {
        let mut arena = null_mut();
        if c!(cstruct_arena_new(&raw mut arena)) == NO_MEMORY {
            assert!(arena.is_null());
            return;
        }
        let record = try_record(5, Some(c"r"));
        for len in [10, 2_000, 3_000, 100_000, 0] {
            let before = live();
            let mut out = std::ptr::dangling_mut();
            if c!(cstruct_arena_alloc(arena, len, &raw mut out)) == NO_MEMORY {
                assert!(out.is_null());
                assert_eq!(live(), before);
            }
        }
        if let Ok(record) = record {
            let mut copy = null();
            if c!(cstruct_arena_copy(arena, record, &raw mut copy)) == OK {
                assert_eq!(name_of(copy), "r");
            }
            c!(cstruct_free(record));
        }
        assert_eq!(c!(cstruct_arena_release(arena)), OK);
    });
    assert!(asked >= 6, "{asked}");
}
