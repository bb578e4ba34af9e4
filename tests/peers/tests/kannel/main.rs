//! What Kannel does, as far as our tests lean on it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod stub;

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use indgang_peers::{Coding, Kannel, KannelSettings, Phone};
use stub::{Hit, Stub};

const CITIZEN: &str = "+4520123456";
const OFFICE: &str = "1204";
const IN: &str = "/sms/borger/hemmelig/in";
const PATIENCE: Duration = Duration::from_secs(10);

fn start(change: impl FnOnce(&mut KannelSettings)) -> (Stub, Kannel, Phone) {
    let stub = Stub::start();
    let mut settings = KannelSettings::new(&stub.url(IN));
    change(&mut settings);
    let kannel = Kannel::start(settings).unwrap();
    let phone = kannel.phone().unwrap();
    (stub, kannel, phone)
}

fn send(kannel: &Kannel, text: &str, more: &[(&str, &str)]) -> (u16, String) {
    let base = [
        ("username", Kannel::USER),
        ("password", Kannel::PASSWORD),
        ("from", OFFICE),
        ("to", CITIZEN),
        ("charset", "UTF-8"),
        ("text", text),
    ];
    stub::get(kannel.sendsms_port(), "/cgi-bin/sendsms", &[&base, more].concat())
}

/// The kinds of some reports, sorted: Kannel makes both requests at once, and either may come first.
fn reports(hits: &[Hit]) -> Vec<&str> {
    let mut kinds: Vec<&str> = hits.iter().map(|hit| hit.value("type")).collect();
    kinds.sort_unstable();
    kinds
}

#[test]
fn texts_come_in_as_they_were_written() {
    let (stub, _kannel, mut phone) = start(|_| {});
    phone.text(CITIZEN, OFFICE, " Hej æøå\nÆØÅ € + 100% & mere ").unwrap();
    let hits = stub.wait(IN, 1);
    assert_eq!(hits[0].value("text"), " Hej æøå\nÆØÅ € + 100% & mere ");
    assert_eq!([hits[0].value("from"), hits[0].value("to")], [CITIZEN, OFFICE]);
    assert_eq!([hits[0].value("coding"), hits[0].value("charset")], ["0", "UTF-8"]);
    phone.ucs2("SKAT", OFFICE, "ł 😀\nnæste linje").unwrap();
    let hits = stub.wait(IN, 2);
    assert_eq!([hits[1].value("from"), hits[1].value("text")], ["SKAT", "ł 😀\nnæste linje"]);
    assert_ne!(hits[0].value("id"), hits[1].value("id"));
}

#[test]
fn parts_of_a_long_text_are_put_together_or_handed_over_one_by_one() {
    let header = |number| [5, 0, 3, 9, 2, number];
    let (stub, _kannel, mut phone) = start(|_| {});
    phone.udh_text(CITIZEN, OFFICE, &header(2), "to æ").unwrap();
    phone.udh_text(CITIZEN, OFFICE, &header(1), "et ").unwrap();
    let hits = stub.wait(IN, 1);
    assert_eq!([hits[0].value("text"), hits[0].value("udh")], ["et to æ", ""]);
    let units: Vec<u16> = "ł 😀 slut".encode_utf16().collect();
    phone.udh_ucs2(CITIZEN, OFFICE, &header(2), &units[3..]).unwrap();
    phone.udh_ucs2(CITIZEN, OFFICE, &header(1), &units[..3]).unwrap();
    let hits = stub.wait(IN, 2);
    assert_eq!([hits[1].value("text"), hits[1].value("coding")], ["ł 😀 slut", "0"]);
    phone.udh(CITIZEN, OFFICE, &header(1), b"\x01").unwrap();
    phone.udh(CITIZEN, OFFICE, &header(2), b"\xff").unwrap();
    let hits = stub.wait(IN, 3);
    assert_eq!([hits[2].value("text"), hits[2].value("coding")], ["\u{1}\u{ff}", "1"]);

    let (stub, _kannel, mut phone) = start(|settings| settings.combine = false);
    phone.udh_text(CITIZEN, OFFICE, &header(2), "to æ").unwrap();
    phone.udh_text(CITIZEN, OFFICE, &header(1), "et ").unwrap();
    let mut hits = stub.wait(IN, 2);
    hits.sort_by_key(|hit| hit.value("udh").to_owned());
    let seen: Vec<_> = hits.iter().map(|hit| (hit.value("text"), hit.value("udh"))).collect();
    assert_eq!(seen, [("et ", "\u{5}\0\u{3}\u{9}\u{2}\u{1}"), ("to æ", "\u{5}\0\u{3}\u{9}\u{2}\u{2}")]);
}

