//! Against a tiny server of our own, which answers what no real gateway could be asked to. It pins our reading of the
//! wire, and is no independent witness; Kannel is that, in `tests/peers`.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rstest::rstest;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::line::{Failure, Line, Reply};
use super::*;
use crate::sms::wire::{OutgoingText, Request};

/// Short enough for tests, long enough for a busy machine.
const TIMEOUT: Duration = Duration::from_secs(2);
const CAP: usize = 64 << 10;

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
        tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                let tls = tls.clone();
                // A client that goes away in the middle is what some of the tests are about.
                tokio::spawn(async move { serve(tcp, tls, does).await.unwrap_or_default() });
            }
        });
        Self { at, connections }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(mut tcp: TcpStream, tls: Option<TlsAcceptor>, does: Does) -> io::Result<()> {
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
        (does, Some(tls)) => act(tls.accept(tcp).await?, does).await,
        (does, None) => act(tcp, does).await,
    }
}

async fn act(mut stream: impl AsyncRead + AsyncWrite + Unpin, does: Does) -> io::Result<()> {
    read_request(&mut stream).await?;
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

fn post(url: String) -> Request {
    let headers = vec![("authorization".to_owned(), "Basic s3cret".to_owned())];
    Request { method: "POST", url, headers, body: b"to=4520123456&text=Hej".to_vec() }
}

async fn ask(does: Does) -> (Result<Reply, Failure>, Server) {
    let server = Server::start(does, None).await;
    let url = format!("http://{}/send?key=s3cret&to=4520123456", server.at);
    let line = Line::new(None, None, TIMEOUT).unwrap();
    (line.exchange(&post(url), CAP).await, server)
}

/// In one word, and no word may hold the secret, the number, the text or the address.
fn word(result: &Result<Reply, Failure>) -> &'static str {
    let (word, words) = match result {
        Ok(_) => return "reply",
        Err(Failure::NotMade(words)) => ("not made", words),
        Err(Failure::NoConnection(words)) => ("no connection", words),
        Err(Failure::Broken { words, .. }) => ("broken", words),
    };
    for secret in ["s3cret", "4520123456", "Hej", "127.0.0.1", "/send", "http:"] {
        assert!(!words.contains(secret), "{words}");
    }
    word
}

#[rstest]
#[case::hangs_up_before_reading(Does::HangsUpAtOnce, "broken")]
#[case::hangs_up_after_reading(Does::HangsUp, "broken")]
#[case::resets(Does::Resets, "broken")]
#[case::half_a_status_line(Does::Says("HTTP/1.1 20"), "broken")]
#[case::half_a_head(Does::Says("HTTP/1.1 200 OK\r\nContent-Ty"), "broken")]
#[case::half_a_body(Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"id\":"), "broken")]
#[case::half_a_refusal(Does::Says("HTTP/1.1 401 No\r\nContent-Length: 50\r\n\r\n{\"id\":"), "broken")]
#[case::half_a_chunk(
    Does::Says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"id\""),
    "broken"
)]
#[case::silence(Does::SaysAndWaits(""), "broken")]
#[case::silence_after_the_head(Does::SaysAndWaits("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), "broken")]
#[case::only_an_interim_answer(Does::SaysAndWaits("HTTP/1.1 100 Continue\r\n\r\n"), "broken")]
#[case::no_http(Does::Says("220 mail.example.org ESMTP\r\n"), "broken")]
#[case::exactly_as_much_as_may_be(Does::SaysBytes(CAP), "reply")]
#[case::one_byte_more(Does::SaysBytes(CAP + 1), "broken")]
#[case::far_more(Does::SaysBytes(70 << 10), "broken")]
#[case::all_is_well(Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), "reply")]
#[case::ends_with_the_connection(Does::Says("HTTP/1.1 200 OK\r\n\r\n{}"), "reply")]
#[case::an_interim_answer_first(
    Does::Says("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 OK\r\nContent-Length: 0\r\n\r\n"),
    "reply"
)]
#[tokio::test]
async fn only_a_whole_answer_is_an_answer(#[case] does: Does, #[case] expected: &str) {
    let (result, server) = ask(does).await;
    assert_eq!(word(&result), expected);
    assert_eq!(server.connections(), 1, "nothing is tried a second time");
}

