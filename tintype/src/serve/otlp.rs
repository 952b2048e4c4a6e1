//! Traces and metrics for an OpenTelemetry collector, by HTTP and protobuf. The variables of OpenTelemetry's specification
//! name the collector and its headers, the service, the sampler and the intervals.

mod client;

use std::time::Duration;

use http::HeaderMap;
use opentelemetry::global;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{ExporterBuildError, MetricExporter, SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use service::telemetry::Exporter;
use tracing::{Level, Metadata, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::filter_fn;

use client::Client;

/// The time in which the last spans and metrics must be sent when the program ends.
const LAST_EXPORT: Duration = Duration::from_secs(5);

/// The running exports.
pub(super) struct Exports {
    traces: SdkTracerProvider,
    metrics: SdkMeterProvider,
}

impl Exports {
    /// Starts to export. Services that are made from now on export their metrics. Fails if a variable can't be used.
    pub(super) fn start() -> Result<Self, ExporterBuildError> {
        let client = Client::new();
        let spans = SpanExporter::builder().with_http().with_http_client(client.clone()).build()?;
        let values = MetricExporter::builder().with_http().with_http_client(client).build()?;
        let resource = resource();
        let traces =
            SdkTracerProvider::builder().with_batch_exporter(spans).with_resource(resource.clone()).build();
        let metrics =
            SdkMeterProvider::builder().with_periodic_exporter(values).with_resource(resource).build();
        global::set_meter_provider(metrics.clone());
        Ok(Self { traces, metrics })
    }

    /// The receiver of the spans. The log's filter doesn't apply to it.
    pub(super) fn exporter(&self) -> Exporter {
        let spans = tracing_opentelemetry::layer()
            .with_tracer(self.traces.tracer("tintype"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false);
        spans.with_filter(filter_fn(is_exported)).boxed()
    }

    /// Sends what has not been sent yet, and stops.
    pub(super) async fn end(self) {
        // Both wait for threads of their own, which need this runtime's network.
        let ending = tokio::task::spawn_blocking(move || {
            let traces = self.traces.shutdown_with_timeout(LAST_EXPORT);
            traces.and(self.metrics.shutdown_with_timeout(LAST_EXPORT))
        });
        match tokio::time::timeout(LAST_EXPORT * 2, ending).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::warn!(%error, "the last traces and metrics are not exported"),
            Ok(Err(_)) | Err(_) => tracing::warn!("the last traces and metrics are not exported"),
        }
    }
}

/// Makes the span of a request a part of the trace that the request's `traceparent` names.
pub(super) fn continue_trace(span: &Span, headers: &HeaderMap) {
    let caller = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    // It fails if nothing is exported.
    drop(span.set_parent(caller));
}

/// The service, as the environment names it, or `tintype`.
fn resource() -> Resource {
    let detected = Resource::builder().build();
    let name = detected.get(&"service.name".into());
    if name.is_some_and(|name| !name.as_str().starts_with("unknown_service")) {
        return detected;
    }
    Resource::builder().with_service_name("tintype").build()
}

/// Spans of this workspace to the level `TRACE`, and its events to `INFO`, which become events of their spans.
fn is_exported(metadata: &Metadata<'_>) -> bool {
    let ours = ["tintype", "resize", "bucket"];
    let (crate_name, _) = metadata.target().split_once("::").unwrap_or((metadata.target(), ""));
    ours.contains(&crate_name) && (metadata.is_span() || *metadata.level() <= Level::INFO)
}
