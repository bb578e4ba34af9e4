use std::collections::BTreeSet;

use jiff::SignedDuration;
use proptest::prelude::*;

use super::super::fact::Before;
use super::*;
use crate::domain::area::AreaId;
use crate::domain::task::Task;

const ALL: Chosen = Chosen { area: None, kind: None, channel: None };
const CHANNELS: [Channel; 5] = [Channel::Email, Channel::Sms, Channel::Web, Channel::Call, Channel::Meeting];

/// Any enquiry that began within two years.
pub(crate) fn facts() -> impl Strategy<Value = Fact> {
    (
        (1_i64..40, 0_i64..730 * 86_400, 0_usize..5, 0_i64..6, 0_usize..3, 0_usize..6),
        (
            proptest::option::of(0_i64..200 * 86_400),
            0_u32..3,
            0_i64..9,
            proptest::option::of(0_i64..20 * 86_400),
        ),
        (0..63_u8, 0_u32..5, 0_u32..4, any::<[bool; 5]>(), 0..12),
    )
        .prop_map(
            |((person, began, channel, area, kind, form), (ended, reopened, ack, answered), rest)| {
                let (tasks, messages_in, messages_out, flags, purpose) = rest;
                let began = Timestamp::from_second(1_735_686_000 + began).unwrap();
                let later = |seconds: i64| began + SignedDuration::from_secs(seconds);
                Fact {
                    person,
                    before: {
                        let mut before = Before::default();
                        if person % 3 == 0 {
                            before.add(ALL, began - SignedDuration::from_hours(24 * person));
                        }
                        before
                    },
                    purpose: match purpose {
                        0 => Purpose::Sparring,
                        1 => Purpose::Spam,
                        _ => Purpose::Enquiry,
                    },
                    joined: flags[0] && flags[1] && flags[2],
                    began,
                    is_timed: person % 5 > 0,
                    channel: CHANNELS[channel],
                    area: (area > 0).then_some(AreaId(area)),
                    kind: [None, Some(Kind::Delimited), Some(Kind::OpenEnded)][kind],
                    form: CHANNELS.get(form).copied(),
                    ended: ended.map(later),
                    reopened,
                    after_closing: flags[0],
                    acknowledged: match ack {
                        0 => Acknowledged::NotDue,
                        1 => Acknowledged::Failed,
                        2 => Acknowledged::Waiting,
                        3 => Acknowledged::Returned(later(4)),
                        seconds => Acknowledged::Sent(later(seconds)),
                    },
                    promised: (person % 7 > 0).then(|| calendar::local(later(8 * 86_400)).date()),
                    moved: u32::from(flags[1]),
                    answered: answered.map(later),
                    tasks: Task::ALL
                        .into_iter()
                        .enumerate()
                        .filter(|(at, _)| tasks >> at & 1 == 1)
                        .map(|(_, one)| one)
                        .collect(),
                    themes: (0..person % 3).map(|n| format!("tema {n}")).collect::<BTreeSet<_>>(),
                    case: [None, Some(true), Some(false)][usize::from(flags[2]) + usize::from(flags[3])],
                    is_recorded: person % 4 > 0,
                    forwarded: flags[3],
                    referred: flags[4],
                    outside: flags[0] && flags[4],
                    messages_in,
                    messages_out,
                }
            },
        )
}

use jiff::Timestamp;

proptest! {
    #[test]
    fn what_was_put_in_and_taken_out_leaves_nothing(all in proptest::collection::vec(facts(), 1..30)) {
        let mut tally = Tally::default();
        for fact in &all {
            tally.begin(fact, ALL, 1);
            tally.end(fact, 1);
        }
        let text = serde_json::to_string(&tally).unwrap();
        prop_assert_eq!(serde_json::from_str::<Tally>(&text).unwrap(), tally.clone());
        for fact in &all {
            tally.begin(fact, ALL, -1);
            tally.end(fact, -1);
        }
        prop_assert_eq!(tally, Tally::default());
    }

    #[test]
    fn months_add_up_to_their_period(all in proptest::collection::vec(facts(), 1..60), months in 1_usize..24) {
        let begin = Month::try_from("2025-01".to_owned()).unwrap();
        let (mut end, mut sum) = (begin, Tally::default());
        for _ in 0..months {
            sum.merge(&Tally::of(&all, end.period(), ALL));
            end = end.next();
        }
        let whole = Period { from: begin.first(), until: end.first() };
        prop_assert_eq!(sum, Tally::of(&all, whole, ALL));
    }

    #[test]
    fn each_sum_is_the_number_of_enquiries(all in proptest::collection::vec(facts(), 1..60)) {
        let period = Period { from: "2020-01-01".parse().unwrap(), until: "2030-01-01".parse().unwrap() };
        let tally = Tally::of(&all, period, ALL);
        let enquiries = all.iter().filter(|fact| fact.counts()).count() as i64;
        prop_assert_eq!(tally.begun(), enquiries);
        for sum in [tally.channels.sum(), tally.forms.sum(), tally.areas.sum(), tally.hours.sum(), tally.acknowledged.sum(),
                    tally.messages.sum(), tally.persons.sum()] {
            prop_assert_eq!(sum, enquiries);
        }
        let today = "2026-06-01".parse().unwrap();
        prop_assert_eq!(tally.promises_on(today).sum(), enquiries);
    }

    #[test]
    fn a_median_has_as_many_on_either_side(mut values in proptest::collection::vec(0_i64..50, 1..40)) {
        let mut counts = Counts::default();
        values.iter().for_each(|value| counts.add(*value, 1));
        values.sort_unstable();
        let middle = (values[(values.len() - 1) / 2] + values[values.len() / 2]) as f64 / 2.0;
        prop_assert_eq!(counts.median(), Some(middle));
        let rank = ((values.len() as f64 * 0.95).ceil() as usize).max(1);
        prop_assert_eq!(counts.quantile(0.95), Some(values[rank - 1]));
        prop_assert_eq!(counts.at_most(25), values.iter().filter(|value| **value <= 25).count() as i64);
    }
}
