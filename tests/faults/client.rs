//! Clients: a page that uploads, an operator who writes to the bucket, a viewer. A client repeats a request that fails, until it
//! has crashed.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{Method, Request};
use serde_json::Value;

use super::answer::Got;
use super::link::s3_config;
use super::process::{Instance, Process};
use super::world::{World, ask};
use crate::support::owner;

/// The longest wait of a client for an answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// The attempts of a client.
const ATTEMPTS: usize = 5;

/// The client has crashed, or has given up: the flow ends here for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gone;

/// A client of the signer and of S3.
pub(crate) struct Client<'a> {
    world: &'a World,
    instance: Instance,
}

impl<'a> Client<'a> {
    pub(crate) fn new(world: &'a World) -> Self {
        Self { world, instance: Instance { process: Process::Client, number: world.number() } }
    }

    /// Sends a request until an answer arrives whose status isn't a server's fault. Returns it and the number of attempts that
    /// it took. A crashed signer is replaced.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<(Got, usize), Gone> {
        self.world.wire.next_step();
        for attempt in 1..=ATTEMPTS {
            let mut request = Request::builder().method(&method).uri(url);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(body.clone()).unwrap();
            let sending = async { self.world.wire.send(self.instance, request).await?.read().await };
            let sent = self.world.wire.run(self.instance, tokio::time::timeout(PATIENCE, sending)).await;
            match sent.ok_or(Gone)? {
                Ok(Ok(got)) if got.status < 500 => return Ok((got, attempt)),
                Ok(Ok(_) | Err(_)) | Err(_) => self.world.restart(Process::Signer),
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        Err(Gone)
    }

    /// A JSON request to the signer, which must succeed with this status.
    pub(crate) async fn ask_signer(&self, path: &str, body: &Value) -> Result<Value, Gone> {
        let url = format!("http://signer{path}");
        let headers = [("content-type", "application/json")];
        let (got, _) = self.send(Method::POST, &url, &headers, body.to_string().into()).await?;
        assert!(got.status < 300, "{path}: {} {}", got.status, String::from_utf8_lossy(&got.body));
        Ok(serde_json::from_slice(&got.body).unwrap())
    }

    /// Posts a form. `true` if S3 has taken the file.
    pub(crate) async fn post_form(&self, grant: &Value, bytes: &[u8]) -> Result<bool, Gone> {
        let mut body = Vec::new();
        for (name, value) in grant["fields"].as_object().unwrap() {
            let value = value.as_str().unwrap();
            body.extend(
                format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .bytes(),
            );
        }
        body.extend(b"--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"file\"\r\n\r\n");
        body.extend(bytes);
        body.extend(b"\r\n--edge--\r\n");
        let headers = [("content-type", "multipart/form-data; boundary=edge")];
        let (got, _) = self.send(Method::POST, grant["url"].as_str().unwrap(), &headers, body.into()).await?;
        Ok(got.status == 204)
    }

    /// Sends a file by PUT. `true` if S3 has taken the file. An attempt after one without an answer finds the file there.
    pub(crate) async fn put(&self, grant: &Value, bytes: &[u8]) -> Result<bool, Gone> {
        let headers: Vec<_> = grant["headers"].as_object().unwrap().iter().collect();
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        let url = grant["url"].as_str().unwrap();
        let (got, attempts) = self.send(Method::PUT, url, &headers, Bytes::copy_from_slice(bytes)).await?;
        Ok(got.status == 200 || (got.status == 412 && attempts > 1))
    }

    /// A client of S3 with the owner's credentials, as a backend has.
    pub(crate) fn s3(&self) -> aws_sdk_s3::Client {
        bucket::client(&s3_config(&self.world.wire, self.instance, owner()), bucket::Timeouts::COMMON)
    }

    /// Runs work that this client's crash ends.
    pub(crate) async fn run<T>(&self, work: impl Future<Output = T>) -> Result<T, Gone> {
        self.world.wire.next_step();
        self.world.wire.run(self.instance, work).await.ok_or(Gone)
    }
}

impl World {
    /// A viewer's request to the CDN. The status is 0 if the body ends early.
    pub(crate) async fn view(&self, path: &str) -> Got {
        self.viewed(self.edge(), Method::GET, path).await
    }

    /// A viewer's request to an edge without a copy.
    pub(crate) async fn view_elsewhere(&self, path: &str) -> Got {
        self.viewed(self.other_edge(), Method::GET, path).await
    }

    /// A viewer's request to an edge. A resize service that has crashed is replaced, as Lambda does.
    pub(crate) async fn viewed(&self, edge: axum::Router, method: Method, path: &str) -> Got {
        self.wire.next_step();
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let got = tokio::time::timeout(PATIENCE, ask(edge, request)).await;
        match got {
            Ok(got) if got.status < 500 && got.status != 0 => Got::clone(&got),
            Ok(got) => {
                self.restart(Process::Resizer);
                Got::clone(&got)
            }
            Err(_) => {
                self.restart(Process::Resizer);
                Got { status: 0, headers: http::HeaderMap::new(), body: Bytes::new() }
            }
        }
    }

    /// A viewer who asks again after a server's fault.
    pub(crate) async fn view_persistently(&self, path: &str) -> Got {
        let mut got = self.view(path).await;
        for _ in 1..ATTEMPTS {
            if got.status != 0 && got.status < 500 {
                break;
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
            got = self.view(path).await;
        }
        got
    }
}
