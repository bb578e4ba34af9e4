//! A gateway's recorded call (`message/http`, RFC 9112 section 10.1): what it tells, read as it would be if it came now.

use anyhow::{Context, bail};
use indgang_channels::message::{ExternalId, Incoming};
use indgang_channels::sms::assemble::{Piece, assemble};
use indgang_channels::sms::preset::Preset;
use indgang_channels::sms::read::{self, ReadContext};
use indgang_channels::sms::verify::{Verified, verify};
use indgang_channels::sms::wire::{About, Call, Delivery, InboundText, Part, Tidings};
use indgang_channels::web_form::Submission;
use indgang_channels::web_form::read::Place;
use jiff::Timestamp;

use crate::cli::{texting, web_form};
use crate::config::{Config, SmsAccount};
use crate::web::public::form;

/// What stood in a recording.
pub(super) enum Told {
    /// A text, with what is known of where its call came from.
    Text(Box<Incoming>, String),
    /// Something that becomes no message, in words.
    Other(String),
}

/// A form as it is kept, read as it would be if it came now.
pub(super) fn read_form(raw: &[u8], config: &Config, now: Timestamp) -> anyhow::Result<Incoming> {
    let submission = Submission::from_record(raw)?;
    let settings = web_form::settings(config)?;
    let place = Place::Form { thread: "explained" };
    Ok(form::letter(&settings, &submission, ExternalId("explained".to_owned()), place, now).incoming)
}

/// Whether a file is a recorded call: its first line is an HTTP request's.
pub(super) fn is_recorded(raw: &[u8]) -> bool {
    let line = raw.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let method = line.starts_with(b"GET /") || line.starts_with(b"POST /");
    method && (line.ends_with(b" HTTP/1.1") || line.ends_with(b" HTTP/1.0"))
}

/// Everything that a recording tells. It may hold several calls, one behind the other, as the original of a text of
/// several parts does.
pub(super) fn read_all(
    raw: &[u8],
    config: &Config,
    gateway: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<Vec<Told>> {
    let (mut rest, mut told, mut parts) = (raw, Vec::new(), Vec::new());
    while let Some((call, behind)) = Call::from_record(rest) {
        rest = behind;
        let source = Source::of(&call, config, gateway)?;
        let (sender, payload) = source.checked(&call, now);
        let numbers = source.account.map(|account| account.numbers.as_slice()).unwrap_or_default();
        let context =
            ReadContext { account: &source.name, own_numbers: numbers, foreign: &config.sms.foreign, now };
        for tidings in source.preset.read(&call, payload.as_deref()) {
            match tidings {
                Tidings::Text(text) if text.part.as_ref().is_some_and(|part| part.total > 1) => {
                    parts.push((text, source.name.clone(), numbers.to_vec(), sender.clone()));
                }
                Tidings::Text(text) => {
                    let incoming = read::read(&text, read::external_id(&text, now), &context);
                    told.push(Told::Text(Box::new(incoming), sender.clone()));
                }
                Tidings::Unreadable { detail } => {
                    let incoming = read::unreadable(&detail, ExternalId("recorded".to_owned()), &context);
                    told.push(Told::Text(Box::new(incoming), sender.clone()));
                }
                Tidings::Report(report) => told.push(Told::Other(format!(
                    "a report about one of our texts, by {}: {}",
                    match report.about {
                        About::Token(_) => "our token",
                        About::ProviderId(_) => "the gateway's number",
                    },
                    match report.status {
                        Delivery::Delivered => "delivered",
                        Delivery::Failed => "it will not arrive",
                        Delivery::Pending => "on its way",
                        Delivery::Unknown => "a word that the preset does not know",
                    }
                ))),
                Tidings::Nothing => told.push(Told::Other("nothing that concerns anybody".to_owned())),
            }
        }
    }
    told.extend(whole(&parts, config, now));
    if told.is_empty() {
        bail!("the recorded call is not complete");
    }
    Ok(told)
}

/// The texts that the recorded parts make, complete or not.
fn whole(parts: &[(InboundText, String, Vec<String>, String)], config: &Config, now: Timestamp) -> Vec<Told> {
    let none = Part { reference: String::new(), total: 1, number: 1 };
    let pieces: Vec<Piece<'_>> = (0_i64..)
        .zip(parts)
        .map(|(key, (text, account, ..))| Piece {
            key,
            account,
            from: &text.from,
            to: text.to.as_deref().unwrap_or_default(),
            part: text.part.as_ref().unwrap_or(&none),
            body: &text.body,
            overdue: true,
        })
        .collect();
    let texts = assemble(&pieces).into_iter().filter_map(|text| {
        let (first, account, numbers, sender) = parts.get(usize::try_from(*text.keys.first()?).ok()?)?;
        let whole = InboundText { body: text.body, part: None, ..first.clone() };
        let context = ReadContext { account, own_numbers: numbers, foreign: &config.sms.foreign, now };
        let mut incoming = read::read(&whole, read::external_id(&whole, now), &context);
        crate::work::texting::say_incomplete(
            &mut incoming,
            text.missing,
            text.keys.len() + usize::from(text.missing),
        );
        Some(Told::Text(Box::new(incoming), sender.clone()))
    });
    texts.collect()
}

/// Whose call it is.
struct Source<'a> {
    name: String,
    account: Option<&'a SmsAccount>,
    preset: Preset,
}

impl<'a> Source<'a> {
    /// By the account in its path, or by the gateway that was named.
    fn of(call: &Call, config: &'a Config, gateway: Option<&str>) -> anyhow::Result<Self> {
        let mut path = call.path.split('/').skip_while(|piece| *piece != "sms").skip(1);
        let name = path.next().unwrap_or_default().to_owned();
        let account = config.sms.accounts.iter().find(|account| account.name == name);
        let preset = match (gateway, account) {
            (Some(gateway), _) => texting::preset_named(gateway, "--gateway")?,
            (None, Some(account)) => texting::preset(account)?,
            (None, None) => Preset::shipped(&name)
                .with_context(|| {
                    format!("no account `{name}` is configured (sms.accounts.{name}); say --gateway")
                })?
                .map_err(anyhow::Error::from)?,
        };
        Ok(Self { name, account, preset })
    }

    /// Whether the call proves to be the gateway's, in words, and what is to be read instead of its body.
    fn checked(&self, call: &Call, now: Timestamp) -> (String, Option<Vec<u8>>) {
        let Some(account) = self.account else {
            return ("not checked: the account is not configured".to_owned(), None);
        };
        let url =
            account.public_url.as_deref().unwrap_or_default().trim_end_matches('/').to_owned() + &call.path;
        // A recording keeps no secret of the path, so only what is signed can be checked.
        match verify(call, None, &self.preset.verify, &texting::credentials(account), &url, now) {
            Ok(Verified::AsIs) => ("passed: the signature is the gateway's".to_owned(), None),
            Ok(Verified::Payload(payload)) => {
                ("passed: the token is the gateway's".to_owned(), Some(payload))
            }
            Err(why) => (format!("not passed: {why}"), None),
        }
    }
}
