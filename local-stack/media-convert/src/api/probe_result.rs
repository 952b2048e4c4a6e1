//! The answer of `Probe` about a file.

use serde_json::{Value, json};

use crate::json::without_nulls;
use crate::media::{AudioTrack, Colors, Media, Track, TrackKind, VideoTrack};
use crate::ratio::Ratio;
use crate::run::ObjectMetadata;

/// An element of `probeResults`.
pub(super) fn probe_result(media: &Media, object: &ObjectMetadata) -> Value {
    let indexes = |track_type: &str| -> Vec<usize> {
        let tracks = media.tracks.iter().filter(|track| kind(track) == track_type);
        tracks.map(|track| track.index + 1).collect()
    };
    let bit_rate = (media.duration_s > 0.0).then(|| (object.bytes as f64 * 8.0 / media.duration_s) as u64);
    without_nulls(json!({
        "container": {
            "bitRate": bit_rate,
            "duration": positive(media.duration_s),
            "format": format(media),
            "tracks": media.tracks.iter().map(|track| track_json(media, track)).collect::<Vec<_>>(),
        },
        "metadata": {
            "eTag": object.etag,
            "fileSize": object.bytes,
            "lastModified": object.modified_s,
            "mimeType": object.media_type,
        },
        "trackMappings": [{
            "audioTrackIndexes": indexes("audio"),
            "dataTrackIndexes": indexes("data"),
            "videoTrackIndexes": indexes("video"),
        }],
    }))
}

fn track_json(media: &Media, track: &Track) -> Value {
    let (video, audio) = match &track.kind {
        TrackKind::Video(video) => (video_json(video, track), Value::Null),
        TrackKind::Audio(audio) => (Value::Null, audio_json(audio, track)),
        TrackKind::Other => (Value::Null, Value::Null),
    };
    json!({
        "index": track.index + 1,
        "trackType": kind(track),
        "codec": codec(&track.codec),
        "duration": track.duration_s.or_else(|| positive(media.duration_s)),
        "videoProperties": video,
        "audioProperties": audio,
    })
}

fn video_json(video: &VideoTrack, track: &Track) -> Value {
    json!({
        "width": video.width,
        "height": video.height,
        "rotation": (video.rotation != 0).then_some(video.rotation),
        "frameRate": video.frame_rate.map(fraction),
        "sampleAspectRatio": fraction(video.pixel_aspect),
        "bitDepth": video.bit_depth,
        "bitRate": track.bit_rate,
        "colorPrimaries": primaries(&video.colors),
        "transferCharacteristics": transfer(&video.colors),
        "matrixCoefficients": matrix(&video.colors),
    })
}

fn audio_json(audio: &AudioTrack, track: &Track) -> Value {
    json!({
        "channels": audio.channels,
        "sampleRate": audio.sample_rate,
        "languageCode": audio.language,
        "bitRate": track.bit_rate,
    })
}

fn fraction(ratio: Ratio) -> Value {
    json!({ "numerator": ratio.numerator, "denominator": ratio.denominator })
}

const fn kind(track: &Track) -> &'static str {
    match track.kind {
        TrackKind::Video(_) => "video",
        TrackKind::Audio(_) => "audio",
        TrackKind::Other => "data",
    }
}

/// `MediaConvert`'s name of a format. ffmpeg has one name for Matroska and `WebM`; only `WebM` restricts the codecs.
fn format(media: &Media) -> Option<&'static str> {
    let has_webm_codecs = media
        .tracks
        .iter()
        .all(|track| matches!(track.codec.as_str(), "vp8" | "vp9" | "av1" | "opus" | "vorbis" | "webvtt"));
    media.format.split(',').find_map(|name| match name {
        "mov" | "mp4" => Some(match media.brand.as_str() {
            "qt" => "quicktime",
            brand if brand.starts_with("3gp") => "three_gp",
            brand if brand.starts_with("3g2") => "three_g2",
            _ => "mp4",
        }),
        "matroska" if has_webm_codecs => Some("webm"),
        "matroska" => Some("matroska"),
        "mxf" => Some("mxf"),
        "wav" => Some("wave"),
        "avi" => Some("avi"),
        "mpegts" => Some("mpegts"),
        "mpeg" => Some("mpegps"),
        "mp3" => Some("mp3"),
        "flac" => Some("flac"),
        "asf" => Some("asf"),
        "ogg" => Some("ogg"),
        "aac" => Some("aac"),
        "ac3" => Some("ac3"),
        "eac3" => Some("eac3"),
        _ => None,
    })
}

