//! A record as a line of CSV and its samples as an array: handed over by C, or put into room of ours.

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::ptr::{self, NonNull};

use cstruct_sys as sys;

use super::error::check;
use super::{CStructRef, Error, Status};
use crate::kit::{Answer, AskThenFill, CArray, CText, Dealloc, FillError, Foreign};

/// Releases a text of [`CStructRef::format`], with `cstruct_string_free`.
#[derive(Clone, Copy, Debug)]
#[doc(alias = "cstruct_string_free")]
pub struct StringFree;

// SAFETY: "Releases a text made by cstruct_format. The text may have been changed, also shortened": no length is needed.
unsafe impl Dealloc<c_char> for StringFree {
    unsafe fn dealloc(text: NonNull<c_char>, _len: usize) {
        // SAFETY: RELEASES(always): the caller owns the text and gives it up.
        unsafe { sys::cstruct_string_free(text.as_ptr()) }
    }
}

/// Releases an array of [`CStructRef::copy_samples`], with `cstruct_samples_free`.
#[derive(Clone, Copy, Debug)]
#[doc(alias = "cstruct_samples_free")]
pub struct SamplesFree;

// SAFETY: "Releases a copy made by cstruct_samples_copy; `len` is the length that it was made with".
unsafe impl Dealloc<f64> for SamplesFree {
    unsafe fn dealloc(samples: NonNull<f64>, len: usize) {
        // SAFETY: RELEASES(always), COUNTED(len): the caller owns the array, gives it up, and says its length.
        unsafe { sys::cstruct_samples_free(samples.as_ptr(), len) }
    }
}

/// Texts and arrays.
impl CStructRef {
    /// This one record as a line of CSV without a line end, in memory of C's that is released with `cstruct_string_free`.
    ///
    /// ```
    /// use cstruct::CStruct;
    ///
    /// let mut record = CStruct::named(1, c"in, door")?;
    /// record.pin_mut().append(&[20.5, f64::NAN])?;
    /// let line = record.format()?;
    /// drop(record); // the line is its own
    /// assert_eq!(&*line, c"\"in, door\",1,20.5,");
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_format")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn format(&self) -> Result<CText<StringFree>, Error> {
        let mut out = ptr::null_mut();
        // SAFETY: the record is live and not changed during the call (CALL_ONLY), and `out` may be written.
        let status = unsafe { sys::cstruct_format(self.as_ptr(), &raw mut out) };
        check(status)?;
        // SAFETY: OWNED(cstruct_string_free), TEXT, valid on this status; nobody else has the pointer.
        Ok(unsafe { CText::from_raw(out) }?)
    }

    /// The same text in a `Vec`, whose room is used again from one call to the next.
    ///
    /// ```
    /// use cstruct::CStruct;
    ///
    /// let list = CStruct::from_records([CStruct::named(1, c"in")?, CStruct::named(2, c"out")?])?;
    /// let mut room = Vec::new();
    /// for record in &list {
    ///     let line = record.format_into(&mut room)?; // asks for the size once, and later only when the room is too small
    ///     assert!(line.to_bytes().starts_with(record.name().unwrap().to_bytes()));
    /// }
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no memory.
    #[doc(alias = "cstruct_format_into")]
    pub fn format_into<'r>(&self, room: &'r mut Vec<u8>) -> Result<&'r CStr, Error> {
        let call = |room: *mut u8, len| {
            let mut needed = 0;
            // SAFETY: the record is live and not changed during the call; FILLS(len): `room` has `len` bytes, or is NULL with 0;
            // `needed` may be written.
            let status = unsafe { sys::cstruct_format_into(self.as_ptr(), room.cast(), len, &raw mut needed) };
            match Status::of(status) {
                None => Answer::Wrote(needed),
                Some(Status::TooSmall) => Answer::TooSmall(needed),
                Some(status) => Answer::Failed(status),
            }
        };
        // SAFETY: FILLS(len, ask_size): NULL goes with 0; never writes more than `len` bytes, and on this status `*needed` of them.
        unsafe { AskThenFill::default().fill(room, call) }?;
        CStr::from_bytes_with_nul(room).map_err(|_| FillError::NotText.into())
    }

    /// The same text in room of a fixed size; see also [`formatted_size`](CStructRef::formatted_size).
    ///
    /// ```
    /// use cstruct::{CStruct, Error};
    ///
    /// let record = CStruct::named(1, c"in")?;
    /// assert_eq!(record.format_within(&mut [0; 16])?, c"in,1");
    /// assert_eq!(record.format_within(&mut [0; 4]), Err(Error::TooSmall { needed: 5 }));
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::TooSmall`], with the size that is needed.
    #[doc(alias = "cstruct_format_into")]
    pub fn format_within<'r>(&self, room: &'r mut [u8]) -> Result<&'r CStr, Error> {
        let mut needed = 0;
        // SAFETY: the record is live and not changed during the call; FILLS(len): pointer and length are of one slice; `needed`
        // may be written.
        let status =
            unsafe { sys::cstruct_format_into(self.as_ptr(), room.as_mut_ptr().cast(), room.len(), &raw mut needed) };
        match Status::of(status) {
            None => CStr::from_bytes_until_nul(room).map_err(|_| FillError::NotText.into()),
            Some(Status::TooSmall) => Err(Error::TooSmall { needed }),
            Some(status) => Err(Error::Refused(status)),
        }
    }

    /// The size of that text, its NUL included.
    ///
    /// # Errors
    ///
    /// When it does not fit into a `usize`.
    #[doc(alias = "cstruct_format_into")]
    pub fn formatted_size(&self) -> Result<usize, Error> {
        match self.format_within(&mut []) {
            Err(Error::TooSmall { needed }) => Ok(needed),
            other => other.map(|text| text.count_bytes() + 1),
        }
    }

    /// A copy of the samples, in memory of C's that is released with `cstruct_samples_free`.
    ///
    /// ```
    /// use cstruct::CStruct;
    ///
    /// let mut record = CStruct::new(1)?;
    /// record.pin_mut().append(&[20.5, 21.0])?;
    /// let samples = record.copy_samples()?;
    /// record.pin_mut().clear();
    /// assert_eq!(*samples, [20.5, 21.0]);
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_samples_copy")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn copy_samples(&self) -> Result<CArray<f64, SamplesFree>, Error> {
        let (mut out, mut len) = (ptr::null_mut(), 0_usize);
        // SAFETY: the record is live and not changed during the call (CALL_ONLY); `out` and `len` may be written.
        let status = unsafe { sys::cstruct_samples_copy(self.as_ptr(), &raw mut out, &raw mut len) };
        check(status)?;
        // SAFETY: OWNED(cstruct_samples_free), COUNTED(len), valid on this status; nobody else has the pointer.
        Ok(unsafe { CArray::from_raw(out, len) }?)
    }
}
