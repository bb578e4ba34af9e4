//! A citizen's e-mail, from her mailbox to her acknowledgement.

use indgang_peers::{Dovecot, Postfix};

use crate::support::{OURS, Office, PATIENCE, letter, text, to, wait_until};

#[test]
fn a_letter_becomes_an_enquiry_and_is_acknowledged_once() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    office.start_up();
    let body = "Hej\n\nJeg forstår ikke brevet om min boligstøtte fra kommunen. Kan du hjælpe mig?\n\nMvh\nVilly Hemmelig";
    let raw =
        letter("Villy Hemmelig <villy@post.example>", "v1@post.example", "Mit hemmelige emne", "", body);
    dovecot.deliver("borger", &raw).unwrap();
    let mails = postfix.wait_for(1, PATIENCE).unwrap();
    let mail = to(&mails, "villy@post.example")[0];
    assert_eq!(mail.header("In-Reply-To").as_deref(), Some("<v1@post.example>"));
    assert_eq!(mail.header("References").as_deref(), Some("<v1@post.example>"));
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-replied"));
    assert!(mail.header("From").unwrap().contains(OURS));
    assert_eq!(mail.header("Return-Path").as_deref(), Some(&*format!("<{OURS}>")), "bounces come back to us");
    let said = text(mail);
    let reference = office.sql("SELECT reference FROM enquiry").remove(0);
    for needed in [
        "Borgerrådgiveren i Eksempel Kommune har modtaget din henvendelse.",
        "Du får et personligt svar senest ",
        "Jeg er uvildig og har tavshedspligt.",
        "Klagefristen løber videre",
        "Send ikke cpr-nummer",
        "Ring 12 34 56 78",
        &reference,
    ] {
        assert!(said.contains(needed), "{needed:?} is missing in {said}");
    }
    let whole = String::from_utf8_lossy(&mail.raw).into_owned() + &said;
    for private in ["hemmelige emne", "Hemmelig", "boligstøtte", "brevet"] {
        assert!(!whole.contains(private), "the acknowledgement quotes {private:?}");
    }
    office.wait_for("acknowledgements.sent", 1);
    // After the commit it is flagged on the server, so nobody takes it for new.
    wait_until("the letter is marked as seen", || {
        dovecot.mails("borger").unwrap().iter().all(|mail| mail.flags.contains('S'))
    });
    office.stop();
    office.start_up();
    office.stop();
    let ledger = office.ledger();
    assert_eq!((&ledger["received"], &ledger["dispositions"]["enquiry"]), (&1.into(), &1.into()));
    assert_eq!(postfix.count().unwrap(), 1);
}

#[test]
fn an_english_letter_is_answered_in_english() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    office.start_up();
    let body =
        "Hello, I received a decision about my housing and I do not understand how to complain about it.";
    dovecot
        .deliver("borger", &letter("daniel@post.example", "d1@post.example", "Question", "", body))
        .unwrap();
    let mails = postfix.wait_for(1, PATIENCE).unwrap();
    assert_eq!(mails[0].header("Content-Language").as_deref(), Some("en"));
    assert!(text(&mails[0]).contains("The appeal deadline keeps running"));
}

