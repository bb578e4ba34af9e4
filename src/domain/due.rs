//! What is due first: the date that an enquiry stands at in the list, and why.
//!
//! Three things can be due: an appeal deadline (*klagefrist*), which no wish of ours moves; an answer, because a date was
//! promised or because the citizen wrote again; and what the adviser asked to be reminded of. Reminding herself later
//! moves neither of the others: what was promised cannot be put off by looking away.

use jiff::civil::Date;

use super::enquiry::State;

/// Where an enquiry with nothing due stands: behind all others. A date that sorts last as text too.
pub const NEVER: Date = Date::constant(9999, 12, 31);

/// What an enquiry's date follows from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// The last day to appeal.
    pub appeal: Option<Date>,
    /// The day by which our answer is due; `None` once it is given.
    pub reply: Option<Date>,
    /// The day that the adviser wants to be reminded on.
    pub remind: Option<Date>,
}

/// Why something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The appeal deadline.
    Appeal,
    /// An answer.
    Reply,
    /// A reminder of one's own.
    Reminder,
}

/// What is due first, and when; `None` when nothing is.
pub fn first(state: State, dates: &Dates) -> Option<(Date, Why)> {
    if state == State::Closed {
        return None;
    }
    [(dates.appeal, Why::Appeal), (dates.reply, Why::Reply), (dates.remind, Why::Reminder)]
        .into_iter()
        .filter_map(|(date, why)| Some((date?, why)))
        // Of two on one day, the one that comes first here: it cannot be moved.
        .min_by_key(|(date, _)| *date)
}

/// The date that is stored and sorted by.
pub fn on(state: State, dates: &Dates) -> Date {
    first(state, dates).map_or(NEVER, |(date, _)| date)
}

/// How a date stands to today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// So many days over.
    Late(i32),
    /// Today.
    Today,
    /// Within seven days.
    Soon,
    /// Later.
    Later,
    /// Nothing is due.
    Never,
}

/// How `date` stands to `today`.
pub fn urgency(date: Date, today: Date) -> Urgency {
    if date >= NEVER {
        return Urgency::Never;
    }
    match today.until(date).map(|span| span.get_days()) {
        Ok(days) if days < 0 => Urgency::Late(-days),
        Ok(0) => Urgency::Today,
        Ok(1..=7) => Urgency::Soon,
        _ => Urgency::Later,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    fn day(number: i8) -> Option<Date> {
        (number > 0).then(|| date(2026, 12, number))
    }

    #[rstest]
    #[case::nothing(0, 0, 0, None)]
    #[case::an_answer(0, 7, 0, Some((7, Why::Reply)))]
    #[case::an_appeal_before_it(4, 7, 0, Some((4, Why::Appeal)))]
    #[case::an_appeal_on_the_same_day(7, 7, 7, Some((7, Why::Appeal)))]
    #[case::a_reminder_before_it(0, 7, 3, Some((3, Why::Reminder)))]
    #[case::a_reminder_puts_nothing_off(0, 7, 20, Some((7, Why::Reply)))]
    fn the_first(
        #[case] appeal: i8,
        #[case] reply: i8,
        #[case] remind: i8,
        #[case] expected: Option<(i8, Why)>,
    ) {
        let dates = Dates { appeal: day(appeal), reply: day(reply), remind: day(remind) };
        let expected = expected.map(|(number, why)| (date(2026, 12, number), why));
        assert_eq!(first(State::InProgress, &dates), expected);
        assert_eq!(first(State::Closed, &dates), None, "what is closed is not due");
    }

    #[rstest]
    #[case(date(2026, 11, 23), Urgency::Today)]
    #[case(date(2026, 11, 22), Urgency::Late(1))]
    #[case(date(2026, 10, 31), Urgency::Late(23))]
    #[case(date(2026, 11, 24), Urgency::Soon)]
    #[case(date(2026, 11, 30), Urgency::Soon)]
    #[case(date(2026, 12, 1), Urgency::Later)]
    #[case(NEVER, Urgency::Never)]
    fn how_it_stands(#[case] on: Date, #[case] expected: Urgency) {
        assert_eq!(urgency(on, date(2026, 11, 23)), expected);
    }
}
