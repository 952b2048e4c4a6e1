//! Reading originals from an S3 in memory: in parts, while they are replaced, cut or slow, and for several variants at once.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use axum::body::Body;
use bucket::S3Config;
use cdn_config::policy::Policy;
use codecs::View;
use codecs::jpeg::Layout;
use http::{Method, Request, Response};
use http_body_util::BodyExt as _;
use image::RgbaImage;
use resize::edge::config::{Config, StoreConfig};
use resize::edge::http::app;
use resize::edge::render_service::RenderService;
use resize::edge::store::Store;
use service::wire::Transport;
use tower::ServiceExt as _;

use crate::support::pictures::decode;

const KEY: &str = "/files/0190163d-8694-739b-aea5-966c26f8ad91/photo.jpg";

/// An object: its content, and the number of its version, which is its entity tag.
#[derive(Clone, Debug)]
struct Object {
    content: Vec<u8>,
    version: u32,
}

/// An S3 with one original.
#[derive(Clone, Debug, Default)]
struct FakeS3(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    object: Option<Object>,
    /// The object that replaces it after its first range was sent.
    next: Option<Object>,
    /// The ranges that were asked for.
    ranges: Vec<String>,
    /// `true` if bodies after the first one end early.
    is_cut: bool,
}

impl FakeS3 {
    fn with(content: Vec<u8>) -> Self {
        let s3 = Self::default();
        s3.0.lock().unwrap().object = Some(Object { content, version: 1 });
        s3
    }

    fn ranges(&self) -> Vec<String> {
        self.0.lock().unwrap().ranges.clone()
    }

    fn answer(&self, request: &HttpRequest) -> Response<SdkBody> {
        let mut state = self.0.lock().unwrap();
        let header = |name| request.headers().get(name).unwrap_or_default().to_owned();
        let (range, condition) = (header("range"), header("if-match"));
        let Object { content, version } = state.object.clone().unwrap();
        let etag = format!("\"{version}\"");
        state.ranges.push(range.clone());
        let error = |status: u16, code: &str| {
            let body = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
            Response::builder().status(status).body(SdkBody::from(body)).unwrap()
        };
        if !condition.is_empty() && condition != etag {
            return error(412, "PreconditionFailed");
        }
        let (first, last) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
        let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
        if first >= content.len() {
            return error(416, "InvalidRange");
        }
        let last = last.min(content.len() - 1);
        if let Some(next) = state.next.take() {
            state.object = Some(next);
        }
        let mut body = content[first..=last].to_vec();
        let length = body.len();
        if state.is_cut && first > 0 {
            body.truncate(length / 2);
        }
        Response::builder()
            .status(206)
            .header("etag", etag)
            .header("content-length", length)
            .header("content-range", format!("bytes {first}-{last}/{}", content.len()))
            .body(SdkBody::from(body))
            .unwrap()
    }
}

impl HttpConnector for FakeS3 {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        assert_eq!(request.method(), Method::GET.as_str());
        let answer = self.answer(&request);
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok(HttpResponse::try_from(answer).unwrap())
        })
    }
}

fn service(s3: &FakeS3, decodes_arriving: bool) -> Arc<RenderService> {
    let connector = s3.clone();
    let s3 = S3Config {
        endpoint: Some("http://s3".to_owned()),
        region: "us-east-1".to_owned(),
        credentials: Credentials::new("id", "secret", None, None, "test"),
        transport: Transport::other(move |_| SharedHttpConnector::new(connector.clone())),
    };
    let store = Store::new(&StoreConfig { s3, originals: "originals".to_owned(), variants: None });
    let config = Config { decodes_arriving, ..Config::of(&Policy::built_in()) };
    Arc::new(RenderService::new(store, config))
}

