//! Borrowed: the records stay the context's, and are read where they are.

use cstruct::{Error, Library};

use super::{Lesson, read_in_place};
use crate::dataset::Dataset;
use crate::measure::Outcome;
use crate::progress::Progress;
use crate::summary::Summary;

pub(crate) const LESSON: Lesson = Lesson {
    name: "borrowed",
    teaches: "`&CStructRef` is a C pointer with a lifetime: nothing is copied, and keeping one too long does not compile",
    run,
};

fn run(dataset: &Dataset, progress: &Progress, _library: &Library) -> Result<Outcome, Error> {
    let mut passes = Vec::new();
    for pass in dataset.passes() {
        let pass = pass?;
        progress.advance(pass.wanted);
        passes.push(pass);
    }
    let mut summary = Summary::new();
    for pass in &passes {
        let mut query = pass.context.query(c"")?;
        for _ in 0..pass.wanted {
            let Some(record) = query.step()? else { break };
            summary.add(record.samples());
        }
    }
    Ok(read_in_place(summary))
}
