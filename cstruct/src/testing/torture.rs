//! Runs a scenario again and again, each time with another request refused.

use core::any::Any;
use core::fmt;
use std::boxed::Box;
use std::eprintln;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::string::{String, ToString};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::vec::Vec;

use super::{Cause, Failure, FaultSource, Mode, Outcome, POINT_VARIABLE, Point, Report, plan, sample};
use plan::Trace;

/// One torture, or law of conformance, at a time in a process: the plan is the process's.
pub(super) static ALONE: Mutex<()> = Mutex::new(());

/// Fault injection for one scenario.
///
/// The scenario is a closure that opens, uses and releases. It runs twice without a fault: once so that what is set up once in a process is set
/// up, and once to count its requests. Then it runs once for each request with that one refused, and once with that one and all
/// after it. After every run:
///
/// * it has not panicked, unless it was [declared](Torture::may_panic);
/// * what it allocated is released again, and nothing else; and so for [counts of its own](Torture::balances);
/// * it has returned yes, or an error if something was refused. What else must hold it asserts itself; see [`refused`](super::refused).
///
/// Requests are counted that come from the thread of the scenario, and from those [armed](super::arming) by it.
///
/// ```
/// # use cstruct::testing::{Hook, Torture};
/// # static HOOK: Hook = Hook::new();
/// # struct Doc(*mut core::ffi::c_void);
/// # impl Doc {
/// #     fn open() -> Result<Doc, &'static str> { let raw = HOOK.alloc(8); if raw.is_null() { Err("no memory") } else { Ok(Doc(raw)) } }
/// #     fn copy(&self) -> Result<Doc, &'static str> { Doc::open() }
/// # }
/// # impl Drop for Doc { fn drop(&mut self) { unsafe { HOOK.release(self.0, 8) } } }
/// let report = Torture::new("copy", &HOOK).run(|| {
///     let doc = Doc::open()?;
///     doc.copy()
/// });
/// assert!(report.is_exhaustive());
/// assert_eq!(
///     report.to_string(),
///     "copy: 2 requests, 4 points (2 once, 2 sticky): 4 failed as they should, 0 went well all the same",
/// );
/// ```
///
/// # A point that fails
///
/// The panic of [`run`](Torture::run) names it, as in `17:sticky`, and the environment variable that runs it alone:
/// `CSTRUCT_TORTURE_POINT='copy/17:sticky'`; without `copy/` it is the point of every torture in the program. That run prints where the refused request
/// came from, and [`refuse`](super::refuse) is the place for a breakpoint.
#[must_use = "it does nothing until it is run"]
pub struct Torture<'s> {
    name: String,
    source: &'s dyn FaultSource,
    at_most: Option<u64>,
    seed: u64,
    everyone: bool,
    varies: bool,
    must_surface: bool,
    may_panic: Option<Allows<'s>>,
    balances: Vec<Balance<'s>>,
    only: Option<Point>,
}

/// Tells by its message whether a panic was declared.
type Allows<'s> = Box<dyn Fn(&str) -> bool + 's>;

struct Balance<'s> {
    what: String,
    count: Box<dyn Fn() -> u64 + 's>,
}

/// Making one.
impl<'s> Torture<'s> {
    /// A torture through one source of faults. The name stands in the report.
    pub fn new(name: &str, source: &'s dyn FaultSource) -> Self {
        Torture {
            name: name.to_string(),
            source,
            at_most: None,
            seed: 0,
            everyone: false,
            varies: false,
            must_surface: false,
            may_panic: None,
            balances: Vec::new(),
            only: None,
        }
    }

    /// Tries no more than so many points of each mode. Where there are more, the requests are cut into as many equal stretches, and one
    /// is taken out of each, at random, so that no step of a loop is missed every time.
    pub fn at_most(mut self, points: u64) -> Self {
        self.at_most = Some(points);
        self
    }

    /// Takes another sample, always the same for one number.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Counts the requests of all threads of the process, for a library that starts threads itself. Nothing else may use it meanwhile.
    pub fn all_threads(mut self) -> Self {
        self.everyone = true;
        self
    }

    /// Allows that a run makes fewer requests than the first: a point that is not reached is counted, and no failure.
    pub fn varies(mut self) -> Self {
        self.varies = true;
        self
    }

    /// Demands that the scenario returns an error in every run in which something was refused.
    pub fn must_surface(mut self) -> Self {
        self.must_surface = true;
        self
    }

    /// Declares the panics that are right after a refusal, by their messages.
    pub fn may_panic(mut self, allows: impl Fn(&str) -> bool + 's) -> Self {
        self.may_panic = Some(Box::new(allows));
        self
    }

    /// A count that must be the same after each run as before it: live objects, open files. It is asked outside of the runs.
    pub fn balances(mut self, what: &str, count: impl Fn() -> u64 + 's) -> Self {
        self.balances.push(Balance { what: what.to_string(), count: Box::new(count) });
        self
    }

    /// Runs this point alone, as the environment variable does.
    pub fn only(mut self, point: Point) -> Self {
        self.only = Some(point);
        self
    }
}

