//! `cbox`: an owner whose release function is a trait of the pointee.

use core::ffi::CStr;
use core::ptr;

use cbox::{CSemiBox, DisposeRef};
use cstruct_sys::{self as sys, cstruct_status};

use super::Record;

/// What a box of a record leads to. It is never made.
pub(crate) enum Boxed {}

impl DisposeRef for Boxed {
    type RefTo = sys::cstruct;

    unsafe fn dispose(record: *mut sys::cstruct) {
        // SAFETY: the box that calls this owns the record, and ends.
        unsafe { sys::cstruct_free(record) }
    }
}

impl Record for CSemiBox<'static, Boxed> {
    #[inline(always)]
    fn make(value: i32, name: Option<&CStr>) -> Self {
        let mut out = ptr::null_mut();
        // SAFETY: `name` is NULL or lives during the call, and `out` may be written.
        let status = unsafe { sys::cstruct_new(value, name.map_or(ptr::null(), CStr::as_ptr), &raw mut out) };
        assert!(status == cstruct_status::CSTRUCT_OK);
        CSemiBox::new(out)
    }

    #[inline(always)]
    fn append(&mut self, samples: &[f64]) {
        // SAFETY: it stays in the box.
        let record = unsafe { self.as_ptr() };
        // SAFETY: the record is live, and its box is borrowed exclusively.
        let status = unsafe { sys::cstruct_append(record, samples.as_ptr(), samples.len()) };
        assert!(status == cstruct_status::CSTRUCT_OK);
    }

    #[inline(always)]
    fn value(&self) -> i32 {
        // SAFETY: it stays in the box.
        let record = unsafe { self.as_ptr() };
        // SAFETY: the record is live.
        unsafe { sys::cstruct_value(record) }
    }
}
