//! Two ways of doing the same, in turns, and the median of their ratios.

use core::fmt;

/// The CPU time of two ways, measured one after the other, as often as asked for.
#[derive(Debug, Default)]
pub struct Pairs(Vec<Pair>);

#[derive(Clone, Copy, Debug)]
struct Pair {
    ratio: f64,
    /// An item's time in the first way, in nanoseconds.
    base_ns: f64,
}

impl Pairs {
    /// Runs both, so often, in turns and in an order that alternates, and divides the second's CPU time by the first's. A run is of
    /// `items`.
    pub fn measure(&mut self, times: usize, items: usize, mut base: impl FnMut(), mut other: impl FnMut()) {
        base();
        other();
        for pair in 0..times {
            let (base, other) = if pair % 2 == 0 {
                let first = cpu_time(&mut base);
                (first, cpu_time(&mut other))
            } else {
                let second = cpu_time(&mut other);
                (cpu_time(&mut base), second)
            };
            self.0.push(Pair { ratio: other / base, base_ns: base * 1e9 / items as f64 });
        }
    }

    /// The median ratio.
    pub fn median(&self) -> f64 {
        at(&sorted(self.0.iter().map(|pair| pair.ratio)), 50)
    }
}

impl fmt::Display for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ratios = sorted(self.0.iter().map(|pair| pair.ratio));
        let base = sorted(self.0.iter().map(|pair| pair.base_ns));
        let (low, high) = (at(&ratios, 10), at(&ratios, 90));
        write!(f, "{:.3}  ({low:.3} to {high:.3}; of {:.0} ns)", self.median(), at(&base, 50))
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
