//! Released later, at points of the program that suit it.

use cstruct::kit::{Bounds, Deferred, ReleaseQueue};
use cstruct::{Error, Library};

use super::{Lesson, apart, read_in_place};
use crate::dataset::Dataset;
use crate::measure::Outcome;
use crate::plot;
use crate::progress::Progress;
use crate::summary::Summary;

pub(crate) const LESSON: Lesson = Lesson {
    name: "released later",
    teaches: "`Deferred` is used as its owner is, and its drop is one push: the queue releases at a safe point, in order and within bounds",
    run,
};

/// So many may wait; the next drop makes room by releasing the oldest.
const ROOM: usize = 256;
/// After so many records there is a safe point, where fewer are released than came: a backlog builds up.
const BETWEEN_SAFE_POINTS: u64 = 32;
const BUDGET: usize = 24;

fn run(dataset: &Dataset, progress: &Progress, library: &Library) -> Result<Outcome, Error> {
    let before = library.live().objects;
    let list = dataset.load(|records| progress.advance(records))?;

    let queue = ReleaseQueue::new(Bounds::count(ROOM));
    let mut summary = Summary::new();
    let mut backlog = Vec::new();
    for record in apart(list) {
        let record = Deferred::new(record, &queue);
        summary.add(record.samples());
        drop(record);
        if summary.records.is_multiple_of(BETWEEN_SAFE_POINTS) {
            backlog.push(queue.stats().backlog as u64);
            queue.release_some(BUDGET);
        }
    }
    let waiting = queue.stats().backlog as u64;
    backlog.push(waiting);
    let all_there = library.live().objects - before == waiting;
    let stats = queue.shutdown();

    let mut outcome = read_in_place(summary);
    outcome.notes = vec![
        format!("the queue's backlog at its safe points: {}", plot::columns(&backlog)),
        format!(
            "at most {} of {} waited, {waiting} at the end; released in their turn: {}, stranded: {}",
            stats.high_water, stats.capacity, stats.released, stats.stranded
        ),
    ];
    let in_turn = (stats.released, stats.stranded, stats.released_on_the_spot) == (summary.records, 0, 0);
    outcome.shown = all_there && waiting > 0 && in_turn && library.live().objects == before;
    Ok(outcome)
}
