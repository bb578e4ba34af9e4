//! Hands letters over to the submission server: renders them, composes them, and says what came of it.

use indgang_channels::email::compose::{self, Composed, File, Outgoing};
use indgang_channels::email::submit::SendError;
use indgang_channels::message::Address;
use jiff::civil::Date;

use super::outbox::{Carried, Carry, STALE, Spoken, is_stale, without_secrets};
use super::transport::Transport;
use crate::clock::Clock;
use crate::store::outbox::{Claimed, Content, OutboxFile, Way};
use crate::texts::{self, AckValues, LetterText, OfficeWords, Rendered, TextLanguage, Texts};

/// Most letters claimed at a time.
const CLAIM: u32 = 64;

/// Carries letters.
#[derive(Debug)]
pub struct Letters {
    /// What carries them further.
    pub transport: Transport,
    /// Their texts.
    pub texts: Texts,
    /// The office's words in them.
    pub words: OfficeWords,
    /// The sender of each account's letters, by account; the first is for accounts that have none.
    pub senders: Vec<Sender>,
    /// How many are on the wire at a time.
    pub connections: usize,
    /// The clock.
    pub clock: Clock,
}

/// Who a letter comes from.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The account whose letters it answers.
    pub account: String,
    /// The address.
    pub address: String,
    /// The name beside it.
    pub name: String,
}

impl Carry for Letters {
    fn way(&self) -> Way {
        Way::Letters
    }

    fn is_ready(&self) -> bool {
        let ready = !matches!(self.transport, Transport::Unset);
        if !ready {
            tracing::info!("no letters are sent: no submission server is configured (email.submit.host)");
        }
        ready
    }

    fn at_a_time(&self) -> usize {
        self.connections
    }

    fn claim(&self) -> u32 {
        CLAIM
    }

    async fn carry(&self, claimed: &Claimed) -> Carried {
        let language = TextLanguage::parse(&claimed.language).unwrap_or(TextLanguage::Danish);
        let values = AckValues::new(&claimed.reference, Date::ZERO, &self.words);
        let (which, values) = match &claimed.content {
            Content::Acknowledgement { promise } => {
                let (reply_by, closed) = (promise.reply_by, promise.closed.as_ref());
                (LetterText::Acknowledgement, AckValues { reply_by, closed, ..values })
            }
            Content::News { link } => (LetterText::News, AckValues { link: link.as_deref(), ..values }),
            Content::Code { code } if code.is_empty() || is_stale(claimed, self.clock.now()) => {
                return Carried::Refused(STALE.to_owned());
            }
            Content::Code { code } => (LetterText::Code, AckValues { code: Some(code), ..values }),
            Content::Reply { subject, body, .. } => {
                let rendered = written(claimed, language, subject.as_deref(), body);
                return self.hand_over(claimed, &rendered).await;
            }
            Content::OptOut => return Carried::Refused("there is no letter of this kind".to_owned()),
        };
        let rendered = texts::render(&self.texts, language, which, &values);
        self.hand_over(claimed, &rendered).await
    }

    async fn close(&self) {
        self.transport.close().await;
    }
}

/// What the adviser wrote is never altered; only a subject is put above it where she gave none. It says no more than the
/// citizen's own number.
fn written(claimed: &Claimed, language: TextLanguage, subject: Option<&str>, body: &str) -> Rendered {
    let own = match language {
        TextLanguage::Danish => format!("Svar fra borgerrådgiveren – {}", claimed.reference),
        TextLanguage::English => format!("Answer from the Citizens' Adviser – {}", claimed.reference),
    };
    Rendered {
        subject: subject.map_or(own, str::to_owned),
        body: body.to_owned(),
        version: "reply".to_owned(),
    }
}

impl Letters {
    async fn hand_over(&self, claimed: &Claimed, rendered: &Rendered) -> Carried {
        let result = match self.letter(claimed, rendered) {
            Ok(letter) => self.transport.send(&letter, &claimed.message_id).await,
            Err(words) => Err(SendError::Permanent(words)),
        };
        match result {
            Ok(()) => Carried::Sent(Spoken {
                text: without_secrets(
                    &format!("{}\n\n{}", rendered.subject, rendered.body),
                    &claimed.content,
                ),
                version: rendered.version.clone(),
                ..Spoken::default()
            }),
            Err(SendError::Permanent(words)) => Carried::Refused(words),
            // Nobody knows: a second copy under the same Message-ID is one letter to every mail program.
            Err(SendError::Transient(words) | SendError::Unknown(words)) => {
                Carried::Later { words, after: None, tries: None }
            }
            Err(SendError::Unreachable(words)) => Carried::Unreachable(words),
        }
    }

    fn letter(&self, claimed: &Claimed, rendered: &Rendered) -> Result<Composed, String> {
        let Address::Email(recipient) = &claimed.recipient else {
            return Err("this channel has no way to send".to_owned());
        };
        let sender =
            self.senders.iter().find(|sender| sender.account == claimed.account).or(self.senders.first());
        let sender = sender.ok_or("no sender's address is configured (email.submit.from)")?;
        let files: &[OutboxFile] = match &claimed.content {
            Content::Reply { files, .. } => files,
            _ => &[],
        };
        let files: Vec<File<'_>> = files
            .iter()
            .map(|file| File { name: &file.name, media_type: &file.media_type, bytes: &file.bytes })
            .collect();
        let outgoing = Outgoing {
            from: &sender.address,
            from_name: &sender.name,
            to: recipient,
            subject: &rendered.subject,
            body: &rendered.body,
            message_id: &claimed.message_id,
            in_reply_to: claimed.in_reply_to.as_deref(),
            references: &claimed.references,
            language: &claimed.language,
            // The moment that it was queued, not sent: every try is then the same letter to the byte.
            date: claimed.created_at,
            automatic: !matches!(claimed.content, Content::Reply { .. }),
            files: &files,
        };
        compose::compose(&outgoing).map_err(|error| error.to_string())
    }
}
