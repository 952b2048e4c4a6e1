//! Decompresses strips and tiles. What is damaged or missing at the end is left out.

use std::borrow::Cow;

use flate2::{Decompress, FlushDecompress, Status};
use weezl::{BitOrder, LzwStatus};

use super::fax::{Coding, decode_fax};
use crate::source::tiff::{Compression, Strips};

/// The bytes of a strip of `rows` rows, at most `len`. A last row that is incomplete is filled up with zeros.
pub(super) fn decompress(stored: &[u8], strips: &Strips, len: usize, rows: usize) -> Vec<u8> {
    let stored: Cow<'_, [u8]> = if strips.is_reversed {
        stored.iter().map(|byte| byte.reverse_bits()).collect::<Vec<_>>().into()
    } else {
        stored.into()
    };
    let fax = |coding| decode_fax(&stored, coding, strips.size.0, rows);
    let mut strip = match strips.compression {
        Compression::None => stored.get(..len).unwrap_or(&stored).to_vec(),
        Compression::PackBits => unpack(&stored, len),
        Compression::Lzw => lzw(&stored, len),
        Compression::Deflate => inflate(&stored, len),
        Compression::Huffman => fax(Coding::Huffman),
        Compression::Group3 => fax(Coding::Group3 { has_two_dimensions: strips.has_two_dimensions }),
        Compression::Group4 => fax(Coding::Group4),
        // The crate `tiff` decodes these.
        Compression::Jpeg => Vec::new(),
    };
    if !strip.is_empty() {
        strip.resize(strip.len().next_multiple_of((len / rows.max(1)).max(1)).min(len), 0);
    }
    strip
}

/// Runs of equal bytes and of others (TIFF 6.0, section 9).
fn unpack(mut stored: &[u8], len: usize) -> Vec<u8> {
    let mut unpacked = Vec::with_capacity(len);
    while let Some((count, rest)) = stored.split_first().filter(|_| unpacked.len() < len) {
        stored = rest;
        match count.cast_signed() {
            count @ 0.. => {
                let run = rest.split_at_checked(count as usize + 1).unwrap_or((rest, &[]));
                unpacked.extend_from_slice(run.0);
                stored = run.1;
            }
            -128 => {}
            count => {
                let Some((byte, rest)) = rest.split_first() else { break };
                unpacked.extend(std::iter::repeat_n(*byte, usize::from(count.unsigned_abs()) + 1));
                stored = rest;
            }
        }
    }
    unpacked.truncate(len);
    unpacked
}

fn lzw(mut stored: &[u8], len: usize) -> Vec<u8> {
    // Writers before version 6 of the specification put the lowest bit first.
    let is_old = matches!(stored, [0, second, ..] if second & 1 == 1);
    let mut decoder = if is_old {
        weezl::decode::Decoder::new(BitOrder::Lsb, 8)
    } else {
        weezl::decode::Decoder::with_tiff_size_switch(BitOrder::Msb, 8)
    };
    let (mut strip, mut filled) = (vec![0; len], 0);
    while let Some(room) = strip.get_mut(filled..).filter(|room| !room.is_empty()) {
        let result = decoder.decode_bytes(stored, room);
        filled += result.consumed_out;
        stored = stored.get(result.consumed_in..).unwrap_or_default();
        let has_moved = result.consumed_in > 0 || result.consumed_out > 0;
        match result.status {
            Ok(LzwStatus::Ok) if has_moved => {}
            Ok(LzwStatus::Ok | LzwStatus::NoProgress | LzwStatus::Done) | Err(_) => break,
        }
    }
    strip.truncate(filled);
    strip
}

fn inflate(stored: &[u8], len: usize) -> Vec<u8> {
    let mut decompressor = Decompress::new(true);
    let mut strip = vec![0; len];
    loop {
        let (read, written) = (decompressor.total_in() as usize, decompressor.total_out() as usize);
        let (Some(stored), Some(room)) = (stored.get(read..), strip.get_mut(written..)) else { break };
        let status = decompressor.decompress(stored, room, FlushDecompress::None);
        let has_moved =
            (read, written) != (decompressor.total_in() as usize, decompressor.total_out() as usize);
        match status {
            Ok(Status::Ok | Status::BufError) if has_moved => {}
            Ok(Status::Ok | Status::BufError | Status::StreamEnd) | Err(_) => break,
        }
    }
    strip.truncate(decompressor.total_out() as usize);
    strip
}
