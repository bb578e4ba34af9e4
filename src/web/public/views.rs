//! The citizens' pages as what stands on them: everything in the page's language already, nothing decided.
//!
//! Templates escape what they are given; the only thing that is put in as it is are the long pages, which are the
//! municipality's own Markdown without any HTML.

use std::sync::Arc;

use askama::Template;
use jiff::Timestamp;

use crate::domain::calendar;
use crate::texts::{PageWords, TextLanguage, written_short};
use crate::web::assets::Assets;

/// What every page says of the office.
#[derive(Clone, Debug)]
pub struct Site {
    /// The municipality.
    pub municipality: String,
    /// The number that citizens can call, as it is printed.
    pub phone: String,
    /// The same as it is dialled.
    pub phone_dial: String,
    /// When it is answered.
    pub phone_hours: Option<String>,
    /// The number that texts are sent to.
    pub text_number: Option<String>,
    /// The address that letters are sent to.
    pub mail: Option<String>,
    /// Where the office is.
    pub address: Option<String>,
    /// The municipality's page on the adviser.
    pub about_url: Option<String>,
    /// How many working days an answer may take.
    pub working_days: u32,
}

/// What all pages share.
#[derive(Clone, Debug)]
pub struct Page {
    /// `da` or `en`.
    pub lang: &'static str,
    /// What stands in the window's title, before the municipality.
    pub title: String,
    /// Its own address, without anything that is not in it.
    pub path: String,
    /// The address of the same page in the other language; `None` where there is none.
    pub other_language: Option<String>,
    /// The office.
    pub site: Arc<Site>,
    /// The words.
    pub words: Arc<PageWords>,
    /// The styles and scripts.
    pub assets: Assets,
}

impl Page {
    /// A sentence.
    pub fn t(&self, key: &str) -> &str {
        self.words.t(key)
    }

    /// The address of a style or a script.
    pub fn url(&self, name: &str) -> &str {
        self.assets.url(name)
    }

    /// Whether it is in Danish.
    pub fn is_danish(&self) -> bool {
        self.words.language == TextLanguage::Danish
    }

    /// The form.
    pub fn home(&self) -> &'static str {
        if self.is_danish() { "/" } else { "/en" }
    }

    /// The page on personal data.
    pub fn privacy(&self) -> &'static str {
        if self.is_danish() { "/privatliv" } else { "/en/privacy" }
    }

    /// The accessibility statement.
    pub fn accessibility(&self) -> &'static str {
        if self.is_danish() { "/tilgaengelighed" } else { "/en/accessibility" }
    }

    /// What the private page's address ends in where consent is given.
    pub fn consent(&self) -> &'static str {
        if self.is_danish() { "/samtykke" } else { "/consent" }
    }

    /// What it ends in where the page is closed.
    pub fn leave(&self) -> &'static str {
        if self.is_danish() { "/luk" } else { "/leave" }
    }

    /// A day: «torsdag 7. maj».
    pub fn day(&self, date: jiff::civil::Date) -> String {
        written_short(date, self.words.language)
    }

    /// A moment's day and time of day, in Denmark: («torsdag 7. maj», «10.42»).
    pub fn moment(&self, at: Timestamp) -> (String, String) {
        let local = calendar::local(at);
        let time = local.time();
        let mark = if self.is_danish() { '.' } else { ':' };
        (self.day(local.date()), format!("{}{mark}{:02}", time.hour(), time.minute()))
    }
}

