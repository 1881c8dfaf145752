//! Copied out: plain Rust data, and C's memory is gone before the first read.

use cstruct::{CStructData, Error, Library};

use super::Lesson;
use crate::dataset::Dataset;
use crate::measure::Outcome;
use crate::progress::Progress;
use crate::summary::Summary;

pub(crate) const LESSON: Lesson = Lesson {
    name: "copied out",
    teaches: "`Vec<CStructData>` is plain Rust data: nobody has to release it, and C has no part in it",
    run,
};

fn run(dataset: &Dataset, progress: &Progress, library: &Library) -> Result<Outcome, Error> {
    let before = library.live().objects;
    let mut data: Vec<CStructData> = Vec::with_capacity(dataset.count());
    // Pass by pass, so that only one pass at a time is there twice.
    for pass in dataset.passes() {
        let mut pass = pass?;
        if let Some(list) = pass.context.pin_mut().take()? {
            for record in list.records().take(pass.wanted) {
                data.push(record.try_into()?);
            }
        }
        progress.advance(pass.wanted);
    }
    let shown = library.live().objects == before;

    let mut summary = Summary::new();
    let mut bytes_copied = 0;
    for record in &data {
        summary.add(&record.samples);
        let name = record.name.as_ref().map_or(0, String::len);
        bytes_copied += (size_of_val(&record.value) + name + size_of_val(&record.samples[..])) as u64;
    }
    Ok(Outcome { summary, bytes_copied, notes: Vec::new(), shown })
}
