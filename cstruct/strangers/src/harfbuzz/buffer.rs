//! Text that goes in, and glyphs that come out.
//!
//! In C both are one `hb_buffer_t`, and a call that is for the other content ends the process. Here they are two types, and what turns
//! one into the other consumes it.

use core::pin::Pin;

use cstruct::kit::{Foreign, lend, slice_from_c};
use cstruct::wrap;
use harfbuzz_sys as sys;

use super::error::made;
use super::{Error, FontRef, Tag};
use crate::this_thread;

wrap! {
    /// Text to be shaped.
    #[derive(Debug)]
    #[doc(alias = "hb_buffer_t")]
    pub struct UnicodeBuffer = Owned<UnicodeBufferRef>;

    /// Text to be shaped, borrowed.
    #[derive(Debug)]
    pub struct UnicodeBufferRef(sys::hb_buffer_t);

    unsafe {
        release = sys::hb_buffer_destroy;
        send = "the lifecycle functions are thread-safe, and this is the only count";
        sync = "what takes `&self` reads";
    }
}

wrap! {
    /// Glyphs with their positions.
    #[derive(Debug)]
    #[doc(alias = "hb_buffer_t")]
    pub struct GlyphBuffer = Owned<GlyphBufferRef>;

    /// Glyphs with their positions, borrowed.
    #[derive(Debug)]
    pub struct GlyphBufferRef(sys::hb_buffer_t);

    unsafe {
        release = sys::hb_buffer_destroy;
        send = "the lifecycle functions are thread-safe, and this is the only count";
        sync = "what takes `&self` reads";
    }
}

/// Which way text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
    /// From top to bottom.
    TopToBottom,
    /// From bottom to top.
    BottomToTop,
}

/// A feature of a font, for the whole text.
#[derive(Clone, Copy)]
#[repr(transparent)]
#[doc(alias = "hb_feature_t")]
pub struct Feature(sys::hb_feature_t);

impl Feature {
    /// `value` is 0 for off, 1 for on, or the number of an alternative.
    #[must_use]
    pub fn new(tag: Tag, value: u32) -> Feature {
        Feature(sys::hb_feature_t { tag: tag.0, value, start: 0, end: u32::MAX })
    }
}

/// What a glyph is, and where it comes from.
#[derive(Clone, Copy)]
#[repr(transparent)]
#[doc(alias = "hb_glyph_info_t")]
pub struct GlyphInfo(sys::hb_glyph_info_t);

impl GlyphInfo {
    /// Its number in the font; 0 for a character that has none.
    #[must_use]
    pub fn glyph(&self) -> u32 {
        self.0.codepoint
    }

    /// At which byte of the text it begins.
    #[must_use]
    pub fn cluster(&self) -> u32 {
        self.0.cluster
    }
}

/// Where a glyph is.
#[derive(Clone, Copy)]
#[repr(transparent)]
#[doc(alias = "hb_glyph_position_t")]
pub struct GlyphPosition(sys::hb_glyph_position_t);

impl GlyphPosition {
    /// How far it goes.
    #[must_use]
    pub fn advance(&self) -> (i32, i32) {
        (self.0.x_advance, self.0.y_advance)
    }

    /// How far it is beside where it would be.
    #[must_use]
    pub fn offset(&self) -> (i32, i32) {
        (self.0.x_offset, self.0.y_offset)
    }
}

/// Making one.
impl UnicodeBuffer {
    /// An empty one.
    ///
    /// # Errors
    ///
    /// No memory.
    #[doc(alias = "hb_buffer_create")]
    pub fn new() -> Result<UnicodeBuffer, Error> {
        // SAFETY: a function without arguments.
        let buffer = unsafe { sys::hb_buffer_create() };
        // SAFETY: as above.
        let empty = unsafe { sys::hb_buffer_get_empty() };
        // SAFETY: a new buffer, with a count of one, or the empty one.
        unsafe { made(buffer, empty) }.map(UnicodeBuffer::from)
    }
}

/// Using it.
impl UnicodeBufferRef {
    /// Appends text, which is copied.
    ///
    /// # Errors
    ///
    /// No memory, or an eighth of 2 GiB and more: the buffer is as it was.
    #[doc(alias = "hb_buffer_add_utf8")]
    pub fn add_str(self: Pin<&mut Self>, text: &str) -> Result<(), Error> {
        if text.is_empty() {
            return Ok(());
        }
        let (buffer, before) = (self.as_ptr(), self.len());
        // SAFETY: a live buffer with text in it or nothing, borrowed exclusively; `len` bytes, only looked at.
        lend::slice(text.as_bytes(), |text, len| unsafe { sys::hb_buffer_add_utf8(buffer, text.cast(), len, 0, len) })?;
        // It does not say when it takes nothing.
        if self.len() > before { Ok(()) } else { Err(Error::NoMemory) }
    }

