//! The checked-in bindings on machines that are not this one: on each either everything is as the bindings believe, or what is not is
//! refused by name.
//!
//! libclang parses the echo of the bindings for each target, with the two headers that C demands of a freestanding compiler made from
//! what the compiler itself says of the target, so nothing of that target need be installed. A refusal is no loss: there the build makes bindings from the header, and says so where it cannot.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking; that is how it says so")]
#![allow(dead_code, reason = "the build's own modules are used, and not all of each")]

use std::path::Path;

#[path = "../build/clang.rs"]
mod clang;
#[path = "../build/clang_type.rs"]
mod clang_type;
#[path = "../build/ctypes.rs"]
mod ctypes;
#[path = "../build/echo.rs"]
mod echo;
#[path = "../build/outline.rs"]
mod outline;

const BINDINGS: &str = include_str!("../src/bindings.rs");

/// Targets on which the bindings are right as they are.
const EQUAL: [&str; 8] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "riscv64-unknown-linux-gnu",
    "powerpc64le-unknown-linux-gnu",
    "x86_64-pc-windows-gnu",
    // Its enums are signed, which changes neither their size nor one of their values.
    "x86_64-pc-windows-msvc",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
];

/// Targets on which they are not, and something that has to be named in what is said.
const REFUSED: [(&str, &str); 4] = [
    ("i686-unknown-linux-gnu", "struct cstruct: its size"),
    ("armv7-unknown-linux-gnueabihf", "struct cstruct: its size"),
    ("i686-pc-windows-gnu", "struct cstruct: its size"),
    ("i686-pc-windows-msvc", "struct cstruct: its size"),
];

const STDDEF: &str = "typedef __SIZE_TYPE__ size_t;
#define NULL ((void *)0)
#define offsetof(record, field) __builtin_offsetof(record, field)
";
const STDINT: &str = "typedef __INT8_TYPE__ int8_t;
typedef __UINT8_TYPE__ uint8_t;
typedef __INT16_TYPE__ int16_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __INT32_TYPE__ int32_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __INT64_TYPE__ int64_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __INTPTR_TYPE__ intptr_t;
typedef __UINTPTR_TYPE__ uintptr_t;
#define SIZE_MAX __SIZE_MAX__
#define UINT64_MAX __UINT64_MAX__
";

/// What libclang refuses in the echo of `bindings` on `target`; nothing if there is no libclang. `test` has files of its own.
fn refused(test: &str, target: &str, bindings: &str) -> Option<Vec<String>> {
    let library = clang::Library::load().inspect_err(|why| println!("targets: not looked at: {why}")).ok()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("targets").join(test);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in [("stddef.h", STDDEF), ("stdint.h", STDINT), ("echo.c", &echo::source(bindings, "cstruct.h"))] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let library_header = Path::new(env!("CARGO_MANIFEST_DIR")).join("c");
    let args = [
        "-std=c11".to_owned(),
        "-ffreestanding".to_owned(),
        "-nostdinc".to_owned(),
        "-ferror-limit=0".to_owned(),
        format!("-isystem{}", folder.display()),
        format!("-I{}", library_header.display()),
        format!("--target={target}"),
    ];
    let unit = clang::Unit::parse(&library, &folder.join("echo.c"), &args).unwrap();
    Some(unit.errors().into_iter().map(|(_, message)| message).collect())
}

#[test]
fn the_bindings_are_right_for_every_target_that_they_serve() {
    for target in EQUAL {
        let Some(said) = refused("equal", target, BINDINGS) else { return };
        assert_eq!(said, Vec::<String>::new(), "{target}");
        println!("targets: {target}: all equal");
    }
}

#[test]
fn elsewhere_they_are_refused_by_name() {
    for (target, named) in REFUSED {
        let Some(said) = refused("refused", target, BINDINGS) else { return };
        assert!(said.iter().all(|line| line.contains("the bindings of")), "{target}: {said:#?}");
        assert!(said.iter().any(|line| line.contains(named)), "{target}: {said:#?}");
        println!("targets: {target}: refused, {} differences, {named} among them", said.len());
    }
}

#[test]
fn a_wrong_belief_is_noticed_on_every_target() {
    let right = "size_of::<cstruct_usage>() - 16usize";
    assert!(BINDINGS.contains(right));
    let wrong = BINDINGS.replace(right, "size_of::<cstruct_usage>() - 24usize");
    for target in EQUAL {
        let Some(said) = refused("wrong", target, &wrong) else { return };
        assert!(said.iter().any(|line| line.contains("struct cstruct_usage: its size")), "{target}: {said:#?}");
    }
}
