//! What the ledger's tables take for each live object. A program of its own: no other test has tables meanwhile.
#![cfg(feature = "ledger")]

mod thing;

use cstruct::kit::ledger::{self, Level};
use thing::{Thing, seen};

#[test]
fn a_live_object_takes_at_most_64_bytes() {
    ledger::raise_level(Level::Sites);
    let before = ledger::bytes();
    let mut kept = Vec::new();
    let mut random = 88_172_645_463_325_252_u64;
    for objects in [1_000, 4_096, 10_000, 65_536, 100_000, 200_000] {
        kept.resize_with(objects, Thing::new);
        // Half of them are replaced, in an order that looks random, many times over.
        for _ in 0..4 * objects {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            kept[(random >> 32) as usize % (objects / 2)] = Thing::new();
        }
        let bytes = (ledger::bytes() - before) as f64 / objects as f64;
        assert!(bytes <= 64.0, "{objects} live objects take {bytes:.1} bytes each");
    }
    drop(kept);
    // Close together, so that the homes of half a table are full and the others empty, or most have no room at home.
    for distance in [4, 8, 16, 24] {
        for objects in [1_000, 4_096, 10_000, 100_000] {
            let run = move || {
                let before = ledger::bytes();
                let kept: Vec<_> = (0..objects).map(|object| seen(0x7ba3_0000_0000 + distance * object)).collect();
                (ledger::bytes() - before, kept.len())
            };
            let (bytes, kept) = std::thread::spawn(run).join().expect("no panic");
            let bytes = bytes as f64 / kept as f64;
            assert!(
                bytes <= 64.0,
                "{objects} objects, each {distance} bytes after the other, take {bytes:.1} bytes each"
            );
        }
    }
}
