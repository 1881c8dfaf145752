//! A blob: bytes shared by an atomic count that has a limit.
mod raw;

use raw::{memory::every_failure, *};
use std::ptr::{null, null_mut};

fn blob(bytes: &[u8]) -> *mut cstruct_blob {
    let mut out = null_mut();
    assert_eq!(c!(cstruct_blob_new(bytes.as_ptr().cast(), bytes.len(), &raw mut out)), OK);
    out
}

fn bytes_of<'a>(blob: *const cstruct_blob) -> &'a [u8] {
    let mut len = usize::MAX;
    let bytes = c!(cstruct_blob_bytes(blob, &raw mut len));
    assert!(!bytes.is_null());
    assert_eq!(bytes.addr() % 16, 0, "aligned for any type");
    c!(std::slice::from_raw_parts(bytes.cast(), len))
}

#[test]
fn holds_a_copy() {
    let _alone = alone();
    let mut original = *b"some bytes\0and more";
    let blob = blob(&original);
    original.fill(0);
    assert_eq!(bytes_of(blob), b"some bytes\0and more");
    assert_eq!(live().0, 1);
    c!(cstruct_blob_release(blob));
}

#[test]
fn may_be_empty() {
    let _alone = alone();
    let mut out = null_mut();
    assert_eq!(c!(cstruct_blob_new(null(), 0, &raw mut out)), OK);
    assert_eq!(bytes_of(out), b"");
    c!(cstruct_blob_release(out));
}

#[test]
fn answers_null() {
    let _alone = alone();
    let mut out = std::ptr::dangling_mut();
    assert_eq!(c!(cstruct_blob_new(null(), 1, &raw mut out)), INVALID);
    assert!(out.is_null());
    assert_eq!(c!(cstruct_blob_new(null(), 0, null_mut())), INVALID);
    assert_eq!(c!(cstruct_blob_retain(null_mut())), INVALID);
    assert_eq!(c!(cstruct_blob_count(null())), 0);
    c!(cstruct_blob_release(null_mut()));
    let mut len = 7;
    assert!(c!(cstruct_blob_bytes(null(), &raw mut len)).is_null());
    assert_eq!(len, 0);
}

#[test]
fn refuses_a_size_that_does_not_fit_before_it_reads() {
    let _alone = alone();
    for len in [usize::MAX, usize::MAX - 8, isize::MAX.unsigned_abs()] {
        let mut out = std::ptr::dangling_mut();
        assert_eq!(c!(cstruct_blob_new(b"x".as_ptr().cast(), len, &raw mut out)), NO_MEMORY);
        assert!(out.is_null());
    }
}

#[test]
fn counts_up_to_its_limit_and_not_beyond() {
    let _alone = alone();
    let blob = blob(b"shared");
    for count in 1..CSTRUCT_BLOB_MAX_COUNT {
        assert_eq!(c!(cstruct_blob_count(blob)), count);
        assert_eq!(c!(cstruct_blob_retain(blob)), OK);
    }
    for _ in 0..3 {
        assert_eq!(c!(cstruct_blob_retain(blob)), SATURATED);
        assert_eq!(c!(cstruct_blob_count(blob)), CSTRUCT_BLOB_MAX_COUNT);
    }
    c!(cstruct_blob_release(blob));
    assert_eq!(c!(cstruct_blob_retain(blob)), OK, "there is room again");
    for _ in 1..CSTRUCT_BLOB_MAX_COUNT {
        c!(cstruct_blob_release(blob));
    }
    assert_eq!(bytes_of(blob), b"shared");
    assert_eq!(live().0, 1, "one object, however many counts");
    c!(cstruct_blob_release(blob));
}

#[test]
fn threads_together_never_take_more_counts_than_there_are() {
    let _alone = alone();
    let blob = blob(b"shared");
    let address = blob.expose_provenance();
    let taken: u32 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(move || {
                    let blob = std::ptr::with_exposed_provenance_mut(address);
                    (0..).find(|_| c!(cstruct_blob_retain(blob)) == SATURATED).unwrap()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(taken, CSTRUCT_BLOB_MAX_COUNT - 1);
    // The last count goes on whichever thread comes last.
    std::thread::scope(|scope| {
        for share in [taken / 2, taken - taken / 2 + 1] {
            scope.spawn(move || {
                for _ in 0..share {
                    c!(cstruct_blob_release(std::ptr::with_exposed_provenance_mut(address)));
                }
            });
        }
    });
}

#[test]
fn leaves_nothing_when_memory_runs_out() {
    let _alone = alone();
    every_failure(|| {
        let mut out = std::ptr::dangling_mut();
        match c!(cstruct_blob_new(b"abc".as_ptr().cast(), 3, &raw mut out)) {
            OK => c!(cstruct_blob_release(out)),
            refused => assert_eq!((refused, out), (NO_MEMORY, null_mut())),
        }
    });
}
