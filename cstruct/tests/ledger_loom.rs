//! The ledger's tables under every interleaving of their own thread with others, by loom, without a bound.
//!
//! The source is that of the kit, compiled once more with loom's atomics in the place of the real ones:
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test -p cstruct --no-default-features --features std --release --test ledger_loom
//! ```
#![cfg(loom)]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "the included files are modules of the kit, with items that no model uses"
)]

extern crate alloc;

#[path = "../src/kit/ledger/bucket.rs"]
mod bucket;
#[path = "../src/kit/ledger/homes.rs"]
mod homes;
#[path = "../src/kit/ledger/slots.rs"]
mod slots;
#[path = "../src/kit/ledger/table.rs"]
mod table;
#[path = "../src/kit/ledger/visitors.rs"]
mod visitors;

/// What the files above are compiled with here.
mod sync {
    pub(super) use loom::sync::atomic::{AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering};

    pub(super) unsafe fn own(word: &AtomicUsize) -> usize {
        // SAFETY: the caller's promise is the same; and loom fails the model if another thread stores to it.
        unsafe { word.unsync_load() }
    }

    pub(super) fn wait(_round: &mut u32) {
        loom::thread::yield_now();
    }
}

use bucket::{BESIDE, LIVE};
use loom::sync::Arc;
use loom::thread;
use slots::Slots;
use visitors::Visitors;

const ONE: usize = 0x1000;
const OTHER: usize = 0x2000;

/// All interleavings, also of long runs: a table is looked through slot by slot.
fn model(run: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.max_branches = 10_000;
    model.check(run);
}

/// The note of a live object with that number.
const fn note(number: u64) -> u64 {
    number << 2 | LIVE
}

/// A table that has one object.
fn with_one() -> Arc<Slots> {
    let slots = Arc::new(Slots::new());
    assert!(adopt(&slots, ONE, 1));
    slots
}

/// What a table's own thread does to adopt. False: it is there.
fn adopt(slots: &Slots, address: usize, number: u64) -> bool {
    let new = || Some(note(number));
    // SAFETY: whoever calls this is the table's thread.
    if unsafe { slots.write_again(address, new) || slots.write_again_further(address, new) }
        || slots.write(address, false, new)
    {
        return true;
    }
    slots.tidy();
    let is_new = slots.note_own(address).is_none();
    if is_new {
        slots.insert(address, note(number));
    }
    is_new
}

/// What a table's own thread does to release.
fn release(slots: &Slots, address: usize) -> Option<u64> {
    let alone = |note: u64| note & (LIVE | BESIDE) == LIVE;
    // SAFETY: whoever calls this is the table's thread.
    let taken = unsafe { slots.take_alone(address, alone).or_else(|| slots.take_alone_further(address, alone)) };
    taken.or_else(|| slots.take_own(address, |_| true))
}

/// What any thread does to release. False: it is not there, or another was faster.
fn release_abroad(slots: &Slots, address: usize) -> bool {
    slots.note(address, |_| true).is_some_and(|note| slots.take(address, note))
}

/// Runs it on another thread.
fn abroad<R: 'static>(slots: &Arc<Slots>, run: impl FnOnce(&Slots) -> R + 'static) -> thread::JoinHandle<R> {
    let slots = Arc::clone(slots);
    thread::spawn(move || run(&slots))
}

/// A reader sees an address with a note of that address, or nothing.
#[test]
fn a_reader_never_sees_another_addresses_note() {
    model(|| {
        let slots = with_one();
        let reader = abroad(&slots, |slots| {
            for (address, note) in slots.all() {
                assert!(matches!((address, note >> 2), (ONE, 1 | 3) | (OTHER, 2)), "{address:#x} with {note}");
            }
        });
        assert_eq!(release(&slots, ONE), Some(note(1)));
        assert!(adopt(&slots, OTHER, 2));
        assert!(adopt(&slots, ONE, 3));
        reader.join().expect("no panic");
    });
}

/// Two threads that release one object, neither its own: exactly one strikes it out.
#[test]
fn of_two_releases_abroad_one_is_first() {
    model(|| {
        let slots = with_one();
        let others = [(); 2].map(|()| abroad(&slots, |slots| release_abroad(slots, ONE)));
        let [first, second] = others.map(|other| other.join().expect("no panic"));
        assert!(first ^ second);
        assert_eq!(slots.note_own(ONE), None);
    });
}

/// While another thread strikes its object out, the table's own thread adopts: both are done, and nothing else is changed.
#[test]
fn a_release_abroad_and_an_adoption_do_not_disturb_each_other() {
    model(|| {
        let slots = with_one();
        let other = abroad(&slots, |slots| release_abroad(slots, ONE));
        assert!(adopt(&slots, OTHER, 2));
        assert!(other.join().expect("no panic"));
        assert_eq!(slots.all(), [(OTHER, note(2))]);
    });
}

