//! Earlier years, from a file: one line for each enquiry, or for several that are alike.
//!
//! So that the first year with the product has something to compare with. A file is read whole or not at all: every line that
//! cannot be read is said, with what would be right. Columns have the words of the office; what nobody wrote down is left
//! empty and counted as *uoplyst*, never guessed. Nothing that is kept of a file names anybody: who is the same stands in it
//! as a word of the adviser's own choice, and becomes a number.

use std::collections::BTreeMap;

use indgang_channels::message::Channel;
use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::catalogue::AreaName;
use super::fact::{Acknowledged, Before, Fact};
use crate::domain::area::AreaId;
use crate::domain::calendar;
use crate::domain::enquiry::Kind;
use crate::domain::task::Task;
use crate::domain::triage::Purpose;

/// More lines than this are no adviser's history.
pub const MOST_LINES: usize = 100_000;
/// The most enquiries that one line stands for, and all of them together.
const MOST_ALIKE: u32 = 10_000;
const MOST_ENQUIRIES: usize = 100_000;
/// The most mistakes that are told at once.
const MOST_MISTAKES: usize = 200;
/// The longest theme, in characters, as in the inbox.
const LONGEST_THEME: usize = 60;

/// The columns, as they are called in Danish and in English. Only the first is needed in every file.
const COLUMNS: [(&str, &str); 14] = [
    ("dato", "date"),
    ("tid", "time"),
    ("indgang", "channel"),
    ("kontaktform", "form"),
    ("område", "area"),
    ("type", "type"),
    ("besvaret", "answered"),
    ("lovet", "promised"),
    ("lukket", "closed"),
    ("sag", "case"),
    ("opgaver", "tasks"),
    ("temaer", "themes"),
    ("borger", "citizen"),
    ("antal", "number"),
];

/// A file to begin with. Lines that begin with `#` are skipped.
pub const TEMPLATE: &str = "\u{feff}# Tidligere års henvendelser. Én linje pr. henvendelse. Linjer, der begynder med #, springes over.\r
# dato: den dag, borgeren først henvendte sig, fx 2021-03-02 eller 02-03-2021. Det eneste, der altid skal være der, sammen med indgang eller kontaktform.\r
# tid: klokkeslæt, fx 09:30. indgang og kontaktform: e-mail, telefon, webformular, sms eller møde.\r
# område: navnet, som det står i indstillingerne. type: afgrænset eller åben. besvaret, lovet, lukket: datoer.\r
# sag: ja eller nej. opgaver: 1 til 6 efter § 5, adskilt af komma. temaer: adskilt af komma.\r
# borger: et ord efter eget valg, der er ens for samme borger, fx A17. Det gemmes ikke. Skriv aldrig navne eller cpr-numre.\r
# antal: hvor mange ens henvendelser linjen står for; tom betyder én. Tomme felter tælles som uoplyst.\r
dato;tid;indgang;kontaktform;område;type;besvaret;lovet;lukket;sag;opgaver;temaer;borger;antal\r
# 2021-03-02;09:30;e-mail;møde;Handicap;åben;2021-03-04;2021-03-09;2021-04-20;ja;1,4;hjælpemidler;A17;\r
# 02-03-2021;;telefon;telefon;Borgerservice;afgrænset;;;02-03-2021;nej;1;;;5\r
";

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The enquiries, in the order of the file. Who is the same has the same number, from 1 on.
    pub facts: Vec<Fact>,
}

impl History {
    /// The first and the last day on which one began; `None` of nothing.
    pub fn days(&self) -> Option<(Date, Date)> {
        let days = || self.facts.iter().map(|fact| calendar::local(fact.began).date());
        Some((days().min()?, days().max()?))
    }
}

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line of the file, from 1; 0 for the file as a whole.
    pub line: u64,
    /// The column; empty for the line as a whole.
    pub column: String,
    /// What is wrong, and what would be right. Holds nothing of what stands in the line.
    pub what: What,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// The file has no line with the columns' names, or not the ones that are needed.
    NoColumns,
    /// A column that is not known.
    UnknownColumn,
    /// A column stands there twice.
    ColumnTwice,
    /// There is no enquiry in it.
    Empty,
    /// There are too many lines or enquiries.
    TooMany,
    /// The line has more or fewer fields than there are columns.
    Fields,
    /// The field must not be empty.
    Missing,
    /// Not a date.
    NotADate,
    /// Not a time of day.
    NotATime,
    /// Not a channel.
    NotAChannel,
    /// Not an area of the office's list.
    NotAnArea,
    /// Not a type.
    NotAType,
    /// Neither yes nor no.
    NotYesOrNo,
    /// Not a task.
    NotATask,
    /// Too long.
    TooLong,
    /// Not a number of enquiries.
    NotANumber,
    /// The day is before the enquiry began.
    BeforeItBegan,
    /// The day is still to come, or is not before what is counted here already.
    TooLate,
    /// The day has not come yet.
    NotYet,
    /// Several that are alike cannot be of one citizen.
    AlikeOfOne,
}

