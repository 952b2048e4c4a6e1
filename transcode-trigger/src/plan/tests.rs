use cdn_config::video::{AutomatedAbr, Rung, VideoCodec};
use proptest::prelude::*;

use super::*;
use crate::source::{AudioTrack, Size, VideoTrack};

fn source(width: u32, height: u32) -> SourceVideo {
    SourceVideo {
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
        audio: Some(AudioTrack { codec: "AAC".to_owned(), has_right_track: false }),
    }
}

/// Name and size of every rendition; after a bar, those of the MP4 file.
fn sizes(plan: &Plan) -> String {
    let one = |rendition: &Rendition| {
        let Size { width, height } = rendition.size;
        format!("{} {width}x{height}", rendition.name)
    };
    let video = plan.video.as_ref().unwrap();
    let Renditions::Ladder(ladder) = &video.renditions else { return "automated".to_owned() };
    let ladder: Vec<_> = ladder.iter().map(one).collect();
    format!("{} | {}", ladder.join(", "), video.mp4.as_ref().map(one).unwrap_or_default())
}

#[test]
fn a_plan_prints_all_of_its_parts() {
    insta::assert_debug_snapshot!(Plan::new(&source(640, 360), &VideoPolicy::default()).unwrap(), @r#"
    Plan {
        video: Some(
            VideoPlan {
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
            },
        ),
        sound: Some(
            SoundPlan {
                bitrate: 128000,
                joins_tracks: false,
            },
        ),
        captions: [],
        clip_end_s: Some(
            31,
        ),
        cost: Cost {
            microdollars: 15000,
            output_ms: 120000,
        },
    }
    "#);
}

#[test]
fn rungs_apply_to_the_short_side_and_never_exceed_the_source() {
    let check = |width, height, expected: &str| {
        let plan = Plan::new(&source(width, height), &VideoPolicy::default());
        assert_eq!(plan.map_or_else(|error| error.code().to_owned(), |plan| sizes(&plan)), expected);
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
fn a_rotated_video_has_the_rungs_of_its_display_size() {
    let mut rotated = source(1920, 1080);
    rotated.video.as_mut().unwrap().rotation = 90;
    let upright = Plan::new(&source(1080, 1920), &VideoPolicy::default());
    assert_eq!(Plan::new(&rotated, &VideoPolicy::default()), upright);
}

#[test]
fn a_source_that_cannot_be_encoded_or_exceeds_a_limit_has_no_plan() {
    let check = |change: fn(&mut SourceVideo, &mut VideoPolicy), expected: &str| {
        let (mut source, mut policy) = (source(1920, 1080), VideoPolicy::default());
        change(&mut source, &mut policy);
        let error = Plan::new(&source, &policy).map(|_| "planned").map_err(|error| error.to_string());
        assert_eq!(error, Err(expected.to_owned()));
    };
    check(|source, _| (source.video, source.audio) = (None, None), "the file has neither video nor sound");
    check(
        |source, _| source.video.as_mut().unwrap().height = 8,
        "the picture is 1920×8 pixels; each side must have at least 32",
    );
    check(
        |source, _| source.duration_ms = Some(14_400_001),
        "the video is 241 minutes long; at most 240 are accepted",
    );
    check(
        |_, policy| policy.max_cents = 3,
        "transcoding would cost about 0.04 US dollars; at most 0.03 are spent on a video",
    );
    let mut policy = VideoPolicy { max_cents: 4, ..VideoPolicy::default() };
    assert_eq!(Plan::new(&source(1920, 1080), &policy).unwrap().cost.microdollars, 37_500);
    let mut longest = source(1920, 1080);
    longest.duration_ms = Some(14_400_000);
    policy.max_cents = 10_000;
    assert!(Plan::new(&longest, &policy).is_ok());
}

#[test]
fn a_source_without_audio_or_duration_or_with_more_than_60_frames_per_second_has_a_plan() {
    let planned = |change: fn(&mut SourceVideo)| {
        let mut source = source(1920, 1080);
        change(&mut source);
        Plan::new(&source, &VideoPolicy::default()).unwrap()
    };
    let frame_rate = |change| planned(change).video.unwrap().frame_rate;
    assert_eq!(planned(|source| source.audio = None).sound, None);
    assert_eq!(planned(|_| {}).sound.unwrap().bitrate, 128_000);
    assert_eq!(frame_rate(|_| {}), FrameRate::OfSource);
    assert!(planned(|source| source.video.as_mut().unwrap().is_hdr = true).video.unwrap().maps_hdr);
    let of_video =
        |source: &mut SourceVideo, rate| source.video.as_mut().unwrap().frame_rate = Some((rate, 1));
    let mut fast = source(1920, 1080);
    of_video(&mut fast, 120);
    let planned_rate = |source: &SourceVideo| Plan::new(source, &VideoPolicy::default()).unwrap();
    assert_eq!(planned_rate(&fast).video.unwrap().frame_rate, FrameRate::Specified(60));
    of_video(&mut fast, 60);
    assert_eq!(planned_rate(&fast).video.unwrap().frame_rate, FrameRate::OfSource);
    of_video(&mut fast, 1000);
    let clock = planned_rate(&fast);
    assert_eq!(clock.video.unwrap().frame_rate, FrameRate::Specified(30));
    assert_eq!(clock.cost, planned(|_| {}).cost);
    // 4 MiB at 250 kbit/s are 134 seconds.
    let endless = planned(|source| source.duration_ms = None).video.unwrap();
    assert_eq!((endless.posters.interval_ms, endless.tiles.interval_s), (33_554, 1));
}

#[test]
fn sound_alone_has_a_plan_without_video_that_costs_two_outputs() {
    let mut podcast = source(1920, 1080);
    podcast.video = None;
    let plan = Plan::new(&podcast, &VideoPolicy::default()).unwrap();
    assert_eq!((plan.video, plan.sound.unwrap().bitrate, plan.clip_end_s), (None, 128_000, Some(31)));
    assert_eq!((plan.cost.microdollars, plan.cost.output_ms), (7_500, 60_000));
    // 4 MiB at 32 kbit/s are 17 minutes.
    podcast.duration_ms = None;
    let plan = Plan::new(&podcast, &VideoPolicy::default()).unwrap();
    assert_eq!(plan.cost.output_ms, 2 * 1_048_576);
}

#[test]
fn the_policy_selects_hevc_and_automated_ladders() {
    let mut policy = VideoPolicy::default();
    policy.rungs.push(Rung {
        short_side: 2160,
        codec: VideoCodec::Hevc,
        quality: 8,
        max_bitrate: 18_000_000,
    });
    let plan_of = |width, height, policy: &VideoPolicy| Plan::new(&source(width, height), policy).unwrap();
    let large = plan_of(3840, 2160, &policy);
    assert!(sizes(&large).ends_with("1080p 1920x1080, 2160p_hevc 3840x2160 | 720p 1280x720"));
    let small = plan_of(1920, 1080, &policy);
    assert!(large.cost.microdollars > 2 * small.cost.microdollars, "{:?} {:?}", large.cost, small.cost);
    let automated = AutomatedAbr { max_renditions: 6, max_bitrate: 8_000_000, min_bitrate: 600_000 };
    policy.automated_abr = Some(automated);
    assert_eq!(plan_of(1920, 1080, &policy).video.unwrap().renditions, Renditions::Automated(automated));
    policy.mp4_short_side = 0;
    assert_eq!(plan_of(1920, 1080, &policy).video.unwrap().mp4, None);
}

#[test]
fn an_estimate_counts_every_output_by_its_size() {
    let check = |width, height, duration_ms, frame_rate, expected: (u64, u64)| {
        let mut source = source(width, height);
        source.duration_ms = Some(duration_ms);
        source.video.as_mut().unwrap().frame_rate = frame_rate;
        let cost = Plan::new(&source, &VideoPolicy::default()).unwrap().cost;
        assert_eq!((cost.microdollars, cost.output_ms), expected, "{width}×{height} {duration_ms}");
    };
    // Three in standard definition, two in high, the audio, the MP4 in high: 10 units.
    check(1920, 1080, 60_000, Some((30, 1)), (75_000, 420_000));
    // Above 30 frames per second, the outputs with video count twice.
    check(1920, 1080, 60_000, Some((50, 1)), (142_500, 420_000));
    check(1920, 1080, 60_000, None, (75_000, 420_000));
    // Ten seconds are the shortest duration that is billed.
    check(1920, 1080, 1_000, Some((30, 1)), (12_500, 7_000));
    // Two rungs, the audio, the MP4.
    check(640, 360, 60_000, Some((30, 1)), (30_000, 240_000));
}

proptest! {
    #[test]
    fn every_rendition_has_even_sides_within_the_source_and_keeps_the_aspect_ratio(
        width in 32_u32..8192, height in 32_u32..8192, rotation in 0_i32..4,
    ) {
        let mut source = source(width, height);
        source.video.as_mut().unwrap().rotation = rotation * 90;
        let display_size = source.video.as_ref().unwrap().display_size();
        let Ok(plan) = Plan::new(&source, &VideoPolicy::default()) else {
            // Only extremely long and narrow pictures can't be encoded.
            prop_assert!(display_size.long() / display_size.short() >= 64, "{display_size:?}");
            return Ok(());
        };
        let video = plan.video.unwrap();
        let Renditions::Ladder(ladder) = video.renditions else { unreachable!() };
        prop_assert!(!ladder.is_empty());
        for Rendition { size, .. } in ladder.into_iter().chain(video.mp4) {
            prop_assert!(size.width.is_multiple_of(2) && size.height.is_multiple_of(2), "{size:?}");
            prop_assert!(size.width <= display_size.width && size.height <= display_size.height, "{size:?} {display_size:?}");
            prop_assert!(size.short() >= 32 && size.long() <= 4096, "{size:?}");
            let shape = f64::from(display_size.width) / f64::from(display_size.height);
            let height = f64::from(size.width) / shape;
            let width = f64::from(size.height) * shape;
            prop_assert!((height - f64::from(size.height)).abs() <= 2.0 || (width - f64::from(size.width)).abs() <= 2.0, "{size:?} {display_size:?}");
        }
    }
}
