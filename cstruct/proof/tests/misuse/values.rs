//! NULL, texts, lengths and fills.

use core::convert::Infallible;
use core::ffi::{CStr, c_char};
use core::ptr;
use std::time::Duration;

use cstruct::kit::{
    Answer, AskThenFill, CText, CopyIn, CopyOut, Foreign, LibcFree, SliceError, UpTo, check_version, lend,
    slice_from_c, text_within,
};
use cstruct::{Blob, CStruct, CStructData, CStructRef, Context, Error, Meter, OpenOptions};

use super::{Case, OK, case, told};

pub(super) const CASES: &[Case] = &[
    case("null_from_a_constructor", || told(null_owner()), OK, "error: C gave NULL where a `"),
    case("null_as_a_count", || told(null_count()), OK, "error: C gave NULL where a `"),
    case("null_to_borrow", || told(null_borrow()), OK, "error: C gave NULL where a `"),
    case("null_as_a_text", || told(null_text()), OK, "error: C gave NULL where a `"),
    case("null_says_where", || told(null_owner()), OK, file!()),
    case("null_with_zero", || eprintln!("{:?}", slice(ptr::null(), 0)), OK, "Ok([])"),
    case("null_with_a_length", || told(slice(ptr::null(), 3)), OK, "NULL with a length that is not 0"),
    case("a_negative_length", || told(slice((&raw const ONE).cast(), -1)), OK, "a negative length"),
    case("more_than_isize_max", || told(too_long()), OK, "a length that no allocation has"),
    case("misaligned", || told(misaligned()), OK, "an address that is not aligned"),
    case("no_end_of_a_text", || told(no_end()), OK, "there is no NUL within 3 bytes"),
    case("no_end_of_an_owned_text", || told(no_end_of_a_block()), OK, "there is no NUL within 4 bytes"),
    case("nul_in_a_path", || told(Context::open("a\0b")), OK, "the text has a NUL at byte 1"),
    case("nul_in_a_name", || told(named("in\0door").copy_in()), OK, "the text has a NUL at byte 2"),
    case("a_name_that_is_not_utf8", || told(not_utf8()), OK, "not UTF-8 after byte 1; borrow it as a `CStr`"),
    case("an_empty_name", empty_name, OK, "name: Some(\"\")"),
    case("an_empty_path", || told(Context::open("")), OK, "error: "),
    case("a_length_over_u32", || told(over_u32()), OK, "4294967296 elements do not fit into C's length of type `u32`"),
    case("a_length_over_i32", || told(over_i32()), OK, "2147483648 elements do not fit into C's length of type `i32`"),
    case("room_over_usize", || told(reserve()), OK, "error: the C library refused: "),
    case(
        "a_ring_over_usize",
        || told(Meter::start(usize::MAX, Duration::from_secs(1))),
        OK,
        "error: the C library refused",
    ),
    case("c_says_it_wrote_more", || told(overrun()), OK, "C says that it wrote 9 elements into room for 4"),
    case("a_size_that_keeps_growing", || told(growing()), OK, "the size needed grew during each of 3 tries"),
    case("a_fill_that_is_cut_off", || told(cut_off()), OK, "the room is too small: bring room for "),
    case("a_file_that_is_cut_off", || told(Context::from_csv(b"name,value,s1\na,1")), OK, "line 2"),
    case("an_unusable_option", || told(options()), OK, "error: "),
    case("a_table_of_the_wrong_version", || told(check_version(9, 1..=2)), OK, "the table is of version 9"),
    case("options_of_the_wrong_version", wrong_options, OK, "status 1"),
    case("a_list_of_none", || told(CStruct::from_records([])), OK, "a list needs at least one record"),
];

static ONE: f64 = 1.0;

fn null_owner() -> Result<CStruct, impl core::fmt::Display> {
    // SAFETY: NULL is an error.
    unsafe { CStruct::from_raw(ptr::null_mut()) }
}

fn null_count() -> Result<Blob, impl core::fmt::Display> {
    // SAFETY: NULL is an error.
    unsafe { Blob::adopt(ptr::null_mut()) }
}

