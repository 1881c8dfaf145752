//! Released explicitly, by `close`. A second release is impossible: the owner is gone.

use cstruct::{Error, Library};

use super::{Lesson, read_in_place, summarise};
use crate::dataset::Dataset;
use crate::measure::Outcome;
use crate::progress::Progress;

pub(crate) const LESSON: Lesson = Lesson {
    name: "explicit close",
    teaches: "`list.close()` consumes the owner: a second one does not compile (E0382)",
    run,
};

fn run(dataset: &Dataset, progress: &Progress, library: &Library) -> Result<Outcome, Error> {
    let before = library.live().objects;
    let list = dataset.load(|records| progress.advance(records))?;
    let summary = summarise(&list);
    let Ok(()) = list.close();
    // list.close(); // error[E0382]: use of moved value: `list`
    let mut outcome = read_in_place(summary);
    outcome.shown = library.live().objects == before;
    Ok(outcome)
}
