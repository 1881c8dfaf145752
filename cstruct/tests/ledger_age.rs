//! The age of an object is that of its adoption or a little more, never less; and what asking for the time costs is bounded.
#![cfg(feature = "ledger")]

mod thing;

use std::thread;
use std::time::{Duration, Instant};

use cstruct::kit::Foreign;
use cstruct::kit::ledger::{self, Level};
use thing::Thing;

/// Longer than the millisecond within which a thread need not ask for the time again.
const PAUSE: Duration = Duration::from_millis(5);

/// An object, and the time before and after its adoption.
struct Aged {
    before: Instant,
    thing: Thing,
    after: Instant,
}

fn aged() -> Aged {
    let before = Instant::now();
    let thing = Thing::new();
    Aged { before, thing, after: Instant::now() }
}

/// The age that the ledger says, and between which two it has to be.
fn ages(of: &Aged) -> (Duration, Duration, Duration) {
    let at_least = of.after.elapsed();
    let report = ledger::snapshot();
    let at_most = of.before.elapsed();
    let entry = report.entries().iter().find(|entry| entry.address() == of.thing.as_ptr().addr()).expect("it is live");
    (at_least, entry.age(), at_most)
}

// One test: a thread that begins goes on in the book of one that has ended, and with its pace.
#[test]
fn an_age_is_never_too_small_and_where_a_thread_adopts_rarely_it_is_right() {
    ledger::raise_level(Level::Sites);
    let first = Thing::new();
    thread::sleep(20 * PAUSE);
    let begun = Instant::now();
    thread::spawn(move || {
        adopts_rarely(4);
        (0..20).for_each(|_| drop(Thing::new()));
        adopts_rarely(40);
        adopts_often(begun);
    })
    .join()
    .expect("no panic");
    drop(first);
}

/// What was adopted before may have followed closely: so many adoptions later it is forgotten.
fn adopts_rarely(forgotten: usize) {
    for _ in 0..forgotten {
        drop(Thing::new());
        thread::sleep(PAUSE);
    }
    let pausing = || {
        let aged = aged();
        thread::sleep(PAUSE);
        aged
    };
    let things: Vec<Aged> = (0..20).map(|_| pausing()).collect();
    for aged in &things {
        let (at_least, age, at_most) = ages(aged);
        assert!(at_least <= age && age <= at_most, "{at_least:?} {age:?} {at_most:?}");
    }
}

fn adopts_often(begun: Instant) {
    // Until the pace of asking is at its slowest, and for long after.
    const MANY: usize = 600_000;
    let often = |at: usize| {
        if at.is_multiple_of(MANY / 4) {
            return Some(aged());
        }
        drop(Thing::new());
        None
    };
    let things: Vec<Aged> = (0..MANY).filter_map(often).collect();
    for aged in &things {
        let (at_least, age, _) = ages(aged);
        assert!(at_least <= age && age <= begun.elapsed(), "{at_least:?} {age:?} {:?}", begun.elapsed());
    }
}
