//! The values of metrics in the last day.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// The time for which values are kept: the longest period of an alarm.
pub(crate) const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// The name of a metric.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Metric {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) dimensions: BTreeMap<String, String>,
}

impl Metric {
    /// A metric with one dimension.
    pub(crate) fn new(namespace: &str, name: &str, dimension: (&str, &str)) -> Self {
        let dimensions = BTreeMap::from([(dimension.0.to_owned(), dimension.1.to_owned())]);
        Self { namespace: namespace.to_owned(), name: name.to_owned(), dimensions }
    }
}

/// The values of each metric by their times.
type Values = BTreeMap<Metric, VecDeque<(Timestamp, f64)>>;

/// The values of metrics. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metrics(Arc<Mutex<Values>>);

impl Metrics {
    /// Adds a value, and drops those of the same metric that are too old.
    pub(crate) fn add(&self, metric: Metric, at: Timestamp, value: f64) {
        let mut all = self.all();
        let values = all.entry(metric).or_default();
        values.push_back((at, value));
        while values.front().is_some_and(|(first, _)| at.duration_since(*first) > KEPT) {
            values.pop_front();
        }
    }

    /// The values after `from` until `to`.
    pub(crate) fn between(&self, metric: &Metric, from: Timestamp, to: Timestamp) -> Vec<f64> {
        let all = self.all();
        let values = all.get(metric).into_iter().flatten();
        values.filter(|(at, _)| *at > from && *at <= to).map(|(_, value)| *value).collect()
    }

    /// Each metric with the number and the sum of its values.
    pub(crate) fn sums(&self) -> Vec<(Metric, usize, f64)> {
        let sum = |values: &VecDeque<(Timestamp, f64)>| values.iter().map(|(_, value)| value).sum();
        self.all().iter().map(|(metric, values)| (metric.clone(), values.len(), sum(values))).collect()
    }

    fn all(&self) -> MutexGuard<'_, Values> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
