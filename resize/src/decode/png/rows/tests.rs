//! Compares the fast path with the encoded samples and with the crate `png`.

use std::io::Cursor;

use super::*;
use png::{BitDepth, ColorType, Decoder, Encoder, Filter};
use proptest::prelude::*;

fn encoded(width: u32, height: u32, color: ColorType, filter: Filter) -> (Vec<u8>, Vec<u8>) {
    let count = width * height * color.samples() as u32;
    let samples: Vec<u8> = (0..count).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_filter(filter);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&samples).unwrap();
    writer.finish().unwrap();
    (bytes, samples)
}

fn decoded(bytes: &[u8], width: u32, color: ColorType, len: usize) -> Option<Vec<u8>> {
    let channels = color.samples() as u32;
    let shape = Shape { width: width as usize, height: len / (width * channels) as usize, channels };
    let mut samples = Vec::new();
    read(bytes, shape, |rows| samples.extend_from_slice(rows))?;
    Some(samples)
}

#[test]
fn every_color_type_filter_and_size_is_decoded_exactly() {
    let colors = [ColorType::Grayscale, ColorType::GrayscaleAlpha, ColorType::Rgb, ColorType::Rgba];
    let filters = [Filter::NoFilter, Filter::Sub, Filter::Up, Filter::Avg, Filter::Paeth, Filter::Adaptive];
    for color in colors {
        for filter in filters {
            for (width, height) in [(1, 1), (1, 9), (3, 4), (7, 5), (301, 411), (30_000, 6)] {
                let (bytes, samples) = encoded(width, height, color, filter);
                let got = decoded(&bytes, width, color, samples.len());
                assert!(got == Some(samples), "{width} × {height}, {color:?}, {filter:?}");
            }
        }
    }
}

#[test]
fn a_truncated_damaged_or_differently_sized_file_is_left_to_the_png_crate() {
    let (width, color) = (60, ColorType::Rgb);
    let (bytes, samples) = encoded(width, 50, color, Filter::Adaptive);
    let check = |bytes: &[u8], len: usize| assert_eq!(decoded(bytes, width, color, len), None);
    let data = bytes.windows(4).position(|name| name == b"IDAT").unwrap();
    // Up to the name of the last chunk, which shows that no further `IDAT` chunk follows.
    for end in 0..bytes.len() - 12 {
        check(&bytes[..end], samples.len());
    }
    for at in data..bytes.len() - 12 {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        check(&damaged, samples.len());
    }
    let stride = width as usize * 3;
    check(&bytes, samples.len() - stride);
    check(&bytes, samples.len() + stride);
    check(&bytes, 0);
}

/// A PNG whose rows have these filters and filtered bytes.
fn file_of_rows(width: u32, color: ColorType, rows: &[(u8, Vec<u8>)], chunk: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, rows.len() as u32);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    let raw: Vec<u8> = rows.iter().flat_map(|(filter, row)| [&[*filter], &row[..]].concat()).collect();
    for piece in fdeflate::compress_to_vec(&raw).chunks(chunk) {
        writer.write_chunk(png::chunk::IDAT, piece).unwrap();
    }
    drop(writer);
    bytes
}

fn by_the_png_crate(bytes: &[u8]) -> Vec<u8> {
    let mut reader = Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut samples).unwrap();
    samples
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn rows_of_any_filters_decode_as_by_the_png_crate(
        width in 1_u32..300,
        color in prop::sample::select(
            vec![ColorType::Grayscale, ColorType::GrayscaleAlpha, ColorType::Rgb, ColorType::Rgba]
        ),
        filters in prop::collection::vec(0_u8..5, 1..40),
        chunk in 1_usize..5000,
        seed in any::<u32>(),
    ) {
        let mut seed = seed;
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        };
        let stride = width as usize * color.samples();
        let row = |filter| (filter, (0..stride).map(|_| noise()).collect());
        let rows: Vec<(u8, Vec<u8>)> = filters.into_iter().map(row).collect();
        let bytes = file_of_rows(width, color, &rows, chunk);
        let expected = by_the_png_crate(&bytes);
        let got = decoded(&bytes, width, color, expected.len());
        prop_assert!(got == Some(expected), "{width} wide, {color:?}");
    }
}
