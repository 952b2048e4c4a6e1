//! Draws a page of any bytes as a document: the result must be an error or a picture, without a panic or an internal error.
#![no_main]

use fuzz::render_one;
use libfuzzer_sys::fuzz_target;

/// The start of every document, so that the fuzzer need not find it.
const START: &[u8] = b"%PDF-1.7\n";

fuzz_target!(|input: &[u8]| {
    // The first byte chooses the page; the rest is the file.
    let Some((choice, bytes)) = input.split_first() else { return };
    let variant = format!("w=64,frame={},fm=png", 1 + choice % 3).parse().expect("a canonical text");
    render_one(&[START, bytes].concat(), &variant);
});
