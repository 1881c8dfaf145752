//! An error says what happened and what to do, in lower case and without a full stop, with its figures and its cause.

use core::fmt;
use std::error::Error;

use cstruct::kit::{Closed, EndError, Failure, FillError, InUse, NotReady, SliceFault, lend, slice_from_c};

/// What C said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Status(i32);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.0)
    }
}

impl Error for Status {}

/// The text of an error, in the form of all of them, which has all these words.
fn says(error: &dyn Error, words: &[&str]) {
    let text = error.to_string();
    assert!(text.starts_with("C ") || !text.starts_with(char::is_uppercase), "{text}");
    assert!(!text.is_empty() && !text.ends_with(['.', '\n']), "{text:?}");
    for word in words {
        assert!(text.contains(word), "{text:?} has no {word:?}");
    }
}

/// What an error gives as its cause.
fn cause(error: &dyn Error) -> Option<Status> {
    error.source().and_then(|cause| cause.downcast_ref().copied())
}

#[test]
fn of_room_that_c_was_to_fill() {
    says(&FillError::Failed(Status(7)), &["status 7"]);
    says(&FillError::<Status>::Overrun { wrote: 9, len: 4 }, &["wrote 9 elements", "room for 4"]);
    says(&FillError::<Status>::KeepsGrowing { tries: 3 }, &["each of 3 tries", "allow more"]);
    says(&FillError::<Status>::BadLength, &["length", "ask for less"]);
    says(&FillError::<Status>::NotText, &["NUL", "bytes"]);
}

#[test]
fn of_a_library_that_is_not_there_or_does_not_end() {
    says(&NotReady::<Status>::Running, &["initialised already", "before it starts"]);
    says(&NotReady::<Status>::Taken, &["set up elsewhere", "start it there"]);
    says(&NotReady::<Status>::Over, &["does not restart", "later"]);
    says(&NotReady::Init(Status(7)), &["cannot be initialised", "status 7"]);
    says(&InUse::<Status>::Tokens(3), &["other tokens: 3", "drop the handles"]);
    says(&InUse::C(Status(7)), &["status 7"]);
    assert_eq!((cause(&NotReady::Init(Status(7))), cause(&InUse::C(Status(8)))), (Some(Status(7)), Some(Status(8))));
    assert!(NotReady::<Status>::Over.source().is_none() && InUse::<Status>::Tokens(1).source().is_none());
}

#[test]
fn of_a_handle_that_is_closed() {
    says(&Closed, &["closed", "open a new one"]);
}

#[test]
fn of_what_c_is_lent_or_gives() {
    let nul = lend::cstr("a\0b", |_| ()).expect_err("it has a NUL inside");
    says(&nul, &["1", "NUL"]);
    let long = lend::slice(&[0_u8; 300], |_, _: u8| ()).expect_err("300 is no `u8`");
    says(&long, &["300", "u8"]);
    for (pointer, len, fault, word) in [
        (core::ptr::null(), 3, SliceFault::Null, "NULL"),
        (core::ptr::null(), -3, SliceFault::Negative, "negative"),
        (core::ptr::dangling(), isize::MAX, SliceFault::TooLong, "length"),
        (core::ptr::dangling(), isize::MAX / 4 + 1, SliceFault::TooLong, "length"),
        (core::ptr::without_provenance(align_of::<u32>() + 1), 3, SliceFault::Misaligned, "aligned"),
    ] {
        // SAFETY: none of these is a slice, and that is found out without following the pointer.
        let wrong = unsafe { slice_from_c::<u32>(pointer, len) }.expect_err("it is no slice");
        assert_eq!((wrong.fault(), wrong.location().file()), (fault, file!()));
        says(&wrong, &["u32", word, file!()]);
    }
    says(&EndError { end: Some(1), len: 3 }, &["element 1 of 3", "only the last"]);
    says(&EndError { end: None, len: 3 }, &["does not end with `None`", "add one"]);
    says(&Failure { status: 7, message: "full" }, &["7", "full"]);
}
