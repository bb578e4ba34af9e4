//! Submission: a real Postfix takes, defers and refuses letters; what a silent or vanishing server means is tried on
//! small fakes, and said so there.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use indgang_channels::email::compose::{Composed, Outgoing, compose};
use indgang_channels::email::submit::{SendError, Server, SubmitTls, Submitter};
use indgang_peers::Postfix;
use jiff::Timestamp;
use rstest::rstest;

fn server(port: u16, tls: SubmitTls) -> Server {
    let timeout = Duration::from_secs(10);
    Server { host: "127.0.0.1".to_owned(), port, tls, extra_ca: None, credentials: None, timeout }
}

fn letter(to: &str, number: usize) -> Composed {
    compose(&Outgoing {
        from: "borgerraadgiver@kommune.example",
        from_name: "Borgerrådgiveren",
        to,
        subject: "Din henvendelse er modtaget",
        body: ".\nTak for din henvendelse.\n.\nQUIT\n\nÆrlig talt: æøå\n",
        message_id: &format!("{number}.kvittering@kommune.example"),
        in_reply_to: Some("brev@post.example"),
        references: &["brev@post.example".to_owned()],
        language: "da",
        date: Timestamp::constant(1_790_000_000, 0),
        automatic: true,
        files: &[],
    })
    .unwrap()
}

#[tokio::test]
async fn letters_arrive_as_they_were_written() {
    let postfix = Postfix::start().unwrap();
    let submitter = Submitter::new(server(postfix.port(), SubmitTls::Plain)).unwrap();
    for number in 0..3 {
        submitter.send(&letter(&format!("borger{number}@post.example"), number)).await.unwrap();
    }
    let mails =
        postfix.wait_for(3, Duration::from_secs(10)).unwrap_or_else(|e| panic!("{e}\n{}", postfix.log()));
    let mut ids: Vec<_> = mails.iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    ids.sort();
    assert_eq!(ids[0], "<0.kvittering@kommune.example>");
    assert_eq!(ids.len(), 3);
    for mail in &mails {
        assert_eq!(mail.header("Return-Path").unwrap(), "<borgerraadgiver@kommune.example>");
        assert_eq!(mail.header("Auto-Submitted").unwrap(), "auto-replied");
        let parsed = mail_parser::MessageParser::default().parse(&mail.raw).unwrap();
        let text = parsed.body_text(0).unwrap().replace("\r\n", "\n");
        assert_eq!(text.trim_end(), ".\nTak for din henvendelse.\n.\nQUIT\n\nÆrlig talt: æøå");
    }
    submitter.close().await;
}

#[tokio::test]
async fn starttls_is_used_and_the_certificate_checked() {
    let postfix = Postfix::start().unwrap();
    let strict = server(postfix.port(), SubmitTls::StartTls);
    let error = Submitter::new(strict.clone()).unwrap().check().await.unwrap_err();
    assert!(matches!(error, SendError::Unreachable(_)), "{error:?}");
    assert_eq!(postfix.count().unwrap(), 0);

    let trusting = Server { extra_ca: Some(postfix.authority().to_owned()), ..strict };
    let submitter = Submitter::new(trusting).unwrap();
    submitter.check().await.unwrap();
    submitter.send(&letter("borger@post.example", 1)).await.unwrap();
    let mails = postfix.wait_for(1, Duration::from_secs(10)).unwrap();
    assert!(mails[0].header("Received").unwrap().contains("ESMTPS"), "{:?}", mails[0].header("Received"));
}

#[tokio::test]
async fn a_refusal_says_whether_it_may_pass_and_repeats_no_address() {
    let postfix = Postfix::start().unwrap();
    let submitter = Submitter::new(server(postfix.port(), SubmitTls::Plain)).unwrap();
    let error = submitter.send(&letter(&format!("ane@{}", Postfix::TEMPORARY), 1)).await.unwrap_err();
    assert!(matches!(&error, SendError::Transient(words) if words.contains("450 4.2.1")), "{error:?}");
    let error = submitter.send(&letter(&format!("ane@{}", Postfix::PERMANENT), 2)).await.unwrap_err();
    assert!(matches!(&error, SendError::Permanent(words) if words.contains("550 5.1.1")), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("ane@"));
    // The next one is none the worse for it.
    submitter.send(&letter("borger@post.example", 3)).await.unwrap();
    assert_eq!(postfix.wait_for(1, Duration::from_secs(10)).unwrap().len(), 1);
}

#[tokio::test]
async fn a_server_that_comes_back_is_used_again() {
    let mut postfix = Postfix::start().unwrap();
    let submitter = Submitter::new(server(postfix.port(), SubmitTls::Plain)).unwrap();
    submitter.send(&letter("borger@post.example", 1)).await.unwrap();
    postfix.kill();
    let error = submitter.send(&letter("borger@post.example", 2)).await.unwrap_err();
    assert!(matches!(error, SendError::Unreachable(_)), "{error:?}");
    postfix.restart().unwrap();
    submitter.send(&letter("borger@post.example", 2)).await.unwrap();
    postfix.wait_for(2, Duration::from_secs(20)).unwrap_or_else(|e| panic!("{e}\n{}", postfix.log()));
}

