//! `struct cstruct`: a number, a name, samples, and the records that follow.

use core::ffi::CStr;
use core::fmt;
use core::pin::Pin;
use core::ptr;
use core::slice;

use cstruct_sys as sys;

use super::error::{check, not_made};
use super::{Error, Statistics};
use crate::kit::{CloseError, Consumed, Foreign, Null, Owned, out};
use crate::wrap;

wrap! {
    /// A record and all that follow it, owned: released with `cstruct_free`.
    ///
    /// ```
    /// use cstruct::CStruct;
    ///
    /// let mut series = CStruct::named(7, c"temperature")?;
    /// series.pin_mut().append(&[19.5, 20.25])?;
    /// assert_eq!(series.name(), Some(c"temperature"));
    /// assert_eq!(series.samples(), [19.5, 20.25]);
    /// let Ok(()) = series.close(); // or leave it to the end of the scope
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    pub struct CStruct = Owned<CStructRef>;

    /// A record that somebody else owns, with those that follow it.
    ///
    /// Readers read the fields of the C struct directly. What changes it takes `Pin<&mut Self>`, which ends every borrow
    /// of its name and samples, as the header says.
    pub struct CStructRef(sys::cstruct);

    unsafe {
        release = sys::cstruct_free;
        send = "cstruct.h: CSTRUCT_SHAREABLE, which includes being handed to another thread";
        sync = "cstruct.h: CSTRUCT_SHAREABLE: may be read from several threads at once";
    }
}

/// Making one.
impl CStruct {
    /// A record without a name and without samples.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_new")]
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn new(value: i32) -> Result<CStruct, Error> {
        CStruct::make(value, ptr::null())
    }

    /// A record with a copy of `name`, and without samples.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_new")]
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn named(value: i32, name: &CStr) -> Result<CStruct, Error> {
        CStruct::make(value, name.as_ptr())
    }

