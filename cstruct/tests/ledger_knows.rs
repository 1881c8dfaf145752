//! The ledger knows every live object, with the place in its user's source that adopted it.
#![cfg(feature = "ledger")]

mod thing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc;

use cstruct::kit::ledger::{self, Kind, Level, Report, Scope};
use cstruct::kit::{Container, Foreign, ItemsToo, Owned, Release, ReleaseAs, Released};
use thing::{Label, Room, Thing, ThingRef};

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
fn every_count_of_a_shared_object_is_an_entry() {
    let mut kept = Vec::new();
    let report = watched(|| {
        let first = Label::new();
        kept.push(first.clone());
        kept.push(first.clone());
        drop(first);
    });
    assert_eq!(report.len(), 2, "{report}");
    assert!(report.entries().iter().all(|entry| entry.kind() == Kind::Shared));
    kept.pop();
    let last = kept.pop().expect("one is left");
    assert!(watched(|| drop(last)).is_empty());
}

#[test]
fn a_hundred_thousand_counts_of_one_object_are_as_many_entries() {
    let mut kept = Vec::new();
    let report = watched(|| {
        let first = Label::new();
        kept.extend((0..100_000).map(|_| first.clone()));
    });
    assert_eq!(report.len(), 100_000);
    assert!(report.to_string().contains("  100000 × `"), "{report}");
    let address = kept[0].as_ptr().addr();
    let last = kept.pop();
    std::thread::spawn(move || drop(kept)).join().expect("no panic");
    let left = ledger::snapshot();
    assert_eq!(left.entries().iter().filter(|entry| entry.address() == address).count(), 1);
    drop(last);
}

#[test]
fn an_owner_that_becomes_a_count_is_one_entry() {
    let report = watched(|| {
        // SAFETY: a label's pointer with its only count, given up just now.
        let owned: Owned<thing::LabelRef> =
            unsafe { Owned::from_raw(Label::into_raw(Label::new())) }.expect("not NULL");
        let shared = cstruct::kit::Shared::from(owned);
        let again = shared.try_clone();
        (shared, again)
    });
    assert!(report.is_empty(), "{report}");
}

#[test]
fn an_owner_that_becomes_a_count_and_an_owner_again_is_known_as_what_it_is() {
    ledger::raise_level(Level::Sites);
    // SAFETY: a label's pointer with its only count, given up just now.
    let owned: Owned<thing::LabelRef> = unsafe { Owned::from_raw(Label::into_raw(Label::new())) }.expect("not NULL");
    let address = owned.as_ptr().addr();
    let kinds = || -> Vec<Kind> {
        let live = ledger::snapshot();
        live.entries().iter().filter(|entry| entry.address() == address).map(|entry| entry.kind()).collect()
    };
    assert_eq!(kinds(), [Kind::Owned]);
    let shared = cstruct::kit::Shared::from(owned);
    assert_eq!(kinds(), [Kind::Shared]);
    let owned = cstruct::kit::Shared::try_into_owned(shared).expect("it is the only count");
    assert_eq!(kinds(), [Kind::Owned]);
    drop(owned);
    assert_eq!(kinds(), []);
}

#[test]
fn a_count_that_was_given_up_and_comes_back_is_one_entry() {
    let mut kept = None;
    let report = watched(|| {
        let raw = Label::into_raw(Label::new());
        // SAFETY: given up just now.
        kept = unsafe { Label::adopt(raw) }.ok();
    });
    assert_eq!(report.len(), 1, "{report}");
    assert!(!report.entries()[0].is_given_up());
    assert!(watched(|| kept = None).is_empty());
}

#[test]
fn of_two_counts_the_one_that_was_not_given_up_is_struck_out() {
    // So many that some are not where they would be looked for first.
    const LABELS: usize = 5_000;
    let mut raw = Vec::new();
    let report = watched(|| {
        let labels: Vec<(Label, Label)> = (0..LABELS).map(|_| Label::new()).map(|one| (one.clone(), one)).collect();
        // The other count is dropped here.
        raw.extend(labels.into_iter().map(|(one, _other)| Label::into_raw(one)));
    });
    assert_eq!(report.len(), LABELS);
    assert!(report.entries().iter().all(ledger::Entry::is_given_up));
    // SAFETY: given up above.
    let back = watched(|| raw.drain(..).for_each(|raw| drop(unsafe { Label::adopt(raw) })));
    assert!(back.is_empty(), "{back}");
    let live: BTreeSet<u64> = ledger::snapshot().entries().iter().map(|entry| entry.number()).collect();
    assert!(!report.entries().iter().any(|entry| live.contains(&entry.number())));
}

#[test]
fn of_many_counts_as_many_are_given_up_as_left() {
    let mut raw = Vec::new();
    let mut kept = Vec::new();
    let report = watched(|| {
        let first = Label::new();
        kept.extend([first.clone(), first.clone()]);
        raw.extend([first.clone(), first].map(Label::into_raw));
    });
    let given_up = report.entries().iter().filter(|entry| entry.is_given_up()).count();
    assert_eq!((report.len(), given_up), (4, 2), "{report}");
    let back = watched(|| {
        // SAFETY: given up above, each once.
        kept.extend(raw.drain(..).filter_map(|raw| unsafe { Label::adopt(raw) }.ok()));
    });
    assert_eq!((back.len(), kept.len()), (2, 4), "{back}");
    let address = kept[0].as_ptr().addr();
    let live = ledger::snapshot();
    let known: Vec<bool> =
        live.entries().iter().filter(|entry| entry.address() == address).map(ledger::Entry::is_given_up).collect();
    assert_eq!(known, [false; 4], "{live}");
}

#[test]
fn a_count_that_was_given_up_on_another_thread_may_come_back_on_this_one() {
    let mut kept = None;
    let report = watched(|| {
        let mine = Label::new();
        let other = mine.clone();
        let raw = std::thread::spawn(move || {
            // One that this thread has written down.
            let third = Label::into_raw(other.clone());
            drop(other);
            Given(third)
        });
        let Given(raw) = raw.join().expect("no panic");
        // SAFETY: given up above.
        let again = unsafe { Label::adopt(raw) }.expect("not NULL");
        kept = Some((mine, again));
    });
    assert_eq!(report.len(), 2, "{report}");
    let mine = kept.as_ref().map(|(mine, _)| mine.as_ptr().addr());
    let live = ledger::snapshot();
    let given_up: Vec<bool> =
        live.entries().iter().filter(|entry| Some(entry.address()) == mine).map(|entry| entry.is_given_up()).collect();
    assert_eq!(given_up, [false, false], "{live}");
}

/// The pointer of a label that was given up.
struct Given(*mut <thing::LabelRef as Foreign>::Raw);

// SAFETY: a label's counts may be given back on any thread.
unsafe impl Send for Given {}

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
