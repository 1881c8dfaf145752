//! Objects that C makes in memory of ours: they exist from init to clear, and do not move.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "a call of C and the adoption of its result are one step")]

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::process::Command;
use std::ptr::NonNull;
use std::rc::Rc;

use cstruct::kit::{CloseError, Foreign, InPlace, Initial, Keeper, Place, Released};
use cstruct::wrap;
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any};

#[path = "fake/cursor.rs"]
mod c;

fn status(status: i32) -> Result<(), i32> {
    if status == 0 { Ok(()) } else { Err(status) }
}

fn outcome(status: i32) -> Released<i32> {
    if status == 0 { Released::Gone } else { Released::Refused(status) }
}

wrap! {
    /// A cursor.
    #[derive(Debug)]
    pub struct Cursor<K> = InPlace<CursorRef, K>;
    /// A cursor, borrowed.
    #[derive(Debug)]
    pub struct CursorRef(c::Cursor);
    unsafe { clear = c::cursor_end, outcome => i32; }
}

wrap! {
    /// A large machine, whose failed init must be cleared all the same.
    pub struct Machine = InPlace<MachineRef>;
    /// A machine, borrowed.
    pub struct MachineRef(c::Machine);
    unsafe { send = "machine.h"; clear_always = c::machine_free; }
}

wrap! {
    /// An iterator that needs no end.
    pub struct Walk = InPlace<WalkRef>;
    /// A walk, borrowed.
    pub struct WalkRef(c::Cursor);
    unsafe { no_clear = "walk.h: nothing is kept"; }
}

impl CursorRef {
    fn step(self: Pin<&mut Self>) -> Result<(), i32> {
        // SAFETY: live, and borrowed exclusively.
        status(unsafe { c::cursor_step(self.as_ptr()) })
    }
}

impl MachineRef {
    /// A buffer that C uses during the call only: set, and taken back.
    fn feed(self: Pin<&mut Self>, bytes: &[u8]) -> u8 {
        let raw = self.as_ptr();
        // SAFETY: live, and borrowed exclusively.
        unsafe { (*raw).next = bytes.as_ptr() };
        // SAFETY: as above, and `next` points to the bytes throughout the call.
        let byte = unsafe { c::machine_feed(raw) };
        // SAFETY: as above.
        unsafe { (*raw).next = std::ptr::null() };
        byte
    }
}

const NEW: c::Cursor = c::Cursor { here: std::ptr::null(), preset: 0, steps: 0 };
const UNLUCKY: c::Cursor = c::Cursor { preset: 13, ..NEW };

fn cursor<K>(keeper: K) -> Cursor<K> {
    // SAFETY: cursor_init makes a cursor, or fails and leaves nothing.
    unsafe { Cursor::init(Initial::Zeroed, keeper, |raw| status(c::cursor_init(raw))) }.expect("it is made")
}

fn cleared() -> u32 {
    c::CLEARED.get()
}

/// Notes how many were cleared when it is dropped.
#[derive(Debug)]
struct Notes(Rc<RefCell<Vec<u32>>>);
impl Drop for Notes {
    fn drop(&mut self) {
        self.0.borrow_mut().push(cleared());
    }
}
fn notes() -> (Notes, Rc<RefCell<Vec<u32>>>) {
    let seen = Rc::new(RefCell::new(Vec::new()));
    (Notes(seen.clone()), seen)
}

#[test]
fn the_handle_moves_and_the_object_does_not() {
    let mut first = cursor(());
    first.pin_mut().step().expect("it is where it was made");
    let mut boxed = Box::new(first);
    boxed.pin_mut().step().expect("it is where it was made");
    let mut all: Vec<_> = (0..100).map(|_| cursor(())).collect();
    all.push(*boxed);
    for one in &mut all {
        one.pin_mut().step().expect("it is where it was made");
    }
    drop(all);
    assert_eq!(cleared(), 101);
}

