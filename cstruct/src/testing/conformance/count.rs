//! How the laws see that something was released.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::testing::{FaultSource, plan};

/// What counts the objects or blocks that live: a closure, or [`BlocksOf`] a source of faults.
///
/// A count that is the thread's own serves types that are not `Send`: the others are dropped on another thread too.
pub trait Count {
    /// How many live now.
    fn live(&self) -> u64;

    /// Runs what makes and releases them; the last time counts.
    fn during<R>(&self, run: impl Fn() -> R) -> R {
        run()
    }
}

impl<F: Fn() -> u64> Count for F {
    fn live(&self) -> u64 {
        self()
    }
}

/// Counts the blocks that a source of faults has seen made and not released, without refusing any.
///
/// Only what this thread makes is counted, so other tests may run meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct BlocksOf<S>(
    /// The source.
    pub S,
);

impl<S: FaultSource> Count for BlocksOf<&S> {
    fn live(&self) -> u64 {
        self.0.books().live() as u64
    }

    fn during<R>(&self, run: impl Fn() -> R) -> R {
        if let Err(what) = self.0.ready() {
            panic!("{what}");
        }
        self.0.books().begin_anew();
        // Twice: what is set up once for a thread, and lives as long as it, is there the second time.
        let guarded = || {
            catch_unwind(AssertUnwindSafe(|| {
                drop(run());
                run()
            }))
        };
        match plan::run(self.0.books(), false, None, false, guarded).0 {
            Ok(result) => result,
            Err(payload) => resume_unwind(payload),
        }
    }
}
