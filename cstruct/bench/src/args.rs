//! The command line.

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
}