#[tokio::test]
async fn a_connection_that_was_hung_up_on_does_not_cost_the_letter() {
    let mut postfix = Postfix::start().unwrap();
    let submitter = Submitter::new(server(postfix.port(), SubmitTls::Plain)).unwrap();
    submitter.send(&letter("borger@post.example", 1)).await.unwrap();
    // Gone and back while nobody was sending: the kept connection is dead, the server is not.
    postfix.restart().unwrap();
    submitter.send(&letter("borger@post.example", 2)).await.unwrap();
    postfix.wait_for(2, Duration::from_secs(20)).unwrap();
}

#[tokio::test]
async fn nobody_there_is_said_at_once() {
    let port = indgang_peers::free_port().unwrap();
    let submitter = Submitter::new(server(port, SubmitTls::Plain)).unwrap();
    let error = submitter.send(&letter("borger@post.example", 1)).await.unwrap_err();
    assert!(matches!(error, SendError::Unreachable(_)), "{error:?}");
}

/// A fake: answers as an SMTP server would until it hears `until`, and then does `then`.
fn fake(until: &'static str, then: fn(TcpStream)) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut out = stream.try_clone().unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let mut say = |words: &str| out.write_all(words.as_bytes()).is_ok();
                if until.is_empty() {
                    return then(stream);
                }
                say("220 fake\r\n");
                while let Some(Ok(line)) = lines.next() {
                    if line.starts_with(until) {
                        return then(stream);
                    }
                    match line.split(' ').next().unwrap_or_default() {
                        "DATA" => say("354 go on\r\n"),
                        "EHLO" | "MAIL" | "RCPT" | "." => say("250 ok\r\n"),
                        _ => true,
                    };
                }
            });
        }
    });
    port
}

fn hang(stream: TcpStream) {
    std::thread::sleep(Duration::from_secs(60));
    drop(stream);
}

fn leave(stream: TcpStream) {
    let _ = stream.shutdown(std::net::Shutdown::Both);
    drop(stream);
}

/// Fakes, since no real server can be made to hang or to leave at a given word.
#[rstest]
#[case("", hang, false)]
#[case("EHLO", hang, false)]
#[case("MAIL", hang, false)]
#[case("RCPT", leave, false)]
#[case("DATA", leave, false)]
#[case(".", hang, true)]
#[case(".", leave, true)]
#[tokio::test]
async fn only_after_the_letter_has_gone_out_does_nobody_know(
    #[case] until: &'static str,
    #[case] then: fn(TcpStream),
    #[case] unknown: bool,
) {
    let port = fake(until, then);
    let settings = Server { timeout: Duration::from_millis(300), ..server(port, SubmitTls::Plain) };
    let submitter = Submitter::new(settings).unwrap();
    let mut plain = letter("borger@post.example", 1);
    // A dot of the letter's own must not look like its end to the fake.
    plain.bytes = b"Subject: x\r\n\r\nx\r\n".to_vec();
    let begun = Instant::now();
    let error = submitter.send(&plain).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(matches!(error, SendError::Unknown(_)), unknown, "{error:?}");
    assert!(!matches!(error, SendError::Permanent(_)), "{error:?}");
}

/// A fake again: letters a second must not depend on the other side's delayed confirmations (Nagle's algorithm), which
/// would hold each letter back by 40 ms.
#[tokio::test]
async fn a_letter_is_not_held_back() {
    let port = fake("NEVER", hang);
    let submitter = Submitter::new(server(port, SubmitTls::Plain)).unwrap();
    let letter = letter("borger@post.example", 1);
    let begun = Instant::now();
    for _ in 0..100 {
        submitter.send(&letter).await.unwrap();
    }
    let each = begun.elapsed() / 100;
    println!("a letter takes {each:?}");
    assert!(each < Duration::from_millis(30), "{each:?}");
}

/// A fake: what it refuses is our own address, which says nothing of the letter.
#[tokio::test]
async fn a_refusal_of_our_own_address_costs_no_letter() {
    let port = fake("MAIL", |mut stream| {
        let _ = stream.write_all(b"550 5.7.1 not allowed to send as this\r\n");
        std::thread::sleep(Duration::from_millis(200));
    });
    let submitter = Submitter::new(server(port, SubmitTls::Plain)).unwrap();
    let error = submitter.send(&letter("borger@post.example", 1)).await.unwrap_err();
    assert!(
        matches!(&error, SendError::Unreachable(words) if words.contains("email.submit.from")),
        "{error:?}"
    );
}
