//! The listeners of a stack.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

use super::StackError;

pub(super) fn ports(first: u16) -> Result<[u16; 3], StackError> {
    match first {
        0 => Ok([0; 3]),
        first if first > u16::MAX - 2 => Err(StackError::PortTooHigh),
        first => Ok([first, first + 1, first + 2]),
    }
}

pub(super) async fn listen(port: u16) -> Result<TcpListener, StackError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|cause| StackError::Port { port, cause })
}

pub(super) fn url(listener: &TcpListener) -> Result<String, StackError> {
    let address = listener.local_addr().map_err(|error| StackError::SetUp(error.to_string()))?;
    Ok(format!("http://{address}"))
}
