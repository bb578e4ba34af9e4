//! Writes our letters, automatic and personal, as RFC 5322 bytes. Pure: date and Message-ID are arguments, and the same
//! letter is the same bytes at every try.
//!
//! Knows no text: what a letter says is handed in whole. Never decides whether a file may go out.

#[cfg(test)]
mod tests;

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use sha2::{Digest, Sha256};

use crate::files::safe_name;

/// The header by which we know our own automatic letters, however they come back.
pub const OWN_MARK: &str = "X-Indgang-Loop";

/// One letter that is to go out.
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    /// The address that it comes from, and that bounces go to.
    pub from: &'a str,
    /// The name beside it.
    pub from_name: &'a str,
    /// The one address that it goes to.
    pub to: &'a str,
    /// Its subject.
    pub subject: &'a str,
    /// Its text, with LF line ends.
    pub body: &'a str,
    /// Its Message-ID, without angle brackets; the same at every try.
    pub message_id: &'a str,
    /// The Message-ID that it answers.
    pub in_reply_to: Option<&'a str>,
    /// The Message-IDs of its thread, oldest first.
    pub references: &'a [String],
    /// Its language: an ISO 639-1 code (RFC 3282).
    pub language: &'a str,
    /// When it is sent.
    pub date: Timestamp,
    /// Whether a program wrote it (RFC 3834), as against a person: only then does it say so.
    pub automatic: bool,
    /// The files that go along.
    pub files: &'a [File<'a>],
}

/// A file that goes along with a letter.
#[derive(Clone, Copy)]
pub struct File<'a> {
    /// Its name, in any script; made safe to save under on the way.
    pub name: &'a str,
    /// Its media type, parameters included. What is none goes out as `application/octet-stream`.
    pub media_type: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Prints the size alone: a file's name can tell who somebody is.
impl std::fmt::Debug for File<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "File({} bytes)", self.bytes.len())
    }
}

/// A letter that is ready for a server.
#[derive(Clone)]
pub struct Composed {
    /// Whom the servers are told (RFC 5321 section 3.3).
    pub envelope: Envelope,
    /// The letter.
    pub bytes: Vec<u8>,
}

/// Never prints the letter.
impl std::fmt::Debug for Composed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Composed({} bytes)", self.bytes.len())
    }
}

/// An address cannot be written to. Does not repeat the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// The recipient's.
    #[error("the recipient's address is not one that mail can be sent to")]
    Recipient,
    /// Our own.
    #[error("our own address is not one that mail can be sent from (email.submit.from)")]
    Sender,
    /// Something else of the letter.
    #[error("the letter cannot be written as mail")]
    Letter,
}

