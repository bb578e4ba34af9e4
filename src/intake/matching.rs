//! Which enquiry a message joins, and which it may belong to.
//!
//! Never decides whether a message is set aside or acknowledged. Knows the thread only as the enquiries that it
//! leads to: how a channel finds those (Message-IDs, the other end of a text conversation) is the store's business.
//!
//! # Joining takes two proofs
//!
//! 1. **The thread:** the message answers a letter of ours, or quotes a reference, and all that it answers and
//!    quotes is *one* enquiry. Message-IDs and references are told to one person only, but that person may forward
//!    them, so this alone proves nothing about who writes now.
//! 2. **The sender:** the address that it comes from is one of that enquiry's. Addresses can be forged, so this
//!    alone proves nothing either, and nothing at all when DMARC failed or several senders are named. Where answers
//!    are wanted (`Reply-To`) and what the subject says count for neither.
//!
//! A closed enquiry is never joined: after closing, the adviser chooses (S3). But whoever writes on in a thread in
//! which one enquiry was closed and another has begun since joins the one that is not closed; without that, every
//! further letter would start, and acknowledge, yet another enquiry.
//!
//! # Texts
//!
//! A text answers nothing; its thread is the conversation between its number and ours, which leads to every enquiry that
//! was ever written about there. So the conversation proves the thread only while it leads to one enquiry that is not
//! closed, and a reference that the text quotes goes before it. A number that several people write from proves nothing.
//! Where the conversation leads to enquiries that are not closed, and not to one of them alone, a person chooses.
//!
//! # The web form
//!
//! An address that somebody types into a form proves nothing. What proves both thread and sender is what only that
//! browser has: the form that was still open, or the private page. The channel says so ([`SenderCheck::Passed`]), and
//! then the thread decides alone; a reference that such a message quotes is no more than something that was typed.

use indgang_channels::message::{Channel, DoubtKind, Incoming, SenderCheck};

use super::{Known, KnownEnquiry, Offer, Rules};
use crate::domain::enquiry::State;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Matched {
    /// The enquiry that it is proven to belong to.
    pub(super) joins: Option<Offer>,
    /// Why it joins none, in words.
    pub(super) reason: String,
    /// The enquiries that it may belong to, those with the best evidence first.
    pub(super) offers: Vec<Offer>,
    /// Everything that it answers is closed, and comes from there.
    pub(super) after_closing: bool,
    /// It answers or quotes something of ours, whoever sent it.
    pub(super) points_to_ours: bool,
    /// Why a person must choose between enquiries before anything else is done; only for texts.
    pub(super) person_chooses: Option<String>,
}

/// The most enquiries that are offered: more are no help to anybody.
const MOST_OFFERS: usize = 10;

/// An enquiry that a message points to.
struct Claim<'a> {
    enquiry: &'a KnownEnquiry,
    /// How it came, and so what answering means: letters answer letters, a text is part of a conversation.
    way: Channel,
    /// It answers a letter of ours in that enquiry, or is part of its conversation.
    answers: bool,
    /// It quotes its reference.
    quotes: bool,
    /// It comes from one of its addresses.
    from_there: bool,
}

