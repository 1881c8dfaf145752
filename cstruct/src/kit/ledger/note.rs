//! What is written down beside an address, in one word.
//!
//! ```text
//!    63            22 21     6 5     2 1      0
//!   ┌────────────────┬────────┬───────┬────────┐
//!   │ number         │ place  │ state │ of its │ LIVE, BESIDE: see `bucket`
//!   │                │        │       │ slot   │
//!   └────────────────┴────────┴───────┴────────┘
//! ```

use super::bucket::{BESIDE, LIVE};
use super::info::Kind;
use super::places::{self, PLACE_BITS, Place};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Note(pub(super) u64);

/// A place's number, where a live object's note has it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed(u64);

impl Placed {
    pub(super) fn new(place: u32) -> Placed {
        Placed(u64::from(place) << PLACE_SHIFT | LIVE)
    }
}

/// What else happened to an object: a bit of its note.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct State(u64);

const PLACE_SHIFT: u32 = 6;
const NUMBER_SHIFT: u32 = PLACE_SHIFT + PLACE_BITS;

impl State {
    /// It left by `into_raw`, and was not taken back yet.
    pub(super) const GIVEN_UP: State = State(1 << 2);
    /// C refused to release it in a destructor.
    pub(super) const REFUSED: State = State(1 << 3);
    /// It was owned, and became one of many counts, or the reverse.
    pub(super) const TURNED: State = State(1 << 4);
    /// The backtrace of its adoption is kept.
    pub(super) const TRACED: State = State(1 << 5);
}

impl Note {
    /// Nothing was written down. Numbers begin with 1.
    pub(super) const NONE: Note = Note(0);

    #[inline]
    pub(super) fn new(number: u64, place: Placed) -> Note {
        Note(number << NUMBER_SHIFT | place.0)
    }

    pub(super) fn number(self) -> u64 {
        self.0 >> NUMBER_SHIFT
    }

    pub(super) fn place(self) -> Place {
        places::of((self.0 >> PLACE_SHIFT & ((1 << PLACE_BITS) - 1)) as u32)
    }

    #[inline]
    pub(super) fn is(self, state: State) -> bool {
        self.0 & state.0 != 0
    }

    /// Whether it is of a live object of which nothing happened that a release has to look at.
    #[inline]
    pub(super) fn is_plain(self) -> bool {
        self.0 & (LIVE | State::TRACED.0 | State::GIVEN_UP.0) == LIVE
    }

    /// The same, and no other object of that address was written down beside it.
    #[inline(always)]
    pub(super) fn is_plain_and_alone(self) -> bool {
        self.0 & (LIVE | BESIDE | State::TRACED.0 | State::GIVEN_UP.0) == LIVE
    }

    #[must_use]
    pub(super) fn with(self, state: State) -> Note {
        Note(self.0 | state.0)
    }

    #[must_use]
    pub(super) fn without(self, state: State) -> Note {
        Note(self.0 & !state.0)
    }

    /// Of an object whose address another table has as well.
    #[must_use]
    pub(super) fn beside(self) -> Note {
        Note(self.0 | BESIDE)
    }

    #[must_use]
    pub(super) fn turned(self) -> Note {
        Note(self.0 ^ State::TURNED.0)
    }

    /// The same object under another number.
    #[must_use]
    pub(super) fn renumbered(self, number: u64) -> Note {
        Note(self.0 & ((1 << NUMBER_SHIFT) - 1) | number << NUMBER_SHIFT)
    }

    /// How the object is held now.
    pub(super) fn kind(self) -> Kind {
        match (self.is(State::TURNED), self.place().info.kind()) {
            (true, Kind::Owned) => Kind::Shared,
            (true, Kind::Shared) => Kind::Owned,
            (_, kind) => kind,
        }
    }

    /// Whether a second adoption of its address, while it lives, is a fault.
    pub(super) fn excludes_others(self) -> bool {
        matches!(self.kind(), Kind::Owned | Kind::Memory) && !self.is(State::GIVEN_UP) && !self.is(State::REFUSED)
    }
}

#[cfg(test)]
mod tests {
    use super::{Note, Placed, State};

    const STATES: [State; 4] = [State::GIVEN_UP, State::REFUSED, State::TURNED, State::TRACED];

    #[test]
    fn a_state_is_a_bit_of_its_own_beside_number_and_place() {
        let note = Note::new(77, Placed::new(5));
        for state in STATES {
            let with = note.with(state);
            let others = STATES.into_iter().filter(|other| *other != state);
            assert!(!note.is(state) && with.is(state) && !others.into_iter().any(|other| with.is(other)));
            assert!(with.number() == 77 && with.without(state) == note && with.with(state) == with);
            assert!(with.renumbered(78).number() == 78 && with.renumbered(78).renumbered(77) == with);
        }
    }

    #[test]
    fn a_release_looks_at_what_was_given_up_or_traced_only() {
        let note = Note::new(77, Placed::new(5));
        assert!(note.is_plain() && note.turned().is_plain() && note.with(State::REFUSED).is_plain());
        assert!(!note.with(State::GIVEN_UP).is_plain() && !note.with(State::TRACED).is_plain());
        assert!(note.is_plain_and_alone() && note.with(State::REFUSED).is_plain_and_alone());
        assert!(!note.with(State::GIVEN_UP).is_plain_and_alone() && !note.with(State::TRACED).is_plain_and_alone());
    }

    #[test]
    fn what_is_beside_another_is_plain_and_not_alone() {
        let note = Note::new(77, Placed::new(5));
        let beside = note.beside();
        assert!(beside != note && beside.beside() == beside && beside.number() == 77);
        assert!(beside.is_plain() && !beside.is_plain_and_alone());
        assert!(!Note::NONE.is_plain() && !Note::NONE.is_plain_and_alone());
    }
}
