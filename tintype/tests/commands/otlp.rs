//! The exports of `tintype serve` to an OpenTelemetry collector.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message as _;
use tokio::net::TcpListener;

use super::upload::{picture, upload};
use crate::program::{Program, Server};

const TRACE_ID: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;

/// The caller's span.
const SPAN_ID: u64 = 0x00f0_67aa_0ba9_02b7;

/// A request to the collector: path, `Authorization`, body.
type Export = (String, String, Bytes);

/// A collector that keeps every request.
async fn collector() -> (String, Receiver<Export>) {
    async fn keep(
        State(exports): State<Sender<Export>>,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> StatusCode {
        let header = headers.get("authorization").map_or("", |value| value.to_str().unwrap()).to_owned();
        exports.send((uri.path().to_owned(), header, body)).unwrap();
        StatusCode::OK
    }
    let (sender, receiver) = mpsc::channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().fallback(keep).with_state(sender);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, receiver)
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}

fn attributes(list: &[KeyValue]) -> BTreeMap<&str, String> {
    list.iter().map(|pair| (pair.key.as_str(), text(pair.value.as_ref()))).collect()
}

/// Ends the server by SIGTERM and returns what the collector has got until it has ended.
fn exports_of(mut server: Server, exports: &Receiver<Export>) -> Vec<Export> {
    let killed = Command::new("kill").arg(server.child.id().to_string()).status().unwrap();
    assert!(killed.success());
    assert!(server.child.wait().unwrap().success());
    exports.try_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variant_is_a_trace_that_continues_the_callers_and_counts_in_the_metrics() {
    let folder = tempfile::tempdir().unwrap();
    let stack = Program::start(&folder.path().join("data"));
    fs::write(folder.path().join("cat.png"), picture(40, 30)).unwrap();
    let printed = upload(&stack, folder.path(), &["cat.png"]);
    let path = printed.out.trim_end().strip_prefix(&stack.edge).expect(&printed.err).to_owned();
    let (collector, exports) = collector().await;
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.as_str()),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer abc"),
        ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test"),
    ];
    let server = Server::start_with(&stack, &variables);
    let request = reqwest::Client::new().get(format!("{}{path}?w=16&fm=png", server.url));
    let caller = format!("00-{TRACE_ID:032x}-{SPAN_ID:016x}-01");
    let answer = request.header("traceparent", caller).timeout(Duration::from_secs(30)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(reqwest::get(format!("{}/files/none/a.png?w=16", server.url)).await.unwrap().status(), 404);
    let exports = exports_of(server, &exports);
    assert!(exports.iter().all(|(_, authorization, _)| authorization == "Bearer abc"));
    let of =
        |path: &'static str| exports.iter().filter(move |(found, ..)| found == path).map(|(.., body)| body);

    let mut spans: Vec<Span> = Vec::new();
    for body in of("/v1/traces") {
        for resource in ExportTraceServiceRequest::decode(body.clone()).unwrap().resource_spans {
            let described = resource.resource.unwrap();
            let described = attributes(&described.attributes);
            assert_eq!(described["service.name"], "tintype");
            assert_eq!(described["deployment.environment.name"], "test");
            spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    }
    let trace: Vec<&Span> = spans.iter().filter(|span| span.trace_id == TRACE_ID.to_be_bytes()).collect();
    let named = |name: &str| *trace.iter().find(|span| span.name == name).expect(name);
    let request = named("GET");
    assert_eq!(request.kind(), SpanKind::Server);
    assert_eq!(request.parent_span_id, SPAN_ID.to_be_bytes());
    let found = attributes(&request.attributes);
    assert_eq!(
        (found["url.path"].as_str(), found["http.response.status_code"].as_str()),
        (path.as_str(), "200")
    );
    let variant = named("variant");
    assert_eq!(variant.parent_span_id, request.span_id);
    assert_eq!(attributes(&variant.attributes)["variant"], "w=16,fm=png");
    assert_eq!(named("fetch").parent_span_id, variant.span_id);
    assert_eq!(named("render").parent_span_id, variant.span_id);
    let made = variant.events.iter().find(|event| event.name == "made").unwrap();
    assert!(attributes(&made.attributes)["timing"].contains("decode;dur="));
    let refused = spans.iter().find(|span| span.trace_id != request.trace_id && span.name == "GET").unwrap();
    assert_eq!(attributes(&refused.attributes)["http.response.status_code"], "404");

    let mut metrics: Vec<String> = Vec::new();
    for body in of("/v1/metrics") {
        let request = ExportMetricsServiceRequest::decode(body.clone()).unwrap();
        let scopes = request.resource_metrics.into_iter().flat_map(|resource| resource.scope_metrics);
        metrics.extend(scopes.flat_map(|scope| scope.metrics).map(|metric| metric.name));
    }
    for name in ["responses", "variants.made", "step.duration", "slots.free", "places.free"] {
        assert!(metrics.contains(&format!("tintype.{name}")), "{name}: {metrics:?}");
    }
}
