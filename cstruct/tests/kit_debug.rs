//! What the owners print for debugging: the object as its borrowed type prints it, or their own state; never memory that may be gone.
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "the fake C library is in this file, and each call keeps the rule that it states"
)]

use core::convert::Infallible;
use core::fmt::{self, Debug};
use core::pin::pin;
use core::ptr::NonNull;
use std::sync::Arc;

use cstruct::kit::{
    AnyThread, Batch, CArray, CBox, Callbacks, Container, Dealloc, Drain, Filled, Floating, Foreign, Frame, Gate,
    Hooked, InPlace, Initial, Items, Loan, NullTerminated, Opaque, Owned, OwnedElement, Place, Reachable, ReadLoan,
    ReleaseAs, Released, Remote, Shared, ShellOnly, Slot, Weak,
};
use cstruct::wrap;

/// The C library: things with a value, a count, and a count of weak references.
mod c {
    pub struct Thing {
        pub value: u32,
        pub count: u32,
        pub weak: u32,
    }
    pub struct Weak;

    pub(crate) unsafe extern "C" fn thing_new(value: u32) -> *mut Thing {
        Box::into_raw(Box::new(Thing { value, count: 1, weak: 1 }))
    }
    pub(crate) unsafe extern "C" fn thing_ref(thing: *mut Thing) {
        unsafe { (*thing).count += 1 };
    }
    pub(crate) unsafe extern "C" fn thing_unref(thing: *mut Thing) {
        unsafe { (*thing).count -= 1 };
        if unsafe { (*thing).count } == 0 {
            unsafe { weak_free(thing.cast()) };
        }
    }
    /// Nothing floats but by name.
    pub(crate) unsafe extern "C" fn thing_sink(thing: *mut Thing) -> *mut Thing {
        thing
    }
    pub(crate) unsafe extern "C" fn weak_new(thing: *mut Thing) -> *mut Weak {
        unsafe { (*thing).weak += 1 };
        thing.cast()
    }
    pub(crate) unsafe extern "C" fn weak_lock(weak: *mut Weak) -> *mut Thing {
        let thing = weak.cast::<Thing>();
        if unsafe { (*thing).count } == 0 {
            return core::ptr::null_mut();
        }
        unsafe { thing_ref(thing) };
        thing
    }
    pub(crate) unsafe extern "C" fn weak_free(weak: *mut Weak) {
        let thing = weak.cast::<Thing>();
        unsafe { (*thing).weak -= 1 };
        if unsafe { (*thing).weak } == 0 {
            drop(unsafe { Box::from_raw(thing) });
        }
    }
    /// A thing in the caller's room.
    pub(crate) unsafe extern "C" fn thing_init(thing: *mut Thing, value: u32) {
        unsafe { (*thing).value = value };
    }
}

wrap! {
    /// One count of a thing.
    #[derive(Debug)]
    pub struct Thing = Shared<ThingRef>;
    /// A thing.
    pub struct ThingRef(c::Thing);
    unsafe {
        retain = c::thing_ref;
        release = c::thing_unref;
        weak = c::weak_new, c::weak_lock, c::weak_free => c::Weak;
        sink = c::thing_sink;
        clone = "thing.h: the count has room for all that these tests do";
        owned = "thing.h: thing_new gives a thing with a count of one";
    }
}

wrap! {
    /// A thing in room of ours.
    #[derive(Debug)]
    pub struct Here = InPlace<HereRef>;
    /// It.
    pub struct HereRef(c::Thing);
    unsafe { no_clear = "thing.h: nothing is kept"; }
}

wrap! {
    /// A thing in a struct of ours.
    #[derive(Debug)]
    pub struct Bytes = Filled<BytesRef>;
    /// It.
    pub struct BytesRef(c::Thing);
    unsafe { movable = "thing.h: plain"; dispose = nothing; }
}

unsafe extern "C" fn nothing(_: *mut c::Thing) {}

macro_rules! prints_its_value {
    ($($Ref:ty),*) => { $(
        impl Debug for $Ref {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "thing {}", unsafe { (*self.as_ptr()).value })
            }
        }
    )* };
}
prints_its_value!(ThingRef, HereRef, BytesRef);

