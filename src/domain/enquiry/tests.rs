//! The steps of the work, and what closing asks for.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

/// T5: Sabina's enquiry about the school, of Monday 9 February 2026.
fn enquiry() -> Enquiry {
    let reference = Reference::from_random(7);
    Enquiry::new(EnquiryId(1), reference, EnquirerId(1), Channel::Email, at("2026-02-09T09:00Z"))
}

fn in_state(state: State) -> Enquiry {
    let mut enquiry = enquiry();
    enquiry.primary_contact_form = Some(Channel::Meeting);
    match state {
        State::New => {}
        State::InProgress => enquiry.take_up().unwrap(),
        State::Waiting => enquiry.wait().unwrap(),
        State::Closed => enquiry.close(at("2026-03-03T09:00Z"), WelcomeBack::Written).unwrap(),
    }
    assert_eq!(enquiry.state(), state);
    enquiry
}

#[test]
fn the_steps_of_the_work() {
    use State::{Closed, InProgress, New, Waiting};
    let steps = [
        (New, InProgress),
        (New, Waiting),
        (New, Closed),
        (InProgress, Waiting),
        (InProgress, Closed),
        (Waiting, InProgress),
        (Waiting, Closed),
        (Closed, InProgress),
    ];
    for from in State::ALL {
        for next in State::ALL {
            assert_eq!(from.may_become(next), steps.contains(&(from, next)), "{from:?} to {next:?}");
        }
    }
}

#[rstest]
#[case(State::New)]
#[case(State::InProgress)]
#[case(State::Waiting)]
fn what_is_not_closed_can_be_closed_but_not_reopened(#[case] state: State) {
    let mut enquiry = in_state(state);
    let refused = Err(EnquiryError::NoSuchStep(state, State::InProgress));
    assert_eq!(enquiry.reopen(at("2026-03-10T09:00Z")), refused);
    assert_eq!(enquiry.close(at("2026-03-10T09:00Z"), WelcomeBack::Said), Ok(()));
}

#[test]
fn what_is_closed_is_only_reopened() {
    let mut enquiry = in_state(State::Closed);
    let refused = |next| Err(EnquiryError::NoSuchStep(State::Closed, next));
    assert_eq!(enquiry.take_up(), refused(State::InProgress));
    assert_eq!(enquiry.wait(), refused(State::Waiting));
    assert_eq!(enquiry.close(at("2026-03-10T09:00Z"), WelcomeBack::Said), refused(State::Closed));
    assert_eq!(enquiry.reopen(at("2026-03-10T09:00Z")), Ok(()));
}

#[test]
fn a_new_enquiry_has_neither_type_nor_area() {
    let mut enquiry = enquiry();
    assert_eq!((enquiry.kind(), enquiry.area), (None, None));
    assert_eq!(enquiry.classify(Kind::OpenEnded), Err(EnquiryError::StillNew));
    enquiry.take_up().unwrap();
    enquiry.classify(Kind::OpenEnded).unwrap();
    enquiry.classify(Kind::Delimited).unwrap();
    assert_eq!(enquiry.kind(), Some(Kind::Delimited));
}

#[test]
fn closing_asks_for_the_contact_form_and_leaves_the_intake_channel_alone() {
    let mut enquiry = enquiry();
    assert_eq!(enquiry.close(at("2026-03-03T09:00Z"), WelcomeBack::Said), Err(EnquiryError::NoContactForm));
    assert_eq!((enquiry.state(), enquiry.closings()), (State::New, &[][..]));
    enquiry.primary_contact_form = Some(Channel::Meeting);
    enquiry.close(at("2026-03-03T09:00Z"), WelcomeBack::Said).unwrap();
    assert_eq!(enquiry.intake_channel(), Channel::Email);
}

#[test]
fn t5_reopening_keeps_both_closings() {
    let mut enquiry = in_state(State::Closed);
    assert_eq!(enquiry.duration_days(), Some(22));
    enquiry.reopen(at("2026-03-10T09:00Z")).unwrap();
    assert_eq!(enquiry.duration_days(), None);
    enquiry.close(at("2026-03-12T09:00Z"), WelcomeBack::Said).unwrap();
    let closings = [
        Closing {
            at: at("2026-03-03T09:00Z"),
            welcome_back: WelcomeBack::Written,
            reopened_at: Some(at("2026-03-10T09:00Z")),
        },
        Closing { at: at("2026-03-12T09:00Z"), welcome_back: WelcomeBack::Said, reopened_at: None },
    ];
    assert_eq!(enquiry.closings(), closings);
    assert_eq!(enquiry.duration_days(), Some(31));
}

#[test]
fn nothing_ends_before_it_began() {
    let mut enquiry = in_state(State::InProgress);
    let too_early = Err(EnquiryError::BeforeTheLast);
    assert_eq!(enquiry.close(at("2026-02-09T08:59Z"), WelcomeBack::Said), too_early);
    enquiry.close(at("2026-02-09T09:00Z"), WelcomeBack::Said).unwrap();
    assert_eq!(enquiry.reopen(at("2026-02-09T08:59Z")), too_early);
    enquiry.reopen(at("2026-02-11T09:00Z")).unwrap();
    assert_eq!(enquiry.close(at("2026-02-10T09:00Z"), WelcomeBack::Said), too_early);
}

#[rstest]
#[case::the_same_day("2026-02-09T22:59Z", 0)]
#[case::midnight_here_is_not_midnight_in_greenwich("2026-02-09T23:00Z", 1)]
#[case::over_the_turn_of_the_clock("2026-03-29T22:00Z", 49)]
fn the_duration_is_counted_in_days_of_the_calendar(#[case] closed: &str, #[case] days: i32) {
    let mut enquiry = in_state(State::InProgress);
    enquiry.close(at(closed), WelcomeBack::Said).unwrap();
    assert_eq!(enquiry.duration_days(), Some(days));
}

proptest! {
    /// Whatever is tried in whatever order: never new again, closed exactly when the last closing was not reopened,
    /// never closed without a contact form, and the moments in order.
    #[test]
    fn no_order_of_steps_breaks_it(steps in prop::collection::vec((0..6_u8, 0..100_i64), 0..40)) {
        let mut enquiry = enquiry();
        let mut was_new = true;
        for (step, hours) in steps {
            let moment = at("2026-02-09T09:00Z") + jiff::SignedDuration::from_hours(hours);
            let before = enquiry.clone();
            let done = match step {
                0 => enquiry.take_up(),
                1 => enquiry.wait(),
                2 => enquiry.close(moment, WelcomeBack::Said),
                3 => enquiry.reopen(moment),
                4 => enquiry.classify(Kind::Delimited),
                _ => {
                    enquiry.primary_contact_form = Some(Channel::Call);
                    Ok(())
                }
            };
            prop_assert!(was_new || enquiry.state() != State::New);
            if done.is_err() {
                prop_assert_eq!(&enquiry, &before, "what is refused changes nothing");
            }
            was_new = enquiry.state() == State::New;

            let last_stands = enquiry.closings().last().is_some_and(|closing| closing.reopened_at.is_none());
            prop_assert_eq!(enquiry.state() == State::Closed, last_stands);
            prop_assert!(enquiry.closings().is_empty() || enquiry.primary_contact_form.is_some());
            prop_assert!(!was_new || enquiry.kind().is_none());
            let moments: Vec<_> =
                enquiry.closings().iter().flat_map(|closing| [Some(closing.at), closing.reopened_at]).flatten().collect();
            prop_assert!(moments.is_sorted());
            prop_assert!(enquiry.duration_days().is_none_or(|days| days >= 0));
        }
    }
}
