//! Memory of ours that C goes on using: it stays where it is, outlives C's use, and comes back.
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    clippy::unwrap_used,
    reason = "the fake C library is in this file, and each call keeps the rule that it states; a test fails by panicking"
)]

use core::cell::Cell;
use core::convert::Infallible;
use std::ffi::CString;
use std::rc::Rc;
use std::sync::atomic::AtomicPtr;
use std::sync::{Arc, Mutex};

use cstruct::kit::{Loan, NotReplaced, Owned, ReadLoan, Release, Released, Slot, StableAddress};
use static_assertions::{assert_impl_all, assert_not_impl_any};

/// The C library: a recorder that writes into memory of the caller until it is stopped, and once more then.
struct Recorder {
    ring: Cell<*mut u32>,
    len: Cell<usize>,
    written: Cell<u32>,
    stopped: Cell<bool>,
}

impl Recorder {
    /// A recorder lives as long as its process, and stays within reach of those that look for leaks.
    fn make() -> &'static Recorder {
        static MADE: Mutex<Vec<AtomicPtr<Recorder>>> = Mutex::new(Vec::new());
        let recorder = Box::into_raw(Box::new(Recorder {
            ring: Cell::new(core::ptr::null_mut()),
            len: Cell::new(0),
            written: Cell::new(0),
            stopped: Cell::new(false),
        }));
        MADE.lock().expect("no test panics here").push(AtomicPtr::new(recorder));
        unsafe { &*recorder }
    }

    /// Writes one more; `bind` with NULL ends the use of the ring. A length of 13 is refused.
    unsafe fn record(&self) {
        if self.ring.get().is_null() {
            return;
        }
        let at = self.written.get() as usize % self.len.get();
        unsafe { self.ring.get().add(at).write(self.written.get() + 1) };
        self.written.set(self.written.get() + 1);
    }

    unsafe fn bind(&self, ring: *mut u32, len: usize) -> i32 {
        if len == 13 {
            return -1;
        }
        unsafe { self.record() };
        self.ring.set(ring);
        self.len.set(len);
        0
    }
}

struct RecorderRef;
unsafe impl Release for RecorderRef {
    type Handle = &'static Recorder;
    type Error = Infallible;
    unsafe fn release(recorder: &'static Recorder) -> Released<Infallible> {
        unsafe { recorder.record() };
        recorder.ring.set(core::ptr::null_mut());
        recorder.stopped.set(true);
        Released::Gone
    }
}

/// Counts how often it is dropped, and looks whether C had stopped by then.
struct Cells {
    memory: Box<[u32]>,
    recorder: &'static Recorder,
    dropped_after_stop: Rc<Cell<u32>>,
}

unsafe impl StableAddress for Cells {
    type Item = u32;
    fn region(&self) -> core::ptr::NonNull<[u32]> {
        self.memory.region()
    }
}

unsafe impl cstruct::kit::StableAddressMut for Cells {
    fn region_mut(&mut self) -> core::ptr::NonNull<[u32]> {
        self.memory.region_mut()
    }
}

impl Drop for Cells {
    fn drop(&mut self) {
        self.dropped_after_stop.set(self.dropped_after_stop.get() + if self.recorder.stopped.get() { 1 } else { 100 });
    }
}

fn recorder_on(loan: Loan<Cells>, recorder: &'static Recorder) -> Owned<RecorderRef, Loan<Cells>> {
    assert_eq!(unsafe { recorder.bind(loan.as_mut_ptr(), loan.len()) }, 0);
    unsafe { Owned::from_handle(recorder, loan) }
}

#[test]
fn a_loan_in_the_keeper_ends_after_the_release() {
    let (recorder, dropped) = (Recorder::make(), Rc::default());
    let cells = Cells { memory: vec![0; 4].into(), recorder, dropped_after_stop: Rc::clone(&dropped) };
    let owned = recorder_on(unsafe { Loan::new(cells) }, recorder);
    let owned = vec![Box::new(owned)].pop().unwrap(); // moved about
    unsafe { recorder.record() };
    drop(owned);
    assert_eq!((recorder.written.get(), dropped.get()), (2, 1));
}

