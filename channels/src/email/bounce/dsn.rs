//! The fields of a delivery status notification (RFC 3464), wherever they stand: in their own part, in a part that a
//! gateway retyped, or as lines of a malformed report.

use super::{address, status};
use crate::message::BouncedRecipient;

/// What happened to one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Given up.
    Failed,
    /// Still being tried.
    Delayed,
    /// Delivered, relayed or expanded: no news for us.
    Succeeded,
}

/// One recipient of a delivery status notification.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) recipient: BouncedRecipient,
    pub(super) action: Action,
}

/// More recipients than this are not read: we never write to so many.
const MOST_RECIPIENTS: usize = 500;

#[derive(Default)]
struct Block {
    original: Option<String>,
    last: Option<String>,
    action: Option<String>,
    status: Option<String>,
    diagnostic: Option<String>,
}

/// Reads all recipients that `text` has fields for. Lines that are no such fields are passed over.
pub(super) fn outcomes(text: &str) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut block = Block::default();
    for field in fields(text) {
        if outcomes.len() >= MOST_RECIPIENTS {
            break;
        }
        let Some((name, value)) = field else {
            block.close(&mut outcomes);
            continue;
        };
        match name.as_str() {
            "original-recipient" => {
                if block.original.is_some() {
                    block.close(&mut outcomes);
                }
                block.original = recipient(&value);
            }
            "final-recipient" => {
                if block.last.is_some() {
                    block.close(&mut outcomes);
                }
                block.last = recipient(&value);
            }
            "x-actual-recipient" if block.last.is_none() => block.last = recipient(&value),
            "action" if block.action.is_none() => block.action = Some(value.to_ascii_lowercase()),
            "status" if block.status.is_none() => block.status = Some(value),
            "diagnostic-code" if block.diagnostic.is_none() => block.diagnostic = Some(value),
            _ => {}
        }
    }
    block.close(&mut outcomes);
    outcomes
}

/// The code of the first `Status` field of class 4 or 5, for reports that name the recipient elsewhere.
pub(super) fn any_status(text: &str) -> Option<String> {
    let fields = fields(text);
    let mut values = fields.iter().flatten().filter(|(name, _)| name == "status");
    values.find_map(|(_, value)| status_code(value).filter(|code| !code.starts_with('2')))
}

impl Block {
    /// Ends the block. A blank line also stands between the fields of one recipient in broken reports, so a block
    /// without a recipient's address is kept open.
    fn close(&mut self, outcomes: &mut Vec<Outcome>) {
        // What we wrote to is what ties the report to an enquirer; the final address may be one behind a forwarding.
        let Some(address) = self.original.clone().or_else(|| self.last.clone()) else { return };
        let block = std::mem::take(self);
        let diagnostic = block.diagnostic.unwrap_or_default();
        let stated = block.status.as_deref().and_then(status_code);
        let told = status::enhanced(&diagnostic);
        // `5.0.0` says nothing; the remote server's own words often hold the exact code.
        let status = match stated {
            Some(stated) if !stated.ends_with(".0.0") => Some(stated),
            Some(stated) => told.filter(|told| told.as_bytes()[0] == stated.as_bytes()[0]).or(Some(stated)),
            None => told,
        };
        let class = status
            .as_deref()
            .map(|status| status.as_bytes()[0] - b'0')
            .or_else(|| status::reply_class(&diagnostic));
        let action = match block.action.as_deref() {
            Some(action) if action.starts_with("delayed") => Action::Delayed,
            Some(action)
                if ["delivered", "relayed", "expanded"].iter().any(|good| action.starts_with(good)) =>
            {
                Action::Succeeded
            }
            Some(_) => Action::Failed,
            None if class == Some(2) => Action::Succeeded,
            None => Action::Failed,
        };
        let permanent = action == Action::Failed && class != Some(4);
        let status = status.filter(|status| !status.starts_with('2'));
        outcomes.push(Outcome { recipient: BouncedRecipient { address, status, permanent }, action });
    }
}

/// The value of `Status:` when it is a code: digits, with a comment cut off.
fn status_code(value: &str) -> Option<String> {
    let code: String =
        value.trim().chars().take_while(|c| c.is_ascii_digit() || *c == '.').take(11).collect();
    let code = code.trim_end_matches('.');
    let parts = code.split('.').collect::<Vec<_>>();
    (parts.len() == 3 && matches!(parts[0], "2" | "4" | "5") && parts.iter().all(|part| !part.is_empty()))
        .then(|| code.to_owned())
}

/// The address in a recipient field: after the address type, with the encodings of RFC 3461 and RFC 6533 undone.
fn recipient(value: &str) -> Option<String> {
    let (kind, rest) = value.split_once(';').unwrap_or(("", value));
    let plain = match kind.trim().to_ascii_lowercase().as_str() {
        "utf-8" => unescaped(rest),
        _ => rest.to_owned(),
    };
    let found = address::first(&plain).or_else(|| address::first(value))?;
    Some(if kind.trim().eq_ignore_ascii_case("rfc822") { xtext(&found) } else { found })
}

/// Undoes the xtext encoding of RFC 3461 section 4 (`+2B` for a plus sign), only for the two characters that it must
/// encode: an ordinary address may hold a plus sign and two digits.
fn xtext(address: &str) -> String {
    address.replace("+2B", "+").replace("+3D", "=")
}

/// Undoes `\x{E6}` of RFC 6533 section 3.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\x{") {
        plain.push_str(&rest[..at]);
        let code = &rest[at + 3..];
        let decoded = code
            .find('}')
            .filter(|&end| end <= 6)
            .and_then(|end| Some((char::from_u32(u32::from_str_radix(&code[..end], 16).ok()?)?, end)));
        match decoded {
            Some((c, end)) => {
                plain.push(c);
                rest = &code[end + 1..];
            }
            None => {
                plain.push_str("\\x{");
                rest = code;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// The fields in `text`: unfolded, names lower-cased; `None` stands for an empty line.
fn fields(text: &str) -> Vec<Option<(String, String)>> {
    let mut fields: Vec<Option<(String, String)>> = Vec::new();
    for line in text.lines() {
        if line.trim().is_empty() {
            fields.push(None);
        } else if line.starts_with([' ', '\t']) && !begins_field(line) {
            if let Some(Some((_, value))) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.trim_start().split_once(':')
            && name.len() < 40
            && !name.contains(char::is_whitespace)
        {
            fields.push(Some((name.to_ascii_lowercase(), value.trim().to_owned())));
        }
    }
    fields
}

/// Whether an indented line is a field of its own: quoted and re-wrapped reports indent all of them.
fn begins_field(line: &str) -> bool {
    let line = line.trim_start().to_ascii_lowercase();
    ["original-recipient:", "final-recipient:", "action:", "status:", "diagnostic-code:"]
        .iter()
        .any(|name| line.starts_with(name))
}
