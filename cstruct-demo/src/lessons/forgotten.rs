//! Forgotten handles are noticed, and named with the lines that adopted them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::mem::{self, ManuallyDrop};
use std::rc::Rc;

use cstruct::kit::ledger;
use cstruct::{CStruct, Error, Library};
use cstruct_demo_faulty as faulty;

use super::watching::Watching;
use super::{Lesson, summarise};
use crate::dataset::Dataset;
use crate::measure::Outcome;
use crate::progress::Progress;

pub(crate) const LESSON: Lesson = Lesson {
    name: "safety net",
    teaches: "`Drop` cannot see what is forgotten: C's counter tells that something lives, and the ledger which, by file and line",
    run,
};

/// Holds a list, and itself.
struct Cycle {
    list: CStruct,
    itself: RefCell<Option<Rc<Cycle>>>,
}

fn run(dataset: &Dataset, progress: &Progress, library: &Library) -> Result<Outcome, Error> {
    let _watching = Watching::begin();
    let (before, known) = (library.live().objects, ledger::snapshot());

    // 1. An owner in a reference cycle: nothing is released where it goes out of scope.
    let list = dataset.load(|records| progress.advance(records))?;
    let cycle = Rc::new(Cycle { list, itself: RefCell::new(None) });
    *cycle.itself.borrow_mut() = Some(Rc::clone(&cycle));
    let summary = summarise(&cycle.list);
    let lost = Rc::downgrade(&cycle);
    drop(cycle);

    // 2. An owner that was forgotten. The spare key is for the end of this lesson only.
    let forgotten = CStruct::named(2, c"passed to mem::forget")?;
    let spare = faulty::spare(&forgotten);
    mem::forget(forgotten);

    // 3. A pointer that left, and that nobody takes back.
    let left = CStruct::named(3, c"left by into_raw")?;
    let raw = CStruct::into_raw(left);

    let report = ledger::snapshot().diff(&known);
    let leaked = library.live().objects - before;
    let here = report.entries().iter().filter(|entry| entry.location().file() == file!());
    let lines: BTreeSet<u32> = here.map(|entry| entry.location().line()).collect();
    let noticed = report.len() == 3 && lines.len() == 3 && leaked == summary.records + 2;
    let mut notes: Vec<String> =
        report.to_string().lines().map(|line| format!("the ledger: {}", line.trim())).collect();
    notes.push(format!("C's own count: {leaked} objects live, the list's {} records and 2 more", summary.records));

    // A real program would be mended at those lines; this one mends itself, so that C's books balance.
    if let Some(found) = lost.upgrade() {
        let itself = found.itself.borrow_mut().take();
        drop(itself);
    }
    drop(ManuallyDrop::into_inner(spare));
    drop(faulty::take_back(raw)?);
    let mended = ledger::snapshot().diff(&known).is_empty() && library.live().objects == before;
    Ok(Outcome { summary, bytes_copied: 0, notes, shown: noticed && mended })
}
