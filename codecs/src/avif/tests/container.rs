//! What files say beside the pixels, in files made box by box.

use super::maker::{BLUE, GRAY, GREEN, Maker, RED, coded, grid, ispe, tile};
use crate::avif::{Layout, open};

#[test]
fn tiles_make_one_picture_and_what_sticks_out_is_cut_off() {
    let tiles = [tile(RED), tile(GREEN), tile(BLUE), tile(GRAY)];
    let mut maker = Maker::default();
    maker.item(1, *b"grid", &grid(2, 2, 100, 90), &[ispe(100, 90)]);
    for (id, tile) in (2..).zip(&tiles) {
        maker.item(id, *b"av01", tile, &[]);
    }
    maker.reference(*b"dimg", 1, &[2, 3, 4, 5]);
    let file = maker.file();
    let file = open(&file).unwrap();
    assert_eq!((file.header().width, file.header().height), (100, 90));
    let mut out = vec![0; 100 * 90 * 3];
    file.decode(Layout::Rgb, &mut out).unwrap();
    for ((x, y), expected) in [((5, 5), RED), ((99, 5), GREEN), ((5, 89), BLUE), ((99, 89), GRAY)] {
        assert_near(&out, 100, (x, y), expected);
    }
}

#[test]
fn the_clean_aperture_is_cut_out() {
    let mut samples = vec![0; 64 * 64 * 3];
    for (at, pixel) in samples.as_chunks_mut::<3>().0.iter_mut().enumerate() {
        *pixel = if at % 64 < 32 { RED } else { GREEN };
    }
    let data = coded(&samples, 64);
    let check = |numbers: [i32; 8], expected: Option<(u32, u32, [u8; 3], [u8; 3])>| {
        let aperture = ("clap", numbers.iter().flat_map(|number| number.to_be_bytes()).collect());
        let mut maker = Maker::default();
        maker.item(1, *b"av01", &data, &[ispe(64, 64), aperture]);
        let bytes = maker.file();
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
    // Outside, between pixels, empty, divided by zero: not followed.
    check([20, 1, 10, 1, 23, 1, 0, 1], None);
    check([21, 1, 10, 1, 0, 1, 0, 1], None);
    check([0, 1, 10, 1, 0, 1, 0, 1], None);
    check([20, 0, 10, 1, 0, 1, 0, 1], None);
    check([65, 1, 10, 1, 0, 1, 0, 1], None);
}

#[test]
fn turns_and_mirrors_are_told_as_exif_has_them() {
    let data = tile(RED);
    let check = |quarters: Option<u8>, axis: Option<u8>, expected: u8| {
        let mut properties = vec![ispe(64, 64)];
        properties.extend(quarters.map(|quarters| ("irot", vec![quarters])));
        properties.extend(axis.map(|axis| ("imir", vec![axis])));
        let mut maker = Maker::default();
        maker.item(1, *b"av01", &data, &properties);
        assert_eq!(open(&maker.file()).unwrap().header().orientation, expected, "{quarters:?} {axis:?}");
    };
    // libavif's own table (avifImageExtractExifOrientationToIrotImir), read backwards.
    check(None, None, 1);
    check(None, Some(1), 2);
    check(Some(2), None, 3);
    check(None, Some(0), 4);
    check(Some(1), Some(0), 5);
    check(Some(3), None, 6);
    check(Some(3), Some(0), 7);
    check(Some(1), None, 8);
    // The same by other ways.
    check(Some(2), Some(0), 2);
    check(Some(2), Some(1), 4);
    check(Some(3), Some(1), 5);
    check(Some(1), Some(1), 7);
}

#[test]
fn premultiplied_colours_are_divided_by_alpha() {
    let half = coded(&[128; 3].repeat(64 * 64), 64);
    let check = |is_premultiplied: bool, expected: [u8; 3]| {
        let mut maker = Maker::default();
        let name = ("auxC", b"\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0".to_vec());
        maker.item(1, *b"av01", &tile([100, 50, 25]), &[ispe(64, 64)]);
        maker.item(2, *b"av01", &half, &[ispe(64, 64), name]);
        maker.reference(*b"auxl", 2, &[1]);
        if is_premultiplied {
            maker.reference(*b"prem", 1, &[2]);
        }
        let bytes = maker.file();
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