unsafe impl ReleaseAs<ShellOnly<'_>> for ThingRef {
    type Error = Infallible;
    unsafe fn release_as(handle: NonNull<c::Thing>) -> Released<Infallible> {
        unsafe { c::thing_unref(handle.as_ptr()) };
        Released::Gone
    }
}

fn thing(value: u32) -> Owned<ThingRef> {
    unsafe { Owned::from_raw(c::thing_new(value)) }.expect("not NULL")
}

fn said(value: &dyn Debug) -> String {
    format!("{value:?}")
}

#[test]
fn an_owner_prints_its_object() {
    let owned = thing(7);
    assert_eq!(said(&owned), "thing 7");
    let shared = Shared::from(owned);
    assert_eq!(said(&shared), "thing 7");
    let named = unsafe { Thing::adopt(c::thing_new(8)) }.expect("not NULL");
    assert_eq!(said(&named), "Thing(thing 8)");
    let floating: Floating<ThingRef> = unsafe { Floating::from_raw(c::thing_new(9)) }.expect("not NULL");
    assert_eq!(said(&floating), "thing 9");
}

#[test]
fn a_weak_reference_prints_nothing_of_the_object_which_may_have_ended() {
    let shared = Shared::from(thing(7));
    let weak = Weak::of(&shared).expect("there is memory");
    assert_eq!(said(&weak), "(Weak)");
    drop(shared);
    assert!(weak.upgrade().is_none());
    assert_eq!(said(&weak), "(Weak)");
}

#[test]
fn an_object_in_our_memory_is_printed_if_there_is_one() {
    let init = |value| {
        move |raw| {
            unsafe { c::thing_init(raw, value) };
            Ok::<(), Infallible>(())
        }
    };
    let Ok(here) = unsafe { InPlace::<HereRef>::init(Initial::Zeroed, (), init(3)) };
    assert_eq!(said(&here), "thing 3");

    let mut place = pin!(Place::<HereRef>::new());
    assert_eq!(said(&place), "Place(None)");
    let Ok(_made) = unsafe { place.as_mut().init(Initial::Zeroed, (), init(4)) };
    assert_eq!(said(&place), "Place(Some(thing 4))");
    place.as_mut().close().expect("it has no end");
    assert_eq!(said(&place), "Place(None)");

    let mut bytes = Filled::<BytesRef>::new();
    assert_eq!(said(&bytes), "thing 0");
    let Ok(()) = unsafe { bytes.fill(init(5)) };
    assert_eq!(said(&bytes), "thing 5");
    let view = unsafe { cstruct::kit::View::<BytesRef>::new(c::Thing { value: 6, count: 1, weak: 1 }) };
    assert_eq!(said(&view), "thing 6");
}

#[test]
fn what_is_not_known_prints_its_address_and_no_byte_behind_it() {
    #[repr(transparent)]
    struct Unknown(Opaque<c::Thing>);
    unsafe impl Foreign for Unknown {
        type Raw = c::Thing;
    }
    impl Debug for Unknown {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.fmt(f)
        }
    }
    let thing = thing(7);
    let unknown = unsafe { Unknown::from_ptr(thing.as_ptr()) }.expect("not NULL");
    assert_eq!(said(&unknown), format!("{:?}", thing.as_ptr()));
}

#[test]
fn a_container_prints_its_list_and_a_walk_what_is_left_of_it() {
    let list: Owned<Container<ThingRef, ShellOnly<'_>>> =
        unsafe { Owned::from_raw(c::thing_new(3)) }.expect("not NULL");
    assert_eq!(said(&list), "thing 3");
    let mut items = Items::new(&**list, 3, |_: &ThingRef, index| index);
    assert_eq!(said(&items), "Items { left: 0..3, .. }");
    assert_eq!(items.next(), Some(0));
    assert_eq!(said(&items), "Items { left: 1..3, .. }");
    let mut list = list;
    let drain = Drain::new(list.pin_mut(), |_| None::<u32>);
    assert_eq!(said(&drain), "Drain { .. }");
}

/// Releases what a `Box` or a `Vec` of these tests has leaked.
struct Free;
unsafe impl<T> Dealloc<T> for Free {
    unsafe fn dealloc(block: NonNull<T>, len: usize) {
        drop(unsafe { Vec::from_raw_parts(block.as_ptr(), 0, len) });
    }
}

fn array<T, const N: usize>(elements: [T; N]) -> *mut T {
    Box::leak(Box::new(elements)).as_mut_ptr()
}

