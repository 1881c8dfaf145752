//! The size that C needs is taken for the number of elements that it wrote.
//! rows: 20; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Answer, AskThenFill};

/// Writes two numbers if there is room for them, and answers 2 in any case.
unsafe extern "C" fn x_numbers(room: *mut i32, len: usize) -> usize {
    for at in 0..2 {
        if len >= 2 {
            // SAFETY: within the caller's `len` elements.
            unsafe { room.add(at).write(7) };
        }
    }
    2
}

fn main() {
    let mut room = Vec::new();
    let call = |first, len| -> Answer<()> {
        // SAFETY: room for `len` elements.
        let needed = unsafe { x_numbers(first, len) };
        #[cfg(wrong)]
        return needed; //~[wrong] E0308
        #[cfg(right)]
        if needed <= len { Answer::Wrote(needed) } else { Answer::TooSmall(needed) }
    };
    // SAFETY: two are valid after `Wrote`.
    unsafe { AskThenFill::default().fill(&mut room, call) }.unwrap();
    assert_eq!(room, [7, 7]);
}
