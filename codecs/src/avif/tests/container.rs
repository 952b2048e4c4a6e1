//! The container's features: grids, cropping, rotation, premultiplied alpha.

use super::builder::{BLUE, FileBuilder, GRAY, GREEN, Property, RED, coded, grid, ispe, tile};
use crate::View;
use crate::avif::{Layout, encode, open};

#[test]
fn tiles_are_joined_and_cropped_to_the_picture() {
    let tiles = [tile(RED), tile(GREEN), tile(BLUE), tile(GRAY)];
    let mut builder = FileBuilder::default();
    builder.item(1, *b"grid", &grid(2, 2, 100, 90), &[ispe(100, 90)]);
    for (id, tile) in (2..).zip(&tiles) {
        builder.item(id, *b"av01", tile, &[]);
    }
    builder.reference(*b"dimg", 1, &[2, 3, 4, 5]);
    let file = builder.file();
    let file = open(&file).unwrap();
    assert_eq!((file.header().width, file.header().height), (100, 90));
    let mut out = vec![0; 100 * 90 * 3];
    file.decode(Layout::Rgb, &mut out).unwrap();
    for ((x, y), expected) in [((5, 5), RED), ((99, 5), GREEN), ((5, 89), BLUE), ((99, 89), GRAY)] {
        assert_near(&out, 100, (x, y), expected);
    }
}

#[test]
fn the_picture_is_cropped_to_its_clean_aperture() {
    let mut samples = vec![0; 64 * 64 * 3];
    for (at, pixel) in samples.as_chunks_mut::<3>().0.iter_mut().enumerate() {
        *pixel = if at % 64 < 32 { RED } else { GREEN };
    }
    let data = coded(&samples, 64);
    let check = |numbers: [i32; 8], expected: Option<(u32, u32, [u8; 3], [u8; 3])>| {
        let aperture = ("clap", numbers.iter().flat_map(|number| number.to_be_bytes()).collect());
        let mut builder = FileBuilder::default();
        builder.item(1, *b"av01", &data, &[ispe(64, 64), aperture]);
        let bytes = builder.file();
        let file = open(&bytes).unwrap();
        let header = file.header();
        assert_eq!((header.coded_width, header.coded_height), (64, 64));
        let (width, height, left, right) = expected.unwrap_or((64, 64, RED, GREEN));
        assert_eq!((header.width, header.height), (width, height), "{numbers:?}");
        let mut out = vec![0; (width * height * 3) as usize];
        file.decode(Layout::Rgb, &mut out).unwrap();
        assert_near(&out, width, (0, 0), left);
        assert_near(&out, width, (width - 1, height - 1), right);
    };
    check([20, 1, 10, 1, 0, 1, 0, 1], Some((20, 10, RED, GREEN)));
    check([20, 1, 10, 1, -22, 1, -27, 1], Some((20, 10, RED, RED)));
    check([20, 1, 10, 1, 22, 1, 27, 1], Some((20, 10, GREEN, GREEN)));
    check([21, 1, 10, 1, 1, 2, 0, 1], Some((21, 10, RED, GREEN)));
    // Ignored apertures: outside the picture, between pixels, empty, with a zero denominator, too large.
    check([20, 1, 10, 1, 23, 1, 0, 1], None);
    check([21, 1, 10, 1, 0, 1, 0, 1], None);
    check([0, 1, 10, 1, 0, 1, 0, 1], None);
    check([20, 0, 10, 1, 0, 1, 0, 1], None);
    check([65, 1, 10, 1, 0, 1, 0, 1], None);
}

#[test]
fn rotation_and_mirroring_are_reported_as_exif_orientations() {
    let data = tile(RED);
    let check = |quarters: Option<u8>, axis: Option<u8>, expected: u8| {
        let mut properties = vec![ispe(64, 64)];
        properties.extend(quarters.map(|quarters| ("irot", vec![quarters])));
        properties.extend(axis.map(|axis| ("imir", vec![axis])));
        let mut builder = FileBuilder::default();
        builder.item(1, *b"av01", &data, &properties);
        assert_eq!(open(&builder.file()).unwrap().header().orientation, expected, "{quarters:?} {axis:?}");
    };
    // The inverse of libavif's table (avifImageExtractExifOrientationToIrotImir).
    check(None, None, 1);
    check(None, Some(1), 2);
    check(Some(2), None, 3);
    check(None, Some(0), 4);
    check(Some(1), Some(0), 5);
    check(Some(3), None, 6);
    check(Some(3), Some(0), 7);
    check(Some(1), None, 8);
    // The same orientations by other combinations.
    check(Some(2), Some(0), 2);
    check(Some(2), Some(1), 4);
    check(Some(3), Some(1), 5);
    check(Some(1), Some(1), 7);
}

