//! What a torture found: figures if it passed, and if not the first point that failed, with how to run it again.

use core::fmt;
use std::string::String;
use std::vec::Vec;

use super::{Block, Mode, Point};

/// The environment variable that runs one point alone.
pub const POINT_VARIABLE: &str = "CSTRUCT_TORTURE_POINT";

/// What a torture did, all of which was as it should be.
///
/// Its text is one line: `csv load: 1234 requests, 2468 points (1234 once, 1234 sticky): 2468 failed as they should, 0 went well all the same`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The name of the torture.
    pub name: String,
    /// How many requests a run without faults makes.
    pub requests: u64,
    /// Points tried with one request refused.
    pub once: u64,
    /// Points tried with all from one on refused.
    pub sticky: u64,
    /// Runs in which the scenario returned an error, or panicked as declared.
    pub failed: u64,
    /// Runs in which it did its work although something was refused.
    pub recovered: u64,
    /// Runs that ended before their point, in a scenario that was declared to [vary](super::Torture::varies).
    pub missed: u64,
}

impl Report {
    /// How many points were tried.
    pub fn points(&self) -> u64 {
        self.once + self.sticky
    }

    /// Whether every request was refused, once and sticky.
    pub fn is_exhaustive(&self) -> bool {
        self.missed == 0 && self.once == self.requests && self.sticky == self.requests
    }

    pub(super) fn count(&mut self, mode: Mode) {
        *match mode {
            Mode::Once => &mut self.once,
            Mode::Sticky => &mut self.sticky,
        } += 1;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { name, requests, once, sticky, failed, recovered, missed } = self;
        write!(f, "{name}: {requests} requests, {} points ({once} once, {sticky} sticky)", self.points())?;
        write!(f, ": {failed} failed as they should, {recovered} went well all the same")?;
        if *missed > 0 {
            write!(f, ", {missed} were not reached")?;
        }
        Ok(())
    }
}

/// The first point at which something was not as it should be.
///
/// Its text says what, at which point, and how to run that point alone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The name of the torture.
    pub name: String,
    /// Which request was refused, and how; `None` for a run without a fault.
    pub point: Option<Point>,
    /// How many requests a run without faults makes; 0 if there was none yet.
    pub requests: u64,
    /// What was wrong.
    pub cause: Cause,
    /// The test that ran it, if its thread has a name.
    pub test: Option<String>,
}

/// What was wrong with a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The source does not work in this program.
    NotReady(&'static str),
    /// The scenario panicked, and had not declared it.
    Panicked(String),
    /// These blocks were made in the run and still live.
    Leaked(Vec<Block>),
    /// So many blocks fewer live than before the run.
    Released(usize),
    /// The library broke a rule of its allocator.
    Broke(String),
    /// A count of the scenario's own is not what it was.
    Unbalanced {
        /// Its name.
        what: String,
        /// Before the run.
        before: u64,
        /// After it.
        after: u64,
    },
    /// The scenario failed although nothing was refused.
    Failed(String),
    /// The scenario went well although something was refused, and it was declared that it [must not](super::Torture::must_surface).
    Swallowed,
    /// The run ended before its point: the scenario does not do the same every time.
    Missed {
        /// How many requests it made.
        made: u64,
    },
    /// There is nothing that could be refused.
    NoRequests,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::NotReady(what) => f.write_str(what),
            Cause::Panicked(message) => write!(f, "the scenario panicked: {message}"),
            Cause::Leaked(blocks) => {
                let bytes: usize = blocks.iter().map(|block| block.size).sum();
                write!(f, "{} leaked, {bytes} bytes: made by request", Blocks(blocks.len()))?;
                for (index, block) in blocks.iter().take(8).enumerate() {
                    write!(f, "{}{} ({} bytes)", if index == 0 { " " } else { ", " }, block.request, block.size)?;
                }
                f.write_str(if blocks.len() > 8 { ", …" } else { "" })
            }
            Cause::Released(count) => {
                write!(f, "{} fewer than before the run; something that was there before it was released", Blocks(*count))
            }
            Cause::Broke(what) => f.write_str(what),
            Cause::Unbalanced { what, before, after } => write!(f, "{what}: {before} before the run, {after} after it"),
            Cause::Failed(error) => write!(f, "the scenario fails without any fault: {error}"),
            Cause::Swallowed => f.write_str("the scenario went well, so that the refusal was swallowed somewhere"),
            Cause::Missed { made } => write!(
                f,
                "the run ended after {made} requests, before its point; make the scenario do the same every time, or declare that it varies"
            ),
            Cause::NoRequests => f.write_str(
                "the scenario asks for nothing that could be refused; see that it reaches the library, and the library the source of faults",
            ),
        }
    }
}

struct Blocks(usize);

impl fmt::Display for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} block{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { name, point, requests, cause, test } = self;
        let Some(point) = point else { return write!(f, "torture `{name}`, without a fault: {cause}") };
        let (number, refused) = (
            point.number,
            match point.mode {
                Mode::Once => "refused once",
                Mode::Sticky => "and all after it refused",
            },
        );
        write!(f, "torture `{name}`, request {number} of {requests} {refused} (point {point}): {cause}; ")?;
        write!(f, "to run this point alone: {POINT_VARIABLE}='{name}/{point}' cargo test")?;
        if let Some(test) = test {
            write!(f, " -- --exact {test} --nocapture")?;
        }
        f.write_str(", with a breakpoint at cstruct::testing::refuse")
    }
}

impl core::error::Error for Failure {}
