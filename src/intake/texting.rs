//! What is particular to text messages: the words that turn automatic answers off and on, the ceilings, the loop
//! breaker.
//!
//! Knows no gateway. Whether a number can get a text at all is the channel's to say; it stands in
//! [`Incoming::suppress_reply`].
//!
//! Ceilings are counted in segments, because that is what is paid for and what a loop would burn, and they are counted
//! as reserved: an acknowledgement reserves the most that it can take in the transaction that queues it, so that no two
//! can both find room for the last one.

use indgang_channels::message::{Channel, Incoming};
use serde::{Deserialize, Serialize};

use super::{Known, Rules};

/// The most segments that an acknowledgement takes, and that it reserves.
pub const ACKNOWLEDGEMENT_SEGMENTS: u32 = 2;
/// The segments of the one confirmation that no more automatic texts come.
pub const OPT_OUT_SEGMENTS: u32 = 1;
/// A text of ours is recognised when it is at least so long, in characters: «Ja tak» is anybody's.
const SHORTEST_ECHO: usize = 20;

/// The office's rules for automatic texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextRules {
    /// Most segments to one number in 24 hours.
    pub number_day: u32,
    /// Most segments to one number in 30 days.
    pub number_month: u32,
    /// Most segments of one account in 24 hours.
    pub all_day: u32,
    /// So many texts from one number within ten minutes are more than a person writes to us.
    pub loop_texts: u32,
}

/// What the store knows of the number that a text came from.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Texting {
    /// It wants no automatic texts.
    pub opted_out: bool,
    /// It is paused by the loop breaker.
    pub paused: bool,
    /// Several people write from it, as a person has noted.
    pub shared: bool,
    /// Texts from it in the last ten minutes, this one included.
    pub lately: u32,
    /// Segments reserved for it in the last 24 hours.
    pub segments_day: u32,
    /// Segments reserved for it in the last 30 days.
    pub segments_month: u32,
    /// Segments that the account has reserved for all numbers in the last 24 hours.
    pub segments_all: u32,
    /// The last texts of ours to it.
    pub sent: Vec<String>,
}

/// Leaves out what we wrote: it names the citizen's enquiry.
impl std::fmt::Debug for Texting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texting")
            .field("opted_out", &self.opted_out)
            .field("paused", &self.paused)
            .field("shared", &self.shared)
            .field("lately", &self.lately)
            .field("segments_day", &self.segments_day)
            .field("segments_month", &self.segments_month)
            .field("segments_all", &self.segments_all)
            .finish_non_exhaustive()
    }
}

/// What a text asks of the automatic answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// No more of them.
    Stop,
    /// Send them again.
    Start,
}

/// What the store does beside filing a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextEffects {
    /// Turns automatic texts to its number off or on.
    pub wish: Option<Wish>,
    /// The confirmation of [`Wish::Stop`] may go out; it does when the number was not off already.
    pub confirm: bool,
    /// Pauses automatic texts to its number.
    pub pause: bool,
}

/// What a whole text asks; `None` when it says anything else besides. *Kan I stoppe…* is a question to a person.
pub fn wish(incoming: &Incoming) -> Option<Wish> {
    if incoming.channel != Channel::Sms {
        return None;
    }
    let bare = incoming.text.trim().trim_matches(|c: char| matches!(c, '.' | '!' | '"' | '\'')).trim();
    match bare.to_lowercase().as_str() {
        "stop" | "stopp" | "afmeld" | "frameld" => Some(Wish::Stop),
        "start" => Some(Wish::Start),
        _ => None,
    }
}

/// What the store does beside filing `incoming`; nothing for other channels.
pub(super) fn effects(incoming: &Incoming, known: &Known, rules: &Rules) -> TextEffects {
    let Some(texting) = &known.texting else { return TextEffects::default() };
    let wish = wish(incoming);
    TextEffects {
        wish,
        confirm: wish == Some(Wish::Stop)
            && incoming.suppress_reply.is_none()
            && !is_looping(texting, rules)
            && ceiling_met(texting, rules, OPT_OUT_SEGMENTS).is_none(),
        pause: !texting.paused && texting.lately >= rules.texting.loop_texts,
    }
}

/// The first thing that speaks against answering a text automatically.
pub(super) fn why_not(incoming: &Incoming, known: &Known, rules: &Rules) -> Option<String> {
    let texting = known.texting.as_ref()?;
    if texting.opted_out {
        return Some("Its number has asked for no automatic texts (STOP).".to_owned());
    }
    if is_looping(texting, rules) {
        return Some(format!(
            "Within ten minutes {} texts came from its number, as a machine's would; automatic answers to it are paused \
             for a day.",
            rules.texting.loop_texts
        ));
    }
    if echoes(&incoming.text, &texting.sent) {
        return Some("It repeats a text of ours, as a machine would that answers by itself.".to_owned());
    }
    ceiling_met(texting, rules, ACKNOWLEDGEMENT_SEGMENTS)
}

fn is_looping(texting: &Texting, rules: &Rules) -> bool {
    texting.paused || texting.lately >= rules.texting.loop_texts
}

/// The ceiling that `more` segments would break.
fn ceiling_met(texting: &Texting, rules: &Rules, more: u32) -> Option<String> {
    let rules = &rules.texting;
    [
        (texting.segments_day, rules.number_day, "one number in 24 hours"),
        (texting.segments_month, rules.number_month, "one number in 30 days"),
        (texting.segments_all, rules.all_day, "all numbers in 24 hours"),
    ]
    .into_iter()
    .find(|(reserved, ceiling, _)| reserved.saturating_add(more) > *ceiling)
    .map(|(_, ceiling, what)| {
        format!("The ceiling for automatic texts to {what} is met: {ceiling} segments.")
    })
}

/// Whether a text equals one of ours or begins with it, whatever became of its blanks and letter case on the way.
fn echoes(text: &str, ours: &[String]) -> bool {
    let folded = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let text = folded(text);
    ours.iter()
        .map(|ours| folded(ours))
        .any(|ours| ours.chars().count() >= SHORTEST_ECHO && text.starts_with(&ours))
}
