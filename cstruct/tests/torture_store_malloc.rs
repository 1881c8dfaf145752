//! The safe layer once more, with `malloc` itself refused in turn: what the C library takes from it, and what libc takes for files.
#![cfg(all(feature = "testing", feature = "store", target_os = "linux", target_env = "gnu"))]

mod torture;

use cstruct::testing::{Malloc, interpose_malloc};
use torture::{File, csv, every_point};

interpose_malloc!();

/// One test, so that nothing else uses the library meanwhile: its counts are the process's.
#[test]
fn every_malloc_under_the_safe_layer() {
    let (small, large) = (csv(150), csv(900));
    let faulty = small.clone() + "not,enough\n";
    let file = File::new("malloc", &large);
    every_point("malloc: records", &Malloc, || torture::records(400));
    every_point("malloc: copies out and in", &Malloc, || torture::copies_out_and_in(400));
    every_point("malloc: csv from memory", &Malloc, || torture::load_text(&large, 900));
    every_point("malloc: csv from a reader", &Malloc, || torture::load_reader(&large, 900));
    every_point("malloc: csv from a file", &Malloc, || torture::load_file(file.path(), 900));
    every_point("malloc: csv that is faulty", &Malloc, || torture::load_faulty(&faulty));
    every_point("malloc: queries", &Malloc, || torture::queries(&small, 150));
    every_point("malloc: texts", &Malloc, || torture::texts(200));
    every_point("malloc: tables", &Malloc, || torture::tables(600));
    every_point("malloc: batches", &Malloc, || torture::batches(300));
    every_point("malloc: watched tables", &Malloc, || torture::watched_tables(300));
    every_point("malloc: blobs", &Malloc, || torture::blobs(200));
    every_point("malloc: cursors", &Malloc, || torture::cursors(100));
    every_point("malloc: arenas", &Malloc, || torture::arenas(300));
    every_point("malloc: written files", &Malloc, || torture::written(file.path(), 200));
    every_point("malloc: folds", &Malloc, || torture::folds(400));
}