#[tokio::test]
async fn what_came_of_a_broken_answer_is_kept() {
    let (result, _) = ask(Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"messages\":[")).await;
    let Err(Failure::Broken { received, words }) = result else { panic!() };
    assert_eq!(received, b"{\"messages\":[");
    assert!(words.contains("HTTP 200"), "{words}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let elsewhere = Server::start(Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), None).await;
    let words = format!(
        "HTTP/1.1 307 Elsewhere\r\nLocation: http://{}/other\r\nContent-Length: 0\r\n\r\n",
        elsewhere.at
    );
    let (result, _) = ask(Does::Says(words.leak())).await;
    let reply = result.ok().unwrap();
    assert_eq!(reply.status, 307);
    assert!(reply.headers.iter().any(|(name, _)| name == "location"));
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn every_request_has_a_connection_of_its_own() {
    let server = Server::start(Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), None).await;
    let line = Line::new(None, None, TIMEOUT).unwrap();
    for _ in 0..3 {
        let result = line.exchange(&post(format!("http://{}/", server.at)), CAP).await;
        assert_eq!(word(&result), "reply");
    }
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn a_port_where_nobody_listens() {
    let line = Line::new(None, None, TIMEOUT).unwrap();
    let port = indgang_peers::free_port().unwrap();
    let result = line.exchange(&post(format!("http://127.0.0.1:{port}/send?key=s3cret")), CAP).await;
    assert_eq!(word(&result), "no connection");
    let Err(Failure::NoConnection(words)) = result else { panic!() };
    assert_eq!(words, "the connection was refused");
}

#[tokio::test]
async fn a_host_that_does_not_exist() {
    let line = Line::new(None, None, TIMEOUT).unwrap();
    let result = line.exchange(&post("https://gateway.invalid/send?key=s3cret".to_owned()), CAP).await;
    assert_eq!(word(&result), "no connection");
}

#[rstest]
#[case::trusted(Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), true, "localhost", "reply")]
#[case::by_address(Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), true, "127.0.0.1", "reply")]
#[case::not_trusted(
    Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
    false,
    "localhost",
    "no connection"
)]
#[case::another_name(
    Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
    true,
    "127.0.0.2",
    "no connection"
)]
#[case::speaks_no_tls(Does::SaysBeforeTls("HTTP/1.1 400 TLS?\r\n\r\n"), true, "localhost", "no connection")]
#[case::hangs_up_at_the_handshake(Does::HangsUpAtOnce, true, "localhost", "no connection")]
#[case::no_handshake_in_time(Does::WaitsBeforeTls, true, "localhost", "no connection")]
#[case::hangs_up_after_the_handshake(Does::HangsUp, true, "localhost", "broken")]
#[tokio::test]
async fn without_trust_nothing_is_handed_over(
    #[case] does: Does,
    #[case] trusted: bool,
    #[case] host: &str,
    #[case] expected: &str,
) {
    // Every address of 127/8 is this machine.
    let server =
        Server::start_at(if host == "localhost" { "127.0.0.1" } else { host }, does, Some(acceptor())).await;
    let ca = trusted.then(|| pem("ca.pem"));
    let line = Line::new(None, ca.as_deref(), TIMEOUT).unwrap();
    let result = line.exchange(&post(format!("https://{host}:{}/send", server.at.port())), CAP).await;
    assert_eq!(word(&result), expected, "{}", failure_words(&result));
}

fn failure_words(result: &Result<Reply, Failure>) -> &str {
    match result {
        Ok(_) => "",
        Err(Failure::NotMade(words) | Failure::NoConnection(words) | Failure::Broken { words, .. }) => words,
    }
}

