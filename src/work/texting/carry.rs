//! Hands texts over to gateways: renders them, counts their segments, and says what came of it.

use std::sync::Arc;
use std::time::Duration;

use indgang_channels::message::Address;
use indgang_channels::sms::alphabet;
use indgang_channels::sms::wire::{Outcome, OutgoingText};

use super::{Accounts, TextAccount};
use crate::clock::Clock;
use crate::store::outbox::{Claimed, Content, Way};
use crate::texts::{self, AckValues, OfficeWords, ShortText, TextLanguage, Texts as Templates};
use crate::work::outbox::{Carried, Carry, STALE, Spoken, is_stale, without_secrets};

/// How long a gateway that cannot be reached is left alone at least; others go on meanwhile.
const UNREACHABLE: Duration = Duration::from_secs(2);

/// Carries texts.
#[derive(Debug)]
pub struct Texts {
    /// The accounts that they go out through.
    pub accounts: Accounts,
    /// Their words.
    pub templates: Templates,
    /// The office's words in them.
    pub words: OfficeWords,
    /// How many are handed over at a time.
    pub at_a_time: usize,
    /// The clock.
    pub clock: Clock,
}

impl Carry for Texts {
    fn way(&self) -> Way {
        Way::Texts
    }

    fn is_ready(&self) -> bool {
        !self.accounts.is_empty()
    }

    fn at_a_time(&self) -> usize {
        self.at_a_time
    }

    /// No more than are handed over at once: of what is claimed when the program is killed nobody knows whether it went
    /// out.
    fn claim(&self) -> u32 {
        u32::try_from(self.at_a_time).unwrap_or(1)
    }

    async fn carry(&self, claimed: &Claimed) -> Carried {
        if let Content::Code { code } = &claimed.content
            && (code.is_empty() || is_stale(claimed, self.clock.now()))
        {
            return Carried::Refused(STALE.to_owned());
        }
        let Some(account) = self.accounts.get(&claimed.account) else {
            let words =
                format!("no text account is configured and enabled (sms.accounts.{})", claimed.account);
            return Carried::Later { words, after: None, tries: None };
        };
        let Address::Phone(recipient) = &claimed.recipient else {
            return Carried::Refused("there is no number to send to".to_owned());
        };
        let spoken = self.words_of(claimed);
        let (from, report_url) = (sender(account, claimed), account.report_url(&claimed.message_id));
        let text = OutgoingText {
            to: recipient,
            from,
            text: &spoken.text,
            token: &claimed.message_id,
            report_url: &report_url,
        };
        let outcome = account.gateway.send(&text).await;
        let spoken = Spoken { text: without_secrets(&spoken.text, &claimed.content), ..spoken };
        match outcome {
            Outcome::Accepted { id } => Carried::Sent(Spoken { provider_id: id, ..spoken }),
            Outcome::Refused { words } => Carried::Refused(words),
            Outcome::Later { words, after, tries } => Carried::Later { words, after, tries },
            Outcome::Unreachable { words } => Carried::Later { words, after: Some(UNREACHABLE), tries: None },
            Outcome::Unknown { words } => Carried::Unknown(words, spoken),
        }
    }

    async fn close(&self) {}
}

impl Texts {
    fn words_of(&self, claimed: &Claimed) -> Spoken {
        let language = TextLanguage::parse(&claimed.language).unwrap_or(TextLanguage::Danish);
        let short = |which, promise: Option<&crate::domain::promise::Promise>| {
            let reply_by = promise.map_or(jiff::civil::Date::ZERO, |promise| promise.reply_by);
            let (link, code) = match &claimed.content {
                Content::News { link } => (link.as_deref(), None),
                Content::Code { code } => (None, Some(code.as_str())),
                _ => (None, None),
            };
            let values = AckValues {
                closed: promise.and_then(|promise| promise.closed.as_ref()),
                link,
                code,
                ..AckValues::new(&claimed.reference, reply_by, &self.words)
            };
            let rendered = texts::render_text(&self.templates, language, which, &values);
            (rendered.text, rendered.version)
        };
        let (text, version) = match &claimed.content {
            Content::Acknowledgement { promise } => short(ShortText::Acknowledgement, Some(promise)),
            Content::OptOut => short(ShortText::Stopped, None),
            Content::News { .. } => short(ShortText::News, None),
            Content::Code { .. } => short(ShortText::Code, None),
            // What the adviser wrote is never altered.
            Content::Reply { body, .. } => (body.clone(), "reply".to_owned()),
        };
        let segments = u32::try_from(alphabet::measure(&text).segments).unwrap_or(u32::MAX);
        Spoken { text, version, provider_id: None, segments }
    }
}

/// The number that the citizen wrote to, and no other.
fn sender<'a>(account: &'a Arc<TextAccount>, claimed: &'a Claimed) -> &'a str {
    let written_to = claimed.sender.as_deref().filter(|sender| !sender.is_empty());
    written_to.or(account.numbers.first().map(String::as_str)).unwrap_or_default()
}
