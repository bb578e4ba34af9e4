//! What becomes of text messages. Villy, 78, has a telephone with buttons.

use rstest::rstest;

use super::texting::Wish;
use super::*;

/// A text of Villy's to our number.
fn text() -> Letter {
    let number = |number: &str| Party { address: Address::Phone(number.to_owned()), name: None };
    letter().but(|text| {
        text.channel = Channel::Sms;
        text.sender = Some(number(VILLY));
        text.recipients = vec![number(OUR_NUMBER)];
        text.subject = String::new();
        text.sender_check = SenderCheck::Unknown;
    })
}

fn saying(words: &str) -> Letter {
    text().but(|text| text.text = words.to_owned())
}

/// Villy's enquiry number `id`, in progress.
fn his(id: i64) -> KnownEnquiry {
    KnownEnquiry { addresses: vec![VILLY.to_owned()], ..enquiry(id) }
}

fn his_closed(id: i64) -> KnownEnquiry {
    KnownEnquiry { state: State::Closed, ..his(id) }
}

/// What is known of a number that has written once.
fn number(change: impl FnOnce(&mut Texting)) -> Known {
    let mut texting = Texting { lately: 1, ..Texting::default() };
    change(&mut texting);
    Known { texting: Some(texting), ..nothing() }
}

fn plain() -> Known {
    number(|_| {})
}

#[rstest]
#[case::the_first(text(), plain(), "enquiry: send")]
#[case::the_conversation_goes_on(text(), plain().thread(his(1)), "follow_up of 1: not due")]
#[case::after_closing(text(), plain().thread(his_closed(1)), "enquiry + 1 after closing: send")]
#[case::closed_and_begun_again(text(), plain().thread(his_closed(1)).thread(his(2)), "follow_up of 2 + 1: not due")]
#[case::two_that_it_could_be(text(), plain().thread(his(1)).thread(his(2)), "hold + 1 2: not due")]
#[case::two_and_it_says_which(
    text(),
    plain().thread(his(1)).thread(his(2)).quoted(his(2)),
    "follow_up of 2 + 1: not due"
)]
#[case::it_quotes_a_closed_one_beside(
    text(),
    plain().thread(his_closed(1)).thread(his(2)).quoted(his_closed(1)),
    "hold + 1 2 after closing: not due"
)]
#[case::it_quotes_somebody_elses(text(), plain().quoted(enquiry(1)), "enquiry + 1: send")]
#[case::it_quotes_somebody_elses_in_a_conversation(
    text(),
    plain().thread(his(2)).quoted(enquiry(1)),
    "hold + 1 2: not due"
)]
#[case::the_number_is_known_from_another_channel(text(), plain().sender_has(his(1)), "enquiry + 1: send")]
// A number that several people write from.
#[case::a_shared_telephone(text(), number(|one| one.shared = true).thread(his(1)), "hold + 1: not due")]
#[case::a_shared_telephone_quotes(
    text(),
    number(|one| one.shared = true).thread(his(1)).quoted(his(1)),
    "hold + 1: not due"
)]
#[case::a_shared_telephone_for_the_first_time(text(), number(|one| one.shared = true), "enquiry: send")]
#[case::a_shared_telephone_and_all_is_closed(
    text(),
    number(|one| one.shared = true).thread(his_closed(1)),
    "enquiry + 1: send"
)]
// Who is not answered.
#[case::a_hidden_number(text().nameless(), nothing(), "enquiry: suppressed")]
#[case::a_name_for_a_number(
    text().but(|text| text.sender.as_mut().unwrap().address = Address::Label("Bank".to_owned()))
        .doubt(DoubtKind::NoSender),
    nothing(),
    "hold: not due"
)]
#[case::a_number_that_costs(text().silent("a text to it is charged"), plain(), "enquiry: suppressed")]
#[case::our_own_number(
    text().but(|text| text.sender.as_mut().unwrap().address = Address::Phone(OUR_NUMBER.to_owned())),
    plain(),
    "enquiry: suppressed"
)]
#[case::it_wants_no_automatic_texts(text(), number(|one| one.opted_out = true), "enquiry: suppressed")]
#[case::the_day_is_full(text(), number(|one| one.segments_day = 3), "enquiry: suppressed")]
#[case::the_day_has_room(text(), number(|one| one.segments_day = 2), "enquiry: send")]
#[case::the_month_is_full(text(), number(|one| one.segments_month = 11), "enquiry: suppressed")]
#[case::the_account_is_full(text(), number(|one| one.segments_all = 399), "enquiry: suppressed")]
#[case::the_ceilings_of_mail_are_no_matter(
    text(),
    Known { acknowledged_all: 1_000, acknowledged_sender: 9, ..plain() },
    "enquiry: send"
)]
// Machines that answer machines.
#[case::too_many_at_once(text(), number(|one| one.lately = 5), "enquiry: suppressed")]
#[case::not_too_many(text(), number(|one| one.lately = 4), "enquiry: send")]
#[case::paused(text(), number(|one| one.paused = true), "enquiry: suppressed")]
#[case::our_words_come_back(
    saying("Borgerrådgiveren har  modtaget din besked, nr. 7K3M"),
    number(|one| one.sent = vec!["BORGERRÅDGIVEREN har modtaget din besked".to_owned()]),
    "enquiry: suppressed"
)]
#[case::a_short_word_of_ours(saying("Ja tak"), number(|one| one.sent = vec!["Ja tak".to_owned()]), "enquiry: send")]
// Nothing that is odd loses it.
#[case::empty(saying("").doubt(DoubtKind::Empty), plain(), "hold: not due")]
#[case::a_part_never_came(text().doubt(DoubtKind::Incomplete), plain(), "enquiry: send")]
#[case::the_gateway_numbers_nothing(text().doubt(DoubtKind::Unnumbered), plain(), "enquiry: send")]
#[case::the_same_again(text(), Known { duplicate_of: Some(ArrivalId(3)), ..plain() }, "duplicate: not due")]
fn a_text_becomes(#[case] text: Letter, #[case] known: Known, #[case] expected: &str) {
    check(&text, &known, expected);
}

