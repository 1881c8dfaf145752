//! Released by `Drop`, on each way out of a scope.

use std::panic::{self, AssertUnwindSafe};

use cstruct::{Error, Library};

use super::{Lesson, read_in_place, summarise};
use crate::dataset::Dataset;
use crate::measure::Outcome;
use crate::progress::Progress;
use crate::summary::Summary;

pub(crate) const AT_THE_END: Lesson = Lesson {
    name: "dropped at scope end",
    teaches: "leaving the scope is the release: what `defer` does elsewhere, without having to be written",
    run: at_the_end,
};

pub(crate) const ON_EARLY_RETURN: Lesson =
    Lesson { name: "dropped on return", teaches: "`return` and `?` release on the way out", run: on_early_return };

pub(crate) const DURING_A_PANIC: Lesson =
    Lesson { name: "dropped in a panic", teaches: "a panic releases while it unwinds", run: during_a_panic };

fn at_the_end(dataset: &Dataset, progress: &Progress, _library: &Library) -> Result<Outcome, Error> {
    let list = dataset.load(|records| progress.advance(records))?;
    Ok(read_in_place(summarise(&list)))
}

fn on_early_return(dataset: &Dataset, progress: &Progress, _library: &Library) -> Result<Outcome, Error> {
    let list = dataset.load(|records| progress.advance(records))?;
    let summary = summarise(&list);
    if summary.records > 0 {
        return Ok(read_in_place(summary)); // the list ends here
    }
    let Ok(()) = list.close();
    Err(Error::Empty)
}

/// What the panic carries out: the work was done.
struct Interrupted(Summary);

fn during_a_panic(dataset: &Dataset, progress: &Progress, library: &Library) -> Result<Outcome, Error> {
    let before = library.live().objects;
    let ended = panic::catch_unwind(AssertUnwindSafe(|| -> Result<(), Error> {
        let list = dataset.load(|records| progress.advance(records))?;
        // `resume_unwind` panics without the message that the panic hook would print.
        panic::resume_unwind(Box::new(Interrupted(summarise(&list))))
    }));
    match ended {
        Ok(result) => result.and(Err(Error::Empty)),
        Err(payload) => match payload.downcast::<Interrupted>() {
            Ok(interrupted) => {
                let mut outcome = read_in_place(interrupted.0);
                outcome.shown = library.live().objects == before;
                Ok(outcome)
            }
            Err(other) => panic::resume_unwind(other),
        },
    }
}