#[test]
fn a_text_that_is_not_recoded_comes_in_units() {
    let (stub, _kannel, mut phone) = start(|settings| settings.recode = false);
    phone.ucs2(CITIZEN, OFFICE, "ł\u{f8}").unwrap();
    let hits = stub.wait(IN, 1);
    assert_eq!([hits[0].value("coding"), hits[0].value("charset")], ["2", "UTF-16BE"]);
    assert_eq!(hits[0].value("text"), "\u{1}\u{42}\u{0}\u{f8}");
}

#[test]
fn a_text_that_is_not_taken_comes_again_with_its_id_until_the_retries_are_used_up() {
    // 0 is a connection that is broken off.
    thread::scope(|scope| {
        for status in [503, 400, 204, 0] {
            scope.spawn(move || comes_again(status));
        }
    });
}

fn comes_again(status: u16) {
    let (stub, _kannel, mut phone) = start(|settings| settings.retries = 2);
    stub.answer(status);
    phone.text(CITIZEN, OFFICE, "igen").unwrap();
    let hits = stub.wait(IN, 3);
    assert!(hits.iter().all(|hit| hit.value("id") == hits[0].value("id")), "{status}: {hits:?}");
    for two in hits.windows(2) {
        let apart = two[1].at - two[0].at;
        assert!((Duration::from_millis(500)..Duration::from_secs(5)).contains(&apart), "{status}: {apart:?}");
    }
    sleep(Duration::from_secs(3));
    assert_eq!(stub.hits(IN).len(), 3, "{status}: Kannel has not given up");
    stub.answer(200);
    phone.text(CITIZEN, OFFICE, "ny").unwrap();
    assert_eq!(stub.wait(IN, 4)[3].value("text"), "ny", "{status}");
    sleep(Duration::from_secs(2));
    assert_eq!(stub.hits(IN).len(), 4, "{status}: a text that was taken came again");
    // What the server says, and that it says nothing, never goes to a phone.
    assert_eq!(phone.all_so_far().unwrap(), []);
}

#[test]
fn a_server_that_says_nothing_is_asked_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut settings = KannelSettings::new(&format!("http://{}{IN}", listener.local_addr().unwrap()));
    settings.timeout = Duration::from_secs(1);
    let kannel = Kannel::start(settings).unwrap();
    kannel.phone().unwrap().text(CITIZEN, OFFICE, "tavs").unwrap();
    let began = Instant::now();
    let _first = listener.accept().unwrap();
    let _second = listener.accept().unwrap();
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn parts_whose_others_never_come_are_handed_over_alone() {
    let (stub, _kannel, mut phone) = start(|settings| settings.combine_timeout = Duration::from_secs(1));
    phone.udh_text(CITIZEN, OFFICE, &[5, 0, 3, 9, 3, 1], "et ").unwrap();
    phone.udh_text(CITIZEN, OFFICE, &[5, 0, 3, 9, 3, 3], "tre").unwrap();
    let mut seen: Vec<_> = stub.wait(IN, 2);
    seen.sort_by_key(|hit| hit.value("udh").to_owned());
    let seen: Vec<_> = seen.iter().map(|hit| (hit.value("text"), hit.value("udh"))).collect();
    assert_eq!(seen, [("et ", "\u{5}\0\u{3}\u{9}\u{3}\u{1}"), ("tre", "\u{5}\0\u{3}\u{9}\u{3}\u{3}")]);
}

#[test]
fn no_text_is_lost_while_the_server_is_down() {
    let (mut stub, _kannel, mut phone) = start(|_| {});
    stub.down();
    let sent: BTreeSet<String> = (0..50).map(|number| format!("nummer {number}")).collect();
    for text in &sent {
        phone.text(CITIZEN, OFFICE, text).unwrap();
    }
    sleep(Duration::from_secs(5));
    stub.up();
    let came: BTreeSet<String> =
        stub.wait(IN, sent.len()).iter().map(|hit| hit.value("text").to_owned()).collect();
    assert_eq!(came, sent);
}

