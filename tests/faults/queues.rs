//! The queues of the deployment: events become messages by the deployment's rules, and a message that fails is delivered again
//! or ends in the dead letters.

use std::collections::VecDeque;
use std::pin::pin;
use std::time::Duration;

use cdn_config::event_rules::{EVENT_RULES, EventHandler};
use cdn_config::events::EventResources;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use local_events::outbox::Outbox as _;
use local_events::pattern::Pattern;
use local_media_convert::default_queue_arn;
use local_s3::ACCOUNT;
use serde_json::{Value, json};
use tintype::local::names::{ORIGINALS, REGION};
use tokio::time::Instant;

use super::kind::Kind;
use super::process::{Instance, Process};
use super::world::World;

/// The delay of a late delivery.
const LATE: Duration = Duration::from_mins(20);

/// The pause between two looks for new events while flows run.
const TICK: Duration = Duration::from_millis(20);

/// A message of SQS.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    number: u64,
    pub(crate) rule: &'static str,
    handler: EventHandler,
    pub(crate) event: Value,
    receives: u32,
    due: Instant,
}

#[derive(Default)]
pub(crate) struct Queues {
    /// The number of the last event that was routed.
    last_event: u64,
    last_message: u64,
    waiting: VecDeque<Message>,
    pub(crate) dead_letters: Vec<Message>,
    pub(crate) handled: u64,
}

/// The time limit of a function and the maximum number of deliveries, as deployed.
const fn limits(handler: EventHandler) -> (Duration, u32) {
    match handler {
        EventHandler::Library | EventHandler::Upkeep | EventHandler::Finalizer => (Duration::from_mins(2), 5),
        EventHandler::Trigger => (Duration::from_secs(150), 5),
        EventHandler::Webhook => (Duration::from_secs(40), 8),
    }
}

/// The deployed queue.
const fn queue(handler: EventHandler) -> &'static str {
    match handler {
        EventHandler::Library => "LibraryChangesQueue",
        EventHandler::Upkeep => "DeliveryUpkeepChangesQueue",
        EventHandler::Finalizer => "UploadArrivalsQueue",
        EventHandler::Trigger => "VideoEventsQueue",
        EventHandler::Webhook => "WebhookMessagesQueue",
    }
}

const fn process(handler: EventHandler) -> Process {
    match handler {
        EventHandler::Library => Process::Keeper,
        EventHandler::Upkeep => Process::Upkeep,
        EventHandler::Finalizer => Process::Finalizer,
        EventHandler::Trigger => Process::Trigger,
        EventHandler::Webhook => Process::Webhook,
    }
}

impl World {
    /// Routes new events, and returns the next message if one is due at any time.
    pub(crate) async fn next_message(&self) -> Option<Message> {
        self.route().await;
        let mut queues = self.queues.borrow_mut();
        let next = queues.waiting.iter().enumerate().min_by_key(|(_, message)| (message.due, message.number));
        let place = next.map(|(place, _)| place)?;
        queues.waiting.remove(place)
    }

    /// Delivers messages until none is left.
    pub(crate) async fn deliver_all(&self) {
        while let Some(message) = self.next_message().await {
            tokio::time::sleep_until(message.due).await;
            self.deliver(message).await;
        }
    }

    /// Delivers messages as soon as they are due, at once, until `work` has ended and none is left. `copies` are the deliveries
    /// of each message.
    pub(crate) async fn deliver_at_once(&self, copies: usize, work: impl Future<Output = ()>) {
        let mut running = FuturesUnordered::new();
        let (mut work, mut is_working) = (pin!(work), true);
        loop {
            self.route().await;
            let due = self.take_due();
            running.extend(due.into_iter().flat_map(|message| {
                std::iter::repeat_n(message, copies).map(|message| Box::pin(self.deliver(message)))
            }));
            let next = self.queues.borrow().waiting.iter().map(|message| message.due).min();
            if !is_working && running.is_empty() && next.is_none() {
                return;
            }
            let is_idle = !is_working && running.is_empty();
            let tick = Instant::now() + TICK;
            let wake = if is_idle { next.unwrap_or(tick) } else { tick };
            tokio::select! {
                biased;
                () = &mut work, if is_working => is_working = false,
                Some(_) = running.next() => {}
                () = tokio::time::sleep_until(wake) => {}
            }
        }
    }

    fn take_due(&self) -> VecDeque<Message> {
        let mut queues = self.queues.borrow_mut();
        let (due, waiting) = queues.waiting.drain(..).partition(|message| message.due <= Instant::now());
        queues.waiting = waiting;
        due
    }

