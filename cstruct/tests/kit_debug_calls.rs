//! What the parts of calls print for debugging: what C calls, what waits for it, and what is lent to it for a moment.
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "the fake C library is in this file, and each call keeps the rule that it states"
)]

use core::convert::Infallible;
use core::ffi::{c_int, c_void};
use core::fmt::Debug;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};
use std::sync::Arc;

use cstruct::kit::event::Event;
use cstruct::kit::{
    AllocatorHook, Before, Callback, Callbacks, DoesNotFit, Hook, InTheirs, Interface, Library, LibraryState,
    Operation, Opts, PanicSlot, Pending, Registered, Release, Released, Room, Running, Stateless, ThreadBound,
    UserSlot,
};

fn said(value: &dyn Debug) -> String {
    format!("{value:?}")
}

type Fire = unsafe extern "C" fn(*mut c_void) -> c_int;

/// What a registered function prints of itself while C calls it.
unsafe extern "C" fn fired<F: FnMut() -> c_int>(user: *mut c_void) -> c_int {
    unsafe { Registered::<F>::call(user, |f| f(), -1) }
}

fn registered<F: FnMut() -> c_int + 'static>(f: F, callbacks: &Arc<Callbacks>) -> (Registered<F>, Hook<Fire>) {
    let registered = Registered::local(f, callbacks);
    let hook = registered.hook(fired::<F> as Fire);
    (registered, hook)
}

#[test]
fn a_hook_says_whether_there_is_a_function_and_not_where() {
    let callbacks = Arc::new(Callbacks::new());
    let (_registered, hook) = registered(|| 7, &callbacks);
    assert_eq!(said(&hook), "Hook { set: true, .. }");
    assert_eq!(said(&Hook::<Fire>::none()), "Hook { set: false, .. }");
}

#[test]
fn a_registered_function_says_whether_c_is_inside_it() {
    use core::cell::RefCell;
    use std::rc::Rc;
    type Function = Box<dyn FnMut() -> c_int>;

    let (callbacks, inside) = (Arc::new(Callbacks::new()), Rc::new(RefCell::new(String::new())));
    let this = Rc::new(RefCell::new(None::<Registered<Function>>));
    let f: Function = Box::new({
        let (this, inside, callbacks) = (Rc::downgrade(&this), Rc::clone(&inside), Arc::clone(&callbacks));
        move || {
            let this = this.upgrade().expect("it is registered");
            *inside.borrow_mut() = format!("{:?} {:?}", this.borrow(), callbacks);
            7
        }
    });
    let (registered, hook) = registered(f, &callbacks);
    assert_eq!(said(&registered), "Registered { running: false, .. }");
    *this.borrow_mut() = Some(registered);
    let function = hook.function().expect("it is set");
    assert_eq!(unsafe { function(hook.user()) }, 7);
    let text =
        "Some(Registered { running: true, .. }) Callbacks { running: true, panics: PanicSlot { is_set: false } }";
    assert_eq!(*inside.borrow(), text);
}

#[test]
fn a_function_that_is_registered_for_ever_works_as_long_as_the_process_lives() {
    /// What never ends stays within reach of those that look for leaks.
    static KEPT: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());
    let callbacks = Arc::new(Callbacks::new());
    let seven: fn() -> c_int = || 7;
    let hook = Registered::new(seven, &callbacks).forever(ticked as Fire);
    core::hint::black_box(&KEPT).store(hook.user(), Ordering::Relaxed);
    assert!(hook.destroy().is_none(), "nothing ends it");
    let function = hook.function().expect("it is set");
    assert_eq!([(); 2].map(|()| unsafe { function(hook.user()) }), [7, 7]);
}

unsafe extern "C" fn ticked(user: *mut c_void) -> c_int {
    unsafe { Registered::<fn() -> c_int>::call(user, |f| f(), -1) }
}

#[test]
fn an_interface_says_whether_c_is_inside_it() {
    struct Table(u32);
    let callbacks = Arc::new(Callbacks::new());
    let interface = Interface::new(Table(1), 7_i32, &callbacks);
    assert_eq!(said(&interface), "Interface { running: false, .. }");
    let running = |value: core::pin::Pin<&i32>| (*value, said(&interface));
    let inside = unsafe { Interface::<Table, i32>::call(interface.as_ptr(), running, (0, String::new())) };
    assert_eq!(inside, (7, String::from("Interface { running: true, .. }")));
    assert_eq!(unsafe { (*interface.as_ptr()).0 }, 1);
}

