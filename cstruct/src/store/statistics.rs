//! What a series of samples amounts to.

use cstruct_sys as sys;

/// The summary of one record's samples, returned by C by value.
///
/// Samples that are not a number are counted apart and left out of the rest. Without any, the figures are NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
#[doc(alias = "cstruct_stats")]
pub struct Statistics {
    /// Samples that are numbers.
    pub count: u64,
    /// Samples that are not.
    pub missing: u64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// The arithmetic mean.
    pub mean: f64,
    /// The standard deviation of the population.
    pub stddev: f64,
}

impl From<sys::cstruct_stats> for Statistics {
    #[inline]
    fn from(stats: sys::cstruct_stats) -> Statistics {
        let sys::cstruct_stats { count, missing, min, max, mean, stddev } = stats;
        Statistics { count, missing, min, max, mean, stddev }
    }
}
