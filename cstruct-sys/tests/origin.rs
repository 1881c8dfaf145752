//! Where the records of a context came from: a base with a tag, and three structs that begin with it.
mod raw;

use raw::{memory::every_failure, *};
use std::ffi::{CStr, c_void};
use std::mem::offset_of;
use std::ptr::{dangling_mut, null, null_mut};

const CSV: &CStr = c"n,v\na,1\n";

fn close(ctx: *mut cstruct_ctx) {
    assert_eq!(c!(cstruct_close(ctx)), OK);
}

fn kind(ctx: *const cstruct_ctx) -> cstruct_origin_kind {
    c!((*cstruct_ctx_origin(ctx)).kind)
}

fn open(path: &CStr) -> (Status, *mut cstruct_ctx) {
    let mut out = dangling_mut();
    (c!(cstruct_open(path.as_ptr(), null(), &raw mut out)), out)
}

#[test]
fn a_file_keeps_a_copy_of_its_path_also_when_it_was_not_there() {
    let _alone = alone();
    let mut path = *b"/nowhere/at all\0";
    let (status, ctx) = open(CStr::from_bytes_with_nul(&path).unwrap());
    path.fill(b'?');
    assert_eq!(status, Status::CSTRUCT_IO);
    assert_eq!(kind(ctx), cstruct_origin_kind::CSTRUCT_ORIGIN_FILE);
    let file = c!(cstruct_ctx_origin(ctx)).cast::<cstruct_origin_file>();
    assert_eq!(c!(CStr::from_ptr((*file).path)), c"/nowhere/at all");
    close(ctx);
}

#[test]
fn a_text_tells_its_length() {
    let _alone = alone();
    let bytes = CSV.to_bytes();
    let text = cstruct_text { data: CSV.as_ptr().cast_mut(), len: bytes.len(), cap: 0 };
    let mut ctx = null_mut();
    assert_eq!(c!(cstruct_open_text(&raw const text, null(), &raw mut ctx)), OK);
    assert_eq!(kind(ctx), cstruct_origin_kind::CSTRUCT_ORIGIN_TEXT);
    let origin = c!(cstruct_ctx_origin(ctx)).cast::<cstruct_origin_text>();
    assert_eq!(c!((*origin).len), bytes.len());

    // It is a part of the context that does not change with it.
    let mut list = null_mut();
    assert_eq!(c!(cstruct_take(ctx, &raw mut list)), OK);
    assert_eq!((c!(cstruct_ctx_origin(ctx)).cast(), c!((*origin).len)), (origin, bytes.len()));
    c!(cstruct_free(list));
    close(ctx);
}

/// Gives three bytes at a time.
unsafe extern "C" fn drip(user: *mut c_void, room: *mut c_void, len: usize, got: *mut usize) -> Status {
    let left = c!(&mut *user.cast::<&[u8]>());
    let (now, later) = left.split_at(left.len().min(3).min(len));
    c!(std::ptr::copy_nonoverlapping(now.as_ptr(), room.cast(), now.len()));
    *left = later;
    c!(got.write(now.len()));
    OK
}

/// Says that it gave more than there was room for.
unsafe extern "C" fn boast(_: *mut c_void, _: *mut c_void, len: usize, got: *mut usize) -> Status {
    c!(got.write(len + 1));
    OK
}

fn open_source(source: &cstruct_source) -> (Status, *mut cstruct_ctx) {
    let mut ctx = dangling_mut();
    (c!(cstruct_open_source(source, null(), &raw mut ctx)), ctx)
}

#[test]
fn a_source_tells_how_many_bytes_it_gave() {
    let _alone = alone();
    let mut left = CSV.to_bytes();
    let user = (&raw mut left).cast();
    let (status, ctx) = open_source(&cstruct_source { version: CSTRUCT_SOURCE_VERSION, user, read: Some(drip) });
    assert_eq!((status, kind(ctx)), (OK, cstruct_origin_kind::CSTRUCT_ORIGIN_SOURCE));
    let bytes = |ctx| c!((*cstruct_ctx_origin(ctx).cast::<cstruct_origin_source>()).bytes);
    assert_eq!(bytes(ctx), CSV.to_bytes().len() as u64);
    close(ctx);

    let (status, ctx) = open_source(&cstruct_source { version: CSTRUCT_SOURCE_VERSION, user, read: Some(boast) });
    assert_eq!((status, bytes(ctx)), (Status::CSTRUCT_IO, 0), "what is not true is not counted");
    close(ctx);
}

#[test]
fn every_struct_begins_with_the_base() {
    assert_eq!(offset_of!(cstruct_origin_file, base), 0);
    assert_eq!(offset_of!(cstruct_origin_text, base), 0);
    assert_eq!(offset_of!(cstruct_origin_source, base), 0);
    assert!(c!(cstruct_ctx_origin(null())).is_null());
}

#[test]
fn no_memory_is_left_whichever_request_fails() {
    let _alone = alone();
    every_failure(|| match open(c"/nowhere") {
        (Status::CSTRUCT_IO, ctx) => close(ctx),
        refused => assert_eq!(refused, (NO_MEMORY, null_mut())),
    });
}