#[test]
fn premultiplied_colours_are_divided_by_alpha() {
    let half = coded(&[128; 3].repeat(64 * 64), 64);
    let check = |is_premultiplied: bool, expected: [u8; 3]| {
        let mut builder = FileBuilder::default();
        let name = ("auxC", b"\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0".to_vec());
        builder.item(1, *b"av01", &tile([100, 50, 25]), &[ispe(64, 64)]);
        builder.item(2, *b"av01", &half, &[ispe(64, 64), name]);
        builder.reference(*b"auxl", 2, &[1]);
        if is_premultiplied {
            builder.reference(*b"prem", 1, &[2]);
        }
        let bytes = builder.file();
        let mut out = vec![0; 64 * 64 * 4];
        open(&bytes).unwrap().decode(Layout::Rgba, &mut out).unwrap();
        let pixel = out[..4].to_vec();
        let [red, green, blue] = expected;
        let is_near = pixel.iter().zip([red, green, blue, 128]).all(|(a, b)| a.abs_diff(b) <= 6);
        assert!(is_near, "{is_premultiplied}: {pixel:?}");
    };
    check(false, [100, 50, 25]);
    check(true, [199, 100, 50]);
}

fn assert_near(samples: &[u8], width: u32, (x, y): (u32, u32), expected: [u8; 3]) {
    let at = (y * width + x) as usize * 3;
    let pixel = &samples[at..at + 3];
    let is_near = pixel.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 8);
    assert!(is_near, "({x}, {y}): {pixel:?}, not {expected:?}");
}

#[test]
fn each_tile_may_have_an_alpha_plane_of_its_own() {
    let (clear, opaque) = (coded(&[0; 64 * 64 * 3], 64), coded(&[255; 64 * 64 * 3], 64));
    let name = || ("auxC", b"\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0".to_vec());
    let mut builder = FileBuilder::default();
    builder.item(1, *b"grid", &grid(2, 1, 128, 64), &[ispe(128, 64)]);
    builder.item(2, *b"av01", &tile(RED), &[ispe(64, 64)]);
    builder.item(3, *b"av01", &tile(BLUE), &[ispe(64, 64)]);
    builder.item(4, *b"av01", &opaque, &[ispe(64, 64), name()]);
    builder.item(5, *b"av01", &clear, &[ispe(64, 64), name()]);
    builder.reference(*b"dimg", 1, &[2, 3]);
    builder.reference(*b"auxl", 4, &[2]);
    builder.reference(*b"auxl", 5, &[3]);
    let bytes = builder.file();
    let file = open(&bytes).unwrap();
    assert!(file.header().has_alpha);
    let mut out = vec![0; 128 * 64 * 4];
    file.decode(Layout::Rgba, &mut out).unwrap();
    let alpha = |x: usize| out[(32 * 128 + x) * 4 + 3];
    assert!(alpha(20) > 250 && alpha(100) < 5, "{} {}", alpha(20), alpha(100));
}

#[test]
fn a_grid_without_colours_has_those_of_its_first_tile() {
    let nclx = |range: u8| ("colr", [b"nclx\0\x01\0\x0d\0\x06".as_slice(), &[range]].concat());
    let check = |of_grid: Option<Property>, of_tile: Option<Property>, expected: (bool, Option<&[u8]>)| {
        let mut builder = FileBuilder::default();
        let properties: Vec<_> = std::iter::once(ispe(128, 64)).chain(of_grid).collect();
        builder.item(1, *b"grid", &grid(2, 1, 128, 64), &properties);
        builder.item(2, *b"av01", &tile(RED), of_tile.as_slice());
        builder.item(3, *b"av01", &tile(RED), &[]);
        builder.reference(*b"dimg", 1, &[2, 3]);
        let bytes = builder.file();
        let file = open(&bytes).unwrap();
        assert_eq!((file.header().colors.is_full_range, file.icc()), expected);
    };
    let icc = ("colr", b"profICC".to_vec());
    let of_picture = {
        let bytes = encode(View { samples: &[9; 3], width: 1, height: 1 }, Layout::Rgb, 95).unwrap();
        open(&bytes).unwrap().header().colors.is_full_range
    };
    check(None, Some(nclx(0)), (false, None));
    check(None, Some(nclx(0x80)), (true, None));
    check(Some(nclx(0x80)), Some(nclx(0)), (true, None));
    check(None, Some(icc.clone()), (of_picture, Some(b"ICC")));
    check(Some(nclx(0)), Some(icc), (false, None));
    check(None, None, (of_picture, None));
}
