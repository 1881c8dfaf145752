//! How much is written down, and what is done about a fault: as the variables say, as the functions say, and changed while objects
//! live. Each case is a process of its own.
#![cfg(feature = "ledger")]

mod child;
mod thing;

use child::{is_child, passes};
use cstruct::kit::ledger::{self, Fault, Level, OnFault};
use thing::{Thing, seen};

/// An address that nothing is at.
const NOWHERE: usize = 0x10_0000;

#[test]
fn each_word_of_the_variable_is_its_level() {
    const CASE: &str = "each_word_of_the_variable_is_its_level";
    if is_child(CASE) {
        let expected = std::env::var("CSTRUCT_EXPECTED").expect("it is set below");
        assert_eq!(ledger::level().to_string(), expected);
        let kept: Vec<Thing> = (0..100).map(|_| Thing::new()).collect();
        let written = match ledger::level() {
            Level::Off => (0, 0, 0),
            Level::Counts => (100, 0, 0),
            Level::Sites => (100, 100, 0),
            Level::Backtraces => (100, 100, 100),
        };
        let report = ledger::snapshot();
        let traced = report.entries().iter().filter(|entry| entry.backtrace().is_some()).count();
        assert_eq!((ledger::totals().adopted, report.len(), traced), written);
        drop(kept);
        assert_eq!(ledger::totals().live(), 0);
        return;
    }
    for word in ["off", "counts", "sites", "backtraces"] {
        let told = passes(CASE, &[("CSTRUCT_LEDGER", word), ("CSTRUCT_EXPECTED", word)]);
        assert!(!told.contains("none of its words"), "{told}");
    }
    let told = passes(CASE, &[("CSTRUCT_LEDGER", ""), ("CSTRUCT_EXPECTED", "off")]);
    assert!(!told.contains("none of its words"), "{told}");
    passes(CASE, &[("CSTRUCT_EXPECTED", "off")]);
    let told = passes(CASE, &[("CSTRUCT_LEDGER", "loud"), ("CSTRUCT_EXPECTED", "off")]);
    assert_eq!(told.matches("CSTRUCT_LEDGER=loud is none of its words").count(), 1, "it is told once: {told}");
    assert!(told.contains("write one of off, counts, sites, backtraces"), "{told}");
}

#[test]
fn a_level_that_was_set_is_the_level_whatever_the_variable_says() {
    const CASE: &str = "a_level_that_was_set_is_the_level_whatever_the_variable_says";
    if is_child(CASE) {
        for level in [Level::Counts, Level::Backtraces, Level::Off, Level::Sites] {
            ledger::set_level(level);
            assert_eq!(ledger::level(), level);
        }
        return;
    }
    passes(CASE, &[("CSTRUCT_LEDGER", "backtraces")]);
}

#[test]
fn what_is_done_about_a_fault_is_what_the_variable_says_and_then_what_was_set_last() {
    const CASE: &str = "what_is_done_about_a_fault_is_what_the_variable_says_and_then_what_was_set_last";
    const ALL: [(&str, OnFault); 4] =
        [("record", OnFault::Record), ("log", OnFault::Log), ("panic", OnFault::Panic), ("abort", OnFault::Abort)];
    if is_child(CASE) {
        let word = std::env::var("CSTRUCT_LEDGER_FAULT").expect("it is set below");
        let said = ALL.iter().find(|(of, _)| *of == word).expect("one of them").1;
        assert_eq!(ledger::on_fault(), said);
        for (_, on_fault) in ALL {
            ledger::set_on_fault(on_fault);
            assert_eq!(ledger::on_fault(), on_fault);
        }
        return;
    }
    for (word, _) in ALL {
        let told = passes(CASE, &[("CSTRUCT_LEDGER_FAULT", word)]);
        assert!(!told.contains("none of its words"), "{told}");
    }
}

