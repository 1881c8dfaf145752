//! Releasing something whose release may be refused, and looking at the answer.

use core::ptr;

use cstruct::Arena;
use cstruct_sys::{self as sys, cstruct_status};

use crate::job::{C, Items, Job, RAW, Way};
use crate::loops;

/// An arena.
pub(super) const CLOSE: Job = Job {
    name: "close",
    what: "make an arena and close it, with C's answer looked at",
    items: Items::ONE,
    counted: Some(1000),
    absent: "foreign-types, cbox, mbox, malloced and cxx have no release that answers",
    ways: |_| {
        vec![
            // SAFETY: nothing is asked for.
            Way::reference(C, |count| unsafe { loops::loop_close(count) }),
            Way::reference(RAW, raw),
            Way::ours("Arena", |count| {
                for _ in 0..count {
                    Arena::new().expect("there is memory").close().expect("it is this thread's");
                }
            })
            .at_most(1.0, RAW),
        ]
    },
};

fn raw(count: u64) {
    for _ in 0..count {
        let mut arena = ptr::null_mut();
        // SAFETY: `arena` may be written.
        let status = unsafe { sys::cstruct_arena_new(&raw mut arena) };
        assert!(status == cstruct_status::CSTRUCT_OK);
        // SAFETY: OWNED(cstruct_arena_release): ours.
        let status = unsafe { sys::cstruct_arena_release(arena) };
        assert!(status == cstruct_status::CSTRUCT_OK);
    }
}
