//! What passes between us and a gateway, as plain data: the request that it makes, the answer that it gets, the text
//! that goes out, and what came of it.
//!
//! Knows no gateway. A [`Call`] has a written form (RFC 9112 `message/http`), which is what is kept as a text's original
//! and what a recorded case in `testdata` looks like.

mod record;

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

/// One HTTP request of a gateway's, as it arrived. The secret of its path is taken out before it is made.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// `GET` or `POST`.
    pub method: String,
    /// The path, still percent-encoded, without the secret.
    pub path: String,
    /// What follows the `?`, still percent-encoded; empty when nothing does.
    pub query: String,
    /// Header fields in order, their names lower-cased.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Call {
    /// The first header field of a name, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The media type of the body, in lower case, without parameters.
    pub fn media_type(&self) -> String {
        let written = self.header("content-type").unwrap_or_default();
        written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

/// Prints no query and no body: they hold what a citizen wrote.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({}, {} bytes)", self.method, self.body.len())
    }
}

/// What we answer a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The media type of the body; empty when there is no body.
    pub media_type: String,
    /// The body. Some gateways send it to the citizen, so it is empty unless a gateway demands one.
    pub body: String,
}

/// What one request of a gateway's tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tidings {
    /// A text, or a part of one.
    Text(InboundText),
    /// What became of a text of ours.
    Report(Report),
    /// Something authentic in which no text could be found. Kept, and put on hold for a person.
    Unreadable {
        /// What is missing, in words; never what stands there.
        detail: String,
    },
    /// Something that the preset says concerns nobody, such as a sign of life.
    Nothing,
}

/// A text as a gateway brings it, before anything is decided.
#[derive(Clone, PartialEq, Eq)]
pub struct InboundText {
    /// The gateway's number for it, the same at every redelivery; `None` when the gateway gives none.
    pub id: Option<String>,
    /// The sender as the gateway writes it; may be empty, a short code, or a name.
    pub from: String,
    /// The number that it was sent to, as the gateway writes it; `None` when the gateway does not say.
    pub to: Option<String>,
    /// What was written.
    pub body: Body,
    /// When the gateway got it.
    pub sent_at: Option<Timestamp>,
    /// Which part of a longer text it is; `None` when it is whole.
    pub part: Option<Part>,
    /// How many pictures or other files came along, which the gateway keeps (MMS).
    pub files: u32,
}

/// Counts only.
impl fmt::Debug for InboundText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InboundText({} bytes, {:?})", self.body.len(), self.part)
    }
}

/// The words of a text or of one part of it. Parts are put together before they are decoded: a character can stand
/// across the border of two.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// Decoded by the gateway.
    Text(String),
    /// UTF-16, big-endian (TS 23.038 section 6.2.3), as bytes.
    Utf16(Vec<u8>),
    /// Neither text nor anything that we could show as text (TS 23.038 8-bit data).
    Binary(Vec<u8>),
}

impl Body {
    /// Its length in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Utf16(bytes) | Self::Binary(bytes) => bytes.len(),
        }
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.len())
    }
}

/// Which part of a longer text (TS 23.040 section 9.2.3.24.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// The reference that the parts of one text share.
    pub reference: String,
    /// How many parts there are, at least 2.
    pub total: u8,
    /// Which one this is, from 1 to `total`.
    pub number: u8,
}

/// What became of a text of ours, as the gateway reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Which text.
    pub about: About,
    /// What became of it.
    pub status: Delivery,
    /// The gateway's own word or code for it, and for the error; kept as it is, at most 100 characters.
    pub detail: String,
}

/// How a report names the text of ours that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// By the token that we sent along.
    Token(String),
    /// By the number that the gateway gave when it took the text.
    ProviderId(String),
}

/// What became of a text of ours on its way to the telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// A word that the preset does not know.
    Unknown,
    /// Still on its way.
    Pending,
    /// It will not arrive.
    Failed,
    /// The telephone has it.
    Delivered,
}

impl Delivery {
    /// Whether nothing more is to come.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Failed | Self::Delivered)
    }

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
        }
    }
}

/// A text that is to go out.
#[derive(Clone, Copy)]
pub struct OutgoingText<'a> {
    /// To whom, in E.164 form with `+`.
    pub to: &'a str,
    /// From which number or short code: E.164 form with `+`, or the short code's digits.
    pub from: &'a str,
    /// The words.
    pub text: &'a str,
    /// What we know it by, the same at every try: 1 to 36 characters of `a-z0-9-`.
    pub token: &'a str,
    /// Where the gateway is to report what became of it; holds the token.
    pub report_url: &'a str,
}

impl fmt::Debug for OutgoingText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutgoingText({} bytes)", self.text.len())
    }
}

/// What an account with a gateway is proved by. Which of them a gateway needs stands in its preset.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// The account's name (user, account SID, API key that is no secret).
    pub user: Option<String>,
    /// The password, token or key that is sent.
    pub password: Option<SecretString>,
    /// What the gateway signs its requests with.
    pub signing_secret: Option<SecretString>,
    /// What stands in the path of a gateway's requests that are not signed.
    pub path_secret: Option<SecretString>,
}

/// A request of ours, ready to be made. Never printed: gateways want secrets and the citizen's number in the oddest
/// places.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The whole address, query included.
    pub url: String,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    /// The body; empty for `GET`.
    pub body: Vec<u8>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({}, {} bytes)", self.method, self.body.len())
    }
}

/// What came of handing a text to a gateway. The words name the gateway's code, never the number or the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The gateway took it.
    Accepted {
        /// The gateway's number for it, when it gives one.
        id: Option<String>,
    },
    /// The gateway did not take it, and never will.
    Refused {
        /// Why.
        words: String,
    },
    /// The gateway did not take it, but may later.
    Later {
        /// Why.
        words: String,
        /// How long the gateway wants us to wait (RFC 9110 section 10.2.3).
        after: Option<Duration>,
        /// How many tries in all make sense for this reason; `None` when only time limits them.
        tries: Option<u32>,
    },
    /// The gateway could not be reached at all, so nothing was handed over.
    Unreachable {
        /// Why.
        words: String,
    },
    /// Nobody knows: it may have been taken, and sent, and charged. Never tried again without a person.
    Unknown {
        /// What was seen.
        words: String,
    },
}
