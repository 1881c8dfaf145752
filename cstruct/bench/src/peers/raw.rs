//! The pointer as it is.

use core::ffi::CStr;
use core::ptr;

use cstruct_sys::{self as sys, cstruct_status};

use super::Record;

/// A pointer, released by hand.
pub(crate) struct Raw(pub(crate) *mut sys::cstruct);

impl Record for Raw {
    #[inline(always)]
    fn make(value: i32, name: Option<&CStr>) -> Raw {
        let mut out = ptr::null_mut();
        // SAFETY: `name` is NULL or lives during the call, and `out` may be written.
        let status = unsafe { sys::cstruct_new(value, name.map_or(ptr::null(), CStr::as_ptr), &raw mut out) };
        assert!(status == cstruct_status::CSTRUCT_OK);
        Raw(out)
    }

    #[inline(always)]
    fn append(&mut self, samples: &[f64]) {
        // SAFETY: the record is live, and ours.
        let status = unsafe { sys::cstruct_append(self.0, samples.as_ptr(), samples.len()) };
        assert!(status == cstruct_status::CSTRUCT_OK);
    }

    #[inline(always)]
    fn value(&self) -> i32 {
        // SAFETY: the record is live, and ours.
        unsafe { sys::cstruct_value(self.0) }
    }

    #[inline(always)]
    fn end(self) {
        // SAFETY: the record is live, and ours; nobody uses it afterwards.
        unsafe { sys::cstruct_free(self.0) }
    }
}
