//! Random operations on all types of the worked example, against a model in plain Rust: contents, answers and C's own counters agree.
//!
//! A run does a million operations, or `CSTRUCT_MODEL_OPERATIONS`. It prints its seed; `CSTRUCT_MODEL_SEED` repeats it. A sequence that
//! fails is made as short as it can be, and printed.

#[path = "model/arenas.rs"]
mod arenas;
#[path = "model/blobs.rs"]
mod blobs;
#[path = "model/contexts.rs"]
mod contexts;
#[path = "model/lists.rs"]
mod lists;
#[path = "model/op.rs"]
mod op;
#[path = "model/queue.rs"]
mod queue;
#[path = "model/tables.rs"]
mod tables;
#[path = "model/texts.rs"]
mod texts;
#[path = "model/world.rs"]
mod world;

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

use cstruct::Library;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use world::World;

/// How long a sequence may be: long enough for every pool to fill and to empty.
const LONGEST: usize = 400;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.replace('_', "").parse().unwrap_or_else(|_| panic!("{variable}={text} is no number")))
}

/// A runner whose numbers follow from the seed and from what was done before.
fn runner(config: &Config, seed: u64, done: u64) -> TestRunner {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..].copy_from_slice(&(!done).to_le_bytes());
    TestRunner::new_with_rng(config.clone(), TestRng::from_seed(RngAlgorithm::XorShift, &bytes))
}

#[test]
fn the_types_do_what_the_model_does() {
    let wanted = number("CSTRUCT_MODEL_OPERATIONS").unwrap_or(1_000_000);
    let seed = number("CSTRUCT_MODEL_SEED").unwrap_or_else(|| RandomState::new().hash_one("seed"));
    println!("CSTRUCT_MODEL_SEED={seed}");

    let library = Library::start_counting().expect("nothing lives yet");
    let config = Config { cases: 100, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let (done, sequences) = (Cell::new(0_u64), Cell::new(0_u64));
    while done.get() < wanted {
        // A runner ends with its cases.
        let mut runner = runner(&config, seed, sequences.get());
        let result = runner.run(&op::sequences(LONGEST), |ops| {
            let blocks = || library.allocations().expect("it counts").live();
            let before = (library.live(), blocks());
            let mut world = World::new();
            for op in &ops {
                world.run(*op);
                done.set(done.get() + 1);
                world.check_count(before.0.objects);
            }
            world.end();
            assert_eq!((library.live(), blocks()), before, "after the sequence, as before it");
            sequences.set(sequences.get() + 1);
            Ok(())
        });
        if let Err(error) = result {
            panic!("{error}\nrepeat it with CSTRUCT_MODEL_SEED={seed}");
        }
    }

    assert_eq!((library.live().objects, library.live().bytes), (0, 0));
    let counted = library.allocations().expect("it counts");
    assert_eq!((counted.live(), counted.live_bytes), (0, 0));
    println!(
        "{} operations in {} sequences, {} allocations, as many releases",
        done.get(),
        sequences.get(),
        counted.allocs
    );
    library.shutdown().expect("nothing lives");
}
