//! A plain struct is declared without a field that C has.
//! rows: 6; class: ABI mismatch
//@revisions: right wrong
//@[right] run

use core::mem::{offset_of, size_of};

/// `struct entry { uint32_t number; uint32_t flags; uint64_t words; }`, and what the C compiler says about it.
#[repr(C)]
#[derive(Clone, Copy)]
struct Entry {
    number: u32,
    #[cfg(right)]
    flags: u32,
    words: u32,
    #[cfg(right)]
    more_words: u32,
}

const _: () = assert!(size_of::<Entry>() == 16); //~[wrong] E0080
const _: () = assert!(offset_of!(Entry, words) == 8); //~[wrong] E0080

fn main() {
    #[cfg(wrong)]
    let entry = Entry { number: 1, words: 300 };
    #[cfg(right)]
    let entry = Entry { number: 1, flags: 0, words: 300, more_words: 0 };
    assert_eq!(entry.number + entry.words, 301);
}
