//! Turns a letter's bytes into one [`Incoming`], whatever the bytes are.
//!
//! The parsing is mail-parser's; here stands only what real letters need around it: repair before, choice and
//! charset after, limits throughout. Never decides what the letter is to the adviser.

mod addresses;
mod attachments;
mod body;
mod charset;
mod containers;
mod fingerprint;
mod flowed;
mod headers;
mod part;
mod pkcs7;
mod prepare;
mod rich;
mod stated;
mod structure;
mod tnef;
mod transfer;
mod walk;
mod words;

pub use part::{Part, file, part};
pub(super) use rich::{Piece, Rich, has_html, with_rich};

use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{Message, MessageParser};

use super::{ReadContext, authentication, automatic, fold};
use crate::language;
use crate::message::{Channel, Doubt, DoubtKind, Incoming, SenderCheck, Thread};

/// Reads one letter; see [`crate::email::read`].
pub fn read(raw: &[u8], context: &ReadContext<'_>) -> Incoming {
    let prepared = prepare::prepare(raw, context.limits);
    // The parser is fuzzed, and a letter must not be lost to the input that the fuzzing did not find.
    let read = catch_unwind(AssertUnwindSafe(|| read_prepared(&prepared, raw, context)));
    read.unwrap_or_else(|_| {
        let mut incoming = nothing(raw, context);
        incoming.doubts.push(unreadable("Reading it failed."));
        incoming
    })
}

fn read_prepared(prepared: &prepare::Prepared<'_>, raw: &[u8], context: &ReadContext<'_>) -> Incoming {
    let bytes = prepared.bytes.as_ref();
    let parser = MessageParser::default();
    if prepared.headless {
        let mut incoming = nothing(raw, context);
        incoming.doubts.clone_from(&prepared.doubts);
        incoming.doubts.push(unreadable("It has no header section; all of it is shown as text."));
        let (text, charset) = charset::unlabelled(bytes);
        let (text, cut) = body::tidy(&text, context.limits.text);
        incoming.text = text;
        incoming.doubts.extend(charset);
        if cut {
            doubt(
                &mut incoming,
                DoubtKind::OverLimit,
                "Its text is longer than the limit; the rest stands in the original.",
            );
        }
        return incoming;
    }
    let parsed = if prepared.only_head { parser.parse_headers(bytes) } else { parser.parse(bytes) };
    let mut incoming = nothing(raw, context);
    incoming.doubts.clone_from(&prepared.doubts);
    match parsed {
        Some(message) if !message.root_part().headers.is_empty() => {
            fill(&mut incoming, &message, bytes, context, prepared.only_head);
        }
        _ => incoming.doubts.push(unreadable("Its header section could not be read.")),
    }
    incoming
}

fn fill(
    incoming: &mut Incoming,
    message: &Message<'_>,
    bytes: &[u8],
    context: &ReadContext<'_>,
    only_head: bool,
) {
    addresses::fill(incoming, message);
    incoming.subject = headers::subject(message);
    incoming.sent_at = headers::date(message);
    incoming.thread = Thread {
        message_id: headers::ids(message, "Message-ID").into_iter().next(),
        in_reply_to: headers::ids(message, "In-Reply-To"),
        references: headers::ids(message, "References"),
    };
    incoming.sender_check = sender_check(message, incoming, context);
    let walk = walk::walk(message, context.limits.parts, context.limits.depth, walk::Prefer::Plain);
    let mut readable = body::readable(message, &walk, context.limits);
    incoming.attachments = attachments::list(&walk, readable.forwarded);
    let opened = containers::open(&walk, context.limits, &readable);
    incoming.attachments.extend(opened.attachments);
    for one in readable.doubts.drain(..).chain(opened.doubts) {
        doubt(incoming, one.kind, &one.detail);
    }
    let readable = opened.readable.unwrap_or(readable);
    incoming.text = readable.text;
    incoming.folded = fold::fold(&incoming.text, &readable.hints);
    incoming.language = language::detect(&incoming.reply_text());
    let origin = automatic::origin(message, bytes, &incoming.text, context.own_addresses);
    incoming.automatic = origin.automatic;
    incoming.bounce = origin.bounce;
    incoming.suppress_reply = origin.suppress_reply;
    if !only_head && incoming.text.trim().is_empty() && incoming.attachments.is_empty() {
        let bare = incoming.subject.is_empty();
        // A letter can be all in its subject; only one that says nothing anywhere needs a person to look.
        if bare {
            doubt(incoming, DoubtKind::Empty, "It holds neither subject, text nor attachments.");
        }
    }
    incoming.fingerprint = fingerprint::of(incoming, bytes);
}

fn sender_check(message: &Message<'_>, incoming: &Incoming, context: &ReadContext<'_>) -> SenderCheck {
    let values = headers::raw_values(message, "Authentication-Results");
    let domain = incoming.sender.as_ref().and_then(|sender| sender.address.as_str().rsplit_once('@'));
    authentication::sender_check(
        values.iter().map(String::as_str),
        context.authserv_id,
        domain.map(|(_, domain)| domain),
    )
}

/// A letter of which nothing has been read yet.
fn nothing(raw: &[u8], context: &ReadContext<'_>) -> Incoming {
    Incoming {
        channel: Channel::Email,
        account: context.account.to_owned(),
        external_id: context.external_id.clone(),
        fingerprint: fingerprint::of_bytes(raw),
        received_at: context.received_at,
        sent_at: None,
        sender: None,
        reply_to: Vec::new(),
        recipients: Vec::new(),
        subject: String::new(),
        text: String::new(),
        folded: Vec::new(),
        language: None,
        attachments: Vec::new(),
        thread: Thread::default(),
        automatic: None,
        bounce: None,
        sender_check: SenderCheck::Unknown,
        suppress_reply: None,
        doubts: Vec::new(),
        form: None,
    }
}

fn unreadable(detail: &str) -> Doubt {
    Doubt { kind: DoubtKind::Unreadable, detail: detail.to_owned() }
}

/// Adds a doubt, each kind once.
fn doubt(incoming: &mut Incoming, kind: DoubtKind, detail: &str) {
    if !incoming.doubts.iter().any(|doubt| doubt.kind == kind) {
        incoming.doubts.push(Doubt { kind, detail: detail.to_owned() });
    }
}
