//! What the ledger catches is caught at once, and named with both places.
#![cfg(feature = "ledger")]

mod thing;

use std::sync::Barrier;

use cstruct::kit::ledger::{self, Fault, Level, OnFault};
use cstruct::kit::{CloseError, Foreign, Owned, Release, Released};
use thing::{Label, Room, SeenRef, Thing, seen};

/// What this test's thread did to the object at that address. Other tests' objects may have had the address before.
fn caught(address: usize) -> Vec<Fault> {
    let of = |fault: &Fault| match fault {
        Fault::AdoptedTwice { first, .. } => first.address(),
        Fault::ReleasedNotLive { address, .. } => *address,
        Fault::ReleasedAbroad { object, .. } | Fault::RefusedInDrop { object, .. } => object.address(),
        _ => 0,
    };
    let test = format!("{}`", std::thread::current().name().expect("a test has a name"));
    ledger::faults().into_iter().filter(|fault| of(fault) == address && fault.to_string().contains(&test)).collect()
}

fn watch() {
    ledger::set_on_fault(OnFault::Record);
    ledger::raise_level(Level::Sites);
}

/// Adopts it at a place in the source that the thread knows, after so many others that it does not ask for the time at each: the
/// short way.
fn seen_quickly(address: usize, times: usize) -> Owned<SeenRef> {
    for _ in 0..times {
        drop(seen_quickly(address, 0));
    }
    seen(address)
}

#[test]
fn a_second_adoption_names_both_places() {
    watch();
    let first_line = line!() + 1;
    let first = Thing::new();
    let second_line = line!() + 2;
    // One owner too many: it would be a double free.
    core::mem::forget(first.adopted_again());
    let address = first.as_ptr().addr();
    let faults = caught(address);
    let [Fault::AdoptedTwice { first: one, second: two }] = &faults[..] else { panic!("{faults:?}") };
    assert_eq!((one.location().line(), two.location().line()), (first_line, second_line));
    let text = faults[0].to_string();
    assert!(text.starts_with("adopted twice: `"), "{text}");
    assert!(text.contains(&format!("{}:{first_line}:", file!())), "{text}");
    assert!(text.contains(&format!("{}:{second_line}:", file!())), "{text}");
}

#[test]
fn two_adoptions_at_one_place_in_the_source_are_caught_as_well() {
    watch();
    let room = [0_u8; 32];
    for byte in &room {
        let address = core::ptr::from_ref(byte).addr();
        let [first, second] = [(); 2].map(|()| seen(address));
        let faults = caught(address);
        assert!(matches!(faults[..], [Fault::AdoptedTwice { .. }]), "{faults:?}");
        core::mem::forget(second);
        drop(first);
    }
}

#[test]
fn a_second_adoption_on_another_thread_is_caught_too() {
    watch();
    let first = Thing::new();
    let address = first.as_ptr().addr();
    std::thread::scope(|threads| {
        let other = std::thread::Builder::new().name("other".into());
        let _ = other.spawn_scoped(threads, || core::mem::forget(first.adopted_again())).expect("a thread").join();
    });
    let faults = caught(address);
    let [Fault::AdoptedTwice { first: one, second: two }] = &faults[..] else { panic!("{faults:?}") };
    assert_eq!(one.thread().to_string(), "thread `a_second_adoption_on_another_thread_is_caught_too`");
    assert_eq!(two.thread().to_string(), "thread `other`");
}

#[test]
fn an_address_that_was_released_may_come_again() {
    watch();
    for _ in 0..1_000 {
        let thing = Thing::new();
        assert!(caught(thing.as_ptr().addr()).is_empty());
    }
}

/// The table of this thread remembers the address; the other thread has it since.
#[test]
fn an_address_that_another_thread_has_now_is_not_taken_for_the_one_released_here() {
    watch();
    let byte = 0_u8;
    let address = core::ptr::from_ref(&byte).addr();
    drop(seen_quickly(address, 10_000));
    let (at, go) = (Barrier::new(2), Barrier::new(2));
    std::thread::scope(|threads| {
        let there = || {
            let there = seen(address);
            at.wait();
            go.wait();
            drop(there);
        };
        let other = std::thread::Builder::new().name("other".into()).spawn_scoped(threads, there).expect("a thread");
        at.wait();
        core::mem::forget(seen_quickly(address, 0));
        go.wait();
        other.join().expect("no panic");
    });
    let faults = caught(address);
    let [Fault::AdoptedTwice { first, .. }] = &faults[..] else { panic!("{faults:?}") };
    assert_eq!(first.thread().to_string(), "thread `other`");
    // And back again: it is released there, and adopted where nothing is.
    drop(seen(address));
    drop(seen(address));
    assert_eq!(caught(address).len(), 1);
}

/// From then on it is written down under the thread where C said no.
#[test]
fn what_was_refused_on_another_thread_is_not_adopted_again_unseen() {
    struct Stubborn;

    // SAFETY: no C object is behind it; nothing is ever released.
    unsafe impl Release for Stubborn {
        type Handle = usize;
        type Error = &'static str;

        unsafe fn release(_: usize) -> Released<&'static str> {
            Released::Refused("not yet")
        }

        fn address(handle: usize) -> usize {
            handle
        }
    }

    watch();
    let byte = 0_u8;
    let address = core::ptr::from_ref(&byte).addr();
    drop(seen_quickly(core::ptr::from_ref(&[0_u8; 2][1]).addr(), 10_000));
    // SAFETY: as above.
    let owner = unsafe { Owned::<Stubborn>::from_handle(address, ()) };
    let refused = std::thread::spawn(move || owner.close()).join().expect("no panic");
    let Err(CloseError::StillOpen { handle, error: "not yet" }) = refused else { panic!("it is refused") };
    core::mem::forget(seen_quickly(address, 0));
    let faults = caught(address);
    assert!(matches!(faults[..], [Fault::AdoptedTwice { .. }]), "{faults:?}");
    core::mem::forget(handle);
}

