//! One-line functions in pairs: `x` with the kit, and `x_raw` as one writes it with pointers.
//!
//! `tests/assembly.rs` of `cstruct-bench` compiles them optimised, and counts the instructions of each.
#![no_std]
#![allow(clippy::not_unsafe_ptr_arg_deref, reason = "nobody calls the twins: they are compiled to be looked at")]

use core::fmt;
use core::ptr;

use cstruct::kit::{CloseError, Null, Released, out};
use cstruct::{CStruct, CStructRef, wrap};
use cstruct_sys::{self as sys, cstruct_status};

wrap! {
    /// An arena with C's own status for an error: looked up in no table, owning nothing.
    pub struct Arena = Owned<ArenaRef>;
    /// Its borrow.
    pub struct ArenaRef(sys::cstruct_arena);

    unsafe {
        close = sys::cstruct_arena_release, closed => Refused;
    }
}

/// Why it is still open.
#[derive(Clone, Copy, Debug)]
pub struct Refused(pub cstruct_status);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused with status {}", self.0.0)
    }
}

#[inline]
fn closed(status: cstruct_status) -> Released<Refused> {
    if status == cstruct_status::CSTRUCT_OK { Released::Gone } else { Released::Refused(Refused(status)) }
}

wrap! {
    /// A record whose failure to be made says nothing but that.
    pub struct Series = Owned<SeriesRef>;
    /// Its borrow.
    pub struct SeriesRef(sys::cstruct);

    unsafe {
        release = sys::cstruct_free;
    }
}

wrap! {
    /// One count of a blob.
    pub struct Blob = Shared<BlobRef>;
    /// Its borrow.
    pub struct BlobRef(sys::cstruct_blob);

    unsafe {
        retain = sys::cstruct_blob_retain, counted => Refused;
        release = sys::cstruct_blob_release;
    }
}

#[inline]
fn counted(status: cstruct_status) -> Result<(), Refused> {
    if status == cstruct_status::CSTRUCT_OK { Ok(()) } else { Err(Refused(status)) }
}

/// A name in the assembly for each function, and no inlining of one into another.
macro_rules! exported {
    ($($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? $body:block)*) => {$(
        $(#[$doc])*
        // SAFETY: no other function in the program has this name.
        #[unsafe(no_mangle)]
        pub fn $name($($argument: $type),*) $(-> $result)? $body
    )*};
}

exported! {
    /// The end of a scope.
    fn drop_one(record: CStruct) {
        drop(record);
    }
    /// Its twin.
    fn drop_one_raw(record: *mut sys::cstruct) {
        // SAFETY: the caller hands it over.
        unsafe { sys::cstruct_free(record) }
    }

    /// The end of a scope with something in it, or nothing.
    fn drop_option(record: Option<CStruct>) {
        drop(record);
    }
    /// Its twin.
    fn drop_option_raw(record: *mut sys::cstruct) {
        if !record.is_null() {
            // SAFETY: the caller hands it over.
            unsafe { sys::cstruct_free(record) }
        }
    }

    /// An explicit end that cannot fail.
    fn close_one(record: CStruct) {
        let Ok(()) = record.close();
    }
    /// Its twin.
    fn close_one_raw(record: *mut sys::cstruct) {
        // SAFETY: the caller hands it over.
        unsafe { sys::cstruct_free(record) }
    }

    /// An explicit end that can be refused, and is handed back then.
    fn close_arena(arena: Arena) -> Option<Arena> {
        match arena.close() {
            Err(CloseError::StillOpen { handle, .. }) => Some(handle),
            _ => None,
        }
    }
    /// Its twin.
    fn close_arena_raw(arena: *mut sys::cstruct_arena) -> *mut sys::cstruct_arena {
        // SAFETY: the caller hands it over, and gets it back when it was refused.
        let status = unsafe { sys::cstruct_arena_release(arena) };
        if status == cstruct_status::CSTRUCT_OK { ptr::null_mut() } else { arena }
    }

    /// A field.
    fn value(record: &CStructRef) -> i32 {
        record.value()
    }
    /// Its twin.
    fn value_raw(record: *const sys::cstruct) -> i32 {
        // SAFETY: the caller says that it is live.
        unsafe { (*record).value }
    }

    /// A field of what an owner holds.
    fn value_of_owner(record: &CStruct) -> i32 {
        record.value()
    }
    /// Its twin.
    fn value_of_owner_raw(record: &*mut sys::cstruct) -> i32 {
        // SAFETY: the caller says that it is live.
        unsafe { (**record).value }
    }

    /// A call.
    fn count(blob: &cstruct::BlobRef) -> u32 {
        blob.count()
    }
    /// Its twin.
    fn count_raw(blob: *const sys::cstruct_blob) -> u32 {
        // SAFETY: the caller says that it is live.
        unsafe { sys::cstruct_blob_count(blob) }
    }

    /// The link of a list.
    fn next(record: &CStructRef) -> Option<&CStructRef> {
        record.next()
    }
    /// Its twin.
    fn next_raw(record: *const sys::cstruct) -> *const sys::cstruct {
        // SAFETY: the caller says that it is live.
        unsafe { (*record).next }
    }

    /// A borrow from a table.
    fn at(table: &cstruct::TableRef, index: usize) -> Option<&CStructRef> {
        table.at(index)
    }
    /// Its twin.
    fn at_raw(table: *const sys::cstruct_table, index: usize) -> *const sys::cstruct {
        // SAFETY: the caller says that it is live.
        unsafe { sys::cstruct_table_at(table, index) }
    }

    /// One count more.
    fn retain(blob: &Blob) -> Option<Blob> {
        blob.try_clone().ok()
    }
    /// Its twin.
    fn retain_raw(blob: &*mut sys::cstruct_blob) -> *mut sys::cstruct_blob {
        // SAFETY: the caller says that it is live.
        let status = unsafe { sys::cstruct_blob_retain(*blob) };
        if status == cstruct_status::CSTRUCT_OK { *blob } else { ptr::null_mut() }
    }

    /// A new one, or none.
    fn make(value: i32) -> Option<Series> {
        // SAFETY: NULL is a record without a name, and the slot may be written.
        let call = |slot: *mut *mut _| unsafe { sys::cstruct_new(value, ptr::null(), slot) };
        // SAFETY: OWNED(cstruct_free), NULL on every failure; nobody else has the pointer.
        unsafe { out::made_unless_null((), call, |_, null: Null| null) }.map(Series::from).ok()
    }
    /// Its twin.
    fn make_raw(value: i32) -> *mut sys::cstruct {
        let mut out = ptr::null_mut();
        // SAFETY: NULL is a record without a name, and `out` may be written.
        let status = unsafe { sys::cstruct_new(value, ptr::null(), &raw mut out) };
        if status == cstruct_status::CSTRUCT_OK { out } else { ptr::null_mut() }
    }
}
