//! `indgang explain`: what was read of a letter or of a gateway's recorded call, and every decision with its reason. A dry
//! run: no database, nothing stored, nothing sent.
//!
//! Without a database nothing is known of earlier messages, so each one is judged as the first.

mod recorded;

use std::sync::Arc;

use anyhow::Context;
use indgang_channels::message::{Address, Channel, ExternalId, Incoming, Party};
use indgang_channels::web_form::record;
use serde_json::{Value, json};

use recorded::Told;

use super::arguments::{Arguments, Explain};
use super::{assemble, exit, source, terminal};
use crate::clock::Clock;
use crate::domain::promise::Promise;
use crate::intake::texting::Texting;
use crate::intake::{self, Acknowledgement, Known, Routing};
use crate::work::read::Reader;

/// Runs it.
///
/// # Errors
/// When the configuration is wrong or a path cannot be read.
pub fn run(arguments: &Arguments, options: &Explain) -> anyhow::Result<u8> {
    let config = assemble::config(arguments)?;
    let reader = Arc::new(assemble::reader(&config, options.account.as_deref())?);
    let rules = assemble::rules(&config);
    let clock = Clock::system();
    assemble::runtime()?.block_on(async {
        let (found, mut letters) = tokio::sync::mpsc::channel(4);
        let paths = options.paths.clone();
        let finding =
            tokio::task::spawn_blocking(move || source::each(&paths, |one| Ok(found.blocking_send(one)?)));
        let mut first = true;
        while let Some(one) = letters.recv().await {
            let now = clock.now();
            let told = if record::is_record(&one.raw) {
                let incoming =
                    recorded::read_form(&one.raw, &config, now).with_context(|| one.name.clone())?;
                vec![Told::Text(Box::new(incoming), "what is typed into a form proves nothing".to_owned())]
            } else if recorded::is_recorded(&one.raw) {
                recorded::read_all(&one.raw, &config, options.gateway.as_deref(), now)
                    .with_context(|| one.name.clone())?
            } else {
                let (_, incoming) = reader.read(one.raw, ExternalId(one.name.clone()), now).await;
                let check = sender_check(&incoming, &reader);
                vec![Told::Text(Box::new(incoming), check)]
            };
            for told in told {
                if !first && !options.json {
                    terminal::say("");
                }
                first = false;
                match told {
                    Told::Text(incoming, check) => {
                        let routing = intake::route(&incoming, &known(&incoming), &rules, now);
                        if options.json {
                            terminal::say(to_json(&one.name, &incoming, &routing));
                        } else {
                            say(&one.name, &incoming, &routing, &check);
                        }
                    }
                    Told::Other(words) if options.json => {
                        terminal::say(json!({ "file": one.name, "becomes": null, "is": words }));
                    }
                    Told::Other(words) => terminal::say(format_args!("{}\n  {:<14}{words}", one.name, "is")),
                }
            }
        }
        finding.await?
    })?;
    Ok(exit::OK)
}

/// What is known of the first message from anybody.
fn known(incoming: &Incoming) -> Known {
    let texting = matches!(incoming.sender.as_ref().map(|sender| &sender.address), Some(Address::Phone(_)))
        .then(|| Texting { lately: 1, ..Texting::default() });
    Known { texting, ..Known::default() }
}

/// The object that others rely on; its fields stand in DESIGN and in the README.
fn to_json(file: &str, incoming: &Incoming, routing: &Routing) -> Value {
    let (acknowledge, reason, promised) = match &routing.acknowledgement {
        Acknowledgement::Send { promise, reason } => (true, reason, Some(promise)),
        Acknowledgement::Suppressed { promise, reason } => (false, reason, Some(promise)),
        Acknowledgement::NotDue { reason } => (false, reason, None),
    };
    json!({
        "file": file,
        "channel": incoming.channel,
        "message_id": incoming.thread.message_id,
        "subject": incoming.subject,
        "from": incoming.sender.as_ref().map(party),
        "to": incoming.recipients.iter().map(party).collect::<Vec<_>>(),
        "date": incoming.sent_at,
        "text": incoming.text,
        "reply_text": incoming.reply_text(),
        "folded": incoming.folded,
        "language": incoming.language,
        "attachments": incoming.attachments.iter().map(|attachment| json!({
            "name": attachment.name,
            "media_type": attachment.media_type,
            "size": attachment.size,
            "inline": attachment.inline,
        })).collect::<Vec<_>>(),
        "automatic": incoming.automatic,
        "bounce": incoming.bounce,
        "sender_check": incoming.sender_check,
        "doubts": incoming.doubts,
        "routing": {
            "disposition": routing.disposition,
            "reason": routing.reason,
            "acknowledge": acknowledge,
            "acknowledge_reason": reason,
            "promised_reply_date": promised.map(|promise| promise.reply_by),
        },
    })
}

fn party(party: &Party) -> Value {
    json!({ "address": party.address.as_str(), "name": party.name })
}

