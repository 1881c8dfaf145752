//! The torture finds what is wrong with a library, and names the request that showed it; the library here has a switch for each fault.
#![cfg(feature = "testing")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::ptr::null_mut;

use cstruct::testing::{Block, Cause, Hook, Mode, NoMemory, Point, Torture, arming, exempt, fallible, refused};

/// What is wrong with the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Nothing,
    LeaksWhenTheNameFails,
    PanicsWhenTheNameFails,
    ForgetsTheSizeOfAName,
    SwallowsTheName,
    LeaksALogLine,
}

/// The library, with its allocator. Each test has its own.
struct Library {
    hook: Hook,
    wrong: Wrong,
    /// What is leaked on purpose, to be taken back at the end.
    lost: RefCell<Vec<(*mut c_void, usize)>>,
}

/// A thing of `THING` bytes, with a name of `NAME`.
struct Thing<'l> {
    raw: *mut *mut c_void,
    library: &'l Library,
}

const THING: usize = size_of::<*mut c_void>();
const NAME: usize = 10;

impl Library {
    fn new(wrong: Wrong) -> Library {
        Library { hook: Hook::new(), wrong, lost: RefCell::default() }
    }

    fn thing(&self) -> Result<Thing<'_>, &'static str> {
        let raw: *mut *mut c_void = self.hook.alloc(THING).cast();
        if raw.is_null() {
            if self.wrong == Wrong::LeaksALogLine {
                self.lose(self.hook.alloc(3), 3);
            }
            return Err("no memory for a thing");
        }
        let name = self.hook.alloc(NAME);
        if name.is_null() && self.wrong != Wrong::SwallowsTheName {
            match self.wrong {
                Wrong::LeaksWhenTheNameFails => self.lose(raw.cast(), THING),
                // SAFETY: made above, and not used again.
                _ => unsafe { self.hook.release(raw.cast(), THING) },
            }
            assert_ne!(self.wrong, Wrong::PanicsWhenTheNameFails, "a name was expected");
            return Err("no memory for a name");
        }
        // SAFETY: there is room for one pointer.
        unsafe { raw.write(name) };
        Ok(Thing { raw, library: self })
    }

    /// Two things.
    fn pair(&self) -> Result<[Thing<'_>; 2], &'static str> {
        Ok([self.thing()?, self.thing()?])
    }

    fn lose(&self, block: *mut c_void, size: usize) {
        exempt(|| self.lost.borrow_mut().push((block, size)));
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        for (block, size) in self.lost.take() {
            // SAFETY: NULL, or a block of the hook's that nobody uses.
            unsafe { self.hook.release(block, size) };
        }
        assert_eq!(self.hook.allocations().live(), 0);
    }
}

impl Drop for Thing<'_> {
    fn drop(&mut self) {
        let Library { hook, wrong, .. } = self.library;
        // SAFETY: written in `thing`.
        let name = unsafe { self.raw.read() };
        let size = if *wrong == Wrong::ForgetsTheSizeOfAName && refused() { 1 } else { NAME };
        // SAFETY: NULL or the name, which nobody uses any more.
        unsafe { hook.release(name, size) };
        // SAFETY: made in `thing`, and nobody uses it any more.
        unsafe { hook.release(self.raw.cast(), THING) };
    }
}

fn point(number: u64, mode: Mode) -> Option<Point> {
    Some(Point { number, mode })
}

#[test]
fn a_sound_library_passes_at_every_point() {
    let library = Library::new(Wrong::Nothing);
    let report = Torture::new("pair", &library.hook).must_surface().run(|| library.pair());
    assert_eq!((report.requests, report.once, report.sticky, report.failed), (4, 4, 4, 8));
    assert!(report.is_exhaustive());
    assert_eq!((report.recovered, report.missed), (0, 0));
}

