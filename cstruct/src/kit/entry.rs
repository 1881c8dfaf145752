//! One atomic word that says who is inside a value that C calls, and whether its end was asked for.
//!
//! ```text
//!    63                          2  1       0
//!   ┌─────────────────────────────┬────────┬───────────┐
//!   │ calls that share the value  │ DOOMED │ EXCLUSIVE │
//!   └─────────────────────────────┴────────┴───────────┘
//! ```
//!
//! Its end may be asked for while it is inside a call: C calls the destroy notify of a function that unregisters itself.
//! Then the last call to leave ends it. Whoever is told `true` by `leave` or `doom` is the one who frees, and there is exactly one.

use super::sync::{AtomicUsize, Ordering};

const EXCLUSIVE: usize = 1;
const DOOMED: usize = 2;
const SHARED: usize = 4;

pub(super) struct Entry(AtomicUsize);

/// How a call uses the value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// `&mut`: nobody else is inside.
    Exclusive,
    /// `&`: others may be inside, on this thread or another.
    Shared,
}

impl Access {
    fn amount(self) -> usize {
        match self {
            Access::Exclusive => EXCLUSIVE,
            Access::Shared => SHARED,
        }
    }
}

impl Entry {
    pub(super) fn new() -> Entry {
        Entry(AtomicUsize::new(0))
    }

    /// Enters, if nobody is inside who would mind, and no end was asked for.
    #[inline]
    pub(super) fn enter(&self, access: Access) -> bool {
        // Acquire: sees what the calls before have done to the value.
        match access {
            Access::Exclusive => self.0.compare_exchange(0, EXCLUSIVE, Ordering::Acquire, Ordering::Relaxed).is_ok(),
            Access::Shared => {
                let mut now = self.0.load(Ordering::Relaxed);
                while now & (EXCLUSIVE | DOOMED) == 0 && now <= usize::MAX - SHARED {
                    match self.0.compare_exchange_weak(now, now + SHARED, Ordering::Acquire, Ordering::Relaxed) {
                        Ok(_) => return true,
                        Err(other) => now = other,
                    }
                }
                false
            }
        }
    }

    /// Leaves. True: the end was asked for meanwhile, this was the last one inside, and is to free it.
    #[inline]
    #[must_use]
    pub(super) fn leave(&self, access: Access) -> bool {
        // Release: the next to enter, and the one who frees, see what was done. Acquire: if that is us, we see what others did.
        let before = self.0.fetch_sub(access.amount(), Ordering::AcqRel);
        before - access.amount() == DOOMED
    }

    /// Asks for the end. True: nobody is inside, and the caller is to free it. Asking again is nothing.
    #[must_use]
    pub(super) fn doom(&self) -> bool {
        self.0.fetch_or(DOOMED, Ordering::AcqRel) == 0
    }

    /// Whether nobody is inside and no end was asked for.
    pub(super) fn is_idle(&self) -> bool {
        self.0.load(Ordering::Acquire) == 0
    }
}
