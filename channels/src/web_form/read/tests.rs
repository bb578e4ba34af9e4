//! Tables: what was filled in, and whom the receipt goes to by which way.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::message::Language;

fn ways() -> AnswerWays {
    let way = |channel, account: &str, sender: Option<&str>| {
        Some(AnswerWay { channel, account: account.to_owned(), sender: sender.map(str::to_owned) })
    };
    AnswerWays {
        email: way(Channel::Email, "borger", None),
        sms: way(Channel::Sms, "tekst", Some("+4521234567")),
    }
}

fn read_at(submission: &Submission, place: Place<'_>) -> Incoming {
    let context = ReadContext {
        account: "web",
        received_at: Timestamp::UNIX_EPOCH,
        answer_ways: &ways(),
        own_numbers: &["+4521234567".to_owned()],
        foreign: &[],
        place,
    };
    read(submission, ExternalId("f".to_owned()), &context)
}

fn form(submission: &Submission) -> Incoming {
    read_at(submission, Place::Form { thread: "f" })
}

fn written(email: &str, phone: &str, answer_by: Option<AnswerBy>) -> Submission {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Submission {
        message: "Jeg forstår ikke brevet.".to_owned(),
        email: some(email),
        phone: some(phone),
        answer_by,
        ..Submission::default()
    }
}

const MAIL: &str = "daniel@post.example";
const PHONE: &str = "+4520123456";

#[rstest]
#[case::anonymous("", "", None, "nobody")]
#[case::mail_given(MAIL, "", None, "email to daniel@post.example")]
#[case::phone_given("", PHONE, None, "sms to +4520123456")]
#[case::both_given(MAIL, PHONE, None, "email to daniel@post.example")]
#[case::a_text_chosen(MAIL, PHONE, Some(AnswerBy::Sms), "sms to +4520123456")]
#[case::mail_chosen(MAIL, PHONE, Some(AnswerBy::Email), "email to daniel@post.example")]
#[case::a_call_chosen("", PHONE, Some(AnswerBy::Call), "sms to +4520123456")]
#[case::a_call_chosen_with_mail(MAIL, PHONE, Some(AnswerBy::Call), "email to daniel@post.example")]
#[case::a_meeting_chosen(MAIL, "", Some(AnswerBy::Meeting), "email to daniel@post.example")]
#[case::the_page_chosen("", "", Some(AnswerBy::Page), "nobody")]
#[case::a_foreign_number("", "+46701234567", Some(AnswerBy::Sms), "nobody, at +46701234567")]
#[case::a_foreign_number_and_mail(MAIL, "+46701234567", Some(AnswerBy::Sms), "email to daniel@post.example")]
#[case::our_own_number("", "+4521234567", Some(AnswerBy::Sms), "nobody, at +4521234567")]
fn the_receipt_goes(
    #[case] email: &str,
    #[case] phone: &str,
    #[case] answer_by: Option<AnswerBy>,
    #[case] expected: &str,
) {
    let incoming = form(&written(email, phone, answer_by));
    let sender = incoming.sender.as_ref().map(|sender| sender.address.as_str());
    let said = match (incoming.answer_channel(), sender) {
        (Some(channel), Some(sender)) => format!("{} to {sender}", channel.as_str()),
        (None, Some(sender)) => format!("nobody, at {sender}"),
        (_, None) => "nobody".to_owned(),
    };
    assert_eq!(said, expected);
    assert!(incoming.doubts.is_empty());
}

#[test]
fn what_proves_a_place() {
    let submission = written("", "", None);
    let first = form(&submission);
    assert_eq!(first.thread.message_id.as_deref(), Some("web f"));
    assert!(first.thread.in_reply_to.is_empty() && first.sender_check == SenderCheck::Unknown);
    for place in [Place::FormAgain { thread: "f" }, Place::PrivatePage { thread: "f" }] {
        let later = read_at(&submission, place);
        assert_eq!(later.thread.in_reply_to, ["web f"]);
        assert!(matches!(later.sender_check, SenderCheck::Passed(_)));
    }
}

#[test]
fn a_bad_file_is_marked_and_a_suspicion_holds() {
    let file = |scan| File {
        name: "../a.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: vec![1],
        scan,
    };
    let submission = Submission {
        files: vec![file(Scan::Clean), file(Scan::Infected("Eicar".to_owned())), file(Scan::Unknown)],
        suspicions: vec!["It was quick.".to_owned()],
        ..Submission::default()
    };
    let incoming = form(&submission);
    let quarantined: Vec<bool> = incoming.attachments.iter().map(|one| one.quarantine.is_some()).collect();
    assert_eq!(quarantined, [false, true, true]);
    assert_eq!(incoming.attachments[0].name.as_deref(), Some("a.pdf"));
    let kinds: Vec<DoubtKind> = incoming.doubts.iter().map(|doubt| doubt.kind).collect();
    assert_eq!(kinds, [DoubtKind::Suspicious, DoubtKind::Quarantined, DoubtKind::Quarantined]);
    assert!(DoubtKind::Suspicious.holds() && !DoubtKind::Quarantined.holds());
}

#[test]
fn nothing_at_all_is_said() {
    assert_eq!(form(&Submission::default()).doubts[0].kind, DoubtKind::Empty);
}

#[test]
fn a_debug_line_tells_nobody_who_it_is() {
    let mut submission = written(MAIL, PHONE, None);
    submission.name = Some("Daniel".to_owned());
    let shown = format!("{submission:?} {:?} {:?}", form(&submission), form(&submission).form);
    for private in [MAIL, PHONE, "Daniel", "brevet"] {
        assert!(!shown.contains(private), "{shown}");
    }
}

proptest! {
    #[test]
    fn two_that_differ_in_anything_are_two(one in "[a-c]{0,3}", two in "[a-c]{0,3}", place in 0..6_usize) {
        let with = |value: &str| {
            let mut submission = Submission::default();
            let value = value.to_owned();
            match place {
                0 => submission.message = value,
                1 => submission.name = Some(value),
                2 => submission.email = Some(value),
                3 => submission.phone = Some(value),
                4 => submission.language = Some(Language(value)),
                _ => submission.files.push(File {
                    name: "a".to_owned(), media_type: String::new(), bytes: value.into_bytes(), scan: Scan::Clean,
                }),
            }
            form(&submission).fingerprint
        };
        prop_assert_eq!(with(&one) == with(&two), one == two);
    }

    #[test]
    fn equal_words_in_two_forms_are_two(words in ".{0,20}") {
        let submission = Submission { message: words, ..Submission::default() };
        let other = read_at(&submission, Place::Form { thread: "g" });
        prop_assert_ne!(form(&submission).fingerprint, other.fingerprint);
    }
}
