//! Answers in memory, which may end early or stop for a while.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use futures::stream::{self, StreamExt as _};
use http::response::Parts;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use http_body::Frame;
use http_body_util::StreamBody;

/// The time for which a slow answer stops.
const PAUSE: Duration = Duration::from_secs(8);

/// The connection ended without an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reset;

/// The end of an answer's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Whole,
    Cut,
    Slow,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
    pub(crate) end: End,
}

/// An answer, read completely.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The answer of an AWS service with a fault.
    pub(crate) fn failure() -> Self {
        let body = "<Error><Code>InternalError</Code><Message>a fault of the test</Message></Error>";
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        Self { parts: response.into_parts().0, body: Bytes::from_static(body.as_bytes()), end: End::Whole }
    }

    /// Reads the answer.
    pub(crate) async fn read(self) -> Result<Got, Reset> {
        match self.end {
            End::Whole => {}
            End::Cut => return Err(Reset),
            End::Slow => tokio::time::sleep(PAUSE).await,
        }
        Ok(Got { status: self.parts.status.as_u16(), headers: self.parts.headers, body: self.body })
    }

    /// The answer as the SDK gets it.
    pub(crate) fn into_response(self) -> Response<SdkBody> {
        let Self { parts, body, end } = self;
        let (head, tail) = (body.slice(..body.len() / 2), body.slice(body.len() / 2..));
        let body = match end {
            End::Whole => SdkBody::from(body),
            End::Cut => {
                let pieces = [Ok(Frame::data(head)), Err(connection_reset())];
                SdkBody::from_body_1_x(StreamBody::new(stream::iter(pieces)))
            }
            End::Slow => {
                let late = stream::once(async move {
                    tokio::time::sleep(PAUSE).await;
                    Ok::<_, Infallible>(Frame::data(tail))
                });
                SdkBody::from_body_1_x(StreamBody::new(
                    stream::iter([Ok(Frame::data(head))]).chain(Box::pin(late)),
                ))
            }
        };
        Response::from_parts(parts, body)
    }
}

pub(crate) fn connection_reset() -> io::Error {
    io::Error::from(io::ErrorKind::ConnectionReset)
}
