//! Reads what our own receiving server found out about a letter's sender (RFC 8601). Asks no name server, checks no
//! signature, and does not know what follows from the answer.
//!
//! **Whom it trusts.** Anybody can write an `Authentication-Results` header, also one in our server's name. A server
//! must remove those (RFC 8601 section 5), but not every server does. A server puts its own header on top, so
//! - a *pass* counts only from the topmost header of the configured name. Reading further down for a `dmarc` that the
//!   topmost lacks would let a sender add `dmarc=pass` below a server that writes only SPF, and would be the only
//!   thing that a forger needs. The price: where one program writes SPF or DKIM on top of another's DMARC, the
//!   answer is [`SenderCheck::Unknown`] more often. (OpenDMARC needs OpenDKIM's result, so its header is on top.)
//! - a *failure* counts from any header of that name: nobody gains by forging one against their own letter, and when
//!   a letter passes two hops of our own server, the lower one saw the stranger's connection.
//!
//! When our server wrote no header at all to this letter, a forged one is topmost; only the server can prevent that.

mod header;
#[cfg(test)]
mod tests;

use self::header::{Header, Outcome};
use crate::message::SenderCheck;

/// The configured name that means "our server writes no name". Microsoft 365 begins its header with the first
/// result, against RFC 8601 section 2.2; it renames such headers of others to `Authentication-Results-Original`.
pub const UNNAMED: &str = "-";

/// The most headers that are read, counted from the top. A letter has one per hop; more is an attempt at something.
const MOST_HEADERS: usize = 20;

/// What our receiving server says of the sender.
///
/// `headers` are the raw values of the letter's `Authentication-Results`, topmost first, folded or not;
/// `authserv_id` is the name that our server writes in them, or [`UNNAMED`]; without one nothing is believed.
/// `from_domain` is the domain of the author's address in `From`; without one nothing passes.
pub fn sender_check<'a>(
    headers: impl IntoIterator<Item = &'a str>,
    authserv_id: Option<&str>,
    from_domain: Option<&str>,
) -> SenderCheck {
    let Some(ours) = authserv_id.map(str::trim).filter(|name| !name.is_empty()) else {
        return SenderCheck::Unknown;
    };
    let mut topmost = None;
    for value in headers.into_iter().take(MOST_HEADERS) {
        let Some(header) = header::read(value, |name| is_ours(name, ours)) else { continue };
        if header.dmarc().any(|outcome| outcome.result == "fail") {
            return SenderCheck::Failed(failure(&header));
        }
        topmost.get_or_insert(header);
    }
    match (topmost, from_domain) {
        (Some(header), Some(from)) if !header.murky => passed(&header, from.trim().trim_end_matches('.')),
        _ => SenderCheck::Unknown,
    }
}

fn is_ours(name: Option<&str>, ours: &str) -> bool {
    match name {
        Some(name) => name.eq_ignore_ascii_case(ours),
        None => ours == UNNAMED,
    }
}

/// Whether the results amount to a pass; there is no `dmarc=fail` among them.
fn passed(header: &Header, from: &str) -> SenderCheck {
    let mut dmarc = header.dmarc().peekable();
    // Every one must pass: two that disagree in one header are not our server's plain word.
    if dmarc.peek().is_some() && dmarc.all(|outcome| outcome.result == "pass" && names_author(outcome, from))
    {
        return SenderCheck::Passed("dmarc=pass".to_owned());
    }
    // RFC 7489 section 3.1: what DMARC would have looked at, where no policy is published or none was looked up.
    // A pass for another author than the one in `From` lands here too, and must align like the rest.
    let aligned = |method, properties: &[&str]| {
        header.outcomes.iter().any(|outcome| {
            outcome.method == method
                && outcome.result == "pass"
                && properties
                    .iter()
                    .find_map(|property| outcome.property(property))
                    .is_some_and(|value| speaks_for(domain_of(value), from))
        })
    };
    if aligned("dkim", &["header.d", "header.i"]) {
        SenderCheck::Passed("dkim=pass, signed by the domain in From".to_owned())
    } else if aligned("spf", &["smtp.mailfrom", "smtp.mail"]) {
        SenderCheck::Passed("spf=pass, sent from the domain in From".to_owned())
    } else {
        SenderCheck::Unknown
    }
}

/// Whether a DMARC result is about the author whom we read. Programs differ over which of several authors counts;
/// some name the organisation's domain instead of the author's own.
fn names_author(outcome: &Outcome, from: &str) -> bool {
    outcome.property("header.from").is_none_or(|value| speaks_for(domain_of(value), from))
}

/// The domain of an address, or of what is a domain already.
fn domain_of(value: &str) -> &str {
    let value = value.trim_matches(|c| c == '<' || c == '>');
    value.rsplit_once('@').map_or(value, |(_, domain)| domain).trim_end_matches('.')
}

/// Relaxed alignment (RFC 7489 section 3.1.1) as far as it can be told without a list of public suffixes: `domain` is
/// the author's, or a parent of it with at least two labels. A subdomain does not speak for its parent here: where
/// subdomains are given to strangers, only such a list could tell.
fn speaks_for(domain: &str, from: &str) -> bool {
    if domain.is_empty() || domain.starts_with('.') || !domain.contains('.') {
        return false;
    }
    let (domain, from) = (domain.as_bytes(), from.as_bytes());
    match from.len().checked_sub(domain.len()) {
        None => false,
        Some(0) => from.eq_ignore_ascii_case(domain),
        Some(rest) => from[rest..].eq_ignore_ascii_case(domain) && from[rest - 1] == b'.' && rest > 1,
    }
}

/// The failure in words of ours: only known words are repeated, never a domain, an address or a remark.
fn failure(header: &Header) -> String {
    let mut words = String::from("dmarc=fail");
    for outcome in header.dmarc().filter(|outcome| outcome.result == "fail") {
        let action =
            ["action", "policy.applied-disposition", "policy.dmarc", "policy.published-domain-policy"]
                .iter()
                .find_map(|property| outcome.property(property));
        let action = action.map(str::to_ascii_lowercase).unwrap_or_default();
        words.push_str(match action.as_str() {
            "none" | "pct.none" => ", policy none",
            "quarantine" | "pct.quarantine" => ", policy quarantine",
            "reject" | "oreject" | "o.reject" => ", policy reject",
            _ => continue,
        });
        break;
    }
    for (method, said) in [("spf", ", spf="), ("dkim", ", dkim=")] {
        let result =
            header.outcomes.iter().find(|outcome| outcome.method == method).map(|found| &*found.result);
        if let Some(known) = RESULTS.iter().find(|known| result == Some(**known)) {
            words.push_str(said);
            words.push_str(known);
        }
    }
    if header.outcomes.iter().any(|outcome| outcome.method == "compauth" && outcome.result == "pass") {
        words.push_str(", yet the receiving server accepted it on other grounds (compauth=pass)");
    }
    words
}

/// The results of RFC 8601 section 2.7 that may be repeated to the adviser.
const RESULTS: [&str; 9] =
    ["none", "pass", "fail", "softfail", "neutral", "policy", "temperror", "permerror", "hardfail"];