#[test]
fn what_has_no_state_to_show_prints_its_name() {
    let callback = Callback::with(|| 7, |callback| said(callback));
    assert_eq!(callback, "Callback { .. }");
    assert_eq!(said(&Stateless::new(|| 7)), "Stateless");
    assert_eq!(said(&ThreadBound::new()), "ThreadBound");
    let Ok(options) = unsafe { Opts::<u32>::init(|_| Ok::<(), Infallible>(())) };
    assert_eq!(said(&options), "Opts { .. }");
    assert_eq!(said(&None::<UserSlot<u32>>), "None");
}

#[test]
fn an_event_prints_the_sentence_that_it_says() {
    let event = Event::Failed { type_name: "SessionRef", error: &"the disk is full" };
    let text = "a dropped `SessionRef` is gone, but the disk is full; call `close` to have this as a result";
    assert_eq!((said(&event).as_str(), event.to_string().as_str()), (text, text));
}

#[test]
fn an_allocator_prints_its_books() {
    let hook = AllocatorHook::default();
    let block = unsafe { hook.resize(ptr::null_mut(), 0, 16) };
    assert!(!block.is_null(), "NULL with a new size is a new block");
    assert_eq!(said(&hook), "Allocations { allocs: 1, frees: 0, live_bytes: 16, peak_bytes: 16 }");
    unsafe { hook.release(block, 16) };
    assert_eq!(said(&hook), "Allocations { allocs: 1, frees: 1, live_bytes: 0, peak_bytes: 16 }");
}

#[test]
fn a_room_says_its_size_and_a_value_in_it_whether_it_lives() {
    #[repr(C, align(16))]
    struct Memory([u8; 64]);
    let mut memory = Memory([0xa5; 64]);
    let room: *mut c_void = (&raw mut memory).cast();
    let mut text = String::new();
    let built = unsafe {
        Room::lend::<DoesNotFit>(room, 64, |room| {
            text = format!("{} {room:?}", room.size());
            room.build_in_theirs(7_u32)
        })
    };
    assert_eq!(built, Ok(()));
    assert_eq!(text, "64 Room { size: 64, .. }");
    let value = unsafe { &*room.cast::<InTheirs<u32>>().cast_const() };
    assert_eq!(said(value), "InTheirs { live: true, .. }");
    assert_eq!(unsafe { InTheirs::<u32>::end(room) }, Some(7));
    assert_eq!(said(value), "InTheirs { live: false, .. }");
}

/// A request that is done when it is told to.
struct Request;
struct Read(&'static str);
unsafe impl Operation for Read {
    type Request = Request;
    type Output = u32;
    fn request(&mut self) -> Request {
        Request
    }
    unsafe fn cancel(_: *mut Request) {}
}

#[test]
fn an_operation_says_whether_it_is_done() {
    let mut request = ptr::null_mut();
    let start = |at| {
        request = at;
        Ok::<(), Infallible>(())
    };
    let Ok(pending) = unsafe { Pending::start(Read("it"), start) };
    assert_eq!(said(&pending), "Pending { done: false, .. }");
    unsafe { Pending::<Read>::complete(request, |_, _| 7) };
    assert_eq!(said(&pending), "Pending { done: true, .. }");
    let Ok((read, output)) = pending.take() else { panic!("it is done") };
    assert_eq!((read.0, output), ("it", 7));
}

#[test]
fn the_token_of_a_library_prints_how_far_it_is() {
    enum Here {}
    unsafe impl Release for Here {
        type Handle = ();
        type Error = Infallible;
        unsafe fn release((): ()) -> Released<Infallible> {
            Released::Gone
        }
    }
    unsafe impl Library for Here {
        const RESTARTS: bool = true;
        fn state() -> &'static LibraryState {
            static STATE: LibraryState = LibraryState::new();
            &STATE
        }
        unsafe fn init() -> Result<(), Infallible> {
            Ok(())
        }
    }
    let before = Before::<Here>::take().expect("nobody has it");
    assert_eq!(said(&before), "Before");
    let running: Running<Here> = before.start().expect("it starts");
    assert_eq!(said(&running), "Running");
}

#[cfg(feature = "std")]
#[test]
fn a_slot_for_panics_says_whether_there_is_one_and_nothing_of_it() {
    let slot = PanicSlot::new();
    assert_eq!(said(&slot), "PanicSlot { is_set: false }");
    let panic = cstruct::kit::catch(|| panic!("a secret")).expect_err("it panics");
    assert_eq!(said(&panic), "Panic { .. }");
    slot.store(panic);
    assert_eq!(said(&slot), "PanicSlot { is_set: true }");
    drop(slot.take());
    assert_eq!(said(&slot), "PanicSlot { is_set: false }");
}

#[cfg(not(feature = "std"))]
#[test]
fn a_slot_for_panics_is_always_empty_where_none_can_be_kept() {
    assert_eq!(said(&PanicSlot::new()), "PanicSlot { is_set: false }");
}
