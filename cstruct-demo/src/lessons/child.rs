//! A child that outlives its parent's scope by keeping the parent.

use std::rc::Rc;

use cstruct::{Context, Error, Library, Query};

use super::{Lesson, read_in_place};
use crate::dataset::{Dataset, Pass};
use crate::measure::Outcome;
use crate::progress::Progress;
use crate::summary::Summary;

pub(crate) const LESSON: Lesson = Lesson {
    name: "child keeps parent",
    teaches: "`Query<Rc<Context>>` can be returned and stored: C would refuse to close the context under it, and need not",
    run,
};

/// A child without a lifetime, in a struct without a lifetime.
struct Walk {
    query: Query<Rc<Context>>,
    wanted: usize,
}

/// The context's own name ends here; the query keeps it.
fn start(pass: Pass) -> Result<Walk, Error> {
    let context = Rc::new(pass.context);
    Ok(Walk { query: Query::new(context, c"")?, wanted: pass.wanted })
}

fn run(dataset: &Dataset, progress: &Progress, _library: &Library) -> Result<Outcome, Error> {
    let mut walks = Vec::new();
    for pass in dataset.passes() {
        let walk = start(pass?)?;
        progress.advance(walk.wanted);
        walks.push(walk);
    }
    let mut summary = Summary::new();
    for walk in &mut walks {
        for _ in 0..walk.wanted {
            let Some(record) = walk.query.step()? else { break };
            summary.add(record.samples());
        }
    }
    Ok(read_in_place(summary))
}
