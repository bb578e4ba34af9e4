//! The texts of our letters and text messages: reads and checks the files of `config/texts`, chooses the language, and
//! puts values in. What is special about text messages is in [`short`].
//!
//! Deliberately knows nothing of what is answered except its language: [`AckValues`] has no field that
//! could hold a citizen's text, so that no text file can quote one. Does not decide whether or when anything goes out.

mod check;
mod dates;
mod figures;
mod files;
mod inbox;
mod kind;
mod mistake;
mod municipality;
mod pages;
mod reasons;
mod short;
mod template;

#[cfg(test)]
mod tests;

use std::path::Path;

use indgang_channels::message::Language;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

pub use dates::{written_list, written_out, written_short};
pub use figures::{FigureWords, load_figures};
pub use inbox::{InboxWords, load_inbox};
pub use mistake::{TextError, TextMistake};
pub use pages::{LongPage, PageValues, PageWords, load_pages};
pub use reasons::Reasons;
pub use short::{RenderedText, ShortText, check_short, render_text};

use crate::domain::promise::Closed;
use crate::domain::reference::Reference;
use files::Source;
use template::{Block, Placeholder, Template};

/// A language that our letters are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextLanguage {
    /// *Dansk*.
    Danish,
    /// English.
    English,
}

impl TextLanguage {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Danish, Self::English];

    /// Its ISO 639-1 code, for storing and for a letter's Content-Language.
    pub fn as_str(self) -> &'static str {
        files::folder(self)
    }

    /// Reads back what [`TextLanguage::as_str`] wrote.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == code)
    }
}

/// The language of the answer to a letter in `letter`, or `default` when that is not known.
///
/// Norwegians, Swedes, Faroese and Greenlanders are answered in Danish, which they read or learn at school; everybody
/// else in English.
pub fn choose_language(letter: Option<&Language>, default: TextLanguage) -> TextLanguage {
    let code = letter.map(|language| language.0.to_lowercase()).unwrap_or_default();
    match code.split(['-', '_']).next().unwrap_or_default() {
        "" | "und" | "mul" | "zxx" => default,
        "da" | "nb" | "nn" | "no" | "sv" | "fo" | "kl" => TextLanguage::Danish,
        _ => TextLanguage::English,
    }
}

/// What the texts say of the office. From configuration; what is `None` is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeWords {
    /// `{kommune}`.
    pub municipality: Option<String>,
    /// `{sted}`: a short name of the place, which stands after «i» and "in". The municipality when it is `None`.
    pub place: Option<String>,
    /// `{tlf}`.
    pub phone: Option<String>,
    /// `{tlf_tid}`.
    pub phone_hours: Option<String>,
    /// `{sikker_url}`.
    pub secure_url: Option<String>,
    /// `{privat_url}`.
    pub privacy_url: Option<String>,
}

/// Everything that an acknowledgement can say, all of it ours.
#[derive(Clone, Copy, Debug)]
pub struct AckValues<'a> {
    /// The enquiry's number.
    pub reference: &'a Reference,
    /// The last day on which the answer comes.
    pub reply_by: Date,
    /// Set when the office is closed, or a substitute reads its letters.
    pub closed: Option<&'a Closed>,
    /// What the office says of itself.
    pub office: &'a OfficeWords,
    /// The address of the private page (`{link}`).
    pub link: Option<&'a str>,
    /// The code that opens it (`{kode}`).
    pub code: Option<&'a str>,
}

impl<'a> AckValues<'a> {
    /// What every text may say.
    pub fn new(reference: &'a Reference, reply_by: Date, office: &'a OfficeWords) -> Self {
        Self { reference, reply_by, closed: None, office, link: None, code: None }
    }
}

/// Which letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LetterText {
    /// The acknowledgement (*kvittering*).
    Acknowledgement,
    /// That there is news on the private page; never what.
    News,
    /// The code that opens the private page.
    Code,
}

impl LetterText {
    const ALL: [Self; 3] = [Self::Acknowledgement, Self::News, Self::Code];

    fn file(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement.txt",
            Self::News => "news.txt",
            Self::Code => "code.txt",
        }
    }
}

/// A letter's text, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Paragraphs separated by empty lines, each on one line; lines end with LF.
    pub body: String,
    /// Which text it was: the language, and the beginning of a SHA-256 over its templates (notes do not count).
    pub version: String,
}

/// The texts of all languages, read and checked.
#[derive(Clone, Debug)]
pub struct Texts {
    danish: InLanguage,
    english: InLanguage,
}

#[derive(Clone, Debug)]
struct InLanguage {
    letter: Letter,
    short: short::Texts,
}

#[derive(Clone, Debug)]
struct Letter {
    /// In the order of [`LetterText::ALL`].
    wholes: [Template; 3],
    blocks: Vec<(Block, Template)>,
    version: String,
}

impl Texts {
    /// Reads the embedded texts, and those of `folder` that replace them.
    ///
    /// # Errors
    /// Everything that is wrong with them, by file and line.
    pub fn load(folder: Option<&Path>) -> Result<Self, TextError> {
        let mut mistakes = Vec::new();
        let sources = TextLanguage::ALL.map(|language| {
            let mut sources = files::embedded(language);
            if let Some(folder) = folder {
                files::lay_over(&mut sources, folder, language, &mut mistakes);
            }
            sources
        });
        Self::read(&sources, mistakes)
    }

