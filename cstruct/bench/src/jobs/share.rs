//! One count more of a shared object, and back.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use core::hint::black_box;

use cstruct::Blob;
use cstruct::kit::Foreign as _;
use cstruct_sys::{self as sys, cstruct_status};

use crate::job::{C, Items, Job, RAW, Way};
use crate::loops;
use crate::peers::newtype::NewtypeBlob;
use crate::two_cores::Processors;

const ABSENT: &str = "a count that may be refused cannot be said with foreign-types, whose Clone has no answer; cxx counts on its own side; the others count nothing";

/// Alone.
pub(super) const ALONE: Job = Job {
    name: "share",
    what: "take one more count of a blob, and give it back",
    items: Items::ONE,
    counted: Some(1000),
    absent: ABSENT,
    ways: |_| {
        let blob = Rc::new(blob());
        let (c, raw, ours, newtype) = (Rc::clone(&blob), Rc::clone(&blob), Rc::clone(&blob), NewtypeBlob::share(&blob));
        let arc: Arc<[u8]> = Arc::from(&b"bytes"[..]);
        vec![
            // SAFETY: the blob is live.
            Way::reference(C, move |count| unsafe { loops::loop_share(count, c.as_ptr()) }),
            Way::reference(RAW, move |count| share_raw(&raw, count)),
            Way::ours("Blob", move |count| share(&ours, count)).at_most(1.0, RAW),
            Way::peer("newtype", move |count| share_newtype(&newtype, count)),
            Way::peer("Arc, in Rust", move |count| (0..count).for_each(|_| drop(black_box(Arc::clone(&arc))))),
        ]
    },
};

/// While another thread does the same.
pub(super) const CONTENDED: Job = Job {
    name: "share-two",
    what: "the same while another thread does it too",
    items: Items::ONE,
    counted: None,
    absent: ABSENT,
    ways: |_| {
        let blob = Arc::new(blob());
        let (c, raw, ours) = (Arc::clone(&blob), Arc::clone(&blob), Arc::clone(&blob));
        vec![
            Way::reference(C, move |count| {
                // SAFETY: the blob is live.
                beside(&c, || unsafe { loops::loop_share(count, c.as_ptr()) });
            }),
            Way::reference(RAW, move |count| beside(&raw, || share_raw(&raw, count))),
            Way::ours("Blob", move |count| beside(&ours, || share(&ours, count))).at_most(1.0, RAW),
        ]
    },
};

fn blob() -> Blob {
    Blob::new(b"bytes").expect("there is memory")
}

fn share(blob: &Blob, count: u64) {
    for _ in 0..count {
        drop(blob.try_clone().expect("the count is low"));
    }
}

fn share_raw(blob: &Blob, count: u64) {
    let blob = blob.as_ptr();
    for _ in 0..count {
        // SAFETY: the blob is live.
        let status = unsafe { sys::cstruct_blob_retain(blob) };
        assert!(status == cstruct_status::CSTRUCT_OK);
        // SAFETY: the count that was just taken.
        unsafe { sys::cstruct_blob_release(blob) };
    }
}

fn share_newtype(blob: &NewtypeBlob, count: u64) {
    for _ in 0..count {
        drop(blob.try_clone().expect("the count is low"));
    }
}

/// Does the work while another thread, on another processor, takes and gives counts of the same blob, by the loop in C whoever is measured.
fn beside(blob: &Blob, work: impl FnOnce()) {
    let processors = Processors::of_this_thread();
    let stop = AtomicBool::new(false);
    // To wait for the other costs no CPU time.
    let (started, wait) = mpsc::sync_channel(1);
    thread::scope(|scope| {
        let (processors, stop) = (&processors, &stop);
        scope.spawn(move || {
            processors.iter().for_each(|processors| processors.stay_on(1));
            started.send(()).expect("the other waits");
            while !stop.load(Ordering::Relaxed) {
                // SAFETY: the blob is live.
                unsafe { loops::loop_share(64, blob.as_ptr()) };
            }
        });
        processors.iter().for_each(|processors| processors.stay_on(0));
        wait.recv().expect("the other starts");
        work();
        stop.store(true, Ordering::Relaxed);
    });
    processors.iter().for_each(Processors::apply);
}
