//! What nobody fills in by hand.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{Part, exchange, form, get, post, started, token, token_in};
use crate::support::Office;

fn received(office: &Office) -> u64 {
    office.count("received")
}

#[test]
fn a_thousand_fields_and_other_bodies_cost_one_answer() {
    let office = started("");
    let token = token(&office);
    let names: Vec<String> = (0..1_000).map(|number| format!("felt{number}")).collect();
    let mut parts: Vec<Part<'_>> = names.iter().map(|name| Part::Text(name, "x")).collect();
    parts.insert(0, Part::Text("token", &token));
    parts.insert(1, Part::Text("besked", "Stadig her"));
    let answer = post(&office, "/", &parts);
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("Stadig her"), "what was typed is shown again");
    let head = |more: &str| format!("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n");
    for (request, expected) in [
        (head("Content-Type: application/json\r\nContent-Length: 2\r\n") + "{}", 415),
        (head("Content-Type: multipart/form-data\r\nContent-Length: 0\r\n"), 415),
        (head("Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5\r\n") + "hej\r\n", 400),
        (head("Content-Type: multipart/form-data; boundary=\"\"\r\nContent-Length: 0\r\n"), 400),
        (head("Content-Length: 0\r\n"), 415),
    ] {
        let answer = exchange(office.web, request.as_bytes()).unwrap();
        assert!([expected, 415, 422].contains(&answer.status), "{request}: {}", answer.status);
    }
    assert_eq!(received(&office), 0);
    assert_eq!(get(&office, "/").status, 200);
}

#[test]
fn two_hundred_megabytes_cost_no_memory_and_lose_nothing_that_was_typed() {
    let office = started("");
    let token = token(&office);
    let before = memory(&office);
    let video = vec![b'm'; 64 << 20];
    let parts = [
        Part::Text("token", &token),
        Part::Text("besked", "Se videoen"),
        Part::File("Opkald.mov", &video),
        Part::Text("navn", "Rikke"),
    ];
    let answer = post(&office, "/", &parts);
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("”Opkald.mov” fylder 64 MB"), "it says which file and how large");
    assert!(answer.body.contains("Se videoen") && answer.body.contains("Rikke"));
    let film = vec![b'm'; 200 << 20];
    let parts = [
        Part::Text("token", &token),
        Part::Text("besked", "Se filmen"),
        Part::File("Film.mov", &film),
        Part::Text("navn", "Rikke"),
    ];
    let answer = post(&office, "/", &parts);
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("200 MB") && answer.body.contains("Se filmen") && answer.body.contains("Rikke")
    );
    // Beyond all reason the reading stops; the server is none the worse.
    let far = vec![b'm'; 500 << 20];
    let _ = exchange(office.web, &form(office.web, "/", &[Part::File("x", &far)]));
    assert_eq!(get(&office, "/").status, 200);
    let after = memory(&office);
    assert!(after < before + (64 << 20), "{before} bytes before, {after} after");
    assert_eq!(received(&office), 0);
}

/// What the server takes of the machine's memory, in bytes.
fn memory(office: &Office) -> u64 {
    let path = format!("/proc/{}/status", office.process());
    let status = std::fs::read_to_string(path).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().split(' ').next().unwrap().parse::<u64>().unwrap() << 10
}

#[test]
fn who_sends_a_letter_at_a_time_keeps_nobody_out() {
    let mut office = super::office("");
    super::set(
        &mut office,
        "[web]\n",
        "[web]\nhead_timeout = \"1s\"\nbody_timeout = \"1s\"\nconnections = 50\n",
    );
    office.start_up();
    let mut slow: Vec<TcpStream> = (0..60)
        .map(|number| {
            let mut stream = TcpStream::connect(("127.0.0.1", office.web)).unwrap();
            let start = if number % 2 == 0 {
                "GET / HTTP/1.1\r\nX: "
            } else {
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 999\r\n\r\n--x"
            };
            let _ = stream.write_all(start.as_bytes());
            stream
        })
        .collect();
    let begun = Instant::now();
    assert_eq!(get(&office, "/").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(20), "others come through");
    for stream in &mut slow {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut rest = Vec::new();
        assert!(stream.read_to_end(&mut rest).is_ok(), "who is slow is hung up on");
    }
}

