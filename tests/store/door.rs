//! The door of the intake: groups, and what becomes of a letter that the database refuses.

use std::sync::Arc;

use indgang::clock::Clock;
use indgang::domain::arrival::Disposition;
use indgang::domain::enquiry::EnquiryId;
use indgang::intake::Routing;
use indgang::work::intake::{Intake, IntakeError};

use crate::support::{Fresh, NOW, TestDesk, enquiry, letter, not_due};

/// Starts an enquiry of every letter, but makes the database refuse one, and holds what has a doubt that holds.
fn desk() -> TestDesk {
    TestDesk::of(|incoming, _| {
        if incoming.text == "ond" {
            return Routing { enquiry: Some(EnquiryId(999)), ..not_due(Disposition::FollowUp) };
        }
        if incoming.doubts.iter().any(|doubt| doubt.kind.holds()) {
            not_due(Disposition::Hold)
        } else {
            enquiry()
        }
    })
}

pub(crate) async fn a_letter_that_the_database_refuses_costs_only_itself(Fresh { store, .. }: Fresh) {
    let (door, work) = Intake::open(store.clone(), Arc::new(desk()), Vec::new(), None, Clock::of(|| NOW));
    let mut receipts = Vec::new();
    for number in 1..=20 {
        let content = if number == 7 { "ond".to_owned() } else { format!("nr {number}") };
        receipts.push(door.submit(letter(number, &format!("b{number}@b.example"), &content)).await.unwrap());
    }
    drop(door);
    work.await;
    for (number, receipt) in (1..).zip(receipts) {
        let filed = receipt.wait().await.unwrap();
        let expected = if number == 7 { Disposition::Hold } else { Disposition::Enquiry };
        assert_eq!(filed.routing.unwrap().disposition, expected, "letter {number}");
    }
    let ledger = store.ledger(true).await.unwrap();
    assert_eq!((ledger.received, ledger.dispositions.enquiry, ledger.dispositions.hold), (20, 19, 1));
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
    assert_eq!(store.cursor_fetch("borger", "INBOX").await.unwrap().unwrap().last_uid, 20);
}

pub(crate) async fn a_store_that_is_gone_files_nothing_and_says_so(Fresh { store, .. }: Fresh) {
    let (door, work) = Intake::open(store.clone(), Arc::new(desk()), Vec::new(), None, Clock::of(|| NOW));
    let work = tokio::spawn(work);
    store.close().await;
    let receipt = door.submit(letter(1, "a@b.example", "hej")).await.unwrap();
    assert!(matches!(receipt.wait().await, Err(IntakeError::Store(_))));
    drop(door);
    work.await.unwrap();
}
