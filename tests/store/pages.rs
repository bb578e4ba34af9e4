//! The cases of the contract that are about the form and the private page.

use std::sync::{Arc, Mutex};

use indgang::domain::area::AreaId;
use indgang::domain::arrival::Disposition;
use indgang::domain::enquiry::EnquiryId;
use indgang::domain::private::AfterFailure;
use indgang::intake::{Acknowledgement, Known};
use indgang::store::form_files::{FormFileKept, FormFileLimits};
use indgang::store::letters::{Filed, Letter};
use indgang::store::outbox::{Content, Sent, Way};
use indgang::store::pages::{NewCode, NewPageReply};
use indgang::store::private::GivenBy;
use indgang::store::{Store, StoreOptions};
use indgang_channels::message::{Address, AnswerBy, AnswerWay, Channel, ExternalId, SenderCheck};
use indgang_channels::web_form::read::{AnswerWays, Place, ReadContext, read};
use indgang_channels::web_form::{File, Scan, Submission};
use jiff::SignedDuration;
use jiff::civil::date;

use crate::support::{Fresh, NOW, TestDesk, enquiry, letter, not_due, promise, strings};

const MAIL: &str = "daniel@post.example";
const PHONE: &str = "+4520123456";
const HASH: [u8; 32] = [9; 32];

fn by_email() -> AnswerWay {
    AnswerWay { channel: Channel::Email, account: "borger".to_owned(), sender: None }
}

fn by_text() -> AnswerWay {
    AnswerWay { channel: Channel::Sms, account: "tekst".to_owned(), sender: Some("1204".to_owned()) }
}

fn submission(email: &str, phone: &str) -> Submission {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Submission {
        message: "Jeg forstår ikke brevet.".to_owned(),
        email: some(email),
        phone: some(phone),
        files: vec![File {
            name: "afgørelse.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: b"%PDF-1.7".to_vec(),
            scan: Scan::Clean,
        }],
        ..Submission::default()
    }
}

fn sent(id: &str, submission: &Submission, place: Place<'_>) -> Letter {
    let ways = AnswerWays { email: Some(by_email()), sms: Some(by_text()) };
    let context = ReadContext {
        account: "web",
        received_at: NOW,
        answer_ways: &ways,
        own_numbers: &[],
        foreign: &[],
        place,
    };
    let incoming = read(submission, ExternalId(id.to_owned()), &context);
    Letter { raw: submission.to_record(), incoming, cursor: None }
}

/// Files one form, and gives its enquiry.
async fn filed(store: &Store, id: &str, submission: &Submission) -> (Filed, EnquiryId) {
    let form = sent(id, submission, Place::Form { thread: id });
    let filed = store.letters_file(&[form], &TestDesk::default(), NOW).await.unwrap().remove(0);
    let receipt = store.receipt("web", id).await.unwrap().unwrap();
    (filed, receipt.enquiry.unwrap().id)
}

pub(crate) async fn a_form_becomes_an_enquiry_with_a_receipt(Fresh { store, url }: Fresh) {
    let (filed, _) = filed(&store, "f1", &submission(MAIL, PHONE)).await;
    let receipt = store.receipt("web", "f1").await.unwrap().unwrap();
    assert_eq!(receipt.disposition, Disposition::Enquiry);
    assert_eq!(receipt.enquiry.as_ref().map(|one| one.reference.clone()), filed.reference);
    assert_eq!(receipt.enquiry.unwrap().reply_by, promise().reply_by);
    assert_eq!(receipt.acknowledged_by, Some(Channel::Email));
    assert_eq!(store.receipt("web", "f2").await.unwrap(), None);
    let contacts = strings(&url, "SELECT address FROM enquiry_contact ORDER BY kind").await;
    assert_eq!(contacts, [MAIL, PHONE]);
    // The acknowledgement is an ordinary letter, and says nothing of what the form is known by.
    let claimed =
        store.outbox_claim(Way::Letters, "n", NOW, NOW + SignedDuration::from_hours(1), 9).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].account, "borger");
    assert!(claimed[0].in_reply_to.is_none() && claimed[0].references.is_empty());
    let fingerprint = store.arrival_fingerprint(filed.arrival).await.unwrap();
    let again = sent("f1", &submission(MAIL, PHONE), Place::Form { thread: "f1" });
    assert_eq!(fingerprint, Some(again.incoming.fingerprint));
    let refiled = store.letters_file(&[again], &TestDesk::default(), NOW).await.unwrap();
    assert!(refiled[0].redelivered && refiled[0].arrival == filed.arrival);
}

