//! What the tests that call C without any owner share: the call, records, counts, and memory that runs out.
#![allow(dead_code, unused_imports, reason = "each test program uses a part of it")]

pub(crate) mod memory;
pub(crate) mod table;

use std::ffi::{CStr, CString};
use std::ptr::null_mut;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use cstruct_sys::{cstruct as Record, cstruct_status as Status, *};

pub(crate) const OK: Status = Status::CSTRUCT_OK;
pub(crate) const DONE: Status = Status::CSTRUCT_DONE;
pub(crate) const INVALID: Status = Status::CSTRUCT_INVALID;
pub(crate) const NO_MEMORY: Status = Status::CSTRUCT_NO_MEMORY;
pub(crate) const BUSY: Status = Status::CSTRUCT_BUSY;
pub(crate) const FULL: Status = Status::CSTRUCT_FULL;
pub(crate) const DUPLICATE: Status = Status::CSTRUCT_DUPLICATE;
pub(crate) const NOT_FOUND: Status = Status::CSTRUCT_NOT_FOUND;
pub(crate) const SATURATED: Status = Status::CSTRUCT_SATURATED;
pub(crate) const MOVED: Status = Status::CSTRUCT_MOVED;
pub(crate) const WRONG_THREAD: Status = Status::CSTRUCT_WRONG_THREAD;
pub(crate) const STOPPED: Status = Status::CSTRUCT_STOPPED;

/// Does one unsafe thing: calls one C function, or goes through one pointer that came from C.
///
/// It is not sound in general, and does not pretend to be: these tests are about what C does with any argument.
macro_rules! c {
    ($what:expr) => {{
        #[allow(unused_unsafe, reason = "some of it is within an unsafe function")]
        // SAFETY: each test passes live objects of its own, or the misuse to which the header gives an answer.
        unsafe {
            $what
        }
    }};
}
pub(crate) use c;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Lets one test at a time use the library, whose counts are the process's, and finds at its end that nothing is left.
pub(crate) struct Alone(MutexGuard<'static, ()>);

pub(crate) fn alone() -> Alone {
    Alone(ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Drop for Alone {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(live(), (0, 0), "objects and bytes left over");
        }
    }
}

/// Live objects and bytes.
pub(crate) fn live() -> (u64, u64) {
    let usage = c!(cstruct_live());
    (usage.objects, usage.bytes)
}

/// A record with as many samples as its value, or the status that refused it; nothing is left then.
pub(crate) fn try_record(value: i32, name: Option<&CStr>) -> Result<*mut Record, Status> {
    let mut record = null_mut();
    match c!(cstruct_new(value, name.map_or(std::ptr::null(), CStr::as_ptr), &raw mut record)) {
        OK => {}
        refused => return Err(refused),
    }
    let samples: Vec<f64> = (0..value).map(f64::from).collect();
    match c!(cstruct_append(record, samples.as_ptr(), samples.len())) {
        OK => Ok(record),
        refused => {
            c!(cstruct_free(record));
            Err(refused)
        }
    }
}

pub(crate) fn record(value: i32, name: &str) -> *mut Record {
    try_record(value, Some(&text(name))).expect("there is memory")
}

pub(crate) fn nameless(value: i32) -> *mut Record {
    try_record(value, None).expect("there is memory")
}

pub(crate) fn text(name: &str) -> CString {
    CString::new(name).expect("a name without NUL")
}

/// The name of a record that has one.
pub(crate) fn name_of(record: *const Record) -> String {
    let name = c!(cstruct_name(record));
    assert!(!name.is_null());
    c!(CStr::from_ptr(name)).to_str().expect("the tests use UTF-8").to_owned()
}

pub(crate) fn samples_of(record: *const Record) -> Vec<f64> {
    let mut len = 0;
    let samples = c!(cstruct_samples(record, &raw mut len));
    if len == 0 { Vec::new() } else { c!(std::slice::from_raw_parts(samples, len)).to_vec() }
}