impl What {
    /// The word for it, which texts are kept by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoColumns => "no_columns",
            Self::UnknownColumn => "unknown_column",
            Self::ColumnTwice => "column_twice",
            Self::Empty => "empty",
            Self::TooMany => "too_many",
            Self::Fields => "fields",
            Self::Missing => "missing",
            Self::NotADate => "not_a_date",
            Self::NotATime => "not_a_time",
            Self::NotAChannel => "not_a_channel",
            Self::NotAnArea => "not_an_area",
            Self::NotAType => "not_a_type",
            Self::NotYesOrNo => "not_yes_or_no",
            Self::NotATask => "not_a_task",
            Self::TooLong => "too_long",
            Self::NotANumber => "not_a_number",
            Self::BeforeItBegan => "before_it_began",
            Self::TooLate => "too_late",
            Self::NotYet => "not_yet",
            Self::AlikeOfOne => "alike_of_one",
        }
    }

    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::NoColumns,
        Self::UnknownColumn,
        Self::ColumnTwice,
        Self::Empty,
        Self::TooMany,
        Self::Fields,
        Self::Missing,
        Self::NotADate,
        Self::NotATime,
        Self::NotAChannel,
        Self::NotAnArea,
        Self::NotAType,
        Self::NotYesOrNo,
        Self::NotATask,
        Self::TooLong,
        Self::NotANumber,
        Self::BeforeItBegan,
        Self::TooLate,
        Self::NotYet,
        Self::AlikeOfOne,
    ];
}

