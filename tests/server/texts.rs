//! Text messages from a telephone to an enquiry and back, through a real Kannel.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use indgang::domain::enquiry::EnquiryId;
use indgang::store::{Store, StoreOptions};
use indgang::work::texting::reply::{self, Reply};
use indgang_peers::{Kannel, KannelSettings, Phone, Postgres};

use crate::support::{Office, PATIENCE, get, wait_until};

/// The number that citizens write to.
pub(crate) const NUMBER: &str = "1204";
/// Villy's telephone.
const VILLY: &str = "+4520123456";
/// What stands in the path of Kannel's calls.
pub(crate) const SECRET: &str = "8d1f0c5ab7e24396a0d95be17c42f863";

/// An office with a text account, and the Kannel that calls it.
pub(crate) fn office_with(change: impl FnOnce(&mut KannelSettings)) -> (Office, Kannel) {
    let mut office = Office::new();
    let mut settings = KannelSettings::new(&format!("http://127.0.0.1:{}/sms/tekst/{SECRET}/in", office.web));
    change(&mut settings);
    let kannel = Kannel::start(settings).unwrap();
    office.settings += &format!(
        r#"
[sms]

[sms.accounts.tekst]
gateway = "kannel"
numbers = ["{NUMBER}"]
base_url = "http://127.0.0.1:{}"
public_url = "http://127.0.0.1:{}"
user = "{}"
password = "{}"
path_secret = "{SECRET}"
timeout = "5s"
"#,
        kannel.sendsms_port(),
        office.web,
        Kannel::USER,
        Kannel::PASSWORD,
    );
    (office, kannel)
}

/// Sets a key that holds for all text accounts.
pub(crate) fn set(office: &mut Office, line: &str) {
    office.settings = office.settings.replace("[sms]\n", &format!("[sms]\n{line}\n"));
}

fn started() -> (Office, Kannel, Phone) {
    let (mut office, kannel) = office_with(|_| {});
    office.start_up();
    let phone = kannel.phone().unwrap();
    (office, kannel, phone)
}

/// One call to the server: status and body.
fn call(port: u16, head: &str, body: &[u8]) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let length = body.len();
    let request = format!(
        "{head} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).ok()?;
    // A server that refuses a large body does not read it to its end.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    Some((status, body))
}

/// A call as Kannel makes it.
fn kannel_call(id: &str, from: &str, words: &str) -> String {
    let escaped: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let from = from.replace('+', "%2B");
    format!(
        "GET /sms/tekst/{SECRET}/in?id={id}&from={from}&to={NUMBER}&text={escaped}&coding=0&charset=UTF-8"
    )
}

/// The office's store, beside the running server.
fn store(office: &Office) -> Store {
    let options = StoreOptions {
        url: format!("sqlite:{}", office.folder.path().join("office.sqlite").display()),
        connections: 1,
        durable: true,
    };
    run(Store::open(&options)).unwrap()
}

fn run<T>(work: impl Future<Output = T>) -> T {
    static RUNTIME: std::sync::OnceLock<tokio::runtime::Runtime> = std::sync::OnceLock::new();
    RUNTIME
        .get_or_init(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap())
        .block_on(work)
}

fn texts(office: &Office) -> Vec<String> {
    office.sql("SELECT text FROM message ORDER BY id")
}

