//! The live C bytes of each strategy: in the document, in the terminal, and as a drawing.

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

/// From the earliest release to the latest.
const STRATEGIES: [&str; 5] = ["copy", "explicit", "scope", "deferred", "net only"];

fn demo(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cstruct-demo")).args(args).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("it prints UTF-8")
}

#[test]
fn the_later_the_release_the_more_lives() {
    let output = demo(&["--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let timeline = &document["timeline"];
    let figure = |of: &Value, name: &str| of[name].as_u64().unwrap_or_else(|| panic!("{name} in {of}"));
    let moments = figure(timeline, "steps") * figure(timeline, "moments_a_step") + 1;

    let series = timeline["series"].as_array().expect("a list");
    let names: Vec<_> = series.iter().map(|series| series["strategy"].as_str().expect("a name")).collect();
    assert_eq!(names, STRATEGIES);
    let mut means = Vec::new();
    for series in series {
        let bytes: Vec<u64> =
            series["live_bytes"].as_array().expect("a list").iter().filter_map(Value::as_u64).collect();
        assert_eq!(bytes.len() as u64, moments, "{series}");
        assert_eq!(bytes.last(), Some(&0), "all is released in the end: {series}");
        assert_eq!(bytes.iter().max(), Some(&figure(series, "peak_bytes")), "{series}");
        assert!(bytes[0] > 0, "the first list is C's: {series}");
        let mean = bytes.iter().sum::<u64>() as f64 / bytes.len() as f64;
        let told = series["mean_bytes"].as_f64().expect("a number");
        assert!((told - mean).abs() < 1e-6, "{told}, and not {mean}");
        means.push(mean);
    }
    assert!(means.is_sorted_by(|earlier, later| earlier < later), "{STRATEGIES:?}: {means:?}");
    // The program's own data are the same each time: so are the figures.
    let again: Value = serde_json::from_slice(&demo(&["--json"]).stdout).expect("one JSON document");
    assert_eq!(&again["timeline"], timeline);
}

#[test]
fn the_terminal_has_a_row_a_strategy() {
    let output = demo(&[]);
    let rows: Vec<_> = text(&output.stdout).lines().filter(|line| line.contains("│ mean ")).collect();
    assert_eq!(rows.len(), STRATEGIES.len(), "{rows:?}");
    for (row, strategy) in rows.iter().zip(STRATEGIES) {
        let (name, columns) = row.split_once('│').expect("a name and a plot");
        let (columns, _figures) = columns.split_once('│').expect("a plot and figures");
        assert_eq!(name.trim(), strategy);
        assert!(columns.chars().all(|column| ('▁'..='█').contains(&column)), "{row}");
        assert_eq!(columns.chars().count(), 64, "{row}");
    }
    assert!(rows[4].contains('█') && !rows[0].contains('█'), "the net alone reaches the top: {rows:?}");
}

#[test]
fn the_drawing_has_a_line_a_strategy() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("live.svg");
    let output = demo(&["--json", "--plot", path.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let drawing = fs::read_to_string(&path).expect("it was written");
    assert!(drawing.starts_with("<svg ") && drawing.trim_end().ends_with("</svg>"), "{drawing}");
    for strategy in STRATEGIES {
        assert!(drawing.lines().any(|line| line == strategy), "{strategy} has no label in {drawing}");
    }
    // A line goes through more points than an axis or the sample beside a label.
    let lines = drawing.split("<polyline ").skip(1).filter(|line| {
        let points = line.split_once("points=\"").and_then(|(_, rest)| rest.split_once('"')).expect("points").0;
        points.split_whitespace().count() > 100
    });
    assert_eq!(lines.count(), STRATEGIES.len(), "{drawing}");
}

#[test]
fn a_drawing_that_cannot_be_written_is_bad_input() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let missing = folder.path().join("missing").join("live.svg");
    for path in [folder.path(), &missing] {
        let path = path.to_str().expect("UTF-8");
        let output = demo(&["--plot", path]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.lines().count() == 1 && said.contains(path) && said.contains("name a file"), "{said}");
        assert!(output.stdout.is_empty(), "bad input prints no table");
    }
}
