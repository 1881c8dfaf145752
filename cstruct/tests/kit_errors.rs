//! What the kit's errors say: what happened and what to do, in lower case without a full stop; and which of them have a cause.

use core::error::Error;
use core::fmt;

use cstruct::kit::{
    CloseError, Closed, DoesNotFit, EndError, Failure, FillError, Foreign, HookedError, InUse, InteriorNul,
    LengthError, NoMemory, NotJoined, NotMinusOne, NotReady, NotReplaced, NotSet, NotStarted, Null, OnceToken, Opaque,
    RetainError, RunError, SameParent, Shut, SliceError, SliceFault, TextError, check_version, copied_value, lend,
    slice_from_c, text_within,
};

/// What C said.
#[derive(Debug, PartialEq)]
struct Busy;

impl fmt::Display for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the disk is busy")
    }
}

impl Error for Busy {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&Unplugged)
    }
}

/// Why C said it.
#[derive(Debug)]
struct Unplugged;

impl fmt::Display for Unplugged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cable is loose")
    }
}

impl Error for Unplugged {}

/// An object of C.
#[repr(transparent)]
struct NumberRef(Opaque<u32>);

// SAFETY: transparent over `Opaque`.
unsafe impl Foreign for NumberRef {
    type Raw = u32;
}

/// What came back with an error and cannot be printed.
struct Owner;

#[track_caller]
fn says(error: &dyn Error, text: &str, cause: Option<&str>) {
    assert_eq!(error.to_string(), text);
    assert_eq!(error.source().map(ToString::to_string).as_deref(), cause);
    let end = text.trim_end_matches('`').chars().last();
    assert!(end.is_some_and(|end| end != '.'), "a message has no full stop: {text}");
}

/// The cause's cause: what the cause says is in the text already, and who prints a chain would print it twice.
const BUSY: Option<&str> = Some("a cable is loose");

#[test]
fn an_end_that_failed_says_whether_it_is_still_open_and_why() {
    says(&CloseError::<Owner, _>::Gone(Busy), "closed, but the disk is busy", BUSY);
    says(&CloseError::StillOpen { handle: Owner, error: Busy }, "still open: the disk is busy", BUSY);

    says(&Shut::<Busy>::Busy, "still open: it is being used; end the calls in flight and try again", None);
    says(&Shut::StillOpen(Busy), "still open: the disk is busy", BUSY);
    says(&Shut::Gone(Busy), "closed, but the disk is busy", BUSY);

    let running = "C is calling one of its functions; end it after that function has returned";
    says(&HookedError::<Busy>::Running, running, None);
    says(&HookedError::Refused(Busy), "the disk is busy", BUSY);

    says(&Closed, "it is closed or being closed; open a new one", None);
}

#[test]
fn what_is_gone_has_no_handle_and_what_is_open_gives_it_back() {
    assert!(CloseError::<Owner, _>::Gone(Busy).into_handle().is_none());
    let open = CloseError::StillOpen { handle: Owner, error: Busy };
    assert_eq!(open.error(), &Busy);
    assert!(open.into_handle().is_some());
}

#[test]
fn a_library_that_is_not_there_says_when_it_would_have_been() {
    says(&NotReady::<Busy>::Running, "the library is initialised already; change settings before it starts", None);
    says(&NotReady::<Busy>::Taken, "the library is being set up elsewhere; start it there first", None);
    says(&NotReady::<Busy>::Over, "the library was cleaned up and does not restart; clean it up later", None);
    says(&NotReady::Init(Busy), "the library cannot be initialised: the disk is busy", BUSY);

    let tokens = "the library is in use (other tokens: 3); drop the handles that hold them first";
    says(&InUse::<Busy>::Tokens(3), tokens, None);
    says(&InUse::C(Busy), "the disk is busy", BUSY);
}

#[test]
fn what_c_refused_to_take_says_what_c_said() {
    says(&NotReplaced::Refused { value: Some(Owner), error: Busy }, "not replaced: the disk is busy", BUSY);
    let busy = "not replaced: it is being replaced right now; try again when that call has returned";
    says(&NotReplaced::<_, Busy>::Busy { value: Some(Owner) }, busy, None);
    says(&NotJoined { owner: Owner, dependency: Owner, error: Busy }, "not accepted: the disk is busy", BUSY);
    says(&NotSet { value: Owner, error: Busy }, "not set: the disk is busy", BUSY);
    says(&NotStarted { operation: Owner, error: Busy }, "not started: the disk is busy", BUSY);
    says(&RetainError::Refused(Busy), "C could not take a further count: the disk is busy", BUSY);

    says(&RunError::<Busy, Busy>::Begin(Busy), "cannot begin: the disk is busy", BUSY);
    says(&RunError::<Busy, Busy>::Inside(Busy), "abandoned: the disk is busy", BUSY);
    let lost = "cannot end: the disk is busy; what was done inside may be lost";
    says(&RunError::<Busy, Busy>::End(Busy), lost, BUSY);
}