/// The same for a person, decision first.
fn say(file: &str, incoming: &Incoming, routing: &Routing, check: &str) {
    let line = |label: &str, value: &str| {
        for (index, part) in wrapped(value, 84).into_iter().enumerate() {
            terminal::say(format_args!("  {:<14}{part}", if index == 0 { label } else { "" }));
        }
    };
    terminal::say(file);
    line("becomes", routing.disposition.as_str());
    line("because", &routing.reason);
    match &routing.acknowledgement {
        Acknowledgement::Send { promise, reason } => {
            line("acknowledged", &format!("yes: {reason}"));
            line("promise", &promised(promise));
        }
        Acknowledgement::Suppressed { promise, reason } => {
            line("acknowledged", &format!("no: {reason}"));
            line("promise", &format!("{} (kept all the same, though nothing is sent)", promised(promise)));
        }
        Acknowledgement::NotDue { reason } => line("acknowledged", &format!("no: {reason}")),
    }
    terminal::say("");
    line("from", &incoming.sender.as_ref().map_or_else(|| "nobody that can be read".to_owned(), named));
    line("to", &incoming.recipients.iter().map(named).collect::<Vec<_>>().join(", "));
    if let Some(sent_at) = incoming.sent_at {
        line(
            "written",
            &sent_at
                .to_zoned(crate::domain::calendar::copenhagen().clone())
                .strftime("%A %-d %B %Y at %H:%M")
                .to_string(),
        );
    }
    if incoming.channel != Channel::Sms {
        line("subject", &incoming.subject);
    }
    line("language", incoming.language.as_ref().map_or("too little text to tell", |language| &language.0));
    line("sender check", check);
    if let Some(automatic) = &incoming.automatic {
        line("automatic", &automatic.reason);
    }
    if let Some(bounce) = &incoming.bounce {
        for failed in &bounce.recipients {
            let lasting = if failed.permanent { "for good" } else { "for now" };
            line(
                "failed",
                &format!(
                    "{} ({lasting}{})",
                    failed.address,
                    failed.status.as_ref().map(|status| format!(", {status}")).unwrap_or_default()
                ),
            );
        }
    }
    for attachment in &incoming.attachments {
        let name = attachment.name.as_deref().unwrap_or("(no name)");
        line("attached", &format!("{name}, {}, {} bytes", attachment.media_type, attachment.size));
    }
    for doubt in &incoming.doubts {
        line("doubt", &doubt.detail);
    }
    terminal::say("");
    say_text(incoming);
}

/// The text as the adviser sees it: what is folded is announced, not shown.
fn say_text(incoming: &Incoming) {
    let mut from = 0;
    let mut shown = String::new();
    for fold in &incoming.folded {
        shown.push_str(&incoming.text[from..fold.start]);
        let lines = incoming.text[fold.start..fold.end].lines().count().max(1);
        let what = match fold.reason {
            indgang_channels::message::FoldReason::Quote => "quoted",
            indgang_channels::message::FoldReason::Signature => "signature",
            indgang_channels::message::FoldReason::Disclaimer => "disclaimer",
        };
        if !shown.ends_with('\n') && !shown.is_empty() {
            shown.push('\n');
        }
        shown.push_str(&format!("[{what}, {lines} lines folded]\n"));
        from = fold.end;
    }
    shown.push_str(&incoming.text[from..]);
    for line in shown.trim_end().lines() {
        terminal::say(format_args!("  | {line}"));
    }
}

fn sender_check(incoming: &Incoming, reader: &Reader) -> String {
    use indgang_channels::message::SenderCheck;
    match &incoming.sender_check {
        SenderCheck::Passed(reason) => format!("passed: {reason}"),
        SenderCheck::Failed(reason) => format!("FAILED: {reason}"),
        SenderCheck::Unknown if reader.authserv_id.is_none() => {
            "unknown: no receiving server's name is configured (authserv_id)".to_owned()
        }
        SenderCheck::Unknown => "unknown: the receiving server says nothing".to_owned(),
    }
}

fn promised(promise: &Promise) -> String {
    let closed = promise.closed.as_ref().map(|closed| match &closed.substitute {
        Some(_) => format!("; closed through {}, with a substitute", closed.through),
        None => format!("; closed through {}", closed.through),
    });
    format!("a reply by {}{}", promise.reply_by.strftime("%A %-d %B %Y"), closed.unwrap_or_default())
}

fn named(party: &Party) -> String {
    let address = match &party.address {
        Address::Email(value) | Address::Phone(value) | Address::Label(value) => value,
    };
    party.name.as_ref().map_or_else(|| address.clone(), |name| format!("{name} <{address}>"))
}

/// Breaks a value into lines of about `width` characters, between words.
fn wrapped(value: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in value.split_whitespace() {
        let last = lines.last_mut();
        match last {
            Some(last) if last.is_empty() => last.push_str(word),
            Some(last) if last.chars().count() + 1 + word.chars().count() <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