#[rstest]
#[case(None, "https://gateway.invalid/", "no connection")]
#[case(None, "http://gateway.invalid/", "not made")]
#[case(None, "ftp://127.0.0.1/", "not made")]
#[case(None, "file:///etc/hostname", "not made")]
#[case(None, "/send", "not made")]
#[case(None, "", "not made")]
#[case(Some("http://kannel.invalid:13013/"), "http://kannel.invalid:13013/cgi-bin/sendsms", "no connection")]
#[case(Some("http://kannel.invalid:13013/"), "http://kannel.invalid:80/cgi-bin/sendsms", "not made")]
#[case(Some("http://kannel.invalid:13013/"), "http://other.invalid:13013/", "not made")]
#[case(Some("https://gateway.invalid/"), "http://gateway.invalid/", "not made")]
#[case(Some("https://gateway.invalid/"), "https://other.invalid/", "no connection")]
#[tokio::test]
async fn in_clear_only_where_the_office_says_so(
    #[case] base: Option<&str>,
    #[case] url: &str,
    #[case] expected: &str,
) {
    let base = base.map(|base| Url::parse(base).unwrap());
    let line = Line::new(base, None, TIMEOUT).unwrap();
    assert_eq!(word(&line.exchange(&post(url.to_owned()), CAP).await), expected);
}

#[rstest]
#[case("DELETE", "x", "y")]
#[case("POST", "x y", "y")]
#[case("POST", "x", "a\r\nb: c")]
#[tokio::test]
async fn what_is_no_request_is_not_made(
    #[case] method: &'static str,
    #[case] name: &str,
    #[case] value: &str,
) {
    let server = Server::start(Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), None).await;
    let line = Line::new(None, None, TIMEOUT).unwrap();
    let headers = vec![(name.to_owned(), value.to_owned())];
    let request = Request { method, url: format!("http://{}/", server.at), headers, body: Vec::new() };
    assert_eq!(word(&line.exchange(&request, CAP).await), "not made");
    assert_eq!(server.connections(), 0);
}

/// A preset with everything that a gateway can be asked: as small as can be, and of no real gateway.
const WHOLE: &str = r#"
title = "Test"
source = "None: it exists here alone"
plain_http = true
[verify]
kind = "path_secret"
[auth]
basic = ["$user", "$password"]
[send]
method = "POST"
url = "/send"
format = "json"
fields = { to = "{to}", from = "{from}", text = "{text}", report = "{report_url}" }
id = "/id"
code = "/code"
[send.ok]
status = [200]
present = "/id"
[check]
method = "GET"
url = "/me"
[check.ok]
status = [200]
present = "/balance"
[collect.texts]
method = "GET"
url = "/texts"
items = "/messages"
from = "/from"
text = "/text"
"#;

fn settings(toml: &str, base_url: String) -> Settings {
    let credentials = Credentials {
        user: Some("bruger".to_owned()),
        password: Some("s3cret".into()),
        path_secret: Some("0123456789abcdef".into()),
        ..Credentials::default()
    };
    Settings {
        name: "borger".to_owned(),
        preset: Preset::parse("test", toml).unwrap(),
        credentials,
        base_url: Some(base_url),
        extra_ca: None,
        timeout: TIMEOUT,
    }
}

async fn gateway(toml: &str, does: Does) -> (Gateway, Server) {
    let server = Server::start(does, None).await;
    (Gateway::new(settings(toml, format!("http://{}", server.at))).unwrap(), server)
}

const TEXT: OutgoingText<'static> = OutgoingText {
    to: "+4520123456",
    from: "+4570000001",
    text: "Hej æøå",
    token: "t1",
    report_url: "https://borger.example.org/sms/t1",
};

fn accepted(id: &str) -> Outcome {
    Outcome::Accepted { id: Some(id.to_owned()) }
}

fn refused(words: &str) -> Outcome {
    Outcome::Refused { words: words.to_owned() }
}

fn later(words: &str, after: Option<u64>, tries: Option<u32>) -> Outcome {
    Outcome::Later { words: words.to_owned(), after: after.map(Duration::from_secs), tries }
}

