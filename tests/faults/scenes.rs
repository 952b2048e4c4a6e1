//! Flows that run at once, in an order that a seed decides. A seed that fails is printed, and `TINTYPE_SEED` runs it alone.

use std::time::Duration;

use aws_sdk_s3::primitives::ByteStream;
use cdn_config::policy::{Keep, Policy};
use futures::future::join_all;
use tintype::local::names::ORIGINALS;

use super::client::Client;
use super::facts::Shared;
use super::flows::{KEEPS, QUERY};
use super::invariants;
use super::kind::Call;
use super::schedule::Delays;
use super::steps::{key, picture, upload};
use super::world::World;
use crate::support::pictures::{BLUE, GREEN, RED};
use crate::transcode::probe_results::MP4;

/// The number of seeds of a scene, unless `TINTYPE_SEEDS` names another.
const SEEDS: u64 = 8;

/// A file that its type doesn't describe. It must never be served.
const BAD: &[u8] = b"<!doctype html><script>alert(1)</script>";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    /// Two clients replace a picture while viewers ask for its variants.
    TwoReplacements,
    /// A picture is deleted while its variants are made.
    DeletionDuringRendering,
    /// A picture is deleted, written again under its key and replaced, and viewers ask for its variants.
    Recreation,
    /// Each event of a video is delivered twice at the same time.
    EventsTwice,
    /// A video is deleted while its job runs and its events arrive twice.
    DeletionDuringTranscoding,
    /// A clean picture is replaced by a bad file while the finaliser checks it.
    BadReplacement,
}

/// Runs a scene for every seed. Panics with the seeds that break promises.
pub(crate) async fn every_seed(scene: Scene) {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seeds: Vec<u64> = match number("TINTYPE_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("TINTYPE_SEEDS").unwrap_or(SEEDS)).collect(),
    };
    let mut failures = Vec::new();
    for (seed, keep) in seeds.iter().flat_map(|seed| KEEPS.map(|keep| (seed, keep))) {
        let (calls, broken) = Box::pin(run(scene, keep, *seed)).await;
        assert!(!calls.is_empty(), "{scene:?} has no call");
        let failure = |promise| format!("TINTYPE_SEED={seed} {scene:?} {}: {promise}", keep.name());
        failures.extend(broken.into_iter().map(failure));
    }
    println!("{scene:?}: {} seeds", seeds.len());
    assert!(failures.is_empty(), "{} promises broken:\n{}", failures.len(), failures.join("\n"));
}

/// Runs a scene in the order of a seed. Returns its calls in their order, and the broken promises.
pub(crate) async fn run(scene: Scene, keep: Keep, seed: u64) -> (Vec<Call>, Vec<String>) {
    let world = World::new(Policy { keep, ..Policy::built_in() });
    let facts = Shared::default();
    let client = Client::new(&world);
    let is_video = matches!(scene, Scene::EventsTwice | Scene::DeletionDuringTranscoding);
    if is_video {
        facts.borrow_mut().is_video = true;
    } else {
        upload(&client, &facts, "cat.jpg", "image/jpeg", &picture(RED)).await.unwrap();
        if scene != Scene::BadReplacement {
            world.deliver_all().await;
        }
    }
    world.wire.record(None);
    world.wire.schedule(Some(Delays::new(seed)));
    let copies = if is_video { 2 } else { 1 };
    world.deliver_at_once(copies, Box::pin(play(scene, &world, &facts))).await;
    if is_video {
        world.media.finish(&world.transcoder()).await;
        let last = async {
            if scene == Scene::DeletionDuringTranscoding {
                remove(&world, &facts).await;
            }
        };
        world.deliver_at_once(copies, last).await;
    }
    world.wire.schedule(None);
    let (calls, _) = world.wire.recorded();
    let mut facts = facts.into_inner();
    let mut broken = Vec::new();
    if world.wire.take_served().iter().any(|body| **body == *BAD) {
        broken.push("a file that must be refused was served".to_owned());
    }
    // Of two clients that write at once, either may be the last.
    facts.is_acknowledged = false;
    broken.extend(Box::pin(invariants::broken(&world, &facts)).await);
    (calls, broken)
}

async fn play(scene: Scene, world: &World, facts: &Shared) {
    match scene {
        Scene::TwoReplacements => {
            let replacements = [BLUE, GREEN].map(|color| write(world, facts, picture(color)));
            tokio::join!(join_all(replacements), view(world, facts, 6));
        }
        Scene::DeletionDuringRendering => {
            tokio::join!(remove(world, facts), view(world, facts, 6));
        }
        Scene::Recreation => {
            let client = Client::new(world);
            let again = async {
                client.s3().delete_object().bucket(ORIGINALS).key(key(facts)).send().await.unwrap();
                write(world, facts, picture(GREEN)).await;
                tokio::time::sleep(Duration::from_secs(3)).await;
                view(world, facts, 2).await;
                write(world, facts, picture(BLUE)).await;
            };
            tokio::join!(again, view(world, facts, 6));
        }
        Scene::EventsTwice | Scene::DeletionDuringTranscoding => {
            upload(&Client::new(world), facts, "clip.mp4", "video/mp4", MP4).await.unwrap();
        }
        Scene::BadReplacement => {
            facts.borrow_mut().is_bad = true;
            tokio::join!(write(world, facts, BAD.to_vec()), view(world, facts, 6));
        }
    }
}

/// Deletes the file.
async fn remove(world: &World, facts: &Shared) {
    facts.borrow_mut().is_deleted = true;
    Client::new(world).s3().delete_object().bucket(ORIGINALS).key(key(facts)).send().await.unwrap();
}

/// Writes the file as a client with write access to the bucket does.
async fn write(world: &World, facts: &Shared, bytes: Vec<u8>) {
    facts.borrow_mut().contents.push(bytes.clone().into());
    let put =
        Client::new(world).s3().put_object().bucket(ORIGINALS).key(key(facts)).content_type("image/jpeg");
    put.tagging("state=pending").body(ByteStream::from(bytes)).send().await.unwrap();
}

/// Viewers who ask for the file and for a variant, one after another.
async fn view(world: &World, facts: &Shared, count: usize) {
    let viewers = (0..count).map(async |number| {
        tokio::time::sleep(Duration::from_millis(150 * number as u64)).await;
        let path = format!("/{}", key(facts));
        world.view(&format!("{path}{QUERY}")).await;
        world.view_elsewhere(&path).await;
    });
    join_all(viewers).await;
}
