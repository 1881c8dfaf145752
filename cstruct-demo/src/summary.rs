//! What all samples together amount to; equal under every lesson.

use serde::Serialize;

/// Counts, extremes, mean and deviation over any number of series, by Welford's one-pass method.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Summary {
    pub(crate) records: u64,
    pub(crate) samples: u64,
    pub(crate) missing: u64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) mean: f64,
    pub(crate) stddev: f64,
    #[serde(skip)]
    squares: f64,
}

impl Summary {
    /// Of nothing.
    pub(crate) fn new() -> Summary {
        Summary {
            records: 0,
            samples: 0,
            missing: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            mean: 0.0,
            stddev: 0.0,
            squares: 0.0,
        }
    }

    /// Adds one record's samples, wherever they are held.
    pub(crate) fn add(&mut self, samples: &[f64]) {
        self.records += 1;
        for &sample in samples {
            if sample.is_nan() {
                self.missing += 1;
                continue;
            }
            self.samples += 1;
            self.min = self.min.min(sample);
            self.max = self.max.max(sample);
            let off = sample - self.mean;
            self.mean += off / self.samples as f64;
            self.squares += off * (sample - self.mean);
        }
        if self.samples > 0 {
            self.stddev = (self.squares / self.samples as f64).sqrt();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Summary;

    #[test]
    fn agrees_with_the_textbook() {
        let mut summary = Summary::new();
        summary.add(&[2.0, 4.0, 4.0, 4.0, f64::NAN]);
        summary.add(&[5.0, 5.0, 7.0, 9.0]);
        assert_eq!((summary.records, summary.samples, summary.missing), (2, 8, 1));
        assert_eq!((summary.min, summary.max, summary.mean, summary.stddev), (2.0, 9.0, 5.0, 2.0));
    }
}