fn unknown(words: &str) -> Outcome {
    Outcome::Unknown { words: words.to_owned() }
}

#[rstest]
#[case::taken(Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"id\": 17}"), accepted("17"))]
#[case::garbage(Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<htm>"), unknown("HTTP 200"))]
#[case::nothing(Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), unknown("HTTP 200"))]
#[case::redirect(
    Does::Says("HTTP/1.1 302 No\r\nLocation: https://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"),
    refused("HTTP 302")
)]
#[case::refused(
    Does::Says("HTTP/1.1 401 No\r\nContent-Length: 12\r\n\r\n{\"code\":\"9\"}"),
    refused("HTTP 401, code 9")
)]
#[case::busy(
    Does::Says("HTTP/1.1 429 No\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"),
    later("HTTP 429", Some(30), None)
)]
#[case::error(Does::Says("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), later("HTTP 500", None, Some(2)))]
#[case::behind_another(Does::Says("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n"), unknown("HTTP 502"))]
#[case::half_an_acceptance(
    Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"id\": 17}"),
    unknown("HTTP 200, but the connection ended or the answer was no HTTP")
)]
#[case::half_a_refusal(
    Does::Says("HTTP/1.1 401 No\r\nContent-Length: 99\r\n\r\n{}"),
    unknown("HTTP 401, but the connection ended or the answer was no HTTP")
)]
#[case::hangs_up(Does::HangsUp, unknown("the connection ended or the answer was no HTTP"))]
#[case::silence(Does::SaysAndWaits(""), unknown("no whole answer in time"))]
#[case::too_much(Does::SaysBytes(70 << 10), unknown("HTTP 200 with more than 65536 bytes"))]
#[tokio::test]
async fn what_came_of_a_text(#[case] does: Does, #[case] expected: Outcome) {
    let (gateway, server) = gateway(WHOLE, does).await;
    assert_eq!(gateway.send(&TEXT).await, expected);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_text_that_could_not_be_handed_over() {
    let port = indgang_peers::free_port().unwrap();
    let gateway = Gateway::new(settings(WHOLE, format!("http://127.0.0.1:{port}"))).unwrap();
    let words = "the connection was refused".to_owned();
    assert_eq!(gateway.send(&TEXT).await, Outcome::Unreachable { words });
    let mut lacking = settings(WHOLE, format!("http://127.0.0.1:{port}"));
    lacking.credentials.password = None;
    let outcome = Gateway::new(lacking).unwrap().send(&TEXT).await;
    assert_eq!(outcome, refused("the account has no password"));
}

/// The preset without a part of it.
fn without(part: &str) -> String {
    let begin = WHOLE.find(&format!("[{part}]")).unwrap();
    let kept = WHOLE[begin + 1..].match_indices("\n[").map(|(at, _)| begin + 1 + at + 1);
    let end = kept.filter(|at| !WHOLE[*at..].starts_with(&format!("[{part}."))).next().unwrap_or(WHOLE.len());
    format!("{}{}", &WHOLE[..begin], &WHOLE[end..])
}

#[tokio::test]
async fn an_account_is_tried_without_sending() {
    let (known, _) =
        gateway(WHOLE, Does::Says("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"balance\":0}")).await;
    assert!(known.check().await.unwrap().contains("knows the account"));
    let (unknown, _) = gateway(WHOLE, Does::Says("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")).await;
    assert_eq!(unknown.check().await.unwrap_err().to_string(), "the gateway refused (HTTP 401)");
    let (silent, _) = gateway(WHOLE, Does::HangsUp).await;
    assert!(matches!(silent.check().await, Err(GatewayError::Broken { .. })));
}

#[tokio::test]
async fn where_an_account_cannot_be_tried_only_the_connection_is() {
    let toml = without("check");
    let (gateway, server) = gateway(&toml, Does::HangsUpAtOnce).await;
    let words = gateway.check().await.unwrap();
    assert!(words.contains("cannot be tried without sending"), "{words}");
    // The client need not wait for the server to accept what the kernel has already connected.
    while server.connections() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.connections(), 1);
    let port = indgang_peers::free_port().unwrap();
    let nobody = Gateway::new(settings(&toml, format!("http://127.0.0.1:{port}"))).unwrap();
    assert!(matches!(nobody.check().await, Err(GatewayError::Unreachable { .. })));
    let mut lacking = settings(&toml, format!("http://127.0.0.1:{port}"));
    lacking.credentials.user = None;
    let lacking = Gateway::new(lacking).unwrap().check().await.unwrap_err();
    assert_eq!(lacking.to_string(), "the account has no user");
}

