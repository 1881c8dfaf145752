//! What dropping costs the thread that drops: at once, and by a release queue.
//!
//! ```text
//! cargo run --release -p cstruct --example deferred_drop
//! taskset -c 0 cargo run --release -p cstruct --example deferred_drop      # all of it on one processor
//! ```
//!
//! Each figure is printed beside its control, which is measured in the same run, in turns.

use core::hint::black_box;
use core::time::Duration;
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use cstruct::CStruct;
use cstruct::kit::{Batch, Bounds, Deferred, ReleaseQueue, Worker};

const NODES: usize = 10_000;
const ROUNDS: usize = 1_000;
const SMALL: usize = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        // One thread of other work for each processor, so that the dropping thread has to share.
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    core::hint::spin_loop();
                }
            });
        }
        let result = large();
        stop.store(true, Ordering::Relaxed);
        result
    })?;
    small();
    Ok(())
}

/// A list of many nodes: the worker's case.
fn large() -> Result<(), Box<dyn Error>> {
    let worker = Worker::spawn(Bounds::count(1024), Duration::from_millis(1))?;
    let (mut at_once, mut deferred) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let list = many()?;
        at_once.push(time(|| drop(list)));
        let list = Deferred::new(many()?, &worker);
        deferred.push(time(|| drop(list)));
    }
    println!("dropping a list of {NODES} nodes, {ROUNDS} times, with a thread of other work on each processor");
    println!("  at once   {}", percentiles(&mut at_once));
    println!("  deferred  {}", percentiles(&mut deferred));
    let stats = worker.shutdown();
    println!("  of the deferred, the worker released {}; at most {} waited", stats.released, stats.high_water);
    Ok(())
}

fn many() -> Result<CStruct, cstruct::Error> {
    let records: Vec<_> = (0..NODES).map(|_| CStruct::new(1)).collect::<Result<_, _>>()?;
    CStruct::from_records(records)
}

/// Small objects on one thread: a loss, and how large.
fn small() {
    let (batch, queue) = (Batch::new(SMALL), ReleaseQueue::new(Bounds::count(SMALL)));
    println!(
        "dropping {SMALL} small objects in a row and releasing them on the same thread, {ROUNDS} times; times an object"
    );
    compare("Batch", || batch.defer(object()), || batch.release_some(SMALL), || ());
    compare("ReleaseQueue", || Deferred::new(object(), &queue), || queue.flush(), || ());
    println!("the same with other work, which is in all of the times, before each drop");
    let mut other = vec![1_u64; 4096];
    let mut work = || {
        for word in other.iter_mut().step_by(8) {
            *word = word.wrapping_mul(3);
        }
        black_box(&mut other);
    };
    compare("Batch", || batch.defer(object()), || batch.release_some(SMALL), &mut work);
    compare("ReleaseQueue", || Deferred::new(object(), &queue), || queue.flush(), &mut work);
}

fn object() -> CStruct {
    CStruct::new(1).expect("there is memory")
}

fn compare<D>(name: &str, mut make: impl FnMut() -> D, mut release: impl FnMut() -> usize, mut work: impl FnMut()) {
    let (mut now, mut later) = (Vec::with_capacity(SMALL), Vec::with_capacity(SMALL));
    let (mut at_once, mut dropped, mut released, mut ratios) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        now.extend((0..SMALL).map(|_| object()));
        let control = time(|| {
            now.drain(..).for_each(|object| {
                work();
                drop(object);
            });
        });
        later.extend((0..SMALL).map(|_| make()));
        let drops = time(|| {
            later.drain(..).for_each(|object| {
                work();
                drop(object);
            });
        });
        let all = drops + time(&mut release);
        ratios.push(all.as_secs_f64() / control.as_secs_f64());
        for (times, time) in [(&mut at_once, control), (&mut dropped, drops), (&mut released, all)] {
            times.push(time / SMALL as u32);
        }
    }
    ratios.sort_by(f64::total_cmp);
    println!("  {name}");
    println!("    at once                {}", percentiles(&mut at_once));
    println!("    dropped                {}", percentiles(&mut dropped));
    println!("    dropped and released   {}", percentiles(&mut released));
    println!("    ratio to at once, median of pairs  {:.2}", ratios[ratios.len() / 2]);
}

fn time<R>(run: impl FnOnce() -> R) -> Duration {
    let begin = Instant::now();
    black_box(run());
    begin.elapsed()
}

fn percentiles(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    format!("p50 {:?}, p99 {:?}", at(50), at(99))
}
