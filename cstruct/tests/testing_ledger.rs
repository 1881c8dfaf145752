//! The ledger as a count of a torture: what an allocator cannot see, an owner that was forgotten, fails the run.
#![cfg(feature = "testing")]

use std::cell::RefCell;

use cstruct::kit::ledger::{self, Level};
use cstruct::testing::{Cause, Mode, NoMemory, Point, Torture, fallible};
use cstruct::wrap;

/// A struct of C's.
pub struct Thing {
    _value: u8,
}

unsafe extern "C" fn thing_free(thing: *mut Thing) {
    // SAFETY: made by `Box::into_raw` below, and not used again.
    drop(unsafe { Box::from_raw(thing) });
}

wrap! {
    /// A thing.
    pub struct Owner = Owned<OwnerRef>;
    /// A thing, borrowed.
    pub struct OwnerRef(Thing);
    unsafe { release = thing_free; }
}

#[test]
fn an_owner_that_is_forgotten_fails_the_point() {
    ledger::set_level(Level::Counts);
    let kept = RefCell::new(Vec::new());
    let torture_with = |forgets: bool| {
        let (none, kept) = (NoMemory::new(), &kept);
        Torture::new("forgets", &none).balances("ledger", || ledger::totals().live()).try_run(move || {
            // SAFETY: it is ours, and leans on nothing.
            let owner = unsafe { Owner::from_raw(Box::into_raw(Box::new(Thing { _value: 1 }))) }.expect("not NULL");
            if fallible("a step") && forgets {
                kept.borrow_mut().push(owner);
            }
        })
    };
    assert_eq!(torture_with(false).expect("nothing is forgotten").points(), 2);
    let failure = torture_with(true).expect_err("one is kept");
    assert_eq!(failure.point, Some(Point { number: 1, mode: Mode::Once }));
    assert_eq!(failure.cause, Cause::Unbalanced { what: "ledger".to_owned(), before: 0, after: 1 });
    assert_eq!(kept.take().len(), 1);
}
