//! The listeners of a stack.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::addresses::Addresses;
use super::error::StackError;
use crate::sockets::send_at_once;

/// The highest port that the edge can have: S3 and `MediaConvert` take the two ports after it.
pub(crate) const LAST_FIRST_PORT: u16 = u16::MAX - 2;

/// The three listeners of a stack, on the loopback interface.
pub(crate) struct Listeners {
    pub(crate) edge: TcpListener,
    pub(crate) s3: TcpListener,
    pub(crate) media_convert: TcpListener,
}

impl Listeners {
    /// Listens on three consecutive ports, or on any free ports if `first_port` is 0.
    pub(crate) async fn bind(first_port: u16) -> Result<Self, StackError> {
        let [edge, s3, media_convert] = ports(first_port)?;
        Ok(Self {
            edge: listen(edge).await?,
            s3: listen(s3).await?,
            media_convert: listen(media_convert).await?,
        })
    }

    pub(crate) fn addresses(&self) -> Result<Addresses, StackError> {
        Ok(Addresses { edge: url(&self.edge)?, s3: url(&self.s3)?, mediaconvert: url(&self.media_convert)? })
    }
}

/// Serves until `stopped` becomes `true` and the requests in progress have ended.
pub(crate) async fn serve(listener: TcpListener, app: Router, mut stopped: watch::Receiver<bool>) {
    let until_stopped = async move {
        // An error means that the sender was dropped. That is also a stop.
        let _ = stopped.wait_for(|is_stopped| *is_stopped).await;
    };
    let listener = listener.tap_io(|stream| send_at_once(stream));
    if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(until_stopped).await {
        tracing::error!(%error, "a listener failed");
    }
}

fn ports(first: u16) -> Result<[u16; 3], StackError> {
    match first {
        0 => Ok([0; 3]),
        first if first > LAST_FIRST_PORT => Err(StackError::PortTooHigh),
        first => Ok([first, first + 1, first + 2]),
    }
}

async fn listen(port: u16) -> Result<TcpListener, StackError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|cause| StackError::Port { port, cause })
}

fn url(listener: &TcpListener) -> Result<String, StackError> {
    let address = listener.local_addr().map_err(StackError::set_up)?;
    Ok(format!("http://{address}"))
}
