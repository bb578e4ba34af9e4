//! Tables of cases: a letter, what is known, and what becomes of it, on one line each.
//!
//! Invented people: Sabina writes from her own address, Karsten is somebody else, and the office is
//! `borger@raad.example`.

mod acknowledging;
mod joining;
mod laws;
mod setting_aside;
mod texts;

use indgang_channels::message::{
    Address, AnswerWay, Automatic, AutomaticKind, Channel, Doubt, DoubtKind, ExternalId, FormAnswers,
    Incoming, Language, Party, SenderCheck, Thread,
};
use jiff::Timestamp;

use super::*;

const SABINA: &str = "sabina@post.example.org";
const KARSTEN: &str = "karsten@example.net";
const OFFICE: &str = "borger@raad.example";
const OUR_NUMBER: &str = "+4521234567";
const VILLY: &str = "+4520123456";
/// Monday morning: five working days later it is Monday the 16th.
const NOW: &str = "2026-02-09T09:00:00Z";
/// Stand in every letter of the tables, and never in a reason.
const SUBJECT: &str = "Hjemmehjælpen kom ikke";
const TEXT: &str = "De lovede at ringe tilbage i går.";
const NAME: &str = "Sabina Invented";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A letter from Sabina to the office, whose sender the receiving server has checked.
fn letter() -> Letter {
    Letter(Incoming {
        channel: Channel::Email,
        account: "borger".to_owned(),
        external_id: ExternalId("7:42".to_owned()),
        fingerprint: [7; 32],
        received_at: now(),
        sent_at: None,
        sender: Some(party(SABINA)),
        reply_to: Vec::new(),
        recipients: vec![party(OFFICE)],
        subject: SUBJECT.to_owned(),
        text: TEXT.to_owned(),
        folded: Vec::new(),
        language: Some(Language("da".to_owned())),
        attachments: Vec::new(),
        thread: Thread::default(),
        automatic: None,
        bounce: None,
        sender_check: SenderCheck::Passed("dmarc=pass".to_owned()),
        suppress_reply: None,
        doubts: Vec::new(),
        form: None,
    })
}

fn party(address: &str) -> Party {
    Party { address: Address::Email(address.to_owned()), name: Some(NAME.to_owned()) }
}

/// What differs from [`letter`].
#[derive(Clone, Debug)]
struct Letter(Incoming);

impl Letter {
    fn but(mut self, change: impl FnOnce(&mut Incoming)) -> Self {
        change(&mut self.0);
        self
    }

    fn from(self, address: &str) -> Self {
        self.but(|letter| letter.sender = Some(party(address)))
    }

    fn reply_to(self, address: &str) -> Self {
        self.but(|letter| letter.reply_to.push(party(address)))
    }

    fn to(self, address: &str) -> Self {
        self.but(|letter| letter.recipients = vec![party(address)])
    }

    fn by_phone(self, channel: Channel) -> Self {
        let address = Address::Phone("+4520123456".to_owned());
        self.but(|letter| {
            letter.channel = channel;
            letter.sender = Some(Party { address, name: None });
            letter.sender_check = SenderCheck::Unknown;
        })
    }

    /// Typed into the form, with her address.
    fn in_the_form(self) -> Self {
        self.but(|letter| {
            letter.channel = Channel::Web;
            letter.account = "web".to_owned();
            letter.recipients.clear();
            letter.sender_check = SenderCheck::Unknown;
            let way = AnswerWay { channel: Channel::Email, account: "borger".to_owned(), sender: None };
            letter.form = Some(FormAnswers { answer_way: Some(way), ..FormAnswers::default() });
        })
    }

    /// The same, with her number, for an answer by text.
    fn in_the_form_for_a_text(self) -> Self {
        self.in_the_form().but(|letter| {
            letter.sender = Some(Party { address: Address::Phone(VILLY.to_owned()), name: None });
            let way = AnswerWay {
                channel: Channel::Sms,
                account: "tekst".to_owned(),
                sender: Some(OUR_NUMBER.to_owned()),
            };
            letter.form = Some(FormAnswers { answer_way: Some(way), ..FormAnswers::default() });
        })
    }

    /// Written where only the writer of an enquiry can write.
    fn on_the_page(self) -> Self {
        self.in_the_form().but(|letter| {
            letter.sender = None;
            letter.form = None;
            letter.sender_check = SenderCheck::Passed("the page was open".to_owned());
        })
    }

    fn nameless(self) -> Self {
        self.but(|letter| letter.sender = None)
    }

    fn unchecked(self) -> Self {
        self.but(|letter| letter.sender_check = SenderCheck::Unknown)
    }

    fn forged(self) -> Self {
        self.but(|letter| letter.sender_check = SenderCheck::Failed("dmarc=fail".to_owned()))
    }

