//! What is set aside: messages that start no enquiry and join none, at least not before a person has looked.
//!
//! Never decides which enquiry a message belongs to; passes on what [`matching`] found as offers, so that an
//! out-of-office reply or an encrypted letter shows at the enquiry that it is about.
//!
//! # Two choices that lose nothing
//!
//! **A failed DMARC holds.** Whether it starts an enquiry or is held, it is not acknowledged. But an enquiry would
//! enter the forged address as an enquirer, count in the figures, and invite an answer that tells the address's
//! true owner of a matter that may not be theirs: what cannot be trusted is a person's to judge first. A genuine
//! letter whose forwarding broke the check stands on the hold shelf, readable, with what it may belong to.
//!
//! **A list letter that answers us is not a machine's.** Some employers' servers add list headers
//! (`List-Unsubscribe`) to all that their people send. A letter that is addressed to us and points to an enquiry of
//! ours is read as what a person wrote: proven, it joins (a follow-up is never acknowledged, so RFC 3834 is kept);
//! not proven, it is held, since starting an enquiry would mean either answering a list or promising without a
//! word. All other list mail is automatic: kept and readable, never answered.
//!
//! **What was only marked as bulk is a person's to look at.** `List-Unsubscribe` or `Precedence: bulk` alone proves no
//! list: servers add them to what people write. A letter with such a mark that is addressed to us is held, never
//! answered and never filed away unseen; the price is a newsletter on the shelf now and then.

use indgang_channels::message::{AutomaticKind, Channel, DoubtKind, Incoming, SenderCheck};

use super::matching::Matched;
use super::texting::{self, TextEffects, Wish};
use super::{Acknowledgement, Known, Offer, Routing, Rules, with_words};
use crate::domain::arrival::Disposition;

/// What becomes of `incoming` when it is set aside; `None` when it joins or starts an enquiry.
pub(super) fn set_aside(
    incoming: &Incoming,
    known: &Known,
    rules: &Rules,
    matched: &Matched,
) -> Option<Routing> {
    blocked(known)
        .or_else(|| duplicate(known))
        .or_else(|| machine(incoming, known, rules, matched))
        .or_else(|| doubtful(incoming, matched))
        .or_else(|| undecided_text(incoming, matched))
}

/// The recorded reason is not repeated: an adviser wrote it, and may have named somebody.
fn blocked(known: &Known) -> Option<Routing> {
    known.blocked.as_ref()?;
    Some(kept(Disposition::Blocked, "Its sender is blocked by a decision that is on record.".to_owned()))
}

/// By mailbox identity or content, as [`Known::duplicate_of`] says. Never by the Message-ID alone: senders choose
/// it, and scanners and broken clients use one for many letters.
fn duplicate(known: &Known) -> Option<Routing> {
    let earlier = known.duplicate_of?;
    Some(kept(Disposition::Duplicate, format!("It is the same letter as arrival {}.", earlier.0)))
}

fn machine(incoming: &Incoming, known: &Known, rules: &Rules, matched: &Matched) -> Option<Routing> {
    let automatic = incoming.automatic.as_ref()?;
    let words = automatic.reason.as_str();
    let what = match automatic.kind {
        AutomaticKind::Bounce => {
            return Some(report("It says that a letter was not delivered", words, incoming, known));
        }
        AutomaticKind::Delay => {
            return Some(report("It says that a letter is delayed", words, incoming, known));
        }
        AutomaticKind::Complaint => {
            return Some(report("It says that a letter was unwelcome", words, incoming, known));
        }
        AutomaticKind::List if matched.points_to_ours && is_addressed_to_us(incoming, rules) => {
            if matched.joins.is_some() {
                return None;
            }
            let marks = with_words(
                "A person must look at it first. It is addressed to us and points to an enquiry, but has the marks \
                 of a mailing list",
                words,
            );
            return Some(held(marks, matched));
        }
        AutomaticKind::Bulk if is_addressed_to_us(incoming, rules) => {
            let marks = with_words(
                "A person must look at it first. It is addressed to us, but marked as sent in bulk",
                words,
            );
            return Some(held(marks, matched));
        }
        AutomaticKind::Own => "It is a letter of our own, come back",
        AutomaticKind::List => "It comes from a mailing list",
        AutomaticKind::Bulk => "It was sent in bulk",
        AutomaticKind::AutoReply => "A machine answered",
    };
    let offers = if automatic.kind == AutomaticKind::Own { Vec::new() } else { all_offers(matched) };
    Some(Routing { offers, ..kept(Disposition::Automatic, with_words(what, words)) })
}

