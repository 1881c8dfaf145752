//! `cstruct_blob`: bytes that never change, shared by counting.

use core::fmt;
use core::ptr;
use core::slice;

use cstruct_sys as sys;

use super::Error;
use super::error::check;
use crate::kit::{Foreign, RetainError};
use crate::wrap;

wrap! {
    /// One count of a blob: given back with `cstruct_blob_release`, and the last one releases the bytes.
    ///
    /// There is no `Clone`, because C may refuse a count: [`try_clone`](Blob::try_clone) says so.
    ///
    /// ```
    /// use cstruct::{Blob, Context};
    /// use std::thread;
    ///
    /// let csv = Blob::new(b"name,value,s1\nindoor,1,20.5\n")?; // one copy, in C
    /// let other = csv.try_clone()?; // no copy
    /// let count = thread::spawn(move || Context::from_csv(other.bytes()).map(|context| context.count()));
    /// assert_eq!(count.join().expect("it does not panic")?, 1);
    /// assert_eq!(csv.count(), 1); // the other count was given back over there
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    pub struct Blob = Shared<BlobRef>;

    /// A blob of which somebody else holds a count.
    pub struct BlobRef(sys::cstruct_blob);

    unsafe {
        retain = sys::cstruct_blob_retain, check => Error;
        release = sys::cstruct_blob_release;
        send = "cstruct.h: CSTRUCT_SHAREABLE, which includes being handed to another thread";
        sync = "cstruct.h: CSTRUCT_SHAREABLE; retain, release, count and bytes are ANY_THREAD";
    }
}

/// Making one.
impl Blob {
    /// The highest count there is: to take one more is refused.
    pub const MAX_COUNT: u32 = sys::CSTRUCT_BLOB_MAX_COUNT;

    /// Copies bytes into a new blob.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_blob_new")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn new(bytes: &[u8]) -> Result<Blob, Error> {
        let mut out = ptr::null_mut();
        // SAFETY: CALL_ONLY, COUNTED(len): the pointer and the length are of one slice; `out` may be written.
        let status = unsafe { sys::cstruct_blob_new(bytes.as_ptr().cast(), bytes.len(), &raw mut out) };
        check(status)?;
        // SAFETY: SHARED(cstruct_blob_retain, cstruct_blob_release), valid on this status: one count of it is ours.
        Ok(unsafe { Blob::adopt(out) }?)
    }
}

impl BlobRef {
    /// The bytes.
    #[doc(alias = "cstruct_blob_bytes")]
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        let mut len = 0;
        // SAFETY: the blob is live, and `len` may be written.
        let bytes = unsafe { sys::cstruct_blob_bytes(self.as_ptr(), &raw mut len) };
        // SAFETY: NONNULL, COUNTED(len), from an allocation; BORROWED(self, owner_ends), and they never change: whoever lent
        // `self` holds a count for as long.
        unsafe { slice::from_raw_parts(bytes.cast(), len) }
    }

    /// How many counts there are, at some moment during the call.
    #[doc(alias = "cstruct_blob_count")]
    #[inline]
    pub fn count(&self) -> u32 {
        // SAFETY: the blob is live.
        unsafe { sys::cstruct_blob_count(self.as_ptr()) }
    }

    /// A count of one's own, from a blob that was lent.
    ///
    /// # Errors
    ///
    /// [`Status::Saturated`](super::Status::Saturated) at [`Blob::MAX_COUNT`].
    #[doc(alias = "cstruct_blob_retain")]
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn share(&self) -> Result<Blob, Error> {
        // SAFETY: the blob is live throughout the call, and never borrowed exclusively.
        unsafe { Blob::retain(self.as_ptr()) }.map_err(|error| match error {
            RetainError::Null(null) => Error::Null(null),
            RetainError::Refused(error) => error,
        })
    }
}

impl AsRef<[u8]> for BlobRef {
    fn as_ref(&self) -> &[u8] {
        self.bytes()
    }
}

impl TryFrom<&[u8]> for Blob {
    type Error = Error;

    fn try_from(bytes: &[u8]) -> Result<Blob, Error> {
        Blob::new(bytes)
    }
}

/// The same bytes; [`Blob::ptr_eq`] asks for the same blob.
impl PartialEq for BlobRef {
    fn eq(&self, other: &BlobRef) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for BlobRef {}

/// As for [`BlobRef`].
impl PartialEq for Blob {
    fn eq(&self, other: &Blob) -> bool {
        **self == **other
    }
}

impl Eq for Blob {}

impl fmt::Debug for BlobRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blob").field("len", &self.bytes().len()).field("count", &self.count()).finish()
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
