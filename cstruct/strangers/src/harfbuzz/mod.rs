//! HarfBuzz, through `harfbuzz-sys`.
//!
//! | HarfBuzz says | the kit's answer | row |
//! |---|---|---|
//! | objects are created with a count of 1; reference() takes one more, destroy() gives one back | [`Shared`](cstruct::kit::Shared): [`Blob`], [`Face`], [`Font`], [`FontFuncs`] | 4 |
//! | transfer full (`hb_face_reference_blob`) | [`Shared::adopt`](cstruct::kit::Shared::adopt) | 4 |
//! | transfer none (`hb_font_get_face`) | [`Shared::retain`](cstruct::kit::Shared::retain) | 4 |
//! | `hb_face_create` takes a count of the blob, `hb_font_create` of the face | a `&Blob` is enough: no keeper | 2, 4 |
//! | create, a few setters, then use without modification; setters on an immutable object fail silently | [`Owned`](cstruct::kit::Owned) with `Pin<&mut _>`, then `Shared`; [`Error::Immutable`] | 4, 8 |
//! | a memory mode decides who owns the bytes | one constructor a mode: [`BlobRef`] | 10 |
//! | `destroy` is called when the bytes are not needed any more, which may be at once | [`ReadLoan`](cstruct::kit::ReadLoan), [`Loan`](cstruct::kit::Loan), handed over; [`Consumed::Lost`](cstruct::kit::Consumed) | 10, 16 |
//! | constructors never return NULL but an empty singleton, which is inert | [`static_object`](cstruct::kit::static_object): [`BlobRef::empty`]; else [`Error::NoMemory`] | 12 |
//! | font functions have user data with a destroy function | [`Registered`](cstruct::kit::Registered), handed over: [`FontFuncsRef`], [`FaceRef::from_tables`] | 15 |
//! | user data by key | [`UserSlot`](cstruct::kit::UserSlot): [`FontRef::set_user_data`] | 25 |
//! | text is copied | [`lend`](cstruct::kit::lend): [`UnicodeBufferRef::add_str`] | 19 |
//! | the glyphs are valid as long as the buffer is not modified | [`slice_from_c`](cstruct::kit::slice_from_c): [`GlyphBufferRef::infos`] | 3 |
//! | a buffer holds text, and after `hb_shape` glyphs | two types; [`shape`] consumes the one and gives the other | 10 |
//!
//! ```
//! use cstruct_strangers::harfbuzz::{BlobRef, Face, Font, FontFuncsRef, FontRef, UnicodeBuffer, shape};
//!
//! // A font without a file: every letter is a glyph of its own, and 10 wide.
//! let mut funcs = FontFuncsRef::new()?;
//! funcs.pin_mut().set_nominal_glyph(|_font, letter| Some(letter.into()))?;
//! funcs.pin_mut().set_glyph_h_advance(|_font, _glyph| 10)?;
//! let mut font = FontRef::new(&Face::new(&BlobRef::from_static(b"")?.into(), 0)?)?;
//! font.pin_mut().set_funcs(&funcs.into())?;
//! let font: Font = font.into();
//!
//! let mut text = UnicodeBuffer::new()?;
//! text.pin_mut().add_str("hello")?;
//! let glyphs = shape(&font, text, &[])?;
//! assert_eq!(glyphs.infos().len(), 5);
//! assert_eq!(glyphs.positions()[0].advance(), (10, 0));
//! # Ok::<(), cstruct_strangers::harfbuzz::Error>(())
//! ```

mod blob;
mod buffer;
mod error;
mod face;
mod font;
mod font_funcs;
mod tag;
mod user_data;

pub use blob::{Blob, BlobRef};
pub use buffer::{
    Direction, Feature, GlyphBuffer, GlyphBufferRef, GlyphInfo, GlyphPosition, UnicodeBuffer, UnicodeBufferRef, shape,
};
pub use error::Error;
pub use face::{Face, FaceRef};
pub use font::{Font, FontRef};
pub use font_funcs::{FontFuncs, FontFuncsRef};
pub use tag::Tag;