#[test]
fn a_forgotten_owner_leaves_c_its_memory() {
    let (recorder, dropped) = (Recorder::make(), Rc::default());
    let cells = Cells { memory: vec![0; 2].into(), recorder, dropped_after_stop: Rc::clone(&dropped) };
    let owned = core::mem::ManuallyDrop::new(recorder_on(unsafe { Loan::new(cells) }, recorder));
    for _ in 0..5 {
        unsafe { recorder.record() };
    }
    assert_eq!((recorder.written.get(), dropped.get()), (5, 0));
    drop(core::mem::ManuallyDrop::into_inner(owned));
    assert_eq!(dropped.get(), 1);
}

#[test]
fn the_end_gives_back_what_c_wrote() {
    let recorder = Recorder::make();
    let loan = unsafe { Loan::new(vec![0_u32; 3]) };
    let address = loan.as_mut_ptr();
    unsafe { recorder.bind(address, loan.len()) };
    let moved = Box::new(loan);
    unsafe { recorder.record() };
    unsafe { recorder.bind(core::ptr::null_mut(), 0) };
    let memory = moved.end();
    assert_eq!((&memory[..], memory.as_ptr()), (&[1, 2, 0][..], address.cast_const()));
}

#[test]
fn rebinding_gives_the_old_one_back_after_c_has_the_new_one() {
    let recorder = Recorder::make();
    let slot: Slot<Loan<Box<[u32]>>> = Slot::empty();
    let rebind = |memory: Option<Vec<u32>>| {
        let new = memory.map(|memory| unsafe { Loan::new(memory.into_boxed_slice()) });
        let set = |new: Option<&Loan<Box<[u32]>>>| {
            let (ring, len) = new.map_or((core::ptr::null_mut(), 0), |new| (new.as_mut_ptr(), new.len()));
            match unsafe { recorder.bind(ring, len) } {
                0 => Ok(()),
                status => Err(status),
            }
        };
        unsafe { slot.replace(new, set) }
    };
    assert!(rebind(Some(vec![0; 1])).unwrap().is_none());
    let old = rebind(Some(vec![0; 2])).unwrap().unwrap();
    assert_eq!(*old.end(), [1], "C wrote there until it had the new one");
    match rebind(Some(vec![0; 13])) {
        Err(NotReplaced::Refused { value: Some(loan), error: -1 }) => assert_eq!(loan.end().len(), 13),
        other => panic!("{other:?}"),
    }
    unsafe { recorder.record() };
    let last = rebind(None).unwrap().unwrap();
    assert_eq!(*last.end(), [3, 2]);
    assert!(slot.is_empty());
}

#[test]
fn a_duplicate_shares_a_read_loan() {
    let bytes: Arc<[u8]> = Arc::from(*b"bound");
    let first = unsafe { ReadLoan::new(Arc::clone(&bytes)) };
    let second = first.clone();
    assert_eq!(first.as_ptr(), second.as_ptr());
    drop(first);
    assert_eq!((&*second, Arc::strong_count(&bytes)), (&b"bound"[..], 2));
    assert_eq!(second.end().as_ptr(), bytes.as_ptr());
}

#[test]
fn rust_reads_what_c_only_reads() {
    let text = unsafe { ReadLoan::new(CString::new("read me").unwrap()) };
    let in_c = text.as_ptr();
    let text = Box::new(text);
    assert_eq!(&**text, b"read me\0");
    assert_eq!(unsafe { *in_c.add(5) }, b'm');
    assert_eq!(text.end().as_c_str(), c"read me");
}

#[test]
fn empty_memory_has_an_address_too() {
    let loan = unsafe { Loan::new(Vec::<u64>::new()) };
    assert!(loan.is_empty() && !loan.as_mut_ptr().is_null());
    let read = unsafe { ReadLoan::new(&[] as &'static [u32]) };
    assert!(read.is_empty() && !read.as_ptr().is_null());
}

#[test]
fn threads() {
    assert_impl_all!(Loan<Box<[u8]>>: Send, Sync, Unpin);
    assert_not_impl_any!(Loan<Box<[u8]>>: Clone, core::ops::Deref, AsRef<[u8]>);
    assert_not_impl_any!(ReadLoan<Rc<[u8]>>: Send, Sync);
    assert_not_impl_any!(ReadLoan<Box<[Cell<u8>]>>: Sync);
    assert_not_impl_any!(ReadLoan<Vec<u8>>: Clone);
}
