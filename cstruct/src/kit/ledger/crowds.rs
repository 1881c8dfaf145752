//! Counts of one object beyond those that have room beside each other in a thread's table.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::note::{Note, State};

/// The crowds of one book, by address. From any thread.
///
/// # Invariants
///
/// None is empty.
pub(super) struct Crowds {
    crowds: Mutex<BTreeMap<usize, Crowd>>,
    /// How many notes there are, so that the lock is seldom taken.
    count: AtomicUsize,
}

/// Counts of one object: those that left by `into_raw`, and the others.
#[derive(Default)]
struct Crowd {
    given_up: Vec<Note>,
    ours: Vec<Note>,
}

impl Crowd {
    fn side(&mut self, given_up: bool) -> &mut Vec<Note> {
        if given_up { &mut self.given_up } else { &mut self.ours }
    }
}

impl Crowds {
    pub(super) fn new() -> Crowds {
        Crowds { crowds: Mutex::new(BTreeMap::new()), count: AtomicUsize::new(0) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }

    /// Writes one more down.
    pub(super) fn add(&self, address: usize, note: Note) {
        self.lock().entry(address).or_default().side(note.is(State::GIVEN_UP)).push(note);
        self.count.fetch_add(1, Ordering::Release);
    }

    /// Strikes one out: of those that were given up, or of the others.
    pub(super) fn take(&self, address: usize, given_up: bool) -> Option<Note> {
        if self.is_empty() {
            return None;
        }
        let mut crowds = self.lock();
        let crowd = crowds.get_mut(&address)?;
        let note = crowd.side(given_up).pop()?;
        if crowd.ours.is_empty() && crowd.given_up.is_empty() {
            crowds.remove(&address);
        }
        self.count.fetch_sub(1, Ordering::Relaxed);
        Some(note)
    }

    /// Changes one of those that were not given up. False: there is none.
    pub(super) fn change(&self, address: usize, change: impl FnOnce(Note) -> Note) -> bool {
        let ours = self.take(address, false);
        ours.map(|note| self.add(address, change(note))).is_some()
    }

    /// All that is written down.
    pub(super) fn all(&self) -> Vec<(usize, Note)> {
        let crowds = self.lock();
        let each =
            crowds.iter().flat_map(|(at, crowd)| crowd.ours.iter().chain(&crowd.given_up).map(|note| (*at, *note)));
        each.collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<usize, Crowd>> {
        self.crowds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::note::{Placed, State};
    use super::{Crowds, Note};

    #[test]
    fn of_a_crowd_what_was_given_up_is_told_from_the_others() {
        let crowds = Crowds::new();
        let note = |number| Note::new(number, Placed::new(0));
        let given_up = |number| note(number).with(State::GIVEN_UP);
        assert!(crowds.take(8, false).is_none() && !crowds.change(8, |note| note));
        for number in 1..=3 {
            crowds.add(8, note(number));
        }
        assert!(!crowds.is_empty());
        assert!(crowds.change(8, |note| note.with(State::GIVEN_UP)) && !crowds.change(16, |note| note));
        assert!(crowds.take(16, false).is_none() && crowds.take(16, true).is_none());
        assert!(crowds.all() == [(8, note(1)), (8, note(2)), (8, given_up(3))]);
        assert!(crowds.take(8, true) == Some(given_up(3)) && crowds.take(8, true).is_none());
        assert!(crowds.take(8, false) == Some(note(2)) && crowds.take(8, false) == Some(note(1)));
        assert!(crowds.take(8, false).is_none() && crowds.all().is_empty() && crowds.is_empty());
    }
}
