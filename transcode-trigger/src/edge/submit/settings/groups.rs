//! The output groups: adaptive playback, one file to download, posters.

use aws_sdk_mediaconvert::types::builders::{OutputBuilder, OutputGroupBuilder};
use aws_sdk_mediaconvert::types::{
    AutomatedAbrSettings, AutomatedEncodingSettings, CmafCodecSpecification, CmafGroupSettings,
    CmafImageBasedTrickPlay, CmafImageBasedTrickPlaySettings, CmafIntervalCadence, CmafManifestCompression,
    CmafManifestDurationFormat, CmafSegmentControl, CmafSegmentLengthControl, CmafStreamInfResolution,
    CmafWriteDashManifest, CmafWriteHlsManifest, CmafWriteSegmentTimelineInRepresentation,
    CmfcAudioTrackType, CmfcSettings, ContainerSettings, ContainerType, FileGroupSettings, Mp4MoovPlacement,
    Mp4Settings, Output, OutputGroup, OutputGroupSettings, OutputGroupType,
};

use super::number::number;
use super::{audio, captions, video};
use crate::plan::{Plan, Renditions, SoundPlan, Tiles, VideoPlan};

/// Duration of a segment, in seconds: three groups of pictures.
const SEGMENT_S: i32 = 6;

/// Duration of a fragment within a segment, in seconds: one group of pictures.
const FRAGMENT_S: i32 = 2;

/// The name of the audio's rendition group in the manifests.
const AUDIO_GROUP: &str = "audio";

/// HLS and DASH over the same segments, with seek thumbnails if there is video.
pub(super) fn adaptive(plan: &Plan, folder: &str) -> OutputGroup {
    let group = CmafGroupSettings::builder()
        .destination(format!("{folder}index"))
        .segment_control(CmafSegmentControl::SegmentedFiles)
        .segment_length(SEGMENT_S)
        .segment_length_control(CmafSegmentLengthControl::GopMultiple)
        .fragment_length(FRAGMENT_S)
        .min_final_segment_length(0.0)
        .write_hls_manifest(CmafWriteHlsManifest::Enabled)
        .write_dash_manifest(CmafWriteDashManifest::Enabled)
        .manifest_compression(CmafManifestCompression::None)
        .manifest_duration_format(CmafManifestDurationFormat::FloatingPoint)
        .stream_inf_resolution(CmafStreamInfResolution::Include)
        .codec_specification(CmafCodecSpecification::Rfc6381)
        .write_segment_timeline_in_representation(CmafWriteSegmentTimelineInRepresentation::Enabled)
        .set_image_based_trick_play(plan.video.as_ref().map(|_| CmafImageBasedTrickPlay::Advanced))
        .set_image_based_trick_play_settings(plan.video.as_ref().map(|video| thumbnails(&video.tiles)))
        .build();
    let settings = OutputGroupSettings::builder()
        .r#type(OutputGroupType::CmafGroupSettings)
        .cmaf_group_settings(group)
        .build();
    let mut builder = OutputGroup::builder().name("adaptive").output_group_settings(settings);
    if let Some(video) = &plan.video {
        builder = with_video(builder, video, plan.sound);
    }
    if let Some(sound) = plan.sound {
        let cmfc = match &plan.video {
            Some(_) => CmfcSettings::builder()
                .audio_group_id(AUDIO_GROUP)
                .audio_track_type(CmfcAudioTrackType::AlternateAudioAutoSelectDefault),
            // Without video the sound is the only variant of the playlist.
            None => CmfcSettings::builder().audio_track_type(CmfcAudioTrackType::AudioOnlyVariantStream),
        };
        let output = Output::builder()
            .name_modifier("_audio")
            .container_settings(fragmented(cmfc.build()))
            .audio_descriptions(audio::description(sound.bitrate));
        builder = builder.outputs(output.build());
    }
    plan.captions.iter().fold(builder, |builder, one| builder.outputs(captions::output(one))).build()
}

