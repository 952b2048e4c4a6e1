//! The calls that need a permission.

use std::collections::BTreeSet;
use std::time::Duration;

use cdn_config::policy::Keep;
use http::Method;
use jiff::Timestamp;
use local_policy::Call;
use serde_json::{Value, json};
use tintype::local::principals::Principals;
use upload_signer::callers::session::Session;

use super::client::Client;
use super::facts::Shared;
use super::flows::Flow;
use super::run::run_once;
use super::services::keys;
use super::steps::{picture, upload_privately};
use super::world::World;
use crate::support::pictures::RED;

/// Runs every flow once with a value of `delivery.keep`, and returns the calls that the roles of the deployment and its CDN have made. Their ids and hashes are
/// replaced by `id`, so that calls which differ only in them are one.
pub(crate) async fn calls_of_every_flow(keep: Keep) -> BTreeSet<Call> {
    let mut calls = BTreeSet::new();
    for flow in Flow::ALL.into_iter().filter(|flow| *flow != Flow::Prewarm || keep != Keep::Never) {
        let principals = Principals::new(keep, &keys()).unwrap();
        let (permissions, log) = principals.permissions.clone().logged();
        let mut world = World::with_principals(flow.policy(keep), Principals { permissions, ..principals });
        world.has_library = true;
        let (_, broken) = Box::pin(run_once(&world, flow, None)).await;
        assert_eq!(broken, Vec::<String>::new(), "{flow:?}");
        if flow == Flow::Form {
            Box::pin(use_library(&world)).await;
        }
        calls.extend(log.calls().into_iter().map(without_ids));
    }
    calls
}

/// Lists, changes and deletes files of an anonymous caller and of a session, as an administrator.
async fn use_library(world: &World) {
    let client = Client::new(world);
    let owner = Session::new("alice", Timestamp::now() + Duration::from_hours(1));
    let admin = Session { reads_all: true, writes_all: true, ..owner };
    let admin = format!("http://signer/u/{}", admin.to_token(&keys()));
    upload_privately(&client, &Shared::default(), "b.png", "image/png", &picture(RED)).await.unwrap();
    world.deliver_all().await;
    let send = async |method, url: &str, body: Value| {
        let headers = [("content-type", "application/json")];
        let (got, _) = client.send(method, url, &headers, body.to_string().into()).await.unwrap();
        assert!(got.status < 300, "{url}: {} {}", got.status, String::from_utf8_lossy(&got.body));
        got.body
    };
    send(Method::GET, "http://signer/library/files", Value::Null).await;
    let listed = send(Method::GET, &format!("{admin}/library/files"), Value::Null).await;
    let listed: Value = serde_json::from_slice(&listed).unwrap();
    let ids: Vec<&str> =
        listed["files"].as_array().unwrap().iter().map(|file| file["id"].as_str().unwrap()).collect();
    assert!(ids.len() >= 2, "{listed}");
    for id in ids {
        let url = format!("{admin}/library/files/{id}");
        send(Method::PATCH, &url, json!({ "alt": "A cat" })).await;
        send(Method::DELETE, &url, Value::Null).await;
    }
    world.deliver_all().await;
}

fn without_ids(call: Call) -> Call {
    let known = |segment: &str| {
        if segment.len() < 24 || segment.contains(':') { segment.to_owned() } else { "id".to_owned() }
    };
    let segments: Vec<String> = call.resource.split('/').map(known).collect();
    Call { resource: segments.join("/"), ..call }
}
