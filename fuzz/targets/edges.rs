#![no_main]

#[path = "../../tests/it/check.rs"]
#[expect(dead_code, reason = "each target holds one property")]
mod check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check::any_edges(bytes));
