//! Several nodes side by side on one PostgreSQL.

use indgang_peers::{Dovecot, Postfix, Postgres};

use crate::support::{Office, PATIENCE, synthetic, wait_until};
use indgang::cli::demo::letters::Sort;

#[test]
fn two_nodes_share_the_work_and_answer_each_letter_once() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let postgres = Postgres::start().unwrap();
    let url = postgres.create_database().unwrap();
    let node = || {
        let mut office = Office::with(&dovecot, &postfix);
        let sqlite = format!("url = \"sqlite:{}\"", office.folder.path().join("office.sqlite").display());
        office.settings = office.settings.replace(&sqlite, &format!("url = \"{url}\""));
        office
    };
    let (mut one, mut two) = (node(), node());
    one.start_up();
    two.start_up();
    let letters: Vec<_> = (0..60).map(synthetic).collect();
    let due = letters.iter().filter(|letter| letter.sort == Sort::First).count() as u64;
    for letter in &letters[..30] {
        dovecot.deliver("borger", &letter.raw).unwrap();
    }
    one.wait_for("received", 30);
    // Whichever reads the mailbox: when it dies, the other takes over by itself.
    let reads_one = one.readiness().1["mailboxes"]["borger"]["state"] == "reading";
    if reads_one {
        one.kill();
    } else {
        two.kill();
    }
    for letter in &letters[30..] {
        dovecot.deliver("borger", &letter.raw).unwrap();
    }
    let left = if reads_one { &two } else { &one };
    wait_until("the other node has read on", || left.count("received") == 60);
    left.wait_for("acknowledgements.sent", due);
    let mails = postfix.wait_for(usize::try_from(due).unwrap(), PATIENCE).unwrap();
    let mut ids: Vec<_> = mails.iter().filter_map(|mail| mail.header("Message-ID")).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len() as u64, due, "each letter has one acknowledgement");
    left.ledger();
}