/// The status and the body of a response.
async fn get(service: &Arc<RenderService>, variant: &str) -> (u16, Vec<u8>) {
    let request = Request::get(format!("{KEY}/{variant}")).body(Body::empty()).unwrap();
    let response = app(Arc::clone(service)).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    (status, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

/// A JPEG of several megabytes: noise around a level of one colour.
fn noise(channel: usize) -> Vec<u8> {
    let side = 4200;
    let mut state = 7_u32;
    // A row of blocks, which is repeated.
    let row: Vec<u8> = (0..side * 3 * 8)
        .map(|index| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 25) as u8 + if index % 3 == channel { 120 } else { 0 }
        })
        .collect();
    let samples = row.repeat(side / 8);
    let view = View { samples: &samples, width: side as u32, height: side as u32 };
    let file = codecs::jpeg::encode(view, Layout::Rgb, 90).unwrap();
    assert!(file.len() > 10 << 20, "{} bytes", file.len());
    file
}

fn is_all_of(picture: &RgbaImage, channel: usize) -> bool {
    picture
        .pixels()
        .all(|pixel| (0..3).all(|other| other == channel || pixel.0[other] + 40 < pixel.0[channel]))
}

#[tokio::test]
async fn a_long_original_is_read_in_parts_and_its_variant_is_the_same_while_it_arrives_and_afterwards() {
    let file = noise(0);
    let mut answers = Vec::new();
    for decodes_arriving in [false, true] {
        let s3 = FakeS3::with(file.clone());
        let (status, body) = get(&service(&s3, decodes_arriving), "w=64,fm=png").await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        assert_eq!(decode(&body).dimensions(), (64, 64));
        let mut ranges: Vec<(usize, usize)> = s3
            .ranges()
            .iter()
            .map(|range| range.strip_prefix("bytes=").unwrap().split_once('-').unwrap())
            .map(|(first, last)| (first.parse().unwrap(), last.parse().unwrap()))
            .collect();
        ranges.sort_unstable();
        assert_eq!(ranges.len(), 3, "{ranges:?}");
        assert!(ranges.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{ranges:?}");
        assert_eq!((ranges[0].0, ranges[2].1), (0, file.len() - 1), "{ranges:?}");
        answers.push(body);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn the_parts_of_a_replaced_original_are_never_mixed() {
    for decodes_arriving in [false, true] {
        let s3 = FakeS3::with(noise(0));
        s3.0.lock().unwrap().next = Some(Object { content: noise(2), version: 2 });
        let (status, body) = get(&service(&s3, decodes_arriving), "w=64,fm=png").await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        assert!(is_all_of(&decode(&body), 2), "the picture has parts of the old version");
    }
}

#[tokio::test]
async fn an_original_whose_part_is_cut_gives_no_picture() {
    for decodes_arriving in [false, true] {
        let s3 = FakeS3::with(noise(0));
        s3.0.lock().unwrap().is_cut = true;
        let (status, body) = get(&service(&s3, decodes_arriving), "w=64,fm=png").await;
        assert_eq!(status, 503, "{}", String::from_utf8_lossy(&body));
    }
}

#[tokio::test]
async fn an_empty_original_is_unreadable() {
    for decodes_arriving in [false, true] {
        let (status, body) = get(&service(&FakeS3::with(Vec::new()), decodes_arriving), "w=64,fm=png").await;
        let body = String::from_utf8(body).unwrap();
        assert!(status == 415 && body.contains("the file is empty"), "{status} {body}");
    }
}

#[tokio::test]
async fn the_widths_of_a_page_share_the_fetch_of_their_original() {
    let s3 = FakeS3::with(noise(0));
    let service = service(&s3, false);
    let widths = [64, 96, 128, 256, 384];
    let variants = widths.map(|width| format!("w={width},fm=webp"));
    let answers = futures::future::join_all(variants.iter().map(|variant| get(&service, variant))).await;
    for (width, (status, body)) in widths.iter().zip(answers) {
        assert_eq!((status, decode(&body).width()), (200, *width));
    }
    assert_eq!(s3.ranges().len(), 3, "{:?}", s3.ranges());
}
