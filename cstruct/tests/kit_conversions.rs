//! What is given up comes whole and once; and what a type puts itself round is still reached: the object, its parent, its callbacks.
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "the fake C library is in this file, and each call keeps the rule that it states"
)]

use core::cell::{Cell, RefCell};
use core::convert::Infallible;
use core::ffi::{CStr, c_char, c_int, c_void};
use core::pin::pin;
use core::ptr::{self, NonNull};
use std::rc::Rc;
use std::sync::Arc;

use cstruct::kit::{
    Alloc, Before, CArray, CText, Callbacks, CloseError, Container, Dealloc, Entered, Foreign, Frame, Gate, Hooked,
    HookedError, InPlace, InUse, Initial, Keeper, Library, LibraryState, Movable, NullTerminated, Nullable, Opaque,
    Owned, Place, Reachable, RefCounted, Registered, Release, ReleaseAs, Released, Shared, ShellOnly, Weak,
    WeakCounted, release_through,
};
use cstruct::wrap;

thread_local! {
    static RELEASED: Cell<u32> = const { Cell::new(0) };
    static REFUSES: Cell<bool> = const { Cell::new(false) };
}

/// The C library: a thing with a value. Its count is what the tests make of it: each release is one.
struct Thing(u32);

#[repr(transparent)]
struct ThingRef(Opaque<Thing>);
unsafe impl Foreign for ThingRef {
    type Raw = Thing;
}
unsafe impl Release for ThingRef {
    type Handle = NonNull<Thing>;
    type Error = Infallible;
    unsafe fn release(_: NonNull<Thing>) -> Released<Infallible> {
        RELEASED.set(RELEASED.get() + 1);
        Released::Gone
    }
}
unsafe impl Movable for ThingRef {}
unsafe impl RefCounted for ThingRef {
    type RetainError = Infallible;
    unsafe fn retain(_: NonNull<Thing>) -> Result<(), Infallible> {
        Ok(())
    }
}
unsafe impl WeakCounted for ThingRef {
    type Handle = NonNull<Thing>;
    unsafe fn downgrade(thing: NonNull<Thing>) -> Option<NonNull<Thing>> {
        Some(thing)
    }
    unsafe fn upgrade(weak: NonNull<Thing>) -> Option<NonNull<Thing>> {
        Some(weak)
    }
    unsafe fn release_weak(_: NonNull<Thing>) {
        RELEASED.set(RELEASED.get() + 100);
    }
}
unsafe impl ReleaseAs<ShellOnly<'_>> for ThingRef {
    type Error = Infallible;
    unsafe fn release_as(thing: NonNull<Thing>) -> Released<Infallible> {
        unsafe { ThingRef::release(thing) }
    }
}

impl ThingRef {
    fn value(&self) -> u32 {
        unsafe { (*self.as_ptr()).0 }
    }

    fn set(self: core::pin::Pin<&mut Self>, value: u32) {
        unsafe { (*self.as_ptr()).0 = value };
    }
}

fn owned(thing: &mut Thing) -> Owned<ThingRef> {
    unsafe { Owned::from_raw(thing) }.expect("not NULL")
}

/// The library's `strdup` and `free`.
struct Free;
unsafe impl<T> Dealloc<T> for Free {
    unsafe fn dealloc(block: NonNull<T>, len: usize) {
        RELEASED.set(RELEASED.get() + 1);
        drop(unsafe { Vec::from_raw_parts(block.as_ptr(), 0, len) });
    }
}
unsafe impl<T> Alloc<T> for Free {
    fn alloc(len: usize) -> *mut T {
        let mut block = core::mem::ManuallyDrop::new(Vec::with_capacity(len));
        assert_eq!(block.capacity(), len);
        block.as_mut_ptr()
    }
}

#[test]
fn a_text_that_is_given_up_is_not_released_and_can_be_taken_over_again() {
    let text = CText::<Free>::copy_of("given").expect("there is memory");
    let lent: &CStr = text.as_ref();
    assert_eq!(lent, c"given");
    let raw: *mut c_char = CText::into_raw(text);
    assert_eq!(RELEASED.get(), 0);
    let again = unsafe { CText::<Free>::from_raw(raw) }.expect("not NULL");
    assert_eq!(&*again, c"given");
    drop(again);
    assert_eq!(RELEASED.get(), 1);
}

