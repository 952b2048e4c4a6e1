//! A network in memory between the services and the simulated AWS. It records each call, and lets a chosen one fail.
//!
//! Time is tokio's paused time: a time limit of minutes passes at once when nothing else happens.

use std::collections::{HashMap, HashSet};
use std::future::pending;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use http::{HeaderValue, Request};
use tokio::sync::watch;
use tower::ServiceExt as _;

use super::answer::{Answer, End, Reset};
use super::kind::{Call, Kind};
use super::process::{Instance, Process};
use super::request::{Write, as_received, describe, state_write};
use super::schedule::Delays;

/// The time after which a late request has its effect. It is longer than every time limit of one attempt but that of a
/// completed upload in parts.
const LATE: Duration = Duration::from_secs(35);

/// The header that asks the simulated `MediaConvert` for an answer from before the last write.
pub(crate) const STALE: &str = "x-stale";

/// The call that fails, and how.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) call: Call,
    pub(crate) kind: Kind,
}

#[derive(Clone)]
pub(crate) struct Wire {
    state: Arc<Mutex<State>>,
    deaths: Arc<watch::Sender<u32>>,
    /// Held while AWS answers, so that calls at the same time have a certain order.
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct State {
    hosts: HashMap<&'static str, Host>,
    dead: HashSet<Instance>,
    is_recording: bool,
    /// The number of the current step of the flow. The same request in a later step is another call.
    step: u64,
    calls: Vec<Call>,
    seen: HashMap<u64, usize>,
    fault: Option<Fault>,
    /// The failing call, and the attempts of it so far.
    failing: Option<(u64, usize)>,
    writes: Vec<Write>,
    /// The bodies of originals that the CDN has read.
    served: Vec<Bytes>,
    delays: Option<Delays>,
    requests: u64,
}

/// The fault of an attempt with the number of earlier ones, and the attempt's delay.
type Begun = (Option<(Kind, usize)>, Option<Duration>);

#[derive(Clone)]
struct Host {
    router: Router,
    /// The process that answers; `None` for AWS.
    instance: Option<Instance>,
}

impl Wire {
    pub(crate) fn new() -> Self {
        Self { state: Arc::default(), deaths: Arc::new(watch::Sender::new(0)), turn: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Lets a router answer the requests for a host. `instance` is the process behind it, if it is none of AWS.
    pub(crate) fn serve(&self, host: &'static str, router: Router, instance: Option<Instance>) {
        self.state().hosts.insert(host, Host { router, instance });
    }

    /// Starts a recording. `fault` lets one of its calls fail.
    pub(crate) fn record(&self, fault: Option<Fault>) {
        let mut state = self.state();
        (state.is_recording, state.fault, state.failing) = (true, fault, None);
        state.calls.clear();
        state.seen.clear();
    }

    /// Ends the recording. Returns the calls, and whether the failing one was among them.
    pub(crate) fn recorded(&self) -> (Vec<Call>, bool) {
        let mut state = self.state();
        state.is_recording = false;
        (std::mem::take(&mut state.calls), state.failing.is_some())
    }

    /// Delays every later call as a scheduler decides.
    pub(crate) fn schedule(&self, delays: Option<Delays>) {
        self.state().delays = delays;
    }

    /// The writes of objects' states since the last call of this function.
    pub(crate) fn take_writes(&self) -> Vec<Write> {
        std::mem::take(&mut self.state().writes)
    }

    /// The originals that the CDN has read since the last call of this function.
    pub(crate) fn take_served(&self) -> Vec<Bytes> {
        std::mem::take(&mut self.state().served)
    }

    /// The number of requests so far.
    pub(crate) fn requests(&self) -> u64 {
        self.state().requests
    }

    pub(crate) fn next_step(&self) {
        self.state().step += 1;
    }

    /// The fault of a delivery by a rule of the event bus.
    pub(crate) fn deliver(&self, rule: &str, message: u64) -> Option<Kind> {
        let mut hasher = DefaultHasher::new();
        (rule, message).hash(&mut hasher);
        let call = Call {
            from: Process::Queue,
            operation: rule.to_owned(),
            occurrence: 0,
            is_write: true,
            has_body: false,
        };
        // A message fails once; its later deliveries are the same call.
        self.state().note(hasher.finish(), call).filter(|(_, attempt)| *attempt == 0).map(|(kind, _)| kind)
    }

    /// Sends a request, and applies the fault that was chosen for it.
    pub(crate) async fn send(&self, from: Instance, request: Request<Bytes>) -> Result<Answer, Reset> {
        let Some((fault, delay)) = self.state().begin(from, &request) else { return pending().await };
        if let Some(delay) = delay {
            tokio::time::sleep(delay).await;
        }
        let Some((kind, attempt)) = fault else { return self.act(from, request).await };
        match (kind, attempt) {
            (Kind::Refused, _) => Ok(Answer::failure()),
            (Kind::Lost, _) => {
                let _ = self.act(from, request).await;
                Ok(Answer::failure())
            }
            (Kind::LostOnce, 0) => {
                let _ = self.act(from, request).await;
                pending().await
            }
            (Kind::Silent, _) => pending().await,
            (Kind::Cut, _) => Ok(Answer { end: End::Cut, ..self.act(from, request).await? }),
            (Kind::Slow, _) => Ok(Answer { end: End::Slow, ..self.act(from, request).await? }),
            (Kind::Twice, _) => {
                let first = self.act(from, request.clone()).await;
                let _ = self.act(from, request).await;
                first
            }
            (Kind::Late, 0) => {
                let wire = self.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(LATE).await;
                    let _ = wire.act(from, request).await;
                });
                pending().await
            }
            (Kind::CrashBefore, _) => self.crash(from).await,
            (Kind::CrashAfter, _) => {
                let _ = self.act(from, request).await;
                self.crash(from).await
            }
            (Kind::Stale, _) => {
                let mut request = request;
                request.headers_mut().insert(STALE, HeaderValue::from_static("yes"));
                self.act(from, request).await
            }
            (Kind::LostOnce | Kind::Late, _) => self.act(from, request).await,
        }
    }

