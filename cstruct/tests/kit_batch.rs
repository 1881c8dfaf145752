//! A batch releases later, in order, within its bound, what borrows things of its own.

use core::cell::{Cell, RefCell};

use cstruct::kit::{Batch, Batched};
use static_assertions::{assert_not_impl_any, const_assert_eq};

assert_not_impl_any!(Batch<u32>: Sync, Clone);
assert_not_impl_any!(Batched<'static, u32>: Send, Sync, Clone);
const_assert_eq!(size_of::<Batched<'static, Box<u32>>>(), 2 * size_of::<usize>());

/// Says when it ends; it borrows, and so does the batch that it is in.
struct Ends<'l>(u32, &'l RefCell<Vec<u32>>);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

#[test]
fn drops_wait_in_order_until_told_and_a_full_batch_releases_the_oldest() {
    let ends = RefCell::new(Vec::new());
    {
        let batch = Batch::new(3);
        let held = batch.defer(Ends(9, &ends));
        for number in 0..3 {
            drop(batch.defer(Ends(number, &ends)));
        }
        assert_eq!((ends.borrow().len(), batch.backlog()), (0, 3));
        batch.push(Ends(3, &ends));
        assert_eq!((&ends.borrow()[..], batch.backlog()), (&[0][..], 3));
        assert_eq!(batch.release_some(1), 1);
        assert_eq!(batch.release_some(usize::MAX), 2);
        assert_eq!(batch.release_some(usize::MAX), 0);
        drop(Batched::into_inner(held));
        assert_eq!(*ends.borrow(), [0, 1, 2, 3, 9]);
        for number in 4..7 {
            batch.push(Ends(number, &ends));
        }
    }
    assert_eq!(*ends.borrow(), [0, 1, 2, 3, 9, 4, 5, 6], "its end releases the rest, in order");
}

#[test]
fn an_owner_is_used_through_it() {
    let batch = Batch::new(1);
    let mut text = batch.defer(String::from("a"));
    text.push('b');
    assert_eq!((text.as_str(), format!("{text:?}")), ("ab", String::from("\"ab\"")));
}

#[test]
fn a_batch_without_room_releases_at_once() {
    let ends = RefCell::new(Vec::new());
    let batch = Batch::new(0);
    batch.push(Ends(1, &ends));
    assert_eq!((&ends.borrow()[..], batch.backlog()), (&[1][..], 0));
}

/// Lets two more go when it ends, down to a depth.
struct Tree<'t> {
    depth: u32,
    batch: &'t Batch<Tree<'t>>,
    nested: &'t Cell<[u32; 2]>,
    ended: &'t Cell<u32>,
}

impl Drop for Tree<'_> {
    fn drop(&mut self) {
        let [now, most] = self.nested.get();
        self.nested.set([now + 1, most.max(now + 1)]);
        for _ in 0..if self.depth > 0 { 2 } else { 0 } {
            self.batch.push(Tree { depth: self.depth - 1, ..*self });
        }
        let [now, most] = self.nested.get();
        self.nested.set([now - 1, most]);
        self.ended.set(self.ended.get() + 1);
    }
}

#[test]
fn releases_that_let_more_go_nest_no_deeper_than_the_owners_do() {
    let (nested, ended) = (Cell::new([0; 2]), Cell::new(0));
    let raw = Box::into_raw(Box::new(Batch::new(4)));
    // The batch is in what it holds, so that its borrow would never end.
    // SAFETY: it lives until it is freed below.
    let lent: &Batch<Tree<'_>> = unsafe { &*raw };
    lent.push(Tree { depth: 12, batch: lent, nested: &nested, ended: &ended });
    while lent.release_some(1) == 1 {}
    assert_eq!((ended.get(), lent.backlog()), ((1 << 13) - 1, 0));
    assert!(nested.get()[1] <= 13, "{}", nested.get()[1]);
    // SAFETY: it comes from `Box::into_raw`; it is empty, so nobody has the borrow any more.
    drop(unsafe { Box::from_raw(raw) });
}

#[cfg(feature = "std")]
#[test]
fn a_panic_comes_out_and_the_batch_goes_on() {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    struct Bomb<'l>(Ends<'l>);
    impl Drop for Bomb<'_> {
        fn drop(&mut self) {
            assert_ne!(self.0.0, 1, "it panics");
        }
    }
    let ends = RefCell::new(Vec::new());
    let batch = Batch::new(3);
    for number in 0..3 {
        batch.push(Bomb(Ends(number, &ends)));
    }
    assert!(catch_unwind(AssertUnwindSafe(|| batch.release_some(3))).is_err());
    assert_eq!((&ends.borrow()[..], batch.backlog()), (&[0, 1][..], 1));
    // As before: a full one makes room.
    for number in 3..6 {
        batch.push(Bomb(Ends(number, &ends)));
    }
    assert_eq!((batch.release_some(3), &ends.borrow()[..]), (3, &[0, 1, 2, 3, 4, 5][..]));
}
