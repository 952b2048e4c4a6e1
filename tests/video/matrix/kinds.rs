//! The kinds of clips, and what must come of each.

use super::super::clips::generate;
use super::expected::{Expected, ready};
use super::making::{H264, Kind, bars, clip, film, h264, of_bytes, picture, tone};

/// Every kind.
pub(super) fn all() -> Vec<Kind> {
    [containers(), codecs(), colors(), shapes(), times(), sounds(), damaged()].into_iter().flatten().collect()
}

fn containers() -> Vec<Kind> {
    let aac = [&H264[..], &["-preset", "ultrafast", "-c:a", "aac"]].concat();
    let with = |more: &[&'static str]| [&aac[..], more].concat();
    let mpeg2 = ["-c:v", "mpeg2video", "-qscale:v", "2"];
    let stream = clip("stream.ts", &[bars("25", "2")], &mpeg2);
    vec![
        film("plain.mp4", "video/mp4", &aac),
        film("index-first.mp4", "video/mp4", &with(&["-movflags", "+faststart"])),
        film("fragments.mp4", "video/mp4", &with(&["-movflags", "frag_keyframe+empty_moov", "-g", "12"])),
        film("quicktime.mov", "video/quicktime", &aac),
        film("matroska.mkv", "video/x-matroska", &aac),
        film("flash.flv", "video/x-flv", &aac),
        film("old.avi", "video/x-msvideo", &["-c:v", "mpeg4", "-qscale:v", "2", "-c:a", "libmp3lame"]),
        picture("program.mpg", "video/mpeg", &mpeg2, ready(2.0)),
        film("theora.ogv", "video/ogg", &["-c:v", "libtheora", "-q:v", "9", "-c:a", "libvorbis"]),
        film("transport.ts", "video/mp2t", &aac),
        film("camera.m2ts", "video/mp2t", &with(&["-mpegts_m2ts_mode", "1"])),
        of_bytes("late-sync.ts", "video/mp2t", &stream[100..], ready(2.0).about(0.3)),
        picture("elementary.m2v", "video/mpeg", &mpeg2, ready(2.0)),
        h264("subtitles.mp4", &[], ready(2.0)),
    ]
}

fn codecs() -> Vec<Kind> {
    let vp9 = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"];
    vec![
        picture(
            "vp8.webm",
            "video/webm",
            &["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "1M"],
            ready(2.0),
        ),
        picture("alpha.webm", "video/webm", &[&vp9[..], &["-pix_fmt", "yuva420p"]].concat(), ready(2.0)),
        picture(
            "hevc.mp4",
            "video/mp4",
            &[
                "-c:v",
                "libx265",
                "-preset",
                "ultrafast",
                "-x265-params",
                "log-level=error",
                "-tag:v",
                "hvc1",
                "-pix_fmt",
                "yuv420p",
            ],
            ready(2.0),
        ),
        picture(
            "prores.mov",
            "video/quicktime",
            &["-c:v", "prores_ks", "-pix_fmt", "yuv422p10le"],
            ready(2.0),
        ),
        picture("high422.mp4", "video/mp4", &["-c:v", "libx264", "-pix_fmt", "yuv422p10le"], ready(2.0)),
        picture("high444.mp4", "video/mp4", &["-c:v", "libx264", "-pix_fmt", "yuv444p"], ready(2.0)),
        picture(
            "tape.dv",
            "video/x-dv",
            &["-vf", "scale=720:576,format=yuv420p", "-c:v", "dvvideo"],
            ready(2.0).sized(960, 540),
        ),
    ]
}

fn colors() -> Vec<Kind> {
    let as_is = |name, scale: &'static str, tags: &[&'static str]| {
        let options = [&["-vf", scale, "-c:v", "libx264"][..], tags].concat();
        picture(name, "video/mp4", &options, ready(2.0))
    };
    let hdr = |name, tags: &[&'static str]| {
        let params = "log-level=error:hdr10=1:repeat-headers=1";
        let codec = [
            "-vf",
            "scale=out_color_matrix=bt2020:out_range=tv,format=yuv420p10le",
            "-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-x265-params",
            params,
            "-tag:v",
            "hvc1",
        ];
        picture(name, "video/mp4", &[&codec[..], tags].concat(), ready(2.0).with_any_color())
    };
    vec![
        as_is(
            "full-range.mp4",
            "scale=out_color_matrix=bt709:out_range=pc,format=yuvj420p",
            &[
                "-colorspace",
                "bt709",
                "-color_primaries",
                "bt709",
                "-color_trc",
                "bt709",
                "-color_range",
                "pc",
            ],
        ),
        as_is(
            "bt601.mp4",
            "scale=out_color_matrix=bt601:out_range=tv,format=yuv420p",
            &["-colorspace", "smpte170m", "-color_primaries", "smpte170m", "-color_trc", "smpte170m"],
        ),
        as_is("untagged.mp4", "scale=out_color_matrix=bt601:out_range=tv,format=yuv420p", &[]),
        hdr("pq.mp4", &["-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", "smpte2084"]),
        hdr(
            "hlg.mp4",
            &["-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", "arib-std-b67"],
        ),
        hdr("pq-without-primaries.mp4", &["-colorspace", "bt2020nc", "-color_trc", "smpte2084"]),
        hdr("hlg-alone.mp4", &["-color_trc", "arib-std-b67"]),
    ]
}

fn shapes() -> Vec<Kind> {
    // ffmpeg writes the turn into a file that it copies.
    let turned = |name: &'static str, turn: &str, expected: Expected| {
        let folder = tempfile::tempdir().unwrap();
        let upright = folder.path().join("upright.mp4");
        std::fs::write(&upright, clip("upright.mp4", &[bars("25", "2")], &H264)).unwrap();
        let bytes = generate(name, &["-i", upright.to_str().unwrap(), "-c", "copy", "-metadata:s:v:0", turn]);
        Kind { name, media_type: "video/quicktime", bytes, expected }
    };
    vec![
        turned("turned-90.mov", "rotate=90", ready(2.0).sized(90, 160)),
        turned("turned-180.mov", "rotate=180", ready(2.0).with_any_color()),
        turned("turned-270.mov", "rotate=270", ready(2.0).sized(90, 160)),
        h264("anamorphic.mp4", &["-aspect", "8:3"], ready(2.0).sized(240, 90)),
        picture(
            "odd.mp4",
            "video/mp4",
            &["-vf", "scale=161:91,format=yuv444p", "-c:v", "libx264"],
            ready(2.0).sized(160, 90),
        ),
        picture(
            "tiny.mp4",
            "video/mp4",
            &["-vf", "scale=16:16,format=yuv420p", "-c:v", "libx264"],
            Expected::Failed("too-small"),
        ),
        picture(
            "fields-top.mpg",
            "video/mpeg",
            &[
                "-vf",
                "tinterlace=interleave_top,fieldorder=tff",
                "-flags",
                "+ilme+ildct",
                "-c:v",
                "mpeg2video",
                "-qscale:v",
                "2",
            ],
            ready(2.0).with_any_color(),
        ),
    ]
}

