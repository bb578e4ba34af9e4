//! `[office]`: what the letters say of the office, and when somebody works there.
//!
//! Only what is written down: which days are working days is counted by the domain.

use jiff::civil::{Date, Time};

use super::reader::{Report, Section};
use crate::domain::area::{Area, AreaError, AreaId, Areas};
use crate::texts::{OfficeWords, TextLanguage};

/// The office of the citizens' adviser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// The municipality's full name (`{kommune}`); empty only when no mailbox is enabled.
    pub municipality: String,
    /// A short place name for text messages (`{sted}`).
    pub place: Option<String>,
    /// The number that citizens can call (`{tlf}`).
    pub phone: Option<String>,
    /// When it is answered (`{tlf_tid}`).
    pub phone_hours: Option<String>,
    /// Where the office is.
    pub address: Option<String>,
    /// The page of the municipality that tells of the adviser.
    pub about_url: Option<String>,
    /// The page through which sensitive matters can be sent (`{sikker_url}`).
    pub secure_url: Option<String>,
    /// The page that tells what happens with personal data (`{privat_url}`).
    pub privacy_url: Option<String>,
    /// The language of letters whose own language is not known.
    pub language: TextLanguage,
    /// How many working days an answer may take.
    pub working_days: u32,
    /// A letter that comes after this time of day (Danish time) counts as come on the next working day.
    pub cut_off: Time,
    /// Days on which the office is closed besides weekends and holidays.
    pub closure_days: Vec<ClosureDay>,
    /// Times when the adviser is away.
    pub absences: Vec<Absence>,
    /// The areas of the administration, in the order in which they are shown.
    pub areas: Vec<AreaEntry>,
}

/// A day on which the office is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosureDay {
    /// On this date only.
    Once(Date),
    /// Every year.
    Yearly {
        /// 1-12.
        month: i8,
        /// 1-31.
        day: i8,
    },
}

/// An area of the administration, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaEntry {
    /// Its number, never used again.
    pub id: u32,
    /// What it is called.
    pub name: String,
    /// What it is called in English; the Danish name when `None`.
    pub name_en: Option<String>,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub through: Option<Date>,
}

impl AreaEntry {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let date = "a date such as \"2026-12-21\"";
        Self {
            id: section.integer("id", 1..=u32::MAX),
            name: section.text("name"),
            name_en: section.optional_in_item("name_en"),
            from: section.parsed("from", date, parse_date).unwrap_or(Date::MIN),
            through: section.optional_in_item("through").map(|text| parse_date(&text).unwrap_or(Date::MIN)),
        }
    }
}

/// A time when the adviser is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub through: Date,
    /// Who reads the letters meanwhile; `None` when nobody does.
    pub substitute: Option<String>,
}

impl Office {
    /// What our texts say of the office.
    pub fn words(&self) -> OfficeWords {
        OfficeWords {
            municipality: Some(self.municipality.clone()).filter(|name| !name.is_empty()),
            place: self.place.clone(),
            phone: self.phone.clone(),
            phone_hours: self.phone_hours.clone(),
            secure_url: self.secure_url.clone(),
            privacy_url: self.privacy_url.clone(),
        }
    }

