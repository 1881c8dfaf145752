//! Owners for the tests of the C library: as little as a test needs to say its own point and nothing else.
#![allow(dead_code, reason = "each test file uses its part")]

use core::ffi::{CStr, c_char};
use core::ptr::{self, NonNull};
use cstruct_sys::*;

pub(crate) const OK: cstruct_status = cstruct_status::CSTRUCT_OK;

/// A record, with those that follow it.
pub(crate) struct Record(NonNull<cstruct>);

impl Record {
    pub(crate) fn new(value: i32, name: Option<&CStr>, samples: &[f64]) -> Self {
        let mut out = ptr::null_mut();
        // SAFETY: the name ends with a NUL or is NULL, and `out` is writable.
        let status = unsafe { cstruct_new(value, name.map_or(ptr::null(), CStr::as_ptr), &raw mut out) };
        assert_eq!(status, OK);
        // SAFETY: the call made a record, which nobody else has.
        let record = unsafe { Self::adopt(out) };
        assert_eq!(record.append(samples), OK);
        record
    }

    /// # Safety
    ///
    /// `raw` is a record that nobody else releases.
    pub(crate) unsafe fn adopt(raw: *mut cstruct) -> Self {
        Self(NonNull::new(raw).expect("a record"))
    }

    pub(crate) fn raw(&self) -> *mut cstruct {
        self.0.as_ptr()
    }

    pub(crate) fn into_raw(self) -> *mut cstruct {
        let raw = self.raw();
        core::mem::forget(self);
        raw
    }

    pub(crate) fn append(&self, samples: &[f64]) -> cstruct_status {
        // SAFETY: the record is alive and the slice has that length.
        unsafe { cstruct_append(self.raw(), samples.as_ptr(), samples.len()) }
    }

    pub(crate) fn fields(&self) -> &cstruct {
        // SAFETY: the record is alive, and a test does not change it while it looks at a field.
        unsafe { self.0.as_ref() }
    }

    pub(crate) fn name(&self) -> Option<&CStr> {
        // SAFETY: the record is alive.
        let name = unsafe { cstruct_name(self.raw()) };
        // SAFETY: the header says that a name ends with a NUL and lives until the record is changed.
        (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) })
    }

    pub(crate) fn samples(&self) -> &[f64] {
        let mut len = 0;
        // SAFETY: the record is alive and `len` is writable.
        let samples = unsafe { cstruct_samples(self.raw(), &raw mut len) };
        if samples.is_null() {
            assert_eq!(len, 0);
            return &[];
        }
        // SAFETY: the header says that there are `len` samples until the record is changed.
        unsafe { core::slice::from_raw_parts(samples, len) }
    }

    /// The whole list as CSV.
    pub(crate) fn csv(&self) -> Vec<u8> {
        let mut text = empty_text();
        // SAFETY: the record is alive, and an empty text may be filled.
        let status = unsafe { cstruct_text_fill(self.raw(), &raw mut text) };
        assert_eq!(status, OK);
        // SAFETY: a filled text has `len` bytes.
        let copy = unsafe { core::slice::from_raw_parts(text.data.cast::<u8>(), text.len) }.to_vec();
        // SAFETY: the text was filled by the library.
        unsafe { cstruct_text_dispose(&raw mut text) };
        copy
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        // SAFETY: the record is this value's own.
        unsafe { cstruct_free(self.raw()) }
    }
}

pub(crate) fn empty_text() -> cstruct_text {
    cstruct_text { data: ptr::null_mut(), len: 0, cap: 0 }
}

/// An open context, which must have no queries when it is dropped.
pub(crate) struct Ctx(NonNull<cstruct_ctx>);

impl Ctx {
    /// # Safety
    ///
    /// `raw` is a context that nobody else closes.
    pub(crate) unsafe fn adopt(raw: *mut cstruct_ctx) -> Option<Self> {
        NonNull::new(raw).map(Self)
    }

    pub(crate) fn raw(&self) -> *mut cstruct_ctx {
        self.0.as_ptr()
    }

    pub(crate) fn message(&self) -> String {
        // SAFETY: the context is alive.
        let message = unsafe { cstruct_errmsg(self.raw()) };
        // SAFETY: the header says that a message ends with a NUL, and it is copied before the next call.
        unsafe { CStr::from_ptr(message) }.to_str().expect("messages quote as ASCII").to_owned()
    }

