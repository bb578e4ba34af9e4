//! A slow and obvious count of everything that the figures say, from the tables that the product's sums are not made in.

use std::collections::{BTreeMap, BTreeSet};

use indgang::domain::calendar;
use indgang::domain::enquiry::Kind;
use indgang::domain::statistics::counted::Counted;
use indgang::domain::statistics::fact::Promise;
use indgang::domain::statistics::period::Period;
use indgang::domain::statistics::tally::{AckState, Counts};
use indgang_channels::message::Channel;
use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::support::strings;

/// What a slow count finds.
#[derive(Debug, Default)]
pub(crate) struct Slow {
    begun: i64,
    persons: i64,
    open: i64,
    /// Seconds until the acknowledgement left, by channel.
    latency: BTreeMap<(String, i64), i64>,
    /// Hundredths of working days until somebody answered, by channel.
    waited: BTreeMap<(String, i64), i64>,
    moved: i64,
    after_closing: i64,
    forwarded: i64,
    referred: i64,
    areas: BTreeMap<(Option<i64>, String), i64>,
    channels: BTreeMap<(String, String), i64>,
    ways: BTreeMap<(String, String), i64>,
    hours: BTreeMap<(i8, i8), i64>,
    durations: BTreeMap<(String, i64), i64>,
    acknowledged: BTreeMap<String, i64>,
    promises: BTreeMap<Promise, i64>,
    tasks: i64,
    without_tasks: i64,
    themes: BTreeMap<String, i64>,
    no_case: i64,
    outside: i64,
    reopened: i64,
    sparring: i64,
    messages: BTreeMap<i64, i64>,
    went: Went,
    /// By kind: how many, and who took part.
    activities: BTreeMap<String, (i64, i64)>,
}

impl Slow {
    /// That there is some of everything that is counted.
    pub(crate) fn everything_occurs(&self) {
        let went = &self.went;
        let counts = [
            self.begun,
            self.persons,
            self.open,
            self.moved,
            self.after_closing,
            self.forwarded,
            self.referred,
        ];
        let more = [
            self.tasks,
            self.without_tasks,
            self.no_case,
            self.outside,
            self.reopened,
            self.sparring,
            went.segments,
        ];
        assert!(counts.into_iter().chain(more).all(|count| count > 0), "{self:#?}");
        let two = [&self.channels, &self.ways].map(|map| map.len() > 1);
        let traffic =
            [&went.incoming, &went.outgoing, &went.automatic, &went.failed].map(|map| !map.is_empty());
        let times = [&self.latency, &self.waited].map(|map| map.len() > 1);
        let rest = [
            self.areas.len() > 2,
            self.hours.len() > 9,
            self.durations.len() > 3,
            self.acknowledged.len() > 3,
        ];
        let named = [
            self.promises.len() > 3,
            self.themes.len() > 2,
            self.messages.len() > 2,
            self.activities.len() > 3,
        ];
        let all = [&two[..], &traffic, &times, &rest, &named].concat();
        assert!(all.into_iter().all(|is_there| is_there), "{self:#?}");
    }
}

/// What went to and fro.
#[derive(Debug, Default, PartialEq, Eq)]
struct Went {
    incoming: BTreeMap<String, i64>,
    outgoing: BTreeMap<String, i64>,
    automatic: BTreeMap<String, i64>,
    failed: BTreeMap<String, i64>,
    segments: i64,
}

pub(crate) struct Row {
    id: i64,
    person: i64,
    purpose: String,
    joined: bool,
    began: Timestamp,
    pub(crate) channel: String,
    pub(crate) area: Option<i64>,
    pub(crate) kind: String,
    form: String,
    closed: Option<Timestamp>,
    promised: Date,
    answered: Option<Timestamp>,
    case: bool,
    outside: bool,
    after_closing: bool,
}

