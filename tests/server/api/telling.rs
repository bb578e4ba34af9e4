//! Other systems are told: a real receiver of ours hears, verifies and remembers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::inbox::{account, look, numbered, send, sign_in, words};
use crate::support::{Office, wait_until};
use crate::web_form::started;

/// What a receiver heard: name, time, signature, body.
type Heard = (String, String, String, String);

/// Somebody who is told.
#[derive(Clone, Default)]
struct Ear {
    heard: Arc<Mutex<Vec<Heard>>>,
    /// What is answered, one after the other; 200 when nothing is left. 0 is never to answer.
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Ear {
    fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    fn names(&self) -> Vec<String> {
        self.heard().into_iter().map(|(name, ..)| name).collect()
    }
}

async fn hear(State(ear): State<Ear>, headers: HeaderMap, body: Bytes) -> (StatusCode, HeaderMap) {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let heard = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"), body);
    ear.heard.lock().unwrap().push(heard);
    let answer = ear.answers.lock().unwrap().pop().unwrap_or(200);
    if answer == 0 {
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
    let mut more = HeaderMap::new();
    if answer == 302 {
        more.insert("location", "/elsewhere".parse().unwrap());
    }
    (StatusCode::from_u16(answer).unwrap(), more)
}

/// Starts a receiver on a port; it stops with the runtime.
fn listen(ear: &Ear, port: u16) -> (tokio::runtime::Runtime, u16) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", port))).unwrap();
    let port = listener.local_addr().unwrap().port();
    let router = Router::new().route("/{*path}", post(hear)).with_state(ear.clone());
    runtime.spawn(async move { axum::serve(listener, router).await });
    (runtime, port)
}

/// An office that may tell this machine, and its adviser.
fn open_office() -> (Office, String) {
    let office = started("\n[inbox]\nwebhook_networks = [\"127.0.0.1\"]\n");
    let cookie = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    (office, cookie)
}

/// Tells an address from now on, and gives the secret.
fn tell(office: &Office, cookie: &str, port: u16) -> Vec<u8> {
    let body = format!("handling=besked&adresse=http%3A%2F%2F127.0.0.1%3A{port}%2Fher");
    let page = send(office, "/indbakke/programmer", cookie, &body);
    assert_eq!(page.status, 200, "{}", page.body);
    let at = page.body.find("whsec_").expect("a secret") + "whsec_".len();
    let secret = page.body[at..].split('<').next().unwrap().replace("&#43;", "+").replace("&#61;", "=");
    assert!(!look(office, "/indbakke/programmer", cookie).body.contains("whsec_"), "it is shown once");
    STANDARD.decode(secret.trim()).unwrap()
}

fn signed(secret: &[u8], (name, at, _, body): &Heard) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("{name}.{at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[test]
fn what_happens_is_told_signed_and_without_content() {
    let (office, cookie) = open_office();
    let ear = Ear::default();
    let (_runtime, port) = listen(&ear, 0);
    let secret = tell(&office, &cookie, port);
    words(&office, "Birthe Lund <birthe@post.example>", "Om 010170-0000", "et", "Hemmeligheden er grøn.");
    let id = numbered(&office, "Om 010170-0000");
    let step = format!("/indbakke/h/{id}/trin");
    assert_eq!(send(&office, &step, &cookie, "formaal=spam").status, 303);
    wait_until("everything is told", || ear.heard().len() >= 3);
    let mut events = Vec::new();
    for heard in ear.heard() {
        assert_eq!(heard.2, signed(&secret, &heard));
        let body: Value = serde_json::from_str(&heard.3).unwrap();
        assert_eq!(body["data"]["event"], heard.0.as_str());
        assert_eq!(body["data"]["enquiry"], id);
        let reference = office.sql("SELECT reference FROM enquiry").remove(0);
        assert_eq!(body["data"]["reference"], reference.as_str());
        for content in ["irthe", "010170", "grøn", "Om "] {
            assert!(!heard.3.contains(content), "{}", heard.3);
        }
        events.push(body["type"].as_str().unwrap().to_owned());
    }
    events.sort();
    assert_eq!(events, ["enquiry.closed", "enquiry.created", "message.received"]);
    // Stopped, it is told no more.
    assert_eq!(send(&office, "/indbakke/programmer", &cookie, "handling=slut&nummer=1").status, 200);
    words(&office, "Carl <carl@post.example>", "Skolen", "to", "Skolen svarer ikke.");
    let waiting = office.sql("SELECT event FROM webhook_call WHERE done_at IS NULL");
    assert!(waiting.is_empty(), "{waiting:?}");
    assert!(!office.log().contains("/her"), "an address may hold a secret");
}

#[test]
fn who_does_not_hear_is_told_again_under_the_same_name() {
    let (office, cookie) = open_office();
    let ear = Ear::default();
    // A redirect is not followed.
    *ear.answers.lock().unwrap() = vec![302, 500];
    let (_runtime, port) = listen(&ear, 0);
    tell(&office, &cookie, port);
    words(&office, "Birthe Lund <birthe@post.example>", "Skolen", "et", "Hej.");
    wait_until("it failed", || ear.heard().len() >= 2);
    wait_until("the page says so", || {
        let page = look(&office, "/indbakke/programmer", &cookie).body;
        page.contains("HTTP 500") || page.contains("HTTP 302")
    });
    wait_until("everything is told", || {
        office.sql("SELECT event FROM webhook_call WHERE done_at IS NULL").is_empty()
    });
    let mut names = ear.names();
    assert_eq!(names.len(), 4, "two that failed, and those two again");
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 2);
}

#[test]
fn what_was_being_told_when_the_server_was_killed_is_told_again() {
    let (mut office, cookie) = open_office();
    let ear = Ear::default();
    *ear.answers.lock().unwrap() = vec![0, 0];
    let (_runtime, port) = listen(&ear, 0);
    tell(&office, &cookie, port);
    words(&office, "Birthe Lund <birthe@post.example>", "Skolen", "et", "Hej.");
    wait_until("it is on the wire", || ear.heard().len() >= 2);
    office.kill();
    let before = ear.names();
    // As if the time of the dead one's claim were over.
    office.damage(&["UPDATE webhook_call SET due_at = 1 WHERE done_at IS NULL"]);
    office.start_up();
    wait_until("it is told again", || ear.heard().len() >= 4);
    wait_until("everything is told", || {
        office.sql("SELECT event FROM webhook_call WHERE done_at IS NULL").is_empty()
    });
    let mut again = ear.names().split_off(2);
    let mut before = before;
    before.sort();
    again.sort();
    assert_eq!(again, before, "the same, under the same names");
}

#[test]
fn addresses_inside_are_not_taken() {
    let office = started("");
    let cookie = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    for address in [
        "http%3A%2F%2Fesdh.example%2F",
        "http%3A%2F%2F127.0.0.1%2F",
        "https%3A%2F%2F127.0.0.1%2F",
        "https%3A%2F%2F10.0.0.1%2F",
        "https%3A%2F%2F%5B%3A%3A1%5D%2F",
        "https%3A%2F%2F169.254.169.254%2F",
        "https%3A%2F%2Fnavn%3Akode%40esdh.example%2F",
        "ftp%3A%2F%2Fesdh.example%2F",
        "esdh.example",
        "",
    ] {
        let said =
            send(&office, "/indbakke/programmer", &cookie, &format!("handling=besked&adresse={address}"));
        assert_eq!(said.status, 422, "{address}");
    }
    assert!(office.sql("SELECT url FROM webhook").is_empty());
}
