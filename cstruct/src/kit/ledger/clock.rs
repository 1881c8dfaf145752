//! The time of an adoption, without the price of asking for it each time.
//!
//! A thread that adopts rarely asks each time. One that adopts every few nanoseconds asks up to every 4,096th time, as long as
//! that stays within a millisecond. What lies between two askings has the time of the first: its age is an upper bound.

use alloc::vec::Vec;
use core::cell::Cell;
use core::time::Duration;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

fn now() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// When one thread wrote which number.
pub(super) struct Clock {
    /// Of the thread alone.
    last: Cell<Duration>,
    stride: Cell<u64>,
    asked: Mutex<Vec<(u64, Duration)>>,
}

/// More askings than that are thinned out, every second one of them: the past becomes coarser.
const KEPT: usize = 1024;
const LONGEST_STRIDE: u64 = 4095;

impl Clock {
    pub(super) fn new() -> Clock {
        Clock { last: Cell::new(Duration::ZERO), stride: Cell::new(0), asked: Mutex::new(Vec::new()) }
    }

    /// Asks for the time of this number, and says how many after it need not ask. For the clock's own thread.
    pub(super) fn ask(&self, number: u64) -> u64 {
        let now = now();
        let quick = now.saturating_sub(self.last.get()) < Duration::from_millis(1);
        let stride = if quick { (2 * self.stride.get() + 1).min(LONGEST_STRIDE) } else { self.stride.get() / 8 };
        self.last.set(now);
        self.stride.set(stride);
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.len() == KEPT {
            let mut keep = false;
            asked.retain(|_| {
                keep = !keep;
                keep
            });
        }
        asked.push((number, now));
        stride
    }

    /// How long ago that number was written, at most.
    pub(super) fn age(&self, number: u64) -> Duration {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let before = asked.partition_point(|(from, _)| *from <= number);
        let then = before.checked_sub(1).and_then(|at| asked.get(at)).map_or(Duration::ZERO, |(_, then)| *then);
        now().saturating_sub(then)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Clock, KEPT, Vec};

    #[test]
    fn of_more_askings_than_are_kept_every_second_one_is_and_no_age_is_too_small() {
        let clock = Clock::new();
        let asked = |number: u64| {
            clock.ask(number);
            (number, Instant::now())
        };
        let asked: Vec<_> = (0..4 * KEPT as u64 + 10).map(asked).collect();
        let kept = clock.asked.lock().expect("no panic").len();
        assert!((KEPT / 2..=KEPT).contains(&kept), "{kept}");
        for (number, asked) in asked {
            let at_least = asked.elapsed();
            let age = clock.age(number);
            assert!(at_least <= age, "{number}: {at_least:?} {age:?}");
        }
    }
}
