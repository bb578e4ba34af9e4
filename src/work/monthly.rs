//! Mails the figures of a month when it is over: to whom the office names, as words, a table and a workbook.
//!
//! It is the published figures, small numbers hidden where the office hides them, and names nobody. Several nodes send one
//! letter: whoever claims it sends it, and a claim that led to nothing is taken over after an hour. A letter may so come
//! twice when a node dies just after sending, and never not at all.

use std::time::Duration;

use indgang_channels::email::compose::{self, File, Outgoing};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use super::figures::Figures;
use super::transport::Transport;
use crate::clock::Clock;
use crate::domain::calendar;
use crate::domain::statistics::book::Book;
use crate::domain::statistics::catalogue::{Say, fill, written_period};
use crate::domain::statistics::counted::{Asked, Chosen, Compared};
use crate::domain::statistics::period::Month;
use crate::domain::statistics::table::TOTAL;
use crate::domain::statistics::written::Numerals;
use crate::report::{csv, xlsx};
use crate::store::Store;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// How long a claim holds that led to nothing.
const CLAIM: SignedDuration = SignedDuration::from_hours(1);
/// Nobody is written to before this hour of the day, in Denmark.
const FROM_HOUR: i8 = 6;
/// The tables that the letter itself says.
const SAID: [&str; 5] = ["intake", "area", "kind", "form", "duration"];

/// The work.
#[derive(Debug)]
pub struct Monthly {
    /// Where it is noted what was sent.
    pub store: Store,
    /// What makes the figures.
    pub figures: Figures,
    /// What carries the letter.
    pub transport: Transport,
    /// The clock.
    pub clock: Clock,
    /// Who it is sent to.
    pub recipients: Vec<String>,
    /// The day of the month from which it is sent.
    pub day: i8,
    /// The address and the name that it comes from.
    pub sender: (String, String),
    /// The domain of its Message-ID.
    pub domain: String,
    /// In English, otherwise in Danish.
    pub english: bool,
    /// Counts from 1 up to but not including this are hidden.
    pub hide_below: i64,
}

/// The month whose figures are due; `None` before the day.
pub fn due(today: Date, hour: i8, day: i8) -> Option<Month> {
    let is_time = today.day() > day || today.day() == day && hour >= FROM_HOUR;
    let before = today.first_of_month().checked_sub(1.month()).ok()?;
    is_time.then_some(Month::of(before))
}

impl Monthly {
    /// Looks now and then until it is stopped.
    pub async fn run(self, stop: &CancellationToken) {
        if self.recipients.is_empty() {
            return;
        }
        loop {
            if let Err(error) = self.run_one().await {
                tracing::warn!(%error, "the figures of the month could not be mailed; it is tried again");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Sends what is due.
    ///
    /// # Errors
    /// When the database or the mail server does not answer.
    pub async fn run_one(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        let local = calendar::local(now);
        let Some(month) = due(local.date(), local.hour(), self.day) else { return Ok(()) };
        for recipient in &self.recipients {
            if !self.store.monthly_claim(&month.to_string(), recipient, now, now - CLAIM).await? {
                continue;
            }
            self.send(month, recipient).await?;
            self.store.monthly_sent(&month.to_string(), recipient, self.clock.now()).await?;
            tracing::info!(%month, "the figures of the month were mailed");
        }
        Ok(())
    }

    async fn send(&self, month: Month, recipient: &str) -> anyhow::Result<()> {
        let asked = Asked {
            period: month.period(),
            compared: Compared::Before,
            chosen: Chosen::default(),
            english: self.english,
            hide_below: self.hide_below,
        };
        let book = self.figures.shown(asked).await?.book;
        let words = self.figures.words(self.english);
        let period = written_period(book.period, words);
        let subject = fill(words.say("mail.subject"), &[("periode", &period)]);
        let body = body(&book, words, &period);
        let (table, workbook) = (csv::csv(&book), xlsx::xlsx(&book)?);
        let name = format!("{}-{month}", if self.english { "figures" } else { "tal" });
        let (csv_name, xlsx_name) = (format!("{name}.csv"), format!("{name}.xlsx"));
        let workbook_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let files = [
            File { name: &csv_name, media_type: "text/csv; charset=utf-8", bytes: &table },
            File { name: &xlsx_name, media_type: workbook_type, bytes: &workbook },
        ];
        // The same at every try, so that a server that has it already can tell.
        let mark: String =
            Sha256::digest(recipient).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let message_id = format!("figures-{month}-{mark}@{}", self.domain);
        let letter = compose::compose(&Outgoing {
            from: &self.sender.0,
            from_name: &self.sender.1,
            to: recipient,
            subject: &subject,
            body: &body,
            message_id: &message_id,
            in_reply_to: None,
            references: &[],
            language: &book.language,
            date: self.clock.now(),
            automatic: true,
            files: &files,
        })?;
        self.transport.send(&letter, &message_id).await?;
        Ok(())
    }
}

/// The letter: the numbers that open the book, and some tables by their totals.
fn body(book: &Book, words: &dyn Say, period: &str) -> String {
    let numerals = Numerals::of(&book.language);
    let mut body = fill(words.say("mail.intro"), &[("periode", period)]);
    body.push_str("\n\n");
    for one in &book.headlines {
        let detail = if one.detail.is_empty() { String::new() } else { format!(" ({})", one.detail) };
        body.push_str(&format!("{}: {}{detail}\n", one.label, numerals.alone(&one.value)));
    }
    for figure in SAID.iter().filter_map(|key| book.figure(key)) {
        body.push_str(&format!("\n{}\n", figure.title));
        let at = figure.table.column(TOTAL).unwrap_or(0);
        for row in figure.table.rows.iter().chain(figure.table.total(TOTAL)) {
            let cell = row.values.get(at).map(|value| numerals.cell(value)).unwrap_or_default();
            body.push_str(&format!("  {}: {cell}\n", row.head));
        }
    }
    for note in &book.notes {
        body.push_str(&format!("\n{note}\n"));
    }
    body.push_str(&format!("\n{}\n", words.say("book.not_problems")));
    body
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(date(2026, 11, 1), 5, 1, None)]
    #[case(date(2026, 11, 1), 6, 1, Some("2026-10"))]
    #[case(date(2026, 11, 24), 0, 1, Some("2026-10"))]
    #[case(date(2026, 11, 4), 12, 5, None)]
    #[case(date(2026, 1, 5), 6, 5, Some("2025-12"))]
    fn a_month_is_due_from_its_day(
        #[case] today: Date,
        #[case] hour: i8,
        #[case] day: i8,
        #[case] month: Option<&str>,
    ) {
        assert_eq!(due(today, hour, day).map(|month| month.to_string()).as_deref(), month);
    }
}