/// An object that was handed to another thread is found there, also when the table is exchanged meanwhile, and it does not come back in the new one.
#[test]
fn what_was_handed_over_is_found_while_the_table_grows() {
    model(|| {
        let slots = with_one();
        let other = abroad(&slots, |slots| release_abroad(slots, ONE));
        let before = slots.bytes();
        // Two buckets of four: the ninth has no room in the first table.
        let rest: Vec<_> = (2..=9).map(|number| (number << 20, note(number as u64))).collect();
        assert!((2..=9).all(|number| adopt(&slots, number << 20, number as u64)));
        assert!(other.join().expect("no panic"));
        let mut all = slots.all();
        all.sort_unstable();
        assert_eq!(all, rest);
        assert!(slots.bytes() >= before);
    });
}

/// What is changed abroad while the table is exchanged is changed in the new one.
#[test]
fn what_is_marked_abroad_stays_marked_while_the_table_grows() {
    model(|| {
        let slots = with_one();
        let other = abroad(&slots, |slots| slots.change(ONE, note(1), note(100)));
        for number in 2..=9 {
            assert!(adopt(&slots, number << 20, number as u64));
        }
        other.join().expect("no panic");
        assert_eq!(slots.note_own(ONE), Some(note(100)));
    });
}

/// Two visitors and the table's own thread, that exchanges what they look at: loom fails the model if one looks meanwhile.
#[test]
fn no_visitor_meets_an_exchange() {
    struct Guarded {
        visitors: Visitors,
        table: loom::cell::UnsafeCell<u32>,
    }
    model(|| {
        let guarded = Arc::new(Guarded { visitors: Visitors::new(), table: loom::cell::UnsafeCell::new(0) });
        let others = [(); 2].map(|()| {
            let guarded = Arc::clone(&guarded);
            thread::spawn(move || {
                // Not `enter`, whose turns loom would follow for ever beside those of `alone`.
                let _visit = guarded.visitors.try_enter()?;
                let exchanged = guarded.table.with(|table| {
                    // SAFETY: loom checks that nobody writes.
                    unsafe { *table }
                });
                Some(exchanged)
            })
        });
        let alone = guarded.visitors.alone();
        guarded.table.with_mut(|table| {
            // SAFETY: loom checks that nobody else is here.
            unsafe { *table += 1 };
        });
        drop(alone);
        for other in others {
            assert!(matches!(other.join(), Ok(None | Some(0 | 1))));
        }
    });
}

/// The address of an object that was released abroad comes again on its table's thread.
#[test]
fn an_address_that_was_released_abroad_comes_again() {
    model(|| {
        let slots = with_one();
        let other = abroad(&slots, |slots| assert!(release_abroad(slots, ONE)));
        other.join().expect("no panic");
        assert!(adopt(&slots, ONE, 2));
        assert_eq!(slots.all(), [(ONE, note(2))]);
    });
}

/// What lies further from its home than its neighbours is found from afar, while the table's own thread finds out that nothing
/// else went so far, and forgets it.
#[test]
fn what_lies_further_is_found_while_its_home_forgets_how_far() {
    // In a table of two buckets.
    let neighbours: Vec<usize> =
        (1..).map(|number| number << 20).filter(|address| homes::Homes::new(2).of(*address) == 0).take(6).collect();
    model(move || {
        let slots = Arc::new(Slots::new());
        // Four have room in their home, the fifth has not.
        assert!(neighbours[..5].iter().all(|address| adopt(&slots, *address, 1)));
        let (near, far, next) = (neighbours[3], neighbours[4], neighbours[5]);
        let other = abroad(&slots, move |slots| release_abroad(slots, far));
        assert_eq!(release(&slots, near), Some(note(1)));
        assert!(adopt(&slots, next, 2));
        assert!(other.join().expect("no panic"));
        assert_eq!(slots.note_own(far), None);
        assert_eq!(slots.note_own(next), Some(note(2)));
    });
}

/// Another table gets an address while it is released here. Who finds it live there marks both; who finds it gone sees to it that it
/// is not written again here as if it were nowhere.
#[test]
fn an_address_that_went_to_another_table_is_not_ready_here() {
    model(|| {
        let slots = with_one();
        let other = abroad(&slots, |slots| slots.give_way(ONE));
        assert_eq!(release(&slots, ONE).map(|taken| taken & !BESIDE), Some(note(1)));
        let lived_here = other.join().expect("no panic");
        // SAFETY: this is the table's thread.
        let again = unsafe { slots.write_again(ONE, || Some(note(2))) };
        assert!(lived_here || !again, "the other table did not see it, and relies on this one");
    });
}
