//! NULL where a pointer is expected: every function answers as the header says, and hands out nothing.
mod raw;

use raw::{table::*, *};
use std::ffi::{c_char, c_void};
use std::ptr::{dangling_mut, null, null_mut};

/// Calls a function with an out-parameter that holds rubbish, and finds it refused and the out-parameter NULL.
fn refused_with_nothing<T>(call: impl FnOnce(*mut *mut T) -> Status) {
    let mut out = dangling_mut();
    assert_eq!(call(&raw mut out), INVALID);
    assert!(out.is_null());
}

#[test]
fn records() {
    let _alone = alone();
    let none = null_mut::<Record>();
    assert_eq!(c!(cstruct_new(1, null(), null_mut())), INVALID);
    assert_eq!(c!(cstruct_dup(none, null_mut())), INVALID);
    assert!(c!(cstruct_next(none)).is_null());
    assert_eq!(c!(cstruct_set_name(none, c"x".as_ptr())), INVALID);
    assert_eq!(c!(cstruct_reserve(none, 1)), INVALID);
    assert_eq!(c!(cstruct_append(none, [0.0].as_ptr(), 1)), INVALID);
    c!(cstruct_set_value(none, 1));
    c!(cstruct_clear(none));

    let one = record(2, "alone");
    assert_eq!(c!(cstruct_dup(one, null_mut())), INVALID);
    assert_eq!(c!(cstruct_link(none, one)), INVALID);
    assert_eq!(c!(cstruct_link(one, none)), INVALID);
    assert_eq!(c!(cstruct_link(one, one)), INVALID);
    assert_eq!(c!(cstruct_unlink(one, null_mut())), INVALID);
    refused_with_nothing(|out| c!(cstruct_unlink(none, out)));
    assert_eq!((samples_of(one), name_of(one)), (vec![0.0, 1.0], "alone".to_owned()));
    c!(cstruct_free(one));
}

#[test]
fn samples() {
    let _alone = alone();
    let record = record(2, "x");
    let (mut len, mut out) = (7, dangling_mut());
    assert!(c!(cstruct_samples(null(), &raw mut len)).is_null());
    assert_eq!(len, 0);
    assert!(c!(cstruct_samples(record, null_mut())).is_null(), "samples without their number are of no use");
    assert!(c!(cstruct_samples(null(), null_mut())).is_null());

    len = 7;
    assert_eq!(c!(cstruct_samples_copy(null(), &raw mut out, &raw mut len)), INVALID);
    assert_eq!((out.is_null(), len), (true, 0));
    out = dangling_mut();
    assert_eq!(c!(cstruct_samples_copy(record, &raw mut out, null_mut())), INVALID);
    assert!(out.is_null());
    len = 7;
    assert_eq!(c!(cstruct_samples_copy(record, null_mut(), &raw mut len)), INVALID);
    assert_eq!(len, 0);
    c!(cstruct_samples_free(null_mut(), 5));
    c!(cstruct_free(record));
}

#[test]
fn texts() {
    let _alone = alone();
    let record = record(1, "x");
    refused_with_nothing(|out: *mut *mut c_char| c!(cstruct_format(null(), out)));
    assert_eq!(c!(cstruct_format(record, null_mut())), INVALID);
    let mut needed = 7;
    assert_eq!(c!(cstruct_format_into(null(), null_mut(), 0, &raw mut needed)), INVALID);
    assert_eq!(needed, 0);
    assert_eq!(c!(cstruct_format_into(record, null_mut(), 0, null_mut())), INVALID);
    assert_eq!(c!(cstruct_format_into(record, null_mut(), 9, &raw mut needed)), INVALID, "no room, but a length");
    assert_eq!(needed, "x,1,0".len() + 1, "it is told all the same");

    let mut text = cstruct_text { data: null_mut(), len: 0, cap: 0 };
    assert_eq!(c!(cstruct_text_fill(record, null_mut())), INVALID);
    assert_eq!(c!(cstruct_text_fill(record, &raw mut text)), OK);
    assert_eq!(c!(cstruct_text_fill(null(), &raw mut text)), INVALID);
    assert!(text.data.is_null(), "what was there is gone");
    c!(cstruct_text_dispose(null_mut()));
    c!(cstruct_free(record));
}

unsafe extern "C" fn end_of_source(_: *mut c_void, _: *mut c_void, _: usize, got: *mut usize) -> Status {
    c!(got.write(0));
    OK
}

