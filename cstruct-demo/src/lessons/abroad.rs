//! What belongs to one thread may travel, and comes home to be used and released.

use std::panic;
use std::thread;

use cstruct::kit::{Bounds, Parcel, ReleaseQueue};
use cstruct::{Arena, Error, Library};

use super::{Lesson, apart, read_in_place};
use crate::dataset::Dataset;
use crate::measure::Outcome;
use crate::progress::Progress;
use crate::summary::Summary;

pub(crate) const LESSON: Lesson = Lesson {
    name: "wrong thread",
    teaches: "an `Arena` is not `Send`; in a `Parcel` it travels, cannot be opened abroad, and dropped there is released at home",
    run,
};

fn run(dataset: &Dataset, progress: &Progress, library: &Library) -> Result<Outcome, Error> {
    let before = library.live().objects;
    let list = dataset.load(|records| progress.advance(records))?;
    let arena = Arena::new()?; // C ties it to this thread
    let mut summary = Summary::new();
    // Each record ends when it has been copied, so that the data are never there twice.
    for record in apart(list) {
        summary.add(arena.copy(&record)?.samples());
    }

    let queue = ReleaseQueue::new(Bounds::count(1));
    let parcel = Parcel::new(arena, &queue);
    let abroad = move || {
        let looked_at = parcel.look().err();
        let opened = parcel.open().err(); // has the parcel, which is dropped at the end
        (
            looked_at.map(|refused| format!("WrongThread, {refused}")),
            opened.map(|refused| format!("NotAtHome, {refused}")),
        )
    };
    let refusals = thread::spawn(abroad).join().unwrap_or_else(|panic| panic::resume_unwind(panic));

    let waits = (queue.stats().backlog, library.live().objects > before) == (1, true);
    queue.release_some(1); // on its own thread, or C would refuse
    let stats = queue.shutdown();
    let at_home = (stats.released, stats.stranded, library.live().objects) == (1, 0, before);

    let mut outcome = read_in_place(summary);
    let (Some(looked_at), Some(opened)) = refusals else {
        outcome.shown = false;
        return Ok(outcome);
    };
    outcome.notes = vec![
        format!("looked at abroad: {looked_at}"),
        format!("opened abroad: {opened}"),
        format!(
            "dropped abroad: it waited in the queue; released at home: {}, stranded: {}",
            stats.released, stats.stranded
        ),
    ];
    outcome.shown = waits && at_home;
    Ok(outcome)
}
