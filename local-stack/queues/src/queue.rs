//! A queue.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

/// The properties of a queue.
#[derive(Clone, Debug)]
pub struct QueueConfig {
    /// The ARN.
    pub arn: String,
    /// The time between the arrival of a message and its first delivery.
    pub delay: Duration,
    /// The time after which a received message that wasn't deleted is delivered again.
    pub visibility: Duration,
    /// The time after which a message is dropped.
    pub retention: Duration,
    /// The queue of messages that were received too often. `None` keeps them here.
    pub redrive: Option<Redrive>,
}

/// The redrive policy of a queue.
#[derive(Clone, Debug)]
pub struct Redrive {
    /// The queue that gets the messages.
    pub dead_letters: Queue,
    /// The number of deliveries after which a message is moved.
    pub max_receives: u32,
}

/// A queue. Clones share its messages.
#[derive(Clone, Debug)]
pub struct Queue(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: QueueConfig,
    messages: Mutex<Vec<Stored>>,
    arrived: Notify,
}

#[derive(Debug)]
struct Stored {
    message: Message,
    arrived: Instant,
    visible: Instant,
}

/// A received message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its ID.
    pub id: String,
    /// Its text.
    pub body: String,
    /// The number of deliveries, with this one.
    pub receives: u32,
    /// The time of its arrival, in milliseconds since 1970.
    pub sent_ms: u128,
}

impl Queue {
    /// An empty queue.
    pub fn new(config: QueueConfig) -> Self {
        Self(Arc::new(Inner { config, messages: Mutex::default(), arrived: Notify::new() }))
    }

    /// The properties.
    pub fn config(&self) -> &QueueConfig {
        &self.0.config
    }

    /// Adds a message.
    pub fn send(&self, body: String) {
        let sent_ms = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let message = Message { id: Uuid::new_v4().to_string(), body, receives: 0, sent_ms };
        self.add(message, Instant::now() + self.0.config.delay);
    }

    /// The number of messages, received ones included.
    pub fn len(&self) -> usize {
        self.messages().len()
    }

    /// `true` if there is no message.
    pub fn is_empty(&self) -> bool {
        self.messages().is_empty()
    }

    /// The number of messages that can be received now.
    pub fn visible(&self) -> usize {
        let now = Instant::now();
        self.messages().iter().filter(|stored| stored.visible <= now).count()
    }

    /// The time since the arrival of the oldest message. `None` if there is no message.
    pub fn oldest_age(&self) -> Option<Duration> {
        self.messages().iter().map(|stored| stored.arrived.elapsed()).max()
    }

    /// Receives up to `limit` messages that are visible. They are invisible until they are deleted or their visibility
    /// timeout ends. Messages that were received too often move to the dead letters.
    pub fn receive(&self, limit: usize) -> Vec<Message> {
        let now = Instant::now();
        let Inner { config, .. } = &*self.0;
        let (mut received, mut dead) = (Vec::new(), Vec::new());
        let mut messages = self.messages();
        messages.retain_mut(|stored| {
            if stored.arrived + config.retention <= now {
                return false;
            }
            if stored.visible > now || received.len() == limit {
                return true;
            }
            if config.redrive.as_ref().is_some_and(|redrive| stored.message.receives >= redrive.max_receives)
            {
                dead.push(stored.message.clone());
                return false;
            }
            stored.message.receives += 1;
            stored.visible = now + config.visibility;
            received.push(stored.message.clone());
            true
        });
        drop(messages);
        if let Some(redrive) = &config.redrive {
            for message in dead {
                tracing::warn!(queue = config.arn, "a message moves to the dead letters");
                redrive.dead_letters.add(message, now);
            }
        }
        received
    }

    /// Removes a message.
    pub fn delete(&self, id: &str) {
        self.messages().retain(|stored| stored.message.id != id);
    }

    /// The texts of all messages.
    pub fn bodies(&self) -> Vec<String> {
        self.messages().iter().map(|stored| stored.message.body.clone()).collect()
    }

    /// Waits until a message may be visible.
    pub(crate) async fn may_be_visible(&self) {
        let arrived = self.0.arrived.notified();
        let next = self.messages().iter().map(|stored| stored.visible).min();
        match next {
            Some(next) => tokio::select! {
                () = arrived => {}
                () = tokio::time::sleep_until(next) => {}
            },
            None => arrived.await,
        }
    }

    fn add(&self, message: Message, visible: Instant) {
        self.messages().push(Stored { message, arrived: Instant::now(), visible });
        self.0.arrived.notify_one();
    }

    fn messages(&self) -> std::sync::MutexGuard<'_, Vec<Stored>> {
        self.0.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISIBILITY: Duration = Duration::from_secs(30);

    fn queue(delay: Duration, redrive: Option<Redrive>) -> Queue {
        let retention = Duration::from_hours(1);
        Queue::new(QueueConfig { arn: "queue".to_owned(), delay, visibility: VISIBILITY, retention, redrive })
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_is_delivered_until_it_is_deleted_and_then_moves_to_the_dead_letters() {
        let dead_letters = queue(Duration::ZERO, None);
        let redrive = Redrive { dead_letters: dead_letters.clone(), max_receives: 2 };
        let queue = queue(Duration::ZERO, Some(redrive));
        queue.send("a".to_owned());
        queue.send("b".to_owned());
        let first = queue.receive(10);
        assert_eq!(
            first.iter().map(|one| (one.body.as_str(), one.receives)).collect::<Vec<_>>(),
            [("a", 1), ("b", 1)]
        );
        queue.delete(&first[0].id);
        assert_eq!(queue.receive(10), []);
        let again = loop {
            match queue.receive(10).pop() {
                Some(message) => break message,
                None => queue.may_be_visible().await,
            }
        };
        assert_eq!((again.body.as_str(), again.receives), ("b", 2));
        tokio::time::advance(VISIBILITY).await;
        assert_eq!(queue.receive(10), []);
        assert_eq!((queue.len(), dead_letters.bodies()), (0, vec!["b".to_owned()]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_is_invisible_during_its_delay_and_gone_after_its_retention() {
        let queue = queue(Duration::from_mins(1), None);
        queue.send("a".to_owned());
        assert_eq!(queue.receive(1), []);
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(queue.receive(1).len(), 1);
        tokio::time::advance(Duration::from_hours(1)).await;
        assert_eq!(queue.receive(1), []);
        assert!(queue.is_empty());
    }
}
