//! Output groups: where outputs go and how they are packaged.

use serde::Deserialize;

use super::audio::AudioDescription;
use super::fixed::fixed_values;
use super::video::VideoDescription;

/// Outputs that are packaged together.
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

/// The kind of a group, named twice: by `type` and by which settings are there.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OutputGroupSettings {
    #[serde(rename = "type")]
    pub(crate) kind: GroupType,
    pub(crate) cmaf_group_settings: Option<CmafGroupSettings>,
    pub(crate) file_group_settings: Option<FileGroupSettings>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum GroupType {
    #[serde(rename = "CMAF_GROUP_SETTINGS")]
    Cmaf,
    #[serde(rename = "FILE_GROUP_SETTINGS")]
    File,
}

/// The settings of a group's kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum GroupSettings<'a> {
    Cmaf(&'a CmafGroupSettings),
    File(&'a FileGroupSettings),
}

impl OutputGroupSettings {
    /// The settings that `type` names, if they alone are there.
    pub(crate) fn chosen(&self) -> Option<GroupSettings<'_>> {
        match (self.kind, &self.cmaf_group_settings, &self.file_group_settings) {
            (GroupType::Cmaf, Some(cmaf), None) => Some(GroupSettings::Cmaf(cmaf)),
            (GroupType::File, None, Some(file)) => Some(GroupSettings::File(file)),
            (GroupType::Cmaf | GroupType::File, _, _) => None,
        }
    }
}

/// Single files.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FileGroupSettings {
    pub(crate) destination: String,
    #[serde(default, rename = "destinationSettings")]
    _destination_settings: Option<DestinationSettings>,
}

/// Segments under an HLS and a DASH manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CmafGroupSettings {
    pub(crate) destination: String,
    /// In seconds.
    pub(crate) segment_length: u32,
    #[serde(default)]
    pub(crate) write_hls_manifest: Switch,
    #[serde(default)]
    pub(crate) write_dash_manifest: Switch,
    #[serde(default)]
    pub(crate) image_based_trick_play: TrickPlay,
    pub(crate) image_based_trick_play_settings: Option<TrickPlaySettings>,
    /// A fragment is a segment here, however long fragments are asked to be.
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
    _manifest_compression: Option<super::fixed::Off>,
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

/// On or off; on where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Switch {
    #[default]
    Enabled,
    Disabled,
}

/// Whether pictures to scrub by are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum TrickPlay {
    #[default]
    None,
    /// As `MediaConvert` thinks best.
    Thumbnail,
    /// As the settings say.
    Advanced,
}

/// How pictures to scrub by are made.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TrickPlaySettings {
    /// In pixels, a multiple of 8.
    pub(crate) thumbnail_width: Option<u32>,
    /// In pixels, even; by the picture's aspect where it isn't given.
    pub(crate) thumbnail_height: Option<u32>,
    /// In seconds; the length of a segment where it isn't given.
    pub(crate) thumbnail_interval: Option<f64>,
    /// In thumbnails.
    pub(crate) tile_width: Option<u32>,
    /// In thumbnails.
    pub(crate) tile_height: Option<u32>,
    #[serde(default, rename = "intervalCadence")]
    _interval_cadence: Option<Cadence>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Cadence {
    FollowCustom,
}

/// One output of a group.
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
    /// A picture.
    Raw,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CmfcSettings {
    #[serde(default, rename = "audioDuration")]
    _audio_duration: Option<String>,
    /// There is one audio rendition for all.
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
    _scte35_esam: Option<super::fixed::Off>,
    #[serde(default, rename = "scte35Source")]
    _scte35_source: Option<super::fixed::Off>,
    #[serde(default, rename = "timedMetadata")]
    _timed_metadata: Option<super::fixed::Off>,
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

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DestinationSettings {
    #[serde(default, rename = "s3Settings")]
    _s3_settings: Option<S3Settings>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct S3Settings {
    /// The local S3 has one class.
    #[serde(default, rename = "storageClass")]
    _storage_class: Option<String>,
    /// The local S3 encrypts nothing.
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
    Exclude { Exclude }
    MpdProfile { MainProfile }
    Bandwidth { Average, Max }
    PtsOffset { ZeroBased, MatchInitialPts }
    TargetDuration { Legacy, SpecCompliant }
    CompositionOffsets { Signed }
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
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum CodecSpecification {
    #[serde(rename = "RFC_6381", alias = "RFC_4281")]
    Rfc6381,
}
