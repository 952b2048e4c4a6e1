//! The alarms of a deployment and their states.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::error::DeployError;
use crate::expression::Expression;
use crate::metrics::{KEPT, Metric, Metrics};
use crate::properties::{AlarmProperties, Dimension, MetricQuery};
use crate::resources::{Resource, Resources};
use crate::statistic::Statistic;

/// An alarm.
#[derive(Debug)]
pub(crate) struct Alarm {
    name: String,
    description: String,
    source: Source,
    comparison: Comparison,
    threshold: f64,
    /// The number of periods that must be beyond the threshold.
    periods: i32,
    period: SignedDuration,
}

/// What an alarm looks at.
#[derive(Debug)]
enum Source {
    Metric(Metric, Statistic),
    /// An expression of metrics by their IDs.
    Expression(Expression, BTreeMap<String, (Metric, Statistic)>),
}

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Greater,
    GreaterOrEqual,
}

/// The state of an alarm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlarmState {
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// `true` if the newest periods are beyond the threshold.
    pub is_alarm: bool,
    /// The value of the newest period. `None` if it has no values, which counts as good.
    pub value: Option<f64>,
    /// The threshold.
    pub threshold: f64,
    /// The number of periods that are looked at.
    pub periods: i32,
    /// The length of a period in seconds.
    pub period_seconds: i64,
}

/// The alarms of the template. Fails if an alarm looks at a metric for which `is_measured` is false.
pub(crate) fn alarms(
    resources: Resources<'_>,
    is_measured: impl Fn(&Metric) -> bool,
) -> Result<Vec<Alarm>, DeployError> {
    let mut alarms = Vec::new();
    for Resource { id, properties } in resources.of::<AlarmProperties>("AWS::CloudWatch::Alarm")? {
        let alarm = Alarm::new(properties).map_err(|reason| DeployError::property(&id, reason))?;
        let unknown = alarm.source.metrics().find(|metric| !is_measured(metric));
        if let Some(Metric { namespace, name, .. }) = unknown {
            return Err(DeployError::property(&id, format!("the metric {namespace} {name} isn't emulated")));
        }
        alarms.push(alarm);
    }
    Ok(alarms)
}

impl Alarm {
    fn new(properties: AlarmProperties) -> Result<Self, String> {
        let comparison = match properties.comparison_operator.as_str() {
            "GreaterThanThreshold" => Comparison::Greater,
            "GreaterThanOrEqualToThreshold" => Comparison::GreaterOrEqual,
            other => return Err(format!("the ComparisonOperator {other} isn't emulated")),
        };
        if properties.treat_missing_data != "notBreaching" {
            return Err(format!("the TreatMissingData {} isn't emulated", properties.treat_missing_data));
        }
        let (source, seconds) = match (properties.metric_name, properties.metrics) {
            (Some(name), None) => {
                let namespace = properties.namespace.ok_or("a metric needs a Namespace")?;
                let statistic = properties.statistic.or(properties.extended_statistic);
                let statistic = Statistic::parse(&statistic.ok_or("a metric needs a Statistic")?)?;
                let metric = metric(namespace, name, properties.dimensions);
                (Source::Metric(metric, statistic), properties.period.ok_or("a metric needs a Period")?)
            }
            (None, Some(queries)) => of_queries(queries)?,
            _ => return Err("either MetricName or Metrics is needed".to_owned()),
        };
        let period = SignedDuration::from_secs(seconds);
        if period > KEPT {
            return Err(format!("a Period of {seconds} seconds isn't emulated"));
        }
        Ok(Self {
            name: properties.alarm_name,
            description: properties.alarm_description,
            source,
            comparison,
            threshold: properties.threshold,
            periods: properties.evaluation_periods,
            period,
        })
    }

    /// The state at a time.
    pub(crate) fn state(&self, metrics: &Metrics, now: Timestamp) -> AlarmState {
        let value = |periods_ago: i32| {
            let to = now - self.period * periods_ago;
            self.source.value(metrics, to - self.period, to)
        };
        let is_beyond = |value: Option<f64>| {
            value.is_some_and(|value| match self.comparison {
                Comparison::Greater => value > self.threshold,
                Comparison::GreaterOrEqual => value >= self.threshold,
            })
        };
        AlarmState {
            name: self.name.clone(),
            description: self.description.clone(),
            is_alarm: (0..self.periods).all(|periods_ago| is_beyond(value(periods_ago))),
            value: value(0),
            threshold: self.threshold,
            periods: self.periods,
            period_seconds: self.period.as_secs(),
        }
    }
}

impl Source {
    fn metrics(&self) -> impl Iterator<Item = &Metric> {
        let (one, several) = match self {
            Self::Metric(metric, _) => (Some(metric), None),
            Self::Expression(_, metrics) => (None, Some(metrics.values().map(|(metric, _)| metric))),
        };
        one.into_iter().chain(several.into_iter().flatten())
    }

    fn value(&self, metrics: &Metrics, from: Timestamp, to: Timestamp) -> Option<f64> {
        let of = |(metric, statistic): &(Metric, Statistic)| statistic.of(metrics.between(metric, from, to));
        match self {
            Self::Metric(metric, statistic) => statistic.of(metrics.between(metric, from, to)),
            Self::Expression(expression, metrics_by_id) => {
                expression.value(|id| metrics_by_id.get(id).and_then(of))
            }
        }
    }
}

