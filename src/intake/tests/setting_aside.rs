//! What neither starts nor joins an enquiry by itself.

use rstest::rstest;

use super::*;

fn blocked() -> Known {
    Known { blocked: Some("recorded for Sabina Invented".to_owned()), ..nothing() }
}

fn seen() -> Known {
    Known { duplicate_of: Some(ArrivalId(17)), ..nothing() }
}

fn bounced() -> Known {
    Known { bounced: Some(EnquiryId(3)), ..nothing() }
}

#[rstest]
#[case::blocked(letter(), blocked(), "blocked: not due")]
#[case::blocked_in_a_thread_of_ours(letter(), blocked().thread(enquiry(1)), "blocked: not due")]
#[case::the_same_letter_again(letter(), seen(), "duplicate: not due")]
#[case::the_same_letter_again_in_its_thread(letter(), seen().thread(enquiry(1)), "duplicate: not due")]
#[case::the_same_letter_again_encrypted(letter().doubt(DoubtKind::Encrypted), seen(), "duplicate: not due")]
// Machines.
#[case::out_of_office(letter().automatic(AutomaticKind::AutoReply), nothing(), "automatic: not due")]
#[case::t6_out_of_office_in_the_thread(
    letter().automatic(AutomaticKind::AutoReply),
    nothing().thread(enquiry(1)),
    "automatic + 1: not due"
)]
#[case::out_of_office_after_closing(
    letter().automatic(AutomaticKind::AutoReply),
    nothing().thread(closed(1)),
    "automatic + 1: not due"
)]
#[case::our_own_letter(letter().automatic(AutomaticKind::Own), nothing().thread(enquiry(1)), "automatic: not due")]
#[case::marked_as_bulk_but_addressed_to_us(letter().automatic(AutomaticKind::Bulk), nothing(), "hold: not due")]
#[case::bulk(letter().but(|l| l.recipients.clear()).automatic(AutomaticKind::Bulk), nothing(), "automatic: not due")]
#[case::bulk_in_a_thread_of_ours(letter().automatic(AutomaticKind::Bulk), nothing().thread(enquiry(1)), "hold + 1: not due")]
#[case::a_newsletter(letter().automatic(AutomaticKind::List), nothing(), "automatic: not due")]
#[case::a_machine_without_a_sender(letter().automatic(AutomaticKind::AutoReply).nameless(), nothing(), "automatic: not due")]
#[case::a_forged_machine(letter().automatic(AutomaticKind::AutoReply).forged(), nothing(), "automatic: not due")]
// List marks on what a person wrote.
#[case::list_marks_on_a_proven_answer(letter().automatic(AutomaticKind::List), nothing().thread(enquiry(1)), "follow_up of 1: not due")]
#[case::list_marks_on_a_strangers_answer(
    letter().automatic(AutomaticKind::List).from(KARSTEN),
    nothing().thread(enquiry(1)),
    "hold + 1: not due"
)]
#[case::list_marks_after_closing(
    letter().automatic(AutomaticKind::List),
    nothing().thread(closed(1)),
    "hold + 1 after closing: not due"
)]
#[case::list_marks_and_forged(
    letter().automatic(AutomaticKind::List).forged(),
    nothing().thread(enquiry(1)),
    "hold + 1: not due"
)]
#[case::list_marks_and_encrypted(
    letter().automatic(AutomaticKind::List).doubt(DoubtKind::Encrypted),
    nothing().thread(enquiry(1)),
    "hold + 1: not due"
)]
#[case::a_list_that_discusses_our_letter(
    letter().automatic(AutomaticKind::List).to("forum@lists.example.net"),
    nothing().thread(enquiry(1)),
    "automatic + 1: not due"
)]
#[case::a_list_letter_of_a_known_sender(
    letter().automatic(AutomaticKind::List),
    nothing().sender_has(enquiry(1)),
    "automatic + 1: not due"
)]
// Reports on delivery.
#[case::a_bounce_of_ours(letter().automatic(AutomaticKind::Bounce), bounced(), "bounce of 3: not due")]
#[case::a_bounce_of_nothing_known(letter().automatic(AutomaticKind::Bounce), nothing(), "bounce: not due")]
#[case::a_bounce_without_a_sender(
    letter().automatic(AutomaticKind::Bounce).nameless().doubt(DoubtKind::NoSender),
    bounced(),
    "bounce of 3: not due"
)]
#[case::a_delay(letter().automatic(AutomaticKind::Delay), bounced(), "bounce of 3: not due")]
#[case::a_complaint(letter().automatic(AutomaticKind::Complaint), bounced(), "bounce of 3: not due")]
// Doubts that hold.
#[case::unreadable(letter().doubt(DoubtKind::Unreadable), nothing(), "hold: not due")]
#[case::encrypted(letter().doubt(DoubtKind::Encrypted), nothing(), "hold: not due")]
#[case::encrypted_in_a_known_thread(letter().doubt(DoubtKind::Encrypted), nothing().thread(enquiry(1)), "hold + 1: not due")]
#[case::encrypted_after_closing(
    letter().doubt(DoubtKind::Encrypted),
    nothing().thread(closed(1)),
    "hold + 1 after closing: not due"
)]
#[case::over_a_limit(letter().doubt(DoubtKind::OverLimit), nothing().sender_has(enquiry(1)), "hold + 1: not due")]
#[case::no_sender(letter().nameless().doubt(DoubtKind::NoSender), nothing(), "hold: not due")]
#[case::no_sender_and_no_doubt_about_it(letter().nameless(), nothing(), "hold: not due")]
#[case::empty(letter().doubt(DoubtKind::Empty), nothing(), "hold: not due")]
// Doubts that do not.
#[case::a_repaired_letter(letter().doubt(DoubtKind::Malformed).doubt(DoubtKind::Charset), nothing(), "enquiry: send")]
#[case::a_winmail_dat(letter().doubt(DoubtKind::Tnef), nothing(), "enquiry: send")]
// DMARC.
#[case::forged(letter().forged(), nothing(), "hold: not due")]
#[case::forged_into_a_thread(letter().forged(), nothing().thread(enquiry(1)).quoted(enquiry(1)), "hold + 1: not due")]
#[case::forged_after_closing(letter().forged(), nothing().thread(closed(1)), "hold + 1: not due")]
#[case::forged_fresh(letter().forged(), nothing().sender_has(enquiry(1)), "hold + 1: not due")]
fn is_set_aside(#[case] letter: Letter, #[case] known: Known, #[case] expected: &str) {
    check(&letter, &known, expected);
}

