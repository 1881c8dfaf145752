//! A small C library: a blob with an atomic count that saturates, that may float, and that can be referred to weakly.
#![allow(clippy::undocumented_unsafe_blocks, reason = "a stand-in for C, which says no more")]

use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

pub(crate) const MAX: u32 = 1_000_000;

pub struct Blob {
    pub count: AtomicU32,
    pub weak: AtomicU32,
    pub floating: AtomicBool,
    pub refuses: AtomicBool,
    pub value: u32,
}

thread_local! {
    pub static FREED: Cell<u32> = const { Cell::new(0) };
}

pub(crate) unsafe extern "C" fn blob_new(value: u32) -> *mut Blob {
    Box::into_raw(Box::new(Blob {
        count: AtomicU32::new(1),
        weak: AtomicU32::new(1),
        floating: AtomicBool::new(false),
        refuses: AtomicBool::new(false),
        value,
    }))
}

pub(crate) unsafe extern "C" fn blob_floating(value: u32) -> *mut Blob {
    let blob = unsafe { blob_new(value) };
    unsafe { &*blob }.floating.store(true, Ordering::SeqCst);
    blob
}

pub(crate) unsafe extern "C" fn blob_ref_sink(blob: *mut Blob) -> *mut Blob {
    assert!(unsafe { &*blob }.floating.swap(false, Ordering::SeqCst));
    blob
}

pub(crate) unsafe extern "C" fn blob_retain(blob: *mut Blob) -> i32 {
    let more = |count| if count == MAX { None } else { Some(count + 1) };
    let count = &unsafe { &*blob }.count;
    match count.fetch_update(Ordering::AcqRel, Ordering::Acquire, more) {
        Ok(_) => 0,
        Err(_) => 11,
    }
}

/// Gives one count back; 6, and nothing, when told to refuse.
pub(crate) unsafe extern "C" fn blob_release(blob: *mut Blob) -> i32 {
    let it = unsafe { &*blob };
    assert!(!it.floating.load(Ordering::SeqCst), "released while it floats");
    if it.refuses.load(Ordering::SeqCst) {
        return 6;
    }
    if it.count.fetch_sub(1, Ordering::AcqRel) == 1 {
        FREED.set(FREED.get() + 1);
        unsafe { weak_release(blob.cast()) };
    }
    0
}

pub(crate) unsafe extern "C" fn blob_count(blob: *mut Blob) -> u32 {
    unsafe { &*blob }.count.load(Ordering::Acquire)
}

pub struct Weak;

pub(crate) unsafe extern "C" fn weak_new(blob: *mut Blob) -> *mut Weak {
    unsafe { &*blob }.weak.fetch_add(1, Ordering::AcqRel);
    blob.cast()
}

pub(crate) unsafe extern "C" fn weak_lock(weak: *mut Weak) -> *mut Blob {
    let blob = weak.cast::<Blob>();
    let live = |count| if count == 0 { None } else { Some(count + 1) };
    let count = &unsafe { &*blob }.count;
    match count.fetch_update(Ordering::AcqRel, Ordering::Acquire, live) {
        Ok(_) => blob,
        Err(_) => ptr::null_mut(),
    }
}

pub(crate) unsafe extern "C" fn weak_release(weak: *mut Weak) {
    let blob = weak.cast::<Blob>();
    if unsafe { &*blob }.weak.fetch_sub(1, Ordering::AcqRel) == 1 {
        drop(unsafe { Box::from_raw(blob) });
    }
}
