//! The words of the ledger's reports: levels, threads, and what happened to an object.
#![cfg(feature = "ledger")]

mod thing;

use core::ffi::c_void;
use core::sync::atomic::{AtomicPtr, Ordering};
use std::sync::Arc;
use std::thread;

use cstruct::kit::ledger::{self, Level, Report, Scope};
use cstruct::kit::{Callbacks, Registered};
use thing::Thing;

fn watched<R>(run: impl FnOnce() -> R) -> Report {
    ledger::raise_level(Level::Sites);
    ledger::scope(run)
}

#[test]
fn a_level_is_written_as_the_environment_reads_it() {
    let words = [Level::Off, Level::Counts, Level::Sites, Level::Backtraces].map(|level| level.to_string());
    assert_eq!(words, ["off", "counts", "sites", "backtraces"]);
}

#[test]
fn a_thread_without_a_name_is_said_by_its_number_and_two_are_said_to_be_more() {
    let mut kept = Vec::new();
    let mut other = None;
    ledger::raise_level(Level::Sites);
    let scope = Scope::begin();
    let begun = format!("{scope:?}");
    assert!(begun.starts_with("Scope { ") && begun.contains('#'), "{begun}");
    // Both are adopted at one place, the first one here.
    let make = || Thing::new();
    kept.push(make());
    thread::scope(|threads| {
        let there = threads.spawn(|| {
            let _joined = scope.join();
            (make(), thread::current().id())
        });
        let (thing, id) = there.join().expect("no panic");
        kept.push(thing);
        other = Some(id);
    });
    let report = scope.end();
    let entry = report.entries().iter().find(|entry| entry.thread().id() == other).expect("it is live");
    assert_eq!(entry.thread().to_string(), format!("thread {:?}", other.expect("it ran")));
    // Which of the two is named depends on what other tests adopted meanwhile.
    let text = report.to_string();
    assert!(text.starts_with("2 objects are live\n  2 × `") && text.contains(" and others; for "), "{text}");
    drop(kept);
}

#[test]
fn an_object_that_was_given_up_says_so() {
    let mut raw = core::ptr::null_mut();
    let report = watched(|| raw = Thing::into_raw(Thing::new()));
    let entry = &report.entries()[0];
    assert!(entry.is_given_up());
    assert!(entry.to_string().ends_with(", given up by `into_raw` and not taken back"), "{entry}");
    assert!(
        report.to_string().contains(" (owned, given up by `into_raw` and not taken back), adopted at "),
        "{report}"
    );
    // SAFETY: it was given up above, and is taken back once.
    drop(unsafe { Thing::from_raw(raw) });
}

#[test]
fn a_function_that_is_registered_for_ever_is_no_leak() {
    static KEPT: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
    let callbacks = Arc::new(Callbacks::new());
    let report = watched(|| {
        let seven: fn() -> i32 = || 7;
        let hook = Registered::new(seven, &callbacks).forever(());
        // It stays within reach of those that look for leaks.
        KEPT.store(hook.user(), Ordering::Relaxed);
    });
    assert!(report.is_empty(), "{report}");
}
