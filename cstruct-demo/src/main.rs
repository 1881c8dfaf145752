//! The same piece of work (load, hold, read, summarise, release) under every way of holding C data in Rust.
//!
//! Each lesson is one file of `lessons/`, and ends with the C library's own books balanced: what it allocated it has freed.
#![forbid(unsafe_code)]

mod args;
mod dataset;
mod lessons;
mod measure;
mod memory;
mod plot;
mod progress;
mod report;
mod summary;
mod timeline;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::thread::{self, Thread};

use clap::Parser;
use cstruct::Library;

use args::Args;
use dataset::{BadInput, Dataset};
use memory::Memory;
use report::Report;
use timeline::{Plot, Timeline};

/// The standard library keeps the main thread's handle, once somebody asked for it as the ledger does, by a pointer into its middle
/// and does not free it. Leak checkers take that for lost; this one points to its beginning.
static MAIN: OnceLock<Thread> = OnceLock::new();

/// Balanced and equal: 0. Not: 1. Bad input: 2, as for a bad option.
fn main() -> ExitCode {
    let args = Args::parse();
    MAIN.get_or_init(thread::current);
    match run(&args) {
        Ok(report) => {
            let text = if args.json { report.to_json() + "\n" } else { report.to_string() };
            // A reader that has seen enough, such as `head`, closes the pipe: no reason to panic, as `print!` would.
            match std::io::stdout().write_all(text.as_bytes()) {
                Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                    eprintln!("cstruct-demo: standard output: {error}");
                    ExitCode::from(1)
                }
                _ if report.ok => ExitCode::SUCCESS,
                _ => ExitCode::from(1),
            }
        }
        Err(error) => {
            eprintln!("cstruct-demo: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<Report, BadInput> {
    // The allocator hook keeps the books, so it is installed before the first object.
    let library = Library::start_counting().map_err(BadInput::new)?;
    let dataset = Dataset::read(args.input.as_deref(), args.count)?;
    // Before the work, not after it.
    let plot = args.plot.as_deref().map(Plot::create).transpose()?;
    let memory = Memory::of(&dataset, &library)?;
    let rows = lessons::ALL.iter().map(|lesson| measure::run(lesson, &dataset, &library)).collect::<Result<_, _>>()?;
    let timeline = Timeline::record(&dataset, &library)?;
    if let Some(plot) = plot {
        plot.write(&timeline)?;
    }
    let mut report = Report::new(dataset.name(), rows, timeline, memory.at_the_end());
    if let Err(error) = library.shutdown() {
        report.ok = false;
        eprintln!("cstruct-demo: the library does not end: {error}");
    }
    Ok(report)
}
