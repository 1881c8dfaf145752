//! libFuzzer on [`copies`](cstruct_fuzz::copies).

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cstruct_fuzz::copies(data));