#[test]
fn a_text_becomes_an_enquiry_and_its_acknowledgement_comes_back() {
    let (mut office, _kannel, mut phone) = started();
    phone.text(VILLY, NUMBER, "Forstår ikke brevet. Æblegrød på Ærø, 5 € {ja}").unwrap();
    let got = phone.next(PATIENCE).unwrap().expect("an acknowledgement");
    assert_eq!((got.from.as_str(), got.to.as_str()), (NUMBER, VILLY));
    assert!(got.text.starts_with("Borgerrådgiveren i Eksempel"), "{}", got.text);
    assert!(got.text.contains("følsomme") && got.text.contains("ændre afgørelser"), "{}", got.text);
    assert!(got.parts <= 2, "{} segments", got.parts);
    let reference = office.sql("SELECT reference FROM enquiry").remove(0);
    assert!(got.text.contains(&reference));
    assert_eq!(texts(&office), ["Forstår ikke brevet. Æblegrød på Ærø, 5 € {ja}"]);
    // More texts join it, and are not answered.
    for words in ["Det er fra i går", "Kan du ringe?", "Hilsen Villy"] {
        phone.text(VILLY, NUMBER, words).unwrap();
    }
    office.wait_for("received", 4);
    office.wait_for("dispositions.follow_up", 3);
    office.wait_for("acknowledgements.sent", 1);
    wait_until("Kannel has reported the acknowledgement", || {
        office.sql("SELECT delivery FROM outbox") == ["delivered"]
    });
    assert!(phone.next(Duration::from_millis(1_500)).unwrap().is_none(), "only one acknowledgement");
    office.stop();
    assert_eq!(office.ledger()["dispositions"]["enquiry"], 1);
}

#[test]
fn emoji_and_an_english_text_are_read_and_answered_in_english() {
    let (office, _kannel, mut phone) = started();
    phone.ucs2(VILLY, NUMBER, "I do not understand the letter that the municipality has sent me 😀").unwrap();
    let got = phone.next(PATIENCE).unwrap().expect("an acknowledgement");
    assert!(got.text.starts_with("The Citizens' Adviser in Eksempel"), "{}", got.text);
    assert!(texts(&office)[0].ends_with("has sent me 😀"));
}

#[test]
fn parts_in_reverse_order_become_one_text_whoever_puts_them_together() {
    let words = "Forstår ikke brevet fra kommunen 😀 og jeg har prøvet at ringe";
    let units: Vec<u16> = words.encode_utf16().collect();
    // Between the halves of the emoji.
    let cut = 1 + units.iter().position(|unit| (0xD800..0xDC00).contains(unit)).unwrap();
    for combine in [true, false] {
        let (mut office, kannel) = office_with(|settings| {
            settings.combine = combine;
            // Put together, the letters are whole again; apart, half of one cannot be recoded.
            settings.recode = combine;
        });
        office.start_up();
        let mut phone = kannel.phone().unwrap();
        let header = |number| [5, 0, 3, 42, 2, number];
        phone.udh_ucs2(VILLY, NUMBER, &header(2), &units[cut..]).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(office.count("received"), 0, "half a text is none");
        phone.udh_ucs2(VILLY, NUMBER, &header(1), &units[..cut]).unwrap();
        phone.next(PATIENCE).unwrap().expect("an acknowledgement");
        assert_eq!(texts(&office), [words], "combined by Kannel: {combine}");
        office.stop();
        assert_eq!(office.ledger()["received"], 1);
    }
}

#[test]
fn a_text_whose_part_never_comes_is_shown_with_its_gap() {
    let (mut office, kannel) = office_with(|settings| settings.combine = false);
    set(&mut office, "parts_wait = \"2s\"");
    office.start_up();
    let mut phone = kannel.phone().unwrap();
    phone.udh_text(VILLY, NUMBER, &[5, 0, 3, 9, 2, 2], "fra kommunen, som jeg ikke kan læse").unwrap();
    phone.next(PATIENCE).unwrap().expect("an acknowledgement");
    assert_eq!(texts(&office), [" […] fra kommunen, som jeg ikke kan læse"]);
    assert!(office.sql("SELECT details FROM message")[0].contains("incomplete"));
}

