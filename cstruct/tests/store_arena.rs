//! What is in an arena ends with it, and an arena ends on its own thread.
#![cfg(feature = "store")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cstruct::kit::event::{Event, Hook, set_hook};
use cstruct::kit::{CloseError, Foreign};
use cstruct::{Arena, ArenaRef, CStruct, Error, Live, Status, live};
use static_assertions::{assert_impl_all, assert_not_impl_any, const_assert_eq};

assert_not_impl_any!(Arena: Send, Sync, Clone, Copy);
assert_not_impl_any!(ArenaRef: Send, Sync, Unpin);
assert_not_impl_any!(&ArenaRef: Send);
assert_impl_all!(Arena: Unpin);
const_assert_eq!(size_of::<Option<Arena>>(), size_of::<*mut ()>());

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

fn series() -> CStruct {
    let mut record = CStruct::named(7, c"temperature").expect("there is memory");
    record.pin_mut().append(&[19.5, 20.25]).expect("there is memory");
    record
}

#[test]
fn records_live_side_by_side_until_the_arena_ends() {
    let _balanced = balanced();
    let arena = Arena::new().expect("there is memory");
    let objects = live().objects;
    let original = series();
    let copies: Vec<_> = (0..1_000).map(|_| arena.copy(&original).expect("there is memory")).collect();
    drop(original);
    assert_eq!(live().objects, objects, "what is in an arena is no object of its own");
    assert!(copies.iter().all(|copy| copy.samples() == [19.5, 20.25] && copy.name() == Some(c"temperature")));
    assert!(copies.windows(2).all(|two| two[0].as_ptr() != two[1].as_ptr()));
    // A copy of a copy, and one that is free of the arena.
    let again = arena.copy(copies[0]).expect("there is memory");
    let free = again.try_clone().expect("there is memory");
    arena.close().expect("this is its thread");
    assert_eq!(free.samples(), [19.5, 20.25]);
}

#[test]
fn a_copy_is_of_one_record_only() {
    let _balanced = balanced();
    let arena = Arena::new().expect("there is memory");
    let list = CStruct::from_records([series(), series()]).expect("they link");
    assert_eq!(arena.copy(&list).expect("there is memory").records().count(), 1);
    let bare = arena.copy(&CStruct::new(1).expect("there is memory")).expect("there is memory");
    assert_eq!((bare.value(), bare.name(), bare.samples()), (1, None, &[][..]));
}

#[test]
fn bytes_are_zeroed_apart_and_writable() {
    let _balanced = balanced();
    let arena = Arena::new().expect("there is memory");
    let lengths = [0, 1, 7, 4096, 3, 1 << 20, 0, 5];
    let mut pieces: Vec<&mut [u8]> = lengths.iter().map(|&len| arena.alloc(len).expect("there is memory")).collect();
    for (mark, piece) in (1..).zip(&mut pieces) {
        assert!(piece.iter().all(|&byte| byte == 0));
        piece.fill(mark);
    }
    for ((mark, piece), len) in (1..).zip(&pieces).zip(lengths) {
        assert_eq!(piece.len(), len);
        assert!(piece.iter().all(|&byte| byte == mark), "another piece lies over it");
    }
}

#[test]
fn a_length_that_nobody_has_is_refused() {
    let _balanced = balanced();
    let arena = Arena::new().expect("there is memory");
    for len in [usize::MAX, usize::MAX - 15, isize::MAX.unsigned_abs() + 1, isize::MAX.unsigned_abs()] {
        assert_eq!(arena.alloc(len).err(), Some(Error::Refused(Status::NoMemory)), "{len} bytes");
    }
    assert_eq!(arena.alloc(1).expect("it still works"), [0]);
}

#[test]
fn other_threads_may_read_what_is_in_it() {
    let _balanced = balanced();
    let arena = Arena::new().expect("there is memory");
    let record = arena.copy(&series()).expect("there is memory");
    let bytes = arena.alloc(2).expect("there is memory");
    // The record is `Sync` and the bytes are plain; the scope ends before the arena can.
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(record.samples(), [19.5, 20.25]));
        scope.spawn(|| bytes.fill(1));
    });
    assert_eq!(bytes, [1, 1]);
}

#[test]
fn a_panic_releases_the_arena() {
    let balanced = balanced();
    let caught = std::panic::catch_unwind(|| {
        let arena = Arena::new().expect("there is memory");
        let _bytes = arena.alloc(100).expect("there is memory");
        panic!("with the arena open");
    });
    assert!(caught.is_err());
    drop(balanced);
}

static LEAKS: AtomicU32 = AtomicU32::new(0);
static COUNT_LEAKS: Hook = Hook(|event| {
    if matches!(event, Event::Leaked { .. }) {
        LEAKS.fetch_add(1, Ordering::Relaxed);
    }
});

/// A pointer that unsafe code takes to another thread.
struct Smuggled(*mut cstruct_sys::cstruct_arena);

// SAFETY: only a pointer; what is done with it over there is justified there.
unsafe impl Send for Smuggled {}

#[test]
fn another_thread_is_refused_and_nothing_is_freed_there() {
    let _balanced = balanced();
    set_hook(&COUNT_LEAKS);
    let arena = Arena::new().expect("there is memory");
    arena.alloc(100).expect("there is memory").fill(7);
    let before = live();
    let smuggled = Smuggled(Arena::into_raw(arena));
    let raw = std::thread::scope(|scope| {
        let abroad = scope.spawn(move || {
            let Smuggled(raw) = { smuggled };
            // SAFETY: it is live and nobody else's; that this is not its thread is what C shall notice.
            let arena = unsafe { Arena::from_raw(raw) }.expect("not NULL");
            assert_eq!(arena.alloc(1).err(), Some(Error::Refused(Status::WrongThread)));
            let record = CStruct::new(1).expect("there is memory");
            assert_eq!(arena.copy(&record).err(), Some(Error::Refused(Status::WrongThread)));
            let Err(CloseError::StillOpen { handle, error }) = arena.close() else { panic!("not refused") };
            assert_eq!(error, Error::Refused(Status::WrongThread));
            let raw = handle.as_ptr();
            drop(handle);
            Smuggled(raw)
        });
        abroad.join().expect("no panic").0
    });
    assert_eq!(LEAKS.load(Ordering::Relaxed), 1);
    assert_eq!(live(), before, "leaked, not freed abroad");

    // SAFETY: its owner leaked it; this is its thread.
    let arena = unsafe { Arena::from_raw(raw) }.expect("not NULL");
    arena.close().expect("at home");
}
