//! `indgang history`: earlier years from a file.

use std::path::Path;

use anyhow::Context;
use jiff::civil::Date;

use super::arguments::{Arguments, History};
use super::{assemble, exit, terminal};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::calendar;
use crate::domain::statistics::catalogue::AreaName;
use crate::domain::statistics::history::{self, Mistake, TEMPLATE, What};
use crate::store::history::Refused;

/// Runs it.
///
/// # Errors
/// When the configuration is wrong, the file cannot be read, or the database does not answer.
pub fn run(arguments: &Arguments, options: &History) -> anyhow::Result<u8> {
    if matches!(options, History::Template) {
        terminal::say(TEMPLATE.trim_end());
        return Ok(exit::OK);
    }
    let config = assemble::config(arguments)?;
    let clock = Clock::system();
    assemble::runtime()?.block_on(async {
        let store = assemble::store(&config).await?;
        let today = calendar::local(clock.now()).date();
        let until = store.history_until().await?.unwrap_or(today);
        let code = match options {
            History::Template => exit::OK,
            History::Check { file } => match read(file, &config, (until, today))? {
                Ok(history) => {
                    summary(&history);
                    terminal::say("Nothing is wrong with it. `indgang history import` brings it in.");
                    exit::OK
                }
                Err(mistakes) => told(&mistakes),
            },
            History::Import { file } => match read(file, &config, (until, today))? {
                Ok(history) => match store.history_import(None, &history, clock.now()).await? {
                    Ok(number) => {
                        summary(&history);
                        terminal::say(format_args!("It is in as number {number}."));
                        exit::OK
                    }
                    Err(why) => {
                        terminal::say(refusal(why));
                        exit::FAILURE
                    }
                },
                Err(mistakes) => told(&mistakes),
            },
            History::List => {
                for one in store.history_imports().await? {
                    terminal::say(format_args!(
                        "{:>4}  {} to {}  {:>7} enquiries",
                        one.id, one.first, one.last, one.enquiries
                    ));
                }
                exit::OK
            }
            History::Remove { number } => {
                if store.history_remove(None, *number, clock.now()).await? {
                    terminal::say("It is out.");
                    exit::OK
                } else {
                    terminal::say("There is no file of that number in.");
                    exit::FAILURE
                }
            }
        };
        store.close().await;
        Ok(code)
    })
}

fn read(
    file: &Path,
    config: &Config,
    (until, today): (Date, Date),
) -> anyhow::Result<Result<history::History, Vec<Mistake>>> {
    let bytes = std::fs::read(file).with_context(|| format!("{}", file.display()))?;
    let areas: Vec<AreaName> = config
        .office
        .areas
        .iter()
        .map(|area| AreaName { id: i64::from(area.id), name: area.name.clone(), in_force: true })
        .collect();
    Ok(history::read(&bytes, &areas, until, today))
}

fn summary(history: &history::History) {
    if let Some((first, last)) = history.days() {
        terminal::say(format_args!("{} enquiries that began from {first} to {last}.", history.facts.len()));
    }
}

/// Every mistake, a line each. What stands in the file is not said: it may be personal.
fn told(mistakes: &[Mistake]) -> u8 {
    for mistake in mistakes {
        let place = match (mistake.line, mistake.column.as_str()) {
            (0, _) => "the file".to_owned(),
            (line, "") => format!("line {line}"),
            (line, column) => format!("line {line}, {column}"),
        };
        terminal::say(format_args!("{place}: {}", sentence(mistake.what)));
    }
    terminal::say("Nothing was brought in.");
    exit::FAILURE
}

fn sentence(what: What) -> &'static str {
    match what {
        What::NoColumns => {
            "needs a line with the columns' names, among them dato, and indgang or kontaktform"
        }
        What::UnknownColumn => "no such column; `indgang history template` shows them all",
        What::ColumnTwice => "the column stands there twice",
        What::Empty => "there is no enquiry in it",
        What::TooMany => "there are more lines or enquiries than can be brought in at once; divide the file",
        What::Fields => "has more fields than there are columns; is a separator within a field?",
        What::Missing => "must not be empty",
        What::NotADate => "must be a date such as 2021-03-02 or 02-03-2021",
        What::NotATime => "must be a time such as 09:30",
        What::NotAChannel => "must be e-mail, telefon, webformular, sms or møde",
        What::NotAnArea => "must be the name or the number of one of office.areas",
        What::NotAType => "must be afgrænset or åben",
        What::NotYesOrNo => "must be ja or nej",
        What::NotATask => "must be numbers from 1 to 6, separated by commas",
        What::TooLong => "is too long",
        What::NotANumber => "must be a number from 1 to 10000",
        What::BeforeItBegan => "must not lie before dato",
        What::NotYet => "has not come yet",
        What::TooLate => "lies in the time that is counted here already, or in the future",
        What::AlikeOfOne => "must be empty or 1 where borger says whose it is",
    }
}

fn refusal(why: Refused) -> String {
    match why {
        Refused::Empty => "There is no enquiry in it.".to_owned(),
        Refused::Overlaps(first, last) => {
            format!("A file from {first} to {last} is in already; take it out first, or leave its days out.")
        }
        Refused::CountedFrom(day) => {
            format!("Enquiries are counted here from {day} on already; leave those days out.")
        }
    }
}
