//! The tables, and the JSON document.

use std::fmt;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use serde::Serialize;

use crate::measure::Row;
use crate::memory::Memory;
use crate::summary::Summary;
use crate::timeline::Timeline;

/// All that a run found out.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    input: String,
    strategies: Vec<Row>,
    summary: Summary,
    timeline: Timeline,
    memory: Memory,
    pub(crate) ok: bool,
}

impl Report {
    /// The report is good when every row is, all read the same data, and nothing lives after the timeline.
    pub(crate) fn new(input: &str, strategies: Vec<Row>, timeline: Timeline, memory: Memory) -> Report {
        let summary = strategies.first().map_or_else(Summary::new, |row| row.summary);
        let equal = !strategies.is_empty() && strategies.iter().all(|row| row.ok && row.summary == summary);
        let ok = equal && timeline.is_balanced();
        Report { input: input.to_owned(), strategies, summary, timeline, memory, ok }
    }

    /// One document, on one line.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|error| format!("{{\"ok\":false,\"error\":\"{error}\"}}"))
    }
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled).set_header(header);
    table
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: the same work under every lifetime strategy\n", self.input)?;
        let mut books = table([
            "strategy",
            "objects",
            "C allocs",
            "C frees",
            "live after",
            "peak bytes",
            "bytes copied",
            "ns/object",
            "ok",
        ]);
        for row in &self.strategies {
            books.add_row([
                row.name.to_owned(),
                row.objects.to_string(),
                row.allocs.to_string(),
                row.frees.to_string(),
                row.live.to_string(),
                row.peak_bytes.to_string(),
                row.bytes_copied.to_string(),
                format!("{:.0}", row.ns_per_object),
                if row.ok { "yes" } else { "NO" }.to_owned(),
            ]);
        }
        for column in books.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        writeln!(f, "{books}\n")?;

        for row in &self.strategies {
            writeln!(f, "{:<22} {}", row.name, row.teaches)?;
            for note in &row.notes {
                writeln!(f, "{:<22}   noticed: {note}", "")?;
            }
        }

        let mut figures = table(["summary of", "records", "samples", "missing", "min", "max", "mean", "stddev"]);
        for row in &self.strategies {
            if row.summary != self.summary {
                figures.add_row(line(row.name, &row.summary));
            }
        }
        let all = if figures.is_empty() { "every strategy" } else { "the first" };
        figures.add_row(line(all, &self.summary));
        writeln!(f, "\n{figures}\n\n{}\n{}\n", self.timeline, self.memory)?;
        writeln!(
            f,
            "{}",
            if self.ok {
                "balanced: all that C allocated is freed, and every strategy read the same"
            } else {
                "NOT BALANCED: what C allocated is not freed, or what a strategy read is not what the others read; the rows that say NO and the summaries that differ tell which"
            }
        )
    }
}

fn line(name: &str, summary: &Summary) -> [String; 8] {
    let Summary { records, samples, missing, min, max, mean, stddev, .. } = summary;
    [
        name.to_owned(),
        records.to_string(),
        samples.to_string(),
        missing.to_string(),
        format!("{min:.3}"),
        format!("{max:.3}"),
        format!("{mean:.3}"),
        format!("{stddev:.3}"),
    ]
}