/// Reads a file. `until` is the day from which enquiries are counted here already: what the file holds began before it, and was
/// answered and closed by `today`.
///
/// # Errors
/// Every mistake in it, up to 200; then nothing of it is to be used.
pub fn read(bytes: &[u8], areas: &[AreaName], until: Date, today: Date) -> Result<History, Vec<Mistake>> {
    let text = decoded(bytes);
    let mut mistakes = Vec::new();
    let (lines, separator) = lines(&text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(lines.as_bytes());
    let mut records = reader.records();
    let columns = match records.next() {
        Some(Ok(head)) => columns(&head, line_of(&lines, &head), &mut mistakes),
        _ => {
            mistakes.push(Mistake { line: 0, column: String::new(), what: What::NoColumns });
            BTreeMap::new()
        }
    };
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut reading =
        Reading { columns, areas, until, today, persons: BTreeMap::new(), people: 0, facts: Vec::new() };
    for (at, record) in records.enumerate() {
        if at >= MOST_LINES || reading.facts.len() > MOST_ENQUIRIES {
            mistakes.push(Mistake { line: 0, column: String::new(), what: What::TooMany });
            break;
        }
        let Ok(record) = record else {
            mistakes.push(Mistake { line: 0, column: String::new(), what: What::Fields });
            continue;
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        if let Err((column, what)) = reading.line(&record) {
            let line = line_of(&lines, &record);
            mistakes.push(Mistake { line, column: column.to_owned(), what });
            if mistakes.len() >= MOST_MISTAKES {
                break;
            }
        }
    }
    if mistakes.is_empty() && reading.facts.is_empty() {
        mistakes.push(Mistake { line: 0, column: String::new(), what: What::Empty });
    }
    if mistakes.is_empty() { Ok(History { facts: reading.facts }) } else { Err(mistakes) }
}

/// The text of a file: UTF-8, or what Danish Excel writes (Windows-1252), whose letters beyond ASCII are Latin-1's here.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The file with its notes emptied, so that lines keep their numbers, and what stands between its fields.
fn lines(text: &str) -> (String, u8) {
    let mut head = None;
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        // A note of the template that a spreadsheet has put between quotation marks is one too.
        if line.trim_start().trim_start_matches('"').starts_with('#') {
            kept.push('\n');
            continue;
        }
        if head.is_none() && !line.trim().is_empty() {
            head = Some(line.to_owned());
        }
        kept.push_str(line);
    }
    let head = head.unwrap_or_default();
    let separator = [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|one| (head.bytes().filter(|byte| byte == one).count(), u8::from(*one == b';')));
    (kept, separator.unwrap_or(b';'))
}

/// The line that a record begins in, from 1. The reader's own number is that of the empty lines before it.
fn line_of(text: &str, record: &csv::StringRecord) -> u64 {
    let at = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let skipped =
        rest.chars().take_while(|letter| matches!(letter, '\r' | '\n')).filter(|letter| *letter == '\n');
    (before.matches('\n').count() + skipped.count() + 1) as u64
}

fn columns(
    head: &csv::StringRecord,
    line: u64,
    mistakes: &mut Vec<Mistake>,
) -> BTreeMap<&'static str, usize> {
    let mut found = BTreeMap::new();
    for (at, name) in head.iter().enumerate() {
        let folded = name.to_lowercase();
        let known = COLUMNS.iter().find(|(danish, english)| folded == *danish || folded == *english);
        match known {
            _ if folded.is_empty() => {}
            None => {
                let column = name.chars().take(30).collect();
                mistakes.push(Mistake { line, column, what: What::UnknownColumn });
            }
            Some((danish, _)) => {
                if found.insert(*danish, at).is_some() {
                    mistakes.push(Mistake { line, column: (*danish).to_owned(), what: What::ColumnTwice });
                }
            }
        }
    }
    let has_way = found.contains_key("indgang") || found.contains_key("kontaktform");
    if !found.contains_key("dato") || !has_way {
        mistakes.push(Mistake { line, column: String::new(), what: What::NoColumns });
    }
    found
}

struct Reading<'a> {
    columns: BTreeMap<&'static str, usize>,
    areas: &'a [AreaName],
    until: Date,
    today: Date,
    persons: BTreeMap<String, i64>,
    people: i64,
    facts: Vec<Fact>,
}

