//! The calls that need a permission.

use std::collections::BTreeSet;

use local_policy::Call;
use tintype::local::principals::Principals;

use super::flows::Flow;
use super::run::run_once;
use super::world::World;

/// Runs every flow once, and returns the calls that the roles of the deployment and its CDN have made. Their ids and hashes are
/// replaced by `id`, so that calls which differ only in them are one.
pub(crate) async fn calls_of_every_flow() -> BTreeSet<Call> {
    let mut calls = BTreeSet::new();
    for flow in Flow::ALL {
        let principals = Principals::new().unwrap();
        let (permissions, log) = principals.permissions.clone().logged();
        let world = World::with_principals(flow.policy(), Principals { permissions, ..principals });
        let (_, broken) = Box::pin(run_once(&world, flow, None)).await;
        assert_eq!(broken, Vec::<String>::new(), "{flow:?}");
        calls.extend(log.calls().into_iter().map(without_ids));
    }
    calls
}

fn without_ids(call: Call) -> Call {
    let known = |segment: &str| {
        if segment.len() < 24 || segment.contains(':') { segment.to_owned() } else { "id".to_owned() }
    };
    let segments: Vec<String> = call.resource.split('/').map(known).collect();
    Call { resource: segments.join("/"), ..call }
}
