//! Writes TIFFs: one directory before the strips.

use std::io::Write;

use fax::maps::{black, white};
use fax::{BitWriter, Bits, Color, VecWriter};

/// The kind of a file.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    pub(super) bits: u32,
    pub(super) format: u16,
    pub(super) photometric: u16,
    pub(super) samples: usize,
    pub(super) extra: Vec<u16>,
    pub(super) palette: Vec<[u16; 3]>,
    pub(super) compression: u16,
    pub(super) predictor: u16,
    /// The options of group 3.
    pub(super) options: u32,
    pub(super) is_planar: bool,
    pub(super) is_big_endian: bool,
    pub(super) is_reversed: bool,
    /// The side of a tile. Strips have ten rows otherwise.
    pub(super) tile: Option<usize>,
}

impl Default for Kind {
    fn default() -> Self {
        Self {
            bits: 8,
            format: 1,
            photometric: 1,
            samples: 1,
            extra: Vec::new(),
            palette: Vec::new(),
            compression: 1,
            predictor: 1,
            options: 0,
            is_planar: false,
            is_big_endian: false,
            is_reversed: false,
            tile: None,
        }
    }
}

/// A file of a picture whose samples from 0 to 1 are `light`.
pub(super) fn file(
    kind: &Kind,
    width: usize,
    height: usize,
    light: impl Fn(usize, usize, usize) -> f64,
) -> Vec<u8> {
    const ROWS: usize = 10;
    let (strip_width, strip_height) = kind.tile.map_or((width, ROWS), |side| (side, side));
    let planes = if kind.is_planar { kind.samples } else { 1 };
    let mut strips = Vec::new();
    for plane in 0..planes {
        for top in (0..height).step_by(strip_height) {
            for left in (0..width).step_by(strip_width) {
                let rows = if kind.tile.is_some() { strip_height } else { strip_height.min(height - top) };
                let channels = if kind.is_planar { plane..plane + 1 } else { 0..kind.samples };
                let row = |y: usize| -> Vec<f64> {
                    let pixel = |x: usize| channels.clone().map(move |channel| (x, channel));
                    let row = (0..strip_width).flat_map(|x| pixel(left + x).collect::<Vec<_>>());
                    row.map(|(x, channel)| light(x, top + y, channel)).collect()
                };
                strips.push(strip(kind, strip_width, (0..rows).map(row)));
            }
        }
    }
    let lists: Vec<(u16, Vec<u32>)> = vec![
        (256, vec![width as u32]),
        (257, vec![height as u32]),
        (258, vec![kind.bits; kind.samples]),
        (259, vec![kind.compression.into()]),
        (262, vec![kind.photometric.into()]),
        (266, vec![1 + u32::from(kind.is_reversed)]),
        (273, Vec::new()),
        (277, vec![kind.samples as u32]),
        (278, vec![ROWS as u32]),
        (279, strips.iter().map(|strip| strip.len() as u32).collect()),
        (284, vec![1 + u32::from(kind.is_planar)]),
        (292, vec![kind.options]),
        (317, vec![kind.predictor.into()]),
        (
            320,
            (0..3).flat_map(|channel| kind.palette.iter().map(move |color| color[channel].into())).collect(),
        ),
        (322, kind.tile.iter().map(|side| *side as u32).collect()),
        (323, kind.tile.iter().map(|side| *side as u32).collect()),
        (324, Vec::new()),
        (325, strips.iter().map(|strip| strip.len() as u32).collect()),
        (338, kind.extra.iter().map(|extra| (*extra).into()).collect()),
        (339, vec![kind.format.into(); kind.samples]),
    ];
    let is_tiled = kind.tile.is_some();
    let is_written = |tag: u16, list: &[u32]| match tag {
        273 | 278 | 279 => !is_tiled,
        324 | 325 => is_tiled,
        _ => !list.is_empty(),
    };
    let lists: Vec<_> = lists.into_iter().filter(|(tag, list)| is_written(*tag, list)).collect();
    write(kind, lists, &strips)
}

const EXTRA_SAMPLES: u16 = 338;

/// The directory with numbers of 32 bits, then longer lists, then the strips.
fn write(kind: &Kind, lists: Vec<(u16, Vec<u32>)>, strips: &[Vec<u8>]) -> Vec<u8> {
    let word = |number: u16| if kind.is_big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
    let long = |number: u32| if kind.is_big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
    let start = 8 + 2 + lists.len() * 12 + 4;
    let listed: usize = lists.iter().map(|(_, list)| list.len().max(strips.len()) * 4).sum();
    let (mut directory, mut values) = (word(lists.len() as u16).to_vec(), Vec::new());
    let mut at = start + listed;
    for (tag, mut list) in lists {
        if matches!(tag, 273 | 324) {
            for strip in strips {
                list.push(at as u32);
                at += strip.len();
            }
        }
        let type_code = if tag == EXTRA_SAMPLES { 3 } else { 4 };
        directory.extend([word(tag), word(type_code)].concat());
        directory.extend(long(list.len() as u32));
        if tag == EXTRA_SAMPLES {
            // One or two numbers of 16 bits are in the entry itself.
            let second = list.get(1).copied().unwrap_or_default();
            directory.extend([word(list[0] as u16), word(second as u16)].concat());
        } else if let [only] = list.as_slice() {
            directory.extend(long(*only));
        } else {
            directory.extend(long((start + values.len()) as u32));
            values.extend(list.iter().flat_map(|number| long(*number)));
        }
    }
    values.resize(listed, 0);
    let mark = if kind.is_big_endian { b"MM" } else { b"II" };
    [&mark[..], &word(42), &long(8), &directory, &long(0), &values, &strips.concat()].concat()
}

