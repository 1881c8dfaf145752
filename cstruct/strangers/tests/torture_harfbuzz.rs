//! HarfBuzz and its wrapper with every `malloc` refused in turn.
#![cfg(all(feature = "torture", target_os = "linux", target_env = "gnu"))]

use std::sync::Arc;

use cstruct::testing::{BlocksOf, Malloc, Torture, conformance, interpose_malloc, refused};
use cstruct_strangers::harfbuzz::{
    Blob, BlobRef, Error, Face, FaceRef, Feature, Font, FontFuncsRef, FontRef, Tag, UnicodeBuffer, shape,
};

interpose_malloc!();

type Anything = Box<dyn std::error::Error>;

/// Tortures one scenario to the last point. The only error is that there is no memory; and what goes well is right.
fn every_point(name: &str, scenario: impl Fn() -> Result<(), Error>) {
    let report = Torture::new(name, &Malloc)
        .run(|| scenario().inspect_err(|error| assert!(refused() && *error == Error::NoMemory, "{error}")));
    assert!(report.is_exhaustive(), "{report}");
    println!("torture: {report}");
}

/// A font in which every letter is its own glyph, and as wide.
fn font() -> Result<Font, Error> {
    let mut funcs = FontFuncsRef::new()?;
    funcs.pin_mut().set_nominal_glyph(|_: &FontRef, letter| Some(u32::from(letter)))?;
    funcs.pin_mut().set_glyph_h_advance(|_: &FontRef, glyph| i32::try_from(glyph).unwrap_or(0))?;
    let face = Face::new(&BlobRef::from_static(b"")?.into(), 0)?;
    let mut font = FontRef::new(&face)?;
    font.pin_mut().set_funcs(&funcs.into())?;
    Ok(font.into())
}

#[test]
fn text_is_shaped() {
    every_point("harfbuzz: shaping", || {
        let font = font()?;
        let mut buffer = UnicodeBuffer::new()?;
        for word in ["one", "three and some more", "five"] {
            buffer.pin_mut().add_str(word)?;
            let shaped = shape(&font, buffer, &[Feature::new(Tag::new(*b"liga"), 0)])?;
            let glyphs: Vec<u32> = shaped.infos().iter().map(|info| info.glyph()).collect();
            assert_eq!(glyphs, word.chars().map(u32::from).collect::<Vec<_>>());
            let wide = shaped.positions().iter().all(|position| position.advance().0 > 0);
            assert!(wide, "every letter has a width");
            buffer = shaped.clear()?;
        }
        Ok(())
    });
}

#[test]
fn blobs_are_copied_and_divided() {
    every_point("harfbuzz: blobs", || {
        let copy: Blob = BlobRef::copy_of(b"a few bytes")?.into();
        let part = copy.sub_blob(2, 3)?;
        assert_eq!(part.data(), b"few");
        let owner: Blob = BlobRef::from_owner(vec![1, 2, 3])?.into();
        assert_eq!(owner.data(), [1, 2, 3]);
        Ok(())
    });
}

#[test]
fn tables_come_from_a_function() {
    every_point("harfbuzz: tables", || {
        let table: Blob = BlobRef::from_static(b"table")?.into();
        let face = FaceRef::from_tables(move |tag| (tag == Tag::new(*b"some")).then(|| table.clone()))?;
        assert_eq!(face.table(Tag::new(*b"some"))?.data(), b"table");
        let font = FontRef::new(&face.into())?;
        assert_eq!(font.scale(), (1000, 1000));
        Ok(())
    });
}

#[test]
fn a_pointer_of_ours_is_kept_or_given_back() {
    let alive = Arc::new(());
    let report = Torture::new("harfbuzz: user data", &Malloc)
        .balances("values of ours", || Arc::strong_count(&alive) as u64)
        .run(|| -> Result<(), Anything> {
            let face = Face::new(&BlobRef::from_static(b"")?.into(), 0)?;
            let parent: Font = FontRef::new(&face)?.into();
            let mut font = FontRef::sub_font(&parent)?;
            let value = Arc::clone(&alive);
            if font.pin_mut().set_user_data(value).is_err() {
                assert!(refused(), "nothing was refused");
                assert!(matches!(font.user_data::<Arc<()>>(), Ok(None)), "nothing is there");
                return Err("not set".into());
            }
            assert!(matches!(font.user_data::<Arc<()>>(), Ok(Some(_))), "it is there");
            Ok(())
        });
    assert!(report.is_exhaustive(), "{report}");
    println!("torture: {report}");
}

conformance! {
    mod blob: Blob = || BlobRef::copy_of(b"bytes").expect("memory").into();
    live = BlocksOf(&Malloc);
    is = shared, one_pointer, send, sync;
}
