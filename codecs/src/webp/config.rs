use libwebp_sys as raw;

use crate::error::Error;

/// Effort of lossy encoding, 0 to 6, for animations, and for stills that the crate `vp8` can't hold. At equal quality, 2
/// takes 3 to 4 % more bytes than 4 in well under half the time.
const METHOD: i32 = 2;

/// Strength of the deblocking filter, 0 to 100; libwebp's default is 60. Over five photos, at equal SSIMULACRA2, 70 takes
/// 1.4 % fewer bytes at 320 pixels of width, 0.7 % at 640 and 0.2 % at 1280, in the same time. 80 is better for some photos and
/// worse for text. Other settings (noise shaping of 0 to 80, sharpness, segments, passes) are worse or slower.
const FILTER_STRENGTH: i32 = 70;

/// Effort of lossless encoding, 0 to 9. The value is low, because a viewer waits for the result.
const LOSSLESS_LEVEL: i32 = 3;

/// The configuration for lossy encoding. `quality` is 1 to 100.
pub(super) fn encoder_config(quality: u8) -> Result<raw::WebPConfig, Error> {
    let mut config = raw::WebPConfig::new().map_err(|()| Error::Memory)?;
    config.quality = f32::from(quality.clamp(1, 100));
    config.method = METHOD;
    config.filter_strength = FILTER_STRENGTH;
    Ok(config)
}

/// The configuration for lossless encoding.
pub(super) fn lossless_config() -> Result<raw::WebPConfig, Error> {
    let mut config = raw::WebPConfig::new().map_err(|()| Error::Memory)?;
    // SAFETY: libwebp initialised the config.
    let is_done = unsafe { raw::WebPConfigLosslessPreset(&raw mut config, LOSSLESS_LEVEL) };
    if is_done == 0 { Err(Error::Memory) } else { Ok(config) }
}

/// The configuration for alpha as a lossless picture: that of libwebp's lossy encoder for alpha at [`METHOD`].
pub(super) fn alpha_config() -> Result<raw::WebPConfig, Error> {
    let mut config = raw::WebPConfig::new().map_err(|()| Error::Memory)?;
    (config.lossless, config.exact) = (1, 1);
    config.method = METHOD;
    config.quality = 8.0 * METHOD as f32;
    Ok(config)
}

/// The configuration for decoding.
pub(super) fn decoder_config() -> Result<raw::WebPDecoderConfig, Error> {
    raw::WebPDecoderConfig::new().map_err(|()| Error::Memory)
}

/// Turns libwebp's status into a result.
#[expect(clippy::wildcard_enum_match_arm, reason = "libwebp's enum, of which one value means success")]
pub(super) fn check(status: raw::VP8StatusCode) -> Result<(), Error> {
    match status {
        raw::VP8StatusCode::VP8_STATUS_OK => Ok(()),
        // libwebp also returns this status for damaged alpha. It doesn't mean a lack of memory, which was admitted
        // before.
        raw::VP8StatusCode::VP8_STATUS_OUT_OF_MEMORY => {
            Err(Error::Damaged("libwebp could not decode the picture".to_owned()))
        }
        damage => Err(Error::Damaged(format!("libwebp: {damage:?}"))),
    }
}
