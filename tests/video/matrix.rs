//! Many kinds of clips through the whole stack: each becomes playable with the right time, size, colours and sound, or fails with a
//! sentence.

mod buffers;
mod expected;
mod kinds;
mod making;

use contract::renditions::video_id;
use serde_json::Value;
use tintype::local::names::ORIGINALS;

use super::clips::{loudness, probe};
use crate::support::{Running, wait};
use buffers::Played;
use expected::{Expected, Film};
use making::Kind;

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_clip_is_shown_rightly_or_refused_with_a_sentence() {
    let kinds = tokio::task::spawn_blocking(kinds::all).await.unwrap();
    assert!(kinds.len() >= 40, "{}", kinds.len());
    let stack = Running::start().await;
    for kind in &kinds {
        let put = stack.s3().put_object().bucket(ORIGINALS).key(kind.key()).content_type(kind.media_type);
        put.tagging("state=clean").body(kind.bytes.clone().into()).send().await.unwrap();
    }
    let (mut faults, mut films) = (Vec::new(), Vec::new());
    for kind in &kinds {
        match check(&stack, kind).await {
            Ok(played) => films.extend(played),
            Err(fault) => faults.push(format!("{}: {fault}", kind.name)),
        }
    }
    faults.extend(buffers::faults(&stack, &films).await);
    assert!(faults.is_empty(), "{} of {} kinds:\n{}", faults.len(), kinds.len(), faults.join("\n"));
}

/// What came of a clip: a film, or nothing if it is refused rightly. The error is its fault.
async fn check(stack: &Running, kind: &Kind) -> Result<Option<Played>, String> {
    let id = video_id(&kind.key());
    let status = wait::for_value(&format!("the final status of {}", kind.name), async || {
        let got = stack.get(&format!("/videos/{id}/status.json")).await;
        let status = if got.status == 200 { got.json() } else { Value::Null };
        let is_final = matches!(status["state"].as_str(), Some("ready" | "failed" | "canceled"));
        if is_final { Ok(status) } else { Err(status) }
    })
    .await;
    let state = status["state"].as_str().unwrap_or_default();
    match (&kind.expected, state) {
        (Expected::Ready(film), "ready") => {
            film_fault(stack, film, &status).await.map_or(Ok(()), Err)?;
            let hls = status["playback"]["hls"].as_str().unwrap_or_default().to_owned();
            Ok(Some(Played { name: kind.name, film: film.clone(), hls }))
        }
        (Expected::Failed(code), "failed") => {
            let sentence = status["error"]["message"].as_str().unwrap_or_default();
            let is_right = status["error"]["code"] == *code && sentence.len() > 20;
            if is_right { Ok(None) } else { Err(status["error"].to_string()) }
        }
        _ => Err(format!("it is {state}: {}", status["error"])),
    }
}

async fn film_fault(stack: &Running, film: &Film, status: &Value) -> Option<String> {
    let seconds = status["durationSeconds"].as_f64().unwrap_or_default();
    if (seconds - film.seconds).abs() > film.tolerance {
        return Some(format!("it lasts {seconds} s, not {}", film.seconds));
    }
    let playback = &status["playback"];
    let largest = status["renditions"].as_array().and_then(|all| all.last()).cloned().unwrap_or_default();
    let size = largest["width"].as_u64().zip(largest["height"].as_u64());
    if size != film.size {
        return Some(format!("its largest rendition has {size:?} pixels, not {:?}", film.size));
    }
    let path = playback["mp4"].as_str().or(playback["audio"].as_str()).unwrap_or_default();
    let movie = tempfile::Builder::new().suffix(".mp4").tempfile().unwrap();
    std::fs::write(movie.path(), stack.get(path).await.body).unwrap();
    let kinds = probe(movie.path(), "stream=codec_type");
    if kinds.contains("video") != film.size.is_some() || kinds.contains("audio") != film.has_sound {
        return Some(format!("{path} has {kinds:?}"));
    }
    if film.has_sound && loudness(movie.path()).into_iter().any(|level| level < 200.0) {
        return Some(format!("it is silent: {:?}", loudness(movie.path())));
    }
    if let Some(rate) = film.rate {
        let found = probe(movie.path(), "stream=avg_frame_rate");
        if !found.lines().any(|line| line.trim() == rate) {
            return Some(format!("its frame rate is {found}, not {rate}"));
        }
    }
    if film.has_colors { color_fault(stack, playback).await } else { None }
}

/// The fault of a poster that has not the colours of the bars.
async fn color_fault(stack: &Running, playback: &Value) -> Option<String> {
    const BARS: [[u8; 3]; 3] = [[0xc8, 0x28, 0x28], [0x28, 0xa0, 0x3c], [0x28, 0x3c, 0xc8]];
    let poster = stack.get(playback["poster"].as_str().unwrap_or_default()).await.picture();
    let (width, height) = poster.dimensions();
    BARS.into_iter().enumerate().find_map(|(bar, expected)| {
        let [red, green, blue, ..] = poster.get_pixel((2 * bar as u32 + 1) * width / 6, height / 2).0;
        let is_near =
            [red, green, blue].iter().zip(expected).all(|(sample, expected)| sample.abs_diff(expected) <= 14);
        (!is_near).then(|| format!("bar {bar} is {:?}, not {expected:?}", [red, green, blue]))
    })
}
