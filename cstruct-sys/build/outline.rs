//! What is declared, as C, one line an item: read from the header, or from the bindings, without libclang.
//!
//! Both readings give the same text for the same declaration, so their difference says what changed. They know the C that
//! this header is written in, and no more.

use std::collections::BTreeMap;

use super::ctypes::{declaration, split_list};

/// Item, such as "function `cstruct_new`", and its declaration in C.
pub(crate) type Outline = BTreeMap<String, String>;

/// What the header declares.
pub(crate) fn of_header(text: &str) -> Outline {
    let mut items = Outline::new();
    let mut code = String::new();
    for line in without_comments(&text.replace("\r\n", "\n")).replace("\\\n", " ").lines() {
        match line.trim().strip_prefix("#define ") {
            Some(define) => {
                if let Some((name, value)) = define.split_once(' ').filter(|(name, _)| !name.contains('(')) {
                    let value = value.trim();
                    if value.starts_with(|c: char| c.is_ascii_digit() || c == '"' || c == '-') {
                        items.insert(format!("constant `{name}`"), value.to_owned());
                    }
                }
            }
            None if line.trim_start().starts_with('#') || line.contains("extern \"C\"") => {}
            None => {
                code.push_str(line);
                code.push('\n');
            }
        }
    }
    for statement in split_list(&code, ';') {
        header_item(&statement, &mut items);
    }
    items
}

fn header_item(statement: &str, items: &mut Outline) {
    let statement = statement.trim().trim_start_matches('}').trim();
    if let Some(body) = statement.strip_prefix("typedef enum") {
        let Some((list, name)) = body.split_once('{').and_then(|(_, rest)| rest.split_once('}')) else { return };
        items.insert(format!("enum `{}`", name.trim()), String::new());
        for (name, value) in list.split(',').filter_map(|constant| constant.split_once('=')) {
            items.insert(format!("constant `{}`", name.trim()), value.trim().to_owned());
        }
        return;
    }
    let plain = without_words(statement);
    if let Some(body) = plain.strip_prefix("typedef struct") {
        let name = body.rsplit([' ', '}']).next().unwrap_or_default().trim();
        items.insert(format!("struct `{name}`"), String::new());
        if let Some((fields, _)) = body.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}')) {
            for field in split_list(fields, ';') {
                if let Some(field_name) = declared_name(&field) {
                    items.insert(format!("field `{name}.{field_name}`"), spaced(&field));
                }
            }
        }
    } else if let Some(alias) = plain.strip_prefix("typedef ") {
        if let Some(name) = declared_name(alias) {
            items.insert(format!("type `{name}`"), spaced(alias));
        }
    } else if let Some(name) = declared_name(&plain) {
        items.insert(format!("function `{name}`"), spaced(&plain));
    }
}

/// What the bindings declare, in C.
pub(crate) fn of_bindings(text: &str) -> Outline {
    let mut items = Outline::new();
    let lines = text.lines().map(str::trim);
    let code: Vec<_> = lines.filter(|line| !line.starts_with("//") && !line.starts_with("#[")).collect();
    let code = code.join(" ");
    for (at, _) in code.match_indices("pub ") {
        let item = &code[at + 4..];
        if let Some(function) = item.strip_prefix("fn ") {
            let (name, call) = function.split_once('(').unwrap_or_default();
            let whole = format!("fn({}", call.split(';').next().unwrap_or_default());
            items.insert(format!("function `{name}`"), spaced(&declaration(&whole, name)));
        } else if let Some(alias) = item.strip_prefix("type ") {
            let (name, of) = alias.split(';').next().and_then(|alias| alias.split_once(" = ")).unwrap_or_default();
            items.insert(format!("type `{name}`"), spaced(&declaration(of, name)));
        } else if let Some(constant) = item.strip_prefix("const ") {
            let (name, value) = constant.split(';').next().and_then(|rest| rest.split_once(": ")).unwrap_or_default();
            let value = value.rsplit_once(" = ").map_or("", |(_, value)| value);
            let value = value.rsplit_once('(').map_or(value, |(_, value)| value).trim_end_matches(')');
            items.insert(format!("constant `{name}`"), value.trim_start_matches('c').to_owned());
        } else if let Some(record) = item.strip_prefix("struct ") {
            let name: String = record.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            match record[name.len()..].trim_start().strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                None => drop(items.insert(format!("enum `{name}`"), String::new())),
                Some((fields, _)) => {
                    items.insert(format!("struct `{name}`"), String::new());
                    for field in split_list(fields, ',') {
                        if let Some((field, ty)) = field.trim().strip_prefix("pub ").and_then(|f| f.split_once(": ")) {
                            items.insert(format!("field `{name}.{field}`"), spaced(&declaration(ty, field)));
                        }
                    }
                }
            }
        }
    }
    items
}

/// One line for each item that is not the same.
pub(crate) fn differences(old: &Outline, new: &Outline) -> Vec<String> {
    let gone = old.keys().filter(|item| !new.contains_key(*item)).map(|item| format!("{item} is gone"));
    let rest = new.iter().filter_map(|(item, now)| match old.get(item) {
        None => Some(format!("{item} is new")),
        Some(before) if before != now => Some(format!("{item} was `{before}` and is now `{now}`")),
        Some(_) => None,
    });
    gone.chain(rest).collect()
}

/// The last name before the parameters, or the one in `(*name)`.
fn declared_name(declaration: &str) -> Option<String> {
    let end = match declaration.find("(*") {
        Some(pointer) => pointer + declaration[pointer..].find(')')?,
        None => declaration.find(['(', '[']).unwrap_or(declaration.len()),
    };
    let name = declaration[..end].rsplit(|c: char| !c.is_alphanumeric() && c != '_').find(|name| !name.is_empty());
    name.map(str::to_owned)
}

/// The tokens with one space between them, without `struct`; a parameter named `self` is called `self_` in Rust.
fn spaced(code: &str) -> String {
    let mut out = String::new();
    let mut was_word = false;
    for c in code.chars() {
        let is_word = c.is_alphanumeric() || c == '_';
        if !(out.is_empty() || out.ends_with(' ') || is_word && was_word) {
            out.push(' ');
        }
        if !c.is_whitespace() {
            out.push(c);
        }
        was_word = is_word;
    }
    format!(" {} ", out.trim()).replace(" self_ ", " self ").replace(" struct ", " ").trim().to_owned()
}

fn without_comments(text: &str) -> String {
    let mut pieces = text.split("/*");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |code, piece| code + " " + piece.split_once("*/").map_or("", |(_, after)| after))
}

/// Takes the words of the contract off: `CSTRUCT_OWNED(x)`, `CSTRUCT_STATIC`.
fn without_words(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("CSTRUCT_") {
        out.push_str(&rest[..at]);
        rest = rest[at..].trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '_');
        if rest.starts_with('(') {
            rest = rest.split_once(')').map_or("", |(_, after)| after);
        }
    }
    (out + rest).trim().to_owned()
}
