//! What holds after every run, whatever failed.

use std::collections::HashMap;

use aws_sdk_s3::error::ProvideErrorMetadata as _;
use serde_json::Value;
use tintype::local::names::{ORIGINALS, VARIANTS};

use super::facts::Facts;
use super::flows::QUERY;
use super::request::Write;
use super::world::World;
use crate::support::pictures::{decode, is_near};

/// The state of a file in the buckets.
struct Stored {
    body: Vec<u8>,
    etag: String,
    state: String,
}

/// Checks everything that is promised about a file. Returns the broken promises.
pub(crate) async fn broken(world: &World, facts: &Facts) -> Vec<String> {
    let mut broken = Vec::new();
    for message in std::mem::take(&mut world.queues.borrow_mut().dead_letters) {
        broken.push(format!("a message of the rule {} is in the dead letters", message.rule));
    }
    let writes = world.wire.take_writes();
    if facts.is_bad && world.wire.take_served().iter().any(|body| facts.contents.contains(body)) {
        broken.push("a file that must be refused was served".to_owned());
    }
    let Some(key) = &facts.key else { return broken };
    let stored = stored(world, key).await;
    broken.extend(broken_upload(facts, stored.as_ref()));
    broken.extend(broken_states(key, &writes));
    broken.extend(broken_serving(world, facts, key, stored.as_ref()).await);
    broken.extend(broken_variants(world, facts, key, stored.as_ref()).await);
    broken.extend(left_behind(world, facts, key, stored.as_ref()).await);
    if facts.is_video && stored.is_some() {
        broken.extend(broken_video(world, key, facts).await);
    }
    if facts.is_told && stored.is_some() {
        let told = world.hook.messages_about(facts.id().unwrap()).len();
        let expected = if facts.is_video { 2 } else { 1 };
        if told != expected {
            broken.push(format!("the webhook has {told} messages instead of {expected}"));
        }
    }
    broken
}

async fn stored(world: &World, key: &str) -> Option<Stored> {
    let s3 = world.s3();
    let object = match s3.get_object().bucket(ORIGINALS).key(key).send().await {
        Ok(object) => object,
        Err(error) if error.code() == Some("NoSuchKey") => return None,
        Err(error) => panic!("{error:?}"),
    };
    let etag = object.e_tag().unwrap().trim_matches('"').to_owned();
    let body = object.body.collect().await.unwrap().to_vec();
    let tags = s3.get_object_tagging().bucket(ORIGINALS).key(key).send().await.unwrap();
    let state = tags.tag_set().iter().find(|tag| tag.key() == "state");
    Some(Stored { body, etag, state: state.map_or_else(String::new, |tag| tag.value().to_owned()) })
}

/// No upload is lost, and each one is checked.
fn broken_upload(facts: &Facts, stored: Option<&Stored>) -> Option<String> {
    let newest = facts.contents.last();
    match stored {
        None if facts.is_acknowledged && !facts.is_deleted && !facts.is_canceled => {
            Some("an acknowledged upload is lost".to_owned())
        }
        None => None,
        Some(stored) if !facts.contents.iter().any(|content| content[..] == stored.body) => {
            Some("the file has a content that nobody sent".to_owned())
        }
        Some(stored) if facts.is_acknowledged && newest.is_some_and(|content| content[..] != stored.body) => {
            Some("an acknowledged upload is overwritten".to_owned())
        }
        Some(stored) => {
            let is_refused = facts.is_bad || facts.is_withdrawn;
            let expected = if is_refused { "refused" } else { "clean" };
            let is_open = facts.is_withdrawn && !facts.is_acknowledged;
            (!is_open && stored.state != expected)
                .then(|| format!("the file is {} instead of {expected}", stored.state))
        }
    }
}

/// States only go forward.
fn broken_states(key: &str, writes: &[Write]) -> Vec<String> {
    let mut broken = Vec::new();
    let id = key.split('/').nth(1).unwrap();
    let mut reached: HashMap<&str, (u8, u64)> = HashMap::new();
    for Write { target, content } in writes.iter().filter(|write| write.target.contains(id)) {
        let text = String::from_utf8_lossy(content);
        let rank = if target.ends_with("status.json") {
            let status: Value = serde_json::from_str(&text).unwrap();
            let state = status["state"].as_str().unwrap();
            let order = ["queued", "probing", "transcoding", "ready", "failed"];
            let state = order.iter().position(|name| *name == state).unwrap() as u8;
            (state, status["percent"].as_u64().unwrap())
        } else {
            (u8::from(!text.contains("<Value>pending</Value>")), 0)
        };
        if let Some(earlier) = reached.insert(target, rank)
            && earlier > rank
        {
            broken.push(format!("the state of {target} goes back from {earlier:?} to {rank:?}"));
        }
    }
    broken
}

