//! The program as a person meets it: what it prints, and with which status it ends.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn demo(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cstruct-demo")).args(args).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("it prints UTF-8")
}

/// Runs it on a file with these contents; gives the status and what it said on stderr, where the folder is cut off.
fn on_file(contents: &[u8]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("input.csv");
    fs::write(&path, contents).expect("it can be written");
    let path = path.to_str().expect("a temporary path is UTF-8");
    let output = demo(&["--input", path]);
    let said = text(&output.stderr).replace(folder.path().to_str().expect("as above"), "");
    assert_eq!(text(&output.stdout), "", "bad input prints no table");
    (output.status.code(), said)
}

#[test]
fn the_table_balances_on_the_built_in_data() {
    let output = demo(&[]);
    let table = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{table}\n{}", text(&output.stderr));
    assert!(table.contains("balanced:") && !table.contains("NO"), "{table}");
    assert_eq!(text(&output.stderr), "", "no progress where there is no terminal");
}

#[test]
fn the_document_has_every_figure() {
    let output = demo(&["--json", "--count", "1000"]);
    assert_eq!(output.status.code(), Some(0));
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(document["ok"], true);
    assert!(document["input"].as_str().expect("a name").contains("seattle"));
    let strategies = document["strategies"].as_array().expect("a list");
    let names: BTreeSet<_> = strategies.iter().map(|row| row["name"].as_str().expect("a name")).collect();
    assert_eq!((names.len(), strategies.len()), (11, 11), "each name once: {names:?}");
    for row in strategies {
        let figure = |name: &str| row[name].as_u64().unwrap_or_else(|| panic!("{name} in {row}"));
        assert_eq!(figure("objects"), 1000, "{row}");
        assert_eq!(figure("allocs"), figure("frees"), "{row}");
        assert!(figure("allocs") >= 3 * 1000, "a record, its name and its samples: {row}");
        assert_eq!(figure("live"), 0, "{row}");
        assert!(figure("peak_bytes") > 0 && row["ns_per_object"].as_f64().expect("a number") > 0.0, "{row}");
        assert_eq!(row["ok"], true, "{row}");
        assert!(row["bytes_copied"].is_u64() && row["notes"].is_array(), "{row}");
    }
    let memory = &document["memory"];
    let (data, peak) = (memory["data_bytes"].as_u64().expect("C's count"), memory["peak_bytes"].as_u64());
    assert!(data > 1000 * 100, "a record has a hundred bytes at least: {memory}");
    assert_eq!(peak.is_some(), cfg!(target_os = "linux"), "{memory}");
    if let Some(peak) = peak {
        let times = memory["times_the_data"].as_f64().expect("a number");
        assert!((times - peak as f64 / data as f64).abs() < 1e-9 && times > 1.0, "{memory}");
    }
    for figure in ["records", "samples", "missing", "min", "max", "mean", "stddev"] {
        assert!(document["summary"][figure].is_number(), "{figure} in {document}");
    }
}

#[test]
fn any_count_reads_as_many_records() {
    for count in ["1", "364", "365", "366", "731"] {
        let output = demo(&["--json", "--count", count]);
        assert_eq!(output.status.code(), Some(0), "{count}");
        let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        assert_eq!(document["summary"]["records"].to_string(), count);
    }
}

#[test]
fn a_users_file_is_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("mine.csv");
    fs::write(&path, "name,value,s1,s2\r\n\"a, b\",1,2,4\r\n,-5,,6").expect("it can be written");
    let output = demo(&["--json", "--input", path.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let summary = &document["summary"];
    assert_eq!((summary["samples"].as_u64(), summary["missing"].as_u64()), (Some(3), Some(1)));
    assert_eq!(summary["mean"].as_f64(), Some(4.0));
}

#[test]
fn bad_input_ends_with_one_line_that_says_where() {
    let (status, said) = on_file(b"name,value,s1\nfine,1,2\nbad,1,12x\n");
    assert_eq!(status, Some(2));
    assert_eq!(said.lines().count(), 1, "{said}");
    for part in ["input.csv", "line 3", "column 7", "12x"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let (status, said) = on_file(b"name,value,s1\nshort,1\n");
    assert!(status == Some(2) && said.contains("line 2"), "{said}");
    let (status, said) = on_file(b"name,value,s1\nnul,1,\0\n");
    assert!(status == Some(2) && said.contains("line 2"), "{said}");
    let (status, said) = on_file(b"name,value,s1\n");
    assert!(status == Some(2) && said.contains("no record"), "{said}");
    let (status, said) = on_file(b"");
    assert!(status == Some(2) && said.lines().count() == 1, "{said}");
}

#[test]
fn a_name_that_is_not_utf8_is_bad_input() {
    let (status, said) = on_file(b"name,value,s1\nna\xffme,1,2\n");
    assert_eq!(status, Some(2), "{said}");
    for part in ["input.csv", "line 2", "column 3", "UTF-8"] {
        assert!(said.contains(part) && said.lines().count() == 1, "{part} in {said}");
    }
}

#[test]
fn a_missing_file_and_a_wrong_option_are_bad_input() {
    for args in [&["--input", "/nonexistent/file.csv"][..], &["--count", "0"], &["--count", "many"], &["--wrong"]] {
        let output = demo(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{args:?}");
    }
    assert!(text(&demo(&["--input", "/nonexistent/file.csv"]).stderr).contains("/nonexistent/file.csv"));
}

#[test]
fn help_says_what_it_does() {
    let output = demo(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    for word in ["--input", "--count", "--json", "--plot", "Exit status"] {
        assert!(text(&output.stdout).contains(word), "{word}");
    }
}

#[test]
fn a_closed_pipe_is_no_panic() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cstruct-demo"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(!text(&output.stderr).contains("panicked"), "{}", text(&output.stderr));
}

#[test]
fn a_count_of_none_says_what_a_count_is() {
    for count in ["0", "many", "-5", "1.5"] {
        let output = demo(&[&format!("--count={count}")]);
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains("whole number from 1 on"), "{count}: {said}");
    }
}

#[test]
fn a_plot_that_cannot_be_written_is_told_before_the_work() {
    let output = demo(&["--plot", "/nonexistent/live.svg"]);
    let said = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{said}");
    assert!(said.contains("/nonexistent/live.svg") && said.lines().count() == 1, "{said}");
}
