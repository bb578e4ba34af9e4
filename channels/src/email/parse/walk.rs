//! The parts of a letter, in order: what a person reads, and which files came along.
//!
//! Own, instead of the parser's lists, because those leave out what real letters need: the character set that only
//! the part around states, text without a subtype, an alternative whose plain side is empty, files inside forwarded
//! letters.

use std::borrow::Cow;

use mail_parser::{HeaderName, HeaderValue, Message, MessagePart, PartType};

use super::stated::{header, name, stated};
use super::transfer::Transfer;

/// What a part is to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Plain text.
    Plain,
    /// HTML.
    Html,
    /// An invitation (RFC 5545).
    Calendar,
    /// Text of another sort, such as enriched text.
    OtherText,
    /// A letter inside the letter.
    Letter,
    /// Anything else.
    File,
}

/// One part that holds something itself.
pub(super) struct Leaf<'m> {
    message: &'m Message<'m>,
    /// The part.
    pub(super) part: &'m MessagePart<'m>,
    /// Its number among all parts, counted from the outermost, letters inside letters included.
    pub(super) number: usize,
    /// What it is.
    pub(super) kind: Kind,
    /// `type/subtype` in lower case.
    pub(super) media_type: String,
    /// The character set that it states, or the part around it.
    pub(super) charset: Option<String>,
    /// The name that the sender gave it, decoded but not yet safe.
    pub(super) name: Option<String>,
    /// Shown inside the text.
    pub(super) inline: bool,
    /// Whether it stands among the files.
    pub(super) file: bool,
    /// How deep inside letters inside the letter.
    pub(super) level: usize,
}

impl Leaf<'_> {
    /// Its bytes with the transfer encoding undone.
    pub(super) fn bytes(&self) -> Cow<'_, [u8]> {
        let (start, end) = (self.part.offset_body as usize, self.part.offset_end as usize);
        let raw = self.message.raw_message.get(start..end).unwrap_or_default();
        transfer(self.part).undo(raw)
    }
}

fn transfer(part: &MessagePart<'_>) -> Transfer {
    let value = part.headers.iter().rev().find(|header| header.name == HeaderName::ContentTransferEncoding);
    value.and_then(|header| header.value.as_text()).map_or(Transfer::Identity, Transfer::of)
}

/// The whole letter, taken apart.
pub(super) struct Walk<'m> {
    /// Every part that holds something.
    pub(super) leaves: Vec<Leaf<'m>>,
    /// The leaves that are read, in order, as places in `leaves`.
    pub(super) read: Vec<usize>,
    /// The same for every letter inside, in order.
    pub(super) letters: Vec<Vec<usize>>,
    /// Whether something was left out because of the limits.
    pub(super) over: bool,
    most: usize,
    deepest: usize,
    next: usize,
    prefer: Prefer,
}

/// Which of the forms of one text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefer {
    /// Plain text, unless it is blank.
    Plain,
    /// HTML, unless it shows nothing.
    Html,
}

/// Where a part stands.
#[derive(Clone)]
struct Place<'m> {
    charset: Option<&'m str>,
    depth: usize,
    level: usize,
    root: bool,
    digest: bool,
}

/// Takes a letter apart, no further than the limits. The numbers of its parts do not depend on what is preferred.
pub(super) fn walk<'m>(message: &'m Message<'m>, most: usize, deepest: usize, prefer: Prefer) -> Walk<'m> {
    let mut walk = Walk {
        leaves: Vec::new(),
        read: Vec::new(),
        letters: Vec::new(),
        over: false,
        most,
        deepest,
        next: 0,
        prefer,
    };
    let place = Place { charset: None, depth: 0, level: 0, root: true, digest: false };
    walk.read = walk.part(message, 0, &place);
    walk
}

impl<'m> Walk<'m> {
    /// Takes one part in, and says which of its leaves are read.
    fn part(&mut self, message: &'m Message<'m>, id: u32, place: &Place<'m>) -> Vec<usize> {
        let Some(part) = message.parts.get(id as usize) else { return Vec::new() };
        let number = self.next;
        self.next += 1;
        if self.leaves.len() >= self.most || place.depth > self.deepest {
            self.over = true;
            return Vec::new();
        }
        let (media_type, charset) = stated(part, place.digest);
        let charset = charset.or(place.charset);
        if let PartType::Multipart(children) = &part.body {
            let inner = Place {
                charset,
                depth: place.depth + 1,
                root: false,
                digest: media_type == "multipart/digest",
                ..place.clone()
            };
            return self.multipart(message, &media_type, children, &inner);
        }
        self.leaf(message, part, number, media_type, charset, place)
    }

    fn multipart(
        &mut self,
        message: &'m Message<'m>,
        media_type: &str,
        children: &[u32],
        inner: &Place<'m>,
    ) -> Vec<usize> {
        let mut read: Vec<Vec<usize>> = Vec::new();
        for child in children {
            read.push(self.part(message, *child, inner));
        }
        match media_type {
            "multipart/alternative" => self.alternative(read),
            "multipart/related" => {
                // The first is the text; other texts are what it refers to.
                let mut read = read.into_iter().filter(|leaves| !leaves.is_empty());
                let root = read.next().unwrap_or_default();
                read.flatten().for_each(|at| self.leaves[at].file = true);
                root
            }
            _ => self.mixed(read),
        }
    }