/// A size as people read it: `214 kB`, `1,3 MB`.
pub fn size(bytes: u64, language: TextLanguage) -> String {
    let mark = if language == TextLanguage::Danish { ',' } else { '.' };
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}{mark}{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// Whole megabytes (of 1,024 × 1,024 bytes, as configuration counts them), rounded up.
pub fn megabytes(bytes: u64) -> String {
    bytes.div_ceil(1 << 20).to_string()
}

/// A number with the language's mark between thousands.
pub fn thousands(number: u64, language: TextLanguage) -> String {
    let digits = number.to_string();
    let mark = if language == TextLanguage::Danish { '.' } else { ',' };
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

/// Something that is wrong, with a link to its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorLine {
    /// The field's id in the page.
    pub id: &'static str,
    /// What would be right.
    pub text: String,
}

/// A field with what was typed in it.
#[derive(Clone, Default)]
pub struct FieldView {
    /// What was typed.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// Something said on top of a page.
#[derive(Clone, Default)]
pub struct Notice {
    /// Its heading; may be empty.
    pub heading: String,
    /// What it says.
    pub text: String,
    /// Whether it warns.
    pub is_warning: bool,
    /// Whether it has the button that sends all the same.
    pub send_anyway: bool,
}

/// A file that is kept.
#[derive(Clone)]
pub struct KeptFile {
    /// What it is taken away by.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its size, in words.
    pub size: String,
}

/// An area to choose.
#[derive(Clone)]
pub struct AreaChoice {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A way of answering to choose.
#[derive(Clone)]
pub struct WayChoice {
    /// The word that is sent.
    pub value: &'static str,
    /// Its name.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The form.
#[derive(Template)]
#[template(path = "form.html")]
pub struct FormPage {
    /// What all pages share.
    pub page: Page,
    /// What is wrong, in the order of the page.
    pub errors: Vec<ErrorLine>,
    /// The heading of that.
    pub errors_heading: String,
    /// Said on top.
    pub notice: Option<Notice>,
    /// The form's token.
    pub token: String,
    /// How hard the puzzle is; 0 for none.
    pub puzzle_bits: u8,
    /// The writer has decided about what looks like a CPR number.
    pub cpr_ok: bool,
    /// The message.
    pub message: FieldView,
    /// The longest message, in characters.
    pub longest_message: usize,
    /// The same in words.
    pub message_limit: String,
    /// What is wrong with the files.
    pub files_error: Option<String>,
    /// How many and how much.
    pub files_hint: String,
    /// How much, in bytes.
    pub most_file_bytes: usize,
    /// What is said when that is too much, before anything is sent.
    pub too_large: String,
    /// The files that are kept.
    pub kept: Vec<KeptFile>,
    /// The deadline.
    pub deadline: FieldView,
    /// The areas.
    pub areas: Vec<AreaChoice>,
    /// The ways of answering.
    pub ways: Vec<WayChoice>,
    /// The name.
    pub name: FieldView,
    /// The e-mail address.
    pub email: FieldView,
    /// The telephone number.
    pub phone: FieldView,
    /// The other language's code.
    pub other_lang: &'static str,
    /// Whether the answer is wanted in it.
    pub other_language_chosen: bool,
    /// Whether there are private pages.
    pub has_private_page: bool,
    /// Whether the part about them is unfolded.
    pub private_open: bool,
    /// The word.
    pub word: FieldView,
    /// How soon the answer comes.
    pub step2_text: String,
}

/// A receipt.
#[derive(Template)]
#[template(path = "receipt.html")]
pub struct ReceiptPage {
    /// What all pages share.
    pub page: Page,
    /// Its heading.
    pub heading: String,
    /// The number and the date; `None` when a person looks first.
    pub filed: Option<FiledView>,
    /// What is said instead.
    pub held_text: String,
    /// That a receipt was sent besides.
    pub acknowledged: Option<String>,
    /// That the office is closed.
    pub closed: Option<String>,
    /// When it came.
    pub received: String,
    /// How to talk.
    pub talk: String,
    /// The private page.
    pub private: Option<PrivateLinkView>,
    /// How to tell more; `None` when there is no number to tell.
    pub more: Option<String>,
}

/// An enquiry on its receipt.
pub struct FiledView {
    /// Its number.
    pub reference: String,
    /// By when the answer comes, after the number.
    pub reply_by: String,
    /// The same as a step.
    pub answer: String,
}

/// A link to a private page.
pub struct PrivateLinkView {
    /// Its address on this server.
    pub path: String,
    /// Its address in full.
    pub url: String,
    /// What opens it.
    pub hint: String,
}

/// A page of running text.
#[derive(Template)]
#[template(path = "info.html")]
pub struct InfoPage {
    /// What all pages share.
    pub page: Page,
    /// The text, as HTML.
    pub body: String,
}

/// Something that cannot be done.
#[derive(Template)]
#[template(path = "problem.html")]
pub struct ProblemPage {
    /// What all pages share.
    pub page: Page,
    /// What to do.
    pub text: String,
    /// Whether the telephone is offered.
    pub calls: bool,
    /// Whether the form is offered.
    pub goes_home: bool,
}

/// Where a code can be sent.
pub struct ContactChoice {
    /// Its place among them.
    pub number: usize,
    /// As its owner knows it again.
    pub masked: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What opens a private page.
#[derive(Template)]
#[template(path = "link.html")]
pub struct LinkPage {
    /// What all pages share.
    pub page: Page,
    /// What is wrong.
    pub errors: Vec<ErrorLine>,
    /// The heading of that.
    pub errors_heading: String,
    /// That a code was sent, and where.
    pub code_sent: Option<String>,
    /// Whether a code is asked for.
    pub code_asked: bool,
    /// What is wrong with the code.
    pub code_error: Option<String>,
    /// Whether a word was chosen.
    pub has_word: bool,
    /// What is wrong with the word.
    pub word_error: Option<String>,
    /// Where a code can be sent.
    pub contacts: Vec<ContactChoice>,
    /// Why none was.
    pub send_error: Option<String>,
}

/// Something that was written.
pub struct EntryView {
    /// By the adviser.
    pub ours: bool,
    /// Who wrote it and when.
    pub who: String,
    /// The words.
    pub paragraphs: Vec<String>,
    /// The files' names and sizes.
    pub files: Vec<String>,
}

/// An area that may be contacted, or not.
pub struct ConsentView {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Since when; `None` when it may not.
    pub given: Option<String>,
}

/// The private page.
#[derive(Template)]
#[template(path = "private.html")]
pub struct PrivatePageView {
    /// What all pages share.
    pub page: Page,
    /// Its heading.
    pub heading: String,
    /// What is wrong.
    pub errors: Vec<ErrorLine>,
    /// The heading of that.
    pub errors_heading: String,
    /// Said on top.
    pub said: Option<Notice>,
    /// By when the answer comes.
    pub promise: String,
    /// How that has changed.
    pub changes: Vec<String>,
    /// What was written.
    pub entries: Vec<EntryView>,
    /// The form's token.
    pub token: String,
    /// The message.
    pub message: FieldView,
    /// What is wrong with the files.
    pub files_error: Option<String>,
    /// How many and how much.
    pub files_hint: String,
    /// How much, in bytes.
    pub most_file_bytes: usize,
    /// What is said when that is too much.
    pub too_large: String,
    /// The files that are kept.
    pub kept: Vec<KeptFile>,
    /// The areas.
    pub areas: Vec<ConsentView>,
    /// When the page closes by itself.
    pub expires: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_numbers_are_written_as_people_read_them() {
        let danish = TextLanguage::Danish;
        assert_eq!(size(214_000, danish), "214 kB");
        assert_eq!(size(64_250_000, danish), "64,2 MB");
        assert_eq!(size(64_250_000, TextLanguage::English), "64.2 MB");
        assert_eq!(size(12, danish), "12 B");
        assert_eq!(megabytes(20 << 20), "20");
        assert_eq!(megabytes((20 << 20) + 1), "21");
        assert_eq!(thousands(10_000, danish), "10.000");
        assert_eq!(thousands(1_234_567, TextLanguage::English), "1,234,567");
        assert_eq!(thousands(999, danish), "999");
    }
}