fn null_borrow() -> Result<&'static CStructRef, impl core::fmt::Display> {
    // SAFETY: NULL is an error.
    unsafe { CStructRef::from_ptr(ptr::null()) }
}

fn null_text() -> Result<CText<LibcFree>, impl core::fmt::Display> {
    // SAFETY: NULL is an error.
    unsafe { CText::<LibcFree>::from_raw(ptr::null_mut()) }
}

fn slice(first: *const f64, len: i32) -> Result<&'static [f64], SliceError> {
    // SAFETY: NULL, or a negative length: both are looked at before anything is read.
    unsafe { slice_from_c(first, len) }
}

fn too_long() -> Result<&'static [f64], SliceError> {
    // SAFETY: the length is refused before anything is read.
    unsafe { slice_from_c(&raw const ONE, usize::MAX / 8) }
}

fn misaligned() -> Result<&'static [f64], SliceError> {
    let address = (&raw const ONE).cast::<u8>().wrapping_add(1);
    // SAFETY: the address is refused before anything is read.
    unsafe { slice_from_c(address.cast(), 1) }
}

fn no_end() -> Result<&'static CStr, impl core::fmt::Display> {
    // SAFETY: three bytes are there.
    unsafe { text_within(c"abcd".as_ptr(), 3) }
}

fn no_end_of_a_block() -> Result<CText<LibcFree>, impl core::fmt::Display> {
    // SAFETY: `malloc` may be called at any time.
    let block = unsafe { libc::malloc(4) }.cast::<c_char>();
    assert!(!block.is_null());
    // SAFETY: it has four bytes.
    unsafe { block.write_bytes(b'x', 4) };
    // SAFETY: four initialised bytes, ours alone, for `free`.
    unsafe { CText::from_raw_bounded(block, 4) }
}

fn named(name: &str) -> CStructData {
    CStructData { value: 1, name: Some(name.into()), samples: vec![] }
}

fn not_utf8() -> Result<CStructData, Error> {
    CStruct::named(1, c"a\xff").and_then(|record| record.copy_out())
}

fn empty_name() {
    eprintln!("{:?}", CStruct::named(1, c"").expect("there is memory"));
}

fn over_u32() -> Result<(), impl core::fmt::Display> {
    // Nothing takes no room, so that a slice can be as long as that.
    lend::slice(&[(); 1 << 32], |_, _: u32| ())
}

fn over_i32() -> Result<(), impl core::fmt::Display> {
    lend::slice(&[(); 1 << 31], |_, _: i32| ())
}

fn reserve() -> Result<(), Error> {
    let mut record = CStruct::new(1)?;
    record.pin_mut().append(&[1.0])?;
    record.pin_mut().reserve(usize::MAX)
}

fn overrun() -> Result<(), impl core::fmt::Display> {
    let mut room = Vec::<u8>::new();
    // SAFETY: nothing is written, whatever the answer says; it is refused.
    unsafe { UpTo(4).fill(&mut room, |_, _| Ok::<_, Infallible>(9)) }
}

fn growing() -> Result<(), impl core::fmt::Display> {
    let (mut room, mut size) = (Vec::<u8>::new(), 0);
    let call = |_: *mut u8, _: usize| {
        size += 100;
        Answer::<Infallible>::TooSmall(size)
    };
    // SAFETY: nothing is written, and the answer says so.
    unsafe { AskThenFill { tries: 3 }.fill(&mut room, call) }
}

fn cut_off() -> Result<usize, Error> {
    let record = CStruct::named(1, c"a name that is longer than its room")?;
    record.format_within(&mut [0; 4]).map(CStr::count_bytes)
}

fn options() -> Result<Context, Error> {
    Context::from_csv_with(b"name,value\n", &OpenOptions::new()?.delimiter(b'1'))
}

fn wrong_options() {
    let mut options = core::mem::MaybeUninit::uninit();
    // SAFETY: room for the options; the version is one that no library knows.
    let status = unsafe { cstruct_sys::cstruct_open_options_init(options.as_mut_ptr(), 99) };
    eprintln!("status {}", u8::from(status == cstruct_sys::cstruct_status::CSTRUCT_VERSION));
}
