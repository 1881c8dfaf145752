//! A report says of every object what there is to say, as text for people and as JSON for programs.
#![cfg(feature = "ledger")]

mod child;
mod thing;

use std::thread;
use std::time::Duration;

use child::{is_child, passes};
use cstruct::kit::Foreign;
use cstruct::kit::ledger::{self, Kind, Level, Report};
use thing::{Label, Thing, ThingRef};

fn watched<R>(run: impl FnOnce() -> R) -> Report {
    ledger::raise_level(Level::Sites);
    ledger::scope(run)
}

#[test]
fn an_object_is_told_with_its_type_address_place_thread_and_number() {
    let mut kept = None;
    let line = line!() + 2;
    let report = watched(|| {
        kept = Some(Thing::new());
        thread::sleep(Duration::from_millis(2));
    });
    let (entry, thing) = (&report.entries()[0], kept.expect("made above"));
    assert_eq!(entry.type_name(), core::any::type_name::<ThingRef>());
    assert_eq!((entry.location().file(), entry.location().line()), (file!(), line));
    let told = format!(
        "`{}` at {:#x}, adopted at {} by thread `an_object_is_told_with_its_type_address_place_thread_and_number` (#{})",
        entry.type_name(),
        thing.as_ptr().addr(),
        entry.location(),
        entry.number(),
    );
    assert_eq!(entry.to_string(), told);
    assert!(entry.age() >= Duration::from_millis(2));
    assert!(!entry.is_given_up() && !entry.is_refused() && !entry.is_inherited() && entry.backtrace().is_none());
}

#[test]
fn a_later_object_has_a_greater_number_and_comes_later() {
    let mut kept = Vec::new();
    let report = watched(|| kept.extend((0..600).map(|_| Thing::new())));
    let known = report.entries().iter().map(|entry| (entry.number(), entry.address()));
    assert!(known.clone().is_sorted_by(|one, next| one.0 < next.0));
    assert!(known.map(|(_, address)| address).eq(kept.iter().map(|thing| thing.as_ptr().addr())));
}

#[test]
fn a_difference_has_what_is_new() {
    let (mut kept, mut first) = (Vec::new(), Report::default());
    let both = watched(|| {
        first = watched(|| kept.push(Thing::new()));
        kept.push(Thing::new());
    });
    let new = both.diff(&first);
    assert_eq!((first.len(), both.len(), new.len()), (1, 2, 1));
    assert_eq!(new.entries()[0].number(), both.entries()[1].number());
    assert!(!new.is_empty() && first.diff(&both).is_empty());
}

#[test]
fn json_has_every_object_with_all_that_is_known_of_it() {
    let name = "a \"thread\"\\\u{1}\u{1f}\n of ours 🦀";
    let run = || {
        let mut kept = None;
        let report = watched(|| kept = Some((Thing::into_raw(Thing::new()), Label::new())));
        // SAFETY: given up above.
        drop(kept.map(|(raw, label)| (unsafe { Thing::from_raw(raw) }, label)));
        report
    };
    let thread = thread::Builder::new().name(name.into()).spawn(run).expect("a thread");
    let report = thread.join().expect("no panic");
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("it is JSON");
    assert!(report.to_json().contains(" of ours 🦀`"), "what need not be escaped is not");
    assert_eq!((&json["live"], json["objects"].as_array().map(Vec::len)), (&2.into(), Some(2)));
    for (entry, object) in report.entries().iter().zip(json["objects"].as_array().expect("a list")) {
        let age = object["age_ms"].as_u64().expect("a number");
        assert_eq!(u128::from(age), entry.age().as_millis());
        let expected = serde_json::json!({
            "type": entry.type_name(),
            "kind": entry.kind().name(),
            "address": format!("{:#x}", entry.address()),
            "file": file!(),
            "line": entry.location().line(),
            "column": entry.location().column(),
            "thread": format!("thread `{name}`"),
            "number": entry.number(),
            "age_ms": age,
            "given_up": entry.kind() == Kind::Owned,
            "refused": false,
            "inherited": false,
        });
        assert_eq!(*object, expected);
    }
    let none: serde_json::Value = serde_json::from_str(&Report::default().to_json()).expect("it is JSON");
    assert_eq!(none, serde_json::json!({ "live": 0, "objects": [] }));
}

