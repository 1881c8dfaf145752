//! Runs a lesson with the C library's books open.

use std::time::Instant;

use cstruct::Library;
use serde::Serialize;

use crate::dataset::Dataset;
use crate::lessons::Lesson;
use crate::progress::Progress;
use crate::summary::Summary;

/// What a lesson hands back: what it read, and how many bytes it had to copy for that.
pub(crate) struct Outcome {
    pub(crate) summary: Summary,
    pub(crate) bytes_copied: u64,
    /// What the lesson noticed on the way, for the reader.
    pub(crate) notes: Vec<String>,
    /// Whether it saw what it exists to show.
    pub(crate) shown: bool,
}

/// One row of the table. Counts are those of the allocator hook, between the lesson's begin and end.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) objects: usize,
    pub(crate) allocs: u64,
    pub(crate) frees: u64,
    /// Blocks of the lesson's that still live after it.
    pub(crate) live: u64,
    pub(crate) peak_bytes: u64,
    pub(crate) bytes_copied: u64,
    pub(crate) ns_per_object: f64,
    pub(crate) ok: bool,
    #[serde(skip)]
    pub(crate) teaches: &'static str,
    #[serde(skip)]
    pub(crate) summary: Summary,
    pub(crate) notes: Vec<String>,
}

/// Runs one lesson and balances the books.
pub(crate) fn run(lesson: &Lesson, dataset: &Dataset, library: &Library) -> Result<Row, cstruct::Error> {
    let progress = Progress::new(lesson.name, dataset.count());
    let objects_before = library.live().objects;
    library.restart_peak();
    let before = library.allocations().unwrap_or_default();
    let start = Instant::now();
    let outcome = (lesson.run)(dataset, &progress, library)?;
    let elapsed = start.elapsed();
    let after = library.allocations().unwrap_or_default();
    let objects_after = library.live().objects;

    let allocs = after.allocs - before.allocs;
    let frees = after.frees - before.frees;
    let balanced = allocs == frees && after.live_bytes == before.live_bytes && objects_after == objects_before;
    Ok(Row {
        name: lesson.name,
        objects: dataset.count(),
        allocs,
        frees,
        live: after.live().saturating_sub(before.live()),
        peak_bytes: after.peak_bytes.saturating_sub(before.live_bytes),
        bytes_copied: outcome.bytes_copied,
        ns_per_object: elapsed.as_nanos() as f64 / dataset.count() as f64,
        ok: balanced && allocs > 0 && outcome.shown,
        teaches: lesson.teaches,
        summary: outcome.summary,
        notes: outcome.notes,
    })
}

#[cfg(test)]
mod tests {
    use std::mem;

    use cstruct::{CStruct, Library};

    use super::{Outcome, run};
    use crate::dataset::Dataset;
    use crate::lessons::Lesson;
    use crate::memory::Memory;
    use crate::report::Report;
    use crate::summary::Summary;
    use crate::timeline::Timeline;

    /// The only test of this program that uses the library: the books are the process's.
    #[test]
    fn a_lesson_that_forgets_a_record_is_not_balanced() {
        let library = Library::start_counting().expect("nothing lives yet");
        let dataset = Dataset::read(None, None).expect("the built-in data are good");
        let good = Lesson { name: "good", teaches: "", run: |_, _, _| outcome(CStruct::new(1).map(drop)) };
        let bad = Lesson { name: "bad", teaches: "", run: |_, _, _| outcome(CStruct::new(1).map(mem::forget)) };
        let idle = Lesson { name: "idle", teaches: "", run: |_, _, _| outcome(Ok(())) };

        let good = run(&good, &dataset, &library).expect("there is memory");
        assert_eq!((good.allocs, good.frees, good.live, good.ok), (1, 1, 0, true));
        let idle = run(&idle, &dataset, &library).expect("there is memory");
        assert!(!idle.ok, "a lesson that never went to C shows nothing");
        let bad = run(&bad, &dataset, &library).expect("there is memory");
        assert_eq!((bad.allocs, bad.frees, bad.live, bad.ok), (1, 0, 1, false));

        assert!(Report::new("good", vec![good], Timeline::default(), Memory::default()).ok);
        let report = Report::new("bad", vec![bad], Timeline::default(), Memory::default());
        assert!(!report.ok && report.to_string().contains("NOT BALANCED"));
        let refused = library.shutdown().expect_err("a record lives");
        assert!(refused.to_string().contains("still open"), "{refused}");
        mem::forget(refused);
    }

    fn outcome(done: Result<(), cstruct::Error>) -> Result<Outcome, cstruct::Error> {
        done?;
        Ok(Outcome { summary: Summary::new(), bytes_copied: 0, notes: Vec::new(), shown: true })
    }
}
