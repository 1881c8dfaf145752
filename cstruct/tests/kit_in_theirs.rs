//! Rust values in C's memory: checked for fit, dropped exactly once; rooms that are filled, or zeroed.
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    clippy::unwrap_used,
    reason = "the fake C library is in this file, and each call keeps the rule that it states; a test fails by panicking"
)]

use core::ffi::c_void;
use core::ptr;
use std::rc::Rc;

use cstruct::kit::{Callbacks, DoesNotFit, InTheirs, Room, RoomFilled};

/// C's memory: 128 bytes, aligned to 16, zeroed or not.
#[repr(C, align(16))]
struct Memory([u8; 128]);

impl Memory {
    fn zeroed() -> Memory {
        Memory([0; 128])
    }

    fn dirty() -> Memory {
        Memory([0xa5; 128])
    }

    fn at(&mut self, offset: usize) -> *mut c_void {
        (&raw mut self.0[offset]).cast()
    }
}

type Tokens = InTheirs<Vec<Rc<()>>>;

fn step(room: *mut c_void, callbacks: &Callbacks, token: &Rc<()>) -> Result<usize, DoesNotFit> {
    let push = |tokens: &mut Vec<Rc<()>>| {
        tokens.push(Rc::clone(token));
        tokens.len()
    };
    unsafe { Tokens::call_or_build(room, Tokens::SIZE, callbacks, Vec::new, push, 99) }
}

#[test]
fn built_once_used_often_ended_once() {
    let (mut memory, callbacks, token) = (Memory::zeroed(), Callbacks::new(), Rc::new(()));
    let room = memory.at(0);
    assert!(unsafe { Tokens::end(room) }.is_none(), "nothing was built");
    assert_eq!((step(room, &callbacks, &token), step(room, &callbacks, &token)), (Ok(1), Ok(2)));
    assert_eq!(unsafe { Tokens::call(room, &callbacks, |tokens| tokens.len(), 99) }, 2);
    drop(unsafe { Tokens::end(room) }.expect("it was built"));
    assert_eq!(Rc::strong_count(&token), 1);
    assert!(unsafe { Tokens::end(room) }.is_none(), "it is dropped once");
    assert_eq!(step(room, &callbacks, &token), Ok(99), "and not built again");
    assert_eq!(unsafe { Tokens::call(room, &callbacks, |_| 1, 99) }, 99);
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let (mut memory, callbacks, token) = (Memory::zeroed(), Callbacks::new(), Rc::new(()));
    assert_eq!(step(ptr::null_mut(), &callbacks, &token), Err(DoesNotFit::Null));
    assert!(unsafe { Tokens::end(ptr::null_mut()) }.is_none());
    assert_eq!(step(memory.at(1), &callbacks, &token), Err(DoesNotFit::Misaligned { needed: 8 }));
    let small = unsafe { InTheirs::<u64>::call_or_build(memory.at(0), 8, &callbacks, || 1, |_| (), ()) };
    assert_eq!(small, Err(DoesNotFit::TooSmall { needed: 16, size: 8 }));
    assert_eq!(small.unwrap_err().to_string(), "C gave 8 bytes, and the value takes 16; ask for as many");
    #[repr(align(32))]
    struct Wide;
    let odd = if memory.at(0).addr() % 32 == 0 { memory.at(16) } else { memory.at(0) };
    let wide = unsafe { InTheirs::<Wide>::call_or_build(odd, InTheirs::<Wide>::SIZE, &callbacks, || Wide, |_| (), ()) };
    assert_eq!((wide, InTheirs::<Wide>::ALIGN), (Err(DoesNotFit::Misaligned { needed: 32 }), 32));
    assert_eq!(Rc::strong_count(&token), 1);
}

#[test]
fn entered_again_it_is_not_run() {
    let (mut memory, callbacks) = (Memory::zeroed(), Callbacks::new());
    let room = memory.at(0);
    let nested = |_: &mut u8| {
        let again = unsafe { InTheirs::<u8>::call_or_build(room, 64, &callbacks, || 2, |_| 1, 99) };
        let other = unsafe { InTheirs::<u8>::call(room, &callbacks, |_| 1, 98) };
        let end = unsafe { InTheirs::<u8>::end(room) };
        (again, other, end)
    };
    let answer = unsafe { InTheirs::<u8>::call_or_build(room, 64, &callbacks, || 5, nested, (Ok(0), 0, None)) };
    assert_eq!(answer, Ok((Ok(99), 98, None)));
    assert_eq!(unsafe { InTheirs::<u8>::end(room) }, Some(5));
}

