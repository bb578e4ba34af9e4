//! Marking letters as done: the right ones, for good, and as often as one likes.

use indgang_channels::email::mailbox::Action;
use indgang_peers::Dovecot;
use rstest::rstest;

use crate::support::{USER, account, fetch, letter, open, whole};

#[rstest]
#[case("\\Seen", "S")]
#[case("$Indgang", "a")]
#[tokio::test]
async fn a_flag_is_set_on_the_given_letters(#[case] flag: &str, #[case] shown: &str) {
    let dovecot = Dovecot::start().unwrap();
    for number in 0..6 {
        dovecot.deliver(USER, &letter(number, 300)).unwrap();
    }
    let mut mailbox = open(&account(&dovecot)).await;
    let action = Action::Flag(flag.to_owned());
    // Twice, and with a number that nothing stands under.
    for _ in 0..2 {
        mailbox.finish(&[1, 2, 3, 6, 4711], &action).await.unwrap();
    }
    let flags: Vec<String> = dovecot.mails(USER).unwrap().into_iter().map(|mail| mail.flags).collect();
    assert_eq!(flags, [shown, shown, shown, "", "", shown]);
}

#[tokio::test]
async fn letters_are_moved_once() {
    let dovecot = Dovecot::start().unwrap();
    let done = dovecot.folder(USER, "F&AOY-rdig").unwrap();
    for number in 0..5 {
        dovecot.deliver(USER, &letter(number, 300)).unwrap();
    }
    let mut mailbox = open(&account(&dovecot)).await;
    let action = Action::Move("Færdig".to_owned());
    for _ in 0..2 {
        mailbox.finish(&[2, 4], &action).await.unwrap();
    }
    assert_eq!((dovecot.mails(USER).unwrap().len(), done.count().unwrap()), (3, 2));
    let (left, end) = fetch(&mut mailbox, 0).await;
    end.unwrap();
    assert_eq!(whole(&left).iter().map(|(uid, _)| *uid).collect::<Vec<_>>(), [1, 3, 5]);
}

#[tokio::test]
async fn a_folder_that_is_missing_moves_nothing_and_names_its_key() {
    let dovecot = Dovecot::start().unwrap();
    dovecot.deliver(USER, &letter(1, 300)).unwrap();
    let mut mailbox = open(&account(&dovecot)).await;
    let error = mailbox.finish(&[1], &Action::Move("Findes ikke".to_owned())).await.unwrap_err();
    assert!(error.to_string().contains("email.mailboxes.borger.move_to"), "{error}");
    // The connection is good still, and so is the letter.
    mailbox.finish(&[1], &Action::Keep).await.unwrap();
    assert_eq!(dovecot.mails(USER).unwrap().len(), 1);
}

#[rstest]
#[case("no flag")]
#[case("\\Recent")]
#[tokio::test]
async fn a_flag_that_would_not_last_is_refused(#[case] flag: &str) {
    let dovecot = Dovecot::start().unwrap();
    dovecot.deliver(USER, &letter(1, 300)).unwrap();
    let mut mailbox = open(&account(&dovecot)).await;
    let error = mailbox.finish(&[1], &Action::Flag(flag.to_owned())).await.unwrap_err();
    assert!(error.to_string().contains("email.mailboxes.borger.flag"), "{error}");
}