#[test]
fn a_reply_joins_and_a_stranger_does_not() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    office.start_up();
    let body = "Jeg vil gerne tale med dig om min sag i jobcentret, som har ligget stille.";
    dovecot
        .deliver("borger", &letter("sabina@post.example", "s1@post.example", "Min sag", "", body))
        .unwrap();
    let first = postfix.wait_for(1, PATIENCE).unwrap().remove(0);
    let ack_id = first.header("Message-ID").unwrap();
    let reference = office.sql("SELECT reference FROM enquiry").remove(0);

    // Her answer to our acknowledgement joins, whatever its subject says, and nothing goes out.
    let thread = format!("In-Reply-To: {ack_id}\r\nReferences: <s1@post.example> {ack_id}\r\n");
    dovecot
        .deliver(
            "borger",
            &letter(
                "Sabina@Post.example",
                "s2@post.example",
                "Noget helt andet",
                &thread,
                "Tak, jeg venter.",
            ),
        )
        .unwrap();
    office.wait_for("dispositions.follow_up", 1);

    // A stranger with the same thread and the same number starts an enquiry of his own, which only offers hers.
    let quoting = format!("Jeg skriver om {reference}, send mig det hele.");
    dovecot
        .deliver(
            "borger",
            &letter(
                "fremmed@andet.example",
                "f1@andet.example",
                &format!("SV: {reference}"),
                &thread,
                &quoting,
            ),
        )
        .unwrap();
    office.wait_for("dispositions.enquiry", 2);
    let mails = postfix.wait_for(2, PATIENCE).unwrap();
    let answer = to(&mails, "fremmed@andet.example")[0];
    assert!(!String::from_utf8_lossy(&answer.raw).contains(&reference), "nothing of hers is told to him");
    let offers = office
        .sql("SELECT offers FROM message WHERE disposition = 'enquiry' ORDER BY id DESC LIMIT 1")
        .remove(0);
    assert!(offers.contains("\"enquiry\":1"), "{offers}");
    assert_eq!(office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM message WHERE enquiry_id = 1"), ["2"]);
}

#[test]
fn machines_lists_forgeries_and_sealed_letters_are_kept_and_not_answered() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::new();
    office.mailbox("borger", OURS, &dovecot, "authserv_id = \"mx.kommune.example\"");
    office.submit(&postfix);
    office.start_up();
    let body = "Jeg har brug for hjælp til at forstå en afgørelse fra kommunen.";
    let forged = "Authentication-Results: mx.kommune.example; dmarc=fail header.from=post.example\r\n";
    let elsewhere = "Authentication-Results: mx.andet.example; dmarc=fail header.from=post.example\r\n";
    let letters = [
        letter(
            "ude@post.example",
            "1@post.example",
            "Autosvar",
            "Auto-Submitted: auto-replied\r\n",
            "Jeg er væk.",
        ),
        letter(
            "nyt@liste.example",
            "2@post.example",
            "Nyt",
            "List-Id: <nyt.liste.example>\r\nPrecedence: list\r\n",
            "Nyt.",
        ),
        letter("offer@post.example", "3@post.example", "Hjælp", forged, body),
        letter("aegte@post.example", "4@post.example", "Hjælp", elsewhere, body),
        letter("nej@post.example", "5@post.example", "Hjælp", "Auto-Submitted: no\r\n", body),
        letter(
            "laast@post.example",
            "6@post.example",
            "Hjælp",
            "",
            "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----",
        ),
        letter(OURS, "7@kommune.example", "Selv", "", body),
    ];
    for raw in &letters {
        dovecot.deliver("borger", raw).unwrap();
    }
    office.wait_for("received", 7);
    office.wait_for("acknowledgements.sent", 2);
    let ledger = office.ledger();
    let dispositions = &ledger["dispositions"];
    assert_eq!(dispositions["automatic"], 3, "{ledger}");
    assert_eq!(dispositions["hold"], 2, "{ledger}");
    assert_eq!(dispositions["enquiry"], 2, "{ledger}");
    let mails = postfix.wait_for(2, PATIENCE).unwrap();
    assert_eq!(
        to(&mails, "aegte@post.example").len(),
        1,
        "a header with another server's name counts for nothing"
    );
    assert_eq!(to(&mails, "nej@post.example").len(), 1, "`no` is not automatic");
}

#[test]
fn a_dead_address_shows_on_its_enquiry() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    office.start_up();
    let body = "Jeg har fået et brev, som jeg gerne vil have hjælp til at forstå.";
    dovecot.deliver("borger", &letter("doed@post.example", "x1@post.example", "Hjælp", "", body)).unwrap();
    let ack = postfix.wait_for(1, PATIENCE).unwrap().remove(0);
    let id = ack.header("Message-ID").unwrap();
    let bounce = format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.post.example\r\nTo: {OURS}\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\nMessage-ID: <bounce1@mx.post.example>\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.post.example\r\n\r\nFinal-Recipient: rfc822; doed@post.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: {OURS}\r\nTo: doed@post.example\r\nMessage-ID: {id}\r\n\r\n--b--\r\n"
    );
    dovecot.deliver("borger", bounce.as_bytes()).unwrap();
    office.wait_for("dispositions.bounce", 1);
    assert_eq!(office.sql("SELECT undeliverable_status FROM enquirer_address"), ["5.1.1"]);
    assert_eq!(office.sql("SELECT bounce_status FROM outbox"), ["5.1.1"]);
    assert_eq!(postfix.count().unwrap(), 1, "a bounce is never answered");
}