#[test]
fn a_text_that_comes_while_the_server_or_its_database_is_away_is_brought_again_and_counts_once() {
    let postgres = Postgres::start().unwrap();
    let (mut office, kannel) = office_with(|_| {});
    let sqlite = format!("url = \"sqlite:{}\"", office.folder.path().join("office.sqlite").display());
    office.settings =
        office.settings.replace(&sqlite, &format!("url = \"{}\"", postgres.create_database().unwrap()));
    let mut phone = kannel.phone().unwrap();
    // Nobody listens yet.
    phone.text(VILLY, NUMBER, "Er her nogen?").unwrap();
    std::thread::sleep(Duration::from_secs(2));
    office.start_up();
    phone.next(PATIENCE).unwrap().expect("an acknowledgement");
    postgres.stop().unwrap();
    phone.text(VILLY, NUMBER, "Jeg fandt brevet.").unwrap();
    wait_until("a call was answered with 503", || office.log().contains("comes again"));
    postgres.restart().unwrap();
    office.wait_for("received", 2);
    office.wait_for("dispositions.follow_up", 1);
    office.stop();
    assert_eq!(office.ledger()["received"], 2);
}

#[test]
fn an_acknowledgement_waits_for_its_gateway_and_a_report_for_its_telephone() {
    let (mut office, mut kannel) = office_with(|_| {});
    kannel.kill();
    office.start_up();
    // Brought by hand, for the gateway is away.
    let (status, body) = call(office.web, &kannel_call("7", VILLY, "Hvad betyder brevet?"), b"").unwrap();
    assert_eq!((status, body.as_str()), (200, ""));
    office.wait_for("acknowledgements.queued", 1);
    kannel.restart().unwrap();
    // Kannel takes it, and keeps it while no telephone is reached.
    office.wait_for("acknowledgements.sent", 1);
    assert!(office.sql("SELECT COALESCE(delivery, '') FROM outbox") != ["delivered"]);
    let mut phone = kannel.phone().unwrap();
    phone.next(PATIENCE).unwrap().expect("the acknowledgement");
    wait_until("the report came", || {
        office.sql("SELECT COALESCE(delivery, '') FROM outbox") == ["delivered"]
    });
    // The same call again is the same text.
    let (status, _) = call(office.web, &kannel_call("7", VILLY, "Hvad betyder brevet?"), b"").unwrap();
    assert_eq!((status, office.count("received")), (200, 1));
}

#[test]
fn a_reply_goes_out_from_the_number_that_was_written_to_and_what_follows_joins() {
    let (office, _kannel, mut phone) = started();
    phone.text(VILLY, NUMBER, "Hej").unwrap();
    phone.next(PATIENCE).unwrap().expect("an acknowledgement");
    let store = store(&office);
    let body = "Hej Villy. Jeg ringer i morgen kl. 10 – passer det? 😀";
    let reply = Reply { enquiry: EnquiryId(1), account: "tekst", sender: NUMBER, recipient: VILLY, body };
    let now = indgang::clock::Clock::system().now();
    run(reply::queue(&store, &reply, 1, now)).unwrap();
    let more = run(reply::queue(&store, &reply, 1, now)).unwrap_err().to_string();
    assert!(more.contains("sms.ceiling_replies_day"), "{more}");
    let got = phone.next(PATIENCE).unwrap().expect("the reply");
    assert_eq!((got.from.as_str(), got.to.as_str(), got.text.as_str()), (NUMBER, VILLY, body));
    wait_until("the reply is delivered", || {
        let gone = run(store.gone_of_enquiry(EnquiryId(1))).unwrap();
        gone.iter().any(|one| one.kind == "reply" && one.delivery.as_deref() == Some("delivered"))
    });
    phone.text(VILLY, NUMBER, "Ja tak").unwrap();
    office.wait_for("dispositions.follow_up", 1);
}

