//! The program: see the library's documentation.

mod args;
mod progress;

use std::error::Error;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;
use cstruct_bench::instructions::{self, Counts, Expected, Which};
use cstruct_bench::job::Job;
use cstruct_bench::jobs;
use cstruct_bench::machine::Machine;
use cstruct_bench::measure::{Effort, measure};
use cstruct_bench::plot;
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
    if let Some([job, way, times]) = args.one.as_deref() {
        let found = instructions::one(&jobs::ALL, job, way, times.parse()?);
        return if found { Ok(ExitCode::SUCCESS) } else { Err(format!("{job} cannot be done as {way}").into()) };
    }
    if args.growth {
        return growth(args);
    }
    let jobs = chosen(&args.only)?;
    if args.instructions { counts(args, &jobs) } else { times(args, &jobs) }
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
    if let Some(file) = &args.plot {
        plot::draw(&report, file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(target_env = "gnu")]
fn growth(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
    let sizes = if args.quick { &sizes[..3] } else { &sizes[..] };
    let progress = Progress::new(sizes.len());
    progress.now("growth");
    let growth = cstruct_bench::growth::measure(sizes, || progress.step());
    drop(progress);
    print(&if args.json { serde_json::to_string(&growth)? + "\n" } else { growth.to_string() })?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(not(target_env = "gnu"))]
fn growth(_: &Args) -> Result<ExitCode, Box<dyn Error>> {
    Err("memory is asked of glibc, which this system does not have".into())
}

fn counts(args: &Args, jobs: &[&Job]) -> Result<ExitCode, Box<dyn Error>> {
    let which = if args.check.is_some() || args.write.is_some() { Which::Thin } else { Which::All };
    let progress = Progress::new(jobs.len());
    let mut counted = Vec::new();
    for job in jobs {
        progress.now(job.name);
        counted.extend(instructions::count(job, which)?);
        progress.step();
    }
    let counts = Counts { machine: Machine::this(), jobs: counted };
    drop(progress);
    print(&if args.json { serde_json::to_string(&counts)? + "\n" } else { counts.to_string() })?;
    if let Some(file) = &args.write {
        std::fs::write(file, Expected::of(&counts).to_json()?)
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let Some(file) = &args.check else { return Ok(ExitCode::SUCCESS) };
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let expected: Expected = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    let (worse, better) = expected.compare(&counts);
    for line in &worse {
        eprintln!("cstruct-bench: worse: {line}");
    }
    for line in &better {
        eprintln!("cstruct-bench: better: {line}; write it down with --write {}", file.display());
    }
    Ok(if worse.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// A reader that has seen enough, such as `head`, closes the pipe: no reason to complain.
fn print(text: &str) -> std::io::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}
