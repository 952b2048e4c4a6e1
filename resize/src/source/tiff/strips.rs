//! The strips or tiles of a TIFF.

use std::io::Cursor;

use tiff::decoder::{ChunkType, Decoder};
use tiff::tags::{ByteOrder, Tag};

use super::errors::unreadable;
use crate::error::Error;

/// The compression of strips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    /// Modified Huffman coding of one row at a time, each in whole bytes.
    Huffman,
    /// CCITT group 3.
    Group3,
    /// CCITT group 4.
    Group4,
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
}

impl Compression {
    pub(super) fn read(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Self, Error> {
        match decoder.find_tag_unsigned::<u16>(Tag::Compression).map_err(unreadable)? {
            None | Some(1) => Ok(Self::None),
            Some(2) => Ok(Self::Huffman),
            Some(3) => Ok(Self::Group3),
            Some(4) => Ok(Self::Group4),
            Some(5) => Ok(Self::Lzw),
            Some(7) => Ok(Self::Jpeg),
            Some(8 | 32946) => Ok(Self::Deflate),
            Some(32773) => Ok(Self::PackBits),
            Some(_) => Err(Error::Unsupported(
                "only TIFF images without compression or with LZW, Deflate, PackBits, JPEG or a fax coding are \
                 supported, not this one",
            )),
        }
    }
}

/// The places of strips or tiles, and how they are stored.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a directory, read by their names")]
pub(crate) struct Strips {
    pub(crate) compression: Compression,
    /// Width and height of a whole strip or tile, in pixels.
    pub(crate) size: (usize, usize),
    pub(crate) offsets: Vec<u64>,
    pub(crate) lengths: Vec<u64>,
    /// `true` if each sample of the pixels has strips of its own.
    pub(crate) is_planar: bool,
    /// `true` if the lowest bit of each byte comes first.
    pub(crate) is_reversed: bool,
    pub(crate) is_big_endian: bool,
    /// 1 for none, 2 for differences, 3 for differences of the bytes of floats.
    pub(crate) predictor: u16,
    /// `true` if rows of group 3 may refer to the one above.
    pub(crate) has_two_dimensions: bool,
}

impl Strips {
    pub(crate) fn read(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Self, Error> {
        let compression = Compression::read(decoder)?;
        let (width, height) = decoder.chunk_dimensions();
        let (offsets, lengths) = match decoder.get_chunk_type() {
            ChunkType::Strip => (Tag::StripOffsets, Tag::StripByteCounts),
            ChunkType::Tile => (Tag::TileOffsets, Tag::TileByteCounts),
        };
        let mut list = |tag| decoder.get_tag_u64_vec(tag).map_err(unreadable);
        let (offsets, lengths) = (list(offsets)?, list(lengths)?);
        let mut number =
            |tag| decoder.find_tag_unsigned::<u32>(tag).map(Option::unwrap_or_default).unwrap_or_default();
        Ok(Self {
            compression,
            size: (width as usize, height as usize),
            offsets,
            lengths,
            is_planar: number(Tag::PlanarConfiguration) == 2,
            is_reversed: number(Tag::FillOrder) == 2,
            predictor: number(Tag::Predictor) as u16,
            has_two_dimensions: number(Tag::Unknown(292)) & 1 == 1,
            is_big_endian: decoder.byte_order() == ByteOrder::BigEndian,
        })
    }
}
