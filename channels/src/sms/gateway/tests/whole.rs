//! A gateway with a preset: what came of a text, of a check, of asking for what it keeps.

use std::time::Duration;

use rstest::rstest;

use super::super::*;
use super::{Does, Server, TIMEOUT, acceptor, pem};

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

/// An acceptance that breaks off anywhere is none, however much of it was to be seen; and none is tried again.
#[rstest]
#[case::by_length(
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"id\":\"17\"}"
)]
#[case::in_chunks(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n6\r\n:\"17\"}\r\n0\r\n\r\n"
)]
#[tokio::test]
async fn an_acceptance_cut_anywhere_is_unknown(#[case] whole: &'static str) {
    for end in 0..whole.len() {
        let (gateway, server) = gateway(WHOLE, Does::Says(&whole[..end])).await;
        let outcome = gateway.send(&TEXT).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?} after {:?}", &whole[..end]);
        assert_eq!(server.connections(), 1);
    }
    let (gateway, _) = gateway(WHOLE, Does::Says(whole)).await;
    assert_eq!(gateway.send(&TEXT).await, accepted("17"));
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
    let mut tables = WHOLE[begin + 1..].match_indices("\n[").map(|(at, _)| begin + 1 + at + 1);
    let end = tables.find(|at| !WHOLE[*at..].starts_with(&format!("[{part}.")));
    let end = end.unwrap_or(WHOLE.len());
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