#[test]
fn it_is_cleared_before_its_keeper_goes() {
    let (keeper, seen) = notes();
    let handle = cursor(keeper);
    assert!(Cursor::keeper(&handle).0.borrow().is_empty());
    handle.close().expect("it is where it was made");
    assert_eq!(*seen.borrow(), [1]);
}

#[test]
fn a_failed_init_leaves_nothing_to_clear() {
    let (keeper, seen) = notes();
    let init = |raw| {
        // SAFETY: the room, filled by `UNLUCKY`.
        status(unsafe { c::cursor_init(raw) })
    };
    // SAFETY: cursor_init makes a cursor, or fails and leaves nothing.
    let failed = unsafe { Cursor::init(Initial::Value(UNLUCKY), keeper, init) };
    assert_eq!(failed.expect_err("13"), 3);
    assert_eq!((cleared(), &**seen.borrow()), (0, &[0][..]));
}

#[test]
fn a_panicking_init_leaves_nothing_to_clear() {
    let (keeper, seen) = notes();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: it makes nothing, and unwinds before C had the room.
        let _never = unsafe { Cursor::init(Initial::Untouched, keeper, |_| -> Result<(), i32> { panic!("before C") }) };
    }));
    assert!(panicked.is_err());
    assert_eq!((cleared(), &**seen.borrow()), (0, &[0][..]));
}

#[test]
fn what_must_be_cleared_after_a_failed_init_is() {
    // SAFETY: a machine may be cleared in any state that was zeroed.
    let failed = unsafe { Machine::init(Initial::Zeroed, |_| Err(1)) };
    assert!(failed.is_err());
    assert_eq!(cleared(), 1);
    let panicked = catch_unwind(|| {
        // SAFETY: as above.
        let _never = unsafe { Machine::init(Initial::Zeroed, |_| -> Result<(), i32> { panic!("before C") }) };
    });
    assert!(panicked.is_err());
    assert_eq!(cleared(), 2);
    // The same in a place.
    let mut place = pin!(Place::<MachineRef>::new());
    // SAFETY: as above.
    assert!(unsafe { place.as_mut().init(Initial::Zeroed, (), |_| Err(1)) }.is_err());
    assert_eq!(cleared(), 3);
    assert!(place.object().is_none());
}

#[test]
fn a_large_struct_is_made_where_it_stays() {
    // SAFETY: machine_init makes a machine out of zeros.
    let machine = unsafe { Machine::init(Initial::Zeroed, |raw| status(c::machine_init(raw))) };
    let mut machine = machine.expect("it is made");
    assert_eq!(size_of_val(&machine), size_of::<usize>());
    assert_eq!(machine.pin_mut().feed(&[7, 8]), 7);
    let Ok(()) = machine.close();
    assert_eq!(cleared(), 1);
}

#[test]
fn a_refusing_clear_gives_the_handle_back_or_leaks_all() {
    struct Tells<'a>(&'a Cell<bool>);
    impl Drop for Tells<'_> {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let dropped = Cell::new(false);
    let handle = cursor(Tells(&dropped));
    c::REFUSES.set(true);
    let Err(CloseError::StillOpen { mut handle, error: 6 }) = handle.close() else {
        panic!("it refuses");
    };
    handle.pin_mut().step().expect("it is as it was");
    let object = NonNull::new(handle.as_ptr()).expect("it is where it is");
    drop(handle);
    assert!(!dropped.get(), "what C may still use was dropped");
    c::REFUSES.set(false);
    // SAFETY: the room was leaked, not freed, and holds the cursor still; its keeper is leaked as well.
    drop(unsafe { InPlace::<CursorRef>::from_parts(object, ()) });
    assert_eq!((cleared(), dropped.get()), (1, false));
}

