//! Finds who was not reached in a report that only people were meant to read.
//!
//! Programs word it in a hundred ways, but all do one of a few things with the address: list it under an
//! announcement, put it before a colon, put it behind a label, name it in the announcing sentence, or show the
//! conversation with the other server. Each way has a rank; the best rank that yields an address decides, and the
//! others are not mixed in, because a conversation also names senders and servers.

use super::address::{self, Found};
use super::{Letter, phrases, status};
use crate::message::BouncedRecipient;

/// How an address stands in the report, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// In the list that an announcement introduces, before a colon, or behind a label.
    Listed,
    /// In the announcing sentence itself.
    Announced,
    /// Alone on a line, with nothing that announces it.
    Alone,
    /// Right behind a reply code (`550 <someone@example.org>... User unknown`).
    Coded,
    /// Sent to the other server and refused there.
    Refused,
    /// On a line that says why.
    Diagnosed,
    /// Where another address was redirected from.
    Redirected,
    /// A `To:` line of the original letter, shown in the report's own text.
    Addressed,
}

/// Words right before an address that make it the sender's.
const SENDERS: &[&str] = &["from", "from:", "sender", "fra", "från", "von"];

struct Candidate {
    rank: Rank,
    line: usize,
    address: String,
}

/// No report needs more lines or candidates to say who failed.
const MOST_LINES: usize = 2_000;
const MOST_CANDIDATES: usize = 500;
/// No rule looks further into a line.
const LONGEST_LINE: usize = 2_000;

/// The report's own words: the text up to where the returned letter begins.
pub(super) fn told(text: &str) -> String {
    let mut told = String::new();
    for line in text.lines().take(MOST_LINES) {
        let line = line[..line.floor_char_boundary(LONGEST_LINE)].trim_end();
        if phrases::begins_returned(&phrases::squeezed(line)) {
            break;
        }
        told.push_str(line);
        told.push('\n');
    }
    told
}

/// The recipient `address`, with what the whole text says.
pub(super) fn judged(address: String, told: &str) -> BouncedRecipient {
    let status = status::enhanced(told);
    let class = status.as_ref().map(|code| code.as_bytes()[0] - b'0').or_else(|| status::reply_class(told));
    BouncedRecipient { address, status, permanent: class != Some(4) }
}

/// The recipients that `X-Failed-Recipients` names, with what the text says of each.
pub(super) fn failed_header(letter: &Letter<'_>, told: &str) -> Vec<BouncedRecipient> {
    let named = letter.headers.all("x-failed-recipients").flat_map(address::find);
    let lines: Vec<&str> = told.lines().collect();
    let addresses: Vec<String> = named.map(|found| found.address).take(MOST_CANDIDATES).collect();
    let candidates = addresses
        .into_iter()
        .map(|address| {
            let line = lines.iter().position(|line| line.contains(&address)).unwrap_or(0);
            Candidate { rank: Rank::Listed, line, address }
        })
        .collect();
    described(&lines, candidates)
}

/// The recipients that `told` names.
pub(super) fn recipients(letter: &Letter<'_>, told: &str) -> Vec<BouncedRecipient> {
    let lines: Vec<&str> = told.lines().collect();
    let all = candidates(&lines);
    let mut own: Vec<String> = letter.own_addresses.to_vec();
    for name in ["from", "to", "delivered-to", "x-original-to", "envelope-to"] {
        own.extend(
            letter.headers.all(name).flat_map(address::find).map(|found| found.address.to_lowercase()),
        );
    }
    let unlikely = |candidate: &Candidate| {
        own.contains(&candidate.address.to_lowercase()) || address::of_mail_system(&candidate.address)
    };
    let mut ranks: Vec<Rank> = all.iter().map(|candidate| candidate.rank).collect();
    ranks.sort_unstable();
    ranks.dedup();
    // A report goes to who sent the letter, so that address is hardly the one that failed, but people do write to
    // themselves: it counts when no other address does.
    let best = ranks.iter().find(|&&rank| all.iter().any(|one| one.rank == rank && !unlikely(one)));
    let (rank, strict) = match (best, ranks.first()) {
        (Some(&rank), _) => (rank, true),
        (None, Some(&rank)) if rank <= Rank::Alone => (rank, false),
        _ => return local_parts(letter, &lines),
    };
    let chosen = all.into_iter().filter(|one| one.rank == rank && !(strict && unlikely(one))).collect();
    described(&lines, chosen)
}

