//! The cases of the contract that are about text messages.

use std::sync::{Arc, Mutex};

use indgang::domain::arrival::Disposition;
use indgang::domain::enquiry::EnquiryId;
use indgang::intake::Known;
use indgang::intake::texting::{TextEffects, Wish};
use indgang::store::letters::Letter;
use indgang::store::outbox::{Sent, Way};
use indgang::store::replies::{NewTextReply, ReplyQueued};
use indgang::store::texts::NewPart;
use indgang_channels::message::{Address, Channel, Party};
use indgang_channels::sms::wire::{About, Body, Delivery, Part, Report};
use jiff::SignedDuration;

use crate::support::{Fresh, NOW, TestDesk, enquiry, letter, not_due, strings};

const VILLY: &str = "+4520123456";

/// A text of `sender`'s, which may be hidden.
fn text(id: u32, sender: &str) -> Letter {
    let mut text = letter(id, "unused@b.example", &format!("text {id}"));
    let incoming = &mut text.incoming;
    incoming.channel = Channel::Sms;
    incoming.account = "tekst".to_owned();
    incoming.thread = Default::default();
    incoming.sender =
        (!sender.is_empty()).then(|| Party { address: Address::Phone(sender.to_owned()), name: None });
    incoming.recipients = vec![Party { address: Address::Label("1204".to_owned()), name: None }];
    text.cursor = None;
    text
}

fn watching() -> (TestDesk, Arc<Mutex<Vec<Known>>>) {
    let seen: Arc<Mutex<Vec<Known>>> = Arc::default();
    let watcher = Arc::clone(&seen);
    let desk = TestDesk::of(move |_, known| {
        watcher.lock().unwrap().push(known.clone());
        enquiry()
    });
    (desk, seen)
}

pub(crate) async fn a_text_is_known_by_its_number(Fresh { store, .. }: Fresh) {
    let (desk, seen) = watching();
    // A lone text, and a group large enough for the long statements.
    store.letters_file(&[text(1, VILLY)], &desk, NOW).await.unwrap();
    store.letters_file(&[text(2, VILLY), text(3, VILLY)], &desk, NOW).await.unwrap();
    let many: Vec<Letter> = (10..42).map(|id| text(id, "+4520999999")).collect();
    store.letters_file(&many, &desk, NOW).await.unwrap();
    let later = NOW + SignedDuration::from_mins(11);
    store.phone_share(VILLY, true).await.unwrap();
    store.letters_file(&[text(4, VILLY)], &desk, later).await.unwrap();
    let known = std::mem::take(&mut *seen.lock().unwrap());
    let of = |index: usize| known[index].texting.clone().unwrap();
    assert_eq!((of(0).lately, of(0).segments_day, of(0).segments_all), (1, 0, 0));
    assert_eq!((of(1).lately, of(1).segments_day, of(1).segments_all), (2, 2, 2));
    assert_eq!((of(2).lately, of(2).segments_day, of(2).segments_all), (3, 4, 4));
    assert_eq!((of(34).lately, of(34).segments_day, of(34).segments_all), (32, 62, 68));
    assert_eq!((of(35).lately, of(35).segments_day, of(35).segments_all), (1, 6, 70));
    assert!(of(35).shared && !of(2).shared && !of(35).opted_out && !of(35).paused);
    let ledger = store.ledger(true).await.unwrap();
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
}

pub(crate) async fn a_conversation_leads_to_its_enquiries(Fresh { store, .. }: Fresh) {
    let (desk, seen) = watching();
    store.letters_file(&[text(1, VILLY), text(2, VILLY), text(3, "+4520999999")], &desk, NOW).await.unwrap();
    let mut elsewhere = text(4, VILLY);
    elsewhere.incoming.account = "another".to_owned();
    // A letter cannot pretend to be part of a conversation.
    let mut forged = letter(5, "a@b.example", "forged");
    forged.incoming.thread.in_reply_to = vec![format!("sms tekst {VILLY}")];
    forged.incoming.thread.message_id = Some("sms tekst +4520999999".to_owned());
    store.letters_file(&[elsewhere, forged, text(6, "+4520999999")], &desk, NOW).await.unwrap();
    let known = std::mem::take(&mut *seen.lock().unwrap());
    let counts: Vec<usize> = known.iter().map(|known| known.threads.len()).collect();
    assert_eq!(counts, [0, 1, 0, 0, 0, 1]);
    assert_eq!(known[1].threads[0].addresses, [VILLY]);
}

