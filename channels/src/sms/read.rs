//! One whole text, as a gateway brought it, to one [`Incoming`].
//!
//! Says which numbers get no automatic answer and why; never decides whether a text is answered.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::alphabet;
use super::number::{self, Class};
use super::wire::{Body, InboundText};
use crate::language;
use crate::message::{Address, Channel, Doubt, DoubtKind, ExternalId, Incoming, Party, SenderCheck, Thread};

/// The longest identifier of a gateway's that is kept as it is, in bytes.
const LONGEST_ID: usize = 200;
/// How far back a gateway's own time of a text is believed: gateways try for a day or two.
const OLDEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Where a gateway numbers no texts, the same words from the same number are one text for so long, in seconds.
const BUCKET: i64 = 120;

/// What the reader of a text must know that does not stand in it.
#[derive(Clone, Copy, Debug)]
pub struct ReadContext<'a> {
    /// The configured account that it came through.
    pub account: &'a str,
    /// The account's own numbers, as [`number_key`] writes them; the first is taken where a gateway names none of them.
    pub own_numbers: &'a [String],
    /// Countries beside Denmark, the Faroe Islands and Greenland whose numbers may be answered, such as `+46`.
    pub foreign: &'a [String],
    /// What time it is.
    pub now: Timestamp,
}

/// A number, or a short code, in the one form that two spellings of it share.
pub fn number_key(written: &str) -> String {
    let number = number::classify(written);
    match (number.e164(), number.class()) {
        (Some(number), _) => number.to_owned(),
        // Operators write a short code with their country's code or blanks, or without.
        (None, Class::ShortCode) => {
            let raw = number.raw();
            let bare = raw.strip_prefix("+45").or_else(|| raw.strip_prefix("0045")).unwrap_or(raw);
            bare.chars().filter(char::is_ascii_digit).collect()
        }
        (None, _) => number.raw().to_owned(),
    }
}

/// What identifies a text on its account, the same at every redelivery. Where the gateway gives no number of its own:
/// sender, receiver and words within two minutes, which takes a text that somebody really sent twice for one.
pub fn external_id(text: &InboundText, now: Timestamp) -> ExternalId {
    // Some gateways number a long text once and bring its parts under that one number.
    let place = text.part.as_ref().map(|part| format!("#{}/{}", part.number, part.total)).unwrap_or_default();
    match text.id.as_deref().filter(|id| !id.is_empty()) {
        Some(id) if id.len() <= LONGEST_ID => ExternalId(format!("id:{id}{place}")),
        Some(id) => ExternalId(format!("id-hash:{}{place}", hex(&Sha256::digest(id)))),
        None => {
            let mut hash = Sha256::new();
            for piece in [text.from.as_bytes(), text.to.as_deref().unwrap_or_default().as_bytes()] {
                hash.update(piece.len().to_be_bytes());
                hash.update(piece);
            }
            match &text.body {
                Body::Text(text) => hash.update(text),
                Body::Utf16(bytes) | Body::Binary(bytes) => hash.update(bytes),
            }
            if let Some(part) = &text.part {
                hash.update(format!("{}/{}/{}", part.reference, part.number, part.total));
            }
            let bucket = now.as_second().div_euclid(BUCKET);
            ExternalId(format!("words:{}:{bucket}", hex(&hash.finalize())))
        }
    }
}

/// Reads one text. Always yields something: what could not be read is said in [`Incoming::doubts`].
pub fn read(text: &InboundText, external_id: ExternalId, context: &ReadContext<'_>) -> Incoming {
    let mut doubts = Vec::new();
    let mut doubt = |kind, detail: &str| doubts.push(Doubt { kind, detail: detail.to_owned() });
    let words = match &text.body {
        Body::Text(text) => text.clone(),
        Body::Utf16(bytes) => {
            let (decoded, damaged) = alphabet::decode_utf16(bytes);
            if damaged {
                doubt(DoubtKind::Charset, "A character was cut in two on the way and cannot be shown.");
            }
            decoded
        }
        Body::Binary(bytes) => {
            let detail = format!("It holds {} bytes of data and no words.", bytes.len());
            doubt(DoubtKind::Unreadable, &detail);
            String::new()
        }
    };
    if text.id.as_deref().is_none_or(str::is_empty) {
        doubt(
            DoubtKind::Unnumbered,
            "The gateway gives texts no number, so the same words sent again within two minutes count as one text.",
        );
    }
    if text.files > 0 {
        doubt(
            DoubtKind::FilesElsewhere,
            &format!("{} pictures or files came along; the gateway keeps them.", text.files),
        );
    }
    let nothing = words.trim().is_empty() && !matches!(text.body, Body::Binary(_));
    if nothing && text.files == 0 {
        doubt(DoubtKind::Empty, "It holds no words.");
    }
    let (sender, suppress_reply) = sender(&text.from, context, &mut doubt);
    Incoming {
        channel: Channel::Sms,
        account: context.account.to_owned(),
        fingerprint: fingerprint(context.account, &external_id),
        external_id,
        received_at: received_at(text.sent_at, context.now),
        sent_at: text.sent_at,
        sender,
        reply_to: Vec::new(),
        recipients: vec![Party { address: written_to(text.to.as_deref(), context), name: None }],
        subject: String::new(),
        folded: Vec::new(),
        language: language::detect(&words),
        text: words,
        attachments: Vec::new(),
        thread: Thread::default(),
        automatic: None,
        bounce: None,
        sender_check: SenderCheck::Unknown,
        suppress_reply,
        doubts,
        form: None,
    }
}

