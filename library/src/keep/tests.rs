use std::collections::BTreeMap;
use std::sync::Mutex;

use super::*;
use crate::name::FileId;
use crate::record::State;
use crate::record::tests::{described, facts};
use crate::store::{Range, Scope};

/// A store in memory. Before each answer it lets other tasks run, or not, by chance.
#[derive(Debug, Default)]
struct MemoryStore {
    records: Mutex<BTreeMap<String, StoredRecord>>,
    /// The number of writes and removals.
    changes: Mutex<usize>,
}

async fn pause() {
    for _ in 0..fastrand::usize(0..8) {
        tokio::task::yield_now().await;
    }
}

#[async_trait::async_trait]
impl LibraryStore for MemoryStore {
    async fn find(&self, id: &FileId) -> Result<Option<StoredRecord>, LibraryError> {
        Ok(self.records.lock().unwrap().values().find(|stored| stored.record.id == *id).cloned())
    }

    async fn read(&self, key: &Key) -> Result<Option<StoredRecord>, LibraryError> {
        pause().await;
        Ok(self.records.lock().unwrap().get(key.as_str()).cloned())
    }

    async fn write(&self, record: &FileRecord, replaced: Revision) -> Result<bool, LibraryError> {
        pause().await;
        let mut records = self.records.lock().unwrap();
        let current = records.get(&record.key).map_or(Revision::ABSENT, |stored| stored.revision);
        if current != replaced {
            return Ok(false);
        }
        *self.changes.lock().unwrap() += 1;
        let revision = Revision(current.0 + 1);
        records.insert(record.key.clone(), StoredRecord { record: record.clone(), revision });
        Ok(true)
    }

    async fn remove(&self, key: &Key, removed: Revision) -> Result<bool, LibraryError> {
        pause().await;
        let mut records = self.records.lock().unwrap();
        if records.get(key.as_str()).is_none_or(|stored| stored.revision != removed) {
            return Ok(false);
        }
        *self.changes.lock().unwrap() += 1;
        records.remove(key.as_str());
        Ok(true)
    }

    async fn newest(&self, _: &Scope, _: &Range, _: usize) -> Result<Vec<FileRecord>, LibraryError> {
        Ok(Vec::new())
    }
}

/// A bucket with one object.
#[derive(Default)]
struct OneObject {
    facts: Mutex<Option<Facts>>,
    /// `true` if the object can't be read as a picture.
    is_damaged: bool,
}

impl Originals for OneObject {
    async fn facts(&self, _: &Key) -> Result<Option<Facts>, SourceError> {
        pause().await;
        let facts = self.facts.lock().unwrap().clone();
        pause().await;
        Ok(facts)
    }

    async fn describe(&self, _: &Key) -> Result<Option<Description>, SourceError> {
        pause().await;
        let facts = self.facts.lock().unwrap().clone();
        Ok(facts.filter(|_| !self.is_damaged).map(|facts| described(&facts.etag)))
    }
}

fn key() -> Key {
    Key::parse("files/0190163d-8694-739b-aea5-966c26f8ad91/cat.jpg").unwrap()
}

fn state_of(state: State) -> Facts {
    Facts { state, ..facts("a") }
}

#[tokio::test]
async fn a_record_follows_its_object() {
    let (store, bucket) = (MemoryStore::default(), OneObject::default());
    for next in [Some(state_of(State::Pending)), Some(state_of(State::Clean)), Some(facts("b")), None] {
        *bucket.facts.lock().unwrap() = next.clone();
        keep(&store, &bucket, &key()).await.unwrap();
        let stored = store.read(&key()).await.unwrap();
        assert_eq!(stored.as_ref().map(|stored| stored.record.facts.clone()), next);
        let is_clean = next.is_some_and(|facts| facts.state == State::Clean);
        assert_eq!(stored.is_some_and(|stored| stored.record.description.is_some()), is_clean);
    }
}

#[tokio::test]
async fn a_repeated_event_changes_nothing() {
    let (store, bucket) = (MemoryStore::default(), OneObject::default());
    *bucket.facts.lock().unwrap() = Some(facts("a"));
    keep(&store, &bucket, &key()).await.unwrap();
    let changes = *store.changes.lock().unwrap();
    for _ in 0..5 {
        keep(&store, &bucket, &key()).await.unwrap();
    }
    assert_eq!(*store.changes.lock().unwrap(), changes);
}

#[tokio::test]
async fn a_damaged_picture_has_a_record_without_a_description() {
    let (store, bucket) = (MemoryStore::default(), OneObject { is_damaged: true, ..OneObject::default() });
    *bucket.facts.lock().unwrap() = Some(facts("a"));
    keep(&store, &bucket, &key()).await.unwrap();
    assert_eq!(store.read(&key()).await.unwrap().unwrap().record.description, None);
}

/// Each change of the object has an event, events are delivered once or twice, in any order, and run at the same time. At
/// the end the record equals the object. The object takes the same state several times.
#[tokio::test]
async fn every_order_of_events_ends_with_the_record_of_the_last_object() {
    let states = [None, Some(state_of(State::Pending)), Some(facts("a")), Some(facts("b"))];
    for seed in 0..2000 {
        fastrand::seed(seed);
        let (store, bucket) = (MemoryStore::default(), OneObject::default());
        let last = states[fastrand::usize(0..states.len())].clone();
        let mut changes: Vec<_> = (0..5).map(|_| states[fastrand::usize(0..states.len())].clone()).collect();
        changes.push(last.clone());
        let handle = async || {
            for _ in 0..fastrand::usize(1..=2) {
                pause().await;
                while keep(&store, &bucket, &key()).await.is_err() {}
            }
        };
        let write = async |index: usize| {
            for _ in 0..index * 3 {
                tokio::task::yield_now().await;
            }
            *bucket.facts.lock().unwrap() = changes[index].clone();
            handle().await;
        };
        tokio::join!(write(0), write(1), write(2), write(3), write(4), write(5));
        let stored = store.read(&key()).await.unwrap();
        assert_eq!(stored.map(|stored| stored.record.facts), last, "seed {seed}");
    }
}
