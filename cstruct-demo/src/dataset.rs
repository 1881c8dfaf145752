//! Real data, read by the C library as often as is asked for.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::num::NonZeroUsize;
use std::path::Path;

use cstruct::{CStruct, CStructData, Context};

/// See `data/README.md` for its source.
const BUILT_IN: &[u8] = include_bytes!("../data/seattle-hourly-normals.csv");

/// A CSV text and how many records of it to load.
pub(crate) struct Dataset {
    name: String,
    csv: Cow<'static, [u8]>,
    records: usize,
    count: usize,
}

/// A pass over the input: an open context, and how many of its records are wanted.
pub(crate) struct Pass {
    pub(crate) context: Context,
    pub(crate) wanted: usize,
}

impl Dataset {
    /// Reads the file, or takes the built-in data, and has the C library check all of it.
    pub(crate) fn read(input: Option<&Path>, count: Option<NonZeroUsize>) -> Result<Dataset, BadInput> {
        let (name, csv) = match input {
            None => ("seattle-hourly-normals.csv (built in)".to_owned(), Cow::Borrowed(BUILT_IN)),
            Some(path) => {
                let name = path.display().to_string();
                match std::fs::read(path) {
                    Ok(bytes) => (name, Cow::Owned(bytes)),
                    Err(error) => return Err(BadInput(format!("{name}: {error}"))),
                }
            }
        };
        // The C library takes any bytes for a name; the lesson that copies out needs text.
        if let Err(error) = std::str::from_utf8(&csv) {
            let good = &csv[..error.valid_up_to()];
            let line = 1 + good.iter().filter(|&&byte| byte == b'\n').count();
            let column = 1 + good.iter().rev().take_while(|&&byte| byte != b'\n').count();
            return Err(BadInput(format!(
                "{name}: line {line}, column {column}: this is not UTF-8; convert the file to it"
            )));
        }
        let records = match Context::from_csv(&csv) {
            Ok(context) => context.count(),
            Err(error) => return Err(BadInput(format!("{name}: {error}"))),
        };
        if records == 0 {
            return Err(BadInput(format!("{name}: no record follows the header line; add at least one")));
        }
        Ok(Dataset { name, csv, records, count: count.map_or(records, NonZeroUsize::get) })
    }

    /// What to call it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How many records each lesson loads.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Reads the input as often as it takes.
    pub(crate) fn passes(&self) -> impl Iterator<Item = Result<Pass, cstruct::Error>> {
        (0..self.count).step_by(self.records).map(|done| {
            let context = Context::from_csv(&self.csv)?;
            Ok(Pass { context, wanted: self.records.min(self.count - done) })
        })
    }

    /// The first records, up to so many, with up to so many samples each, as plain data.
    pub(crate) fn sample(&self, records: usize, samples: usize) -> Result<Vec<CStructData>, cstruct::Error> {
        let mut pass = match self.passes().next() {
            Some(pass) => pass?,
            None => return Ok(Vec::new()),
        };
        let Some(list) = pass.context.pin_mut().take()? else { return Ok(Vec::new()) };
        let copied = list.records().take(pass.wanted.min(records)).map(|record| {
            let mut data = CStructData::try_from(record)?;
            data.samples.truncate(samples);
            Ok(data)
        });
        copied.collect()
    }

    /// All records as one list, with `seen` told after each pass. The ledger names the caller's line.
    #[track_caller]
    pub(crate) fn load(&self, mut seen: impl FnMut(usize)) -> Result<CStruct, cstruct::Error> {
        let mut lists = Vec::new();
        for pass in self.passes() {
            let Pass { mut context, wanted } = pass?;
            let mut list = context.pin_mut().take()?.ok_or(cstruct::Error::Empty)?;
            if wanted < self.records {
                cut(&mut list, wanted);
            }
            lists.push(list);
            seen(wanted);
        }
        CStruct::from_records(lists)
    }
}

/// Keeps the first `wanted` records, of which there is at least one.
fn cut(list: &mut CStruct, wanted: usize) {
    let mut last = list.pin_mut();
    for _ in 1..wanted {
        match last.next_mut() {
            Some(next) => last = next,
            None => return,
        }
    }
    drop(last.unlink());
}

/// What is wrong with what the user gave, as one line.
#[derive(Debug)]
pub(crate) struct BadInput(String);

impl BadInput {
    pub(crate) fn new(error: impl fmt::Display) -> BadInput {
        BadInput(error.to_string())
    }
}

impl fmt::Display for BadInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for BadInput {}

impl From<cstruct::Error> for BadInput {
    fn from(error: cstruct::Error) -> BadInput {
        BadInput::new(error)
    }
}