#[test]
fn contexts() {
    let _alone = alone();
    let text = cstruct_text { data: null_mut(), len: 0, cap: 0 };
    let lying = cstruct_text { data: null_mut(), len: 1, cap: 0 };
    let source = cstruct_source { version: CSTRUCT_SOURCE_VERSION, user: null_mut(), read: Some(end_of_source) };
    let unread = cstruct_source { version: CSTRUCT_SOURCE_VERSION, user: null_mut(), read: None };
    assert_eq!(c!(cstruct_open(c"x".as_ptr(), null(), null_mut())), INVALID);
    refused_with_nothing(|out| c!(cstruct_open(null(), null(), out)));
    assert_eq!(c!(cstruct_open_source(&raw const source, null(), null_mut())), INVALID);
    refused_with_nothing(|out| c!(cstruct_open_source(null(), null(), out)));
    refused_with_nothing(|out| c!(cstruct_open_source(&raw const unread, null(), out)));
    assert_eq!(c!(cstruct_open_text(&raw const text, null(), null_mut())), INVALID);
    refused_with_nothing(|out| c!(cstruct_open_text(null(), null(), out)));
    refused_with_nothing(|out| c!(cstruct_open_text(&raw const lying, null(), out)));

    assert_eq!(c!(cstruct_close(null_mut())), OK);
    assert_eq!(c!(*cstruct_errmsg(null())), 0);
    assert_eq!(c!(cstruct_count(null())), 0);
    assert!(c!(cstruct_ctx_origin(null())).is_null());
    let (mut line, mut column) = (7, 7);
    c!(cstruct_error_at(null(), &raw mut line, &raw mut column));
    assert_eq!((line, column), (0, 0));
    c!(cstruct_error_at(null(), null_mut(), null_mut()));
    c!(cstruct_interrupt(null()));
    c!(cstruct_load_cancel(null_mut()));
    refused_with_nothing(|out| c!(cstruct_take(null_mut(), out)));

    let mut ctx = null_mut();
    assert_eq!(c!(cstruct_open_source(&raw const source, null(), &raw mut ctx)), Status::CSTRUCT_PARSE);
    c!(cstruct_error_at(ctx, null_mut(), &raw mut column));
    c!(cstruct_error_at(ctx, &raw mut line, null_mut()));
    assert_eq!((line, column), (1, 1), "each is told without the other");
    assert_eq!(c!(cstruct_take(ctx, null_mut())), INVALID);

    assert_eq!(c!(cstruct_query_new(ctx, null(), null_mut())), INVALID);
    refused_with_nothing(|out| c!(cstruct_query_new(null_mut(), null(), out)));
    assert_eq!(c!(cstruct_query_step(null_mut(), null_mut())), INVALID);
    let mut record = null();
    assert_eq!(c!(cstruct_query_step(null_mut(), &raw mut record)), INVALID);
    c!(cstruct_query_rewind(null_mut()));
    c!(cstruct_query_end(null_mut()));
    assert_eq!(c!(cstruct_close(ctx)), OK);
}

#[test]
fn options() {
    assert_eq!(c!(cstruct_open_options_init(null_mut(), CSTRUCT_OPEN_OPTIONS_VERSION)), INVALID);
    let mut options = std::mem::MaybeUninit::<cstruct_open_options>::uninit();
    c!(options.as_mut_ptr().write_bytes(0xA5, 1));
    let wrong = CSTRUCT_OPEN_OPTIONS_VERSION + 1;
    assert_eq!(c!(cstruct_open_options_init(options.as_mut_ptr(), wrong)), Status::CSTRUCT_VERSION);
    assert_eq!(
        c!((&raw const (*options.as_ptr()).version).read()),
        0xA5A5_A5A5,
        "of another version nothing is written"
    );
    assert_eq!(c!(cstruct_open_options_init(options.as_mut_ptr(), CSTRUCT_OPEN_OPTIONS_VERSION)), OK);
    for spoil in [|o: &mut cstruct_open_options| o.reserved = 1, |o: &mut cstruct_open_options| o.max_line = 0] {
        let mut options = c!(options.as_ptr().read());
        spoil(&mut options);
        let text = cstruct_text { data: null_mut(), len: 0, cap: 0 };
        refused_with_nothing(|out| c!(cstruct_open_text(&raw const text, &raw const options, out)));
    }
}

#[test]
fn writers() {
    let _alone = alone();
    let record = record(1, "x");
    let mut byte = 0;
    assert_eq!(c!(cstruct_writer_open(c"/dev/null".as_ptr(), null_mut())), INVALID);
    refused_with_nothing(|out| c!(cstruct_writer_open(null(), out)));
    assert_eq!(c!(cstruct_writer_write(null_mut(), record)), INVALID);
    assert_eq!(c!(cstruct_writer_buffer(null_mut(), &raw mut byte, 1)), INVALID);
    let mut writer = null_mut();
    assert_eq!(c!(cstruct_writer_open(c"/dev/null".as_ptr(), &raw mut writer)), OK);
    assert_eq!(c!(cstruct_writer_write(writer, null())), INVALID);
    assert_eq!(c!(cstruct_writer_buffer(writer, null_mut(), 1)), INVALID);
    assert_eq!(c!(cstruct_writer_buffer(writer, &raw mut byte, 0)), INVALID);
    assert_eq!(c!(cstruct_writer_close(writer)), OK);
    assert_eq!(c!(cstruct_writer_close(null_mut())), OK);
    c!(cstruct_free(record));
}

unsafe extern "C" fn never(_: *mut c_void, _: *const Record) -> std::ffi::c_int {
    unreachable!("nothing is looked at")
}

#[test]
fn tables() {
    let _alone = alone();
    let (table, none) = (table(0), null_mut());
    refused_with_nothing(|out| c!(cstruct_table_take(table, null(), out)));
    refused_with_nothing(|out| c!(cstruct_table_take(none, c"x".as_ptr(), out)));
    assert_eq!(c!(cstruct_table_take(table, c"x".as_ptr(), null_mut())), INVALID);
    assert_eq!(c!(cstruct_table_each(none, Some(never), null_mut())), INVALID);
    assert_eq!(c!(cstruct_table_each(table, None, null_mut())), INVALID);
    free(table);
}

#[test]
fn arenas_and_blobs() {
    let _alone = alone();
    let record = record(1, "x");
    let mut arena = null_mut();
    assert_eq!(c!(cstruct_arena_new(&raw mut arena)), OK);
    assert_eq!(c!(cstruct_arena_copy(arena, record, null_mut())), INVALID);
    assert_eq!(c!(cstruct_arena_release(arena)), OK);
    let mut blob = null_mut();
    assert_eq!(c!(cstruct_blob_new(c"x".as_ptr().cast(), 1, &raw mut blob)), OK);
    assert!(c!(cstruct_blob_bytes(blob, null_mut())).is_null(), "bytes without their number are of no use");
    assert!(c!(cstruct_blob_bytes(null(), null_mut())).is_null());
    c!(cstruct_blob_release(blob));
    c!(cstruct_free(record));
}