    /// Runs a process until it ends. `None` if it crashes.
    pub(crate) async fn run<T>(&self, instance: Instance, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.death_of(instance) => None,
            done = work => Some(done),
        }
    }

    /// Ends a process: it does nothing any more.
    pub(crate) fn kill(&self, instance: Instance) {
        self.state().dead.insert(instance);
        self.deaths.send_modify(|number| *number += 1);
    }

    async fn crash<T>(&self, instance: Instance) -> T {
        self.kill(instance);
        pending().await
    }

    async fn death_of(&self, instance: Instance) {
        let mut deaths = self.deaths.subscribe();
        let is_dead = |_: &u32| self.state().dead.contains(&instance);
        if deaths.wait_for(is_dead).await.is_err() {
            pending::<()>().await;
        }
    }

    /// Lets a request have its effect.
    async fn act(&self, from: Instance, request: Request<Bytes>) -> Result<Answer, Reset> {
        if self.state().dead.contains(&from) {
            return pending().await;
        }
        let name = request.uri().host().unwrap_or_default().to_owned();
        let host = self.state().hosts.get(name.as_str()).cloned();
        let Some(Host { router, instance }) = host else { panic!("{from:?} asks an unknown host: {name}") };
        let write = state_write(&request);
        let is_served =
            from.process == Process::Cdn && request.uri().path().starts_with("/tintype-originals/");
        let answering = async {
            let response = router.oneshot(as_received(request)).await.unwrap_or_else(|never| match never {});
            let (parts, body) = response.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await;
            body.map(|body| Answer { parts, body, end: End::Whole }).map_err(|_| Reset)
        };
        let answer = match instance {
            None => {
                let _turn = self.turn.lock().await;
                answering.await?
            }
            Some(instance) => self.run(instance, answering).await.unwrap_or(Err(Reset))?,
        };
        if let Some(write) = write.filter(|_| answer.parts.status.is_success()) {
            self.state().writes.push(write);
        }
        if is_served && answer.parts.status.is_success() {
            self.state().served.push(answer.body.clone());
        }
        Ok(answer)
    }
}

impl State {
    /// Counts a request. Returns its fault and its delay; `None` if its process is dead.
    fn begin(&mut self, from: Instance, request: &Request<Bytes>) -> Option<Begun> {
        if from.process == Process::Observer {
            return Some((None, None));
        }
        if self.dead.contains(&from) {
            return None;
        }
        self.requests += 1;
        let (call, id) = describe(from, request, self.step);
        let delay = self.delays.as_mut().map(|delays| delays.next(from.process, &call.operation));
        Some((self.note(id, call), delay))
    }

    /// Records an attempt of a call. Returns its fault and the number of earlier attempts.
    fn note(&mut self, id: u64, mut call: Call) -> Option<(Kind, usize)> {
        if !self.is_recording {
            return None;
        }
        if !self.seen.contains_key(&id) {
            let is_same = |other: &&Call| other.from == call.from && other.operation == call.operation;
            call.occurrence = self.calls.iter().filter(is_same).count();
            let is_failing = self.fault.as_ref().is_some_and(|fault| fault.call.is(&call));
            if is_failing && self.failing.is_none() {
                self.failing = Some((id, 0));
            }
            self.seen.insert(id, self.calls.len());
            self.calls.push(call);
        }
        let kind = self.fault.as_ref()?.kind;
        let (failing, attempts) = self.failing.as_mut()?;
        (*failing == id).then(|| {
            *attempts += 1;
            (kind, *attempts - 1)
        })
    }
}

impl Call {
    fn is(&self, other: &Self) -> bool {
        (self.from, &self.operation, self.occurrence) == (other.from, &other.operation, other.occurrence)
    }
}