#[test]
fn an_array_that_ends_with_null_is_given_up_with_it() {
    type Things<'a> = NullTerminated<Option<&'a ThingRef>, Free>;
    let thing = Thing(7);
    let lent = unsafe { ThingRef::from_ptr(&raw const thing) }.expect("not NULL");
    assert!(!Nullable::is_null(&Some(lent)));
    let raw = Box::leak(Box::new([Some(lent), None])).as_mut_ptr();
    let things: Things<'_> = unsafe { CArray::from_null_terminated(raw, 2) }.expect("it ends");
    assert_eq!(things.iter().map(|thing| thing.map(ThingRef::value)).collect::<Vec<_>>(), [Some(7)]);
    let raw = NullTerminated::into_raw(things);
    assert_eq!(RELEASED.get(), 0);
    let again: Things<'_> = unsafe { CArray::from_null_terminated(raw, 2) }.expect("it ends still");
    drop(again);
    assert_eq!(RELEASED.get(), 1);

    let unterminated = Box::leak(Box::new([Some(lent), Some(lent)])).as_mut_ptr();
    let refused = unsafe { CArray::<_, Free>::from_null_terminated(unterminated, 2) }.map(drop).expect_err("no end");
    assert_eq!(refused.fault(), cstruct::kit::SliceFault::Unterminated);
    let text = "a list without an end in the stated bound; raise the bound or ask C for the count";
    assert!(refused.to_string().contains(text), "{refused}");
    assert_eq!(RELEASED.get(), 1, "what is refused stays the caller's");
    drop(unsafe { Box::from_raw(unterminated.cast::<[Option<&ThingRef>; 2]>()) });
}

#[test]
fn an_empty_array_can_be_changed_to_nothing() {
    let mut none: CArray<u32, Free> = unsafe { CArray::from_raw(ptr::null_mut(), 0) }.expect("nothing");
    none.fill(7);
    assert!(none.is_empty());
}

#[test]
fn a_count_is_given_up_with_what_it_keeps_and_a_weak_reference_is_taken_over() {
    let mut thing = Thing(7);
    let raw: *mut Thing = &raw mut thing;
    let shared: Shared<ThingRef, Arc<u8>> = unsafe { Shared::adopt_with(raw, Arc::new(3)) }.expect("not NULL");
    assert!(ptr::eq(Keeper::<ThingRef>::parent(&shared), &raw const *shared));
    let (object, keeper) = unsafe { Shared::into_parts(shared) };
    assert_eq!((object.as_ptr(), *keeper, RELEASED.get()), (raw, 3, 0));

    let weak = unsafe { Weak::<ThingRef>::from_handle(object) };
    let again = weak.upgrade().expect("it lives");
    assert_eq!(again.value(), 7);
    drop(again);
    drop(weak);
    assert_eq!(RELEASED.get(), 101, "one count, and one weak reference");
}

#[test]
fn what_is_in_a_box_is_a_parent_as_what_is_not() {
    wrap! {
        /// A thing in room of ours.
        struct Here = InPlace<HereRef>;
        /// It.
        struct HereRef(Thing);
        unsafe { no_clear = "thing.h: nothing is kept"; movable = "thing.h: plain"; }
    }
    let Ok(here) = unsafe { Here::init(Initial::Zeroed, |_| Ok::<(), Infallible>(())) };
    let there: *const HereRef = &raw const *here;
    assert!(ptr::eq(Keeper::<HereRef>::parent(&here), there));
    let plain: InPlace<HereRef> = here.into();
    assert!(ptr::eq(Keeper::<HereRef>::parent(&plain), there));
    assert!(ptr::eq(Keeper::<HereRef>::parent(&Box::new(plain)), there));
}

