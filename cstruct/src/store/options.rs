//! `cstruct_open_options`: how CSV is read, as a struct with a version.

use core::ffi::{CStr, c_char};
use core::fmt;
use core::ops::Deref;

use cstruct_sys as sys;

use super::Error;
use super::error::check;
use crate::kit::{Foreign, Opts, static_object};
use crate::wrap;

wrap! {
    /// Options that somebody else keeps, such as the [usual](OpenOptionsRef::usual) ones, which are C's for ever.
    pub struct OpenOptionsRef(sys::cstruct_open_options);
}

/// Options of one's own: made by C's init function, then changed where wanted.
///
/// They borrow what they point to, so that C finds it there. There is nothing to release.
///
/// ```
/// use cstruct::{Context, OpenOptions};
///
/// let missing = c"n/a".to_owned();
/// let options = OpenOptions::new()?.delimiter(b';').missing(&missing);
/// let context = Context::from_csv_with(b"name;value;s1\nindoor;1;n/a\n", &options)?;
/// let mut all = context.query(c"")?;
/// assert!(all.step()?.expect("there is one").samples()[0].is_nan());
/// # Ok::<(), cstruct::Error>(())
/// ```
#[must_use]
pub struct OpenOptions<'a>(Opts<'a, sys::cstruct_open_options>);

/// Making them.
impl<'a> OpenOptions<'a> {
    /// What is usual.
    ///
    /// # Errors
    ///
    /// [`Status::Version`](super::Status::Version) when the linked library does not know the version that this was compiled for.
    #[doc(alias = "cstruct_open_options_init")]
    pub fn new() -> Result<OpenOptions<'a>, Error> {
        let init = |options: *mut _| {
            // SAFETY: FILLS(1): `options` may be written.
            check(unsafe { sys::cstruct_open_options_init(options, sys::CSTRUCT_OPEN_OPTIONS_VERSION) })
        };
        // SAFETY: filled on this status, and then a struct that may be moved, points to nothing and needs no release.
        unsafe { Opts::init(init) }.map(OpenOptions)
    }

    /// What is between fields. A letter, a digit, `+`, `-`, `.`, a line end and NUL are refused when the file is opened.
    pub fn delimiter(mut self, byte: u8) -> Self {
        self.fields().delimiter = c_char::from_ne_bytes([byte]);
        self
    }

    /// What is round a field that holds a delimiter. The same are refused, and the delimiter.
    pub fn quote(mut self, byte: u8) -> Self {
        self.fields().quote = c_char::from_ne_bytes([byte]);
        self
    }

    /// The bytes in a line beyond which it is refused. 0 is refused when the file is opened.
    pub fn max_line(mut self, bytes: u64) -> Self {
        self.fields().max_line = bytes;
        self
    }

    /// The text of a field that is a missing sample, beside the empty one.
    pub fn missing(mut self, text: &'a CStr) -> Self {
        self.fields().missing = text.as_ptr();
        self
    }

    fn fields(&mut self) -> &mut sys::cstruct_open_options {
        // SAFETY: the setters above set single fields, and the only pointer is to a text that lives for 'a.
        unsafe { self.0.raw_mut() }
    }
}

impl Deref for OpenOptions<'_> {
    type Target = OpenOptionsRef;

    fn deref(&self) -> &OpenOptionsRef {
        // SAFETY: the struct is in `self`, was made by C's init, and what it points to lives as long (`Opts`).
        match unsafe { OpenOptionsRef::from_ptr(self.0.as_ptr()) } {
            Ok(options) => options,
            Err(_) => unreachable!("a reference is not NULL"),
        }
    }
}

// SAFETY: cstruct.h: CSTRUCT_SENDABLE; the text that it may point to is a `&CStr`, which may be sent as well.
unsafe impl Send for OpenOptions<'_> {}

/// Reading them.
impl OpenOptionsRef {
    /// The usual ones. Nothing is made: they are C's, and neither end nor change.
    ///
    /// ```
    /// use cstruct::OpenOptionsRef;
    ///
    /// assert_eq!(OpenOptionsRef::usual().delimiter(), b',');
    /// assert_eq!(OpenOptionsRef::usual().missing(), None);
    /// ```
    #[doc(alias = "cstruct_open_options_default")]
    pub fn usual() -> &'static OpenOptionsRef {
        // SAFETY: ANY_THREAD.
        let usual = unsafe { sys::cstruct_open_options_default() };
        // SAFETY: STATIC: it never ends and never changes.
        match unsafe { static_object(usual) } {
            Ok(usual) => usual,
            Err(null) => unreachable!("CSTRUCT_NONNULL: {null}"),
        }
    }

    /// What is between fields.
    pub fn delimiter(&self) -> u8 {
        // SAFETY: the struct is complete in the header, live, and not changed while it is borrowed shared.
        u8::from_ne_bytes(unsafe { (*self.as_ptr()).delimiter }.to_ne_bytes())
    }

    /// What is round a field that holds a delimiter.
    pub fn quote(&self) -> u8 {
        // SAFETY: as for `delimiter`.
        u8::from_ne_bytes(unsafe { (*self.as_ptr()).quote }.to_ne_bytes())
    }

    /// The bytes in a line beyond which it is refused.
    pub fn max_line(&self) -> u64 {
        // SAFETY: as for `delimiter`.
        unsafe { (*self.as_ptr()).max_line }
    }

    /// The text of a field that is a missing sample, if there is one beside the empty one.
    pub fn missing(&self) -> Option<&CStr> {
        // SAFETY: as for `delimiter`.
        let text = unsafe { (*self.as_ptr()).missing };
        // SAFETY: TEXT; it lives as long as the options, and does not change.
        (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
    }
}

impl fmt::Debug for OpenOptionsRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenOptions")
            .field("delimiter", &char::from(self.delimiter()))
            .field("quote", &char::from(self.quote()))
            .field("max_line", &self.max_line())
            .field("missing", &self.missing())
            .finish()
    }
}

impl fmt::Debug for OpenOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