    /// The areas as the domain knows them.
    ///
    /// # Errors
    /// When one name or number stands for two areas at a time.
    pub fn area_list(&self) -> Result<Areas, AreaError> {
        let area = |entry: &AreaEntry| Area {
            id: AreaId(i64::from(entry.id)),
            name: entry.name.clone(),
            from: entry.from,
            through: entry.through,
        };
        Areas::new(self.areas.iter().map(area).collect())
    }

    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            municipality: section.text("municipality"),
            place: section.optional("place"),
            phone: section.optional("phone"),
            phone_hours: section.optional("phone_hours"),
            address: section.optional("address"),
            about_url: section.optional("about_url"),
            secure_url: section.optional("secure_url"),
            privacy_url: section.optional("privacy_url"),
            language: section
                .choice("language", &[("da", TextLanguage::Danish), ("en", TextLanguage::English)]),
            working_days: section.integer("working_days", 1..=60),
            cut_off: section
                .parsed("cut_off", "a time of day such as \"15:00\"", parse_time)
                .unwrap_or(Time::MAX),
            closure_days: section.list(
                "closure_days",
                "a date such as \"2026-05-15\", or \"12-24\" for every year",
                parse_closure_day,
            ),
            absences: section.list_of_tables("absences", |absence| {
                let date = "a date such as \"2026-12-21\"";
                let from = absence.parsed("from", date, parse_date).unwrap_or(Date::MIN);
                let through = absence.parsed("through", date, parse_date).unwrap_or(Date::MAX);
                let substitute = absence.optional_in_item("substitute");
                Absence { from, through, substitute }
            }),
            areas: section.list_of_tables("areas", AreaEntry::read),
        }
    }

    pub(super) fn validate(&self, report: &mut Report) {
        let lines = [
            ("municipality", Some(&self.municipality)),
            ("place", self.place.as_ref()),
            ("phone", self.phone.as_ref()),
            ("phone_hours", self.phone_hours.as_ref()),
        ];
        for (key, value) in lines {
            if value.is_some_and(|value| value.contains(['{', '}'])) {
                report.wrong(
                    &format!("office.{key}"),
                    "must not hold a brace: it is put into the letters as it is",
                );
            }
        }
        let addresses = [
            ("about_url", &self.about_url),
            ("secure_url", &self.secure_url),
            ("privacy_url", &self.privacy_url),
        ];
        for (key, value) in addresses {
            if value.as_ref().is_some_and(|url| !is_web_address(url)) {
                let sentence = "must be an address that begins with https:// and holds no blank, or empty";
                report.wrong(&format!("office.{key}"), sentence);
            }
        }
        for (index, area) in self.areas.iter().enumerate() {
            if area.through == Some(Date::MIN) {
                let sentence = "must be a date such as \"2026-12-21\", or left out";
                report.wrong(&format!("office.areas[{index}].through"), sentence);
            }
        }
        if let Err(error) = self.area_list() {
            report.wrong("office.areas", error.to_string());
        }
        for (index, absence) in self.absences.iter().enumerate() {
            let key = format!("office.absences[{index}]");
            if absence.from > absence.through {
                let (from, through) = (absence.from, absence.through);
                let sentence = format!("must not be before its first day: from {from} through {through}");
                report.wrong(&format!("{key}.through"), sentence);
            }
            if absence.substitute.as_ref().is_some_and(|name| name.contains(['{', '}'])) {
                let sentence = "must not hold a brace: it is put into the letters as it is";
                report.wrong(&format!("{key}.substitute"), sentence);
            }
        }
    }
}

/// An `https` address that a letter can hold as it is.
fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").unwrap_or_default();
    rest.starts_with(|c: char| c.is_alphanumeric())
        && !url.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '<' | '>' | '"'))
}

fn parse_time(text: &str) -> Option<Time> {
    let (hour, rest) = text.split_once(':')?;
    // TOML's own time of day comes with seconds.
    let minute = rest.strip_suffix(":00").unwrap_or(rest);
    Time::new(two_digits(hour)?, two_digits(minute)?, 0, 0).ok()
}

fn parse_date(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Date::new(year.parse().ok()?, two_digits(month)?, two_digits(day)?).ok()
}

fn parse_closure_day(text: &str) -> Option<ClosureDay> {
    if let Some(date) = parse_date(text) {
        return Some(ClosureDay::Once(date));
    }
    let (month, day) = text.split_once('-')?;
    // Checked in a leap year, so that 29 February is allowed.
    let date = Date::new(2024, two_digits(month)?, two_digits(day)?).ok()?;
    Some(ClosureDay::Yearly { month: date.month(), day: date.day() })
}

fn two_digits(text: &str) -> Option<i8> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}
