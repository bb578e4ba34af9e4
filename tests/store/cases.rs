//! The cases of the contract.

use std::sync::{Arc, Mutex};
use std::task::Poll;

use indgang::domain::arrival::{ArrivalId, Disposition};
use indgang::intake::Known;
use indgang::store::cursor::CursorStep;
use indgang::store::outbox::{Content, Sent, Way};
use indgang::store::sql;
use indgang_channels::message::{Bounce, BouncedRecipient};
use jiff::SignedDuration;

pub(crate) use crate::door::{
    a_letter_that_the_database_refuses_costs_only_itself, a_store_that_is_gone_files_nothing_and_says_so,
};
pub(crate) use crate::pages::{
    a_code_opens_once_and_is_kept_nowhere, a_form_becomes_an_enquiry_with_a_receipt,
    a_form_can_be_acknowledged_by_text_or_by_nothing, a_forms_files_are_kept_within_limits,
    a_page_shows_what_was_written_there_and_nothing_else, a_private_page_opens_holds_and_ends,
    all_nodes_have_one_secret, an_address_given_in_a_form_is_one_of_that_enquiry_alone,
    consent_and_promises_keep_their_history, only_the_form_and_the_page_lead_to_their_enquiry,
    the_same_words_in_two_forms_are_two, wrong_words_close_a_link,
};
use crate::support::{Fresh, NOW, TestDesk, enquiry, letter, not_due, open, promise};
pub(crate) use crate::texts::{
    a_conversation_leads_to_its_enquiries, a_number_that_wants_no_texts_gets_none,
    a_reply_reserves_its_segments, a_report_moves_forward_only,
    a_report_that_overtakes_the_answer_finds_its_text, a_text_is_known_by_its_number,
    a_text_that_was_on_its_way_is_never_claimed_again, parts_wait_and_are_remembered,
    what_nobody_can_answer_is_in_the_ledger,
};

const SENT: Sent<'_> = Sent { text: "Kære borger", version: "v1", provider_id: None, segments: 0 };

