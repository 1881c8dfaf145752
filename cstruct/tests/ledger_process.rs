//! What the ledger does to a whole process: each case runs this test program once more, with one test and an environment.
#![cfg(feature = "ledger")]

mod child;
mod thing;

use child::{child, errors, is_child, passes};
use cstruct::kit::Foreign;
use cstruct::kit::ledger::{self, Fault, Level};
use thing::{Thing, seen};

#[test]
fn the_report_at_exit_names_what_was_forgotten() {
    const CASE: &str = "the_report_at_exit_names_what_was_forgotten";
    if is_child(CASE) {
        // A static keeps it for the leak checkers.
        static KEPT: std::sync::Mutex<Option<Thing>> = std::sync::Mutex::new(None);
        *KEPT.lock().expect("not poisoned") = Some(Thing::new());
        return;
    }
    let text = errors(&child(CASE, &[("CSTRUCT_LEDGER", "sites"), ("CSTRUCT_LEDGER_EXIT", "stderr")]));
    assert!(text.contains("cstruct: at exit, 1 object is live\n  1 × `"), "{text}");
    assert!(text.contains("ThingRef` (owned), adopted at ") && text.contains(file!()), "{text}");

    let json = errors(&child(CASE, &[("CSTRUCT_LEDGER", "sites"), ("CSTRUCT_LEDGER_EXIT", "json")]));
    let line = json.lines().find(|line| line.starts_with('{')).unwrap_or_else(|| panic!("no JSON in {json}"));
    let json: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
    assert_eq!(json["live"], 1);

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("live.json");
    let path = file.to_str().expect("a path of text");
    let _ = child(CASE, &[("CSTRUCT_LEDGER", "sites"), ("CSTRUCT_LEDGER_EXIT", path)]);
    let json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file).expect("it was written")).expect("it is JSON");
    assert_eq!(json["objects"][0]["kind"], "owned");

    let off = errors(&child(CASE, &[("CSTRUCT_LEDGER_EXIT", "stderr")]));
    assert!(!off.contains("live"), "{off}");
}

#[test]
fn a_fault_panics_aborts_or_is_logged_as_the_user_chose() {
    const CASE: &str = "a_fault_panics_aborts_or_is_logged_as_the_user_chose";
    if is_child(CASE) {
        let first = Thing::new();
        let second = first.adopted_again();
        core::mem::forget(second);
        return;
    }
    let with = |word| child(CASE, &[("CSTRUCT_LEDGER", "sites"), ("CSTRUCT_LEDGER_FAULT", word)]);
    let (record, log, panic, abort) = (with("record"), with("log"), with("panic"), with("abort"));
    assert!(record.status.success() && !errors(&record).contains("adopted twice"));
    assert!(log.status.success() && errors(&log).contains("cstruct: adopted twice: `"), "{}", errors(&log));
    assert!(!panic.status.success() && String::from_utf8_lossy(&panic.stdout).contains("1 failed"));
    assert!(errors(&panic).contains("adopted twice: `"), "{}", errors(&panic));
    assert!(errors(&abort).contains("cstruct: adopted twice: `"), "{}", errors(&abort));
    #[cfg(unix)]
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&abort.status), Some(libc::SIGABRT));
    let unknown = with("shout");
    assert!(errors(&unknown).contains("CSTRUCT_LEDGER_FAULT=shout is none of its words"), "{}", errors(&unknown));
}

#[test]
fn a_release_of_what_is_not_live_is_caught_when_nothing_was_missed() {
    const CASE: &str = "a_release_of_what_is_not_live_is_caught_when_nothing_was_missed";
    if is_child(CASE) {
        let byte = 7_u8;
        let address = (&raw const byte).addr();
        let (first, second) = (seen(address), seen(address));
        drop(first);
        drop(second);
        let faults = ledger::take_faults();
        assert!(matches!(faults[..], [Fault::AdoptedTwice { .. }, Fault::ReleasedNotLive { .. }]), "{faults:?}");
        assert!(faults[1].to_string().contains(&format!("at {address:#x} by thread")), "{}", faults[1]);
        return;
    }
    let output = child(CASE, &[("CSTRUCT_LEDGER", "sites"), ("CSTRUCT_LEDGER_FAULT", "log")]);
    assert!(output.status.success(), "{}", errors(&output));
}

