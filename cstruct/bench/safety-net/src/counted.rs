//! Instructions, which are nearly the same in every run: under callgrind, as the difference of two run lengths.

use std::process::Command;

use crate::work::{Told, Untold, in_random_order, one_after_the_other, record};

/// The argument by which the program runs itself.
const ARGUMENT: &str = "--counted";
const TIMES: usize = 20_000;

/// Makes and releases so many records, if the program was told so by [`instructions`]. Whether it was.
pub fn was_asked() -> bool {
    let arguments: Vec<_> = std::env::args().collect();
    let [_, argument, way, live, times] = &arguments[..] else { return false };
    let (Ok(live), Ok(times)) = (live.parse(), times.parse()) else { return false };
    match (&**argument, &**way) {
        (ARGUMENT, "untold") => run(live, times, record::<Untold<0>>),
        (ARGUMENT, "told") => run(live, times, record::<Told<0>>),
        _ => return false,
    }
    true
}

fn run<T>(live: usize, times: usize, make: impl Fn(i32) -> T) {
    if live == 1 {
        return one_after_the_other(times, make);
    }
    let mut kept: Vec<_> = (0..live).map(|value| Some(make(value as i32))).collect();
    in_random_order(times, &mut kept, make);
}

/// What a record takes untold, and what it takes more told, with so many live.
///
/// # Errors
///
/// When valgrind is not there, or fails.
pub fn instructions(live: usize) -> Result<(f64, f64), String> {
    let of = |way| -> Result<f64, String> {
        let (once, twice) = (collected(way, live, TIMES)?, collected(way, live, 2 * TIMES)?);
        Ok(twice.saturating_sub(once) as f64 / TIMES as f64)
    };
    let untold = of("untold")?;
    Ok((untold, of("told")? - untold))
}

fn collected(way: &str, live: usize, times: usize) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| format!("this program does not find itself: {error}"))?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .env("CSTRUCT_LEDGER", "sites")
        .arg(program)
        .args([ARGUMENT, way, &live.to_string(), &times.to_string()])
        .output()
        .map_err(|error| format!("valgrind does not start: {error}; install it to count instructions"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let total = said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    match total {
        Some(total) if output.status.success() => Ok(total),
        _ => Err(format!("valgrind failed at {way}: {}", said.trim())),
    }
}
