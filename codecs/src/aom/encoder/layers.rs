//! Pictures of several layers, which only tests encode.

use super::{Chroma, Encoder, Planes, image, raw};
use crate::error::Error;

/// Encodes gray pictures of one size as the layers of one picture. All but the last have half the width and height if
/// `are_halved`.
pub(crate) fn encode(layers: &[Planes<'_>], are_halved: bool) -> Result<Vec<u8>, Error> {
    const QUANTIZER: u32 = 20;
    let Some((last, first)) = layers.split_last() else { return Err(Error::Size) };
    let mut encoder = Encoder::with_usage(last, QUANTIZER, raw::AOM_USAGE_GOOD_QUALITY, 0)?;
    encoder.set(raw::AOME_SET_NUMBER_SPATIAL_LAYERS, layers.len() as i32)?;
    let mut bytes = Vec::new();
    for (id, planes) in layers.iter().enumerate() {
        encoder.set(raw::AOME_SET_SPATIAL_LAYER_ID, id as i32)?;
        if are_halved && id < first.len() {
            encoder.halve()?;
        }
        let Chroma::Planes([blue, red]) = planes.chroma else { return Err(Error::Size) };
        encoder.push(Some(&image(planes, blue, red)?))?;
        encoder.take(&mut bytes);
    }
    encoder.push(None)?;
    encoder.take(&mut bytes);
    Ok(bytes)
}

impl Encoder {
    /// Halves width and height of the next picture.
    fn halve(&mut self) -> Result<(), Error> {
        let mut mode =
            raw::aom_scaling_mode { h_scaling_mode: raw::AOME_ONETWO, v_scaling_mode: raw::AOME_ONETWO };
        let control = raw::AOME_SET_SCALEMODE as i32;
        // SAFETY: the context is initialised; this control takes a pointer to this struct, which libaom copies.
        let code = unsafe { raw::aom_codec_control(&raw mut *self.0.0, control, &raw mut mode) };
        self.0.check(code)
    }
}
