//! The ring by itself, for the models of three threads that would not end with all that is round it.

#[path = "../../src/kit/queue/entry.rs"]
mod entry;
#[path = "../../src/kit/queue/ring.rs"]
mod ring;

use core::ptr::NonNull;

use entry::Entry;
use loom::thread::{spawn, yield_now};
use ring::{Popped, Refusal, Ring};

use super::Log;

/// A ring that threads borrow without a count.
#[derive(Clone, Copy)]
struct Lent(NonNull<Ring>);

// SAFETY: the ring is `Sync` as its users keep its invariant, which loom checks.
unsafe impl Send for Lent {}

impl Lent {
    fn new(count: usize) -> Lent {
        Lent(NonNull::from(Box::leak(Box::new(Ring::new(count)))))
    }

    fn ring(&self) -> &Ring {
        // SAFETY: it is freed at the end of its model.
        unsafe { self.0.as_ref() }
    }

    fn free(self) {
        // SAFETY: it comes from `new`, and all threads have ended.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }

    /// What the home does when it ends; the main thread is home in each model.
    fn end(&self) -> u64 {
        let mut ended = 0;
        self.ring().close();
        while self.ring().head() < self.ring().tail() {
            // SAFETY: this is the one thread that pops.
            match unsafe { self.ring().pop() } {
                Popped::Entry(entry, _waiting) => {
                    entry.end();
                    ended += 1;
                }
                Popped::Empty => {}
                Popped::Busy => yield_now(),
            }
        }
        ended
    }
}

#[test]
fn two_pushes_race_with_the_end_and_each_is_released_or_refused() {
    loom::model(|| {
        let (log, lent) = (Log::new(), Lent::new(2));
        let producers = [1, 2].map(|name| {
            let object = log.object(name);
            spawn(move || match { lent }.ring().push(Entry::new(object, 0), false) {
                Ok(_) => true,
                Err((entry, why)) => {
                    assert!(why == Refusal::Closed);
                    // SAFETY: it was made of an `Object`. It stays where it is: a refusal is not the end that the log is for.
                    core::mem::forget(unsafe { entry.into_value::<super::Object>() });
                    false
                }
            })
        });
        let ended = lent.end();
        let pushed = producers.map(|producer| producer.join().expect("no panic"));
        assert_eq!(ended, pushed.iter().map(|&pushed| u64::from(pushed)).sum());
        assert_eq!(log.names().len() as u64, ended);
        lent.free();
    });
}

#[test]
fn a_ticket_a_push_and_the_end_share_one_slot() {
    loom::model(|| {
        let (log, lent) = (Log::new(), Lent::new(1));
        let Ok(position) = lent.ring().push(Entry::new(log.object(1), 0), true) else { panic!("there is room") };
        let object = log.object(2);
        let ticket = spawn(move || {
            // An entry that is taken is not ended: its object ends below, behind all threads.
            match { lent }.ring().take(position) {
                // SAFETY: it was made of an `Object`.
                Some(entry) => Some(unsafe { entry.into_value::<super::Object>() }),
                None => None,
            }
        });
        let producer = spawn(move || match { lent }.ring().push(Entry::new(object, 0), false) {
            Ok(_) => None,
            // SAFETY: it was made of an `Object`.
            Err((entry, _why)) => Some(unsafe { entry.into_value::<super::Object>() }),
        });
        let ended = lent.end();
        let taken = ticket.join().expect("no panic");
        let refused = producer.join().expect("no panic");
        let elsewhere = [&taken, &refused].into_iter().flatten().count();
        assert!(taken.iter().all(|object| object.name == 1), "the ticket had what came later");
        assert_eq!(ended + elsewhere as u64, 2);
        drop((taken, refused));
        let mut names = log.names();
        names.sort_unstable();
        assert_eq!(names, [1, 2]);
        lent.free();
    });
}
