//! Faults, systematically: every flow runs once without a fault, while its calls to AWS are recorded, and then once for every
//! call and every kind of failure. After each run the promises hold.
//!
//! `wire` is the network in memory, which records each `request` of a `process` and lets it fail; `link` and `answer` connect the
//! services with it; `kind` are the failures; `world` is the deployment with its `services`, `queues`, `media` and `hook`; `client`
//! are its users; `flows` are the flows, of `steps` that note their `facts`; `invariants` are the promises; `run` combines them, and
//! `permissions` records the calls that need a permission.
//! `scenes` are flows that run at once, in the order of a `schedule` that a seed decides.
//!
//! By default each call meets a part of the failures. `TINTYPE_FAULTS=all ./test faults` runs all of them, `TINTYPE_FAULT=TEXT` those
//! with TEXT in their name, `TINTYPE_SEEDS=1000` more orders, and `TINTYPE_SEED=N` a single one.

mod answer;
mod client;
mod facts;
pub(crate) mod flows;
mod hook;
mod invariants;
mod kind;
mod link;
mod media;
pub(crate) mod permissions;
mod process;
mod queues;
mod request;
mod run;
mod scenes;
mod schedule;
mod services;
mod steps;
mod wire;
mod world;

use cdn_config::policy::Keep;
use flows::{Flow, KEEPS};
use run::{every_fault, run_once};
use scenes::{Scene, every_seed};
use world::World;

#[tokio::test(start_paused = true)]
async fn an_upload_by_form_survives_every_fault() {
    every_fault(Flow::Form).await;
}

#[tokio::test(start_paused = true)]
async fn an_upload_by_put_survives_every_fault() {
    every_fault(Flow::Put).await;
}

#[tokio::test(start_paused = true)]
async fn an_upload_in_parts_survives_every_fault() {
    every_fault(Flow::Parts).await;
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_upload_survives_every_fault() {
    every_fault(Flow::Canceled).await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_upload_survives_every_fault() {
    every_fault(Flow::Refused).await;
}

#[tokio::test(start_paused = true)]
async fn a_corrected_type_survives_every_fault() {
    every_fault(Flow::Retyped).await;
}

#[tokio::test(start_paused = true)]
async fn a_replacement_survives_every_fault() {
    every_fault(Flow::Replace).await;
}

#[tokio::test(start_paused = true)]
async fn a_deletion_survives_every_fault() {
    every_fault(Flow::Delete).await;
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_deleted_at_once_survives_every_fault() {
    every_fault(Flow::ShortLived).await;
}

#[tokio::test(start_paused = true)]
async fn a_variant_survives_every_fault() {
    every_fault(Flow::Variant).await;
}

#[tokio::test(start_paused = true)]
async fn a_variant_without_a_cdn_survives_every_fault() {
    every_fault(Flow::Server).await;
}

#[tokio::test(start_paused = true)]
async fn a_variant_in_advance_survives_every_fault() {
    every_fault(Flow::Prewarm).await;
}

#[tokio::test(start_paused = true)]
async fn a_video_survives_every_fault() {
    every_fault(Flow::Video).await;
}

#[tokio::test(start_paused = true)]
async fn a_video_that_was_taken_over_survives_every_fault() {
    every_fault(Flow::TakenOver).await;
}

#[tokio::test(start_paused = true)]
async fn the_deletion_of_a_video_survives_every_fault() {
    every_fault(Flow::VideoDeleted).await;
}

#[tokio::test(start_paused = true)]
async fn the_deletion_of_a_video_during_its_job_survives_every_fault() {
    every_fault(Flow::VideoDropped).await;
}

#[tokio::test(start_paused = true)]
async fn the_withdrawal_of_a_picture_survives_every_fault() {
    every_fault(Flow::Withdrawn).await;
}

#[tokio::test(start_paused = true)]
async fn a_withdrawal_takes_one_invalidation_and_the_refusal_of_an_upload_none() {
    for (flow, keep) in
        [Flow::Withdrawn, Flow::Refused].into_iter().flat_map(|flow| KEEPS.map(|keep| (flow, keep)))
    {
        let world = World::new(flow.policy(keep));
        let (calls, broken) = Box::pin(run_once(&world, flow, None)).await;
        assert_eq!(broken, Vec::<String>::new(), "{flow:?} {keep:?}");
        let invalidations =
            calls.iter().filter(|call| call.operation.starts_with("POST cloudfront/")).count();
        assert_eq!(invalidations, usize::from(flow == Flow::Withdrawn), "{flow:?} {keep:?}: {calls:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_signed_link_survives_every_fault() {
    every_fault(Flow::Link).await;
}

#[tokio::test(start_paused = true)]
async fn sound_alone_survives_every_fault() {
    every_fault(Flow::Sound).await;
}

#[tokio::test(start_paused = true)]
async fn a_private_video_and_its_pass_survive_every_fault() {
    every_fault(Flow::PrivateVideo).await;
}

#[tokio::test(start_paused = true)]
async fn the_deletion_of_a_private_video_survives_every_fault() {
    every_fault(Flow::PrivateVideoDeleted).await;
}

#[test]
fn every_flow_is_tested() {
    let tests = include_str!("faults.rs");
    for flow in Flow::ALL {
        assert!(tests.contains(&format!("every_fault(Flow::{flow:?})")), "{flow:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn two_replacements_at_once_leave_one_picture() {
    every_seed(Scene::TwoReplacements).await;
}

#[tokio::test(start_paused = true)]
async fn a_deletion_during_rendering_leaves_no_variant() {
    every_seed(Scene::DeletionDuringRendering).await;
}

#[tokio::test(start_paused = true)]
async fn a_picture_that_is_written_again_shows_its_newest_content() {
    every_seed(Scene::Recreation).await;
}

#[tokio::test(start_paused = true)]
async fn events_that_arrive_twice_at_once_make_one_job() {
    every_seed(Scene::EventsTwice).await;
}

#[tokio::test(start_paused = true)]
async fn a_video_that_is_deleted_while_it_is_transcoded_leaves_nothing() {
    every_seed(Scene::DeletionDuringTranscoding).await;
}

#[tokio::test(start_paused = true)]
async fn a_bad_file_that_replaces_a_good_one_during_its_check_is_never_served() {
    every_seed(Scene::BadReplacement).await;
}

#[tokio::test(start_paused = true)]
async fn a_seed_decides_the_order_of_all_calls() {
    let order = async |seed| Box::pin(scenes::run(Scene::TwoReplacements, Keep::Always, seed)).await.0;
    let first = order(1).await;
    assert_eq!(first, order(1).await);
    assert_ne!(first, order(2).await);
}
