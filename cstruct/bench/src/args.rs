//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Measures what holding C data costs in Rust: each job in C, by raw calls, with the kit, and with its peers.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit status: 0 done, 1 a figure is worse than it must be, 2 it could not be measured."
)]
pub(crate) struct Args {
    /// Only the jobs with one of these words in their names; without it all
    #[arg(value_name = "JOB")]
    pub(crate) only: Vec<String>,

    /// A short run with small data, to see that it works
    #[arg(long)]
    pub(crate) quick: bool,

    /// Print one JSON document instead of the table
    #[arg(long)]
    pub(crate) json: bool,

    /// Draw the ratios into this file as well
    #[arg(long, value_name = "FILE.svg", conflicts_with_all = ["instructions", "growth"])]
    pub(crate) plot: Option<PathBuf>,

    /// Measure whether time and memory are linear, from a thousand records to ten million, in place of the jobs; needs glibc and four gigabytes
    #[arg(long, conflicts_with_all = ["only", "instructions"])]
    pub(crate) growth: bool,

    /// Count instructions instead of taking times; needs valgrind
    #[arg(long)]
    pub(crate) instructions: bool,

    /// Compare what thin layers take beyond raw calls with what this file expects, and fail if it is more
    #[arg(long, value_name = "FILE", requires = "instructions")]
    pub(crate) check: Option<PathBuf>,

    /// Write what thin layers take beyond raw calls into this file
    #[arg(long, value_name = "FILE", requires = "instructions", conflicts_with_all = ["check", "only"])]
    pub(crate) write: Option<PathBuf>,

    /// Do one way of a job so many times, and nothing else: what runs under valgrind
    #[arg(long, hide = true, num_args = 3, value_names = ["JOB", "WAY", "COUNT"])]
    pub(crate) one: Option<Vec<String>>,
}
