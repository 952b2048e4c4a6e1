//! The run of a flow: once to record its calls, then once for every fault of every call.

use std::time::Duration;

use cdn_config::policy::Keep;

use super::facts::Shared;
use super::flows::Flow;
use super::invariants;
use super::kind::{Call, Kind};
use super::process::Process;
use super::wire::Fault;
use super::world::World;

/// The figures of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) calls: usize,
    pub(crate) faults: usize,
    pub(crate) requests: u64,
    pub(crate) exceptions: usize,
}

/// A fault whose consequence is known and can't be prevented.
struct Exception {
    flow: Flow,
    from: Process,
    /// The beginning of the operation.
    operation: &'static str,
    kinds: &'static [Kind],
    /// The beginning of the broken promise.
    promise: &'static str,
    reason: &'static str,
}

/// The exceptions. Each is also in docs/operations.md.
const EXCEPTIONS: [Exception; 1] = [Exception {
    flow: Flow::Retyped,
    from: Process::Finalizer,
    operation: "PUT s3/tintype-originals/files x-amz-copy-source",
    kinds: &[Kind::Late],
    promise: "the webhook has 2 messages",
    reason: "S3 has no condition that tells a copy from its repetition, so a copy that arrives late makes another version, and \
             the webhook is told of each version",
}];

/// The faults that have broken a promise once: flow, beginning of the operation, kind. They always run.
const FOUND: [(Flow, &str, Kind); 4] = [
    // The upkeep took a variant for stored that wasn't.
    (Flow::Prewarm, "HEAD s3/tintype-originals/files", Kind::Refused),
    (Flow::Prewarm, "PUT s3/tintype-variants/files", Kind::Refused),
    (Flow::Prewarm, "PUT s3/tintype-variants/files", Kind::Silent),
    // The event of the creation came after those of the deletion, and left the record of a version.
    (Flow::ShortLived, "Changed", Kind::Late),
];

/// Runs a flow for every fault, with each value of `delivery.keep` that matters to it. Panics with all broken promises.
pub(crate) async fn every_fault(flow: Flow) {
    for keep in flow.keeps() {
        Box::pin(every_fault_with(flow, *keep)).await;
    }
}

async fn every_fault_with(flow: Flow, keep: Keep) {
    let world = World::new(flow.policy(keep));
    let (calls, broken) = run_once(&world, flow, None).await;
    assert_eq!(broken, Vec::<String>::new(), "{flow:?} {keep:?} without a fault");
    assert!(!calls.is_empty(), "{flow:?} has no call");
    let only = std::env::var("TINTYPE_FAULT").ok();
    let is_all = only.is_some() || std::env::var("TINTYPE_FAULTS").is_ok_and(|part| part == "all");
    let mut figures = Figures { calls: calls.len(), ..Figures::default() };
    let mut failures = Vec::new();
    for (number, call) in calls.iter().enumerate() {
        for kind in Kind::ALL.into_iter().filter(|kind| kind.matters(call)) {
            if !is_all && !is_in_part(number, kind, call) && !was_found(flow, kind, call) {
                continue;
            }
            let fault = Fault { call: call.clone(), kind };
            let Call { from, operation, occurrence, .. } = call;
            let name = format!("{flow:?} {}: {from:?} {operation} #{occurrence}: {kind:?}", keep.name());
            if only.as_ref().is_some_and(|only| !name.contains(only)) {
                continue;
            }
            figures.faults += 1;
            let (_, broken) = run_once(&world, flow, Some(fault)).await;
            for promise in broken {
                if is_exception(flow, call, kind, &promise) {
                    figures.exceptions += 1;
                } else {
                    failures.push(format!("{name}: {promise}"));
                }
            }
        }
    }
    figures.requests = world.wire.requests();
    println!(
        "{flow:?} {}: {} calls, {} faults, {} requests, {} known exceptions",
        keep.name(),
        figures.calls,
        figures.faults,
        figures.requests,
        figures.exceptions
    );
    assert!(failures.is_empty(), "{} promises broken:\n{}", failures.len(), failures.join("\n"));
}

/// Runs a flow with a fault or without one. Returns its calls and the broken promises.
pub(crate) async fn run_once(world: &World, flow: Flow, fault: Option<Fault>) -> (Vec<Call>, Vec<String>) {
    // Nothing of an earlier run is remembered or in progress.
    tokio::time::sleep(Duration::from_hours(1)).await;
    let facts = Shared::default();
    Box::pin(flow.prepare(world, &facts)).await;
    let is_faulty = fault.is_some();
    world.wire.record(fault);
    Box::pin(flow.run(world, &facts)).await;
    let (calls, has_failed) = world.wire.recorded();
    let facts = facts.into_inner();
    let mut broken = Box::pin(invariants::broken(world, &facts)).await;
    if is_faulty && !has_failed {
        broken.push("the call isn't repeatable: it didn't happen".to_owned());
    }
    (calls, broken)
}

/// The part of the faults that runs by default: a crash after each write, and of each call one other kind, which changes from call
/// to call.
fn is_in_part(number: usize, kind: Kind, call: &Call) -> bool {
    if kind == Kind::CrashAfter {
        return true;
    }
    let others = Kind::ALL.into_iter().filter(|other| other.matters(call) && *other != Kind::CrashAfter);
    let others: Vec<Kind> = others.collect();
    others.get(number % others.len().max(1)) == Some(&kind)
}

fn was_found(flow: Flow, kind: Kind, call: &Call) -> bool {
    FOUND
        .iter()
        .any(|(of, operation, found)| *of == flow && *found == kind && call.operation.starts_with(operation))
}

fn is_exception(flow: Flow, call: &Call, kind: Kind, promise: &str) -> bool {
    EXCEPTIONS.iter().any(|exception| {
        debug_assert!(!exception.reason.is_empty());
        exception.flow == flow
            && exception.from == call.from
            && call.operation.starts_with(exception.operation)
            && exception.kinds.contains(&kind)
            && promise.starts_with(exception.promise)
    })
}