    /// Which way the text goes; otherwise its script says so.
    #[doc(alias = "hb_buffer_set_direction")]
    pub fn set_direction(self: Pin<&mut Self>, direction: Direction) {
        let direction = match direction {
            Direction::LeftToRight => sys::HB_DIRECTION_LTR,
            Direction::RightToLeft => sys::HB_DIRECTION_RTL,
            Direction::TopToBottom => sys::HB_DIRECTION_TTB,
            Direction::BottomToTop => sys::HB_DIRECTION_BTT,
        };
        // SAFETY: a live buffer, borrowed exclusively.
        unsafe { sys::hb_buffer_set_direction(self.as_ptr(), direction) };
    }

    /// How many characters there are.
    #[doc(alias = "hb_buffer_get_length")]
    pub fn len(&self) -> usize {
        // SAFETY: a live buffer.
        (unsafe { sys::hb_buffer_get_length(self.as_ptr()) }) as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Turns text into glyphs.
///
/// What the buffer does not say, such as its script, is guessed from the text.
///
/// # Errors
///
/// No memory; the text is gone.
///
/// # Panics
///
/// With what a font function panics with; the text is gone.
#[doc(alias("hb_shape", "hb_buffer_guess_segment_properties"))]
pub fn shape(font: &FontRef, text: UnicodeBuffer, features: &[Feature]) -> Result<GlyphBuffer, Error> {
    let buffer = UnicodeBuffer::into_raw(text);
    // SAFETY: it was ours alone, and is again. It is adopted before anything can fail; if anything does, it is released as it is.
    let glyphs = unsafe { GlyphBuffer::from_raw(buffer) }?;
    // SAFETY: a live buffer that holds text or nothing.
    unsafe { sys::hb_buffer_guess_segment_properties(buffer) };
    let shape = |features: *const Feature, len| {
        // SAFETY: a live font; a buffer of ours, with text or nothing in it and a direction; `len` features, only looked at.
        unsafe { sys::hb_shape(font.as_ptr(), buffer, features.cast(), len) }
    };
    this_thread::resuming(|| lend::slice(features, shape))?;
    // SAFETY: a live buffer.
    match unsafe { sys::hb_buffer_allocation_successful(buffer) } {
        0 => Err(Error::NoMemory),
        _ => Ok(glyphs),
    }
}

/// Turning it into something else.
impl GlyphBuffer {
    /// The same memory, for other text.
    ///
    /// # Errors
    ///
    /// None that HarfBuzz has.
    #[doc(alias = "hb_buffer_clear_contents")]
    pub fn clear(self) -> Result<UnicodeBuffer, Error> {
        let buffer = GlyphBuffer::into_raw(self);
        // SAFETY: a live buffer that is ours alone.
        unsafe { sys::hb_buffer_clear_contents(buffer) };
        // SAFETY: it was ours alone, and is again; there is nothing in it.
        Ok(unsafe { UnicodeBuffer::from_raw(buffer) }?)
    }
}

/// Using it.
impl GlyphBufferRef {
    /// The glyphs, in the order in which they are to be drawn.
    ///
    /// # Panics
    ///
    /// Never, unless HarfBuzz breaks its word.
    #[doc(alias = "hb_buffer_get_glyph_infos")]
    pub fn infos(&self) -> &[GlyphInfo] {
        let mut len = 0;
        // SAFETY: a live buffer, and room for the length.
        let infos = unsafe { sys::hb_buffer_get_glyph_infos(self.as_ptr(), &raw mut len) };
        // SAFETY: "the array is valid as long as the buffer contents are not modified", and `&self` excludes changes.
        unsafe { slice_from_c(infos.cast(), len) }.expect("glyphs and their number")
    }

    /// Their positions.
    ///
    /// # Panics
    ///
    /// Never, unless HarfBuzz breaks its word.
    #[doc(alias = "hb_buffer_get_glyph_positions")]
    pub fn positions(&self) -> &[GlyphPosition] {
        // SAFETY: a live buffer.
        if unsafe { sys::hb_buffer_has_positions(self.as_ptr()) } == 0 {
            return &[]; // There are no glyphs. Asking for positions would make some, which is a change.
        }
        let mut len = 0;
        // SAFETY: a live buffer that has positions, and room for the length.
        let positions = unsafe { sys::hb_buffer_get_glyph_positions(self.as_ptr(), &raw mut len) };
        // SAFETY: as in `infos`.
        unsafe { slice_from_c(positions.cast(), len) }.expect("positions and their number")
    }
}