#[test]
fn a_reachable_object_is_used_as_an_owned_one() {
    let mut thing = Thing(7);
    let raw: *mut Thing = &raw mut thing;
    let mut reachable = Reachable::new(owned(&mut thing));
    reachable.pin_mut().set(8);
    assert_eq!((reachable.value(), Owned::handle(Reachable::owned(&reachable)).as_ptr()), (8, raw));
    assert!(reachable.close().is_ok());
    assert_eq!(RELEASED.get(), 1);
}

#[test]
fn a_hooked_object_is_used_as_an_owned_one_and_knows_its_callbacks() {
    let mut thing = Thing(7);
    let callbacks = Arc::new(Callbacks::new());
    let mut hooked = Hooked::new(owned(&mut thing), &callbacks);
    hooked.pin_mut().set(8);
    assert_eq!(hooked.value(), 8);
    assert!(Arc::ptr_eq(Hooked::callbacks(&hooked), &callbacks));
    drop(hooked);
    assert_eq!(RELEASED.get(), 1);
}

/// A handle that says how its end goes: 0 well, 1 with an error, 2 well unless it is refused, 3 later.
struct Session;
unsafe impl Release for Session {
    type Handle = u32;
    type Error = &'static str;
    unsafe fn release(session: u32) -> Released<&'static str> {
        match session {
            0 => Released::Gone,
            1 => Released::GoneWith("the disk is full"),
            3 => Released::Closing,
            _ if REFUSES.replace(false) => Released::Refused("busy"),
            _ => Released::Gone,
        }
    }
}

#[test]
fn the_end_of_a_hooked_object_says_what_c_said() {
    let callbacks = Arc::new(Callbacks::new());
    let hooked = |session| Hooked::new(unsafe { Owned::<Session>::from_handle(session, ()) }, &callbacks);
    assert!(hooked(0).close().is_ok());
    let gone = hooked(1).close().expect_err("the disk is full");
    assert_eq!(gone.error(), &HookedError::Refused("the disk is full"));
    assert_eq!(gone.to_string(), "closed, but the disk is full");
    assert!(gone.into_handle().is_none());

    REFUSES.set(true);
    let open = hooked(2).close().expect_err("busy");
    assert_eq!(open.to_string(), "still open: busy");
    let CloseError::StillOpen { handle, error: HookedError::Refused("busy") } = open else { panic!("{open:?}") };
    assert_eq!(Owned::handle(Hooked::owned(&handle)), 2, "and it is here again");
    assert!(handle.close().is_ok());
}

#[test]
fn a_library_whose_end_failed_is_over_and_says_so() {
    enum Full {}
    unsafe impl Release for Full {
        type Handle = ();
        type Error = &'static str;
        unsafe fn release((): ()) -> Released<&'static str> {
            Released::GoneWith("the disk is full")
        }
    }
    unsafe impl Library for Full {
        const RESTARTS: bool = false;
        fn state() -> &'static LibraryState {
            static STATE: LibraryState = LibraryState::new();
            &STATE
        }
        unsafe fn init() -> Result<(), &'static str> {
            Ok(())
        }
    }
    let running = Before::<Full>::take().and_then(Before::start).expect("it starts");
    let error = running.shut().expect_err("the disk is full");
    assert_eq!(error.error(), &InUse::C("the disk is full"));
    assert_eq!(error.to_string(), "closed, but the disk is full");
    assert!(error.into_handle().is_none());
    assert!(Before::<Full>::take().and_then(Before::start).is_err(), "it does not restart");
}

#[test]
fn a_copy_of_a_frame_is_of_the_same_arena() {
    let mut thing = Thing(7);
    let arena = owned(&mut thing);
    let frame = Frame::of(&*arena);
    #[allow(clippy::clone_on_copy, reason = "it is what is tried")]
    let copy = frame.clone();
    assert!(ptr::eq(frame.arena(), copy.arena()));
}

#[test]
fn a_container_is_changed_through_its_list() {
    let mut thing = Thing(7);
    let mut list: Owned<Container<ThingRef, ShellOnly<'_>>> =
        unsafe { Owned::from_raw(&raw mut thing) }.expect("not NULL");
    unsafe { list.pin_mut().list_mut() }.set(8);
    assert_eq!(list.value(), 8);
}

