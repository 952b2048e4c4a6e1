//! The first partition: the frame's header, and how each macroblock is coded (RFC 6386, sections 9.2 to 9.11 and 19.2).

use crate::bits::BitWriter;
use crate::costs::Branch;
use crate::macroblock::choice::{Choice, LumaModes};
use crate::modes::{BLOCK_PATHS, BLOCKS_BRANCH, CHROMA_PATHS, DC, WHOLE_PATHS};
use crate::segments::Segments;
use crate::tables::Probabilities;
use crate::tables::block_modes::BLOCK_MODES;
use crate::tokens::probabilities::write_probabilities;
use crate::tuning::CHROMA_DC;
use crate::wrapped::at;

/// Probabilities of the branches of a macroblock's segment; `None` if all are in one segment.
type SegmentTree = Option<[u8; 3]>;

/// Writes the first partition. `choices` are those of all macroblocks in rows of `across`.
pub(super) fn first_partition(
    choices: &[Choice],
    across: usize,
    segments: &Segments,
    probabilities: &Probabilities,
) -> Vec<u8> {
    let mut writer = BitWriter::with_capacity(choices.len() * 8);
    let [first, ..] = segments.settings;
    writer.flag(false); // The colour space is that of WebP.
    writer.flag(false); // A decoder must clamp samples.
    let tree = write_segments(&mut writer, segments);
    writer.flag(false); // The loop filter is the normal one.
    let most = segments.settings.iter().map(|segment| segment.filter).max().unwrap_or(0);
    writer.number(most.cast_unsigned(), 6);
    writer.number(0, 3); // The filter's sharpness.
    writer.flag(false); // Its level doesn't depend on modes.
    writer.number(0, 2); // There is one partition of tokens.
    writer.number(first.index.cast_unsigned(), 7);
    // Differences of the indices of luma's DC, of the DC block's DC and AC, and of chroma's DC and AC coefficients.
    for difference in [0, 0, 0, CHROMA_DC, 0] {
        writer.signed(difference, 4);
    }
    writer.flag(false); // No later frame uses the probabilities.
    write_probabilities(&mut writer, probabilities);
    let coded = choices.iter().filter(|choice| !choice.is_skipped).count();
    let skip = (coded * 255 / choices.len().max(1)).max(1) as u8;
    writer.flag(true); // Macroblocks say if they have no coefficients.
    writer.number(skip.into(), 8);
    write_modes(&mut writer, choices, across, segments, tree, skip);
    writer.finish()
}

/// Writes the quantiser and the filter of each segment, and the probabilities of the segments (RFC 6386, section 9.3).
fn write_segments(writer: &mut BitWriter, segments: &Segments) -> SegmentTree {
    writer.flag(!segments.is_one);
    if segments.is_one {
        return None;
    }
    writer.flag(true); // The map is sent.
    writer.flag(true); // Quantisers and filters are sent,
    writer.flag(true); // as absolute values.
    for segment in segments.settings {
        writer.signed(segment.index, 7);
    }
    for segment in segments.settings {
        writer.signed(segment.filter, 6);
    }
    let [a, b, c, d] = segments.counts();
    let tree = [share(a + b, c + d), share(a, b), share(c, d)];
    for probability in tree {
        writer.flag(probability != 255);
        if probability != 255 {
            writer.number(probability.into(), 8);
        }
    }
    Some(tree)
}

/// The probability of zeros in 1/256.
fn share(zeros: u32, ones: u32) -> u8 {
    match zeros + ones {
        0 => 255,
        total => ((255 * zeros + total / 2) / total).max(1) as u8,
    }
}

/// Writes how each macroblock is coded.
fn write_modes(
    writer: &mut BitWriter,
    choices: &[Choice],
    across: usize,
    segments: &Segments,
    tree: SegmentTree,
    skip: u8,
) {
    let mut above = vec![[DC; 4]; across];
    let rows = choices.chunks_exact(across).zip(segments.map.chunks_exact(across));
    for (choices, segments) in rows {
        let mut left = [DC; 4];
        for ((choice, segment), above) in choices.iter().zip(segments).zip(&mut above) {
            if let Some([first, low, high]) = tree {
                writer.put(*segment >= 2, first);
                writer.put(*segment & 1 != 0, if *segment >= 2 { high } else { low });
            }
            writer.put(choice.is_skipped, skip);
            match choice.luma {
                LumaModes::Whole(mode) => {
                    write_path(writer, path(&WHOLE_PATHS, mode));
                    (*above, left) = ([mode; 4], [mode; 4]);
                }
                LumaModes::Blocks(modes) => {
                    write_path(writer, &[BLOCKS_BRANCH]);
                    write_block_modes(writer, &modes, above, &mut left);
                }
            }
            write_path(writer, path(&CHROMA_PATHS, choice.chroma));
        }
    }
}

fn path(paths: &[&'static [Branch]; 4], mode: u8) -> &'static [Branch] {
    at::<&[Branch], 4>(paths, mode.into())
}

#[inline]
fn write_path(writer: &mut BitWriter, path: &[Branch]) {
    for (probability, bit) in path {
        writer.put(*bit, *probability);
    }
}

fn write_block_modes(writer: &mut BitWriter, modes: &[u8; 16], above: &mut [u8; 4], left: &mut [u8; 4]) {
    let (rows, _) = modes.as_chunks::<4>();
    for (row, left) in rows.iter().zip(left) {
        for (mode, above) in row.iter().zip(&mut *above) {
            let probabilities =
                BLOCK_MODES.get(usize::from(*above)).and_then(|row| row.get(usize::from(*left)));
            if let (Some(probabilities), Some(path)) = (probabilities, BLOCK_PATHS.get(usize::from(*mode))) {
                for (number, bit) in *path {
                    writer.put(*bit, probabilities.get(*number).copied().unwrap_or(128));
                }
            }
            (*above, *left) = (*mode, *mode);
        }
    }
}
