//! What the ledger's tables take for each live object. A program of its own: no other test has tables meanwhile.
#![cfg(feature = "ledger")]

mod thing;

use cstruct::kit::ledger::{self, Level};
use thing::Thing;

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
}