#[rstest]
#[case::blocked(letter(), blocked(), "Its sender is blocked by a decision that is on record.")]
#[case::duplicate(letter(), seen(), "It is the same letter as arrival 17.")]
#[case::machine(letter().automatic(AutomaticKind::AutoReply), nothing(), "A machine answered (a header says so).")]
#[case::bounce(
    letter().automatic(AutomaticKind::Bounce),
    bounced(),
    "It says that a letter was not delivered (a header says so). The letter is one of ours."
)]
#[case::hold(
    letter().doubt(DoubtKind::Encrypted).forged(),
    nothing(),
    "A person must look at it first. It is encrypted, and only the adviser's own key can open it (it was seen). \
     DMARC failed: the sender's domain disowns the letter, so it may be forged."
)]
fn says_why(#[case] letter: Letter, #[case] known: Known, #[case] expected: &str) {
    assert_eq!(route(&letter.0, &known, &rules(), now()).reason, expected);
}

#[test]
fn a_channels_words_stay_on_one_short_line() {
    let long = format!(" a\r\nheader\tsaid {} ", "so ".repeat(10_000));
    let routing = route(
        &letter().but(|l| l.automatic = Some(Automatic { kind: AutomaticKind::AutoReply, reason: long })).0,
        &nothing(),
        &rules(),
        now(),
    );
    assert!(routing.reason.starts_with("A machine answered (a header said so so"), "{}", routing.reason);
    assert!(routing.reason.len() < 300);
    assert!(!routing.reason.contains(char::is_control));
}
