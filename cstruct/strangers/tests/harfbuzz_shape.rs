//! Shaping with font functions of ours: text in, glyphs out, panics through C, many threads.

use cstruct_strangers::harfbuzz::{
    BlobRef, Direction, Face, Feature, Font, FontFuncsRef, FontRef, GlyphBufferRef, Tag, UnicodeBuffer, shape,
};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A font in which every letter but `?` is its own glyph, and as wide as `advance` says.
fn font(advance: impl Fn(&FontRef, u32) -> i32 + Send + Sync + 'static) -> Font {
    let mut funcs = FontFuncsRef::new().expect("memory");
    let glyph = |_: &FontRef, letter| (letter != '?').then_some(u32::from(letter));
    funcs.pin_mut().set_nominal_glyph(glyph).expect("it is ours alone");
    funcs.pin_mut().set_glyph_h_advance(advance).expect("it is ours alone");
    let face = Face::new(&BlobRef::from_static(b"").expect("empty").into(), 0).expect("memory");
    let mut font = FontRef::new(&face).expect("memory");
    font.pin_mut().set_funcs(&funcs.into()).expect("it is ours alone");
    font.into()
}

fn text(text: &str) -> UnicodeBuffer {
    let mut buffer = UnicodeBuffer::new().expect("memory");
    buffer.pin_mut().add_str(text).expect("memory");
    buffer
}

fn glyphs(buffer: &GlyphBufferRef) -> String {
    buffer.infos().iter().map(|info| char::from_u32(info.glyph()).expect("made from letters")).collect()
}

#[test]
fn letters_become_glyphs_with_positions() {
    let font = font(|_, glyph| i32::try_from(glyph).expect("small"));
    let mut buffer = text("aé");
    buffer.pin_mut().add_str("b?").expect("memory");
    assert_eq!((buffer.len(), buffer.is_empty()), (4, false));
    let shaped = shape(&font, buffer, &[Feature::new(Tag::new(*b"liga"), 0)]).expect("memory");
    assert_eq!(glyphs(&shaped), "aéb\0");
    let clusters: Vec<u32> = shaped.infos().iter().map(|info| info.cluster()).collect();
    assert_eq!(clusters, [0, 1, 0, 1], "bytes, counted anew by each `add_str`");
    let advances: Vec<_> = shaped.positions().iter().map(|position| position.advance()).collect();
    assert_eq!(advances, [(97, 0), (233, 0), (98, 0), (0, 0)]);
    assert!(shaped.positions().iter().all(|position| position.offset() == (0, 0)));
    assert_eq!((font.nominal_glyph('x'), font.nominal_glyph('?')), (Some(120), None));
}

#[test]
fn a_buffer_is_used_again_and_can_be_empty() {
    let font = font(|_, _| 1);
    let nothing = shape(&font, UnicodeBuffer::new().expect("memory"), &[]).expect("memory");
    assert_eq!((nothing.infos().len(), nothing.positions().len()), (0, 0));
    let mut buffer = nothing.clear().expect("the same");
    buffer.pin_mut().add_str("").expect("nothing to do");
    for word in ["one", "three", "five"] {
        buffer.pin_mut().add_str(word).expect("memory");
        buffer.pin_mut().set_direction(Direction::RightToLeft);
        let shaped = shape(&font, buffer, &[]).expect("memory");
        assert_eq!(glyphs(&shaped), word.chars().rev().collect::<String>());
        assert_eq!(shaped.positions().len(), word.len());
        buffer = shaped.clear().expect("the same");
        assert!(buffer.is_empty());
    }
}

#[test]
fn a_panic_goes_through_the_shaper_and_all_is_well_afterwards() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let font = font(move |_, glyph| {
        counted.fetch_add(1, Ordering::Relaxed);
        assert!(glyph != u32::from('!'), "not this one");
        5
    });
    let shaped = catch_unwind(AssertUnwindSafe(|| shape(&font, text("a!bcd"), &[]).is_ok()));
    let panic = shaped.expect_err("it comes out of shape");
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"not this one"));
    assert_eq!(calls.load(Ordering::Relaxed), 2, "nothing of ours runs after a panic");
    let shaped = shape(&font, text("abcd"), &[]).expect("memory");
    assert_eq!(shaped.positions().iter().map(|position| position.advance().0).sum::<i32>(), 20);
    drop(shaped);
    drop(font);
    assert_eq!(Arc::strong_count(&calls), 1);
}

#[test]
fn a_panic_stays_on_its_thread() {
    std::thread_local! { static WEAK: Cell<bool> = const { Cell::new(false) }; }
    let font = font(|_, _| {
        assert!(!WEAK.get(), "weak");
        3
    });
    std::thread::scope(|scope| {
        for weak in [false, true, false, true] {
            let font = &font;
            scope.spawn(move || {
                WEAK.set(weak);
                for _ in 0..200 {
                    let width = catch_unwind(AssertUnwindSafe(|| {
                        let shaped = shape(font, text("abc"), &[]).expect("memory");
                        shaped.positions().iter().map(|position| position.advance().0).sum::<i32>()
                    }));
                    match width {
                        Ok(width) => assert!(!weak && width == 9),
                        Err(_) => assert!(weak, "it is another thread's panic"),
                    }
                }
            });
        }
    });
}

#[test]
fn a_font_function_may_shape_and_ask_its_font() {
    let inner = font(|_, _| 7);
    let outer = font(move |font, glyph| {
        // Inside a call of C: another shaping, and a question to the font that is asking us.
        let shaped = shape(&inner, text("xy"), &[]).expect("memory");
        let width: i32 = shaped.positions().iter().map(|position| position.advance().0).sum();
        width + i32::from(font.nominal_glyph('?').is_none()) + i32::from(glyph == u32::from('b'))
    });
    let shaped = shape(&outer, text("ab"), &[]).expect("memory");
    let advances: Vec<i32> = shaped.positions().iter().map(|position| position.advance().0).collect();
    assert_eq!(advances, [15, 16]);
}
