//! One atomic word that says whether a handle may be used, and how many are using it.
//!
//! ```text
//!    63                                   2  1        0
//!   ┌──────────────────────────────────────┬────────┬─────────┐
//!   │ calls in flight                      │ CLOSED │ CLOSING │
//!   └──────────────────────────────────────┴────────┴─────────┘
//!
//!             enter +1 / leave -1          claim                 finish(gone)
//!   open(n) ◄────────────────────► open(n') ─────► closing(n) ─► … closing(0) ─────► closed
//!     ▲                                             no one enters     │
//!     └───────────────────────────────────────────────────────────────┘ finish(still open)
//! ```
//!
//! Who sees `closing(0)` after having claimed is alone with the handle: nobody is inside, nobody enters, nobody else
//! closes, until `finish`.

use core::fmt;

use super::sync::{AtomicUsize, Ordering};

const CLOSING: usize = 1;
const CLOSED: usize = 2;
const ONE: usize = 4;

/// # Invariants
///
/// The state is one of those in the drawing. `CLOSING` is set by one claimer and cleared by the same one.
pub(super) struct Word(AtomicUsize);

/// Why a claim was not granted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclaimed {
    /// Calls are in flight, or another close is under way.
    Busy,
    /// It is closed.
    Closed,
}

impl Word {
    pub(super) fn open() -> Word {
        Word(AtomicUsize::new(0))
    }

    /// Counts one more call, unless the handle is closed or being closed.
    ///
    /// Panics when so many calls were never counted out that the word is full.
    #[inline]
    pub(super) fn enter(&self) -> Result<(), Closed> {
        let mut now = self.0.load(Ordering::Relaxed);
        loop {
            if now & (CLOSING | CLOSED) != 0 {
                return Err(Closed);
            }
            assert!(now <= usize::MAX - ONE, "too many guards of a gate were forgotten");
            // Acquire: sees what a refused close, which reopened it, has done before.
            match self.0.compare_exchange_weak(now, now + ONE, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(other) => now = other,
            }
        }
    }

    /// Counts one call out. True when it was the last one and a closer waits for that.
    #[inline]
    pub(super) fn leave(&self) -> bool {
        // Release: what the call did happens before the release of the handle.
        self.0.fetch_sub(ONE, Ordering::Release) == ONE | CLOSING
    }

    /// Claims the handle if nobody is inside.
    pub(super) fn try_claim(&self) -> Result<(), Unclaimed> {
        match self.0.compare_exchange(0, CLOSING, Ordering::Acquire, Ordering::Acquire) {
            Ok(_) => Ok(()),
            Err(CLOSED) => Err(Unclaimed::Closed),
            Err(_) => Err(Unclaimed::Busy),
        }
    }

    /// Claims the handle, whoever is inside: the claimer then waits until it [is alone](Word::is_quiet).
    pub(super) fn claim(&self) -> Result<(), Unclaimed> {
        let mut now = self.0.load(Ordering::Relaxed);
        loop {
            if now & CLOSED != 0 {
                return Err(Unclaimed::Closed);
            }
            if now & CLOSING != 0 {
                return Err(Unclaimed::Busy);
            }
            match self.0.compare_exchange_weak(now, now | CLOSING, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(other) => now = other,
            }
        }
    }

    /// For the claimer: whether all calls have left.
    pub(super) fn is_quiet(&self) -> bool {
        // Acquire: sees what the calls did; each `leave` continues the release sequence of those before it.
        self.0.load(Ordering::Acquire) == CLOSING
    }

    /// For others: whether no close is under way.
    #[cfg(feature = "std")]
    pub(super) fn is_settled(&self) -> bool {
        self.0.load(Ordering::Acquire) & CLOSING == 0
    }

    /// Whether it is closed for good.
    pub(super) fn is_closed(&self) -> bool {
        self.0.load(Ordering::Acquire) & CLOSED != 0
    }

    /// Ends a claim, which only the claimer does, and when it is quiet.
    pub(super) fn finish(&self, gone: bool) {
        // INVARIANT: nobody else writes while it is closing and quiet, so a store loses nothing.
        // Release: whoever enters again sees what was done meanwhile.
        self.0.store(if gone { CLOSED } else { 0 }, Ordering::Release);
    }
}

/// The handle is closed, or is being closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is closed or being closed; open a new one")
    }
}

impl core::error::Error for Closed {}

#[cfg(all(test, feature = "std", not(loom)))]
mod tests {
    use super::{AtomicUsize, ONE, Word};

    #[test]
    fn a_word_is_settled_unless_somebody_closes_it() {
        let word = Word::open();
        assert!(word.is_settled() && word.claim().is_ok() && !word.is_settled());
        word.finish(false);
        assert!(word.is_settled() && word.claim().is_ok());
        word.finish(true);
        assert!(word.is_settled() && word.is_closed());
    }

    #[test]
    fn a_word_that_is_full_lets_nobody_in_and_keeps_its_state() {
        let word = Word(AtomicUsize::new(usize::MAX - (ONE - 1) - ONE));
        assert!(word.enter().is_ok(), "there is room for one");
        let full = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| word.enter()));
        assert!(full.is_err());
        assert!(!word.leave() && word.enter().is_ok());
    }
}
