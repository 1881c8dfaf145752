//! Live objects in groups, as text and as JSON.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};

use super::entry::Entry;

/// Live objects: those of a scope at its end, of the process at a moment, or of the process at its end.
///
/// Its text has one line a place in the source, the most numerous first:
///
/// ```text
/// 3 objects are live
///   2 × `ThingRef` (owned), adopted at src/main.rs:12:18 by thread `main`; the oldest for 1.20 s at most (#7, #9)
///   1 × `BlobRef` (shared), adopted at src/main.rs:20:5 by thread `worker`; for 0.01 s at most (#31)
/// ```
#[derive(Clone, Debug, Default)]
pub struct Report {
    entries: Vec<Entry>,
}

/// The objects that were adopted at one place of the source.
struct Group<'r>(Vec<&'r Entry>);

impl Report {
    pub(super) fn new(mut entries: Vec<Entry>) -> Report {
        entries.sort_by_key(Entry::number);
        Report { entries }
    }

    /// The objects, the oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is live now and was not in an earlier report.
    #[must_use]
    pub fn diff(&self, earlier: &Report) -> Report {
        let known: alloc::collections::BTreeSet<u64> = earlier.entries.iter().map(Entry::number).collect();
        Report { entries: self.entries.iter().filter(|entry| !known.contains(&entry.number())).cloned().collect() }
    }

    /// One JSON document: `{"live": 1, "objects": [{"type", "kind", "address", "file", "line", "column", "thread", "number", "age_ms", "given_up",
    /// "refused", "inherited"}]}`.
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        // Writing to a `String` does not fail.
        let _ = write!(text, "{{\"live\":{},\"objects\":[", self.len());
        for (at, entry) in self.entries.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let location = entry.location();
            let _ = write!(
                text,
                "{comma}{{\"type\":{},\"kind\":{},\"address\":\"{:#x}\",\"file\":{},\"line\":{},\"column\":{},\"thread\":{},\
                 \"number\":{},\"age_ms\":{},\"given_up\":{},\"refused\":{},\"inherited\":{}}}",
                Quoted(entry.type_name()),
                Quoted(entry.kind().name()),
                entry.address(),
                Quoted(location.file()),
                location.line(),
                location.column(),
                Quoted(&alloc::format!("{}", entry.thread())),
                entry.number(),
                entry.age().as_millis(),
                entry.is_given_up(),
                entry.is_refused(),
                entry.is_inherited(),
            );
        }
        text.push_str("]}");
        text
    }

    fn groups(&self) -> Vec<Group<'_>> {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort_by_key(|entry| (key(entry), entry.number()));
        let mut groups: Vec<Group<'_>> =
            entries.chunk_by(|a, b| key(a) == key(b)).map(|group| Group(group.to_vec())).collect();
        groups.sort_by_key(|group| core::cmp::Reverse(group.0.len()));
        groups
    }
}

/// What the objects of a group have in common.
fn key(entry: &Entry) -> impl Ord {
    let location = entry.location();
    (location.file(), location.line(), location.column(), entry.type_name(), entry.remark())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.len() {
            0 => return f.write_str("no object is live"),
            1 => f.write_str("1 object is live")?,
            len => write!(f, "{len} objects are live")?,
        }
        self.groups().iter().try_for_each(|group| write!(f, "\n  {group}"))
    }
}

impl fmt::Display for Group<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(oldest) = self.0.first() else { return Ok(()) };
        write!(
            f,
            "{} × `{}` ({}{}), adopted at {} by {}",
            self.0.len(),
            oldest.type_name(),
            oldest.kind().name(),
            oldest.remark(),
            oldest.location(),
            oldest.thread(),
        )?;
        if self.0.iter().any(|entry| entry.thread() != oldest.thread()) {
            f.write_str(" and others")?;
        }
        write!(f, "; for {:.2} s at most (", oldest.age().as_secs_f64())?;
        const SHOWN: usize = 8;
        for (at, entry) in self.0.iter().take(SHOWN).enumerate() {
            write!(f, "{}#{}", if at == 0 { "" } else { ", " }, entry.number())?;
        }
        f.write_str(if self.0.len() > SHOWN { ", …)" } else { ")" })?;
        oldest.backtrace().map_or(Ok(()), |trace| write!(f, "\n{trace}"))
    }
}

/// A text as a JSON string.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.chars() {
            match character {
                '"' | '\\' => write!(f, "\\{character}")?,
                control if u32::from(control) < 0x20 => write!(f, "\\u{:04x}", u32::from(control))?,
                other => f.write_char(other)?,
            }
        }
        f.write_char('"')
    }
}
