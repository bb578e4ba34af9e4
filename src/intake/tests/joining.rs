//! Which enquiry a letter joins or is offered to.

use rstest::rstest;

use super::*;

#[rstest]
// Proven by thread and sender.
#[case::an_answer_in_the_thread(letter(), nothing().thread(enquiry(1)), "follow_up of 1: not due")]
#[case::the_reference_in_a_fresh_letter(letter(), nothing().quoted(enquiry(1)), "follow_up of 1: not due")]
#[case::thread_and_reference_agree(letter(), nothing().thread(enquiry(1)).quoted(enquiry(1)), "follow_up of 1: not due")]
#[case::a_changed_subject(
    letter().but(|l| l.subject = "Noget helt andet".to_owned()),
    nothing().thread(enquiry(1)),
    "follow_up of 1: not due"
)]
#[case::from_the_enquirers_other_address(letter().from("sabina@arbejde.example"), nothing().thread(enquiry(1)), "follow_up of 1: not due")]
#[case::an_address_in_other_letters(letter().from("Sabina@POST.example.org"), nothing().thread(enquiry(1)), "follow_up of 1: not due")]
#[case::the_server_says_nothing_of_the_sender(letter().unchecked(), nothing().thread(enquiry(1)), "follow_up of 1: not due")]
#[case::answers_are_wanted_elsewhere(letter().reply_to(KARSTEN), nothing().thread(enquiry(1)), "follow_up of 1: not due")]
#[case::an_enquiry_nobody_has_looked_at(
    letter(),
    nothing().thread(KnownEnquiry { state: State::New, ..enquiry(1) }),
    "follow_up of 1: not due"
)]
#[case::an_enquiry_that_waits(
    letter(),
    nothing().thread(KnownEnquiry { state: State::Waiting, ..enquiry(1) }),
    "follow_up of 1: not due"
)]
#[case::the_sender_has_others_too(
    letter(),
    nothing().thread(enquiry(1)).sender_has(enquiry(2)).sender_has(enquiry(1)),
    "follow_up of 1: not due"
)]
#[case::a_wish_for_silence_is_no_matter(letter().silent("a header"), nothing().thread(enquiry(1)), "follow_up of 1: not due")]
#[case::a_signed_letter(letter().doubt(DoubtKind::Signed), nothing().thread(enquiry(1)), "follow_up of 1: not due")]
// The thread without the sender.
#[case::another_sender_quotes_the_reference(letter().from(KARSTEN), nothing().quoted(enquiry(1)), "enquiry + 1: send")]
#[case::another_sender_in_the_thread(letter().from(KARSTEN), nothing().thread(enquiry(1)), "enquiry + 1: send")]
#[case::another_sender_with_both(
    letter().from(KARSTEN),
    nothing().thread(enquiry(1)).quoted(enquiry(1)),
    "enquiry + 1: send"
)]
#[case::another_sender_who_has_enquiries(
    letter().from(KARSTEN),
    nothing().quoted(enquiry(1)).sender_has(of_karsten(enquiry(2))),
    "enquiry + 1 2: send"
)]
#[case::only_the_reply_to_is_the_enquirers(letter().from(KARSTEN).reply_to(SABINA), nothing().thread(enquiry(1)), "enquiry + 1: send")]
#[case::several_senders(letter().doubt(DoubtKind::SeveralSenders), nothing().thread(enquiry(1)), "enquiry + 1: send")]
#[case::our_own_address(letter().from(OFFICE), nothing().thread(
    KnownEnquiry { addresses: vec![OFFICE.to_owned()], ..enquiry(1) }
), "enquiry + 1: suppressed")]
#[case::an_address_that_only_begins_alike(letter().from("sabina@post.example.org.evil.example"), nothing().thread(enquiry(1)), "enquiry + 1: send")]
// The form and the private page.
#[case::typed_into_the_form(letter().in_the_form(), nothing(), "enquiry: send")]
#[case::typed_by_somebody_with_enquiries(letter().in_the_form(), nothing().sender_has(enquiry(1)), "enquiry + 1: send")]
#[case::the_form_quotes_ones_own_number(letter().in_the_form(), nothing().quoted(enquiry(1)), "enquiry + 1: send")]
#[case::the_form_again_while_it_is_open(letter().on_the_page(), nothing().thread(enquiry(1)), "follow_up of 1: not due")]
#[case::on_the_page_quoting_another(
    letter().on_the_page(),
    nothing().thread(enquiry(1)).quoted(of_karsten(enquiry(2))),
    "follow_up of 1 + 2: not due"
)]
#[case::a_number_without_a_page(letter().on_the_page(), nothing().quoted(enquiry(1)), "enquiry + 1: suppressed")]
#[case::on_the_page_of_a_closed_one(letter().on_the_page(), nothing().thread(closed(1)), "enquiry + 1 after closing: suppressed")]
#[case::on_that_page_again(
    letter().on_the_page(),
    nothing().thread(closed(1)).thread(enquiry(2)),
    "follow_up of 2 + 1: not due"
)]
#[case::an_anonymous_form_that_quotes(
    letter().nameless().but(|l| l.channel = Channel::Web),
    nothing().quoted(enquiry(1)),
    "enquiry + 1: suppressed"
)]
// The sender without the thread.
#[case::a_first_letter(letter(), nothing(), "enquiry: send")]
#[case::the_sender_has_one(letter(), nothing().sender_has(enquiry(1)), "enquiry + 1: send")]
#[case::the_sender_has_two(letter(), nothing().sender_has(enquiry(2)).sender_has(enquiry(1)), "enquiry + 2 1: send")]
#[case::the_sender_had_one(letter(), nothing().sender_has(closed(1)), "enquiry + 1: send")]
#[case::those_not_closed_come_first(letter(), nothing().sender_has(closed(1)).sender_has(enquiry(2)), "enquiry + 2 1: send")]
#[case::the_enquirers_subject_alone(
    letter().but(|l| l.subject = "SV: Din henvendelse er modtaget".to_owned()),
    nothing().sender_has(enquiry(1)),
    "enquiry + 1: send"
)]
// The evidence disagrees.
#[case::the_thread_leads_to_two(letter(), nothing().thread(enquiry(1)).thread(enquiry(2)), "enquiry + 1 2: send")]
#[case::two_references(letter(), nothing().quoted(enquiry(1)).quoted(enquiry(2)), "enquiry + 1 2: send")]
#[case::thread_and_reference_disagree(letter(), nothing().thread(enquiry(1)).quoted(enquiry(2)), "enquiry + 1 2: send")]
#[case::the_thread_is_hers_the_reference_is_not(
    letter(),
    nothing().thread(enquiry(1)).quoted(of_karsten(enquiry(2))),
    "enquiry + 1 2: send"
)]
#[case::the_same_thread_twice(letter(), nothing().thread(enquiry(1)).thread(enquiry(1)), "follow_up of 1: not due")]
// After closing (T5).
#[case::t5_an_answer_after_closing(letter(), nothing().thread(closed(1)), "enquiry + 1 after closing: send")]
#[case::the_reference_after_closing(letter(), nothing().quoted(closed(1)), "enquiry + 1 after closing: send")]
#[case::after_closing_with_another_not_closed(
    letter(),
    nothing().thread(closed(1)).sender_has(enquiry(2)).sender_has(closed(1)),
    "enquiry + 1 2 after closing: send"
)]
#[case::another_sender_after_closing(letter().from(KARSTEN), nothing().thread(closed(1)), "enquiry + 1: send")]
#[case::all_that_it_answers_is_closed(
    letter(),
    nothing().thread(closed(1)).thread(closed(2)),
    "enquiry + 1 2 after closing: send"
)]
#[case::writing_on_in_the_thread_that_began_anew(
    letter(),
    nothing().thread(closed(1)).thread(enquiry(2)),
    "follow_up of 2 + 1: not due"
)]
#[case::writing_on_with_the_new_reference(
    letter(),
    nothing().thread(closed(1)).thread(enquiry(2)).quoted(enquiry(2)),
    "follow_up of 2 + 1: not due"
)]
#[case::the_closed_one_is_quoted(
    letter(),
    nothing().thread(enquiry(2)).quoted(closed(1)),
    "enquiry + 2 1: send"
)]
#[case::the_closed_one_is_another_persons(
    letter(),
    nothing().thread(of_karsten(closed(1))).thread(enquiry(2)),
    "enquiry + 1 2: send"
)]
// Other channels: the store says which enquiry a text conversation leads to.
#[case::a_text_in_the_conversation(
    letter().by_phone(Channel::Sms),
    nothing().thread(KnownEnquiry { addresses: vec!["+4520123456".to_owned()], ..enquiry(1) }),
    "follow_up of 1: not due"
)]
#[case::a_first_text(letter().by_phone(Channel::Sms), nothing(), "enquiry: send")]
fn joins(#[case] letter: Letter, #[case] known: Known, #[case] expected: &str) {
    check(&letter, &known, expected);
}

