use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::*;
use crate::pattern::Pattern;
use crate::rule::{Handler, HandlerError};

/// An outbox in memory.
#[derive(Clone, Default)]
struct Memory {
    events: Arc<Mutex<Vec<PendingEvent>>>,
    added: Arc<Notify>,
}

impl Memory {
    fn add(&self, event: Value) {
        let mut events = self.events.lock().unwrap();
        let sequence = events.last().map_or(1, |last| last.sequence + 1);
        events.push(PendingEvent { sequence, event, passed: None });
        self.added.notify_one();
    }

    /// Waits until all events are delivered.
    async fn emptied(&self) {
        while !self.events.lock().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Outbox for Memory {
    type Error = Infallible;

    async fn events_after(&self, sequence: u64, limit: usize) -> Result<Vec<PendingEvent>, Infallible> {
        let events = self.events.lock().unwrap();
        Ok(events.iter().filter(|event| event.sequence > sequence).take(limit).cloned().collect())
    }

    async fn event_arrived(&self) {
        self.added.notified().await;
    }

    async fn publish(&self, events: Vec<Value>) -> Result<(), Infallible> {
        for event in events {
            self.add(event);
        }
        Ok(())
    }

    async fn record_passed(&self, sequence: u64, delay: Duration) -> Result<(), Infallible> {
        let mut events = self.events.lock().unwrap();
        events.iter_mut().find(|event| event.sequence == sequence).unwrap().passed = Some(delay);
        Ok(())
    }

    async fn acknowledge(&self, sequence: u64) -> Result<(), Infallible> {
        self.events.lock().unwrap().retain(|event| event.sequence != sequence);
        Ok(())
    }
}

/// Writes each delivery into a log as `rule event`. Returns the results in its script one after another, and then `Ok`.
struct ScriptedHandler {
    name: &'static str,
    log: Arc<Mutex<Vec<String>>>,
    script: Mutex<Vec<Result<(), bool>>>,
}

#[async_trait::async_trait]
impl Handler for ScriptedHandler {
    async fn handle(&self, event: &Value) -> Result<(), HandlerError> {
        self.log.lock().unwrap().push(format!("{} {}", self.name, event["source"].as_str().unwrap()));
        let mut script = self.script.lock().unwrap();
        let result = if script.is_empty() { Ok(()) } else { script.remove(0) };
        result.map_err(|is_retryable| HandlerError { cause: "no".into(), is_retryable })
    }
}

/// The name of a rule, the source of its events, its delay in seconds, and the results of its handler.
type Case<'a> = (&'static str, &'a str, u64, &'a [Result<(), bool>]);

/// Delivers events of these sources until the outbox is empty. Returns the log of
/// deliveries and the time that they took.
async fn run(sources: &[&str], rules: &[Case<'_>]) -> (Vec<String>, Duration) {
    let (outbox, log) = (Memory::default(), Arc::default());
    for source in sources {
        outbox.add(json!({ "source": source }));
    }
    let start = Instant::now();
    let bus = Bus::start(&outbox, scripted_all(rules, &log));
    outbox.emptied().await;
    let took = start.elapsed();
    bus.stop().await;
    let log = log.lock().unwrap().clone();
    (log, took)
}

/// A running delivery.
struct Bus {
    stop: watch::Sender<bool>,
    delivery: JoinHandle<()>,
}

impl Bus {
    fn start(outbox: &Memory, rules: Vec<Rule>) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self { stop, delivery: tokio::spawn(deliver(outbox.clone(), rules, stopped)) }
    }

    async fn stop(self) {
        self.stop.send(true).unwrap();
        self.delivery.await.unwrap();
    }
}

fn scripted_all(rules: &[Case<'_>], log: &Arc<Mutex<Vec<String>>>) -> Vec<Rule> {
    rules.iter().map(|case| scripted(case, log)).collect()
}

fn scripted((name, source, delay_seconds, script): &Case<'_>, log: &Arc<Mutex<Vec<String>>>) -> Rule {
    Rule {
        name: (*name).to_owned(),
        pattern: Pattern::new(&json!({ "source": [source] })).unwrap(),
        delay: Duration::from_secs(*delay_seconds),
        concurrency: 4,
        handler: Box::new(ScriptedHandler {
            name,
            log: Arc::clone(log),
            script: Mutex::new(script.to_vec()),
        }),
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_reaches_all_matching_rules_in_order_and_no_other() {
    let (log, _) =
        run(&["a"], &[("first", "a", 0, &[]), ("other", "b", 0, &[]), ("second", "a", 0, &[])]).await;
    assert_eq!(log, ["first a", "second a"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_event_is_tried_again_after_growing_pauses_and_others_overtake_it() {
    let failures = [Err(true); 3];
    let (log, took) =
        run(&["a", "b"], &[("failing", "a", 0, &failures), ("second", "a", 0, &[]), ("other", "b", 0, &[])])
            .await;
    assert_eq!(log, ["failing a", "other b", "failing a", "failing a", "failing a", "second a"]);
    assert_eq!(took.as_millis() / 250, 1 + 2 + 4);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_can_never_be_handled_is_dropped_only_by_its_rule() {
    let (log, _) = run(&["a"], &[("first", "a", 0, &[Err(false)]), ("second", "a", 0, &[])]).await;
    assert_eq!(log, ["first a", "second a"]);
}

#[tokio::test(start_paused = true)]
async fn a_delayed_rule_gets_an_event_after_its_delay_and_after_the_other_rules() {
    let rules: [Case<'_>; 3] = [("delayed", "a", 60, &[]), ("first", "a", 0, &[]), ("second", "a", 0, &[])];
    let (log, took) = run(&["a"], &rules).await;
    assert_eq!(log, ["first a", "second a", "delayed a"]);
    assert_eq!(took.as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_only_the_rules_that_have_not_handled_an_event_get_it() {
    let rules: [Case<'_>; 3] =
        [("first", "a", 0, &[]), ("second", "a", 0, &[]), ("delayed", "a", 60, &[Err(true); 100])];
    let (outbox, log) = (Memory::default(), Arc::default());
    outbox.add(json!({ "source": "a" }));
    for seconds in [30, 90] {
        let bus = Bus::start(&outbox, scripted_all(&rules, &log));
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        bus.stop().await;
    }
    let delivered = log.lock().unwrap().clone();
    assert_eq!(delivered[..3], ["first a", "second a", "delayed a"]);
    assert!(delivered[3..].iter().all(|line| line == "delayed a"), "{delivered:?}");
}

/// Waits for a second with each event.
struct Slow;

#[async_trait::async_trait]
impl Handler for Slow {
    async fn handle(&self, _: &Value) -> Result<(), HandlerError> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_handles_as_many_events_at_once_as_its_rule_says() {
    for (concurrency, seconds) in [(1, 12), (4, 3), (12, 1)] {
        let outbox = Memory::default();
        for _ in 0..12 {
            outbox.add(json!({ "source": "a" }));
        }
        let rule = Rule {
            concurrency,
            handler: Box::new(Slow),
            ..scripted(&("slow", "a", 0, &[]), &Arc::default())
        };
        let start = Instant::now();
        let bus = Bus::start(&outbox, vec![rule]);
        outbox.emptied().await;
        assert_eq!(start.elapsed().as_secs(), seconds, "{concurrency} at once");
        bus.stop().await;
    }
}
