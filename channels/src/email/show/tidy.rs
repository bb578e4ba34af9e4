//! The first wall: writes a letter's markup anew, element by element, with nothing that does not stand in the table of
//! [`allowed`](super::allowed), every element ended in order, and no more of them than a page can bear.
//!
//! Works on tokens, with a bounded stack, so that a hostile letter costs time in proportion to its size. The order that it
//! leaves is what keeps the second wall cheap: a tree builder that is given unclosed and crossed elements makes new ones of
//! them, thousands for one (HTML section 13.2.4.3), and looks through all open ones at every tag.

mod order;
mod tag;

use html5gum::emitters::default::{DefaultEmitter, Token};
use html5gum::{StartTag, Tokenizer};
use order::is_of_table;

use super::allowed::{self, Element, Sort};
use super::picture::Pictures;

/// Open elements beyond this depth are left out, with their text kept. Browsers stop at 512 themselves.
const OPEN: usize = 400;
/// Elements beyond this depth are not written.
const DEEPEST: usize = 180;
/// How many tags are read, and how many elements written.
const MOST: usize = 200_000;

/// How long a stretch of text without any tag may grow, in bytes, until something that shows nothing stands in it. Whoever
/// writes the page out looks through the rest of a stretch at every sign that has to be escaped, so a long one of nothing
/// but such signs would cost its square.
const STRETCH: usize = 4 << 10;

/// Markup that is in order, and what was left out of it.
pub(super) struct Tidy<'p, 'a> {
    /// What is written so far.
    pub(super) out: String,
    /// How many references to something outside the letter were met.
    pub(super) blocked: u32,
    /// Whether the letter goes on beyond what is written.
    pub(super) shortened: bool,
    /// The pictures of the letter.
    pub(super) pictures: &'p mut Pictures<'a>,
    /// Whether anything was written that can be seen.
    pub(super) visible: bool,
    open: Vec<Open>,
    written: usize,
    /// An element whose content is not shown, how often it was opened inside itself, and its text.
    unseen: Option<(Vec<u8>, usize, String)>,
    tags: usize,
    /// How long the text is since the last tag.
    stretch: usize,
    /// How many more bytes of markup may be written, pictures apart: those have a budget of their own.
    budget: usize,
}

/// An element that has begun.
struct Open {
    element: &'static Element,
    /// The start tag as it was written; `None` when it was not.
    tag: Option<String>,
    /// Its end came before that of something inside it that stands apart; it ends as soon as that has ended.
    ended: bool,
}

impl<'p, 'a> Tidy<'p, 'a> {
    pub(super) fn new(pictures: &'p mut Pictures<'a>, budget: usize) -> Self {
        Self {
            out: String::new(),
            blocked: 0,
            shortened: false,
            pictures,
            visible: false,
            open: Vec::new(),
            written: 0,
            unseen: None,
            tags: 0,
            stretch: 0,
            budget,
        }
    }

    /// Adds plain text.
    pub(super) fn plain(&mut self, text: &str) {
        self.write("<div style=\"white-space:pre-wrap\">");
        self.text(text);
        self.write("</div>");
    }

    /// Adds a letter's markup.
    pub(super) fn markup(&mut self, html: &str) {
        self.tokens(html);
        self.unseen = None;
        while self.pop().is_some() {}
    }