/// The group with an output for each rendition.
fn with_video(builder: OutputGroupBuilder, plan: &VideoPlan, sound: Option<SoundPlan>) -> OutputGroupBuilder {
    match &plan.renditions {
        Renditions::Ladder(renditions) => renditions.iter().fold(builder, |builder, rendition| {
            let output = adaptive_video(sound).name_modifier(format!("_{}", rendition.name));
            builder.outputs(output.video_description(video::rendition(plan, rendition)).build())
        }),
        Renditions::Automated(automated) => {
            let abr = AutomatedAbrSettings::builder()
                .max_renditions(number(automated.max_renditions))
                .max_abr_bitrate(number(automated.max_bitrate))
                .min_abr_bitrate(number(automated.min_bitrate))
                .build();
            let encoding = AutomatedEncodingSettings::builder().abr_settings(abr).build();
            let output =
                adaptive_video(sound).name_modifier("_abr").video_description(video::automated(plan));
            builder.automated_encoding_settings(encoding).outputs(output.build())
        }
    }
}

/// The whole video in one MP4 file, with its index at the front. `None` if the plan has none.
pub(super) fn download(plan: &VideoPlan, sound: Option<SoundPlan>, folder: &str) -> Option<OutputGroup> {
    let rendition = plan.mp4.as_ref()?;
    let output = Output::builder()
        .name_modifier(format!("_{}", rendition.name))
        .container_settings(mp4())
        .video_description(video::rendition(plan, rendition))
        .set_audio_descriptions(sound.map(|sound| vec![audio::description(sound.bitrate)]))
        .build();
    Some(files("download", format!("{folder}video"), output))
}

/// Sound alone in one file, `audio.m4a`.
pub(super) fn sound_file(sound: SoundPlan, folder: &str) -> OutputGroup {
    let output = Output::builder()
        .extension("m4a")
        .container_settings(mp4())
        .audio_descriptions(audio::description(sound.bitrate))
        .build();
    files("download", format!("{folder}audio"), output)
}

/// An MP4 file with its index at the front.
fn mp4() -> ContainerSettings {
    let mp4 = Mp4Settings::builder().moov_placement(Mp4MoovPlacement::ProgressiveDownload).build();
    ContainerSettings::builder().container(ContainerType::Mp4).mp4_settings(mp4).build()
}

/// The posters: captured frames.
pub(super) fn posters(plan: &VideoPlan, folder: &str) -> OutputGroup {
    let output = Output::builder()
        .container_settings(ContainerSettings::builder().container(ContainerType::Raw).build())
        .video_description(video::frames(plan))
        .build();
    files("posters", format!("{folder}poster"), output)
}

fn files(name: &str, destination: String, output: Output) -> OutputGroup {
    let settings = OutputGroupSettings::builder()
        .r#type(OutputGroupType::FileGroupSettings)
        .file_group_settings(FileGroupSettings::builder().destination(destination).build())
        .build();
    OutputGroup::builder().name(name).output_group_settings(settings).outputs(output).build()
}

fn adaptive_video(sound: Option<SoundPlan>) -> OutputBuilder {
    let sets = sound.map(|_| AUDIO_GROUP.to_owned());
    Output::builder()
        .container_settings(fragmented(CmfcSettings::builder().set_audio_rendition_sets(sets).build()))
}

fn fragmented(settings: CmfcSettings) -> ContainerSettings {
    ContainerSettings::builder().container(ContainerType::Cmfc).cmfc_settings(settings).build()
}

fn thumbnails(tiles: &Tiles) -> CmafImageBasedTrickPlaySettings {
    CmafImageBasedTrickPlaySettings::builder()
        .interval_cadence(CmafIntervalCadence::FollowCustom)
        .thumbnail_interval(f64::from(tiles.interval_s))
        .thumbnail_width(number(tiles.width))
        .thumbnail_height(number(tiles.height))
        .tile_width(number(tiles.columns))
        .tile_height(number(tiles.rows))
        .build()
}
