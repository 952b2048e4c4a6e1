//! Metric filters: values of metrics from the lines of functions' logs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::Value;

use crate::error::DeployError;
use crate::metrics::{Metric, Metrics};
use crate::properties::{FunctionProperties, MetricFilterProperties, MetricTransformation};
use crate::resources::{Resource, Resources};

/// The log of a function, and how far it has been read.
#[derive(Debug)]
struct Log {
    file: PathBuf,
    read: u64,
}

/// A member of a line, such as `$.bytes`.
#[derive(Clone, Debug)]
struct Selector(String);

/// A filter for lines with a member of one value.
#[derive(Debug)]
struct Filter {
    group: String,
    member: Selector,
    expected: String,
    namespace: String,
    name: String,
    value: Number,
    dimensions: Vec<(String, Selector)>,
}

/// The value that a line adds to a metric.
#[derive(Debug)]
enum Number {
    Always(f64),
    Of(Selector),
}

/// The metric filters of a deployment and the logs that they read.
#[derive(Debug, Default)]
pub(crate) struct MetricFilters {
    /// The logs by their groups.
    logs: BTreeMap<String, Vec<Log>>,
    filters: Vec<Filter>,
}

impl MetricFilters {
    /// The filters of the template. `log` is the file of a function by its logical ID.
    pub(crate) fn new(resources: Resources<'_>, log: impl Fn(&str) -> PathBuf) -> Result<Self, DeployError> {
        let mut logs: BTreeMap<String, Vec<Log>> = BTreeMap::new();
        for Resource { id, properties } in resources.of::<FunctionProperties>("AWS::Lambda::Function")? {
            if let Some(logging) = properties.logging_config {
                logs.entry(logging.log_group).or_default().push(Log { file: log(&id), read: 0 });
            }
        }
        let mut filters = Vec::new();
        for Resource { id, properties } in
            resources.of::<MetricFilterProperties>("AWS::Logs::MetricFilter")?
        {
            let error = |reason: String| DeployError::property(&id, reason);
            let MetricFilterProperties { filter_pattern, log_group_name, metric_transformations } =
                properties;
            if !logs.contains_key(&log_group_name) {
                return Err(error(format!(
                    "only log groups of functions have lines here, not {log_group_name}"
                )));
            }
            let (member, expected) = equality(&filter_pattern)
                .ok_or_else(|| error(format!("the FilterPattern {filter_pattern} isn't emulated")))?;
            for transformation in metric_transformations {
                let MetricTransformation { dimensions, metric_name, metric_namespace, metric_value } =
                    transformation;
                let selector = |text: &str| {
                    Selector::new(text).ok_or_else(|| error(format!("the value {text} isn't emulated")))
                };
                let value = match metric_value.parse() {
                    Ok(number) => Number::Always(number),
                    Err(_) => Number::Of(selector(&metric_value)?),
                };
                let dimensions = dimensions.into_iter().map(|one| Ok((one.key, selector(&one.value)?)));
                filters.push(Filter {
                    group: log_group_name.clone(),
                    member: member.clone(),
                    expected: expected.clone(),
                    namespace: metric_namespace,
                    name: metric_name,
                    value,
                    dimensions: dimensions.collect::<Result<_, DeployError>>()?,
                });
            }
        }
        Ok(Self { logs, filters })
    }

    /// `true` if a filter makes values of a metric.
    pub(crate) fn makes(&self, metric: &Metric) -> bool {
        self.filters.iter().any(|filter| filter.namespace == metric.namespace && filter.name == metric.name)
    }

    /// Reads the new lines of all logs.
    pub(crate) fn read(&mut self, metrics: &Metrics, now: Timestamp) {
        for (group, logs) in &mut self.logs {
            for line in logs.iter_mut().flat_map(Log::lines) {
                for filter in self.filters.iter().filter(|filter| filter.group == *group) {
                    if let Some((metric, value)) = filter.value_of(&line) {
                        metrics.add(metric, now, value);
                    }
                }
            }
        }
    }
}