    /// A record with all that is in it, in one call and in exactly the room that this needs.
    ///
    /// ```
    /// use cstruct::{CStruct, Error};
    ///
    /// let series = CStruct::with(7, Some("temperature"), &[19.5, 20.25])?;
    /// assert_eq!(series.name(), Some(c"temperature"));
    /// assert_eq!(series.samples(), [19.5, 20.25]);
    /// let refused = CStruct::with(7, Some("tempe\0rature"), &[]);
    /// assert_eq!(refused, Err(Error::InteriorNul { position: 5 }));
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InteriorNul`] for a name with a NUL inside; when C has no memory.
    #[doc(alias = "cstruct_new_with")]
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn with(value: i32, name: Option<&str>, samples: &[f64]) -> Result<CStruct, Error> {
        let (text, text_len) = name.map_or((ptr::null(), 0), |name| (name.as_ptr().cast(), name.len()));
        let call = |out: *mut *mut _| {
            // SAFETY: CALL_ONLY and COUNTED: each pointer and its length are of one slice, or NULL with 0; `out` may be written.
            unsafe { sys::cstruct_new_with(value, text, text_len, samples.as_ptr(), samples.len(), out) }
        };
        // SAFETY: OWNED(cstruct_free), NULL on every failure; nobody else has the pointer.
        unsafe { out::made_unless_null((), call, |status, null| not_made_with(name, status, null)) }.map(CStruct::from)
    }

    /// `name` is NULL, or a C string that lives during the call.
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    fn make(value: i32, name: *const core::ffi::c_char) -> Result<CStruct, Error> {
        let call = |out: *mut *mut _| {
            // SAFETY: `name` is NULL or a C string that lives during the call (CALL_ONLY), and `out` may be written.
            unsafe { sys::cstruct_new(value, name, out) }
        };
        // SAFETY: OWNED(cstruct_free), NULL on every failure; nobody else has the pointer.
        unsafe { out::made_unless_null((), call, not_made) }.map(CStruct::from)
    }
}

/// C says that something is wrong with its arguments; of these it can only be a NUL in the name.
#[cold]
#[inline(never)]
fn not_made_with(name: Option<&str>, status: sys::cstruct_status, null: Null) -> Error {
    match name.and_then(|name| name.bytes().position(|byte| byte == 0)) {
        Some(position) if status == sys::cstruct_status::CSTRUCT_INVALID => Error::InteriorNul { position },
        _ => not_made(status, null),
    }
}

/// Reading.
impl CStructRef {
    /// The number.
    #[doc(alias = "cstruct_value")]
    #[inline]
    pub fn value(&self) -> i32 {
        // SAFETY: the struct is complete in the header, live, and not changed while it is borrowed shared.
        unsafe { (*self.as_ptr()).value }
    }

    /// The name, if it has one.
    #[doc(alias = "cstruct_name")]
    #[inline]
    pub fn name(&self) -> Option<&CStr> {
        // SAFETY: as for `value`.
        let name = unsafe { (*self.as_ptr()).name };
        if name.is_null() {
            return None;
        }
        // SAFETY: TEXT: it ends with a NUL; it is part of the record, and lives until that is changed, which this
        // borrow excludes.
        Some(unsafe { CStr::from_ptr(name) })
    }

    /// The samples.
    #[doc(alias = "cstruct_samples")]
    #[inline]
    pub fn samples(&self) -> &[f64] {
        // SAFETY: as for `value`.
        let samples = unsafe { (*self.as_ptr()).samples };
        if samples.is_null() {
            return &[];
        }
        // SAFETY: as for `value`.
        let len = unsafe { (*self.as_ptr()).samples_len };
        // SAFETY: COUNTED(samples_len), from C's allocator: aligned, initialised, below isize::MAX bytes; part of the record,
        // and not changed while it is borrowed shared.
        unsafe { slice::from_raw_parts(samples, len) }
    }

    /// The record that follows.
    #[doc(alias = "cstruct_next")]
    #[inline]
    pub fn next(&self) -> Option<&CStructRef> {
        // SAFETY: as for `value`.
        let next = unsafe { (*self.as_ptr()).next };
        // SAFETY: NULL or a live record that this one owns, and not changed while this one is borrowed shared.
        unsafe { CStructRef::from_ptr(next) }.ok()
    }

    /// What the samples of this record amount to.
    #[doc(alias = "cstruct_statistics")]
    #[inline]
    pub fn statistics(&self) -> Statistics {
        // SAFETY: the record is live and not changed during the call.
        Statistics::from(unsafe { sys::cstruct_statistics(self.as_ptr()) })
    }

    /// A deep copy, in C, of this record and all that follow it.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_dup")]
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn try_clone(&self) -> Result<CStruct, Error> {
        let call = |out: *mut *mut _| {
            // SAFETY: the record is live and not changed during the call (CALL_ONLY), and `out` may be written.
            unsafe { sys::cstruct_dup(self.as_ptr(), out) }
        };
        // SAFETY: OWNED(cstruct_free), NULL on every failure; nobody else has the pointer.
        unsafe { out::made_unless_null((), call, not_made) }.map(CStruct::from)
    }

    /// Whether this record alone, not those that follow, has the same contents. A sample that is not a number
    /// equals none.
    pub fn same_record(&self, other: &CStructRef) -> bool {
        self.value() == other.value() && self.name() == other.name() && self.samples() == other.samples()
    }
}

/// Changing.
impl CStructRef {
    /// Sets the number.
    #[doc(alias = "cstruct_set_value")]
    #[inline]
    pub fn set_value(self: Pin<&mut Self>, value: i32) {
        // SAFETY: the record is live and borrowed exclusively.
        unsafe { sys::cstruct_set_value(self.as_ptr(), value) }
    }

    /// Replaces the name by a copy of `name`, or takes it away.
    ///
    /// # Errors
    ///
    /// When C has no memory; the name is as it was.
    #[doc(alias = "cstruct_set_name")]
    #[inline]
    pub fn set_name(self: Pin<&mut Self>, name: Option<&CStr>) -> Result<(), Error> {
        let name = name.map_or(ptr::null(), CStr::as_ptr);
        // SAFETY: the record is live and borrowed exclusively; `name` is NULL or a C string that lives during the call.
        check(unsafe { sys::cstruct_set_name(self.as_ptr(), name) })
    }

    /// Adds copies of `samples` at the end.
    ///
    /// # Errors
    ///
    /// When C has no memory; the samples are as they were.
    #[doc(alias = "cstruct_append")]
    #[inline]
    pub fn append(self: Pin<&mut Self>, samples: &[f64]) -> Result<(), Error> {
        // SAFETY: the record is live and borrowed exclusively; COUNTED(len): the pointer and the length are of one slice.
        check(unsafe { sys::cstruct_append(self.as_ptr(), samples.as_ptr(), samples.len()) })
    }

    /// Makes room for `more` further samples, so that appending them cannot fail.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_reserve")]
    #[inline]
    pub fn reserve(self: Pin<&mut Self>, more: usize) -> Result<(), Error> {
        // SAFETY: the record is live and borrowed exclusively.
        check(unsafe { sys::cstruct_reserve(self.as_ptr(), more) })
    }

    /// Removes all samples.
    #[doc(alias = "cstruct_clear")]
    #[inline]
    pub fn clear(self: Pin<&mut Self>) {
        // SAFETY: the record is live and borrowed exclusively.
        unsafe { sys::cstruct_clear(self.as_ptr()) }
    }

    /// The record that follows, to change it.
    #[inline]
    pub fn next_mut(self: Pin<&mut Self>) -> Option<Pin<&mut CStructRef>> {
        // SAFETY: the struct is complete in the header, live, and borrowed exclusively.
        let next = unsafe { (*self.as_ptr()).next };
        // SAFETY: NULL or a live record that this one owns, and whose exclusive borrow this one hands on. C
        // never moves a record.
        unsafe { CStructRef::from_ptr_mut(next) }.ok()
    }

    /// Makes `rest` follow this record.
    ///
    /// # Errors
    ///
    /// When something follows already (see [`unlink`](CStructRef::unlink)): `rest` is handed back in
    /// [`CloseError::StillOpen`].
    #[doc(alias = "cstruct_link")]
    #[inline]
    pub fn link(self: Pin<&mut Self>, rest: CStruct) -> Result<(), CloseError<CStruct, Error>> {
        let call = |rest: ptr::NonNull<sys::cstruct>| {
            // SAFETY: this record is live and borrowed exclusively; `rest` is live and another, since it was owned apart.
            match check(unsafe { sys::cstruct_link(self.as_ptr(), rest.as_ptr()) }) {
                Ok(()) => Consumed::Taken(()),
                Err(error) => Consumed::HandedBack(error),
            }
        };
        // SAFETY: TAKES(on_success): taken when the status is OK, else still ours; the call does not unwind.
        unsafe { Owned::consume(rest.into(), call) }.map_err(|error| error.map_handle(CStruct::from))
    }

    /// Takes off all that follows this record.
    #[doc(alias = "cstruct_unlink")]
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn unlink(self: Pin<&mut Self>) -> Option<CStruct> {
        let mut out = ptr::null_mut();
        // SAFETY: the record is live and borrowed exclusively, and `out` may be written.
        let _nothing_follows = unsafe { sys::cstruct_unlink(self.as_ptr(), &raw mut out) };
        // SAFETY: NULL, or OWNED(cstruct_free): cut off, so that nobody else releases it.
        unsafe { CStruct::from_raw(out) }.ok()
    }
}

/// The same records in the same order, all the way to the end. A sample that is not a number equals none.
impl PartialEq for CStructRef {
    fn eq(&self, other: &CStructRef) -> bool {
        let (mut here, mut there) = (self.records(), other.records());
        loop {
            match (here.next(), there.next()) {
                (None, None) => return true,
                (Some(this), Some(that)) if this.same_record(that) => {}
                _ => return false,
            }
        }
    }
}

/// As for [`CStructRef`].
impl PartialEq for CStruct {
    fn eq(&self, other: &CStruct) -> bool {
        **self == **other
    }
}

/// The records, as a list.
impl fmt::Debug for CStructRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct One<'a>(&'a CStructRef);
        impl fmt::Debug for One<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct("Record")
                    .field("value", &self.0.value())
                    .field("name", &self.0.name())
                    .field("samples", &self.0.samples())
                    .finish()
            }
        }
        f.debug_list().entries(self.records().map(One)).finish()
    }
}

/// As for [`CStructRef`].
impl fmt::Debug for CStruct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