/// Finds the enquiries that `incoming` belongs to or may belong to.
pub(super) fn find(incoming: &Incoming, known: &Known, rules: &Rules) -> Matched {
    let unproven = why_sender_proves_nothing(incoming, known, rules);
    let claims = claims(incoming, known);
    let (standing, superseded) = match incoming.channel {
        Channel::Sms => set_conversation_aside(&claims),
        Channel::Web if claims.iter().any(Claim::is_proven_by_thread) => set_typed_aside(&claims),
        _ => set_closed_aside(&claims.iter().collect::<Vec<_>>()),
    };

    let joins = match standing[..] {
        [claim] if unproven.is_none() && claim.from_there && !claim.is_closed() => Some(claim),
        _ => None,
    };
    let after_closing = unproven.is_none()
        && !standing.is_empty()
        && standing.iter().all(|claim| claim.from_there && claim.is_closed());

    let mut offers: Vec<Offer> = Vec::new();
    if joins.is_none() {
        offers.extend(standing.iter().map(|claim| claim.offer(unproven)));
    }
    offers.extend(superseded.iter().map(|claim| claim.offer(unproven)));
    if joins.is_none() {
        offers.extend(same_sender(known, &claims, unproven));
    }
    offers.truncate(MOST_OFFERS);
    let reason = reason(&standing, unproven, after_closing, !offers.is_empty());
    let undecided = incoming.channel == Channel::Sms
        && joins.is_none()
        && claims.iter().any(|claim| claim.from_there && !claim.is_closed());
    let person_chooses = undecided.then(|| reason.clone());
    let joins = joins.map(|claim| {
        let mut proven = claim.offer(None);
        if incoming.channel == Channel::Email && incoming.sender_check == SenderCheck::Unknown {
            proven.reason.push_str(" The receiving server does not say whether the sender is genuine.");
        }
        proven
    });
    Matched { joins, reason, offers, after_closing, points_to_ours: !claims.is_empty(), person_chooses }
}

/// Why the sender's address, whatever it is, proves nothing here.
fn why_sender_proves_nothing(incoming: &Incoming, known: &Known, rules: &Rules) -> Option<&'static str> {
    if incoming.channel == Channel::Web {
        let proven = matches!(incoming.sender_check, SenderCheck::Passed(_));
        return (!proven).then_some("an address that is typed into a form proves nothing");
    }
    let Some(sender) = &incoming.sender else { return Some("it names no sender") };
    if matches!(incoming.sender_check, SenderCheck::Failed(_)) {
        Some("DMARC failed, so its sender is not proven")
    } else if incoming.doubts.iter().any(|doubt| doubt.kind == DoubtKind::SeveralSenders) {
        Some("it names more than one sender")
    } else if rules.own_addresses.contains(&sender.address.key()) {
        Some("it comes from an address of our own")
    } else if known.texting.as_ref().is_some_and(|texting| texting.shared) {
        Some("several people write from its number")
    } else {
        None
    }
}

/// Each enquiry that the message points to, once.
fn claims<'a>(incoming: &Incoming, known: &'a Known) -> Vec<Claim<'a>> {
    let sender = incoming.sender.as_ref().map(|sender| sender.address.key());
    let is_web = incoming.channel == Channel::Web;
    let from_there = |enquiry: &KnownEnquiry, answers: bool| match is_web {
        // Whoever has the page is the sender, whatever address they typed.
        true => answers,
        false => sender.as_ref().is_some_and(|sender| enquiry.addresses.contains(sender)),
    };
    let mut claims: Vec<Claim<'a>> = Vec::new();
    let answered = known.threads.iter().map(|enquiry| (enquiry, true));
    let quoted = known.quoted.iter().map(|enquiry| (enquiry, false));
    // Few, however long the letter: Message-IDs and references of ours cannot be guessed, and `Reference::find_all`
    // is bounded.
    for (enquiry, answers) in answered.chain(quoted) {
        match claims.iter_mut().find(|claim| claim.enquiry.id == enquiry.id) {
            Some(claim) => {
                claim.answers |= answers;
                claim.quotes |= !answers;
            }
            None => claims.push(Claim {
                enquiry,
                way: incoming.channel,
                answers,
                quotes: !answers,
                from_there: from_there(enquiry, answers),
            }),
        }
    }
    claims
}

/// Parts the claims into those that count and the sender's own closed enquiries, which a thread leads to beside one
/// that is not closed. One whose reference is quoted counts always: somebody wrote it there for a reason.
fn set_closed_aside<'a, 'k>(claims: &[&'a Claim<'k>]) -> (Vec<&'a Claim<'k>>, Vec<&'a Claim<'k>>) {
    if claims.iter().all(|claim| claim.is_closed()) {
        return (claims.to_vec(), Vec::new());
    }
    claims.iter().partition(|claim| !claim.is_closed() || claim.quotes || !claim.from_there)
}