/// Composes a letter.
///
/// The envelope's sender is our own address, not the empty one that RFC 3834 section 3.3 also allows: a bounce must come
/// back to the mailbox that is read, because a dead address has to show on its enquiry. Loops are stopped by
/// `Auto-Submitted`, by our own mark, and by never answering a bounce. `Precedence: bulk` was rejected: the RFC advises
/// against it, and filters take it for advertising.
///
/// What a person wrote carries none of that. Our own mark neither: another installation would take the letter of one
/// adviser to another for its own, come back, and a person's words would stand among the automatic mail. A personal letter
/// that does come back is known by its sender's address, and its bounce by the Message-ID that the report repeats.
///
/// # Errors
/// When an address cannot be written to.
pub fn compose(outgoing: &Outgoing<'_>) -> Result<Composed, ComposeError> {
    let from: Address = outgoing.from.parse().map_err(|_| ComposeError::Sender)?;
    let to: Address = outgoing.to.parse().map_err(|_| ComposeError::Recipient)?;
    let name = Some(one_line(outgoing.from_name)).filter(|name| !name.is_empty());
    let mut message = Message::builder()
        .from(Mailbox::new(name, from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(one_line(outgoing.subject))
        .date(SystemTime::from(outgoing.date))
        .message_id(Some(bracketed(outgoing.message_id)));
    if outgoing.automatic {
        message = message.header(AutoSubmitted).header(SuppressAnswers).header(Mark);
    }
    message = message.header(ContentLanguage(one_line(outgoing.language)));
    if let Some(parent) = outgoing.in_reply_to.filter(|parent| is_message_id(parent)) {
        message = message.in_reply_to(bracketed(parent));
    }
    let references: Vec<String> =
        outgoing.references.iter().filter(|id| is_message_id(id)).map(|id| bracketed(id)).collect();
    if !references.is_empty() {
        message = message.references(references.join(" "));
    }
    let message = if outgoing.files.is_empty() {
        message.singlepart(SinglePart::plain(outgoing.body.to_owned()))
    } else {
        message.multipart(with_files(outgoing)?)
    };
    let message = message.map_err(|_| ComposeError::Letter)?;
    let envelope = Envelope::new(Some(from), vec![to]).map_err(|_| ComposeError::Recipient)?;
    Ok(Composed { envelope, bytes: message.formatted() })
}

/// The text, and the files after it (RFC 2046 section 5.1.3).
///
/// The boundary is made of the Message-ID, because a random one would make every try another letter. `=_` keeps it out of
/// the parts whatever they hold: neither quoted-printable nor base64 can write it (RFC 2045 section 6.7), and every part is
/// one of the two.
fn with_files(outgoing: &Outgoing<'_>) -> Result<MultiPart, ComposeError> {
    let digest = Sha256::digest(outgoing.message_id.as_bytes());
    let boundary: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let text = Body::new_with_encoding(outgoing.body.to_owned(), ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| ComposeError::Letter)?;
    let mut parts = MultiPart::mixed().boundary(format!("=_{boundary}")).singlepart(SinglePart::plain(text));
    for file in outgoing.files {
        let name = safe_name(file.name).unwrap_or_else(|| "file".to_owned());
        let bytes = Body::new_with_encoding(file.bytes.to_vec(), ContentTransferEncoding::Base64)
            .map_err(|_| ComposeError::Letter)?;
        parts = parts.singlepart(Attachment::new(name).body(bytes, content_type(file)));
    }
    Ok(parts)
}

/// The media type that a file goes out under.
///
/// Letters and parts may not be encoded (RFC 2046 sections 5.1 and 5.2.1), and what is not encoded is altered on the way, so
/// they go out as bytes; their names still say which program opens them. Text says its character set, which else is taken
/// for ASCII.
fn content_type(file: &File<'_>) -> ContentType {
    let stated = one_line(file.media_type);
    let lower = stated.to_ascii_lowercase();
    let composite = lower.starts_with("multipart/") || lower.starts_with("message/");
    let utf8 = lower.starts_with("text/")
        && !lower.contains("charset")
        && !file.bytes.is_ascii()
        && std::str::from_utf8(file.bytes).is_ok();
    let stated = if utf8 { format!("{stated}; charset=utf-8") } else { stated };
    let stated = if composite || !stated.is_ascii() { None } else { ContentType::parse(&stated).ok() };
    stated.or_else(|| ContentType::parse("application/octet-stream").ok()).unwrap_or(ContentType::TEXT_PLAIN)
}

/// What the citizen's program wrote as Message-ID is repeated only when it can do no harm in our header.
fn is_message_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 990
        && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>')
}

fn bracketed(id: &str) -> String {
    format!("<{id}>")
}

/// A header's value has no line ends or other control characters.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

macro_rules! fixed_header {
    ($(#[$meta:meta])* $name:ident, $header:expr, $value:literal) => {
        $(#[$meta])*
        #[derive(Clone)]
        struct $name;

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($header)
            }

            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self)
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), $value.to_owned())
            }
        }
    };
}

fixed_header!(
    /// RFC 3834 section 5: an answer by a machine.
    AutoSubmitted, "Auto-Submitted", "auto-replied"
);
fixed_header!(
    /// Asks Exchange to send neither out-of-office answers nor receipts.
    SuppressAnswers, "X-Auto-Response-Suppress", "All"
);
fixed_header!(
    /// Our own mark.
    Mark, OWN_MARK, "1"
);

/// RFC 3282: a screen reader chooses its voice by it.
#[derive(Clone)]
struct ContentLanguage(String);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }

    fn parse(value: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(value.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}
