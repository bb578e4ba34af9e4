//! Makes the book of figures of a period: asks the store, knows how the office wants it, and chooses what it is compared with.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::AreaEntry;
use crate::domain::statistics::book::{Book, Closed, Shown};
use crate::domain::statistics::catalogue::{AreaName, Basis, Rules, Say, book, fill};
use crate::domain::statistics::compare::differences;
use crate::domain::statistics::counted::{Asked, Chosen, Compared, Counted};
use crate::domain::statistics::period::{Month, Period};
use crate::domain::statistics::story::Story;
use crate::domain::statistics::suppress::hide_small;
use crate::store::inbox::Actor;
use crate::store::years::Published;
use crate::store::{Store, StoreError};
use crate::texts::FigureWords;

/// What is added up at a time, so that nobody waits long for the writer.
const AT_A_TIME: u32 = 200;
/// How long is waited when nothing waits.
const WAIT: std::time::Duration = std::time::Duration::from_secs(2);
/// Whoever looks at figures waits for at most so many turns of adding up.
const MOST_TURNS: usize = 5;

/// What is kept of a closed year.
#[derive(Serialize, Deserialize)]
struct Record {
    danish: Book,
    english: Book,
    /// The sums, for the year after to be compared with.
    counted: Counted,
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes books of figures.
#[derive(Clone)]
pub struct Figures(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    areas: Vec<AreaEntry>,
    rules: Rules,
    since: Option<Date>,
    words: [FigureWords; 2],
}

impl fmt::Debug for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Figures")
    }
}

/// How the office wants its figures.
#[derive(Clone, Debug)]
pub struct Office {
    /// Its areas, as they are written down.
    pub areas: Vec<AreaEntry>,
    /// How it counts.
    pub rules: Rules,
    /// When it opened, where it says so.
    pub since: Option<Date>,
    /// The words: Danish, English.
    pub words: [FigureWords; 2],
}

impl Figures {
    /// Figures of what is in a store.
    pub fn new(store: Store, clock: Clock, office: Office) -> Self {
        let Office { areas, rules, since, words } = office;
        Self(Arc::new(Inner { store, clock, areas, rules, since, words }))
    }

    /// The words of a language.
    pub fn words(&self, english: bool) -> &FigureWords {
        &self.0.words[usize::from(english)]
    }