pub(crate) async fn a_form_can_be_acknowledged_by_text_or_by_nothing(Fresh { store, .. }: Fresh) {
    let by_sms = Submission { answer_by: Some(AnswerBy::Sms), ..submission(MAIL, PHONE) };
    filed(&store, "f1", &by_sms).await;
    assert_eq!(store.receipt("web", "f1").await.unwrap().unwrap().acknowledged_by, Some(Channel::Sms));
    let until = NOW + SignedDuration::from_hours(1);
    let claimed = store.outbox_claim(Way::Texts, "n", NOW, until, 9).await.unwrap();
    assert_eq!((claimed.len(), claimed[0].sender.as_deref()), (1, Some("1204")));
    assert_eq!(claimed[0].recipient, Address::Phone(PHONE.to_owned()));

    let desk = TestDesk::of(|_, _| {
        let acknowledgement = Acknowledgement::Suppressed { promise: promise(), reason: "no way".to_owned() };
        indgang::intake::Routing { acknowledgement, ..enquiry() }
    });
    let nameless = sent("f2", &submission("", ""), Place::Form { thread: "f2" });
    store.letters_file(&[nameless], &desk, NOW).await.unwrap();
    let receipt = store.receipt("web", "f2").await.unwrap().unwrap();
    assert!(receipt.enquiry.is_some() && receipt.acknowledged_by.is_none());
    let ledger = store.ledger(true).await.unwrap();
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
}

pub(crate) async fn the_same_words_in_two_forms_are_two(Fresh { store, .. }: Fresh) {
    // «Hjælp» is what two citizens write, and one of them every week: in a group, one by one, and on the page.
    let help = Submission { message: "Hjælp".to_owned(), ..Submission::default() };
    let many: Vec<Letter> = (0..20)
        .map(|number| {
            let id = format!("g{number}");
            sent(&id, &help, Place::Form { thread: &id })
        })
        .collect();
    // A desk that sets aside what came before, as the real one does.
    let desk = TestDesk::of(|_, known| match known.duplicate_of {
        Some(_) => not_due(Disposition::Duplicate),
        None => enquiry(),
    });
    store.letters_file(&many, &desk, NOW).await.unwrap();
    store.letters_file(&[sent("h", &help, Place::Form { thread: "h" })], &desk, NOW).await.unwrap();
    let first = store.receipt("web", "g0").await.unwrap().unwrap().enquiry.unwrap().id;
    let desk = TestDesk::of(move |_, known| match known.duplicate_of {
        Some(_) => not_due(Disposition::Duplicate),
        None => indgang::intake::Routing { enquiry: Some(first), ..not_due(Disposition::FollowUp) },
    });
    for id in ["p1", "p2"] {
        store
            .letters_file(&[sent(id, &help, Place::PrivatePage { thread: "side 1" })], &desk, NOW)
            .await
            .unwrap();
    }
    let ledger = store.ledger(true).await.unwrap();
    assert_eq!((ledger.dispositions.enquiry, ledger.dispositions.follow_up), (21, 2), "{ledger:?}");
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
}

pub(crate) async fn only_the_form_and_the_page_lead_to_their_enquiry(Fresh { store, .. }: Fresh) {
    let (_, first) = filed(&store, "f1", &submission("", "")).await;
    let seen: Arc<Mutex<Vec<Known>>> = Arc::default();
    let watcher = Arc::clone(&seen);
    let desk = TestDesk::of(move |_, known| {
        watcher.lock().unwrap().push(known.clone());
        not_due(Disposition::Hold)
    });
    // Written on the page; and a letter whose sender writes what the form is known by into its headers.
    let page = sent("f1:2", &submission("", ""), Place::PrivatePage { thread: "f1" });
    let mut forged = letter(1, "a@b.example", "forged");
    forged.incoming.thread.message_id = Some("web f1".to_owned());
    forged.incoming.thread.in_reply_to = vec!["web f1".to_owned()];
    forged.incoming.sender_check = SenderCheck::Passed("dmarc=pass".to_owned());
    store.letters_file(&[page], &desk, NOW).await.unwrap();
    store.letters_file(&[forged], &desk, NOW).await.unwrap();
    let known = std::mem::take(&mut *seen.lock().unwrap());
    // Nobody gave an address: it is found all the same.
    assert_eq!(known[0].threads.iter().map(|one| one.id).collect::<Vec<_>>(), [first]);
    assert!(known[0].threads[0].addresses.is_empty());
    assert!(known[1].threads.is_empty(), "a letter cannot name it");
}

