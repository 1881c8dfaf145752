//! Instructions, which are the same in every run.
//!
//! The program runs itself under callgrind, one way of one job so many times, and then twice as many times: the difference is what the
//! work takes, exact to the digit, whatever starting and ending the program takes.

use std::collections::BTreeMap;
use std::fmt;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::job::{BY_FIELD, C, Job, RAW, Side, Way, Work};
use crate::machine::Machine;
use crate::table::table;

/// All that was counted.
#[derive(Debug, Serialize)]
pub struct Counts {
    /// Where.
    pub machine: Machine,
    /// What.
    pub jobs: Vec<Counted>,
}

/// A job's counts.
#[derive(Debug, Serialize)]
pub struct Counted {
    /// The name of the job.
    pub job: &'static str,
    /// What is done.
    pub what: &'static str,
    /// How many items one time deals with.
    pub items: usize,
    /// The ways of doing it.
    pub ways: Vec<Count>,
}

/// A way's count.
#[derive(Debug, Serialize)]
pub struct Count {
    /// What it is called.
    pub name: &'static str,
    /// Whose it is.
    pub side: Side,
    /// Instructions that one time takes.
    pub instructions: f64,
    /// How many more than the raw calls, or than C where there are none.
    pub over: f64,
    /// Whether it is a thin layer, whose difference is the same on every machine.
    pub thin: bool,
}

/// Counts the instructions of each way of a job. `None` for a job of which there is nothing to count.
///
/// # Errors
///
/// When valgrind is not there, or fails.
pub fn count(job: &Job, which: Which) -> Result<Option<Counted>, String> {
    let Some(times) = job.counted else { return Ok(None) };
    let mut ways = (job.ways)(job.items.small);
    let base = [RAW, BY_FIELD].into_iter().find(|name| ways.iter().any(|way| way.name == *name)).unwrap_or(C);
    if which == Which::Thin {
        if !ways.iter().any(is_thin) {
            return Ok(None);
        }
        ways.retain(|way| is_thin(way) || way.name == base);
    }
    let base = ways.iter().position(|way| way.name == base).unwrap_or(0);
    let mut counts = Vec::new();
    for way in &ways {
        let (once, twice) = (collected(job, way, times)?, collected(job, way, 2 * times)?);
        counts.push(twice.saturating_sub(once) as f64 / times as f64);
    }
    let ways = ways.iter().zip(&counts).map(|(way, &instructions)| Count {
        name: way.name,
        side: way.side,
        instructions,
        over: instructions - counts[base],
        thin: is_thin(way),
    });
    Ok(Some(Counted { job: job.name, what: job.what, items: job.items.small, ways: ways.collect() }))
}

/// Which ways to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// Thin layers, and what they are held against.
    Thin,
}

/// It does what the raw calls do, and is to take as long.
fn is_thin(way: &Way) -> bool {
    way.side == Side::Ours && way.targets.iter().any(|target| target.at_most == 1.0)
}

/// Does the work once, for callgrind. Whether there is such work.
pub fn one(jobs: &[&Job], job: &str, way: &str, times: u64) -> bool {
    let Some(job) = jobs.iter().find(|candidate| candidate.name == job) else { return false };
    let mut ways = (job.ways)(job.items.small);
    let Some(way) = ways.iter_mut().find(|candidate| candidate.name == way) else { return false };
    counted_work(&mut way.work, times);
    true
}

/// Callgrind counts while this runs, and not while the data are made, which may take a little more or less from run to run.
#[inline(never)]
fn counted_work(work: &mut Work, times: u64) {
    work(times);
}

