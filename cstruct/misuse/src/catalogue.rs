//! The catalogue of the misuse programs, as their own headers tell it.
//!
//! A pair is one file with two revisions, and begins like this:
//!
//! ```text
//! //! A book is used after it was closed.
//! //! rows: 1, 9; class: double free, borrowed taken for owned
//! //@revisions: right wrong
//! //@[right] run
//! ```
//!
//! The sentence is the mistake. The rows are those of the table of conventions. The class, which may be left out, is one of
//! [`CLASSES`].

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The bugs that keep coming back in wrappers of C libraries.
pub const CLASSES: [&str; 17] = [
    "C struct moved or overwritten",
    "borrow not tied to its owner",
    "borrow survives a mutator",
    "lifetimes too tight to store a child",
    "temporary freed before the call",
    "double free, borrowed taken for owned",
    "refcount increment ignored",
    "close error swallowed",
    "leak on an error path",
    "wrong deallocator",
    "wrong Send or Sync",
    "callback outlives its captures",
    "bad slice from C",
    "bad text from C",
    "invalid or uninitialised value",
    "ABI mismatch",
    "C's globals freed twice",
];

/// The rows of the table of conventions.
pub const ROWS: [&str; 32] = [
    "1", "2", "3", "4", "5a", "5b", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19",
    "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31",
];

/// One pair: a mistake that must not compile, and its twin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The file.
    pub path: PathBuf,
    /// The mistake, in a sentence.
    pub mistake: String,
    /// The rows of the table of conventions that it is about.
    pub rows: Vec<String>,
    /// The class of bugs that it belongs to.
    pub class: Option<String>,
    /// What the compiler must say: error codes and lints, each once; for an error of our own, its text in quotes.
    pub codes: Vec<String>,
    /// Whether the twin is run, not only compiled.
    pub runs: bool,
}

/// Reads all pairs in a folder and the folders in it, by the first of their rows.
///
/// # Errors
///
/// Files that cannot be read, and all files that are no pair, with the reasons.
pub fn read(folder: &Path) -> io::Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    let mut faults = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                match parse(&path, &fs::read_to_string(&path)?) {
                    Ok(pair) => pairs.push(pair),
                    Err(fault) => faults.push(format!("{}: {fault}", path.display())),
                }
            }
        }
    }
    if !faults.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, faults.join("\n")));
    }
    let row = |pair: &Pair| ROWS.iter().position(|row| Some(*row) == pair.rows.first().map(String::as_str));
    pairs.sort_by(|a, b| (row(a), &a.path).cmp(&(row(b), &b.path)));
    Ok(pairs)
}

/// Reads the header and the marks of one pair.
///
/// # Errors
///
/// What is missing or unknown, as a sentence.
pub fn parse(path: &Path, text: &str) -> Result<Pair, String> {
    let mut lines = text.lines();
    let mistake = header(lines.next(), "//! ", "the mistake, in one sentence")?;
    if !mistake.ends_with('.') || mistake.trim_end_matches('.').contains(". ") {
        return Err(format!("`{mistake}` is not one sentence with a full stop"));
    }
    let (rows, class) = place(header(lines.next(), "//! rows: ", "the rows, and perhaps the class")?)?;
    if lines.next() != Some("//@revisions: right wrong") {
        return Err("the third line must be `//@revisions: right wrong`".into());
    }
    let runs = match lines.next() {
        Some("//@[right] run") => true,
        Some("//@[right] check-pass") => false,
        _ => return Err("the fourth line must be `//@[right] run` or `//@[right] check-pass`".into()),
    };
    if !["cfg(wrong)", "cfg(right)", "cfg_attr(wrong,", "cfg_attr(right,"].iter().any(|mark| text.contains(mark)) {
        return Err("nothing differs between `right` and `wrong`; mark the lines with `#[cfg(wrong)]`".into());
    }
    if text.contains("//~[right]") {
        return Err("the twin must compile, and an error is marked in it".into());
    }
    let mut codes: Vec<String> = text.lines().filter_map(mark).collect();
    codes.sort();
    codes.dedup();
    if codes.is_empty() {
        return Err("no error is marked; write `//~[wrong] E0000` on its line".into());
    }
    Ok(Pair { path: path.to_owned(), mistake: mistake.to_owned(), rows, class, codes, runs })
}

/// The number of pairs of each row, in the order of the table of conventions.
pub fn per_row(pairs: &[Pair]) -> [(&'static str, usize); ROWS.len()] {
    ROWS.map(|row| (row, pairs.iter().filter(|pair| pair.rows.iter().any(|of| of == row)).count()))
}

/// Checks that every row of the table of conventions has a pair.
///
/// # Errors
///
/// The rows without one, as a sentence.
pub fn check_rows(pairs: &[Pair]) -> Result<(), String> {
    let without: Vec<&str> = per_row(pairs).into_iter().filter(|(_, count)| *count == 0).map(|(row, _)| row).collect();
    if without.is_empty() {
        return Ok(());
    }
    Err(format!("no pair is about row {}; write one, and name the row in its second line", without.join(", ")))
}

fn header<'a>(line: Option<&'a str>, start: &str, what: &str) -> Result<&'a str, String> {
    line.and_then(|line| line.strip_prefix(start)).ok_or_else(|| format!("a line `{start}…` is missing: {what}"))
}

