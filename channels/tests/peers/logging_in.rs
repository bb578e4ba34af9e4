//! Connecting and logging in: what is let through, what is refused, and with which words.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use indgang_channels::email::mailbox::{Account, Auth, Mailbox, MailboxErrorKind, Tls};
use indgang_channels::email::oauth::{ClientCredentials, TokenError, TokenSource};
use indgang_peers::Dovecot;
use rstest::rstest;

use crate::support::{USER, account, letter, open};

#[rstest]
#[case(Tls::Implicit)]
#[case(Tls::StartTls)]
#[tokio::test]
async fn a_protected_connection_needs_a_certificate_that_is_trusted(#[case] tls: Tls) {
    let dovecot = Dovecot::start().unwrap();
    dovecot.deliver(USER, &letter(1, 300)).unwrap();
    let port = if tls == Tls::Implicit { dovecot.tls_port() } else { dovecot.port() };
    let mut account = Account { tls, port, ..account(&dovecot) };

    let error = Mailbox::connect(&account).await.unwrap_err();
    assert!(matches!(error.kind, MailboxErrorKind::Tls(_)), "{error}");
    assert!(error.to_string().contains("email.mailboxes.borger.ca_file"), "{error}");

    account.extra_ca = Some(dovecot.authority().to_owned());
    let mut mailbox = Mailbox::connect(&account).await.unwrap();
    assert_eq!(mailbox.select().await.unwrap().exists, 1);

    account.host = "localhost".to_owned();
    Mailbox::connect(&account).await.unwrap();

    // The right server under a name that its certificate does not carry.
    account.host = "127.0.0.2".to_owned();
    assert!(Mailbox::connect(&account).await.is_err());
}