pub(crate) async fn every_statement_is_accepted(Fresh { store, .. }: Fresh) {
    let other = if store.is_shared() { "BEGIN_IMMEDIATE" } else { "POSTGRES_INTAKE_LOCK" };
    for (name, statement) in sql::ALL
        .iter()
        .chain(sql::pages::ALL)
        .chain(sql::people::ALL)
        .chain(sql::inbox::ALL)
        .chain(sql::find::ALL)
        .chain(sql::api::ALL)
        .chain(sql::webhooks::ALL)
        .chain(sql::figures::ALL)
        .chain(sql::erase::ALL)
        .chain(sql::erase::EMPTIED)
        .chain(sql::history::ALL)
        .chain(sql::years::ALL)
        .filter(|(name, _)| *name != other)
    {
        store.prepare(statement).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    for (name, rows) in &sql::ALL_ROWS {
        for statement in [rows.one(), rows.many()] {
            store.prepare(statement).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}

/// More letters than a statement has rows, among them a sender who writes twice and an answer within the thread.
pub(crate) async fn a_large_group_is_filed_as_its_letters_would_be_alone(Fresh { store, .. }: Fresh) {
    let seen: Arc<Mutex<Vec<Known>>> = Arc::default();
    let desk = {
        let seen = Arc::clone(&seen);
        TestDesk::of(move |_, known| {
            seen.lock().unwrap().push(known.clone());
            enquiry()
        })
    };
    let count = 3 * sql::ROWS + 5;
    let mut group: Vec<_> =
        (100..).take(count).map(|n| letter(n, &format!("a{n}@b.example"), &format!("id{n}"))).collect();
    group.push(letter(9001, "a107@b.example", "again"));
    let mut answer = letter(9002, "stranger@b.example", "answer");
    answer.incoming.thread.in_reply_to = vec!["id109@post.example".to_owned()];
    group.push(answer);
    let filed = store.letters_file(&group, &desk, NOW).await.unwrap();
    assert_eq!(filed.len(), count + 2);
    let known = std::mem::take(&mut *seen.lock().unwrap());
    let (second, thread) = (&known[count], &known[count + 1]);
    assert_eq!(second.of_sender.len(), 1);
    assert_eq!(Some(&second.of_sender[0].reference), filed[7].reference.as_ref());
    assert_eq!(second.of_sender[0].addresses, ["a107@b.example"]);
    assert_eq!(second.acknowledged_sender, 1);
    assert_eq!(thread.threads.len(), 1);
    assert_eq!(Some(&thread.threads[0].reference), filed[9].reference.as_ref());
    let ledger = store.ledger(true).await.unwrap();
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
    assert_eq!(ledger.received, count as u64 + 2);
}

/// The same letter twice among those that are recorded at once: by the same way, and by another.
pub(crate) async fn a_group_knows_its_own_duplicates(Fresh { store, .. }: Fresh) {
    let seen: Arc<Mutex<Vec<Option<ArrivalId>>>> = Arc::default();
    let desk = {
        let seen = Arc::clone(&seen);
        TestDesk::of(move |_, known| {
            seen.lock().unwrap().push(known.duplicate_of);
            if known.duplicate_of.is_some() { not_due(Disposition::Duplicate) } else { enquiry() }
        })
    };
    let first = |n: u32| letter(n, &format!("a{n}@b.example"), &format!("id{n}"));
    let rows = u32::try_from(sql::ROWS).unwrap();
    let mut group: Vec<_> = (1..rows - 1).map(first).collect();
    group.push(first(5));
    group.push(letter(500, "a3@b.example", "id3"));
    // The next lot meets them in the database.
    group.extend((501..500 + rows).map(first));
    group.push(letter(900, "a3@b.example", "id3"));
    let filed = store.letters_file(&group, &desk, NOW).await.unwrap();
    let again: Vec<usize> = (0..filed.len()).filter(|&n| filed[n].redelivered).collect();
    assert_eq!(again, [sql::ROWS - 2]);
    assert_eq!(filed[sql::ROWS - 2].arrival, filed[4].arrival);
    let doubles: Vec<_> = seen.lock().unwrap().iter().flatten().copied().collect();
    assert_eq!(doubles, [filed[2].arrival, filed[2].arrival]);
    let ledger = store.ledger(true).await.unwrap();
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
    assert_eq!(ledger.received, group.len() as u64 - 1);
    let filed_again = store.letters_file(&group, &desk, NOW).await.unwrap();
    assert!(filed_again.iter().all(|filed| filed.redelivered));
    assert_eq!(
        filed_again.iter().map(|filed| filed.arrival).collect::<Vec<_>>(),
        filed.iter().map(|filed| filed.arrival).collect::<Vec<_>>()
    );
}

/// Whoever files may go away in the middle: all of it is kept or nothing, and the next one gets the writer. All of it
/// only where the commit itself was on its way; a database that has been told to commit does.
pub(crate) async fn a_group_that_is_dropped_is_filed_whole_or_not_and_holds_nobody_up(
    Fresh { store, .. }: Fresh,
) {
    let desk = TestDesk::default();
    let group: Vec<_> = (1..40).map(|n| letter(n, &format!("a{n}@b.example"), &format!("id{n}"))).collect();
    let mut whole = false;
    for turns in 0..60 {
        let mut filing = Box::pin(store.letters_file(&group, &desk, NOW));
        let mut left = turns;
        let done = std::future::poll_fn(|context| {
            if let Poll::Ready(done) = filing.as_mut().poll(context) {
                return Poll::Ready(Some(done));
            }
            left -= 1;
            if left < 0 { Poll::Ready(None) } else { Poll::Pending }
        })
        .await;
        drop(filing);
        let told = done.is_some_and(|done| done.is_ok());
        let received = store.ledger(false).await.unwrap().received;
        assert!(received == 0 || received == group.len() as u64, "{received} letters after {turns} turns");
        assert!(received > 0 || !(told || whole), "what was filed is gone after {turns} turns");
        whole = received > 0;
    }
    let filed = store.letters_file(&group, &desk, NOW).await.unwrap();
    assert_eq!(filed.iter().all(|filed| filed.redelivered), whole);
    assert!(store.ledger(true).await.unwrap().mistakes.is_empty());
}

pub(crate) async fn a_first_letter_starts_one_enquiry_and_queues_one_acknowledgement(
    Fresh { store, .. }: Fresh,
) {
    let filed =
        store.letters_file(&[letter(1, "a@b.example", "hej")], &TestDesk::default(), NOW).await.unwrap();
    assert!(!filed[0].redelivered && filed[0].reference.is_some());
    let claimed =
        store.outbox_claim(Way::Letters, "n", NOW, NOW + SignedDuration::from_mins(5), 10).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].recipient.as_str(), "a@b.example");
    assert_eq!(Some(&claimed[0].reference), filed[0].reference.as_ref());
    assert_eq!(claimed[0].content, Content::Acknowledgement { promise: promise() });
    assert_eq!(claimed[0].in_reply_to.as_deref(), Some("hej@post.example"));
    assert_eq!(claimed[0].references, ["hej@post.example"]);
    let ledger = store.ledger(true).await.unwrap();
    assert_eq!((ledger.received, ledger.dispositions.enquiry, ledger.acknowledgements.queued), (1, 1, 1));
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
}

pub(crate) async fn the_same_delivery_again_changes_nothing(Fresh { store, .. }: Fresh) {
    let desk = TestDesk::default();
    let first = store.letters_file(&[letter(1, "a@b.example", "hej")], &desk, NOW).await.unwrap();
    let again = store.letters_file(&[letter(1, "a@b.example", "hej")], &desk, NOW).await.unwrap();
    assert!(again[0].redelivered);
    assert_eq!(again[0].arrival, first[0].arrival);
    let ledger = store.ledger(true).await.unwrap();
    assert_eq!((ledger.received, ledger.acknowledgements.sum()), (1, 1));
}

/// A desk that files what the store calls a duplicate as one.
fn duplicate_desk() -> TestDesk {
    TestDesk::of(
        |_, known| {
            if known.duplicate_of.is_some() { not_due(Disposition::Duplicate) } else { enquiry() }
        },
    )
}

pub(crate) async fn the_same_bytes_by_another_way_are_a_duplicate(Fresh { store, .. }: Fresh) {
    let letters = [letter(1, "a@b.example", "hej"), letter(2, "a@b.example", "hej")];
    store.letters_file(&letters, &duplicate_desk(), NOW).await.unwrap();
    let ledger = store.ledger(true).await.unwrap();
    assert_eq!((ledger.received, ledger.dispositions.enquiry, ledger.dispositions.duplicate), (2, 1, 1));
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
}

pub(crate) async fn the_same_letter_in_other_bytes_is_a_duplicate(Fresh { store, .. }: Fresh) {
    let mut by_another_path = letter(2, "a@b.example", "hej");
    by_another_path.raw.splice(0..0, b"Received: from elsewhere\r\n".iter().copied());
    let letters = [letter(1, "a@b.example", "hej"), by_another_path];
    store.letters_file(&letters, &duplicate_desk(), NOW).await.unwrap();
    assert_eq!(store.ledger(true).await.unwrap().dispositions.duplicate, 1);
}

pub(crate) async fn a_later_letter_of_a_group_sees_the_earlier_one(Fresh { store, .. }: Fresh) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let desk = {
        let seen = Arc::clone(&seen);
        TestDesk::of(move |_, known| {
            seen.lock().unwrap().push((
                known.of_sender.len(),
                known.acknowledged_sender,
                known.acknowledged_all,
            ));
            enquiry()
        })
    };
    let letters =
        [letter(1, "a@b.example", "en"), letter(2, "A@B.example", "to"), letter(3, "c@d.example", "tre")];
    store.letters_file(&letters, &desk, NOW).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [(0, 0, 0), (1, 1, 1), (0, 0, 2)]);
}

