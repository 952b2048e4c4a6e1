//! The HTTP client of the exporters. Their threads belong to no runtime, so requests run on that of the program.

use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;

/// The time limit of one export.
const TIME_LIMIT: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    runtime: Handle,
}

impl Client {
    /// A client on the current runtime.
    pub(super) fn new() -> Self {
        Self { http: reqwest::Client::new(), runtime: Handle::current() }
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let http = self.http.clone();
        let sending = async move {
            let mut request = reqwest::Request::try_from(request)?;
            *request.timeout_mut() = Some(TIME_LIMIT);
            let answer = http.execute(request).await?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            let mut response = Response::new(answer.bytes().await?);
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            Ok::<_, HttpError>(response)
        };
        self.runtime.spawn(sending).await?
    }
}
