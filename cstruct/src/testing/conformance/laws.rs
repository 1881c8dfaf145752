//! What every owner of a C object keeps; each law is a function that panics where it is broken.
//!
//! [`conformance!`](crate::testing::conformance) calls them; a test of yours may too. Each makes its own objects, counts
//! what lives before and after, and runs while no other does.

#[cfg(target_has_atomic = "64")]
mod later;

use std::boxed::Box;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::PoisonError;
use std::thread;
use std::vec::Vec;

use core::ops::Deref;

#[cfg(target_has_atomic = "64")]
pub use later::{deferred, ended_home, full_queue, parcel_dropped, parcel_opened};

use super::Count;
use crate::kit::Foreign;
use crate::kit::ledger::{self, Fault};
use crate::testing::{exempt, torture::ALONE};

/// It is released exactly once when it is dropped.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn dropped<O>(count: &impl Count, make: impl Fn() -> O) {
    balanced(count, "dropped", || drop(made(count, &make)));
}

/// It is released exactly once by an explicit close.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn closed<O, R>(count: &impl Count, make: impl Fn() -> O, close: impl Fn(O) -> R) {
    balanced(count, "closed", || close(made(count, &make)));
}

/// It is released exactly once when a function ends before its last line.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn early_return<O>(count: &impl Count, make: impl Fn() -> O) {
    balanced(count, "left behind by an early return", || {
        let work = || -> Result<(), &'static str> {
            let _owner = made(count, &make);
            Err("early")?;
            Ok(())
        };
        assert_eq!(work(), Err("early"));
    });
}

/// It is released exactly once when a panic unwinds over it.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn panic<O>(count: &impl Count, make: impl Fn() -> O) {
    struct Law;
    balanced(count, "left behind by a panic", || {
        let work = || {
            let _owner = made(count, &make);
            // Without the message of a panic: nothing is wrong.
            resume_unwind(Box::new(Law));
        };
        let Err(payload) = catch_unwind(AssertUnwindSafe(work));
        if !payload.is::<Law>() {
            resume_unwind(payload);
        }
    });
}

/// It is released exactly once when another is put in its place, and so is the other.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn replaced<O>(count: &impl Count, make: impl Fn() -> O) {
    balanced(count, "replaced", || {
        let mut place = made(count, &make);
        let other = made(count, &make);
        let both = count.live();
        drop(mem::replace(&mut place, other));
        // Fewer, and not one object's blocks fewer: a library may share some between the two.
        assert!(count.live() < both, "replaced: the first was to be released at once");
        drop(place);
    });
}

/// Each is released exactly once from a container, in whatever order.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn contained<O>(count: &impl Count, make: impl Fn() -> O) {
    balanced(count, "kept in a container", || {
        let mut owners: Vec<Option<O>> = (0..5).map(|_| Some(make())).collect();
        owners.swap(0, 3);
        owners.remove(1);
        drop(owners.get_mut(2).and_then(Option::take));
        owners.truncate(3);
        drop(owners.into_iter().rev().collect::<Vec<_>>());
    });
}

/// It is released exactly once on another thread.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn sent<O: Send>(count: &impl Count, make: impl Fn() -> O) {
    balanced(count, "dropped on another thread", || {
        let owner = made(count, &make);
        // What the system needs for a thread is not the object's.
        let dropped = thread::scope(|scope| exempt(|| scope.spawn(move || drop(owner))).join());
        dropped.unwrap_or_else(|payload| resume_unwind(payload));
    });
}

/// Its object stays at its address when the owner is moved.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn stays<O>(count: &impl Count, make: impl Fn() -> O)
where
    O: Deref<Target: Foreign>,
{
    balanced(count, "moved", || {
        let owner = made(count, &make);
        let address = owner.as_ptr();
        let boxed = Box::new(owner);
        assert!(boxed.as_ptr() == address, "moved to the heap: its object is elsewhere");
        let mut owners = Vec::with_capacity(1);
        owners.push(*boxed);
        for _ in 0..20 {
            owners.push(make());
        }
        assert!(owners.swap_remove(0).as_ptr() == address, "moved within a container: its object is elsewhere");
    });
}

