//! Operations that C finishes later: the memory lives until both sides have let go, and is freed once.
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    clippy::unwrap_used,
    reason = "the fake C library is in this file, and each call keeps the rule that it states; a test fails by panicking"
)]

use core::sync::atomic::{AtomicI32, AtomicPtr, AtomicU32, Ordering};
use core::time::Duration;
use core::{ffi::c_int, ptr};
use std::sync::Arc;
use std::thread;

use cstruct::kit::{CancelAnywhere, NotStarted, Operation, Pending};
use static_assertions::{assert_impl_all, assert_not_impl_any};

/// The C library: one request at a time, which writes into the room and calls back when it is told to.
#[repr(C)]
struct Request {
    done: unsafe extern "C" fn(*mut Request, c_int),
    room: *mut u8,
    len: usize,
    library: *const Library,
}

#[derive(Default)]
struct Library {
    waiting: AtomicPtr<Request>,
    cancels: AtomicU32,
    /// 0: later. 1: calls back inside the start. -1: refuses. 2: a cancel calls back at once.
    mode: AtomicI32,
}

unsafe extern "C" fn submit(request: *mut Request) -> c_int {
    let library = unsafe { &*(*request).library };
    match library.mode.load(Ordering::SeqCst) {
        -1 => return -1,
        1 => unsafe { finish(request, 0) },
        _ => library.waiting.store(request, Ordering::SeqCst),
    }
    0
}

unsafe fn finish(request: *mut Request, status: c_int) {
    unsafe {
        ptr::write_bytes((*request).room, 7, (*request).len);
        ((*request).done)(request, status);
    }
}

unsafe fn run(library: &Library, status: c_int) -> bool {
    let request = library.waiting.swap(ptr::null_mut(), Ordering::SeqCst);
    if request.is_null() {
        return false;
    }
    unsafe { finish(request, status) };
    true
}

unsafe extern "C" fn cancel(request: *mut Request) {
    let library = unsafe { &*(*request).library };
    library.cancels.fetch_add(1, Ordering::SeqCst);
    if library.mode.load(Ordering::SeqCst) == 2 {
        unsafe { run(library, -2) };
    }
}

/// The Rust side: the room is in the operation itself, so it would notice being moved.
struct Read {
    room: [u8; 16],
    library: Arc<Library>,
    then: Option<Box<dyn FnOnce(c_int) + Send>>,
    drops: Arc<AtomicU32>,
}

impl Drop for Read {
    fn drop(&mut self) {
        self.drops.fetch_add(1, Ordering::SeqCst);
    }
}

unsafe impl Operation for Read {
    type Request = Request;
    type Output = c_int;
    fn request(&mut self) -> Request {
        Request { done, room: self.room.as_mut_ptr(), len: self.room.len(), library: Arc::as_ptr(&self.library) }
    }
    unsafe fn cancel(request: *mut Request) {
        unsafe { cancel(request) }
    }
}
unsafe impl CancelAnywhere for Read {}

unsafe extern "C" fn done(request: *mut Request, status: c_int) {
    let complete = |read: &mut Read, _: &mut Request| {
        if let Some(then) = read.then.take() {
            then(status);
        }
        status
    };
    unsafe { Pending::<Read>::complete(request, complete) }
}

/// What the start gave, the library, and how often the operation was dropped.
type Started = (Result<Pending<Read>, NotStarted<Read, c_int>>, Arc<Library>, Arc<AtomicU32>);

fn start(mode: i32) -> Started {
    start_then(mode, None)
}

fn start_then(mode: i32, then: Option<Box<dyn FnOnce(c_int) + Send>>) -> Started {
    let (library, drops) = (Arc::<Library>::default(), Arc::default());
    library.mode.store(mode, Ordering::SeqCst);
    let read = Read { room: [0; 16], library: Arc::clone(&library), then, drops: Arc::clone(&drops) };
    let start = |request| match unsafe { submit(request) } {
        0 => Ok(()),
        status => Err(status),
    };
    (unsafe { Pending::start(read, start) }, library, drops)
}

fn count(counter: &AtomicU32) -> u32 {
    counter.load(Ordering::SeqCst)
}

#[test]
fn the_result_comes_with_the_buffers() {
    let (pending, library, drops) = start(0);
    let pending = pending.unwrap().take().err().expect("not yet");
    assert!(!pending.is_done());
    let (read, status) = pending.wait(|| assert!(unsafe { run(&library, 3) }));
    assert_eq!((read.room, status, count(&drops)), ([7; 16], 3, 0));
    drop(read);
    assert_eq!((count(&drops), count(&library.cancels)), (1, 0));
}

#[test]
fn c_calls_back_inside_the_start() {
    let (pending, library, drops) = start(1);
    let (read, status) = pending.unwrap().take().expect("done already");
    assert_eq!((read.room[15], status), (7, 0));
    drop(read);
    assert_eq!((count(&drops), count(&library.cancels)), (1, 0));
    let (pending, library, drops) = start(1);
    drop(pending);
    assert_eq!((count(&drops), count(&library.cancels)), (1, 0));
}

#[test]
fn a_start_that_fails_gives_the_memory_back_at_once() {
    let (pending, library, drops) = start(-1);
    let NotStarted { operation, error } = pending.unwrap_err();
    assert_eq!((operation.room, error, count(&drops)), ([0; 16], -1, 0));
    drop(operation);
    assert_eq!((count(&drops), Arc::strong_count(&library)), (1, 1));
}

#[test]
fn dropped_it_cancels_and_the_callback_frees() {
    let (pending, library, drops) = start(0);
    drop(pending);
    assert_eq!((count(&library.cancels), count(&drops)), (1, 0), "C still has it");
    assert!(unsafe { run(&library, -2) });
    assert_eq!((count(&drops), Arc::strong_count(&library)), (1, 1));
}

