//! The request with a message to the operator's server.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;
use service::cause::innermost;
use service::wire::{HAS_TLS, Timeouts, Transport};

use crate::webhook::message::Message;
use crate::webhook::secret::WebhookSecret;

/// The time limits of a request. The specification recommends 15 to 30 seconds for the response.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Some(Duration::from_secs(5)),
    response: Some(Duration::from_secs(15)),
    operation: None,
};

/// The name of the sender in the header `user-agent`.
const USER_AGENT: &str = concat!("tintype/", env!("CARGO_PKG_VERSION"));

/// The operator's server, which receives messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    url: String,
    secret: WebhookSecret,
}

/// A text is not the URL of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// The text is not an `http://` or `https://` URL.
    #[error("'{0}' is not a URL such as https://app.example.com/hooks/tintype")]
    Url(String),
    /// The program was built without TLS.
    #[error(
        "'{0}' needs TLS, which this build of the program doesn't have: use http://, or build with the feature tls"
    )]
    NoTls(String),
}

/// The reason why a message isn't delivered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// The receiver wants no more messages (status 410).
    #[error("the webhook answers 410: it accepts no more messages")]
    Gone,
    /// The receiver doesn't accept the message now. Contains the reason.
    #[error("the webhook doesn't accept the message: {0}")]
    NotTaken(String),
}

impl Endpoint {
    /// The server at a URL. No request is sent.
    pub fn new(url: &str, secret: WebhookSecret) -> Result<Self, EndpointError> {
        let parsed = reqwest::Url::parse(url).ok();
        let scheme = parsed.as_ref().filter(|url| url.has_host()).map(reqwest::Url::scheme);
        match scheme {
            Some("http") => {}
            Some("https") if HAS_TLS => {}
            Some("https") => return Err(EndpointError::NoTls(url.to_owned())),
            _ => return Err(EndpointError::Url(url.to_owned())),
        }
        Ok(Self { url: url.to_owned(), secret })
    }

    /// Sends a message by a transport. Every status from 200 to 299 is a success; redirects are not followed.
    pub async fn send(
        &self,
        transport: &Transport,
        message: &Message,
        now: Timestamp,
    ) -> Result<(), DeliveryError> {
        let request = self.request(message, now).map_err(DeliveryError::NotTaken)?;
        let response = transport.connector(TIMEOUTS).call(request).await;
        let response = response.map_err(|error| DeliveryError::NotTaken(innermost(&error)))?;
        match response.status().as_u16() {
            200..=299 => Ok(()),
            410 => Err(DeliveryError::Gone),
            status => Err(DeliveryError::NotTaken(format!("it answers {status}"))),
        }
    }

    fn request(&self, message: &Message, now: Timestamp) -> Result<HttpRequest, String> {
        let timestamp = now.as_second();
        let request = http::Request::post(&self.url)
            .header("content-type", "application/json")
            .header("user-agent", USER_AGENT)
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", self.secret.signature(&message.id, timestamp, &message.body))
            .body(SdkBody::from(message.body.as_str()))
            .map_err(|error| error.to_string())?;
        HttpRequest::try_from(request).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::post;
    use http::{HeaderMap, StatusCode};
    use tokio::net::TcpListener;

    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn secret() -> WebhookSecret {
        WebhookSecret::parse(SECRET).unwrap()
    }

    fn message() -> Message {
        Message { id: "msg_1".to_owned(), kind: "upload.clean", body: "{\"é\":1}".to_owned() }
    }

    #[test]
    fn an_endpoint_is_an_http_url_with_a_host() {
        for url in ["http://127.0.0.1:3000/hook", "http://app/hook?x=1"] {
            assert!(Endpoint::new(url, secret()).is_ok(), "{url}");
        }
        for url in ["", "app.example.com/hook", "ftp://app/hook", "http://", "file:///hook", "mailto:a@b.c"] {
            assert_eq!(Endpoint::new(url, secret()), Err(EndpointError::Url(url.to_owned())), "{url}");
        }
        let https = Endpoint::new("https://app.example.com/hook", secret());
        assert_eq!(https.is_ok(), HAS_TLS, "{https:?}");
    }

    /// The result of a message to a server that answers with `status`, and the server's URL.
    async fn sent(status: StatusCode) -> Result<(), DeliveryError> {
        let answering = move |headers: HeaderMap, body: String| async move {
            assert_eq!(
                (headers["content-type"].to_str().unwrap(), body.as_str()),
                ("application/json", "{\"é\":1}")
            );
            assert_eq!(headers["webhook-id"], "msg_1");
            assert_eq!(headers["webhook-timestamp"], "1614265330");
            let expected = secret().signature("msg_1", 1_614_265_330, &body);
            assert_eq!(headers["webhook-signature"], expected);
            (status, [("location", "http://127.0.0.1:1/")])
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let app = Router::new().route("/hook", post(answering));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let now = Timestamp::from_second(1_614_265_330).unwrap();
        Endpoint::new(&url, secret()).unwrap().send(&Transport::NETWORK, &message(), now).await
    }

    #[tokio::test]
    async fn only_a_status_of_200_to_299_accepts_a_message() {
        for status in [StatusCode::OK, StatusCode::ACCEPTED, StatusCode::NO_CONTENT] {
            assert_eq!(sent(status).await, Ok(()), "{status}");
        }
        assert_eq!(sent(StatusCode::GONE).await, Err(DeliveryError::Gone));
        for status in [StatusCode::TEMPORARY_REDIRECT, StatusCode::UNAUTHORIZED, StatusCode::BAD_GATEWAY] {
            let expected = DeliveryError::NotTaken(format!("it answers {}", status.as_u16()));
            assert_eq!(sent(status).await, Err(expected));
        }
        let nobody = Endpoint::new("http://127.0.0.1:9/hook", secret()).unwrap();
        let refused = nobody.send(&Transport::NETWORK, &message(), Timestamp::UNIX_EPOCH).await;
        assert!(matches!(refused, Err(DeliveryError::NotTaken(_))), "{refused:?}");
    }
}