fn metric(namespace: String, name: String, dimensions: Vec<Dimension>) -> Metric {
    let dimensions = dimensions.into_iter().map(|dimension| (dimension.name, dimension.value)).collect();
    Metric { namespace, name, dimensions }
}

/// An expression of metrics, or the only metric of a list, and its period in seconds.
fn of_queries(queries: Vec<MetricQuery>) -> Result<(Source, i64), String> {
    let (mut expression, mut period, mut metrics) = (None, None, BTreeMap::new());
    for query in queries {
        match (query.expression, query.metric_stat) {
            (Some(text), None) if query.return_data => expression = Some(Expression::parse(&text)?),
            (None, Some(stat)) => {
                let of = stat.metric;
                let metric = metric(of.namespace, of.metric_name, of.dimensions);
                if *period.get_or_insert(stat.period) != stat.period {
                    return Err("metrics of several Periods aren't emulated".to_owned());
                }
                metrics.insert(query.id, (metric, Statistic::parse(&stat.stat)?));
            }
            _ => return Err("more than one Expression isn't emulated".to_owned()),
        }
    }
    let period = period.ok_or("Metrics need a metric")?;
    match expression {
        Some(expression) => Ok((Source::Expression(expression, metrics), period)),
        None => match metrics.into_values().collect::<Vec<_>>().pop() {
            Some((metric, statistic)) => Ok((Source::Metric(metric, statistic), period)),
            None => Err("Metrics need a metric".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn alarm(change: &serde_json::Value) -> Result<Alarm, String> {
        let mut properties = json!({
            "AlarmName": "Errors", "AlarmDescription": "a", "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Dimensions": [{ "Name": "FunctionName", "Value": "f" }], "EvaluationPeriods": 2, "MetricName": "Errors",
            "Namespace": "AWS/Lambda", "Period": 300, "Statistic": "Sum", "Threshold": 2,
            "TreatMissingData": "notBreaching",
        });
        for (name, value) in change.as_object().unwrap() {
            properties[name] = value.clone();
        }
        Alarm::new(serde_json::from_value(properties).unwrap())
    }

    #[test]
    fn an_alarm_needs_every_period_beyond_its_threshold() {
        let alarm = alarm(&json!({})).unwrap();
        let (metrics, start) = (Metrics::default(), Timestamp::UNIX_EPOCH);
        let at = |seconds: i64| start + SignedDuration::from_secs(seconds);
        let errors = Metric::new("AWS/Lambda", "Errors", ("FunctionName", "f"));
        for (seconds, value) in [(10, 1.0), (20, 1.0), (30, 0.0), (310, 2.0), (310, 0.0)] {
            metrics.add(errors.clone(), at(seconds), value);
        }
        let state = |seconds: i64| {
            let state = alarm.state(&metrics, at(seconds));
            (state.is_alarm, state.value)
        };
        assert_eq!(state(300), (false, Some(2.0)));
        assert_eq!(state(600), (true, Some(2.0)));
        assert_eq!(state(900), (false, None));
    }

    #[test]
    fn an_expression_is_computed_from_the_metrics_of_its_period() {
        let stat = |name: &str| {
            let dimensions = json!([{ "Name": "FunctionName", "Value": "f" }]);
            let metric = json!({ "Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": dimensions });
            json!({ "Metric": metric, "Period": 86_400, "Stat": "Sum" })
        };
        let queries = json!([
            { "Id": "spend", "Label": "$", "Expression": "duration * 2 / 1000 + requests * 3", "ReturnData": true },
            { "Id": "duration", "MetricStat": stat("Duration"), "ReturnData": false },
            { "Id": "requests", "MetricStat": stat("Invocations"), "ReturnData": false },
        ]);
        let alarm =
            alarm(&json!({ "MetricName": null, "Metrics": queries, "EvaluationPeriods": 1 })).unwrap();
        let (metrics, now) = (Metrics::default(), Timestamp::UNIX_EPOCH);
        let of = |name| Metric::new("AWS/Lambda", name, ("FunctionName", "f"));
        metrics.add(of("Duration"), now, 500.0);
        metrics.add(of("Invocations"), now, 1.0);
        metrics.add(of("Invocations"), now, 1.0);
        assert_eq!(alarm.state(&metrics, now).value, Some(7.0));
        assert_eq!(alarm.source.metrics().count(), 2);
    }

    #[test]
    fn what_is_not_emulated_is_refused_by_its_name() {
        for (change, expected) in [
            (
                json!({ "ComparisonOperator": "LessThanThreshold" }),
                "the ComparisonOperator LessThanThreshold isn't emulated",
            ),
            (json!({ "TreatMissingData": "breaching" }), "the TreatMissingData breaching isn't emulated"),
            (json!({ "Statistic": "tm90" }), "the statistic tm90 isn't emulated"),
            (json!({ "Period": 90_000 }), "a Period of 90000 seconds isn't emulated"),
        ] {
            assert_eq!(alarm(&change).unwrap_err(), expected);
        }
    }
}
