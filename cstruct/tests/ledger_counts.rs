//! The ledger knows every count that was taken of a shared object through Rust, and what was given up of them.
#![cfg(feature = "ledger")]

mod thing;

use std::collections::BTreeSet;

use cstruct::kit::ledger::{self, Kind, Level, Report};
use cstruct::kit::{Foreign, Owned};
use thing::Label;

fn watched<R>(run: impl FnOnce() -> R) -> Report {
    ledger::raise_level(Level::Sites);
    ledger::scope(run)
}

#[test]
fn every_count_of_a_shared_object_is_an_entry() {
    let mut kept = Vec::new();
    let report = watched(|| {
        let first = Label::new();
        kept.push(first.clone());
        kept.push(first.clone());
        drop(first);
    });
    assert_eq!(report.len(), 2, "{report}");
    assert!(report.entries().iter().all(|entry| entry.kind() == Kind::Shared));
    kept.pop();
    let last = kept.pop().expect("one is left");
    assert!(watched(|| drop(last)).is_empty());
}

#[test]
fn a_hundred_thousand_counts_of_one_object_are_as_many_entries() {
    let mut kept = Vec::new();
    let report = watched(|| {
        let first = Label::new();
        kept.extend((0..100_000).map(|_| first.clone()));
    });
    assert_eq!(report.len(), 100_000);
    assert!(report.to_string().contains("  100000 × `"), "{report}");
    let address = kept[0].as_ptr().addr();
    let last = kept.pop();
    std::thread::spawn(move || drop(kept)).join().expect("no panic");
    let left = ledger::snapshot();
    assert_eq!(left.entries().iter().filter(|entry| entry.address() == address).count(), 1);
    drop(last);
}

#[test]
fn an_owner_that_becomes_a_count_is_one_entry() {
    let report = watched(|| {
        // SAFETY: a label's pointer with its only count, given up just now.
        let owned: Owned<thing::LabelRef> =
            unsafe { Owned::from_raw(Label::into_raw(Label::new())) }.expect("not NULL");
        let shared = cstruct::kit::Shared::from(owned);
        let again = shared.try_clone();
        (shared, again)
    });
    assert!(report.is_empty(), "{report}");
}

#[test]
fn an_owner_that_becomes_a_count_and_an_owner_again_is_known_as_what_it_is() {
    ledger::raise_level(Level::Sites);
    // SAFETY: a label's pointer with its only count, given up just now.
    let owned: Owned<thing::LabelRef> = unsafe { Owned::from_raw(Label::into_raw(Label::new())) }.expect("not NULL");
    let address = owned.as_ptr().addr();
    let kinds = || -> Vec<Kind> {
        let live = ledger::snapshot();
        live.entries().iter().filter(|entry| entry.address() == address).map(|entry| entry.kind()).collect()
    };
    assert_eq!(kinds(), [Kind::Owned]);
    let shared = cstruct::kit::Shared::from(owned);
    assert_eq!(kinds(), [Kind::Shared]);
    let owned = cstruct::kit::Shared::try_into_owned(shared).expect("it is the only count");
    assert_eq!(kinds(), [Kind::Owned]);
    drop(owned);
    assert_eq!(kinds(), []);
}

#[test]
fn a_count_that_was_given_up_and_comes_back_is_one_entry() {
    let mut kept = None;
    let report = watched(|| {
        let raw = Label::into_raw(Label::new());
        // SAFETY: given up just now.
        kept = unsafe { Label::adopt(raw) }.ok();
    });
    assert_eq!(report.len(), 1, "{report}");
    assert!(!report.entries()[0].is_given_up());
    assert!(watched(|| kept = None).is_empty());
}

