//! Two ways of doing the same, in turns, and the median of their ratios.

use core::fmt;

/// Ratios of pairs that were measured one after the other.
#[derive(Debug)]
pub struct Ratios {
    sorted: Vec<f64>,
    /// The median time of an item of the first of each pair, in nanoseconds.
    pub base_ns: f64,
}

const PAIRS: usize = 61;

/// Runs both, in turns and in an order that alternates, and divides the second's CPU time by the first's. A run is of `items`.
pub fn measure(items: usize, mut base: impl FnMut(), mut other: impl FnMut()) -> Ratios {
    base();
    other();
    let pairs: Vec<(f64, f64)> = (0..PAIRS)
        .map(|pair| {
            if pair % 2 == 0 {
                let first = cpu_time(&mut base);
                (first, cpu_time(&mut other))
            } else {
                let second = cpu_time(&mut other);
                (cpu_time(&mut base), second)
            }
        })
        .collect();
    let base = sorted(pairs.iter().map(|(base, _)| base * 1e9 / items as f64));
    Ratios { sorted: sorted(pairs.iter().map(|(base, other)| other / base)), base_ns: at(&base, 50) }
}

impl Ratios {
    /// The median.
    pub fn median(&self) -> f64 {
        at(&self.sorted, 50)
    }
}

impl fmt::Display for Ratios {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = (at(&self.sorted, 10), at(&self.sorted, 90));
        write!(f, "{:.3}  ({low:.3} to {high:.3}; {:.0} ns untracked)", self.median(), self.base_ns)
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn at(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() - 1) * percent / 100]
}

/// The CPU time that something takes on all threads of the process, in seconds.
fn cpu_time(run: &mut impl FnMut()) -> f64 {
    let begin = now();
    run();
    now() - begin
}

fn now() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the clock exists on every Linux and `time` may be written.
    let answer = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    assert_eq!(answer, 0, "there is a clock of the process's CPU time");
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
