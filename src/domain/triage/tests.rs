//! Steps as tables of cases, and their laws.

use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

use super::*;

const GITTE: AccountId = AccountId(1);

fn now() -> Timestamp {
    "2026-02-09T09:00:00Z".parse().unwrap()
}

fn fresh() -> Facts {
    Facts {
        state: State::New,
        waits_for: None,
        purpose: Purpose::Enquiry,
        title: "Skole og handicap".to_owned(),
        kind: None,
        area: None,
        urgent: false,
        primary_contact_form: None,
        appeal_deadline: None,
        promised: date(2026, 2, 16),
        reply_due: Some(date(2026, 2, 16)),
        remind_on: None,
        assigned_to: None,
        case_at: None,
        outside: false,
        aligned_at: None,
        answered_at: None,
        language: "da".to_owned(),
        unread: true,
        joined_into: None,
        conversation: None,
        tasks: BTreeSet::new(),
        themes: BTreeSet::new(),
        closings: Vec::new(),
    }
}

fn after(steps: &[Step]) -> Result<Facts, Refused> {
    steps.iter().try_fold(fresh(), |facts, step| apply(&facts, step, GITTE, now()))
}

const FORM: Step = Step::ContactForm(Some(Channel::Meeting));

#[rstest]
#[case::without_a_form(&[Step::Close(Welcome::Written)], Refused::NoContactForm)]
#[case::without_a_welcome(&[FORM, Step::Close(Welcome::None)], Refused::NoWelcome)]
#[case::twice(&[FORM, Step::Close(Welcome::Said), Step::Close(Welcome::Said)], Refused::Closed)]
#[case::waiting_when_closed(&[FORM, Step::Close(Welcome::Said), Step::Wait(None)], Refused::Closed)]
#[case::reopening_what_is_open(&[Step::Reopen], Refused::NotClosed)]
#[case::a_type_for_sparring(&[Step::Purpose(Purpose::Sparring), Step::Kind(Kind::Delimited)], Refused::NoEnquiry)]
#[case::no_title(&[Step::Title("  ".to_owned())], Refused::NoTitle)]
fn what_is_not_possible(#[case] steps: &[Step], #[case] why: Refused) {
    assert_eq!(after(steps), Err(why));
}

#[test]
fn an_answer_keeps_the_promise_and_the_next_reminder_stands() {
    let facts = after(&[Step::Remind(Some(date(2026, 2, 20))), Step::Answered]).unwrap();
    assert_eq!((facts.state, facts.answered_at, facts.unread), (State::InProgress, Some(now()), false));
    assert_eq!((facts.reply_due, facts.due_on()), (None, date(2026, 2, 20)));
    assert_eq!(facts.promised, date(2026, 2, 16), "what was promised stays on record");
}

#[test]
fn a_type_takes_a_new_enquiry_up() {
    let facts = after(&[Step::Kind(Kind::OpenEnded)]).unwrap();
    assert_eq!((facts.state, facts.kind), (State::InProgress, Some(Kind::OpenEnded)));
}

#[test]
fn an_appeal_deadline_rises_above_the_promise() {
    let facts = after(&[Step::Appeal(Some(date(2026, 2, 11)))]).unwrap();
    assert_eq!(facts.due_on(), date(2026, 2, 11));
}

#[test]
fn both_closings_stay_when_it_is_reopened() {
    let facts =
        after(&[FORM, Step::Close(Welcome::Written), Step::Reopen, Step::Close(Welcome::Said)]).unwrap();
    assert_eq!(facts.closings.len(), 2);
    assert_eq!(facts.closings[0].reopened_at, Some(now()));
    assert_eq!((facts.closed_at(), facts.due_on()), (Some(now()), due::NEVER));
}

#[test]
fn sparring_needs_no_closing_message_and_spam_closes_itself() {
    let sparring = after(&[Step::Purpose(Purpose::Sparring), Step::Close(Welcome::None)]).unwrap();
    assert_eq!(sparring.state, State::Closed);
    let spam = after(&[Step::Purpose(Purpose::Spam)]).unwrap();
    assert_eq!((spam.state, spam.due_on()), (State::Closed, due::NEVER));
}

#[test]
fn what_was_joined_is_worked_on_elsewhere() {
    let facts = Facts { joined_into: Some(7), ..fresh() };
    assert_eq!(apply(&facts, &Step::TakeUp, GITTE, now()), Err(Refused::Joined));
}

#[test]
fn undoing_leaves_what_came_since_and_refuses_what_was_changed_again() {
    let before = fresh();
    let area = apply(&before, &Step::Area(Some(AreaId(3))), GITTE, now()).unwrap();
    let since = apply(&area, &Step::Urgent(true), GITTE, now()).unwrap();
    let undone = undo(&before, &area, &since).unwrap();
    assert_eq!((undone.area, undone.urgent), (None, true));
    let again = apply(&since, &Step::Area(Some(AreaId(4))), GITTE, now()).unwrap();
    assert_eq!(undo(&before, &area, &again), Err(Refused::ChangedSince));
}

fn steps() -> impl Strategy<Value = Step> {
    let day = (1..28_i8).prop_map(|day| date(2026, 3, day));
    prop_oneof![
        Just(Step::TakeUp),
        Just(Step::Wait(Some(WaitsFor::Citizen))),
        Just(Step::Purpose(Purpose::Sparring)),
        Just(Step::Purpose(Purpose::Spam)),
        Just(Step::Purpose(Purpose::Enquiry)),
        Just(Step::Kind(Kind::Delimited)),
        Just(Step::Area(Some(AreaId(2)))),
        any::<bool>().prop_map(Step::Urgent),
        Just(Step::ContactForm(Some(Channel::Call))),
        proptest::option::of(day.clone()).prop_map(Step::Appeal),
        proptest::option::of(day.clone()).prop_map(Step::Remind),
        day.prop_map(Step::Promise),
        Just(Step::Answered),
        any::<bool>().prop_map(Step::Case),
        any::<bool>().prop_map(Step::Outside),
        Just(Step::Close(Welcome::Said)),
        Just(Step::Reopen),
    ]
}

proptest! {
    /// Whatever was done, each step can be taken back, in turn, to where it began.
    #[test]
    fn every_step_is_undone(steps in proptest::collection::vec(steps(), 0..30)) {
        let mut history = vec![fresh()];
        for step in &steps {
            if let Ok(facts) = apply(history.last().unwrap(), step, GITTE, now()) {
                history.push(facts);
            }
        }
        let mut current = history.last().unwrap().clone();
        for pair in history.windows(2).rev() {
            current = undo(&pair[0], &pair[1], &current).unwrap();
            prop_assert_eq!(&current, &pair[0]);
        }
    }

    /// What is closed is due never, and everything else no later than what was promised and not answered.
    #[test]
    fn nothing_hides_what_is_due(steps in proptest::collection::vec(steps(), 0..30)) {
        let mut facts = fresh();
        for step in &steps {
            if let Ok(next) = apply(&facts, step, GITTE, now()) {
                facts = next;
            }
            let is_closed = facts.state == State::Closed;
            prop_assert_eq!(is_closed, facts.closed_at().is_some());
            match facts.reply_due {
                Some(due) if !is_closed => prop_assert!(facts.due_on() <= due),
                _ => prop_assert!(!is_closed || facts.due_on() == due::NEVER),
            }
            // An enquiry that is counted and closed has a contact form.
            let counted = facts.purpose == Purpose::Enquiry;
            prop_assert!(!(is_closed && counted) || facts.primary_contact_form.is_some());
        }
    }
}