/// The rows and the class of a header's second line.
fn place(line: &str) -> Result<(Vec<String>, Option<String>), String> {
    let (rows, class) = match line.split_once("; class: ") {
        Some((rows, class)) => (rows, Some(class)),
        None => (line, None),
    };
    let rows: Vec<String> = rows.split(", ").map(str::to_owned).collect();
    if let Some(row) = rows.iter().find(|row| !ROWS.contains(&row.as_str())) {
        return Err(format!("there is no row `{row}`"));
    }
    match class {
        Some(class) if !CLASSES.contains(&class) => {
            Err(format!("there is no class `{class}`; the classes are: {}", CLASSES.join("; ")))
        }
        _ => Ok((rows, class.map(str::to_owned))),
    }
}

/// What a line says that the compiler must say.
fn mark(line: &str) -> Option<String> {
    if let Some(text) = line.strip_prefix("//@[wrong] error-in-other-file:") {
        return Some(format!("“{}”", text.trim()));
    }
    let said = line.split_once("//~[wrong]")?.1.trim_start_matches(['^', 'v', '|']).trim();
    Some(match said.strip_prefix("ERROR:") {
        Some(text) => format!("“{}”", text.trim()),
        None => said.to_owned(),
    })
}

/// A row of the table.
impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Pair { path, mistake, rows, class, codes, runs } = self;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        write!(
            f,
            "| {} | {mistake} | {} | {} | [{name}]({}){} |",
            rows.join(", "),
            codes.join(", "),
            class.as_deref().unwrap_or_default(),
            path.display(),
            if *runs { ", run" } else { "" },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "//! A book is read after its end.
//! rows: 1, 5a; class: wrong deallocator
//@revisions: right wrong
//@[right] run
fn main() {
    #[cfg(wrong)]
    read(); //~[wrong] E0382
    //~[wrong]^ ERROR: own text
}
";

    fn parse_with(from: &str, to: &str) -> Result<Pair, String> {
        assert!(GOOD.contains(from), "{from}");
        parse(Path::new("pairs/x.rs"), &GOOD.replace(from, to))
    }

    #[test]
    fn a_pair_is_read() {
        let pair = parse_with("", "").unwrap();
        assert_eq!(pair.rows, ["1", "5a"]);
        assert_eq!(pair.class.as_deref(), Some("wrong deallocator"));
        assert_eq!(pair.codes, ["E0382", "“own text”"]);
        let inside = parse_with("//~[wrong]^ ERROR: own text", "").unwrap();
        assert_eq!(inside.codes, ["E0382"]);
        let elsewhere =
            parse_with("//@[right] run", "//@[right] run\n//@[wrong] error-in-other-file: no room").unwrap();
        assert_eq!(elsewhere.codes, ["E0382", "“no room”", "“own text”"]);
        assert!(pair.runs);
        assert_eq!(
            pair.to_string(),
            "| 1, 5a | A book is read after its end. | E0382, “own text” | wrong deallocator | [x](pairs/x.rs), run |"
        );
    }

    #[test]
    fn what_is_no_pair_is_refused() {
        for (from, to, says) in [
            ("its end.", "its end", "full stop"),
            ("//! A book is read after its end.\n", "", "one sentence"),
            ("rows: 1, 5a", "rows: 1, 5c", "no row `5c`"),
            ("wrong deallocator", "bad luck", "no class `bad luck`"),
            ("right wrong", "wrong right", "third line"),
            ("//@[right] run", "//@ run", "fourth line"),
            ("#[cfg(wrong)]", "", "nothing differs"),
            ("//~[wrong]^ ERROR", "//~[right]^ ERROR", "must compile"),
        ] {
            let fault = parse_with(from, to).unwrap_err();
            assert!(fault.contains(says), "{from} -> {to}: {fault}");
        }
        let unmarked = GOOD.replace("//~", "//");
        assert!(parse(Path::new("x.rs"), &unmarked).unwrap_err().contains("no error is marked"));
    }

    #[test]
    fn a_row_without_a_pair_is_found() {
        let mut pairs: Vec<Pair> = ROWS
            .iter()
            .map(|row| parse_with("rows: 1, 5a", &format!("rows: {row}")).expect("a pair of one row"))
            .collect();
        assert_eq!(check_rows(&pairs), Ok(()));
        pairs.retain(|pair| !["5b", "31"].contains(&pair.rows[0].as_str()));
        assert!(check_rows(&pairs).unwrap_err().contains("row 5b, 31;"));
        pairs.push(parse_with("", "").unwrap());
        assert_eq!(per_row(&pairs)[..6], [("1", 2), ("2", 1), ("3", 1), ("4", 1), ("5a", 2), ("5b", 0)]);
    }
}