    fn tokens(&mut self, html: &str) {
        let mut emitter = DefaultEmitter::default();
        // Without this, scripts and styles would be read as markup.
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(html.as_bytes(), emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => self.start(&tag),
                Token::EndTag(tag) => self.end(&tag.name),
                Token::String(text) => self.text(&String::from_utf8_lossy(&text.value)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
            if self.shortened {
                break;
            }
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        self.tags += 1;
        self.shortened |= self.tags > MOST;
        if let Some((name, depth, _)) = &mut self.unseen {
            *depth += usize::from(*name == tag.name.0);
            return;
        }
        self.blocked = self.blocked.saturating_add(tag::remote(tag));
        if is_unseen(&tag.name) {
            self.unseen = Some((tag.name.0.clone(), 0, String::new()));
            return;
        }
        let Some(element) = allowed::element(&tag.name) else { return };
        self.settle();
        if !self.make_room(element) {
            return;
        }
        let fits = element.sort == Sort::Void || !self.between_cells() || is_of_table(element);
        let (tag, picture) = if fits { self.tag(element, tag).unzip() } else { (None, None) };
        if element.sort == Sort::Void {
            self.budget = self.budget.saturating_add(picture.unwrap_or_default());
            tag.into_iter().for_each(|tag| self.write(&tag));
        } else if self.open.len() < OPEN {
            self.push(element, tag);
        }
    }

    fn end(&mut self, name: &[u8]) {
        self.tags += 1;
        if let Some((unseen, depth, text)) = &mut self.unseen {
            if *unseen != name {
                return;
            }
            if *depth > 0 {
                *depth -= 1;
                return;
            }
            let (text, noscript) = (std::mem::take(text), unseen == b"noscript");
            if unseen == b"style" {
                self.blocked = self.blocked.saturating_add(tag::remote_in_css(&text));
            }
            self.unseen = None;
            if noscript {
                // Nothing runs scripts here, so this is markup like any other.
                self.tokens(&text);
                self.unseen = None;
            }
            return;
        }
        if name == b"br" {
            self.write("<br>");
        }
        // What comes after the end of the page still belongs to it.
        let page = |element: &Element| matches!(element.name, "body" | "html");
        let Some(element) = allowed::element(name).filter(|element| !page(element)) else { return };
        self.settle();
        match element.sort {
            Sort::Void => {}
            Sort::Table | Sort::Section | Sort::Row | Sort::Cell => self.end_of_table(element),
            Sort::Inline | Sort::Formatting => self.end_of_words(element),
            Sort::Block | Sort::Item => self.close(|open| open.name == element.name),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, _, unseen)) = &mut self.unseen {
            if unseen.len() + text.len() <= self.budget {
                unseen.push_str(text);
            }
            return;
        }
        self.settle();
        self.visible |= text.chars().any(|c| !c.is_whitespace());
        for c in text.chars().filter(|c| !allowed::unseen(*c)) {
            let mut buffer = [0; 4];
            let written = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                c if c.is_control() && c != '\t' && c != '\n' => continue,
                c => c.encode_utf8(&mut buffer),
            };
            let long = self.stretch > STRETCH && c.is_whitespace() || self.stretch > 2 * STRETCH;
            if long {
                self.write("<span></span>");
            }
            if written.len() > self.budget {
                self.shortened = true;
                break;
            }
            self.budget -= written.len();
            self.stretch += written.len();
            self.out.push_str(written);
        }
    }

    fn push(&mut self, element: &'static Element, tag: Option<String>) {
        let tag = tag.filter(|_| self.written < DEEPEST);
        let over = tag.as_ref().is_some_and(|tag| tag.len() > self.budget);
        self.shortened |= over;
        let tag = tag.filter(|_| !over);
        if let Some(tag) = &tag {
            self.written += 1;
            self.tags += 1;
            self.write(tag);
        }
        self.open.push(Open { element, tag, ended: false });
    }

    fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        if open.tag.is_some() {
            self.written -= 1;
            self.stretch = 0;
            // Ends are written beyond the budget too: what was begun must end.
            self.out.push_str("</");
            self.out.push_str(open.element.shown);
            self.out.push('>');
        }
        Some(open)
    }

    fn write(&mut self, markup: &str) {
        if markup.len() > self.budget {
            self.shortened = true;
            return;
        }
        self.budget -= markup.len();
        self.stretch = 0;
        self.out.push_str(markup);
    }
}

/// Elements of which not even the text is shown, as browsers that run no scripts do.
fn is_unseen(name: &[u8]) -> bool {
    matches!(
        name,
        b"script" | b"style" | b"title" | b"iframe" | b"noembed" | b"noframes" | b"noscript" | b"template"
    )
}
