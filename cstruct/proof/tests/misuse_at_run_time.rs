//! Misuse that the compiler cannot see is named: each case is a process of its own, whose status and text are checked.

#[path = "misuse/callbacks.rs"]
mod callbacks;
#[path = "misuse/ends.rs"]
mod ends;
#[path = "misuse/owners.rs"]
mod owners;
#[path = "misuse/values.rs"]
mod values;

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode, ExitStatus, Output};

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Code(i32),
    Signal(i32),
}

const OK: End = End::Code(0);
/// A panic of the main thread.
const PANIC: End = End::Code(101);
const ABORT: End = End::Signal(libc::SIGABRT);

impl End {
    fn of(status: ExitStatus) -> End {
        status.signal().map_or_else(|| End::Code(status.code().expect("no signal, so a code")), End::Signal)
    }
}

/// What is done wrong, how the process ends, and what it says.
struct Case {
    name: &'static str,
    run: fn(),
    end: End,
    says: &'static str,
    variables: &'static [(&'static str, &'static str)],
}

const fn case(name: &'static str, run: fn(), end: End, says: &'static str) -> Case {
    Case { name, run, end, says, variables: &[] }
}

/// The same with the ledger on.
const fn in_ledger(
    name: &'static str,
    run: fn(),
    end: End,
    says: &'static str,
    fault: &'static [(&str, &str)],
) -> Case {
    Case { name, run, end, says, variables: fault }
}

/// Says an error, as a program that handles it would.
fn told<T, E: core::fmt::Display>(result: Result<T, E>) {
    match result {
        Ok(_) => eprintln!("nothing was wrong"),
        Err(error) => eprintln!("error: {error}"),
    }
}

/// Says how many objects live.
fn tell_live() {
    eprintln!("{} objects live", cstruct::live().objects);
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [values::CASES, owners::CASES, callbacks::CASES, ends::CASES].into_iter().flatten()
}

const VARIABLE: &str = "CSTRUCT_CASE";

fn child(case: &Case) -> Output {
    Command::new(std::env::current_exe().expect("this program has a path"))
        .env_remove("CSTRUCT_LEDGER")
        .env_remove("CSTRUCT_LEDGER_FAULT")
        .env("RUST_BACKTRACE", "0")
        .env(VARIABLE, case.name)
        .envs(case.variables.iter().copied())
        .output()
        .expect("it can be run")
}

fn main() -> ExitCode {
    if let Ok(name) = std::env::var(VARIABLE) {
        let case = cases().find(|case| case.name == name).expect("a case of that name");
        (case.run)();
        return ExitCode::SUCCESS;
    }

    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    let (mut right, mut wrong) = (0, 0);
    for case in cases().filter(|case| case.name.contains(&filter)) {
        let output = child(case);
        let (end, text) = (End::of(output.status), String::from_utf8_lossy(&output.stderr));
        if end == case.end && text.contains(case.says) {
            right += 1;
        } else {
            wrong += 1;
            println!("{}: {end:?} where {:?} with {:?} was expected\n{text}", case.name, case.end, case.says);
        }
    }
    println!(
        "misuse at run time: {right} of {} cases end as they should, with the text that they should say",
        right + wrong
    );
    if wrong == 0 && right > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