#[test]
fn an_object_with_a_release_function_in_it_is_released_once() {
    struct Stream {
        release: Option<unsafe extern "C" fn(*mut Stream)>,
    }
    unsafe extern "C" fn end(stream: *mut Stream) {
        RELEASED.set(RELEASED.get() + 1);
        unsafe { (*stream).release = None };
    }
    let mut stream = Stream { release: Some(end) };
    let stream = NonNull::from(&mut stream);
    for _ in 0..2 {
        let released = unsafe { release_through(stream, |stream| (*stream.as_ptr()).release) };
        assert_eq!((released, RELEASED.get()), (Released::Gone, 1));
    }
}

#[test]
fn a_call_through_a_gate_reaches_the_object() {
    let mut thing = Thing(7);
    let raw: *mut Thing = &raw mut thing;
    let gate = Gate::new(owned(&mut thing));
    let call = gate.enter().expect("it is open");
    assert_eq!((call.value(), Entered::handle(&call).as_ptr()), (7, raw));
    drop(call);
    assert!(gate.close().is_ok());
    assert_eq!(RELEASED.get(), 1);
}

#[test]
fn objects_that_may_be_moved_can_be_exchanged_behind_their_owners() {
    let (mut one, mut other) = (Thing(1), Thing(2));
    let (mut one, mut other) = (owned(&mut one), owned(&mut other));
    core::mem::swap(&mut *one, &mut *other);
    assert_eq!((one.value(), other.value()), (2, 1));
}

#[test]
fn an_object_in_our_memory_whose_end_failed_is_gone_all_the_same() {
    unsafe extern "C" fn end(_: *mut Thing) -> i32 {
        5
    }
    wrap! {
        /// A thing whose end fails.
        #[derive(Debug)]
        struct Full = InPlace<FullRef>;
        /// It.
        #[derive(Debug)]
        struct FullRef(Thing);
        unsafe { clear = end, |status: i32| if status == 0 { Released::Gone } else { Released::GoneWith(status) } => i32; }
    }
    let init = |_| Ok::<(), Infallible>(());
    let Ok(full) = unsafe { Full::init(Initial::Zeroed, init) };
    assert_eq!(full.close().map_err(|error| (*error.error(), error.into_handle().is_none())), Err((5, true)));

    let mut place = pin!(Place::<FullRef>::new());
    let Ok(_made) = unsafe { place.as_mut().init(Initial::Zeroed, (), init) };
    let error = place.as_mut().close().expect_err("it fails");
    assert_eq!((*error.error(), error.into_handle().is_none()), (5, true));
    assert!(place.object().is_none());
}

#[test]
fn a_function_that_c_is_inside_is_not_taken_back_and_ends_when_that_call_leaves() {
    type Function = Box<dyn FnMut() -> c_int>;
    unsafe extern "C" fn fired(user: *mut c_void) -> c_int {
        unsafe { Registered::<Function>::call(user, |f| f(), -1) }
    }
    let callbacks = Arc::new(Callbacks::new());
    let (this, token) = (Rc::new(RefCell::new(None::<Registered<Function>>)), Rc::new(()));
    let f: Function = Box::new({
        let (this, token) = (Rc::clone(&this), Rc::clone(&token));
        move || {
            let registered = this.take().expect("it is registered");
            let taken = registered.into_inner();
            c_int::from(taken.is_none() && Rc::strong_count(&token) == 2)
        }
    });
    let registered = Registered::local(f, &callbacks);
    let user = registered.hook(fired as unsafe extern "C" fn(*mut c_void) -> c_int).user();
    this.replace(Some(registered));
    assert_eq!(unsafe { fired(user) }, 1);
    assert_eq!(Rc::strong_count(&token), 1, "it has ended");
}

#[test]
fn what_is_c_s_until_c_has_finished_is_closed_without_an_error() {
    let session = unsafe { Owned::<Session>::from_handle(3, ()) };
    assert!(session.close().is_ok());
}