/// The same for what was written in a form or on a page that was open: what only was typed is set aside first.
fn set_typed_aside<'a, 'k>(claims: &'a [Claim<'k>]) -> (Vec<&'a Claim<'k>>, Vec<&'a Claim<'k>>) {
    let (proven, typed): (Vec<_>, Vec<_>) = claims.iter().partition(|claim| claim.is_proven_by_thread());
    let (standing, superseded) = set_closed_aside(&proven);
    (standing, superseded.into_iter().chain(typed).collect())
}

/// The same for a text: one whose reference is quoted counts before the conversation, and before what is closed.
fn set_conversation_aside<'a, 'k>(claims: &'a [Claim<'k>]) -> (Vec<&'a Claim<'k>>, Vec<&'a Claim<'k>>) {
    if claims.iter().any(|claim| claim.quotes) {
        return claims.iter().partition(|claim| claim.quotes);
    }
    set_closed_aside(&claims.iter().collect::<Vec<_>>())
}

/// The other enquiries of the sender's address, those that are not closed first.
fn same_sender(known: &Known, claims: &[Claim<'_>], unproven: Option<&str>) -> Vec<Offer> {
    let others = |closed: bool| {
        known.of_sender.iter().filter(move |enquiry| {
            (enquiry.state == State::Closed) == closed
                && !claims.iter().any(|claim| claim.enquiry.id == enquiry.id)
        })
    };
    others(false)
        .chain(others(true))
        .map(|enquiry| Offer {
            enquiry: enquiry.id,
            reason: format!(
                "It comes from an address of {}{}, but does not point to it{}.",
                enquiry.reference,
                if enquiry.state == State::Closed { ", which is closed" } else { "" },
                unproven.map(|why| format!("; {why}")).unwrap_or_default(),
            ),
        })
        .collect()
}

/// Why it joins none.
fn reason(standing: &[&Claim<'_>], unproven: Option<&str>, after_closing: bool, offers: bool) -> String {
    match standing {
        _ if after_closing => {
            "It answers an enquiry that is closed, so a person chooses between reopening it and a new one."
                .to_owned()
        }
        [] if offers => {
            "It answers nothing of ours and quotes no reference. The enquiries of its sender are offered."
                .to_owned()
        }
        [] => "It answers nothing of ours and quotes no reference.".to_owned(),
        [claim] => format!("{}, so it is only offered there.", claim.evidence(unproven)),
        several => {
            let references: Vec<_> = several.iter().map(|claim| claim.enquiry.reference.as_str()).collect();
            let references = references.join(", ");
            format!("It points to more than one enquiry ({references}), so it is only offered there.")
        }
    }
}

impl Claim<'_> {
    fn is_closed(&self) -> bool {
        self.enquiry.state == State::Closed
    }

    /// It was written where only one enquiry's writer can write.
    fn is_proven_by_thread(&self) -> bool {
        self.way == Channel::Web && self.answers
    }

    fn offer(&self, unproven: Option<&str>) -> Offer {
        Offer { enquiry: self.enquiry.id, reason: format!("{}.", self.evidence(unproven)) }
    }

    /// What points to the enquiry, and what the sender adds to it.
    fn evidence(&self, unproven: Option<&str>) -> String {
        let reference = &self.enquiry.reference;
        let mut evidence = match (self.answers, self.way) {
            (true, Channel::Sms) => format!("It belongs to the conversation of {reference}"),
            (true, Channel::Web) => {
                format!("It was written in the form or on the private page of {reference}")
            }
            (true, _) => format!("It answers a letter of ours in {reference}"),
            (false, _) => format!("It quotes the reference of {reference}"),
        };
        if self.is_closed() {
            evidence.push_str(", which is closed");
        }
        if self.answers && self.quotes {
            evidence.push_str(", quotes its reference");
        }
        // A clause in commas is closed by one.
        if evidence.contains(',') {
            evidence.push(',');
        }
        match unproven {
            Some(why) => evidence + " but " + why,
            None if self.is_proven_by_thread() => evidence + " by whoever has it open",
            None if self.from_there => evidence + " and comes from an address of that enquiry",
            None => evidence + " but comes from another sender",
        }
    }
}
