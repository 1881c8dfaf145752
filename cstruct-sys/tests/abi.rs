//! What users of the bindings rely on, stated for the compiler; and the echo, which must notice a wrong belief.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking; that is how it says so")]
#![allow(dead_code, reason = "the build's own modules are used, and not all of each")]

use std::path::Path;
use std::process::Command;

use cstruct_sys::*;
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any};

#[path = "../build/ctypes.rs"]
mod ctypes;
#[path = "../build/echo.rs"]
mod echo;
#[path = "../build/outline.rs"]
mod outline;

const BINDINGS: &str = include_str!(concat!(env!("OUT_DIR"), "/bindings.rs"));

// Plain data is copied; what owns or borrows is not.
assert_impl_all!(cstruct_stats: Copy, Send, Sync);
assert_impl_all!(cstruct_usage: Copy, Send, Sync);
assert_impl_all!(cstruct_reading: Copy, Send, Sync);
assert_impl_all!(cstruct_status: Copy, Eq, std::hash::Hash, std::fmt::Debug);
assert_not_impl_any!(cstruct: Copy, Clone, Send, Sync);
assert_not_impl_any!(cstruct_text: Copy, Clone, Send, Sync);
assert_not_impl_any!(cstruct_cursor: Copy, Clone, Send, Sync);
assert_not_impl_any!(cstruct_allocator: Copy, Clone, Send, Sync);
assert_not_impl_any!(cstruct_source: Copy, Clone, Send, Sync);
assert_not_impl_any!(cstruct_open_options: Copy, Clone, Send, Sync);

// What only C knows stays where it is.
assert_not_impl_any!(cstruct_ctx: Copy, Clone, Send, Sync, Unpin);
assert_not_impl_any!(cstruct_query: Copy, Clone, Send, Sync, Unpin);
assert_not_impl_any!(cstruct_writer: Copy, Clone, Send, Sync, Unpin);
assert_not_impl_any!(cstruct_blob: Copy, Clone, Send, Sync, Unpin);
assert_not_impl_any!(cstruct_table: Copy, Clone, Send, Sync, Unpin);
assert_not_impl_any!(cstruct_batch: Copy, Clone, Send, Sync, Unpin);
assert_not_impl_any!(cstruct_arena: Copy, Clone, Send, Sync, Unpin);
assert_not_impl_any!(cstruct_meter: Copy, Clone, Send, Sync, Unpin);

// NULL has its place in a function pointer, and costs nothing.
assert_eq_size!(cstruct_each_fn, *const ());
assert_eq_size!(cstruct_status, std::ffi::c_int);

/// Compiles the echo of `bindings` as the build does; the answer is what the compiler said, if it refused.
fn refused(name: &str, bindings: &str, flags: &[&str]) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("echo_{name}.c"));
    std::fs::write(&file, echo::source(bindings, "cstruct.h")).unwrap();
    let mut compiler = Command::new("cc");
    compiler.args([
        "-std=c11",
        "-fsyntax-only",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Wconversion",
        "-Wshadow",
        "-Werror",
        "-I",
    ]);
    let output = compiler.arg(root.join("c")).args(flags).arg(&file).output().unwrap();
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_echo_of_the_bindings_compiles() {
    assert_eq!(refused("right", BINDINGS, &[]), None);
}

#[test]
fn short_enums_are_refused_by_name() {
    let said = refused("short_enums", BINDINGS, &["-fshort-enums"]).expect("-fshort-enums must be refused");
    assert!(said.contains("cstruct_status") && said.contains("cstruct_event"), "{said}");
}

#[test]
fn every_wrong_belief_is_refused_by_name() {
    let wrong = [
        (
            "value",
            "pub const CSTRUCT_BUSY: cstruct_status = cstruct_status(6)",
            "pub const CSTRUCT_BUSY: cstruct_status = cstruct_status(5)",
            "CSTRUCT_BUSY",
        ),
        (
            "macro",
            "pub const CSTRUCT_BLOB_MAX_COUNT: u32 = 65535",
            "pub const CSTRUCT_BLOB_MAX_COUNT: u32 = 65536",
            "CSTRUCT_BLOB_MAX_COUNT",
        ),
        ("size", "size_of::<cstruct_usage>() - 16usize", "size_of::<cstruct_usage>() - 24usize", "cstruct_usage"),
        ("alignment", "align_of::<cstruct_usage>() - 8usize", "align_of::<cstruct_usage>() - 4usize", "cstruct_usage"),
        (
            "offset",
            "offset_of!(cstruct_usage, bytes) - 8usize",
            "offset_of!(cstruct_usage, bytes) - 0usize",
            "cstruct_usage.bytes",
        ),
        ("field", "    pub samples: *mut f64,", "    pub samples: *mut f32,", "cstruct.samples"),
        (
            "function",
            "pub fn cstruct_value(self_: *const cstruct) -> i32;",
            "pub fn cstruct_value(self_: *const cstruct) -> i64;",
            "cstruct_value",
        ),
        (
            "parameter",
            "pub fn cstruct_set_value(self_: *mut cstruct, value: i32);",
            "pub fn cstruct_set_value(self_: *mut cstruct, value: f64);",
            "cstruct_set_value",
        ),
    ];
    for (name, right, mistake, named) in wrong {
        let mutant = BINDINGS.replacen(right, mistake, 1);
        assert_ne!(mutant, BINDINGS, "{name}: the bindings have no {right:?}");
        let said = refused(name, &mutant, &[]).unwrap_or_else(|| panic!("{name}: the C compiler believed {mistake:?}"));
        assert!(said.contains(named), "{name}: {named} is not named in: {said}");
    }
}