pub(crate) async fn what_is_known_reaches_the_desk(Fresh { store, .. }: Fresh) {
    let filed =
        store.letters_file(&[letter(1, "a@b.example", "hej")], &TestDesk::default(), NOW).await.unwrap();
    let reference = filed[0].reference.clone().unwrap();
    let seen: Arc<Mutex<Option<Known>>> = Arc::default();
    let desk = {
        let seen = Arc::clone(&seen);
        TestDesk::of(move |_, known| {
            *seen.lock().unwrap() = Some(known.clone());
            not_due(Disposition::Hold)
        })
    };
    let mut answer = letter(2, "stranger@elsewhere.example", "svar");
    answer.incoming.thread.references =
        vec!["unknown@x".to_owned(), format!("ack.{}@kommune.example", reference.as_str())];
    answer.incoming.subject = format!("Vedr. {}", reference.as_str().to_lowercase());
    store.letters_file(&[answer], &desk, NOW).await.unwrap();
    let known = seen.lock().unwrap().take().unwrap();
    assert_eq!(known.threads.len(), 1);
    assert_eq!(known.threads[0].reference, reference);
    assert_eq!(known.threads[0].addresses, ["a@b.example"]);
    assert_eq!(known.quoted, known.threads);
    assert!(known.of_sender.is_empty() && known.duplicate_of.is_none());
}

