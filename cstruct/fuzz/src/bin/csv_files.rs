//! libFuzzer on [`csv_files`](cstruct_fuzz::csv_files).

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cstruct_fuzz::csv_files(data));