    /// Delivers messages until a process crashes. The message that it handled is delivered again later.
    pub(crate) async fn deliver_until_crash(&self) {
        while let Some(message) = self.next_message().await {
            tokio::time::sleep_until(message.due).await;
            if !self.deliver(message).await {
                return;
            }
        }
    }

    /// Turns events into messages.
    async fn route(&self) {
        let last = self.queues.borrow().last_event;
        let events = self.store.events_after(last, 10_000).await.unwrap();
        let mut queues = self.queues.borrow_mut();
        for pending in events {
            queues.last_event = pending.sequence;
            for rule in EVENT_RULES {
                if rule.handler == EventHandler::Library && !self.has_library {
                    continue;
                }
                let pattern = rule.events.pattern(EventResources {
                    originals: &json!(ORIGINALS),
                    originals_arn: &json!(format!("arn:aws:s3:::{ORIGINALS}")),
                    job_queue: &json!(default_queue_arn(REGION)),
                });
                if !Pattern::new(&pattern).unwrap().matches(&pending.event) {
                    continue;
                }
                queues.last_message += 1;
                let mut message = Message {
                    number: queues.last_message,
                    rule: rule.name,
                    handler: rule.handler,
                    event: pending.event.clone(),
                    receives: 0,
                    due: Instant::now() + Duration::from_secs(rule.delay_seconds.into()),
                };
                match self.wire.deliver(rule.name, message.number) {
                    Some(Kind::Twice) => queues.waiting.push_back(message.clone()),
                    Some(Kind::Late) => message.due += LATE,
                    Some(_) | None => {}
                }
                queues.waiting.push_back(message);
            }
        }
    }

    /// Delivers a message. `false` if the process that handled it crashed.
    pub(crate) async fn deliver(&self, mut message: Message) -> bool {
        self.wire.next_step();
        message.receives += 1;
        let (limit, max_receives) = limits(message.handler);
        let batch = json!({ "Records": [{
            "eventSource": "aws:sqs", "messageId": message.number.to_string(), "body": message.event.to_string(),
            "eventSourceARN": format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{}", queue(message.handler)),
            "receiptHandle": format!("handle {}", message.number),
            "attributes": { "ApproximateReceiveCount": message.receives.to_string() },
        }] });
        let (instance, handling) = self.handling(message.handler, &batch);
        let handled = self.wire.run(instance, tokio::time::timeout(limit, handling)).await;
        // Lambda ends a process that takes too long.
        let is_alive = matches!(handled, Some(Ok(_)));
        if !is_alive {
            self.wire.kill(instance);
            self.restart(process(message.handler));
        }
        if matches!(handled, Some(Ok(true))) {
            self.queues.borrow_mut().handled += 1;
        } else if message.receives >= max_receives {
            self.queues.borrow_mut().dead_letters.push(message);
        } else {
            message.due = Instant::now() + 6 * limit;
            self.queues.borrow_mut().waiting.push_back(message);
        }
        is_alive
    }

    /// The handling of a batch by a function: its process, and a future of whether it was handled.
    fn handling<'a>(
        &self,
        handler: EventHandler,
        batch: &'a Value,
    ) -> (Instance, std::pin::Pin<Box<dyn Future<Output = bool> + 'a>>) {
        let services = self.services.borrow();
        match handler {
            EventHandler::Library => {
                let (instance, keeper) = services.keeper.clone();
                (
                    instance,
                    Box::pin(async move { keeper.handle(batch).await.is_ok_and(|done| is_empty(&done)) }),
                )
            }
            EventHandler::Upkeep => {
                let (instance, upkeep) = services.upkeep.clone();
                (
                    instance,
                    Box::pin(async move { upkeep.handle(batch).await.is_ok_and(|done| is_empty(&done)) }),
                )
            }
            EventHandler::Finalizer => {
                let (instance, finalizer) = services.finalizer.clone();
                (
                    instance,
                    Box::pin(async move { finalizer.handle(batch).await.is_ok_and(|done| is_empty(&done)) }),
                )
            }
            EventHandler::Trigger => {
                let (instance, trigger) = services.trigger.clone();
                (
                    instance,
                    Box::pin(async move { trigger.handle(batch).await.is_ok_and(|done| is_empty(&done)) }),
                )
            }
            EventHandler::Webhook => {
                let (instance, notifier, redelivery) = services.webhook.clone();
                let handling = async move {
                    let Ok(response) = notifier.handle(batch).await else { return false };
                    redelivery.postpone(batch, &response).await;
                    is_empty(&response)
                };
                (instance, Box::pin(handling))
            }
        }
    }
}

fn is_empty(response: &service::notification::BatchResponse) -> bool {
    response.batch_item_failures.is_empty()
}
