//! The kit alone, over the bindings: what `wrap!` gives to a wrapper that has no error type of its own.

use core::ffi::CStr;
use core::pin::Pin;
use core::ptr;

use cstruct::kit::{Foreign, Null};
use cstruct::wrap;
use cstruct_sys::{self as sys, cstruct_status};

use super::Record;

wrap! {
    /// A record, owned.
    pub(crate) struct Series = Owned<SeriesRef>;
    /// A record, borrowed.
    pub(crate) struct SeriesRef(sys::cstruct);

    unsafe {
        release = sys::cstruct_free;
    }
}

impl Series {
    /// The header says that `out` is NULL on every failure, so one comparison tells.
    #[inline]
    pub(crate) fn new(value: i32, name: Option<&CStr>) -> Result<Series, Null> {
        let mut out = ptr::null_mut();
        // SAFETY: `name` is NULL or lives during the call, and `out` may be written.
        let _status = unsafe { sys::cstruct_new(value, name.map_or(ptr::null(), CStr::as_ptr), &raw mut out) };
        // SAFETY: NULL, or OWNED(cstruct_free): ours.
        unsafe { Series::from_raw(out) }
    }
}

impl SeriesRef {
    /// C's function, not the field.
    #[inline]
    pub(crate) fn value(&self) -> i32 {
        // SAFETY: the record is live while it is borrowed.
        unsafe { sys::cstruct_value(self.as_ptr()) }
    }

    #[inline]
    fn append(self: Pin<&mut Self>, samples: &[f64]) -> cstruct_status {
        // SAFETY: the record is live and borrowed exclusively.
        unsafe { sys::cstruct_append(self.as_ptr(), samples.as_ptr(), samples.len()) }
    }
}

impl Record for Series {
    #[inline(always)]
    fn make(value: i32, name: Option<&CStr>) -> Series {
        Series::new(value, name).expect("there is memory")
    }

    #[inline(always)]
    fn append(&mut self, samples: &[f64]) {
        assert!(self.pin_mut().append(samples) == cstruct_status::CSTRUCT_OK);
    }

    #[inline(always)]
    fn value(&self) -> i32 {
        (**self).value()
    }
}
