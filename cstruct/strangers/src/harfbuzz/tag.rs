//! Four letters that name a table or a feature.

use core::fmt;

/// Four letters that name a table or a feature.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[doc(alias = "hb_tag_t")]
pub struct Tag(pub(super) u32);

impl Tag {
    /// None, which stands for the whole font.
    pub const NONE: Tag = Tag(0);

    /// Such as `Tag::new(*b"kern")`.
    #[must_use]
    #[doc(alias = "HB_TAG")]
    pub const fn new(letters: [u8; 4]) -> Tag {
        Tag(u32::from_be_bytes(letters))
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({})", self.0.to_be_bytes().escape_ascii())
    }
}
