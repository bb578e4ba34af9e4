//! What facts come to: counts that can be added to each other, so that ten years are twelve times ten additions.
//!
//! A fact can be taken out of a tally as it was put in: what changes on one enquiry costs one subtraction and one addition,
//! however many enquiries there are. What cannot be added, such as a median or the number of different persons, is kept as
//! the counts that it is made of.

use std::collections::BTreeMap;

use indgang_channels::message::Channel;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::counted::Chosen;
use super::fact::{Acknowledged, Fact, Promise};
use super::period::{Month, Period};
use crate::domain::calendar;
use crate::domain::enquiry::Kind;
use crate::domain::triage::Purpose;

/// How often there is each of something. Zero is not kept, so that what was taken out leaves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    from = "Vec<(K, i64)>",
    into = "Vec<(K, i64)>",
    bound(serialize = "K: Ord + Clone + Serialize", deserialize = "K: Ord + Deserialize<'de>")
)]
pub struct Counts<K: Ord + Clone>(BTreeMap<K, i64>);

impl<K: Ord + Clone> Default for Counts<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord + Clone> From<Vec<(K, i64)>> for Counts<K> {
    fn from(pairs: Vec<(K, i64)>) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<K: Ord + Clone> From<Counts<K>> for Vec<(K, i64)> {
    fn from(counts: Counts<K>) -> Self {
        counts.0.into_iter().collect()
    }
}

impl<K: Ord + Clone> Counts<K> {
    /// Adds to one; a negative number takes away.
    pub fn add(&mut self, key: K, count: i64) {
        let entry = self.0.entry(key);
        match entry {
            std::collections::btree_map::Entry::Occupied(mut held) => {
                *held.get_mut() += count;
                if *held.get() == 0 {
                    held.remove();
                }
            }
            std::collections::btree_map::Entry::Vacant(free) if count != 0 => {
                free.insert(count);
            }
            std::collections::btree_map::Entry::Vacant(_) => {}
        }
    }

    /// How many of one.
    pub fn get(&self, key: &K) -> i64 {
        self.0.get(key).copied().unwrap_or(0)
    }

    /// All of them together.
    pub fn sum(&self) -> i64 {
        self.0.values().sum()
    }

    /// Each, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, i64)> {
        self.0.iter().map(|(key, count)| (key, *count))
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: &Self) {
        for (key, count) in &other.0 {
            self.add(key.clone(), *count);
        }
    }
}

impl Counts<i64> {
    /// The value that a share of the values (0 to 1) is at most: the smallest that enough of them do not exceed (nearest
    /// rank). `None` of nothing.
    pub fn quantile(&self, share: f64) -> Option<i64> {
        let total = self.sum();
        // At most as many as there are, so that rounding loses nothing.
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            reason = "counts are far below 2^52"
        )]
        let rank = ((total as f64 * share).ceil() as i64).clamp(1, total.max(1));
        let mut seen = 0;
        self.iter().find_map(|(value, count)| {
            seen += count;
            (seen >= rank).then_some(*value)
        })
    }

    /// The middle one; of an even number, the mean of the two in the middle.
    pub fn median(&self) -> Option<f64> {
        let total = self.sum();
        let at = |rank: i64| {
            let mut seen = 0;
            self.iter().find_map(|(value, count)| {
                seen += count;
                (seen >= rank).then_some(*value)
            })
        };
        let (low, high) = (at((total + 1) / 2)?, at(total / 2 + 1)?);
        #[expect(clippy::cast_precision_loss, reason = "days and seconds are far below 2^52")]
        let middle = (low + high) as f64 / 2.0;
        Some(middle)
    }

    /// How many are at most a value.
    pub fn at_most(&self, value: i64) -> i64 {
        self.0.range(..=value).map(|(_, count)| *count).sum()
    }
}

/// The hour of what nobody wrote the time of down.
pub const UNTIMED: i8 = -1;

/// An area by its number; `None` for none.
pub type AreaKey = Option<i64>;

/// What is counted of messages, by channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Came in from citizens.
    #[serde(default)]
    pub incoming: i64,
    /// Went out by a person.
    #[serde(default)]
    pub outgoing: i64,
    /// Went out by the machine: acknowledgements and notices.
    #[serde(default)]
    pub automatic: i64,
    /// Did not arrive, as far as we were told, or could not be sent.
    #[serde(default)]
    pub failed: i64,
    /// Parts of texts that went out.
    #[serde(default)]
    pub segments: i64,
}

