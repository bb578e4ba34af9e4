//! Every figure counted twice: by the product, which adds up what changes, and by a slow and obvious count over the tables,
//! after random histories of letters, triage, splitting, joining, closing, undoing and persons that are merged and parted.

use std::collections::{BTreeMap, BTreeSet};

use indgang::domain::area::AreaId;
use indgang::domain::arrival::Disposition;
use indgang::domain::calendar;
use indgang::domain::enquiry::{EnquiryId, Kind};
use indgang::domain::statistics::counted::{Chosen, Counted};
use indgang::domain::statistics::fact::Promise;
use indgang::domain::statistics::period::Period;
use indgang::domain::statistics::tally::{AckState, Counts};
use indgang::domain::task::Task;
use indgang::domain::triage::{Purpose, Step, WaitsFor, Welcome};
use indgang::store::Store;
use indgang::store::inbox::Actor;
use indgang::store::inbox::change::Act;
use indgang::store::letters::Desk as _;
use indgang_channels::message::Channel;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::inbox::gitte;
use crate::support::{Fresh, TestDesk, damage, enquiry, letter, not_due, strings};

/// Histories of each database, unless `INDGANG_HISTORIES` says otherwise.
const HISTORIES: u64 = 8;

/// SplitMix64: the same histories every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len() as u64) as usize]
    }

    fn moment(&mut self) -> Timestamp {
        let begin: Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
        begin + SignedDuration::from_secs(self.roll(730 * 86_400) as i64)
    }

    fn period(&mut self) -> Period {
        let first = date(2025, 1, 1) + (self.roll(20) as i64).months();
        match self.roll(3) {
            0 => Period { from: first, until: first + (1 + self.roll(14) as i64).months() },
            1 => Period {
                from: first + (self.roll(27) as i64).days(),
                until: first + (2 + self.roll(9) as i64).months(),
            },
            _ => {
                let from = first + (self.roll(40) as i64).days();
                Period { from, until: from + (1 + self.roll(300) as i64).days() }
            }
        }
    }
}

struct History {
    store: Store,
    url: String,
    who: Actor,
    dice: Dice,
    acts: Vec<String>,
    letters: u32,
}

impl History {
    async fn enquiries(&self) -> Vec<EnquiryId> {
        let ids = strings(&self.url, "SELECT CAST(id AS TEXT) FROM enquiry ORDER BY id").await;
        ids.iter().map(|id| EnquiryId(id.parse().unwrap())).collect()
    }

    async fn any(&mut self) -> Option<EnquiryId> {
        let all = self.enquiries().await;
        (!all.is_empty()).then(|| self.dice.of(&all))
    }

    fn act(&mut self) -> String {
        self.acts.push(format!("act-{}", self.acts.len()));
        self.acts.last().unwrap().clone()
    }

    async fn letter(&mut self) {
        self.letters += 1;
        let sender = format!("{}@post.example", self.dice.of(&["a", "b", "c", "d", "e", "f"]));
        let mut new = letter(self.letters, &sender, &format!("brev {} {}", self.letters, self.dice.0));
        new.incoming.received_at = self.dice.moment();
        new.incoming.channel = self.dice.of(&[Channel::Email, Channel::Email, Channel::Web]);
        let into = self.any().await;
        let what = self.dice.roll(5);
        let desk = TestDesk::of(move |_, _| match (what, into) {
            (0, Some(into)) => indgang::intake::Routing {
                enquiry: Some(into),
                disposition: Disposition::FollowUp,
                ..not_due(Disposition::FollowUp)
            },
            (1, _) => not_due(Disposition::Hold),
            _ => enquiry(),
        });
        self.store.letters_file(&[new], &desk, self.dice.moment()).await.unwrap();
    }