async fn rows(url: &str) -> Vec<Row> {
    let lines = strings(
        url,
        "SELECT id || '|' || enquirer_id || '|' || purpose || '|' || COALESCE(CAST(joined_into AS TEXT), '') || '|'
                || first_contact_at || '|' || intake_channel || '|' || COALESCE(CAST(area_id AS TEXT), '') || '|'
                || COALESCE(kind, '') || '|' || COALESCE(primary_contact_form, '') || '|' || state || '|'
                || COALESCE(CAST(closed_at AS TEXT), '') || '|' || promised_reply_date || '|'
                || COALESCE(CAST(answered_at AS TEXT), '') || '|' || COALESCE(CAST(case_at AS TEXT), '') || '|'
                || CASE WHEN outside THEN 'x' ELSE '' END || '|'
                || CASE WHEN after_closing THEN 'x' ELSE '' END FROM enquiry",
    )
    .await;
    let moment = |text: &str| text.parse().ok().map(|at| Timestamp::from_millisecond(at).unwrap());
    let row = |line: &String| {
        let part: Vec<&str> = line.split('|').collect();
        Row {
            id: part[0].parse().unwrap(),
            person: part[1].parse().unwrap(),
            purpose: part[2].to_owned(),
            joined: !part[3].is_empty(),
            began: moment(part[4]).unwrap(),
            channel: part[5].to_owned(),
            area: part[6].parse().ok(),
            kind: part[7].to_owned(),
            form: part[8].to_owned(),
            closed: moment(part[10]).filter(|_| part[9] == "closed"),
            promised: part[11].parse().unwrap(),
            answered: moment(part[12]),
            case: !part[13].is_empty(),
            outside: !part[14].is_empty(),
            after_closing: !part[15].is_empty(),
        }
    };
    lines.iter().map(row).collect()
}

/// On this day the promises are looked at.
const TODAY: Date = date(2026, 2, 10);

/// Working days between two moments, in hundredths, day by day in exact fractions. What lacks less than a ten-thousandth of a
/// hundredth is taken for it.
fn working_time(from: Timestamp, to: Timestamp) -> i64 {
    // A day of 23, 24 or 25 hours is so many equal parts.
    const PARTS: i128 = 49_680_000;
    let mut total = 0;
    let mut day = calendar::local(from).date();
    while day <= calendar::local(to).date() {
        let next = day.tomorrow().unwrap();
        let (begin, end) = (calendar::begins(day).unwrap(), calendar::begins(next).unwrap());
        let length = i128::from(end.as_second() - begin.as_second());
        let worked = i128::from(to.min(end).as_second() - from.max(begin).as_second()).max(0);
        if calendar::is_ordinary_working_day(day) {
            total += worked * (PARTS / length);
        }
        day = next;
    }
    i64::try_from((total * 100 * 10_000 / PARTS + 1) / 10_000).unwrap()
}

