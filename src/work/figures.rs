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
use crate::domain::statistics::period::Period;
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

/// What is counted of a period, and what it is compared with.
struct Live {
    counted: Counted,
    before: Option<(Period, Counted)>,
    incomparable: bool,
    /// Some of what happened is not added up yet.
    is_behind: bool,
}

/// Whether all of a period is counted, or as good as all: an office whose first enquiry of a year came on its fourth day had all
/// of that year, and one whose first of a month came on the twenty-eighth had not.
fn has_all(period: Period, known: Option<Date>) -> bool {
    let slack = period.days() / 30;
    let latest = period.from.checked_add(jiff::Span::new().days(slack)).unwrap_or(period.from);
    known.is_some_and(|day| day <= latest)
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
        let year = asked.period.whole_year().filter(|_| asked.chosen.is_everything());
        let published = match year {
            Some(year) => self.published(year).await?,
            None => None,
        };
        let (book, closed) = match published {
            None => (self.book(&self.live(asked).await?, asked).await?, None),
            Some((published, record)) => {
                let live = self.live(Asked { compared: Compared::Before, ..asked }).await?;
                let today = self.book(&live, Asked { compared: Compared::Before, ..asked }).await?;
                let Published { checksum, at, by, .. } = published;
                let (closing, book) = match record {
                    Some(record) => {
                        let closing = if asked.english { record.english } else { record.danish };
                        let book = match asked.compared {
                            Compared::Before => closing.clone(),
                            // Beside another period, and alone, it is still what was published.
                            Compared::Nothing | Compared::With(_) => {
                                let beside = self.beside(asked).await?;
                                let frozen = Live { counted: record.counted, is_behind: false, ..beside };
                                self.book(&frozen, asked).await?
                            }
                        };
                        (Some(closing), book)
                    }
                    // What was published cannot be read: today's figures, and a word of warning.
                    None => (None, today.clone()),
                };
                let intact = closing.is_some();
                let differences = closing.map_or(Vec::new(), |closing| differences(&closing, &today));
                (book, Some(Closed { at, by, checksum, intact, differences }))
            }
        };
        Ok(Shown { book: hide_small(book, asked.hide_below), closed })
    }

    /// The sums of a period, for those who make their own tables: of a closed year as they were published.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn counted(&self, period: Period) -> Result<Counted, StoreError> {
        let asked = Asked {
            period,
            compared: Compared::Nothing,
            chosen: Chosen::default(),
            english: false,
            hide_below: 0,
        };
        if let Some(year) = period.whole_year()
            && let Some((_, Some(record))) = self.published(year).await?
        {
            return Ok(record.counted);
        }
        Ok(self.live(asked).await?.counted)
    }

    /// Closes a year with the figures that today's data give; whether it was open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn close(&self, who: &Actor, year: i16) -> Result<bool, StoreError> {
        // What is published is all that happened until now.
        while self.0.store.figures_refresh(AT_A_TIME).await? > 0 {}
        let ask = |english| Asked {
            period: Period::year(year),
            compared: Compared::Before,
            chosen: Chosen::default(),
            english,
            hide_below: 0,
        };
        let mut live = self.live(ask(false)).await?;
        // A promise that runs on this day is published as one that runs, whatever becomes of it.
        live.counted.tally.settle_promises(self.today());
        let record = Record {
            danish: self.book(&live, ask(false)).await?,
            english: self.book(&live, ask(true)).await?,
            counted: live.counted,
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

    fn today(&self) -> Date {
        crate::domain::calendar::local(self.0.clock.now()).date()
    }

    /// What today's data give.
    async fn live(&self, asked: Asked) -> Result<Live, StoreError> {
        let store = &self.0.store;
        for _ in 0..MOST_TURNS {
            if store.figures_refresh(AT_A_TIME).await? < AT_A_TIME as usize {
                break;
            }
        }
        let is_behind = store.figures_waiting(AT_A_TIME).await? >= i64::from(AT_A_TIME);
        let counted = store.figures(asked.period, asked.chosen).await?;
        Ok(Live { counted, is_behind, ..self.beside(asked).await? })
    }

    /// What is beside it: nothing is counted of the period itself.
    async fn beside(&self, asked: Asked) -> Result<Live, StoreError> {
        let wanted = match asked.compared {
            Compared::Nothing => None,
            // What is not over yet is compared with the same part of the year before.
            Compared::Before => asked.period.through_day(self.today()).unwrap_or(asked.period).before(),
            Compared::With(period) => Some(period),
        };
        let known = self.known_since().await?;
        let compared = wanted.filter(|period| has_all(*period, known));
        let before = match compared {
            Some(period) => Some((period, self.before(period, asked.chosen).await?)),
            None => None,
        };
        let incomparable = wanted.is_some() && compared.is_none();
        Ok(Live { counted: Counted::default(), before, incomparable, is_behind: false })
    }

    /// The day from which everything is counted here, earlier years that were brought in included; `None` before the first.
    async fn known_since(&self) -> Result<Option<Date>, StoreError> {
        let counted = self.0.store.figures_begin().await?;
        // Whoever says that the office opened while this was in use had nothing before, and nothing that is missing.
        let Some(since) = self.0.since else { return Ok(counted) };
        let set_up = self.0.store.set_up_on().await?;
        let is_all = set_up.is_some_and(|day| day <= since) || counted.is_some_and(|day| day <= since);
        Ok(if is_all { Some(since) } else { counted })
    }

    async fn book(&self, live: &Live, asked: Asked) -> Result<Book, StoreError> {
        let inner = &*self.0;
        let words = self.words(asked.english);
        let areas = self.areas(asked.period, asked.english);
        let limits = self.limits(asked.chosen, &areas, words);
        Ok(book(&Basis {
            period: asked.period,
            counted: &live.counted,
            before: live.before.as_ref().map(|(period, counted)| (*period, counted)),
            incomparable: live.incomparable,
            is_behind: live.is_behind,
            began: inner.since,
            today: self.today(),
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
            let begun = tokio::time::Instant::now();
            let wait = match self.0.store.figures_refresh(AT_A_TIME).await {
                // Letters wait for the same writer, and go before.
                Ok(done) if done >= AT_A_TIME as usize => 2 * begun.elapsed(),
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2025-01-01", "2025-12-31", "2025-01-04", true)]
    #[case("2025-01-01", "2025-12-31", "2025-01-14", false)]
    #[case("2025-01-01", "2025-12-31", "2022-06-13", true)]
    #[case("2025-11-01", "2025-11-30", "2025-11-28", false)]
    #[case("2025-11-01", "2025-11-30", "2025-11-02", true)]
    #[case("2025-11-03", "2025-11-03", "2025-11-04", false)]
    fn nearly_all_of_a_period_must_be_known(
        #[case] from: Date,
        #[case] to: Date,
        #[case] known: Date,
        #[case] is: bool,
    ) {
        let period = Period::through(from, to).unwrap();
        assert_eq!(has_all(period, Some(known)), is);
        assert!(!has_all(period, None));
    }
}