pub(crate) async fn a_reference_that_is_taken_is_drawn_again(Fresh { store, .. }: Fresh) {
    let first = TestDesk::default();
    let second = TestDesk { first_reference: first.first_reference, ..TestDesk::default() };
    let one = store.letters_file(&[letter(1, "a@b.example", "en")], &first, NOW).await.unwrap();
    let two = store.letters_file(&[letter(2, "c@d.example", "to")], &second, NOW).await.unwrap();
    assert_ne!(one[0].reference, two[0].reference);
    assert_eq!(store.ledger(true).await.unwrap().acknowledgements.queued, 2);
}

pub(crate) async fn a_group_that_fails_leaves_nothing(Fresh { store, .. }: Fresh) {
    // A follow-up on an enquiry that does not exist breaks a foreign key.
    let desk = TestDesk::of(|incoming, _| match incoming.text.as_str() {
        "ond" => indgang::intake::Routing {
            enquiry: Some(indgang::domain::enquiry::EnquiryId(999)),
            ..not_due(Disposition::FollowUp)
        },
        _ => enquiry(),
    });
    let letters = [letter(1, "a@b.example", "god"), letter(2, "a@b.example", "ond")];
    let error = store.letters_file(&letters, &desk, NOW).await.unwrap_err();
    assert!(!error.is_transient(), "{error}");
    let ledger = store.ledger(true).await.unwrap();
    assert_eq!((ledger.received, ledger.acknowledgements.sum()), (0, 0));
    assert!(store.cursor_fetch("borger", "INBOX").await.unwrap().is_none());
}

pub(crate) async fn hostile_characters_are_stored(Fresh { store, .. }: Fresh) {
    let mut hostile = letter(1, "a@b.example", "nul\0 og '; DROP TABLE message; -- \u{202e}\u{10ffff}");
    hostile.incoming.subject = "\0\0".to_owned();
    hostile.incoming.thread.references = vec!["x\0y".to_owned(); 100];
    if let Some(sender) = &mut hostile.incoming.sender {
        sender.name = Some("\0<b>Ærø</b>".to_owned());
    }
    store.letters_file(&[hostile], &TestDesk::default(), NOW).await.unwrap();
    assert!(store.ledger(true).await.unwrap().mistakes.is_empty());
    assert_eq!(store.outbox_claim(Way::Letters, "n", NOW, NOW, 10).await.unwrap().len(), 1);
}

pub(crate) async fn a_claim_is_exclusive_and_runs_out(Fresh { store, .. }: Fresh) {
    let letters: Vec<_> =
        (1..=20).map(|n| letter(n, &format!("b{n}@b.example"), &format!("nr {n}"))).collect();
    store.letters_file(&letters, &TestDesk::default(), NOW).await.unwrap();
    let until = NOW + SignedDuration::from_mins(5);
    let (one, two) = tokio::join!(
        store.outbox_claim(Way::Letters, "a", NOW, until, 15),
        store.outbox_claim(Way::Letters, "b", NOW, until, 15)
    );
    let mut ids: Vec<_> = one.unwrap().iter().chain(&two.unwrap()).map(|claimed| claimed.id).collect();
    // A node that lost a race for some may have got fewer; it looks again.
    ids.extend(
        store.outbox_claim(Way::Letters, "b", NOW, until, 15).await.unwrap().iter().map(|claimed| claimed.id),
    );
    ids.sort();
    let all = ids.len();
    ids.dedup();
    assert_eq!((all, ids.len()), (20, 20), "each is claimed once");
    assert!(
        store
            .outbox_claim(Way::Letters, "c", until - SignedDuration::from_secs(1), until, 15)
            .await
            .unwrap()
            .is_empty()
    );
    let later = until + SignedDuration::from_mins(5);
    let again = store.outbox_claim(Way::Letters, "c", until, later, 50).await.unwrap();
    assert_eq!(again.len(), 20);
    assert!(again.iter().all(|claimed| claimed.attempts == 2));
}