/// Something authentic in which no text could be found, for the hold shelf.
pub fn unreadable(detail: &str, external_id: ExternalId, context: &ReadContext<'_>) -> Incoming {
    let nothing = InboundText {
        id: Some(external_id.0.clone()),
        from: String::new(),
        to: None,
        body: Body::Text(String::new()),
        sent_at: None,
        part: None,
        files: 0,
    };
    let mut incoming = read(&nothing, external_id, context);
    // A preset says what is missing; the adviser reads a sentence.
    let detail = format!("No text was found in the gateway's call: {}.", detail.trim_end_matches('.'));
    incoming.doubts = vec![Doubt { kind: DoubtKind::Unreadable, detail }];
    incoming
}

/// Why no automatic text may go to a number; `None` when it may.
pub fn why_no_text(number: &str, own_numbers: &[String], foreign: &[String]) -> Option<&'static str> {
    if own_numbers.iter().any(|own| *own == number_key(number)) {
        return Some("it is a number of our own");
    }
    let classified = number::classify(number);
    match (classified.class(), classified.e164()) {
        (Class::Ordinary, _) => None,
        (Class::Premium, _) => Some("a text to a premium-rate number is charged by it"),
        (Class::Foreign, Some(e164))
            if foreign.iter().any(|prefix| number::country_code_matches(e164, prefix)) =>
        {
            None
        }
        (Class::Foreign, _) => Some("it is a foreign number of a country that is not listed in sms.foreign"),
        (Class::ShortCode, _) => Some("it is a short code"),
        _ => Some("it is no number"),
    }
}

/// Who wrote, and why they may not be answered automatically.
fn sender(
    written: &str,
    context: &ReadContext<'_>,
    doubt: &mut impl FnMut(DoubtKind, &str),
) -> (Option<Party>, Option<String>) {
    let number = number::classify(written);
    let party = |address| Some(Party { address, name: None });
    let phone = number.e164().map(|number| Address::Phone(number.to_owned()));
    match (number.class(), phone) {
        (Class::Ordinary | Class::Premium | Class::Foreign, Some(phone)) => {
            // A text of our own that comes back is routing's to recognise.
            let why = why_no_text(phone.as_str(), &[], context.foreign);
            (party(phone), why.map(str::to_owned))
        }
        (Class::Hidden, _) => (None, None),
        (Class::ShortCode, _) => {
            doubt(DoubtKind::NoSender, "It comes from a short code, which a service sends from.");
            (party(Address::Label(number.raw().to_owned())), Some("it is a short code".to_owned()))
        }
        (class, _) => {
            let detail = match class {
                Class::Name => "A name stands where the sender's number should, so it cannot be answered.",
                _ => "What stands where the sender's number should is no number.",
            };
            doubt(DoubtKind::NoSender, detail);
            (party(Address::Label(number.raw().to_owned())), Some("it is no number".to_owned()))
        }
    }
}

/// The number that it was written to: an answer goes out from no other. The account's first one where the gateway names
/// none, or nothing that a text can be sent from.
fn written_to(named: Option<&str>, context: &ReadContext<'_>) -> Address {
    let sends = |named: &&str| {
        matches!(number::classify(named).class(), Class::Ordinary | Class::Foreign | Class::ShortCode)
            || context.own_numbers.contains(&number_key(named))
    };
    let named = named.filter(sends).map(number_key);
    let number = named.or_else(|| context.own_numbers.first().cloned()).unwrap_or_default();
    if number.starts_with('+') { Address::Phone(number) } else { Address::Label(number) }
}

/// The gateway's time where it can be right: a citizen waits since then, also when we were away.
fn received_at(sent_at: Option<Timestamp>, now: Timestamp) -> Timestamp {
    sent_at.filter(|at| *at <= now && now.duration_since(*at) <= OLDEST).unwrap_or(now)
}

/// Only a redelivery is the same text: «ja» today is not «ja» yesterday.
fn fingerprint(account: &str, external_id: &ExternalId) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"text");
    for piece in [account, &external_id.0] {
        hash.update(piece.len().to_be_bytes());
        hash.update(piece);
    }
    hash.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
