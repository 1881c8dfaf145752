//! The strategies whose live bytes are compared: the same steps, and a release at another moment.

use cstruct::kit::{Bounds, Deferred, ReleaseQueue};
use cstruct::{CStruct, CStructData, Error};

use super::Sampler;

pub(super) struct Strategy {
    pub(super) name: &'static str,
    pub(super) run: fn(Steps<'_>, &mut Sampler<'_>) -> Result<(), Error>,
}

/// What each step has C make a list of.
pub(super) type Steps<'d> = &'d [&'d [CStructData]];

/// From the earliest release to the latest.
pub(super) const STRATEGIES: &[Strategy] = &[
    Strategy { name: "copy", run: copy },
    Strategy { name: "explicit", run: explicit },
    Strategy { name: "scope", run: scope },
    Strategy { name: "deferred", run: deferred },
    Strategy { name: "net only", run: net_only },
];

/// A safe point of the program, where what was deferred is released, comes after so many steps.
const STEPS_TO_A_SAFE_POINT: usize = 4;

/// A sweep comes after so many handles were abandoned: whoever sweeps sees the handles, a few bytes each, and not what they hold in C.
const HANDLES_TO_A_SWEEP: usize = 24;

/// Copied out at once: C's memory is gone before the data are read.
fn copy(steps: Steps<'_>, sampler: &mut Sampler<'_>) -> Result<(), Error> {
    for step in steps {
        let list = CStruct::try_from(*step)?;
        sampler.sample(); // made
        let data = Vec::<CStructData>::try_from(&*list)?;
        drop(list);
        read(data.iter().map(|record| &record.samples[..]));
        sampler.sample(); // read
        sampler.sample(); // something else
        drop(data);
        sampler.sample(); // the end of the step
    }
    Ok(())
}

/// Closed after the last use.
fn explicit(steps: Steps<'_>, sampler: &mut Sampler<'_>) -> Result<(), Error> {
    for step in steps {
        let list = CStruct::try_from(*step)?;
        sampler.sample();
        read_in_place(&list);
        sampler.sample();
        let Ok(()) = list.close();
        sampler.sample();
        sampler.sample();
    }
    Ok(())
}

/// Dropped at the end of the step.
fn scope(steps: Steps<'_>, sampler: &mut Sampler<'_>) -> Result<(), Error> {
    for step in steps {
        {
            let list = CStruct::try_from(*step)?;
            sampler.sample();
            read_in_place(&list);
            sampler.sample();
            sampler.sample();
        }
        sampler.sample();
    }
    Ok(())
}

/// Dropped at the end of the step into a queue, which releases at the next safe point.
fn deferred(steps: Steps<'_>, sampler: &mut Sampler<'_>) -> Result<(), Error> {
    let queue = ReleaseQueue::new(Bounds::count(STEPS_TO_A_SAFE_POINT));
    for (number, step) in (1..).zip(steps) {
        {
            let list = Deferred::new(CStruct::try_from(*step)?, &queue);
            sampler.sample();
            read_in_place(&list);
            sampler.sample();
            sampler.sample();
        }
        if number % STEPS_TO_A_SAFE_POINT == 0 {
            queue.flush();
        }
        sampler.sample();
    }
    Ok(())
}

/// Abandoned at the end of the step, and released by a late sweep, as under a finalizer that nobody helps.
fn net_only(steps: Steps<'_>, sampler: &mut Sampler<'_>) -> Result<(), Error> {
    let mut abandoned = Vec::new();
    for step in steps {
        let list = CStruct::try_from(*step)?;
        sampler.sample();
        read_in_place(&list);
        sampler.sample();
        sampler.sample();
        abandoned.push(list);
        if abandoned.len() == HANDLES_TO_A_SWEEP {
            abandoned.clear();
        }
        sampler.sample();
    }
    Ok(())
}

fn read_in_place(list: &CStruct) {
    read(list.records().map(cstruct::CStructRef::samples));
}

fn read<'s>(series: impl Iterator<Item = &'s [f64]>) {
    std::hint::black_box(series.flatten().sum::<f64>());
}