    pub(crate) fn at(&self) -> (u64, u64) {
        let (mut line, mut column) = (9, 9);
        // SAFETY: the context is alive and both places are writable.
        unsafe { cstruct_error_at(self.raw(), &raw mut line, &raw mut column) };
        (line, column)
    }

    pub(crate) fn count(&self) -> usize {
        // SAFETY: the context is alive.
        unsafe { cstruct_count(self.raw()) }
    }

    pub(crate) fn take(&self) -> Result<Record, cstruct_status> {
        let mut out = ptr::dangling_mut();
        // SAFETY: the context is alive and `out` is writable.
        let status = unsafe { cstruct_take(self.raw(), &raw mut out) };
        if status != OK {
            assert!(out.is_null(), "a failed call writes NULL");
            return Err(status);
        }
        // SAFETY: the list was handed over.
        Ok(unsafe { Record::adopt(out) })
    }
}

impl Drop for Ctx {
    fn drop(&mut self) {
        // SAFETY: the context is this value's own.
        let status = unsafe { cstruct_close(self.raw()) };
        assert_eq!(status, OK);
    }
}

/// Reads `bytes`, handed over at most `step` at a time.
pub(crate) fn read(bytes: &[u8], step: usize, options: Option<&cstruct_open_options>) -> (cstruct_status, Option<Ctx>) {
    struct Feed<'a>(&'a [u8], usize);
    unsafe extern "C" fn feed(
        user: *mut core::ffi::c_void,
        room: *mut core::ffi::c_void,
        len: usize,
        got: *mut usize,
    ) -> cstruct_status {
        // SAFETY: `user` is the `Feed` below, which nothing else uses during the call.
        let feed = unsafe { &mut *user.cast::<Feed<'_>>() };
        let (now, later) = feed.0.split_at(feed.0.len().min(feed.1).min(len));
        // SAFETY: the library gives room for `len` bytes, and `now` is not longer.
        unsafe { ptr::copy_nonoverlapping(now.as_ptr(), room.cast(), now.len()) };
        feed.0 = later;
        // SAFETY: the library's `got` is writable.
        unsafe { got.write(now.len()) };
        OK
    }
    let mut state = Feed(bytes, step);
    let source = cstruct_source { version: CSTRUCT_SOURCE_VERSION, user: (&raw mut state).cast(), read: Some(feed) };
    open_source(&source, options)
}

pub(crate) fn open_source(
    source: &cstruct_source,
    options: Option<&cstruct_open_options>,
) -> (cstruct_status, Option<Ctx>) {
    let mut out = ptr::dangling_mut();
    // SAFETY: source and options live during the call, and `out` is writable.
    let status = unsafe { cstruct_open_source(source, options.map_or(ptr::null(), ptr::from_ref), &raw mut out) };
    // SAFETY: what was handed out is ours; otherwise it is NULL.
    (status, unsafe { Ctx::adopt(out) })
}

pub(crate) fn open(path: &CStr) -> (cstruct_status, Option<Ctx>) {
    let mut out = ptr::dangling_mut();
    // SAFETY: the path ends with a NUL, and `out` is writable.
    let status = unsafe { cstruct_open(path.as_ptr(), ptr::null(), &raw mut out) };
    // SAFETY: what was handed out is ours; otherwise it is NULL.
    (status, unsafe { Ctx::adopt(out) })
}

pub(crate) fn options() -> cstruct_open_options {
    let mut options = core::mem::MaybeUninit::uninit();
    // SAFETY: there is room for the options.
    let status = unsafe { cstruct_open_options_init(options.as_mut_ptr(), CSTRUCT_OPEN_OPTIONS_VERSION) };
    assert_eq!(status, OK);
    // SAFETY: with that status all of it was filled.
    unsafe { options.assume_init() }
}

/// A path for this test alone, in the folder that cargo gives for it.
pub(crate) fn path(name: &str) -> std::ffi::CString {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    std::ffi::CString::new(path.into_os_string().into_encoded_bytes()).expect("a path without NUL")
}

/// A string of the library's, copied and released.
pub(crate) fn take_string(text: *mut c_char) -> Vec<u8> {
    assert!(!text.is_null());
    // SAFETY: callers pass what cstruct_format handed out.
    let copy = unsafe { CStr::from_ptr(text) }.to_bytes().to_vec();
    // SAFETY: it is released once, here.
    unsafe { cstruct_string_free(text) };
    copy
}