    fn automatic(self, kind: AutomaticKind) -> Self {
        self.but(|letter| letter.automatic = Some(Automatic { kind, reason: "a header says so".to_owned() }))
    }

    fn doubt(self, kind: DoubtKind) -> Self {
        self.but(|letter| letter.doubts.push(Doubt { kind, detail: "it was seen".to_owned() }))
    }

    fn silent(self, wish: &str) -> Self {
        self.but(|letter| letter.suppress_reply = Some(wish.to_owned()))
    }

    fn received(self, moment: &str) -> Self {
        self.but(|letter| letter.received_at = moment.parse().unwrap())
    }
}

/// Sabina's enquiry number `id`, in progress.
fn enquiry(id: i64) -> KnownEnquiry {
    KnownEnquiry {
        id: EnquiryId(id),
        reference: reference(id),
        state: State::InProgress,
        addresses: vec!["sabina@arbejde.example".to_owned(), SABINA.to_owned()],
    }
}

fn reference(id: i64) -> Reference {
    Reference::from_random(id as u64 * 0x1234_5678_9ABC_DEF1)
}

fn closed(id: i64) -> KnownEnquiry {
    KnownEnquiry { state: State::Closed, ..enquiry(id) }
}

fn of_karsten(enquiry: KnownEnquiry) -> KnownEnquiry {
    KnownEnquiry { addresses: vec![KARSTEN.to_owned()], ..enquiry }
}

fn nothing() -> Known {
    Known::default()
}

impl Known {
    fn thread(mut self, enquiry: KnownEnquiry) -> Self {
        self.threads.push(enquiry);
        self
    }

    fn quoted(mut self, enquiry: KnownEnquiry) -> Self {
        self.quoted.push(enquiry);
        self
    }

    fn sender_has(mut self, enquiry: KnownEnquiry) -> Self {
        self.of_sender.push(enquiry);
        self
    }
}

fn rules() -> Rules {
    Rules {
        office: Office::default(),
        ceiling_sender: 4,
        ceiling_all: 100,
        acknowledge_within: SignedDuration::from_hours(14 * 24),
        own_addresses: vec![OFFICE.to_owned(), OUR_NUMBER.to_owned()],
        texting: TextRules { number_day: 4, number_month: 12, all_day: 400, loop_texts: 5 },
    }
}

/// What became of it, on one line: `disposition [of enquiry] [+ offers] [after closing]: acknowledgement`.
fn in_short(routing: &Routing) -> String {
    let mut short = routing.disposition.as_str().to_owned();
    if let Some(enquiry) = routing.enquiry {
        short += &format!(" of {}", enquiry.0);
    }
    if !routing.offers.is_empty() {
        let offers: Vec<_> = routing.offers.iter().map(|offer| offer.enquiry.0.to_string()).collect();
        short += &format!(" + {}", offers.join(" "));
    }
    if routing.after_closing {
        short += " after closing";
    }
    short
        + match routing.acknowledgement {
            Acknowledgement::Send { .. } => ": send",
            Acknowledgement::Suppressed { .. } => ": suppressed",
            Acknowledgement::NotDue { .. } => ": not due",
        }
}

/// All words of a routing.
fn words(routing: &Routing) -> Vec<&str> {
    let acknowledgement = match &routing.acknowledgement {
        Acknowledgement::Send { reason, .. }
        | Acknowledgement::Suppressed { reason, .. }
        | Acknowledgement::NotDue { reason } => reason,
    };
    let offers = routing.offers.iter().map(|offer| offer.reason.as_str());
    offers.chain([routing.reason.as_str(), acknowledgement]).collect()
}

/// Every word is a sentence for the adviser, and none is the citizen's.
fn check_words(letter: &Incoming, routing: &Routing) {
    let parties = letter.sender.iter().chain(&letter.reply_to).chain(&letter.recipients);
    let theirs: Vec<String> = parties
        .flat_map(|party| [Some(party.address.as_str().to_owned()), party.name.clone()])
        .flatten()
        .chain([letter.subject.clone(), letter.text.clone()])
        .filter(|said| !said.trim().is_empty())
        .collect();
    for words in words(routing) {
        assert!(words.ends_with('.') && words.starts_with(char::is_uppercase), "no sentence: {words}");
        assert!(!words.contains("  ") && !words.contains(".."), "untidy: {words}");
        for said in &theirs {
            assert!(!words.contains(said.as_str()), "says the citizen's words: {words}");
        }
    }
}

fn check(letter: &Letter, known: &Known, expected: &str) {
    let routing = route(&letter.0, known, &rules(), now());
    assert_eq!(in_short(&routing), expected, "{}", routing.reason);
    check_words(&letter.0, &routing);
}
