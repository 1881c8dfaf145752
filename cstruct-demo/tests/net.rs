//! The lessons on the safety net name the places in their own source, and each object ends once.

use std::fs;
use std::process::Command;

/// What the program printed of one lesson: its notes, as they stand under its name.
fn notes(lesson: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_cstruct-demo")).args(["--count", "100"]).output();
    let output = output.expect("the program starts");
    let text = String::from_utf8(output.stdout).expect("it prints UTF-8");
    assert_eq!(output.status.code(), Some(0), "{text}");
    let lines = text.lines().skip_while(|line| !line.starts_with(lesson) || line.contains('│')).skip(1);
    let notes = lines.map_while(|line| line.trim_start().strip_prefix("noticed: ").map(str::to_owned));
    let notes: Vec<String> = notes.collect();
    assert!(!notes.is_empty(), "{lesson} in {text}");
    notes
}

/// The file of a lesson, as the ledger names it, and the one line of it that has this text.
fn place(file: &str, text: &str) -> String {
    let source = fs::read_to_string(format!("{}/src/lessons/{file}", env!("CARGO_MANIFEST_DIR"))).expect("it is there");
    let lines: Vec<usize> =
        (1..).zip(source.lines()).filter(|(_, line)| line.contains(text)).map(|(at, _)| at).collect();
    let [line] = lines[..] else { panic!("{text} is on the lines {lines:?} of {file}") };
    format!("cstruct-demo/src/lessons/{file}:{line}:")
}

#[test]
fn three_forgotten_handles_are_named_with_file_and_line() {
    let notes = notes("safety net");
    assert!(notes[0].contains("3 objects are live"), "{notes:?}");
    for made in ["dataset.load(", "CStruct::named(2", "CStruct::named(3"] {
        let place = place("forgotten.rs", made);
        let named: Vec<_> = notes.iter().filter(|note| note.contains(&format!("adopted at {place}"))).collect();
        assert!(named.len() == 1 && named[0].contains("CStructRef` (owned"), "{place} in {notes:?}");
    }
    let given_up = notes.iter().filter(|note| note.contains("given up by `into_raw` and not taken back"));
    let given_up: Vec<_> = given_up.collect();
    assert!(given_up.len() == 1 && given_up[0].contains(&place("forgotten.rs", "CStruct::named(3")), "{notes:?}");
    assert!(notes[4].starts_with("C's own count: 102 objects live"), "the list's records and two: {notes:?}");
}

#[test]
fn a_double_adoption_names_both_places() {
    let notes = notes("double adoption");
    assert_eq!(notes.len(), 1, "one fault: {notes:?}");
    let fault = notes[0].strip_prefix("adopted twice: ").unwrap_or_else(|| panic!("{notes:?}"));
    let (second, first) = fault.split_once("it is live already").unwrap_or_else(|| panic!("{notes:?}"));
    for (owner, made) in [(first, "dataset.load("), (second, "faulty::adopt_again(")] {
        let place = place("twice.rs", made);
        assert!(owner.contains(&format!("adopted at {place}")), "{place} in {owner}");
    }
}

#[test]
fn a_backlog_builds_up_and_is_released_in_its_turn() {
    let notes = notes("released later");
    let [backlog, figures] = &notes[..] else { panic!("{notes:?}") };
    // At each of three safe points 32 more had come, and 24 were released; then came 4 more: 32, 40, 48, 28.
    assert!(backlog.ends_with(": ▆▇█▅"), "{backlog}");
    for part in ["at most 48 of 256 waited, 28 at the end", "released in their turn: 100, stranded: 0"] {
        assert!(figures.contains(part), "{part} in {figures}");
    }
}

#[test]
fn abroad_a_parcel_is_refused_by_name_and_its_object_released_at_home() {
    let notes = notes("wrong thread");
    let [looked_at, opened, dropped] = &notes[..] else { panic!("{notes:?}") };
    assert!(looked_at.contains("WrongThread"), "{looked_at}");
    assert!(opened.contains("NotAtHome") && opened.contains("do it there"), "{opened}");
    assert!(dropped.contains("released at home: 1, stranded: 0"), "{dropped}");
}
