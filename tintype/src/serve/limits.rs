//! Serves connections within bounds: their number, and the time for which a client may keep one busy without progress.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep, sleep};

use crate::sockets::send_at_once;

/// The pause after an error of the listener, such as too many open files.
const PAUSE: Duration = Duration::from_secs(1);

/// Bounds on the connections of a listener.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConnectionLimits {
    /// The maximum number of connections. Further clients wait until one ends.
    pub(super) connections: usize,
    /// The maximum time for the head of a request, from the end of the response before it, and for a client to receive
    /// a part of a response.
    pub(super) idle: Duration,
}

/// Serves until `stopped` completes and the requests in progress have ended.
pub(super) async fn serve(
    listener: TcpListener,
    app: Router,
    limits: ConnectionLimits,
    stopped: impl Future<Output = ()>,
) {
    let (graceful, slots) = (GracefulShutdown::new(), Arc::new(Semaphore::new(limits.connections)));
    let mut connections = http1::Builder::new();
    connections.timer(TokioTimer::new()).header_read_timeout(limits.idle);
    let mut stopped = pin!(stopped);
    loop {
        let accepted = async {
            // The semaphore is never closed, so there is no error.
            let slot = Arc::clone(&slots).acquire_owned().await.ok();
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stopped => break,
        };
        match accepted {
            Ok((stream, _)) => {
                send_at_once(&stream);
                let stream = TokioIo::new(WithWriteLimit::new(stream, limits.idle));
                let service = TowerToHyperService::new(app.clone());
                let connection = graceful.watch(connections.serve_connection(stream, service));
                tokio::spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection ended early");
                    }
                    drop(slot);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection can't be accepted");
                sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

/// A connection whose writes fail if the client receives nothing for some time.
struct WithWriteLimit {
    stream: TcpStream,
    limit: Duration,
    deadline: Pin<Box<Sleep>>,
    is_waiting: bool,
}

impl WithWriteLimit {
    fn new(stream: TcpStream, limit: Duration) -> Self {
        Self { stream, limit, deadline: Box::pin(sleep(limit)), is_waiting: false }
    }

    /// The result of a write, or an error if the client has received nothing since the first write that had to wait.
    fn limited<T>(&mut self, context: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.is_waiting = false;
            return result;
        }
        if !self.is_waiting {
            self.is_waiting = true;
            self.deadline.as_mut().reset(Instant::now() + self.limit);
        }
        ready!(self.deadline.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "the client has stopped receiving the response",
        )))
    }
}

impl AsyncRead for WithWriteLimit {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for WithWriteLimit {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.limited(context, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        self.limited(context, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::body::Body;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::oneshot;
    use tokio_util::io::ReaderStream;

    use super::*;

    /// The deadline of a test. Each test needs a fraction of it.
    const DEADLINE: Duration = Duration::from_mins(1);

    struct Running {
        address: SocketAddr,
        _stop: oneshot::Sender<()>,
    }

    /// A server of a small and of an endless response.
    async fn start(connections: usize, idle: Duration) -> Running {
        let endless = async || Body::from_stream(ReaderStream::new(tokio::io::repeat(0)));
        let app = Router::new().route("/", get(async || "hello")).route("/endless", get(endless));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let until_stopped = async move { drop(stopped.await) };
        tokio::spawn(serve(listener, app, ConnectionLimits { connections, idle }, until_stopped));
        Running { address, _stop: stop }
    }

    async fn connect(server: &Running) -> TcpStream {
        TcpStream::connect(server.address).await.unwrap()
    }

    /// Waits until the server closes a connection.
    async fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut bytes)).await;
        // A reset also ends the connection.
        let _ = read.expect("the server closes the connection");
        bytes
    }

    #[tokio::test]
    async fn a_client_that_sends_no_head_or_half_of_one_is_disconnected() {
        let server = start(8, Duration::from_millis(100)).await;
        for beginning in ["", "GET / HTTP/1.1\r\nhost: a\r\n"] {
            let mut stream = connect(&server).await;
            stream.write_all(beginning.as_bytes()).await.unwrap();
            assert!(!read_to_end(&mut stream).await.starts_with(b"HTTP/1.1 200"), "{beginning:?}");
        }
    }

    #[tokio::test]
    async fn an_idle_client_is_disconnected_after_its_response() {
        let server = start(8, Duration::from_millis(100)).await;
        let mut stream = connect(&server).await;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let response = read_to_end(&mut stream).await;
        assert!(response.starts_with(b"HTTP/1.1 200") && response.ends_with(b"hello"), "{response:?}");
    }

    #[tokio::test]
    async fn a_client_that_stops_receiving_a_response_is_disconnected() {
        let server = start(1, Duration::from_millis(200)).await;
        let mut stalled = connect(&server).await;
        stalled.write_all(b"GET /endless HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let mut next = connect(&server).await;
        next.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        assert!(read_to_end(&mut next).await.ends_with(b"hello"));
    }

    #[tokio::test]
    async fn a_connection_over_the_bound_waits_until_another_ends() {
        let server = start(1, DEADLINE).await;
        let mut first = connect(&server).await;
        first.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let mut head = [0; 12];
        first.read_exact(&mut head).await.unwrap();
        let mut second = connect(&server).await;
        second.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut byte = [0];
        let early = tokio::time::timeout(Duration::from_millis(100), second.read(&mut byte)).await;
        assert!(early.is_err(), "the second connection is answered while the first is open");
        drop(first);
        assert!(read_to_end(&mut second).await.ends_with(b"hello"));
    }
}