#[test]
fn refusals_are_tried_again_or_shown() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    office.start_up();
    let body = "Jeg har fået et brev, som jeg gerne vil have hjælp til at forstå.";
    for (number, domain) in [Postfix::TEMPORARY, Postfix::PERMANENT].into_iter().enumerate() {
        let raw = letter(&format!("a@{domain}"), &format!("{number}@{domain}"), "Hjælp", "", body);
        dovecot.deliver("borger", &raw).unwrap();
    }
    office.wait_for("acknowledgements.failed", 1);
    let error = office.sql("SELECT last_error FROM outbox WHERE state = 'failed'").remove(0);
    assert!(error.contains("550 5.1.1") && !error.contains('@'), "{error}");
    wait_until("the refusal that may pass is tried again", || {
        let tries = office.sql("SELECT CAST(attempts AS TEXT) FROM outbox WHERE state <> 'failed'");
        tries.first().is_some_and(|tries| tries.parse::<u32>().unwrap_or(0) >= 2)
    });
    office.stop();
    assert_eq!(office.ledger()["acknowledgements"]["queued"], 1);
}

#[test]
fn at_a_ceiling_the_letter_is_kept_and_says_why() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    office.settings =
        office.settings.replace("ceiling_all = 100000", "ceiling_all = 100000\nceiling_sender = 2");
    office.start_up();
    for number in 1..=4 {
        let body = format!("Dette er min henvendelse nummer {number} om noget nyt, som jeg ikke forstår.");
        let raw = letter("ivrig@post.example", &format!("{number}@post.example"), "Igen", "", &body);
        dovecot.deliver("borger", &raw).unwrap();
    }
    office.wait_for("dispositions.enquiry", 4);
    office.wait_for("acknowledgements.sent", 2);
    assert_eq!(office.ledger()["acknowledgements"]["suppressed"], 2);
    let reasons = office.sql("SELECT reason FROM outbox WHERE state = 'suppressed'");
    assert!(reasons.iter().all(|reason| !reason.is_empty() && !reason.contains('@')), "{reasons:?}");
}

#[test]
fn a_letter_over_the_limit_is_held_and_stays_on_the_server() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::new();
    office.settings.push_str("\n[email.limits]\nsize = \"64 KiB\"\ntext = \"16 KiB\"\n");
    office.mailbox("borger", OURS, &dovecot, "after_commit = \"move\"\nmove_to = \"Behandlet\"");
    office.submit(&postfix);
    dovecot.folder("borger", "Behandlet").unwrap();
    office.start_up();
    let huge = "Bilag ".repeat(30_000);
    dovecot
        .deliver("borger", &letter("stor@post.example", "1@post.example", "Stort brev", "", &huge))
        .unwrap();
    dovecot
        .deliver(
            "borger",
            &letter(
                "lille@post.example",
                "2@post.example",
                "Brev",
                "",
                "Jeg har brug for hjælp med min sag.",
            ),
        )
        .unwrap();
    office.wait_for("dispositions.hold", 1);
    office.wait_for("acknowledgements.sent", 1);
    wait_until("what was filed whole is moved", || {
        dovecot.folder("borger", "Behandlet").unwrap().mails().unwrap().len() == 1
    });
    assert_eq!(dovecot.mails("borger").unwrap().len(), 1, "what was not read whole stays");
    let held =
        office.sql("SELECT subject || '|' || reason FROM message WHERE disposition = 'hold'").remove(0);
    assert!(held.starts_with("Stort brev|") && held.contains("limit"), "{held}");
}