pub(crate) async fn an_address_given_in_a_form_is_one_of_that_enquiry_alone(Fresh { store, .. }: Fresh) {
    let (form, first) = filed(&store, "f1", &submission(MAIL, PHONE)).await;
    let seen: Arc<Mutex<Vec<Known>>> = Arc::default();
    let watcher = Arc::clone(&seen);
    let desk = TestDesk::of(move |_, known| {
        watcher.lock().unwrap().push(known.clone());
        not_due(Disposition::Hold)
    });
    let mut reply = letter(1, MAIL, "reply");
    reply.incoming.thread.in_reply_to =
        vec![format!("ack.{}@kommune.example", form.reference.unwrap().as_str())];
    store.letters_file(&[reply], &desk, NOW).await.unwrap();
    let known = std::mem::take(&mut *seen.lock().unwrap());
    let mut addresses = known[0].threads[0].addresses.clone();
    addresses.sort();
    addresses.dedup();
    assert_eq!(known[0].threads[0].id, first);
    assert_eq!(addresses, [PHONE, MAIL]);
}

pub(crate) async fn a_forms_files_are_kept_within_limits(Fresh { store, url }: Fresh) {
    let limits = FormFileLimits { most_files: 2, most_bytes: 20, most_bytes_of_all: 45 };
    let file = |bytes: usize| File {
        name: "a\0.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: vec![1; bytes],
        scan: Scan::Infected("Eicar".to_owned()),
    };
    let keep = |form: u8, bytes: usize| {
        let (store, file) = (store.clone(), file(bytes));
        async move { store.form_file_keep(&[form; 32], &file, limits, NOW).await.unwrap() }
    };
    assert_eq!(keep(1, 10).await, FormFileKept::Kept);
    assert_eq!(keep(1, 11).await, FormFileKept::TooMuch);
    assert_eq!(keep(1, 10).await, FormFileKept::Kept);
    assert_eq!(keep(1, 0).await, FormFileKept::TooMany);
    assert_eq!(keep(2, 20).await, FormFileKept::Kept);
    assert_eq!(keep(3, 10).await, FormFileKept::TooMuch, "the disk is everybody's");
    let files = store.form_files(&[1; 32]).await.unwrap();
    assert_eq!(files.iter().map(|one| (one.name.as_str(), one.size)).collect::<Vec<_>>(), [("a.pdf", 10); 2]);
    assert_eq!(store.form_files_take(&[1; 32]).await.unwrap()[0].scan, Scan::Infected("Eicar".to_owned()));
    // Nobody takes a file away from another's form.
    store.form_file_remove(&[2; 32], files[0].id).await.unwrap();
    store.form_file_remove(&[1; 32], files[1].id).await.unwrap();
    assert_eq!(store.form_files(&[1; 32]).await.unwrap(), files[..1]);
    assert_eq!(store.form_files_forget(NOW + SignedDuration::from_secs(1)).await.unwrap(), 2);
    // Two nodes at once do not both find room.
    let other = Store::open(&StoreOptions { url, connections: 2, durable: true }).await.unwrap();
    let mut racing = Vec::new();
    for turn in 0..8 {
        let (store, file) = (if turn % 2 == 0 { store.clone() } else { other.clone() }, file(1));
        racing.push(tokio::spawn(async move {
            store.form_file_keep(&[7; 32], &file, limits, NOW).await.unwrap()
        }));
    }
    let mut kept = 0;
    for one in racing {
        kept += usize::from(one.await.unwrap() == FormFileKept::Kept);
    }
    assert_eq!(kept, 2);
}

pub(crate) async fn all_nodes_have_one_secret(Fresh { store, url }: Fresh) {
    let other = Store::open(&StoreOptions { url, connections: 2, durable: true }).await.unwrap();
    let (one, two) = tokio::join!(
        store.secret_fetch_or_make("form", &[1; 32]),
        other.secret_fetch_or_make("form", &[2; 32])
    );
    assert_eq!(one.unwrap(), two.unwrap());
    assert_eq!(store.secret_fetch_or_make("other", &[3; 32]).await.unwrap(), [3; 32]);
}

