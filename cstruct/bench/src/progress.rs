//! A bar on standard error, and only on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// How far the program is.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar of so many steps. `indicatif` draws nothing when standard error is not a terminal.
    pub(crate) fn new(steps: usize) -> Progress {
        let bar = ProgressBar::new(steps as u64);
        Progress(match ProgressStyle::with_template("{msg:16} {bar:32} {pos}/{len}, {eta} left") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }

    /// What is being done.
    pub(crate) fn now(&self, what: &'static str) {
        self.0.set_message(what);
    }

    /// One step further.
    pub(crate) fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
