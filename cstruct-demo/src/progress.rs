//! A bar on standard error while a lesson is long, and only on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How far a lesson is.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar over `records` records. `indicatif` draws nothing when standard error is not a terminal.
    pub(crate) fn new(lesson: &'static str, records: usize) -> Progress {
        let style =
            ProgressStyle::with_template("{spinner} {prefix:24} {bar:32} {human_pos}/{human_len} records, {elapsed}");
        let bar = ProgressBar::new(records as u64).with_prefix(lesson);
        let bar = match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        };
        if !bar.is_hidden() {
            // One pass over a big file tells nothing before it ends: the time goes on meanwhile.
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Progress(bar)
    }

    /// So many more are loaded.
    pub(crate) fn advance(&self, records: usize) {
        self.0.inc(records as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
