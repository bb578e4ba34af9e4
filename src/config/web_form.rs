//! `[web_form]`: the form and the private pages.

use std::time::Duration;

use super::reader::{Report, Section};
use super::web::is_origin;

/// The form and the private pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebForm {
    /// Whether there is a form, once the office's name and number are set.
    pub enabled: bool,
    /// The colour of buttons and links to act by.
    pub accent: Colour,
    /// The colour of the bar on top.
    pub bar: Colour,
    /// Origins that may show the form inside a page of theirs.
    pub embed_origins: Vec<String>,
    /// The longest message, in characters.
    pub longest_message: u32,
    /// How many files.
    pub most_files: u32,
    /// How much all files together, in bytes.
    pub most_file_bytes: usize,
    /// Which files, by their usual endings.
    pub file_types: Vec<String>,
    /// How long files of a form that is not sent yet are kept.
    pub keep_files: Duration,
    /// The mailbox that acknowledgements by mail are sent for; the first enabled one when `None`.
    pub reply_mailbox: Option<String>,
    /// The account that acknowledgements by text are sent through; the first enabled one when `None`.
    pub reply_text_account: Option<String>,
    /// A form that is sent sooner than this was filled in by a machine.
    pub shortest_time: Duration,
    /// So many messages from one address within ten minutes are held.
    pub per_address: u32,
    /// So many messages within a minute are an attack.
    pub attack_per_minute: u32,
    /// How hard the puzzle is, in bits.
    pub puzzle_bits: u32,
    /// How many days a link to a private page holds.
    pub link_days: u32,
    /// How long a private page stays open without a word from its reader.
    pub session: Duration,
    /// Where to complain of pages that cannot be used.
    pub accessibility_contact: Option<String>,
    /// The data protection officer.
    pub dpo_contact: Option<String>,
    /// How long enquiries are kept, in Danish words.
    pub retention_da: Option<String>,
    /// The same in English.
    pub retention_en: Option<String>,
}

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

impl WebForm {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let second = Duration::from_secs(1);
        let origin = "an origin such as \"https://www.kommune.example\"";
        let colour = "a colour such as \"#0b5568\"";
        Self {
            enabled: section.boolean("enabled"),
            accent: section.parsed("accent", colour, Colour::parse).unwrap_or(Colour([0; 3])),
            bar: section.parsed("bar", colour, Colour::parse).unwrap_or(Colour([0; 3])),
            embed_origins: section.list("embed_origins", origin, |text| {
                let text = text.trim_end_matches('/');
                is_origin(text).then(|| text.to_owned())
            }),
            longest_message: section.integer("longest_message", 1_000..=100_000),
            most_files: section.integer("most_files", 0..=20),
            most_file_bytes: section.size("most_file_bytes", 1 << 20..=200 << 20),
            file_types: section.list("file_types", "an ending such as \"pdf\"", |text| {
                let ending = text.trim().trim_start_matches('.').to_ascii_lowercase();
                let right = !ending.is_empty() && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
                right.then_some(ending)
            }),
            keep_files: section.duration("keep_files", 600 * second..=86_400 * second),
            reply_mailbox: section.optional("reply_mailbox"),
            reply_text_account: section.optional("reply_text_account"),
            shortest_time: section.duration("shortest_time", Duration::ZERO..=60 * second),
            per_address: section.integer("per_address", 1..=100_000),
            attack_per_minute: section.integer("attack_per_minute", 1..=1_000_000),
            puzzle_bits: section.integer("puzzle_bits", 8..=24),
            link_days: section.integer("link_days", 1..=3_650),
            session: section.duration("session", 60 * second..=86_400 * second),
            accessibility_contact: section.optional("accessibility_contact"),
            dpo_contact: section.optional("dpo_contact"),
            retention_da: section.optional("retention_da"),
            retention_en: section.optional("retention_en"),
        }
    }

    pub(super) fn validate(&self, mailboxes: &[super::Mailbox], sms: &super::Sms, report: &mut Report) {
        for (key, colour) in [("accent", self.accent), ("bar", self.bar)] {
            let contrast = Colour([255; 3]).contrast(colour);
            if contrast < 4.5 && !report.is_wrong(&format!("web_form.{key}")) {
                let sentence = format!(
                    "must be darker: white on it has a contrast of {contrast:.1} to 1, and needs 4.5 to 1 (WCAG 2.2, 1.4.3)"
                );
                report.wrong(&format!("web_form.{key}"), sentence);
            }
        }
        if let Some(name) = &self.reply_mailbox
            && !mailboxes.iter().any(|mailbox| mailbox.name == *name)
        {
            report.wrong(
                "web_form.reply_mailbox",
                "must be the name of a mailbox in email.mailboxes, or empty",
            );
        }
        if let Some(name) = &self.reply_text_account
            && !sms.accounts.iter().any(|account| account.name == *name)
        {
            report.wrong(
                "web_form.reply_text_account",
                "must be the name of an account in sms.accounts, or empty",
            );
        }
    }
}

impl Colour {
    /// Reads `#0b5568`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        let right = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        right.then_some(Self([byte(0)?, byte(2)?, byte(4)?]))
    }

    /// The contrast ratio of two colours (WCAG 2.2, «contrast ratio»): from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The relative luminance (WCAG 2.2): from 0, black, to 1, white.
    fn luminance(self) -> f64 {
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

/// As CSS writes it.
impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrasts_are_those_of_the_standard() {
        let contrast = |one: &str, two: &str| {
            let contrast = Colour::parse(one).unwrap().contrast(Colour::parse(two).unwrap());
            (contrast * 100.0).round() / 100.0
        };
        // Known pairs: black on white, the grey that just passes, the one that just does not.
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.001);
        assert!((contrast("#767676", "#ffffff") - 4.54).abs() < 0.001);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.001);
    }

    #[test]
    fn a_colour_is_read_and_written() {
        assert_eq!(Colour::parse("#0B5568").unwrap().to_string(), "#0b5568");
        for wrong in ["0b5568", "#0b556", "#0b55688", "#gg5568", "", "#"] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }
}
