//! A record: its parts, its list, its statistics, and its text.

mod owners;

use core::ffi::c_char;
use core::ptr;
use cstruct_sys::*;
use owners::*;

#[test]
fn a_record_holds_copies_of_what_it_was_given() {
    let record = Record::new(-7, Some(c"series"), &[1.0, 2.0]);
    assert_eq!(record.fields().value, -7);
    assert_eq!(record.name(), Some(c"series"));
    assert_eq!(record.samples(), [1.0, 2.0]);
    let bare = Record::new(i32::MIN, None, &[]);
    assert_eq!(bare.name(), None);
    assert!(bare.fields().samples.is_null());
}

/// What cstruct_new_with answers for a name of that length and samples of that length.
fn with(name: (*const c_char, usize), samples: (*const f64, usize)) -> Result<Record, cstruct_status> {
    let mut out = ptr::dangling_mut();
    // SAFETY: each test passes pointers that are good for their lengths, or what the header says is refused; `out` is writable.
    let status = unsafe { cstruct_new_with(7, name.0, name.1, samples.0, samples.1, &raw mut out) };
    if status != OK {
        assert!(out.is_null(), "a failed call leaves NULL");
        return Err(status);
    }
    // SAFETY: the call made a record, which nobody else has.
    Ok(unsafe { Record::adopt(out) })
}

#[test]
fn a_record_is_made_whole_in_exactly_the_room_it_needs() {
    let (name, samples) = (b"series, cut", [1.0, f64::NEG_INFINITY, 3.0]);
    let record = with((name.as_ptr().cast(), 6), (samples.as_ptr(), samples.len())).unwrap();
    assert_eq!((record.fields().value, record.name(), record.samples()), (7, Some(c"series"), &samples[..]));
    assert_eq!(record.fields().samples_cap, 3);
    assert!(record.fields().next.is_null());
    assert_eq!(record.append(&[4.0]), OK);
    assert_eq!(record.samples(), [1.0, f64::NEG_INFINITY, 3.0, 4.0]);

    let bare = with((ptr::null(), 0), (ptr::null(), 0)).unwrap();
    assert_eq!((bare.name(), bare.samples()), (None, &[][..]));
    assert!(bare.fields().samples.is_null());
    let nothing_to_read = with((ptr::dangling(), 0), (ptr::dangling(), 0)).unwrap();
    assert_eq!((nothing_to_read.name(), nothing_to_read.samples()), (Some(c""), &[][..]));
}

#[test]
fn a_record_that_cannot_be_made_whole_is_not_made() {
    let invalid = Some(cstruct_status::CSTRUCT_INVALID);
    let (name, sample) = (b"a\0b", 0.5);
    for len in 2..=3 {
        assert_eq!(with((name.as_ptr().cast(), len), (ptr::null(), 0)).err(), invalid, "a NUL inside");
    }
    assert_eq!(with((name.as_ptr().cast(), 1), (ptr::null(), 0)).unwrap().name(), Some(c"a"));
    assert_eq!(with((ptr::null(), 1), (ptr::null(), 0)).err(), invalid);
    assert_eq!(with((ptr::null(), 0), (ptr::null(), 1)).err(), invalid);
    // Refused before anything is read: no array has that size.
    let too_many = with((ptr::null(), 0), (&raw const sample, usize::MAX / 8 + 1));
    assert_eq!(too_many.err(), Some(cstruct_status::CSTRUCT_NO_MEMORY));
}

#[test]
fn a_name_may_be_replaced_by_a_part_of_itself() {
    let record = Record::new(0, Some(c"prefix-rest"), &[]);
    let present = record.fields().name;
    // SAFETY: the name is longer than 7 bytes.
    let part = unsafe { present.add(7) };
    // SAFETY: both are alive; the header allows a part of the present name.
    assert_eq!(unsafe { cstruct_set_name(record.raw(), part) }, OK);
    assert_eq!(record.name(), Some(c"rest"));
    // SAFETY: NULL takes the name away.
    assert_eq!(unsafe { cstruct_set_name(record.raw(), ptr::null()) }, OK);
    assert_eq!(record.name(), None);
}

#[test]
fn samples_may_be_appended_from_the_record_itself() {
    let record = Record::new(0, None, &[1.0, 2.0, 3.0]);
    for _ in 0..10 {
        let (own, len) = (record.fields().samples, record.fields().samples_len);
        // SAFETY: the samples are the record's own, which the header allows.
        assert_eq!(unsafe { cstruct_append(record.raw(), own, len) }, OK);
    }
    assert_eq!(record.samples().len(), 3 * 1024);
    assert!(record.samples().chunks(3).all(|three| three == [1.0, 2.0, 3.0]));
}

