//! The alpha plane of a lossy picture, without loss: the content of the chunk `ALPH`, in the same bytes as libwebp's encoder, which
//! has no function for alpha alone.

mod filter;

use super::chunks::chunk;
use super::config::alpha_config;
use super::picture::{Picture, Storage};
use crate::error::Error;
use crate::view::{Layout, View};
use filter::Filter;

/// Encodes the alpha of RGBA pixels.
pub(super) fn encode(picture: View<'_>) -> Result<Vec<u8>, Error> {
    let channels = Layout::Rgba.channels() as usize;
    let alpha: Vec<u8> = picture.samples.iter().skip(channels - 1).step_by(channels).copied().collect();
    let plane = View { samples: &alpha, ..picture };
    let mut smallest: Option<Vec<u8>> = None;
    for filter in filter::candidates(plane) {
        let file = compress(plane, filter)?;
        if smallest.as_ref().is_none_or(|smallest| file.len() < smallest.len()) {
            smallest = Some(file);
        }
    }
    smallest.ok_or(Error::Size)
}

/// A header, and the filtered alpha as the green of a lossless picture, or as it is if that is smaller.
fn compress(plane: View<'_>, filter: Filter) -> Result<Vec<u8>, Error> {
    /// Signature and header of a lossless picture, which alpha doesn't have.
    const LOSSLESS_HEADER: usize = 5;
    const COMPRESSED: u8 = 1;
    let filtered = filter.apply(plane);
    let argb: Vec<u8> = filtered.iter().flat_map(|alpha| [0, *alpha, 0, 0]).collect();
    let green = View { samples: &argb, ..plane };
    let file = Picture::of(green, Layout::Rgba, Storage::Argb)?.encode(&alpha_config()?)?;
    let stream =
        chunk(&file, *b"VP8L").and_then(|content| content.get(LOSSLESS_HEADER..)).ok_or(Error::Memory)?;
    let (compression, content) =
        if stream.len() > filtered.len() { (0, filtered.as_slice()) } else { (COMPRESSED, stream) };
    Ok([&[(filter as u8) << 2 | compression], content].concat())
}
