//! What was typed into the form, and whether it can be sent: a pure check of each field.
//!
//! Only the message is required. Everything else is optional, so a field is wrong only when what stands in it could not be
//! used: an address that no letter reaches, a number that nobody can call, a file that is too large. Knows no words: a
//! [`Problem`] says what is wrong, and the page says it in its language.

use indgang_channels::message::{Address, AnswerBy, Language};
use indgang_channels::sms::number::{Class, classify};
use indgang_channels::web_form::{self, Submission, check};

/// The longest line of the shorter fields, in characters.
const LONGEST_LINE: usize = 200;
/// The shortest word that may open a private page, in characters. Guesses are few: the link is needed too, and is closed
/// after a handful of wrong ones.
pub const SHORTEST_WORD: usize = 6;

/// What was typed, as it was typed: shown again when something is wrong.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// *Hvad vil du have hjælp til?*
    pub message: String,
    /// How the answer is wanted: a word of [`answer_by_word`], or nothing.
    pub answer_by: String,
    /// A name.
    pub name: String,
    /// An e-mail address.
    pub email: String,
    /// A telephone number.
    pub phone: String,
    /// *Har du en frist?*
    pub deadline: String,
    /// The number of an area, or nothing.
    pub area: String,
    /// The language of the answer: `da`, `en`, or nothing for the page's own.
    pub language: String,
    /// The word that opens the private page. Never shown again in a page that it was not typed in just now.
    pub word: String,
}

/// Never prints what was typed.
impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Typed({} bytes)", self.message.len())
    }
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The message.
    Message,
    /// The files.
    Files,
    /// The deadline.
    Deadline,
    /// The area.
    Area,
    /// How the answer is wanted.
    AnswerBy,
    /// The name.
    Name,
    /// The e-mail address.
    Email,
    /// The telephone number.
    Phone,
    /// The language of the answer.
    Language,
    /// The word for the private page.
    Word,
}

/// What is wrong with a field. File names are shown to whoever chose them, and to nobody else.
#[derive(Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing in it, and it is needed.
    Missing,
    /// Nothing can be sent there.
    Unusable,
    /// No text can be sent to this number.
    NoTexts,
    /// The answer is wanted on the private page, and there is nothing to open it with.
    NothingToOpenWith,
    /// It is longer than can be kept, by so many characters.
    TooLong {
        /// The most.
        most: usize,
        /// How many too many.
        over: usize,
    },
    /// It is shorter than it must be.
    TooShort {
        /// The fewest characters.
        least: usize,
    },
    /// A file is larger than all files together may be.
    FileTooLarge {
        /// Which.
        name: String,
        /// Its size in bytes.
        size: u64,
        /// The most, in bytes.
        most: u64,
    },
    /// There are more files than may be sent.
    TooManyFiles {
        /// The most.
        most: u32,
    },
    /// A file is of a sort that the form does not take.
    FileType {
        /// Which.
        name: String,
    },
    /// A file has nothing in it.
    FileEmpty {
        /// Which.
        name: String,
    },
}

/// Never prints a file's name.
impl std::fmt::Debug for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match self {
            Self::Missing => "Missing",
            Self::Unusable => "Unusable",
            Self::NoTexts => "NoTexts",
            Self::NothingToOpenWith => "NothingToOpenWith",
            Self::TooLong { .. } => "TooLong",
            Self::TooShort { .. } => "TooShort",
            Self::FileTooLarge { .. } => "FileTooLarge",
            Self::TooManyFiles { .. } => "TooManyFiles",
            Self::FileType { .. } => "FileType",
            Self::FileEmpty { .. } => "FileEmpty",
        };
        f.write_str(name)
    }
}

/// What the check must know of the office.
#[derive(Clone, Copy, Debug)]
pub struct FieldRules {
    /// The longest message, in characters.
    pub longest_message: usize,
}

/// What can be sent, but for its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usable {
    /// Everything but the files and what speaks for a machine.
    pub submission: Submission,
    /// The word for the private page.
    pub word: Option<String>,
}

/// The words that stand in the page for the ways of answering.
pub const ANSWER_WORDS: [(AnswerBy, &str); 5] = [
    (AnswerBy::Email, "email"),
    (AnswerBy::Sms, "sms"),
    (AnswerBy::Call, "opkald"),
    (AnswerBy::Meeting, "moede"),
    (AnswerBy::Page, "side"),
];

/// The word of a way of answering.
pub fn answer_by_word(way: AnswerBy) -> &'static str {
    ANSWER_WORDS.iter().find(|(one, _)| *one == way).map_or("", |(_, word)| word)
}

