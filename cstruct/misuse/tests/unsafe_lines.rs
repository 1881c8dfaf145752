//! What the README says of our wrappers of strangers' libraries is what `cstruct/strangers/compare` would print today.
//!
//! The rule of that script is followed here a second time, for our side only: nothing is fetched.

mod readme;

use std::fs;

use readme::{read, root, rows, section};

#[test]
fn our_figures_in_the_readme_are_those_of_the_wrappers() {
    let readme = read("README.md").expect("it is there");
    let rows = rows(section(&readme, "Strangers' libraries").expect("a section"));
    let libraries: Vec<&str> = rows.iter().map(|cells| cells[0]).collect();
    assert_eq!(libraries, ["SQLite", "zlib", "HarfBuzz"]);
    for cells in rows {
        let sources = sources(&cells[0].to_lowercase());
        let lines: usize = sources.iter().map(|source| unsafe_lines(source)).sum();
        assert_eq!(cells[2], lines.to_string(), "{}: run cstruct/strangers/compare and copy what it prints", cells[0]);
        for name in cells[1].split(", ").map(|name| name.trim_matches('`')) {
            assert!(sources.iter().any(|source| source.contains(name)), "{}: it does not use `{name}`", cells[0]);
        }
    }
}

#[test]
fn a_line_is_counted_once_if_there_is_unsafe_code_on_it() {
    let source = r#"
// unsafe { } in a comment
unsafe fn one(lengths: [u8; { 2 }]) {

    two(); // a comment
}
const TEXT: &str = "unsafe { }";
let brace = unsafe { '{' };
type Three = unsafe extern "C" fn(i32);
unsafe impl Send for Four {}
fn five() { unsafe { six() }; unsafe { seven() }; }
unsafe extern "C" {
    fn eight();
}
"#;
    assert_eq!(unsafe_lines(source), 3 + 1 + 1 + 1 + 3);
}

/// The files of one wrapper.
fn sources(library: &str) -> Vec<String> {
    let folder = root().join("cstruct/strangers/src").join(library);
    let files = fs::read_dir(folder).expect("a folder for each library");
    files.map(|file| fs::read_to_string(file.expect("it can be read").path()).expect("it is text")).collect()
}

/// How many lines are in an `unsafe` block, function, impl, trait, or block of declarations.
fn unsafe_lines(source: &str) -> usize {
    let code = blanked(source);
    let mut counted = vec![false; code.lines().count()];
    for (at, word) in code.match_indices("unsafe") {
        let Some(end) = end_of_piece(&code, at, at + word.len()) else { continue };
        let first = code[..at].matches('\n').count();
        let begin = code[..at].rfind('\n').map_or(0, |at| at + 1);
        for (line, text) in code[begin..=end].lines().enumerate() {
            counted[first + line] |= !text.trim().is_empty();
        }
    }
    counted.into_iter().filter(|counted| *counted).count()
}

/// Where the piece of unsafe code ends whose word is at `at..behind`, if the word begins one.
fn end_of_piece(code: &str, at: usize, behind: usize) -> Option<usize> {
    let of_a_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    if code[..at].ends_with(of_a_name) || code[behind..].starts_with(of_a_name) {
        return None;
    }
    let mut words = code[behind..].split_whitespace();
    let mut word = words.next()?;
    if word == "extern" {
        word = words.next()?;
    }
    // A type of functions has no name behind its `fn`.
    let mut is_named = || words.next().is_some_and(|name| name.starts_with(of_a_name));
    if !(word.starts_with('{')
        || word == "impl"
        || word.starts_with("impl<")
        || word == "trait"
        || (word == "fn" && is_named()))
    {
        return None;
    }
    let (mut brackets, mut braces) = (0_i32, 0_i32);
    for (offset, letter) in code[behind..].char_indices() {
        match letter {
            '(' | '[' if braces == 0 => brackets += 1,
            ')' | ']' if braces == 0 => brackets -= 1,
            '{' if brackets == 0 => braces += 1,
            '}' if brackets == 0 => braces -= 1,
            _ => {}
        }
        if brackets == 0 && braces == 0 && matches!(letter, '}' | ';') {
            return Some(behind + offset);
        }
    }
    None
}

/// The text with blanks in place of comments, strings and characters; its lines stay.
fn blanked(source: &str) -> String {
    let mut code = String::new();
    let mut rest = source;
    while let Some(letter) = rest.chars().next() {
        let len = match letter {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '"' => quoted(rest, '"'),
            '\'' => character(rest),
            _ => 0,
        };
        if len == 0 {
            code.push(letter);
            rest = &rest[letter.len_utf8()..];
        } else {
            code.extend(rest[..len].chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }));
            rest = &rest[len..];
        }
    }
    code
}

/// The length of what begins and ends with a quotation mark.
fn quoted(text: &str, mark: char) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            letter if letter == mark => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character in quotation marks; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut letters = text.chars().skip(1);
    match (letters.next(), letters.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(text, '\''),
        _ => 0,
    }
}
