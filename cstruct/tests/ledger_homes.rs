//! What allocators give lies at equal distances, and the ledger's tables spread that well, whatever the distance.
//!
//! The source is that of the kit, compiled once more, since it is the kit's own.
#![cfg(all(feature = "ledger", target_pointer_width = "64"))]
#![allow(unreachable_pub, reason = "the included file is a module of the kit")]

#[path = "../src/kit/ledger/homes.rs"]
mod homes;

use homes::Homes;

/// Where heaps begin: of two programs, and of two threads.
const HEAPS: [usize; 4] = [0x5602_0eee_9e60, 0x5555_5575_62a0, 0x7fff_f000_0b60, 0x7f12_3400_0c30];

/// How many of a hundred objects at such a distance find their home full, where four have room and each has two on average: in the
/// worst heap.
fn astray(homes: usize, distance: usize) -> f64 {
    let objects = 2 * homes;
    let table = Homes::new(homes);
    let in_heap = |heap: usize| {
        let mut in_home = vec![0_usize; homes];
        for object in 0..objects {
            in_home[table.of(heap + object * distance)] += 1;
        }
        let astray: usize = in_home.iter().map(|here| here.saturating_sub(4)).sum();
        100.0 * astray as f64 / objects as f64
    };
    HEAPS.map(in_heap).into_iter().fold(0.0, f64::max)
}

/// From 64 homes, in 4 KiB, to those of a hundred thousand objects.
fn sizes() -> impl Iterator<Item = usize> {
    (6..=16).map(|bits| 1 << bits)
}

#[test]
fn small_objects_find_room_at_home() {
    for homes in sizes() {
        for distance in (32..=512).step_by(16) {
            let astray = astray(homes, distance);
            assert!(astray < 8.0, "{distance} bytes apart, in {homes} homes: {astray} of 100 are astray");
        }
    }
}

/// As a multiple of the distance alone does, for some.
#[test]
fn no_distance_leaves_most_homes_empty() {
    for homes in sizes() {
        let distances = (16..4096).step_by(16).chain((5..20).flat_map(|bits| [1 << bits, (1 << bits) + 16]));
        for distance in distances {
            let astray = astray(homes, distance);
            assert!(astray < 40.0, "{distance} bytes apart, in {homes} homes: {astray} of 100 are astray");
        }
    }
}

/// What finds no room at home goes to another place than its neighbour.
#[test]
fn neighbours_go_different_ways() {
    let table = Homes::new(64);
    let away: std::collections::BTreeSet<_> = (0..64).map(|line| table.away(HEAPS[0] + line * 64) % 64).collect();
    assert!(away.len() > 16 && away.iter().all(|away| away % 2 == 1), "{away:?}");
}
