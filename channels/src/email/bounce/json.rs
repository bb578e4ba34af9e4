//! Bounces and complaints that a sending service reports as JSON in a mail (Amazon SES by way of its topics).
//!
//! The JSON in such mails is often wrapped or cut, so it is searched, not parsed.

use super::arf::complained;
use crate::message::{AutomaticKind, Bounce, BouncedRecipient};

/// Reads `text` when it is such a notification: its kind, and what it reports.
pub(super) fn read(text: &str) -> Option<(AutomaticKind, Option<Bounce>)> {
    let text = text.trim_start();
    if !text.starts_with('{') {
        return None;
    }
    let about = string(text, "notificationType").or_else(|| string(text, "eventType"))?;
    let list = |key: &str| {
        let from = text.find(&format!("\"{key}\""))?;
        let list = &text[from..];
        Some(&list[..list.find(']').unwrap_or(list.len())])
    };
    let original_message_id = None;
    match about {
        "Bounce" => {
            let permanent = string(text, "bounceType") != Some("Transient");
            let recipients = items(list("bouncedRecipients")?)
                .map(|(address, item)| {
                    let status = string(item, "status").map(str::to_owned);
                    let permanent = status.as_deref().map_or(permanent, |status| !status.starts_with('4'));
                    BouncedRecipient { address, status, permanent }
                })
                .collect();
            Some((AutomaticKind::Bounce, Some(Bounce { recipients, original_message_id })))
        }
        "Complaint" => {
            let recipients =
                items(list("complainedRecipients")?).map(|(address, _)| complained(address)).collect();
            Some((AutomaticKind::Complaint, Some(Bounce { recipients, original_message_id })))
        }
        "Delivery" | "Send" | "Open" | "Click" => Some((AutomaticKind::AutoReply, None)),
        _ => None,
    }
}

/// Each address in a list of recipients, with the object that it stands in.
fn items(list: &str) -> impl Iterator<Item = (String, &str)> {
    list.split('{').skip(1).filter_map(|item| Some((string(item, "emailAddress")?.to_owned(), item)))
}

/// The string behind `"key":`.
fn string<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let after = &text[text.find(&format!("\"{key}\""))? + key.len() + 2..];
    let value = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    value.split('"').next()
}
