//! How much the ledger writes down, and what it does about a fault; both may be changed at any time.

use core::fmt;
use core::sync::atomic::{AtomicBool, AtomicU8, Ordering};

/// How much is written down of each object.
///
/// From the variable `CSTRUCT_LEDGER` (`off`, `counts`, `sites`, `backtraces`), or [`set_level`]. Off unless asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Level {
    /// Nothing.
    Off = 0,
    /// How many of each type were adopted and released.
    Counts = 1,
    /// Each live object: address, type, place in the source, thread, age, number. Faults are caught from here on.
    Sites = 2,
    /// And the whole backtrace of its adoption, which costs microseconds each.
    Backtraces = 3,
}

/// What is done about a [`Fault`](super::Fault), beside keeping it for [`faults`](super::faults).
///
/// From the variable `CSTRUCT_LEDGER_FAULT` (`record`, `log`, `panic`, `abort`), or [`set_on_fault`]. [`Log`](OnFault::Log) unless said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum OnFault {
    /// Nothing more.
    Record = 0,
    /// A line on standard error.
    Log = 1,
    /// A panic where it happened: for tests. In a destructor that runs while its thread panics already, as
    /// [`Log`](OnFault::Log).
    Panic = 2,
    /// A line on standard error, and the end of the process: for a debugger.
    Abort = 3,
}

/// Not yet read from the environment.
const UNREAD: u8 = u8::MAX;

static LEVEL: AtomicU8 = AtomicU8::new(UNREAD);
static ON_FAULT: AtomicU8 = AtomicU8::new(UNREAD);
/// Whether anything was ever written down, so that releases must be.
static WATCHING: AtomicBool = AtomicBool::new(false);
/// Whether an adoption may have gone unseen, so that an unknown release is no fault.
static GAPS: AtomicBool = AtomicBool::new(false);

/// Whether anything ever left by `into_raw`, so that an adoption may be a return.
static GIVEN_UP: AtomicBool = AtomicBool::new(false);

/// The level that adoptions are written down at.
pub fn level() -> Level {
    let level = Level::of(LEVEL.load(Ordering::Relaxed));
    // Reading allocates, and the allocator may ask.
    level.or_else(|| super::here::quietly(read_environment)).unwrap_or_else(|| {
        note_gap();
        Level::Off
    })
}

/// Changes the level. What is written down stays, and its release will be seen; what lives and was not written down stays
/// unknown, and its release is no fault.
pub fn set_level(level: Level) {
    if level < Level::Sites {
        note_gap();
    }
    LEVEL.store(level as u8, Ordering::Relaxed);
    if level > Level::Off {
        WATCHING.store(true, Ordering::Relaxed);
    }
}

/// What is done about a fault.
pub fn on_fault() -> OnFault {
    match ON_FAULT.load(Ordering::Relaxed) {
        0 => OnFault::Record,
        1 => OnFault::Log,
        2 => OnFault::Panic,
        3 => OnFault::Abort,
        _ => {
            let value =
                variable("CSTRUCT_LEDGER_FAULT", "record, log, panic, abort", OnFault::Log, |text| match text {
                    "record" => Some(OnFault::Record),
                    "log" => Some(OnFault::Log),
                    "panic" => Some(OnFault::Panic),
                    "abort" => Some(OnFault::Abort),
                    _ => None,
                });
            set_on_fault(value);
            value
        }
    }
}

/// Changes what is done about a fault.
pub fn set_on_fault(on_fault: OnFault) {
    ON_FAULT.store(on_fault as u8, Ordering::Relaxed);
}

#[inline]
pub(super) fn is_off() -> bool {
    LEVEL.load(Ordering::Relaxed) == Level::Off as u8
}

/// Whether each object is written down, and nothing more than that: the level that has to be quick.
#[inline]
pub(super) fn is_sites() -> bool {
    LEVEL.load(Ordering::Relaxed) == Level::Sites as u8
}

#[inline]
pub(super) fn is_watching() -> bool {
    WATCHING.load(Ordering::Relaxed)
}

#[inline]
pub(super) fn was_given_up() -> bool {
    GIVEN_UP.load(Ordering::Relaxed)
}

pub(super) fn note_given_up() {
    GIVEN_UP.store(true, Ordering::Relaxed);
}

pub(super) fn note_gap() {
    GAPS.store(true, Ordering::Relaxed);
}

pub(super) fn has_gaps() -> bool {
    GAPS.load(Ordering::Relaxed)
}

#[cold]
fn read_environment() -> Level {
    let level = variable("CSTRUCT_LEDGER", "off, counts, sites, backtraces", Level::Off, |text| match text {
        "off" | "" => Some(Level::Off),
        "counts" => Some(Level::Counts),
        "sites" => Some(Level::Sites),
        "backtraces" => Some(Level::Backtraces),
        _ => None,
    });
    if level < Level::Sites {
        note_gap();
    }
    // Only over `UNREAD`: somebody may have set it meanwhile.
    super::exit::read_environment();
    match LEVEL.compare_exchange(UNREAD, level as u8, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => {
            if level > Level::Off {
                WATCHING.store(true, Ordering::Relaxed);
            }
            level
        }
        Err(set) => Level::of(set).unwrap_or(level),
    }
}

/// A variable's value; one that means nothing is told on standard error, once, and counts as not set.
fn variable<V>(name: &str, words: &str, unset: V, read: impl FnOnce(&str) -> Option<V>) -> V {
    let Some(text) = std::env::var_os(name) else { return unset };
    text.to_str().and_then(read).unwrap_or_else(|| {
        super::say(format_args!(
            "{name}={} is none of its words, and is passed over; write one of {words}",
            text.display()
        ));
        unset
    })
}

impl Level {
    fn of(word: u8) -> Option<Level> {
        [Level::Off, Level::Counts, Level::Sites, Level::Backtraces].get(usize::from(word)).copied()
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Off => "off",
            Level::Counts => "counts",
            Level::Sites => "sites",
            Level::Backtraces => "backtraces",
        })
    }
}
