//! Only what C wrote into our room becomes elements, and no loop is endless.

#![allow(clippy::unwrap_used, reason = "a test that unwraps says where it failed")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block plays the C library or calls it, with pointers that were made on the same lines"
)]

use core::ffi::c_char;
use cstruct::kit::{Advancing, Answer, AskThenFill, FillError, InOutLen, SizedBy, Truncates, UpTo};

fn write(room: *mut u8, bytes: &[u8]) {
    unsafe { room.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
}

#[test]
fn only_what_c_wrote_becomes_elements() {
    let mut room = Vec::new();
    let filled = unsafe {
        UpTo(8).fill(&mut room, |p, len| {
            assert_eq!(len, 8);
            write(p, b"abc");
            Ok::<_, ()>(3)
        })
    };
    assert_eq!((filled, &room[..]), (Ok(()), &b"abc"[..]));
    let before = room.as_ptr();
    unsafe {
        UpTo(4).fill(&mut room, |p, _| {
            write(p, b"z");
            Ok::<_, ()>(1)
        })
    }
    .unwrap();
    assert_eq!((room.as_ptr(), &room[..]), (before, &b"z"[..]), "the same memory again");

    let lie = unsafe { UpTo(4).fill(&mut room, |_, _| Ok::<_, ()>(5)) };
    assert_eq!(lie, Err(FillError::Overrun { wrote: 5, len: 4 }));
    assert!(room.is_empty());
    assert_eq!(unsafe { UpTo(4).fill(&mut room, |_, _| Err("io")) }, Err(FillError::Failed("io")));
    let huge = unsafe { UpTo(usize::MAX).fill(&mut room, |_, _| Ok::<_, ()>(0)) };
    assert!(matches!(huge, Err(FillError::NoMemory(_))));
    unsafe {
        SizedBy(2).fill(&mut room, |p| {
            write(p, b"hi");
            Ok::<_, ()>(())
        })
    }
    .unwrap();
    assert_eq!(room, b"hi");
}

#[test]
fn asking_first_is_bounded_when_the_size_grows() {
    let grow = |mut size: usize, step: usize| {
        let mut calls = 0;
        move |p: *mut u8, len: usize| {
            calls += 1;
            assert!(calls < 20);
            if len < size {
                let needed = size;
                size += step;
                return Answer::<&str>::TooSmall(needed);
            }
            write(p, &vec![b'x'; size]);
            Answer::Wrote(size)
        }
    };
    let mut room = Vec::new();
    unsafe { AskThenFill::default().fill(&mut room, grow(5, 0)) }.unwrap();
    assert_eq!(room, b"xxxxx");
    let mut fresh = Vec::new();
    let never = unsafe { AskThenFill { tries: 3 }.fill(&mut fresh, grow(5, 1)) };
    assert_eq!(never, Err(FillError::KeepsGrowing { tries: 3 }));
    // "Too small" without a size: doubled.
    let mut fresh = Vec::new();
    let silent = |p: *mut u8, len: usize| {
        if len < 40 {
            return Answer::<()>::TooSmall(0);
        }
        write(p, &[b'y'; 40]);
        Answer::Wrote(40)
    };
    unsafe { AskThenFill::default().fill(&mut fresh, silent) }.unwrap();
    assert_eq!(fresh.len(), 40);
    let mut none: Vec<u8> = Vec::new();
    unsafe { AskThenFill::default().fill(&mut none, |_, _| Answer::<()>::Wrote(0)) }.unwrap();
    assert!(none.is_empty());
    let failed = unsafe { AskThenFill::default().fill(&mut none, |_, _| Answer::Failed(4)) };
    assert_eq!(failed, Err(FillError::Failed(4)));
    let endless = unsafe { AskThenFill::default().fill(&mut none, |_, _| Answer::<()>::TooSmall(usize::MAX)) };
    assert!(matches!(endless, Err(FillError::NoMemory(_))));

    let text = |bytes: &'static [u8]| {
        move |p: *mut c_char, len: usize| {
            if len < bytes.len() {
                return Answer::<()>::TooSmall(bytes.len());
            }
            write(p.cast(), bytes);
            Answer::Wrote(bytes.len())
        }
    };
    assert_eq!(unsafe { AskThenFill::default().text(text(b"hello\0")) }.as_deref(), Ok(c"hello"));
    assert_eq!(unsafe { AskThenFill::default().text(text(b"hello")) }, Err(FillError::NotText));
    assert_eq!(unsafe { AskThenFill::default().text(text(b"h\0llo\0")) }, Err(FillError::NotText));
}

#[test]
fn in_out_lengths_advancing_pointers_and_cut_texts() {
    let protocol = InOutLen { first: 2, tries: 3 };
    let mut room = Vec::new();
    let filled = unsafe {
        protocol.fill(&mut room, |p, len: *mut i32| {
            let fits = *len >= 20;
            *len = 20;
            if fits {
                write(p, &[7; 20])
            }
            Ok::<_, ()>(fits)
        })
    };
    assert_eq!((filled, room.len()), (Ok(()), 20));
    let negative = unsafe {
        protocol.fill(&mut room, |_: *mut u8, len: *mut i32| {
            *len = -1;
            Ok::<_, ()>(true)
        })
    };
    assert_eq!(negative, Err(FillError::BadLength));
    let wide = InOutLen { first: 300, tries: 3 };
    let narrow = unsafe { wide.fill(&mut room, |_: *mut u8, _: *mut u8| -> Result<bool, ()> { panic!("not called") }) };
    assert_eq!(narrow, Err(FillError::BadLength));
    // A room that is used again may be larger than C can say.
    let mut large = Vec::with_capacity(1000);
    let mut fill = |enough: u8| unsafe {
        protocol.fill(&mut large, |p, len: *mut u8| {
            let fits = enough <= *len;
            if fits {
                write(p, &[7; 3]);
                *len = 3;
            }
            Ok::<_, ()>(fits)
        })
    };
    assert_eq!(fill(u8::MAX), Ok(()));
    let mut large = Vec::<u8>::with_capacity(1000);
    let never = unsafe { protocol.fill(&mut large, |_, _: *mut u8| Ok::<_, ()>(false)) };
    assert_eq!((never, large.len()), (Err(FillError::BadLength), 0));

    let mut wide = Vec::<u32>::new();
    unsafe {
        Advancing(4).fill(&mut wide, |at, _| {
            (*at).write(6);
            *at = (*at).add(1);
            Ok::<_, ()>(())
        })
    }
    .unwrap();
    assert_eq!(wide, [6]);
    for moved in [-4_isize, 2, 20] {
        let bad = unsafe {
            Advancing(4).fill(&mut wide, |at, _| {
                *at = (*at).wrapping_byte_offset(moved);
                Ok::<_, ()>(())
            })
        };
        assert!(matches!(bad, Err(FillError::Overrun { .. })), "{moved}");
        assert!(wide.is_empty());
    }

    let cut = |room, with_nul, bytes: &'static [u8]| unsafe {
        Truncates { room, with_nul }.fill(|p, _| {
            write(p.cast(), bytes);
            Ok::<_, ()>(())
        })
    };
    let whole = cut(8, true, b"abc\0").unwrap();
    assert_eq!((whole.text.as_c_str(), whole.perhaps), (c"abc", false));
    assert!(cut(4, true, b"abc\0").unwrap().perhaps);
    assert_eq!(cut(3, true, b"abc"), Err(FillError::NotText));
    let full = cut(3, false, b"abc").unwrap();
    assert_eq!((full.text.as_c_str(), full.perhaps), (c"abc", true));
    assert!(!cut(4, false, b"abc").unwrap().perhaps);
}