pub(crate) async fn an_acknowledgement_goes_through_its_states(Fresh { store, .. }: Fresh) {
    let letters: Vec<_> =
        (1..=3).map(|n| letter(n, &format!("b{n}@b.example"), &format!("nr {n}"))).collect();
    store.letters_file(&letters, &TestDesk::default(), NOW).await.unwrap();
    let until = NOW + SignedDuration::from_mins(5);
    let claimed = store.outbox_claim(Way::Letters, "n", NOW, until, 10).await.unwrap();
    store.outbox_sent(claimed[0].id, SENT, NOW).await.unwrap();
    store.outbox_fail(claimed[1].id, "550").await.unwrap();
    let due = NOW + SignedDuration::from_secs(30);
    store.outbox_retry(claimed[2].id, due, "451").await.unwrap();
    // What was accepted was accepted, whatever was noted meanwhile.
    store.outbox_fail(claimed[0].id, "too early").await.unwrap();
    store.outbox_sent(claimed[0].id, SENT, NOW).await.unwrap();
    // What is settled is not unsettled by a late word.
    store.outbox_retry(claimed[0].id, NOW, "late").await.unwrap();
    let ledger = store.ledger(false).await.unwrap();
    let counts = &ledger.acknowledgements;
    assert_eq!((counts.sent, counts.failed, counts.queued), (1, 1, 1));
    assert_eq!(store.outbox_next_due().await.unwrap(), Some(due));
    assert!(store.outbox_claim(Way::Letters, "n", NOW, until, 10).await.unwrap().is_empty());
    assert_eq!(store.outbox_claim(Way::Letters, "n", due, until, 10).await.unwrap().len(), 1);
    let depth = store.outbox_depth().await.unwrap();
    assert_eq!((depth.waiting, depth.oldest), (1, Some(NOW)));
}

pub(crate) async fn a_restart_releases_what_was_claimed(Fresh { store, .. }: Fresh) {
    store.letters_file(&[letter(1, "a@b.example", "hej")], &TestDesk::default(), NOW).await.unwrap();
    let until = NOW + SignedDuration::from_mins(5);
    let first = store.outbox_claim(Way::Letters, "n", NOW, until, 10).await.unwrap();
    assert_eq!(store.outbox_release(Way::Letters, "another", NOW).await.unwrap(), 0);
    assert_eq!(store.outbox_release(Way::Letters, "n", NOW).await.unwrap(), 1);
    let second = store.outbox_claim(Way::Letters, "n", NOW, until, 10).await.unwrap();
    assert_eq!(second[0].message_id, first[0].message_id);
}

pub(crate) async fn what_a_dead_node_had_claimed_is_taken_over(Fresh { store, .. }: Fresh) {
    let letters: Vec<_> =
        (1..=4).map(|n| letter(n, &format!("b{n}@b.example"), &format!("nr {n}"))).collect();
    store.letters_file(&letters, &TestDesk::default(), NOW).await.unwrap();
    let alive = NOW + SignedDuration::from_secs(30);
    let claim = NOW + SignedDuration::from_mins(5);
    assert_eq!(store.outbox_heartbeat("dead", alive, NOW).await.unwrap(), 0);
    assert_eq!(store.outbox_heartbeat("well", claim, NOW).await.unwrap(), 0);
    assert_eq!(store.outbox_claim(Way::Letters, "dead", NOW, claim, 3).await.unwrap().len(), 3);
    assert_eq!(store.outbox_claim(Way::Letters, "well", NOW, claim, 3).await.unwrap().len(), 1);
    assert_eq!(store.outbox_heartbeat("well", claim, alive).await.unwrap(), 0, "still alive");
    let later = alive + SignedDuration::from_secs(1);
    assert_eq!(store.outbox_heartbeat("well", claim, later).await.unwrap(), 3);
    assert_eq!(store.outbox_claim(Way::Letters, "well", later, claim, 10).await.unwrap().len(), 3);
}