#[test]
fn a_room_is_filled_to_the_last_byte() {
    let mut memory = Memory::dirty();
    let filled: Result<(), DoesNotFit> = unsafe { Room::lend(memory.at(0), 100, |room| room.copy_from(b"abc")) };
    assert_eq!((filled, &memory.0[..5], memory.0[99], memory.0[100]), (Ok(()), &b"abc\0\0"[..], 0, 0xa5));
    fn own(mut room: Room<'_>) -> Result<RoomFilled<'_>, DoesNotFit> {
        for (at, byte) in room.as_uninit().iter_mut().enumerate() {
            byte.write(at as u8);
        }
        Ok(unsafe { room.assume_filled() })
    }
    assert_eq!(unsafe { Room::lend(memory.at(0), 4, own) }, Ok(()));
    assert_eq!(memory.0[..5], [0, 1, 2, 3, 0]);
}

#[test]
fn a_room_that_was_not_filled_is_zeroed() {
    let mut memory = Memory::dirty();
    let none = unsafe { Room::lend(memory.at(0), 8, |_room| Err(DoesNotFit::Null)) };
    assert_eq!((none, &memory.0[..9]), (Err(DoesNotFit::Null), &[0, 0, 0, 0, 0, 0, 0, 0, 0xa5][..]));
    let long = unsafe { Room::lend(memory.at(8), 2, |room| room.copy_from(b"too long")) };
    assert_eq!(long, Err(DoesNotFit::TooSmall { needed: 8, size: 2 }));
    assert_eq!(memory.0[8..11], [0, 0, 0xa5]);
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _: Result<(), DoesNotFit> = unsafe { Room::lend(memory.at(16), 2, |_room| panic!("while filling")) };
    }));
    assert!(panic.is_err());
    assert_eq!(memory.0[16..19], [0, 0, 0xa5]);
    assert_eq!(unsafe { Room::lend(ptr::null_mut(), 8, |room| room.copy_from(b"")) }, Err(DoesNotFit::Null));
}

#[test]
fn a_value_is_built_in_a_room_that_nobody_zeroed() {
    let (mut memory, callbacks, token) = (Memory::dirty(), Callbacks::new(), Rc::new(()));
    let room = memory.at(16);
    let built = unsafe { Room::lend(room, 64, |room| room.build_in_theirs(vec![Rc::clone(&token)])) };
    assert_eq!((built, memory.0[16 + 63], memory.0[16 + 64]), (Ok::<(), DoesNotFit>(()), 0, 0xa5));
    assert_eq!(step(room, &callbacks, &token), Ok(2));
    assert_eq!(unsafe { Tokens::end(room) }.map(|tokens| tokens.len()), Some(2));
    let refused: Result<(), _> =
        unsafe { Room::lend(memory.at(1), 64, |room| room.build_in_theirs(Rc::clone(&token))) };
    assert_eq!((refused, Rc::strong_count(&token)), (Err(DoesNotFit::Misaligned { needed: 8 }), 1));
}

#[cfg(feature = "std")]
#[test]
fn a_panic_waits_and_the_value_is_still_dropped_once() {
    struct Counted(Rc<core::cell::Cell<u32>>);
    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    type Theirs = InTheirs<Counted>;
    let (mut memory, callbacks, drops) = (Memory::zeroed(), Callbacks::new(), Rc::new(core::cell::Cell::new(0)));
    let room = memory.at(0);
    let resumed = || std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| callbacks.resume())).is_err();
    let made = unsafe { Theirs::call_or_build(room, 64, &callbacks, || panic!("made"), |_| 1, 99) };
    assert_eq!((made, resumed(), unsafe { Theirs::end(room) }.is_none()), (Ok(99), true, true));
    let make = || Counted(Rc::clone(&drops));
    let run = unsafe { Theirs::call_or_build(room, 64, &callbacks, make, |_| panic!("run"), 99) };
    assert_eq!((run, resumed(), drops.get()), (Ok(99), true, 0));
    drop(unsafe { Theirs::end(room) });
    assert_eq!(drops.get(), 1);
}