pub(crate) async fn a_private_page_opens_holds_and_ends(Fresh { store, .. }: Fresh) {
    let (_, enquiry) = filed(&store, "f1", &submission(MAIL, PHONE)).await;
    let later = |minutes| NOW + SignedDuration::from_mins(minutes);
    assert!(store.private_link_make(enquiry, &HASH, GivenBy::Receipt, later(600), NOW).await.unwrap());
    assert!(!store.private_link_make(enquiry, &HASH, GivenBy::Receipt, later(600), NOW).await.unwrap());
    let link = store.private_link_find(&HASH, NOW).await.unwrap().unwrap();
    assert_eq!((link.enquiry, link.has_word), (enquiry, false));
    assert_eq!(link.contacts, [Address::Email(MAIL.to_owned()), Address::Phone(PHONE.to_owned())]);
    assert_eq!(store.private_link_find(&[8; 32], NOW).await.unwrap(), None);
    assert_eq!(store.private_link_find(&HASH, later(601)).await.unwrap(), None, "it has expired");

    store.private_word_set(enquiry, "$argon2id$first").await.unwrap();
    store.private_word_set(enquiry, "$argon2id$second").await.unwrap();
    assert_eq!(store.private_word_fetch(enquiry).await.unwrap().as_deref(), Some("$argon2id$first"));
    assert!(store.private_link_find(&HASH, NOW).await.unwrap().unwrap().has_word);
    // A telephone that several people use gets no code.
    store.phone_share(PHONE, true).await.unwrap();
    assert_eq!(store.enquiry_contacts(enquiry).await.unwrap(), [Address::Email(MAIL.to_owned())]);

    assert!(store.private_session_open(&[1; 32], link.id, later(30), NOW).await.unwrap());
    let see = |at, until| store.private_session_see(&[1; 32], until, at);
    assert_eq!(see(later(20), later(50)).await.unwrap().map(|session| session.enquiry), Some(enquiry));
    assert!(see(later(45), later(75)).await.unwrap().is_some(), "being looked at keeps it open");
    assert!(see(later(80), later(99)).await.unwrap().is_none(), "nobody looked");
    assert!(store.private_session_see(&[2; 32], later(99), NOW).await.unwrap().is_none());

    assert!(store.private_session_open(&[3; 32], link.id, later(30), NOW).await.unwrap());
    store.private_session_end(&[3; 32], NOW).await.unwrap();
    assert!(store.private_session_see(&[3; 32], later(30), NOW).await.unwrap().is_none());

    assert!(store.private_session_open(&[4; 32], link.id, later(30), NOW).await.unwrap());
    assert_eq!(store.private_links_revoke(enquiry, NOW).await.unwrap(), 1);
    assert!(
        store.private_session_see(&[4; 32], later(30), NOW).await.unwrap().is_none(),
        "revoked is closed"
    );
    assert!(!store.private_session_open(&[5; 32], link.id, later(30), NOW).await.unwrap());
    let events: Vec<String> =
        store.private_events(enquiry).await.unwrap().into_iter().map(|event| event.what).collect();
    assert_eq!(events, ["made", "opened", "opened", "left", "opened", "revoked"]);
    assert!(store.private_sessions_forget(later(100)).await.unwrap() > 0);
}

pub(crate) async fn wrong_words_close_a_link(Fresh { store, url }: Fresh) {
    let (_, enquiry) = filed(&store, "f1", &submission(MAIL, "")).await;
    let until = NOW + SignedDuration::from_hours(9);
    store.private_link_make(enquiry, &HASH, GivenBy::Receipt, until, NOW).await.unwrap();
    let link = store.private_link_find(&HASH, NOW).await.unwrap().unwrap().id;
    let other = Store::open(&StoreOptions { url, connections: 2, durable: true }).await.unwrap();
    // From two nodes at once: none of them is overlooked, and the sixth is not even tried.
    let mut tries = Vec::new();
    for turn in 0..9 {
        let store = if turn % 2 == 0 { store.clone() } else { other.clone() };
        tries.push(tokio::spawn(async move { store.private_try(link, NOW).await.unwrap() }));
    }
    let mut came = Vec::new();
    for one in tries {
        came.push(one.await.unwrap());
    }
    assert_eq!(came.iter().filter(|one| **one == Some(AfterFailure::Open)).count(), 4);
    let closed = came.iter().find_map(|one| match one {
        Some(AfterFailure::Closed(until)) => Some(*until),
        _ => None,
    });
    let closed = closed.expect("the fifth closes it");
    assert_eq!(came.iter().filter(|one| one.is_none()).count(), 4, "{came:?}");
    let found = store.private_link_find(&HASH, NOW).await.unwrap().unwrap();
    store.private_refused(&found, AfterFailure::Closed(closed), NOW).await.unwrap();
    assert_eq!(found.closed_until, Some(closed));
    assert_eq!(store.private_link_find(&HASH, closed).await.unwrap().unwrap().closed_until, None);
    // The right word starts anew.
    assert!(store.private_session_open(&[1; 32], link, until, closed).await.unwrap());
    let mut now = closed;
    for _ in 0..4 {
        assert_eq!(store.private_try(link, now).await.unwrap(), Some(AfterFailure::Open));
    }
    for _ in 0..15 {
        let Some(AfterFailure::Closed(until)) = store.private_try(link, now).await.unwrap() else {
            panic!("closed")
        };
        now = until;
    }
    assert_eq!(store.private_try(link, now).await.unwrap(), Some(AfterFailure::Revoked));
    assert_eq!(store.private_try(link, now).await.unwrap(), None);
    assert_eq!(store.private_link_find(&HASH, now).await.unwrap(), None);
    let events: Vec<String> =
        store.private_events(enquiry).await.unwrap().into_iter().map(|event| event.what).collect();
    assert_eq!(events, ["made", "refused", "closed", "opened"]);
}