pub(crate) async fn a_bounce_marks_the_letter_and_the_address(Fresh { store, url }: Fresh) {
    let filed =
        store.letters_file(&[letter(1, "a@b.example", "hej")], &TestDesk::default(), NOW).await.unwrap();
    let reference = filed[0].reference.clone().unwrap();
    let mut bounce = letter(2, "mailer-daemon@b.example", "kom retur");
    bounce.incoming.bounce = Some(Bounce {
        recipients: vec![BouncedRecipient {
            address: "A@b.example".to_owned(),
            status: Some("5.1.1".to_owned()),
            permanent: true,
        }],
        original_message_id: Some(format!("ack.{}@kommune.example", reference.as_str())),
    });
    let desk = TestDesk::of(|_, known| indgang::intake::Routing {
        enquiry: known.bounced,
        ..not_due(Disposition::Bounce)
    });
    store.letters_file(&[bounce], &desk, NOW).await.unwrap();
    let marked: Vec<String> = crate::support::strings(
        &url,
        "SELECT bounce_status FROM outbox UNION ALL SELECT undeliverable_status FROM enquirer_address",
    )
    .await;
    assert_eq!(marked, ["5.1.1", "5.1.1"]);
    let tied = crate::support::strings(
        &url,
        "SELECT CAST(enquiry_id AS TEXT) FROM message WHERE disposition = 'bounce'",
    )
    .await;
    assert_eq!(tied.len(), 1);
}

pub(crate) async fn a_cursor_never_goes_back_under_one_uidvalidity(Fresh { store, .. }: Fresh) {
    let desk = TestDesk::default();
    let step = |uid_validity, uid| {
        let mut one = letter(uid, "a@b.example", &format!("{uid_validity}:{uid}"));
        one.incoming.external_id.0 = format!("INBOX:{uid_validity}:{uid}");
        one.cursor = Some(CursorStep { folder: "INBOX".to_owned(), uid_validity, uid });
        one
    };
    for (letters, expected) in [
        (vec![step(7, 5), step(7, 3)], (7, 5)),
        (vec![step(7, 4)], (7, 5)),
        (vec![step(7, 9)], (7, 9)),
        (vec![step(8, 1)], (8, 1)),
    ] {
        store.letters_file(&letters, &desk, NOW).await.unwrap();
        let cursor = store.cursor_fetch("borger", "INBOX").await.unwrap().unwrap();
        assert_eq!((cursor.uid_validity, cursor.last_uid), expected);
    }
}

pub(crate) async fn filed_uids_are_those_of_one_uidvalidity(Fresh { store, .. }: Fresh) {
    let mut other = letter(3, "a@b.example", "tre");
    other.incoming.external_id.0 = "INBOX:70:3".to_owned();
    let letters = [letter(1, "a@b.example", "en"), letter(20, "a@b.example", "to"), other];
    store.letters_file(&letters, &TestDesk::default(), NOW).await.unwrap();
    let mut uids: Vec<u32> =
        store.cursor_filed_uids("borger", "INBOX", 7).await.unwrap().into_iter().collect();
    uids.sort_unstable();
    assert_eq!(uids, [1, 20]);
}

pub(crate) async fn a_lease_is_held_by_one(Fresh { store, .. }: Fresh) {
    let until = NOW + SignedDuration::from_secs(60);
    assert!(store.lease_take("mailbox", "a", until, NOW).await.unwrap());
    assert!(store.lease_take("mailbox", "a", until, NOW).await.unwrap(), "the holder renews");
    assert!(!store.lease_take("mailbox", "b", until, NOW).await.unwrap());
    let after = until + SignedDuration::from_secs(1);
    assert!(store.lease_take("mailbox", "b", after, after).await.unwrap(), "a lease that ran out is free");
    store.lease_release("mailbox", "a").await.unwrap();
    assert!(!store.lease_take("mailbox", "a", after, after).await.unwrap(), "only the holder gives it back");
    store.lease_release("mailbox", "b").await.unwrap();
    assert!(store.lease_take("mailbox", "a", after, after).await.unwrap());
}