/// The sentences as the adviser reads them.
#[rstest]
#[case::proven(
    letter(),
    nothing().thread(enquiry(1)),
    "It answers a letter of ours in {1} and comes from an address of that enquiry."
)]
#[case::both(
    letter(),
    nothing().thread(enquiry(1)).quoted(enquiry(1)),
    "It answers a letter of ours in {1}, quotes its reference, and comes from an address of that enquiry."
)]
#[case::unchecked(
    letter().unchecked(),
    nothing().quoted(enquiry(1)),
    "It quotes the reference of {1} and comes from an address of that enquiry. The receiving server does not say \
     whether the sender is genuine."
)]
#[case::a_stranger(
    letter().from(KARSTEN),
    nothing().quoted(enquiry(1)),
    "It quotes the reference of {1} but comes from another sender, so it is only offered there."
)]
#[case::two(
    letter(),
    nothing().thread(enquiry(1)).thread(enquiry(2)),
    "It points to more than one enquiry ({1}, {2}), so it is only offered there."
)]
#[case::after_closing(
    letter(),
    nothing().thread(closed(1)),
    "It answers an enquiry that is closed, so a person chooses between reopening it and a new one."
)]
#[case::new(letter(), nothing(), "It answers nothing of ours and quotes no reference.")]
fn says_why(#[case] letter: Letter, #[case] known: Known, #[case] expected: &str) {
    let expected =
        expected.replace("{1}", enquiry(1).reference.as_str()).replace("{2}", enquiry(2).reference.as_str());
    assert_eq!(route(&letter.0, &known, &rules(), now()).reason, expected);
}

#[test]
fn a_stranger_learns_nothing() {
    // What goes out to a stranger who quotes a reference is the same as for one who quotes none.
    let stranger = letter().from(KARSTEN);
    let quoting = route(&stranger.0, &nothing().quoted(enquiry(1)), &rules(), now());
    let plain = route(&stranger.0, &nothing(), &rules(), now());
    assert_eq!(quoting.acknowledgement, plain.acknowledgement);
    assert_eq!(quoting.enquiry, None);
}