/// Counts what `wanted` says of a period; what went to and fro only for all.
pub(crate) async fn slow(url: &str, period: Period, is_all: bool, wanted: impl Fn(&Row) -> bool) -> Slow {
    let mut slow = Slow::default();
    let day = |at: Timestamp| calendar::local(at).date();
    let pairs = async |statement: &'static str| -> Vec<(i64, String)> {
        let split = |line: &String| {
            let (id, rest) = line.split_once('|').unwrap();
            (id.parse().unwrap(), rest.to_owned())
        };
        strings(url, statement).await.iter().map(split).collect()
    };
    let tasks = pairs("SELECT enquiry_id || '|' || task FROM enquiry_task").await;
    let themes = pairs("SELECT enquiry_id || '|' || theme FROM enquiry_theme").await;
    let reopened = pairs("SELECT enquiry_id || '|x' FROM closing WHERE reopened_at IS NOT NULL").await;
    let messages = pairs(
        "SELECT enquiry_id || '|x' FROM message WHERE enquiry_id IS NOT NULL AND disposition IN ('enquiry', 'follow_up')",
    )
    .await;
    let replies = pairs(
        "SELECT enquiry_id || '|x' FROM outbox WHERE kind = 'reply' AND state = 'sent' AND occasion <> 'forward'",
    )
    .await;
    let joined: BTreeMap<i64, i64> =
        pairs("SELECT id || '|' || joined_into FROM enquiry WHERE joined_into IS NOT NULL")
            .await
            .into_iter()
            .map(|(id, into)| (id, into.parse().unwrap()))
            .collect();
    // What was joined into another belongs to that which it is in at last.
    let root = |mut id: i64| {
        while let Some(into) = joined.get(&id) {
            id = *into;
        }
        id
    };
    let forwarded =
        pairs("SELECT enquiry_id || '|x' FROM outbox WHERE occasion = 'forward' AND state = 'sent'").await;
    let referred =
        pairs("SELECT enquiry_id || '|x' FROM note WHERE kind = 'referral' AND removed_at IS NULL").await;
    let moved = pairs("SELECT enquiry_id || '|x' FROM promise_change").await;
    let acknowledgements = pairs(
        "SELECT enquiry_id || '|' || CASE WHEN state = 'sent' AND bounced_at IS NOT NULL THEN 'returned' ELSE state END
                || '|' || COALESCE(CAST(sent_at AS TEXT), '')
         FROM outbox WHERE kind = 'acknowledgement'",
    )
    .await;
    let mut persons = BTreeSet::new();
    for row in rows(url).await.iter().filter(|row| !row.joined && wanted(row)) {
        let counts = row.purpose == "enquiry";
        if row.purpose == "sparring" && period.holds(day(row.began)) {
            slow.sparring += 1;
        }
        if let (true, Some(closed)) = (counts, row.closed)
            && period.holds(day(closed))
        {
            let days = i64::from(day(row.began).until(day(closed)).unwrap().get_days()).max(0);
            *slow.durations.entry((row.kind.clone(), days)).or_default() += 1;
        }
        if counts
            && day(row.began) < period.until
            && row.closed.is_none_or(|closed| day(closed) >= period.until)
        {
            slow.open += 1;
        }
        if !counts || !period.holds(day(row.began)) {
            continue;
        }
        slow.begun += 1;
        persons.insert(row.person);
        *slow.areas.entry((row.area, row.kind.clone())).or_default() += 1;
        let local = calendar::local(row.began);
        *slow.channels.entry((local.strftime("%Y-%m").to_string(), row.channel.clone())).or_default() += 1;
        *slow.ways.entry((row.channel.clone(), row.form.clone())).or_default() += 1;
        *slow.hours.entry((local.weekday().to_monday_zero_offset(), local.hour())).or_default() += 1;
        let of = |all: &[(i64, String)]| all.iter().filter(|(id, _)| *id == row.id).count() as i64;
        slow.tasks += of(&tasks);
        slow.without_tasks += i64::from(of(&tasks) == 0);
        for (_, theme) in themes.iter().filter(|(id, _)| *id == row.id) {
            *slow.themes.entry(theme.clone()).or_default() += 1;
        }
        slow.no_case += i64::from(!row.case);
        slow.outside += i64::from(row.outside);
        slow.reopened += i64::from(of(&reopened) > 0);
        slow.moved += i64::from(of(&moved) > 0);
        slow.after_closing += i64::from(row.after_closing);
        slow.forwarded += i64::from(of(&forwarded) > 0);
        slow.referred += i64::from(of(&referred) > 0);
        let all = messages.iter().chain(&replies);
        let own = all.filter(|(id, _)| root(*id) == row.id).count();
        *slow.messages.entry(own as i64).or_default() += 1;
        let acknowledgement = acknowledgements.iter().find(|(id, _)| *id == row.id);
        let (state, sent) = acknowledgement.map_or(("none", ""), |(_, known)| known.split_once('|').unwrap());
        *slow.acknowledged.entry(state.to_owned()).or_default() += 1;
        if let ("sent" | "returned", Ok(sent)) = (state, sent.parse::<i64>()) {
            let seconds = (sent.div_euclid(1000) - row.began.as_second()).max(0);
            *slow.latency.entry((row.channel.clone(), seconds)).or_default() += 1;
        }
        if let Some(answered) = row.answered {
            let waited = working_time(row.began, answered);
            *slow.waited.entry((row.channel.clone(), waited)).or_default() += 1;
        }
        let stands = match (row.answered, row.closed) {
            (Some(at), _) if day(at) <= row.promised => Promise::Kept,
            (Some(_), _) => Promise::Broken,
            (None, Some(_)) => Promise::Ended,
            (None, None) if row.promised < TODAY => Promise::Broken,
            (None, None) => Promise::Runs,
        };
        *slow.promises.entry(stands).or_default() += 1;
    }
    slow.persons = persons.len() as i64;
    if is_all {
        slow.went = went(url, period).await;
        let activities =
            "SELECT kind || '|' || day || '|' || participants FROM activity WHERE removed_at IS NULL";
        for line in strings(url, activities).await {
            let [kind, on, participants] = line.split('|').collect::<Vec<_>>()[..] else { panic!("{line}") };
            if period.holds(on.parse().unwrap()) {
                let held = slow.activities.entry(kind.to_owned()).or_default();
                *held = (held.0 + 1, held.1 + participants.parse::<i64>().unwrap());
            }
        }
    }
    slow
}

