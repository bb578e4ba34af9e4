//! The texts of text messages: one line each, as short as the segments that they may take, whatever the values are.
//!
//! A text is never cut. When it is too long with the place in it, it is said with a shorter place, then without one.
//! Knows of text messages only how long one may be; the counting is the channel's.

use indgang_channels::sms::alphabet::{Encoding, Measure, measure, plain};
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::dates::written_short;
use super::files::Source;
use super::kind::Kind;
use super::mistake::{TextError, TextMistake};
use super::municipality::without_its_word;
use super::template::{Placeholder, Template};
use super::{AckValues, OfficeWords, TextLanguage, check, one_line, version};
use crate::domain::promise::Closed;
use crate::domain::reference::Reference;

/// Which text message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShortText {
    /// The acknowledgement (*kvittering*): at most two segments. Another text when the office is closed and nobody
    /// reads what comes in.
    Acknowledgement,
    /// The confirmation of STOP: one segment. Says nothing of dates or of an enquiry.
    Stopped,
    /// That there is news on the private page: at most two segments, and never what.
    News,
    /// The code that opens the private page: one segment.
    Code,
}

/// A text message, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedText {
    /// One line.
    pub text: String,
    /// Which text it was: the language, and the beginning of a SHA-256 over its template (notes do not count).
    pub version: String,
    /// How many segments it takes, each of which is paid for.
    pub segments: usize,
}

/// The short texts of one language, in the order of [`Kind::ALL`].
#[derive(Clone, Debug)]
pub(super) struct Texts([Text; 5]);

#[derive(Clone, Debug, Default)]
struct Text {
    /// What mistakes call its file.
    name: String,
    template: Template,
    version: String,
}

impl Texts {
    pub(super) fn read(language: TextLanguage, sources: &[Source], mistakes: &mut Vec<TextMistake>) -> Self {
        Self(Kind::ALL.map(|kind| {
            let Some(source) = sources.iter().find(|source| source.file == kind.file()) else {
                return Text::default();
            };
            let before = mistakes.len();
            let template = Template::parse(&source.name, &source.text, mistakes);
            if mistakes.len() == before {
                check::short(&source.name, kind, &template, mistakes);
            }
            Text { name: source.name.clone(), template, version: version(language, std::iter::once(source)) }
        }))
    }

    fn get(&self, kind: Kind) -> &Text {
        let [acknowledgement, closed, stopped, news, code] = &self.0;
        match kind {
            Kind::Acknowledgement => acknowledgement,
            Kind::Closed => closed,
            Kind::Stopped => stopped,
            Kind::News => news,
            Kind::Code => code,
        }
    }
}

/// A text with its values.
struct Written {
    text: String,
    measure: Measure,
}

impl Text {
    /// The first that takes no more segments than it may; when none does, the one that takes the fewest.
    fn shortest_needed(
        &self,
        kind: Kind,
        language: TextLanguage,
        values: &AckValues<'_>,
        places: [Option<String>; 3],
    ) -> Written {
        let [first, others @ ..] = places;
        let mut best = self.written(language, values, first.as_deref());
        for place in others {
            if best.measure.segments <= kind.most_segments() {
                break;
            }
            let other = self.written(language, values, place.as_deref());
            if other.measure.segments < best.measure.segments {
                best = other;
            }
        }
        best
    }

    /// On one line, with the typographer's characters made plain, so that none of them costs a segment.
    fn written(&self, language: TextLanguage, values: &AckValues<'_>, place: Option<&str>) -> Written {
        let value = |placeholder| {
            let value = match placeholder {
                Placeholder::ReplyBy => Some(written_short(values.reply_by, language)),
                Placeholder::ClosedThrough => {
                    values.closed.map(|closed| written_short(closed.through, language))
                }
                Placeholder::Place => place.map(str::to_owned),
                other => values.get(other, language),
            };
            value.map(|value| one_line(&plain(&value))).filter(|value| !value.is_empty())
        };
        let text = self.template.paragraphs(&value, &|_| Vec::new()).join(" ");
        let text = one_line(&plain(&text));
        let measure = measure(&text);
        Written { text, measure }
    }

    fn rendered(&self, written: Written) -> RenderedText {
        let Written { text, measure } = written;
        RenderedText { text, version: self.version.clone(), segments: measure.segments }
    }
}

