//! The last touch to what bindgen wrote: comments that rustdoc can read, the contract in words, and opaque types that stay put.

use std::collections::BTreeMap;

use super::model::{Function, Header, Slot, Type, Word};

/// Nobody in Rust may move, share or send what only C knows.
const OPAQUE: &str = "    _unused: [u8; 0],\n";
const PINNED: &str = "    _unused: [u8; 0],
    _marker: ::core::marker::PhantomData<(*mut u8, ::core::marker::PhantomPinned)>,\n";

/// The finished text.
pub(crate) fn polish(bindings: &str, header: &Header) -> String {
    let text = with_contract(&line_comments(&bindings.replace(OPAQUE, PINNED)), header);
    let links = link_targets(&text);
    let mut in_code = false;
    let mut out = String::new();
    for line in text.lines() {
        match line.split_once("///").filter(|(indent, _)| indent.trim().is_empty()) {
            Some((indent, doc)) => out += &format!("{indent}///{}", readable(doc, &links, &mut in_code)),
            None => {
                in_code = false;
                out += line;
            }
        }
        out.push('\n');
    }
    out
}

/// `/** … */` over several lines becomes `///` on each.
fn line_comments(text: &str) -> String {
    let mut out = String::new();
    let mut inside = None;
    for line in text.lines() {
        let indent = line[..line.len() - line.trim_start().len()].to_owned();
        let (start, doc) = match line.trim_start().strip_prefix("/**") {
            Some(doc) if inside.is_none() => (Some(indent), doc),
            _ => (inside.clone(), line),
        };
        match start {
            None => out += line,
            Some(indent) => {
                let body = doc.trim_end().trim_end_matches("*/").trim();
                out += &format!("{indent}///{}{body}", if body.is_empty() { "" } else { " " });
                inside = if doc.trim_end().ends_with("*/") { None } else { Some(indent) };
            }
        }
        out.push('\n');
    }
    out
}

/// The words that stand in the header go under the comment of each function.
fn with_contract(text: &str, header: &Header) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let name = line.strip_prefix("    pub fn ").and_then(|rest| rest.split('(').next());
        let function = name.and_then(|name| header.functions.iter().find(|function| function.name == name));
        for said in function.map(contract).unwrap_or_default() {
            out += &format!("    ///{said}\n");
        }
        out += line;
        out.push('\n');
    }
    out
}

fn contract(function: &Function) -> Vec<String> {
    let mut said = vec![String::new(), " # Contract".to_owned(), String::new()];
    let returns = &function.call.result;
    if !function.words.is_empty() {
        let null = if returns.is_pointer() { null(returns) } else { String::new() };
        said.push(format!(" * the call: {}{null}", spelled(&function.words)));
    }
    for Slot { name, words, ty, .. } in function.call.params.iter().filter(|param| param.ty.is_pointer()) {
        said.push(format!(" * `{name}`: {}{}", spelled(words), null(ty)));
    }
    if said.len() > 3 { said } else { Vec::new() }
}

fn spelled(words: &[Word]) -> String {
    let spelled = words.iter().map(|word| match word.args.as_slice() {
        [] => word.name.to_uppercase(),
        args => format!("{}({})", word.name.to_uppercase(), args.join(", ")),
    });
    spelled.collect::<Vec<_>>().join(", ")
}

fn null(ty: &Type) -> String {
    let may = |nullable| if nullable == Some(true) { "may be NULL" } else { "not NULL" };
    let mut levels = ty.levels.iter().map(|level| may(level.nullable));
    let outer = levels.next().unwrap_or_default();
    match levels.next() {
        None => format!("; {outer}"),
        Some(inner) => format!("; {outer}, and what it points to {}", inner.replace("not", "is not")),
    }
}

/// What a comment may name, and where its documentation is.
fn link_targets(text: &str) -> BTreeMap<String, String> {
    let mut links = BTreeMap::new();
    for line in text.lines().map(str::trim) {
        let Some((kind, rest)) = line.strip_prefix("pub ").and_then(|item| item.split_once(' ')) else { continue };
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !name.contains('_') {
            continue;
        }
        match (kind, rest[name.len()..].strip_prefix(": ").and_then(|rest| rest.split_once(" = "))) {
            ("const", Some((owner, value))) if value.starts_with(&format!("{owner}(")) => {
                links.insert(name.clone(), format!("[`{name}`]({owner}::{name})"));
            }
            ("fn" | "struct" | "type" | "const", _) => drop(links.insert(name.clone(), format!("[`{name}`]"))),
            _ => {}
        }
    }
    links
}

/// Outside of backticks, names become links, and what Markdown would take for its own is escaped.
fn readable(doc: &str, links: &BTreeMap<String, String>, in_code: &mut bool) -> String {
    let mut out = String::new();
    let mut rest = doc;
    while let Some(c) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (piece, after) = rest.split_at(if word == 0 { c.len_utf8() } else { word });
        *in_code ^= c == '`';
        // The bullets of the contract are ours.
        let bullet = out == " " && after.starts_with(' ');
        match (c, links.get(piece)) {
            ('[' | ']' | '<' | '>' | '*', _) if !*in_code && !bullet => out += &format!("\\{c}"),
            (_, Some(link)) if !*in_code => out += link,
            _ => out += piece,
        }
        rest = after;
    }
    out
}
