//! The metrics as instruments of OpenTelemetry, named by its conventions. They record nothing unless the program has set
//! a provider of meters before it makes the service.

use std::time::Duration;

use http::StatusCode;
use opentelemetry::metrics::{Counter, Histogram, Meter};
use opentelemetry::{KeyValue, global};

use crate::edge::render_service::slots::{FreeCapacity, RenderSlots};

/// The instruments of one service.
pub(super) struct Instruments {
    responses: Counter<u64>,
    variants: Counter<u64>,
    steps: Histogram<f64>,
    stored_variants: Counter<u64>,
    failed_stores: Counter<u64>,
    ended_workers: Counter<u64>,
}

impl Instruments {
    /// `buckets` are the upper bounds of the histogram's buckets in seconds.
    pub(super) fn new(slots: &RenderSlots, buckets: &[f64]) -> Self {
        let meter = global::meter("tintype");
        observe(&meter, "tintype.slots.free", "Slots in which no variant is being rendered", slots, |free| {
            free.slots
        });
        let help = "Further requests that would be accepted, to render or to wait";
        observe(&meter, "tintype.places.free", help, slots, |free| free.places);
        let counter = |name, help| meter.u64_counter(name).with_description(help).build();
        Self {
            responses: counter("tintype.responses", "Responses of the resize service, by status"),
            variants: counter("tintype.variants.made", "Rendered variants, by format"),
            steps: meter
                .f64_histogram("tintype.step.duration")
                .with_description("Duration of each step of rendering a variant")
                .with_unit("s")
                .with_boundaries(buckets.to_vec())
                .build(),
            stored_variants: counter(
                "tintype.variants.read",
                "Stored variants that were sent instead of rendering them",
            ),
            failed_stores: counter(
                "tintype.variants.not_stored",
                "Variants that were rendered and sent, but not stored",
            ),
            ended_workers: counter("tintype.workers.ended", "Workers that ended during a job, by cause"),
        }
    }

    pub(super) fn count_response(&self, status: StatusCode) {
        self.responses.add(1, &[KeyValue::new("http.response.status_code", i64::from(status.as_u16()))]);
    }

    pub(super) fn count_variant(&self, format: &'static str) {
        self.variants.add(1, &[KeyValue::new("format", format)]);
    }

    pub(super) fn record_step(&self, step: &'static str, time: Duration) {
        self.steps.record(time.as_secs_f64(), &[KeyValue::new("step", step)]);
    }

    pub(super) fn count_stored_variant(&self) {
        self.stored_variants.add(1, &[]);
    }

    pub(super) fn count_failed_store(&self) {
        self.failed_stores.add(1, &[]);
    }

    pub(super) fn count_ended_worker(&self, cause: &'static str) {
        self.ended_workers.add(1, &[KeyValue::new("cause", cause)]);
    }
}

/// Adds a gauge of a part of the free capacity, read at each export.
fn observe(
    meter: &Meter,
    name: &'static str,
    help: &'static str,
    slots: &RenderSlots,
    part: fn(FreeCapacity) -> usize,
) {
    let slots = slots.clone();
    let gauge = meter.u64_observable_gauge(name).with_description(help);
    gauge.with_callback(move |observer| observer.observe(part(slots.free()) as u64, &[])).build();
}
