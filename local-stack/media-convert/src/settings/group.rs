//! Output groups: the destination of outputs and their packaging.

use serde::Deserialize;

use super::fixed::{Off, fixed_values};
use super::output::Output;

/// Outputs with one packaging and one destination.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OutputGroup {
    #[serde(rename = "outputGroupSettings")]
    pub(crate) settings: OutputGroupSettings,
    pub(crate) outputs: Vec<Output>,
    #[serde(default, rename = "name")]
    _name: Option<String>,
    #[serde(default, rename = "customName")]
    _custom_name: Option<String>,
}

/// The kind of a group. A request names it twice: in `type` and by the settings that it contains.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OutputGroupSettings {
    #[serde(rename = "type")]
    group_type: GroupType,
    cmaf_group_settings: Option<CmafGroupSettings>,
    file_group_settings: Option<FileGroupSettings>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum GroupType {
    #[serde(rename = "CMAF_GROUP_SETTINGS")]
    Cmaf,
    #[serde(rename = "FILE_GROUP_SETTINGS")]
    File,
}

/// The kind of a group with its settings.
#[derive(Clone, Copy, Debug)]
pub(crate) enum GroupSettings<'a> {
    Cmaf(&'a CmafGroupSettings),
    File(&'a FileGroupSettings),
}

impl OutputGroupSettings {
    /// The kind with its settings. `None` if the request contains no settings, or settings of another kind.
    pub(crate) fn kind(&self) -> Option<GroupSettings<'_>> {
        match (self.group_type, &self.cmaf_group_settings, &self.file_group_settings) {
            (GroupType::Cmaf, Some(cmaf), None) => Some(GroupSettings::Cmaf(cmaf)),
            (GroupType::File, None, Some(file)) => Some(GroupSettings::File(file)),
            (GroupType::Cmaf | GroupType::File, _, _) => None,
        }
    }
}

/// Settings of a group of single files.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FileGroupSettings {
    pub(crate) destination: String,
    #[serde(default, rename = "destinationSettings")]
    _destination_settings: Option<DestinationSettings>,
}

/// Settings of a group of segments with HLS and DASH manifests.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CmafGroupSettings {
    pub(crate) destination: String,
    /// Length of a segment in seconds.
    pub(crate) segment_length: u32,
    #[serde(default)]
    pub(crate) write_hls_manifest: Switch,
    #[serde(default)]
    pub(crate) write_dash_manifest: Switch,
    #[serde(default)]
    pub(crate) image_based_trick_play: TrickPlay,
    pub(crate) image_based_trick_play_settings: Option<TrickPlaySettings>,
    /// No effect: every segment is one fragment.
    #[serde(rename = "fragmentLength")]
    _fragment_length: u32,
    #[serde(default, rename = "destinationSettings")]
    _destination_settings: Option<DestinationSettings>,
    #[serde(default, rename = "segmentControl")]
    _segment_control: Option<SegmentControl>,
    #[serde(default, rename = "segmentLengthControl")]
    _segment_length_control: Option<SegmentLengthControl>,
    #[serde(default, rename = "minFinalSegmentLength")]
    _min_final_segment_length: Option<f64>,
    #[serde(default, rename = "manifestDurationFormat")]
    _manifest_duration_format: Option<DurationFormat>,
    #[serde(default, rename = "manifestCompression")]
    _manifest_compression: Option<Off>,
    #[serde(default, rename = "codecSpecification")]
    _codec_specification: Option<CodecSpecification>,
    #[serde(default, rename = "streamInfResolution")]
    _stream_inf_resolution: Option<Include>,
    #[serde(default, rename = "clientCache")]
    _client_cache: Option<Switch>,
    #[serde(default, rename = "minBufferTime")]
    _min_buffer_time: Option<u32>,
    #[serde(default, rename = "mpdProfile")]
    _mpd_profile: Option<MpdProfile>,
    #[serde(default, rename = "mpdManifestBandwidthType")]
    _mpd_manifest_bandwidth_type: Option<Bandwidth>,
    #[serde(default, rename = "ptsOffsetHandlingForBFrames")]
    _pts_offset_handling: Option<PtsOffset>,
    #[serde(default, rename = "targetDurationCompatibilityMode")]
    _target_duration: Option<TargetDuration>,
    #[serde(default, rename = "videoCompositionOffsets")]
    _video_composition_offsets: Option<CompositionOffsets>,
    #[serde(default, rename = "writeSegmentTimelineInRepresentation")]
    _write_segment_timeline: Option<Switch>,
}

/// A switch. The default is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Switch {
    #[default]
    Enabled,
    Disabled,
}

/// Thumbnails for seeking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum TrickPlay {
    #[default]
    None,
    /// Thumbnails with the default settings.
    Thumbnail,
    /// Thumbnails with the settings of the request.
    Advanced,
}

/// Settings of thumbnails for seeking.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TrickPlaySettings {
    /// Width in pixels, a multiple of 8.
    pub(crate) thumbnail_width: Option<u32>,
    /// Height in pixels, even. If it is absent, the video's aspect ratio determines it.
    pub(crate) thumbnail_height: Option<u32>,
    /// Seconds between two thumbnails. If it is absent, the length of a segment.
    pub(crate) thumbnail_interval: Option<f64>,
    /// Thumbnails in a row of a sheet.
    pub(crate) tile_width: Option<u32>,
    /// Rows of a sheet.
    pub(crate) tile_height: Option<u32>,
    #[serde(default, rename = "intervalCadence")]
    _interval_cadence: Option<Cadence>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DestinationSettings {
    #[serde(default, rename = "s3Settings")]
    _s3_settings: Option<S3Settings>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct S3Settings {
    /// No effect: the local S3 has one storage class.
    #[serde(default, rename = "storageClass")]
    _storage_class: Option<String>,
    /// No effect: the local S3 does not encrypt.
    #[serde(default, rename = "encryption")]
    _encryption: Option<S3Encryption>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct S3Encryption {
    #[serde(default, rename = "encryptionType")]
    _encryption_type: Option<String>,
}

fixed_values! {
    SegmentControl { SegmentedFiles }
    SegmentLengthControl { Exact, GopMultiple }
    DurationFormat { FloatingPoint }
    Include { Include }
    MpdProfile { MainProfile }
    Bandwidth { Average, Max }
    PtsOffset { ZeroBased, MatchInitialPts }
    TargetDuration { Legacy, SpecCompliant }
    CompositionOffsets { Signed }
    Cadence { FollowCustom }
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum CodecSpecification {
    #[serde(rename = "RFC_6381", alias = "RFC_4281")]
    Rfc6381,
}