#[test]
fn room_that_was_reserved_is_enough_and_impossible_room_changes_nothing() {
    let record = Record::new(0, None, &[1.0]);
    // SAFETY: the record is alive, here and below.
    assert_eq!(unsafe { cstruct_reserve(record.raw(), 1000) }, OK);
    let before = record.fields().samples;
    assert_eq!(record.append(&[2.0; 1000]), OK);
    assert_eq!(record.fields().samples, before);
    for more in [usize::MAX, usize::MAX / 8, isize::MAX as usize] {
        // SAFETY: as above.
        assert_eq!(unsafe { cstruct_reserve(record.raw(), more) }, cstruct_status::CSTRUCT_NO_MEMORY);
    }
    assert_eq!(record.samples().len(), 1001);
    // SAFETY: as above.
    unsafe { cstruct_clear(record.raw()) };
    assert!(record.samples().is_empty());
    assert_eq!(record.fields().samples, before);
}

#[test]
fn a_list_of_any_length_is_copied_and_released_on_a_small_stack() {
    let work = || {
        let list = Record::new(0, None, &[]);
        for value in 1..300_000 {
            let more = Record::new(value, Some(c"n"), &[]);
            // SAFETY: both are alive and alone; `list` is put behind `more`'s end below.
            let rest = unsafe { (*list.raw()).next };
            // SAFETY: the list is ours alone: this is what cstruct_unlink and cstruct_link do, in one step.
            unsafe { (*more.raw()).next = rest };
            // SAFETY: as above.
            unsafe { (*list.raw()).next = more.into_raw() };
        }
        let mut copy = ptr::null_mut();
        // SAFETY: the list is alive and `copy` is writable.
        assert_eq!(unsafe { cstruct_dup(list.raw(), &raw mut copy) }, OK);
        // SAFETY: the copy was handed over.
        let copy = unsafe { Record::adopt(copy) };
        drop(list);
        let (mut at, mut count) = (copy.raw().cast_const(), 0);
        while !at.is_null() {
            // SAFETY: every record of the list is alive.
            at = unsafe { cstruct_next(at) };
            count += 1;
        }
        count
    };
    let thread = std::thread::Builder::new().stack_size(64 * 1024).spawn(work).unwrap();
    assert_eq!(thread.join().unwrap(), 300_000);
}

#[test]
fn links_are_refused_where_they_would_lose_or_loop() {
    let head = Record::new(1, None, &[]);
    let rest = Record::new(2, None, &[]);
    // SAFETY: the records are alive here and below.
    assert_eq!(unsafe { cstruct_link(head.raw(), head.raw()) }, cstruct_status::CSTRUCT_INVALID);
    let raw = rest.into_raw();
    // SAFETY: `raw` is a whole list.
    assert_eq!(unsafe { cstruct_link(head.raw(), raw) }, OK);
    let third = Record::new(3, None, &[]);
    // SAFETY: it is refused, so `third` stays ours.
    assert_eq!(unsafe { cstruct_link(head.raw(), third.raw()) }, cstruct_status::CSTRUCT_BUSY);
    let mut out = ptr::null_mut();
    // SAFETY: the list is alive and `out` is writable.
    assert_eq!(unsafe { cstruct_unlink(head.raw(), &raw mut out) }, OK);
    // SAFETY: it was handed over.
    assert_eq!(unsafe { Record::adopt(out) }.fields().value, 2);
    // SAFETY: as above.
    assert_eq!(unsafe { cstruct_unlink(head.raw(), &raw mut out) }, cstruct_status::CSTRUCT_NOT_FOUND);
    assert!(out.is_null());
}

