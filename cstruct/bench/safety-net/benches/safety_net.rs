//! What the ledger and the release queue cost, each figure beside its control, in one run.
//!
//! ```text
//! cargo bench -p cstruct-bench-safety-net --bench safety_net
//! ```

use core::hint::black_box;
use core::time::Duration;
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use cstruct::CStruct;
use cstruct::kit::ledger::{self, Level};
use cstruct::kit::{Batch, Bounds, Deferred, Worker};
use cstruct_bench_safety_net::counted;
use cstruct_bench_safety_net::pairs::Pairs;
use cstruct_bench_safety_net::percentiles::Percentiles;
use cstruct_bench_safety_net::work::{
    Again, Told, Touching, Untold, in_random_order, on_two_threads, one_after_the_other, record,
};

/// How often a pair is measured at each place.
const TIMES: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    if counted::was_asked() {
        return Ok(());
    }
    // `cargo test --benches` runs it once, to see that it works.
    let quick = std::env::args().any(|argument| argument == "--test");
    let items = if quick { 1_000 } else { 100_000 };
    // First what the ledger is not told of: once it was, a release asks whether this object is one of those.
    a_long_list(if quick { 10 } else { 1_000 })?;
    small_objects(if quick { 10 } else { 1_000 });
    the_ledger(items);
    if !quick {
        its_instructions();
    }
    memory(if quick { &[1_000] } else { &[4_096, 100_000, 1_000_000] });
    Ok(())
}

/// Makes and releases records that the ledger is told of, with their sites, against the same code where it is not told.
fn the_ledger(items: usize) {
    ledger::set_level(Level::Sites);
    let mut costs = Costs::default();
    let places = [place::<0>, place::<1>, place::<2>, place::<3>, place::<4>, place::<5>, place::<6>, place::<7>];
    for place in places {
        place(items, &mut costs);
    }
    println!("ledger at the level `sites`, against the same code untold, and that against itself; at most 1.10");
    println!("  one after the other   {}", costs.one);
    println!("  control               {}", costs.one_control);
    println!("  4,096 live, random    {}", costs.random);
    println!("  control               {}", costs.random_control);
    println!("  one line is touched   {}", costs.random_touching);
    println!("  two threads           {}", costs.two);
    println!("  control               {}", costs.two_control);
}

#[derive(Default)]
struct Costs {
    one: Pairs,
    one_control: Pairs,
    random: Pairs,
    random_control: Pairs,
    random_touching: Pairs,
    two: Pairs,
    two_control: Pairs,
}

/// All of it with code and memory in one place; where they lie makes a difference.
fn place<const PLACE: usize>(items: usize, costs: &mut Costs) {
    let untold = || one_after_the_other(items, record::<Untold<PLACE>>);
    let again = || one_after_the_other(items, record::<Again<PLACE>>);
    let told = || one_after_the_other(items, record::<Told<PLACE>>);
    costs.one.measure(TIMES, items, untold, told);
    costs.one_control.measure(TIMES, items, untold, again);

    costs.two.measure(TIMES, 2 * items, || on_two_threads(untold), || on_two_threads(told));
    costs.two_control.measure(TIMES, 2 * items, || on_two_threads(untold), || on_two_threads(again));

    // The records of all ways lie between each other, each of them first as often.
    let (mut untold, mut again, mut told, mut touching) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for value in 0..4_096 {
        for turn in 0..4 {
            match (value + turn) % 4 {
                0 => untold.push(Some(record::<Untold<PLACE>>(value))),
                1 => again.push(Some(record::<Again<PLACE>>(value))),
                2 => told.push(Some(record::<Told<PLACE>>(value))),
                _ => touching.push(Some(record::<Touching<PLACE>>(value))),
            }
        }
    }
    let mut base = || in_random_order(items, &mut untold, record::<Untold<PLACE>>);
    costs.random.measure(TIMES, items, &mut base, || in_random_order(items, &mut told, record::<Told<PLACE>>));
    costs
        .random_control
        .measure(TIMES, items, &mut base, || in_random_order(items, &mut again, record::<Again<PLACE>>));
    let touch = || in_random_order(items, &mut touching, record::<Touching<PLACE>>);
    costs.random_touching.measure(TIMES, items, &mut base, touch);
}

/// What an adoption and its release take, whatever the machine.
fn its_instructions() {
    println!("instructions of a record, by callgrind, in whose time the clock is asked more often");
    for (name, live) in [("one after the other", 1), ("4,096 live, random ", 4_096)] {
        match counted::instructions(live) {
            Ok((untold, more)) => println!("  {name}   {untold:.0} untold; {more:.0} more"),
            Err(error) => return println!("  not counted: {error}"),
        }
    }
}

