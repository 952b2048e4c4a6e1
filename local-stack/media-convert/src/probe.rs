//! What `Probe` answers of a file.

use serde_json::{Value, json};

use super::json::without_nulls;
use super::media::{Colors, Media, Picture, Sound, Track, TrackKind};
use super::ratio::Ratio;
use super::storage::Described;

/// One of `probeResults`.
pub(crate) fn result(media: &Media, object: &Described) -> Value {
    let indexes = |wanted: &str| -> Vec<usize> {
        let tracks = media.tracks.iter().filter(|track| kind(track) == wanted);
        tracks.map(|track| track.index + 1).collect()
    };
    let bit_rate = (media.duration_s > 0.0).then(|| (object.bytes as f64 * 8.0 / media.duration_s) as u64);
    without_nulls(json!({
        "container": {
            "bitRate": bit_rate,
            "duration": positive(media.duration_s),
            "format": format(media),
            "tracks": media.tracks.iter().map(|track| described(media, track)).collect::<Vec<_>>(),
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

fn described(media: &Media, track: &Track) -> Value {
    let (video, audio) = match &track.kind {
        TrackKind::Video(picture) => (video(picture, track), Value::Null),
        TrackKind::Audio(sound) => (Value::Null, audio(sound, track)),
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

fn video(picture: &Picture, track: &Track) -> Value {
    json!({
        "width": picture.width,
        "height": picture.height,
        "rotation": (picture.rotation != 0).then_some(picture.rotation),
        "frameRate": picture.frame_rate.map(fraction),
        "sampleAspectRatio": fraction(picture.pixel_aspect),
        "bitDepth": picture.bit_depth,
        "bitRate": track.bit_rate,
        "colorPrimaries": primaries(&picture.colors),
        "transferCharacteristics": transfer(&picture.colors),
        "matrixCoefficients": matrix(&picture.colors),
    })
}

fn audio(sound: &Sound, track: &Track) -> Value {
    json!({
        "channels": sound.channels,
        "sampleRate": sound.sample_rate,
        "languageCode": sound.language,
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

/// The service's name of a format. ffmpeg has one name for Matroska and `WebM`, which only allows some codecs.
fn format(media: &Media) -> Option<&'static str> {
    let is_web = media
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
        "matroska" if is_web => Some("webm"),
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

/// The service's name of a codec of ffmpeg's.
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
