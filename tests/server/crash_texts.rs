//! The crash test for texts: killed at random moments, no text is lost and no citizen is answered twice.
//!
//! Of a text that is being handed over when the program is killed nobody can know whether it went out. It is not sent
//! again; it shows as unknown, unless the gateway's report proves that it was taken. So «sent» and «unknown» together are
//! all that were due, and a telephone has at most one.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use indgang_peers::{Kannel, Postgres};

use crate::crash::Dice;
use crate::support::{Office, PATIENCE, tail, wait_until};
use crate::texts::{NUMBER, office_with, set};

const TEXTS: usize = 300;
const KILLS: usize = 30;
/// So often a storm is begun anew when Kannel itself breaks in it: what it forgets then is not ours to find.
const STORMS: usize = 4;

#[test]
fn killed_at_random_no_text_is_lost_or_answered_twice_on_sqlite() {
    storms(|| office_with(|_| {}));
}

#[test]
fn killed_at_random_no_text_is_lost_or_answered_twice_on_postgres() {
    let postgres = Postgres::start().unwrap();
    storms(|| {
        let (mut office, kannel) = office_with(|_| {});
        let sqlite = format!("url = \"sqlite:{}\"", office.folder.path().join("office.sqlite").display());
        office.settings =
            office.settings.replace(&sqlite, &format!("url = \"{}\"", postgres.create_database().unwrap()));
        (office, kannel)
    });
}

fn storms(begin: impl Fn() -> (Office, Kannel)) {
    let whole = (0..STORMS).any(|_| {
        let (office, kannel) = begin();
        storm(office, &kannel)
    });
    assert!(whole, "Kannel broke in each of {STORMS} storms");
}

/// `false` when Kannel broke, and the storm shows nothing.
fn storm(mut office: Office, kannel: &Kannel) -> bool {
    // Two segments each; the loop breaker and the ceiling of one number are no matter, for each writes once.
    set(&mut office, "ceiling_day = 100000");
    let mut dice = Dice::new();
    let mut phone = kannel.phone().unwrap();
    let numbers: Vec<String> = (0..TEXTS).map(|number| format!("+4520{number:06}")).collect();
    office.start();
    for heap in numbers.chunks(TEXTS.div_ceil(KILLS)) {
        for number in heap {
            phone.text(number, NUMBER, "Forstår ikke brevet fra kommunen").unwrap();
        }
        // From «just begun» to «well under way»: every step of the path is met at some kill or other.
        std::thread::sleep(Duration::from_millis(dice.roll(700)));
        office.kill();
        office.start();
    }
    let deadline = Instant::now() + PATIENCE;
    while office.count("received") < TEXTS as u64 {
        if kannel.has_broken() {
            eprintln!("Kannel broke by itself; the storm is begun anew");
            return false;
        }
        assert!(
            Instant::now() < deadline,
            "{} of {TEXTS} texts came; Kannel says: {}\n{}",
            office.count("received"),
            kannel.status(),
            tail(&kannel.log())
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    wait_until("nothing is queued any more", || {
        office.count("acknowledgements.queued") == 0
            && office.count("acknowledgements.sent") + office.count("acknowledgements.unknown")
                == TEXTS as u64
    });
    // Kannel hands reports over that it could not while we were away.
    std::thread::sleep(Duration::from_secs(3));
    office.stop();
    let ledger = office.ledger();
    assert_eq!(ledger["received"], TEXTS, "{ledger}");
    assert_eq!(ledger["dispositions"]["enquiry"], TEXTS, "{ledger}");
    let sent = ledger["acknowledgements"]["sent"].as_u64().unwrap();
    let unknown = ledger["acknowledgements"]["unknown"].as_u64().unwrap();
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    phone.wait_for(usize::try_from(sent).unwrap(), PATIENCE).unwrap();
    for got in phone.hang_up().unwrap() {
        *answers.entry(got.to).or_default() += 1;
    }
    eprintln!(
        "{TEXTS} texts, {KILLS} kills: {sent} acknowledgements sent, {unknown} unknown, {} on telephones",
        answers.len()
    );
    let twice: Vec<_> = answers.values().filter(|count| **count > 1).collect();
    assert!(twice.is_empty(), "{} citizens were answered more than once", twice.len());
    assert!(answers.len() >= usize::try_from(sent).unwrap(), "a text that was sent is not on its telephone");
    true
}
