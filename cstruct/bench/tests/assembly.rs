//! What the kit adds to raw calls, in machine code: nothing, or what is said here.
//!
//! The one-line functions of `assembly/` are compiled optimised, and the instructions of each are held against its twin's.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

/// What it may take more than its twin, in instructions.
const PAIRS: [(&str, usize); 11] = [
    ("drop_one", 0),
    ("drop_option", 0),
    ("close_one", 0),
    ("close_arena", 0),
    ("value", 0),
    ("value_of_owner", 0),
    ("count", 0),
    ("next", 0),
    ("at", 0),
    ("retain", 0),
    ("make", 0),
];

#[test]
fn the_kit_adds_no_instructions() {
    let functions = functions(compiled());
    let mut wrong = Vec::new();
    for (name, allowed) in PAIRS {
        let (ours, raw) = (&functions[name], &functions[&format!("{name}_raw")]);
        println!("{name}: {} instructions, {} raw", ours.len(), raw.len());
        if ours.len() > raw.len() + allowed {
            wrong.push(format!("{name}: {ours:#?}\nraw: {raw:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(functions.len(), 2 * PAIRS.len(), "a function of assembly/ is not looked at: {:?}", functions.keys());
}

#[test]
#[cfg(target_arch = "x86_64")]
fn the_end_of_a_scope_is_a_single_jump() {
    let functions = functions(compiled());
    for name in ["drop_one", "close_one"] {
        let [instruction] = &functions[name][..] else { panic!("{name}: {:#?}", functions[name]) };
        assert!(instruction.starts_with("jmp") && instruction.contains("cstruct_free"), "{name}: {instruction}");
    }
}

/// The assembly of the package `cstruct-assembly`, compiled once.
fn compiled() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("assembly");
        let file = folder.join("assembly.s");
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["rustc", "--release", "--quiet", "-p", "cstruct-assembly", "--manifest-path"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("assembly/Cargo.toml"))
            .arg("--target-dir")
            .arg(&folder)
            .args(["--", "-C", "codegen-units=1", "-C", "debuginfo=0"])
            .arg(format!("--emit=asm={}", file.display()))
            // Flags for a sanitizer or for coverage are not what is looked at.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .output()
            .expect("cargo starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let reason = "cargo finds nothing to do; remove the folder `assembly` in the target folder's `tmp`";
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}: {reason}", file.display()))
    })
}

/// The instructions of each function: indented lines from its label to its end that are neither directives nor comments. Functions that
/// are the same are one, with other names set to it.
fn functions(assembly: &str) -> BTreeMap<String, Vec<String>> {
    let mut functions = BTreeMap::new();
    let mut same = Vec::new();
    let mut current: Option<(String, Vec<String>)> = None;
    for line in assembly.lines() {
        let text = line.trim();
        if let Some(label) = line.strip_suffix(':')
            && label.starts_with(|first: char| first.is_ascii_lowercase())
        {
            current = Some((label.to_owned(), Vec::new()));
        } else if text == ".cfi_endproc" {
            functions.extend(current.take());
        } else if let Some((name, other)) = alias(text) {
            same.push((name.to_owned(), other.to_owned()));
        } else if let Some((_, instructions)) = &mut current
            && line.starts_with('\t')
            && !text.starts_with(['.', '#', '/'])
        {
            instructions.push(text.replace('\t', " "));
        }
    }
    for (name, other) in same {
        if let Some(instructions) = functions.get(&other).cloned() {
            functions.insert(name, instructions);
        }
    }
    functions
}

/// `name = other`, or `.set name, other`.
fn alias(text: &str) -> Option<(&str, &str)> {
    let (name, other) =
        text.strip_prefix(".set").map_or_else(|| text.split_once(" = "), |names| names.split_once(", "))?;
    Some((name.trim(), other.trim()))
}

#[test]
fn functions_are_told_apart() {
    let assembly = "\t.text\nfirst:\n\t.cfi_startproc\n\tmovl\t(%rdi), %eax\n.LBB0_1:\n\tretq\n\t.cfi_endproc\nsecond:\n\tjmp\tfree\n\t.cfi_endproc\nthird = second\n\t.set\tfourth, first\n";
    let functions = functions(assembly);
    assert_eq!(functions["first"], ["movl (%rdi), %eax", "retq"]);
    assert_eq!(functions["second"], ["jmp free"]);
    assert_eq!(functions["third"], functions["second"]);
    assert_eq!(functions["fourth"], functions["first"]);
}
