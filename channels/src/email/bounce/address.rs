//! Finds addresses in lines that mail systems wrote. Knows nothing of what the lines say.

/// An address found in a line, and where it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The address as written.
    pub(super) address: String,
    /// Its first byte in the line.
    pub(super) start: usize,
    /// One past its last byte in the line.
    pub(super) end: usize,
}

/// A longer local part or domain is none (RFC 5321 section 4.5.3.1 allows 64 and 255; some senders write more).
const LONGEST_SIDE: usize = 320;

/// All addresses in `line`, from the left.
pub(super) fn find(line: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (at, _) in line.match_indices('@') {
        let from = found.last().map_or(0, |last| last.end);
        if at < from {
            continue;
        }
        if let Some(next) = around(line, from, at) {
            found.push(next);
        }
    }
    found
}

/// The first address in `text`, when there is one.
pub(super) fn first(text: &str) -> Option<String> {
    find(text).into_iter().next().map(|found| found.address)
}

fn around(line: &str, from: usize, at: usize) -> Option<Found> {
    let start = local_start(line, from, at)?;
    let domain = &line[at + 1..];
    let length: usize =
        domain.chars().take(LONGEST_SIDE).take_while(|&c| domain_char(c)).map(char::len_utf8).sum();
    let domain = domain[..length].trim_end_matches(['.', '-', '_']);
    let named = domain.chars().any(char::is_alphabetic) && !domain.starts_with(['.', '-']);
    let end = at + 1 + domain.len();
    (named && start < at).then(|| Found { address: line[start..end].to_owned(), start, end })
}

fn local_start(line: &str, from: usize, at: usize) -> Option<usize> {
    let before = &line[from..at];
    if let Some(quoted) = before.strip_suffix('"') {
        // A quoted local part: back to the quote that opens it.
        let open = quoted.rfind('"')?;
        return (before.len() - open <= LONGEST_SIDE).then_some(from + open);
    }
    let length: usize =
        before.chars().rev().take(LONGEST_SIDE).take_while(|&c| local_char(c)).map(char::len_utf8).sum();
    let mut start = at - length;
    // X.400 gateways write `…;dda:SMTP=someone@example.org`.
    let lower = line[start..at].to_ascii_lowercase();
    for scheme in ["smtp=", "rfc822=", "for=", "addr=", "recipient=", "rcpt=", "to="] {
        if lower.starts_with(scheme) {
            start += scheme.len();
            break;
        }
    }
    let local = &line[start..at];
    // Quotes and bullets stand before addresses; an encoded word as a local part is wrong, but it happens.
    let unquoted = if local.starts_with("=?") {
        local
    } else {
        local.trim_start_matches(['\'', '`', '.', '*', '|', '='])
    };
    Some(at - unquoted.len())
}

/// Characters of an unquoted local part (RFC 5322 atext and the dot), and Latin letters beyond ASCII (RFC 6531).
/// Other scripts write words without spaces around an address, so their letters would be swallowed.
fn local_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) || latin(c)
}

fn domain_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') || latin(c)
}

fn latin(c: char) -> bool {
    ('\u{c0}'..='\u{24f}').contains(&c) && c.is_alphabetic()
}

/// Whether the address is one that mail systems write from, so hardly one that a letter was sent to.
pub(super) fn of_mail_system(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    ["mailer-daemon", "mailer_daemon", "maildaemon", "postmaster", "mail-daemon", "mdaemon", "double-bounce"]
        .contains(&local.as_str())
}
