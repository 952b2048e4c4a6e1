//! The outputs of a complete job: segments under both manifests, an MP4, posters, thumbnails.

use serde_json::Value;

use super::clips::{self, mp4};
use super::endpoint::Endpoint;
use super::jobs::{PREFIX, adaptive, audio, files, hevc_rung, job, movie, posters, rung};
use crate::s3::server::BUCKET;

fn full_job(input: &str) -> Value {
    job(
        input,
        &[
            adaptive(&[rung("_180p", (320, 180)), rung("_90p", (160, 90)), audio()]),
            files("video", &[movie("_180p", (320, 180), true)]),
            files("poster", &[posters((320, 180), 5, 4)]),
        ],
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_job_leaves_every_file_that_a_player_needs() {
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("clip.mp4", mp4("640x360", "30000/1001", 13.0)).await;
    let done = endpoint.run_job(&full_job(&input)).await;
    let folder = endpoint.download(PREFIX).await;
    let at = |name: &str| folder.path().join(name);
    let text = |name: &str| std::fs::read_to_string(at(name)).unwrap();

    // Exactly these objects, with the names that MediaConvert gives them.
    let expected: Vec<String> = [
        "index.m3u8",
        "index.mpd",
        "index_180p.m3u8",
        "index_180p_000000001.cmfv",
        "index_180p_000000002.cmfv",
        "index_180p_000000003.cmfv",
        "index_180pinit.cmfv",
        "index_90p.m3u8",
        "index_90p_000000001.cmfv",
        "index_90p_000000002.cmfv",
        "index_90p_000000003.cmfv",
        "index_90pinit.cmfv",
        "index_audio.m3u8",
        "index_audio_000000001.cmfa",
        "index_audio_000000002.cmfa",
        "index_audio_000000003.cmfa",
        "index_audioinit.cmfa",
        "index_thumbnails.m3u8",
        "index_thumbnails_000000001.jpg",
        "index_thumbnails_000000002.jpg",
        "index_thumbnails_000000003.jpg",
        "index_thumbnails_000000004.jpg",
        "poster.0000000.jpg",
        "poster.0000001.jpg",
        "poster.0000002.jpg",
        "video_180p.mp4",
    ]
    .map(|name| format!("{PREFIX}{name}"))
    .to_vec();
    assert_eq!(endpoint.keys(PREFIX).await, expected);

    // Every object that a playlist names exists.
    for playlist in
        ["index.m3u8", "index_180p.m3u8", "index_90p.m3u8", "index_audio.m3u8", "index_thumbnails.m3u8"]
    {
        for name in urls(&text(playlist)) {
            assert!(at(&name).exists(), "{playlist} names {name}");
        }
    }
    let master = text("index.m3u8");
    assert_eq!(master.matches("#EXT-X-STREAM-INF").count(), 2, "{master}");
    assert!(
        master.contains("RESOLUTION=320x180,FRAME-RATE=29.970") && master.contains("mp4a.40.2"),
        "{master}"
    );

    // ffmpeg's HLS and DASH readers find the same streams.
    for manifest in ["index.m3u8", "index.mpd"] {
        let streams = clips::probe(&at(manifest), "stream=codec_name,width,height");
        for stream in ["h264,320,180", "h264,160,90", "aac"] {
            assert!(
                streams.lines().any(|line| line.trim_end_matches(',').ends_with(stream)),
                "{manifest}: {streams}"
            );
        }
        let seconds: f64 = clips::probe(&at(manifest), "format=duration").trim().parse().unwrap();
        assert!((12.9..13.2).contains(&seconds), "{manifest}: {seconds}");
    }

    // A key frame every two seconds, at the same times in each rung, and segments of three GOPs.
    let key_frames = |name: &str| {
        let packets = clips::probe(&at(name), "packet=pts_time,flags");
        let lines = packets.lines().filter(|line| line.contains(",K"));
        lines.map(|line| line.split(',').next().unwrap().parse().unwrap()).collect::<Vec<f64>>()
    };
    let times = key_frames("index_180p.m3u8");
    assert_eq!(times.len(), 7, "{times:?}");
    assert!(times.windows(2).all(|pair| (1.9..2.1).contains(&(pair[1] - pair[0]))), "{times:?}");
    assert_eq!(times, key_frames("index_90p.m3u8"));
    assert!(text("index_180p.m3u8").contains("#EXTINF:6.006000,"), "{}", text("index_180p.m3u8"));

    // The index comes before the media, so a player can start during the download.
    let movie = std::fs::read(at("video_180p.mp4")).unwrap();
    let position = |kind: &[u8]| movie.windows(4).position(|window| window == kind).unwrap();
    assert!(position(b"moov") < position(b"mdat"));
    let streams = clips::probe(&at("video_180p.mp4"), "stream=codec_name,width,height");
    assert!(streams.contains("h264,320,180") && streams.contains("aac"), "{streams}");

    let size = |name: &str| image::image_dimensions(at(name)).unwrap();
    assert_eq!((size("poster.0000000.jpg"), size("index_thumbnails_000000004.jpg")), ((320, 180), (128, 72)));

    // Objects have media types.
    for (name, media_type) in [
        ("index.m3u8", "application/vnd.apple.mpegurl"),
        ("index.mpd", "application/dash+xml"),
        ("index_180p_000000001.cmfv", "video/mp4"),
        ("index_audio_000000001.cmfa", "audio/mp4"),
        ("video_180p.mp4", "video/mp4"),
        ("poster.0000000.jpg", "image/jpeg"),
        ("index_thumbnails_000000001.jpg", "image/jpeg"),
    ] {
        let head =
            endpoint.s3.head_object().bucket(BUCKET).key(format!("{PREFIX}{name}")).send().await.unwrap();
        assert_eq!(head.content_type(), Some(media_type), "{name}");
    }

    let details = &done["outputGroupDetails"];
    assert_eq!(details[0]["outputDetails"][0]["videoDetails"]["widthInPx"], 320);
    assert_eq!(done["jobPercentComplete"], 100);
    assert_eq!(endpoint.run_folders(), 0, "the job's folder is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn hevc_has_its_own_adaptation_set_and_the_tag_that_safari_plays() {
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("clip.mp4", mp4("320x180", "25", 3.0)).await;
    let outputs = [rung("_90p", (160, 90)), hevc_rung("_180p_hevc", (320, 180)), audio()];
    endpoint.run_job(&job(&input, &[adaptive(&outputs)])).await;
    let folder = endpoint.download(PREFIX).await;
    let master = std::fs::read_to_string(folder.path().join("index.m3u8")).unwrap();
    assert!(master.contains("CODECS=\"hvc1.1.6.L") && master.contains("CODECS=\"avc1.64"), "{master}");
    let manifest = std::fs::read_to_string(folder.path().join("index.mpd")).unwrap();
    assert_eq!(manifest.matches("contentType=\"video\"").count(), 2, "{manifest}");
    let streams =
        clips::probe(&folder.path().join("index_180p_hevc.m3u8"), "stream=codec_name,codec_tag_string,width");
    assert!(streams.contains("hevc,hvc1,320"), "{streams}");
}

/// The relative URLs in the lines and attributes of a playlist.
fn urls(playlist: &str) -> Vec<String> {
    let attributes = playlist.split("URI=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let lines = playlist.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    attributes.chain(lines).map(str::to_owned).collect()
}
