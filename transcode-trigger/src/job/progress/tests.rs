use cdn_config::video::VideoPolicy;

use super::*;
use crate::claim::SourceObject;

fn claim() -> Claim {
    let object = SourceObject {
        bucket: "originals".to_owned(),
        key: "files/1/clip.mp4".to_owned(),
        version: "v1".to_owned(),
        bytes: 5,
        modified_s: 7,
        sequencer: String::new(),
        captions: std::collections::BTreeMap::new(),
    };
    Claim { asset: "a".to_owned(), ..Claim::new(&object, &VideoPolicy::default(), 1, 2) }
}

fn after(change: JobChange, files: &RunFiles) -> Option<Status> {
    status_after(&claim(), &JobEvent { claim: None, job: "j".to_owned(), at_ms: 9, change }, files)
}

#[test]
fn each_change_of_a_job_gives_a_state() {
    let check = |change: JobChange, expected: Option<(VideoState, u8)>| {
        let status = after(change, &RunFiles::default());
        assert_eq!(status.map(|status| (status.state, status.percent)), expected);
    };
    check(JobChange::Progress(None), Some((VideoState::Transcoding, 0)));
    check(JobChange::Progress(Some(42)), Some((VideoState::Transcoding, 42)));
    check(JobChange::Progress(Some(100)), Some((VideoState::Transcoding, 99)));
    check(JobChange::Complete(JobOutputs::default()), Some((VideoState::Ready, 100)));
    check(JobChange::Failed { code: 1, message: String::new() }, Some((VideoState::Failed, 0)));
    check(JobChange::Canceled, Some((VideoState::Canceled, 0)));
    check(JobChange::Other("NEW_WARNING".to_owned()), None);
}

#[test]
fn playlists_are_selected_by_extension_and_only_below_videos() {
    let playback = |playlists: &[&str]| {
        let outputs = JobOutputs {
            playlists: playlists.iter().map(ToString::to_string).collect(),
            ..JobOutputs::default()
        };
        let playback = after(JobChange::Complete(outputs), &RunFiles::default()).unwrap().playback.unwrap();
        (playback.hls, playback.dash)
    };
    let (hls, dash) = ("s3://b/videos/a/r/index.m3u8", "s3://b/videos/a/r/index.mpd");
    let expected = (Some("/videos/a/r/index.m3u8".to_owned()), Some("/videos/a/r/index.mpd".to_owned()));
    assert_eq!(playback(&[hls, dash]), expected);
    assert_eq!(playback(&[dash, hls]), expected);
    assert_eq!(playback(&["s3://b/files/a.m3u8", "https://b/videos/a.mpd"]), (None, None));
    assert_eq!(playback(&["s3://b/videos/a/ü b.m3u8"]).0.as_deref(), Some("/videos/a/%C3%BC%20b.m3u8"));
}

#[test]
fn posters_and_sheets_are_selected_from_the_files() {
    let folder = claim().keys().folder();
    let keys =
        ["index_2.jpg", "poster.0000001.jpg", "index_1.jpg", "poster.0000000.jpg", "index.m3u8", "tiles.vtt"];
    let files = RunFiles::from_keys(&claim(), keys.iter().map(|name| format!("{folder}{name}")).collect());
    assert_eq!(files.posters, [format!("{folder}poster.0000000.jpg"), format!("{folder}poster.0000001.jpg")]);
    assert_eq!(files.sheet_names(), ["index_1.jpg", "index_2.jpg"]);
    let playback = after(JobChange::Complete(JobOutputs::default()), &files).unwrap().playback.unwrap();
    assert_eq!(playback.poster.as_deref(), Some("/videos/a/poster.jpg"));
    assert_eq!(playback.tiles, Some(format!("/{folder}tiles.vtt")));
    assert_eq!(playback.posters.len(), 2);
    let nothing =
        after(JobChange::Complete(JobOutputs::default()), &RunFiles::default()).unwrap().playback.unwrap();
    assert_eq!(nothing, Playback::default());
}

#[test]
fn renditions_that_mediaconvert_chose_are_named_by_size() {
    let outputs = JobOutputs { adaptive_sizes: vec![(1280, 720), (360, 640)], ..JobOutputs::default() };
    let status = after(JobChange::Complete(outputs), &RunFiles::default()).unwrap();
    let names: Vec<_> = status.renditions.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["360p", "720p"]);
}
