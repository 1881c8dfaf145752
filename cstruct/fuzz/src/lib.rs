//! Hostile input: functions that take any bytes, and panic if what comes of them is not right.
//!
//! Each is run by libFuzzer (`.ci/fuzz`), which looks for bytes that reach new code, and by an ordinary test, which replays what was found
//! before. They are for one thread at a time: each says at its end that nothing of the C library's lives that did not live before.
//!
//! ```
//! cstruct_fuzz::csv(b"\0name,value,s\nindoor,1,20.5\n");
//! let names: Vec<_> = cstruct_fuzz::TARGETS.iter().map(|target| target.name).collect();
//! assert_eq!(names, ["csv", "csv_files", "table", "texts_and_arrays", "copies"]);
//! ```

mod arrays;
mod copies;
mod csv;
mod reader;
mod strict;
mod table;
mod texts;
mod texts_and_arrays;

pub use copies::copies;
pub use csv::{csv, csv_files};
pub use table::table;
pub use texts_and_arrays::texts_and_arrays;

/// What is tried, and its name: of the folder in `corpus/`, and with `fuzz-` before it of the program.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Panics if something is wrong with what comes of the bytes.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 5] = [
    Target { name: "csv", run: csv },
    Target { name: "csv_files", run: csv_files },
    Target { name: "table", run: table },
    Target { name: "texts_and_arrays", run: texts_and_arrays },
    Target { name: "copies", run: copies },
];

/// Runs `what`, after which as much of the C library's must live as before.
fn balanced(what: impl FnOnce()) {
    let before = cstruct::live();
    what();
    assert_eq!(cstruct::live(), before, "something is leaked, or released twice");
}

/// The same numbers, bit for bit, but that one NaN is as good as another.
fn same_samples(these: &[f64], those: &[f64]) -> bool {
    let same = |(this, that): (&f64, &f64)| this.to_bits() == that.to_bits() || (this.is_nan() && that.is_nan());
    these.len() == those.len() && these.iter().zip(those).all(same)
}
