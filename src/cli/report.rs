//! `indgang report`: the figures of a period and the report of a year, from the command line.

use std::io::Write;

use anyhow::{Context, bail};
use jiff::civil::Date;

use super::arguments::{Arguments, Report, ReportFormat, ReportLanguage};
use super::{assemble, exit, inbox};
use crate::clock::Clock;
use crate::domain::calendar;
use crate::domain::statistics::counted::{Asked, Chosen, Compared};
use crate::domain::statistics::period::Period;
use crate::domain::statistics::story::Story;
use crate::report::annual::{self, Publisher};
use crate::report::{csv, json, xlsx};

/// Runs it.
///
/// # Errors
/// When the configuration or the period is wrong, the database does not answer, or the file cannot be written.
pub fn run(arguments: &Arguments, options: &Report) -> anyhow::Result<u8> {
    let config = assemble::config(arguments)?;
    let clock = Clock::system();
    let today = calendar::local(clock.now()).date();
    let period = period(options, today)?;
    let english = options.language == ReportLanguage::En;
    let asked = Asked {
        period,
        compared: Compared::Before,
        chosen: Chosen::default(),
        english,
        hide_below: i64::from(options.hide_below.unwrap_or(config.statistics.hide_below)),
    };
    let (book, story) = assemble::runtime()?.block_on(async {
        let store = assemble::store(&config).await?;
        let shown = inbox::figures(&config, &store, &clock)?.shown(asked).await?;
        let story = match period.whole_year() {
            Some(year) => store.year_story(year).await?,
            None => None,
        };
        store.close().await;
        if shown.closed.as_ref().is_some_and(|closed| !closed.intact) {
            bail!("the published figures of the year do not have their checksum any more; fetch them from a backup");
        }
        anyhow::Ok((shown.book, story))
    })?;
    let story: Story = story.and_then(|(story, _)| serde_json::from_str(&story).ok()).unwrap_or_default();
    let publisher = Publisher { municipality: config.office.municipality, date: today };
    let bytes = match options.format {
        ReportFormat::Text => annual::text(&book, &story, &publisher).into_bytes(),
        ReportFormat::Html => annual::html(&book, &story, &publisher).into_bytes(),
        ReportFormat::Pdf => annual::pdf(&book, &story, &publisher)?,
        ReportFormat::Csv => csv::csv(&book),
        ReportFormat::Json => json::json(&book).into_bytes(),
        ReportFormat::Xlsx => xlsx::xlsx(&book)?,
    };
    match &options.output {
        Some(file) => std::fs::write(file, bytes).with_context(|| format!("{}", file.display()))?,
        None => std::io::stdout().lock().write_all(&bytes).context("standard output")?,
    }
    // A table that does not add up is in the file as a warning; whoever runs this in a script must see it too.
    let faults = book.faults();
    for fault in &faults {
        tracing::error!(%fault, "a figure is wrong");
    }
    Ok(if faults.is_empty() { exit::OK } else { exit::FAILURE })
}

fn period(options: &Report, today: Date) -> anyhow::Result<Period> {
    let last_year = Date::new(today.year() - 1, 1, 1).context("the calendar")?;
    let from = options.from.unwrap_or(last_year);
    let to = options.to.unwrap_or_else(|| from.last_of_year());
    Period::through(from, to).context("--to must not lie before --from")
}
