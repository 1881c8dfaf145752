//! `cstruct_origin`: where the records of a context came from, as a base with a tag and three structs that begin with it.

use core::ffi::CStr;
use core::fmt;

use cstruct_sys::{self as sys, cstruct_origin_kind};

use super::ContextRef;
use crate::kit::{Foreign, IsA, Tagged, Variant};
use crate::wrap;

wrap! {
    /// Where the records of a context came from, or should have come from; part of the context.
    ///
    /// Nobody releases it. [`downcast`](Tagged::downcast) looks at the tag and gives what it really is.
    ///
    /// ```
    /// use cstruct::kit::{IsA, Tagged};
    /// use cstruct::{Context, FileOriginRef, OriginKind, TextOriginRef};
    ///
    /// let context = Context::from_csv(b"name,value\nindoor,1\n")?;
    /// let origin = context.origin();
    /// assert_eq!(origin.tag(), OriginKind::Text);
    /// assert!(origin.downcast::<FileOriginRef>().is_none());
    ///
    /// let text: &TextOriginRef = origin.downcast().expect("the tag says so");
    /// assert_eq!(text.length(), 20);
    /// assert_eq!(text.upcast().tag(), OriginKind::Text); // up again, for free
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    pub struct OriginRef(sys::cstruct_origin);

    unsafe {
        send = "cstruct.h: CSTRUCT_SHAREABLE, which includes being handed to another thread";
        sync = "cstruct.h: CSTRUCT_SHAREABLE: it does not change while its context lives";
    }
}

wrap! {
    /// A file, as an origin.
    pub struct FileOriginRef(sys::cstruct_origin_file);

    unsafe {
        send = "cstruct.h: CSTRUCT_SHAREABLE, which includes being handed to another thread";
        sync = "cstruct.h: CSTRUCT_SHAREABLE: it does not change while its context lives";
    }
}

wrap! {
    /// Bytes in memory, as an origin.
    pub struct TextOriginRef(sys::cstruct_origin_text);

    unsafe {
        send = "cstruct.h: CSTRUCT_SHAREABLE, which includes being handed to another thread";
        sync = "cstruct.h: CSTRUCT_SHAREABLE: it does not change while its context lives";
    }
}

wrap! {
    /// A source of ours, as an origin.
    pub struct SourceOriginRef(sys::cstruct_origin_source);

    unsafe {
        send = "cstruct.h: CSTRUCT_SHAREABLE, which includes being handed to another thread";
        sync = "cstruct.h: CSTRUCT_SHAREABLE: it does not change while its context lives";
    }
}

/// What an origin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[doc(alias = "cstruct_origin_kind")]
pub enum OriginKind {
    /// A [`FileOriginRef`].
    File,
    /// A [`TextOriginRef`].
    Text,
    /// A [`SourceOriginRef`].
    Source,
    /// Something that this version does not know.
    Unknown(u32),
}

// SAFETY: TAGGED(kind); "it is part of its context, and does not change".
unsafe impl Tagged for OriginRef {
    type Tag = OriginKind;

    fn tag(&self) -> OriginKind {
        // SAFETY: the struct is complete in the header, live, and does not change.
        match unsafe { (*self.as_ptr()).kind } {
            cstruct_origin_kind::CSTRUCT_ORIGIN_FILE => OriginKind::File,
            cstruct_origin_kind::CSTRUCT_ORIGIN_TEXT => OriginKind::Text,
            cstruct_origin_kind::CSTRUCT_ORIGIN_SOURCE => OriginKind::Source,
            cstruct_origin_kind(other) => OriginKind::Unknown(other),
        }
    }
}

// SAFETY: IS_A(cstruct_origin); nothing changes an origin, and all of them are SHAREABLE.
unsafe impl IsA<OriginRef> for FileOriginRef {}
// SAFETY: as for a file.
unsafe impl IsA<OriginRef> for TextOriginRef {}
// SAFETY: as for a file.
unsafe impl IsA<OriginRef> for SourceOriginRef {}

// SAFETY: CSTRUCT_ORIGIN_FILE: "a cstruct_origin_file".
unsafe impl Variant<OriginRef> for FileOriginRef {
    fn is(tag: OriginKind) -> bool {
        tag == OriginKind::File
    }
}

// SAFETY: CSTRUCT_ORIGIN_TEXT: "a cstruct_origin_text".
unsafe impl Variant<OriginRef> for TextOriginRef {
    fn is(tag: OriginKind) -> bool {
        tag == OriginKind::Text
    }
}

// SAFETY: CSTRUCT_ORIGIN_SOURCE: "a cstruct_origin_source".
unsafe impl Variant<OriginRef> for SourceOriginRef {
    fn is(tag: OriginKind) -> bool {
        tag == OriginKind::Source
    }
}

impl ContextRef {
    /// Where its records came from.
    #[doc(alias = "cstruct_ctx_origin")]
    pub fn origin(&self) -> &OriginRef {
        // SAFETY: the context is live.
        let origin = unsafe { sys::cstruct_ctx_origin(self.as_ptr()) };
        // SAFETY: BORROWED(self, owner_ends): a part of the context, which is not closed while it is borrowed.
        match unsafe { OriginRef::from_ptr(origin) } {
            Ok(origin) => origin,
            Err(null) => unreachable!("NULL only for NULL: {null}"),
        }
    }
}

impl FileOriginRef {
    /// The path that was asked for.
    pub fn path(&self) -> &CStr {
        // SAFETY: the struct is complete in the header, live, and does not change.
        let path = unsafe { (*self.as_ptr()).path };
        // SAFETY: NONNULL, TEXT, BORROWED(self, owner_ends): it lives as long as the origin.
        unsafe { CStr::from_ptr(path) }
    }
}

impl TextOriginRef {
    /// How many bytes there were.
    pub fn length(&self) -> usize {
        // SAFETY: the struct is complete in the header, live, and does not change.
        unsafe { (*self.as_ptr()).len }
    }
}

impl SourceOriginRef {
    /// How many bytes it gave.
    pub fn bytes(&self) -> u64 {
        // SAFETY: the struct is complete in the header, live, and does not change.
        unsafe { (*self.as_ptr()).bytes }
    }
}

impl fmt::Debug for OriginRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = self.downcast::<FileOriginRef>() {
            f.debug_struct("File").field("path", &file.path()).finish()
        } else if let Some(text) = self.downcast::<TextOriginRef>() {
            f.debug_struct("Text").field("length", &text.length()).finish()
        } else if let Some(source) = self.downcast::<SourceOriginRef>() {
            f.debug_struct("Source").field("bytes", &source.bytes()).finish()
        } else {
            fmt::Debug::fmt(&self.tag(), f)
        }
    }
}

impl fmt::Debug for FileOriginRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.upcast().fmt(f)
    }
}

impl fmt::Debug for TextOriginRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.upcast().fmt(f)
    }
}

impl fmt::Debug for SourceOriginRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.upcast().fmt(f)
    }
}