/// The bytes of the ledger's tables for each live object, when objects come and go; at most 64. The sizes ascend.
fn memory(sizes: &'static [usize]) {
    println!("bytes of the ledger for each live object; at most 64");
    let record = |value| CStruct::new(value).expect("there is memory");
    // On a thread of its own: what was measured before has filled this one's table.
    let measured = std::thread::spawn(move || {
        let before = ledger::bytes();
        let mut kept = Vec::new();
        let each = move |size: usize| {
            kept.resize_with(size, || Some(record(0)));
            in_random_order(2 * size, &mut kept, record);
            (ledger::bytes() - before) as f64 / size as f64
        };
        sizes.iter().copied().map(each).collect::<Vec<_>>()
    });
    for (size, bytes) in sizes.iter().zip(measured.join().expect("no panic")) {
        println!("  {size:>9} live   {bytes:.1}");
    }
}

/// Dropping a list of 10,000 nodes, with other work on every processor: released at once, or by a worker.
fn a_long_list(rounds: usize) -> Result<(), Box<dyn Error>> {
    const NODES: usize = 10_000;
    let list = || -> Result<CStruct, cstruct::Error> {
        let records: Vec<_> = (0..NODES).map(|_| CStruct::new(1)).collect::<Result<_, _>>()?;
        CStruct::from_records(records)
    };
    let stop = AtomicBool::new(false);
    std::thread::scope(|threads| -> Result<(), Box<dyn Error>> {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            threads.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    core::hint::spin_loop();
                }
            });
        }
        let worker = Worker::spawn(Bounds::count(1024), Duration::from_millis(1))?;
        let (mut at_once, mut deferred) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let now = list()?;
            at_once.push(time(|| drop(now)));
            let later = Deferred::new(list()?, &worker);
            deferred.push(time(|| drop(later)));
        }
        let stats = worker.shutdown();
        stop.store(true, Ordering::Relaxed);
        println!(
            "dropping a list of {NODES} nodes, other work on every processor; deferred at most p50 500 ns, p99 1.5 µs"
        );
        println!("  at once    {}", Percentiles::of(&mut at_once));
        println!("  deferred   {}", Percentiles::of(&mut deferred));
        println!("  the worker released {}; at most {} waited", stats.released, stats.high_water);
        Ok(())
    })
}

/// Small objects of one thread: a batch, against releasing each at once; at most 1.00.
fn small_objects(rounds: usize) {
    let mut costs = BatchCosts::default();
    let places = [batch::<0>, batch::<1>, batch::<2>, batch::<3>, batch::<4>, batch::<5>, batch::<6>, batch::<7>];
    for place in places {
        place(rounds, &mut costs);
    }
    println!("making and releasing small objects on one thread, in a batch against at once; at most 1.00");
    println!("  batch               {}", costs.batch);
    println!("  control             {}", costs.control);
    println!("  kept in a vector    {}", costs.vector);
}

#[derive(Default)]
struct BatchCosts {
    batch: Pairs,
    control: Pairs,
    vector: Pairs,
}

/// All of it with code and memory in one place. A vector that is filled and cleared is the plainest way to release later.
fn batch<const PLACE: usize>(rounds: usize, costs: &mut BatchCosts) {
    const SMALL: usize = 1_000;
    let object = || {
        black_box(PLACE);
        CStruct::new(1).expect("there is memory")
    };
    let at_once = || {
        for _ in 0..rounds {
            let objects: Vec<_> = (0..SMALL).map(|_| object()).collect();
            drop(black_box(objects));
        }
    };
    costs.control.measure(TIMES, rounds * SMALL, at_once, at_once);

    let batch = Batch::new(SMALL);
    costs.batch.measure(TIMES, rounds * SMALL, at_once, || {
        for _ in 0..rounds {
            let objects: Vec<_> = (0..SMALL).map(|_| batch.defer(object())).collect();
            drop(black_box(objects));
            batch.release_some(SMALL);
        }
    });

    let mut vector = Vec::with_capacity(SMALL);
    costs.vector.measure(TIMES, rounds * SMALL, at_once, || {
        for _ in 0..rounds {
            let objects: Vec<_> = (0..SMALL).map(|_| object()).collect();
            black_box(objects).into_iter().for_each(|object| vector.push(object));
            vector.clear();
        }
    });
}

fn time(run: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    run();
    begin.elapsed()
}