async fn went(url: &str, period: Period) -> Went {
    let day = |at: &str| calendar::local(Timestamp::from_millisecond(at.parse().unwrap()).unwrap()).date();
    let mut went = Went::default();
    let came = "SELECT a.channel || '|' || a.received_at FROM arrival a JOIN message m ON m.arrival_id = a.id
                LEFT JOIN enquiry e ON e.id = m.enquiry_id
                WHERE m.disposition IN ('enquiry', 'follow_up', 'hold') AND COALESCE(e.purpose, 'enquiry') = 'enquiry'";
    for line in strings(url, came).await {
        let (channel, at) = line.split_once('|').unwrap();
        if period.holds(day(at)) {
            *went.incoming.entry(channel.to_owned()).or_default() += 1;
        }
    }
    let out = "SELECT o.channel || '|' || o.created_at || '|' || o.kind || '|' || o.state || '|' || o.segments || '|'
                      || CASE WHEN o.bounced_at IS NULL AND COALESCE(o.delivery, '') <> 'failed' THEN '' ELSE 'x' END
                      || '|' || COALESCE(o.occasion, '')
               FROM outbox o JOIN enquiry e ON e.id = o.enquiry_id WHERE e.purpose = 'enquiry'";
    for line in strings(url, out).await {
        let part: Vec<&str> = line.split('|').collect();
        if !period.holds(day(part[1])) {
            continue;
        }
        let add = |to: &mut BTreeMap<String, i64>| *to.entry(part[0].to_owned()).or_default() += 1;
        match (part[2], part[3]) {
            ("reply", "sent") if part[6] == "forward" => {}
            ("reply", "sent") => add(&mut went.outgoing),
            (_, "sent") => add(&mut went.automatic),
            _ => {}
        }
        if part[3] == "failed" || part[3] == "unknown" || part[5] == "x" {
            add(&mut went.failed);
        }
        if part[0] == "sms" && matches!(part[3], "sent" | "unknown") {
            went.segments += part[4].parse::<i64>().unwrap();
        }
    }
    went
}

