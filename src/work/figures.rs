//! Makes the book of figures of a period: asks the store, knows how the office wants it, and chooses what it is compared with.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::AreaEntry;
use crate::domain::statistics::book::Book;
use crate::domain::statistics::catalogue::{AreaName, Basis, Rules, Say, book, fill};
use crate::domain::statistics::counted::{Asked, Chosen, Compared};
use crate::domain::statistics::period::{Month, Period};
use crate::store::{Store, StoreError};
use crate::texts::FigureWords;

/// What is added up at a time, so that nobody waits long for the writer.
const AT_A_TIME: u32 = 200;
/// How long is waited when nothing waits.
const WAIT: std::time::Duration = std::time::Duration::from_secs(2);
/// Whoever looks at figures waits for at most so many turns of adding up.
const MOST_TURNS: usize = 5;

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

    /// The figures, with what was added up until now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn book(&self, asked: Asked) -> Result<Book, StoreError> {
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
            Some(period) => Some((period, inner.store.figures(period, asked.chosen).await?)),
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
            today: crate::domain::calendar::local(inner.clock.now()).date(),
            areas: &areas,
            rules: &inner.rules,
            stories: 0,
            limits: &limits,
            words,
        }))
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