#[test]
fn parts_can_be_put_together_again() {
    // SAFETY: the keeper is kept until both are put together again.
    let (object, keeper) = unsafe { InPlace::<CursorRef, u8>::into_parts(cursor(9).into()) };
    assert_eq!((keeper, cleared()), (9, 0));
    // SAFETY: the parts of one handle.
    drop(unsafe { InPlace::<CursorRef, u8>::from_parts(object, keeper) });
    assert_eq!(cleared(), 1);
}

#[test]
fn an_iterator_without_an_end_is_only_freed() {
    // SAFETY: a walk may be in any room.
    let walk = unsafe { Walk::init(Initial::Zeroed, |raw| status(c::cursor_init(raw))) };
    let Ok(()) = walk.expect("it is made").close();
    assert_eq!(cleared(), 0);
}

fn in_place<K>(place: Pin<&mut Place<CursorRef, K>>, keeper: K) -> Pin<&mut CursorRef> {
    // SAFETY: cursor_init makes a cursor, or fails and leaves nothing.
    unsafe { place.init(Initial::Zeroed, keeper, |raw| status(c::cursor_init(raw))) }.expect("it is made")
}

#[test]
fn a_place_clears_at_the_end_of_its_scope() {
    let (keeper, seen) = notes();
    {
        let mut place = pin!(Place::new());
        let mut cursor = in_place(place.as_mut(), keeper);
        cursor.as_mut().step().expect("it is where it was made");
        let _forgotten = std::mem::ManuallyDrop::new(cursor); // a borrow: nothing depends on its end
        place.as_mut().pin_mut().expect("there is one").step().expect("it is where it was made");
        assert_eq!(cleared(), 0);
    }
    assert_eq!((cleared(), &**seen.borrow()), (1, &[1][..]));
}

#[test]
fn an_empty_place_clears_nothing() {
    drop(Place::<CursorRef>::new());
    let mut place = pin!(Place::<CursorRef>::default());
    assert!(place.object().is_none() && place.keeper().is_none() && place.as_mut().pin_mut().is_none());
    place.as_mut().close().expect("nothing to do");
    // SAFETY: it fails and leaves nothing.
    let failed = unsafe { place.as_mut().init(Initial::Value(UNLUCKY), (), |raw| status(c::cursor_init(raw))) };
    assert_eq!(failed.err(), Some(3));
    assert_eq!(cleared(), 0);
}

#[test]
fn a_place_clears_during_a_panic_and_after_a_panicking_init() {
    let panicked = catch_unwind(|| {
        let mut place = pin!(Place::new());
        let _cursor = in_place(place.as_mut(), ());
        panic!("on the way");
    });
    assert!(panicked.is_err());
    assert_eq!(cleared(), 1);
    let panicked = catch_unwind(|| {
        let mut place = pin!(Place::<CursorRef>::new());
        // SAFETY: it makes nothing.
        let _never = unsafe { place.as_mut().init(Initial::Zeroed, (), |_| -> Result<(), i32> { panic!("before C") }) };
    });
    assert!(panicked.is_err());
    assert_eq!(cleared(), 1);
}

#[test]
fn a_second_init_clears_the_first_object() {
    let (first, seen) = notes();
    let (second, _) = notes();
    let mut place = pin!(Place::new());
    in_place(place.as_mut(), first);
    in_place(place.as_mut(), second).step().expect("it is where it was made");
    assert_eq!((cleared(), &**seen.borrow()), (1, &[1][..]));
}

/// What C says, in words that panic.
#[derive(Debug)]
pub struct Unprintable;
impl std::fmt::Display for Unprintable {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("no words for it")
    }
}

wrap! {
    /// A machine whose end always has something to say.
    pub struct Rude = InPlace<RudeRef>;
    /// A rude machine, borrowed.
    pub struct RudeRef(c::Machine);
    unsafe { clear = c::machine_free, |()| Released::GoneWith(Unprintable) => Unprintable; }
}