fn times() -> Vec<Kind> {
    let with_inputs = |name: &'static str, inputs: &[Vec<String>], more: &[&str], expected: Expected| {
        let options = [&H264[..], &["-preset", "veryfast"], more].concat();
        Kind { name, media_type: "video/mp4", bytes: clip(name, inputs, &options), expected }
    };
    let late = || vec!["-itsoffset".to_owned(), "1".to_owned()];
    let aac = ["-c:a", "aac"];
    let part = clip("part.ts", &[bars("25", "2")], &[&H264[..], &["-preset", "ultrafast"]].concat());
    vec![
        with_inputs("frames-5.mp4", &[bars("5", "3")], &["-bf", "2"], ready(3.0).at_rate("5/1")),
        with_inputs("frames-60.mp4", &[bars("60", "2")], &["-bf", "2"], ready(2.0).at_rate("60/1")),
        with_inputs("ntsc.mp4", &[bars("30000/1001", "2")], &[], ready(2.0).at_rate("30000/1001")),
        with_inputs("one-frame.mp4", &[bars("25", "0.04")], &[], ready(0.04)),
        with_inputs(
            "varying.mp4",
            &[bars("30", "3")],
            &[
                "-vf",
                "settb=1/1000,setpts='floor(PTS+random(0)*12)',format=yuv420p",
                "-fps_mode",
                "passthrough",
            ],
            ready(3.0).about(0.2).with_any_color(),
        ),
        with_inputs(
            "hole.mp4",
            &[bars("25", "4")],
            &["-vf", "select='lt(t,1)+gte(t,3)',format=yuv420p", "-fps_mode", "passthrough"],
            ready(4.0).about(0.2).with_any_color(),
        ),
        of_bytes("again.ts", "video/mp2t", &part.repeat(2), ready(4.0).about(0.2)),
        with_inputs("late-sound.mp4", &[bars("25", "3"), late(), tone("2")], &aac, ready(3.0).with_sound()),
        with_inputs(
            "late-picture.mp4",
            &[late(), bars("25", "2"), tone("3")],
            &aac,
            ready(3.0).with_sound().with_any_color(),
        ),
        with_inputs(
            "long-sound.mp4",
            &[bars("25", "2"), tone("6")],
            &aac,
            ready(6.0).about(0.2).with_sound(),
        ),
        with_inputs("short-sound.mp4", &[bars("25", "3"), tone("1")], &aac, ready(3.0).with_sound()),
    ]
}

fn sounds() -> Vec<Kind> {
    let alone = |name: &'static str, media_type, codec: &'static str| {
        let bytes = clip(name, &[tone("2")], &["-c:a", codec]);
        Kind { name, media_type, bytes, expected: ready(2.0).of_sound_alone() }
    };
    let aac = [&H264[..], &["-preset", "ultrafast", "-c:a", "aac"]].concat();
    let with = |more: &[&'static str]| [&aac[..], more].concat();
    let two_tracks = [bars("25", "2"), tone("2"), tone("2")];
    let maps = ["-map", "0", "-map", "1", "-map", "2", "-c:a", "pcm_s16le"];
    vec![
        film("mono.mp4", "video/mp4", &with(&["-ac", "1"])),
        film("surround.mp4", "video/mp4", &with(&["-ac", "6"])),
        Kind {
            name: "two-tracks.mov",
            media_type: "video/quicktime",
            bytes: clip(
                "two-tracks.mov",
                &two_tracks,
                &[&H264[..], &["-preset", "ultrafast"], &maps].concat(),
            ),
            expected: ready(2.0).with_sound(),
        },
        alone("song.mp3", "audio/mpeg", "libmp3lame"),
        alone("song.flac", "audio/flac", "flac"),
    ]
}

fn damaged() -> Vec<Kind> {
    let plain = clip("whole.mp4", &[bars("25", "4")], &[&H264[..], &["-preset", "ultrafast"]].concat());
    vec![
        of_bytes("no-index.mp4", "video/mp4", &plain[..plain.len() / 2], Expected::Failed("unreadable")),
        of_bytes("nothing.mp4", "video/mp4", b"", Expected::Failed("unreadable")),
    ]
}
