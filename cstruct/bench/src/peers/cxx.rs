//! `cxx`: a `std::unique_ptr` whose deleter is told what the release function is, through a C++ function a call.

use core::ffi::{CStr, c_char};
use core::ptr;

use cxx::UniquePtr;

use super::Record;

#[allow(unreachable_pub, clippy::multiple_unsafe_ops_per_block, reason = "what the bridge writes")]
#[cxx::bridge]
pub(crate) mod ffi {
    // SAFETY: the bridge has the C++ compiler check these declarations against record.hpp.
    unsafe extern "C++" {
        include!("record.hpp");

        #[cxx_name = "cstruct"]
        type Held;

        unsafe fn record_make(value: i32, name: *const c_char) -> UniquePtr<Held>;
        fn record_append(record: Pin<&mut Held>, samples: &[f64]);
        fn record_value(record: &Held) -> i32;
    }
}

impl Record for UniquePtr<ffi::Held> {
    #[inline(always)]
    fn make(value: i32, name: Option<&CStr>) -> Self {
        let name: *const c_char = name.map_or(ptr::null(), CStr::as_ptr);
        // SAFETY: `name` is NULL or a C string that lives during the call.
        unsafe { ffi::record_make(value, name) }
    }

    #[inline(always)]
    fn append(&mut self, samples: &[f64]) {
        ffi::record_append(self.pin_mut(), samples);
    }

    #[inline(always)]
    fn value(&self) -> i32 {
        ffi::record_value(self)
    }
}
