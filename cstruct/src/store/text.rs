//! `cstruct_text`: a list as CSV, in a struct of ours that C fills.

use core::fmt;
use core::slice;

use cstruct_sys as sys;

use super::error::check;
use super::{CStructRef, Error};
use crate::kit::{Foreign, View};
use crate::wrap;

wrap! {
    /// A text that C filled: its contents are disposed of with `cstruct_text_dispose`, by a refill and in the end.
    ///
    /// It is the C struct itself, and may be moved. It begins empty.
    ///
    /// ```
    /// use cstruct::{CStruct, Context, Text};
    ///
    /// let mut record = CStruct::named(1, c"indoor")?;
    /// record.pin_mut().append(&[20.5])?;
    ///
    /// let mut text = Text::of(&record)?;
    /// assert_eq!(text.as_bytes(), b"name,value,s1\nindoor,1,20.5\n");
    /// record.pin_mut().set_value(2);
    /// text.write(&record)?; // the first contents are disposed of
    ///
    /// let mut again = Context::from_text(&text)?; // the same struct as C's input
    /// assert_eq!(again.pin_mut().take()?, Some(record));
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    pub struct Text = Filled<TextRef>;

    /// A text: C's, or a [view](TextRef::view) of bytes of ours.
    pub struct TextRef(sys::cstruct_text);

    unsafe {
        dispose = sys::cstruct_text_dispose;
        movable = "cstruct.h: \"It may be moved\"";
        send = "cstruct.h: CSTRUCT_SENDABLE";
    }
}

impl Text {
    /// The list as CSV, with a header line.
    ///
    /// # Errors
    ///
    /// As for [`write`](Text::write).
    #[doc(alias = "cstruct_text_fill")]
    pub fn of(list: &CStructRef) -> Result<Text, Error> {
        let mut text = Text::new();
        text.write(list)?;
        Ok(text)
    }

    /// Disposes of the contents, and writes the list as CSV, with a header line.
    ///
    /// # Errors
    ///
    /// [`Status::Invalid`](super::Status::Invalid) when the records do not all have the same number of samples; when C has no
    /// memory. The text is empty then.
    #[doc(alias = "cstruct_text_fill")]
    pub fn write(&mut self, list: &CStructRef) -> Result<(), Error> {
        let fill = |text: *mut _| {
            // SAFETY: the list is live and only looked at (CALL_ONLY); the text is ours, and empty or filled by C.
            check(unsafe { sys::cstruct_text_fill(list.as_ptr(), text) })
        };
        // SAFETY: REFILLS(cstruct_text_dispose): C disposes of what was there itself, and leaves it filled or empty.
        unsafe { self.refill(fill) }
    }
}

impl TextRef {
    /// Bytes of ours as a text that C looks at. C never disposes of them: there is no owner of a view.
    ///
    /// ```
    /// use cstruct::{Context, TextRef};
    ///
    /// let text = TextRef::view(b"name,value\nindoor,1\n");
    /// assert_eq!(Context::from_text(&text)?.count(), 1);
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    pub fn view(bytes: &[u8]) -> View<'_, TextRef> {
        let raw = sys::cstruct_text { data: bytes.as_ptr().cast_mut().cast(), len: bytes.len(), cap: 0 };
        // SAFETY: the bytes are borrowed for as long as the view; what takes a text as input only reads it (CALL_ONLY const).
        unsafe { View::new(raw) }
    }

    /// The bytes. CSV has no encoding; `str::from_utf8` checks for UTF-8.
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: the struct is complete in the header, live, and not changed while it is borrowed shared.
        let data = unsafe { (*self.as_ptr()).data };
        if data.is_null() {
            return &[];
        }
        // SAFETY: as above.
        let len = unsafe { (*self.as_ptr()).len };
        // SAFETY: COUNTED(len), in one allocation or from a slice (`view`); not changed while it is borrowed shared.
        unsafe { slice::from_raw_parts(data.cast(), len) }
    }
}

impl AsRef<[u8]> for TextRef {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl TryFrom<&CStructRef> for Text {
    type Error = Error;

    fn try_from(list: &CStructRef) -> Result<Text, Error> {
        Text::of(list)
    }
}

/// The same bytes.
impl PartialEq for TextRef {
    fn eq(&self, other: &TextRef) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for TextRef {}

/// As for [`TextRef`].
impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl fmt::Debug for TextRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.as_bytes().escape_ascii())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