impl Log {
    /// The complete lines since the last time that are JSON. A log that can't be read has none.
    fn lines(&mut self) -> Vec<Value> {
        let mut text = Vec::new();
        let read = File::open(&self.file).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.read))?;
            file.read_to_end(&mut text)
        });
        let complete = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        if read.is_err() {
            return Vec::new();
        }
        self.read += complete as u64;
        let lines = text.get(..complete).unwrap_or_default().split(|byte| *byte == b'\n');
        lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }
}

impl Filter {
    /// The value that a line adds. `None` if the line doesn't match, or lacks the value or a dimension.
    fn value_of(&self, line: &Value) -> Option<(Metric, f64)> {
        if self.member.text(line)? != self.expected {
            return None;
        }
        let value = match &self.value {
            Number::Always(value) => *value,
            Number::Of(selector) => selector.text(line)?.parse().ok()?,
        };
        let dimensions =
            self.dimensions.iter().map(|(name, selector)| Some((name.clone(), selector.text(line)?)));
        let dimensions = dimensions.collect::<Option<_>>()?;
        Some((Metric { namespace: self.namespace.clone(), name: self.name.clone(), dimensions }, value))
    }
}

impl Selector {
    fn new(text: &str) -> Option<Self> {
        let path = text.strip_prefix("$.")?;
        let is_plain = path.chars().all(|char| char.is_ascii_alphanumeric() || "._-".contains(char));
        is_plain.then(|| Self(format!("/{}", path.replace('.', "/"))))
    }

    fn text(&self, line: &Value) -> Option<String> {
        match line.pointer(&self.0)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// The member and the value of a pattern such as `{ $.message = "made" }`. `None` for any other pattern.
fn equality(pattern: &str) -> Option<(Selector, String)> {
    let inside = pattern.trim().strip_prefix('{')?.strip_suffix('}')?;
    let (member, value) = inside.split_once('=')?;
    let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    let is_plain = !value.contains(['"', '*', '\\']);
    Some((Selector::new(member.trim()).filter(|_| is_plain)?, value.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn complete_lines_that_match_add_their_value_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log");
        let log = |text: &str| {
            File::options()
                .create(true)
                .append(true)
                .open(&file)
                .unwrap()
                .write_all(text.as_bytes())
                .unwrap();
        };
        let filter = |value| Filter {
            group: "group".to_owned(),
            member: Selector::new("$.message").unwrap(),
            expected: "made".to_owned(),
            namespace: "Tintype".to_owned(),
            name: "VariantBytes".to_owned(),
            value,
            dimensions: vec![("Format".to_owned(), Selector::new("$.format").unwrap())],
        };
        let bytes = Number::Of(Selector::new("$.bytes").unwrap());
        let logs = BTreeMap::from([("group".to_owned(), vec![Log { file: file.clone(), read: 0 }])]);
        let mut filters = MetricFilters { logs, filters: vec![filter(bytes), filter(Number::Always(1.0))] };
        let metrics = Metrics::default();
        let now = Timestamp::UNIX_EPOCH;
        filters.read(&metrics, now);
        log(
            "START\n{\"message\":\"made\",\"format\":\"webp\",\"bytes\":7}\n{\"message\":\"other\",\"format\":\"webp\",\"bytes\":1}\n{\"mess",
        );
        filters.read(&metrics, now);
        log("age\":\"made\",\"format\":\"webp\",\"bytes\":30}\n{\"message\":\"made\",\"bytes\":9}\n");
        filters.read(&metrics, now);
        filters.read(&metrics, now);
        let webp = Metric::new("Tintype", "VariantBytes", ("Format", "webp"));
        assert_eq!(metrics.sums(), [(webp, 4, 39.0)]);
    }

    #[test]
    fn only_patterns_of_one_equality_are_read() {
        let read = |pattern: &str| equality(pattern).map(|(member, value)| (member.0, value));
        assert_eq!(read("{ $.a.b = \"made\" }"), Some(("/a/b".to_owned(), "made".to_owned())));
        for pattern in
            ["made", "{ $.a = 1 }", "{ $.a = \"m*\" }", "{ $.a != \"b\" }", "{ $.a = \"b\" && $.c = \"d\" }"]
        {
            assert_eq!(read(pattern), None, "{pattern}");
        }
    }
}
