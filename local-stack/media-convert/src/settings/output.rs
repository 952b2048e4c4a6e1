//! Outputs: container, video and audio of one file or one track.

use serde::Deserialize;

use super::audio::AudioDescription;
use super::captions::CaptionDescription;
use super::fixed::{Off, fixed_values};
use super::video::VideoDescription;

/// An output of a group.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Output {
    #[serde(default)]
    pub(crate) name_modifier: String,
    pub(crate) extension: Option<String>,
    pub(crate) container_settings: ContainerSettings,
    pub(crate) video_description: Option<VideoDescription>,
    #[serde(default)]
    pub(crate) audio_descriptions: Vec<AudioDescription>,
    #[serde(default)]
    pub(crate) caption_descriptions: Vec<CaptionDescription>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ContainerSettings {
    pub(crate) container: Container,
    #[serde(default, rename = "cmfcSettings")]
    _cmfc_settings: Option<CmfcSettings>,
    #[serde(default, rename = "mp4Settings")]
    _mp4_settings: Option<Mp4Settings>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Container {
    Cmfc,
    Mp4,
    /// Single pictures without a container.
    Raw,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CmfcSettings {
    #[serde(default, rename = "audioDuration")]
    _audio_duration: Option<String>,
    /// No effect: all renditions share one audio rendition.
    #[serde(default, rename = "audioGroupId")]
    _audio_group_id: Option<String>,
    #[serde(default, rename = "audioRenditionSets")]
    _audio_rendition_sets: Option<String>,
    #[serde(default, rename = "audioTrackType")]
    _audio_track_type: Option<AudioTrackType>,
    #[serde(default, rename = "descriptiveVideoServiceFlag")]
    _descriptive_video_service_flag: Option<DontFlag>,
    #[serde(default, rename = "iFrameOnlyManifest")]
    _i_frame_only_manifest: Option<Exclude>,
    #[serde(default, rename = "scte35Esam")]
    _scte35_esam: Option<Off>,
    #[serde(default, rename = "scte35Source")]
    _scte35_source: Option<Off>,
    #[serde(default, rename = "timedMetadata")]
    _timed_metadata: Option<Off>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Mp4Settings {
    #[serde(default, rename = "moovPlacement")]
    _moov_placement: Option<MoovPlacement>,
    #[serde(default, rename = "cslgAtom")]
    _cslg_atom: Option<Include>,
    #[serde(default, rename = "cttsVersion")]
    _ctts_version: Option<u8>,
    #[serde(default, rename = "freeSpaceBox")]
    _free_space_box: Option<Exclude>,
    #[serde(default, rename = "audioDuration")]
    _audio_duration: Option<String>,
}

fixed_values! {
    Include { Include }
    Exclude { Exclude }
    DontFlag { DontFlag }
    MoovPlacement { ProgressiveDownload }
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum AudioTrackType {
    #[serde(
        rename = "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT",
        alias = "ALTERNATE_AUDIO_AUTO_SELECT",
        alias = "ALTERNATE_AUDIO_NOT_AUTO_SELECT"
    )]
    Alternate,
    /// In a group without video; every audio output of such a group is a variant.
    #[serde(rename = "AUDIO_ONLY_VARIANT_STREAM")]
    Variant,
}
