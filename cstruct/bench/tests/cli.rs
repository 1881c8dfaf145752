//! The program as a person meets it. No test looks at a time.

use std::process::{Command, Output};

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cstruct-bench")).args(arguments).output().expect("it starts")
}

#[test]
fn a_quick_run_gives_every_way_of_the_jobs_asked_for() {
    let output = run(&["--quick", "--json", "bare", "copy-16"]);
    assert!(output.status.success(), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("one document");
    let jobs = report["jobs"].as_array().expect("a list of jobs");
    assert_eq!(jobs.iter().map(|job| job["job"].as_str()).collect::<Vec<_>>(), [Some("bare"), Some("copy-16")]);
    for job in jobs {
        let ways = job["ways"].as_array().expect("a list of ways");
        assert_eq!((&ways[0]["name"], &ways[0]["ratio"]), (&Value::from("C"), &Value::from(1.0)));
        assert!(ways.iter().any(|way| way["side"] == "ours"));
        assert!(ways.iter().all(|way| way["ns"].as_f64().is_some_and(|ns| ns > 0.0)), "{ways:?}");
    }
}

#[test]
fn the_table_has_a_row_a_way_and_the_picture_a_bar() {
    let folder = tempfile::tempdir().expect("there is room");
    let picture = folder.path().join("ratios.svg");
    let output = run(&["--quick", "text", "--plot", picture.to_str().expect("a plain path")]);
    assert!(output.status.success(), "{output:?}");
    let (table, picture) =
        (String::from_utf8_lossy(&output.stdout), std::fs::read_to_string(&picture).expect("it is drawn"));
    for way in ["raw FFI", "CText", "cbox", "mbox", "malloced"] {
        assert!(table.contains(way) && picture.contains(way), "{way} is missing: {table}");
    }
    assert!(picture.trim_end().ends_with("</svg>"));
    let (_, short) = table.split_once("The same in short").expect("it ends with a short table");
    assert!(short.contains("CText *") && !short.contains("malloced"), "only what has a target: {short}");
}

#[test]
fn what_there_is_not_is_said_in_one_line() {
    for (arguments, said) in [
        (&["nothing"][..], "there is no such job; the jobs are bare, filled"),
        (&["--one", "bare", "by magic", "1"], "bare cannot be done as by magic"),
        (&["--quick", "text", "--plot", "/nonexistent/picture.svg"], "/nonexistent/picture.svg"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            stderr.starts_with("cstruct-bench: ") && stderr.contains(said) && stderr.lines().count() == 1,
            "{stderr}"
        );
    }
}