pub(crate) async fn what_nobody_can_answer_is_in_the_ledger(Fresh { store, .. }: Fresh) {
    let desk = TestDesk::of(|_, _| {
        let mut routing = enquiry();
        if let indgang::intake::Acknowledgement::Send { promise, .. } = routing.acknowledgement {
            routing.acknowledgement =
                indgang::intake::Acknowledgement::Suppressed { promise, reason: "hidden".to_owned() };
        }
        routing
    });
    store.letters_file(&[text(1, ""), text(2, "")], &desk, NOW).await.unwrap();
    let ledger = store.ledger(true).await.unwrap();
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
    assert_eq!(ledger.acknowledgements.suppressed, 2);
}

pub(crate) async fn a_number_that_wants_no_texts_gets_none(Fresh { store, url }: Fresh) {
    let effects = |wish, pause| TextEffects { wish, confirm: wish == Some(Wish::Stop), pause };
    let (watch, seen) = watching();
    store.letters_file(&[text(1, VILLY)], &TestDesk::default(), NOW).await.unwrap();
    for (id, wish, pause) in [(2, Some(Wish::Stop), false), (3, Some(Wish::Stop), true)] {
        let desk = TestDesk::of(move |_, known| indgang::intake::Routing {
            enquiry: known.threads.first().map(|one| one.id),
            texting: effects(wish, pause),
            ..not_due(Disposition::FollowUp)
        });
        store.letters_file(&[text(id, VILLY)], &desk, NOW).await.unwrap();
    }
    // What had waited is taken back, and the confirmation goes out once.
    assert_eq!(
        strings(&url, "SELECT kind || ' ' || state FROM outbox ORDER BY id").await,
        ["acknowledgement suppressed", "opt_out queued"]
    );
    store.letters_file(&[text(4, VILLY)], &watch, NOW).await.unwrap();
    let known = seen.lock().unwrap().pop().unwrap().texting.unwrap();
    assert!(known.opted_out && known.paused);
    let start = TestDesk::of(move |_, known| indgang::intake::Routing {
        enquiry: known.threads.first().map(|one| one.id),
        texting: effects(Some(Wish::Start), false),
        ..not_due(Disposition::FollowUp)
    });
    store.letters_file(&[text(5, VILLY)], &start, NOW).await.unwrap();
    let tomorrow = NOW + SignedDuration::from_hours(25);
    store.letters_file(&[text(6, VILLY)], &watch, tomorrow).await.unwrap();
    let known = seen.lock().unwrap().pop().unwrap().texting.unwrap();
    assert!(!known.opted_out && !known.paused);
}