    async fn step(&mut self) {
        let Some(id) = self.any().await else { return };
        let step = match self.dice.roll(13) {
            0 | 1 => Step::Area(Some(AreaId(1 + self.dice.roll(3) as i64))),
            2 => Step::Area(None),
            3 | 4 => Step::Kind(self.dice.of(&[Kind::Delimited, Kind::OpenEnded])),
            5 => Step::ContactForm(Some(self.dice.of(&[Channel::Call, Channel::Meeting, Channel::Email]))),
            6 => Step::Tasks(Task::ALL.into_iter().filter(|_| self.dice.roll(3) == 0).collect()),
            7 => Step::Themes(
                ["mad", "hus", "børn"]
                    .into_iter()
                    .filter(|_| self.dice.roll(2) == 0)
                    .map(str::to_owned)
                    .collect(),
            ),
            8 if self.dice.roll(2) == 0 => Step::Outside(self.dice.roll(2) == 0),
            8 => Step::Case(self.dice.roll(2) == 0),
            9 => Step::Purpose(self.dice.of(&[Purpose::Enquiry, Purpose::Sparring, Purpose::Spam])),
            10 => Step::Answered,
            11 => Step::Wait(Some(WaitsFor::Citizen)),
            _ => Step::Promise(self.dice.period().from),
        };
        let (act, now) = (self.act(), self.dice.moment());
        self.store.enquiries_step(&self.who, &[id], &[step], Act::new(&act, "step"), now).await.unwrap();
    }

    async fn close(&mut self) {
        let Some(id) = self.any().await else { return };
        let steps = match self.dice.roll(3) {
            0 => vec![Step::Reopen],
            _ => vec![Step::ContactForm(Some(Channel::Call)), Step::Close(Welcome::Said)],
        };
        let (act, now) = (self.act(), self.dice.moment());
        self.store.enquiries_step(&self.who, &[id], &steps, Act::new(&act, "close"), now).await.unwrap();
    }

    async fn rearrange(&mut self) {
        let (Some(one), Some(other)) = (self.any().await, self.any().await) else { return };
        let (act, now) = (self.act(), self.dice.moment());
        let store = self.store.clone();
        match self.dice.roll(6) {
            5 => {
                // Whoever is asked to be forgotten, when all is done: what is counted does not change.
                let _ = store.person_erase(&self.who, one, now).await.unwrap();
            }
            0 => {
                let desk = TestDesk::default();
                let draw = || desk.draw_reference();
                let areas = [AreaId(1), AreaId(2)];
                store
                    .enquiry_split(&self.who, one, &areas, &draw, Act::new(&act, "split"), now)
                    .await
                    .unwrap();
            }
            1 if one != other => {
                let joined = store.enquiry_join(&self.who, one, other, true, Act::new(&act, "join"), now);
                joined.await.unwrap();
            }
            2 => {
                let other = store.enquiry_row(&self.who, other).await.unwrap().unwrap().enquirer;
                store.persons_merge(&self.who, one, other, now).await.unwrap();
            }
            3 => {
                let whole = store.enquiry_open(&self.who, one, now).await.unwrap().unwrap();
                if let Some((merge, ..)) = whole.person.merges.first() {
                    store.persons_part(&self.who, one, *merge, now).await.unwrap();
                }
            }
            _ => {
                let act = self.acts[self.dice.roll(self.acts.len() as u64) as usize].clone();
                let _ = store.act_undo(&self.who, &act, now).await.unwrap();
            }
        }
    }

    async fn outbox(&mut self) {
        let text = match self.dice.roll(3) {
            0 => {
                "UPDATE outbox SET state = 'sent', sent_at = created_at + 4000 WHERE state = 'queued' AND id % 2 = 0"
            }
            1 => "UPDATE outbox SET state = 'failed' WHERE state = 'queued' AND id % 5 = 1",
            _ => "UPDATE outbox SET bounced_at = created_at + 9000 WHERE state = 'sent' AND id % 4 = 0",
        };
        damage(&self.url, text).await;
    }
}