#[test]
fn what_was_adopted_before_the_ledger_looked_may_be_released_when_it_does() {
    const CASE: &str = "what_was_adopted_before_the_ledger_looked_may_be_released_when_it_does";
    if is_child(CASE) {
        let before = Thing::new();
        ledger::set_level(Level::Sites);
        drop(before);
        assert_eq!(ledger::fault_count(), 0);
        return;
    }
    for word in ["off", "counts"] {
        passes(CASE, &[("CSTRUCT_LEDGER", word)]);
    }
}

#[test]
fn what_was_adopted_while_the_ledger_looked_away_may_be_released_when_it_looks_again() {
    const CASE: &str = "what_was_adopted_while_the_ledger_looked_away_may_be_released_when_it_looks_again";
    if is_child(CASE) {
        let away = if std::env::var_os("CSTRUCT_EXPECTED").is_some() { Level::Counts } else { Level::Off };
        ledger::set_level(Level::Sites);
        ledger::set_level(away);
        let meanwhile = Thing::new();
        ledger::set_level(Level::Sites);
        drop(meanwhile);
        assert_eq!(ledger::fault_count(), 0);
        return;
    }
    passes(CASE, &[]);
    passes(CASE, &[("CSTRUCT_EXPECTED", "counts")]);
}

#[test]
fn a_level_that_misses_nothing_stays_one_that_catches_every_release() {
    const CASE: &str = "a_level_that_misses_nothing_stays_one_that_catches_every_release";
    if is_child(CASE) {
        ledger::set_on_fault(OnFault::Record);
        let (first, second) = (Level::Sites, Level::Backtraces);
        for level in [first, second, first] {
            ledger::set_level(level);
            let (one, other) = (seen(NOWHERE), seen(NOWHERE));
            drop((one, other));
            let faults = ledger::take_faults();
            assert!(matches!(faults[..], [Fault::AdoptedTwice { .. }, Fault::ReleasedNotLive { .. }]), "{faults:?}");
        }
        assert_eq!(ledger::fault_count(), 6);
        return;
    }
    passes(CASE, &[]);
}

#[test]
fn the_latest_thousand_faults_are_kept_and_all_are_counted() {
    const CASE: &str = "the_latest_thousand_faults_are_kept_and_all_are_counted";
    if is_child(CASE) {
        ledger::set_on_fault(OnFault::Record);
        ledger::set_level(Level::Sites);
        let addresses: Vec<usize> = (0..1_002).map(|at| NOWHERE + 16 * at).collect();
        let owners: Vec<_> = addresses.iter().map(|at| (seen(*at), seen(*at))).collect();
        let of = |fault: &Fault| match fault {
            Fault::AdoptedTwice { first, .. } => first.address(),
            other => panic!("{other}"),
        };
        assert!(ledger::faults().iter().map(of).eq(addresses[2..].iter().copied()));
        assert_eq!((ledger::fault_count(), ledger::take_faults().len(), ledger::faults().len()), (1_002, 1_000, 0));
        drop(owners);
        return;
    }
    passes(CASE, &[]);
}

#[test]
fn a_fault_while_its_thread_panics_is_logged_and_the_panic_goes_on() {
    const CASE: &str = "a_fault_while_its_thread_panics_is_logged_and_the_panic_goes_on";
    struct Twice;
    impl Drop for Twice {
        fn drop(&mut self) {
            core::mem::forget((seen(NOWHERE), seen(NOWHERE)));
        }
    }
    if is_child(CASE) {
        let panic = std::panic::catch_unwind(|| {
            let _twice = Twice;
            panic!("the first one");
        });
        assert_eq!(panic.expect_err("it panicked").downcast_ref(), Some(&"the first one"));
        assert_eq!(ledger::fault_count(), 1);
        return;
    }
    let told = passes(CASE, &[("CSTRUCT_LEDGER", "sites"), ("CSTRUCT_LEDGER_FAULT", "panic")]);
    assert!(told.contains("cstruct: adopted twice: `"), "{told}");
}

#[test]
fn a_level_is_written_as_the_environment_reads_it() {
    let words = [Level::Off, Level::Counts, Level::Sites, Level::Backtraces].map(|level| level.to_string());
    assert_eq!(words, ["off", "counts", "sites", "backtraces"]);
}
