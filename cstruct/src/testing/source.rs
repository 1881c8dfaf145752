//! Where faults come in.

use super::Books;

/// A way into the allocations of a C library.
///
/// | the library | use |
/// |---|---|
/// | lets its user choose where memory comes from | [`Hook`](super::Hook) |
/// | calls `malloc` (on glibc) | [`Malloc`](super::interpose_malloc), with `interpose_malloc!()` in the test program |
/// | fails otherwise only | [`NoMemory`] and [`fallible`](super::fallible) |
///
/// Another source keeps [`Books`] and asks them before each allocation.
pub trait FaultSource: Sync {
    /// Its blocks.
    fn books(&self) -> &Books;

    /// Finds out whether it works, before the first run.
    ///
    /// # Errors
    ///
    /// What is wrong and what to do.
    fn ready(&self) -> Result<(), &'static str> {
        Ok(())
    }
}

/// A source without any memory, for scenarios whose only faults are [`fallible`](super::fallible) calls.
#[derive(Debug, Default)]
pub struct NoMemory(Books);

impl NoMemory {
    /// Makes one.
    pub const fn new() -> NoMemory {
        NoMemory(Books::new())
    }
}

impl FaultSource for NoMemory {
    fn books(&self) -> &Books {
        &self.0
    }
}