    /// The figures: of a closed year as they were published, otherwise with what was added up until now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn shown(&self, asked: Asked) -> Result<Shown, StoreError> {
        // A closed year is what was published, unless another period is wanted beside it.
        let is_whole = asked.chosen.is_everything() && !matches!(asked.compared, Compared::With(_));
        let year = asked.period.whole_year().filter(|_| is_whole);
        let live = Asked { hide_below: 0, ..asked };
        let published = match year {
            Some(year) => self.published(year).await?,
            None => None,
        };
        let (book, closed) = match published {
            None => (self.live(live).await?, None),
            Some((published, record)) => {
                let today = self.live(live).await?;
                let (book, intact) = match record {
                    Some(record) => (if asked.english { record.english } else { record.danish }, true),
                    // What was published cannot be read: today's figures, and a word of warning.
                    None => (today.clone(), false),
                };
                let differences = differences(&book, &today);
                let Published { checksum, at, by, .. } = published;
                (book, Some(Closed { at, by, checksum, intact, differences }))
            }
        };
        Ok(Shown { book: hide_small(book, asked.hide_below), closed })
    }

    /// Closes a year with the figures that today's data give; whether it was open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn close(&self, who: &Actor, year: i16) -> Result<bool, StoreError> {
        let ask = |english| Asked {
            period: Period::year(year),
            compared: Compared::Before,
            chosen: Chosen::default(),
            english,
            hide_below: 0,
        };
        let record = Record {
            danish: self.live(ask(false)).await?,
            english: self.live(ask(true)).await?,
            counted: self.0.store.figures(Period::year(year), Chosen::default()).await?,
        };
        let text = serde_json::to_string(&record).unwrap_or_default();
        let now = self.0.clock.now();
        self.0.store.year_close(who, year, (&text, &checksum(&text)), now).await
    }

    /// What was published of a year, and the same read; not read when it does not have its checksum any more.
    async fn published(&self, year: i16) -> Result<Option<(Published, Option<Record>)>, StoreError> {
        let Some(published) = self.0.store.year_published(year).await? else { return Ok(None) };
        let intact = checksum(&published.figures) == published.checksum;
        let record = serde_json::from_str(&published.figures).ok().filter(|_| intact);
        if record.is_none() {
            tracing::error!(year, "the published figures of a year do not have their checksum");
        }
        Ok(Some((published, record)))
    }

    /// The figures by today's data.
    async fn live(&self, asked: Asked) -> Result<Book, StoreError> {
        let inner = &*self.0;
        for _ in 0..MOST_TURNS {
            if inner.store.figures_refresh(AT_A_TIME).await? < AT_A_TIME as usize {
                break;
            }
        }
        let wanted = match asked.compared {
            Compared::Nothing => None,
            Compared::Before => asked.period.before(),
            Compared::With(period) => Some(period),
        };
        let begins = match inner.since {
            Some(since) => Some(since),
            None => inner.store.figures_begin().await?,
        };
        // By months: an office whose first enquiry of a year came on its fourth day had all of that year.
        let has_all = |period: Period| begins.is_some_and(|day| Month::of(day) <= Month::of(period.from));
        let compared = wanted.filter(|period| has_all(*period));
        let counted = inner.store.figures(asked.period, asked.chosen).await?;
        let before = match compared {
            Some(period) => Some((period, self.before(period, asked.chosen).await?)),
            None => None,
        };
        let words = self.words(asked.english);
        let areas = self.areas(asked.period, asked.english);
        let limits = self.limits(asked.chosen, &areas, words);
        Ok(book(&Basis {
            period: asked.period,
            counted: &counted,
            before: before.as_ref().map(|(period, counted)| (*period, counted)),
            incomparable: wanted.is_some() && compared.is_none(),
            began: inner.since,
            today: crate::domain::calendar::local(inner.clock.now()).date(),
            areas: &areas,
            rules: &inner.rules,
            stories: self.stories(asked.period).await?,
            limits: &limits,
            words,
        }))
    }

    /// What is compared with: of a closed year what was published of it.
    async fn before(&self, period: Period, chosen: Chosen) -> Result<Counted, StoreError> {
        if let Some(year) = period.whole_year().filter(|_| chosen.is_everything())
            && let Some((_, Some(record))) = self.published(year).await?
        {
            return Ok(record.counted);
        }
        self.0.store.figures(period, chosen).await
    }

    /// Anonymised cases that the adviser tells of a year.
    async fn stories(&self, period: Period) -> Result<i64, StoreError> {
        let Some(year) = period.whole_year() else { return Ok(0) };
        let Some((story, _)) = self.0.store.year_story(year).await? else { return Ok(0) };
        let story: Story = serde_json::from_str(&story).unwrap_or_default();
        Ok(i64::try_from(story.cases.len()).unwrap_or(i64::MAX))
    }

    /// The areas as they are called; two with one name say from when they are.
    fn areas(&self, period: Period, english: bool) -> Vec<AreaName> {
        let all = &self.0.areas;
        let name = |area: &AreaEntry| {
            let translated = area.name_en.clone().filter(|_| english);
            translated.unwrap_or_else(|| area.name.clone())
        };
        let named = |area: &AreaEntry| {
            let is_double = all.iter().filter(|other| name(other) == name(area)).count() > 1;
            if is_double { format!("{} ({})", name(area), area.from.year()) } else { name(area) }
        };
        let in_force = |area: &AreaEntry| {
            area.from < period.until && area.through.is_none_or(|through| period.from <= through)
        };
        all.iter()
            .map(|area| AreaName { id: i64::from(area.id), name: named(area), in_force: in_force(area) })
            .collect()
    }

    fn limits(&self, chosen: Chosen, areas: &[AreaName], words: &FigureWords) -> String {
        let area = chosen.area.map(|id| {
            let listed = areas.iter().find(|area| area.id == id.0).map(|area| area.name.clone());
            listed.unwrap_or_else(|| fill(words.say("word.lost_area"), &[("nummer", &id.0.to_string())]))
        });
        let kind = chosen.kind.map(|kind| match kind {
            crate::domain::enquiry::Kind::Delimited => words.say("kind.delimited").to_lowercase(),
            crate::domain::enquiry::Kind::OpenEnded => words.say("kind.open_ended").to_lowercase(),
        });
        let channel =
            chosen.channel.map(|channel| words.say(&format!("channel.{}", channel.as_str())).to_lowercase());
        let limits = [area, kind, channel].into_iter().flatten();
        limits.map(|what| fill(words.say("book.only"), &[("hvad", &what)])).collect::<Vec<_>>().join(", ")
    }

    /// Adds up what happens, as it comes, until it is stopped.
    pub async fn run(self, stop: &CancellationToken) {
        loop {
            let wait = match self.0.store.figures_refresh(AT_A_TIME).await {
                Ok(done) if done >= AT_A_TIME as usize => std::time::Duration::ZERO,
                Ok(_) => WAIT,
                Err(error) => {
                    tracing::warn!(%error, "the figures could not be added up; it is tried again");
                    10 * WAIT
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }
}
