//! One lesson a way of holding C data. Each does the same work: load, hold, read, summarise, release.

mod abroad;
mod borrowed;
mod child;
mod copied;
mod explicit;
mod forgotten;
mod later;
mod scope;
mod twice;
mod watching;

use std::iter;

use cstruct::{CStruct, CStructRef, Error, Library};

use crate::dataset::Dataset;
use crate::measure::Outcome;
use crate::progress::Progress;
use crate::summary::Summary;

/// A row of the table.
pub(crate) struct Lesson {
    pub(crate) name: &'static str,
    pub(crate) teaches: &'static str,
    pub(crate) run: fn(&Dataset, &Progress, &Library) -> Result<Outcome, Error>,
}

/// In the order of the table.
pub(crate) const ALL: &[Lesson] = &[
    copied::LESSON,
    explicit::LESSON,
    scope::AT_THE_END,
    scope::ON_EARLY_RETURN,
    scope::DURING_A_PANIC,
    borrowed::LESSON,
    forgotten::LESSON,
    twice::LESSON,
    later::LESSON,
    abroad::LESSON,
    child::LESSON,
];

/// Reads the samples where they are, in C's memory.
fn summarise(list: &CStructRef) -> Summary {
    let mut summary = Summary::new();
    for record in list.records() {
        summary.add(record.samples());
    }
    summary
}

/// One owner a record.
fn apart(list: CStruct) -> impl Iterator<Item = CStruct> {
    let mut rest = Some(list);
    iter::from_fn(move || {
        let mut first = rest.take()?;
        rest = first.pin_mut().unlink();
        Some(first)
    })
}

/// An outcome of a lesson that copied nothing and had nothing to report.
fn read_in_place(summary: Summary) -> Outcome {
    Outcome { summary, bytes_copied: 0, notes: Vec::new(), shown: true }
}