/// Without `std` it is told to nobody.
#[cfg(feature = "std")]
#[test]
fn an_object_whose_error_cannot_be_told_is_cleared_once() {
    let (keeper, seen) = notes();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut place = pin!(Place::<RudeRef, Notes>::new());
        for keeper in [keeper, notes().0] {
            // SAFETY: machine_init makes a machine of zeroed room.
            let _made = unsafe { place.as_mut().init(Initial::Zeroed, keeper, |raw| status(c::machine_init(raw))) };
        }
    }));
    // The second init clears the first object, and its error panics as it is told.
    assert!(panicked.is_err());
    assert_eq!((cleared(), &**seen.borrow()), (1, &[1][..]));
}

#[test]
fn a_place_closes_early_and_may_be_used_again() {
    let mut place = pin!(Place::new());
    in_place(place.as_mut(), 1);
    c::REFUSES.set(true);
    let Err(CloseError::StillOpen { handle, error: 6 }) = place.as_mut().close() else {
        panic!("it refuses");
    };
    assert_eq!(handle.keeper(), Some(&1));
    c::REFUSES.set(false);
    handle.close().expect("it no longer refuses");
    assert_eq!((cleared(), place.keeper()), (1, None));
    in_place(place.as_mut(), 2);
    assert_eq!(place.keeper(), Some(&2));
}

#[test]
fn a_place_may_be_part_of_a_larger_value() {
    struct Larger {
        before: u64,
        place: Place<CursorRef>,
    }
    let mut larger = Box::pin(Larger { before: 7, place: Place::new() });
    // SAFETY: the place is pinned with the value that it is a field of, which has no `Drop` of its own.
    let place = unsafe { larger.as_mut().map_unchecked_mut(|larger| &mut larger.place) };
    in_place(place, ()).step().expect("it is where it was made");
    let moved = larger;
    assert_eq!((moved.before, cleared()), (7, 0));
    drop(moved);
    assert_eq!(cleared(), 1);
}

/// Runs in a process of its own, which must not come to the end.
#[test]
fn a_place_that_c_goes_on_using_ends_the_process() {
    if std::env::var_os("KIT_IN_PLACE_ABORTS").is_some() {
        let _caught = catch_unwind(|| {
            let mut place = pin!(Place::new());
            in_place(place.as_mut(), ());
            c::REFUSES.set(true);
        });
        println!("came back");
        std::process::exit(0);
    }
    let output = Command::new(std::env::current_exe().expect("a test knows its name"))
        .args(["--exact", "a_place_that_c_goes_on_using_ends_the_process", "--nocapture"])
        .env("KIT_IN_PLACE_ABORTS", "1")
        .output()
        .expect("a test can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("came back"));
    assert!(said.contains("CursorRef") && said.contains("memory that ends here: 6"), "{said}");
}

#[test]
fn it_keeps_an_object_for_a_child() {
    fn parent<K: Keeper<CursorRef>>(keeper: &K) -> *mut c::Cursor {
        keeper.parent().as_ptr()
    }
    let handle = cursor(());
    let at = handle.as_ptr();
    assert_eq!(parent(&Rc::new(handle)), at);
}

assert_eq_size!(InPlace<CursorRef>, Option<InPlace<CursorRef>>, *mut u8);
assert_not_impl_any!(InPlace<CursorRef>: Send, Sync, Clone, Copy, std::ops::DerefMut);
assert_impl_all!(InPlace<CursorRef>: Unpin);
assert_impl_all!(InPlace<MachineRef>: Send);
assert_not_impl_any!(InPlace<MachineRef>: Sync);
assert_not_impl_any!(InPlace<MachineRef, Rc<()>>: Send);
assert_not_impl_any!(Place<CursorRef>: Send, Sync, Clone, Copy, Unpin);
assert_impl_all!(Place<MachineRef>: Send);
assert_not_impl_any!(Place<MachineRef, Cell<u8>>: Sync);
// A place is the struct and whether it is there; with a reference as keeper, that costs nothing more.
assert_eq_size!(Place<CursorRef, &'static u8>, (c::Cursor, *const u8));
