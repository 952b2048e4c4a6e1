//! The video of outputs.

use aws_sdk_mediaconvert::types::builders::{H264SettingsBuilder, VideoDescriptionBuilder};
use aws_sdk_mediaconvert::types::{
    ColorCorrector, ColorSpaceConversion, FrameCaptureSettings, H264CodecLevel, H264CodecProfile,
    H264FramerateControl, H264GopSizeUnits, H264InterlaceMode, H264ParControl, H264QualityTuningLevel,
    H264QvbrSettings, H264RateControlMode, H264SceneChangeDetect, H264Settings, H265CodecLevel,
    H265CodecProfile, H265FramerateControl, H265GopSizeUnits, H265InterlaceMode, H265ParControl,
    H265QualityTuningLevel, H265QvbrSettings, H265RateControlMode, H265SceneChangeDetect, H265Settings,
    H265WriteMp4PackagingType, ScalingBehavior, VideoCodec as Codec, VideoCodecSettings, VideoDescription,
    VideoPreprocessor,
};
use cdn_config::video::VideoCodec;

use super::number::number;
use crate::plan::{FrameRate, Rendition, VideoPlan};
use crate::source::Size;

/// Duration of a group of pictures, in seconds. All groups are closed, and they have the same duration in every
/// rendition, so players can switch renditions at the start of any group.
const GOP_S: f64 = 2.0;

/// JPEG quality of captured frames, 1 to 100.
const JPEG_QUALITY: i32 = 80;

/// The video of a rendition.
pub(super) fn rendition(plan: &VideoPlan, rendition: &Rendition) -> VideoDescription {
    let settings = match rendition.codec {
        VideoCodec::H264 => h264(plan, rendition),
        VideoCodec::Hevc => hevc(plan, rendition),
    };
    sized(plan, rendition.size).codec_settings(settings).build()
}

/// The video of an automated ladder: `MediaConvert` chooses sizes and bit rates.
pub(super) fn automated(plan: &VideoPlan) -> VideoDescription {
    let settings =
        h264_base(plan.frame_rate).quality_tuning_level(H264QualityTuningLevel::MultiPassHq).build();
    let settings = VideoCodecSettings::builder().codec(Codec::H264).h264_settings(settings).build();
    preprocessed(plan).codec_settings(settings).build()
}

/// The captured frames of the posters.
pub(super) fn frames(plan: &VideoPlan) -> VideoDescription {
    // 1000 / interval_ms frames per second: one frame in each interval.
    let frames = FrameCaptureSettings::builder()
        .framerate_numerator(1000)
        .framerate_denominator(number(plan.posters.interval_ms))
        .max_captures(number(plan.posters.count))
        .quality(JPEG_QUALITY)
        .build();
    let settings =
        VideoCodecSettings::builder().codec(Codec::FrameCapture).frame_capture_settings(frames).build();
    sized(plan, plan.posters.size).codec_settings(settings).build()
}

/// Video of a fixed size. The picture is stretched to the size, whose aspect ratio is exact within a pixel, so no
/// edge gets a black line.
fn sized(plan: &VideoPlan, size: Size) -> VideoDescriptionBuilder {
    preprocessed(plan)
        .width(number(size.width))
        .height(number(size.height))
        .scaling_behavior(ScalingBehavior::StretchToOutput)
}

fn preprocessed(plan: &VideoPlan) -> VideoDescriptionBuilder {
    let corrector = ColorCorrector::builder().color_space_conversion(ColorSpaceConversion::Force709).build();
    let to_standard_range = VideoPreprocessor::builder().color_corrector(corrector).build();
    VideoDescription::builder().set_video_preprocessors(plan.maps_hdr.then_some(to_standard_range))
}

fn h264(plan: &VideoPlan, rendition: &Rendition) -> VideoCodecSettings {
    let quality = H264QvbrSettings::builder().qvbr_quality_level(i32::from(rendition.quality)).build();
    let settings = h264_base(plan.frame_rate)
        .qvbr_settings(quality)
        .max_bitrate(number(rendition.max_bitrate))
        .quality_tuning_level(H264QualityTuningLevel::SinglePassHq)
        .build();
    VideoCodecSettings::builder().codec(Codec::H264).h264_settings(settings).build()
}

fn h264_base(frame_rate: FrameRate) -> H264SettingsBuilder {
    let settings = H264Settings::builder()
        .rate_control_mode(H264RateControlMode::Qvbr)
        .codec_profile(H264CodecProfile::High)
        .codec_level(H264CodecLevel::Auto)
        .gop_size(GOP_S)
        .gop_size_units(H264GopSizeUnits::Seconds)
        .gop_closed_cadence(1)
        .scene_change_detect(H264SceneChangeDetect::Disabled)
        .interlace_mode(H264InterlaceMode::Progressive)
        .par_control(H264ParControl::Specified)
        .par_numerator(1)
        .par_denominator(1);
    match frame_rate {
        FrameRate::OfSource => settings.framerate_control(H264FramerateControl::InitializeFromSource),
        FrameRate::Specified(rate) => settings
            .framerate_control(H264FramerateControl::Specified)
            .framerate_numerator(number(rate))
            .framerate_denominator(1),
    }
}

fn hevc(plan: &VideoPlan, rendition: &Rendition) -> VideoCodecSettings {
    let quality = H265QvbrSettings::builder().qvbr_quality_level(i32::from(rendition.quality)).build();
    let settings = H265Settings::builder()
        .rate_control_mode(H265RateControlMode::Qvbr)
        .qvbr_settings(quality)
        .max_bitrate(number(rendition.max_bitrate))
        .quality_tuning_level(H265QualityTuningLevel::SinglePassHq)
        .codec_profile(H265CodecProfile::MainMain)
        .codec_level(H265CodecLevel::Auto)
        .gop_size(GOP_S)
        .gop_size_units(H265GopSizeUnits::Seconds)
        .gop_closed_cadence(1)
        .scene_change_detect(H265SceneChangeDetect::Disabled)
        .interlace_mode(H265InterlaceMode::Progressive)
        .par_control(H265ParControl::Specified)
        .par_numerator(1)
        .par_denominator(1)
        .write_mp4_packaging_type(H265WriteMp4PackagingType::Hvc1);
    let settings = match plan.frame_rate {
        FrameRate::OfSource => settings.framerate_control(H265FramerateControl::InitializeFromSource),
        FrameRate::Specified(rate) => settings
            .framerate_control(H265FramerateControl::Specified)
            .framerate_numerator(number(rate))
            .framerate_denominator(1),
    };
    VideoCodecSettings::builder().codec(Codec::H265).h265_settings(settings.build()).build()
}
