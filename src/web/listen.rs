//! Answers connections: how many at a time, how long a head may take to come, how long a body may stand still, and how
//! long an answer may wait for somebody who does not read it.
//!
//! `axum::serve` was rejected: it waits for a head for ever, so that a few hundred slow connections would keep everybody
//! else out (slow-loris). Knows no route.

use std::convert::Infallible;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep};
use tower::ServiceExt;

/// How patient the server is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long the head of a request may take.
    pub head: Duration,
    /// How long a body may stand still, and an answer that nobody reads.
    pub body: Duration,
    /// How many connections there may be at a time.
    pub connections: usize,
}

/// After an error of the operating system's (no more open files): the next connection is not taken at once.
const BREATH: Duration = Duration::from_millis(100);

/// Answers until `stop` resolves; then takes no more, and finishes what has begun.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(patience.connections));
    let mut stop = pin!(stop);
    loop {
        // Beyond what there is room for, connections wait with the operating system.
        let permit = tokio::select! {
            permit = Arc::clone(&room).acquire_owned() => permit,
            () = &mut stop => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let connection = graceful.watch(connection(stream, peer, router.clone(), patience));
        tokio::spawn(async move {
            // Whoever breaks off is no news.
            let _ = connection.await;
            drop(permit);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    patience: Patience,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request = request.map(|body| Body::new(Moving::new(body, patience.body)));
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer: Result<_, Infallible> = router.oneshot(request).await;
            answer
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .serve_connection(TokioIo::new(Heard::new(stream, patience.body)), service)
}

/// A body that must not stand still.
struct Moving {
    body: Incoming,
    longest: Duration,
    until: Pin<Box<Sleep>>,
}

/// A body stood still for too long.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the body stood still for too long")]
struct StoodStill;

impl Moving {
    fn new(body: Incoming, longest: Duration) -> Self {
        Self { body, longest, until: Box::pin(tokio::time::sleep(longest)) }
    }
}

impl hyper::body::Body for Moving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => {
                let next = Instant::now() + self.longest;
                self.until.as_mut().reset(next);
                Poll::Ready(frame.map(|frame| frame.map_err(axum::Error::new)))
            }
            Poll::Pending => match self.until.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Some(Err(axum::Error::new(StoodStill)))),
                Poll::Pending => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection whose other end must read what it asked for.
///
/// hyper has no bound of its own here: whoever sends many requests and reads no answer would keep a place for ever.
struct Heard {
    stream: TcpStream,
    longest: Duration,
    /// Runs while a write waits.
    until: Option<Pin<Box<Sleep>>>,
}

impl Heard {
    fn new(stream: TcpStream, longest: Duration) -> Self {
        Self { stream, longest, until: None }
    }

    /// Passes on how a write went; an error once it has waited for too long.
    fn bounded<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.until = None;
            return written;
        }
        let longest = self.longest;
        let until = self.until.get_or_insert_with(|| Box::pin(tokio::time::sleep(longest)));
        until.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Heard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Heard {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.bounded(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.bounded(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    // A socket of the operating system's has nothing to flush, so this waits for nobody.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    use super::*;

    const PATIENCE: Patience =
        Patience { head: Duration::from_millis(300), body: Duration::from_millis(300), connections: 4 };

    /// A server with a route that answers, one that reads, and one that takes its time.
    async fn start() -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new()
            .route(
                "/",
                get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
            )
            .route(
                "/read",
                post(|body: Result<Bytes, axum::extract::rejection::BytesRejection>| async move {
                    body.map_or_else(|_| "broken".to_owned(), |bytes| bytes.len().to_string())
                }),
            )
            .route("/large", get(|| async { vec![b'm'; 16 << 20] }))
            .route(
                "/slow",
                get(|| async {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    "done"
                }),
            );
        let server = tokio::spawn(serve(listener, router, PATIENCE, async move {
            let _ = stopped.await;
        }));
        (address, stop, server)
    }

    /// What comes back for some bytes, until the server hangs up or two seconds are over.
    async fn said(address: SocketAddr, sent: &str) -> Option<String> {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(2), stream.read_to_end(&mut answer)).await;
        read.is_ok().then(|| String::from_utf8_lossy(&answer).into_owned())
    }

    #[tokio::test]
    async fn a_caller_is_answered_and_known() {
        let (address, _stop, _) = start().await;
        let answer = said(address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
    }

    #[tokio::test]
    async fn half_a_head_is_cut_off() {
        let (address, _stop, _) = start().await;
        let answer = said(address, "GET / HTTP/1.1\r\nHost: ").await.expect("the server hangs up");
        assert!(!answer.contains("200"), "{answer}");
    }

    #[tokio::test]
    async fn a_body_that_stands_still_is_given_up() {
        let (address, _stop, _) = start().await;
        let head = "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nConnection: close\r\n\r\nabc";
        let answer = said(address, head).await.expect("the server answers");
        assert!(answer.ends_with("broken"), "{answer}");
    }

    #[tokio::test]
    async fn who_stands_in_the_door_does_not_keep_others_out_for_long() {
        let (address, _stop, _) = start().await;
        let mut idle = Vec::new();
        for _ in 0..20 {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
            idle.push(stream);
        }
        // Four at a time are cut off after 300 ms each; five rounds of them come first.
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        tokio::time::timeout(Duration::from_secs(10), stream.read_to_string(&mut answer))
            .await
            .unwrap()
            .unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    #[tokio::test]
    async fn who_asks_and_never_reads_is_cut_off() {
        let (address, _stop, _) = start().await;
        // As many as there is room for, each with more answers under way than all buffers hold.
        let mut deaf = Vec::new();
        for _ in 0..PATIENCE.connections {
            let mut stream = TcpStream::connect(address).await.unwrap();
            for _ in 0..4 {
                stream.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
            }
            deaf.push(stream);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let answer = said(address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert!(answer.expect("there is room again").starts_with("HTTP/1.1 200"));
    }

    #[tokio::test]
    async fn who_reads_slowly_gets_everything() {
        let (address, _stop, _) = start().await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let (mut total, mut pieces) = (0, 0);
        let mut piece = vec![0; 2 << 20];
        loop {
            let read = stream.read(&mut piece).await.unwrap();
            if read == 0 {
                break;
            }
            total += read;
            pieces += 1;
            if pieces % 8 == 0 {
                tokio::time::sleep(PATIENCE.body / 3).await;
            }
        }
        assert!(total > 16 << 20, "{total} bytes");
    }

    #[tokio::test]
    async fn who_says_nothing_is_cut_off_before_and_between() {
        let (address, _stop, _) = start().await;
        assert_eq!(said(address, "").await.expect("the server hangs up"), "");
        let between = said(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("the server hangs up");
        assert!(between.starts_with("HTTP/1.1 200"), "{between}");
    }

    #[tokio::test]
    async fn a_stop_finishes_what_has_begun() {
        let (address, stop, server) = start().await;
        let running = tokio::spawn(said(address, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"));
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.send(()).unwrap();
        assert!(running.await.unwrap().unwrap().ends_with("done"));
        tokio::time::timeout(Duration::from_secs(2), server).await.unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}