    /// The same in several forms: the preferred one.
    fn alternative(&mut self, children: Vec<Vec<usize>>) -> Vec<usize> {
        let plain = |walk: &Self, leaves: &[usize]| {
            leaves.iter().any(|at| walk.leaves[*at].kind == Kind::Plain && !walk.blank(*at))
        };
        let has = |walk: &Self, leaves: &[usize], kind| leaves.iter().any(|at| walk.leaves[*at].kind == kind);
        let html = |walk: &Self, leaves: &[usize]| leaves.iter().any(|at| walk.shows_html(*at));
        let wanted = children.iter().position(|leaves| self.prefer == Prefer::Html && html(self, leaves));
        let best = wanted
            .or_else(|| children.iter().position(|leaves| plain(self, leaves)))
            .or_else(|| children.iter().position(|leaves| has(self, leaves, Kind::Html)))
            .or_else(|| children.iter().position(|leaves| !leaves.is_empty()));
        let Some(best) = best else { return Vec::new() };
        let also_plain = wanted.is_none() && plain(self, &children[best]);
        let mut chosen = Vec::new();
        for (index, leaves) in children.into_iter().enumerate() {
            if index == best || (also_plain && index > best && plain(self, &leaves)) {
                chosen.extend(leaves);
            } else {
                for at in leaves {
                    self.leaves[at].file |= self.leaves[at].kind == Kind::Calendar;
                }
            }
        }
        chosen
    }

    /// One after the other. A plain part and an HTML part with nothing else to read are an alternative whose
    /// sender did not say so, as long as the HTML is not the longer by far.
    fn mixed(&mut self, children: Vec<Vec<usize>>) -> Vec<usize> {
        let all: Vec<usize> = children.into_iter().flatten().collect();
        if let [first, second] = all[..] {
            let kinds = (self.leaves[first].kind, self.leaves[second].kind);
            let nameless = self.leaves[second].name.is_none();
            if kinds == (Kind::Plain, Kind::Html) && nameless && !self.blank(first) {
                let html = words_in_html(&self.leaves[second].bytes());
                let plain = self.leaves[first]
                    .bytes()
                    .split(u8::is_ascii_whitespace)
                    .filter(|w| !w.is_empty())
                    .count();
                if html <= plain.saturating_mul(2) + 10 {
                    let html = self.prefer == Prefer::Html && self.shows_html(second);
                    let (read, other) = if html { (second, first) } else { (first, second) };
                    self.leaves[other].file = true;
                    return vec![read];
                }
            }
        }
        all
    }

    fn blank(&self, at: usize) -> bool {
        let bytes = self.leaves[at].bytes();
        let visible = |byte: &u8| !byte.is_ascii_whitespace() && !byte.is_ascii_control();
        // A lone no-break space, in UTF-8 or Latin-1, is what some programs write for nothing.
        bytes.iter().filter(|byte| visible(byte)).all(|byte| matches!(byte, 0xa0 | 0xc2))
    }

    /// Whether a leaf is HTML that shows anything: words or a picture.
    fn shows_html(&self, at: usize) -> bool {
        let leaf = &self.leaves[at];
        if leaf.kind != Kind::Html {
            return false;
        }
        let bytes = leaf.bytes();
        words_in_html(&bytes) > 0 || bytes.windows(4).any(|tag| tag.eq_ignore_ascii_case(b"<img"))
    }

    fn leaf(
        &mut self,
        message: &'m Message<'m>,
        part: &'m MessagePart<'m>,
        number: usize,
        media_type: String,
        charset: Option<&str>,
        place: &Place<'m>,
    ) -> Vec<usize> {
        let name = name(message, part);
        let disposition = header(part, "Content-Disposition").and_then(HeaderValue::as_content_type);
        let disposition = disposition.map(|value| value.ctype().to_ascii_lowercase());
        let attached = disposition.as_deref().is_some_and(|value| value != "inline" && !value.is_empty());
        let stated_inline = disposition.as_deref() == Some("inline");
        let has_id = header(part, "Content-ID").is_some();
        let kind = match &part.body {
            PartType::Message(_) => Kind::Letter,
            // Parts that announce parts and hold none: a boundary is missing or wrong.
            _ if media_type.starts_with("multipart/") => Kind::Plain,
            _ => kind_of(&media_type),
        };
        let text = matches!(kind, Kind::Plain | Kind::Html | Kind::Calendar);
        let shown = text && (place.root || !attached && (name.is_none() || stated_inline));
        let at = self.leaves.len();
        self.leaves.push(Leaf {
            message,
            part,
            number,
            kind,
            media_type,
            charset: charset.map(str::to_owned),
            file: !shown || attached || name.is_some() || kind == Kind::Calendar && !place.root,
            inline: stated_inline || disposition.is_none() && has_id,
            name,
            level: place.level,
        });
        if let PartType::Message(inner) = &part.body {
            let inside = Place {
                charset: None,
                depth: place.depth + 1,
                level: place.level + 1,
                root: true,
                digest: false,
            };
            let read = self.part(inner, 0, &inside);
            self.letters.push(read);
        }
        if shown { vec![at] } else { Vec::new() }
    }
}

/// The text of an element tree, roughly: words that stand outside tags.
fn words_in_html(markup: &[u8]) -> usize {
    let (mut words, mut inside, mut in_tag) = (0, false, false);
    for byte in markup {
        match byte {
            b'<' => (in_tag, inside) = (true, false),
            b'>' => in_tag = false,
            _ if in_tag => {}
            byte if byte.is_ascii_whitespace() => inside = false,
            _ if !inside => (words, inside) = (words + 1, true),
            _ => {}
        }
    }
    words
}

fn kind_of(media_type: &str) -> Kind {
    match media_type {
        "text/plain" | "text/x-plain" | "plain/text" => Kind::Plain,
        "text/html" | "application/xhtml+xml" => Kind::Html,
        "text/calendar" => Kind::Calendar,
        other if other.starts_with("text/") => Kind::OtherText,
        _ => Kind::File,
    }
}
