//! What an operator sees, and what no operator may see.

use indgang::cli::demo::letters::Sort;
use indgang_peers::{Dovecot, Postfix};

use crate::support::{Office, PATIENCE, get, letter, synthetic};

#[test]
fn a_whole_days_log_holds_no_name_address_subject_or_text() {
    let (mut dovecot, mut postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    // Everything that can be asked of the log, from us and from the libraries.
    office.settings = office.settings.replace("filter = \"debug\"", "filter = \"trace\"");
    office.start_up();
    let letters: Vec<_> = (0..100).map(synthetic).collect();
    for letter in &letters {
        dovecot.deliver("borger", &letter.raw).unwrap();
    }
    let odd = [
        letter(
            "afvist@permanent.example",
            "o1@odd.example",
            "Uhyrligt emne",
            "",
            "Jeg har brug for hjælp til et brev.",
        ),
        letter(
            "senere@temporary.example",
            "o2@odd.example",
            "Uhyrligt emne",
            "",
            "Jeg har brug for hjælp til et brev.",
        ),
        b"\x00\xff\xfe uhyrlig gr\xf8d uden hoved".to_vec(),
        Vec::new(),
    ];
    for raw in &odd {
        dovecot.deliver("borger", raw).unwrap();
    }
    office.wait_for("received", 104);
    dovecot.restart().unwrap();
    postfix.restart().unwrap();
    let due = letters.iter().filter(|letter| letter.sort == Sort::First).count();
    postfix.wait_for(due, PATIENCE).unwrap();
    let (_, metrics) = get(office.web, "/metrics").unwrap();
    let (_, ready) = get(office.web, "/readyz").unwrap();
    office.stop();
    let log = office.log();
    assert!(log.lines().count() > 5, "there is a log");
    assert!(
        log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()),
        "each line is JSON"
    );
    let mut private: Vec<String> = letters.iter().map(|letter| letter.sender.clone()).collect();
    private.extend(letters.iter().map(|letter| letter.message_id.clone()));
    private.extend(office.sql("SELECT reference FROM enquiry"));
    for word in [
        "Villy",
        "Sabina",
        "Østergaard",
        "Hansen",
        "boligstøtte",
        "skoleskift",
        "hjælpemidler",
        "jobcentret",
        "Uhyrligt",
        "uhyrlig",
        "afvist@",
        "senere@",
        "postkasse",
        "Autosvar",
        "kommune.example",
        "hemmeligt",
    ] {
        private.push(word.to_owned());
    }
    for word in &private {
        for (name, text) in [("log", &log), ("metrics", &metrics), ("readiness", &ready)] {
            assert!(
                !text.contains(word.as_str()),
                "the {name} holds {word:?}: {:?}",
                text.lines().find(|line| line.contains(word.as_str()))
            );
        }
    }
}

#[test]
fn metrics_tell_what_went_through() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    office.start_up();
    for number in [1, 2, 24] {
        dovecot.deliver("borger", &synthetic(number).raw).unwrap();
    }
    office.wait_for("received", 3);
    office.wait_for("acknowledgements.sent", 2);
    let (status, metrics) = get(office.web, "/metrics").unwrap();
    assert_eq!(status, 200);
    for line in [
        "indgang_arrivals_total{disposition=\"enquiry\"} 2",
        "indgang_arrivals_total{disposition=\"automatic\"} 1",
        "indgang_acknowledgements_total{outcome=\"sent\",channel=\"email\"} 2",
        "indgang_acknowledgement_latency_seconds_count 2",
        "indgang_outbox_depth 0",
        "indgang_mailbox_up{mailbox=\"borger\"} 1",
        "indgang_mailbox_lag_seconds{mailbox=\"borger\"}",
    ] {
        assert!(metrics.contains(line), "{line} is missing in {metrics}");
    }
    let (status, readiness) = office.readiness();
    assert_eq!(status, 200, "{readiness}");
    assert_eq!(readiness["database"]["kind"], "SQLite");
    assert_eq!(readiness["outbox"]["waiting"], 0);
}