#[test]
fn stop_ends_automatic_texts_and_start_brings_them_back() {
    let (mut office, kannel) = office_with(|_| {});
    // So many texts in a row would be taken for a machine's.
    set(&mut office, "ceiling_number_day = 9\nloop_texts = 100");
    office.start_up();
    let mut phone = kannel.phone().unwrap();
    phone.text(VILLY, NUMBER, "Hej, jeg har et spørgsmål").unwrap();
    phone.next(PATIENCE).unwrap().expect("an acknowledgement");
    phone.text(VILLY, NUMBER, "stop").unwrap();
    let confirmed = phone.next(PATIENCE).unwrap().expect("one confirmation");
    assert!(confirmed.text.contains("START") && confirmed.parts == 1, "{}", confirmed.text);
    phone.text(VILLY, NUMBER, "STOP").unwrap();
    office.wait_for("received", 3);
    assert!(phone.next(Duration::from_millis(1_500)).unwrap().is_none(), "one confirmation");
    office.damage(&["UPDATE enquiry SET state = 'closed'"]);
    phone.text(VILLY, NUMBER, "Nu er der kommet et brev til").unwrap();
    office.wait_for("acknowledgements.suppressed", 1);
    assert!(office.sql("SELECT reason FROM outbox WHERE state = 'suppressed'")[0].contains("STOP"));
    phone.text(VILLY, NUMBER, "Start").unwrap();
    office.wait_for("received", 5);
    office.damage(&["UPDATE enquiry SET state = 'closed'"]);
    phone.text(VILLY, NUMBER, "Og et til").unwrap();
    phone.next(PATIENCE).unwrap().expect("an acknowledgement again");
}

#[test]
fn who_cannot_or_must_not_be_answered_is_read_all_the_same() {
    let (office, _kannel, mut phone) = started();
    for from in ["1999", "Banken", "+4590123456", "+46701234567"] {
        phone.text(from, NUMBER, "Svar på denne besked").unwrap();
    }
    office.wait_for("received", 4);
    // A hidden number cannot be had from Kannel's phones.
    let (status, _) = call(office.web, &kannel_call("h1", "", "Jeg tør ikke sige hvem jeg er"), b"").unwrap();
    assert_eq!(status, 200);
    office.wait_for("received", 5);
    office.wait_for("dispositions.hold", 2);
    office.wait_for("acknowledgements.suppressed", 3);
    assert!(phone.next(Duration::from_secs(2)).unwrap().is_none(), "nobody was answered");
    assert_eq!(office.ledger()["dispositions"]["enquiry"], 3);
}

#[test]
fn a_machine_that_answers_ours_gets_no_second_answer() {
    let (office, _kannel, mut phone) = started();
    phone.text(VILLY, NUMBER, "Jeg har ferie og svarer på mandag.").unwrap();
    let mut answers = 0;
    while let Some(got) = phone.next(Duration::from_secs(3)).unwrap() {
        answers += 1;
        assert!(answers < 10, "it goes on and on");
        // One that repeats ours, one that does not; the worst case is that everything is closed each time.
        office.damage(&["UPDATE enquiry SET state = 'closed'"]);
        phone
            .text(VILLY, NUMBER, &format!("Autosvar: {}", got.text.chars().take(60).collect::<String>()))
            .unwrap();
    }
    assert!(answers <= 2, "the ceiling of a day is two acknowledgements");
    assert_eq!(office.sql("SELECT reason FROM outbox WHERE state = 'suppressed'").len(), 1);
}

