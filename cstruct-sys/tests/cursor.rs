//! A cursor: an object in the caller's room that must not be moved.
mod raw;

use raw::*;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

/// Room for a cursor, full of what was there before.
fn room() -> Box<MaybeUninit<cstruct_cursor>> {
    let mut room = Box::new(MaybeUninit::<cstruct_cursor>::uninit());
    c!(room.as_mut_ptr().write_bytes(0xA5, 1));
    room
}

fn list(names: &[&str]) -> *mut Record {
    let mut head: *mut Record = null_mut();
    for name in names.iter().rev() {
        let record = record(0, name);
        if !head.is_null() {
            assert_eq!(c!(cstruct_link(record, head)), OK);
        }
        head = record;
    }
    head
}

fn step(cursor: *mut cstruct_cursor) -> Result<String, Status> {
    let mut out = std::ptr::dangling();
    match c!(cstruct_cursor_step(cursor, &raw mut out)) {
        OK => Ok(name_of(out)),
        other => {
            assert!(out.is_null());
            Err(other)
        }
    }
}

#[test]
fn walks_a_list_to_its_end_and_stays_there() {
    let _alone = alone();
    let list = list(&["a", "b", "c"]);
    let mut room = room();
    let cursor = room.as_mut_ptr();
    let before = live();
    assert_eq!(c!(cstruct_cursor_init(cursor, list)), OK);
    assert_eq!(live(), (before.0 + 1, before.1), "a live cursor is an object, in no memory of the library's");
    for name in ["a", "b", "c"] {
        assert_eq!(step(cursor).as_deref(), Ok(name));
    }
    for _ in 0..3 {
        assert_eq!(step(cursor), Err(DONE));
    }
    assert_eq!(c!(cstruct_cursor_end(cursor)), OK);
    assert_eq!(live(), before);
    c!(cstruct_free(list));
}

#[test]
fn refuses_to_work_elsewhere_and_still_works_at_home() {
    let _alone = alone();
    let list = list(&["a", "b"]);
    let (mut home, mut abroad) = (room(), room());
    assert_eq!(c!(cstruct_cursor_init(home.as_mut_ptr(), list)), OK);
    assert_eq!(step(home.as_mut_ptr()).as_deref(), Ok("a"));
    c!(abroad.as_mut_ptr().copy_from_nonoverlapping(home.as_ptr(), 1));

    let before = live();
    assert_eq!(step(abroad.as_mut_ptr()), Err(MOVED));
    assert_eq!(c!(cstruct_cursor_end(abroad.as_mut_ptr())), MOVED);
    assert_eq!(live(), before, "it goes on being counted");

    assert_eq!(step(home.as_mut_ptr()).as_deref(), Ok("b"), "nothing was changed");
    assert_eq!(c!(cstruct_cursor_end(home.as_mut_ptr())), OK);
    assert_eq!(step(abroad.as_mut_ptr()), Err(MOVED), "the copy knows its home still");
    c!(cstruct_free(list));
}

#[test]
fn ends_once_and_its_room_can_be_used_again() {
    let _alone = alone();
    let (one, two) = (list(&["a"]), list(&["b"]));
    let mut room = room();
    let cursor = room.as_mut_ptr();
    for (list, name) in [(one, "a"), (two, "b")] {
        assert_eq!(c!(cstruct_cursor_init(cursor, list)), OK);
        assert_eq!(step(cursor).as_deref(), Ok(name));
        assert_eq!(c!(cstruct_cursor_end(cursor)), OK);
        let before = live();
        assert_eq!(c!(cstruct_cursor_end(cursor)), INVALID);
        assert_eq!(step(cursor), Err(INVALID));
        assert_eq!(live(), before, "the second end counted nothing");
    }
    c!(cstruct_free(one));
    c!(cstruct_free(two));
}

#[test]
fn answers_null_and_zeroes() {
    let _alone = alone();
    let list = list(&["a"]);
    let mut room = room();
    let cursor = room.as_mut_ptr();
    let before = live();
    assert_eq!(c!(cstruct_cursor_init(cursor, null())), INVALID);
    assert_eq!(c!(cstruct_cursor_init(null_mut(), list)), INVALID);
    assert_eq!(step(null_mut()), Err(INVALID));
    assert_eq!(c!(cstruct_cursor_end(null_mut())), INVALID);
    c!(cursor.write_bytes(0, 1));
    assert_eq!(step(cursor), Err(INVALID));
    assert_eq!(c!(cstruct_cursor_end(cursor)), INVALID);
    assert_eq!(live(), before, "there is nothing to end");

    assert_eq!(c!(cstruct_cursor_init(cursor, list)), OK);
    assert_eq!(c!(cstruct_cursor_step(cursor, null_mut())), INVALID);
    assert_eq!(step(cursor).as_deref(), Ok("a"), "the refused step took nothing");
    assert_eq!(c!(cstruct_cursor_end(cursor)), OK);
    c!(cstruct_free(list));
}
