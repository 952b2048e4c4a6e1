use super::ffprobe::{SideData, rotation};
use super::{TrackKind, parse};
use crate::ratio::Ratio;

/// Shortened output of ffprobe 5.1 for a phone's recording.
const PHONE: &str = r#"{
  "streams": [
    {"index": 0, "codec_name": "hevc", "codec_type": "video", "width": 1920, "height": 1080,
     "sample_aspect_ratio": "1:1", "avg_frame_rate": "30000/1001", "r_frame_rate": "120/1", "pix_fmt": "yuv420p10le",
     "color_transfer": "arib-std-b67", "color_primaries": "bt2020", "color_space": "bt2020nc",
     "duration": "4.004000", "bit_rate": "8000000", "disposition": {"attached_pic": 0},
     "tags": {"language": "und"}, "side_data_list": [{"side_data_type": "Display Matrix", "rotation": -90}]},
    {"index": 1, "codec_name": "aac", "codec_type": "audio", "sample_rate": "44100", "channels": 2,
     "tags": {"language": "deu"}},
    {"index": 2, "codec_type": "data"}
  ],
  "format": {"format_name": "mov,mp4,m4a,3gp,3g2,mj2", "duration": "4.010000", "tags": {"major_brand": "qt  "}}
}"#;

#[test]
fn a_recording_has_its_rotation_frame_rate_and_colors() {
    let media = parse(PHONE.as_bytes()).unwrap();
    assert_eq!((media.brand.as_str(), media.tracks.len()), ("qt", 3));
    let (index, video) = media.video().unwrap();
    assert_eq!((index, video.rotation, video.bit_depth), (0, 90, Some(10)));
    assert_eq!(video.frame_rate, Ratio::new(30000, 1001));
    assert!(video.colors.is_hdr());
    assert_eq!((media.audio(1), media.audio(2), media.audio(0)), (Some(1), None, None));
    assert_eq!(media.tracks[2].kind, TrackKind::Other);
}

#[test]
fn a_value_that_ffprobe_omits_is_none() {
    let media = parse(
        br#"{"streams": [{"index": 0, "codec_type": "video", "width": 4, "height": 2,
        "avg_frame_rate": "0/0", "sample_aspect_ratio": "N/A"}], "format": {}}"#,
    )
    .unwrap();
    let (_, video) = media.video().unwrap();
    assert_eq!((video.frame_rate, video.pixel_aspect, media.duration_s), (None, Ratio::ONE, 0.0));
    assert!(parse(b"{}").is_err());
}

#[test]
fn a_cover_picture_is_not_a_video() {
    let media = parse(
        br#"{"streams": [{"index": 0, "codec_type": "video", "width": 4, "height": 2,
        "disposition": {"attached_pic": 1}}], "format": {"duration": "N/A"}}"#,
    )
    .unwrap();
    assert_eq!(media.video(), None);
}

#[test]
fn a_rotation_is_a_quarter_turn_clockwise() {
    let check = |degrees: f64, expected: u16| {
        assert_eq!(rotation(&[SideData { rotation: Some(degrees) }]), expected, "{degrees}");
    };
    check(-90.0, 90);
    check(90.0, 270);
    check(180.0, 180);
    check(-180.0, 180);
    check(0.0, 0);
    check(-89.6, 90);
}

#[test]
fn a_track_ends_where_its_start_or_its_tag_says() {
    let check = |streams: &str, expected: [Option<f64>; 2]| {
        let text = format!(
            r#"{{"streams": [{{"index": 0, "codec_type": "audio", "channels": 2, {streams}}}],
            "format": {{"start_time": "1.400000"}}}}"#
        );
        let track = &parse(text.as_bytes()).unwrap().tracks[0];
        let rounded = |seconds: Option<f64>| seconds.map(|seconds| (seconds * 1e6).round() / 1e6);
        assert_eq!([track.duration_s, track.end_s].map(rounded), expected, "{streams}");
    };
    check(r#""start_time": "1.400000", "duration": "3.0""#, [Some(3.0), Some(3.0)]);
    check(r#""start_time": "3.400000", "duration": "4.0""#, [Some(4.0), Some(6.0)]);
    check(r#""duration": "4.0""#, [Some(4.0), Some(4.0)]);
    check(r#""tags": {"DURATION": "01:00:05.400000000"}"#, [None, Some(3604.0)]);
    check(r#""tags": {"DURATION": "long"}"#, [None, None]);
}
