//! The ledger knows every live object, with the place in its user's source that adopted it.
#![cfg(feature = "ledger")]

mod thing;

use std::collections::BTreeMap;
use std::sync::mpsc;

use cstruct::kit::ledger::{self, Kind, Level, Report, Scope};
use cstruct::kit::{Container, Foreign, ItemsToo, Owned, Release, ReleaseAs, Released};
use thing::{Room, Thing, ThingRef};

fn watched<R>(run: impl FnOnce() -> R) -> Report {
    ledger::raise_level(Level::Sites);
    ledger::scope(run)
}

#[test]
fn what_is_released_is_not_live() {
    let report = watched(|| {
        let kept = Thing::new();
        drop(Thing::new());
        let Ok(()) = Thing::new().close();
        kept
    });
    assert!(report.is_empty(), "{report}");
    assert_eq!(report.to_string(), "no object is live");
}

#[test]
fn a_forgotten_object_is_named_with_its_users_line() {
    let mut forgotten = None;
    let line = line!() + 1;
    let report = watched(|| forgotten = Some(Thing::new()));
    let entry = &report.entries()[0];
    assert_eq!(report.len(), 1);
    assert_eq!((entry.location().file(), entry.location().line()), (file!(), line));
    assert_eq!(entry.kind(), Kind::Owned);
    assert!(entry.type_name().ends_with("ThingRef"));
    assert_eq!(entry.address(), forgotten.as_ref().map_or(0, |thing| thing.as_ptr().addr()));
    assert_eq!(entry.thread().to_string(), "thread `a_forgotten_object_is_named_with_its_users_line`");
    let text = report.to_string();
    assert!(text.starts_with("1 object is live\n  1 × `"), "{text}");
    assert!(text.contains(&format!("{}:{line}:", file!())), "{text}");
    drop(forgotten);
}

// SAFETY: a list of one that is released as the thing it is.
unsafe impl ReleaseAs<ItemsToo> for ThingRef {
    type Error = <ThingRef as Release>::Error;

    unsafe fn release_as(handle: core::ptr::NonNull<Self::Raw>) -> Released<Self::Error> {
        // SAFETY: the caller's promise is the same.
        unsafe { <ThingRef as Release>::release(handle) }
    }
}

#[test]
fn a_container_is_known_by_its_policy_and_address() {
    let mut kept = None;
    let report = watched(|| {
        // SAFETY: a thing that was given up just now, and is released once.
        let made: Result<Owned<Container<ThingRef, ItemsToo>>, _> =
            unsafe { Owned::from_raw(Owned::into_raw(Thing::new().into())) };
        kept = made.ok();
    });
    assert_eq!(report.len(), 1, "{report}");
    assert!(report.entries()[0].type_name().contains("ItemsToo"), "{report}");
    assert!(!report.entries()[0].is_given_up(), "{report}");
    assert!(watched(|| kept = None).is_empty());
    assert!(!ledger::snapshot().entries().iter().any(|entry| entry.number() == report.entries()[0].number()));
}

#[test]
fn objects_of_one_place_are_one_line_with_their_count() {
    let mut kept = Vec::new();
    let report = watched(|| {
        kept.extend((0..10).map(|_| Thing::new()));
        kept.push(Thing::new());
    });
    let lines: Vec<_> = report.to_string().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3, "{report}");
    assert!(lines[1].starts_with("  10 × `") && lines[1].ends_with(", …)"), "{report}");
    assert!(lines[2].starts_with("  1 × `"), "{report}");
}

#[test]
fn a_report_is_json_too() {
    let mut kept = None;
    let report = watched(|| kept = Some(Thing::new()));
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("it is JSON");
    assert_eq!(json["live"], 1);
    assert_eq!(json["objects"][0]["file"], file!());
    assert_eq!(json["objects"][0]["kind"], "owned");
}

#[test]
fn what_left_by_into_raw_is_said_to_be_given_up_until_it_comes_back() {
    let mut raw = std::ptr::null_mut();
    let report = watched(|| raw = Thing::into_raw(Thing::new()));
    assert!(report.entries()[0].is_given_up());
    assert!(report.to_string().contains("given up by `into_raw` and not taken back"), "{report}");

    // SAFETY: given up above.
    let back = watched(|| drop(unsafe { Thing::from_raw(raw) }));
    assert!(back.is_empty(), "{back}");
}

#[test]
fn parallel_scopes_do_not_see_each_others_objects() {
    let (ready, wait) = mpsc::channel();
    let (done, go_on) = mpsc::channel::<()>();
    std::thread::scope(|threads| {
        threads.spawn(move || {
            let held = Thing::new();
            ready.send(()).expect("the test waits");
            go_on.recv().expect("the test goes on");
            drop(held);
        });
        let report = watched(|| {
            wait.recv().expect("the thread is ready");
            drop(Thing::new());
        });
        assert!(report.is_empty(), "{report}");
        done.send(()).expect("the thread waits");
    });
}

#[test]
fn a_thread_that_joins_a_scope_is_counted_in_it() {
    ledger::raise_level(Level::Sites);
    let scope = Scope::begin();
    let kept = std::thread::scope(|threads| {
        let worker = threads.spawn(|| {
            let before = Thing::new();
            let kept = {
                let _joined = scope.join();
                Thing::new()
            };
            (before, kept, Thing::new())
        });
        worker.join().expect("no panic")
    });
    let report = scope.end();
    assert_eq!(report.len(), 1, "{report}");
    assert_eq!(report.entries()[0].address(), kept.1.as_ptr().addr());
}

