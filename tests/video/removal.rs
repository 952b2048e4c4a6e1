//! The end of a video: its renditions follow the original out of the buckets and out of the CDN.

use aws_sdk_s3::types::{Tag, Tagging};
use serde_json::Value;
use tintype::local::names::{ORIGINALS, VARIANTS};

use super::clips::mp4;
use super::upload_to_playback::final_status;
use crate::support::{Running, wait};

/// A playable video in the CDN's cache.
struct Video {
    stack: Running,
    key: String,
    id: String,
    status: Value,
    /// The paths of its renditions, and of a variant of a poster.
    paths: Vec<String>,
}

impl Video {
    async fn ready() -> Self {
        let stack = Running::storing().await;
        let status = final_status(&stack, "clip.mp4", "video/mp4", &mp4("160x90", "25", 1.0)).await;
        assert_eq!(status["state"], "ready", "{status}");
        let (key, id) = (status["source"]["key"].as_str().unwrap(), status["id"].as_str().unwrap());
        let (key, id) = (key.to_owned(), id.to_owned());
        let mut video = Self { stack, key, id, status, paths: Vec::new() };
        video.paths = video.keys(ORIGINALS).await.iter().map(|key| format!("/{key}")).collect();
        let playback = &video.status["playback"];
        for poster in [&playback["poster"], &playback["posters"][0]] {
            video.paths.push(format!("{}?w=64", poster.as_str().unwrap()));
        }
        video.paths.push(format!("/videos/{}/frame.jpg?t=0&w=64", video.id));
        for path in &video.paths {
            assert_eq!(video.stack.get(path).await.status, 200, "{path}");
        }
        wait::until("the stored variants", async || video.keys(VARIANTS).await.len() == 3).await;
        video
    }

    async fn keys(&self, bucket: &str) -> Vec<String> {
        let prefix = format!("videos/{}/", self.id);
        let listed = self.stack.s3().list_objects_v2().bucket(bucket).prefix(prefix).send().await.unwrap();
        listed.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
    }

    async fn tag(&self, state: &str) {
        let tag = Tag::builder().key("state").value(state).build().unwrap();
        let tagging = Tagging::builder().tag_set(tag).build().unwrap();
        let request = self.stack.s3().put_object_tagging().bucket(ORIGINALS).key(&self.key);
        request.tagging(tagging).send().await.unwrap();
    }

    /// Waits until the CDN serves none of the paths.
    async fn wait_until_gone(&self, what: &str) {
        for path in &self.paths {
            wait::until(&format!("the end of {path} of {what}"), async || {
                self.stack.get(path).await.status == 404
            })
            .await;
        }
    }

    async fn wait_until_empty(&self, what: &str) {
        self.wait_until_gone(what).await;
        wait::for_value(&format!("nothing left of {what}"), async || {
            let left = [self.keys(ORIGINALS).await, self.keys(VARIANTS).await].concat();
            if left.is_empty() { Ok(()) } else { Err(left.join(" ")) }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_removed_video() {
    let video = Video::ready().await;
    video.stack.s3().delete_object().bucket(ORIGINALS).key(&video.key).send().await.unwrap();
    video.wait_until_empty("a removed video").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_video_is_not_served_until_it_is_clean_again() {
    let video = Video::ready().await;
    video.tag("refused").await;
    video.wait_until_empty("a withdrawn video").await;
    video.tag("clean").await;
    wait::until("the status ready", async || {
        let got = video.stack.get(&format!("/videos/{}/status.json", video.id)).await;
        got.status == 200 && got.json()["state"] == "ready"
    })
    .await;
    for path in &video.paths {
        assert_eq!(video.stack.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_video_leaves_no_file_of_its_first_version() {
    let mut video = Video::ready().await;
    let put = video.stack.s3().put_object().bucket(ORIGINALS).key(&video.key).content_type("video/mp4");
    put.tagging("state=pending").body(mp4("160x90", "25", 2.0).into()).send().await.unwrap();
    let run = video.status["run"].as_str().unwrap().to_owned();
    video.paths.retain(|path| path.contains(&run));
    video.wait_until_gone("a replaced video").await;
    wait::for_value("the new version", async || {
        let got = video.stack.get(&format!("/videos/{}/status.json", video.id)).await;
        let status = if got.status == 200 { got.json() } else { Value::Null };
        if status["state"] == "ready" && status["run"] != run.as_str() { Ok(()) } else { Err(status) }
    })
    .await;
    let keys = video.keys(ORIGINALS).await;
    assert!(!keys.iter().any(|key| key.contains(&run)), "{keys:?}");
}
