//! `cstruct_ctx`: a file of records that was read, with the message of what went wrong last.

use alloc::string::String;
use core::ffi::CStr;
use core::fmt;
use core::pin::Pin;
use core::ptr;
use std::path::Path;

use cstruct_sys::{self as sys, cstruct_status};

use super::error::check;
use super::{CStruct, Error, OpenOptionsRef, Position, Query, Status, TextRef};
use crate::kit::{Foreign, Released, copied_text, lend, out};
use crate::wrap;

wrap! {
    /// Records that were read from CSV: closed with `cstruct_close`, which is refused while queries live.
    ///
    /// ```
    /// use cstruct::Context;
    ///
    /// let mut context = Context::from_csv(b"name,value,s1,s2\nindoor,1,20.5,21\noutdoor,2,4.5,\n")?;
    /// assert_eq!(context.count(), 2);
    /// let list = context.pin_mut().take()?.expect("there are records");
    /// assert_eq!(list.name(), Some(c"indoor"));
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    pub struct Context = Owned<ContextRef>;

    /// An open context, borrowed.
    pub struct ContextRef(sys::cstruct_ctx);

    unsafe {
        close = sys::cstruct_close, closed => Error;
        send = "cstruct.h: CSTRUCT_SENDABLE";
    }
}

/// What `cstruct_close` answered: RELEASES(on_success).
#[inline]
fn closed(status: cstruct_status) -> Released<Error> {
    match check(status) {
        Ok(()) => Released::Gone,
        Err(error) => Released::Refused(error),
    }
}

/// Making one. What ends in `_with` takes options, the others read as is [usual](OpenOptionsRef::usual).
impl Context {
    /// Reads a CSV file.
    ///
    /// The first line names the columns: name, value, and one for each sample.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] with C's message, and the line and column of a mistake in the file. The handle that C hands out on a
    /// failure, too, is closed.
    #[doc(alias = "cstruct_open")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn open(path: impl AsRef<Path>) -> Result<Context, Error> {
        Context::open_with(path, OpenOptionsRef::usual())
    }

    /// Reads a CSV file.
    ///
    /// # Errors
    ///
    /// As for [`open`](Context::open); [`Status::Invalid`] for options that contradict each other.
    #[doc(alias = "cstruct_open")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn open_with(path: impl AsRef<Path>, options: &OpenOptionsRef) -> Result<Context, Error> {
        let path = path.as_ref().as_os_str().as_encoded_bytes();
        lend::cstr(path, |path| {
            Context::made(|out| {
                // SAFETY: CALL_ONLY: `path` is a C string that lives during the call, as do the options; `out` may be written.
                unsafe { sys::cstruct_open(path, options.as_ptr(), out) }
            })
        })?
    }

    /// Reads CSV from memory.
    ///
    /// # Errors
    ///
    /// As for [`open`](Context::open).
    #[doc(alias = "cstruct_open_text")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn from_csv(bytes: &[u8]) -> Result<Context, Error> {
        Context::from_text(&TextRef::view(bytes))
    }

    /// Reads CSV from memory.
    ///
    /// # Errors
    ///
    /// As for [`open_with`](Context::open_with).
    #[doc(alias = "cstruct_open_text")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn from_csv_with(bytes: &[u8], options: &OpenOptionsRef) -> Result<Context, Error> {
        Context::from_text_with(&TextRef::view(bytes), options)
    }

    /// Reads CSV from a text of C's, or from a [view](TextRef::view).
    ///
    /// # Errors
    ///
    /// As for [`open`](Context::open).
    #[doc(alias = "cstruct_open_text")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn from_text(text: &TextRef) -> Result<Context, Error> {
        Context::from_text_with(text, OpenOptionsRef::usual())
    }

    /// Reads CSV from a text of C's, or from a [view](TextRef::view).
    ///
    /// # Errors
    ///
    /// As for [`open_with`](Context::open_with).
    #[doc(alias = "cstruct_open_text")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn from_text_with(text: &TextRef, options: &OpenOptionsRef) -> Result<Context, Error> {
        Context::made(|out| {
            // SAFETY: CALL_ONLY const: the text is only read, and lives during the call, as do the options; `out` may be written.
            unsafe { sys::cstruct_open_text(text.as_ptr(), options.as_ptr(), out) }
        })
    }

    /// Adopts what an opening function stored, whatever it answered, and reads the last error before that ends.
    #[cfg_attr(feature = "ledger", track_caller)]
    pub(super) fn made(open: impl FnOnce(*mut *mut sys::cstruct_ctx) -> cstruct_status) -> Result<Context, Error> {
        let call = |out: *mut *mut _| Status::of(open(out)).map_or(Ok(()), Err);
        let explain = |status, context: Option<&ContextRef>| match context {
            Some(context) => context.read_error(status),
            None => Error::Refused(status),
        };
        // SAFETY: VALID_ON(any), OWNED(cstruct_close): NULL, or a new context that nobody else has, whatever the status.
        unsafe { out::made_even_if_failed((), call, explain) }.map(Context::from)
    }
}

impl ContextRef {
    /// How many records it holds.
    #[doc(alias = "cstruct_count")]
    pub fn count(&self) -> usize {
        // SAFETY: the context is live; it is not shared with another thread (not `Sync`).
        unsafe { sys::cstruct_count(self.as_ptr()) }
    }

    /// What went wrong last, or an empty text. C's text ends with the next call, so this is a copy.
    #[doc(alias = "cstruct_errmsg")]
    pub fn message(&self) -> String {
        // SAFETY: the context is live.
        let message = unsafe { sys::cstruct_errmsg(self.as_ptr()) };
        // SAFETY: TEXT, NONNULL; BORROWED(self, next_call), and copied before there can be one.
        unsafe { copied_text(message) }.unwrap_or_default().to_string_lossy().into_owned()
    }

    /// A query on the records whose names begin with `prefix`, which cannot outlive this borrow.
    ///
    /// [`Query::new`] makes one that can.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_query_new")]
    pub fn query(&self, prefix: &CStr) -> Result<Query<&ContextRef>, Error> {
        Query::new(self, prefix)
    }

    /// Takes all records as one list; `None` when there are none.
    ///
    /// # Errors
    ///
    /// While a query lives that was forgotten: C answers that it is busy.
    #[doc(alias = "cstruct_take")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn take(self: Pin<&mut Self>) -> Result<Option<CStruct>, Error> {
        let mut out = ptr::null_mut();
        // SAFETY: the context is live and borrowed exclusively; `out` may be written.
        let status = unsafe { sys::cstruct_take(self.as_ptr(), &raw mut out) };
        match Status::of(status) {
            // SAFETY: OWNED(cstruct_free), valid on this status; nobody else has the pointer.
            None => Ok(Some(unsafe { CStruct::from_raw(out) }?)),
            Some(Status::NotFound) => Ok(None),
            Some(status) => Err(self.read_error(status)),
        }
    }

    /// The error with C's message, line and column.
    pub(super) fn read_error(&self, status: Status) -> Error {
        let (mut line, mut column) = (0, 0);
        // SAFETY: the context is live, and both may be written.
        unsafe { sys::cstruct_error_at(self.as_ptr(), &raw mut line, &raw mut column) };
        let at = (line != 0).then_some(Position { line, column });
        Error::Read { status, message: self.message(), at }
    }
}

impl fmt::Debug for ContextRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("count", &self.count()).field("message", &self.message()).finish()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
