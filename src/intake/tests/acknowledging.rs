//! Whether an enquiry's letter is acknowledged, and what is promised.

use jiff::civil::{Date, date};
use rstest::rstest;

use super::*;
use crate::domain::promise::{Absence, Closed};

fn acknowledged(sender: u32, all: u32) -> Known {
    Known { acknowledged_sender: sender, acknowledged_all: all, ..nothing() }
}

#[rstest]
#[case::plain(letter(), nothing(), "enquiry: send")]
#[case::the_server_says_nothing_of_the_sender(letter().unchecked(), nothing(), "enquiry: send")]
#[case::answers_are_wanted_elsewhere(letter().reply_to(KARSTEN), nothing(), "enquiry: send")]
#[case::below_the_ceilings(letter(), acknowledged(3, 99), "enquiry: send")]
#[case::at_the_ceiling_for_one(letter(), acknowledged(4, 4), "enquiry: suppressed")]
#[case::at_the_ceiling_for_all(letter(), acknowledged(0, 100), "enquiry: suppressed")]
#[case::over_the_ceilings(letter(), acknowledged(u32::MAX, u32::MAX), "enquiry: suppressed")]
#[case::after_closing_at_the_ceiling(
    letter(),
    acknowledged(4, 4).thread(closed(1)),
    "enquiry + 1 after closing: suppressed"
)]
#[case::a_wish(letter().silent("X-Auto-Response-Suppress"), nothing(), "enquiry: suppressed")]
#[case::from_ourselves(letter().from(OFFICE), nothing(), "enquiry: suppressed")]
#[case::from_ourselves_in_capitals(letter().from("Borger@Raad.Example"), nothing(), "enquiry: suppressed")]
#[case::answers_would_reach_ourselves(letter().reply_to(OFFICE), nothing(), "enquiry: suppressed")]
#[case::answers_are_wanted_by_nobody(letter().reply_to("no-reply@example.net"), nothing(), "enquiry: suppressed")]
#[case::noreply(letter().from("noreply@example.net"), nothing(), "enquiry: suppressed")]
#[case::no_reply(letter().from("No-Reply@example.net"), nothing(), "enquiry: suppressed")]
#[case::no_reply_with_a_tag(letter().from("no_reply+4711@example.net"), nothing(), "enquiry: suppressed")]
#[case::noreply_of_a_department(letter().from("hr.noreply@example.net"), nothing(), "enquiry: suppressed")]
#[case::do_not_reply(letter().from("do-not-reply@example.net"), nothing(), "enquiry: suppressed")]
#[case::svar_ikke(letter().from("svar.ikke@example.net"), nothing(), "enquiry: suppressed")]
#[case::mailer_daemon(letter().from("MAILER-DAEMON@example.net"), nothing(), "enquiry: suppressed")]
#[case::postmaster(letter().from("postmaster@example.net"), nothing(), "enquiry: suppressed")]
#[case::a_bounce_address(letter().from("bounces+7-ab@example.net"), nothing(), "enquiry: suppressed")]
#[case::a_lists_owner(letter().from("owner-forum@example.net"), nothing(), "enquiry: suppressed")]
#[case::a_lists_request(letter().from("forum-request@example.net"), nothing(), "enquiry: suppressed")]
#[case::a_person_with_a_like_name(letter().from("rene.oreply@example.net"), nothing(), "enquiry: send")]
#[case::a_postmaster_by_name(letter().from("henning.postmaster@example.net"), nothing(), "enquiry: send")]
#[case::a_domain_that_says_noreply(letter().from("kim@noreply.example.net"), nothing(), "enquiry: send")]
#[case::a_text(letter().by_phone(Channel::Sms), nothing(), "enquiry: send")]
#[case::a_form_for_a_letter(letter().in_the_form(), nothing(), "enquiry: send")]
#[case::a_form_for_a_text(letter().in_the_form_for_a_text(), nothing(), "enquiry: send")]
#[case::a_form_with_a_number_to_call(letter().by_phone(Channel::Web), nothing(), "enquiry: suppressed")]
#[case::a_form_with_our_own_address(letter().from(OFFICE).in_the_form(), nothing(), "enquiry: suppressed")]
#[case::a_form_for_a_text_at_the_ceiling(
    letter().in_the_form_for_a_text(),
    Known { texting: Some(Texting { segments_day: 3, ..Texting::default() }), ..nothing() },
    "enquiry: suppressed"
)]
#[case::a_form_for_a_number_that_said_stop(
    letter().in_the_form_for_a_text(),
    Known { texting: Some(Texting { opted_out: true, ..Texting::default() }), ..nothing() },
    "enquiry: suppressed"
)]
#[case::a_form_over_the_senders_ceiling(
    letter().in_the_form(),
    Known { acknowledged_sender: 4, ..nothing() },
    "enquiry: suppressed"
)]
#[case::an_anonymous_form(letter().nameless().but(|l| l.channel = Channel::Web), nothing(), "enquiry: suppressed")]
#[case::a_call(letter().by_phone(Channel::Call), nothing(), "enquiry: suppressed")]
#[case::a_meeting(letter().nameless().but(|l| l.channel = Channel::Meeting), nothing(), "enquiry: suppressed")]
fn is_acknowledged(#[case] letter: Letter, #[case] known: Known, #[case] expected: &str) {
    check(&letter, &known, expected);
    let routing = route(&letter.0, &known, &rules(), now());
    let (Acknowledgement::Send { promise, .. } | Acknowledgement::Suppressed { promise, .. }) =
        routing.acknowledgement
    else {
        panic!("an enquiry has its promise, whether it is acknowledged or not");
    };
    assert_eq!(promise, Promise { reply_by: date(2026, 2, 16), closed: None });
}

