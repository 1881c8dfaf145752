//! libFuzzer on [`csv`](cstruct_fuzz::csv).

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cstruct_fuzz::csv(data));
