//! Rewrites a JPEG from its coefficients.

use jpeg::ColorModel;

use crate::source::info::JpegInfo;

/// The picture in a new file. `None` for CMYK, whose colours viewers show differently, and for pictures that browsers don't
/// read, such as those with arithmetic coding.
pub(super) fn rewrite(bytes: &[u8], info: &JpegInfo) -> Option<Vec<u8>> {
    match info.header?.color() {
        ColorModel::Gray | ColorModel::YCbCr | ColorModel::Rgb => {}
        ColorModel::Cmyk | ColorModel::Ycck => return None,
    }
    let header = codecs::jpeg::read_header(bytes).ok()?;
    codecs::jpeg::rewrite(bytes, header).ok()
}
