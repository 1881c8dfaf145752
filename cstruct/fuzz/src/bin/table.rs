//! libFuzzer on [`table`](cstruct_fuzz::table).

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cstruct_fuzz::table(data));
