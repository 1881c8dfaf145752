//! The table of times.

use std::fmt;
use std::ops::Range;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use serde::Serialize;

use crate::job::Side;
use crate::machine::Machine;
use crate::measure::{Line, Timed};

/// All that was measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Where.
    pub machine: Machine,
    /// What.
    pub jobs: Vec<Timed>,
}

/// A table with these headings, numbers to the right in the columns `right`.
pub(crate) fn table<const N: usize>(
    header: [&str; N],
    right: Range<usize>,
    rows: impl IntoIterator<Item = [String; N]>,
) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled).set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(right.start).take(right.len()) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.jobs.iter().flat_map(|job| job.ways.iter().enumerate().map(|(at, way)| row(job, at, way)));
        let header = ["job", "held as", "ns an item", "ratio to C", "difference", "C against itself", "target"];
        writeln!(f, "{}\n{}", self.machine.line(), table(header, 2..6, rows))?;
        writeln!(f, "A difference within what nine tenths of C against itself show is none.\n")?;
        for job in &self.jobs {
            write!(f, "{:<12} {}", job.job, job.what)?;
            if job.items > 1 {
                write!(f, " ({} items)", job.items)?;
            }
            if !job.absent.is_empty() {
                write!(f, "; {}", job.absent)?;
            }
            writeln!(f)?;
        }
        writeln!(f, "\nThe same in short, what has a target alone:\n{}", self.short())?;
        let reached = || self.jobs.iter().flat_map(|job| &job.ways).flat_map(|way| &way.targets);
        writeln!(f, "{} of {} targets met", reached().filter(|one| one.met).count(), reached().count())
    }
}

impl Report {
    /// A row for each way that has a target.
    fn short(&self) -> Table {
        let ways = self.jobs.iter().flat_map(|job| job.ways.iter().map(move |way| (job, way)));
        let rows = ways.filter(|(_, way)| !way.targets.is_empty()).map(|(job, way)| {
            let [_, name, ns, ratio, difference, _, targets] = row(job, 0, way);
            [job.job.to_owned(), name, ns, ratio, difference, targets]
        });
        table(["job", "held as", "ns an item", "ratio to C", "difference", "target"], 2..5, rows)
    }
}

fn row(job: &Timed, at: usize, way: &Line) -> [String; 7] {
    let control = format!("{:.3} to {:.3}", job.control.low, job.control.high);
    let targets = way.targets.iter().map(|reached| {
        let limit =
            if reached.target.at_most == 1.0 { "as".to_owned() } else { format!("≤ {} ×", reached.target.at_most) };
        let missed = if reached.met { "met".to_owned() } else { format!("MISSED: {:.3}", reached.ratio) };
        format!("{limit} {}: {missed}", reached.target.of)
    });
    [
        if at == 0 { job.job.to_owned() } else { String::new() },
        if way.side == Side::Ours { format!("{} *", way.name) } else { way.name.to_owned() },
        format!("{:.2}", way.ns),
        format!("{:.3}", way.ratio),
        if way.differs { format!("{:+.1} %", (way.ratio - 1.0) * 100.0) } else { "none".to_owned() },
        if at == 0 { control } else { String::new() },
        targets.collect::<Vec<_>>().join("; "),
    ]
}
