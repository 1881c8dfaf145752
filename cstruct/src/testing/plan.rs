//! What is refused in the present run, and on which threads: the one piece of state that every source of faults asks.
//!
//! ```text
//!   C ──► source ──► asks(books) ──► Exempt    not counted, never refused: no run, another thread, Rust's own, or set-up
//!                                    Granted   counted
//!                                    Refused   counted: C is answered with NULL
//! ```

use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;
use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::backtrace::Backtrace;
use std::sync::{Mutex, PoisonError};
use std::thread::LocalKey;

use super::{Books, Mode, Point};

/// The plan of the run that is going on. Every field is sequentially consistent: a request takes long enough anyway.
struct Plan {
    running: AtomicBool,
    everyone: AtomicBool,
    /// The address of the books whose source is tortured.
    source: AtomicUsize,
    asked: AtomicU64,
    refused: AtomicU64,
    /// 0 refuses nothing.
    fail_at: AtomicU64,
    sticky: AtomicBool,
    traced: AtomicBool,
}

static PLAN: Plan = Plan {
    running: AtomicBool::new(false),
    everyone: AtomicBool::new(false),
    source: AtomicUsize::new(0),
    asked: AtomicU64::new(0),
    refused: AtomicU64::new(0),
    fail_at: AtomicU64::new(0),
    sticky: AtomicBool::new(false),
    traced: AtomicBool::new(false),
};

/// Where the first refused request of a run under a debugger came from.
static TRACE: Mutex<Option<Trace>> = Mutex::new(None);

/// What was refused, and where it came from.
pub(super) struct Trace {
    pub(super) what: &'static str,
    pub(super) backtrace: Backtrace,
}

// Constant and without a destructor: no thread allocates to have them, and they are there until its very end. A source may be asked from
// within `malloc` at any moment of a thread's life.
std::thread_local! {
    static ARMED: Cell<bool> = const { Cell::new(false) };
    static EXEMPT: Cell<u32> = const { Cell::new(0) };
    /// How often this thread is inside of Rust's allocator or of the books.
    static RUSTS_OWN: Cell<u32> = const { Cell::new(0) };
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Not part of a run: it is neither counted nor refused.
    Exempt,
    /// Counted under this number, and granted.
    Granted(u64),
    /// Counted, and refused.
    Refused,
}

/// Asks whether a request of the source with these books is to be refused.
pub(super) fn asks(books: &Books) -> Request {
    let ours = PLAN.running.load(SeqCst) && PLAN.source.load(SeqCst) == (&raw const *books).addr();
    if ours { count("an allocation") } else { Request::Exempt }
}

/// Whether a call of the function `name` is to fail, where it may fail without asking for memory.
///
/// A stand-in for C (a fake `read`, a callback of the scenario) asks here and fails if told so. The calls are numbered among the allocations, and
/// each is refused in its turn. Outside of a torture the answer is no.
///
/// ```
/// use cstruct::testing::{NoMemory, Torture, fallible};
///
/// fn connect() -> Result<u32, &'static str> {
///     if fallible("connect") { Err("refused") } else { Ok(3) }
/// }
/// let report = Torture::new("two connections", &NoMemory::new()).run(|| {
///     connect()?;
///     connect()
/// });
/// assert_eq!((report.requests, report.points()), (2, 4));
/// ```
pub fn fallible(name: &'static str) -> bool {
    PLAN.running.load(SeqCst) && count(name) == Request::Refused
}

fn count(what: &'static str) -> Request {
    if EXEMPT.get() > 0 || is_rusts_own() || !(ARMED.get() || PLAN.everyone.load(SeqCst)) {
        return Request::Exempt;
    }
    let number = PLAN.asked.fetch_add(1, SeqCst) + 1;
    let fail_at = PLAN.fail_at.load(SeqCst);
    let is_its_turn = if PLAN.sticky.load(SeqCst) { number >= fail_at } else { number == fail_at };
    let refused = fail_at != 0 && is_its_turn;
    if !refused {
        return Request::Granted(number);
    }
    PLAN.refused.fetch_add(1, SeqCst);
    refuse(what);
    Request::Refused
}