#[test]
fn every_way_of_holding_has_a_word_of_its_own() {
    let kinds = [Kind::Owned, Kind::Shared, Kind::InPlace, Kind::Memory, Kind::Registration];
    assert_eq!(kinds.map(Kind::name), ["owned", "shared", "in place", "memory", "registration"]);
}

#[test]
fn the_most_numerous_place_comes_first_and_eight_numbers_are_shown_of_each() {
    let mut kept = Vec::new();
    let report = watched(|| {
        kept.push(Thing::new());
        kept.extend((0..9).map(|_| Thing::new()));
        kept.extend((0..8).map(|_| Thing::new()));
    });
    let numbers: Vec<String> = report.entries().iter().map(|entry| format!("#{}", entry.number())).collect();
    let text = report.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (4, "18 objects are live"), "{text}");
    assert!(
        lines[1].starts_with("  9 × `") && lines[1].ends_with(&format!("({}, …)", numbers[1..9].join(", "))),
        "{text}"
    );
    assert!(
        lines[2].starts_with("  8 × `") && lines[2].ends_with(&format!("({})", numbers[10..].join(", "))),
        "{text}"
    );
    assert!(lines[3].starts_with("  1 × `") && lines[3].ends_with(&format!("({})", numbers[0])), "{text}");
}

#[test]
fn a_place_of_several_threads_says_so() {
    ledger::raise_level(Level::Sites);
    let make = || Thing::new();
    let mut kept = Vec::new();
    let alone = watched(|| kept.push(make()));
    assert!(!alone.to_string().contains("and others"), "{alone}");
    let scope = ledger::Scope::begin();
    let begun = format!("{scope:?}");
    assert!(begun.starts_with("Scope { ") && begun.contains('#'), "{begun}");
    kept.push(make());
    let other = thread::scope(|threads| {
        let other = || {
            let _joined = scope.join();
            (make(), thread::current().id())
        };
        let (made, id) = threads.spawn(other).join().expect("no panic");
        kept.push(made);
        id
    });
    let report = scope.end();
    let unnamed = report.entries().iter().find(|entry| entry.thread().id() == Some(other)).expect("it is live");
    assert_eq!(unnamed.thread().to_string(), format!("thread {other:?}"));
    // Which of the two is named depends on what other tests adopted meanwhile.
    let both = report.to_string();
    assert!(both.starts_with("2 objects are live\n  2 × `") && both.contains(" and others; for "), "{both}");
}

#[test]
fn what_happened_to_objects_of_one_place_parts_them() {
    let make = || Thing::new();
    let mut kept = None;
    let report = watched(|| kept = Some((make(), Thing::into_raw(make()))));
    let text = report.to_string();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert_eq!(text.matches("(owned, given up by `into_raw` and not taken back), adopted at").count(), 1, "{text}");
    assert_eq!(text.matches("(owned), adopted at").count(), 1, "{text}");
    let given_up = report.entries().iter().find(|entry| entry.is_given_up()).expect("one of them").to_string();
    assert!(given_up.ends_with(", given up by `into_raw` and not taken back"), "{given_up}");
    // SAFETY: given up above.
    drop(unsafe { Thing::from_raw(kept.expect("made above").1) });
}

#[test]
fn a_backtrace_is_below_its_line() {
    const CASE: &str = "a_backtrace_is_below_its_line";
    if is_child(CASE) {
        ledger::set_level(Level::Backtraces);
        let mut kept = None;
        let report = ledger::scope(|| kept = Some(Thing::new()));
        let trace = report.entries()[0].backtrace().expect("it is kept").to_string();
        assert!(trace.lines().count() > 1 && report.to_string().ends_with(&trace), "{report}");
        return;
    }
    passes(CASE, &[]);
}