#[test]
fn counts_of_one_object_are_no_second_owners() {
    watch();
    let label = Label::new();
    let clones: Vec<Label> = (0..10).map(|_| label.clone()).collect();
    assert!(caught(label.as_ptr().addr()).is_empty());
    drop(clones);
}

#[test]
fn an_owner_beside_a_count_is_no_second_owner() {
    watch();
    let label = Label::new();
    let address = label.as_ptr().addr();
    let owner = seen(address);
    assert!(caught(address).is_empty());
    drop((owner, label));
    assert!(caught(address).is_empty());
}

#[test]
fn a_refused_close_in_a_destructor_names_where_it_was_made() {
    watch();
    let line = line!() + 1;
    let mut room = Room::new();
    room.lock(true);
    let raw = room.as_ptr();
    drop(room);
    let faults = caught(raw.addr());
    let [Fault::RefusedInDrop { object, error }] = &faults[..] else { panic!("{faults:?}") };
    assert_eq!((object.location().line(), object.is_refused(), error.as_str()), (line, true, "it is locked"));
    let text = faults[0].to_string();
    assert!(text.contains(", leaked because C refused to release it: it is locked"), "{text}");
    assert!(ledger::snapshot().entries().iter().any(|entry| entry.address() == raw.addr() && entry.is_refused()));
    // Taken back, which is no second adoption: the destructor has leaked it.
    // SAFETY: leaked above, so it is nobody's.
    let mut room = unsafe { Room::from_raw(raw) }.expect("not NULL");
    room.lock(false);
    room.close().expect("it is unlocked");
    assert_eq!(caught(raw.addr()).len(), 1);
}

#[test]
fn a_registration_that_outlives_its_object_is_named() {
    use core::ffi::c_void;
    use std::sync::Arc;

    use cstruct::kit::{Callbacks, Consumed, Hook, Hooked, Registered};

    watch();
    let callbacks = Arc::new(Callbacks::new());
    let room = Hooked::new(Room::new().into(), &callbacks);
    let address = Hooked::owned(&room).as_ptr().addr();
    let line = line!() + 1;
    let told = Registered::new(|| (), &callbacks);
    drop(callbacks);
    let mut kept = Hook::<fn()>::none();
    // SAFETY: C takes it, and forgets to call the destroy notify when the room ends: the mistake.
    unsafe {
        told.hand_over((|| ()) as fn(), |hook| {
            kept = hook;
            Consumed::<(), ()>::Taken(())
        })
    }
    .expect("taken");
    room.close().expect("it is unlocked");

    let faults = ledger::faults();
    let of = |fault: &&Fault| matches!(fault, Fault::OutlivedItsObject { object, .. } if *object == address);
    let fault = faults.iter().rev().find(of).expect("it was caught");
    let text = fault.to_string();
    assert!(text.starts_with("outlived its object: `") && text.contains(&format!("{}:{line}:", file!())), "{text}");
    assert!(text.contains("RoomRef"), "{text}");
    // C remembers at last.
    let destroy: unsafe extern "C" fn(*mut c_void) = kept.destroy().expect("it was handed over with one");
    // SAFETY: it is called once, with its own user data.
    unsafe { destroy(kept.user()) };
}

#[test]
fn a_release_of_a_thread_bound_object_abroad_names_both_threads() {
    watch();
    struct Smuggled(Room);
    // SAFETY: none; this is the mistake.
    unsafe impl Send for Smuggled {}
    let room = Smuggled(Room::new());
    let address = room.0.as_ptr().addr();
    let abroad = std::thread::Builder::new().name("abroad".into());
    let drop_it = move || {
        let room = room;
        drop(room);
    };
    abroad.spawn(drop_it).expect("a thread").join().expect("no panic");
    let faults = caught(address);
    let [Fault::ReleasedAbroad { .. }] = &faults[..] else { panic!("{faults:?}") };
    let text = faults[0].to_string();
    assert!(
        text.contains("adopted at")
            && text.contains("thread `a_release_of_a_thread_bound_object_abroad_names_both_threads`"),
        "{text}"
    );
    assert!(text.contains("thread `abroad` releases it"), "{text}");
}

#[test]
fn a_registration_whose_callbacks_somebody_else_has_may_outlive_the_object() {
    use std::sync::Arc;

    use cstruct::kit::{Callbacks, Hooked, Registered};

    watch();
    let callbacks = Arc::new(Callbacks::new());
    let [room, other] = [(); 2].map(|()| Hooked::new(Room::new().into(), &callbacks));
    let line = line!() + 1;
    let told = [(); 2].map(|()| Registered::new(|| (), &callbacks));
    drop(callbacks);
    let mine = |fault: &Fault| match fault {
        Fault::OutlivedItsObject { registration, .. } => registration.location().line() == line,
        _ => false,
    };
    let count = || ledger::faults().into_iter().filter(mine).count();
    room.close().expect("it is unlocked");
    assert_eq!(count(), 0, "the functions are perhaps those of the other room");
    other.close().expect("it is unlocked");
    assert_eq!(count(), 2, "each is named");
    drop(told);
}
