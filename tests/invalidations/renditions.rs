//! Renditions of originals that are removed or replaced, by the events of S3 in any order.

use super::*;
use crate::support::limited_polls::LimitedPolls;
use crate::support::wait;

const KEY: &str = "files/0190163d-8694-739b-aea5-966c26f8ad91/clip.mp4";
const FOLDER: &str = "videos/0190163d-8694-739b-aea5-966c26f8ad91";

/// Names of a run's files, and of a file that all runs share.
const FILES: [&str; 4] =
    ["1a2b/index.m3u8", "1a2b/index_270p_000000001.cmfv", "1a2b/poster.0000000.jpg", "status.json"];

/// A quota that allows one invalidation with a star at a time.
const ONE_STAR: Quota = Quota { paths: 20, wildcards: 1, duration: Duration::from_millis(5) };

/// A video with its renditions, and no other process that reads its events.
struct Video {
    s3: Server,
    cloudfront: CloudFront,
    upkeep: Upkeep,
}

impl Video {
    async fn new() -> Self {
        let (s3, cloudfront) = (storage().await, CloudFront::with(ONE_STAR).await);
        let upkeep = upkeep_over(&s3.endpoint, s3_owner(), &cloudfront.cdn);
        Self { s3, cloudfront, upkeep }
    }

    /// Writes a version of the original. Returns the event.
    async fn write(&self, content: u8, version: usize) -> Value {
        let put = self.s3.client.put_object().bucket(ORIGINALS).key(KEY).tagging("state=clean");
        let etag = put.body(vec![content].into()).send().await.unwrap().e_tag.unwrap();
        let mut event = created(KEY, version);
        event["detail"]["object"]["etag"] = json!(etag.trim_matches('"'));
        event
    }

    async fn remove(&self) {
        self.s3.client.delete_object().bucket(ORIGINALS).key(KEY).send().await.unwrap();
    }

    /// Writes renditions, and a variant of a poster.
    async fn render(&self, names: &[&str]) {
        for name in names {
            let put = self.s3.client.put_object().bucket(ORIGINALS).key(format!("{FOLDER}/{name}"));
            put.body(vec![1].into()).send().await.unwrap();
        }
        let variant = format!("{FOLDER}/1a2b/poster.0000000.jpg/w=64,fm=auto.webp");
        let put = self.s3.client.put_object().bucket(VARIANTS).key(variant);
        put.body(vec![1].into()).send().await.unwrap();
    }

    /// The names below the folder of renditions in a bucket.
    async fn names(&self, bucket: &str) -> Vec<String> {
        let below = format!("{FOLDER}/");
        let listed = self.s3.client.list_objects_v2().bucket(bucket).prefix(&below).send().await.unwrap();
        let keys = listed.contents().iter().map(|object| object.key().unwrap());
        keys.map(|key| key[below.len()..].to_owned()).collect()
    }

    /// The renditions, and the variants of their posters in the bucket of variants.
    async fn left(&self) -> (Vec<String>, Vec<String>) {
        (self.names(ORIGINALS).await, self.names(VARIANTS).await)
    }

    async fn handle(&self, events: &[&Value]) {
        for &event in events {
            assert_eq!(failed(&self.upkeep, vec![event.clone()]).await, 0);
        }
    }

    fn begun(&self) -> usize {
        self.cloudfront.begun.load(Ordering::SeqCst)
    }
}

fn nothing() -> (Vec<String>, Vec<String>) {
    (Vec::new(), Vec::new())
}

/// The event of tags that were set.
fn tagged() -> Value {
    event("Object Tags Added", json!({ "object": { "key": KEY, "version-id": "v1" } }))
}

fn removed() -> Value {
    deleted(KEY, "DeleteObject", "Delete Marker Created")
}

#[tokio::test]
async fn no_rendition_of_a_removed_video_remains_in_any_order_of_events() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let video = Video::new().await;
        let first = video.write(1, 1).await;
        video.handle(&[&first]).await;
        video.render(&FILES).await;
        video.remove().await;
        let (tagged, removed) = (tagged(), removed());
        let events = [&first, &tagged, &removed];
        video.handle(&order.map(|number| events[number])).await;
        assert_eq!(video.left().await, nothing(), "{order:?}");
        let begun = video.begun();
        assert!(begun > 0, "{order:?}: the CDN keeps its copies");
        // A file that a job wrote meanwhile, and the second delivery.
        video.render(&["1a2b/index.mpd"]).await;
        video.handle(&[&removed]).await;
        assert_eq!(video.left().await, nothing(), "{order:?}");
        assert!(video.begun() > begun, "{order:?}");
        let begun = video.begun();
        video.handle(&[&removed, &removed]).await;
        assert_eq!(video.begun(), begun, "{order:?}: nothing changes, and nothing is invalidated");
    }
}

#[tokio::test]
async fn a_clean_video_keeps_its_renditions_when_an_older_version_ends() {
    let video = Video::new().await;
    let first = video.write(1, 1).await;
    video.handle(&[&first]).await;
    video.render(&FILES).await;
    let ended = deleted(KEY, "DeleteObject", "Permanently Deleted");
    video.handle(&[&tagged(), &first, &ended]).await;
    assert_eq!((video.names(ORIGINALS).await, video.begun()), (FILES.map(str::to_owned).to_vec(), 0));
    assert_eq!(video.names(VARIANTS).await.len(), 1);
}

#[tokio::test]
async fn a_replaced_video_keeps_only_the_renditions_of_its_newest_version() {
    for order in [[0, 1], [1, 0]] {
        let video = Video::new().await;
        let first = video.write(1, 1).await;
        video.handle(&[&first]).await;
        video.render(&FILES).await;
        let second = video.write(2, 2).await;
        // The job of the new version is faster than the event.
        let new = ["3c4d/index.m3u8", "status.json"].map(str::to_owned).to_vec();
        video.render(&["3c4d/index.m3u8", "status.json"]).await;
        let events = [&first, &second];
        video.handle(&order.map(|number| events[number])).await;
        assert_eq!(video.names(ORIGINALS).await, new, "{order:?}");
        let begun = video.begun();
        assert!(begun > 0, "{order:?}");
        video.handle(&[&second, &tagged(), &second]).await;
        assert_eq!((video.names(ORIGINALS).await, video.begun()), (new, begun), "{order:?}");
    }
}

#[tokio::test]
async fn a_process_that_is_killed_while_it_removes_renditions_is_repeated() {
    let video = Video::new().await;
    let (mut polls, mut has_ended) = (1, false);
    while !has_ended {
        video.render(&FILES).await;
        let (begun, removed) = (video.begun(), removed());
        let handled = LimitedPolls::new(video.upkeep.handle(&removed), polls);
        has_ended = wait::within("the handler", handled).await;
        video.handle(&[&removed]).await;
        assert_eq!(video.left().await, nothing(), "killed after {polls} polls");
        assert!(video.begun() > begun, "killed after {polls} polls: the CDN keeps its copies");
        polls += 1;
    }
    assert!(polls > 5, "{polls}");
}