/// `MediaConvert`'s name of a codec.
fn codec(name: &str) -> &'static str {
    match name {
        "aac" => "AAC",
        "ac3" => "AC3",
        "amr_nb" | "amr_wb" => "AMR",
        "eac3" => "EAC3",
        "flac" => "FLAC",
        "mp2" => "MP2",
        "mp3" => "MP3",
        "opus" => "OPUS",
        name if name.starts_with("pcm_") => "PCM",
        "vorbis" => "VORBIS",
        "wmav1" => "WMA",
        "wmav2" => "WMA2",
        "wmapro" => "WMAPRO",
        "av1" => "AV1",
        "h264" => "AVC",
        "dvvideo" => "DV",
        "h263" => "H263",
        "hevc" => "HEVC",
        "jpeg2000" => "JPEG2000",
        "mjpeg" => "MJPEG",
        "mpeg1video" => "MPEG1",
        "mpeg4" => "MP4V",
        "mpeg2video" => "MPEG2",
        "prores" => "PRORES",
        "qtrle" => "QTRLE",
        "theora" => "THEORA",
        "rawvideo" => "UNCOMPRESSED",
        "vc1" | "wmv3" => "VC1",
        "dnxhd" => "VC3",
        "vp8" => "VP8",
        "vp9" => "VP9",
        "webvtt" => "WEBVTT",
        _ => "UNKNOWN",
    }
}

fn primaries(colors: &Colors) -> &'static str {
    match colors.primaries.as_str() {
        "bt709" => "ITU_709",
        "bt470m" => "ITU_470M",
        "bt470bg" => "ITU_470BG",
        "smpte170m" => "SMPTE_170M",
        "smpte240m" => "SMPTE_240M",
        "bt2020" => "ITU_2020",
        "smpte431" => "SMPTE_431_2",
        "smpte432" => "SMPTE_EG_432_1",
        _ => "UNSPECIFIED",
    }
}

fn transfer(colors: &Colors) -> &'static str {
    match colors.transfer.as_str() {
        "bt709" => "ITU_709",
        "bt470m" | "gamma22" => "ITU_470M",
        "bt470bg" | "gamma28" => "ITU_470BG",
        "smpte170m" => "SMPTE_170M",
        "smpte240m" => "SMPTE_240M",
        "linear" => "LINEAR",
        "iec61966-2-1" => "IEC_61966_2_1",
        "bt2020-10" => "ITU_2020_10bit",
        "bt2020-12" => "ITU_2020_12bit",
        "smpte2084" => "SMPTE_2084",
        "arib-std-b67" => "ARIB_B67",
        _ => "UNSPECIFIED",
    }
}

fn matrix(colors: &Colors) -> &'static str {
    match colors.matrix.as_str() {
        "gbr" => "RGB",
        "bt709" => "ITU_709",
        "fcc" => "FCC",
        "bt470bg" => "ITU_470BG",
        "smpte170m" => "SMPTE_170M",
        "smpte240m" => "SMPTE_240M",
        "bt2020nc" => "ITU_2020_NCL",
        "bt2020c" => "ITU_2020_CL",
        _ => "UNSPECIFIED",
    }
}

fn positive(number: f64) -> Option<f64> {
    (number > 0.0).then_some(number)
}