#[rstest]
#[case::trusted(Does::HangsUp, true, true)]
#[case::not_trusted(Does::HangsUp, false, false)]
#[case::no_tls(Does::SaysBeforeTls("HTTP/1.1 400 TLS?\r\n\r\n"), true, false)]
#[case::no_handshake_in_time(Does::WaitsBeforeTls, true, false)]
#[tokio::test]
async fn a_connection_that_is_tried_is_a_trusted_one(
    #[case] does: Does,
    #[case] trusted: bool,
    #[case] expected: bool,
) {
    let server = Server::start(does, Some(acceptor())).await;
    let mut settings = settings(&without("check"), format!("https://localhost:{}", server.at.port()));
    settings.extra_ca = trusted.then(|| pem("ca.pem"));
    let result = Gateway::new(settings).unwrap().check().await;
    assert_eq!(result.is_ok(), expected, "{result:?}");
    assert!(expected || matches!(result, Err(GatewayError::Unreachable { .. })), "{result:?}");
}

#[tokio::test]
async fn what_a_gateway_keeps_is_asked_for() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n{\"messages\":[{\"from\":\"+45201\",\"text\":\"Hej\"}]}";
    let (full, _) = gateway(WHOLE, Does::Says(answer)).await;
    let body = full.collect(Collecting::Texts).await.unwrap();
    assert_eq!(full.preset().collected(Collecting::Texts, &body).len(), 1);
    let reports = full.collect(Collecting::Reports).await;
    assert!(matches!(reports, Err(GatewayError::NothingToCollect)));
    let (large, _) = gateway(WHOLE, Does::SaysBytes(1 << 20)).await;
    assert_eq!(large.collect(Collecting::Texts).await.unwrap().len(), 1 << 20);
    let (refusing, _) = gateway(WHOLE, Does::Says("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")).await;
    assert!(matches!(refusing.collect(Collecting::Texts).await, Err(GatewayError::Refused { .. })));
}

/// A gateway that hands out once and breaks off has still given something: it reaches whoever asked, and no log.
#[tokio::test]
async fn what_a_broken_list_held_is_not_lost() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{\"messages\":[{\"text\":\"Hej";
    let (gateway, _) = gateway(WHOLE, Does::Says(answer)).await;
    let error = gateway.collect(Collecting::Texts).await.unwrap_err();
    for words in [error.to_string(), format!("{error:?}")] {
        assert!(!words.contains("Hej"), "{words}");
    }
    let GatewayError::Broken { received, .. } = error else { panic!("{error}") };
    assert_eq!(received.0, b"{\"messages\":[{\"text\":\"Hej");
}

#[rstest]
#[case("kannel.invalid")]
#[case("ftp://kannel.invalid")]
#[case("data:,x")]
#[case("")]
fn an_address_that_is_none(#[case] base_url: &str) {
    let error = Gateway::new(settings(WHOLE, base_url.to_owned())).unwrap_err();
    assert!(matches!(error, GatewayError::Address), "{error}");
}

#[test]
fn a_gateway_shows_no_secret() {
    let gateway = Gateway::new(settings(WHOLE, "https://gateway.invalid".to_owned())).unwrap();
    assert_eq!(format!("{gateway:?}"), "Gateway(borger, test)");
    assert!(!format!("{:?}", gateway.settings).contains("s3cret"));
}
