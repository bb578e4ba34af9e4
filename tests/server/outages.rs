//! What goes wrong around the server: mailboxes that fail, servers that go away.

use std::net::TcpListener;
use std::time::Duration;

use indgang_peers::{Dovecot, Postfix, free_port};

use crate::support::{OURS, Office, PATIENCE, letter, synthetic, wait_until};

fn body(number: usize) -> Vec<u8> {
    let text = "Jeg har fået et brev fra kommunen, som jeg gerne vil have hjælp til at forstå.";
    letter(&format!("b{number}@post.example"), &format!("{number}@post.example"), "Hjælp", "", text)
}

#[test]
fn one_bad_mailbox_never_stops_another() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    // Accepts and says nothing: a fake of ours, since no real server can be made to hang on purpose.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut office = Office::with(&dovecot, &postfix);
    for (name, port, password) in [
        ("stum", silent.local_addr().unwrap().port(), "x"),
        ("doed", free_port().unwrap(), "x"),
        ("laast", dovecot.port(), "forkert"),
    ] {
        office.settings.push_str(&format!(
            "\n[email.mailboxes.{name}]\naddress = \"{name}@kommune.example\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"plain\"\nuser = \"{name}\"\npassword = \"{password}\"\n"
        ));
    }
    office.start_up();
    dovecot.deliver("borger", &body(1)).unwrap();
    postfix.wait_for(1, PATIENCE).unwrap();
    wait_until("the bad ones show", || {
        let (status, readiness) = office.readiness();
        let boxes = &readiness["mailboxes"];
        status == 503
            && boxes["borger"]["state"] == "reading"
            && ["doed", "laast"].iter().all(|name| boxes[name]["state"] == "failing")
            && boxes["laast"]["trouble"]
                .as_str()
                .is_some_and(|words| words.contains("email.mailboxes.laast.password"))
    });
    let (_, metrics) = crate::support::get(office.web, "/metrics").unwrap();
    assert!(metrics.contains("indgang_mailbox_up{mailbox=\"laast\"} 0"), "{metrics}");
    assert!(metrics.contains("indgang_mailbox_up{mailbox=\"borger\"} 1"), "{metrics}");
}

#[test]
fn after_an_outage_it_catches_up_without_a_gap() {
    let (mut dovecot, mut postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    office.start_up();
    dovecot.deliver("borger", &body(1)).unwrap();
    postfix.wait_for(1, PATIENCE).unwrap();
    dovecot.kill();
    wait_until("the outage shows", || office.readiness().1["mailboxes"]["borger"]["state"] == "failing");
    for number in 2..=40 {
        dovecot.deliver("borger", &body(number)).unwrap();
    }
    postfix.stop();
    dovecot.restart().unwrap();
    office.wait_for("dispositions.enquiry", 40);
    postfix.restart().unwrap();
    office.wait_for("acknowledgements.sent", 40);
    postfix.wait_for(40, PATIENCE).unwrap();
    wait_until("it is ready again", || office.readiness().0 == 200);
    office.stop();
    assert_eq!(office.ledger()["received"], 40);
}

#[test]
fn a_folder_that_was_rebuilt_is_read_again_and_nobody_is_answered_twice() {
    let (mut dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    office.start_up();
    for number in 0..10 {
        dovecot.deliver("borger", &synthetic(number).raw).unwrap();
    }
    office.wait_for("acknowledgements.sent", 10);
    dovecot.reset_uid_validity("borger").unwrap();
    dovecot.deliver("borger", &synthetic(10).raw).unwrap();
    office.wait_for("dispositions.enquiry", 11);
    office.wait_for("dispositions.duplicate", 10);
    office.wait_for("acknowledgements.sent", 11);
    std::thread::sleep(Duration::from_secs(1));
    office.stop();
    assert_eq!(office.ledger()["received"], 21);
    assert_eq!(postfix.count().unwrap(), 11);
}

#[test]
fn what_was_filed_but_not_marked_before_a_crash_is_marked_later() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    // First kept without a mark, as after a crash between the commit and the mark.
    let mut office = Office::new();
    office.mailbox("borger", OURS, &dovecot, "after_commit = \"keep\"");
    office.submit(&postfix);
    for number in 0..5 {
        dovecot.deliver("borger", &synthetic(number).raw).unwrap();
    }
    office.start_up();
    office.wait_for("acknowledgements.sent", 5);
    office.kill();
    assert!(dovecot.mails("borger").unwrap().iter().all(|mail| !mail.flags.contains('S')));
    office.settings = office.settings.replace("after_commit = \"keep\"", "after_commit = \"flag\"");
    office.start_up();
    wait_until("they are marked", || {
        dovecot.mails("borger").unwrap().iter().all(|mail| mail.flags.contains('S'))
    });
    office.stop();
    assert_eq!(office.ledger()["received"], 5);
}

#[test]
fn a_letter_below_the_cursor_that_was_never_filed_is_fetched() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    for number in 0..5 {
        dovecot.deliver("borger", &synthetic(number).raw).unwrap();
    }
    office.start_up();
    office.wait_for("acknowledgements.sent", 5);
    office.stop();
    // As though one group had failed and a later one had carried the cursor past it.
    office.damage(&[
        "DELETE FROM outbox WHERE enquiry_id = 3",
        "DELETE FROM thread_message WHERE enquiry_id = 3",
        "DELETE FROM message WHERE arrival_id = 3",
        "DELETE FROM enquiry WHERE id = 3",
        "DELETE FROM arrival WHERE id = 3",
    ]);
    assert_eq!(office.ledger()["received"], 4);
    office.start_up();
    office.wait_for("received", 5);
    office.wait_for("acknowledgements.sent", 5);
    office.stop();
    assert_eq!(office.ledger()["dispositions"]["enquiry"], 5);
}