/// Writes a text message.
///
/// The first of these that takes no more segments than it may: with `office.place`, or else the municipality as it is
/// written; with the municipality without «Kommune»; without the place. With the program's own texts and an office that
/// [`check_short`] accepts there always is one. For words that it refuses, a last one is tried without anything about
/// the office; if even that is too long, because the municipality's own text is, the shortest goes out whole.
pub fn render_text(
    texts: &super::Texts,
    language: TextLanguage,
    which: ShortText,
    values: &AckValues<'_>,
) -> RenderedText {
    let kind = match which {
        ShortText::Acknowledgement if nobody_reads(values.closed) => Kind::Closed,
        ShortText::Acknowledgement => Kind::Acknowledgement,
        ShortText::Stopped => Kind::Stopped,
        ShortText::News => Kind::News,
        ShortText::Code => Kind::Code,
    };
    let text = texts.of(language).short.get(kind);
    let best = text.shortest_needed(kind, language, values, places(values.office));
    if best.measure.segments <= kind.most_segments() {
        return text.rendered(best);
    }
    // The reader has the page's address already; a text in three segments is no better for telling it again.
    let best = if values.link.is_some() {
        let without = AckValues { link: None, ..*values };
        text.shortest_needed(kind, language, &without, places(values.office))
    } else {
        best
    };
    if best.measure.segments <= kind.most_segments() {
        return text.rendered(best);
    }
    let office = OfficeWords::default();
    let bare = text.written(language, &AckValues { office: &office, ..*values }, None);
    text.rendered(if bare.measure.segments < best.measure.segments { bare } else { best })
}

/// Whether the closed text is the right one. Where a substitute reads the letters, `domain::promise` counts the
/// substitute's working days and promises an ordinary answer in ordinary time: «har lukket» would be untrue, and would
/// send people away whom somebody is there to help.
fn nobody_reads(closed: Option<&Closed>) -> bool {
    closed.is_some_and(|closed| closed.substitute.is_none())
}

/// How the place is named, in the order in which it is tried.
fn places(office: &OfficeWords) -> [Option<String>; 3] {
    let municipality = office.municipality.as_deref();
    let written = office.place.as_deref().or(municipality).map(str::to_owned);
    [written, municipality.and_then(without_its_word), None]
}

/// Checks that every short text keeps to its segments with what is said of the office, on the days with the longest
/// names. What passes holds on every day: a shorter date never takes more.
///
/// # Errors
/// The files that are too long, and how long they are.
pub fn check_short(texts: &super::Texts, office: &OfficeWords) -> Result<(), TextError> {
    let reference = Reference::from_random(0);
    let mut mistakes = Vec::new();
    for language in TextLanguage::ALL {
        let day = longest_day(language);
        let closed = Closed { through: day, substitute: None };
        let values = AckValues {
            closed: Some(&closed),
            code: Some("000000"),
            ..AckValues::new(&reference, day, office)
        };
        for kind in Kind::ALL {
            let text = texts.of(language).short.get(kind);
            let best = text.shortest_needed(kind, language, &values, places(office));
            if best.measure.segments > kind.most_segments() {
                let sentence = too_long(&best, kind.most_segments());
                mistakes.push(TextMistake { file: text.name.clone(), line: None, sentence });
            }
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(TextError { mistakes }) }
}

fn too_long(written: &Written, most: usize) -> String {
    let lacking =
        written.text.chars().find(|c| measure(c.encode_utf8(&mut [0; 4])).encoding == Encoding::Ucs2);
    let (alone, in_a_row, why) = match lacking {
        None => (160, 153, String::new()),
        Some(c) => {
            (70, 67, format!(", because text messages lack the character {c:?} and hold less with it"))
        }
    };
    let (most, room) = if most == 1 {
        ("one segment holds".to_owned(), alone)
    } else {
        (format!("{most} segments hold"), most * in_a_row)
    };
    format!(
        "is {} characters long with the longest dates and the words of [office]; {most} {room}{why}; make the \
         text or those words shorter",
        written.measure.units,
    )
}

/// A day whose name is longest. Every year has one: each weekday comes with a two-digit number in each month.
fn longest_day(language: TextLanguage) -> Date {
    let first = date(2024, 1, 1);
    let days = first.series(1.day()).take(366);
    days.max_by_key(|day| written_short(*day, language).chars().count()).unwrap_or(first)
}

#[cfg(test)]
mod tests;
