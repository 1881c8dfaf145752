//! One object with two owners is caught at the second adoption, before anything is released twice.

use std::mem;

use cstruct::kit::Foreign;
use cstruct::kit::ledger::{self, Fault};
use cstruct::{Error, Library};
use cstruct_demo_faulty as faulty;

use super::watching::Watching;
use super::{Lesson, read_in_place, summarise};
use crate::dataset::Dataset;
use crate::measure::Outcome;
use crate::progress::Progress;

pub(crate) const LESSON: Lesson = Lesson {
    name: "double adoption",
    teaches: "a borrowed pointer taken for an owned one is a double free to come: the ledger names both places when it is adopted",
    run,
};

fn run(dataset: &Dataset, progress: &Progress, library: &Library) -> Result<Outcome, Error> {
    let _watching = Watching::begin();
    let before = library.live().objects;

    let first_line = line!() + 1;
    let list = dataset.load(|records| progress.advance(records))?;
    let second_line = line!() + 1;
    let second = faulty::adopt_again(&list)?;
    mem::forget(second); // dropped, it would release the list under its owner

    let address = list.as_ptr().addr();
    let faults: Vec<Fault> = ledger::faults().into_iter().filter(|fault| is_of(fault, address)).collect();
    let caught = match &faults[..] {
        [Fault::AdoptedTwice { first, second }] => [(first, first_line), (second, second_line)]
            .iter()
            .all(|(entry, line)| (entry.location().file(), entry.location().line()) == (file!(), *line)),
        _ => false,
    };
    let mut outcome = read_in_place(summarise(&list));
    let Ok(()) = list.close();
    outcome.notes = faults.iter().map(ToString::to_string).collect();
    outcome.shown = caught && library.live().objects == before;
    Ok(outcome)
}

fn is_of(fault: &Fault, address: usize) -> bool {
    matches!(fault, Fault::AdoptedTwice { first, .. } if first.address() == address)
}
