//! Pictures of several layers.

use super::builder::{FileBuilder, Property, ispe};
use crate::Error;
use crate::aom::encoder::{Chroma, Planes, layers};
use crate::avif::{Layout, open};
use crate::planes::Range;

const SIDE: u32 = 64;

/// The gray of each layer, from the lowest one on.
const GRAYS: [u8; 3] = [40, 120, 200];

/// The AV1 picture of three layers, without a file around it. The first two have half the width and height if `are_halved`.
fn layered(are_halved: bool) -> Vec<u8> {
    let lumas = GRAYS.map(|gray| vec![gray; (SIDE * SIDE) as usize]);
    let flat = vec![128; (SIDE * SIDE / 4) as usize];
    let planes = |luma| Planes {
        width: SIDE,
        height: SIDE,
        range: Range::Full,
        luma,
        chroma: Chroma::Planes([flat.as_slice(), flat.as_slice()]),
    };
    layers::encode(&lumas.each_ref().map(|luma| planes(luma.as_slice())), are_halved).unwrap()
}

/// The side and the gray in the middle of a file's picture.
fn shown(data: &[u8], side: u32, properties: &[Property]) -> Result<(u32, u8), Error> {
    let mut builder = FileBuilder::default();
    builder.item(1, *b"av01", data, &[&[ispe(side, side)][..], properties].concat());
    let bytes = builder.file();
    let file = open(&bytes)?;
    let width = file.header().width;
    let mut samples = vec![0; (width * width * 3) as usize];
    file.decode(Layout::Rgb, &mut samples)?;
    Ok((width, samples[samples.len() / 2]))
}

fn select(layer: u16) -> Property {
    ("lsel", layer.to_be_bytes().to_vec())
}

fn operate(point: u8) -> Property {
    ("a1op", vec![point])
}

fn assert_shows(data: &[u8], properties: &[Property], side: u32, gray: u8) {
    let (found_side, found) = shown(data, side, properties).unwrap();
    assert!(found_side == side && found.abs_diff(gray) <= 3, "{properties:?}: {found_side}, {found}");
}

#[test]
fn the_last_layer_is_shown() {
    // The lengths of the first two layers, of two bytes each; they may be wrong.
    let lengths = [("a1lx", vec![0, 0, 30, 0, 30, 0, 0])];
    for are_halved in [false, true] {
        let data = layered(are_halved);
        assert_shows(&data, &[], SIDE, GRAYS[2]);
        assert_shows(&data, &lengths, SIDE, GRAYS[2]);
        assert_shows(&data, &[&[select(0xffff)][..], &lengths].concat(), SIDE, GRAYS[2]);
        assert_shows(&data, &[operate(0)], SIDE, GRAYS[2]);
    }
}

#[test]
fn a_layer_that_the_file_selects_is_shown() {
    for (are_halved, side) in [(false, SIDE), (true, SIDE / 2)] {
        let data = layered(are_halved);
        assert_shows(&data, &[select(0)], side, GRAYS[0]);
        assert_shows(&data, &[select(1)], side, GRAYS[1]);
        assert_shows(&data, &[select(2)], SIDE, GRAYS[2]);
        // Each further set of layers has one layer less.
        assert_shows(&data, &[operate(2)], side, GRAYS[0]);
        assert_shows(&data, &[operate(1)], side, GRAYS[1]);
    }
}

#[test]
fn a_layer_of_another_size_than_declared_is_refused() {
    let data = layered(true);
    for (side, property) in
        [(SIDE, select(0)), (SIDE / 2, select(2)), (SIDE * 2, select(2)), (SIDE, operate(2))]
    {
        let result = shown(&data, side, &[property]);
        assert!(matches!(result, Err(Error::Damaged(_))), "{side}: {result:?}");
    }
}
