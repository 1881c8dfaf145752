//! The ledger, on for as long as a lesson needs it.

use cstruct::kit::ledger::{self, Level, OnFault};

/// Until it is dropped, each object is written down with its place, and a fault is kept for the lesson to show.
pub(super) struct Watching {
    level: Level,
    on_fault: OnFault,
}

impl Watching {
    pub(super) fn begin() -> Watching {
        let before = Watching { level: ledger::level(), on_fault: ledger::on_fault() };
        ledger::raise_level(Level::Sites);
        ledger::set_on_fault(OnFault::Record);
        before
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        ledger::set_level(self.level);
        ledger::set_on_fault(self.on_fault);
    }
}