#[test]
fn an_array_prints_its_elements_and_a_box_its_value() {
    let numbers: CArray<u32, Free> = unsafe { CArray::from_raw(array([1, 2, 3]), 3) }.expect("a slice");
    assert_eq!(said(&numbers), "[1, 2, 3]");
    let empty: CArray<u32, Free> = unsafe { CArray::from_raw(core::ptr::null_mut(), 0) }.expect("a slice");
    assert_eq!(said(&empty), "[]");
    let one: CBox<u32, Free> = unsafe { CBox::from_raw(array([9])) }.expect("not NULL");
    assert_eq!(said(&one), "9");

    type Things = CArray<OwnedElement<ThingRef>, Free>;
    let raw = array([unsafe { c::thing_new(1) }, core::ptr::null_mut()]);
    let mut things: Things = unsafe { CArray::from_raw(raw.cast(), 2) }.expect("a slice");
    assert_eq!(said(&things), "[Some(thing 1), None]");
    assert!(CArray::take(&mut things, 0).is_some() && things[0].is_empty());
    assert_eq!(said(&things), "[None, None]");

    let raw = array([unsafe { c::thing_new(1) }, unsafe { c::thing_new(2) }, core::ptr::null_mut()]);
    let ended: NullTerminated<OwnedElement<ThingRef>, Free> =
        unsafe { CArray::from_null_terminated(raw.cast(), 3) }.expect("it has an end");
    assert_eq!(said(&ended), "[Some(thing 1), Some(thing 2)]");
}

#[test]
fn a_gate_says_whether_it_is_closed() {
    let gate = Gate::new(thing(7));
    assert_eq!(said(&gate), "Gate { closed: false, .. }");
    let call = gate.enter().expect("it is open");
    assert_eq!(said(&call), "Entered { .. }");
    drop(call);
    gate.close().expect("nobody is inside");
    assert_eq!(said(&gate), "Gate { closed: true, .. }");
}

enum Poke {}
unsafe impl AnyThread for Poke {
    type Target = ThingRef;
    type Output = ();
    unsafe fn call(_: NonNull<c::Thing>) {}
}

#[test]
fn a_remote_says_whether_its_object_is_closed_and_looks_at_nothing_else() {
    let reachable = Reachable::new(thing(7));
    let remote: Remote<Poke> = Reachable::remote(&reachable);
    assert_eq!(said(&reachable), "Reachable { .. }");
    assert_eq!(said(&remote), "Remote { closed: false }");
    drop(reachable);
    assert_eq!(said(&remote), "Remote { closed: true }");
}

#[test]
fn a_hooked_owner_says_whether_c_is_inside_one_of_its_functions() {
    let callbacks = Arc::new(Callbacks::new());
    let hooked = Hooked::new(thing(7), &callbacks);
    let idle = "Hooked { callbacks: Callbacks { running: false, panics: PanicSlot { is_set: false } }, .. }";
    assert_eq!(said(&hooked), idle);
    let inside = callbacks.run(|| said(&hooked), String::new());
    assert_eq!(inside, idle.replace("running: false", "running: true"));
}

#[test]
fn what_waits_and_what_is_lent_say_how_much() {
    let batch = Batch::new(4);
    batch.push(1_u8);
    batch.push(2);
    assert_eq!(said(&batch), "Batch { backlog: 2, count: 4, .. }");

    let loan = unsafe { Loan::new(vec![0_u32; 3].into_boxed_slice()) };
    assert_eq!(said(&loan), "Loan { len: 3, .. }");
    let read = unsafe { ReadLoan::new(Arc::<[u8]>::from(*b"text")) };
    assert_eq!(said(&read), "ReadLoan { len: 4, .. }");

    let slot = Slot::empty();
    assert_eq!(said(&slot), "Slot { empty: true, .. }");
    let accept = |_: Option<&Loan<Box<[u32]>>>| Ok::<(), Infallible>(());
    assert!(unsafe { slot.replace(Some(loan), accept) }.is_ok_and(|old| old.is_none()));
    assert_eq!(said(&slot), "Slot { empty: false, .. }");
}

#[test]
fn a_frame_prints_nothing_of_the_arena() {
    let arena = thing(7);
    assert_eq!(said(&Frame::of(&*arena)), "Frame { .. }");
}
