//! Objects adopted twice, on the wrong thread, without a home, refused, closed.

use std::sync::mpsc;
use std::thread;

use cstruct::kit::{Bounds, Foreign, Gate, Home, Owned, Parcel, ReleaseQueue};
use cstruct::{Arena, Blob, CStruct, Context, InterruptibleContext, Library, Query, Table, Writer};

use super::{ABORT, Case, OK, PANIC, case, in_ledger, tell_live, told};

const PANICS: &[(&str, &str)] = &[("CSTRUCT_LEDGER", "sites"), ("CSTRUCT_LEDGER_FAULT", "panic")];
const ABORTS: &[(&str, &str)] = &[("CSTRUCT_LEDGER", "sites"), ("CSTRUCT_LEDGER_FAULT", "abort")];
const LOGS: &[(&str, &str)] = &[("CSTRUCT_LEDGER", "sites"), ("CSTRUCT_LEDGER_FAULT", "log")];

pub(super) const CASES: &[Case] = &[
    in_ledger("adopted_twice_panics", adopted_twice, PANIC, "adopted twice: `", PANICS),
    in_ledger("adopted_twice_aborts", adopted_twice, ABORT, "adopted twice: `", ABORTS),
    in_ledger("adopted_twice_is_logged", adopted_twice, OK, "adopted twice: `", LOGS),
    in_ledger("adopted_twice_says_where", adopted_twice, OK, file!(), LOGS),
    case("home_on_another_thread", home, OK, "but it belongs to ThreadId(1); do it there"),
    case("a_parcel_opened_abroad", parcel, OK, "but it belongs to ThreadId(1); do it there"),
    case("an_arena_released_abroad", arena, OK, "is leaked, because C refused to release it"),
    case("a_parcel_whose_home_is_dead", dead_home, OK, "is stranded and leaked"),
    case("a_drop_that_c_refuses", refused, OK, "ContextRef` is leaked, because C refused to release it"),
    case("a_drop_that_fails", || full_disk(drop), OK, "is gone, but No space left on device"),
    case("a_close_that_fails", || full_disk(|writer| told(writer.close())), OK, "error: closed, but No space left"),
    case("a_close_that_is_refused", refused_close, OK, "error: still open"),
    case("a_gate_closed_in_a_call", gate_in_a_call, OK, "still open: it is being used; end the calls"),
    case("a_gate_entered_after_its_close", gate_closed, OK, "it is closed or being closed; open a new one"),
    case("a_remote_of_a_closed_object", remote, OK, "it is closed or being closed; open a new one"),
    case("too_many_counts", counts, OK, "error: the C library refused: "),
    case("the_wrong_type_in_a_user_slot", slot, OK, "the user slot holds a `i32` where a `"),
    case("settings_after_init", settings, OK, "error: the C library refused: "),
    case("shutdown_with_live_objects", shutdown, OK, "error: still open"),
];

fn adopted_twice() {
    let first = CStruct::new(1).expect("there is memory");
    // SAFETY: none; this is the mistake.
    let second = unsafe { CStruct::from_raw(first.as_ptr()) }.expect("not NULL");
    // It never drops, so that what follows is defined.
    core::mem::forget(second);
}

fn home() {
    let home = Home::here();
    thread::scope(|scope| {
        scope.spawn(|| told(home.check()));
    });
}

fn parcel() {
    let queue = ReleaseQueue::new(Bounds::count(4));
    let parcel = Parcel::new(Arena::new().expect("there is memory"), &queue);
    thread::spawn(move || told(parcel.open())).join().expect("no panic");
    queue.flush();
    tell_live();
}

fn arena() {
    let raw = Arena::into_raw(Arena::new().expect("there is memory")).expose_provenance();
    let abroad = move || {
        // SAFETY: the pointer that was given up. This is the wrong thread, which C finds out.
        drop(unsafe { Arena::from_raw(core::ptr::with_exposed_provenance_mut(raw)) }.expect("not NULL"));
    };
    thread::spawn(abroad).join().expect("no panic");
    assert_eq!(cstruct::live().objects, 1);
}

fn dead_home() {
    let (give, parcels) = mpsc::channel();
    let at_home = move || {
        let queue = ReleaseQueue::new(Bounds::count(4));
        give.send(Parcel::new(Arena::new().expect("there is memory"), &queue)).expect("it listens");
    };
    thread::spawn(at_home).join().expect("no panic");
    drop(parcels.recv().expect("one was sent"));
    assert_eq!(cstruct::live().objects, 1, "leaked, not freed abroad");
}

fn opened() -> Context {
    Context::from_csv(b"name,value\na,1\n").expect("it is good CSV")
}

fn refused() {
    let context = opened();
    core::mem::forget(context.query(c"").expect("there is memory"));
    drop(context);
}

fn full_disk(end: fn(Writer)) {
    let mut writer = Writer::open("/dev/full").expect("it can be opened");
    writer.write(&CStruct::new(1).expect("there is memory")).expect("it waits in memory");
    end(writer);
    assert_eq!(cstruct::live().objects, 0);
}

fn refused_close() {
    let context = opened();
    let query = context.query(c"").expect("there is memory");
    // SAFETY: the context does not end before the query: C refuses.
    let (query, _) = unsafe { Query::into_parts(query) };
    let refused = context.close().expect_err("a query lives");
    eprintln!("error: {refused}");
    let context = refused.into_handle().expect("it is still open");
    // SAFETY: the query that was taken apart, and its context.
    drop(unsafe { Query::from_raw(query, &*context) }.expect("not NULL"));
    context.close().expect("no query lives");
    assert_eq!(cstruct::live().objects, 0);
}

fn gate_in_a_call() {
    let gate = Gate::new(Owned::from(opened()));
    let entered = gate.enter().expect("it is open");
    told(gate.close());
    assert_eq!(entered.count(), 1, "and works");
    drop(entered);
    gate.close().expect("nobody is inside");
    assert_eq!(cstruct::live().objects, 0);
}

fn gate_closed() {
    let gate = Gate::new(Owned::from(opened()));
    gate.close().expect("nobody is inside");
    gate.close().expect("a second close does nothing");
    told(gate.enter().map(drop));
}

fn remote() {
    let context = InterruptibleContext::new(opened());
    let interrupter = context.interrupter();
    context.close().expect("no query lives");
    told(thread::spawn(move || interrupter.call()).join().expect("no panic"));
}

fn counts() {
    let blob = Blob::new(b"x").expect("there is memory");
    let all: Vec<_> = (1..Blob::MAX_COUNT).map(|_| blob.try_clone().expect("below the highest")).collect();
    told(blob.try_clone());
    assert_eq!(all.len() as u32 + 1, blob.count());
}

fn slot() {
    let mut table = Table::new().expect("there is memory");
    table.attach(1_i32).expect("C is not busy");
    told(table.attached::<String>());
}

fn settings() {
    let record = CStruct::new(1).expect("there is memory");
    told(Library::start_counting());
    drop(record);
}

fn shutdown() {
    let library = Library::start().expect("it starts");
    let record = CStruct::new(1).expect("there is memory");
    let refused = library.shutdown().expect_err("a record lives");
    eprintln!("error: {refused}");
    drop(record);
    refused.into_handle().expect("it runs").shutdown().expect("nothing lives");
}
