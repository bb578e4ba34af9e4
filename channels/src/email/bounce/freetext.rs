//! Finds who was not reached in a report that only people were meant to read.
//!
//! Programs word it in a hundred ways, but all do one of a few things with the address: list it under an
//! announcement, put it before a colon, put it behind a label, name it in the announcing sentence, or show the
//! conversation with the other server. Each way has a rank; the best rank that yields an address decides, and the
//! others are not mixed in, because a conversation also names senders and servers.

mod line;

use self::line::{Line, Rank, bare};
use super::address::{self, Found};
use super::{Letter, phrases, status};
use crate::message::BouncedRecipient;

struct Candidate {
    rank: Rank,
    line: usize,
    address: String,
}

/// No report needs more lines or candidates to say who failed.
const MOST_LINES: usize = 2_000;
const MOST_CANDIDATES: usize = 200;
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
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut listing = false;
    // The indentation of the line before, when its sentence may go on.
    let mut wraps = None;
    let mut previous = String::new();
    let mut sent: Option<(usize, String)> = None;
    for (number, text) in lines.iter().enumerate() {
        if candidates.len() >= MOST_CANDIDATES {
            break;
        }
        let squeezed = phrases::squeezed(text);
        if squeezed.is_empty() {
            wraps = None;
            continue;
        }
        let line = Line::of(text, squeezed, &previous);
        if let Some(first) = line.found.first() {
            if line.squeezed.starts_with("original address:")
                && let Some(last) = candidates.last_mut().filter(|last| last.line + 1 == number)
            {
                // What we wrote to, behind what it was rewritten to.
                last.address.clone_from(&first.address);
            } else if let Some((rank, taken)) =
                line.rank(listing && !(wraps == Some(indent(text)) && line.continues()))
            {
                let taken = line.found[taken].iter();
                candidates.extend(taken.map(|one| Candidate {
                    rank,
                    line: number,
                    address: one.address.clone(),
                }));
            }
        }
        conversation(&line.squeezed, &line.found, number, &mut sent, &mut candidates);
        listing |= line.announces();
        let open = text.len() > 50 && !line.squeezed.ends_with([':', '.', '：', '。', '-', '=', '*', '>']);
        wraps = open.then(|| indent(text));
        previous = line.squeezed;
    }
    if let Some((line, address)) = sent {
        candidates.push(Candidate { rank: Rank::Diagnosed, line, address });
    }
    candidates.truncate(MOST_CANDIDATES);
    candidates
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
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
            // Only right below the announcement: any word on a line of its own would do otherwise.
            listing = line.trim_end().ends_with(':') && phrases::announces(&phrases::squeezed(line));
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
