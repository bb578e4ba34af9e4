//! Against a tiny server of our own, which answers what no real gateway could be asked to. It pins our reading of the
//! wire, and is no independent witness; Kannel is that, in `tests/peers`.

mod line;
mod whole;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Short enough for tests, long enough for a busy machine.
const TIMEOUT: Duration = Duration::from_secs(2);

/// What the server does with one connection.
#[derive(Clone, Copy)]
enum Does {
    /// Hangs up before it has read anything.
    HangsUpAtOnce,
    /// Reads the whole request and hangs up.
    HangsUp,
    /// Reads, and resets the connection.
    Resets,
    /// Reads, writes this and hangs up.
    Says(&'static str),
    /// Reads, writes a 200 with a body of so many bytes.
    SaysBytes(usize),
    /// Reads, writes this and says no more, with the connection open.
    SaysAndWaits(&'static str),
    /// Leaves whoever begins TLS waiting.
    WaitsBeforeTls,
    /// Says something without TLS to whoever begins TLS.
    SaysBeforeTls(&'static str),
}

struct Server {
    at: SocketAddr,
    connections: Arc<AtomicUsize>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(does: Does, tls: Option<TlsAcceptor>) -> Self {
        Self::start_at("127.0.0.1", does, tls).await
    }

    async fn start_at(host: &str, does: Does, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let at = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let heard = Arc::default();
        let hears = Arc::clone(&heard);
        tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                let (tls, hears) = (tls.clone(), Arc::clone(&hears));
                // A client that goes away in the middle is what some of the tests are about.
                tokio::spawn(async move { serve(tcp, tls, does, &hears).await.unwrap_or_default() });
            }
        });
        Self { at, connections, heard }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The requests that were read whole.
    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

async fn serve(
    mut tcp: TcpStream,
    tls: Option<TlsAcceptor>,
    does: Does,
    heard: &Mutex<Vec<String>>,
) -> io::Result<()> {
    match (does, tls) {
        (Does::HangsUpAtOnce, _) => Ok(()),
        (Does::SaysBeforeTls(words), _) => tcp.write_all(words.as_bytes()).await,
        (Does::WaitsBeforeTls, _) => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(())
        }
        (Does::Resets, _) => {
            read_request(&mut tcp).await?;
            tcp.set_zero_linger()
        }
        (does, Some(tls)) => act(tls.accept(tcp).await?, does, heard).await,
        (does, None) => act(tcp, does, heard).await,
    }
}

async fn act(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    does: Does,
    heard: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let request = read_request(&mut stream).await?;
    heard.lock().unwrap().push(request);
    match does {
        Does::Says(words) => stream.write_all(words.as_bytes()).await?,
        Does::SaysBytes(count) => {
            stream
                .write_all(format!("HTTP/1.1 200 OK\r\nContent-Length: {count}\r\n\r\n").as_bytes())
                .await?;
            stream.write_all(&vec![b'x'; count]).await?;
        }
        Does::SaysAndWaits(words) => {
            stream.write_all(words.as_bytes()).await?;
            stream.flush().await?;
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        _ => {}
    }
    stream.shutdown().await
}

/// The head and a body of the length that it tells.
async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Ok(text.into_owned());
            }
        }
        let mut piece = [0; 4096];
        let count = stream.read(&mut piece).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        read.extend_from_slice(&piece[..count]);
    }
}

fn acceptor() -> TlsAcceptor {
    let certificates =
        CertificateDer::pem_file_iter(pem("server.pem")).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(pem("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn pem(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sms/tls").join(file)
}