#[test]
fn an_object_may_be_released_on_another_thread() {
    let report = watched(|| {
        let thing = Thing::new();
        std::thread::spawn(move || drop(thing)).join().expect("no panic");
    });
    assert!(report.is_empty(), "{report}");
}

#[test]
fn an_object_of_a_thread_that_ended_is_still_known_by_it() {
    ledger::raise_level(Level::Sites);
    let worker = std::thread::Builder::new().name("gone".into()).spawn(Thing::new).expect("a thread");
    let thing = worker.join().expect("no panic");
    let address = thing.as_ptr().addr();
    let report = ledger::snapshot();
    let entry = report.entries().iter().find(|entry| entry.address() == address).expect("it is live");
    assert_eq!(entry.thread().to_string(), "thread `gone`");
}

#[test]
fn a_refused_close_hands_back_what_is_still_live() {
    let report = watched(|| {
        let mut room = Room::new();
        room.lock(true);
        let error = room.close().expect_err("it is locked");
        let mut room = error.into_handle().expect("it is handed back");
        let (live, address) = (ledger::snapshot(), room.as_ptr().addr());
        assert!(live.entries().iter().any(|entry| entry.address() == address && !entry.is_refused()), "{live}");
        room.lock(false);
        room.close().expect("it is unlocked");
    });
    assert!(report.is_empty(), "{report}");
}

#[test]
fn a_difference_has_only_what_is_new() {
    ledger::raise_level(Level::Sites);
    let old = Thing::new();
    let before = ledger::snapshot();
    let new = Thing::new();
    let report = ledger::snapshot().diff(&before);
    let mine: Vec<_> = report.entries().iter().map(|entry| entry.address()).collect();
    assert!(mine.contains(&new.as_ptr().addr()) && !mine.contains(&old.as_ptr().addr()));
}

#[test]
fn many_objects_in_any_order_are_all_known() {
    ledger::raise_level(Level::Sites);
    let scope = Scope::begin();
    let mut live: BTreeMap<usize, Thing> = BTreeMap::new();
    let mut random = 88_172_645_463_325_252_u64;
    for _ in 0..100_000 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        // Two of three are adoptions, so that the table grows.
        if !random.is_multiple_of(3) {
            let thing = Thing::new();
            live.insert(thing.as_ptr().addr(), thing);
        } else if let Some(at) = live.keys().nth((random >> 32) as usize % live.len().clamp(1, 64)).copied() {
            drop(live.remove(&at));
        }
    }
    let report = scope.end();
    let mut known: Vec<usize> = report.entries().iter().map(|entry| entry.address()).collect();
    known.sort_unstable();
    assert!(known.iter().eq(live.keys()), "{} are known, {} are live", known.len(), live.len());
}

#[test]
fn an_assertion_lists_what_is_live() {
    cstruct::assert_released!({
        let _released = Thing::new();
    });
    let mut kept = None;
    let failure = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        cstruct::assert_released!({ kept = Some(Thing::new()) });
    }))
    .expect_err("one is live");
    let text = failure.downcast_ref::<String>().expect("a text");
    assert!(text.starts_with("not everything was released: 1 object is live\n  1 × `"), "{text}");
    assert!(text.contains(file!()), "{text}");
}

#[test]
fn texts_and_closures_are_known() {
    struct Free;
    // SAFETY: the blocks are from `CString`.
    unsafe impl cstruct::kit::Dealloc<core::ffi::c_char> for Free {
        unsafe fn dealloc(block: core::ptr::NonNull<core::ffi::c_char>, _len: usize) {
            // SAFETY: a block that `into_raw` gave below.
            drop(unsafe { std::ffi::CString::from_raw(block.as_ptr()) });
        }
    }
    let mut kept = None;
    let report = watched(|| {
        let raw = std::ffi::CString::from(c"a text").into_raw();
        // SAFETY: a text that ends with NUL, and that `Free` releases.
        let text = unsafe { cstruct::kit::CText::<Free>::from_raw(raw) }.expect("not NULL");
        let callbacks = std::sync::Arc::new(cstruct::kit::Callbacks::new());
        let closure = cstruct::kit::Registered::new(|| (), &callbacks);
        kept = Some((text, closure));
    });
    let kinds: Vec<_> = report.entries().iter().map(|entry| entry.kind()).collect();
    assert_eq!(kinds, [Kind::Memory, Kind::Registration], "{report}");
    let (text, closure) = kept.expect("made above");
    assert!(watched(|| drop((text, closure))).is_empty());
}

#[test]
fn reading_a_borrowed_object_is_no_adoption() {
    let thing = Thing::new();
    let report = watched(|| {
        // SAFETY: it is live while it is borrowed.
        let _borrowed = unsafe { ThingRef::from_ptr(thing.as_ptr()) };
    });
    assert!(report.is_empty(), "{report}");
}

#[test]
fn a_function_that_is_registered_for_ever_is_no_leak() {
    use core::ffi::c_void;
    use core::sync::atomic::{AtomicPtr, Ordering};
    use std::sync::Arc;

    use cstruct::kit::{Callbacks, Registered};

    static KEPT: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
    ledger::raise_level(Level::Sites);
    let callbacks = Arc::new(Callbacks::new());
    let report = ledger::scope(|| {
        let seven: fn() -> i32 = || 7;
        let hook = Registered::new(seven, &callbacks).forever(());
        // It stays within reach of those that look for leaks.
        KEPT.store(hook.user(), Ordering::Relaxed);
    });
    assert!(report.is_empty(), "{report}");
}
