//! The safe layer, with every allocation of the C library refused in turn, through its allocator hook: nothing leaks, nothing panics, and the
//! error is the one of memory.
#![cfg(all(feature = "testing", feature = "store"))]

mod torture;

use std::time::Duration;

use cstruct::testing::Torture;
use cstruct::{Loading, Meter};
use torture::{File, csv, every_point, on_the_hook};

/// One test, so that nothing else uses the library meanwhile: its hook and its counts are the process's.
#[test]
fn every_allocation_of_the_safe_layer() {
    let hook = on_the_hook();
    let (small, large) = (csv(150), csv(900));
    let faulty = small.clone() + "not,enough\n";
    let file = File::new("hook", &large);
    every_point("safe: records", hook, || torture::records(400));
    every_point("safe: copies out and in", hook, || torture::copies_out_and_in(400));
    every_point("safe: csv from memory", hook, || torture::load_text(&large, 900));
    every_point("safe: csv from a reader", hook, || torture::load_reader(&large, 900));
    every_point("safe: csv from a file", hook, || torture::load_file(file.path(), 900));
    every_point("safe: csv that is faulty", hook, || torture::load_faulty(&faulty));
    every_point("safe: queries", hook, || torture::queries(&small, 150));
    every_point("safe: texts", hook, || torture::texts(200));
    every_point("safe: tables", hook, || torture::tables(600));
    every_point("safe: batches", hook, || torture::batches(300));
    every_point("safe: watched tables", hook, || torture::watched_tables(300));
    every_point("safe: blobs", hook, || torture::blobs(200));
    every_point("safe: cursors", hook, || torture::cursors(100));
    every_point("safe: arenas", hook, || torture::arenas(300));
    every_point("safe: written files", hook, || torture::written(file.path(), 200));
    every_point("safe: folds", hook, || torture::folds(400));
    every_point("safe: meters", hook, || {
        let meter = Meter::start(10, Duration::MAX)?;
        assert!(!meter.stop().is_empty());
        Ok(())
    });

    // It reads on a thread of the library's own.
    let file = File::new("load", &small);
    let torture = Torture::new("safe: loads in the background", hook).all_threads();
    let report = torture.balances("live objects", || cstruct::live().objects).run(|| {
        let context = Loading::start(file.path())?.wait()?;
        assert_eq!(context.count(), 150);
        Ok::<_, cstruct::Error>(())
    });
    assert!(report.is_exhaustive(), "{report}");
    println!("torture: {report}");
}
