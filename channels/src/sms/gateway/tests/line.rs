//! One request and how far it came.

use std::process::Command;

use reqwest::Url;
use rstest::rstest;

use super::super::line::{Failure, Line, Reply};
use super::{Does, Server, TIMEOUT, acceptor, pem};
use crate::sms::wire::Request;

const CAP: usize = 64 << 10;

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

/// Even where the server would keep it open.
#[tokio::test]
async fn every_request_has_a_connection_of_its_own() {
    let server =
        Server::start(Does::SaysAndWaits("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), None).await;
    let line = Line::new(None, None, TIMEOUT).unwrap();
    for _ in 0..3 {
        let result = line.exchange(&post(format!("http://{}/", server.at)), CAP).await;
        assert_eq!(word(&result), "reply");
    }
    assert_eq!(server.connections(), 3);
}

/// Nothing is told beside what the preset says: no version, no cookie, no wish for compression that a cap could not see
/// through.
#[tokio::test]
async fn a_gateway_hears_what_the_preset_says_and_our_name() {
    let (result, server) =
        ask(Does::Says("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")).await;
    assert_eq!(word(&result), "reply");
    let heard = server.heard();
    let (head, body) = heard[0].split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<_> = head.lines().map(str::to_lowercase).collect();
    lines[1..].sort();
    let host = format!("host: {}", server.at);
    let expected = [
        "post /send?key=s3cret&to=4520123456 http/1.1",
        "accept: */*",
        "authorization: basic s3cret",
        "content-length: 22",
        &host,
        "user-agent: indgang",
    ];
    assert_eq!(lines, expected);
    assert_eq!(body, "to=4520123456&text=Hej");
}

/// Runs the test above in a process whose environment names a proxy, at a port where nobody is.
#[test]
fn a_proxy_in_the_environment_is_not_asked() {
    let mut again = Command::new(std::env::current_exe().unwrap());
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"] {
        again.env(name, "http://127.0.0.1:9");
    }
    let name = "sms::gateway::tests::line::a_gateway_hears_what_the_preset_says_and_our_name";
    let output = again.args(["--exact", name]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
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