fn candidates(lines: &[&str]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut listing = false;
    let mut previous = String::new();
    let mut sent: Option<(usize, String)> = None;
    let mut wraps = false;
    for (number, line) in lines.iter().enumerate() {
        if candidates.len() >= MOST_CANDIDATES {
            break;
        }
        let squeezed = phrases::squeezed(line);
        if squeezed.is_empty() {
            wraps = false;
            continue;
        }
        let found = address::find(line);
        if !found.is_empty() {
            let context = format!("{previous} {squeezed}");
            let rank =
                rank(line, &squeezed, &context, listing && !(wraps && continues(line, &found)), &found);
            if let Some((rank, taken)) = rank {
                let taken = found[taken].iter();
                candidates.extend(taken.map(|one| Candidate {
                    rank,
                    line: number,
                    address: one.address.clone(),
                }));
            }
        }
        conversation(&squeezed, &found, number, &mut sent, &mut candidates);
        let context = format!("{previous} {squeezed}");
        if phrases::announces(&context) || phrases::holds(&context, phrases::DIAGNOSES) {
            listing = true;
        }
        wraps = line.len() > 50 && !squeezed.ends_with([':', '.', '：', '。', '-', '=', '*', '>']);
        previous = squeezed;
    }
    if let Some((line, address)) = sent {
        candidates.push(Candidate { rank: Rank::Diagnosed, line, address });
    }
    candidates
}

/// The rank of the addresses in a line, and which of them have it.
fn rank(
    line: &str,
    squeezed: &str,
    context: &str,
    listing: bool,
    found: &[Found],
) -> Option<(Rank, std::ops::Range<usize>)> {
    let one = 0..1;
    if squeezed.contains("rcpt to:") {
        // Part of a conversation: what the other server answers decides.
        return None;
    }
    let redirected = [
        "expanded from",
        "generated from",
        "generated by",
        "originally addressed",
        "forwarded from",
        "redirected from",
        "original address",
    ];
    if phrases::holds(squeezed, &redirected) {
        return Some((Rank::Redirected, one));
    }
    if let Some((field, _)) = squeezed.split_once(':') {
        match field.trim_matches(['*', '-', ' ', '>', '"']) {
            "to" | "til" | "till" | "an" | "à" | "para" | "a" => {
                return Some((Rank::Addressed, 0..found.len()));
            }
            "from" | "fra" | "från" | "von" | "de" | "cc" | "bcc" | "subject" | "emne" | "ämne" | "sent"
            | "date" | "reply-to" | "sender" | "message-id" | "mail from" | "mts-id" | "reporting-mta"
            | "return-path" | "references" | "in-reply-to" | "x-original-to" | "system contact" => {
                return None;
            }
            _ => {}
        }
    }
    let label =
        phrases::LABELS.iter().filter_map(|label| squeezed.find(label).map(|at| (at, label.len()))).min();
    if let Some((at, length)) = label
        && before(line, &found[0]).len() <= at + length + 12
        && squeezed[..at].chars().filter(|c| c.is_alphabetic()).count() < 24
        && !squeezed.starts_with("from:")
    {
        return Some((Rank::Listed, 0..run(line, found)));
    }
    let lead = before(line, &found[0]);
    // «… are not accepting mail from someone@example.org»: the sender.
    if SENDERS
        .contains(&phrases::squeezed(lead).rsplit(' ').next().unwrap_or_default().trim_matches(['<', '(']))
    {
        return None;
    }
    let led = bare(lead).is_empty() || scheme(bare(lead));
    let after = &line[found[0].end..];
    let rest = after.trim_start_matches(['>', '"', '\'', ']', ')', ';', ',', ' ', '\t']);
    let contact = phrases::holds(context, phrases::CONTACTS);
    if led {
        let colon = after.trim_start_matches(['>', '"', '\'', ']', ')', ' ']).starts_with([':', '：']);
        let many = run(line, found);
        if colon || (listing && !contact) {
            return Some((Rank::Listed, 0..many));
        }
        if rest.trim_matches(['.', ' ', '<', '>']).is_empty() && !contact {
            return Some((Rank::Alone, 0..many));
        }
    }
    // `A Name <someone@example.org>` or `A Name (someone@example.org)` in a list.
    let boxed = lead.trim_end().ends_with(['<', '(']) && rest.trim().is_empty();
    if boxed
        && listing
        && !contact
        && !ends_sentence(after)
        && lead.chars().count() < 60
        && !phrases::announces(squeezed)
        && !reply(squeezed)
        && status::enhanced(line).is_none()
    {
        return Some((Rank::Listed, one));
    }
    if reply(squeezed) {
        let coded =
            bare(lead).chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | ' ' | '<' | '#'));
        return if coded && !lead.trim_start().starts_with('<') {
            Some((Rank::Coded, one))
        } else {
            phrases::holds(squeezed, phrases::DIAGNOSES).then_some((Rank::Diagnosed, one))
        };
    }
    if !contact && phrases::announces(&announcing(context, squeezed, lead)) {
        return Some((Rank::Announced, one));
    }
    phrases::holds(squeezed, phrases::DIAGNOSES).then_some((Rank::Diagnosed, 0..found.len()))
}

/// The words before the address in its sentence, with the line before; what stands behind announces nothing unless
/// the sentence begins with the address.
fn announcing(context: &str, squeezed: &str, lead: &str) -> String {
    let before = phrases::squeezed(lead);
    if before.chars().filter(|c| c.is_alphabetic()).count() < 12 {
        return context.to_owned();
    }
    let previous = &context[..context.len() - squeezed.len()];
    format!("{previous}{before}")
}

