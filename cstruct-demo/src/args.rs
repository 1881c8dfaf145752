//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Parser;

/// Does the same work under every way of holding C data in Rust, and shows the C library's own books.
///
/// Loads records, holds them, reads them, summarises them and releases them: copied out, closed explicitly, dropped, borrowed,
/// under a safety net, released later or on another thread, and as a child that keeps its parent. One row a lesson; the counts come from the C library's allocator hook.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit status: 0 balanced, 1 something is not balanced or not equal, or standard output cannot be written, 2 bad input or a file that cannot be written."
)]
pub(crate) struct Args {
    /// A CSV file: a header line, then a name, a whole number and any number of samples a line; without it the built-in dataset
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,

    /// How many records to load: fewer than there are, or more, by reading the input again; without it all, once
    #[arg(long, value_name = "N", value_parser = count)]
    pub(crate) count: Option<NonZeroUsize>,

    /// Print one JSON document instead of the tables
    #[arg(long)]
    pub(crate) json: bool,

    /// Write the live C bytes of each strategy, moment by moment, to this file as an SVG
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) plot: Option<PathBuf>,
}

fn count(text: &str) -> Result<NonZeroUsize, &'static str> {
    text.parse().map_err(|_| "it is no whole number from 1 on; leave it out to load all records, once")
}
