//! Reads any bytes as AVIF or HEIC, whole, halved, in part and by the thumbnail: the result must be an error or a picture, without
//! a panic.
#![no_main]

use codecs::heif::{Layout, Part, Reading, open};
use libfuzzer_sys::fuzz_target;

/// The most pixels of a file that is decoded. Larger files would make runs slow.
const MOST_PIXELS: u64 = 1 << 18;

fuzz_target!(|input: &[u8]| {
    // The first byte chooses what is read; the rest is the file.
    let Some((choice, bytes)) = input.split_first() else { return };
    let Ok(file) = open(bytes) else { return };
    let header = file.header();
    assert!(header.width > 0 && header.height > 0);
    let coded = u64::from(header.coded_width) * u64::from(header.coded_height);
    if coded.max(header.pixels_at_once) > MOST_PIXELS {
        return;
    }
    let halvings = u32::from(choice & 3).min(header.max_halvings);
    let part = (choice & 4 != 0).then_some(Part { left: 1, top: 1, right: 9, bottom: 9 });
    let (is_thumbnail, (width, height)) = match header.thumbnail {
        Some(size) if choice & 8 != 0 => (true, size),
        Some(_) | None => {
            (false, (header.width.div_ceil(1 << halvings), header.height.div_ceil(1 << halvings)))
        }
    };
    let layout = if header.has_alpha { Layout::Rgba } else { Layout::Rgb };
    let mut samples = vec![0; (width * height * layout.channels()) as usize];
    let _ = file.read(Reading { is_thumbnail, halvings, part }, layout, &mut samples);
});
