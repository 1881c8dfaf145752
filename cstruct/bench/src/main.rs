//! The program: see the library's documentation.

mod args;
mod progress;

use std::error::Error;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;
use cstruct_bench::job::Job;
use cstruct_bench::jobs;
use cstruct_bench::machine::Machine;
use cstruct_bench::measure::{Effort, measure};
use cstruct_bench::table::Report;

use args::Args;
use progress::Progress;

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("cstruct-bench: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let jobs = chosen(&args.only)?;
    times(args, &jobs)
}

/// The jobs that were asked for.
fn chosen(only: &[String]) -> Result<Vec<&'static Job>, String> {
    let wanted = |job: &&'static Job| only.is_empty() || only.iter().any(|word| job.name.contains(word.as_str()));
    let jobs: Vec<_> = jobs::ALL.into_iter().filter(wanted).collect();
    if jobs.is_empty() {
        let names: Vec<_> = jobs::ALL.iter().map(|job| job.name).collect();
        return Err(format!("there is no such job; the jobs are {}", names.join(", ")));
    }
    Ok(jobs)
}

fn times(args: &Args, jobs: &[&Job]) -> Result<ExitCode, Box<dyn Error>> {
    let effort = if args.quick { Effort::QUICK } else { Effort::FULL };
    let progress = Progress::new(jobs.len() * effort.rounds);
    let jobs = jobs.iter().map(|job| {
        progress.now(job.name);
        measure(job, effort, || progress.step())
    });
    let report = Report { machine: Machine::this(), jobs: jobs.collect() };
    drop(progress);
    print(&if args.json { serde_json::to_string(&report)? + "\n" } else { report.to_string() })?;
    Ok(ExitCode::SUCCESS)
}

/// A reader that has seen enough, such as `head`, closes the pipe: no reason to complain.
fn print(text: &str) -> std::io::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}