pub(crate) async fn every_figure_is_counted_twice(Fresh { store, url }: Fresh) {
    let who = gitte(&store).await;
    let histories = std::env::var("INDGANG_HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(HISTORIES);
    for seed in 0..histories {
        let dice = Dice(seed * 7919 + 3);
        let letters = u32::try_from(seed).unwrap() * 1000;
        let mut history = History {
            store: store.clone(),
            url: url.clone(),
            who,
            dice,
            acts: vec!["none".to_owned()],
            letters,
        };
        // Each history goes on with what the ones before it left.
        for _ in 0..30 {
            match history.dice.roll(12) {
                0..=4 => history.letter().await,
                5..=7 => history.step().await,
                8 => history.close().await,
                9 | 10 => history.rearrange().await,
                _ => history.outbox().await,
            }
            if history.dice.roll(6) == 0 {
                let most = 1 + history.dice.roll(9) as u32;
                store.figures_refresh(most).await.unwrap();
            }
        }
        while store.figures_refresh(40).await.unwrap() > 0 {}
        for _ in 0..4 {
            let period = history.dice.period();
            let counted = store.figures(period, Chosen::default()).await.unwrap();
            same(&counted, &slow(&url, period, |_| true).await, &format!("history {seed}, {period:?}"));
            let chosen = Chosen { area: Some(AreaId(1)), ..Chosen::default() };
            let counted = store.figures(period, chosen).await.unwrap();
            let wanted = slow(&url, period, |row| row.area == Some(1)).await;
            assert_eq!(
                (counted.tally.begun(), counted.persons, counted.open),
                (wanted.begun, wanted.persons, wanted.open),
                "{seed} {period:?}"
            );
        }
    }
}

/// What a slow count finds.
#[derive(Debug, Default)]
struct Slow {
    begun: i64,
    persons: i64,
    open: i64,
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
    messages: i64,
    incoming: i64,
    failed: i64,
}

struct Row {
    id: i64,
    person: i64,
    purpose: String,
    joined: bool,
    began: Timestamp,
    channel: String,
    area: Option<i64>,
    kind: String,
    form: String,
    closed: Option<Timestamp>,
    promised: Date,
    answered: Option<Timestamp>,
    case: bool,
    outside: bool,
}

async fn rows(url: &str) -> Vec<Row> {
    let lines = strings(
        url,
        "SELECT id || '|' || enquirer_id || '|' || purpose || '|' || COALESCE(CAST(joined_into AS TEXT), '') || '|'
                || first_contact_at || '|' || intake_channel || '|' || COALESCE(CAST(area_id AS TEXT), '') || '|'
                || COALESCE(kind, '') || '|' || COALESCE(primary_contact_form, '') || '|' || state || '|'
                || COALESCE(CAST(closed_at AS TEXT), '') || '|' || promised_reply_date || '|'
                || COALESCE(CAST(answered_at AS TEXT), '') || '|' || COALESCE(CAST(case_at AS TEXT), '') || '|'
                || CASE WHEN outside THEN 'x' ELSE '' END FROM enquiry",
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
        }
    };
    lines.iter().map(row).collect()
}

/// On this day the promises are looked at.
const TODAY: Date = date(2026, 6, 1);

async fn slow(url: &str, period: Period, wanted: impl Fn(&Row) -> bool) -> Slow {
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
    let acknowledgements = pairs(
        "SELECT enquiry_id || '|' || CASE WHEN state = 'sent' AND bounced_at IS NOT NULL THEN 'returned' ELSE state END
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
        slow.messages += of(&messages);
        let state = acknowledgements.iter().find(|(id, _)| *id == row.id).map_or("none", |(_, state)| state);
        *slow.acknowledged.entry(state.to_owned()).or_default() += 1;
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
    let within = |at: &str| period.holds(day(Timestamp::from_millisecond(at.parse().unwrap()).unwrap()));
    let came = strings(
        url,
        "SELECT CAST(a.received_at AS TEXT) FROM arrival a JOIN message m ON m.arrival_id = a.id
         WHERE m.disposition IN ('enquiry', 'follow_up', 'hold')",
    );
    slow.incoming = came.await.iter().filter(|at| within(at)).count() as i64;
    let failed =
        "SELECT CAST(created_at AS TEXT) FROM outbox WHERE state = 'failed' OR bounced_at IS NOT NULL";
    slow.failed = strings(url, failed).await.iter().filter(|at| within(at)).count() as i64;
    slow
}

fn same(counted: &Counted, slow: &Slow, of: &str) {
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
    assert_eq!(tally.messages.iter().map(|(each, count)| each * count).sum::<i64>(), slow.messages, "{of}");
    let traffic = tally.traffic.values();
    let (incoming, failed) =
        traffic.fold((0, 0), |(came, failed), one| (came + one.incoming, failed + one.failed));
    assert_eq!((incoming, failed), (slow.incoming, slow.failed), "{of}");
}