#[test]
fn a_letter_taken_off_the_hold_shelf_is_not_acknowledged_when_forged() {
    let decided = acknowledge::decide(&letter().forged().0, &nothing(), &rules(), now());
    let Acknowledgement::Suppressed { reason, .. } = decided else { panic!("{decided:?}") };
    assert_eq!(reason, "DMARC failed, so the answer could reach somebody who never wrote.");
}

/// The office is away, uncovered, on the Tuesday and Wednesday.
fn away() -> Rules {
    let absences = vec![Absence { from: date(2026, 2, 3), through: date(2026, 2, 4), substitute: None }];
    Rules { office: Office { absences, ..Office::default() }, ..rules() }
}

#[rstest]
#[case::at_once("2026-02-03T09:00Z", "2026-02-03T09:00Z", "2026-02-12", Some("2026-02-04"))]
#[case::fetched_the_next_day("2026-02-03T09:00Z", "2026-02-04T09:00Z", "2026-02-12", Some("2026-02-04"))]
#[case::fetched_when_the_absence_is_over("2026-02-03T09:00Z", "2026-02-06T09:00Z", "2026-02-12", None)]
#[case::fetched_a_day_before_the_date("2026-02-02T09:00Z", "2026-02-10T09:00Z", "2026-02-11", None)]
#[case::fetched_on_the_date_itself("2026-02-02T09:00Z", "2026-02-11T09:00Z", "2026-02-18", None)]
#[case::fetched_after_a_long_outage("2026-01-27T09:00Z", "2026-02-09T09:00Z", "2026-02-16", None)]
#[case::a_clock_that_is_ahead("2027-06-02T09:00Z", "2026-02-09T09:00Z", "2026-02-16", None)]
fn the_promise_is_one_that_can_be_kept(
    #[case] received: &str,
    #[case] now: &str,
    #[case] reply_by: Date,
    #[case] closed: Option<&str>,
) {
    let letter = letter().received(received);
    let routing = route(&letter.0, &nothing(), &away(), now.parse().unwrap());
    let Acknowledgement::Send { promise, .. } = routing.acknowledgement else { panic!("{routing:?}") };
    let closed = closed.map(|through| Closed { through: through.parse().unwrap(), substitute: None });
    assert_eq!(promise, Promise { reply_by, closed });
}

#[rstest]
#[case::sender(acknowledged(4, 4), "The ceiling for one sender is met: 4 acknowledgements in 24 hours.")]
#[case::all(acknowledged(0, 100), "The ceiling for all is met: 100 acknowledgements in 24 hours.")]
fn a_ceiling_says_which(#[case] known: Known, #[case] expected: &str) {
    let routing = route(&letter().0, &known, &rules(), now());
    assert!(words(&routing).contains(&expected), "{:?}", words(&routing));
}

#[rstest]
#[case::after_a_long_easter(6, true)]
#[case::on_the_last_day(14, true)]
#[case::from_a_mailbox_connected_for_the_first_time(15, false)]
#[case::years_ago(3_000, false)]
fn an_old_letter_becomes_an_enquiry_without_a_receipt(#[case] days: i64, #[case] expected: bool) {
    let came = now() - SignedDuration::from_hours(24 * days);
    let letter = letter().but(|letter| letter.received_at = came);
    let routing = route(&letter.0, &nothing(), &rules(), now());
    assert_eq!(routing.disposition, Disposition::Enquiry);
    assert_eq!(matches!(routing.acknowledgement, Acknowledgement::Send { .. }), expected);
}