#[rstest]
#[case("STOP", Some(Wish::Stop))]
#[case(" stop. ", Some(Wish::Stop))]
#[case("Stopp", Some(Wish::Stop))]
#[case("afmeld", Some(Wish::Stop))]
#[case("FRAMELD!", Some(Wish::Stop))]
#[case("\"STOP\"", Some(Wish::Stop))]
#[case("Start", Some(Wish::Start))]
#[case("Kan I stoppe det her?", None)]
#[case("stop det", None)]
#[case("stopur", None)]
#[case("afmeld mig", None)]
#[case("", None)]
fn only_a_whole_text_is_a_wish(#[case] words: &str, #[case] expected: Option<Wish>) {
    assert_eq!(texting::wish(&saying(words).0), expected);
    assert_eq!(texting::wish(&letter().but(|letter| letter.text = words.to_owned()).0), None);
}

#[rstest]
#[case::in_a_conversation("STOP", plain().thread(his(1)), "follow_up of 1: not due", (Some(Wish::Stop), true))]
#[case::out_of_nowhere("STOP", plain(), "hold: not due", (Some(Wish::Stop), true))]
#[case::resumes("START", plain().thread(his(1)), "follow_up of 1: not due", (Some(Wish::Start), false))]
#[case::no_room_to_confirm(
    "STOP",
    number(|one| one.segments_day = 4).thread(his(1)),
    "follow_up of 1: not due",
    (Some(Wish::Stop), false)
)]
#[case::a_machine("STOP", number(|one| one.paused = true).thread(his(1)), "follow_up of 1: not due", (Some(Wish::Stop), false))]
#[case::another_word("Hej", plain().thread(his(1)), "follow_up of 1: not due", (None, false))]
fn a_wish_is_done_and_the_text_filed(
    #[case] words: &str,
    #[case] known: Known,
    #[case] expected: &str,
    #[case] (wish, confirm): (Option<Wish>, bool),
) {
    let text = saying(words);
    let routing = route(&text.0, &known, &rules(), now());
    assert_eq!(in_short(&routing), expected);
    assert_eq!((routing.texting.wish, routing.texting.confirm), (wish, confirm));
}

#[test]
fn the_loop_breaker_pauses_once() {
    let pause = |known: Known| route(&text().0, &known, &rules(), now()).texting.pause;
    assert!(pause(number(|one| one.lately = 5).thread(his(1))));
    assert!(!pause(number(|one| one.lately = 4).thread(his(1))));
    assert!(!pause(number(|one| (one.lately, one.paused) = (9, true)).thread(his(1))));
}

#[test]
fn a_number_that_belongs_to_nobody_in_particular_is_offered_at_most_ten_enquiries() {
    let known = (1..=13).fold(plain(), |known, id| known.thread(his_closed(id)));
    assert_eq!(route(&text().0, &known, &rules(), now()).offers.len(), 10);
}
