//! Decodes any bytes at any scales: the result must be an error, or planes of the header's sizes within the header's
//! memory, without a panic.
#![no_main]

use jpeg::{Header, LastBits, Options, Planes, Scale, Scales};
use libfuzzer_sys::fuzz_target;

/// The most pixels of a file that is decoded. Larger files would make runs slow.
const MOST_PIXELS: u32 = 1 << 18;

fuzz_target!(|input: &[u8]| {
    // The first byte chooses the options; the rest is the file.
    let Some((choice, bytes)) = input.split_first() else { return };
    let Ok(header) = Header::read(bytes) else { return };
    if header.width() * header.height() > MOST_PIXELS {
        return;
    }
    let scale = |bits: u8| Scale::new(bits % 8 + 1).unwrap_or(Scale::FULL);
    let chroma = if choice & 64 == 0 { scale(*choice) } else { scale(choice >> 3) };
    let scales = Scales { luma: scale(*choice), chroma };
    let options =
        Options { scales, last_bits: if choice & 128 == 0 { LastBits::Read } else { LastBits::Drop } };
    let mut planes = Planes::default();
    if jpeg::decode(&header, bytes, options, &mut planes, &mut || true).is_ok() {
        let samples: usize = planes.as_slice().iter().map(|plane| plane.samples().len()).sum();
        assert!(samples as u64 <= header.memory(scales));
        for plane in planes.as_slice() {
            assert_eq!(plane.rows().len(), plane.height() as usize);
        }
    }
});
