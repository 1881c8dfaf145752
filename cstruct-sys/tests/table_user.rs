//! A pointer of the caller's in a table: destroyed exactly once, and never looked into.
mod raw;

use raw::{table::*, *};
use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr::{dangling_mut, null, null_mut};

/// What is kept; its end is written into the diary.
struct Kept<'d> {
    name: &'static str,
    table: *mut cstruct_table,
    diary: &'d RefCell<Vec<&'static str>>,
}

impl Kept<'_> {
    fn user(&self) -> *mut c_void {
        std::ptr::from_ref(self).cast_mut().cast()
    }
}

unsafe extern "C" fn destroy(user: *mut c_void) {
    let kept = c!(&*user.cast::<Kept<'_>>());
    assert_ne!(c!(cstruct_table_user(kept.table)), user, "what is ending is not found");
    assert_eq!(c!(cstruct_table_set_user(kept.table, null_mut(), None)), BUSY);
    assert_locked(kept.table, null_mut());
    kept.diary.borrow_mut().push(kept.name);
}

fn set(kept: &Kept<'_>) -> Status {
    c!(cstruct_table_set_user(kept.table, kept.user(), Some(destroy)))
}

#[test]
fn it_is_kept_replaced_and_destroyed_once() {
    let _alone = alone();
    let (table, diary) = (table(0), RefCell::default());
    let kept = |name| Kept { name, table, diary: &diary };
    let (first, second, third) = (kept("first"), kept("second"), kept("third"));
    assert!(c!(cstruct_table_user(table)).is_null());
    assert_eq!(push(table, record(1, "a")), OK);
    assert_eq!(set(&first), OK);
    assert_eq!(c!(cstruct_table_user(table)), first.user());
    assert_eq!(set(&second), OK);
    assert_eq!(*diary.borrow(), ["first"]);
    assert_eq!(c!(cstruct_table_set_user(table, null_mut(), None)), OK);
    assert!(c!(cstruct_table_user(table)).is_null());
    assert_eq!(*diary.borrow(), ["first", "second"]);
    assert_eq!(set(&third), OK);
    free(table);
    assert_eq!(*diary.borrow(), ["first", "second", "third"]);
}

#[test]
fn it_ends_behind_the_watcher() {
    let _alone = alone();
    let (table, diary) = (table(0), RefCell::default());
    let kept = Kept { name: "kept", table, diary: &diary };
    let watcher = Diary::new(table);
    assert_eq!((watcher.watch(), set(&kept)), (OK, OK));
    free(table);
    assert_eq!((watcher.destroyed(), diary.borrow().len()), (1, 1));
}

unsafe extern "C" fn set_inside(user: *mut c_void, _record: *const Record) -> i32 {
    let kept = c!(&*user.cast::<Kept<'_>>());
    assert_eq!(set(kept), BUSY);
    0
}

#[test]
fn a_refused_pointer_is_still_the_callers() {
    let _alone = alone();
    let (table, diary) = (table(0), RefCell::default());
    let kept = Kept { name: "kept", table, diary: &diary };
    assert_eq!(push(table, record(1, "a")), OK);
    assert_eq!(c!(cstruct_table_each(table, Some(set_inside), kept.user())), OK);
    assert_eq!(c!(cstruct_table_set_user(table, null_mut(), Some(destroy))), INVALID);
    assert_eq!(c!(cstruct_table_set_user(null_mut(), kept.user(), Some(destroy))), INVALID);
    assert!(c!(cstruct_table_user(null())).is_null());
    assert!(diary.borrow().is_empty());

    // Without a destroy it is a number like any other.
    assert_eq!(c!(cstruct_table_set_user(table, dangling_mut(), None)), OK);
    assert_eq!(c!(cstruct_table_user(table)), dangling_mut());
    free(table);
}