fn strip(kind: &Kind, width: usize, rows: impl Iterator<Item = Vec<f64>>) -> Vec<u8> {
    if matches!(kind.compression, 2..=4) {
        let rows: Vec<Vec<bool>> = rows.map(|row| row.iter().map(|light| *light > 0.5).collect()).collect();
        return in_order(kind, fax(kind, width, &rows));
    }
    let in_row = if kind.is_planar { 1 } else { kind.samples };
    let bytes: Vec<u8> = rows.flat_map(|row| packed(kind, in_row, &row)).collect();
    in_order(kind, compressed(kind.compression, &bytes))
}

fn in_order(kind: &Kind, bytes: Vec<u8>) -> Vec<u8> {
    if kind.is_reversed { bytes.iter().map(|byte| byte.reverse_bits()).collect() } else { bytes }
}

fn compressed(compression: u16, bytes: &[u8]) -> Vec<u8> {
    match compression {
        5 => weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(bytes).unwrap(),
        8 => {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        32773 => {
            let pieces = bytes.chunk_by(|a, b| a == b).flat_map(|run| run.chunks(128));
            pieces.flat_map(|run| [(257 - run.len()) as u8 * u8::from(run.len() > 1), run[0]]).collect()
        }
        _ => bytes.to_vec(),
    }
}

/// A row of numbers with the predictor's differences.
fn packed(kind: &Kind, in_row: usize, row: &[f64]) -> Vec<u8> {
    let largest = (1_u64 << kind.bits.min(32)) - 1;
    let stored: Vec<u64> = row
        .iter()
        .map(|light| match (kind.format, kind.bits) {
            (3, 16) => u64::from(half(*light)),
            (3, 32) => u64::from((*light as f32).to_bits()),
            (3, _) => light.to_bits(),
            _ => (light * largest as f64).round() as u64,
        })
        .collect();
    let bytes = kind.bits as usize / 8;
    if kind.predictor == 3 {
        let plane =
            |place: usize| stored.iter().map(move |number| (number >> (8 * (bytes - 1 - place))) as u8);
        let planes: Vec<u8> = (0..bytes).flat_map(plane).collect();
        let before = |at: usize| at.checked_sub(in_row).map_or(0, |at| planes[at]);
        return planes.iter().enumerate().map(|(at, byte)| byte.wrapping_sub(before(at))).collect();
    }
    let before = |at: usize| at.checked_sub(in_row).map_or(0, |at| stored[at]);
    let numbers = stored.iter().enumerate().map(|(at, number)| match kind.predictor {
        2 => number.wrapping_sub(before(at)),
        _ => *number,
    });
    if bytes > 0 && kind.bits.is_multiple_of(8) {
        let ordered = |number: u64| {
            let mut bytes = number.to_le_bytes()[..bytes].to_vec();
            if kind.is_big_endian {
                bytes.reverse();
            }
            bytes
        };
        return numbers.flat_map(ordered).collect();
    }
    let mut bits = VecWriter::new();
    numbers.for_each(|number| put(&mut bits, number as u16, kind.bits as u8));
    bits.pad();
    bits.finish()
}

fn half(light: f64) -> u16 {
    if light == 0.0 {
        return 0;
    }
    let exponent = light.log2().floor();
    let fraction = ((light / exponent.exp2() - 1.0) * 1024.0).floor() as u16;
    ((exponent as i32 + 15) as u16) << 10 | fraction
}

fn put(bits: &mut VecWriter, data: u16, len: u8) {
    bits.write(Bits { data, len }).unwrap();
}

fn fax(kind: &Kind, width: usize, rows: &[Vec<bool>]) -> Vec<u8> {
    let line = |row: &[bool]| -> Vec<Color> {
        row.iter().map(|is_black| if *is_black { Color::Black } else { Color::White }).collect()
    };
    if kind.compression == 4 {
        let mut encoder = fax::encoder::Encoder::new(VecWriter::new());
        for row in rows {
            encoder.encode_line(line(row).into_iter(), width as u16).unwrap();
        }
        return encoder.finish().unwrap().finish();
    }
    let mut bits = VecWriter::new();
    for (number, row) in rows.iter().enumerate() {
        if kind.compression == 3 {
            put(&mut bits, 1, 12);
        }
        let is_alone = number % 2 == 0 || kind.options & 1 == 0;
        if kind.options & 1 == 1 {
            put(&mut bits, u16::from(is_alone), 1);
        }
        if is_alone {
            alone(&mut bits, row);
        } else {
            by_the_one_above(&mut bits, row);
        }
        if kind.compression == 2 {
            bits.pad();
        }
    }
    bits.pad();
    bits.finish()
}

/// A row in one dimension.
fn alone(bits: &mut VecWriter, row: &[bool]) {
    let mut is_black = false;
    let mut rest = row;
    while !rest.is_empty() {
        let length = rest.iter().take_while(|black| **black == is_black).count();
        run(bits, length, is_black);
        (rest, is_black) = (&rest[length..], !is_black);
    }
}

fn run(bits: &mut VecWriter, length: usize, is_black: bool) {
    let encode = if is_black { black::encode } else { white::encode };
    if length >= 64 {
        bits.write(encode((length / 64 * 64) as u16).unwrap()).unwrap();
    }
    bits.write(encode((length % 64) as u16).unwrap()).unwrap();
}

/// A row in two dimensions, of pairs of runs alone: they may stand for any row.
fn by_the_one_above(bits: &mut VecWriter, row: &[bool]) {
    let mut rest = row;
    while !rest.is_empty() {
        put(bits, 0b001, 3);
        for is_black in [false, true] {
            let length = rest.iter().take_while(|black| **black == is_black).count();
            run(bits, length, is_black);
            rest = &rest[length..];
        }
    }
}