#[test]
fn an_error_is_printed_for_debugging_without_what_came_back_with_it() {
    let open = CloseError::StillOpen { handle: Owner, error: Busy };
    assert_eq!(format!("{open:?}"), "StillOpen { error: Busy, .. }");
    assert_eq!(format!("{:?}", CloseError::<Owner, _>::Gone(Busy)), "Gone(Busy)");
    let refused = NotReplaced::Refused { value: Some(Owner), error: Busy };
    assert_eq!(format!("{refused:?}"), "Refused { error: Busy, .. }");
    assert_eq!(format!("{:?}", NotReplaced::<Owner, Busy>::Busy { value: None }), "Busy { .. }");
    let joined = NotJoined { owner: Owner, dependency: Owner, error: Busy };
    assert_eq!(format!("{joined:?}"), "NotJoined { error: Busy, .. }");
    assert_eq!(format!("{:?}", NotSet { value: Owner, error: Busy }), "NotSet { error: Busy, .. }");
    assert_eq!(format!("{:?}", NotStarted { operation: Owner, error: Busy }), "NotStarted { error: Busy, .. }");
}

#[test]
fn null_says_what_was_expected_and_where() {
    let (null, line) = (Null::of::<Owner>(), line!());
    let expected = core::any::type_name::<Owner>();
    assert_eq!((null.expected(), null.location().file(), null.location().line()), (expected, file!(), line));
    let text = format!(
        "C gave NULL where a `{expected}` was expected, at {}; check the status of the call before",
        null.location()
    );
    says(&null, &text, None);
    says(&TextError::from(null), &text, None);
    says(&RetainError::<Busy>::Null(null), &text, None);
}

#[test]
fn a_pointer_that_is_no_slice_says_what_is_wrong_of_which_element_and_where() {
    let fault = |error: SliceError, fault: SliceFault, what: &str| {
        assert_eq!((error.fault(), error.location().file()), (fault, file!()));
        says(&error, &format!("C gave a slice of `u32` with {what}, at {}", error.location()), None);
    };
    let numbers = [1_u32, 2];
    let there = numbers.as_ptr();
    // SAFETY: what is no slice is refused before it is looked at.
    let slice = |at: *const u32, len: i64| unsafe { slice_from_c(at, len) }.expect_err("it is no slice");
    let null = "NULL with a length that is not 0; check the status of the call before";
    fault(slice(core::ptr::null(), 2), SliceFault::Null, null);
    let negative = "a negative length; check whether it is C's way to say that the call failed";
    fault(slice(there, -1), SliceFault::Negative, negative);
    fault(slice(core::ptr::null(), -1), SliceFault::Negative, negative);
    let long = "a length that no allocation has; check that the length is counted in elements and was initialised";
    fault(slice(there, i64::MAX), SliceFault::TooLong, long);
    fault(slice(there, (isize::MAX / 4 + 1) as i64), SliceFault::TooLong, long);
    let odd = "an address that is not aligned for the element; read it as bytes and copy";
    fault(slice(there.wrapping_byte_add(1), 1), SliceFault::Misaligned, odd);
    // SAFETY: NULL is refused.
    fault(unsafe { copied_value::<u32>(core::ptr::null()) }.expect_err("NULL"), SliceFault::Null, null);
}

#[test]
fn a_text_that_is_none_says_why() {
    // SAFETY: NULL is refused.
    let null = unsafe { text_within(core::ptr::null(), 4) }.expect_err("NULL");
    let TextError::Null(inside) = null else { panic!("it is NULL") };
    assert_eq!((inside.location().file(), null.to_string()), (file!(), inside.to_string()));

    // SAFETY: three bytes are there.
    let open = unsafe { text_within(c"text".as_ptr(), 3) }.expect_err("no NUL within three bytes");
    let text = "there is no NUL within 3 bytes; take it as an array of bytes if C does not promise one";
    says(&open, text, None);

    let interior = lend::cstr("a\0b", |_| ()).expect_err("a NUL inside");
    let text = "byte 1 of the text is NUL, where C would end it; remove it or pass the bytes with their length";
    says(&interior, text, None);
    says(&TextError::from(InteriorNul { position: 1 }), text, None);
    assert_eq!(TextError::from(interior), TextError::InteriorNul(InteriorNul { position: 1 }));

    let none = NoMemory { len: 7, size: 2 };
    let text = "no memory for 7 elements of 2 bytes; ask for less or release something first";
    says(&none, text, None);
    says(&TextError::NoMemory(none), text, None);
}

