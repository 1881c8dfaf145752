//! libFuzzer on [`texts_and_arrays`](cstruct_fuzz::texts_and_arrays).

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cstruct_fuzz::texts_and_arrays(data));