/// Follows a conversation with the other server: a recipient who was offered and refused.
fn conversation(
    squeezed: &str,
    found: &[Found],
    number: usize,
    sent: &mut Option<(usize, String)>,
    candidates: &mut Vec<Candidate>,
) {
    if squeezed.contains("rcpt to:") {
        *sent = found.first().map(|found| (number, found.address.clone()));
        // `after RCPT TO:<…>: 550 …` names the refusal on the same line.
        return;
    }
    let said = squeezed.trim_start_matches(['<', '>', ' ']);
    let said = said.strip_prefix("received >>> ").or_else(|| said.strip_prefix("out: ")).unwrap_or(said);
    let mut digits = said.bytes();
    let coded = matches!(digits.next(), Some(b'2'..=b'5'))
        && digits.by_ref().take(2).filter(u8::is_ascii_digit).count() == 2;
    if !coded {
        return;
    }
    if let Some((line, address)) = sent.take()
        && matches!(said.as_bytes()[0], b'4' | b'5')
    {
        candidates.push(Candidate { rank: Rank::Refused, line, address });
    }
}

/// Whether a line that begins with an address may be the rest of a sentence: words follow the address.
fn continues(line: &str, found: &[Found]) -> bool {
    let after = line[found[0].end..].trim_start_matches(['>', '"', '\'', ']', ')']);
    !line.starts_with([' ', '\t'])
        && after.starts_with([' ', ',', '.'])
        && after.chars().any(char::is_alphabetic)
}

/// How many addresses from the first on stand side by side, with nothing but separators between them.
fn run(line: &str, found: &[Found]) -> usize {
    let mut count = 1;
    while count < found.len()
        && line[found[count - 1].end..found[count].start]
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"' | '\''))
    {
        count += 1;
    }
    count
}

fn before<'a>(line: &'a str, found: &Found) -> &'a str {
    &line[..found.start]
}

/// A lead without bullets, rules, quotes and brackets.
fn bare(lead: &str) -> &str {
    lead.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '*' | '>'
                    | '<'
                    | '-'
                    | '•'
                    | '·'
                    | '|'
                    | '['
                    | '"'
                    | '\''
                    | '('
                    | '+'
                    | '='
                    | '→'
                    | '“'
                    | '「'
                    | '＜'
            )
    })
}

/// Whether what stands before the address only says of which kind it is.
fn scheme(lead: &str) -> bool {
    let lead = lead.to_ascii_lowercase();
    ["smtp:", "rfc822;", "rfc822:", "mailto:", "smtp;"].contains(&lead.as_str())
        || (lead.starts_with("c=") && lead.ends_with("smtp="))
}

/// Whether the line is a server's reply: it begins with a reply code, perhaps marked as received.
fn reply(squeezed: &str) -> bool {
    let said = squeezed.trim_start_matches(['<', '>', ' ', '-']);
    let bytes = said.as_bytes();
    bytes.len() > 3
        && matches!(bytes[0], b'4' | b'5')
        && bytes[1].is_ascii_digit()
        && bytes[2].is_ascii_digit()
        && matches!(bytes[3], b' ' | b'-')
}

fn ends_sentence(after: &str) -> bool {
    after.trim_end().ends_with('.') && !after.trim_end().ends_with("...")
}

/// Some systems name only the part before the at sign, of addresses in their own domain.
fn local_parts(letter: &Letter<'_>, lines: &[&str]) -> Vec<BouncedRecipient> {
    let Some(domain) = letter
        .headers
        .first("from")
        .and_then(address::first)
        .and_then(|from| from.rsplit('@').next().map(str::to_lowercase))
    else {
        return Vec::new();
    };
    let mut listing = false;
    let mut chosen = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let word = bare(line);
        let named = !word.is_empty()
            && word.len() <= 64
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        if listing && named && line.starts_with(['\t', ' ']) {
            chosen.push(Candidate { rank: Rank::Alone, line: number, address: format!("{word}@{domain}") });
        } else if !line.trim().is_empty() {
            listing = phrases::announces(&phrases::squeezed(line)) || (listing && !named);
        }
    }
    described(lines, chosen)
}

/// Adds what the text says of each recipient: the code in its own stretch of lines, or else in the whole text.
fn described(lines: &[&str], chosen: Vec<Candidate>) -> Vec<BouncedRecipient> {
    let mut named: Vec<Candidate> = Vec::new();
    for one in chosen {
        if !named.iter().any(|known| known.address.eq_ignore_ascii_case(&one.address)) {
            named.push(one);
        }
    }
    let starts: Vec<usize> = named.iter().map(|one| one.line).collect();
    let whole = lines.join("\n");
    let (any_code, any_class) = (status::enhanced(&whole), status::reply_class(&whole));
    named
        .into_iter()
        .map(|one| {
            let end = starts.iter().copied().filter(|&start| start > one.line).min().unwrap_or(lines.len());
            let own = lines[one.line.min(lines.len())..end].join("\n");
            let code = status::enhanced(&own).or_else(|| any_code.clone());
            let class = match &code {
                Some(code) => Some(code.as_bytes()[0] - b'0'),
                None => status::reply_class(&own).or(any_class),
            };
            BouncedRecipient { address: one.address, status: code, permanent: class != Some(4) }
        })
        .collect()
}