#[test]
fn hostile_calls_cost_themselves_and_nothing_else() {
    let (mut office, kannel) = office_with(|_| {});
    // Everything that can be asked of the log, from us and from the libraries.
    office.settings = office.settings.replace("filter = \"debug\"", "filter = \"trace\"");
    office.start_up();
    let mut phone = kannel.phone().unwrap();
    let port = office.web;
    let refused = |head: &str, body: &[u8]| call(port, head, body).map(|(status, _)| status);
    let wrong = "0".repeat(32);
    for (head, expected) in [
        (format!("GET /sms/tekst/{wrong}/in?id=1&from=%2B4520123456&to=1204&text=hej"), 403),
        ("GET /sms/tekst/in?id=1&from=%2B4520123456&to=1204&text=hej".to_owned(), 403),
        (format!("GET /sms/nobody/{SECRET}/in?id=1"), 404),
        (format!("GET /sms/tekst/{SECRET}/elsewhere"), 404),
        (format!("DELETE /sms/tekst/{SECRET}/in"), 405),
        (format!("GET /sms/tekst/{wrong}/report/5f0cb9b1a2de4a56b7c8d9e0f1a2b3c4?status=1"), 403),
        // Authentic, and about nothing of ours.
        (format!("GET /sms/tekst/{SECRET}/report/5f0cb9b1a2de4a56b7c8d9e0f1a2b3c4?status=1"), 200),
    ] {
        assert_eq!(refused(&head, b""), Some(expected), "{head}");
    }
    assert_eq!(refused(&format!("POST /sms/tekst/{SECRET}/in"), &vec![b'a'; 10 << 20]), Some(413));
    // Whatever an authentic caller sends becomes something that a person can see.
    let before = office.count("received");
    let thousand: String = (0..1_000).map(|number| format!("&f{number}=%FF%00{number}")).collect();
    let odd = [
        String::new(),
        "?%".to_owned(),
        "?text=%zz&from=%2B4520123456&to=1204&id=o1".to_owned(),
        "?id=o2&from=%FF%FE&to=%00&text=%00%01%02".to_owned(),
        format!("?id=o3&from=%2B4520123457&to=1204&text=hej{thousand}"),
        format!("?id=o4&from=%2B4520123458&to=1204&text={}", "%F0%9F%98%80".repeat(2_000)),
        "?id=o5&from=%2B4520123459&to=1204&text=hej&udh=%05%00%03%01%00%00".to_owned(),
        "?id=o6&from=%2B4520123460&to=1204&text=hej&udh=%FF%FF%FF".to_owned(),
    ];
    for query in &odd {
        assert_eq!(refused(&format!("GET /sms/tekst/{SECRET}/in{query}"), b""), Some(200), "{query:.60}");
    }
    office.wait_for("received", before + odd.len() as u64);
    // A thousand texts from one number, as fast as they go in.
    let started = std::time::Instant::now();
    std::thread::scope(|scope| {
        for worker in 0..8 {
            scope.spawn(move || {
                for number in 0..125 {
                    let head = kannel_call(&format!("flood-{worker}-{number}"), VILLY, "hej hej hej");
                    let mut status = call(port, &head, b"").map(|(status, _)| status);
                    while status == Some(429) {
                        std::thread::sleep(Duration::from_millis(200));
                        status = call(port, &head, b"").map(|(status, _)| status);
                    }
                    assert_eq!(status, Some(200));
                }
            });
        }
    });
    eprintln!("a thousand texts from one number in {:.1} s", started.elapsed().as_secs_f64());
    assert_eq!(get(port, "/healthz").map(|(status, _)| status), Some(200));
    let answered = |got: &[indgang_peers::Got]| got.iter().filter(|one| one.to == VILLY).count();
    phone.wait_for(1, PATIENCE).unwrap();
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(answered(&phone.all_so_far().unwrap()), 1, "one acknowledgement");
    office.stop();
    let ledger = office.ledger();
    assert_eq!(ledger["received"], before + odd.len() as u64 + 1_000);
    let log = office.log();
    for private in ["20123456", "hej hej", SECRET, Kannel::PASSWORD, "20123457"] {
        assert!(!log.contains(private), "the log holds {private}");
    }
}

#[test]
fn check_tries_the_gateway_without_sending_and_says_what_it_must_call() {
    let (mut office, mut kannel) = office_with(|_| {});
    let phone = kannel.phone().unwrap();
    let checked = office.run(&["check"]);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success(), "{said}");
    let line = said.lines().find(|line| line.contains("gateway tekst")).unwrap();
    assert!(line.starts_with("ok") && line.contains("/sms/tekst/PATH_SECRET/in"), "{line}");
    assert!(!said.contains(SECRET) && !said.contains(Kannel::PASSWORD), "{said}");
    assert!(phone.hang_up().unwrap().is_empty(), "nothing was sent");
    kannel.stop();
    let checked = office.run(&["check"]);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(!checked.status.success() && said.contains("FAILED  gateway tekst"), "{said}");
    // Nothing starts without what its calls are proved by.
    office.settings = office.settings.replace(&format!("path_secret = \"{SECRET}\""), "path_secret = \"\"");
    for command in ["check", "serve"] {
        let refused = office.run(&[command]);
        let said = [refused.stdout, refused.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(
            !refused.status.success() && said.contains("sms.accounts.tekst.path_secret must be set"),
            "{said}"
        );
    }
}

