//! Every figure counted twice: by the product, which adds up what changes, and by a slow and obvious count over the tables,
//! after random histories of letters, triage, splitting, joining, closing, undoing and persons that are merged and parted.

use std::time::Duration;

use indgang::domain::area::AreaId;
use indgang::domain::arrival::Disposition;
use indgang::domain::calendar;
use indgang::domain::enquiry::{EnquiryId, Kind};
use indgang::domain::statistics::catalogue::ACTIVITIES;
use indgang::domain::statistics::counted::Chosen;
use indgang::domain::statistics::period::Period;
use indgang::domain::task::Task;
use indgang::domain::triage::{Purpose, Step, WaitsFor, Welcome};
use indgang::store::Store;
use indgang::store::activities::Activity;
use indgang::store::inbox::Actor;
use indgang::store::inbox::change::Act;
use indgang::store::inbox::reply::{Moved, NewReply};
use indgang::store::inbox::write::NewNote;
use indgang::store::letters::Desk as _;
use indgang_channels::message::Channel;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::inbox::{gitte, reply};
use crate::slow::{same, slow};
use crate::support::{Fresh, TestDesk, damage, enquiry, letter, not_due, strings};

/// Histories of each database, unless `INDGANG_HISTORIES` says otherwise.
const HISTORIES: u64 = 10;

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

    fn choice(&mut self) -> Chosen {
        Chosen {
            area: self.of(&[None, None, Some(AreaId(1)), Some(AreaId(2))]),
            kind: self.of(&[None, None, Some(Kind::Delimited), Some(Kind::OpenEnded)]),
            channel: self.of(&[None, None, Some(Channel::Email), Some(Channel::Web)]),
        }
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
        let sender = format!(
            "{}@post.example",
            self.dice.of(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"])
        );
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
            (2, _) => indgang::intake::Routing { after_closing: true, ..enquiry() },
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

    /// What is written, noted and done besides.
    async fn besides(&mut self) {
        let (Some(id), now) = (self.any().await, self.dice.moment()) else { return };
        let (act, what) = (self.act(), self.dice.roll(4));
        let act = Act::new(&act, "besides");
        match what {
            0 => {
                let note = NewNote {
                    kind: "referral",
                    at: now,
                    minutes: None,
                    place: None,
                    participants: None,
                    body: "Fra Jobcenteret",
                };
                let _ = self.store.note_make(&self.who, id, &note, &[], act, now).await.unwrap();
            }
            1 => {
                let activity = Activity {
                    id: 0,
                    day: calendar::local(now).date(),
                    kind: self.dice.of(&ACTIVITIES).to_owned(),
                    participants: self.dice.roll(30) as i64,
                    note: String::new(),
                };
                self.store.activity_add(&self.who, &activity, now).await.unwrap();
                let of = Period { from: date(2024, 12, 1), until: date(2028, 1, 1) };
                let all = self.store.activities(of).await.unwrap();
                if self.dice.roll(4) == 0 {
                    let one = all[self.dice.roll(all.len() as u64) as usize].id;
                    self.store.activity_remove(&self.who, one, now).await.unwrap();
                }
            }
            _ => {
                let message_id = format!("{}@kommune.example", act.id);
                let message_id = format!("{}.{message_id}", self.letters);
                let occasion = self.dice.of(&["answer", "forward", "forward", "delay"]);
                let answer = NewReply { occasion, from_draft: false, ..reply(id, &message_id) };
                let steps: &[Step] = if occasion == "answer" { &[Step::Answered] } else { &[] };
                let moved = Moved { to: self.dice.period().from, reason: "Kommunen", waits_for: "authority" };
                let moved = (occasion == "delay").then_some(moved);
                self.store.reply_queue(&self.who, &answer, steps, moved, act, now).await.unwrap();
            }
        }
    }

    async fn outbox(&mut self) {
        let text = match self.dice.roll(4) {
            3 => {
                "UPDATE outbox SET state = 'sent', sent_at = created_at + 900, channel = 'sms', segments = 1 + id % 3
                 WHERE state = 'queued' AND id % 3 = 1"
            }
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
        for _ in 0..60 {
            match history.dice.roll(20) {
                0..=5 => history.letter().await,
                6..=12 => history.step().await,
                13 | 14 => history.close().await,
                15 | 16 => history.rearrange().await,
                17 | 18 => history.besides().await,
                _ => history.outbox().await,
            }
            if history.dice.roll(6) == 0 {
                let most = 1 + history.dice.roll(9) as u32;
                let refresh = store.figures_refresh(most);
                if history.dice.roll(3) == 0 {
                    // Whoever adds up is stopped in the middle of it.
                    let soon = Duration::from_micros(history.dice.roll(6_000));
                    let _ = tokio::time::timeout(soon, refresh).await;
                } else {
                    refresh.await.unwrap();
                }
            }
        }
        while store.figures_refresh(40).await.unwrap() > 0 {}
        for _ in 0..4 {
            let period = history.dice.period();
            let counted = store.figures(period, Chosen::default()).await.unwrap();
            same(&counted, &slow(&url, period, true, |_| true).await, &format!("history {seed}, {period:?}"));
            let chosen = history.dice.choice();
            let counted = store.figures(period, chosen).await.unwrap();
            let wanted = slow(&url, period, chosen.is_everything(), |row| {
                chosen.area.is_none_or(|area| row.area == Some(area.0))
                    && chosen.kind.is_none_or(|kind| row.kind == kind.as_str())
                    && chosen.channel.is_none_or(|channel| row.channel == channel.as_str())
            });
            same(&counted, &wanted.await, &format!("history {seed}, {period:?}, {chosen:?}"));
        }
    }
    // No figure was merely zero on both sides.
    let ever = Period { from: date(2024, 1, 1), until: date(2030, 1, 1) };
    slow(&url, ever, true, |_| true).await.everything_occurs();
}