impl Reading<'_> {
    fn line(&mut self, record: &csv::StringRecord) -> Result<(), (&'static str, What)> {
        let widest = self.columns.values().max().map_or(0, |at| at + 1);
        if record.len() > widest && record.iter().skip(widest).any(|field| !field.is_empty()) {
            return Err(("", What::Fields));
        }
        let columns = self.columns.clone();
        let field = |name: &str| columns.get(name).and_then(|at| record.get(*at)).unwrap_or_default();
        let day = |name: &'static str| match field(name) {
            "" => Ok(None),
            text => date_of(text).map(Some).ok_or((name, What::NotADate)),
        };
        let began = day("dato")?.ok_or(("dato", What::Missing))?;
        if began >= self.until {
            return Err(("dato", What::TooLate));
        }
        let later = |name: &'static str| match day(name)? {
            Some(day) if day < began => Err((name, What::BeforeItBegan)),
            Some(day) if day > self.today && name != "lovet" => Err((name, What::NotYet)),
            day => Ok(day),
        };
        let time = match field("tid") {
            "" => None,
            text => Some(text.replace('.', ":").parse::<Time>().map_err(|_| ("tid", What::NotATime))?),
        };
        let way = |name: &'static str| match field(name) {
            "" => Ok(None),
            text => channel_of(text).map(Some).ok_or((name, What::NotAChannel)),
        };
        let (intake, form) = (way("indgang")?, way("kontaktform")?);
        let channel = intake.or(form).ok_or(("indgang", What::Missing))?;
        let area = match field("område") {
            "" => None,
            text => Some(self.area_of(text).ok_or(("område", What::NotAnArea))?),
        };
        let kind = match field("type").to_lowercase().as_str() {
            "" => None,
            "afgrænset" | "delimited" => Some(Kind::Delimited),
            "åben" | "open" => Some(Kind::OpenEnded),
            _ => return Err(("type", What::NotAType)),
        };
        let case = match field("sag").to_lowercase().as_str() {
            "" => None,
            "nej" | "no" | "0" => Some(false),
            "ja" | "yes" | "1" | "x" => Some(true),
            _ => return Err(("sag", What::NotYesOrNo)),
        };
        let number = |text: &str| Task::ALL.get(text.trim().parse::<usize>().ok()?.checked_sub(1)?).copied();
        let tasks = field("opgaver").split(',').filter(|text| !text.trim().is_empty());
        let tasks: Option<_> = tasks.map(number).collect();
        let themes =
            field("temaer").split(',').map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let themes: std::collections::BTreeSet<String> = themes.collect();
        if themes.iter().any(|theme| theme.chars().count() > LONGEST_THEME) {
            return Err(("temaer", What::TooLong));
        }
        let alike = match field("antal") {
            "" => 1,
            text => {
                let count = text.parse().ok().filter(|count| (1..=MOST_ALIKE).contains(count));
                count.ok_or(("antal", What::NotANumber))?
            }
        };
        let citizen = field("borger");
        if !citizen.is_empty() && alike > 1 {
            return Err(("antal", What::AlikeOfOne));
        }
        let noon = Time::constant(12, 0, 0, 0);
        let at = |day: Date, time: Time| calendar::moment(day, time).ok_or(("dato", What::NotADate));
        let ended = later("lukket")?.map(|day| end_of(day, began, time)).transpose()?;
        let answered = later("besvaret")?.map(|day| end_of(day, began, time)).transpose()?;
        let mut fact = Fact {
            person: 0,
            before: Before::default(),
            purpose: Purpose::Enquiry,
            joined: false,
            began: at(began, time.unwrap_or(noon))?,
            is_timed: time.is_some(),
            channel,
            area,
            kind,
            form,
            ended,
            reopened: 0,
            after_closing: false,
            acknowledged: Acknowledged::NotDue,
            promised: later("lovet")?,
            moved: 0,
            answered,
            tasks: tasks.ok_or(("opgaver", What::NotATask))?,
            themes,
            case,
            forwarded: false,
            referred: false,
            outside: false,
            messages_in: 0,
            messages_out: 0,
            is_recorded: false,
        };
        for _ in 0..alike {
            fact.person = self.person(citizen);
            self.facts.push(fact.clone());
        }
        Ok(())
    }

    fn person(&mut self, word: &str) -> i64 {
        if let Some(known) = self.persons.get(word) {
            return *known;
        }
        self.people += 1;
        if !word.is_empty() {
            self.persons.insert(word.to_owned(), self.people);
        }
        self.people
    }

    fn area_of(&self, text: &str) -> Option<AreaId> {
        let folded = text.to_lowercase();
        let named = self.areas.iter().find(|area| area.name.to_lowercase() == folded);
        let numbered = || self.areas.iter().find(|area| area.id.to_string() == folded);
        named.or_else(numbered).map(|area| AreaId(area.id))
    }
}

/// A moment of a later day, or later on the same one.
fn end_of(day: Date, began: Date, time: Option<Time>) -> Result<Timestamp, (&'static str, What)> {
    let noon = Time::constant(12, 0, 0, 0);
    let time = if day == began { time.unwrap_or(noon) } else { noon };
    calendar::moment(day, time).ok_or(("dato", What::NotADate))
}

/// `2021-03-02`, `02-03-2021`, `2.3.2021`, `2/3 2021`.
fn date_of(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let parts: Vec<i16> = text
        .split(['-', '.', '/', ' '])
        .filter(|part| !part.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let [day, month, year] = parts.try_into().ok()?;
    // A year in two figures may be of either century.
    (year > 1900).then_some(())?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn channel_of(text: &str) -> Option<Channel> {
    match text.to_lowercase().as_str() {
        "e-mail" | "email" | "mail" => Some(Channel::Email),
        "telefon" | "opkald" | "call" | "telephone" | "phone" => Some(Channel::Call),
        "webformular" | "web" | "formular" | "hjemmeside" | "web form" => Some(Channel::Web),
        "sms" | "text message" => Some(Channel::Sms),
        "møde" | "meeting" | "fremmøde" => Some(Channel::Meeting),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