#[test]
fn a_leak_is_named_with_the_request_that_made_it() {
    let library = Library::new(Wrong::LeaksWhenTheNameFails);
    let failure = Torture::new("pair", &library.hook).try_run(|| library.pair()).expect_err("the thing is leaked");
    assert_eq!((failure.point, failure.requests), (point(2, Mode::Once), 4));
    assert_eq!(failure.cause, Cause::Leaked(vec![Block { request: 1, size: THING }]));
    let text = failure.to_string();
    assert!(text.contains("torture `pair`, request 2 of 4 refused once (point 2:once)"), "{text}");
    assert!(text.contains("1 block leaked, 8 bytes: made by request 1 (8 bytes)"), "{text}");
    assert!(text.contains("CSTRUCT_TORTURE_POINT='pair/2:once'"), "{text}");
    assert!(text.contains("--exact a_leak_is_named_with_the_request_that_made_it"), "{text}");
}

#[test]
fn a_panic_is_named_unless_it_was_declared() {
    let library = Library::new(Wrong::PanicsWhenTheNameFails);
    let scenario = || library.pair();
    let failure = Torture::new("pair", &library.hook).try_run(scenario).expect_err("it panics");
    assert_eq!(failure.point, point(2, Mode::Once));
    let Cause::Panicked(message) = &failure.cause else { panic!("{failure}") };
    assert!(message.contains("a name was expected"), "{message}");

    let other = Torture::new("pair", &library.hook).may_panic(|message| message.contains("another"));
    assert_eq!(other.try_run(scenario).expect_err("not this one").point, point(2, Mode::Once));
    let declared = Torture::new("pair", &library.hook).may_panic(|message| message.contains("a name was expected"));
    assert_eq!(declared.run(scenario).points(), 8);
}

#[test]
fn a_panic_without_a_fault_is_never_right() {
    let none = NoMemory::new();
    let torture = Torture::new("panics", &none).may_panic(|_| true);
    let failure = torture.try_run(|| -> () { panic!("{}", 7) }).expect_err("it panics");
    assert_eq!((failure.point, &failure.cause), (None, &Cause::Panicked("7".to_owned())));
}

#[test]
fn a_size_that_was_forgotten_is_named() {
    let library = Library::new(Wrong::ForgetsTheSizeOfAName);
    let failure = Torture::new("pair", &library.hook)
        .try_run(|| library.pair())
        .expect_err("the first name comes back with another size");
    assert_eq!(failure.point, point(3, Mode::Once));
    let Cause::Broke(what) = &failure.cause else { panic!("{failure}") };
    assert_eq!(what, "a block of 10 bytes came back as one of 1; keep its size");
}

#[test]
fn a_refusal_that_is_swallowed_is_a_fault_where_it_was_declared() {
    let library = Library::new(Wrong::SwallowsTheName);
    let scenario = || library.pair();
    let report = Torture::new("pair", &library.hook).run(scenario);
    // The names do without; of the sticky runs only the one that refuses the last name goes well.
    assert_eq!((report.failed, report.recovered), (2 + 3, 2 + 1));
    let failure =
        Torture::new("pair", &library.hook).must_surface().try_run(scenario).expect_err("the name is swallowed");
    assert_eq!((failure.point, failure.cause), (point(2, Mode::Once), Cause::Swallowed));
}

#[test]
fn sticky_and_once_find_different_faults() {
    let library = Library::new(Wrong::LeaksALogLine);
    // The line is leaked after a refusal, and is a request of its own: a sticky refusal refuses it too.
    let failure = Torture::new("thing", &library.hook).try_run(|| library.thing()).expect_err("it leaks");
    assert_eq!(failure.point, point(1, Mode::Once));
    assert_eq!(failure.cause, Cause::Leaked(vec![Block { request: 2, size: 3 }]));
    let sticky = Torture::new("thing", &library.hook).only(Point { number: 1, mode: Mode::Sticky });
    assert_eq!(sticky.run(|| library.thing()).sticky, 1);
}

