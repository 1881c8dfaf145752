//! A list of any length is made, compared, copied and released on a stack of 64 KiB, by C and on every way that Rust has to let go.
//!
//! The lists have 200,000 records, or `CSTRUCT_STACK_RECORDS`; a recursion over them would need 16 bytes of stack a record at the least.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use cstruct::kit::{Bounds, Deferred, ReleaseQueue, Worker};
use cstruct::{CStruct, CStructData, CStructFlat, live};

const STACK: usize = 64 << 10;

fn wanted() -> usize {
    match std::env::var("CSTRUCT_STACK_RECORDS") {
        Ok(text) => {
            text.replace('_', "").parse().unwrap_or_else(|_| panic!("CSTRUCT_STACK_RECORDS={text} is no number"))
        }
        Err(_) => 200_000,
    }
}

/// Every way to release a list.
type Way = (&'static str, fn(CStruct));
const WAYS: [Way; 13] = [
    ("dropped", drop),
    ("closed", |list| {
        let Ok(()) = list.close();
    }),
    ("given up, and freed by C", |list| {
        let raw = CStruct::into_raw(list);
        // SAFETY: the pointer was just given up, and is used no more.
        unsafe { cstruct_sys::cstruct_free(raw) }
    }),
    ("given up, and adopted again", |list| {
        let raw = CStruct::into_raw(list);
        // SAFETY: the pointer was just given up.
        drop(unsafe { CStruct::from_raw(raw) });
    }),
    ("dropped by a panic", |list| {
        let panicked = catch_unwind(AssertUnwindSafe(move || {
            let _released_while_unwinding = list;
            resume_unwind(Box::new("on purpose"));
        }));
        assert!(panicked.is_err());
    }),
    ("unlinked behind its first record", |mut list| drop(list.pin_mut().unlink())),
    ("taken apart, a record at a time", |list| {
        let mut rest = Some(list);
        while let Some(mut first) = rest {
            rest = first.pin_mut().unlink();
        }
    }),
    ("overwritten", |list| {
        let mut place = Box::new(list);
        *place = CStruct::new(0).expect("there is memory");
    }),
    ("held by the last of two counts", |list| {
        let one = Rc::new(RefCell::new(Some(list)));
        let other = Rc::clone(&one);
        drop(one);
        drop(other);
    }),
    ("in a container", |list| drop(vec![Some(Box::new(list))])),
    ("dropped on another small thread", |list| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(|| drop(list)).expect("there are threads");
        thread.join().expect("no panic");
    }),
    ("deferred to this thread", |list| {
        let queue = ReleaseQueue::new(Bounds::count(1));
        drop(Deferred::new(list, &queue));
        assert_eq!(queue.flush(), 1);
    }),
    ("deferred to a worker", |list| {
        let worker = Worker::spawn(Bounds::count(1), Duration::from_millis(1)).expect("there are threads");
        drop(Deferred::new(Arc::new(list), &worker));
        worker.flush();
    }),
];

fn work(records: usize) {
    let before = live();
    let list = || {
        CStruct::from_records((0..records).map(|_| CStruct::new(7).expect("there is memory"))).expect("they are single")
    };
    for (how, release) in WAYS {
        let list = list();
        assert_eq!(live().objects - before.objects, records as u64);
        release(list);
        assert_eq!(live(), before, "{how}");
        println!("constant stack: {records} records on {STACK} bytes: {how}");
    }

    let list = list();
    let clone = list.try_clone().expect("there is memory");
    assert!(list == clone);
    drop(clone);
    assert_eq!(list.records().count(), records);
    let flat = CStructFlat::try_from(&*list).expect("there is memory, and no name");
    assert_eq!(flat.len(), records);
    drop(flat);
    let data = Vec::<CStructData>::try_from(&*list).expect("there is no name");
    drop(list);
    let again = CStruct::try_from(&data[..]).expect("there is memory");
    drop((data, again));
    assert_eq!(live(), before);
    println!("constant stack: {records} records on {STACK} bytes: cloned, compared, walked, copied out and in");
}

#[test]
fn a_list_of_any_length_needs_no_stack() {
    let records = wanted();
    let small = std::thread::Builder::new().stack_size(STACK).spawn(move || work(records)).expect("there are threads");
    small.join().expect("the work is done without an overflow");
}
