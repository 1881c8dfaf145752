//! Faces and fonts: who has a count of what, what is set up when, and values of ours in them.

use cstruct::kit::Owned;
use cstruct_strangers::harfbuzz::{
    Blob, BlobRef, Error, Face, FaceRef, Font, FontFuncs, FontFuncsRef, FontRef, GlyphBuffer, Tag, UnicodeBuffer,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// The smallest font file with one table.
fn font_file(tag: &[u8; 4], table: &[u8]) -> Vec<u8> {
    let mut file = Vec::from(*b"\0\x01\0\0\0\x01\0\x10\0\0\0\0");
    file.extend_from_slice(tag);
    file.extend_from_slice(&[0; 4]); // a checksum that nobody checks
    file.extend_from_slice(&28_u32.to_be_bytes());
    file.extend_from_slice(&u32::try_from(table.len()).expect("short").to_be_bytes());
    file.extend_from_slice(table);
    file
}

fn no_font() -> Face {
    Face::new(&BlobRef::from_static(b"").expect("empty").into(), 0).expect("memory")
}

#[test]
fn a_face_has_a_count_of_its_own_and_gives_out_more() {
    let bytes: Arc<[u8]> = font_file(b"test", b"a table").into();
    let blob: Blob = BlobRef::from_owner(Arc::clone(&bytes)).expect("memory").into();
    let face = Face::new(&blob, 0).expect("memory");
    // +1: adopted. Were it retained as well, the bytes would never end.
    let same = face.blob().expect("memory");
    assert!(Blob::ptr_eq(&blob, &same));
    drop((blob, same));
    assert_eq!(Arc::strong_count(&bytes), 2, "the face has it");

    let table = face.table(Tag::new(*b"test")).expect("memory");
    assert_eq!(table.data(), b"a table");
    assert!(face.table(Tag::new(*b"none")).expect("memory").data().is_empty());
    drop(face);
    assert_eq!((table.data(), Arc::strong_count(&bytes)), (&b"a table"[..], 2));
    drop(table);
    assert_eq!(Arc::strong_count(&bytes), 1);
}

#[test]
fn a_font_lends_its_face_and_we_take_a_count() {
    let mut face = FaceRef::new(&BlobRef::from_static(b"").expect("empty").into(), 0).expect("memory");
    let dropped = Arc::new(());
    face.pin_mut().set_user_data(Arc::clone(&dropped)).expect("memory");
    let face: Face = face.into();
    let font: Font = FontRef::new(&face).expect("memory").into();
    drop(face);
    // +0: retained. Were it adopted, the font would be left with a dead face.
    let (first, second) = (font.face(), font.face());
    assert!(Face::ptr_eq(&first, &second));
    drop(first);
    drop(font);
    assert_eq!(second.user_data::<Arc<()>>().expect("the type"), Some(&dropped));
    assert_eq!(Arc::strong_count(&dropped), 2);
    drop(second);
    assert_eq!(Arc::strong_count(&dropped), 1);
}

#[test]
fn setters_refuse_what_others_have() {
    let mut face = FaceRef::new(&BlobRef::from_static(b"").expect("empty").into(), 0).expect("memory");
    face.pin_mut().set_upem(2048).expect("it is ours alone");
    face.make_immutable();
    assert_eq!(face.pin_mut().set_upem(7), Err(Error::Immutable));
    let face: Face = face.into();

    let mut font = FontRef::new(&face).expect("memory");
    assert_eq!((font.scale(), face.upem()), ((2048, 2048), 2048));
    font.pin_mut().set_scale(100, -50).expect("it is ours alone");
    font.make_immutable();
    assert_eq!(font.pin_mut().set_scale(1, 1), Err(Error::Immutable));
    assert_eq!(font.scale(), (100, -50));
    let funcs = FontFuncsRef::new().expect("memory").into();
    assert_eq!(font.pin_mut().set_funcs(&funcs), Err(Error::Immutable));
    assert!(!funcs.is_immutable(), "the font has not taken them");
}

#[test]
fn font_functions_end_exactly_once() {
    let counts: [Arc<()>; 3] = Default::default();
    let advance = |n: usize| {
        let kept = Arc::clone(&counts[n]);
        move |_: &FontRef, _| i32::try_from(Arc::strong_count(&kept)).expect("few")
    };
    let counted = || counts.each_ref().map(Arc::strong_count);
    let mut funcs = FontFuncsRef::new().expect("memory");
    funcs.pin_mut().set_glyph_h_advance(advance(0)).expect("it is ours alone");
    assert_eq!(counted(), [2, 1, 1]);
    funcs.pin_mut().set_glyph_h_advance(advance(1)).expect("it is ours alone");
    assert_eq!(counted(), [1, 2, 1], "the new one has taken the place of the old one");

    funcs.make_immutable();
    // HarfBuzz says nothing, and has destroyed it when it returns.
    assert_eq!(funcs.pin_mut().set_glyph_h_advance(advance(2)), Err(Error::Immutable));
    assert_eq!(counted(), [1, 2, 1]);

    let funcs = funcs.into();
    let mut font = FontRef::new(&no_font()).expect("memory");
    font.pin_mut().set_funcs(&funcs).expect("it is ours alone");
    drop(funcs);
    let font: Font = font.into();
    assert_eq!((font.glyph_h_advance(1), counted()), (2, [1, 2, 1]), "the font has them");
    let below = FontRef::sub_font(&font).expect("memory");
    assert!(font.is_immutable(), "another font asks it");
    drop(font);
    assert_eq!((below.glyph_h_advance(1), counted()), (2, [1, 2, 1]));
    drop(below);
    assert_eq!(counted(), [1, 1, 1]);
}

#[test]
fn user_data_is_typed_and_ends_exactly_once() {
    let (first, second) = (Arc::new(1_u8), Arc::new(2_u8));
    let mut font = FontRef::new(&no_font()).expect("memory");
    assert_eq!(font.user_data::<Arc<u8>>(), Ok(None));
    font.pin_mut().clear_user_data().expect("there is none");
    font.pin_mut().set_user_data(Arc::clone(&first)).expect("memory");
    font.pin_mut().set_user_data(Arc::clone(&second)).expect("memory");
    assert_eq!((Arc::strong_count(&first), Arc::strong_count(&second)), (1, 2));
    let error = font.user_data::<String>().expect_err("it is no text");
    assert!(error.to_string().contains("String"), "{error}");

    let font: Font = font.into();
    let seen = std::thread::scope(|scope| {
        scope.spawn(|| font.user_data::<Arc<u8>>().expect("the type").map(|two| **two)).join().expect("no panic")
    });
    assert_eq!(seen, Some(2));
    drop(font);
    assert_eq!(Arc::strong_count(&second), 1);

    let mut font = FontRef::new(&no_font()).expect("memory");
    font.pin_mut().set_user_data(Arc::clone(&first)).expect("memory");
    font.pin_mut().clear_user_data().expect("HarfBuzz lets go");
    assert_eq!((font.user_data::<Arc<u8>>(), Arc::strong_count(&first)), (Ok(None), 1));
}

#[test]
fn a_face_from_tables_asks_and_passes_the_panic_on() {
    let (calls, panics, kept) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(true)), Arc::new(()));
    let table: Blob = BlobRef::copy_of(b"the table").expect("memory").into();
    let face = {
        let (calls, panics, kept) = (Arc::clone(&calls), Arc::clone(&panics), Arc::clone(&kept));
        let table = table.clone();
        FaceRef::from_tables(move |tag| {
            let _ = &kept;
            calls.fetch_add(1, Ordering::Relaxed);
            assert!(!panics.load(Ordering::Relaxed), "no tables today");
            (tag == Tag::new(*b"test")).then(|| table.clone())
        })
    };
    let face: Face = face.expect("memory").into();
    let asked = catch_unwind(AssertUnwindSafe(|| face.table(Tag::new(*b"test")).is_ok()));
    let panic = asked.expect_err("it comes out of the call that asked");
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"no tables today"));

    panics.store(false, Ordering::Relaxed);
    assert!(Blob::ptr_eq(&face.table(Tag::new(*b"test")).expect("memory"), &table));
    assert!(table.is_immutable(), "HarfBuzz would repair it otherwise");
    assert!(face.table(Tag::new(*b"else")).expect("memory").data().is_empty());
    assert!(face.blob().expect("memory").data().is_empty());
    assert_eq!((calls.load(Ordering::Relaxed), Arc::strong_count(&kept)), (4, 2));
    let font = FontRef::new(&face).expect("memory");
    drop(face);
    assert_eq!(Arc::strong_count(&kept), 2);
    drop(font);
    assert_eq!(Arc::strong_count(&kept), 1);
}

#[test]
fn a_handle_is_one_pointer_for_any_thread() {
    fn on_any_thread<T: Send + Sync>() {}
    on_any_thread::<(Blob, Face, Font, FontFuncs)>();
    on_any_thread::<(Owned<FaceRef>, Owned<FontRef>, UnicodeBuffer, GlyphBuffer)>();
    assert_eq!(size_of::<Option<Font>>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Owned<FontRef>>>(), size_of::<usize>());
}
