//! Tables: the calls in short, and a watcher that writes down what it is told.
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::ptr::null_mut;

use super::*;

pub(crate) fn table(capacity: usize) -> *mut cstruct_table {
    let mut out = null_mut();
    assert_eq!(c!(cstruct_table_new(capacity, &raw mut out)), OK);
    out
}

pub(crate) fn free(table: *mut cstruct_table) {
    assert_eq!(c!(cstruct_table_free(table)), OK);
}

pub(crate) fn push(table: *mut cstruct_table, record: *mut Record) -> Status {
    c!(cstruct_table_push(table, record))
}

pub(crate) fn take(table: *mut cstruct_table, name: &str) -> Result<*mut Record, Status> {
    let name = text(name);
    let mut out = std::ptr::dangling_mut();
    match c!(cstruct_table_take(table, name.as_ptr(), &raw mut out)) {
        OK => Ok(out),
        refused => {
            assert!(out.is_null());
            Err(refused)
        }
    }
}

pub(crate) fn find(table: *const cstruct_table, name: &str) -> *const Record {
    let name = text(name);
    c!(cstruct_table_find(table, name.as_ptr()))
}

/// The names in the order of the indices.
pub(crate) fn names(table: *const cstruct_table) -> Vec<String> {
    (0..c!(cstruct_table_len(table))).map(|i| name_of(c!(cstruct_table_at(table, i)))).collect()
}

pub(crate) fn begin(table: *mut cstruct_table) -> Result<*mut cstruct_batch, Status> {
    let mut out = std::ptr::dangling_mut();
    match c!(cstruct_batch_begin(table, &raw mut out)) {
        OK => Ok(out),
        refused => {
            assert!(out.is_null());
            Err(refused)
        }
    }
}

/// Tries everything that would change a table, finds each refused, and that looking is not.
///
/// For use within a function that the table is calling. `batch` is one that lives, or NULL.
pub(crate) fn assert_locked(table: *mut cstruct_table, batch: *mut cstruct_batch) {
    let extra = record(0, "extra");
    let before = (live(), names(table));
    assert_eq!(push(table, extra), BUSY);
    if let Some(name) = before.1.first() {
        assert_eq!(take(table, name), Err(BUSY));
        assert!(!find(table, name).is_null());
    }
    assert_eq!(begin(table), Err(BUSY));
    if !batch.is_null() {
        assert_eq!(c!(cstruct_batch_commit(batch)), BUSY);
    }
    assert_eq!(c!(cstruct_table_watch(table, None, null_mut(), None)), BUSY);
    assert_eq!(c!(cstruct_table_free(table)), BUSY);
    let mut seen = 0_usize;
    assert_eq!(c!(cstruct_table_each(table, Some(count_one), (&raw mut seen).cast())), OK);
    assert_eq!(seen, before.1.len());
    assert_eq!((live(), names(table)), before);

    let objects = live().0;
    assert_eq!(c!(cstruct_table_push_or_free(table, extra)), BUSY);
    assert_eq!(live().0, objects - 1);
}

unsafe extern "C" fn count_one(user: *mut c_void, _record: *const Record) -> i32 {
    *c!(&mut *user.cast::<usize>()) += 1;
    0
}

/// What a watcher was told, and what it does besides.
pub(crate) struct Diary {
    table: *mut cstruct_table,
    told: RefCell<Vec<(String, usize)>>,
    destroyed: Cell<usize>,
}

impl Diary {
    pub(crate) fn new(table: *mut cstruct_table) -> Self {
        Diary { table, told: RefCell::default(), destroyed: Cell::default() }
    }

    /// Makes it the table's watcher. It must live until it was destroyed, which it only counts.
    pub(crate) fn watch(&self) -> Status {
        c!(cstruct_table_watch(self.table, Some(write_down), self.user(), Some(destroy)))
    }

    pub(crate) fn user(&self) -> *mut c_void {
        std::ptr::from_ref(self).cast_mut().cast()
    }

    /// `+name` or `-name`, and how many records there were then.
    pub(crate) fn told(&self) -> Vec<(String, usize)> {
        self.told.borrow().clone()
    }

    pub(crate) fn destroyed(&self) -> usize {
        self.destroyed.get()
    }
}

unsafe extern "C" fn write_down(user: *mut c_void, event: cstruct_event, record: *const Record) {
    let diary = c!(&*user.cast::<Diary>());
    let sign = match event {
        cstruct_event::CSTRUCT_PUSHED => '+',
        cstruct_event::CSTRUCT_TAKEN => '-',
        other => panic!("{other:?} is no event"),
    };
    let name = name_of(record);
    assert_eq!(find(diary.table, &name).is_null(), sign == '-');
    assert_locked(diary.table, null_mut());
    let len = c!(cstruct_table_len(diary.table));
    diary.told.borrow_mut().push((format!("{sign}{name}"), len));
}

unsafe extern "C" fn destroy(user: *mut c_void) {
    let diary = c!(&*user.cast::<Diary>());
    diary.destroyed.set(diary.destroyed.get() + 1);
    assert_locked(diary.table, null_mut());
}

/// What a diary should say.
pub(crate) fn said<const N: usize>(what: [(&str, usize); N]) -> Vec<(String, usize)> {
    what.map(|(what, len)| (what.to_owned(), len)).to_vec()
}
