//! The notation of the text files (`config/texts/README.md`): reads one file into sentences and their
//! alternatives, and puts values in.
//!
//! Knows no file's meaning. After parsing, no brace is left outside a placeholder, so rendering cannot fail.

use super::mistake::TextMistake;

/// What a template can say: ours, all of it. There is deliberately none for anything that a citizen wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Placeholder {
    Reference,
    ReplyBy,
    Municipality,
    Place,
    Phone,
    PhoneHours,
    SecureUrl,
    PrivacyUrl,
    ClosedThrough,
    Substitute,
    Link,
    Code,
}

impl Placeholder {
    pub(super) const ALL: [(&'static str, Self); 12] = [
        ("ref", Self::Reference),
        ("dato", Self::ReplyBy),
        ("kommune", Self::Municipality),
        ("sted", Self::Place),
        ("tlf", Self::Phone),
        ("tlf_tid", Self::PhoneHours),
        ("sikker_url", Self::SecureUrl),
        ("privat_url", Self::PrivacyUrl),
        ("luk", Self::ClosedThrough),
        ("stedfortræder", Self::Substitute),
        ("link", Self::Link),
        ("kode", Self::Code),
    ];

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(one, _)| *one == name).map(|(_, placeholder)| placeholder)
    }
}

/// A text of its own that letters are put together from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Block {
    Closed,
    Role,
    Deadline,
    Safe,
    Talk,
    Privacy,
}

impl Block {
    pub(super) const ALL: [(&'static str, Self); 6] = [
        ("CLOSED", Self::Closed),
        ("ROLE", Self::Role),
        ("DEADLINE", Self::Deadline),
        ("SAFE", Self::Safe),
        ("TALK", Self::Talk),
        ("PRIVACY", Self::Privacy),
    ];
}

/// One file, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) subject: Option<Line>,
    pub(super) parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Paragraph(Vec<Sentence>),
    Block(Block),
}

/// Alternatives: the first whose values are all set is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sentence(pub(super) Vec<Line>);

/// One line of a file, at its number counted from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: usize,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(Placeholder),
}

impl Template {
    /// Reads a file. `name` is how mistakes call it. What is wrong is noted, and the rest is read all the same.
    pub(super) fn parse(name: &str, text: &str, mistakes: &mut Vec<TextMistake>) -> Self {
        let mut template = Self::default();
        let mut paragraph: Vec<Sentence> = Vec::new();
        // Editors on Windows write a byte order mark and CRLF; `lines` takes care of the latter.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            let mut wrong = |sentence: String| {
                mistakes.push(TextMistake { file: name.to_owned(), line: Some(number), sentence });
            };
            let line = line.trim();
            if line.starts_with('#') {
                continue;
            }
            if line.chars().any(char::is_control) {
                wrong("holds a control character (a tab, perhaps); use blanks".to_owned());
                continue;
            }
            if line.is_empty() {
                template.close(&mut paragraph);
            } else if let Some(subject) = after(line, &["emne:", "subject:"]) {
                if template.subject.is_some() {
                    wrong("is a second subject; keep one".to_owned());
                } else if subject.is_empty() {
                    wrong("the subject is empty".to_owned());
                }
                template.subject = Some(Line::parse(number, subject, &mut wrong));
            } else if let Some(alternative) = after(line, &["ellers:", "otherwise:"]) {
                match paragraph.last_mut() {
                    Some(_) if alternative.is_empty() => {
                        wrong("gives no text after the colon".to_owned());
                    }
                    Some(sentence) => sentence.0.push(Line::parse(number, alternative, &mut wrong)),
                    None => wrong("is an alternative, but there is no line right before it".to_owned()),
                }
            } else if line.starts_with('[') {
                template.close(&mut paragraph);
                match Block::ALL.iter().find(|(name, _)| line == format!("[{name}]")) {
                    Some((_, block)) if template.parts.contains(&Part::Block(*block)) => {
                        wrong(format!("puts in the block {line} a second time"));
                    }
                    Some((_, block)) => template.parts.push(Part::Block(*block)),
                    None => {
                        let known: Vec<String> =
                            Block::ALL.iter().map(|(name, _)| format!("[{name}]")).collect();
                        wrong(format!("does not name a block; there are {}", known.join(", ")));
                    }
                }
            } else {
                paragraph.push(Sentence(vec![Line::parse(number, line, &mut wrong)]));
            }
        }
        template.close(&mut paragraph);
        template
    }

    fn close(&mut self, paragraph: &mut Vec<Sentence>) {
        if !paragraph.is_empty() {
            self.parts.push(Part::Paragraph(std::mem::take(paragraph)));
        }
    }

    /// The sentences, in order.
    pub(super) fn sentences(&self) -> impl Iterator<Item = &Sentence> {
        self.parts.iter().flat_map(|part| match part {
            Part::Paragraph(sentences) => sentences.as_slice(),
            Part::Block(_) => &[],
        })
    }

    /// The paragraphs as text, without blocks; a paragraph of which no sentence is left is left out.
    pub(super) fn paragraphs(
        &self,
        value: &dyn Fn(Placeholder) -> Option<String>,
        block: &dyn Fn(Block) -> Vec<String>,
    ) -> Vec<String> {
        let mut paragraphs = Vec::new();
        for part in &self.parts {
            match part {
                Part::Block(one) => paragraphs.extend(block(*one)),
                Part::Paragraph(sentences) => {
                    let sentences: Vec<String> =
                        sentences.iter().filter_map(|sentence| sentence.render(value)).collect();
                    if !sentences.is_empty() {
                        paragraphs.push(sentences.join(" "));
                    }
                }
            }
        }
        paragraphs
    }
}

