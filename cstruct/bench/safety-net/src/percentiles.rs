//! Times of single acts.

use core::fmt;
use core::time::Duration;

/// The median, and what one in a hundred exceeds.
#[derive(Clone, Copy, Debug)]
pub struct Percentiles {
    /// The median.
    pub p50: Duration,
    /// What one in a hundred exceeds.
    pub p99: Duration,
}

impl Percentiles {
    /// Of these times.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub fn of(times: &mut [Duration]) -> Percentiles {
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100];
        Percentiles { p50: at(50), p99: at(99) }
    }
}

impl fmt::Display for Percentiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p50 {:?}, p99 {:?}", self.p50, self.p99)
    }
}
