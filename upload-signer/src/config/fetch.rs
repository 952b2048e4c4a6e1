//! The HTTP client that fetches an issuer's keys and the signer's secrets.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use http_body_util::{BodyExt as _, Limited};
use service::cause::innermost;
use service::wire::{Timeouts, Transport};

/// The largest body of a response, in bytes: hundreds of keys.
const MAX_BYTES: usize = 256 * 1024;

/// Limits of a request: five seconds to connect and to the first byte of the response, ten seconds for all of it.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Some(Duration::from_secs(5)),
    response: Some(Duration::from_secs(5)),
    operation: Some(Duration::from_secs(10)),
};

/// The body of the response to a GET, or the reason for the failure.
pub(crate) async fn get(url: String) -> Result<Vec<u8>, String> {
    send(HttpRequest::get(url).map_err(|error| error.to_string())?).await
}

/// The body of the response to a request, or the reason for the failure. Only the status 200 is a success.
pub(crate) async fn send(request: HttpRequest) -> Result<Vec<u8>, String> {
    send_within(TIMEOUTS, request).await
}

async fn send_within(timeouts: Timeouts, request: HttpRequest) -> Result<Vec<u8>, String> {
    let response = read_whole(timeouts, request);
    let Some(limit) = timeouts.operation else { return response.await };
    let late = |_| format!("the answer doesn't end within {} s", limit.as_secs());
    tokio::time::timeout(limit, response).await.map_err(late)?
}

async fn read_whole(timeouts: Timeouts, request: HttpRequest) -> Result<Vec<u8>, String> {
    let response =
        Transport::NETWORK.connector(timeouts).call(request).await.map_err(|error| innermost(&error))?;
    if response.status().as_u16() != 200 {
        return Err(format!("the answer has the status {}", response.status().as_u16()));
    }
    let body = Limited::new(response.into_body(), MAX_BYTES).collect().await;
    Ok(body.map_err(|error| error.to_string())?.to_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;

    use super::*;

    /// A server that answers one request with a head and then a byte every few milliseconds, until the client has gone.
    fn endless_server() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            while stream.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        url
    }

    #[tokio::test]
    async fn an_answer_that_never_ends_is_an_error() {
        let timeouts = Timeouts { operation: Some(Duration::from_millis(300)), ..TIMEOUTS };
        let request = HttpRequest::get(endless_server()).unwrap();
        let answer = tokio::time::timeout(Duration::from_mins(1), send_within(timeouts, request)).await;
        let error = answer.expect("the request ends").unwrap_err();
        assert_eq!(error, "the answer doesn't end within 0 s");
    }
}
