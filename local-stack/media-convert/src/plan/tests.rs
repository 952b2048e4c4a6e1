use serde_json::{Value, json};

use self::job::job;
use super::*;
use crate::media::{Colors, TrackKind};
use crate::ratio::Ratio;
use crate::settings::{self, CreateJob};
use crate::size::Size;

mod job;
mod refusals;

fn read(job: &Value) -> CreateJob {
    settings::read(job).unwrap()
}

/// The arguments of a plan, one option with its value per line.
fn printed(plan: &Plan) -> String {
    let mut text = String::new();
    for argument in &plan.arguments {
        text.push_str(if argument.starts_with('-') && argument.parse::<f64>().is_err() { "\n" } else { " " });
        text.push_str(argument);
    }
    text
}

#[test]
#[expect(clippy::too_many_lines, reason = "the snapshot has a line for each option")]
fn a_job_is_one_run_of_ffmpeg_that_decodes_the_source_once() {
    insta::assert_snapshot!(printed(&plan(&read(&job()).settings, &sample_source(), "input").unwrap()), @r#"
    -nostdin
    -hide_banner
    -v error
    -nostats
    -progress pipe:1
    -y
    -protocol_whitelist file,http,tcp
    -format_whitelist mov,matroska,mpegts,mpeg,mpegvideo,m4v,avi,dv,asf,mxf,ogg,flv,mp3,wav,flac,aac,ac3,eac3
    -i input
    -filter_complex [0:0]split=5[b0][b1][b2][b3][b4];[b0]fps=30/1:start_time=0,scale=480:270,setsar=1,format=yuv420p[g0t0];[b1]fps=30/1:start_time=0,scale=640:360,setsar=1,format=yuv420p[g0t1];[b2]fps=1/1:round=up:start_time=0,scale=160:90,setsar=1,scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p,tile=10x10[g0s];[b3]fps=30/1:start_time=0,scale=640:360,setsar=1,format=yuv420p[g1f0];[b4]fps=2/15:round=up:start_time=0,scale=1920:1080,setsar=1,scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p[g2f0]
    -map [g0t0]
    -c:v libx264
    -preset veryfast
    -profile:v high
    -crf 23.0
    -maxrate 400000
    -bufsize 800000
    -g 60
    -force_key_frames expr:gte(t,n_forced*2)
    -flags +cgop
    -sc_threshold 0
    -map_metadata -1
    -max_muxing_queue_size 4096
    -f hls
    -hls_time 6
    -hls_playlist_type vod
    -hls_segment_type fmp4
    -hls_segment_options movflags=+negative_cts_offsets
    -start_number 1
    -hls_fmp4_init_filename g0t0init.mp4
    -hls_segment_filename g0t0_%09d.m4s g0t0.m3u8
    -map [g0t1]
    -c:v libx264
    -preset veryfast
    -profile:v high
    -crf 23.0
    -maxrate 900000
    -bufsize 1800000
    -g 60
    -force_key_frames expr:gte(t,n_forced*2)
    -flags +cgop
    -sc_threshold 0
    -map_metadata -1
    -max_muxing_queue_size 4096
    -f hls
    -hls_time 6
    -hls_playlist_type vod
    -hls_segment_type fmp4
    -hls_segment_options movflags=+negative_cts_offsets
    -start_number 1
    -hls_fmp4_init_filename g0t1init.mp4
    -hls_segment_filename g0t1_%09d.m4s g0t1.m3u8
    -map 0:1
    -af aresample=async=1:first_pts=0
    -c:a aac
    -b:a 128000
    -ar 48000
    -ac 2
    -map_metadata -1
    -max_muxing_queue_size 4096
    -f hls
    -hls_time 6
    -hls_playlist_type vod
    -hls_segment_type fmp4
    -hls_segment_options movflags=+negative_cts_offsets
    -start_number 1
    -hls_fmp4_init_filename g0t2init.mp4
    -hls_segment_filename g0t2_%09d.m4s g0t2.m3u8
    -map [g1f0]
    -c:v libx264
    -preset veryfast
    -profile:v high
    -crf 23.0
    -maxrate 900000
    -bufsize 1800000
    -g 60
    -force_key_frames expr:gte(t,n_forced*2)
    -flags +cgop
    -sc_threshold 0
    -map 0:1
    -af aresample=async=1:first_pts=0
    -c:a aac
    -b:a 128000
    -ar 48000
    -ac 2
    -map_metadata -1
    -max_muxing_queue_size 4096
    -movflags +faststart
    -f mp4 g1f0.mp4
    -map [g0s]
    -c:v mjpeg
    -q:v 5
    -f image2
    -start_number 1 g0s_%09d.jpg
    -map [g2f0]
    -frames:v 4
    -c:v mjpeg
    -q:v 8
    -f image2
    -start_number 0 g2f0.%07d.jpg
    "#);
}

#[test]
fn a_plan_lists_the_outputs_and_their_destinations() {
    let plan = plan(&read(&job()).settings, &sample_source(), "input").unwrap();
    let [GroupPlan::Cmaf(cmaf), GroupPlan::Files(movies), GroupPlan::Files(posters)] = plan.groups.as_slice()
    else {
        panic!("{:?}", plan.groups)
    };
    assert_eq!((cmaf.has_hls, cmaf.has_dash, cmaf.tracks.len()), (true, true, 3));
    assert_eq!(cmaf.destination.url("index.m3u8"), "s3://originals/videos/1/index.m3u8");
    let size = |width, height| Size { width, height };
    let rate = Ratio::new(30, 1).unwrap();
    assert_eq!(cmaf.tracks[1].media, TrackMedia::Video { size: size(640, 360), rate });
    assert_eq!(cmaf.tracks[2].media, TrackMedia::Audio { channels: 2, sample_rate: 48_000 });
    let thumbnails = cmaf.thumbnails.as_ref().unwrap();
    assert_eq!(
        (thumbnails.size, thumbnails.columns, thumbnails.rows, thumbnails.interval_s),
        (size(160, 90), 10, 10, 1.0)
    );
    assert_eq!((movies[0].extension.as_str(), movies[0].kind), ("mp4", FileKind::Movie));
    let captures = FileKind::Captures { interval_ms: 7_500 };
    assert_eq!((posters[0].extension.as_str(), posters[0].kind), ("jpg", captures));
    assert_eq!(plan.frame_rate, Some(rate));
}

#[test]
fn codecs_rates_rotations_and_audio_tracks_set_their_arguments() {
    let check = |change: fn(&mut Value), expected: &[&str]| {
        let mut job = job();
        change(&mut job["settings"]);
        let text = printed(&plan(&read(&job).settings, &sample_source(), "input").unwrap());
        for part in expected {
            assert!(text.contains(part), "{part:?} isn't in {text}");
        }
    };
    check(
        |s| {
            let codec = &mut s["outputGroups"][0]["outputs"][1]["videoDescription"]["codecSettings"];
            let mut settings = codec["h264Settings"].clone();
            settings["codecProfile"] = json!("MAIN_MAIN");
            *codec = json!({ "codec": "H_265", "h265Settings": settings });
        },
        &[
            "-c:v libx265\n",
            "-profile:v main\n",
            "-x265-params log-level=error:open-gop=0:scenecut=0",
            "-tag:v hvc1",
        ],
    );
    check(
        |s| {
            let codec = &mut s["outputGroups"][1]["outputs"][0]["videoDescription"]["codecSettings"];
            codec["h264Settings"] = json!({
                "rateControlMode": "CBR", "bitrate": 500_000, "framerateControl": "SPECIFIED",
                "framerateNumerator": 24000, "framerateDenominator": 1001, "gopSize": 48, "gopSizeUnits": "FRAMES",
                "numberBFramesBetweenReferenceFrames": 0, "numberReferenceFrames": 3
            });
        },
        &[
            "fps=24000/1001:start_time=0,",
            "-b:v 500000\n-minrate 500000\n-maxrate 500000\n-bufsize 1000000",
            "-g 48\n",
            "-force_key_frames expr:gte(t,n_forced*2.002)",
            "-bf 0",
            "-refs 3",
            "-preset superfast",
        ],
    );
    check(
        |s| s["inputs"][0]["videoSelector"]["rotate"] = json!("DEGREES_90"),
        &[
            "-noautorotate",
            "fps=30/1:start_time=0,transpose=clock,scale=152:270,pad=480:270:-1:-1",
            "fps=1/1:round=up:start_time=0,transpose=clock,",
        ],
    );
    check(
        |s| {
            s["inputs"][0]["timecodeSource"] = json!("ZEROBASED");
            s["inputs"][0]["inputClippings"] = json!([{ "endTimecode": "00:00:02:14" }]);
        },
        &["-t 2.500000\n-i input\n"],
    );
    check(
        |s| s["inputs"][0]["audioSelectors"]["Audio Selector 1"]["tracks"] = json!([2]),
        &["-map 0:2\n-af aresample=async=1:first_pts=0\n-c:a aac"],
    );
    check(
        |s| s["inputs"][0]["audioSelectors"]["Audio Selector 1"]["tracks"] = json!([1, 2]),
        &[
            "[0:1][0:2]amerge=inputs=2,aresample=async=1:first_pts=0[g0t2a];[0:1][0:2]amerge=inputs=2,aresample=async=1:first_pts=0[g1f0n0a];[0:0]split",
            "-map [g0t2a]\n-c:a aac",
        ],
    );
}

#[test]
fn an_hdr_source_is_tone_mapped_if_the_settings_ask_for_it() {
    let mut job = job();
    let video = &mut job["settings"]["outputGroups"][0]["outputs"][0]["videoDescription"];
    video["videoPreprocessors"] = json!({ "colorCorrector": { "colorSpaceConversion": "FORCE_709" } });
    let mut source = sample_source();
    let text = printed(&plan(&read(&job).settings, &source, "input").unwrap());
    assert!(!text.contains("tonemap"), "the source is SDR: {text}");
    if let Some(TrackKind::Video(video)) = source.tracks.first_mut().map(|track| &mut track.kind) {
        video.colors.transfer = "smpte2084".to_owned();
    }
    let text = printed(&plan(&read(&job).settings, &source, "input").unwrap());
    // The video and the thumbnails of its group.
    assert_eq!(text.matches("tonemap").count(), 2, "{text}");
    assert!(text.contains("[b2]fps=1/1:round=up:start_time=0,scale=160:90,setsar=1,zscale="), "{text}");
}

#[test]
fn an_hdr_source_that_does_not_say_its_colours_has_those_of_television() {
    let check = |primaries: &str, matrix: &str, expected: &str| {
        let mut job = job();
        let video = &mut job["settings"]["outputGroups"][0]["outputs"][0]["videoDescription"];
        video["videoPreprocessors"] = json!({ "colorCorrector": { "colorSpaceConversion": "FORCE_709" } });
        let mut source = sample_source();
        source.video_mut().unwrap().colors = Colors {
            primaries: primaries.to_owned(),
            transfer: "smpte2084".to_owned(),
            matrix: matrix.to_owned(),
        };
        let text = printed(&plan(&read(&job).settings, &source, "input").unwrap());
        assert!(text.contains(&format!(",zscale={expected}t=linear")), "{primaries} {matrix}: {text}");
    };
    check("bt2020", "bt2020nc", "");
    check("bt2020", "unknown", "min=2020_ncl:");
    check("bt2020", "bt2020c", "min=2020_ncl:");
    check("", "", "pin=bt2020:p=bt2020:min=2020_ncl:");
    check("unknown", "bt709", "pin=bt2020:p=bt2020:");
}

#[test]
fn an_interlaced_source_is_made_progressive_before_it_is_split() {
    let mut source = sample_source();
    source.video_mut().unwrap().is_interlaced = true;
    let text = printed(&plan(&read(&job()).settings, &source, "input").unwrap());
    assert!(text.contains("[0:0]bwdif=mode=send_frame:deint=interlaced,split=5[b0]"), "{text}");
}

#[test]
fn outputs_have_the_frame_rate_of_the_source_and_30_if_it_is_unknown() {
    let check = |rate: Option<(u32, u32)>, expected: &str| {
        let mut source = sample_source();
        source.video_mut().unwrap().frame_rate = rate.and_then(|(n, d)| Ratio::new(n, d));
        let text = printed(&plan(&read(&job()).settings, &source, "input").unwrap());
        assert!(text.contains(&format!("[b0]fps={expected}:start_time=0,")), "{rate:?}: {text}");
    };
    check(Some((30000, 1001)), "30000/1001");
    check(Some((359, 15)), "359/15");
    check(Some((120, 1)), "120/1");
    check(None, "30/1");
}

#[test]
fn black_frames_follow_a_video_that_is_shorter_than_its_sound() {
    let check = |video_s: Option<f64>, audio_s: f64, setting: &str, expected: bool| {
        let mut source = sample_source();
        for track in &mut source.tracks {
            track.end_s = if matches!(track.kind, TrackKind::Video(_)) { video_s } else { Some(audio_s) };
        }
        let mut job = job();
        job["settings"]["inputs"][0]["videoSelector"]["padVideo"] = json!(setting);
        let text = printed(&plan(&read(&job).settings, &source, "input").unwrap());
        // The two rungs, the thumbnails, the movie and the posters.
        let count = text.matches(",tpad=stop_duration=18.000:color=black,").count();
        assert_eq!(count, if expected { 5 } else { 0 }, "{video_s:?} {audio_s} {setting}: {text}");
    };
    check(Some(2.0), 20.0, "BLACK", true);
    check(Some(2.0), 20.0, "DISABLED", false);
    check(Some(20.0), 2.0, "BLACK", false);
    check(Some(2.0), 2.02, "BLACK", false);
    check(None, 20.0, "BLACK", false);
}
