//! Settings that apply to every variant.

use std::time::Duration;

use contract::limits::Limits;
use contract::policy::{DefaultQualities, Profile};

/// Settings that apply to every variant.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Bounds on sources, variants and memory.
    pub limits: Limits,
    /// Qualities of the encoders for requests without `q`.
    pub qualities: DefaultQualities,
    /// Longest predicted encoding time of an AVIF that the service chooses itself.
    pub avif_budget: Duration,
    /// The decoder used for JPEG sources.
    pub jpeg_decoder: JpegDecoder,
    /// Trade-off between image quality and time.
    pub profile: Profile,
    /// `true` if JPEGs are encoded as progressive files.
    pub is_progressive: bool,
    /// `true` if variants keep the artist and the copyright notice of their source.
    pub keeps_credit: bool,
}

impl Settings {
    /// The settings for pictures that are only looked at: no time is spent on their light.
    pub(crate) fn of_previews(&self) -> Self {
        let profile = match self.profile {
            Profile::Standard | Profile::Faithful => Profile::Standard,
            Profile::Fast => Profile::Fast,
        };
        Self { profile, ..*self }
    }
}

/// The decoder used for JPEG sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JpegDecoder {
    /// The crate `jpeg`, and libjpeg-turbo for files that `jpeg` does not support.
    #[default]
    Own,
    /// libjpeg-turbo for every file.
    LibjpegTurbo,
}

/// Settings with the best qualities and without a limit of memory, for tests.
#[cfg(test)]
pub(crate) fn test_settings() -> Settings {
    use contract::variant::Quality;

    Settings {
        limits: Limits { memory_bytes: u64::MAX, ..Limits::default() },
        qualities: DefaultQualities { jpeg: Quality::MAX, webp: Quality::MAX, avif: Quality::MAX },
        avif_budget: Duration::from_millis(100),
        jpeg_decoder: JpegDecoder::Own,
        profile: Profile::Standard,
        is_progressive: false,
        keeps_credit: false,
    }
}