/// Checks what was typed. `area` is the name of the chosen area, `page` the language of the page, `has_files` whether files
/// came along.
///
/// # Errors
/// Everything that is wrong, in the order of the page.
pub fn check_fields(
    typed: &Typed,
    area: Option<&str>,
    page: &str,
    has_files: bool,
    rules: FieldRules,
) -> Result<Usable, Vec<(Field, Problem)>> {
    let mut wrong: Vec<(Field, Problem)> = Vec::new();
    let message = message(typed, has_files, rules, &mut wrong);
    let deadline = line(&typed.deadline, Field::Deadline, &mut wrong);
    let answer_by = ANSWER_WORDS.iter().find(|(_, word)| *word == typed.answer_by).map(|(way, _)| *way);
    let name = line(&typed.name, Field::Name, &mut wrong).and_then(|name| check::name(&name));
    let email = reachable(&typed.email, check::email, Field::Email, &mut wrong);
    let phone = reachable(&typed.phone, check::phone, Field::Phone, &mut wrong);
    let word = word(typed, &mut wrong);
    // An answer that is asked for where it cannot go would be a promise broken at once.
    let has = |field: Field| wrong.iter().any(|(one, _)| *one == field);
    let lacks = match answer_by {
        Some(AnswerBy::Email) if email.is_none() && !has(Field::Email) => {
            Some((Field::Email, Problem::Missing))
        }
        Some(AnswerBy::Sms | AnswerBy::Call) if phone.is_none() && !has(Field::Phone) => {
            Some((Field::Phone, Problem::Missing))
        }
        Some(AnswerBy::Sms) if phone.as_ref().is_some_and(|phone| !takes_texts(phone)) => {
            Some((Field::Phone, Problem::NoTexts))
        }
        Some(AnswerBy::Meeting)
            if email.is_none() && phone.is_none() && !has(Field::Email) && !has(Field::Phone) =>
        {
            Some((Field::Phone, Problem::Missing))
        }
        Some(AnswerBy::Page)
            if email.is_none()
                && phone.is_none()
                && word.is_none()
                && !has(Field::Word)
                && !has(Field::Email)
                && !has(Field::Phone) =>
        {
            Some((Field::Word, Problem::NothingToOpenWith))
        }
        _ => None,
    };
    wrong.extend(lacks);
    if !wrong.is_empty() {
        wrong.sort_by_key(|(field, _)| *field);
        return Err(wrong);
    }
    let language = if matches!(typed.language.as_str(), "da" | "en") { &typed.language } else { page };
    let submission = Submission {
        message,
        name,
        email: email.map(|one| one.as_str().to_owned()),
        phone: phone.map(|one| one.as_str().to_owned()),
        answer_by,
        deadline,
        area: area.map(str::to_owned),
        language: Some(Language(language.to_owned())),
        files: Vec::new(),
        suspicions: Vec::new(),
    };
    Ok(Usable { submission, word })
}

/// The message with the line ends of a text. A letter that is photographed and attached may say everything by itself; then
/// no word is asked for.
fn message(typed: &Typed, has_files: bool, rules: FieldRules, wrong: &mut Vec<(Field, Problem)>) -> String {
    let message = typed.message.replace("\r\n", "\n").replace('\r', "\n");
    let message = message.trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned();
    let length = message.chars().count();
    if message.is_empty() && !has_files {
        wrong.push((Field::Message, Problem::Missing));
    } else if length > rules.longest_message {
        let most = rules.longest_message;
        wrong.push((Field::Message, Problem::TooLong { most, over: length - most }));
    }
    message
}

/// A short field on one line; `None` when it is empty.
fn line(typed: &str, field: Field, wrong: &mut Vec<(Field, Problem)>) -> Option<String> {
    let line: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.trim();
    let length = line.chars().count();
    if length > LONGEST_LINE {
        wrong.push((field, Problem::TooLong { most: LONGEST_LINE, over: length - LONGEST_LINE }));
        return None;
    }
    Some(line.to_owned()).filter(|line| !line.is_empty())
}

fn reachable(
    typed: &str,
    read: impl Fn(&str) -> Option<Address>,
    field: Field,
    wrong: &mut Vec<(Field, Problem)>,
) -> Option<Address> {
    if typed.trim().is_empty() {
        return None;
    }
    let address = read(typed);
    if address.is_none() {
        wrong.push((field, Problem::Unusable));
    }
    address
}

/// Blanks around it are no part of the word, and nobody remembers which letters were large.
fn word(typed: &Typed, wrong: &mut Vec<(Field, Problem)>) -> Option<String> {
    let word = plain_word(&typed.word)?;
    match word.chars().count() {
        length if length < SHORTEST_WORD => {
            wrong.push((Field::Word, Problem::TooShort { least: SHORTEST_WORD }));
            None
        }
        length if length > LONGEST_LINE => {
            wrong.push((Field::Word, Problem::TooLong { most: LONGEST_LINE, over: length - LONGEST_LINE }));
            None
        }
        _ => Some(word),
    }
}

/// A word as it is compared: without blanks around it, inner blanks as one, in lower case. `None` when nothing is left.
pub fn plain_word(typed: &str) -> Option<String> {
    let word = typed.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    Some(word).filter(|word| !word.is_empty())
}

fn takes_texts(phone: &Address) -> bool {
    matches!(classify(phone.as_str()).class(), Class::Ordinary | Class::Foreign)
}

