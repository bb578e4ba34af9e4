//! Walks the tokens of a letter and writes its text.

use html5gum::emitters::default::{DefaultEmitter, Token};
use html5gum::{StartTag, Tokenizer};

use super::HtmlText;
use super::element::{Element, Mark, Quoting, Reach};
use super::link::Link;
use super::output::Output;
use crate::message::Fold;

/// Open elements beyond this depth have no effect of their own. Browsers stop at 512 too.
const DEEPEST: usize = 512;

/// What is done with hidden text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    LeftOut,
    Shown,
}

/// Walks the letter once.
pub(super) fn walk(html: &str, hidden: Hidden) -> HtmlText {
    let mut emitter = DefaultEmitter::default();
    // Without this, scripts and styles would be read as markup.
    emitter.naively_switch_states(true);
    let mut walker = Walker {
        hidden,
        output: Output::default(),
        open: Vec::new(),
        tables: Vec::new(),
        lists: Vec::new(),
        hints: Vec::new(),
        marked_to_end: false,
    };
    for token in Tokenizer::new_with_emitter(html.as_bytes(), emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => walker.start(&tag),
            Token::EndTag(tag) => walker.end(&tag.name),
            Token::String(text) => walker.text(&String::from_utf8_lossy(&text.value)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    while walker.pop().is_some() {}
    let text = walker.output.text;
    for hint in &mut walker.hints {
        hint.end = hint.end.min(text.len());
    }
    walker.hints.retain(|hint| hint.start < hint.end);
    HtmlText { text, hints: walker.hints }
}

/// An element whose end matters.
struct Open {
    name: Vec<u8>,
    apart: usize,
    hidden: bool,
    preformatted: bool,
    quoted: bool,
    /// A mark, and where in the text the element began.
    mark: Option<(Mark, usize)>,
    link: Option<Link>,
}

/// A table's row, as far as it is read.
#[derive(Default)]
struct Row {
    cells: usize,
    lines_at_cell: usize,
}

struct Walker {
    hidden: Hidden,
    output: Output,
    open: Vec<Open>,
    tables: Vec<Row>,
    /// The number of the next item, for lists that count.
    lists: Vec<Option<u32>>,
    hints: Vec<Fold>,
    /// The rest of the letter is marked already.
    marked_to_end: bool,
}

impl Walker {
    fn is_hidden(&self) -> bool {
        self.open.last().is_some_and(|open| open.hidden)
    }

    fn text(&mut self, text: &str) {
        if self.is_hidden() {
            return;
        }
        if text.chars().any(|c| !c.is_whitespace())
            && let Some(link) = self.open.iter_mut().rev().find_map(|open| open.link.as_mut())
        {
            link.words = true;
        }
        if self.open.last().is_some_and(|open| open.preformatted) {
            self.output.preformatted(text);
        } else {
            self.output.words(text);
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let element = Element::new(tag);
        self.close_implied(element.name());
        if self.is_hidden() && is_void(element.name()) {
            return;
        }
        match element.name() {
            b"br" => self.output.line_break(),
            b"hr" => {
                self.output.break_lines(1);
                self.output.words("----------");
                self.output.break_lines(1);
            }
            b"img" => self.image(&element),
            name if is_void(name) => {}
            _ => self.open(&element),
        }
    }

    fn open(&mut self, element: &Element<'_>) {
        let name = element.name();
        let hidden =
            self.is_hidden() || element.is_raw() || (self.hidden == Hidden::LeftOut && element.is_hidden());
        let mut apart = element.apart();
        let preformatted =
            self.open.last().is_some_and(|open| open.preformatted) || element.is_preformatted();
        let mut open =
            Open { name: name.to_vec(), apart, hidden, preformatted, quoted: false, mark: None, link: None };
        if !hidden && self.open.len() < DEEPEST {
            if matches!(name, b"ul" | b"ol" | b"menu" | b"dir" | b"p") && !self.lists.is_empty() {
                // What is inside a list follows its item closely.
                apart = 1;
                open.apart = 1;
            }
            if apart > 0 && !matches!(name, b"td" | b"th") {
                self.output.break_lines(apart);
            }
            match name {
                b"blockquote" => {
                    open.quoted = match element.is_quote() {
                        Quoting::Yes => true,
                        Quoting::No => false,
                        Quoting::Unsaid => self.output.is_quoted() || announces_quote(&self.output.text),
                    };
                    if open.quoted {
                        self.output.set_quote(true);
                    }
                }
                b"ul" | b"menu" | b"dir" => self.open_list(None),
                b"ol" => self.open_list(Some(element.attribute(b"start").parse().unwrap_or(1))),
                b"li" => self.item(),
                b"table" => self.tables.push(Row::default()),
                b"tr" => {
                    if let Some(row) = self.tables.last_mut() {
                        *row = Row::default();
                    }
                }
                b"td" | b"th" => self.cell(),
                b"a" => open.link = Link::new(element, self.output.text.len()),
                _ => {}
            }
            // Marks inside a mark of the same sort add nothing, and would cost the square of a hostile letter.
            open.mark = element
                .mark()
                .filter(|mark| {
                    !self.marked_to_end
                        && !self.open.iter().any(|open| open.mark.is_some_and(|(outer, _)| outer == *mark))
                })
                .map(|mark| (mark, self.output.text.len()));
            self.marked_to_end |= open.mark.is_some_and(|(mark, _)| mark.reach == Reach::Letter);
        }
        // What runs on in the line and has no effect is not kept: its end tags are often misplaced.
        let kept = apart > 0
            || hidden
            || preformatted
            || open.mark.is_some()
            || open.link.is_some()
            || matches!(name, b"td" | b"th");
        if kept && (self.open.len() < DEEPEST || element.is_raw()) {
            self.open.push(open);
        }
    }

    fn end(&mut self, name: &[u8]) {
        if name == b"br" {
            self.output.line_break();
            return;
        }
        // An end tag inside a cell does not reach out of the cell.
        let barrier = !matches!(
            name,
            b"table" | b"tr" | b"tbody" | b"thead" | b"tfoot" | b"td" | b"th" | b"body" | b"html"
        );
        let found = self
            .open
            .iter()
            .rev()
            .take_while(|open| {
                !(barrier && matches!(open.name.as_slice(), b"td" | b"th") && open.name != name)
            })
            .position(|open| open.name == name);
        if let Some(depth) = found {
            for _ in 0..=depth {
                self.pop();
            }
        } else if name == b"p" && !self.is_hidden() {
            self.output.break_lines(2);
        }
    }

    /// Closes what the start of `name` closes without an end tag (HTML section 13.2.6.4.7, the common cases).
    fn close_implied(&mut self, name: &[u8]) {
        let (closes, barriers): (&[&[u8]], &[&[u8]]) = match name {
            b"li" => (&[b"li"], &[b"ul", b"ol", b"menu", b"dir", b"td", b"th"]),
            b"dt" | b"dd" => (&[b"dt", b"dd"], &[b"dl", b"td", b"th"]),
            b"td" | b"th" => (&[b"td", b"th"], &[b"tr", b"table"]),
            b"tr" => (&[b"tr"], &[b"table"]),
            b"a" => (&[b"a"], &[b"td", b"th", b"table"]),
            b"option" => (&[b"option"], &[b"select"]),
            _ => {
                let block = matches!(
                    name,
                    b"p" | b"div"
                        | b"table"
                        | b"ul"
                        | b"ol"
                        | b"dl"
                        | b"blockquote"
                        | b"pre"
                        | b"hr"
                        | b"h1"
                        | b"h2"
                        | b"h3"
                        | b"h4"
                        | b"h5"
                        | b"h6"
                        | b"center"
                        | b"address"
                        | b"form"
                        | b"section"
                        | b"article"
                );
                if block && self.open.last().is_some_and(|open| open.name == b"p") {
                    self.pop();
                }
                return;
            }
        };
        let is = |open: &Open, names: &[&[u8]]| names.contains(&open.name.as_slice());
        let found =
            self.open.iter().rev().take_while(|open| !is(open, barriers)).position(|open| is(open, closes));
        if let Some(depth) = found {
            for _ in 0..=depth {
                self.pop();
            }
        }
    }

    /// Ends the innermost open element.
    fn pop(&mut self) -> Option<()> {
        let open = self.open.pop()?;
        if open.hidden {
            return Some(());
        }
        if let Some(link) = open.link {
            self.end_link(&link);
        }
        if open.name == b"li" {
            self.output.end_item();
        }
        if open.apart > 0 {
            self.output.break_lines(open.apart);
        }
        if open.quoted {
            self.output.set_quote(false);
        }
        match open.name.as_slice() {
            b"ul" | b"ol" | b"menu" | b"dir" => {
                self.lists.pop();
                self.output.list = self.lists.len();
            }
            b"table" => {
                self.tables.pop();
            }
            _ => {}
        }
        if let Some((mark, start)) = open.mark {
            let end = match mark.reach {
                Reach::Element => self.output.text.len(),
                Reach::Letter => usize::MAX,
            };
            if start < end {
                self.hints.push(Fold { start, end, reason: mark.reason });
            }
        }
        Some(())
    }

    fn open_list(&mut self, next: Option<u32>) {
        self.lists.push(next);
        self.output.list = self.lists.len();
    }

    fn item(&mut self) {
        let mark = match self.lists.last_mut() {
            Some(Some(next)) => {
                let mark = format!("{next}. ");
                *next = next.saturating_add(1);
                mark
            }
            _ => "- ".to_owned(),
        };
        self.output.list_mark(&mark);
    }

    fn cell(&mut self) {
        let Some(row) = self.tables.last_mut() else { return };
        if row.cells > 0 {
            self.output.next_cell(row.lines_at_cell);
        }
        row.cells += 1;
        row.lines_at_cell = self.output.lines_when_words_follow();
    }

    fn image(&mut self, element: &Element<'_>) {
        let pixel = [b"width".as_slice(), b"height"]
            .iter()
            .any(|side| matches!(element.attribute(side).trim_end_matches("px"), "0" | "1"));
        if pixel || (self.hidden == Hidden::LeftOut && element.is_hidden()) {
            return;
        }
        let described = [b"alt".as_slice(), b"title"]
            .iter()
            .map(|name| element.attribute(name))
            .find(|words| !words.is_empty());
        // A picture alone in a link is named by the link, if that has a name.
        let named = self
            .open
            .iter()
            .rev()
            .find_map(|open| open.link.as_ref())
            .is_some_and(|link| !link.title.is_empty());
        if let Some(words) = described
            && !named
        {
            self.output.words("[");
            self.output.words(&words);
            self.output.words("]");
        }
    }

    /// Writes the address of a link after its words, unless the words are the address.
    fn end_link(&mut self, link: &Link) {
        if link.is_said_by(&self.output.text[link.start..]) {
            return;
        }
        if let Some(title) = link.title_for_picture(&self.output.text[link.start..]) {
            self.output.words(title);
        }
        if self.output.text.len() > link.start {
            self.output.words(" <");
            self.output.words(&link.written());
            self.output.words(">");
        } else {
            self.output.words(&link.written());
        }
    }
}

/// Whether the last words announce a quote: the line ends in a colon and names a date or an address.
fn announces_quote(text: &str) -> bool {
    let last = text.trim_end().rsplit('\n').next().unwrap_or_default();
    last.len() < 600 && last.ends_with(':') && last.contains(|c: char| c == '@' || c.is_ascii_digit())
}

fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
            | b"basefont"
            | b"bgsound"
            | b"frame"
            | b"keygen"
    )
}
