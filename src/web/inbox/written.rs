//! Dates, times, sizes and words as the pages write them. Pure.

use indgang_channels::message::Channel;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::due::{Urgency, Why, urgency};
use crate::domain::enquiry::{Kind, State};
use crate::domain::triage::{Purpose, WaitsFor};
use crate::domain::{calendar, cpr};
use crate::texts::{InboxWords, TextLanguage, written_list};

/// A time of day: «10.31», "10:31".
pub fn time(at: Timestamp, language: TextLanguage) -> String {
    let at = calendar::local(at);
    let dot = if language == TextLanguage::Danish { '.' } else { ':' };
    format!("{}{dot}{:02}", at.hour(), at.minute())
}

/// A moment in a list: the time alone when it is today.
pub fn moment_short(at: Timestamp, today: Date, language: TextLanguage) -> String {
    let day = calendar::local(at).date();
    if day == today { time(at, language) } else { written_list(day, today.year(), language) }
}

/// A moment in full: «i dag 10.31», «fre. 20. nov. 15.48».
pub fn moment(at: Timestamp, today: Date, words: &InboxWords) -> String {
    let day = calendar::local(at).date();
    let day = if day == today {
        words.t("date.today").to_owned()
    } else {
        written_list(day, today.year(), words.language)
    };
    format!("{day} {}", time(at, words.language))
}

/// A moment for machines.
pub fn iso(at: Timestamp) -> String {
    calendar::local(at).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A day: «i dag», «i morgen», «tor. 26. nov.».
pub fn day(date: Date, today: Date, words: &InboxWords) -> String {
    match today.until(date).map(|span| span.get_days()) {
        Ok(0) => words.t("date.today").to_owned(),
        Ok(1) => words.t("date.tomorrow").to_owned(),
        _ => written_list(date, today.year(), words.language),
    }
}

/// What is due, as a chip: its class and its words.
pub fn chip(due: Option<(Date, Why)>, today: Date, words: &InboxWords) -> (&'static str, String) {
    let Some((date, why)) = due else { return ("plain", words.t("due.none").to_owned()) };
    let class = match urgency(date, today) {
        Urgency::Late(_) => "danger",
        Urgency::Today => "warn",
        _ => "",
    };
    let when = match urgency(date, today) {
        Urgency::Late(1) => words.t("due.late_one").to_owned(),
        Urgency::Late(days) => words.with("due.late", &[("antal", &days.to_string())]),
        _ => capital(&day(date, today, words)),
    };
    let text = match why {
        Why::Appeal => words.with("due.appeal", &[("dato", &when)]),
        Why::Reply => when,
        Why::Reminder => words.with("due.reminder", &[("dato", &when)]),
    };
    (class, text)
}

/// The first letter large.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A size: «182 kB», «1,2 MB».
pub fn size(bytes: u64, language: TextLanguage) -> String {
    let mark = if language == TextLanguage::Danish { "," } else { "." };
    match bytes {
        0..=999 => format!("{bytes} B"),
        1_000..=999_499 => format!("{} kB", (bytes + 500) / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6).replace('.', mark),
    }
}

/// Text with what looks like a CPR number masked, for lists.
pub fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for place in cpr::find(text) {
        shown.push_str(&text[from..place.start]);
        shown.push_str("······-····");
        from = place.end;
    }
    shown.push_str(&text[from..]);
    shown
}

/// The class and the icon of a channel.
pub fn channel_look(channel: Channel) -> (&'static str, &'static str) {
    match channel {
        Channel::Email => ("ch-email", "email"),
        Channel::Sms => ("ch-sms", "chat"),
        Channel::Web => ("ch-web", "assignment"),
        Channel::Call => ("ch-phone", "call"),
        Channel::Meeting => ("ch-meet", "groups"),
    }
}

/// What a channel is called.
pub fn channel_name(channel: Channel, words: &InboxWords) -> &str {
    words.t(match channel {
        Channel::Email => "channel.email",
        Channel::Sms => "channel.sms",
        Channel::Web => "channel.web",
        Channel::Call => "channel.call",
        Channel::Meeting => "channel.meeting",
    })
}

/// What a state is called.
pub fn state_name(state: State, waits_for: Option<WaitsFor>, words: &InboxWords) -> &str {
    words.t(match (state, waits_for) {
        (State::New, _) => "state.new",
        (State::InProgress, _) => "state.in_progress",
        (State::Waiting, None) => "state.waiting",
        (State::Waiting, Some(WaitsFor::Citizen)) => "state.waiting_citizen",
        (State::Waiting, Some(WaitsFor::Administration)) => "state.waiting_administration",
        (State::Closed, _) => "state.closed",
    })
}

/// What a type is called.
pub fn kind_name(kind: Kind, words: &InboxWords) -> &str {
    words.t(match kind {
        Kind::Delimited => "kind.delimited",
        Kind::OpenEnded => "kind.open_ended",
    })
}

/// What a purpose is called.
pub fn purpose_name(purpose: Purpose, words: &InboxWords) -> &str {
    words.t(match purpose {
        Purpose::Enquiry => "purpose.enquiry",
        Purpose::Sparring => "purpose.sparring",
        Purpose::Spam => "purpose.spam",
    })
}

/// A number as it is read aloud and dialled: «20 12 34 56».
pub fn phone(number: &str) -> String {
    match number.strip_prefix("+45") {
        Some(rest) if rest.len() == 8 && rest.is_ascii() => rest
            .as_bytes()
            .chunks(2)
            .map(|pair| String::from_utf8_lossy(pair).into_owned())
            .collect::<Vec<_>>()
            .join(" "),
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;
    use crate::texts::load_inbox;

    const TODAY: Date = date(2026, 11, 23);

    #[rstest]
    #[case(None, "plain", "Ingen frist")]
    #[case(Some((date(2026, 11, 22), Why::Reply)), "danger", "1 dag over")]
    #[case(Some((date(2026, 11, 20), Why::Reply)), "danger", "3 dage over")]
    #[case(Some((TODAY, Why::Reply)), "warn", "I dag")]
    #[case(Some((date(2026, 11, 24), Why::Reply)), "", "I morgen")]
    #[case(Some((date(2026, 11, 26), Why::Appeal)), "", "Klagefrist: Tor. 26. nov.")]
    #[case(Some((date(2027, 5, 3), Why::Reminder)), "", "Husk: Man. 3. maj 2027")]
    fn what_is_due_reads_as_people_say_it(
        #[case] due: Option<(Date, Why)>,
        #[case] class: &str,
        #[case] text: &str,
    ) {
        let [danish, _] = load_inbox(None).unwrap();
        assert_eq!(chip(due, TODAY, &danish), (class, text.to_owned()));
    }

    #[rstest]
    #[case("010170-0000 er mit nummer", "······-···· er mit nummer")]
    #[case("Intet her", "Intet her")]
    fn numbers_are_masked(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(masked(text), shown);
    }

    #[rstest]
    #[case(999, "999 B")]
    #[case(182_400, "182 kB")]
    #[case(1_240_000, "1,2 MB")]
    fn sizes(#[case] bytes: u64, #[case] text: &str) {
        assert_eq!(size(bytes, TextLanguage::Danish), text);
    }

    #[rstest]
    #[case("+4520123456", "20 12 34 56")]
    #[case("+46701234567", "+46701234567")]
    fn numbers(#[case] number: &str, #[case] text: &str) {
        assert_eq!(phone(number), text);
    }
}