/// What a file is, or why it is not taken.
///
/// # Errors
/// When it is empty or of a sort that is not taken.
pub fn check_file(name: &str, bytes: &[u8], types: &[String]) -> Result<String, Problem> {
    if bytes.is_empty() {
        return Err(Problem::FileEmpty { name: name.to_owned() });
    }
    let sniffed = web_form::sniff::sniff(bytes);
    if web_form::sniff::is_allowed(sniffed, types) {
        Ok(sniffed.media_type.to_string())
    } else {
        Err(Problem::FileType { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn typed(change: impl FnOnce(&mut Typed)) -> Typed {
        let mut typed = Typed { message: "Jeg forstår ikke brevet.".to_owned(), ..Typed::default() };
        change(&mut typed);
        typed
    }

    fn checked(typed: &Typed, has_files: bool) -> Result<Usable, Vec<(Field, Problem)>> {
        check_fields(typed, None, "da", has_files, FieldRules { longest_message: 30 })
    }

    #[rstest]
    #[case::the_message_alone(|_: &mut Typed| {}, "")]
    #[case::nothing(|t: &mut Typed| t.message = " \r\n\u{a0}".to_owned(), "Message: Missing")]
    #[case::too_long(|t: &mut Typed| t.message = "æ".repeat(33), "Message: TooLong")]
    #[case::just_fits(|t: &mut Typed| t.message = "æ".repeat(30), "")]
    #[case::an_address(|t: &mut Typed| t.email = " daniel@post.example.org ".to_owned(), "")]
    #[case::no_address(|t: &mut Typed| t.email = "daniel".to_owned(), "Email: Unusable")]
    #[case::a_header_in_disguise(|t: &mut Typed| t.email = "a@b.example\r\nBcc: c@d.example".to_owned(), "Email: Unusable")]
    #[case::a_number(|t: &mut Typed| t.phone = "20 12 34 56".to_owned(), "")]
    #[case::no_number(|t: &mut Typed| t.phone = "20 12 34".to_owned(), "Phone: Unusable")]
    #[case::mail_without_an_address(|t: &mut Typed| t.answer_by = "email".to_owned(), "Email: Missing")]
    #[case::mail_to_nowhere(
        |t: &mut Typed| { t.answer_by = "email".to_owned(); t.email = "daniel".to_owned(); },
        "Email: Unusable"
    )]
    #[case::a_call_without_a_number(|t: &mut Typed| t.answer_by = "opkald".to_owned(), "Phone: Missing")]
    #[case::a_text_without_a_number(|t: &mut Typed| t.answer_by = "sms".to_owned(), "Phone: Missing")]
    #[case::a_meeting_without_anything(|t: &mut Typed| t.answer_by = "moede".to_owned(), "Phone: Missing")]
    #[case::a_meeting_with_an_address(
        |t: &mut Typed| { t.answer_by = "moede".to_owned(); t.email = "a@b.example".to_owned(); },
        ""
    )]
    #[case::the_page_without_a_key(|t: &mut Typed| t.answer_by = "side".to_owned(), "Word: NothingToOpenWith")]
    #[case::the_page_with_a_word(
        |t: &mut Typed| { t.answer_by = "side".to_owned(); t.word = "grøn cykel".to_owned(); },
        ""
    )]
    #[case::a_short_word(|t: &mut Typed| t.word = "hund".to_owned(), "Word: TooShort")]
    #[case::an_unknown_way(|t: &mut Typed| t.answer_by = "brevdue".to_owned(), "")]
    #[case::a_long_name(|t: &mut Typed| t.name = "a".repeat(300), "Name: TooLong")]
    #[case::two_things(
        |t: &mut Typed| { t.phone = "1".to_owned(); t.message = String::new(); },
        "Message: Missing, Phone: Unusable"
    )]
    fn fields_are_checked(#[case] change: fn(&mut Typed), #[case] expected: &str) {
        let said = match checked(&typed(change), false) {
            Ok(_) => String::new(),
            Err(wrong) => wrong
                .iter()
                .map(|(field, problem)| format!("{field:?}: {problem:?}"))
                .collect::<Vec<_>>()
                .join(", "),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn a_file_may_say_everything() {
        let typed = typed(|typed| typed.message.clear());
        assert!(checked(&typed, true).is_ok());
    }

    #[test]
    fn what_is_sent_is_tidy() {
        let typed = typed(|typed| {
            typed.message = "\r\nHej\r\n\r\nVenlig hilsen\r\n".to_owned();
            typed.name = " Daniel\u{7} ".to_owned();
            typed.word = "  Grøn   CYKEL ".to_owned();
            typed.language = "en".to_owned();
            typed.deadline = "1. maj".to_owned();
        });
        let usable = checked(&typed, false).unwrap();
        assert_eq!(usable.submission.message, "Hej\n\nVenlig hilsen");
        assert_eq!(usable.submission.name.as_deref(), Some("Daniel"));
        assert_eq!(usable.word.as_deref(), Some("grøn cykel"));
        assert_eq!(usable.submission.language, Some(Language("en".to_owned())));
        assert_eq!(usable.submission.deadline.as_deref(), Some("1. maj"));
    }
}
