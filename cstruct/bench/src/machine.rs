//! Where and with what figures were made.

use std::process::Command;

use serde::Serialize;

/// The machine, the day, and the state of the source.
#[derive(Debug, Serialize)]
pub struct Machine {
    date: String,
    commit: String,
    processor: String,
    rustc: &'static str,
    cc: &'static str,
}

impl Machine {
    /// This one, now.
    pub fn this() -> Machine {
        Machine {
            date: output("date", &["-u", "+%Y-%m-%d"]),
            commit: output("git", &["-C", env!("CARGO_MANIFEST_DIR"), "describe", "--always", "--dirty"]),
            processor: processor(),
            rustc: Machine::rustc(),
            cc: env!("CSTRUCT_BENCH_CC"),
        }
    }

    /// The compiler that made this program.
    pub fn rustc() -> &'static str {
        env!("CSTRUCT_BENCH_RUSTC")
    }

    /// In a line.
    pub fn line(&self) -> String {
        let Machine { date, commit, processor, rustc, cc } = self;
        format!("{date}, commit {commit}, {processor}, {rustc}, {cc}")
    }
}

fn output(program: &str, args: &[&str]) -> String {
    match Command::new(program).args(args).output() {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        _ => "unknown".to_owned(),
    }
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{} ({cores} cores, {})", model.unwrap_or("unknown processor").trim(), std::env::consts::ARCH)
}
