//! The data that jobs work on.

use std::fmt::Write;
use std::rc::Rc;

use cstruct::{CStruct, CStructData, Table};

/// A list whose records have names of a usual length and so many samples each.
pub(super) fn list(records: usize, samples: usize) -> Rc<CStruct> {
    Rc::new(CStruct::try_from(&data(records, samples)[..]).expect("there is memory"))
}

/// The same as plain Rust data.
pub(super) fn data(records: usize, samples: usize) -> Vec<CStructData> {
    each(records, samples).collect()
}

fn each(records: usize, samples: usize) -> impl Iterator<Item = CStructData> {
    (0..records).map(move |at| CStructData {
        value: at as i32,
        name: Some(format!("station {at:07}")),
        samples: (0..samples).map(|sample| sample as f64 * 0.25 - at as f64).collect(),
    })
}

/// The same in a table.
pub(super) fn table(records: usize, samples: usize) -> Table {
    let mut table = Table::new().expect("there is memory");
    for record in each(records, samples) {
        let record = CStruct::try_from(&record).expect("there is memory");
        table.push(record).expect("no two have the same name");
    }
    table
}

/// The same as CSV.
pub(crate) fn csv(records: usize, samples: usize) -> String {
    let mut csv = String::from("name,value");
    for sample in 0..samples {
        write!(csv, ",s{sample}").expect("a String takes all");
    }
    csv.push('\n');
    for record in each(records, samples) {
        write!(csv, "{},{}", record.name.as_deref().unwrap_or_default(), record.value).expect("a String takes all");
        for sample in record.samples {
            write!(csv, ",{sample}").expect("a String takes all");
        }
        csv.push('\n');
    }
    csv
}
