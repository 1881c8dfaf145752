//! Markdown as far as the README needs it: sections and tables.

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file of the repository.
pub(crate) fn read(path: impl AsRef<Path>) -> Result<String, String> {
    let path = path.as_ref();
    fs::read_to_string(root().join(path)).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// What stands below a heading, up to the next one like it.
pub(crate) fn section<'t>(text: &'t str, heading: &str) -> Result<&'t str, String> {
    let begin = format!("\n## {heading}\n");
    let (_, rest) = text.split_once(&begin).ok_or_else(|| format!("there is no section `{heading}`"))?;
    Ok(rest.split("\n## ").next().unwrap_or(rest))
}

/// The rows of the first table, without its head.
pub(crate) fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().skip_while(|line| !line.starts_with("| ")).take_while(|line| line.starts_with('|'));
    lines.skip(2).map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}
