//! The crash test: killed at random moments, nothing is lost and nothing is acknowledged twice.

use std::collections::BTreeMap;
use std::time::Duration;

use indgang::cli::demo::letters::{Sort, Synthetic};
use indgang_peers::{Dovecot, Mail, Postfix, Postgres};

use crate::support::{Office, PATIENCE, synthetic, wait_until};

const LETTERS: usize = 300;
const KILLS: usize = 25;

/// A small generator of its own, so that a failing run can be run again: the seed is printed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Self {
        let seed = std::env::var("CRASH_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok())
            .unwrap_or_else(|| u64::from(std::process::id()) * 0x9E37_79B9 + 1);
        eprintln!("CRASH_SEED={seed}");
        Self(seed)
    }

    /// A number below `below`.
    pub(crate) fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

#[test]
fn killed_at_random_nothing_is_lost_or_answered_twice_on_sqlite() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let office = Office::with(&dovecot, &postfix);
    let mut dice = Dice::new();
    storm(office, &dovecot, &postfix, |office, _| {
        // From «just begun» to «well under way»: every step of the path is met at some kill or other.
        std::thread::sleep(Duration::from_millis(dice.roll(400)));
        office.kill();
        office.start();
    });
}

#[test]
fn killed_at_random_nothing_is_lost_or_answered_twice_on_postgres() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let postgres = Postgres::start().unwrap();
    let mut office = Office::with(&dovecot, &postfix);
    let sqlite = format!("url = \"sqlite:{}\"", office.folder.path().join("office.sqlite").display());
    office.settings =
        office.settings.replace(&sqlite, &format!("url = \"{}\"", postgres.create_database().unwrap()));
    let mut dice = Dice::new();
    storm(office, &dovecot, &postfix, |office, _| {
        std::thread::sleep(Duration::from_millis(dice.roll(400)));
        office.kill();
        office.start();
    });
}

#[test]
fn with_dovecot_and_postfix_restarted_at_random_nothing_is_lost_or_answered_twice() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let office = Office::with(&dovecot, &postfix);
    let peers = std::cell::RefCell::new((dovecot, postfix));
    let mut dice = Dice::new();
    let deliver = |raw: &[u8]| peers.borrow().0.deliver("borger", raw).unwrap();
    let mut office = run_storm(office, deliver, |_, round| {
        std::thread::sleep(Duration::from_millis(dice.roll(400)));
        let mut peers = peers.borrow_mut();
        match round % 4 {
            0 => peers.0.restart().unwrap(),
            1 => peers.1.restart().unwrap(),
            2 => {
                peers.0.kill();
                peers.0.restart().unwrap();
            }
            _ => {
                peers.1.kill();
                peers.1.restart().unwrap();
            }
        }
    });
    let peers = peers.borrow();
    settle(&mut office, &peers.1);
}

fn storm(office: Office, dovecot: &Dovecot, postfix: &Postfix, upset: impl FnMut(&mut Office, usize)) {
    let mut office = run_storm(office, |raw| dovecot.deliver("borger", raw).unwrap(), upset);
    settle(&mut office, postfix);
}

fn letters() -> Vec<Synthetic> {
    (0..LETTERS).map(synthetic).collect()
}

/// Letters flow in small heaps while something is upset again and again.
fn run_storm(
    mut office: Office,
    deliver: impl Fn(&[u8]),
    mut upset: impl FnMut(&mut Office, usize),
) -> Office {
    let letters = letters();
    let heap = LETTERS.div_ceil(KILLS);
    office.start();
    for (round, heap) in letters.chunks(heap).enumerate() {
        for letter in heap {
            deliver(&letter.raw);
        }
        upset(&mut office, round);
    }
    // Some more, while what is left flows.
    for round in 0..5 {
        upset(&mut office, round);
    }
    office
}

/// Lets everything come to rest, and counts.
fn settle(office: &mut Office, postfix: &Postfix) {
    let letters = letters();
    let due: Vec<&Synthetic> = letters.iter().filter(|letter| letter.sort == Sort::First).collect();
    office.wait_for("received", LETTERS as u64);
    office.wait_for("acknowledgements.sent", due.len() as u64);
    wait_until("Postfix has delivered everything", || postfix.drained().unwrap());
    office.stop();
    let ledger = office.ledger();
    let count = |sort| letters.iter().filter(|letter| letter.sort == sort).count();
    assert_eq!(ledger["received"], LETTERS, "{ledger}");
    assert_eq!(ledger["dispositions"]["enquiry"], due.len(), "{ledger}");
    assert_eq!(
        ledger["dispositions"]["automatic"],
        count(Sort::OutOfOffice) + count(Sort::Newsletter),
        "{ledger}"
    );
    assert_eq!(ledger["dispositions"]["hold"], count(Sort::Encrypted), "{ledger}");

    let mails = postfix.wait_for(due.len(), PATIENCE).unwrap();
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in &mails {
        let recipient = recipient(mail);
        let id = mail.header("Message-ID").expect("an acknowledgement has a Message-ID");
        ids.entry(recipient).or_default().push(id);
    }
    let copies = mails.len() - due.len();
    eprintln!("{} acknowledgements due, {copies} copies under the same Message-ID", due.len());
    assert_eq!(ids.len(), due.len(), "every due acknowledgement arrived, and no other");
    for letter in due {
        let mut got = ids.remove(&letter.sender).unwrap_or_default();
        got.sort();
        got.dedup();
        assert_eq!(got.len(), 1, "a citizen got acknowledgements under {} Message-IDs", got.len());
    }
}

fn recipient(mail: &Mail) -> String {
    mail.header("To").unwrap_or_default().trim_matches(['<', '>', ' ']).to_owned()
}