/// Not what anybody wants, but what a crash test must know.
#[test]
fn texts_that_the_server_has_not_taken_die_with_kannel() {
    let (mut stub, mut kannel, mut phone) = start(|_| {});
    stub.down();
    phone.text(CITIZEN, OFFICE, "dræbt").unwrap();
    sleep(Duration::from_secs(1));
    kannel.kill();
    kannel.restart().unwrap();
    stub.up();
    phone.text(CITIZEN, OFFICE, "ny").unwrap();
    stub.wait(IN, 1);
    sleep(Duration::from_secs(3));
    let texts: Vec<_> = stub.hits(IN).iter().map(|hit| hit.value("text").to_owned()).collect();
    assert_eq!(texts, ["ny"]);
}

#[test]
fn texts_go_out_and_are_reported() {
    let (stub, kannel, mut phone) = start(|_| {});
    let report = stub.url("/dlr?type=%d");
    let report: [(&str, &str); 2] = [("dlr-mask", "31"), ("dlr-url", &report)];
    let gsm7 = "æ{€ \n".repeat(80);
    let ucs2 = "ł".repeat(66) + "😀 slut";
    let accepted = (202, "0: Accepted for delivery".to_owned());
    assert_eq!(send(&kannel, "Tak\n\nfor det", &report), accepted);
    assert_eq!(send(&kannel, &gsm7, &[]), accepted);
    assert_eq!(send(&kannel, &ucs2, &[("coding", "2")]), accepted);
    let mut got = phone.wait_for(3, PATIENCE).unwrap();
    got.sort_by_key(|got| got.bytes.len());
    let seen: Vec<_> = got.iter().map(|got| (got.text.as_str(), got.coding, got.parts)).collect();
    let expected =
        [("Tak\n\nfor det", Coding::Gsm7, 1), (&ucs2, Coding::Ucs2, 2), (gsm7.as_str(), Coding::Gsm7, 4)];
    assert_eq!(seen, expected);
    assert!(got.iter().all(|got| got.from == OFFICE && got.to == CITIZEN));
    assert_eq!(reports(&stub.wait("/dlr", 2)), ["1", "8"]);

    stub.answer(503);
    send(&kannel, "igen", &report);
    stub.wait("/dlr", 4);
    stub.answer(200);
    assert_eq!(reports(&stub.wait("/dlr", 6)[2..]), ["1", "1", "8", "8"]);
    let wrong = [("username", Kannel::USER), ("password", "forkert"), ("to", CITIZEN), ("text", "x")];
    assert_eq!(stub::get(kannel.sendsms_port(), "/cgi-bin/sendsms", &wrong).0, 403);
}

#[test]
fn a_text_waits_for_the_phone_even_over_a_kill() {
    let (stub, mut kannel, phone) = start(|_| {});
    let report = stub.url("/dlr?type=%d");
    let report: [(&str, &str); 2] = [("dlr-mask", "31"), ("dlr-url", &report)];
    let queued = (202, "3: Queued for later delivery".to_owned());
    assert_eq!(phone.hang_up().unwrap(), []);
    kannel.wait_offline().unwrap();
    assert_eq!(send(&kannel, "slukket", &report), queued);
    let mut phone = kannel.phone().unwrap();
    assert_eq!(phone.next(PATIENCE).unwrap().unwrap().text, "slukket");
    assert_eq!(reports(&stub.wait("/dlr", 2)), ["1", "8"]);
    phone.hang_up().unwrap();
    kannel.wait_offline().unwrap();
    assert_eq!(send(&kannel, "dræbt", &report), queued);
    kannel.kill();
    kannel.restart().unwrap();
    let mut phone = kannel.phone().unwrap();
    assert_eq!(phone.next(PATIENCE).unwrap().unwrap().text, "dræbt");
    assert_eq!(reports(&stub.wait("/dlr", 4)[2..]), ["1", "8"]);
    assert_eq!(phone.next(Duration::from_secs(2)).unwrap(), None);
    kannel.stop();
    assert!(phone.next(PATIENCE).is_err());
    kannel.restart().unwrap();
    let mut phone = kannel.phone().unwrap();
    send(&kannel, "igen", &[]);
    assert_eq!(phone.wait_for(1, PATIENCE).unwrap()[0].text, "igen");
}
