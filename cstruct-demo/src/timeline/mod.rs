//! How many bytes of C's live, moment by moment, while the same program runs under each strategy.
//!
//! The program is a row of steps. Each makes a list of records in C, reads it, goes on with something else, and ends. After each
//! of these four acts the C library is asked for its own count, so that a moment is a point of the program and no clock has a
//! part in it: two runs give the same figures.

mod strategies;
mod svg;

use std::fmt;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use cstruct::{Error, Library};
use serde::Serialize;

use crate::dataset::{BadInput, Dataset};
use crate::plot;
use strategies::{STRATEGIES, Strategy};

/// Steps of the program, and acts of a step.
const STEPS: usize = 64;
const ACTS: usize = 4;

/// Records of a step, records of which the steps choose, and samples of a record at most: enough to be seen, and quickly done.
const RECORDS_A_STEP: usize = 16;
const RECORDS: usize = 512;
const SAMPLES: usize = 1_000;

/// What lived when.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Timeline {
    steps: usize,
    moments_a_step: usize,
    series: Vec<Series>,
}

/// What lived under one strategy.
#[derive(Debug, Serialize)]
struct Series {
    strategy: &'static str,
    peak_bytes: u64,
    mean_bytes: f64,
    /// After each act of each step, and after the end of the program.
    live_bytes: Vec<u64>,
}

/// Asks the C library for its count.
struct Sampler<'l> {
    library: &'l Library,
    before: u64,
    live_bytes: Vec<u64>,
}

impl Timeline {
    /// Runs the program under every strategy.
    pub(crate) fn record(dataset: &Dataset, library: &Library) -> Result<Timeline, Error> {
        let data = dataset.sample(RECORDS, SAMPLES)?;
        let steps: Vec<_> = data.chunks(RECORDS_A_STEP).cycle().take(STEPS).collect();
        let series = STRATEGIES.iter().map(|strategy| Series::record(strategy, &steps, library));
        Ok(Timeline { steps: STEPS, moments_a_step: ACTS, series: series.collect::<Result<_, _>>()? })
    }

    /// Whether each strategy has released all in the end.
    pub(crate) fn is_balanced(&self) -> bool {
        self.series.iter().all(|series| series.live_bytes.last() == Some(&0))
    }

    fn highest(&self) -> u64 {
        self.series.iter().map(|series| series.peak_bytes).max().unwrap_or(0)
    }
}

/// The file that the plot goes to.
pub(crate) struct Plot<'p> {
    path: &'p Path,
    file: File,
}

impl Plot<'_> {
    /// Makes the file, or empties it.
    pub(crate) fn create(path: &Path) -> Result<Plot<'_>, BadInput> {
        let file = File::create(path).map_err(|error| not_written(path, &error))?;
        Ok(Plot { path, file })
    }

    /// Draws the timeline.
    pub(crate) fn write(mut self, timeline: &Timeline) -> Result<(), BadInput> {
        let drawn = svg::draw(timeline).map_err(|error| not_written(self.path, &*error))?;
        self.file.write_all(drawn.as_bytes()).map_err(|error| not_written(self.path, &error))
    }
}

fn not_written(path: &Path, error: &dyn std::error::Error) -> BadInput {
    let path = path.display();
    BadInput::new(format!("{path}: the plot is not written: {error}; name a file that can be written"))
}

impl Series {
    fn record(strategy: &Strategy, steps: strategies::Steps<'_>, library: &Library) -> Result<Series, Error> {
        let mut sampler = Sampler { library, before: library.live().bytes, live_bytes: Vec::new() };
        (strategy.run)(steps, &mut sampler)?;
        sampler.sample();
        let live_bytes = sampler.live_bytes;
        let peak_bytes = live_bytes.iter().max().copied().unwrap_or(0);
        let mean_bytes = live_bytes.iter().sum::<u64>() as f64 / live_bytes.len() as f64;
        Ok(Series { strategy: strategy.name, peak_bytes, mean_bytes, live_bytes })
    }
}

impl Sampler<'_> {
    fn sample(&mut self) {
        self.live_bytes.push(self.library.live().bytes.saturating_sub(self.before));
    }
}

/// A row a strategy, a column a step.
impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "live C bytes, step by step (the mean of each; one level higher is twice as much)\n")?;
        let steps = |series: &Series| -> Vec<u64> {
            series.live_bytes.chunks_exact(ACTS).map(|acts| acts.iter().sum::<u64>() / ACTS as u64).collect()
        };
        let highest = self.series.iter().flat_map(steps).max().unwrap_or(0);
        for series in &self.series {
            let columns = plot::doubling_columns(&steps(series), highest);
            let Series { strategy, peak_bytes, mean_bytes, .. } = series;
            writeln!(f, "{strategy:<10} │{columns}│ mean {mean_bytes:>8.0}, peak {peak_bytes:>8}")?;
        }
        Ok(())
    }
}