#[test]
fn of_two_counts_the_one_that_was_not_given_up_is_struck_out() {
    // So many that some are not where they would be looked for first.
    const LABELS: usize = 5_000;
    let mut raw = Vec::new();
    let report = watched(|| {
        let labels: Vec<(Label, Label)> = (0..LABELS).map(|_| Label::new()).map(|one| (one.clone(), one)).collect();
        // The other count is dropped here.
        raw.extend(labels.into_iter().map(|(one, _other)| Label::into_raw(one)));
    });
    assert_eq!(report.len(), LABELS);
    assert!(report.entries().iter().all(ledger::Entry::is_given_up));
    // SAFETY: given up above.
    let back = watched(|| raw.drain(..).for_each(|raw| drop(unsafe { Label::adopt(raw) })));
    assert!(back.is_empty(), "{back}");
    let live: BTreeSet<u64> = ledger::snapshot().entries().iter().map(|entry| entry.number()).collect();
    assert!(!report.entries().iter().any(|entry| live.contains(&entry.number())));
}

#[test]
fn of_many_counts_as_many_are_given_up_as_left() {
    let mut raw = Vec::new();
    let mut kept = Vec::new();
    let report = watched(|| {
        let first = Label::new();
        kept.extend([first.clone(), first.clone()]);
        raw.extend([first.clone(), first].map(Label::into_raw));
    });
    let given_up = report.entries().iter().filter(|entry| entry.is_given_up()).count();
    assert_eq!((report.len(), given_up), (4, 2), "{report}");
    let back = watched(|| {
        // SAFETY: given up above, each once.
        kept.extend(raw.drain(..).filter_map(|raw| unsafe { Label::adopt(raw) }.ok()));
    });
    assert_eq!((back.len(), kept.len()), (2, 4), "{back}");
    let address = kept[0].as_ptr().addr();
    let live = ledger::snapshot();
    let known: Vec<bool> =
        live.entries().iter().filter(|entry| entry.address() == address).map(ledger::Entry::is_given_up).collect();
    assert_eq!(known, [false; 4], "{live}");
}

#[test]
fn a_count_that_was_given_up_on_another_thread_may_come_back_on_this_one() {
    let mut kept = None;
    let report = watched(|| {
        let mine = Label::new();
        let other = mine.clone();
        let raw = std::thread::spawn(move || {
            // One that this thread has written down.
            let third = Label::into_raw(other.clone());
            drop(other);
            Given(third)
        });
        let Given(raw) = raw.join().expect("no panic");
        // SAFETY: given up above.
        let again = unsafe { Label::adopt(raw) }.expect("not NULL");
        kept = Some((mine, again));
    });
    assert_eq!(report.len(), 2, "{report}");
    let mine = kept.as_ref().map(|(mine, _)| mine.as_ptr().addr());
    let live = ledger::snapshot();
    let given_up: Vec<bool> =
        live.entries().iter().filter(|entry| Some(entry.address()) == mine).map(|entry| entry.is_given_up()).collect();
    assert_eq!(given_up, [false, false], "{live}");
}

/// The pointer of a label that was given up.
struct Given(*mut <thing::LabelRef as Foreign>::Raw);

// SAFETY: a label's counts may be given back on any thread.
unsafe impl Send for Given {}

/// More than there is room for beside each other.
#[test]
fn of_a_crowd_of_counts_as_many_are_given_up_as_left() {
    ledger::raise_level(Level::Sites);
    let first = Label::new();
    let address = first.as_ptr().addr();
    let of_it = |given_up: bool| {
        let live = ledger::snapshot();
        live.entries().iter().filter(|entry| entry.address() == address && entry.is_given_up() == given_up).count()
    };
    let mut kept: Vec<Label> = (0..200).map(|_| first.clone()).collect();
    let raw: Vec<_> = kept.drain(..120).map(Label::into_raw).collect();
    assert_eq!((of_it(true), of_it(false)), (120, 81));
    drop(kept);
    assert_eq!((of_it(true), of_it(false)), (120, 1));
    // SAFETY: given up above, each once.
    let back: Vec<_> = raw.into_iter().filter_map(|raw| unsafe { Label::adopt(raw) }.ok()).collect();
    assert_eq!((of_it(true), of_it(false)), (0, 121));
    drop((first, back));
    assert_eq!((of_it(true), of_it(false)), (0, 0));
}
