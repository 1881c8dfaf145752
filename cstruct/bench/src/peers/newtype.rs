//! A newtype as it is written by hand, without mistakes.

use core::ffi::CStr;
use core::ptr::{self, NonNull};

use cstruct::Blob;
use cstruct_sys::{self as sys, cstruct_status};

use super::Record;

/// Owns a record.
pub(crate) struct Newtype(NonNull<sys::cstruct>);

impl Newtype {
    #[inline]
    pub(crate) fn new(value: i32, name: Option<&CStr>) -> Result<Newtype, cstruct_status> {
        let mut out = ptr::null_mut();
        // SAFETY: `name` is NULL or lives during the call, and `out` may be written.
        let status = unsafe { sys::cstruct_new(value, name.map_or(ptr::null(), CStr::as_ptr), &raw mut out) };
        if status != cstruct_status::CSTRUCT_OK {
            return Err(status);
        }
        Ok(Newtype(NonNull::new(out).ok_or(status)?))
    }
}

impl Drop for Newtype {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the record is live, and ours alone.
        unsafe { sys::cstruct_free(self.0.as_ptr()) }
    }
}

impl Record for Newtype {
    #[inline(always)]
    fn make(value: i32, name: Option<&CStr>) -> Newtype {
        Newtype::new(value, name).expect("there is memory")
    }

    #[inline(always)]
    fn append(&mut self, samples: &[f64]) {
        // SAFETY: the record is live, and borrowed exclusively.
        let status = unsafe { sys::cstruct_append(self.0.as_ptr(), samples.as_ptr(), samples.len()) };
        assert!(status == cstruct_status::CSTRUCT_OK);
    }

    #[inline(always)]
    fn value(&self) -> i32 {
        // SAFETY: the record is live.
        unsafe { sys::cstruct_value(self.0.as_ptr()) }
    }
}

/// Owns one count of a blob.
pub(crate) struct NewtypeBlob(NonNull<sys::cstruct_blob>);

impl NewtypeBlob {
    /// One of somebody else's.
    pub(crate) fn share(blob: &Blob) -> NewtypeBlob {
        let blob = Blob::into_raw(blob.try_clone().expect("the count is low"));
        NewtypeBlob(NonNull::new(blob).expect("an owner has an object"))
    }

    #[inline]
    pub(crate) fn try_clone(&self) -> Result<NewtypeBlob, cstruct_status> {
        // SAFETY: our count keeps the blob live.
        match unsafe { sys::cstruct_blob_retain(self.0.as_ptr()) } {
            cstruct_status::CSTRUCT_OK => Ok(NewtypeBlob(self.0)),
            status => Err(status),
        }
    }
}

impl Drop for NewtypeBlob {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: one count is ours, and given back once.
        unsafe { sys::cstruct_blob_release(self.0.as_ptr()) }
    }
}
