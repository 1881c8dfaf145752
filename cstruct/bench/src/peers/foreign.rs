//! `foreign-types`: an owner and a reference type by macro.

use core::ffi::CStr;
use core::ptr;

use cstruct_sys::{self as sys, cstruct_status};
use foreign_types::{ForeignType, ForeignTypeRef, foreign_type};

use super::Record;

foreign_type! {
    /// A record.
    pub(crate) unsafe type Foreign {
        type CType = sys::cstruct;
        fn drop = sys::cstruct_free;
    }
}

impl Record for Foreign {
    #[inline(always)]
    fn make(value: i32, name: Option<&CStr>) -> Foreign {
        let mut out = ptr::null_mut();
        // SAFETY: `name` is NULL or lives during the call, and `out` may be written.
        let status = unsafe { sys::cstruct_new(value, name.map_or(ptr::null(), CStr::as_ptr), &raw mut out) };
        assert!(status == cstruct_status::CSTRUCT_OK);
        // SAFETY: OWNED(cstruct_free), valid on this status, and not NULL then.
        unsafe { Foreign::from_ptr(out) }
    }

    #[inline(always)]
    fn append(&mut self, samples: &[f64]) {
        // SAFETY: the record is live, and borrowed exclusively.
        let status = unsafe { sys::cstruct_append(self.as_ptr(), samples.as_ptr(), samples.len()) };
        assert!(status == cstruct_status::CSTRUCT_OK);
    }

    #[inline(always)]
    fn value(&self) -> i32 {
        let record: &ForeignRef = self;
        // SAFETY: the record is live while it is borrowed.
        unsafe { sys::cstruct_value(record.as_ptr()) }
    }
}
