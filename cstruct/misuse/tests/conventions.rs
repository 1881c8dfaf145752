//! The README's table of conventions is true: each of its links leads to what it names.
//!
//! Each check is seen to fail as well, on a copy of the README with that one thing wrong.

mod readme;

use std::fs;
use std::path::Path;

use cstruct_misuse::catalogue::{self, ROWS};
use readme::{read, root, rows, section};

const HEADER: &str = "cstruct-sys/c/cstruct.h";

#[test]
fn every_link_leads_to_what_it_names() {
    let faults = faults(&read("README.md").expect("it is there"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_other_link_of_the_readme_leads_nowhere() {
    let readme = read("README.md").expect("it is there");
    let own = |link: &Link<'_>| !link.target.starts_with("http") && !link.target.starts_with('#');
    let lost: Vec<_> =
        links(&readme).into_iter().filter(own).filter(|link| !root().join(link.target).exists()).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn each_row_of_the_first_page_leads_to_an_example() {
    let lib = read("cstruct/src/lib.rs").expect("it is there").replace("//! ", "");
    let kit: Vec<(String, String)> = fs::read_dir(root().join("cstruct/src/kit"))
        .expect("it is there")
        .map(|file| file.expect("it can be read").path())
        .filter(|path| path.is_file())
        .map(|path| (stem(&path), fs::read_to_string(path).expect("it is text")))
        .collect();
    let rows = rows(&lib);
    let numbers: Vec<&str> = rows.iter().map(|cells| cells[0]).collect();
    assert_eq!(numbers, ROWS);
    for cells in rows {
        let items = links(cells[2]).into_iter().filter_map(|link| link.target.strip_prefix("kit::"));
        let with_example: Vec<&str> =
            items.filter(|item| kit.iter().any(|(module, text)| has_example(module, text, item))).collect();
        assert!(!with_example.is_empty(), "row {}: none of these has an example: {}", cells[0], cells[2]);
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether an item of this module, or the module itself, has an example in its documentation.
fn has_example(module: &str, text: &str, item: &str) -> bool {
    if item == module {
        return text.contains("\n//! ```\n");
    }
    let name = item.rsplit("::").next().unwrap_or(item);
    let kinds = ["struct", "enum", "trait", "fn", "type"].map(|kind| format!("{kind} {name}"));
    // Documentation and attributes stand before the item without an empty line between.
    text.split("\n\n").any(|piece| {
        let is_item = |line: &str| line.starts_with("pub ") && kinds.iter().any(|kind| has_word(line, kind));
        let before: Vec<&str> = piece.lines().take_while(|line| !is_item(line)).collect();
        before.len() < piece.lines().count() && before.contains(&"/// ```")
    })
}

/// One thing wrong in the README, and what is said of it.
const BREAKS: [(&str, &str, &str); 21] = [
    ("\n## The conventions\n", "\n## Conventions\n", "there is no section `The conventions`"),
    ("\n| 5b | ", "\n| 5c | ", "the rows are not those of the table of conventions"),
    ("| free it with `X_free` |", "| free it |", "row 1: the table in lib.rs says"),
    ("| plain data | a `Copy`", "| plain data | a | `Copy`", "row 6: it has 8 cells and not 7"),
    ("| [`cstruct_fold`](cstruct-sys/c/cstruct.h) |", "| |", "row 26: a cell is empty"),
    ("| [`cstruct_fold`](cstruct-sys/c/cstruct.h) |", "| `cstruct_fold` |", "row 26: a cell has no link"),
    ("kit/in_theirs.rs)", "kit/in_hers.rs)", "row 26: cstruct/src/kit/in_hers.rs cannot be read"),
    ("[`IsA`]", "[`WasA`]", "row 31: cstruct/src/kit/tagged.rs has no public `WasA`"),
    (
        "[`Scope`](cstruct/src/kit/scope.rs)",
        "[`Scope`](cstruct/src/kit/wrap.rs)",
        "row 28: cstruct/src/kit/wrap.rs has no public `Scope`",
    ),
    (
        "[`Frame`](cstruct/src/kit/frame.rs)",
        "[`Block`](cstruct/src/kit/block.rs)",
        "row 29: cstruct/src/kit/block.rs has no public `Block`",
    ),
    (
        "[`Frame`](cstruct/src/kit/frame.rs)",
        "[`Scope`](cstruct/src/kit/scope.rs)",
        "row 29: the table in lib.rs does not name `Scope`",
    ),
    ("[`cstruct_free`](", "[`cstruct_release`](", "row 1: the header declares no `cstruct_release`"),
    ("[`cstruct_free`](", "[`cstruct_close`](", "row 1: the wrapper does not name `cstruct_close`"),
    (
        "[`Blob`](cstruct/src/store/blob.rs)",
        "[`Blot`](cstruct/src/store/blob.rs)",
        "row 4: cstruct/src/store/blob.rs has no public `Blot`",
    ),
    (
        "[`Reading`](cstruct/src/store/meter.rs)",
        "[`crc32`](cstruct/strangers/src/zlib/whole.rs)",
        "row 6: no wrapper of the worked example",
    ),
    (
        "[`Shared`](cstruct/src/kit/shared.rs)",
        "[`Floating`](cstruct/src/kit/floating.rs)",
        "row 4: no wrapper uses `Floating`",
    ),
    (
        "[a panic puts it back too]",
        "[a panic puts it back]",
        "row 30: cstruct/tests/store_digits.rs has no test `a_panic_puts_it_back`",
    ),
    (
        "(cstruct/tests/store_digits.rs)",
        "(cstruct/tests/balanced/mod.rs)",
        "row 30: cstruct/tests/balanced/mod.rs has no test",
    ),
    (
        "](cstruct/misuse/pairs/scopes/call_outside.rs) (E0308)",
        "](cstruct/misuse/pairs/scopes/call_outside.rs) (E0277)",
        "row 28: call_outside.rs: the compiler says E0308",
    ),
    (
        "[call outside](cstruct/misuse/pairs/scopes/call_outside.rs) (E0308)",
        "[close twice](cstruct/misuse/pairs/holding/close_twice.rs) (E0382)",
        "row 28: close_twice.rs is about rows 1, 9",
    ),
    (
        "[call outside](cstruct/misuse/pairs/scopes/call_outside.rs)",
        "[call outside](cstruct/misuse/README.md)",
        "row 28: README.md is no pair",
    ),
];

#[test]
fn each_check_sees_what_is_wrong() {
    let readme = read("README.md").expect("it is there");
    for (right, wrong, says) in BREAKS {
        assert!(readme.contains(right), "the README has no `{right}`");
        let faults = faults(&readme.replacen(right, wrong, 1));
        assert!(faults.iter().any(|fault| fault.contains(says)), "`{wrong}`: {says:?} is not in {faults:?}");
        assert_eq!(faults.len(), 1, "`{wrong}`: {faults:?}");
    }
}

/// What is wrong with the table, a sentence each.
fn faults(readme: &str) -> Vec<String> {
    let text = match section(readme, "The conventions") {
        Ok(text) => text,
        Err(fault) => return vec![fault],
    };
    let rows = rows(text);
    let numbers: Vec<&str> = rows.iter().filter_map(|cells| cells.first().copied()).collect();
    if numbers != ROWS {
        return vec![format!("the rows are not those of the table of conventions: {numbers:?}")];
    }
    rows.iter().filter_map(|cells| row(cells).err().map(|fault| format!("row {}: {fault}", cells[0]))).collect()
}

fn row(cells: &[&str]) -> Result<(), String> {
    let &[number, says, kit, specimen, wrapper, test, misuse] = cells else {
        return Err(format!("it has {} cells and not 7", cells.len()));
    };
    if cells.iter().any(|cell| cell.is_empty()) {
        return Err("a cell is empty".into());
    }
    let [kit, specimen, wrapper, test, misuse] = [kit, specimen, wrapper, test, misuse].map(links);
    if [&kit, &specimen, &wrapper, &test, &misuse].iter().any(|links| links.is_empty()) {
        return Err("a cell has no link".into());
    }
    check_kit(number, says, &kit)?;
    check_wrapper(&specimen, &wrapper, &kit)?;
    test.iter().try_for_each(check_test)?;
    if !test.iter().any(|link| link.target.contains("/tests/")) {
        return Err("a lesson is there, and no test".into());
    }
    misuse.iter().try_for_each(|link| check_misuse(number, link))
}

/// The kit's items are public, re-exported, and named in the same row of the documentation's first page.
fn check_kit(number: &str, says: &str, kit: &[Link<'_>]) -> Result<(), String> {
    let lib = read("cstruct/src/lib.rs")?.replace("//! ", "");
    let row = rows(&lib).into_iter().find(|cells| cells[0] == number);
    let Some(&[_, lib_says, ref answers @ ..]) = row.as_deref() else {
        return Err("the table in lib.rs has no such row".into());
    };
    if lib_says != says {
        return Err(format!("the table in lib.rs says `{lib_says}`"));
    }
    for link in kit {
        let name = public(link)?;
        if !link.target.starts_with("cstruct/src/kit/") {
            return Err(format!("{} is not the kit's", link.target));
        }
        let item = name.split("::").next().unwrap_or(name);
        if !answers.iter().any(|answer| has_word(answer, item)) {
            return Err(format!("the table in lib.rs does not name `{item}`"));
        }
    }
    Ok(())
}

/// The header declares the specimens, a wrapper names each of them, and one uses the kit's items.
fn check_wrapper(specimens: &[Link<'_>], wrappers: &[Link<'_>], kit: &[Link<'_>]) -> Result<(), String> {
    wrappers.iter().try_for_each(|link| public(link).map(drop))?;
    let texts = |folder: &str| -> Result<String, String> {
        wrappers.iter().filter(|link| link.target.starts_with(folder)).map(|link| read(link.target)).collect()
    };
    let ours = texts("cstruct/src/store/")?;
    if ours.is_empty() {
        return Err("no wrapper of the worked example is linked".into());
    }
    let header = read(HEADER)?;
    for link in specimens {
        let name = link.text.trim_matches('`');
        if link.target != HEADER || !is_declared(&header, name) {
            return Err(format!("the header declares no `{name}`"));
        }
        if !has_word(&ours, &format!("sys::{name}")) && !ours.contains(&format!("doc(alias = \"{name}\")")) {
            return Err(format!("the wrapper does not name `{name}`"));
        }
    }
    let all = ours + &texts("cstruct/strangers/src/")?;
    let used = |link: &Link<'_>| has_word(&all, link.text.trim_matches('`'));
    if !kit.iter().any(used) {
        return Err(format!("no wrapper uses {}", kit.iter().map(|link| link.text).collect::<Vec<_>>().join(" or ")));
    }
    Ok(())
}

/// A test that is there, under the words of its name; or a lesson.
fn check_test(link: &Link<'_>) -> Result<(), String> {
    let text = read(link.target)?;
    let (file, name) = (link.target, link.text.replace(' ', "_"));
    if file.starts_with("cstruct-demo/src/lessons/") {
        return if file.ends_with(&format!("/{name}.rs")) { Ok(()) } else { Err(format!("{file} is not `{name}`")) };
    }
    let mut lines = text.lines();
    let is_test = |line: &str| line == "#[test]";
    while lines.by_ref().any(is_test) {
        if lines.next().is_some_and(|line| line.starts_with(&format!("fn {name}("))) {
            return Ok(());
        }
    }
    Err(format!("{file} has no test `{name}`"))
}

/// A pair that is about the row, with the words of its name and what the compiler says.
fn check_misuse(number: &str, link: &Link<'_>) -> Result<(), String> {
    let path = Path::new(link.target);
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let pair = catalogue::parse(path, &read(path)?).map_err(|fault| format!("{file} is no pair: {fault}"))?;
    if !pair.rows.iter().any(|row| row == number) {
        return Err(format!("{file} is about rows {}", pair.rows.join(", ")));
    }
    let codes = pair.codes.join(", ");
    if !link.after.starts_with(&format!(" ({codes})")) {
        return Err(format!("{file}: the compiler says {codes}"));
    }
    if !link.target.starts_with("cstruct/misuse/pairs/") || file != format!("{}.rs", link.text.replace(' ', "_")) {
        return Err(format!("{} is not `{}`", link.target, link.text));
    }
    Ok(())
}

/// The name in the text of a link, if the file that it leads to has it, and the `mod.rs` beside that file lets it out.
fn public<'t>(link: &Link<'t>) -> Result<&'t str, String> {
    let name = link.text.trim_matches('`');
    let (outer, inner) = name.rsplit_once("::").map_or((None, name), |(outer, inner)| (Some(outer), inner));
    let text = read(link.target)?;
    let kinds = ["struct", "enum", "trait", "fn", "type"].map(|kind| format!("{kind} {inner}"));
    let defines = |line: &str| line.trim_start().starts_with("pub ") && kinds.iter().any(|item| has_word(line, item));
    let outer_is_here = |outer| has_word(&text, outer) || link.target.ends_with(&format!("/{outer}.rs"));
    if !text.lines().any(defines) || !outer.is_none_or(outer_is_here) {
        return Err(format!("{} has no public `{name}`", link.target));
    }
    let module = read(Path::new(link.target).with_file_name("mod.rs"))?;
    let exports = |line: &str| line.starts_with("pub use ") || line.starts_with("pub mod ");
    if !module.lines().any(|line| exports(line) && has_word(line, outer.unwrap_or(inner))) {
        return Err(format!("`{name}` is not re-exported beside {}", link.target));
    }
    Ok(name)
}

/// A function that the header declares, or a struct whose fields it shows.
fn is_declared(header: &str, name: &str) -> bool {
    let is_code = |line: &&str| !line.trim_start().starts_with(['/', '*', '#']);
    header.lines().filter(is_code).any(|line| line == format!("}} {name};") || has_word(line, &format!("{name}(")))
}

/// Whether a text has these characters with no letter of a name before and behind them.
fn has_word(text: &str, word: &str) -> bool {
    let of_a_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(of_a_name) && (word.ends_with('(') || !text[at + word.len()..].starts_with(of_a_name))
    })
}

/// `[text](target)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link<'t> {
    text: &'t str,
    target: &'t str,
    /// What follows it, up to the next link.
    after: &'t str,
}

/// The links of a text, in order.
fn links(text: &str) -> Vec<Link<'_>> {
    let mut found: Vec<Link<'_>> = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("](") {
        let text = before.rsplit_once('[').map_or(before, |(_, text)| text);
        let (target, after) = behind.split_once(')').unwrap_or((behind, ""));
        found.push(Link { text, target, after: after.split('[').next().unwrap_or(after) });
        rest = after;
    }
    found
}