pub(crate) async fn a_text_that_was_on_its_way_is_never_claimed_again(Fresh { store, .. }: Fresh) {
    let texts: Vec<Letter> = (1..=3).map(|id| text(id, &format!("+452000000{id}"))).collect();
    store.letters_file(&texts, &TestDesk::default(), NOW).await.unwrap();
    store.letters_file(&[letter(9, "a@b.example", "hej")], &TestDesk::default(), NOW).await.unwrap();
    let until = NOW + SignedDuration::from_mins(5);
    let claimed = store.outbox_claim(Way::Texts, "n", NOW, until, 2).await.unwrap();
    assert_eq!(claimed.len(), 2);
    assert!(claimed.iter().all(|one| one.sender.as_deref() == Some("1204")));
    let much_later = until + SignedDuration::from_hours(9);
    let rest = store.outbox_claim(Way::Texts, "n", much_later, much_later, 10).await.unwrap();
    assert_eq!(rest.len(), 1, "a claim of a text never runs out");
    store.outbox_retry(rest[0].id, NOW, "503").await.unwrap();
    assert_eq!(store.outbox_release(Way::Letters, "n", NOW).await.unwrap(), 0);
    assert_eq!(store.outbox_release(Way::Texts, "n", NOW).await.unwrap(), 2);
    let ledger = store.ledger(true).await.unwrap();
    assert_eq!((ledger.acknowledgements.unknown, ledger.acknowledgements.queued), (2, 2));
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
    // A node that is gone.
    assert_eq!(store.outbox_claim(Way::Texts, "dead", NOW, until, 10).await.unwrap().len(), 1);
    assert_eq!(store.outbox_heartbeat("well", until, NOW).await.unwrap(), 1);
    assert_eq!(store.ledger(true).await.unwrap().acknowledgements.unknown, 3);
    // What was accepted was accepted.
    let sent = Sent { text: "Hej", version: "v", provider_id: None, segments: 1 };
    store.outbox_sent(claimed[0].id, sent, NOW).await.unwrap();
    assert_eq!(store.ledger(true).await.unwrap().acknowledgements.sent, 1);
}

pub(crate) async fn a_report_moves_forward_only(Fresh { store, .. }: Fresh) {
    store.letters_file(&[text(1, VILLY)], &TestDesk::default(), NOW).await.unwrap();
    let claimed = store.outbox_claim(Way::Texts, "n", NOW, NOW, 1).await.unwrap().remove(0);
    let report = |status, detail: &str| Report {
        about: About::Token(claimed.message_id.clone()),
        status,
        detail: detail.to_owned(),
    };
    let now_says = async || {
        let gone = store.gone_of_enquiry(claimed.enquiry).await.unwrap().remove(0);
        (gone.state, gone.delivery.unwrap_or_default())
    };
    let says = |state: &str, delivery: &str| (state.to_owned(), delivery.to_owned());
    // It comes before the gateway's answer is written down, and proves that the gateway has it.
    for (status, detail, state, delivery) in [
        (Delivery::Unknown, "sære ord \0", "sent", "unknown"),
        (Delivery::Pending, "8", "sent", "pending"),
        (Delivery::Pending, "8", "sent", "pending"),
        (Delivery::Unknown, "?", "sent", "pending"),
        (Delivery::Delivered, "1", "sent", "delivered"),
        (Delivery::Pending, "8", "sent", "delivered"),
        (Delivery::Failed, "2", "sent", "delivered"),
    ] {
        store.report_file("tekst", &report(status, detail), NOW).await.unwrap();
        assert_eq!(now_says().await, says(state, delivery), "{status:?}");
    }
    let sent = Sent { text: "Hej", version: "v", provider_id: Some("g1"), segments: 2 };
    store.outbox_sent(claimed.id, sent, NOW).await.unwrap();
    assert_eq!(now_says().await, says("sent", "delivered"));
    // Another account's report, and one about nothing.
    store.report_file("another", &report(Delivery::Failed, "2"), NOW).await.unwrap();
    let stranger = Report { about: About::Token("stranger".to_owned()), ..report(Delivery::Failed, "2") };
    store.report_file("tekst", &stranger, NOW).await.unwrap();
    assert_eq!(now_says().await, says("sent", "delivered"));
}

