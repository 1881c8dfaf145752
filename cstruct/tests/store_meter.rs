//! The ring is C's until the meter is stopped, and then comes back with the readings in time order.
#![cfg(feature = "store")]

use core::mem::{align_of, size_of};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cstruct::kit::{Loan, Owned};
use cstruct::{Error, Live, Meter, MeterRef, Reading, Status, live};
use static_assertions::{assert_impl_all, assert_not_impl_any, const_assert_eq};

assert_impl_all!(Meter: Send, Unpin);
assert_not_impl_any!(Meter: Sync, Clone, Copy);
assert_not_impl_any!(MeterRef: Sync, Unpin);
assert_impl_all!(Reading: Send, Sync, Copy, Default);
const_assert_eq!(size_of::<Reading>(), size_of::<cstruct_sys::cstruct_reading>());
const_assert_eq!(align_of::<Reading>(), align_of::<cstruct_sys::cstruct_reading>());

const OFTEN: Duration = Duration::from_micros(200);
const NEVER_AGAIN: Duration = Duration::MAX;

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

/// Waits until so many readings were taken, or fails after ten seconds.
fn wait_for(taken: impl Fn() -> u64, many: u64) {
    let start = Instant::now();
    while taken() < many {
        assert!(start.elapsed() < Duration::from_secs(10), "only {} readings", taken());
        std::thread::sleep(OFTEN);
    }
}

fn in_time_order(readings: &[Reading]) -> bool {
    readings.windows(2).all(|two| two[0].at_us < two[1].at_us) && readings.iter().all(|reading| reading.bytes > 0)
}

#[test]
fn a_ring_that_is_not_full_gives_what_was_written() {
    let _balanced = balanced();
    let meter = Meter::start(1_000, NEVER_AGAIN).expect("the system tells");
    assert_eq!(meter.taken(), 1);
    let readings = meter.stop();
    assert_eq!(readings.len(), 1);
    assert!(in_time_order(&readings));
    assert_eq!(readings[0].at(), Duration::from_micros(readings[0].at_us));
}

#[test]
fn a_ring_that_went_round_gives_the_latest_in_order() {
    let _balanced = balanced();
    for extra in 0..7 {
        let meter = Meter::start(7, OFTEN).expect("the system tells");
        wait_for(|| meter.taken(), 15 + extra);
        let mut before = Vec::new();
        meter.latest(&mut before).expect("there is memory");
        let readings = meter.stop();
        assert_eq!(readings.len(), 7);
        assert!(in_time_order(&readings), "{readings:?}");
        assert!(readings[0].at_us >= before[0].at_us && readings[6].at_us >= before[6].at_us);
    }
}

#[test]
fn a_ring_of_one_has_the_last() {
    let _balanced = balanced();
    let meter = Meter::start(1, OFTEN).expect("the system tells");
    wait_for(|| meter.taken(), 3);
    let readings = meter.stop();
    assert_eq!(readings.len(), 1);
    assert!(readings[0].at_us >= 2 * 200);
}

#[test]
fn the_latest_are_copied_while_c_writes() {
    let _balanced = balanced();
    let meter = Meter::start(8, OFTEN).expect("the system tells");
    wait_for(|| meter.taken(), 20);

    let mut room = Vec::new();
    meter.latest(&mut room).expect("there is memory");
    assert_eq!(room.len(), 8);
    assert!(in_time_order(&room));
    meter.latest(&mut room).expect("there is memory");
    assert_eq!(room.len(), 8, "in place of those before");

    let mut three = [Reading::default(); 3];
    let newest = room[7].at_us;
    let filled = meter.latest_into(&mut three).expect("there is room");
    assert!(in_time_order(filled) && filled.len() == 3 && filled[2].at_us >= newest);
    assert!(meter.latest_into(&mut []).expect("no room is fine").is_empty());

    let mut many = [Reading { at_us: 1, bytes: 0 }; 20];
    assert_eq!(meter.latest_into(&mut many).expect("there is room").len(), 8);
    assert_eq!(many[8..], [Reading { at_us: 1, bytes: 0 }; 12], "only what is there is written");
    drop(meter);
}

#[test]
fn nonsense_is_refused_and_leaves_nothing_behind() {
    let _balanced = balanced();
    let refused = |len, period| Meter::start(len, period).err();
    assert_eq!(refused(0, OFTEN), Some(Error::Refused(Status::Invalid)));
    assert_eq!(refused(8, Duration::ZERO), Some(Error::Refused(Status::Invalid)));
    assert_eq!(refused(8, Duration::from_nanos(999)), Some(Error::Refused(Status::Invalid)));
    assert_eq!(refused(usize::MAX, OFTEN), Some(Error::Refused(Status::NoMemory)));
    assert_eq!(refused(usize::MAX / size_of::<Reading>(), OFTEN), Some(Error::Refused(Status::NoMemory)));
}

#[test]
fn stopping_does_not_wait_for_the_period() {
    let _balanced = balanced();
    let start = Instant::now();
    drop(Meter::start(1, NEVER_AGAIN).expect("the system tells"));
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_meter_may_be_stopped_on_another_thread() {
    let _balanced = balanced();
    let meter = Meter::start(4, OFTEN).expect("the system tells");
    let readings = std::thread::spawn(move || meter.stop()).join().expect("no panic");
    assert!(in_time_order(&readings));
}

#[test]
fn a_meter_that_moves_keeps_its_ring_in_place() {
    let _balanced = balanced();
    let mut meters: Vec<Meter> = Vec::new();
    for _ in 0..5 {
        meters.push(Meter::start(3, OFTEN).expect("the system tells")); // the vector grows: all before are moved
    }
    for meter in &meters {
        wait_for(|| meter.taken(), 4);
    }
    assert!(meters.into_iter().map(Meter::stop).all(|readings| readings.len() == 3 && in_time_order(&readings)));
}

#[test]
fn a_forgotten_meter_goes_on_writing_into_a_ring_that_lives() {
    let _balanced = balanced();
    let owned: Owned<MeterRef, Loan<Box<[Reading]>>> = Meter::start(4, OFTEN).expect("the system tells").into();
    let meter = Owned::handle(&owned);
    let (ring, len) = (Owned::keeper(&owned).as_mut_ptr(), Owned::keeper(&owned).len());
    core::mem::forget(owned);

    // SAFETY: nobody has stopped it.
    let taken = || unsafe { cstruct_sys::cstruct_meter_taken(meter.as_ptr()) };
    wait_for(taken, taken() + 10); // valgrind and ASan would see it write into freed memory

    // For the leak checkers: what was forgotten is ended by hand.
    // SAFETY: it is live, and its owner was forgotten.
    unsafe { cstruct_sys::cstruct_meter_stop(meter.as_ptr()) };
    // SAFETY: the ring is a box of that length; C has stopped, and the loan was forgotten.
    let ring = unsafe { Box::from_raw(core::ptr::slice_from_raw_parts_mut(ring, len)) };
    assert!(ring.iter().all(|reading| reading.bytes > 0));
}
