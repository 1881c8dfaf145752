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
    reason = "the included file is a module of the kit, with items that no model uses"
)]

extern crate alloc;

#[path = "../src/kit/ledger/slots.rs"]
mod slots;

/// What the file above is compiled with here.
mod sync {
    pub(super) use loom::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};
}

use loom::thread;
use slots::{Found, Slots};

const ONE: usize = 0x1000;
const OTHER: usize = 0x2000;

fn table() -> &'static Slots {
    // A table lives as long as the process.
    Box::leak(Box::new(Slots::new()))
}

/// What a table's own thread does to adopt.
fn write(slots: &'static Slots, address: usize, note: u64) -> bool {
    match slots.find_or_room(address) {
        Found::Room(slot) => {
            slot.write(address, note);
            true
        }
        Found::Here => false,
        Found::Full => slots.room(address).map(|slot| slot.write(address, note)).is_some(),
    }
}

/// A reader sees an address with a note of that address, or nothing.
#[test]
fn a_reader_never_sees_another_addresses_note() {
    loom::model(|| {
        let slots = table();
        assert!(write(slots, ONE, 1));
        let reader = thread::spawn(move || {
            for (address, note) in slots.iter().filter_map(|slot| slot.read()) {
                assert!(matches!((address, note), (ONE, 1 | 3) | (OTHER, 2)), "{address:#x} with {note}");
            }
        });
        let slot = slots.quick_find(ONE).expect("it was written");
        slot.empty();
        assert!(write(slots, OTHER, 2));
        assert!(write(slots, ONE, 3));
        reader.join().expect("no panic");
    });
}

/// Two threads that release one object, neither its own: exactly one strikes it out.
#[test]
fn of_two_releases_abroad_one_is_first() {
    loom::model(|| {
        let slots = table();
        assert!(write(slots, ONE, 1));
        let release = move || slots.find(ONE).is_some_and(|slot| slot.empty_from_afar(ONE));
        let (first, second) = (thread::spawn(release), thread::spawn(release));
        let (first, second) = (first.join().expect("no panic"), second.join().expect("no panic"));
        assert!(first ^ second);
        assert!(slots.find(ONE).is_none());
    });
}

/// While another thread strikes its object out, the table's own thread adopts: both are done, and nothing else is changed.
#[test]
fn a_release_abroad_and_an_adoption_do_not_disturb_each_other() {
    loom::model(|| {
        let slots = table();
        assert!(write(slots, ONE, 1));
        let abroad = thread::spawn(move || slots.find(ONE).is_some_and(|slot| slot.empty_from_afar(ONE)));
        assert!(write(slots, OTHER, 2));
        assert!(abroad.join().expect("no panic"));
        assert!(slots.find(ONE).is_none());
        assert_eq!(slots.find(OTHER).map(|slot| slot.note()), Some(2));
    });
}

/// An object that was handed to another thread is found there, also when the table grows meanwhile.
#[test]
fn what_was_handed_over_is_found_while_the_table_grows() {
    loom::model(|| {
        let slots = table();
        assert!(write(slots, ONE, 1));
        let abroad = thread::spawn(move || slots.find(ONE).is_some_and(|slot| slot.empty_from_afar(ONE)));
        // Two buckets of four: the ninth has no room in the first segment.
        for number in 2..=9 {
            assert!(write(slots, number << 20, number as u64));
        }
        assert!(abroad.join().expect("no panic"));
        assert!((2..=9).all(|number| slots.find(number << 20).is_some()));
    });
}

/// The address of an object that was released abroad comes again on its table's thread.
#[test]
fn an_address_that_was_released_abroad_comes_again() {
    loom::model(|| {
        let slots = table();
        assert!(write(slots, ONE, 1));
        let abroad = thread::spawn(move || assert!(slots.find(ONE).is_some_and(|slot| slot.empty_from_afar(ONE))));
        abroad.join().expect("no panic");
        assert!(write(slots, ONE, 2));
        assert_eq!(slots.find(ONE).map(|slot| slot.note()), Some(2));
    });
}

/// What lies further from its home than its neighbours is found from afar, while the table's own thread finds out that nothing
/// else went so far, and forgets it.
#[test]
fn what_lies_further_is_found_while_its_home_forgets_how_far() {
    // The home of an address in a table of two buckets.
    let home = |address: &usize| (*address as u64).wrapping_mul(0x09E3_779B_97F4_A7C1) >> 63;
    let neighbours: Vec<usize> =
        (1..).map(|number| number << 20).filter(|address| home(address) == 0).take(7).collect();
    loom::model(move || {
        let slots = table();
        // Four have room in their home, two have not.
        assert!(neighbours[..6].iter().all(|address| write(slots, *address, 1)));
        let (gone, far, next) = (neighbours[4], neighbours[5], neighbours[6]);
        let abroad = thread::spawn(move || slots.find(far).is_some_and(|slot| slot.empty_from_afar(far)));
        slots.find_own(gone).expect("it was written").empty();
        assert!(write(slots, next, 2));
        assert!(abroad.join().expect("no panic"));
        assert!(slots.find(far).is_none() && slots.find(gone).is_none());
        assert!(slots.find(next).is_some());
    });
}
