//! The coded pictures of a file, and their codecs.

use std::borrow::Cow;

use super::av1;
use super::boxes::FourCc;
use super::container::{Container, missing_part};
use super::hevc::Units;
use super::layers::Layers;
use super::picture::PictureHeader;
use crate::aom;
use crate::error::Error;
use crate::hevc;
use crate::view::Row;

/// The codec of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// AV1: the picture is an AVIF.
    Av1,
    /// HEVC: the picture is a HEIC.
    Hevc,
}

impl Codec {
    /// The codec of items of a type. `None` if the item is not a coded picture.
    pub(super) fn of(item_type: FourCc) -> Result<Option<Self>, Error> {
        match &item_type {
            b"av01" => Ok(Some(Self::Av1)),
            b"hvc1" | b"hev1" if hevc::IS_INCLUDED => Ok(Some(Self::Hevc)),
            b"hvc1" | b"hev1" => {
                Err(Error::Unsupported("HEIC images are not supported; send JPEG, PNG, WebP or AVIF"))
            }
            b"avc1" | b"jpeg" | b"j2k1" | b"vvc1" | b"unci" => Err(Error::Unsupported(
                "HEIF pictures that are coded by H.264, JPEG, JPEG 2000, VVC or not at all are not supported; save the \
                 picture as JPEG",
            )),
            _ => Ok(None),
        }
    }
}

/// A coded picture.
pub(super) struct CodedPicture<'a> {
    pub(super) codec: Codec,
    pub(super) header: PictureHeader,
    data: Cow<'a, [u8]>,
    /// The decoder configuration of an HEVC picture.
    config: &'a [u8],
    /// The number of the set of layers that is shown of an AV1 picture.
    operating_point: u8,
}

impl<'a> CodedPicture<'a> {
    /// Reads the header of an item. Fails if the item is not a coded picture.
    pub(super) fn read(container: &Container<'a>, id: u32) -> Result<Self, Error> {
        let item_type = container.item_type(id).ok_or_else(missing_part)?;
        let codec = Codec::of(item_type)?.ok_or_else(missing_part)?;
        let data = container.data(id)?;
        let config = container.properties(id, *b"hvcC").next().unwrap_or_default();
        let layers = Layers::of(container, id);
        let (header, data) = match (codec, layers) {
            (Codec::Hevc, _) => (Units::read(config, &data)?.header()?, data),
            (Codec::Av1, None) => (av1::read_header(&data)?, data),
            (Codec::Av1, Some(layers)) => layers.choose(data)?,
        };
        let operating_point = layers.map_or(0, |layers| layers.operating_point);
        Ok(Self { codec, header, data, config, operating_point })
    }

    /// The length of the coded picture in bytes.
    pub(super) fn len(&self) -> usize {
        self.data.len()
    }

    /// Decodes the picture, and passes it on. Fails if it is not as large as its header says.
    pub(super) fn decode(&self, then: impl FnOnce(&Frame<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let checked = |frame: &Frame<'_>| {
            if frame.size() != (self.header.width, self.header.height) || frame.depth() != self.header.depth {
                return Err(Error::Damaged("the file's header and its picture differ".to_owned()));
            }
            then(frame)
        };
        match self.codec {
            Codec::Av1 => {
                let mut decoder = aom::decoder::Decoder::new()?;
                decoder.choose(self.operating_point)?;
                checked(&Frame::Av1(decoder.decode(&self.data)?))
            }
            Codec::Hevc => {
                let Units { parameter_sets, slices } = Units::read(self.config, &self.data)?;
                checked(&Frame::Hevc(hevc::decode(&parameter_sets, &slices)?))
            }
        }
    }
}

/// A decoded picture.
pub(super) enum Frame<'a> {
    /// In the memory of libaom.
    Av1(aom::decoder::Frame<'a>),
    /// In planes of its own.
    Hevc(hevc::Frame),
}

impl Frame<'_> {
    /// Width and height in pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        match self {
            Self::Av1(frame) => frame.size(),
            Self::Hevc(frame) => frame.size(),
        }
    }

    /// Bits per sample: 8 to 12.
    pub(super) fn depth(&self) -> u8 {
        match self {
            Self::Av1(frame) => frame.depth(),
            Self::Hevc(frame) => frame.depth(),
        }
    }

    /// `true` if the picture has no chroma.
    pub(super) fn is_gray(&self) -> bool {
        match self {
            Self::Av1(frame) => frame.is_gray(),
            Self::Hevc(frame) => frame.is_gray(),
        }
    }

    /// Binary logarithms of the horizontal and vertical chroma subsampling: each 0 or 1.
    pub(super) fn chroma_shift(&self) -> (u32, u32) {
        match self {
            Self::Av1(frame) => frame.chroma_shift(),
            Self::Hevc(frame) => frame.chroma_shift(),
        }
    }

    /// Row `y` of plane 0, 1 or 2. `None` outside the plane.
    pub(super) fn row(&self, plane: usize, y: u32) -> Option<Row<'_>> {
        match self {
            Self::Av1(frame) => frame.row(plane, y),
            Self::Hevc(frame) => frame.row(plane, y),
        }
    }
}
