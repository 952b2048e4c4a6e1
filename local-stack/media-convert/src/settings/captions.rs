//! Captions: WebVTT from a file of its own to outputs of their own.

use serde::Deserialize;

use super::fixed::{Off, fixed_values};

/// Selects captions of the input.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CaptionSelector {
    pub(crate) source_settings: CaptionSourceSettings,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CaptionSourceSettings {
    pub(crate) file_source_settings: FileSourceSettings,
    #[serde(rename = "sourceType")]
    _source_type: SourceType,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FileSourceSettings {
    /// The S3 URL of the file.
    pub(crate) source_file: String,
}

/// The captions of an output.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CaptionDescription {
    /// The name of a caption selector of the input.
    pub(crate) caption_selector_name: String,
    /// The tag of the language (RFC 5646).
    pub(crate) custom_language_code: String,
    /// The name of the language for viewers. The tag if it is absent.
    pub(crate) language_description: Option<String>,
    #[serde(rename = "destinationSettings")]
    _destination_settings: CaptionDestinationSettings,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CaptionDestinationSettings {
    #[serde(rename = "destinationType")]
    _destination_type: DestinationType,
    #[serde(default, rename = "webvttDestinationSettings")]
    _webvtt_destination_settings: Option<WebvttDestinationSettings>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WebvttDestinationSettings {
    #[serde(default, rename = "stylePassthrough")]
    _style_passthrough: Option<StylePassthrough>,
    #[serde(default, rename = "accessibility")]
    _accessibility: Option<Off>,
}

fixed_values! {
    SourceType { Webvtt }
    DestinationType { Webvtt }
    StylePassthrough { Strict }
}