fn collected(job: &Job, way: &Way, times: u64) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| format!("this program does not find itself: {error}"))?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*counted_work*"])
        .arg(program)
        .args(["--one", job.name, way.name, &times.to_string()])
        .output()
        .map_err(|error| format!("valgrind does not start: {error}; install it to count instructions"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let total = said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    match total {
        Some(total) if output.status.success() => Ok(total),
        _ => Err(format!("valgrind failed at {} of {}: {}", way.name, job.name, said.trim())),
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.jobs.iter().flat_map(|job| job.ways.iter().enumerate().map(|(at, way)| row(job, at, way)));
        let header = ["job", "held as", "instructions", "an item", "more than raw"];
        writeln!(f, "{}\n{}", self.machine.line(), table(header, 2..5, rows))?;
        writeln!(
            f,
            "Instructions of one time, by callgrind, as the difference of two run lengths. Where there are no raw calls: more than {C}."
        )
    }
}

fn row(job: &Counted, at: usize, way: &Count) -> [String; 5] {
    [
        if at == 0 { job.job.to_owned() } else { String::new() },
        if way.side == Side::Ours { format!("{} *", way.name) } else { way.name.to_owned() },
        digits(way.instructions),
        digits(way.instructions / job.items as f64),
        format!("{}{}", if way.over > 0.0 { "+" } else { "" }, digits(way.over)),
    ]
}

/// Whole numbers as such.
fn digits(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number}") } else { format!("{number:.2}") }
}

/// What thin layers take beyond the raw calls: the checked-in file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Expected {
    /// What they were compiled with.
    rustc: String,
    /// Job, way, instructions of one time.
    over: BTreeMap<String, BTreeMap<String, f64>>,
}

impl Expected {
    /// What was counted, to be checked in.
    pub fn of(counts: &Counts) -> Expected {
        let mut over = BTreeMap::new();
        for job in &counts.jobs {
            let thin = job.ways.iter().filter(|way| way.thin).map(|way| (way.name.to_owned(), way.over));
            let thin: BTreeMap<_, _> = thin.collect();
            if !thin.is_empty() {
                over.insert(job.job.to_owned(), thin);
            }
        }
        Expected { rustc: Machine::rustc().to_owned(), over }
    }

    /// The file as text.
    ///
    /// # Errors
    ///
    /// None that is known.
    pub fn to_json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// What differs, in a sentence each: first what is worse, then what is better.
    pub fn compare(&self, counts: &Counts) -> (Vec<String>, Vec<String>) {
        let (mut worse, mut better) = (Vec::new(), Vec::new());
        for (job, thin) in &Expected::of(counts).over {
            for (way, &over) in thin {
                let what = format!("{job}, {way}: {} instructions more than raw", digits(over));
                match self.over.get(job).and_then(|ways| ways.get(way)) {
                    None => worse.push(format!("{what}, and none are expected: is it new?")),
                    Some(&expected) if over > expected + 0.005 => {
                        worse.push(format!("{what}, not {}; expected with {}", digits(expected), self.rustc));
                    }
                    Some(&expected) if over < expected - 0.005 => {
                        better.push(format!("{what}, not {}", digits(expected)));
                    }
                    Some(_) => {}
                }
            }
        }
        (worse, better)
    }
}

#[cfg(test)]
mod tests {
    use super::{Count, Counted, Counts, Expected};
    use crate::job::Side;
    use crate::machine::Machine;

    fn counts(over: f64) -> Counts {
        let way = Count { name: "ours", side: Side::Ours, instructions: 100.0 + over, over, thin: true };
        let peer = Count { name: "peer", side: Side::Peer, instructions: 1.0, over: -99.0, thin: false };
        let job = Counted { job: "job", what: "", items: 1, ways: vec![way, peer] };
        Counts { machine: Machine::this(), jobs: vec![job] }
    }

    #[test]
    fn one_instruction_more_is_worse_and_one_less_is_better() {
        let expected: Expected = serde_json::from_str(&Expected::of(&counts(1.0)).to_json().expect("it is plain"))
            .expect("it was just written");
        assert_eq!(expected.compare(&counts(1.0)), (vec![], vec![]));
        let (worse, better) = expected.compare(&counts(2.0));
        assert!(worse[0].contains("job, ours: 2 instructions more than raw, not 1") && better.is_empty(), "{worse:?}");
        let (worse, better) = expected.compare(&counts(0.0));
        assert!(worse.is_empty() && better[0].contains("job, ours: 0 instructions"), "{better:?}");
    }

    #[test]
    fn what_is_new_is_told() {
        let nothing = Expected::of(&Counts { machine: Machine::this(), jobs: vec![] });
        assert_eq!(nothing.compare(&counts(0.0)).0.len(), 1);
    }
}