/// Both counts say the same of everything.
pub(crate) fn same(counted: &Counted, slow: &Slow, of: &str) {
    let tally = &counted.tally;
    assert_eq!((tally.begun(), counted.persons, counted.open), (slow.begun, slow.persons, slow.open), "{of}");
    let word = |kind: Option<Kind>| match kind {
        Some(Kind::Delimited) => "delimited",
        Some(Kind::OpenEnded) => "open_ended",
        None => "",
    };
    fn map<K: Ord + Clone, L: Ord>(counts: &Counts<K>, key: impl Fn(&K) -> L) -> BTreeMap<L, i64> {
        let mut map = BTreeMap::new();
        for (one, count) in counts.iter() {
            *map.entry(key(one)).or_default() += count;
        }
        map
    }
    assert_eq!(map(&tally.areas, |(area, kind)| (*area, word(*kind).to_owned())), slow.areas, "{of}");
    let months = map(&tally.channels, |(month, channel)| (month.to_string(), channel.as_str().to_owned()));
    assert_eq!(months, slow.channels, "{of}");
    let form = |form: Option<Channel>| form.map_or("", Channel::as_str).to_owned();
    assert_eq!(map(&tally.ways, |(way, to)| (way.as_str().to_owned(), form(*to))), slow.ways, "{of}");
    assert_eq!(map(&tally.hours, |hour| *hour), slow.hours, "{of}");
    assert_eq!(map(&tally.promises_on(TODAY), |(_, stands)| *stands), slow.promises, "{of}");
    let state = |state: AckState| match state {
        AckState::NotDue => "none",
        AckState::Waiting => "queued",
        AckState::Sent => "sent",
        AckState::Returned => "returned",
        AckState::Failed => "failed",
    };
    assert_eq!(map(&tally.acknowledged, |(_, one)| state(*one).to_owned()), slow.acknowledged, "{of}");
    let mut durations = BTreeMap::new();
    for (kind, days) in &tally.ended {
        let kind = serde_json::to_value(kind).unwrap().as_str().unwrap().replace("unknown", "");
        for (days, count) in days.iter() {
            *durations.entry((kind.clone(), *days)).or_default() += count;
        }
    }
    assert_eq!(durations, slow.durations, "{of}");
    assert_eq!(tally.tasks.sum() - tally.tasks.get(&None), slow.tasks, "{of}");
    assert_eq!(tally.tasks.get(&None), slow.without_tasks, "{of}");
    let themes: BTreeMap<String, i64> =
        tally.themes.iter().filter_map(|(theme, count)| Some((theme.clone()?, count))).collect();
    assert_eq!(themes, slow.themes, "{of}");
    let sums = (tally.no_case, tally.reopened, tally.sparring, tally.outside);
    assert_eq!(sums, (slow.no_case, slow.reopened, slow.sparring, slow.outside), "{of}");
    let sums = (tally.moved, tally.after_closing, tally.forwarded, tally.referred);
    assert_eq!(sums, (slow.moved, slow.after_closing, slow.forwarded, slow.referred), "{of}");
    assert_eq!(map(&tally.messages, |each| *each), slow.messages, "{of}");
    let by_channel = |all: &BTreeMap<Channel, Counts<i64>>| -> BTreeMap<(String, i64), i64> {
        let each = |(channel, counts): (&Channel, &Counts<i64>)| {
            let channel = channel.as_str().to_owned();
            counts.iter().map(move |(value, count)| ((channel.clone(), *value), count)).collect::<Vec<_>>()
        };
        all.iter().flat_map(each).collect()
    };
    assert_eq!(by_channel(&tally.latency), slow.latency, "{of}");
    assert_eq!(by_channel(&tally.waited), slow.waited, "{of}");
    let mut went = Went::default();
    for (channel, one) in &tally.traffic {
        for (to, count) in [
            (&mut went.incoming, one.incoming),
            (&mut went.outgoing, one.outgoing),
            (&mut went.automatic, one.automatic),
            (&mut went.failed, one.failed),
        ] {
            if count != 0 {
                to.insert(channel.as_str().to_owned(), count);
            }
        }
        went.segments += one.segments;
    }
    assert_eq!(went, slow.went, "{of}");
    let activities: BTreeMap<String, (i64, i64)> = tally
        .activities
        .iter()
        .map(|(kind, count)| (kind.clone(), (count, tally.participants.get(kind))))
        .collect();
    assert_eq!(activities, slow.activities, "{of}");
}