/// The counts of some enquiries, and of the messages of some time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Enquiries that began, by month and way in.
    pub channels: Counts<(Month, Channel)>,
    /// The same by month and contact form.
    pub forms: Counts<(Month, Option<Channel>)>,
    /// Way in against contact form.
    pub ways: Counts<(Channel, Option<Channel>)>,
    /// Area and type.
    pub areas: Counts<(AreaKey, Option<Kind>)>,
    /// Weekday (0 is Monday) and hour of the first contact; [`UNTIMED`] where only the day is known.
    pub hours: Counts<(i8, i8)>,
    /// What became of acknowledgements: owed, and on the way out.
    pub acknowledged: Counts<(Channel, AckState)>,
    /// Seconds until the acknowledgement left.
    pub latency: BTreeMap<Channel, Counts<i64>>,
    /// Hundredths of working days until a person answered.
    pub waited: BTreeMap<Channel, Counts<i64>>,
    /// Answered by the promised day, later, or closed without an answer.
    pub promises: Counts<(Channel, Promise)>,
    /// Not answered and not closed, by the day that was promised: how these stand depends on when it is asked.
    pub unanswered: Counts<(Channel, Date)>,
    /// Of how many enquiries the promise was moved.
    pub moved: i64,
    /// Tasks of § 5; `None` for enquiries without any.
    pub tasks: Counts<Option<crate::domain::task::Task>>,
    /// Themes; `None` for enquiries without any.
    pub themes: Counts<Option<String>>,
    /// Enquiries without a case.
    pub no_case: i64,
    /// Enquiries of which it is not known whether there was one.
    pub case_unknown: i64,
    /// Enquiries of earlier years, which were not handled here.
    pub unrecorded: i64,
    /// Enquiries that were reopened.
    pub reopened: i64,
    /// Enquiries that came after the closing of another.
    pub after_closing: i64,
    /// Sent on to a department.
    pub forwarded: i64,
    /// Sent here by staff.
    pub referred: i64,
    /// Outside of what the adviser may do.
    pub outside: i64,
    /// Messages of each enquiry, both ways.
    pub messages: Counts<i64>,
    /// Whose enquiries they are: the month in which the same person's enquiry before began; `None` for a person's first.
    pub persons: Counts<Option<Month>>,
    /// Enquiries that ended: calendar days of each, by type.
    pub ended: BTreeMap<KindKey, Counts<i64>>,
    /// Consultations with staff (S4).
    pub sparring: i64,
    /// Messages, by channel.
    pub traffic: BTreeMap<Channel, Traffic>,
    /// Activities besides enquiries (S24), by what they were: how many.
    pub activities: Counts<String>,
    /// The people who took part in them.
    pub participants: Counts<String>,
}

/// A type, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindKey {
    /// *Afgrænset*.
    Delimited,
    /// *Åben*.
    OpenEnded,
    /// *Uoplyst*.
    Unknown,
}

impl From<Option<Kind>> for KindKey {
    fn from(kind: Option<Kind>) -> Self {
        match kind {
            Some(Kind::Delimited) => Self::Delimited,
            Some(Kind::OpenEnded) => Self::OpenEnded,
            None => Self::Unknown,
        }
    }
}

/// What became of an acknowledgement, without when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AckState {
    /// None was due.
    NotDue,
    /// On its way.
    Waiting,
    /// Left us.
    Sent,
    /// Was reported not to have arrived.
    Returned,
    /// Given up.
    Failed,
}

impl From<Acknowledged> for AckState {
    fn from(acknowledged: Acknowledged) -> Self {
        match acknowledged {
            Acknowledged::NotDue => Self::NotDue,
            Acknowledged::Waiting => Self::Waiting,
            Acknowledged::Sent(_) => Self::Sent,
            Acknowledged::Returned(_) => Self::Returned,
            Acknowledged::Failed => Self::Failed,
        }
    }
}

impl Tally {
    /// Counts a fact as one that began in the period, among those of a choice that it is within; `sign` is 1, or -1 to take
    /// it out again.
    pub fn begin(&mut self, fact: &Fact, chosen: Chosen, sign: i64) {
        if fact.purpose == Purpose::Sparring && !fact.joined {
            self.sparring += sign;
        }
        if !fact.counts() {
            return;
        }
        let local = calendar::local(fact.began);
        let month = Month::of(local.date());
        let channel = fact.channel;
        self.channels.add((month, channel), sign);
        self.forms.add((month, fact.form), sign);
        self.ways.add((channel, fact.form), sign);
        self.areas.add((fact.area.map(|area| area.0), fact.kind), sign);
        let hour = if fact.is_timed { local.hour() } else { UNTIMED };
        self.hours.add((local.date().weekday().to_monday_zero_offset(), hour), sign);
        self.acknowledged.add((channel, fact.acknowledged.into()), sign);
        if let Some(seconds) = fact.latency() {
            add_to(&mut self.latency, channel, seconds, sign);
        }
        if let Some(waited) = fact.waited() {
            add_to(&mut self.waited, channel, waited, sign);
        }
        // On the first day of the calendar nothing is overdue.
        match (fact.promise(Date::MIN), fact.promised) {
            (Promise::Runs, Some(promised)) => self.unanswered.add((channel, promised), sign),
            (settled, _) => self.promises.add((channel, settled), sign),
        }
        self.moved += if fact.moved > 0 { sign } else { 0 };
        add_each(&mut self.tasks, fact.tasks.iter().copied(), sign);
        add_each(&mut self.themes, fact.themes.iter().cloned(), sign);
        for (field, holds) in [
            (&mut self.no_case, fact.case == Some(false)),
            (&mut self.case_unknown, fact.case.is_none()),
            (&mut self.unrecorded, !fact.is_recorded),
            (&mut self.reopened, fact.reopened > 0),
            (&mut self.after_closing, fact.after_closing),
            (&mut self.forwarded, fact.forwarded),
            (&mut self.referred, fact.referred),
            (&mut self.outside, fact.outside),
        ] {
            *field += if holds { sign } else { 0 };
        }
        self.messages.add(i64::from(fact.messages_in) + i64::from(fact.messages_out), sign);
        self.persons.add(fact.before.of(chosen).map(Month::at), sign);
    }

