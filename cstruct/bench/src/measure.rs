//! Time, as ratios that a busy machine does not spoil.
//!
//! All ways of a job run in one process, with one allocator, one after the other: a round. The order is rotated from round to round, time is
//! the CPU time of the thread, and ratios are taken within a round, so that what slows the machine down slows both sides.
//! C runs twice in each round: what the one differs from the other is noise, and a difference within it is none.

use serde::Serialize;

use crate::clock::thread_cpu_time;
use crate::job::{C, Job, Side, Target, Way};

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Rounds of each job.
    pub rounds: usize,
    /// How long one way's part of a round is to take, in seconds.
    pub seconds: f64,
    /// Whether jobs have their small size.
    pub small: bool,
}

impl Effort {
    /// What the figures that one keeps are made with.
    pub const FULL: Effort = Effort { rounds: 41, seconds: 0.005, small: false };
    /// To see that it works.
    pub const QUICK: Effort = Effort { rounds: 9, seconds: 0.001, small: true };
}

/// What a job took.
#[derive(Debug, Serialize)]
pub struct Timed {
    /// The name of the job.
    pub job: &'static str,
    /// What is done.
    pub what: &'static str,
    /// How many items one time deals with.
    pub items: usize,
    /// What C against itself gave.
    pub control: Spread,
    /// Which peers are missing, and why.
    pub absent: &'static str,
    /// The ways of doing it.
    pub ways: Vec<Line>,
}

/// Where nine tenths of the ratios lie.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Spread {
    /// One in twenty is lower.
    pub low: f64,
    /// One in twenty is higher.
    pub high: f64,
}

/// What one way took.
#[derive(Debug, Serialize)]
pub struct Line {
    /// What it is called.
    pub name: &'static str,
    /// Whose it is.
    pub side: Side,
    /// The median time of an item, in nanoseconds.
    pub ns: f64,
    /// The median of the ratios to C.
    pub ratio: f64,
    /// Whether the ratio is outside of what C against itself gives.
    pub differs: bool,
    /// What it was to reach.
    pub targets: Vec<Reached>,
}

/// A target, and what came of it.
#[derive(Debug, Serialize)]
pub struct Reached {
    /// The target.
    #[serde(flatten)]
    pub target: Target,
    /// The median of the ratios to the way that it names.
    pub ratio: f64,
    /// Whether it was reached.
    pub met: bool,
}

/// Measures a job, and tells `round` after each round.
///
/// # Panics
///
/// When a way names another one that the job does not have.
pub fn measure(job: &Job, effort: Effort, mut round: impl FnMut()) -> Timed {
    let items = if effort.small { job.items.small } else { job.items.full };
    let mut ways = (job.ways)(items);
    let reference = index_of(&ways, C);
    let count = calibrate(&mut ways[reference], effort.seconds);

    // The last column is C once more: the control.
    let columns = ways.len() + 1;
    let mut seconds = vec![Vec::with_capacity(effort.rounds); columns];
    for number in 0..effort.rounds {
        for step in 0..columns {
            let column = (number + step) % columns;
            let way = &mut ways[if column == columns - 1 { reference } else { column }];
            seconds[column].push(run(way, count));
        }
        round();
    }

    let per_item = 1e9 / (count as f64 * items as f64);
    let mut control = ratios(&seconds[columns - 1], &seconds[reference]);
    control.sort_by(f64::total_cmp);
    let control = Spread { low: quantile(&control, 0.05), high: quantile(&control, 0.95) };
    let lines = ways.iter().enumerate().map(|(at, way)| {
        let ratio = median(&ratios(&seconds[at], &seconds[reference]));
        let reached = |target: &Target| {
            let ratio = median(&ratios(&seconds[at], &seconds[index_of(&ways, target.of)]));
            let limit = if target.at_most == 1.0 { control.high } else { target.at_most };
            Reached { target: *target, ratio, met: ratio <= limit }
        };
        Line {
            name: way.name,
            side: way.side,
            ns: median(&seconds[at]) * per_item,
            ratio,
            differs: ratio < control.low || ratio > control.high,
            targets: way.targets.iter().map(reached).collect(),
        }
    });
    Timed { job: job.name, what: job.what, items, control, absent: job.absent, ways: lines.collect() }
}

fn index_of(ways: &[Way], name: &str) -> usize {
    ways.iter().position(|way| way.name == name).unwrap_or_else(|| panic!("the job has no way that is called {name}"))
}

fn run(way: &mut Way, count: u64) -> f64 {
    let before = thread_cpu_time();
    (way.work)(count);
    (thread_cpu_time() - before).as_secs_f64()
}

/// How many times the job fits into so many seconds; at least once. It warms everything up, too.
fn calibrate(way: &mut Way, seconds: f64) -> u64 {
    let mut count = 1;
    loop {
        let took = run(way, count);
        if took >= seconds / 4.0 {
            return ((count as f64 * seconds / took) as u64).max(1);
        }
        count *= 2;
    }
}

fn ratios(these: &[f64], those: &[f64]) -> Vec<f64> {
    these.iter().zip(those).map(|(this, that)| this / that).collect()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}

/// Of sorted values, between its two neighbours.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let at = part * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::{Effort, measure, quantile};
    use crate::job::{C, Items, Job, Way};

    #[test]
    fn quantiles_lie_between_their_neighbours() {
        let sorted = [1.0, 2.0, 4.0];
        assert_eq!([0.0, 0.25, 0.5, 1.0].map(|part| quantile(&sorted, part)), [1.0, 1.5, 2.0, 4.0]);
    }

    #[test]
    fn every_way_runs_as_often_in_every_round() {
        use std::cell::Cell;
        thread_local! { static RUNS: [Cell<u64>; 2] = const { [Cell::new(0), Cell::new(0)] }; }
        fn spin(count: u64) {
            for i in 0..count * 1000 {
                std::hint::black_box(i);
            }
        }
        fn work(at: usize) -> impl FnMut(u64) {
            move |count| {
                spin(count);
                RUNS.with(|runs| runs[at].set(runs[at].get() + count));
            }
        }
        let job = Job {
            name: "spin",
            what: "",
            items: Items::ONE,
            counted: None,
            absent: "",
            ways: |_| vec![Way::reference(C, work(0)), Way::ours("ours", work(1)).at_most(100.0, C)],
        };
        let effort = Effort { rounds: 3, seconds: 1e-4, small: true };
        let mut rounds = 0;
        let timed = measure(&job, effort, || rounds += 1);
        assert_eq!(rounds, 3);
        let runs = RUNS.with(|runs| [runs[0].get(), runs[1].get()]);
        assert!(runs[1] > 0 && runs[1].is_multiple_of(3), "{runs:?}");
        assert!(runs[0] > 2 * runs[1], "C runs twice a round, and before the first: {runs:?}");
        assert_eq!(timed.ways[0].ratio, 1.0);
        assert!(!timed.ways[0].differs || timed.control.low > 1.0 || timed.control.high < 1.0);
        assert_eq!(timed.ways[1].targets.len(), 1);
    }
}