/// What was given up and adopted again is the same object, released exactly once.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn adopted<O>(count: &impl Count, make: impl Fn() -> O, adopt_again: impl Fn(O) -> Option<O>)
where
    O: Deref<Target: Foreign>,
{
    balanced(count, "given up and adopted", || {
        let owner = made(count, &make);
        let (address, live) = (owner.as_ptr(), count.live());
        let again = adopt_again(owner).expect("a live object can be adopted");
        assert!(again.as_ptr() == address, "what was adopted is another object");
        assert_eq!(count.live(), live, "giving up and adopting releases nothing");
    });
}

/// A second owner of a live object is caught by the ledger when it is made, with both places named.
///
/// The level is raised to [`Sites`](ledger::Level::Sites). What is chosen to happen at a fault happens, but a panic is caught here.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn adopted_once<O>(count: &impl Count, make: impl Fn() -> O, adopt_again: impl Fn(&O) -> Option<O>)
where
    O: Deref<Target: Foreign>,
{
    ledger::raise_level(ledger::Level::Sites);
    balanced(count, "adopted twice", || {
        let owner = made(count, &make);
        let address = owner.as_ptr().addr();
        let before = ledger::fault_count();
        // Whatever comes back would release the object a second time.
        let second = catch_unwind(AssertUnwindSafe(|| adopt_again(&owner).map(mem::ManuallyDrop::new)));
        drop(second);
        let caught = ledger::faults().iter().rev().any(|fault| {
            matches!(fault, Fault::AdoptedTwice { first, second } if first.address() == address && second.address() == address)
        });
        assert!(ledger::fault_count() > before && caught, "a second owner was made, and nobody noticed");
    });
}

/// Counts keep an object alive until the last is given back, in whatever order; a clone and a retained count are counts of the same object.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn shared<O>(
    count: &impl Count,
    make: impl Fn() -> O,
    try_clone: impl Fn(&O) -> Option<O>,
    retain: impl Fn(&O) -> Option<O>,
) where
    O: Deref<Target: Foreign>,
{
    for last in 0..4 {
        balanced(count, "shared", || {
            let first = made(count, &make);
            let (address, live) = (first.as_ptr(), count.live());
            let mut counts = Vec::from([
                try_clone(&first).expect("a second count can be taken"),
                retain(&first).expect("a count can be taken from outside"),
            ]);
            counts.push(try_clone(&counts[0]).expect("a count of a clone can be taken"));
            counts.push(first);
            assert!(counts.iter().all(|count| count.as_ptr() == address), "a count is of another object");
            assert_eq!(count.live(), live, "a count is not an object");
            counts.swap(last, 3);
            let last = counts.pop();
            for given_back in counts {
                drop(given_back);
                assert_eq!(count.live(), live, "the object ended before its last count");
            }
            drop(last);
        });
    }
}

/// Makes one, and sees that it is counted: what is not cannot be seen to be released.
#[track_caller]
fn made<O>(count: &impl Count, make: impl Fn() -> O) -> O {
    let before = count.live();
    let owner = make();
    let after = count.live();
    assert!(
        after > before,
        "an object was made, and the count is {before} before and {after} after; count what it is made of"
    );
    owner
}

/// Runs a law by itself, and sees that as much lives afterwards as before.
#[track_caller]
fn balanced<R>(count: &impl Count, how: &str, law: impl Fn() -> R) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (before, after) = count.during(|| {
        let before = count.live();
        drop(law());
        (before, count.live())
    });
    assert!(after <= before, "{how}: it was not released; {before} lived before, {after} after");
    assert!(after >= before, "{how}: it was released more than once; {before} lived before, {after} after");
}