#[test]
fn statistics_leave_out_what_is_missing() {
    let of = |samples: &[f64]| {
        let record = Record::new(0, None, samples);
        // SAFETY: the record is alive.
        unsafe { cstruct_statistics(record.raw()) }
    };
    let s = of(&[2.0, f64::NAN, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
    assert_eq!((s.count, s.missing, s.min, s.max, s.mean, s.stddev), (8, 1, 2.0, 9.0, 5.0, 2.0));
    let s = of(&[f64::NAN]);
    assert_eq!((s.count, s.missing), (0, 1));
    assert!(s.min.is_nan() && s.max.is_nan() && s.mean.is_nan() && s.stddev.is_nan());
    let s = of(&[f64::INFINITY, 1.0]);
    assert_eq!((s.min, s.max, s.mean), (1.0, f64::INFINITY, f64::INFINITY));
    assert!(s.stddev.is_nan());
    let s = of(&[1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0]);
    assert_eq!((s.mean, s.stddev), (1e9 + 10.0, 22.5_f64.sqrt()));
    assert!(of(&[f64::MAX, -f64::MAX, f64::MAX]).mean.is_finite());
}

#[test]
fn a_text_is_handed_out_or_put_into_the_callers_room() {
    let record = Record::new(5, Some(c"a \"b\", c"), &[0.1, f64::NAN, -1e300, 1.0 / 3.0]);
    let want = "\"a \"\"b\"\", c\",5,0.1,,-1e+300,0.3333333333333333";
    let format = || {
        let mut out = ptr::null_mut();
        // SAFETY: the record is alive and `out` is writable.
        assert_eq!(unsafe { cstruct_format(record.raw(), &raw mut out) }, OK);
        out
    };
    assert_eq!(take_string(format()), want.as_bytes());
    let shortened = format();
    // SAFETY: the text is longer than that and its holder may change it.
    unsafe { shortened.write(0) };
    assert_eq!(take_string(shortened), b"");

    let size = want.len() + 1;
    for len in 0..=size {
        let mut room = vec![0x7f_u8; len];
        let mut needed = 0;
        // SAFETY: the room has `len` bytes and `needed` is writable.
        let status = unsafe { cstruct_format_into(record.raw(), room.as_mut_ptr().cast(), len, &raw mut needed) };
        assert_eq!(needed, size);
        if len == size {
            assert_eq!(status, OK);
            assert_eq!(&room[..len - 1], want.as_bytes());
        } else {
            assert_eq!(status, cstruct_status::CSTRUCT_TOO_SMALL);
            assert!(room.first().is_none_or(|&byte| byte == 0));
        }
    }
    let mut needed = 0;
    // SAFETY: NULL with 0 asks for the size.
    let status = unsafe { cstruct_format_into(record.raw(), ptr::null_mut(), 0, &raw mut needed) };
    assert_eq!((status, needed), (cstruct_status::CSTRUCT_TOO_SMALL, size));
}

#[test]
fn a_copy_of_the_samples_is_independent_and_none_is_null() {
    let (mut out, mut len) = (ptr::dangling_mut(), 9);
    let record = Record::new(0, None, &[1.0, 2.0]);
    // SAFETY: the record is alive and both places are writable.
    assert_eq!(unsafe { cstruct_samples_copy(record.raw(), &raw mut out, &raw mut len) }, OK);
    drop(record);
    // SAFETY: the copy has `len` samples.
    assert_eq!(unsafe { core::slice::from_raw_parts(out, len) }, [1.0, 2.0]);
    // SAFETY: it is released once, with its length.
    unsafe { cstruct_samples_free(out, len) };
    let empty = Record::new(0, None, &[]);
    // SAFETY: as above.
    assert_eq!(unsafe { cstruct_samples_copy(empty.raw(), &raw mut out, &raw mut len) }, OK);
    assert!(out.is_null() && len == 0);
}

#[test]
fn the_number_is_set() {
    let record = Record::new(1, None, &[]);
    for value in [i32::MIN, 0, i32::MAX] {
        // SAFETY: the record is alive.
        unsafe { cstruct_set_value(record.raw(), value) };
        // SAFETY: as above.
        assert_eq!(unsafe { cstruct_value(record.raw()) }, value);
    }
}

#[test]
fn null_is_answered_as_the_header_says() {
    let invalid = cstruct_status::CSTRUCT_INVALID;
    let (null, mut out) = (ptr::null_mut::<cstruct>(), ptr::dangling_mut());
    // SAFETY: the header states for each of these calls what NULL does.
    unsafe { cstruct_free(null) };
    // SAFETY: as above.
    assert_eq!(unsafe { cstruct_new(0, ptr::null(), ptr::null_mut()) }, invalid);
    // SAFETY: as above.
    assert_eq!(unsafe { cstruct_new_with(0, ptr::null(), 0, ptr::null(), 0, ptr::null_mut()) }, invalid);
    // SAFETY: as above.
    assert_eq!(unsafe { cstruct_dup(null, &raw mut out) }, invalid);
    assert!(out.is_null());
    // SAFETY: as above.
    assert_eq!(unsafe { cstruct_value(null) }, 0);
    // SAFETY: as above.
    assert!(unsafe { cstruct_name(null) }.is_null());
    // SAFETY: as above.
    unsafe { cstruct_string_free(ptr::null_mut()) };
    // SAFETY: as above.
    unsafe { cstruct_text_dispose(ptr::null_mut()) };
    // SAFETY: as above.
    assert_eq!(unsafe { cstruct_statistics(null) }.count, 0);
    let record = Record::new(0, None, &[]);
    // SAFETY: the record is alive; NULL goes with a length of 0 only.
    assert_eq!(unsafe { cstruct_append(record.raw(), ptr::null(), 0) }, OK);
    // SAFETY: as above.
    assert_eq!(unsafe { cstruct_append(record.raw(), ptr::null(), 1) }, invalid);
}

#[test]
fn a_filled_text_is_refilled_and_a_ragged_list_is_refused() {
    let list = Record::new(1, None, &[1.0]);
    assert_eq!(list.csv(), b"name,value,s1\n,1,1\n");
    let ragged = Record::new(2, None, &[]).into_raw();
    // SAFETY: both are alive, and `ragged` is taken over.
    assert_eq!(unsafe { cstruct_link(list.raw(), ragged) }, OK);
    let mut text = empty_text();
    // SAFETY: the record is alive, and the text is empty or was filled by the library.
    assert_eq!(unsafe { cstruct_text_fill(ragged, &raw mut text) }, OK);
    // SAFETY: as above.
    assert_eq!(unsafe { cstruct_text_fill(list.raw(), &raw mut text) }, cstruct_status::CSTRUCT_INVALID);
    assert!(text.data.is_null() && text.len == 0 && text.cap == 0);
}
