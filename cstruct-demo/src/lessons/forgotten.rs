//! A forgotten handle is noticed, and named with the line that made it.

use std::cell::RefCell;
use std::rc::Rc;

use cstruct::{CStruct, Error, Library};

use super::{Lesson, summarise};
use crate::dataset::Dataset;
use crate::measure::Outcome;
use crate::net::{Net, Netted};
use crate::progress::Progress;

pub(crate) const LESSON: Lesson = Lesson {
    name: "safety net",
    teaches: "a handle in a reference cycle is never dropped: C's counter tells that, and the net tells which one",
    run,
};

/// Holds a list, and itself.
struct Cycle {
    list: Netted<CStruct>,
    itself: RefCell<Option<Rc<Cycle>>>,
}

fn run(dataset: &Dataset, progress: &Progress, library: &Library) -> Result<Outcome, Error> {
    let net = Net::default();
    let before = library.live().objects;

    let list = dataset.load(|records| progress.advance(records))?;
    let cycle = Rc::new(Cycle { list: net.hang("list", list), itself: RefCell::new(None) });
    *cycle.itself.borrow_mut() = Some(Rc::clone(&cycle));
    let summary = summarise(&cycle.list);
    let lost = Rc::downgrade(&cycle);
    drop(cycle); // and yet nothing is released

    let leaked = library.live().objects - before;
    let mut notes = net.forgotten();
    let noticed = leaked == summary.records && notes.len() == 1;
    notes.push(format!("{leaked} C objects live that nobody will release"));

    // A real program would stop here and be mended; this one mends itself.
    if let Some(found) = lost.upgrade() {
        let itself = found.itself.borrow_mut().take();
        drop(itself);
    }
    let shown = noticed && net.forgotten().is_empty() && library.live().objects == before;
    Ok(Outcome { summary, bytes_copied: 0, notes, shown })
}