pub(crate) async fn a_report_that_overtakes_the_answer_finds_its_text(Fresh { store, .. }: Fresh) {
    store.letters_file(&[text(1, VILLY)], &TestDesk::default(), NOW).await.unwrap();
    let claimed = store.outbox_claim(Way::Texts, "n", NOW, NOW, 1).await.unwrap().remove(0);
    let report = |status| Report { about: About::ProviderId("g1".to_owned()), status, detail: String::new() };
    store.report_file("tekst", &report(Delivery::Delivered), NOW).await.unwrap();
    store.report_file("tekst", &report(Delivery::Pending), NOW).await.unwrap();
    let sent = Sent { text: "Hej", version: "v", provider_id: Some("g1"), segments: 2 };
    store.outbox_sent(claimed.id, sent, NOW).await.unwrap();
    store.reports_early(claimed.id, "tekst", "g1").await.unwrap();
    let gone = store.gone_of_enquiry(claimed.enquiry).await.unwrap().remove(0);
    assert_eq!(gone.delivery.as_deref(), Some("delivered"));
}

pub(crate) async fn a_reply_reserves_its_segments(Fresh { store, .. }: Fresh) {
    store.letters_file(&[letter(1, "a@b.example", "brev")], &TestDesk::default(), NOW).await.unwrap();
    let reply = NewTextReply {
        enquiry: EnquiryId(1),
        account: "tekst",
        sender: "1204",
        recipient: VILLY,
        body: "Jeg ringer \0 i morgen",
        segments: 3,
        token: "t1",
        ceiling_day: 5,
    };
    let queue = async |reply: NewTextReply<'_>| store.text_reply_queue(&reply, NOW).await.unwrap();
    assert_eq!(queue(reply).await, ReplyQueued::Queued);
    assert_eq!(queue(reply).await, ReplyQueued::Already);
    assert_eq!(queue(NewTextReply { token: "t2", ..reply }).await, ReplyQueued::CeilingMet { reserved: 3 });
    assert_eq!(queue(NewTextReply { token: "t3", segments: 2, ..reply }).await, ReplyQueued::Queued);
    // What the citizen answers leads to the enquiry, though it came by mail.
    let (desk, seen) = watching();
    store.letters_file(&[letter(2, "c@b.example", "x")], &desk, NOW).await.unwrap();
    let mut answer = text(3, VILLY);
    answer.incoming.recipients = Vec::new();
    store.letters_file(&[answer], &desk, NOW).await.unwrap();
    let known = seen.lock().unwrap().pop().unwrap();
    assert_eq!(known.threads.iter().map(|one| one.id).collect::<Vec<_>>(), [EnquiryId(1)]);
    assert_eq!(known.texting.unwrap().segments_day, 0, "replies are not automatic");
}

pub(crate) async fn parts_wait_and_are_remembered(Fresh { store, .. }: Fresh) {
    let part = |number| Part { reference: "7".to_owned(), total: 2, number };
    let (one, two) = (part(1), part(2));
    let (units, words) = (Body::Utf16(vec![0xD8, 0x3D]), Body::Text("æ\0ø".to_owned()));
    let new = |id: &'static str, part, body| NewPart {
        account: "tekst",
        external_id: id,
        sender: VILLY,
        recipient: "1204",
        part,
        body,
        raw: b"GET /in HTTP/1.1",
        sent_at: None,
    };
    for _ in 0..2 {
        store.text_part_keep(&new("a", &one, &units), NOW).await.unwrap();
        store.text_part_keep(&new("b", &two, &words), NOW).await.unwrap();
    }
    let waiting = store.text_parts_waiting(10).await.unwrap();
    assert_eq!(waiting.iter().map(|part| part.part.number).collect::<Vec<_>>(), [1, 2]);
    assert!(waiting[0].body == units && waiting[1].body == words);
    let ids: Vec<i64> = waiting.iter().map(|part| part.id).collect();
    store.text_parts_filed(&ids, NOW).await.unwrap();
    store.text_part_keep(&new("a", &one, &units), NOW).await.unwrap();
    assert_eq!(store.text_parts_depth().await.unwrap().waiting, 0, "brought again, and known");
    // After some days nobody brings it again, and it is forgotten.
    store.text_parts_filed(&[], NOW + SignedDuration::from_hours(80)).await.unwrap();
    store.text_part_keep(&new("a", &one, &units), NOW).await.unwrap();
    assert_eq!(store.text_parts_depth().await.unwrap().waiting, 1);
}