#[test]
fn the_level_may_change_while_objects_live() {
    const CASE: &str = "the_level_may_change_while_objects_live";
    if is_child(CASE) {
        let before = Thing::new();
        ledger::set_level(Level::Sites);
        let seen = Thing::new();
        ledger::set_level(Level::Counts);
        let counted = Thing::new();
        assert_eq!(ledger::counts().values().sum::<u64>(), 2);
        ledger::set_level(Level::Off);
        let unseen = Thing::new();
        ledger::set_level(Level::Backtraces);
        let traced = Thing::new();
        let report = ledger::snapshot();
        assert_eq!(report.len(), 2, "{report}");
        assert!(report.entries()[1].backtrace().is_some() && report.entries()[0].backtrace().is_none());
        // Released in another order, at another level: no fault, and nothing is left.
        drop((unseen, before, seen));
        ledger::set_level(Level::Counts);
        drop((counted, traced));
        assert_eq!(ledger::fault_count(), 0);
        assert!(ledger::snapshot().is_empty());
        assert_eq!(ledger::counts().values().sum::<u64>(), 0);
        return;
    }
    let output = child(CASE, &[]);
    assert!(output.status.success(), "{}{}", errors(&output), String::from_utf8_lossy(&output.stdout));
}

#[test]
fn totals_count_what_was_adopted_and_released() {
    const CASE: &str = "totals_count_what_was_adopted_and_released";
    if is_child(CASE) {
        ledger::set_level(Level::Sites);
        let kept: Vec<Thing> = (0..2_000).map(|_| Thing::new()).collect();
        drop((0..3_000).map(|_| Thing::new()).collect::<Vec<_>>());
        std::thread::spawn(|| drop(Thing::new())).join().expect("no panic");
        let totals = ledger::totals();
        assert_eq!((totals.adopted, totals.released, totals.live()), (5_001, 3_001, 2_000));
        drop(kept);
        return;
    }
    let output = child(CASE, &[]);
    assert!(output.status.success(), "{}{}", errors(&output), String::from_utf8_lossy(&output.stdout));
}

#[cfg(unix)]
#[test]
fn a_forked_child_says_what_it_inherited() {
    const CASE: &str = "a_forked_child_says_what_it_inherited";
    if is_child(CASE) {
        ledger::set_level(Level::Sites);
        let parents = Thing::new();
        // SAFETY: the child uses nothing but the ledger, this thread's memory and standard error.
        match unsafe { libc::fork() } {
            0 => {
                let own = Thing::new();
                let report = ledger::snapshot();
                let inherited = |thing: &Thing| {
                    let of = |entry: &&ledger::Entry| entry.address() == thing.as_ptr().addr();
                    report.entries().iter().find(of).is_some_and(ledger::Entry::is_inherited)
                };
                let right = inherited(&parents)
                    && !inherited(&own)
                    && report.to_string().contains("inherited from the parent process");
                drop((parents, own));
                let gone = ledger::snapshot().is_empty();
                // SAFETY: ends the child here, without the test harness's end.
                unsafe { libc::_exit(i32::from(!(right && gone))) }
            }
            pid => {
                assert!(pid > 0, "fork failed");
                let mut status = 0;
                // SAFETY: waits for the child that was just made.
                assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
                assert_eq!(status, 0);
                assert!(!ledger::snapshot().entries()[0].is_inherited());
            }
        }
        return;
    }
    let output = child(CASE, &[]);
    assert!(output.status.success(), "{}{}", errors(&output), String::from_utf8_lossy(&output.stdout));
}

#[test]
fn what_a_thread_local_value_holds_is_struck_out_when_the_thread_ends() {
    const CASE: &str = "what_a_thread_local_value_holds_is_struck_out_when_the_thread_ends";
    struct Last(std::cell::Cell<Option<Thing>>);
    impl Drop for Last {
        fn drop(&mut self) {
            drop(self.0.take());
            // Also what is adopted while the thread's values are dropped.
            drop(Thing::new());
        }
    }
    thread_local!(static LAST: Last = const { Last(std::cell::Cell::new(None)) });
    if is_child(CASE) {
        ledger::set_level(Level::Sites);
        for _ in 0..10 {
            // Registered before the ledger's own, and after it: dropped after, and before.
            let early = || LAST.with(|last| last.0.set(Some(Thing::new())));
            std::thread::spawn(early).join().expect("no panic");
            let late = || {
                drop(Thing::new());
                LAST.with(|last| last.0.set(Some(Thing::new())));
            };
            std::thread::spawn(late).join().expect("no panic");
        }
        let report = ledger::snapshot();
        assert!(report.is_empty() && ledger::fault_count() == 0, "{report}");
        return;
    }
    let output = child(CASE, &[]);
    assert!(output.status.success(), "{}{}", errors(&output), String::from_utf8_lossy(&output.stdout));
}

