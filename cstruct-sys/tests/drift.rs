//! The checked-in bindings are those of the header, to the byte where libclang can say so.

#![allow(dead_code, reason = "the build's own modules are used, and not all of each")]

#[path = "../build/ctypes.rs"]
mod ctypes;
#[path = "../build/fingerprint.rs"]
mod fingerprint;
#[path = "../build/outline.rs"]
mod outline;

const IN_USE: &str = include_str!(concat!(env!("OUT_DIR"), "/bindings.rs"));
const CHECKED_IN: &str = include_str!("../src/bindings.rs");
const HEADER: &str = include_str!("../c/cstruct.h");

#[test]
fn checked_in_bindings_are_the_fresh_ones() {
    let origin = env!("CSTRUCT_SYS_BINDINGS");
    if origin == "libclang" {
        println!("comparing with bindings that libclang made in this build");
    } else {
        println!("no fresh bindings to compare with: {origin}; the fingerprint alone is compared");
    }
    assert_eq!(fingerprint::recorded_in(CHECKED_IN), Some(fingerprint::of(HEADER).as_str()), "{REFRESH}");
    // Without libclang the build takes the checked-in ones, so this holds in both cases.
    if cfg!(target_env = "msvc") {
        println!("Microsoft's C has signed enums: the text is not compared");
    } else if let Some((ours, fresh)) = first_difference(CHECKED_IN, IN_USE) {
        panic!("{REFRESH}\n  checked in: {ours}\n       fresh: {fresh}");
    }
}

const REFRESH: &str = "src/bindings.rs is out of date; refresh it: CSTRUCT_SYS_REFRESH=1 cargo build -p cstruct-sys";

fn first_difference<'a>(ours: &'a str, fresh: &'a str) -> Option<(&'a str, &'a str)> {
    let mut lines = ours.lines().zip(fresh.lines());
    lines.find(|(ours, fresh)| ours != fresh).or_else(|| {
        let same = ours.lines().count() == fresh.lines().count();
        (!same).then_some(("(another number of lines)", ""))
    })
}

/// Two readers that know nothing of each other, one of C and one of Rust, find the same declarations.
#[test]
fn header_and_bindings_declare_the_same() {
    let (header, bindings) = (outline::of_header(HEADER), outline::of_bindings(CHECKED_IN));
    assert_eq!(outline::differences(&bindings, &header), Vec::<String>::new());
    for kind in ["function", "struct", "field", "enum", "constant", "type"] {
        assert!(header.keys().any(|item| item.starts_with(kind)), "the reader found no {kind}");
    }
    assert!(header.len() > 100, "only {} items were found", header.len());
}

/// What somebody without libclang is told after an edit.
#[test]
fn an_edit_of_the_header_is_named() {
    let edits = [
        (
            "void cstruct_clear(",
            "void cstruct_wipe(",
            ["function `cstruct_clear` is gone", "function `cstruct_wipe` is new"].as_slice(),
        ),
        ("    int32_t value;", "    int32_t value;\n    uint32_t colour;", &["field `cstruct.colour` is new"]),
        ("    CSTRUCT_FULL = 7,", "    CSTRUCT_FULL = 70,", &["constant `CSTRUCT_FULL` was `7` and is now `70`"]),
        (
            "int32_t cstruct_value(",
            "int64_t cstruct_value(",
            &[
                "function `cstruct_value` was `int32_t cstruct_value ( const cstruct * self )` and is now `int64_t cstruct_value ( const cstruct * self )`",
            ],
        ),
        ("/* Sets the number. */", "/* Sets it. */", &[]),
    ];
    for (old, new, expected) in edits {
        let edited = HEADER.replacen(old, new, 1);
        assert_ne!(edited, HEADER, "the header has no {old:?}");
        assert_ne!(fingerprint::of(&edited), fingerprint::of(HEADER));
        let said = outline::differences(&outline::of_bindings(CHECKED_IN), &outline::of_header(&edited));
        assert_eq!(said, expected);
    }
}

#[test]
fn line_ends_do_not_change_the_fingerprint() {
    assert_eq!(fingerprint::of(&HEADER.replace('\n', "\r\n")), fingerprint::of(HEADER));
    // The published value of FNV-1a with 128 bits for "foobar".
    assert_eq!(fingerprint::of("foobar"), "fnv1a-343e1662793c64bf6f0d3597ba446f18");
}
