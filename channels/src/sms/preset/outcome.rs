//! What a gateway's answer to a text means. HTTP success is not success: a preset says what is.

use std::time::Duration;

use regex::bytes::Regex;

use super::pointer::Pointer;
use super::rule::{Reply, Rule, regex};
use super::section::Section;
use crate::sms::wire::Outcome;

/// Longer than this we do not let a gateway put us off.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// How many times a text is tried at a gateway that fails within.
const TRIES_AT_ERROR: u32 = 2;

/// The rules for the answers to a text.
#[derive(Clone, Debug)]
pub(super) struct Interpreting {
    ok: Rule,
    later: Vec<(Rule, Option<u32>)>,
    refused: Vec<Rule>,
    unknown: Vec<Rule>,
    id: Option<Pointer>,
    id_match: Option<Regex>,
    code: Vec<Pointer>,
    code_match: Option<Regex>,
}

impl Interpreting {
    /// Reads `ok`, `later`, `refused`, `unknown`, `id`, `id_match`, `code` and `code_match` of `[send]`.
    pub(super) fn read(section: &Section<'_>) -> Self {
        let ok = match section.section("ok") {
            Some(table) => Rule::read(&table),
            None => Rule::default(),
        };
        if !ok.looks_inside() {
            section.mistake(
                "ok",
                "must look into the answer (present, absent, equals or match): a status alone is no success",
            );
        }
        let rule = |key: &str, table: &Section<'_>| {
            let rule = Rule::read(table);
            if rule.is_empty() {
                section.mistake(key, "has a rule without a condition");
            }
            rule
        };
        let later = section.sections("later");
        let refused = section.sections("refused");
        let unknown = section.sections("unknown");
        let pointer =
            |key: &str, written: &str| Pointer::parse(written).map_err(|why| section.mistake(key, why)).ok();
        let captures = |key: &str| {
            let regex = regex(section, key, &section.maybe_text(key)?)?;
            if regex.captures_len() < 2 {
                section.mistake(key, "needs a group in parentheses around what it is to find");
            }
            Some(regex)
        };
        Self {
            ok,
            later: later
                .iter()
                .map(|table| {
                    let tries =
                        table.maybe_number("tries", 1, 100).and_then(|tries| u32::try_from(tries).ok());
                    (rule("later", table), tries)
                })
                .collect(),
            refused: refused.iter().map(|table| rule("refused", table)).collect(),
            unknown: unknown.iter().map(|table| rule("unknown", table)).collect(),
            id: section.maybe_text("id").and_then(|written| pointer("id", &written)),
            id_match: captures("id_match"),
            code: section.maybe_texts("code").iter().filter_map(|written| pointer("code", written)).collect(),
            code_match: captures("code_match"),
        }
    }

    /// What the answer means; never that nothing was handed over.
    pub(super) fn interpret(&self, status: u16, retry_after: Option<&str>, body: &[u8]) -> Outcome {
        let reply = Reply::new(status, body);
        if self.ok.holds(&reply) {
            return Outcome::Accepted { id: self.id(&reply) };
        }
        let words = self.words(&reply);
        let after = retry_after.and_then(wait);
        if let Some((_, tries)) = self.later.iter().find(|(rule, _)| rule.holds(&reply)) {
            return Outcome::Later { words, after, tries: *tries };
        }
        if self.refused.iter().any(|rule| rule.holds(&reply)) {
            return Outcome::Refused { words };
        }
        if self.unknown.iter().any(|rule| rule.holds(&reply)) {
            return Outcome::Unknown { words };
        }
        match status {
            // It was taken, or it was not, and the gateway says so in a way that the preset does not know. A gateway
            // behind another (502, 504) may have got it.
            200..=299 | 502 | 504 => Outcome::Unknown { words },
            429 | 503 => Outcome::Later { words, after, tries: None },
            408 | 500..=599 => Outcome::Later { words, after, tries: Some(TRIES_AT_ERROR) },
            // Redirects are not followed: a text and its secrets go where the preset says, or nowhere.
            _ => Outcome::Refused { words },
        }
    }

    fn id(&self, reply: &Reply<'_>) -> Option<String> {
        let pointed = self.id.as_ref().and_then(|pointer| reply.word_at(pointer));
        let id = pointed.or_else(|| captured(self.id_match.as_ref()?, reply.body))?;
        (!id.is_empty() && id.len() <= 200).then_some(id)
    }

    /// The status and the gateway's code. A code is short and no number of seven digits or more: what is anything else
    /// could be somebody's number or words.
    pub(super) fn words(&self, reply: &Reply<'_>) -> String {
        let pointed = self.code.iter().find_map(|pointer| reply.word_at(pointer));
        let code =
            pointed.or_else(|| captured(self.code_match.as_ref()?, reply.body)).filter(|code| is_code(code));
        match code {
            Some(code) => format!("HTTP {}, code {code}", reply.status),
            None => format!("HTTP {}", reply.status),
        }
    }
}

fn captured(regex: &Regex, body: &[u8]) -> Option<String> {
    let group = regex.captures(body)?.get(1)?;
    Some(String::from_utf8_lossy(group.as_bytes()).into_owned())
}

/// Whether a word is a code that may be shown.
pub(super) fn is_code(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    (1..=60).contains(&word.len())
        && digits < 7
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

/// `Retry-After` in seconds. Its other form, a date, is left alone: how far off a date is only a clock knows.
fn wait(written: &str) -> Option<Duration> {
    let seconds: u64 = written.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}