#[test]
fn what_lives_where_a_registration_was_is_no_registration() {
    use std::sync::Arc;

    use cstruct::kit::{Callbacks, Hooked, Registered};
    use thing::Room;

    const CASE: &str = "what_lives_where_a_registration_was_is_no_registration";
    if is_child(CASE) {
        ledger::set_level(Level::Sites);
        let callbacks = Arc::new(Callbacks::new());
        let room = Hooked::new(Room::new().into(), &callbacks);
        let mut told = None;
        let report = ledger::scope(|| told = Some(Registered::new(|| (), &callbacks)));
        let address = report.entries()[0].address();
        drop((told, callbacks));
        let there = seen(address);
        room.close().expect("it is unlocked");
        assert!(ledger::faults().is_empty(), "{:?}", ledger::faults());
        drop(there);
        return;
    }
    passes(CASE, &[]);
}

#[test]
fn what_has_no_address_is_not_told_and_not_missed() {
    use cstruct::kit::{Owned, Release, Released};

    /// A number that C gave: an address perhaps, or 0, and whether its release is refused.
    struct Number;
    // SAFETY: there is nothing to release.
    unsafe impl Release for Number {
        type Handle = (usize, bool);
        type Error = &'static str;
        const THREAD_BOUND: bool = true;
        fn address((address, _): Self::Handle) -> usize {
            address
        }
        unsafe fn release((_, refuses): Self::Handle) -> Released<Self::Error> {
            if refuses { Released::Refused("it is refused") } else { Released::Gone }
        }
    }
    fn own(address: usize, refuses: bool) -> Owned<Number> {
        // SAFETY: there is nothing to release.
        unsafe { Owned::from_handle((address, refuses), ()) }
    }

    const CASE: &str = "what_has_no_address_is_not_told_and_not_missed";
    if is_child(CASE) {
        ledger::set_level(Level::Sites);
        // What an earlier thread had written down is not taken for it.
        let earlier = || drop((1..10_000).map(|at| own(16 * at, false)).collect::<Vec<_>>());
        std::thread::spawn(earlier).join().expect("no panic");
        let later = || {
            let before = ledger::totals();
            let numbers = [own(0, false), own(0, false), own(0, true)];
            assert!(ledger::snapshot().is_empty());
            drop(numbers);
            assert!(ledger::snapshot().is_empty());
            assert_eq!((ledger::totals(), ledger::fault_count()), (before, 0));
        };
        std::thread::spawn(later).join().expect("no panic");
        return;
    }
    passes(CASE, &[]);
}

#[test]
fn a_thread_that_goes_on_where_another_ended_is_another_thread() {
    use thing::Room;

    struct Smuggled(Room);
    // SAFETY: none; this is the mistake.
    unsafe impl Send for Smuggled {}

    const CASE: &str = "a_thread_that_goes_on_where_another_ended_is_another_thread";
    if is_child(CASE) {
        ledger::set_level(Level::Sites);
        let first = std::thread::Builder::new().name("first".into());
        let room = first.spawn(|| Smuggled(Room::new())).expect("a thread").join().expect("no panic");
        let second = std::thread::Builder::new().name("second".into());
        let release = move || {
            let room = room;
            drop(Thing::new());
            drop(room.0);
        };
        second.spawn(release).expect("a thread").join().expect("no panic");
        let faults = ledger::take_faults();
        let [Fault::ReleasedAbroad { object, thread }] = &faults[..] else { panic!("{faults:?}") };
        assert_eq!(
            (object.thread().to_string(), thread.to_string()),
            ("thread `first`".into(), "thread `second`".into())
        );
        return;
    }
    passes(CASE, &[]);
}

#[test]
fn a_thread_that_adopted_nothing_strikes_out_what_it_releases() {
    const CASE: &str = "a_thread_that_adopted_nothing_strikes_out_what_it_releases";
    if is_child(CASE) {
        let thing = Thing::new();
        assert_eq!(ledger::snapshot().len(), 1);
        std::thread::spawn(move || drop(thing)).join().expect("no panic");
        assert!(ledger::snapshot().is_empty());
        return;
    }
    passes(CASE, &[("CSTRUCT_LEDGER", "sites")]);
}
