//! Rewrites an AVIF from its coded pictures.

use avif_serialize::Aviffy;
use avif_serialize::constants::{ColorPrimaries, MatrixCoefficients, TransferCharacteristics};

use crate::heif::av1::picture_units;
use crate::heif::{Cicp, File, open};

/// A file with the coded picture and its alpha, in which nothing else of the original file remains. `None` for a picture of
/// tiles or layers, one that is cropped or turned, an image sequence, and one that isn't in sRGB.
pub fn rewrite(bytes: &[u8]) -> Option<Vec<u8>> {
    let file = open(bytes).ok()?;
    let colors = file.plain_item(file.container.primary)?;
    let alpha = match file.alpha {
        Some(alpha) => Some(file.plain_item(alpha)?),
        None => None,
    };
    let header = file.header;
    let is_same_depth =
        alpha.as_ref().is_none_or(|alpha| alpha.config.depth == colors.config.depth && alpha.config.is_gray);
    let is_premultiplied = file.container.references_from(file.container.primary, *b"prem").is_some();
    let is_plain = header.orientation == 1
        && !header.is_sequence
        && (header.width, header.height) == (header.coded_width, header.coded_height)
        && header.depth == colors.config.depth;
    if !is_plain || !is_same_depth || is_premultiplied || file.icc().is_some() {
        return None;
    }
    let Config { profile, depth, is_gray, subsampling } = colors.config;
    let mut written = Vec::with_capacity(colors.units.len() + 512);
    let mut writer = Aviffy::new();
    writer
        .set_width(header.width)
        .set_height(header.height)
        .set_bit_depth(depth)
        .set_seq_profile(profile)
        .set_monochrome(is_gray)
        .set_chroma_subsampling(subsampling)
        .set_color_primaries(ColorPrimaries::Bt709)
        .set_transfer_characteristics(TransferCharacteristics::Srgb)
        .set_matrix_coefficients(matrix(header.colors)?)
        .set_full_color_range(header.colors.is_full_range);
    writer
        .write_slice(&mut written, &colors.units, alpha.as_ref().map(|alpha| alpha.units.as_slice()))
        .ok()?;
    Some(written)
}

/// The matrix of a picture in sRGB, or of one that is displayed as sRGB.
fn matrix(colors: Cicp) -> Option<MatrixCoefficients> {
    let is_srgb = matches!(colors.primaries, 1 | 2) && matches!(colors.transfer, 1 | 2 | 6 | 13 | 14 | 15);
    match colors.matrix {
        _ if !is_srgb => None,
        0 => Some(MatrixCoefficients::Rgb),
        1 => Some(MatrixCoefficients::Bt709),
        2 | 5 | 6 => Some(MatrixCoefficients::Bt601),
        9 => Some(MatrixCoefficients::Bt2020Ncl),
        _ => None,
    }
}

/// A coded picture.
struct PlainItem {
    config: Config,
    units: Vec<u8>,
}

/// The facts of an `av1C` property.
struct Config {
    profile: u8,
    depth: u8,
    is_gray: bool,
    /// `true` if chroma has half of luma's columns, and of its rows.
    subsampling: (bool, bool),
}

impl File<'_> {
    /// An item of one picture without layers.
    fn plain_item(&self, id: u32) -> Option<PlainItem> {
        let container = &self.container;
        let layers = [*b"a1op", *b"lsel", *b"a1lx"];
        if container.item_type(id)? != *b"av01"
            || layers.iter().any(|name| container.properties(id, *name).next().is_some())
        {
            return None;
        }
        let [_, profile, flags, ..] = *container.properties(id, *b"av1C").next()? else { return None };
        let flag = |bit: u8| flags >> bit & 1 == 1;
        let depth = match (flag(6), flag(5)) {
            (false, _) => 8,
            (true, false) => 10,
            (true, true) => 12,
        };
        let config =
            Config { profile: profile >> 5, depth, is_gray: flag(4), subsampling: (flag(3), flag(2)) };
        Some(PlainItem { config, units: picture_units(&container.data(id).ok()?)? })
    }
}
