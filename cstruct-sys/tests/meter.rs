//! A meter: a thread of C's that writes into the caller's memory until it is stopped.
mod raw;

use raw::{memory::every_failure, *};
use std::ptr::null_mut;
use std::time::{Duration, Instant};

const NOTHING: cstruct_reading = cstruct_reading { at_us: 0, bytes: 0 };

/// Starts a meter. The ring is touched only through C from here to the stop.
fn start(ring: &mut [cstruct_reading], period_us: u64) -> *mut cstruct_meter {
    let mut out = null_mut();
    assert_eq!(c!(cstruct_meter_start(ring.as_mut_ptr(), ring.len(), period_us, &raw mut out)), OK);
    out
}

fn latest(meter: *const cstruct_meter, room: usize) -> Vec<cstruct_reading> {
    let mut readings = vec![NOTHING; room];
    let mut got = usize::MAX;
    assert_eq!(c!(cstruct_meter_latest(meter, readings.as_mut_ptr(), room, &raw mut got)), OK);
    readings.truncate(got);
    readings
}

fn wait_for(meter: *const cstruct_meter, readings: u64) {
    let begun = Instant::now();
    while c!(cstruct_meter_taken(meter)) < readings {
        assert!(begun.elapsed() < Duration::from_secs(20), "the thread takes no readings");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn ascending(readings: &[cstruct_reading]) -> bool {
    readings.is_sorted_by_key(|reading| reading.at_us)
}

#[test]
fn the_first_reading_is_there_when_start_returns_and_is_true() {
    let _alone = alone();
    let mut ring = [NOTHING; 3];
    let meter = start(&mut ring, u64::MAX);
    assert_eq!(c!(cstruct_meter_taken(meter)), 1);
    let readings = latest(meter, 10);
    assert_eq!(readings.len(), 1);
    assert!(readings[0].at_us < 5_000_000);
    let bytes = readings[0].bytes;
    assert_eq!(bytes % 4096, 0, "whole pages");
    assert!((64 * 1024..1 << 40).contains(&bytes), "{bytes} bytes are not a process's");
    c!(cstruct_meter_stop(meter));
    assert_eq!((ring[0].bytes, ring[1].bytes), (bytes, 0), "only that one was written");
}

#[test]
fn it_sees_memory_grow() {
    let _alone = alone();
    let mut ring = [NOTHING; 64];
    let meter = start(&mut ring, 1_000);
    let before = latest(meter, 1)[0].bytes;
    let block = std::hint::black_box(vec![1_u8; 64 << 20]);
    wait_for(meter, c!(cstruct_meter_taken(meter)) + 2);
    let after = latest(meter, 1)[0].bytes;
    assert!(after >= before + (48 << 20), "{before} -> {after} with {} bytes more", block.len());
    c!(cstruct_meter_stop(meter));
}

#[test]
fn the_ring_wraps() {
    let _alone = alone();
    let mut ring = [NOTHING; 4];
    let meter = start(&mut ring, 500);
    wait_for(meter, 11);
    let readings = latest(meter, 10);
    assert_eq!(readings.len(), 4, "the ring has forgotten the rest");
    assert!(readings.is_sorted_by(|a, b| a.at_us < b.at_us), "oldest first, and none twice: {readings:?}");
    let two = latest(meter, 2);
    assert!(two.len() == 2 && two[0].at_us >= readings[2].at_us, "the latest of them");
    assert!(readings.iter().all(|reading| reading.bytes > 0));
    c!(cstruct_meter_stop(meter));

    // Reading i is at i modulo 4, so from the oldest on it goes up, whatever place that is.
    let oldest = (0..4).min_by_key(|&i| ring[i].at_us).unwrap();
    ring.rotate_left(oldest);
    assert!(ascending(&ring) && ring[0].at_us > 0);
}

#[test]
fn readings_keep_their_period() {
    let _alone = alone();
    let mut ring = [NOTHING; 32];
    let meter = start(&mut ring, 10_000);
    wait_for(meter, 11);
    c!(cstruct_meter_stop(meter));
    let took = ring[10].at_us - ring[0].at_us;
    assert!((99_000..2_000_000).contains(&took), "ten periods of 10 ms took {took} us");
}

#[test]
fn stops_at_once_whatever_the_period() {
    let _alone = alone();
    for period_us in [1, 10_000_000, u64::MAX] {
        // The quickest of some: what a busy machine adds is not the meter's.
        let took = (0..5).map(|_| stop_time(period_us)).min().unwrap();
        assert!(took < Duration::from_millis(50), "{took:?} with a period of {period_us} us");
    }
}

fn stop_time(period_us: u64) -> Duration {
    let mut ring = [NOTHING; 2];
    let meter = start(&mut ring, period_us);
    std::thread::sleep(Duration::from_millis(5));
    let begun = Instant::now();
    c!(cstruct_meter_stop(meter));
    begun.elapsed()
}

#[test]
fn many_threads_may_ask_while_it_writes() {
    let _alone = alone();
    let mut ring = [NOTHING; 8];
    let meter = start(&mut ring, 1);
    let address = meter.expose_provenance();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(move || {
                let meter = std::ptr::with_exposed_provenance(address);
                for _ in 0..2_000 {
                    let readings = latest(meter, 8);
                    assert!(ascending(&readings), "torn or out of order: {readings:?}");
                    assert!(readings.iter().all(|reading| reading.bytes > 0));
                }
            });
        }
    });
    c!(cstruct_meter_stop(meter));
}

#[test]
fn answers_null_and_zero() {
    let _alone = alone();
    let mut ring = [NOTHING; 2];
    let at = ring.as_mut_ptr();
    for (ring, len, period_us) in [(null_mut(), 2, 1), (at, 0, 1), (at, 2, 0)] {
        let mut out = std::ptr::dangling_mut();
        assert_eq!(c!(cstruct_meter_start(ring, len, period_us, &raw mut out)), INVALID);
        assert!(out.is_null());
    }
    assert_eq!(c!(cstruct_meter_start(at, 2, 1, null_mut())), INVALID);
    assert_eq!(c!(cstruct_meter_taken(std::ptr::null())), 0);
    c!(cstruct_meter_stop(null_mut()));

    let meter = start(&mut ring, 10_000_000);
    let mut got = 7;
    assert_eq!(c!(cstruct_meter_latest(meter, null_mut(), 0, &raw mut got)), OK);
    assert_eq!(got, 0);
    got = 7;
    assert_eq!(c!(cstruct_meter_latest(meter, null_mut(), 1, &raw mut got)), INVALID);
    assert_eq!(got, 0);
    assert_eq!(c!(cstruct_meter_latest(std::ptr::null(), null_mut(), 0, &raw mut got)), INVALID);
    assert_eq!(c!(cstruct_meter_latest(meter, null_mut(), 0, null_mut())), INVALID);
    c!(cstruct_meter_stop(meter));
}

#[test]
fn leaves_no_memory_and_no_file() {
    let _alone = alone();
    let files = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let before = files();
    every_failure(|| {
        let mut ring = [NOTHING; 2];
        let mut out = std::ptr::dangling_mut();
        match c!(cstruct_meter_start(ring.as_mut_ptr(), 2, 1_000, &raw mut out)) {
            OK => c!(cstruct_meter_stop(out)),
            refused => assert_eq!((refused, out), (NO_MEMORY, null_mut())),
        }
    });
    assert_eq!(files(), before);
}
