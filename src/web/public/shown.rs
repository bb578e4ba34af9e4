//! From what came of a sending to the page that says so, in words.

use super::door::Settings;
use super::fields::{ANSWER_WORDS, Field, Problem, Typed, answer_by_word};
use super::form::{Again, Notice as Why};
use super::views::{
    AreaChoice, ErrorLine, FieldView, FormPage, KeptFile, Notice, Page, WayChoice, megabytes, size, thousands,
};
use crate::store::form_files::FormFile;
use indgang_channels::message::AnswerBy;
use jiff::civil::Date;

/// The id of a field in the page: where a link of the summary leads.
fn id_of(field: Field) -> &'static str {
    match field {
        Field::Message => "besked",
        Field::Files => "filer",
        Field::Deadline => "frist",
        Field::Area => "omraade",
        Field::AnswerBy => "svar-email",
        Field::Name => "navn",
        Field::Email => "email",
        Field::Phone => "telefon",
        Field::Language => "sprog",
        Field::Word => "ord",
    }
}

/// What would be right.
fn words_of(page: &Page, field: Field, problem: &Problem) -> String {
    let language = page.words.language;
    let number = |number: usize| thousands(number as u64, language);
    match (problem, field) {
        (Problem::Missing, Field::Message) => page.t("errors.message_missing").to_owned(),
        (Problem::Missing, Field::Email) => page.t("errors.email_missing").to_owned(),
        (Problem::Missing, _) => page.t("errors.phone_missing").to_owned(),
        (Problem::Unusable, Field::Email) => page.t("errors.email_unusable").to_owned(),
        (Problem::Unusable, _) => page.t("errors.phone_unusable").to_owned(),
        (Problem::NoTexts, _) => page.t("errors.phone_no_texts").to_owned(),
        (Problem::NothingToOpenWith, _) => page.t("errors.word_missing").to_owned(),
        (Problem::TooLong { most, over }, Field::Message) => {
            page.words.with("errors.message_long", &[("antal", &number(*over)), ("mest", &number(*most))])
        }
        (Problem::TooLong { over, .. }, _) => {
            page.words.with("errors.line_long", &[("antal", &number(*over))])
        }
        (Problem::TooShort { least }, _) => {
            page.words.with("errors.word_short", &[("mest", &number(*least))])
        }
        (Problem::FileTooLarge { name, size, most }, _) => page.words.with(
            "errors.file_large",
            &[("mb", &megabytes(*size)), ("mest", &megabytes(*most)), ("navn", &short_name(name))],
        ),
        (Problem::TooManyFiles { most }, _) => {
            page.words.with("errors.file_count", &[("mest", &number(*most as usize))])
        }
        (Problem::FileType { name }, _) => {
            page.words.with("errors.file_type", &[("navn", &short_name(name))])
        }
        (Problem::FileEmpty { name }, _) => {
            page.words.with("errors.file_empty", &[("navn", &short_name(name))])
        }
    }
}

/// A file's name as it can stand in a sentence: without what turns the direction of writing, and not too long.
fn short_name(name: &str) -> String {
    let is_mark = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = name.chars().filter(|c| !is_mark(*c)).collect();
    match name.chars().count() {
        0..=60 => name,
        _ => name.chars().take(57).chain("…".chars()).collect(),
    }
}

/// What is wrong, as the summary says it, and its heading.
pub fn errors(page: &Page, problems: &[(Field, Problem)]) -> (Vec<ErrorLine>, String) {
    let line = |(field, problem): &(Field, Problem)| ErrorLine {
        id: id_of(*field),
        text: words_of(page, *field, problem),
    };
    let errors: Vec<ErrorLine> = problems.iter().map(line).collect();
    let heading = match errors.len() {
        1 => page.t("errors.heading_one").to_owned(),
        many => page.words.with("errors.heading_many", &[("antal", &many.to_string())]),
    };
    (errors, heading)
}

/// What is wrong with one field: the first thing.
pub fn error_of(page: &Page, problems: &[(Field, Problem)], field: Field) -> Option<String> {
    problems.iter().find(|(one, _)| *one == field).map(|(_, problem)| words_of(page, field, problem))
}

/// Files that are kept.
pub fn kept(page: &Page, files: &[FormFile]) -> Vec<KeptFile> {
    let file = |file: &FormFile| KeptFile {
        id: file.id,
        name: short_name(&file.name),
        size: size(file.size, page.words.language),
    };
    files.iter().map(file).collect()
}