impl Sentence {
    fn render(&self, value: &dyn Fn(Placeholder) -> Option<String>) -> Option<String> {
        self.0.iter().find_map(|line| line.render(value))
    }
}

impl Line {
    fn parse(number: usize, text: &str, wrong: &mut dyn FnMut(String)) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(at);
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let inside = brace.strip_prefix('{').and_then(|inside| inside.split_once('}'));
            match inside {
                Some((name, after)) if !name.contains('{') => {
                    match Placeholder::parse(name) {
                        Some(placeholder) => pieces.push(Piece::Value(placeholder)),
                        None => wrong(unknown(name)),
                    }
                    rest = after;
                }
                _ => {
                    wrong("has a stray brace; braces stand only around a word such as {ref}".to_owned());
                    rest = &brace[1..];
                }
            }
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Self { number, pieces }
    }

    /// The placeholders in it.
    pub(super) fn placeholders(&self) -> impl Iterator<Item = Placeholder> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value(placeholder) => Some(*placeholder),
            Piece::Text(_) => None,
        })
    }

    /// Whether a word stands in it as it is.
    pub(super) fn says(&self, word: &str) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Text(text) => text.split(|c: char| !c.is_alphanumeric()).any(|one| one == word),
            Piece::Value(_) => false,
        })
    }

    /// The line with its values; `None` when one of them is not set.
    pub(super) fn render(&self, value: &dyn Fn(Placeholder) -> Option<String>) -> Option<String> {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Some(text.clone()),
                Piece::Value(placeholder) => value(*placeholder),
            })
            .collect()
    }
}

fn unknown(name: &str) -> String {
    let known: Vec<String> = Placeholder::ALL.iter().map(|(name, _)| format!("{{{name}}}")).collect();
    let name: String = name.chars().take(40).collect();
    format!("{{{name}}} is not a word that can be filled in; there are {}", known.join(", "))
}

/// What follows one of the given beginnings, whatever its case.
fn after<'a>(line: &'a str, beginnings: &[&str]) -> Option<&'a str> {
    beginnings.iter().find_map(|beginning| {
        let start = line.get(..beginning.len())?;
        start.eq_ignore_ascii_case(beginning).then(|| line[beginning.len()..].trim())
    })
}
