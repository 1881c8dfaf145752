//! Whether ten times the records take ten times the time and memory.
//!
//! A line is put through the logarithms of size and figure; its slope is the exponent: 1 is linear, 2 is quadratic.

use core::hint::black_box;
use std::fmt;

use cstruct::kit::Foreign as _;
use cstruct::{CStruct, CStructData, CStructFlat, Context};
use serde::Serialize;

use crate::clock::thread_cpu_time;
use crate::jobs::lists::csv;
use crate::loops;
use crate::machine::Machine;
use crate::table::table;

/// The largest exponent that passes for linear; caches make small sizes quicker than they should be.
const LINEAR: f64 = 1.05;

/// How figures grow with the number of records.
#[derive(Debug, Serialize)]
pub struct Growth {
    machine: Machine,
    sizes: Vec<usize>,
    curves: Vec<Curve>,
}

/// One figure at each size.
#[derive(Debug, Serialize)]
struct Curve {
    what: &'static str,
    unit: &'static str,
    /// For one record.
    each: Vec<f64>,
    exponent: f64,
    verdict: &'static str,
}

/// What is measured, in this order, and what C does as well: a list that no longer fits into the caches takes longer a record in any
/// language.
const FIGURES: [(&str, &str, Option<&str>); 11] = [
    ("load", "ns", None),
    (WALK, "ns", None),
    ("walk", "ns", Some(WALK)),
    (DUP, "ns", None),
    ("copy to CStructData", "ns", Some(DUP)),
    ("copy to CStructFlat", "ns", Some(DUP)),
    ("copy back into C", "ns", Some(DUP)),
    ("release", "ns", None),
    ("memory in C", "bytes", None),
    ("memory of CStructData", "bytes", None),
    ("memory of CStructFlat", "bytes", None),
];
const WALK: &str = "walk, in C";
const DUP: &str = "copy, in C";

/// Measures at each size, and tells `done` after each.
///
/// # Panics
///
/// When there is not enough memory: ten million records need four gigabytes.
pub fn measure(sizes: &[usize], mut done: impl FnMut()) -> Growth {
    let mut totals: [Vec<f64>; FIGURES.len()] = Default::default();
    for &size in sizes {
        let text = csv(size, 1);
        // Small sizes again and again, and the shortest time of each.
        let runs = (1_000_000 / size).clamp(3, 200);
        let mut best = [f64::INFINITY; FIGURES.len()];
        for _ in 0..runs {
            for (best, this) in best.iter_mut().zip(once(text.as_bytes())) {
                *best = best.min(this);
            }
        }
        for (total, best) in totals.iter_mut().zip(best) {
            total.push(best);
        }
        done();
    }
    let exponents = totals.each_ref().map(|totals| slope(sizes, totals));
    let of = |name| FIGURES.iter().position(|(what, ..)| *what == name).map(|at| exponents[at]);
    let curves = FIGURES.iter().zip(&totals).zip(exponents).map(|((&(what, unit, in_c), totals), exponent)| Curve {
        what,
        unit,
        each: totals.iter().zip(sizes).map(|(total, &size)| total / size as f64).collect(),
        exponent,
        verdict: if exponent <= LINEAR {
            "linear"
        } else if in_c.and_then(of).is_some_and(|in_c| exponent <= in_c * LINEAR) {
            "as in C"
        } else {
            "MORE THAN LINEAR"
        },
    });
    Growth { machine: Machine::this(), sizes: sizes.to_vec(), curves: curves.collect() }
}

fn once(text: &[u8]) -> [f64; FIGURES.len()] {
    let before = allocated();
    let (load, list) = timed(|| {
        let mut context = Context::from_csv(text).expect("the text is good, and there is memory");
        context.pin_mut().take().expect("there is no query").expect("there are records")
    });
    let in_c = allocated() - before;
    // SAFETY: the list is live.
    let (walk_in_c, _) = timed(|| black_box(unsafe { loops::loop_list(1, list.as_ptr()) }));
    let (walk, _) = timed(|| black_box(list.records().map(|record| i64::from(record.value())).sum::<i64>()));
    let (dup, copy) = timed(|| list.try_clone().expect("there is memory"));
    drop(copy);
    tidy();

    let before = allocated();
    let (to_data, data) = timed(|| Vec::<CStructData>::try_from(&*list).expect("the names are UTF-8"));
    let of_data = allocated() - before;
    tidy();
    let (back, copy) = timed(|| CStruct::try_from(&data[..]).expect("there is memory"));
    drop((copy, data));
    tidy();

    let before = allocated();
    let (to_flat, flat) = timed(|| CStructFlat::try_from(&*list).expect("the names are UTF-8"));
    let of_flat = allocated() - before;
    drop(flat);
    tidy();

    let (release, ()) = timed(|| drop(list));
    [load, walk_in_c, walk, dup, to_data, to_flat, back, release, in_c, of_data, of_flat]
}

/// Gives free memory back to the system, so that none begins with what another has left lying about.
fn tidy() {
    // SAFETY: free memory only.
    let _something_was = unsafe { libc::malloc_trim(0) };
}

/// In nanoseconds.
fn timed<R>(work: impl FnOnce() -> R) -> (f64, R) {
    let before = thread_cpu_time();
    let result = work();
    ((thread_cpu_time() - before).as_nanos() as f64, result)
}

/// What the allocator has given out and not got back, in bytes, of both languages: they have the same one.
fn allocated() -> f64 {
    // SAFETY: it only reads the allocator's books.
    let books = unsafe { libc::mallinfo2() };
    (books.uordblks + books.hblkhd) as f64
}

/// Of the line through the logarithms, by least squares.
fn slope(sizes: &[usize], totals: &[f64]) -> f64 {
    let points = || sizes.iter().zip(totals).map(|(&size, &total)| ((size as f64).ln(), total.max(1.0).ln()));
    let count = sizes.len() as f64;
    let (x, y) = points().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
    let (over, under) = points().fold((0.0, 0.0), |(over, under), point| {
        (over + (point.0 - x) * (point.1 - y), under + (point.0 - x) * (point.0 - x))
    });
    over / under
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.curves.iter().map(|curve| {
            let figures = curve.each.iter().map(|figure| format!("{figure:.1}")).collect::<Vec<_>>().join("  ");
            [
                curve.what.to_owned(),
                curve.unit.to_owned(),
                figures,
                format!("{:.3}", curve.exponent),
                curve.verdict.to_owned(),
            ]
        });
        let sizes = self.sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let header = ["figure", "unit", "of one record, at each size", "exponent", "at most 1.05"];
        writeln!(f, "{}\n{} records of one sample\n{}", self.machine.line(), sizes, table(header, 2..4, rows))
    }
}

#[cfg(test)]
mod tests {
    use super::slope;

    #[test]
    fn the_slope_is_the_exponent() {
        let sizes = [1_000, 10_000, 100_000];
        let grown = |exponent: f64| sizes.map(|size| 7.0 * f64::from(size).powf(exponent));
        let sizes = sizes.map(|size| size as usize);
        for exponent in [1.0, 1.5, 2.0] {
            assert!((slope(&sizes, &grown(exponent)) - exponent).abs() < 1e-9);
        }
    }
}
