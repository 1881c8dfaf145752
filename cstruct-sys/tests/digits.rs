//! How many digits this thread writes: a setting of the thread, of no other, and of all that it writes.
mod raw;

use raw::*;
use std::ffi::CStr;
use std::ptr::null_mut;

fn set(digits: u32) -> Result<u32, Status> {
    let mut old = 99;
    match c!(cstruct_digits_set(digits, &raw mut old)) {
        OK => Ok(old),
        refused => {
            assert_eq!(old, 0);
            Err(refused)
        }
    }
}

/// The samples as they are formatted.
fn written(samples: &[f64]) -> String {
    let record = record(0, "x");
    assert_eq!(c!(cstruct_append(record, samples.as_ptr(), samples.len())), OK);
    let mut out = null_mut();
    assert_eq!(c!(cstruct_format(record, &raw mut out)), OK);
    let line = c!(CStr::from_ptr(out)).to_str().expect("it is possible").to_owned();
    c!(cstruct_string_free(out));

    let mut text = cstruct_text { data: null_mut(), len: 0, cap: 0 };
    assert_eq!(c!(cstruct_text_fill(record, &raw mut text)), OK);
    let whole = c!(std::slice::from_raw_parts(text.data.cast::<u8>(), text.len)).to_vec();
    assert!(whole.ends_with(format!("\n{line}\n").as_bytes()), "all texts are written alike");
    c!(cstruct_text_dispose(&raw mut text));
    c!(cstruct_free(record));
    line.strip_prefix("x,0,").expect("it is possible").to_owned()
}

#[test]
fn it_holds_until_it_is_set_again_and_tells_what_was() {
    let _alone = alone();
    let samples = [1.0 / 3.0, -2.5, 0.0, 12345.678, f64::NAN, f64::INFINITY, 1e300];
    let usual = written(&samples);
    assert_eq!(usual, "0.3333333333333333,-2.5,0,12345.678,,inf,1e+300");
    assert_eq!(set(3), Ok(0));
    assert_eq!(written(&samples), "0.333,-2.5,0,1.23e+04,,inf,1e+300");
    assert_eq!(set(17), Ok(3));
    assert_eq!(written(&[0.1]), "0.10000000000000001");
    assert_eq!(set(18), Err(INVALID));
    assert_eq!(set(u32::MAX), Err(INVALID));
    assert_eq!(set(0), Ok(17), "a refused number has changed nothing");
    assert_eq!(written(&samples), usual);
    assert_eq!(c!(cstruct_digits_set(3, null_mut())), INVALID);
    assert_eq!(set(0), Ok(0));
}

#[test]
fn each_thread_has_its_own() {
    let _alone = alone();
    assert_eq!(set(2), Ok(0));
    let there = std::thread::spawn(|| {
        assert_eq!(set(5), Ok(0), "a thread begins with as many as are needed");
        written(&[1.0 / 3.0])
    });
    assert_eq!(there.join().expect("it is possible"), "0.33333");
    assert_eq!(written(&[1.0 / 3.0]), "0.33");
    assert_eq!(set(0), Ok(2));
}
