//! Texts as C hands them over: ended in time or not, by a length that is right or not.

use std::ffi::{CStr, c_char};
use std::ptr;

use cstruct::kit::{CText, TextError, text_within};

use crate::strict::{Answer, Strict};

/// A text that ought to end within its block.
pub(crate) fn bounded(bytes: &[u8]) {
    let max = bytes.len();
    let raw: *mut c_char = Strict::block(bytes, 0).cast();
    // SAFETY: as many bytes, which live and do not change.
    let within = unsafe { text_within(raw, max) };
    let nul = position_of_nul(bytes);
    match (within, nul) {
        (Ok(text), Some(nul)) => assert_eq!(text.to_bytes(), &bytes[..nul]),
        (Err(error), None) => assert_eq!(error, TextError::Unterminated { max }),
        (within, nul) => panic!("{within:?} with a NUL at {nul:?}"),
    }
    // SAFETY: a block of its own of as many bytes.
    match (unsafe { CText::<Strict>::from_raw_bounded(raw, max) }, nul) {
        (Ok(text), Some(nul)) => {
            assert_eq!(text.to_bytes(), &bytes[..nul]);
            drop(text);
            assert_eq!(Strict::told(), [nul + 1]);
        }
        (Err(error), None) => {
            assert_eq!(error, TextError::Unterminated { max });
            assert_eq!(Strict::told(), [max]);
        }
        (text, nul) => panic!("{text:?} with a NUL at {nul:?}"),
    }
    // SAFETY: NULL is an error.
    let null = unsafe { CText::<Strict>::from_raw_bounded(ptr::null_mut(), max) };
    assert!(matches!(null, Err(TextError::Null(_))));
}

/// A text of which C says the length.
pub(crate) fn of_length(bytes: &[u8]) {
    let Some(len) = bytes.len().checked_sub(1) else { return };
    let raw: *mut c_char = Strict::block(bytes, 0).cast();
    // SAFETY: a block of its own of `len + 1` bytes.
    match (unsafe { CText::<Strict>::from_raw_parts(raw, len) }, position_of_nul(bytes)) {
        (Ok(text), Some(nul)) if nul == len => {
            assert_eq!(text.to_bytes(), &bytes[..len]);
            let raw = CText::into_raw(text);
            assert!(Strict::told().is_empty());
            // SAFETY: the same text, given up.
            drop(unsafe { CText::<Strict>::from_raw_parts(raw, len) });
        }
        (Err(TextError::InteriorNul(error)), Some(nul)) if nul < len => assert_eq!(error.position, nul),
        (Err(error), None) => assert_eq!(error, TextError::Unterminated { max: len + 1 }),
        (text, nul) => panic!("{text:?} with a NUL at {nul:?}"),
    }
    assert_eq!(Strict::told(), [len + 1]);
}

/// A text of ours in C's memory.
pub(crate) fn copied(bytes: &[u8], answer: Answer) {
    Strict::answer(answer);
    match (CText::<Strict>::copy_of(bytes), position_of_nul(bytes)) {
        (Ok(text), None) => {
            assert_eq!(text.to_bytes(), bytes);
            assert_ne!(answer, Answer::Null);
            drop(text);
            assert_eq!(Strict::told(), [bytes.len() + 1]);
        }
        (Err(TextError::InteriorNul(error)), Some(nul)) => assert_eq!(error.position, nul),
        (Err(TextError::NoMemory(_)), None) => assert_eq!(answer, Answer::Null),
        (text, nul) => panic!("{text:?} with a NUL at {nul:?}"),
    }
}

/// A text that C does end.
pub(crate) fn nul_terminated(bytes: &[u8]) {
    let bytes = [bytes, &[0]].concat();
    let raw: *mut c_char = Strict::block(&bytes, 0).cast();
    // SAFETY: a block of its own with a NUL.
    let text = unsafe { CText::<Strict>::from_raw(raw) }.expect("it is not NULL");
    let expected = CStr::from_bytes_until_nul(&bytes).expect("it ends with one");
    assert_eq!(&*text, expected);
    drop(text);
    assert_eq!(Strict::told(), [expected.count_bytes() + 1]);
}

fn position_of_nul(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|&byte| byte == 0)
}