    /// Counts a fact as one that ended in the period.
    pub fn end(&mut self, fact: &Fact, sign: i64) {
        if let Some(days) = fact.duration().filter(|_| fact.counts()) {
            add_to(&mut self.ended, fact.kind.into(), days, sign);
        }
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: &Self) {
        self.channels.merge(&other.channels);
        self.forms.merge(&other.forms);
        self.ways.merge(&other.ways);
        self.areas.merge(&other.areas);
        self.hours.merge(&other.hours);
        self.acknowledged.merge(&other.acknowledged);
        merge_all(&mut self.latency, &other.latency);
        merge_all(&mut self.waited, &other.waited);
        self.promises.merge(&other.promises);
        self.unanswered.merge(&other.unanswered);
        self.tasks.merge(&other.tasks);
        self.themes.merge(&other.themes);
        self.messages.merge(&other.messages);
        self.persons.merge(&other.persons);
        merge_all(&mut self.ended, &other.ended);
        self.activities.merge(&other.activities);
        self.participants.merge(&other.participants);
        for (field, more) in [
            (&mut self.moved, other.moved),
            (&mut self.no_case, other.no_case),
            (&mut self.case_unknown, other.case_unknown),
            (&mut self.unrecorded, other.unrecorded),
            (&mut self.reopened, other.reopened),
            (&mut self.after_closing, other.after_closing),
            (&mut self.forwarded, other.forwarded),
            (&mut self.referred, other.referred),
            (&mut self.outside, other.outside),
            (&mut self.sparring, other.sparring),
        ] {
            *field += more;
        }
        for (channel, more) in &other.traffic {
            let held = self.traffic.entry(*channel).or_default();
            held.incoming += more.incoming;
            held.outgoing += more.outgoing;
            held.automatic += more.automatic;
            held.failed += more.failed;
            held.segments += more.segments;
        }
    }

    /// Enquiries that began.
    pub fn begun(&self) -> i64 {
        self.ways.sum()
    }

    /// Enquiries that ended.
    pub fn closed(&self) -> i64 {
        self.ended.values().map(Counts::sum).sum()
    }

    /// Says of every promise how it stood on a day, once and for all.
    pub fn settle_promises(&mut self, today: Date) {
        self.promises = self.promises_on(today);
        self.unanswered = Counts::default();
    }

    /// How the promises stand on a day, by channel.
    pub fn promises_on(&self, today: Date) -> Counts<(Channel, Promise)> {
        let mut promises = self.promises.clone();
        for ((channel, promised), count) in self.unanswered.iter() {
            let stands = if *promised < today { Promise::Broken } else { Promise::Runs };
            promises.add((*channel, stands), count);
        }
        promises
    }

    /// How many different persons began an enquiry, where this is the tally of a period that begins with a month. Each is
    /// counted at their first enquiry in it: the one before began earlier, or there is none.
    pub fn persons_from(&self, begin: Month) -> i64 {
        self.persons
            .iter()
            .filter(|(before, _)| before.is_none_or(|before| before < begin))
            .map(|(_, count)| count)
            .sum()
    }

    /// The tally of facts of a choice within a period: those that began in it, and those that ended in it.
    pub fn of<'a>(facts: impl IntoIterator<Item = &'a Fact>, period: Period, chosen: Chosen) -> Self {
        let (from, until) = period.moments();
        let mut tally = Self::default();
        for fact in facts {
            if from <= fact.began && fact.began < until {
                tally.begin(fact, chosen, 1);
            }
            if fact.ended.is_some_and(|ended| from <= ended && ended < until) {
                tally.end(fact, 1);
            }
        }
        tally
    }
}

fn add_to<K: Ord + Copy>(map: &mut BTreeMap<K, Counts<i64>>, key: K, value: i64, sign: i64) {
    let counts = map.entry(key).or_default();
    counts.add(value, sign);
    if counts.0.is_empty() {
        map.remove(&key);
    }
}

fn add_each<T: Ord + Clone>(
    counts: &mut Counts<Option<T>>,
    each: impl ExactSizeIterator<Item = T>,
    sign: i64,
) {
    if each.len() == 0 {
        counts.add(None, sign);
    }
    for one in each {
        counts.add(Some(one), sign);
    }
}

fn merge_all<K: Ord + Clone>(into: &mut BTreeMap<K, Counts<i64>>, from: &BTreeMap<K, Counts<i64>>) {
    for (key, counts) in from {
        into.entry(key.clone()).or_default().merge(counts);
    }
}

#[cfg(test)]
pub(crate) mod tests;
