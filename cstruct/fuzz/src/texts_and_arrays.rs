//! Texts and arrays as a broken C library hands them over: NULL, without their end, with a wrong length, misaligned.
//!
//! Whatever is handed over is read within its block, and released once with the length that the kit promises, or not at all.

use arbitrary::{Arbitrary, Unstructured};

use crate::arrays::{Hostile, Texts, resized};
use crate::strict::{Answer, Strict};
use crate::{balanced, texts};

/// The bytes are what C hands over, by the rules of `arbitrary`.
///
/// # Panics
///
/// When something is wrong.
pub fn texts_and_arrays(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    balanced(|| while !bytes.is_empty() && one(&mut bytes).is_ok() {});
}

fn one(bytes: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    Strict::answer(Answer::Block);
    match bytes.int_in_range(0..=11)? {
        0 => texts::bounded(block(bytes)?),
        1 => texts::of_length(block(bytes)?),
        2 => texts::copied(block(bytes)?, answer(bytes)?),
        3 => texts::nul_terminated(block(bytes)?),
        4 => hostile(bytes)?.hand_over::<u8>(),
        5 => hostile(bytes)?.hand_over::<u16>(),
        6 => hostile(bytes)?.hand_over::<u64>(),
        7 => hostile(bytes)?.hand_over::<[u8; 3]>(),
        8 => resized::<u16>(bytes)?,
        9 => resized::<u64>(bytes)?,
        10 => Texts::take(bytes)?.counted(),
        _ => Texts::take(bytes)?.null_terminated(u8::arbitrary(bytes)?),
    }
    assert_eq!(Strict::live(), 0, "a block is leaked");
    assert!(Strict::told().is_empty());
    Ok(())
}

/// Up to 31 bytes.
pub(crate) fn block<'b>(bytes: &mut Unstructured<'b>) -> arbitrary::Result<&'b [u8]> {
    let len = usize::from(u8::arbitrary(bytes)? % 32).min(bytes.len());
    bytes.bytes(len)
}

pub(crate) fn answer(bytes: &mut Unstructured<'_>) -> arbitrary::Result<Answer> {
    Ok(match u8::arbitrary(bytes)? % 4 {
        0 => Answer::Null,
        1 => Answer::Misaligned,
        _ => Answer::Block,
    })
}

fn hostile<'b>(bytes: &mut Unstructured<'b>) -> arbitrary::Result<Hostile<'b>> {
    let (how, kind) = <(u8, u8)>::arbitrary(bytes)?;
    let len = match how % 4 {
        0 => i128::from(i64::arbitrary(bytes)?),
        1 => i128::from(u64::MAX - u64::from(u8::arbitrary(bytes)?)),
        _ => i128::from(i8::arbitrary(bytes)?),
    };
    Ok(Hostile { bytes: block(bytes)?, null: how & 64 != 0, misaligned: how & 128 != 0, len, kind })
}