/// Running it.
impl Torture<'_> {
    /// Runs it.
    ///
    /// # Panics
    ///
    /// With the text of the [`Failure`] at the first point that fails.
    #[track_caller]
    pub fn run<R: Outcome>(&self, scenario: impl Fn() -> R) -> Report {
        match self.try_run(scenario) {
            Ok(report) => report,
            Err(failure) => panic!("{failure}"),
        }
    }

    /// Runs it, up to the first point that fails.
    ///
    /// # Errors
    ///
    /// That point, and what was wrong.
    ///
    /// # Panics
    ///
    /// When called by a scenario, and when the environment variable holds no point.
    pub fn try_run<R: Outcome>(&self, scenario: impl Fn() -> R) -> Result<Report, Failure> {
        assert!(!plan::is_armed(), "a scenario must not start a torture; run one after the other");
        let mut report =
            Report { name: self.name.clone(), requests: 0, once: 0, sticky: 0, failed: 0, recovered: 0, missed: 0 };
        let only = match self.only.map(Asked::Point).or_else(|| asked_for(&self.name)) {
            Some(Asked::Other) => return Ok(report),
            Some(Asked::Point(point)) => Some(point),
            None => None,
        };
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let fails = |point, requests, cause| Failure {
            name: self.name.clone(),
            point,
            requests,
            cause,
            test: thread::current().name().map(ToString::to_string),
        };
        self.source.ready().map_err(|what| fails(None, 0, Cause::NotReady(what)))?;
        self.source.books().begin_anew();
        match self.one(None, false, &scenario) {
            // What is set up once stays; what stays every time is found by the next run.
            Ok(_) | Err(Cause::Leaked(_) | Cause::Released(_) | Cause::Unbalanced { .. }) => {}
            Err(cause) => return Err(fails(None, 0, cause)),
        }
        let counted = self.one(None, false, &scenario).map_err(|cause| fails(None, 0, cause))?;
        report.requests = counted.asked;
        if counted.asked == 0 {
            return Err(fails(None, 0, Cause::NoRequests));
        }
        for mode in [Mode::Once, Mode::Sticky] {
            for number in sample::numbers(counted.asked, self.at_most, self.seed) {
                let point = Point { number, mode };
                if only.is_none() {
                    self.point(point, false, &scenario, &mut report)
                        .map_err(|cause| fails(Some(point), counted.asked, cause))?;
                }
            }
        }
        if let Some(point) = only {
            let result = self.point(point, true, &scenario, &mut report);
            if let Some(Trace { what, backtrace }) = plan::take_trace() {
                eprintln!(
                    "torture `{}`, point {point}: the first refusal, of {what}, came from\n{backtrace}",
                    self.name
                );
            }
            result.map_err(|cause| fails(Some(point), counted.asked, cause))?;
        }
        Ok(report)
    }

    fn point<R: Outcome>(
        &self,
        point: Point,
        traced: bool,
        scenario: &impl Fn() -> R,
        report: &mut Report,
    ) -> Result<(), Cause> {
        let ran = self.one(Some(point), traced, scenario)?;
        report.count(point.mode);
        if ran.refused == 0 {
            report.missed += 1;
            if !self.varies {
                return Err(Cause::Missed { made: ran.asked });
            }
        } else if ran.failed {
            report.failed += 1;
        } else {
            report.recovered += 1;
            if self.must_surface {
                return Err(Cause::Swallowed);
            }
        }
        Ok(())
    }

    /// One run, and all that must hold after it.
    fn one<R: Outcome>(&self, point: Option<Point>, traced: bool, scenario: &impl Fn() -> R) -> Result<Ran, Cause> {
        let books = self.source.books();
        let before = books.addresses();
        let balances: Vec<u64> = self.balances.iter().map(|balance| (balance.count)()).collect();

        let guarded = || catch_unwind(AssertUnwindSafe(scenario));
        let (result, counted) = plan::run(books, self.everyone, point, traced, guarded);
        // What it returned may hold objects: their release, and the error's text, belong to the scenario.
        let verdict = result.and_then(|outcome| catch_unwind(AssertUnwindSafe(|| outcome.verdict())));

        let failed = match verdict {
            Ok(Ok(())) => false,
            Ok(Err(error)) if counted.refused == 0 => return Err(Cause::Failed(error)),
            Ok(Err(_)) => true,
            Err(payload) => {
                let message = message(&*payload);
                let declared = self.may_panic.as_ref().is_some_and(|allows| allows(&message));
                if counted.refused == 0 || !declared {
                    return Err(Cause::Panicked(message));
                }
                true
            }
        };
        if let Some(what) = books.take_fault() {
            return Err(Cause::Broke(what));
        }
        let live = books.live();
        if live > before.len() {
            return Err(Cause::Leaked(books.since(&before)));
        }
        if live < before.len() {
            return Err(Cause::Released(before.len() - live));
        }
        for (balance, before) in self.balances.iter().zip(balances) {
            let after = (balance.count)();
            if after != before {
                return Err(Cause::Unbalanced { what: balance.what.clone(), before, after });
            }
        }
        Ok(Ran { asked: counted.asked, refused: counted.refused, failed })
    }
}

/// What came of a run in which all was as it should be.
struct Ran {
    asked: u64,
    refused: u64,
    failed: bool,
}

/// What the environment variable says to a torture.
enum Asked {
    Point(Point),
    /// It is about another torture.
    Other,
}

fn asked_for(name: &str) -> Option<Asked> {
    let value = std::env::var(POINT_VARIABLE).ok()?;
    let point = match value.rsplit_once('/') {
        Some((other, _)) if other != name => return Some(Asked::Other),
        Some((_, point)) => point,
        None => &value,
    };
    match point.parse() {
        Ok(point) => Some(Asked::Point(point)),
        Err(error) => panic!("{POINT_VARIABLE}={value}: {error}"),
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| String::from("with another payload"))
}

impl fmt::Debug for Torture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Torture").field("name", &self.name).field("at_most", &self.at_most).finish_non_exhaustive()
    }
}