fn report(what: &str, words: &str, incoming: &Incoming, known: &Known) -> Routing {
    // A report that its own domain disowns says nothing of our letter.
    let forged = matches!(incoming.sender_check, SenderCheck::Failed(_));
    let enquiry = known.bounced.filter(|_| !forged);
    let which = match enquiry {
        _ if forged => "DMARC failed, so it is not believed.",
        Some(_) => "The letter is one of ours.",
        None => "No letter of ours is known by it.",
    };
    Routing { enquiry, ..kept(Disposition::Bounce, format!("{} {which}", with_words(what, words))) }
}

fn doubtful(incoming: &Incoming, matched: &Matched) -> Option<Routing> {
    let mut reasons: Vec<String> = incoming
        .doubts
        .iter()
        .filter(|doubt| doubt.kind.holds())
        .map(|doubt| with_words(why_it_holds(doubt.kind), &doubt.detail))
        .collect();
    // A web form or a call may well be anonymous (S12); a letter without a sender is a broken one.
    let nameless = incoming.channel == Channel::Email && incoming.sender.is_none();
    if nameless && !incoming.doubts.iter().any(|doubt| doubt.kind == DoubtKind::NoSender) {
        reasons.push(format!("{}.", why_it_holds(DoubtKind::NoSender)));
    }
    if matches!(incoming.sender_check, SenderCheck::Failed(_)) {
        reasons.push("DMARC failed: the sender's domain disowns the letter, so it may be forged.".to_owned());
    }
    if reasons.is_empty() {
        return None;
    }
    reasons.insert(0, "A person must look at it first.".to_owned());
    Some(held(reasons.join(" "), matched))
}

/// A text that only a person can place. Starting an enquiry for it instead would count a conversation twice (S3) and
/// answer a citizen who has been answered; what it may belong to has been acknowledged, so nobody waits without a word.
fn undecided_text(incoming: &Incoming, matched: &Matched) -> Option<Routing> {
    if incoming.channel != Channel::Sms || matched.joins.is_some() {
        return None;
    }
    if let Some(why) = &matched.person_chooses {
        return Some(held(format!("A person must place it. {why}"), matched));
    }
    let wish = texting::wish(incoming)?;
    let word = match wish {
        Wish::Stop => "It only asks for no automatic texts",
        Wish::Start => "It only asks for automatic texts again",
    };
    Some(held(format!("{word}, which is done; it belongs to no enquiry."), matched))
}

/// On the hold shelf, with everything that it may belong to.
fn held(reason: String, matched: &Matched) -> Routing {
    Routing {
        offers: all_offers(matched),
        after_closing: matched.after_closing,
        ..kept(Disposition::Hold, reason)
    }
}

/// The enquiry that it would have joined first.
fn all_offers(matched: &Matched) -> Vec<Offer> {
    matched.joins.iter().chain(&matched.offers).cloned().collect()
}

fn kept(disposition: Disposition, reason: String) -> Routing {
    let not_due = match disposition {
        Disposition::Blocked => "A blocked sender is not answered.",
        Disposition::Duplicate => "What is due went out for the letter that came first.",
        Disposition::Hold => "Whether one is due is decided when a person has looked at it.",
        _ => "A machine is never answered (RFC 3834).",
    };
    Routing {
        disposition,
        reason,
        enquiry: None,
        offers: Vec::new(),
        after_closing: false,
        acknowledgement: Acknowledgement::NotDue { reason: not_due.to_owned() },
        texting: TextEffects::default(),
    }
}

fn why_it_holds(kind: DoubtKind) -> &'static str {
    match kind {
        DoubtKind::Unreadable => "It could not be read",
        DoubtKind::Encrypted => "It is encrypted, and only the adviser's own key can open it",
        DoubtKind::OverLimit => "It is over a limit, and what lies beyond was not read",
        DoubtKind::NoSender => "It names no sender who could be answered",
        DoubtKind::Empty => "It holds neither text nor files",
        DoubtKind::Charset => "Its characters may be misread",
        DoubtKind::Malformed => "Its structure is broken",
        DoubtKind::Signed => "Its signature was not checked",
        DoubtKind::Tnef => "Part of it lies in a winmail.dat",
        DoubtKind::SeveralSenders => "It names more than one sender",
        DoubtKind::Incomplete => "A part of it never came",
        DoubtKind::Unnumbered => "Its gateway numbers no texts",
        DoubtKind::FilesElsewhere => "Files that came along are kept by the gateway alone",
        DoubtKind::Suspicious => "It came in a way in which machines fill in forms",
        DoubtKind::Quarantined => "A file that came along must not be opened unwarned",
        DoubtKind::FileLeftOut => "A file that came along was not kept",
    }
}

fn is_addressed_to_us(incoming: &Incoming, rules: &Rules) -> bool {
    incoming.recipients.iter().any(|party| rules.own_addresses.contains(&party.address.key()))
}