#[test]
fn errors_and_counts_without_a_fault_are_faults_of_the_scenario() {
    let failure = Torture::new("fails", &NoMemory::new()).try_run(|| Err::<(), _>("always")).expect_err("it fails");
    assert_eq!((failure.point, failure.cause), (None, Cause::Failed("always".to_owned())));
    let failure = Torture::new("idle", &NoMemory::new()).try_run(|| ()).expect_err("nothing is asked for");
    assert_eq!(failure.cause, Cause::NoRequests);

    let library = Library::new(Wrong::Nothing);
    let (open, work) = (Cell::new(5), || library.pair().is_ok());
    let torture = Torture::new("files", &library.hook).balances("open files", || open.get());
    let scenario = || open.set(open.get() + u64::from(!work()));
    let failure = torture.try_run(scenario).expect_err("a failure leaves one more");
    assert_eq!(failure.point, point(1, Mode::Once));
    assert_eq!(failure.cause, Cause::Unbalanced { what: "open files".to_owned(), before: 5, after: 6 });
}

#[test]
fn what_the_first_run_sets_up_may_stay_and_must_stay() {
    let hook = Hook::new();
    let cache = Cell::new(null_mut::<c_void>());
    let give_up = Cell::new(false);
    let scenario = || {
        if cache.get().is_null() {
            cache.set(hook.alloc(8));
        }
        let block = hook.alloc(1);
        // SAFETY: NULL or made above, and not used again.
        unsafe { hook.release(block, 1) };
        if block.is_null() && give_up.get() {
            // SAFETY: made by the first run, and not used again.
            unsafe { hook.release(cache.replace(null_mut()), 8) };
        }
    };
    let report = Torture::new("cache", &hook).run(scenario);
    assert_eq!((report.requests, report.recovered), (1, 2));
    // SAFETY: made by the first run, and not used again.
    unsafe { hook.release(cache.replace(null_mut()), 8) };
    give_up.set(true);
    let failure = Torture::new("cache", &hook).try_run(scenario).expect_err("a block that was there is gone");
    assert_eq!((failure.point, failure.cause), (point(1, Mode::Once), Cause::Released(1)));
    assert_eq!(hook.allocations().live(), 0);
}

#[test]
fn what_an_earlier_torture_left_may_end_at_any_time() {
    let hook = Hook::new();
    let left = Cell::new(null_mut::<c_void>());
    let scenario = || {
        let block = hook.alloc(1);
        // SAFETY: NULL or made above, and not used again.
        unsafe { hook.release(block, 1) };
    };
    Torture::new("leaves one", &hook).run(|| {
        if left.get().is_null() {
            left.set(hook.alloc(8));
        }
        scenario();
    });
    let runs = Cell::new(0);
    Torture::new("another", &hook).run(|| {
        runs.set(runs.get() + 1);
        if runs.get() == 3 {
            // SAFETY: made by the first one, and not used again.
            unsafe { hook.release(left.get(), 8) };
        }
        scenario();
    });
    assert_eq!(runs.get(), 4);
    assert_eq!(hook.allocations().live(), 0);
}

#[test]
fn a_scenario_that_varies_says_so() {
    let runs = Cell::new(0_u32);
    let library = Library::new(Wrong::Nothing);
    // Two things in the first two runs, one later.
    let scenario = || {
        runs.set(runs.get() + 1);
        library.thing()?;
        if runs.get() <= 2 {
            library.thing()?;
        }
        Ok::<_, &str>(())
    };
    let failure = Torture::new("varies", &library.hook).try_run(scenario).expect_err("the third request is not there");
    assert_eq!((failure.point, failure.cause), (point(3, Mode::Once), Cause::Missed { made: 2 }));
    runs.set(0);
    let report = Torture::new("varies", &library.hook).varies().run(scenario);
    assert_eq!((report.points(), report.missed), (8, 4));
    assert!(!report.is_exhaustive());
}

#[test]
fn a_sample_is_bounded_and_says_so() {
    let tried = RefCell::new(BTreeSet::new());
    let report = Torture::new("loop", &NoMemory::new()).at_most(10).seed(3).run(|| {
        let first = (1..=1000).find(|_| fallible("step"));
        exempt(|| tried.borrow_mut().insert(first));
    });
    assert_eq!((report.requests, report.once, report.sticky), (1000, 10, 10));
    assert!(!report.is_exhaustive());
    // The run without a fault, and one of each hundred.
    let stretches: Vec<i32> = tried.into_inner().into_iter().flatten().map(|number| (number - 1) / 100).collect();
    assert_eq!(stretches, (0..10).collect::<Vec<_>>());
}