pub(crate) async fn a_code_opens_once_and_is_kept_nowhere(Fresh { store, url }: Fresh) {
    let (_, enquiry) = filed(&store, "f1", &submission(MAIL, PHONE)).await;
    let later = |minutes| NOW + SignedDuration::from_mins(minutes);
    store.private_link_make(enquiry, &HASH, GivenBy::Receipt, later(6_000), NOW).await.unwrap();
    let link = store.private_link_find(&HASH, NOW).await.unwrap().unwrap();
    assert!(store.private_code_set(&link, &[1; 32], later(15), 2, NOW).await.unwrap());
    assert!(!store.private_code_use(link.id, &[2; 32], later(1)).await.unwrap(), "a wrong one");
    assert!(!store.private_code_use(link.id, &[1; 32], later(15)).await.unwrap(), "too late");
    let other = Store::open(&StoreOptions { url: url.clone(), connections: 2, durable: true }).await.unwrap();
    let (one, two) = tokio::join!(
        store.private_code_use(link.id, &[1; 32], later(1)),
        other.private_code_use(link.id, &[1; 32], later(1))
    );
    assert!(one.unwrap() != two.unwrap(), "it opens once, whoever asks");
    assert!(store.private_code_set(&link, &[3; 32], later(20), 2, later(2)).await.unwrap());
    assert!(!store.private_code_set(&link, &[4; 32], later(20), 2, later(3)).await.unwrap(), "two a day");
    assert!(
        store.private_code_set(&link, &[5; 32], later(1_500), 2, later(1_441)).await.unwrap(),
        "the next day"
    );
    assert!(
        !store.private_code_use(link.id, &[3; 32], later(1_442)).await.unwrap(),
        "the one before is void"
    );

    for (way, address, id) in [
        (by_email(), Address::Email(MAIL.to_owned()), "kode.1@kommune.example"),
        (by_text(), Address::Phone(PHONE.to_owned()), "token"),
    ] {
        let new = NewCode {
            enquiry,
            code: "314159",
            way: &way,
            recipient: &address,
            message_id: id,
            most_to_one: 1,
            most_segments: 9,
        };
        assert!(store.code_queue(&new, NOW).await.unwrap());
        let another = NewCode { message_id: "another", ..new };
        assert!(!store.code_queue(&another, NOW).await.unwrap(), "an address gets so many and no more");
        let broke = NewCode { message_id: "third", most_to_one: 9, most_segments: 1, ..new };
        assert_eq!(store.code_queue(&broke, NOW).await.unwrap(), way.channel == Channel::Email);
    }
    let until = later(60);
    let mut codes = Vec::new();
    for way in [Way::Letters, Way::Texts] {
        for claimed in store.outbox_claim(way, "n", NOW, until, 9).await.unwrap() {
            if let Content::Code { code } = &claimed.content {
                codes.push(code.clone());
                let sent =
                    Sent { text: "Din kode er ······", version: "v", provider_id: None, segments: 0 };
                store.outbox_sent(claimed.id, sent, NOW).await.unwrap();
            }
        }
    }
    assert_eq!(codes, ["314159"; 3]);
    let kept = strings(
        &url,
        "SELECT COALESCE(body, '') || COALESCE(sent_text, '') || reason || COALESCE(last_error, '') FROM outbox",
    )
    .await;
    assert!(kept.iter().all(|row| !row.contains("314159")), "{kept:?}");
}

