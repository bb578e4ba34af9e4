//! Writes our automatic letters as RFC 5322 bytes. Pure: date and Message-ID are arguments.
//!
//! Knows no text: what a letter says is handed in whole, and none of it comes from a citizen.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::address::Envelope;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::{Address, Message};

/// The header by which we know our own letters, however they come back.
pub const OWN_MARK: &str = "X-Indgang-Loop";

/// One automatic letter that is to go out.
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

/// Composes an automatic letter (RFC 3834).
///
/// The envelope's sender is our own address, not the empty one that RFC 3834 section 3.3 also allows: a bounce must come
/// back to the mailbox that is read, because a dead address has to show on its enquiry. Loops are stopped by
/// `Auto-Submitted`, by our own mark, and by never answering a bounce. `Precedence: bulk` was rejected: the RFC advises
/// against it, and filters take it for advertising.
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
        .message_id(Some(bracketed(outgoing.message_id)))
        .header(AutoSubmitted)
        .header(SuppressAnswers)
        .header(Mark)
        .header(ContentLanguage(one_line(outgoing.language)));
    if let Some(parent) = outgoing.in_reply_to.filter(|parent| is_message_id(parent)) {
        message = message.in_reply_to(bracketed(parent));
    }
    let references: Vec<String> =
        outgoing.references.iter().filter(|id| is_message_id(id)).map(|id| bracketed(id)).collect();
    if !references.is_empty() {
        message = message.references(references.join(" "));
    }
    let message =
        message.singlepart(SinglePart::plain(outgoing.body.to_owned())).map_err(|_| ComposeError::Letter)?;
    let envelope = Envelope::new(Some(from), vec![to]).map_err(|_| ComposeError::Recipient)?;
    Ok(Composed { envelope, bytes: message.formatted() })
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

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::MessageParser;

    fn outgoing() -> Outgoing<'static> {
        Outgoing {
            from: "borgerraadgiver@kommune.example",
            from_name: "Borgerrådgiveren",
            to: "borger@post.example",
            subject: "Din henvendelse er modtaget – 7K3M-9WPT-4X",
            body: "Hej.\n\nBorgerrådgiveren har modtaget din henvendelse.\n",
            message_id: "kvittering.7k3m-9wpt-4x@kommune.example",
            in_reply_to: Some("brev@post.example"),
            references: &[],
            language: "da",
            date: Timestamp::constant(1_770_000_000, 0),
        }
    }

    fn head(bytes: &[u8]) -> String {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        text.split("\r\n\r\n").next().unwrap().to_owned()
    }

    #[test]
    fn it_is_read_back_as_it_was_meant() {
        let references = ["aeldst@post.example".to_owned(), "brev@post.example".to_owned()];
        let composed = compose(&Outgoing { references: &references, ..outgoing() }).unwrap();
        let message = MessageParser::default().parse(&composed.bytes).unwrap();
        assert_eq!(message.subject(), Some("Din henvendelse er modtaget – 7K3M-9WPT-4X"));
        assert_eq!(message.from().unwrap().first().unwrap().name(), Some("Borgerrådgiveren"));
        assert_eq!(message.message_id(), Some("kvittering.7k3m-9wpt-4x@kommune.example"));
        assert_eq!(message.in_reply_to().as_text(), Some("brev@post.example"));
        assert_eq!(message.references().as_text_list().unwrap().len(), 2);
        assert!(message.body_text(0).unwrap().contains("Borgerrådgiveren har modtaget"));
        let head = head(&composed.bytes);
        for line in [
            "Auto-Submitted: auto-replied",
            "X-Auto-Response-Suppress: All",
            "X-Indgang-Loop: 1",
            "Content-Language: da",
        ] {
            assert!(head.contains(line), "{line} is missing in {head}");
        }
        assert!(composed.bytes.is_ascii(), "it passes servers without 8BITMIME");
        assert!(composed.bytes.split(|&byte| byte == b'\n').all(|line| line.len() <= 999));
    }

    #[test]
    fn it_is_the_same_at_every_try() {
        assert_eq!(compose(&outgoing()).unwrap().bytes, compose(&outgoing()).unwrap().bytes);
    }

    #[test]
    fn bounces_come_back_to_us() {
        let composed = compose(&outgoing()).unwrap();
        assert_eq!(composed.envelope.from().unwrap().to_string(), "borgerraadgiver@kommune.example");
    }

    #[test]
    fn no_value_can_add_a_header() {
        let evil = "x\r\nBcc: victim@else.example\r\n\r\nbody";
        let references = [evil.to_owned(), "<a@b> <c@d>".to_owned()];
        let composed = compose(&Outgoing {
            from_name: evil,
            subject: evil,
            in_reply_to: Some(evil),
            references: &references,
            language: evil,
            ..outgoing()
        })
        .unwrap();
        let head = head(&composed.bytes);
        assert!(!head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc:")), "{head}");
        assert!(!head.contains("In-Reply-To") && !head.contains("References"));
        let message = MessageParser::default().parse(&composed.bytes).unwrap();
        assert_eq!(
            message.body_text(0).unwrap().replace("\r\n", "\n").trim_end(),
            outgoing().body.trim_end()
        );
    }

    #[test]
    fn an_address_that_is_none_is_refused_without_being_repeated() {
        for to in ["", "no-at-sign", "a@b\r\nRCPT TO:<c@d>", "a b@c.example"] {
            let error = compose(&Outgoing { to, ..outgoing() }).unwrap_err();
            assert_eq!(error, ComposeError::Recipient);
        }
        assert_eq!(compose(&Outgoing { from: "nobody", ..outgoing() }).unwrap_err(), ComposeError::Sender);
    }
}
