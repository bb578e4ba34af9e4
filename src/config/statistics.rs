//! `[statistics]`: how the office wants its figures.

use jiff::civil::Date;

use super::reader::{Report, Section};
use crate::domain::statistics::catalogue::Rules;

/// The figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// The last day of each group of durations.
    pub durations: Vec<i64>,
    /// What a part of a text message costs, in øre.
    pub sms_part_ore: u32,
    /// With fewer enquiries than this it is said that differences may be chance.
    pub few: u32,
    /// Counts from 1 up to but not including this are not shown in what is published; 0 shows all.
    pub hide_below: u32,
    /// Whom the figures of a month are mailed to.
    pub mail_to: Vec<String>,
    /// The day of the month from which they are.
    pub mail_day: u32,
    /// The day on which the office opened; `None` for the first enquiry's.
    pub since: Option<Date>,
}

impl Statistics {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            durations: section.list("durations", "a number of days such as 30", |text| {
                text.parse().ok().filter(|days| (0..=36_500).contains(days))
            }),
            sms_part_ore: section.integer("sms_part_ore", 0..=100_000),
            few: section.integer("few", 0..=1_000_000),
            hide_below: section.integer("hide_below", 0..=100),
            mail_to: section.list("mail_to", "a mail address", |text| {
                let address = text.trim();
                (address.contains('@') && !address.contains(char::is_whitespace)).then(|| address.to_owned())
            }),
            mail_day: section.integer("mail_day", 1..=28),
            since: section
                .optional_parsed("since", "a date such as \"2022-06-13\"", |text| text.parse().ok()),
        }
    }

    pub(super) fn validate(&self, report: &mut Report) {
        if !self.durations.is_sorted_by(|one, next| one < next) {
            report.wrong("statistics.durations", "each number of days must be larger than the one before it");
        }
        if self.durations.is_empty() || self.durations.len() > 20 {
            report.wrong("statistics.durations", "there must be 1 to 20 of them");
        }
        if self.hide_below == 1 {
            report.wrong("statistics.hide_below", "1 hides nothing; write 0 to show all, or 2 and more");
        }
    }

    /// The same for the figures.
    pub fn rules(&self) -> Rules {
        Rules {
            buckets: self.durations.clone(),
            segment_ore: i64::from(self.sms_part_ore),
            few: i64::from(self.few),
        }
    }
}