#[tokio::test]
async fn plain_text_is_spoken_to_this_machine_only() {
    let dovecot = Dovecot::start().unwrap();
    open(&account(&dovecot)).await;
    // A documentation address (RFC 5737): were it tried, it would time out instead of being refused.
    let far = Account { host: "192.0.2.1".to_owned(), ..account(&dovecot) };
    let begun = Instant::now();
    let error = Mailbox::connect(&far).await.unwrap_err();
    assert!(matches!(error.kind, MailboxErrorKind::PlainRefused));
    assert!(error.to_string().contains("email.mailboxes.borger.tls"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_wrong_password_is_named_by_its_key_and_not_shown() {
    let dovecot = Dovecot::start().unwrap();
    let auth = Auth::Password("forkert-kode".to_owned().into());
    let error = Mailbox::connect(&Account { auth, ..account(&dovecot) }).await.unwrap_err();
    assert!(matches!(error.kind, MailboxErrorKind::LoginRefused { key: "password" }), "{error:?}");
    let words = format!("{error} {error:?}");
    assert!(words.contains("email.mailboxes.borger.password"));
    assert!(!words.contains("forkert-kode"));
    assert!(error.needs_operator());
}

#[tokio::test]
async fn a_folder_that_does_not_exist_is_named_by_its_key() {
    let dovecot = Dovecot::start().unwrap();
    let account = Account { folder: "Findes ikke".to_owned(), ..account(&dovecot) };
    let mut mailbox = Mailbox::connect(&account).await.unwrap();
    let error = mailbox.select().await.unwrap_err();
    assert!(error.to_string().contains("email.mailboxes.borger.folder"), "{error}");
    assert!(error.keeps_connection());
}

#[tokio::test]
async fn a_folder_with_danish_letters_opens() {
    let dovecot = Dovecot::start().unwrap();
    dovecot.folder(USER, "F&AOY-lles").unwrap().deliver(&letter(1, 300)).unwrap();
    let account = Account { folder: "Fælles".to_owned(), ..account(&dovecot) };
    let mut mailbox = Mailbox::connect(&account).await.unwrap();
    assert_eq!(mailbox.select().await.unwrap().exists, 1);
}

#[tokio::test]
async fn nobody_there_is_said_at_once() {
    let port = indgang_peers::free_port().unwrap();
    let auth = Auth::Password("x".to_owned().into());
    let account = Account::new("borger", "127.0.0.1", port, Tls::Plain, USER, auth);
    let error = Mailbox::connect(&account).await.unwrap_err();
    assert!(matches!(error.kind, MailboxErrorKind::Unreachable(_)), "{error}");
}

/// A fake, since no real server can be made to hang so reliably: it accepts connections and says nothing, or only its
/// greeting.
#[rstest]
#[case("")]
#[case("* OK ready\r\n")]
#[tokio::test]
async fn a_server_that_hangs_is_given_up(#[case] greeting: &'static str) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let held: Vec<_> = listener
            .incoming()
            .flatten()
            .map(|mut stream| {
                let _ = stream.write_all(greeting.as_bytes());
                stream
            })
            .collect();
        drop(held);
    });
    let auth = Auth::Password("x".to_owned().into());
    let mut account = Account::new("borger", "127.0.0.1", port, Tls::Plain, USER, auth);
    account.silence = Duration::from_millis(300);
    let begun = Instant::now();
    let error = Mailbox::connect(&account).await.unwrap_err();
    assert!(matches!(error.kind, MailboxErrorKind::TimedOut { .. }), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(3));
}

/// A fake token endpoint and introspection endpoint in one; Dovecot's side of XOAUTH2 is real. Hands out `token-1`,
/// `token-2`, …, and calls those good that stand in `good`.
struct Tokens {
    url: String,
    handed_out: Arc<AtomicUsize>,
    good: Arc<Mutex<Vec<String>>>,
}

impl Tokens {
    fn start(refuse: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let handed_out = Arc::new(AtomicUsize::new(0));
        let good = Arc::new(Mutex::new(Vec::new()));
        let (count, list) = (Arc::clone(&handed_out), Arc::clone(&good));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (count, list) = (Arc::clone(&count), Arc::clone(&list));
                std::thread::spawn(move || {
                    let mut request = Vec::new();
                    let mut buffer = [0; 4096];
                    let whole = |request: &[u8]| {
                        let text = String::from_utf8_lossy(request).into_owned();
                        let (head, body) = text.split_once("\r\n\r\n")?;
                        let length = head.lines().find_map(|line| {
                            line.to_ascii_lowercase()
                                .strip_prefix("content-length:")?
                                .trim()
                                .parse::<usize>()
                                .ok()
                        });
                        (body.len() >= length.unwrap_or(0)).then_some(text)
                    };
                    let text = loop {
                        let read = stream.read(&mut buffer).unwrap_or(0);
                        request.extend_from_slice(&buffer[..read]);
                        match whole(&request) {
                            Some(text) => break text,
                            None if read == 0 => return,
                            None => {}
                        }
                    };
                    let (status, body) = if text.starts_with("POST /token") {
                        assert!(
                            text.contains("grant_type=client_credentials")
                                && text.contains("client_id=indgang")
                        );
                        if refuse {
                            (
                                "401 Unauthorized",
                                r#"{"error":"invalid_client","error_description":"x"}"#.to_owned(),
                            )
                        } else {
                            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
                            let body = format!(r#"{{"access_token":"token-{number}","expires_in":3600}}"#);
                            ("200 OK", body)
                        }
                    } else {
                        let good =
                            list.lock().unwrap().iter().any(|token: &String| text.contains(token.as_str()));
                        ("200 OK", format!(r#"{{"active":{good},"username":"{USER}"}}"#))
                    };
                    let length = body.len();
                    let _ = write!(
                        stream,
                        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
                         Connection: close\r\n\r\n{body}"
                    );
                });
            }
        });
        Self { url, handed_out, good }
    }

    fn source(&self) -> TokenSource {
        TokenSource::new(ClientCredentials {
            token_url: format!("{}/token", self.url),
            client_id: "indgang".to_owned(),
            client_secret: "klient-hemmelighed".to_owned().into(),
            scope: "imap".to_owned(),
            extra_ca: None,
        })
        .unwrap()
    }

    fn introspection(&self) -> String {
        format!("{}/introspect/", self.url)
    }
}

#[tokio::test]
async fn an_access_token_opens_the_mailbox_and_is_used_again() {
    let tokens = Tokens::start(false);
    let dovecot = Dovecot::start_with_tokens(Some(&tokens.introspection())).unwrap();
    dovecot.deliver(USER, &letter(1, 300)).unwrap();
    tokens.good.lock().unwrap().push("token-1".to_owned());
    let account = Account { auth: Auth::XOAuth2(tokens.source()), ..account(&dovecot) };
    for _ in 0..2 {
        let mut mailbox =
            Mailbox::connect(&account).await.unwrap_or_else(|error| panic!("{error}\n{}", dovecot.log()));
        assert_eq!(mailbox.select().await.unwrap().exists, 1);
    }
    assert_eq!(tokens.handed_out.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once() {
    let tokens = Tokens::start(false);
    let dovecot = Dovecot::start_with_tokens(Some(&tokens.introspection())).unwrap();
    dovecot.deliver(USER, &letter(1, 300)).unwrap();
    tokens.good.lock().unwrap().push("token-2".to_owned());
    let account = Account { auth: Auth::XOAuth2(tokens.source()), ..account(&dovecot) };
    Mailbox::connect(&account).await.unwrap_or_else(|error| panic!("{error}\n{}", dovecot.log()));
    assert_eq!(tokens.handed_out.load(Ordering::SeqCst), 2);

    tokens.good.lock().unwrap().clear();
    let error = Mailbox::connect(&account).await.unwrap_err();
    assert!(matches!(error.kind, MailboxErrorKind::LoginRefused { key: "oauth" }), "{error}");
    assert_eq!(tokens.handed_out.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_token_endpoint_that_refuses_is_named_without_its_secret() {
    let tokens = Tokens::start(true);
    let error = tokens.source().token().await.unwrap_err();
    assert!(
        matches!(&error, TokenError::Refused { status: 401, code } if code == "invalid_client"),
        "{error}"
    );
    assert!(!format!("{error} {error:?} {:?}", tokens.source()).contains("klient-hemmelighed"));
}

#[rstest]
#[case("http://login.example.org/token")]
#[case("ftp://127.0.0.1/token")]
#[case("not an address")]
fn a_secret_is_not_sent_in_clear(#[case] token_url: &str) {
    let credentials = ClientCredentials {
        token_url: token_url.to_owned(),
        client_id: "indgang".to_owned(),
        client_secret: "x".to_owned().into(),
        scope: String::new(),
        extra_ca: None,
    };
    assert!(matches!(TokenSource::new(credentials), Err(TokenError::Url)));
}
