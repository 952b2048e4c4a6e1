//! Frames of a video at a moment, made of its thumbnails.

use serde_json::{Value, json};

use super::clips::generate;
use super::upload_to_playback::final_status;
use crate::support::pictures::is_near;
use crate::support::{Answer, Running};

const RED: [u8; 3] = [200, 40, 40];
const GREEN: [u8; 3] = [40, 160, 60];
const BLUE: [u8; 3] = [40, 60, 200];

/// A film of five seconds: two of red, two of green, one of blue.
fn film() -> Vec<u8> {
    let picture = "color=0xc82828:size=320x180:rate=25:duration=2,format=rgb24[r];\
        color=0x28a03c:size=320x180:rate=25:duration=2,format=rgb24[g];\
        color=0x283cc8:size=320x180:rate=25:duration=1,format=rgb24[b];\
        [r][g][b]concat=n=3,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p";
    generate("film.mp4", &["-f", "lavfi", "-i", picture, "-colorspace", "bt709", "-c:v", "libx264"])
}

async fn signed(stack: &Running, url: &str) -> Answer {
    let (status, answer) = stack.ask_signer("/signed-urls", &json!({ "url": url })).await;
    assert_eq!(status, 200, "{answer}");
    stack.get(answer["url"].as_str().unwrap()).await
}

fn assert_is(picture: &image::RgbaImage, color: [u8; 3], what: &str) {
    let middle = *picture.get_pixel(picture.width() / 2, picture.height() / 2);
    assert!(is_near(middle, image::Rgb(color)), "{what}: {middle:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_of_a_video_is_a_picture_with_sizes_and_formats() {
    let stack = Running::start().await;
    let status = final_status(&stack, "film.mp4", "video/mp4", &film()).await;
    assert_eq!(status["state"], "ready", "{status}");
    let frame = format!("/videos/{}/frame.jpg", status["id"].as_str().unwrap());

    for (moment, color) in [("0", RED), ("1.9", RED), ("2", GREEN), ("3.5", GREEN), ("4", BLUE), ("5", BLUE)]
    {
        let got = stack.get(&format!("{frame}?t={moment}&fm=png")).await;
        assert_eq!(got.picture().dimensions(), (160, 90), "{moment}");
        assert_is(&got.picture(), color, moment);
    }
    let crop = stack.get(&format!("{frame}?t=2&w=64&h=64&fit=crop&fm=jpg")).await;
    assert_eq!((crop.picture().dimensions(), crop.header("content-type")), ((64, 64), "image/jpeg"));
    assert_is(&crop.picture(), GREEN, "a crop");

    // A copy of the viewer is compared without a new picture.
    let etag = crop.header("etag").to_owned();
    let path = format!("{frame}?t=2&w=64&h=64&fit=crop&fm=jpg");
    let again = stack.send("GET", &path, &[("if-none-match", &etag)]).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let head = stack.send("HEAD", &path, &[]).await;
    assert_eq!((head.status, head.header("etag")), (200, etag.as_str()));

    // A part of the frame, which needs a signature, is inside it.
    let part = signed(&stack, &format!("{frame}?t=4&rect=150,80,500,500&fm=png")).await;
    assert_eq!(part.picture().dimensions(), (10, 10));
    assert_is(&part.picture(), BLUE, "a part");
    let outside = signed(&stack, &format!("{frame}?t=4&rect=160,0,9,9")).await;
    assert_eq!(outside.status, 400);
    assert!(detail(&outside.json()).contains("160 × 90 pixels"), "{}", outside.json());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_that_has_no_picture_is_refused_with_the_reason() {
    let stack = Running::start().await;
    let status = final_status(&stack, "film.mp4", "video/mp4", &film()).await;
    let frame = format!("/videos/{}/frame.jpg", status["id"].as_str().unwrap());
    let song = generate("song.mp3", &["-f", "lavfi", "-i", "sine=frequency=440:duration=2"]);
    let song = final_status(&stack, "song.mp3", "audio/mpeg", &song).await;
    let of_song = format!("/videos/{}/frame.jpg", song["id"].as_str().unwrap());

    for (path, status, reason) in [
        (format!("{frame}?t=6"), 400, "ends after 5"),
        (format!("{frame}?t=1&fm=json"), 400, "fm=json describes files"),
        (format!("{frame}?t=soon"), 400, "'t' must be a number of seconds"),
        (format!("{of_song}?t=1"), 404, "no pictures"),
        ("/videos/0190163d-8694-739b-aea5-966c26f8ad91/frame.jpg?t=1".to_owned(), 404, "no such video"),
    ] {
        let got = stack.get(&path).await;
        assert_eq!(got.status, status, "{path}");
        assert!(detail(&got.json()).contains(reason), "{path}: {}", got.json());
    }
    // There is no such object.
    assert_eq!(stack.get(&frame).await.status, 404);
}

fn detail(problem: &Value) -> &str {
    problem["detail"].as_str().unwrap()
}