#[test]
fn a_cancel_that_calls_back_at_once_frees_once() {
    let (pending, library, drops) = start(2);
    drop(pending);
    assert_eq!((count(&library.cancels), count(&drops)), (1, 1));
    let (pending, library, drops) = start(2);
    let mut pending = pending.unwrap();
    pending.cancel();
    pending.cancel();
    assert_eq!(count(&library.cancels), 1, "done is not cancelled");
    assert_eq!(pending.take().map(|(_, status)| status).ok(), Some(-2));
    assert_eq!(count(&drops), 1);
}

#[test]
fn detached_it_goes_on_and_forgotten_it_stays() {
    let (pending, library, drops) = start(0);
    pending.unwrap().detach();
    assert!(unsafe { run(&library, 0) });
    assert_eq!((count(&drops), count(&library.cancels)), (1, 0));
    let (pending, library, drops) = start(0);
    let pending = core::mem::ManuallyDrop::new(pending.unwrap());
    assert!(unsafe { run(&library, 0) });
    assert_eq!(count(&drops), 0);
    drop(core::mem::ManuallyDrop::into_inner(pending));
    assert_eq!((count(&drops), count(&library.cancels)), (1, 0));
}

#[test]
fn a_closure_in_the_operation_is_called_once_and_may_drop_the_handle() {
    let handle: Arc<std::sync::Mutex<Option<Pending<Read>>>> = Arc::default();
    let mine = Arc::clone(&handle);
    let heard = Arc::new(AtomicI32::new(0));
    let ear = Arc::clone(&heard);
    let then = move |status| {
        drop(mine.lock().unwrap().take());
        ear.fetch_add(status, Ordering::SeqCst);
    };
    let (pending, library, drops) = start_then(0, Some(Box::new(then)));
    *handle.lock().unwrap() = pending.ok();
    assert!(unsafe { run(&library, 9) });
    assert_eq!((heard.load(Ordering::SeqCst), count(&drops), count(&library.cancels)), (9, 1, 0));
}

#[test]
fn a_second_completion_is_nothing() {
    let (pending, library, drops) = start(0);
    let request = library.waiting.load(Ordering::SeqCst);
    assert!(unsafe { run(&library, 1) });
    unsafe { done(request, 2) };
    assert_eq!(pending.unwrap().take().map(|(_, status)| status).ok(), Some(1));
    assert_eq!(count(&drops), 1);
}

#[test]
fn the_callback_of_another_thread_and_the_drop_free_once() {
    for round in 0..200 {
        let (pending, library, drops) = start(0);
        let pending = pending.unwrap();
        let there = Arc::clone(&library);
        let c = thread::spawn(move || assert!(unsafe { run(&there, 0) }));
        if round % 2 == 0 {
            drop(pending);
        } else {
            drop(pending.wait(|| thread::sleep(Duration::from_micros(100))));
        }
        c.join().unwrap();
        assert_eq!((count(&drops), Arc::strong_count(&library)), (1, 1), "round {round}");
    }
}

#[cfg(feature = "std")]
#[test]
fn a_panic_in_the_callback_is_that_of_the_taker() {
    let (pending, library, drops) = start_then(0, Some(Box::new(|_| panic!("done"))));
    let pending = pending.unwrap();
    assert!(unsafe { run(&library, 0) });
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(pending.take()))).unwrap_err();
    assert_eq!((panic.downcast_ref(), count(&drops)), (Some(&"done"), 1));
    let (pending, library, drops) = start_then(0, Some(Box::new(|_| panic!("nobody takes it"))));
    drop(pending);
    assert!(unsafe { run(&library, 0) });
    assert_eq!(count(&drops), 1);
}

#[test]
fn a_start_that_panics_leaks_and_a_turn_that_panics_cancels() {
    let (library, drops) = (Arc::<Library>::default(), Arc::<AtomicU32>::default());
    let read = Read { room: [0; 16], library, then: None, drops: Arc::clone(&drops) };
    static KEPT: AtomicPtr<Request> = AtomicPtr::new(ptr::null_mut());
    let start = |request| -> Result<(), ()> {
        KEPT.store(request, Ordering::SeqCst); // C may have it, so it stays within reach
        panic!("start")
    };
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(unsafe { Pending::start(read, start) })));
    assert!(panic.is_err());
    assert_eq!(count(&drops), 0, "nobody knows whether C has it");
    let (pending, library, drops) = self::start(0);
    let wait = || drop(pending.unwrap().wait(|| panic!("turn")));
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(wait)).is_err());
    assert_eq!((count(&library.cancels), count(&drops)), (1, 0));
    assert!(unsafe { run(&library, 0) });
    assert_eq!(count(&drops), 1);
}

#[test]
fn threads() {
    struct Sent;
    unsafe impl Operation for Sent {
        type Request = u32;
        type Output = u32;
        fn request(&mut self) -> u32 {
            0
        }
        unsafe fn cancel(_: *mut u32) {}
    }
    unsafe impl CancelAnywhere for Sent {}
    assert_eq!(size_of::<Option<Pending<Sent>>>(), size_of::<usize>());
    assert_impl_all!(Pending<Sent>: Send);
    assert_not_impl_any!(Pending<Sent>: Sync, Clone);
    struct Bound;
    unsafe impl Operation for Bound {
        type Request = u32;
        type Output = u32;
        fn request(&mut self) -> u32 {
            0
        }
        unsafe fn cancel(_: *mut u32) {}
    }
    assert_not_impl_any!(Pending<Bound>: Send); // nothing says that it may be cancelled anywhere
}