#[test]
fn only_armed_threads_count_and_what_is_exempt_does_not() {
    static HOOK: Hook = Hook::new();
    fn block() -> Option<()> {
        let block = HOOK.alloc(4);
        // SAFETY: NULL or made above, and not used again.
        unsafe { HOOK.release(block, 4) };
        (!block.is_null()).then_some(())
    }
    let report = Torture::new("threads", &HOOK).run(|| {
        exempt(block).expect("never refused");
        let arming = arming();
        let armed = std::thread::spawn(move || {
            let _armed = arming.here();
            block().and(block())
        });
        let armed = armed.join().expect("no panic");
        let other = std::thread::spawn(block).join().expect("no panic");
        other.expect("another thread is never refused");
        armed
    });
    assert_eq!((report.requests, report.failed), (2, 4));
    assert!(!fallible("outside of a torture"));
}

#[test]
fn all_threads_count_where_it_was_said() {
    // Its own hook: nothing else may use it meanwhile.
    static OWN: Hook = Hook::new();
    let report = Torture::new("all threads", &OWN).all_threads().run(|| {
        let thread = std::thread::spawn(|| {
            let block = OWN.alloc(4);
            // SAFETY: NULL or made above, and not used again.
            unsafe { OWN.release(block, 4) };
            !block.is_null()
        });
        thread.join().expect("no panic").then_some(())
    });
    assert_eq!((report.requests, report.failed), (1, 2));
}

#[test]
fn another_source_is_neither_counted_nor_refused() {
    let (tortured, other) = (Hook::new(), Hook::new());
    let take = |hook: &Hook| {
        let block = hook.alloc(4);
        // SAFETY: NULL or made above, and not used again.
        unsafe { hook.release(block, 4) };
        !block.is_null()
    };
    let report = Torture::new("one of two", &tortured).run(|| {
        assert!(take(&other), "it is not the one that is tortured");
        take(&tortured).then_some(())
    });
    assert_eq!((report.requests, report.failed), (1, 2));
}

#[test]
fn whether_a_request_was_refused_is_known_inside_of_a_run_only() {
    let report = Torture::new("asks", &NoMemory::new()).run(|| {
        assert!(!refused(), "nothing was asked for yet");
        let first = fallible("first");
        assert_eq!(refused(), first);
        let second = fallible("second");
        assert_eq!(refused(), first || second);
    });
    assert_eq!(report.points(), 4);
    assert!(!refused() && !fallible("outside of a torture"));
}

#[test]
fn a_thread_is_armed_as_long_as_it_says_so() {
    let report = Torture::new("two threads", &NoMemory::new()).run(|| {
        let arming = arming();
        let work = move || {
            let before = fallible("before");
            let armed = arming.here();
            assert_eq!(format!("{armed:?}"), "Armed");
            let meanwhile = fallible("meanwhile");
            drop(armed);
            (before, meanwhile, fallible("after"))
        };
        let (before, meanwhile, after) = std::thread::spawn(work).join().expect("no panic");
        assert!(!before && !after && meanwhile == refused());
    });
    assert_eq!((report.requests, report.points()), (1, 2));
}

#[test]
fn resizing_is_a_request_and_a_refusal_leaves_the_block() {
    let hook = Hook::new();
    let report = Torture::new("resize", &hook).run(|| {
        let mut block = hook.alloc(4);
        if block.is_null() {
            return None;
        }
        // SAFETY: four bytes.
        unsafe { block.cast::<u8>().write_bytes(7, 4) };
        // SAFETY: made above with that size.
        let grown = unsafe { hook.resize(block, 4, 400) };
        let size = if grown.is_null() { 4 } else { 400 };
        if !grown.is_null() {
            assert_ne!(grown, block, "it always moves");
            block = grown;
        }
        // SAFETY: at least four bytes, written above.
        assert_eq!(unsafe { block.cast::<[u8; 4]>().read() }, [7; 4]);
        // SAFETY: made above, and not used again.
        unsafe { hook.release(block, size) };
        (!grown.is_null()).then_some(())
    });
    assert_eq!((report.requests, report.failed), (2, 4));
}