/// Called at every refusal with what is refused: the place for a breakpoint. It does nothing, but keeps a backtrace of the first one when a
/// single point is run.
#[inline(never)]
pub fn refuse(what: &'static str) {
    if PLAN.traced.swap(false, SeqCst) {
        rusts_own(|| {
            let trace = Trace { what, backtrace: Backtrace::force_capture() };
            *TRACE.lock().unwrap_or_else(PoisonError::into_inner) = Some(trace);
        });
    }
}

/// Whether a request was refused so far in the run that is going on.
///
/// A scenario asks it to tell an error that it may expect from one that it may not.
pub fn refused() -> bool {
    PLAN.running.load(SeqCst) && PLAN.refused.load(SeqCst) > 0
}

// ---- Threads.

/// Runs something on this thread without counting or refusing what it asks for.
///
/// It is for what a scenario needs and does not test. Rust's own allocations are exempt by [`RustAlloc`](super::RustAlloc).
pub fn exempt<R>(run: impl FnOnce() -> R) -> R {
    let _inside = Inside::of(&EXEMPT);
    run()
}

/// Runs something of Rust's own: what it asks for is exempt, and what it gives back is in no books.
pub(super) fn rusts_own<R>(run: impl FnOnce() -> R) -> R {
    let _inside = Inside::of(&RUSTS_OWN);
    run()
}

/// Whether a request of this thread would be Rust's own.
pub(super) fn is_rusts_own() -> bool {
    RUSTS_OWN.get() > 0
}

struct Inside(&'static LocalKey<Cell<u32>>);

impl Inside {
    fn of(depth: &'static LocalKey<Cell<u32>>) -> Inside {
        depth.set(depth.get() + 1);
        Inside(depth)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// Makes this thread part of a run until it is dropped.
#[must_use = "dropping it disarms the thread"]
pub struct Armed {
    before: bool,
    of_this_thread: PhantomData<*mut ()>,
}

/// The right to make another thread part of the run: taken on a thread that is, given to the one that it starts.
///
/// ```
/// use cstruct::testing::{NoMemory, Torture, arming, fallible};
///
/// let report = Torture::new("a thread", &NoMemory::new()).run(|| {
///     let arming = arming();
///     let thread = std::thread::spawn(move || {
///         let _armed = arming.here();
///         fallible("elsewhere")
///     });
///     thread.join().expect("no panic");
/// });
/// assert_eq!(report.requests, 1);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Arming(bool);

/// Whether this thread is part of the run, for a thread that it starts.
pub fn arming() -> Arming {
    Arming(ARMED.get())
}

impl Arming {
    /// Makes this thread part of the run, if the one that took this is.
    pub fn here(self) -> Armed {
        Armed { before: ARMED.replace(self.0), of_this_thread: PhantomData }
    }
}

impl Drop for Armed {
    fn drop(&mut self) {
        ARMED.set(self.before);
    }
}

impl fmt::Debug for Armed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Armed")
    }
}

// ---- For the torture.

/// What a run counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    pub(super) asked: u64,
    pub(super) refused: u64,
}

/// Runs something with this thread armed, and nothing or one point refused.
///
/// The caller holds the [lock](super::torture) of the process, so that there is one run at a time, and `run` does not unwind.
pub(super) fn run<R>(
    books: &Books,
    everyone: bool,
    point: Option<Point>,
    traced: bool,
    run: impl FnOnce() -> R,
) -> (R, Counted) {
    PLAN.source.store((&raw const *books).addr(), SeqCst);
    PLAN.everyone.store(everyone, SeqCst);
    PLAN.asked.store(0, SeqCst);
    PLAN.refused.store(0, SeqCst);
    PLAN.fail_at.store(point.map_or(0, |point| point.number), SeqCst);
    PLAN.sticky.store(point.is_some_and(|point| point.mode == Mode::Sticky), SeqCst);
    PLAN.traced.store(traced, SeqCst);
    PLAN.running.store(true, SeqCst);
    let armed = Arming(true).here();
    let result = run();
    drop(armed);
    PLAN.running.store(false, SeqCst);
    (result, Counted { asked: PLAN.asked.load(SeqCst), refused: PLAN.refused.load(SeqCst) })
}

/// The backtrace of the first refusal, if one was kept.
pub(super) fn take_trace() -> Option<Trace> {
    TRACE.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Whether this thread is inside a run.
pub(super) fn is_armed() -> bool {
    ARMED.get()
}
