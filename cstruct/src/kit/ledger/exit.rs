//! The report at the end of the process, and the child that a fork makes.

use core::fmt;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, Once, PoisonError};

use super::book::Book;

/// Where the report at the end of the process goes, and in what form.
///
/// From the variable `CSTRUCT_LEDGER_EXIT` (`stderr`, `json`, or a path, as JSON if it ends with `.json`), or [`report_at_exit`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExitReport {
    /// Text, on standard error, if anything is live.
    Stderr,
    /// JSON in one line, on standard error.
    JsonToStderr,
    /// Text, in a file that is written anew.
    File(PathBuf),
    /// JSON, in a file that is written anew.
    JsonFile(PathBuf),
}

static WANTED: Mutex<Option<ExitReport>> = Mutex::new(None);

/// Reports what is live when the process ends by `exit` or by returning from `main`; the last call counts. Nothing is reported
/// after `abort`, a signal, or `_exit`.
///
/// Threads that still run then are read as they run. In a child that was forked, what the parent had adopted is said to be
/// inherited.
pub fn report_at_exit(report: ExitReport) {
    *WANTED.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
    install();
}

pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the function may be called at any time of the process's end; it does not unwind.
        let _ = unsafe { libc::atexit(at_exit) };
        #[cfg(unix)]
        // SAFETY: the function only stores to atomics and to the cells of books whose threads do not run in the child.
        let _ = unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
}

pub(super) fn read_environment() {
    let Some(text) = std::env::var_os("CSTRUCT_LEDGER_EXIT") else { return };
    report_at_exit(match text.to_str() {
        Some("stderr") => ExitReport::Stderr,
        Some("json") => ExitReport::JsonToStderr,
        Some(path) if path.ends_with(".json") => ExitReport::JsonFile(path.into()),
        _ => ExitReport::File(text.into()),
    });
}

extern "C" fn at_exit() {
    // C is behind us.
    let _ = crate::kit::catch(|| {
        let Some(wanted) = WANTED.lock().unwrap_or_else(PoisonError::into_inner).clone() else { return };
        let report = super::snapshot();
        let written = match &wanted {
            ExitReport::Stderr if report.is_empty() => Ok(()),
            ExitReport::Stderr => writeln!(std::io::stderr(), "cstruct: at exit, {report}"),
            ExitReport::JsonToStderr => writeln!(std::io::stderr(), "{}", report.to_json()),
            ExitReport::File(path) => std::fs::write(path, alloc::format!("{report}\n")),
            ExitReport::JsonFile(path) => std::fs::write(path, report.to_json() + "\n"),
        };
        if let Err(error) = written {
            super::say(format_args!("the report at exit was not written to {}: {error}", Where(&wanted)));
        }
    });
}

#[cfg(unix)]
unsafe extern "C" fn in_child() {
    Book::all().for_each(Book::inherit);
}

struct Where<'w>(&'w ExitReport);

impl fmt::Display for Where<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ExitReport::File(path) | ExitReport::JsonFile(path) => path.display().fmt(f),
            ExitReport::Stderr | ExitReport::JsonToStderr => f.write_str("standard error"),
        }
    }
}
