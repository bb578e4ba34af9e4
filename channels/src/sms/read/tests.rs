use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::sms::wire::Part;

const NOW: &str = "2026-04-01T18:10:00Z";
const OURS: [&str; 2] = ["+4521234567", "1204"];

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn text(from: &str, words: &str) -> InboundText {
    InboundText {
        id: Some("m1".to_owned()),
        from: from.to_owned(),
        to: Some("4521234567".to_owned()),
        body: Body::Text(words.to_owned()),
        sent_at: None,
        part: None,
        files: 0,
    }
}

fn read_it(text: &InboundText) -> Incoming {
    let own = OURS.map(str::to_owned);
    let foreign = ["+46".to_owned()];
    let context = ReadContext { account: "tekst", own_numbers: &own, foreign: &foreign, now: now() };
    read(text, external_id(text, now()), &context)
}

fn doubts(incoming: &Incoming) -> Vec<DoubtKind> {
    incoming.doubts.iter().map(|doubt| doubt.kind).collect()
}

#[test]
fn a_text_becomes_a_message() {
    let incoming = read_it(&text("20 12 34 56", "Forstår ikke brevet fra kommunen"));
    assert_eq!(incoming.channel, Channel::Sms);
    assert_eq!(incoming.external_id.0, "id:m1");
    assert_eq!(incoming.sender.unwrap().address, Address::Phone("+4520123456".to_owned()));
    assert_eq!(incoming.recipients[0].address, Address::Phone("+4521234567".to_owned()));
    assert_eq!((incoming.text.as_str(), incoming.subject.as_str()), ("Forstår ikke brevet fra kommunen", ""));
    assert_eq!(incoming.language.unwrap().0, "da");
    assert!(incoming.suppress_reply.is_none() && incoming.doubts.is_empty());
}

#[rstest]
#[case::ordinary("+4520123456", Some(Address::Phone("+4520123456".to_owned())), false, &[])]
#[case::faroese("+298211234", Some(Address::Phone("+298211234".to_owned())), false, &[])]
#[case::a_country_on_the_list("46701234567", Some(Address::Phone("+46701234567".to_owned())), false, &[])]
#[case::a_country_not_on_it("+4915123456789", Some(Address::Phone("+4915123456789".to_owned())), true, &[])]
#[case::it_costs("90123456", Some(Address::Phone("+4590123456".to_owned())), true, &[])]
#[case::a_short_code("1999", Some(Address::Label("1999".to_owned())), true, &[DoubtKind::NoSender])]
#[case::a_name("Banken", Some(Address::Label("Banken".to_owned())), true, &[DoubtKind::NoSender])]
#[case::hidden("", None, false, &[])]
#[case::anonymous("anonymous", None, false, &[])]
#[case::no_number("+", Some(Address::Label("+".to_owned())), true, &[DoubtKind::NoSender])]
fn who_wrote(
    #[case] from: &str,
    #[case] expected: Option<Address>,
    #[case] silent: bool,
    #[case] expected_doubts: &[DoubtKind],
) {
    let incoming = read_it(&text(from, "Svar på denne besked"));
    assert_eq!(incoming.sender.as_ref().map(|sender| sender.address.clone()), expected);
    assert_eq!(incoming.suppress_reply.is_some(), silent);
    assert_eq!(doubts(&incoming), expected_doubts);
}

#[rstest]
#[case::ours(Some("+45 21 23 45 67"), Address::Phone("+4521234567".to_owned()))]
#[case::our_short_code_as_an_operator_writes_it(Some("+45 12 04"), Address::Label("1204".to_owned()))]
#[case::our_short_code(Some("1204"), Address::Label("1204".to_owned()))]
#[case::not_said(None, Address::Phone("+4521234567".to_owned()))]
#[case::one_that_nobody_listed(Some("87 65 43 21"), Address::Phone("+4587654321".to_owned()))]
#[case::a_name(Some("Kommunen"), Address::Phone("+4521234567".to_owned()))]
fn where_it_was_written_to(#[case] to: Option<&str>, #[case] expected: Address) {
    let incoming = read_it(&InboundText { to: to.map(str::to_owned), ..text("20123456", "hej") });
    assert_eq!(incoming.recipients[0].address, expected);
}

