//! A test that runs its own program once more, with one test and an environment: for what happens to a whole process.

use std::process::{Command, Output};

/// Runs the test of that name in a process of its own, in which it [is the child](is_child).
pub(crate) fn child(case: &str, variables: &[(&str, &str)]) -> Output {
    let program = std::env::current_exe().expect("this program has a path");
    Command::new(program)
        .args([case, "--exact", "--nocapture", "--test-threads=1"])
        .env_remove("CSTRUCT_LEDGER")
        .env("CSTRUCT_CASE", case)
        .envs(variables.iter().copied())
        .output()
        .expect("it can be run")
}

pub(crate) fn is_child(case: &str) -> bool {
    std::env::var("CSTRUCT_CASE").is_ok_and(|set| set == case)
}

/// What it wrote on standard error.
pub(crate) fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs the test in a process of its own, where it must pass, and gives what that wrote on standard error.
#[allow(dead_code, reason = "not every test file asks")]
pub(crate) fn passes(case: &str, variables: &[(&str, &str)]) -> String {
    let output = child(case, variables);
    assert!(output.status.success(), "{}{}", errors(&output), String::from_utf8_lossy(&output.stdout));
    errors(&output)
}
