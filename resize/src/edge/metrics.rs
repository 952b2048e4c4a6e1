//! The service's metrics in the text format that Prometheus reads.

#[cfg(feature = "otlp")]
mod instruments;

use std::fmt::{self, Debug, Formatter};

use http::StatusCode;
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::edge::render_service::slots::{FreeCapacity, RenderSlots};
use crate::edge::timings::Timings;

/// The upper bounds of the histogram's buckets in seconds, from the resize of a small picture to the deadline.
const BUCKETS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0, 20.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabel {
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FormatLabel {
    format: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StepLabel {
    step: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CauseLabel {
    cause: &'static str,
}

/// The metrics of one service.
pub(crate) struct Metrics {
    registry: Registry,
    responses: Family<StatusLabel, Counter>,
    variants: Family<FormatLabel, Counter>,
    steps: Family<StepLabel, Histogram>,
    stored_variants: Counter,
    failed_stores: Counter,
    ended_workers: Family<CauseLabel, Counter>,
    free_slots: Gauge,
    free_places: Gauge,
    #[cfg(feature = "otlp")]
    instruments: instruments::Instruments,
}

impl Metrics {
    /// The metrics of a service whose work these slots limit.
    #[cfg_attr(
        not(feature = "otlp"),
        expect(unused_variables, reason = "only instruments observe the slots by themselves")
    )]
    pub(crate) fn new(slots: &RenderSlots) -> Self {
        let mut registry = Registry::with_prefix("tintype");
        let responses = Family::default();
        registry.register("responses", "Responses of the resize service, by status", responses.clone());
        let variants = Family::default();
        registry.register("variants_made", "Rendered variants, by format", variants.clone());
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        let steps = Family::new_with_constructor(histogram);
        registry.register("step_seconds", "Duration of each step of rendering a variant", steps.clone());
        let stored_variants = Counter::default();
        let help = "Stored variants that were sent instead of rendering them";
        registry.register("variants_read", help, stored_variants.clone());
        let failed_stores = Counter::default();
        let help = "Variants that were rendered and sent, but not stored";
        registry.register("variants_not_stored", help, failed_stores.clone());
        let ended_workers = Family::default();
        let help = "Workers that ended during a job, by cause: time limit or crash";
        registry.register("workers_ended", help, ended_workers.clone());
        let (free_slots, free_places) = (Gauge::default(), Gauge::default());
        registry.register("free_slots", "Slots in which no variant is being rendered", free_slots.clone());
        let help = "Further requests that would be accepted, to render or to wait";
        registry.register("free_places", help, free_places.clone());
        Self {
            registry,
            responses,
            variants,
            steps,
            stored_variants,
            failed_stores,
            ended_workers,
            free_slots,
            free_places,
            #[cfg(feature = "otlp")]
            instruments: instruments::Instruments::new(slots, &BUCKETS),
        }
    }

    pub(crate) fn count_response(&self, status: StatusCode) {
        self.responses.get_or_create(&StatusLabel { status: status.as_u16() }).inc();
        #[cfg(feature = "otlp")]
        self.instruments.count_response(status);
    }

    /// Counts a rendered variant by its format's file suffix, and records the durations of its steps.
    pub(crate) fn count_variant(&self, format: &'static str, timings: &Timings) {
        self.variants.get_or_create(&FormatLabel { format }).inc();
        let steps = timings.steps.iter().map(|(step, time)| (step.name(), *time));
        for (step, time) in [("fetch", timings.fetch)].into_iter().chain(steps) {
            self.steps.get_or_create(&StepLabel { step }).observe(time.as_secs_f64());
            #[cfg(feature = "otlp")]
            self.instruments.record_step(step, time);
        }
        #[cfg(feature = "otlp")]
        self.instruments.count_variant(format);
    }

    pub(crate) fn count_stored_variant(&self) {
        self.stored_variants.inc();
        #[cfg(feature = "otlp")]
        self.instruments.count_stored_variant();
    }

    pub(crate) fn count_failed_store(&self) {
        self.failed_stores.inc();
        #[cfg(feature = "otlp")]
        self.instruments.count_failed_store();
    }

    pub(crate) fn count_ended_worker(&self, cause: &'static str) {
        self.ended_workers.get_or_create(&CauseLabel { cause }).inc();
        #[cfg(feature = "otlp")]
        self.instruments.count_ended_worker(cause);
    }

    /// All metrics as text.
    pub(crate) fn text(&self, free: FreeCapacity) -> String {
        let count = |permits: usize| i64::try_from(permits).unwrap_or(i64::MAX);
        self.free_slots.set(count(free.slots));
        self.free_places.set(count(free.places));
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            tracing::error!("metrics can't be written");
        }
        text
    }
}

impl Debug for Metrics {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::stopwatch::Step;

    #[test]
    fn the_text_contains_every_count() {
        let metrics = Metrics::new(&RenderSlots::new(1, 64, Duration::ZERO));
        metrics.count_response(StatusCode::OK);
        metrics.count_response(StatusCode::OK);
        let steps = vec![(Step::Decode, Duration::from_millis(15))];
        metrics.count_variant("webp", &Timings { fetch: Duration::from_millis(3), steps });
        metrics.count_stored_variant();
        metrics.count_failed_store();
        metrics.count_ended_worker("time");
        let text = metrics.text(FreeCapacity { slots: 1, places: 65 });
        for line in [
            "tintype_responses_total{status=\"200\"} 2",
            "tintype_variants_made_total{format=\"webp\"} 1",
            "tintype_step_seconds_bucket{le=\"0.01\",step=\"decode\"} 0",
            "tintype_step_seconds_bucket{le=\"0.02\",step=\"decode\"} 1",
            "tintype_step_seconds_count{step=\"fetch\"} 1",
            "tintype_variants_read_total 1",
            "tintype_variants_not_stored_total 1",
            "tintype_workers_ended_total{cause=\"time\"} 1",
            "tintype_free_slots 1",
            "tintype_free_places 65",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
    }
}