    /// Reads the files of each language, in the order of [`TextLanguage::ALL`].
    fn read([danish, english]: &[Vec<Source>; 2], mut mistakes: Vec<TextMistake>) -> Result<Self, TextError> {
        let mut read = |language, sources: &[Source]| InLanguage {
            letter: Letter::read(language, sources, &mut mistakes),
            short: short::Texts::read(language, sources, &mut mistakes),
        };
        let texts = Self {
            danish: read(TextLanguage::Danish, danish),
            english: read(TextLanguage::English, english),
        };
        if mistakes.is_empty() { Ok(texts) } else { Err(TextError { mistakes }) }
    }

    fn of(&self, language: TextLanguage) -> &InLanguage {
        match language {
            TextLanguage::Danish => &self.danish,
            TextLanguage::English => &self.english,
        }
    }
}

/// Writes a letter.
pub fn render(texts: &Texts, language: TextLanguage, which: LetterText, values: &AckValues<'_>) -> Rendered {
    let letter = &texts.of(language).letter;
    let [acknowledgement, news, code] = &letter.wholes;
    let whole = match which {
        LetterText::Acknowledgement => acknowledgement,
        LetterText::News => news,
        LetterText::Code => code,
    };
    let value = |placeholder| values.get(placeholder, language);
    let block = |wanted: Block| {
        if wanted == Block::Closed && values.closed.is_none() {
            return Vec::new();
        }
        let text = letter.blocks.iter().find(|(block, _)| *block == wanted);
        text.map(|(_, template)| template.paragraphs(&value, &|_| Vec::new())).unwrap_or_default()
    };
    let subject = whole.subject.as_ref().and_then(|subject| subject.render(&value));
    let mut body = whole.paragraphs(&value, &block).join("\n\n");
    body.push('\n');
    Rendered { subject: subject.unwrap_or_default(), body, version: letter.version.clone() }
}

impl AckValues<'_> {
    fn get(&self, placeholder: Placeholder, language: TextLanguage) -> Option<String> {
        let office = self.office;
        let word = match placeholder {
            Placeholder::Reference => Some(self.reference.as_str()),
            Placeholder::ReplyBy => return Some(written_out(self.reply_by, language)),
            Placeholder::ClosedThrough => {
                return self.closed.map(|closed| written_out(closed.through, language));
            }
            Placeholder::Substitute => self.closed.and_then(|closed| closed.substitute.as_deref()),
            Placeholder::Municipality => office.municipality.as_deref(),
            Placeholder::Place => office.place.as_deref().or(office.municipality.as_deref()),
            Placeholder::Phone => office.phone.as_deref(),
            Placeholder::PhoneHours => office.phone_hours.as_deref(),
            Placeholder::SecureUrl => office.secure_url.as_deref(),
            Placeholder::PrivacyUrl => office.privacy_url.as_deref(),
            Placeholder::Link => self.link,
            Placeholder::Code => self.code,
        };
        word.map(one_line).filter(|word| !word.is_empty())
    }
}

/// A value without anything that could break a header or pass for a placeholder. Configuration refuses such values;
/// this makes it a law of rendering as well.
fn one_line(value: &str) -> String {
    let clean: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.replace(['{', '}'], "").split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Letter {
    fn read(language: TextLanguage, sources: &[Source], mistakes: &mut Vec<TextMistake>) -> Self {
        let mut wholes = [const { None }; 3];
        let mut blocks = Vec::new();
        for source in sources.iter().filter(|source| is_letter(source)) {
            let before = mistakes.len();
            let template = Template::parse(&source.name, &source.text, mistakes);
            // What a broken file lacks may stand in the line that could not be read.
            let readable = mistakes.len() == before;
            match block_of(source.file) {
                None => {
                    let which = LetterText::ALL.iter().position(|one| one.file() == source.file);
                    if let Some(which) = which {
                        if readable {
                            check::letter(&source.name, LetterText::ALL[which], &template, mistakes);
                        }
                        wholes[which] = Some(template);
                    }
                }
                Some(block) => {
                    if readable {
                        check::block(&source.name, block, &template, mistakes);
                    }
                    blocks.push((block, template));
                }
            }
        }
        let version = version(language, sources.iter().filter(|source| is_letter(source)));
        Self { wholes: wholes.map(Option::unwrap_or_default), blocks, version }
    }
}

/// Whether a file is part of the letter: text messages are wholes of their own.
fn is_letter(source: &Source) -> bool {
    !source.file.starts_with("sms_")
}

/// The block that a file holds: `role.txt` holds ROLE.
fn block_of(file: &str) -> Option<Block> {
    let name = file.strip_suffix(".txt")?.to_uppercase();
    Block::ALL.into_iter().find(|(one, _)| *one == name).map(|(_, block)| block)
}

/// Which texts these are: the language, and the beginning of a SHA-256 over them (notes do not count).
fn version<'a>(language: TextLanguage, sources: impl Iterator<Item = &'a Source>) -> String {
    let mut hash = Sha256::new();
    for source in sources {
        hash.update(source.file);
        for line in source.text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            hash.update(b"\n");
            hash.update(line);
        }
    }
    let digest: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{digest}", language.as_str())
}
