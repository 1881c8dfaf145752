//! The worked example, with its own error type.

use core::ffi::CStr;

use cstruct::CStruct;

use super::Record;

impl Record for CStruct {
    #[inline(always)]
    fn make(value: i32, name: Option<&CStr>) -> CStruct {
        match name {
            None => CStruct::new(value),
            Some(name) => CStruct::named(value, name),
        }
        .expect("there is memory")
    }

    #[inline(always)]
    fn append(&mut self, samples: &[f64]) {
        self.pin_mut().append(samples).expect("there is memory");
    }

    #[inline(always)]
    fn value(&self) -> i32 {
        (**self).value()
    }
}
