//! A face with a size, and with functions that know its glyphs.

use core::ffi::c_int;
use core::pin::Pin;
use core::ptr;

use cstruct::kit::{Foreign, Owned, Shared};
use cstruct::wrap;
use harfbuzz_sys as sys;

use super::error::made;
use super::{Error, Face, FontFuncs};
use crate::this_thread;

wrap! {
    /// One count of a font.
    ///
    /// It is made as an [`Owned<FontRef>`](Owned), which can be set up, and then shared.
    #[derive(Debug)]
    #[doc(alias = "hb_font_t")]
    pub struct Font = Shared<FontRef>;

    /// A font, borrowed.
    #[derive(Debug)]
    pub struct FontRef(sys::hb_font_t);

    unsafe {
        retain = sys::hb_font_reference, |_| Ok(()) => core::convert::Infallible; // it returns its argument
        release = sys::hb_font_destroy;
        clone = "the count has no limit and reference() no failure";
        owned = "all objects are created with an initial reference count of 1";
        send = "the lifecycle functions are thread-safe, and so are the functions and the user data that it has of ours";
        sync = "objects are thread-safe after they were set up, and only an exclusive borrow sets one up";
    }
}

impl From<Owned<FontRef>> for Font {
    fn from(font: Owned<FontRef>) -> Font {
        Shared::from(font).into()
    }
}

/// Making one.
impl FontRef {
    /// A font of that face, to be set up. It takes a count of the face, which is immutable from now on.
    ///
    /// # Errors
    ///
    /// No memory.
    ///
    /// # Panics
    ///
    /// With what the function of [`FaceRef::from_tables`](super::FaceRef::from_tables) panics with.
    #[doc(alias = "hb_font_create")]
    pub fn new(face: &Face) -> Result<Owned<FontRef>, Error> {
        // SAFETY: a live face, of which HarfBuzz takes a count.
        let create = || unsafe { sys::hb_font_create(face.as_ptr()) };
        // SAFETY: "the new font object", with a count of one, or the empty one.
        this_thread::resuming(|| unsafe { made(create(), empty()) })
    }

    /// A font that asks another one for what it does not know itself. It takes a count of that one, which is immutable from now on.
    ///
    /// # Errors
    ///
    /// No memory.
    #[doc(alias = "hb_font_create_sub_font")]
    pub fn sub_font(parent: &Font) -> Result<Owned<FontRef>, Error> {
        parent.make_immutable();
        // SAFETY: a live font, of which HarfBuzz takes a count.
        let font = unsafe { sys::hb_font_create_sub_font(parent.as_ptr()) };
        // SAFETY: "the new sub-font font object", with a count of one, or the empty one.
        unsafe { made(font, empty()) }
    }
}

fn empty() -> *mut sys::hb_font_t {
    // SAFETY: a function without arguments.
    unsafe { sys::hb_font_get_empty() }
}

/// Using it.
impl FontRef {
    /// The face.
    ///
    /// # Panics
    ///
    /// Never: every font has one.
    #[doc(alias = "hb_font_get_face")]
    pub fn face(&self) -> Face {
        // SAFETY: a live font.
        let face = unsafe { sys::hb_font_get_face(self.as_ptr()) };
        // SAFETY: "transfer none": the font has a count of it, and lives throughout the call.
        unsafe { Face::retain(face) }.expect("every font has a face")
    }

    /// Gives it functions. It takes a count of the set, which is immutable from now on.
    ///
    /// # Errors
    ///
    /// [`Error::Immutable`].
    #[doc(alias = "hb_font_set_funcs")]
    pub fn set_funcs(self: Pin<&mut Self>, funcs: &FontFuncs) -> Result<(), Error> {
        self.check()?;
        funcs.make_immutable();
        // SAFETY: both are live, and the font is borrowed exclusively. The functions do not use the data of the font: NULL.
        unsafe { sys::hb_font_set_funcs(self.as_ptr(), funcs.as_ptr(), ptr::null_mut(), None) };
        Ok(())
    }

    /// How many units of the answers are one em, in both directions.
    #[doc(alias = "hb_font_get_scale")]
    pub fn scale(&self) -> (i32, i32) {
        let (mut x, mut y): (c_int, c_int) = (0, 0);
        // SAFETY: a live font, and room for both.
        unsafe { sys::hb_font_get_scale(self.as_ptr(), &raw mut x, &raw mut y) };
        (x, y)
    }

    /// Sets how many units of the answers are one em.
    ///
    /// # Errors
    ///
    /// [`Error::Immutable`].
    #[doc(alias = "hb_font_set_scale")]
    pub fn set_scale(self: Pin<&mut Self>, x: i32, y: i32) -> Result<(), Error> {
        self.check()?;
        // SAFETY: a live font, borrowed exclusively.
        unsafe { sys::hb_font_set_scale(self.as_ptr(), x, y) };
        Ok(())
    }

    /// Which glyph a character has.
    ///
    /// # Panics
    ///
    /// With what a font function panics with.
    #[doc(alias = "hb_font_get_nominal_glyph")]
    pub fn nominal_glyph(&self, unicode: char) -> Option<u32> {
        let mut glyph = 0;
        // SAFETY: a live font, and room for the glyph.
        let ask = || unsafe { sys::hb_font_get_nominal_glyph(self.as_ptr(), unicode.into(), &raw mut glyph) };
        (this_thread::resuming(ask) != 0).then_some(glyph)
    }

    /// How far a glyph goes in horizontal text.
    ///
    /// # Panics
    ///
    /// With what a font function panics with.
    #[doc(alias = "hb_font_get_glyph_h_advance")]
    pub fn glyph_h_advance(&self, glyph: u32) -> i32 {
        // SAFETY: a live font.
        this_thread::resuming(|| unsafe { sys::hb_font_get_glyph_h_advance(self.as_ptr(), glyph) })
    }

    /// Whether it can never change any more.
    #[doc(alias = "hb_font_is_immutable")]
    pub fn is_immutable(&self) -> bool {
        // SAFETY: a live font.
        unsafe { sys::hb_font_is_immutable(self.as_ptr()) != 0 }
    }

    /// Makes it unchangeable, and all those above it.
    #[doc(alias = "hb_font_make_immutable")]
    pub fn make_immutable(&self) {
        // SAFETY: a live font; the flag is atomic.
        unsafe { sys::hb_font_make_immutable(self.as_ptr()) };
    }

    /// In C a setter on an immutable object does nothing, and does not say so.
    fn check(&self) -> Result<(), Error> {
        if self.is_immutable() { Err(Error::Immutable) } else { Ok(()) }
    }
}