#[test]
fn new_memory_is_not_zero() {
    let hook = Hook::new();
    let block = hook.alloc_with_size(16);
    // SAFETY: sixteen bytes.
    assert_eq!(unsafe { block.cast::<[u8; 16]>().read() }, [0xA5; 16]);
    // SAFETY: made above, outside of a run.
    let block = unsafe { hook.resize_with_size(block, 1000) };
    // SAFETY: the first sixteen are kept.
    assert_eq!(unsafe { block.cast::<[u8; 16]>().read() }, [0xA5; 16]);
    // SAFETY: made above, and not used again.
    unsafe { hook.release_with_size(block) };
}

#[test]
fn a_torture_in_a_torture_is_refused_instead_of_waiting_for_ever() {
    let failure = Torture::new("outer", &NoMemory::new())
        .try_run(|| drop(Torture::new("inner", &NoMemory::new()).run(|| ())))
        .map(drop)
        .expect_err("it panics");
    let Cause::Panicked(message) = failure.cause else { panic!("it panics") };
    assert!(message.contains("a scenario must not start a torture"), "{message}");
}

/// What the child processes below run: it counts its runs on standard output.
#[test]
#[ignore = "the other tests run it in a child process"]
fn child() {
    for name in ["first", "second"] {
        let library = Library::new(Wrong::LeaksWhenTheNameFails);
        let runs = Cell::new(0);
        let scenario = || {
            runs.set(runs.get() + 1);
            library.pair()
        };
        let run = || Torture::new(name, &library.hook).run(scenario);
        let result = catch_unwind(AssertUnwindSafe(run));
        println!("{name}: {} runs, {}", runs.get(), if result.is_ok() { "passed" } else { "failed" });
    }
}

fn child_with(point: Option<&str>) -> (String, String) {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "child", "--ignored", "--nocapture"]).env_remove(cstruct::testing::POINT_VARIABLE);
    if let Some(point) = point {
        command.env(cstruct::testing::POINT_VARIABLE, point);
    }
    let output = command.output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr))
}

#[test]
fn one_point_is_run_alone_by_the_environment_variable() {
    // Twice without a fault, then the points 1 and 2.
    let (out, err) = child_with(None);
    assert!(out.contains("first: 4 runs, failed") && out.contains("second: 4 runs, failed"), "{out}");
    assert!(err.contains("CSTRUCT_TORTURE_POINT='first/2:once'"), "{err}");
    assert!(!err.contains("the first refusal"), "{err}");

    // One point of one torture: the other is passed over.
    let (out, err) = child_with(Some("second/4:sticky"));
    assert!(out.contains("first: 0 runs, passed") && out.contains("second: 3 runs, failed"), "{out}");
    assert!(err.contains("point 4:sticky: the first refusal, of an allocation, came from"), "{err}");
    // A path stands before the name, or not, as there is debug information.
    assert!(err.lines().any(|line| line.ends_with("thing")), "the backtrace leads to the place: {err}");
    assert!(err.contains("request 4 of 4 and all after it refused (point 4:sticky): 1 block leaked"), "{err}");

    // Of all of them.
    let (out, _) = child_with(Some("1:once"));
    assert!(out.contains("first: 3 runs, passed") && out.contains("second: 3 runs, passed"), "{out}");
    // A point that there is not.
    let (out, err) = child_with(Some("first/5:once"));
    assert!(out.contains("first: 3 runs, failed"), "{out}");
    assert!(err.contains("the run ended after 4 requests, before its point"), "{err}");
    // No point at all.
    let (out, err) = child_with(Some("seven"));
    assert!(out.contains("first: 0 runs, failed"), "{out}");
    assert!(err.contains("CSTRUCT_TORTURE_POINT=seven: not a point"), "{err}");
}