#[test]
fn tricks_in_names_and_texts_stay_text() {
    let office = started("");
    let token = token(&office);
    let parts = [
        Part::Text("token", &token),
        Part::Text("besked", "Hej\0 </textarea><script>alert(1)</script> \u{202e}gnirts"),
        Part::Text("navn", "Rikke\r\nBcc: alle@example.net"),
        Part::Text("email", "rikke@holmgaard.example"),
        Part::File("\u{202e}fdp.exe..\\..\\brev\r\nX: y.pdf", b"%PDF-1.7\n"),
    ];
    let answer = post(&office, "/", &parts);
    assert_eq!(answer.status, 303, "{}", answer.body);
    let details = &office.sql("SELECT details FROM message")[0];
    assert!(!details.contains('\u{202e}') && !details.contains("\\r\\n"), "{details}");
    assert!(details.contains("Rikke Bcc: alle@example.net"), "a name is one line: {details}");
    crate::support::wait_until("the acknowledgement is sent", || super::letters(&office).len() == 1);
    let sent = std::fs::read_dir(office.folder.path().join("sent"))
        .unwrap()
        .flatten()
        .find(|one| one.path().is_file());
    let raw = std::fs::read_to_string(sent.unwrap().path()).unwrap();
    assert!(!raw.to_lowercase().contains("\nbcc:") && !raw.contains("alle@example.net"), "{raw}");

    // The same text shown again is text.
    let again =
        post(&office, "/", &[Part::Text("token", "x"), parts_text(), Part::Text("email", "\"><script>")]);
    assert_eq!(again.status, 422);
    assert!(!again.body.contains("<script>alert") && !again.body.contains("\"><script>"), "{}", again.body);
    for name in ["side.pdf", "billede.jpg", "brev.docx"] {
        for bytes in
            [&b"<!doctype html><script>"[..], b"<svg onload=x()/>", b"MZ\x90\0\x03\0\0\0", b"PK\x03\x04x"]
        {
            let token = super::token(&office);
            let parts = [Part::Text("token", &token), Part::Text("besked", "x"), Part::File(name, bytes)];
            let answer = post(&office, "/", &parts);
            assert_eq!(answer.status, 422, "{name} is told from its bytes");
            assert!(!answer.body.contains("<svg onload"));
        }
    }
}

fn parts_text() -> Part<'static> {
    Part::Text("besked", "</textarea><script>alert(1)</script>")
}

#[test]
fn a_token_of_nobodys_files_nothing() {
    let office = started("");
    let good = token(&office);
    let mut changed = good.clone().into_bytes();
    changed[3] = if changed[3] == b'A' { b'B' } else { b'A' };
    for bad in ["", "x", &String::from_utf8(changed).unwrap(), &"A".repeat(10_000)] {
        let answer = post(&office, "/", &[Part::Text("token", bad), Part::Text("besked", "Hej")]);
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains("Hej") && answer.body.contains("Siden har været åben længe"));
        // What it is shown with is good: one more press sends it.
        assert_eq!(token_in(&answer.body).len(), good.len());
    }
    assert_eq!(received(&office), 0);
    assert_eq!(get(&office, "/kvittering/x").status, 404);
    assert_eq!(get(&office, &format!("/kvittering/{good}")).status, 404, "nothing was sent with it");
}

#[test]
fn what_machines_do_is_held_and_too_much_must_wait() {
    let mut office = super::office("");
    super::set(&mut office, "shortest_time = \"0s\"", "shortest_time = \"3s\"");
    super::set(&mut office, "per_address = 100000", "per_address = 3");
    office.start_up();
    let token_now = token(&office);
    let quick = post(&office, "/", &[Part::Text("token", &token_now), Part::Text("besked", "hurtig")]);
    assert_eq!(quick.status, 303);
    let receipt = get(&office, quick.header("location").unwrap());
    assert!(receipt.body.contains("Din besked er modtaget") && !receipt.body.contains("caseno"));
    let mut statuses = Vec::new();
    for number in 0..32 {
        let text = format!("nummer {number}");
        let token = token(&office);
        statuses.push(post(&office, "/", &[Part::Text("token", &token), Part::Text("besked", &text)]).status);
    }
    assert_eq!(statuses[..29], [303; 29]);
    assert_eq!(statuses[29..], [429; 3]);
    let told = post(&office, "/", &[Part::Text("token", &token_now), Part::Text("besked", "og igen")]);
    assert!(told.body.contains("og igen") && told.header("retry-after").is_some(), "nothing typed is lost");
    assert_eq!(office.count("dispositions.hold"), 30, "and nothing that came is nowhere");
    let log = office.log();
    assert!(!log.contains("nummer 1") && !log.contains("127.0.0.1:5"), "{log}");
}

#[test]
fn nothing_of_a_citizen_or_a_secret_is_in_the_log() {
    let mut office = super::office("");
    super::set(&mut office, "filter = \"debug\"", "filter = \"trace\"");
    office.start_up();
    let token = token(&office);
    let parts = [
        Part::Text("token", &token),
        Part::Text("besked", "Fortrolig sag om Ørsted"),
        Part::Text("navn", "Rikke Holmgaard"),
        Part::Text("email", "rikke@holmgaard.example"),
        Part::Text("telefon", "20123456"),
        Part::Text("ord", "grøn cykel"),
        Part::File("lægebrev.pdf", b"%PDF-1.7\n"),
    ];
    let sent = post(&office, "/", &parts);
    let receipt = get(&office, sent.header("location").unwrap());
    let link = receipt.body.split("/side/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    get(&office, &format!("/side/{link}"));
    crate::support::wait_until("the acknowledgement is sent", || super::letters(&office).len() == 1);
    office.stop();
    let log = office.log();
    for private in ["Ørsted", "Rikke", "holmgaard", "20123456", "cykel", "gebrev", &token[..20], &link[..20]]
    {
        assert!(!log.contains(private), "{private} stands in the log");
    }
}
