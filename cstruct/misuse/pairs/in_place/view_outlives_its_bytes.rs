//! A view is returned from the function that owns the bytes.
//! rows: 5b; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::View;
use cstruct_misuse::shelf::NoteRef;
use cstruct_misuse::sys;

fn view(bytes: &[u8]) -> View<'_, NoteRef> {
    // SAFETY: the bytes are borrowed for as long as the view, and C only reads them.
    unsafe { View::new(sys::note { data: bytes.as_ptr().cast_mut().cast(), len: bytes.len() }) }
}

#[cfg(wrong)]
fn named(number: u32) -> View<'static, NoteRef> {
    let text = number.to_string();
    view(text.as_bytes()) //~[wrong] E0515
}

#[cfg(right)]
fn named(number: u32) -> usize {
    let text = number.to_string();
    view(text.as_bytes()).len()
}

fn main() {
    let four = named(1234);
    #[cfg(wrong)]
    let four = four.len();
    assert_eq!(four, 4);
}