/// How many files and how much.
pub fn files_hint(page: &Page, settings: &Settings) -> String {
    let mb = megabytes(settings.most_file_bytes as u64);
    page.words.with("form.files_hint", &[("antal", &settings.most_files.to_string()), ("mb", &mb)])
}

/// What is said when that is too much, before anything is sent.
pub fn too_large(page: &Page, settings: &Settings) -> String {
    page.words.with("form.too_large", &[("mb", &megabytes(settings.most_file_bytes as u64))])
}

/// The form as it is opened, or again.
pub fn form(mut page: Page, settings: &Settings, again: &Again, today: Date) -> FormPage {
    let typed = &again.typed;
    let (errors, errors_heading) = errors(&page, &again.problems);
    if !errors.is_empty() {
        page.title = format!("{}: {}", page.t("site.error"), page.title);
    }
    let field = |which: Field, value: &str| FieldView {
        value: value.to_owned(),
        error: error_of(&page, &again.problems, which),
    };
    let label = |way: AnswerBy| {
        page.t(match way {
            AnswerBy::Email => "form.answer_email",
            AnswerBy::Sms => "form.answer_sms",
            AnswerBy::Call => "form.answer_call",
            AnswerBy::Meeting => "form.answer_meeting",
            AnswerBy::Page => "form.answer_page",
        })
        .to_owned()
    };
    let has_private_page = settings.public_url.is_some();
    let ways = ANSWER_WORDS.iter().filter(|(way, _)| match way {
        AnswerBy::Sms => settings.by_text.is_some(),
        AnswerBy::Email => settings.by_email.is_some(),
        AnswerBy::Page => has_private_page,
        AnswerBy::Call | AnswerBy::Meeting => true,
    });
    let language = page.words.language;
    let other_lang = if page.is_danish() { "en" } else { "da" };
    let word = field(Field::Word, &typed.word);
    FormPage {
        errors,
        errors_heading,
        notice: again.notice.map(|why| notice(&page, why)),
        token: again.token.as_str().to_owned(),
        puzzle_bits: again.token.puzzle_bits(),
        cpr_ok: false,
        message: field(Field::Message, &typed.message),
        longest_message: settings.fields.longest_message,
        message_limit: page.words.with(
            "form.message_limit",
            &[("antal", &thousands(settings.fields.longest_message as u64, language))],
        ),
        files_error: error_of(&page, &again.problems, Field::Files),
        files_hint: files_hint(&page, settings),
        most_file_bytes: settings.most_file_bytes,
        too_large: too_large(&page, settings),
        kept: kept(&page, &again.kept),
        deadline: field(Field::Deadline, &typed.deadline),
        areas: settings
            .areas_on(today, page.lang)
            .into_iter()
            .map(|(id, name)| AreaChoice { id: id.0, name, chosen: typed.area == id.0.to_string() })
            .collect(),
        ways: ways
            .map(|(way, value)| WayChoice {
                value,
                label: label(*way),
                chosen: typed.answer_by == answer_by_word(*way),
            })
            .collect(),
        name: field(Field::Name, &typed.name),
        email: field(Field::Email, &typed.email),
        phone: field(Field::Phone, &typed.phone),
        other_lang,
        other_language_chosen: typed.language == other_lang,
        has_private_page,
        private_open: !typed.word.is_empty()
            || word.error.is_some()
            || typed.answer_by == answer_by_word(AnswerBy::Page),
        word,
        step2_text: page.words.with("aside.step2_text", &[("antal", &page.site.working_days.to_string())]),
        page,
    }
}

/// A form that nobody has written in.
pub fn empty(token: super::token::Token) -> Again {
    Again { typed: Typed::default(), token, kept: Vec::new(), problems: Vec::new(), notice: None }
}

/// Why it is shown again.
pub fn notice(page: &Page, why: Why) -> Notice {
    let (heading, text, is_warning) = match why {
        Why::HoldsCpr => ("notice.cpr_heading", "notice.cpr_text", true),
        Why::OpenTooLong => ("notice.open_heading", "notice.open_text", true),
        Why::NotNow => ("notice.busy_heading", "notice.busy_text", true),
        Why::FileRemoved => ("", "notice.removed", false),
        Why::BrokenOff => ("notice.broken_heading", "notice.broken_text", true),
        Why::Wait => ("problem.wait_heading", "problem.wait_text", true),
    };
    Notice {
        heading: page.t(heading).to_owned(),
        text: page.t(text).to_owned(),
        is_warning,
        send_anyway: why == Why::HoldsCpr,
    }
}
