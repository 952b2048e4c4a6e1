use cdn_config::video::{AutomatedAbr, Rung, VideoCodec};
use proptest::prelude::*;

use super::*;
use crate::source::{AudioTrack, VideoTrack};

fn source(width: u32, height: u32) -> Source {
    Source {
        duration_ms: Some(30_000),
        bytes: 4_194_304,
        video: Some(VideoTrack {
            width,
            height,
            rotation: 0,
            sample_aspect: (1, 1),
            frame_rate: Some((30_000, 1_001)),
            is_hdr: false,
            codec: "AVC".to_owned(),
        }),
        audio: Some(AudioTrack { codec: "AAC".to_owned() }),
    }
}

/// Name and size of every rendition, and of the MP4 after a bar.
fn sizes(plan: &Plan) -> String {
    let one = |rendition: &Rendition| {
        let Size { width, height } = rendition.size;
        format!("{} {width}x{height}", rendition.name)
    };
    let Renditions::Ladder(ladder) = &plan.renditions else { return "automated".to_owned() };
    let ladder: Vec<_> = ladder.iter().map(one).collect();
    format!("{} | {}", ladder.join(", "), plan.mp4.as_ref().map(one).unwrap_or_default())
}

#[test]
fn a_plan_is_printed_as_it_is() {
    insta::assert_debug_snapshot!(plan(&source(640, 360), &VideoPolicy::default()).unwrap(), @r#"
    Plan {
        renditions: Ladder(
            [
                Rendition {
                    name: "270p",
                    size: Size {
                        width: 480,
                        height: 270,
                    },
                    codec: H264,
                    quality: 6,
                    max_bitrate: 400000,
                },
                Rendition {
                    name: "360p",
                    size: Size {
                        width: 640,
                        height: 360,
                    },
                    codec: H264,
                    quality: 7,
                    max_bitrate: 900000,
                },
            ],
        ),
        audio_bitrate: Some(
            128000,
        ),
        mp4: Some(
            Rendition {
                name: "360p",
                size: Size {
                    width: 640,
                    height: 360,
                },
                codec: H264,
                quality: 7,
                max_bitrate: 900000,
            },
        ),
        frame_rate: OfSource,
        maps_hdr: false,
        posters: Posters {
            size: Size {
                width: 640,
                height: 360,
            },
            count: 4,
            interval_ms: 7500,
        },
        tiles: Tiles {
            interval_s: 1,
            width: 160,
            height: 90,
            columns: 10,
            rows: 10,
        },
        cost: Cost {
            microdollars: 15000,
            output_ms: 120000,
        },
    }
    "#);
}

#[test]
fn rungs_go_by_the_short_side_and_never_above_the_source() {
    let check = |width, height, expected: &str| {
        let plan = plan(&source(width, height), &VideoPolicy::default());
        assert_eq!(plan.map_or_else(|refusal| refusal.code().to_owned(), |plan| sizes(&plan)), expected);
    };
    let full = "270p 480x270, 360p 640x360, 540p 960x540, 720p 1280x720, 1080p 1920x1080 | 720p 1280x720";
    check(1920, 1080, full);
    check(3840, 2160, full);
    check(
        1080,
        1920,
        "270p 270x480, 360p 360x640, 540p 540x960, 720p 720x1280, 1080p 1080x1920 | 720p 720x1280",
    );
    check(600, 600, "270p 270x270, 360p 360x360, 540p 540x540 | 600p 600x600");
    check(854, 480, "270p 480x270, 360p 640x360 | 480p 854x480");
    check(853, 479, "270p 480x270, 360p 642x360 | 478p 852x478");
    check(180, 320, "180p 180x320 | 180p 180x320");
    check(33, 33, "32p 32x32 | 32p 32x32");
    check(31, 480, "too-small");
    check(8000, 300, "152p 4054x152 | 152p 4054x152");
    check(32, 8000, "too-small");
}

#[test]
fn a_turned_video_has_the_rungs_of_how_it_is_shown() {
    let mut turned = source(1920, 1080);
    turned.video.as_mut().unwrap().rotation = 90;
    let upright = plan(&source(1080, 1920), &VideoPolicy::default());
    assert_eq!(plan(&turned, &VideoPolicy::default()), upright);
}

#[test]
fn what_can_t_or_may_not_be_transcoded_is_refused() {
    let check = |change: fn(&mut Source, &mut VideoPolicy), expected: &str| {
        let (mut source, mut policy) = (source(1920, 1080), VideoPolicy::default());
        change(&mut source, &mut policy);
        let refusal = plan(&source, &policy).map(|_| "planned").map_err(|refusal| refusal.to_string());
        assert_eq!(refusal, Err(expected.to_owned()));
    };
    check(|source, _| source.video = None, "the file has no video track");
    check(
        |source, _| source.video.as_mut().unwrap().height = 8,
        "the picture is 1920×8 pixels; each side must have at least 32",
    );
    check(
        |source, _| source.duration_ms = Some(14_400_001),
        "the video is 241 minutes long; at most 240 are taken",
    );
    check(
        |_, policy| policy.max_cents = 3,
        "transcoding would cost about 0.04 US dollars; at most 0.03 are spent on a video",
    );
    let mut policy = VideoPolicy { max_cents: 4, ..VideoPolicy::default() };
    assert_eq!(plan(&source(1920, 1080), &policy).unwrap().cost.microdollars, 37_500);
    let mut longest = source(1920, 1080);
    longest.duration_ms = Some(14_400_000);
    policy.max_cents = 10_000;
    assert!(plan(&longest, &policy).is_ok());
}

#[test]
fn a_source_without_audio_or_duration_or_above_60_frames_has_a_plan_too() {
    let planned = |change: fn(&mut Source)| {
        let mut source = source(1920, 1080);
        change(&mut source);
        plan(&source, &VideoPolicy::default()).unwrap()
    };
    assert_eq!(planned(|source| source.audio = None).audio_bitrate, None);
    assert_eq!(planned(|_| {}).audio_bitrate, Some(128_000));
    assert_eq!(planned(|_| {}).frame_rate, FrameRate::OfSource);
    assert!(planned(|source| source.video.as_mut().unwrap().is_hdr = true).maps_hdr);
    let fast = planned(|source| source.video.as_mut().unwrap().frame_rate = Some((120, 1)));
    assert_eq!(fast.frame_rate, FrameRate::Sixty);
    assert_eq!(
        planned(|source| source.video.as_mut().unwrap().frame_rate = Some((60, 1))).frame_rate,
        FrameRate::OfSource
    );
    // 4 MiB at 250 kbit/s are 134 seconds.
    let endless = planned(|source| source.duration_ms = None);
    assert_eq!((endless.posters.interval_ms, endless.tiles.interval_s), (33_554, 1));
}

#[test]
fn the_policy_chooses_hevc_and_automated_ladders() {
    let mut policy = VideoPolicy::default();
    policy.rungs.push(Rung {
        short_side: 2160,
        codec: VideoCodec::Hevc,
        quality: 8,
        max_bitrate: 18_000_000,
    });
    let plan_of = |width, height, policy: &VideoPolicy| plan(&source(width, height), policy).unwrap();
    let large = plan_of(3840, 2160, &policy);
    assert!(sizes(&large).ends_with("1080p 1920x1080, 2160p_hevc 3840x2160 | 720p 1280x720"));
    let small = plan_of(1920, 1080, &policy);
    assert!(large.cost.microdollars > 2 * small.cost.microdollars, "{:?} {:?}", large.cost, small.cost);
    let automated = AutomatedAbr { max_renditions: 6, max_bitrate: 8_000_000, min_bitrate: 600_000 };
    policy.automated_abr = Some(automated);
    assert_eq!(plan_of(1920, 1080, &policy).renditions, Renditions::Automated(automated));
    policy.mp4_short_side = 0;
    assert_eq!(plan_of(1920, 1080, &policy).mp4, None);
}

#[test]
fn an_estimate_counts_every_output_by_its_size() {
    let check = |width, height, duration_ms, frame_rate, expected: (u64, u64)| {
        let mut source = source(width, height);
        source.duration_ms = Some(duration_ms);
        source.video.as_mut().unwrap().frame_rate = frame_rate;
        let cost = plan(&source, &VideoPolicy::default()).unwrap().cost;
        assert_eq!((cost.microdollars, cost.output_ms), expected, "{width}×{height} {duration_ms}");
    };
    // Three in standard definition, two in high, the audio, the MP4 in high: 10 units.
    check(1920, 1080, 60_000, Some((30, 1)), (75_000, 420_000));
    // Each picture counts twice.
    check(1920, 1080, 60_000, Some((50, 1)), (142_500, 420_000));
    check(1920, 1080, 60_000, None, (75_000, 420_000));
    // Shorter than what is billed.
    check(1920, 1080, 1_000, Some((30, 1)), (12_500, 7_000));
    // Two rungs, the audio, the MP4.
    check(640, 360, 60_000, Some((30, 1)), (30_000, 240_000));
}

proptest! {
    #[test]
    fn every_rendition_is_even_within_the_source_and_of_its_shape(
        width in 32_u32..8192, height in 32_u32..8192, rotation in 0_i32..4,
    ) {
        let mut source = source(width, height);
        source.video.as_mut().unwrap().rotation = rotation * 90;
        let shown = source.video.as_ref().unwrap().shown();
        let Ok(plan) = plan(&source, &VideoPolicy::default()) else {
            // Only what is far longer than wide can't be encoded.
            prop_assert!(shown.long() / shown.short() >= 64, "{shown:?}");
            return Ok(());
        };
        let Renditions::Ladder(ladder) = plan.renditions else { unreachable!() };
        prop_assert!(!ladder.is_empty());
        for Rendition { size, .. } in ladder.into_iter().chain(plan.mp4) {
            prop_assert!(size.width.is_multiple_of(2) && size.height.is_multiple_of(2), "{size:?}");
            prop_assert!(size.width <= shown.width && size.height <= shown.height, "{size:?} {shown:?}");
            prop_assert!(size.short() >= 32 && size.long() <= 4096, "{size:?}");
            let shape = f64::from(shown.width) / f64::from(shown.height);
            let height = f64::from(size.width) / shape;
            let width = f64::from(size.height) * shape;
            prop_assert!((height - f64::from(size.height)).abs() <= 2.0 || (width - f64::from(size.width)).abs() <= 2.0, "{size:?} {shown:?}");
        }
    }
}