#[test]
fn a_list_that_c_cannot_have_says_how_to_pass_it() {
    let long = lend::slice_mut::<u8, u8, _>(&mut [0; 300], |_, _| ()).expect_err("300 is no u8");
    assert_eq!(long, LengthError { len: 300, into: "u8" });
    says(&long, "300 elements do not fit into C's length of type `u8`; pass them in several calls", None);

    let one = 7;
    // SAFETY: it lives throughout this function.
    let number = unsafe { NumberRef::from_ptr(&raw const one) }.expect("not NULL");
    let early = lend::objects_to_null(&[Some(number), None, None], |_| ()).expect_err("it ends twice");
    assert_eq!(early, EndError { end: Some(1), len: 3 });
    says(&early, "element 1 of 3 is `None`, where C would stop; only the last may be", None);
    let never = lend::objects_to_null(&[Some(number)], |_| ()).expect_err("it does not end");
    assert_eq!(never, EndError { end: None, len: 1 });
    says(&never, "the list does not end with `None`; add one, it is where C stops", None);
}

#[test]
fn a_room_that_was_not_filled_says_whose_fault_it_is() {
    says(&FillError::Failed(Busy), "the disk is busy", None);
    let over = "C says that it wrote 9 elements into room for 4; if that is the size it would need, the protocol is another \
                one, else memory is overwritten";
    says(&FillError::<Busy>::Overrun { wrote: 9, len: 4 }, over, None);
    let grows = "the size needed grew during each of 5 tries; stop what changes it, or allow more";
    says(&FillError::<Busy>::KeepsGrowing { tries: 5 }, grows, None);
    let length = "the length is negative or does not fit into C's type; check the status, or ask for less at a time";
    says(&FillError::<Busy>::BadLength, length, None);
    let text = "the NUL is not where the text ends; take it as bytes, or check whether C counts the NUL";
    says(&FillError::<Busy>::NotText, text, None);
    let memory = "no memory for 7 elements of 2 bytes; ask for less or release something first";
    says(&FillError::<Busy>::NoMemory(NoMemory { len: 7, size: 2 }), memory, None);
}

#[test]
fn a_value_that_does_not_fit_into_cs_memory_says_what_would() {
    says(&DoesNotFit::Null, "C gave no memory; answer C that there is none", None);
    let small = DoesNotFit::TooSmall { needed: 16, size: 8 };
    says(&small, "C gave 8 bytes, and the value takes 16; ask for as many", None);
    let odd = DoesNotFit::Misaligned { needed: 64 };
    says(&odd, "C's memory is not aligned to 64 bytes; put the value into a `Box` there", None);
}

#[test]
fn two_that_do_not_belong_together_say_what_would() {
    let (one, other) = (7_u32, 7_u32);
    let parents = SameParent::check::<u32>(&&one, &&other).expect_err("two parents");
    let text = "the two objects belong to different parents of type `u32`; make both from the same one";
    says(&parents, text, None);

    let version = check_version(4, 1..=3).expect_err("too new");
    let text =
        "the table is of version 4, and the library understands 1 to 3; build against the library that is linked";
    says(&version, text, None);
}

#[test]
fn a_token_is_for_one_thing_and_whoever_comes_late_is_told_which() {
    static LOCALE: OnceToken = OnceToken::new("the locale");
    let token = LOCALE.take().expect("the first");
    assert_eq!(format!("{token:?}"), "ProcessToken(\"the locale\")");
    let text = "the token for the locale was taken before; take it once, at the start, and pass it on";
    says(&LOCALE.take().expect_err("the second"), text, None);
}

#[test]
fn a_failure_is_the_status_and_the_message_beside_it() {
    let failure = Failure { status: 5, message: "no such table" };
    says(&failure, "5: \"no such table\"", None);
    let handle = NotMinusOne::new(3_i32).expect("it is not -1");
    assert_eq!((handle.to_string(), format!("{handle:?}")), (String::from("3"), String::from("3")));
}

#[cfg(feature = "std")]
#[test]
fn the_wrong_thread_says_which_one_and_which_would_be_right() {
    use cstruct::kit::Home;

    let (home, here) = (Home::here(), std::thread::current().id());
    let (error, there) =
        std::thread::spawn(move || (home.check().map(drop), std::thread::current().id())).join().expect("no panic");
    let text = format!("used on {there:?}, but it belongs to {here:?}; do it there");
    says(&error.expect_err("another thread"), &text, None);
}