#[rstest]
#[case::words(Body::Text("hej".to_owned()), 0, "hej", &[])]
#[case::utf16(Body::Utf16("hej 😀".encode_utf16().flat_map(u16::to_be_bytes).collect()), 0, "hej 😀", &[])]
#[case::half_a_letter(Body::Utf16(vec![0, 0x68, 0xD8, 0x3D]), 0, "h\u{FFFD}", &[DoubtKind::Charset])]
#[case::data(Body::Binary(vec![1, 2, 3]), 0, "", &[DoubtKind::Unreadable])]
#[case::nothing(Body::Text(" \n".to_owned()), 0, " \n", &[DoubtKind::Empty])]
#[case::a_picture(Body::Text(String::new()), 2, "", &[DoubtKind::FilesElsewhere])]
fn what_it_says(
    #[case] body: Body,
    #[case] files: u32,
    #[case] expected: &str,
    #[case] expected_doubts: &[DoubtKind],
) {
    let incoming = read_it(&InboundText { body, files, ..text("20123456", "") });
    assert_eq!(incoming.text, expected);
    assert_eq!(doubts(&incoming), expected_doubts);
}

#[rstest]
#[case::an_hour_ago("2026-04-01T17:10:00Z", "2026-04-01T17:10:00Z")]
#[case::tomorrow("2026-04-02T17:10:00Z", NOW)]
#[case::a_gateway_with_a_broken_clock("1970-01-01T00:00:00Z", NOW)]
fn a_citizen_waits_since_the_gateway_had_it(#[case] sent: &str, #[case] expected: &str) {
    let sent_at = Some(sent.parse().unwrap());
    let incoming = read_it(&InboundText { sent_at, ..text("20123456", "hej") });
    assert_eq!(incoming.received_at, expected.parse().unwrap());
}

#[test]
fn without_a_number_the_words_and_the_time_identify_it() {
    let unnumbered = |words: &str| InboundText { id: None, ..text("20123456", words) };
    let id = |text: &InboundText, seconds: i64| external_id(text, now() + SignedDuration::from_secs(seconds));
    // NOW begins a bucket of two minutes.
    assert_eq!(id(&unnumbered("ja"), 0), id(&unnumbered("ja"), 119));
    assert_ne!(id(&unnumbered("ja"), 0), id(&unnumbered("ja"), 120));
    assert_ne!(id(&unnumbered("ja"), 0), id(&unnumbered("nej"), 0));
    assert_eq!(doubts(&read_it(&unnumbered("ja"))), [DoubtKind::Unnumbered]);
    let empty = InboundText { id: Some(String::new()), ..unnumbered("ja") };
    assert_eq!(id(&empty, 0), id(&unnumbered("ja"), 0));
    let long = InboundText { id: Some("x".repeat(5_000)), ..unnumbered("ja") };
    assert!(id(&long, 0).0.len() < 100);
}

#[test]
fn the_parts_of_a_text_are_told_apart_though_their_number_is_one() {
    let part = |number| InboundText {
        part: Some(Part { reference: "7".to_owned(), total: 2, number }),
        ..text("20123456", "hej")
    };
    assert_ne!(external_id(&part(1), now()), external_id(&part(2), now()));
    assert_eq!(external_id(&part(1), now()), external_id(&part(1), now()));
}

#[test]
fn only_a_redelivery_is_the_same_letter() {
    let first = read_it(&text("20123456", "ja"));
    let again = read_it(&InboundText { id: Some("m2".to_owned()), ..text("20123456", "ja") });
    assert_eq!(first.fingerprint, read_it(&text("20123456", "ja")).fingerprint);
    assert_ne!(first.fingerprint, again.fingerprint);
}

proptest! {
    /// Whatever a gateway writes where, it becomes something that can be filed; a number that is answered is a number.
    #[test]
    fn anything_can_be_read(from in ".{0,40}", to in ".{0,20}", words in ".{0,200}", id in ".{0,300}") {
        let given = InboundText { id: Some(id), to: Some(to), ..text(&from, &words) };
        let incoming = read_it(&given);
        prop_assert_eq!(&incoming.text, &words);
        prop_assert!(incoming.external_id.0.len() <= 203 + 5);
        if let Some(Address::Phone(number)) = incoming.sender.map(|sender| sender.address) {
            prop_assert!(number.starts_with('+') && number[1..].bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
}
