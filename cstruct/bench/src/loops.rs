//! The loops of `c/loops.c`.

use core::ffi::c_char;

use cstruct_sys::{cstruct, cstruct_blob, cstruct_table, cstruct_text};

// SAFETY: the signatures are those of `c/loops.h`.
unsafe extern "C" {
    pub(crate) fn loop_bare(count: u64);
    pub(crate) fn loop_filled(count: u64, name: *const c_char, samples: *const f64, len: usize);
    pub(crate) fn loop_scope(count: u64);
    pub(crate) fn loop_text(count: u64, text: *const c_char);
    pub(crate) fn loop_close(count: u64);
    pub(crate) fn loop_value(count: u64, record: *const cstruct);
    pub(crate) fn loop_field(count: u64, record: *const cstruct);
    pub(crate) fn loop_share(count: u64, blob: *mut cstruct_blob);
    pub(crate) fn loop_dup(count: u64, list: *const cstruct);
    pub(crate) fn loop_flat(count: u64, list: *const cstruct);
    pub(crate) fn loop_table(count: u64, table: *const cstruct_table) -> i64;
    pub(crate) fn loop_list(count: u64, list: *const cstruct) -> i64;
    pub(crate) fn loop_each(count: u64, table: *mut cstruct_table) -> i64;
    pub(crate) fn loop_csv(count: u64, text: *const cstruct_text);
}
