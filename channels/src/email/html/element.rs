//! What an element means for the text: a block, hidden, a quote, a signature. Looks at one tag at a time.

use html5gum::StartTag;

use crate::message::FoldReason;

/// A start tag, with the attributes that matter as text.
pub(super) struct Element<'a> {
    tag: &'a StartTag<()>,
}

impl<'a> Element<'a> {
    pub(super) fn new(tag: &'a StartTag<()>) -> Self {
        Self { tag }
    }

    pub(super) fn name(&self) -> &'a [u8] {
        &self.tag.name
    }

    /// The attribute's text, shortened to what any honest letter needs; empty when absent.
    pub(super) fn attribute(&self, name: &[u8]) -> String {
        const LONGEST: usize = 4096;
        self.tag.attributes.get(name).map_or_else(String::new, |value| {
            String::from_utf8_lossy(&value.value[..value.value.len().min(LONGEST)]).trim().to_owned()
        })
    }

    /// The inline style in lower case without white space, so that it can be searched for declarations.
    fn style(&self) -> String {
        self.attribute(b"style").chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
    }

    /// Whether the content is no text of the letter whatever the style says. It is read without markup, so it
    /// ends at its own end tag and cannot nest.
    pub(super) fn is_raw(&self) -> bool {
        matches!(self.name(), b"title" | b"style" | b"script")
    }

    /// Whether no reader sees the element's content.
    pub(super) fn is_hidden(&self) -> bool {
        if self.is_raw() || matches!(self.name(), b"template" | b"svg" | b"xml" | b"noframes" | b"iframe") {
            return true;
        }
        if self.tag.attributes.contains_key(b"hidden".as_slice()) {
            return true;
        }
        let style = self.style();
        style.contains("display:none")
            || style.contains("visibility:hidden")
            || style.contains("mso-hide:all")
            || (style.contains("max-height:0")
                && style.contains("overflow:hidden")
                && !style.contains("max-height:0."))
    }

    /// Whether the element keeps line breaks and runs of spaces.
    pub(super) fn is_preformatted(&self) -> bool {
        self.name() == b"pre" || self.style().contains("white-space:pre")
    }

    /// How many line ends set the element apart; 0 for what runs on in the line.
    pub(super) fn apart(&self) -> usize {
        match self.name() {
            b"p" if self.is_tight() => 1,
            b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"blockquote" | b"pre" | b"dl"
            | b"fieldset" => 2,
            b"ul" | b"ol" | b"menu" | b"dir" => 2,
            b"div" | b"table" | b"tr" | b"caption" | b"li" | b"dt" | b"dd" | b"address" | b"article"
            | b"aside" | b"section" | b"header" | b"footer" | b"nav" | b"main" | b"center" | b"form"
            | b"figure" | b"figcaption" | b"body" | b"html" | b"thead" | b"tbody" | b"tfoot" | b"legend"
            | b"details" | b"summary" | b"title" | b"option" | b"listing" => 1,
            _ => 0,
        }
    }

    /// A paragraph that the client sets without space around it, as Outlook and Word do for every line.
    fn is_tight(&self) -> bool {
        let class = self.attribute(b"class").to_lowercase();
        let style = self.style();
        class.split_whitespace().any(|name| {
            matches!(name.strip_prefix("x_").unwrap_or(name), "msonormal" | "msoplaintext" | "p1" | "p2")
        }) || style.contains("margin:0")
            || (style.contains("margin-top:0") && style.contains("margin-bottom:0"))
    }

    /// Whether a `blockquote` is somebody else's text. Gmail and Outlook indent with the same element.
    pub(super) fn is_quote(&self) -> Quoting {
        let style = self.style();
        let class = self.attribute(b"class").to_lowercase();
        if self.attribute(b"type").eq_ignore_ascii_case("cite")
            || self.tag.attributes.contains_key(b"cite".as_slice())
            || ["quote", "cite", "yahoo", "protonmail"].iter().any(|mark| class.contains(mark))
            || (style.contains("border-left")
                && !style.contains("border-left:none")
                && !style.contains("border-left:0"))
        {
            Quoting::Yes
        } else if style.contains("border:none") || style.contains("margin:00040px") {
            Quoting::No
        } else {
            Quoting::Unsaid
        }
    }

    /// What the client's own marks say of the element's content.
    pub(super) fn mark(&self) -> Option<Mark> {
        if self.tag.attributes.contains_key(b"data-signatureblock".as_slice()) {
            return Some(Mark { reason: FoldReason::Signature, reach: Reach::Element });
        }
        let (id, class) = (self.attribute(b"id").to_lowercase(), self.attribute(b"class").to_lowercase());
        // Outlook on the web prefixes the marks of letters that it shows.
        let names = std::iter::once(id.as_str()).chain(class.split_whitespace());
        names.map(|name| name.strip_prefix("x_").unwrap_or(name)).find_map(mark_of)
    }
}

/// Whether a `blockquote` quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// The client says so.
    Yes,
    /// It only indents.
    No,
    /// Nothing is said: the words before decide.
    Unsaid,
}

/// A stretch that a client marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) reason: FoldReason,
    pub(super) reach: Reach,
}

/// How far a mark reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// To the end of the element.
    Element,
    /// To the end of the letter: Outlook puts the old letter after the marked element, not into it.
    Letter,
}

fn mark_of(name: &str) -> Option<Mark> {
    let (reason, reach) = match name {
        "divrplyfwdmsg"
        | "appendonsend"
        | "mail-editor-reference-message-container"
        | "ms-outlook-mobile-reference-message" => (FoldReason::Quote, Reach::Letter),
        "olk_src_body_section"
        | "yahoo_quoted"
        | "outlookmessageheader"
        | "zmail_extra"
        | "moz-cite-prefix"
        | "moz-forward-container"
        | "gmail_attr"
        | "reply-intro"
        | "replyintro"
        | "quoted-plain-text" => (FoldReason::Quote, Reach::Element),
        "gmail_signature"
        | "moz-signature"
        | "signature"
        | "ms-outlook-mobile-signature"
        | "protonmail_signature_block"
        | "applemailsignature"
        | "yahoo_signature"
        | "ymail_android_signature"
        | "rcsignature"
        | "zm_sign" => (FoldReason::Signature, Reach::Element),
        _ => return None,
    };
    // A letter of nothing but a forwarded one is kept visible by the fold itself.
    Some(Mark { reason, reach })
}