pub(crate) async fn two_nodes_filing_the_same_letter_file_it_once(Fresh { store, url }: Fresh) {
    let other = open(url).await.store;
    let desk = duplicate_desk();
    let one: Vec<_> = (1..=30).map(|n| letter(n, "a@b.example", &format!("nr {n}"))).collect();
    let two: Vec<_> = (1..=30).map(|n| letter(n, "a@b.example", &format!("nr {n}"))).collect();
    let (first, second) =
        tokio::join!(store.letters_file(&one, &desk, NOW), other.letters_file(&two, &desk, NOW));
    let fresh = first.unwrap().iter().chain(&second.unwrap()).filter(|filed| !filed.redelivered).count();
    assert_eq!(fresh, 30);
    assert_eq!(store.ledger(true).await.unwrap().acknowledgements.queued, 30);
    // From two mailboxes it is not a redelivery but a duplicate, and still one enquiry.
    let mut elsewhere = letter(1, "a@b.example", "begge steder");
    elsewhere.incoming.account = "anden".to_owned();
    let here = [letter(77, "a@b.example", "begge steder")];
    let there = [elsewhere];
    let (first, second) =
        tokio::join!(store.letters_file(&here, &desk, NOW), other.letters_file(&there, &desk, NOW));
    first.unwrap();
    second.unwrap();
    let ledger = store.ledger(true).await.unwrap();
    assert_eq!((ledger.dispositions.enquiry, ledger.dispositions.duplicate), (31, 1));
}

pub(crate) async fn the_raw_letter_is_kept_unaltered(Fresh { store, .. }: Fresh) {
    let mut odd = letter(1, "a@b.example", "hej");
    odd.raw = (0..=255).cycle().take(300_000).collect();
    let filed = store.letters_file(std::slice::from_ref(&odd), &TestDesk::default(), NOW).await.unwrap();
    assert_eq!(store.raw_fetch(filed[0].arrival).await.unwrap().as_deref(), Some(&odd.raw[..]));
}

pub(crate) async fn the_ledger_sees_a_row_that_is_missing(Fresh { store, url }: Fresh) {
    store
        .letters_file(
            &[letter(1, "a@b.example", "hej"), letter(2, "c@d.example", "dav")],
            &TestDesk::default(),
            NOW,
        )
        .await
        .unwrap();
    assert!(store.ledger(false).await.unwrap().mistakes.is_empty());
    for (damage, complaint) in [
        ("DELETE FROM message WHERE id = 1", "received 2 but the dispositions add up to 1"),
        ("DELETE FROM outbox WHERE id = 2", "1 enquiries have no acknowledgement"),
        ("DELETE FROM raw_message", "2 arrivals have lost their bytes"),
    ] {
        crate::support::damage(&url, damage).await;
        let mistakes = store.ledger(false).await.unwrap().mistakes;
        assert!(mistakes.iter().any(|mistake| mistake.contains(complaint)), "{damage}: {mistakes:?}");
    }
}

pub(crate) async fn the_ledger_sees_a_letter_that_was_altered(Fresh { store, url }: Fresh) {
    store.letters_file(&[letter(1, "a@b.example", "hej")], &TestDesk::default(), NOW).await.unwrap();
    crate::support::damage(&url, "UPDATE raw_message SET bytes = X'00'").await;
    assert!(store.ledger(false).await.unwrap().mistakes.is_empty());
    assert_eq!(store.ledger(true).await.unwrap().mistakes, ["1 kept letters no longer match their hash"]);
}

/// Letters come in while it is added up: what it sees is one moment.
pub(crate) async fn the_ledger_adds_up_while_letters_pour_in(Fresh { store, .. }: Fresh) {
    let desk = TestDesk::default();
    let pouring = async {
        for n in 1..=120 {
            let one = letter(n, &format!("b{n}@b.example"), &format!("nr {n}"));
            store.letters_file(std::slice::from_ref(&one), &desk, NOW).await.unwrap();
        }
    };
    let adding = async {
        for _ in 0..60 {
            let ledger = store.ledger(false).await.unwrap();
            assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(pouring, adding);
    assert_eq!(store.ledger(true).await.unwrap().received, 120);
}