/// Nothing unchecked is served, and everything that is clean is.
async fn broken_serving(world: &World, facts: &Facts, key: &str, stored: Option<&Stored>) -> Vec<String> {
    let mut broken = Vec::new();
    if key.starts_with("private/") {
        let open = world.view_elsewhere(&format!("/{key}")).await;
        if open.status == 200 {
            broken.push("a private file is served without a link".to_owned());
        }
        if let Some(link) = &facts.link {
            let got = world.view_elsewhere(link).await;
            if got.status != 200 {
                broken.push(format!("the link gets {}", got.status));
            }
        }
        return broken;
    }
    let got = world.view_elsewhere(&format!("/{key}")).await;
    let is_served = got.status == 200;
    match stored {
        Some(stored) if stored.state == "clean" => {
            if got.body != stored.body {
                broken.push(format!("the CDN doesn't serve the file: {}", got.status));
            }
        }
        Some(_) | None if is_served => broken.push("an unchecked or missing file is served".to_owned()),
        Some(_) | None => {}
    }
    if facts.is_bad && is_served {
        broken.push("a file that must be refused is served".to_owned());
    }
    broken
}

/// No variant outlives its original: neither in the bucket nor at the edge.
async fn broken_variants(world: &World, facts: &Facts, key: &str, stored: Option<&Stored>) -> Vec<String> {
    let mut broken = Vec::new();
    let s3 = world.s3();
    let stored = stored.filter(|stored| stored.state == "clean");
    let mut count = 0;
    for name in keys_below(world, VARIANTS, &format!("{key}/")).await {
        let head = s3.head_object().bucket(VARIANTS).key(&name).send().await.unwrap();
        let of = head.metadata().and_then(|metadata| metadata.get("original-etag")).cloned();
        if of.as_deref() != stored.map(|stored| stored.etag.as_str()) {
            broken.push(format!("the variant {name} outlives its original"));
        }
        count += 1;
    }
    for bucket in [ORIGINALS, VARIANTS] {
        if !keys_below(world, bucket, "outdated/").await.is_empty() {
            broken.push("the mark of an outdated variant stays".to_owned());
        }
    }
    if facts.is_prewarmed && stored.is_some() && count == 0 {
        broken.push("the preset isn't rendered in advance".to_owned());
    }
    if facts.is_video || facts.is_bad || key.starts_with("private/") {
        return broken;
    }
    for (edge, is_new) in [(world.edge(), false), (world.other_edge(), true)] {
        let got = world.viewed(edge, http::Method::GET, &format!("/{key}{QUERY}")).await;
        match stored {
            Some(stored) if got.status == 200 => {
                let (seen, expected) = (decode(&got.body), decode(&stored.body));
                let expected = expected.get_pixel(9, 9).0;
                if !is_near(*seen.get_pixel(9, 9), image::Rgb([expected[0], expected[1], expected[2]])) {
                    broken.push("the variant shows an earlier picture".to_owned());
                }
            }
            Some(_) if is_new => broken.push(format!("the variant gets {}", got.status)),
            None if got.status == 200 => broken.push("a variant of a missing file is served".to_owned()),
            // The first edge may repeat a failure for some seconds of real time.
            Some(_) | None => {}
        }
    }
    broken
}

/// Nothing is left behind that no lifecycle rule removes.
async fn left_behind(world: &World, facts: &Facts, key: &str, stored: Option<&Stored>) -> Vec<String> {
    let mut broken = Vec::new();
    let id = facts.id().unwrap();
    for area in ["files", "private"] {
        for name in keys_below(world, ORIGINALS, &format!("{area}/{id}/")).await {
            if name != key {
                broken.push(format!("the object {name} is left behind"));
            }
        }
    }
    let mut records = Vec::new();
    for bucket in [ORIGINALS, VARIANTS] {
        records.extend(keys_below(world, bucket, &format!("versions/{key}")).await);
        records.extend(keys_below(world, bucket, &format!("versions/{}", facts.outputs())).await);
    }
    if stored.is_none() && !records.is_empty() {
        broken.push("the record of a removed file's version is left behind".to_owned());
    }
    if stored.is_none() && !keys_below(world, ORIGINALS, &facts.outputs()).await.is_empty() {
        broken.push("outputs of a missing video are left behind".to_owned());
    }
    broken
}

/// A video has one job, and it becomes ready.
async fn broken_video(world: &World, key: &str, facts: &Facts) -> Vec<String> {
    let mut broken = Vec::new();
    let jobs = world.media.jobs_of(key);
    if jobs != 1 {
        broken.push(format!("the video has {jobs} jobs"));
    }
    let status = format!("{}status.json", facts.outputs());
    match world.s3().get_object().bucket(ORIGINALS).key(&status).send().await {
        Err(_) => broken.push("the video has no status".to_owned()),
        Ok(status) => {
            let status: Value =
                serde_json::from_slice(&status.body.collect().await.unwrap().to_vec()).unwrap();
            if status["state"] != "ready" {
                broken.push(format!("the video is {}", status["state"]));
            }
            let file = status["playback"][if facts.is_sound { "audio" } else { "poster" }].as_str();
            match file {
                Some(path) if key.starts_with("private/") => {
                    if world.view_elsewhere(path).await.status == 200 {
                        broken.push(format!("{path} is served without a pass"));
                    }
                }
                Some(path) => {
                    if world.view_elsewhere(path).await.status != 200 {
                        broken.push(format!("{path} isn't served"));
                    }
                }
                None => broken.push(format!("the status doesn't name its files: {status}")),
            }
        }
    }
    broken
}

async fn keys_below(world: &World, bucket: &str, prefix: &str) -> Vec<String> {
    let listed = world.s3().list_objects_v2().bucket(bucket).prefix(prefix).send().await.unwrap();
    listed.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
}
