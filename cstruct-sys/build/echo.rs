//! The echo: what the bindings believe about the C side, written in C, so that the C compiler itself confirms it.
//!
//! It is made from the text of the bindings that are in use, so it serves with libclang and without. Bindings are wrong in
//! silence when a flag or a target changes a layout; after this they are a compile error that names the struct, field or enum.

use std::fmt::Write;

use super::ctypes::declaration;
use super::outline::of_bindings;

/// A C source that compiles only if `bindings` and `header` mean the same.
pub(crate) fn source(bindings: &str, header: &str) -> String {
    let mut c = format!(
        "/* Made by build.rs from the bindings. */\n#include \"{header}\"\n\n#if defined(__clang__)\n\
         #pragma clang diagnostic ignored \"-Wnullability-completeness\"\n#endif\n\n\
         #define SAME(claim, text) _Static_assert(claim, \"the bindings of \" text \": a flag or target changes the layout\")\n\n"
    );
    layouts(bindings, &mut c);
    enums(bindings, &mut c);
    for (item, declared) in of_bindings(bindings) {
        let name = item.split('`').nth(1).unwrap_or_default();
        if item.starts_with("function") {
            // A second declaration must be the same as the first.
            let _ = writeln!(c, "{declared};");
        } else if item.starts_with("constant") && !declared.starts_with('"') {
            let _ = writeln!(c, "SAME({name} == {declared}, \"{name}: its value\");");
        }
    }
    c
}

/// Size, alignment and offsets, from the layout tests that bindgen writes, and the type of each field.
fn layouts(bindings: &str, c: &mut String) {
    let tests = bindings
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ");
    for test in tests.split("::core::mem::").skip(1) {
        let Some((what, number)) = test.split_once(" - ") else { continue };
        let number: String = number.chars().take_while(char::is_ascii_digit).collect();
        let _ = if let Some(record) = what.strip_prefix("size_of::<").and_then(|rest| rest.strip_suffix(">()")) {
            writeln!(c, "SAME(sizeof({record}) == {number}, \"struct {record}: its size\");")
        } else if let Some(record) = what.strip_prefix("align_of::<").and_then(|rest| rest.strip_suffix(">()")) {
            writeln!(c, "SAME(_Alignof({record}) == {number}, \"struct {record}: its alignment\");")
        } else if let Some((record, field)) = field_of(what) {
            writeln!(c, "SAME(offsetof({record}, {field}) == {number}, \"field {record}.{field}: its offset\");")
        } else {
            Ok(())
        };
    }
    for (item, ty) in field_types(bindings) {
        let (record, field) = item.split_once('.').unwrap_or_default();
        let pointer = declaration(&ty, "*");
        let _ = writeln!(
            c,
            "SAME(_Generic(&(({record} *)0)->{field}, {pointer}: 1, default: 0), \"field {item}: its type\");"
        );
    }
}

/// An enum is an integer in the bindings: it must have that size.
fn enums(bindings: &str, c: &mut String) {
    for line in bindings.lines().filter_map(|line| line.strip_prefix("pub struct ")) {
        if let Some((name, ty)) = line.split_once("(pub ") {
            let ty = declaration(ty.trim_end_matches(");"), "");
            let _ = writeln!(c, "SAME(sizeof({name}) == sizeof({ty}), \"enum {name}: its size\");");
        }
    }
}

fn field_of(what: &str) -> Option<(&str, &str)> {
    what.strip_prefix("offset_of!(")?.strip_suffix(')')?.split_once(", ")
}

/// `struct.field` and its type as Rust writes it.
fn field_types(bindings: &str) -> Vec<(String, String)> {
    let mut record = "";
    let mut fields = Vec::new();
    let mut lines = bindings.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {")) {
            record = name;
        } else if let Some((field, ty)) = line.strip_prefix("    pub ").and_then(|rest| rest.split_once(": ")) {
            if field.contains(' ') {
                continue;
            }
            // A long type goes on until the line that closes it.
            let mut ty = ty.to_owned();
            while !ty.ends_with(',') || ty.matches('<').count() != ty.replace("->", "").matches('>').count() {
                ty.push_str(lines.next().unwrap_or(",>").trim());
            }
            fields.push((format!("{record}.{field}"), ty.trim_end_matches(',').to_owned()));
        }
    }
    fields
}
