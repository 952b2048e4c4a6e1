//! Captions that are uploaded before a video: in its HLS and DASH.

use serde_json::json;

use super::clips::mp4;
use super::upload_to_playback::status_of;
use crate::support::Running;

const WEB_VTT: &str = "WEBVTT\n\nNOTE two cues\n\n00:01.000 --> 00:04.000 line:0\nHello from the captions\n\n\
    00:05.500 --> 00:07.000\nOver the end of a segment\n";

#[tokio::test(flavor = "multi_thread")]
async fn captions_become_a_subtitle_rendition_of_hls_and_dash() {
    let stack = Running::start().await;
    let captions = stack.upload("en.vtt", "text/vtt", WEB_VTT.as_bytes()).await;
    let metadata = json!({ "captions-en": captions.trim_start_matches('/') });
    let request = json!({ "filename": "clip.mp4", "type": "video/mp4", "metadata": metadata });
    let path = stack.upload_as(&request, &mp4("640x360", "25", 8.0)).await;
    let status = status_of(&stack, &path, "clip.mp4").await;
    assert_eq!(status["state"], "ready", "{status}");
    let get = async |path: &str| {
        let answer = stack.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        String::from_utf8(answer.body.to_vec()).unwrap()
    };
    let hls = status["playback"]["hls"].as_str().unwrap();
    let folder = hls.rsplit_once('/').unwrap().0;
    let master = get(hls).await;
    let rendition = "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"en\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=YES,\
        FORCED=NO,URI=\"index_captions_en.m3u8\"";
    assert!(master.contains(rendition), "{master}");
    let variants = master.lines().filter(|line| line.starts_with("#EXT-X-STREAM-INF")).collect::<Vec<_>>();
    assert!(
        variants.len() == 2 && variants.iter().all(|one| one.ends_with("SUBTITLES=\"captions\"")),
        "{master}"
    );
    let playlist = get(&format!("{folder}/index_captions_en.m3u8")).await;
    let names: Vec<_> = playlist.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(names, ["index_captions_en_000000001.vtt", "index_captions_en_000000002.vtt"], "{playlist}");
    let (first, second) =
        (get(&format!("{folder}/{}", names[0])).await, get(&format!("{folder}/{}", names[1])).await);
    assert!(first.contains("00:00:01.000 --> 00:00:04.000 line:0\nHello from the captions\n"), "{first}");
    for segment in [&first, &second] {
        assert!(segment.contains("00:00:05.500 --> 00:00:07.000\nOver the end of a segment\n"), "{segment}");
    }
    let manifest = get(status["playback"]["dash"].as_str().unwrap()).await;
    assert!(manifest.contains("mimeType=\"text/vtt\" lang=\"en\""), "{manifest}");
    let whole = stack.get(&format!("{folder}/index_captions_en.vtt")).await;
    assert_eq!(whole.header("content-type"), "text/vtt");
    assert!(
        whole.body.windows(5).any(|bytes| bytes == b"Hello") && manifest.contains("index_captions_en.vtt")
    );
}

#[tokio::test]
async fn a_file_that_is_no_web_vtt_is_refused_as_captions_when_it_arrives() {
    let stack = Running::start().await;
    let (_, grant) = stack.sign(&json!({ "filename": "en.vtt", "type": "text/vtt" })).await;
    stack.post(&grant, b"1\n00:00:01,000 --> 00:00:04,000\nHello\n").await;
    let state = stack.settled(&grant).await;
    assert_eq!((&state["state"], &state["reason"]), (&json!("refused"), &json!("other-content")), "{state}");
}
