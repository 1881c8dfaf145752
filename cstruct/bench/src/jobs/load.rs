//! Reading CSV.

use core::hint::black_box;

use cstruct::kit::Foreign as _;
use cstruct::{Context, TextRef};

use super::lists::csv;
use crate::job::{C, Items, Job, Way};
use crate::loops;

const SAMPLES: usize = 24;

/// The library's reader against Rust's usual one, into the same fields.
pub(super) const CSV: Job = Job {
    name: "csv",
    what: "read records with a name, a number and 24 samples from CSV in memory, and release them",
    items: Items { full: 2_000, small: 200 },
    counted: Some(2),
    absent: "the peers hold what C has read",
    ways: |records| {
        let text = csv(records, SAMPLES);
        let (c, ours, peer) = (text.clone(), text.clone(), text);
        vec![
            Way::reference(C, move |count| {
                // SAFETY: the text is live, and only looked at.
                unsafe { loops::loop_csv(count, TextRef::view(c.as_bytes()).as_ptr()) };
            }),
            Way::ours("Context", move |count| {
                for _ in 0..count {
                    let mut context = Context::from_csv(ours.as_bytes()).expect("the text is good");
                    black_box(context.pin_mut().take().expect("there is no query"));
                }
            })
            .at_most(1.0, C)
            .at_most(2.0, CRATE),
            Way::peer(CRATE, move |count| {
                for _ in 0..count {
                    black_box(read(peer.as_bytes()));
                }
            }),
        ]
    },
};

const CRATE: &str = "csv, the crate";

struct Row {
    _name: Option<String>,
    _value: i32,
    _samples: Vec<f64>,
}

fn read(text: &[u8]) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text);
    let mut line = csv::StringRecord::new();
    let mut rows = Vec::new();
    while reader.read_record(&mut line).expect("the text is good") {
        let mut fields = line.iter();
        let name = fields.next().unwrap_or_default();
        let value = fields.next().unwrap_or_default().parse().expect("the text is good");
        let sample = |field: &str| if field.is_empty() { f64::NAN } else { field.parse().expect("the text is good") };
        rows.push(Row {
            _name: (!name.is_empty()).then(|| name.to_owned()),
            _value: value,
            _samples: fields.map(sample).collect(),
        });
    }
    rows
}
