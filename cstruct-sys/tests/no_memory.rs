//! Memory that runs out wherever a text, a file or a window on it grows: what failed says so, gives back all it took, and left the rest alone.
mod raw;

use raw::{memory::every_failure, *};
use std::ffi::{CStr, c_char, c_void};
use std::ptr::null_mut;

/// Two records, of which the first moves the second across the place where a text of the first size is full.
fn list(shift: usize) -> Result<*mut Record, Status> {
    let first = try_record(2, Some(&text(&"x".repeat(shift))))?;
    match try_record(2, Some(c"\"quoted\" and \"again\"")) {
        Ok(second) => {
            assert_eq!(c!(cstruct_link(first, second)), OK);
            Ok(first)
        }
        Err(refused) => {
            c!(cstruct_free(first));
            Err(refused)
        }
    }
}

/// Nothing but memory may be short.
fn is_ok(status: Status) -> bool {
    assert!(status == OK || status == NO_MEMORY, "{status:?}");
    status == OK
}

#[test]
fn a_text_grows_at_any_of_its_pieces() {
    let _alone = alone();
    for shift in 190..240 {
        let name = "x".repeat(shift);
        let want = format!("name,value,s1,s2\n{name},2,0,1\n\"\"\"quoted\"\" and \"\"again\"\"\",2,0,1\n");
        every_failure(|| {
            let Ok(list) = list(shift) else { return };
            let mut text = cstruct_text { data: null_mut(), len: 0, cap: 0 };
            if is_ok(c!(cstruct_text_fill(list, &raw mut text))) {
                assert_eq!(c!(CStr::from_ptr(text.data)).to_str(), Ok(want.as_str()));
            } else {
                assert!(text.data.is_null());
            }
            c!(cstruct_text_dispose(&raw mut text));
            c!(cstruct_free(list));
        });
    }
}

#[test]
fn a_name_in_quotes_grows_a_text_at_any_of_its_pieces() {
    let _alone = alone();
    for before in 225..256 {
        for name in [format!("{}\"\"", "x".repeat(before)), format!("{},", "x".repeat(before))] {
            let want = format!("\"{}\",0", name.replace('"', "\"\""));
            every_failure(|| {
                let Ok(record) = try_record(0, Some(&text(&name))) else { return };
                let mut out: *mut c_char = null_mut();
                if is_ok(c!(cstruct_format(record, &raw mut out))) {
                    assert_eq!(c!(CStr::from_ptr(out)).to_str(), Ok(want.as_str()));
                } else {
                    assert!(out.is_null());
                }
                c!(cstruct_string_free(out));
                c!(cstruct_free(record));
            });
        }
    }
}

#[test]
fn a_writer_goes_on_after_a_record_for_which_there_was_no_memory() {
    let _alone = alone();
    for before in 225..256 {
        let name = format!("{}\"", "x".repeat(before));
        every_failure(|| {
            let mut writer = null_mut();
            if !is_ok(c!(cstruct_writer_open(c"/dev/null".as_ptr(), &raw mut writer))) {
                assert!(writer.is_null());
                return;
            }
            for _ in 0..3 {
                if let Ok(record) = try_record(1, Some(&text(&name))) {
                    let _refused = is_ok(c!(cstruct_writer_write(writer, record)));
                    c!(cstruct_free(record));
                }
            }
            assert_eq!(c!(cstruct_writer_close(writer)), OK);
        });
    }
}

#[test]
fn a_line_grows_the_window_and_a_doubled_quote_the_field() {
    let _alone = alone();
    let long = "y".repeat(200_000);
    for csv in [format!("n,v\n{long},1\n\"a\"\"{long}\",2"), "n,v,s\n\"a\"\"b\",\"1\",\"2\"\n".to_owned()] {
        let text = cstruct_text { data: csv.as_ptr().cast_mut().cast(), len: csv.len(), cap: csv.len() };
        let want = csv.lines().count() - 1;
        every_failure(|| {
            let mut ctx = null_mut();
            if is_ok(c!(cstruct_open_text(&raw const text, std::ptr::null(), &raw mut ctx))) {
                assert_eq!(c!(cstruct_count(ctx)), want);
            } else {
                assert!(ctx.is_null());
            }
            assert_eq!(c!(cstruct_close(ctx)), OK);
        });
    }
}

unsafe extern "C" fn byte_by_byte(user: *mut c_void, room: *mut c_void, _len: usize, got: *mut usize) -> Status {
    let rest = c!(&mut *user.cast::<&[u8]>());
    c!(got.write(usize::from(!rest.is_empty())));
    if let Some((first, behind)) = rest.split_first() {
        c!(room.cast::<u8>().write(*first));
        *rest = behind;
    }
    OK
}

#[test]
fn a_source_is_read_no_further() {
    let _alone = alone();
    every_failure(|| {
        let mut bytes: &[u8] = b"n,v\n\"a\"\"b\",1\n";
        let user = (&raw mut bytes).cast();
        let source = cstruct_source { version: CSTRUCT_SOURCE_VERSION, user, read: Some(byte_by_byte) };
        let mut ctx = null_mut();
        if is_ok(c!(cstruct_open_source(&raw const source, std::ptr::null(), &raw mut ctx))) {
            assert_eq!((c!(cstruct_count(ctx)), bytes.len()), (1, 0));
        } else {
            assert!(ctx.is_null());
        }
        assert_eq!(c!(cstruct_close(ctx)), OK);
    });
}

#[test]
fn a_text_of_an_empty_name_needs_no_room() {
    let _alone = alone();
    let record = record(0, "");
    let mut needed = 0;
    assert_eq!(c!(cstruct_format_into(record, null_mut(), 0, &raw mut needed)), Status::CSTRUCT_TOO_SMALL);
    assert_eq!(needed, ",0".len() + 1);
    let mut room = [1; 3];
    assert_eq!(c!(cstruct_format_into(record, room.as_mut_ptr(), 3, &raw mut needed)), OK);
    assert_eq!(c!(CStr::from_ptr(room.as_ptr())), c",0");
    c!(cstruct_free(record));
}