#[test]
fn explain_reads_a_recorded_call_and_the_original_of_a_text() {
    let (mut office, kannel) = office_with(|settings| settings.combine = false);
    office.start_up();
    let mut phone = kannel.phone().unwrap();
    phone.udh_text(VILLY, NUMBER, &[5, 0, 3, 9, 2, 2], "brevet fra kommunen").unwrap();
    phone.udh_text(VILLY, NUMBER, &[5, 0, 3, 9, 2, 1], "Jeg forstår ikke ").unwrap();
    phone.next(PATIENCE).unwrap().expect("an acknowledgement");
    let store = store(&office);
    let original = run(store.raw_fetch(indgang::domain::arrival::ArrivalId(1))).unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&original).contains(SECRET), "an original holds no secret");
    let file = crate::support::file(&office, "text.http", &original);
    let explained = office.run(&["explain", "--json", file.to_str().unwrap()]);
    let value: serde_json::Value = serde_json::from_slice(&explained.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&explained.stderr)));
    assert_eq!(value["text"], "Jeg forstår ikke brevet fra kommunen");
    assert_eq!(value["channel"], "sms");
    assert_eq!(value["from"]["address"], VILLY);
    assert_eq!(value["routing"]["disposition"], "enquiry");
    assert_eq!(value["routing"]["acknowledge"], true);
    // For a person, and without any account configured.
    let elsewhere = Office::new();
    let explained = elsewhere.run(&["explain", "--gateway", "kannel", file.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&explained.stdout).into_owned();
    assert!(said.contains("acknowledged  yes") && said.contains("| Jeg forstår ikke brevet"), "{said}");
}

#[test]
fn two_nodes_file_a_text_once_and_answer_it_once() {
    let postgres = Postgres::start().unwrap();
    let (mut one, kannel) = office_with(|_| {});
    let sqlite = format!("url = \"sqlite:{}\"", one.folder.path().join("office.sqlite").display());
    one.settings =
        one.settings.replace(&sqlite, &format!("url = \"{}\"", postgres.create_database().unwrap()));
    set(&mut one, "ceiling_day = 100000");
    let mut two = Office::new();
    // The same office on another port; the gateway knows the first.
    two.settings = one.settings.replace(
        &format!("listen = \"127.0.0.1:{}\"", one.web),
        &format!("listen = \"127.0.0.1:{}\"", two.web),
    );
    let mut phone = kannel.phone().unwrap();
    one.start_up();
    two.start_up();
    let ports = [one.web, two.web];
    let bring = |number: usize, node: usize| {
        let head = kannel_call(&format!("n{number}"), &format!("+4521{number:06}"), "Hvad betyder brevet?");
        call(ports[node % 2], &head, b"").map(|(status, _)| status)
    };
    for number in 0..40 {
        // Each comes to both: the gateway had no answer from the first in time.
        std::thread::scope(|scope| {
            let nodes = [0, 1].map(|node| scope.spawn(move || bring(number, node)));
            for node in nodes {
                assert_eq!(node.join().unwrap(), Some(200));
            }
        });
    }
    one.kill();
    for number in 30..60 {
        assert_eq!(bring(number, 1), Some(200));
    }
    two.wait_for("received", 60);
    wait_until("everything is settled", || {
        two.count("acknowledgements.queued") == 0
            && two.count("acknowledgements.sent") + two.count("acknowledgements.unknown") == 60
    });
    two.stop();
    let sent = usize::try_from(two.ledger()["acknowledgements"]["sent"].as_u64().unwrap()).unwrap();
    phone.wait_for(sent, PATIENCE).unwrap();
    let mut numbers: Vec<String> = phone.hang_up().unwrap().into_iter().map(|got| got.to).collect();
    let all = numbers.len();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), all, "nobody is answered twice");
}