pub(crate) async fn a_page_shows_what_was_written_there_and_nothing_else(Fresh { store, .. }: Fresh) {
    let (_, enquiry) = filed(&store, "f1", &submission(MAIL, PHONE)).await;
    let desk = TestDesk::of(move |_, _| indgang::intake::Routing {
        enquiry: Some(enquiry),
        ..not_due(Disposition::FollowUp)
    });
    // A letter of the same enquiry is not shown: whoever opens the page need not be who wrote it.
    store.letters_file(&[letter(1, MAIL, "secret")], &desk, NOW).await.unwrap();
    let more = Submission { message: "En ting til.".to_owned(), ..Submission::default() };
    store
        .letters_file(&[sent("f1:2", &more, Place::PrivatePage { thread: "f1" })], &desk, NOW)
        .await
        .unwrap();

    let (way, address) = (by_text(), Address::Phone(PHONE.to_owned()));
    let later = NOW + SignedDuration::from_mins(5);
    let reply = NewPageReply {
        enquiry,
        body: "Kære Daniel",
        token: "t1",
        link: Some((&HASH, "https://br.example/side/x")),
        links_until: NOW + SignedDuration::from_hours(24),
        news: Some((&way, &address)),
    };
    assert!(store.page_reply(&reply, later).await.unwrap());
    assert!(!store.page_reply(&reply, later).await.unwrap(), "the same answer twice is once");
    let page = store.private_page(enquiry).await.unwrap();
    let entries: Vec<(bool, &str, usize)> =
        page.entries.iter().map(|entry| (entry.ours, entry.text.as_str(), entry.files.len())).collect();
    assert_eq!(
        entries,
        [(false, "Jeg forstår ikke brevet.", 1), (false, "En ting til.", 0), (true, "Kære Daniel", 0)]
    );
    assert_eq!(page.entries[0].files, [("afgørelse.pdf".to_owned(), 8)]);
    assert!(store.private_link_find(&HASH, NOW).await.unwrap().is_some(), "the link came with the answer");
    let claimed =
        store.outbox_claim(Way::Texts, "n", later, later + SignedDuration::from_hours(1), 9).await.unwrap();
    let news: Vec<&Content> = claimed.iter().map(|one| &one.content).collect();
    assert!(news.contains(&&Content::News { link: Some("https://br.example/side/x".to_owned()) }));
    assert!(!format!("{news:?}").contains("Daniel"));
    store.private_page_seen(enquiry, later).await.unwrap();
    let gone = store.gone_of_enquiry(enquiry).await.unwrap();
    assert!(gone.iter().any(|one| one.channel == "web" && one.delivery.as_deref() == Some("delivered")));
}

pub(crate) async fn consent_and_promises_keep_their_history(Fresh { store, .. }: Fresh) {
    let (_, enquiry) = filed(&store, "f1", &submission(MAIL, PHONE)).await;
    store.consent_give(enquiry, AreaId(1), NOW).await.unwrap();
    store.consent_give(enquiry, AreaId(1), NOW).await.unwrap();
    store.consent_give(enquiry, AreaId(2), NOW).await.unwrap();
    let later = NOW + SignedDuration::from_mins(1);
    store.consent_withdraw(enquiry, AreaId(1), later).await.unwrap();
    store.consent_give(enquiry, AreaId(1), later).await.unwrap();
    let consents = store.consents(enquiry).await.unwrap();
    let short: Vec<(i64, bool)> =
        consents.iter().map(|one| (one.area.0, one.withdrawn_at.is_some())).collect();
    assert_eq!(short, [(1, true), (2, false), (1, false)]);

    store.promise_change(enquiry, date(2026, 3, 2), "jeg venter på forvaltningen", later).await.unwrap();
    store.promise_change(enquiry, date(2026, 3, 9), "den svarede ikke", later).await.unwrap();
    let page = store.private_page(enquiry).await.unwrap();
    assert_eq!(page.reply_by, date(2026, 3, 9));
    let changes: Vec<_> = page.changes.iter().map(|one| (one.old, one.new)).collect();
    assert_eq!(changes, [(promise().reply_by, date(2026, 3, 2)), (date(2026, 3, 2), date(2026, 3, 9))]);
    assert_eq!(
        store.receipt("web", "f1").await.unwrap().unwrap().enquiry.unwrap().reply_by,
        date(2026, 3, 9)
    );
}
