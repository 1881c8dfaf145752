//! The jobs of one item under criterion: `cargo bench -p cstruct-bench`, and `-- copy` for those with "copy" in their names.
//!
//! The figures to go by are those of `cargo run --release -p cstruct-bench`, where C runs beside, round by round.

use std::time::Instant;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use cstruct_bench::jobs;

fn micro(criterion: &mut Criterion) {
    for job in jobs::ALL.iter().filter(|job| job.items.full == 1) {
        let mut group = criterion.benchmark_group(job.name);
        for mut way in (job.ways)(1) {
            group.bench_function(BenchmarkId::from_parameter(way.name), |bencher| {
                bencher.iter_custom(|times| {
                    let start = Instant::now();
                    (way.work)(times);
                    start.elapsed()
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, micro);
criterion_main!(benches);
