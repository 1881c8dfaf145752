//! Walking along records that C owns.

use core::ffi::{c_int, c_void};
use core::hint::black_box;
use core::ops::ControlFlow;
use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use cstruct::Table;
use cstruct::kit::Foreign as _;
use cstruct_sys::{self as sys, cstruct_status};

use super::lists::{list, table};
use crate::job::{C, Items, Job, RAW, Way};
use crate::keep::keep;
use crate::loops;

const ABSENT: &str = "the peers have no containers";
const MANY: Items = Items { full: 100_000, small: 1_000 };

/// A table, by index.
pub(super) const TABLE: Job = Job {
    name: "walk-table",
    what: "add up the numbers of the records of a table, by C's function for one of them",
    items: MANY,
    counted: Some(10),
    absent: ABSENT,
    ways: |records| {
        let table = Rc::new(table(records, 1));
        let (c, raw, ours) = (Rc::clone(&table), Rc::clone(&table), table);
        vec![
            Way::reference(C, move |count| {
                // SAFETY: the table is live.
                black_box(unsafe { loops::loop_table(count, c.as_ptr()) });
            }),
            Way::reference(RAW, move |count| walk_raw(&raw, count)),
            Way::ours("Table::records", move |count| {
                for _ in 0..count {
                    black_box(ours.records().map(|record| i64::from(record.value())).sum::<i64>());
                }
            })
            .at_most(1.0, C),
        ]
    },
};

fn walk_raw(table: &Table, count: u64) {
    for _ in 0..count {
        // SAFETY: the table is live.
        let len = unsafe { sys::cstruct_table_len(table.as_ptr()) };
        let mut sum = 0;
        for at in 0..len {
            // SAFETY: the table is live.
            let record = unsafe { sys::cstruct_table_at(table.as_ptr(), at) };
            // SAFETY: there are so many, so it is not NULL; it is live.
            sum += i64::from(unsafe { (*record).value });
        }
        black_box(sum);
    }
}

/// A list, by its links.
pub(super) const LIST: Job = Job {
    name: "walk-list",
    what: "the same of a list, by its links",
    items: MANY,
    counted: Some(10),
    absent: ABSENT,
    ways: |records| {
        let list = list(records, 1);
        let (c, ours) = (Rc::clone(&list), list);
        vec![
            Way::reference(C, move |count| {
                // SAFETY: the list is live.
                black_box(unsafe { loops::loop_list(count, c.as_ptr()) });
            }),
            Way::ours("CStruct::records", move |count| {
                for _ in 0..count {
                    black_box(keep(&**ours).records().map(|record| i64::from(record.value())).sum::<i64>());
                }
            })
            .at_most(1.0, C),
        ]
    },
};

/// C walks, and calls us.
pub(super) const EACH: Job = Job {
    name: "callback",
    what: "the same of a table, which calls a function with each",
    items: Items { full: 1_000_000, small: 1_000 },
    counted: Some(10),
    absent: ABSENT,
    ways: |records| {
        let table = Rc::new(RefCell::new(table(records, 1)));
        let [c, raw, ours, newtype] = core::array::from_fn(|_| Rc::clone(&table));
        vec![
            Way::reference(C, move |count| {
                // SAFETY: the table is live.
                black_box(unsafe { loops::loop_each(count, c.borrow_mut().as_ptr()) });
            }),
            Way::reference("raw FFI, no panics", move |count| each_raw(&mut raw.borrow_mut(), count)),
            Way::ours("Table::each", move |count| each(&mut ours.borrow_mut(), count)).at_most(1.3, C),
            Way::peer("newtype", move |count| each_newtype(&mut newtype.borrow_mut(), count)),
        ]
    },
};

fn each(table: &mut Table, count: u64) {
    let mut sum = 0;
    for _ in 0..count {
        let answer = table.each(|record| {
            sum += i64::from(record.value());
            ControlFlow::<()>::Continue(())
        });
        assert!(answer == Ok(ControlFlow::Continue(())));
    }
    black_box(sum);
}

fn each_raw(table: &mut Table, count: u64) {
    unsafe extern "C" fn add(user: *mut c_void, record: *const sys::cstruct) -> c_int {
        // SAFETY: live, and not changed while it is looked at.
        let value = unsafe { (*record).value };
        // SAFETY: the sum below, which nobody else uses during the call.
        unsafe { *user.cast::<i64>() += i64::from(value) };
        0
    }
    let mut sum = 0_i64;
    for _ in 0..count {
        // SAFETY: the table is live and borrowed exclusively; the user belongs to the function and outlives the call.
        let status = unsafe { sys::cstruct_table_each(table.as_ptr(), Some(add), (&raw mut sum).cast()) };
        assert!(status == cstruct_status::CSTRUCT_OK);
    }
    black_box(sum);
}

/// Carries a panic as one does by hand.
struct Carried<F> {
    look: F,
    panic: Option<Box<dyn Any + Send>>,
}

fn each_newtype(table: &mut Table, count: u64) {
    fn run<F: FnMut(&sys::cstruct)>(table: &mut Table, look: F) {
        unsafe extern "C" fn call<F: FnMut(&sys::cstruct)>(user: *mut c_void, record: *const sys::cstruct) -> c_int {
            // SAFETY: the value below, which nobody else uses during the call.
            let carried = unsafe { &mut *user.cast::<Carried<F>>() };
            // SAFETY: live, and not changed while it is looked at.
            let record = unsafe { &*record };
            match catch_unwind(AssertUnwindSafe(|| (carried.look)(record))) {
                Ok(()) => 0,
                Err(panic) => {
                    carried.panic = Some(panic);
                    1
                }
            }
        }
        let mut carried = Carried { look, panic: None };
        // SAFETY: the table is live and borrowed exclusively; the user belongs to the function and outlives the call.
        let status = unsafe { sys::cstruct_table_each(table.as_ptr(), Some(call::<F>), (&raw mut carried).cast()) };
        if let Some(panic) = carried.panic {
            resume_unwind(panic);
        }
        assert!(status == cstruct_status::CSTRUCT_OK);
    }
    let mut sum = 0;
    for _ in 0..count {
        run(table, |record| sum += i64::from(record.value));
    }
    black_box(sum);
}
