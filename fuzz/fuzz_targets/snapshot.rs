#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mockstack_fuzz::snapshot::run(data));
