//! Killed at random while forms are sent: every receipt that was shown has its enquiry.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Part, exchange, form, office};
use crate::crash::Dice;

const KILLS: usize = 20;
const SENDERS: usize = 8;

#[test]
fn every_receipt_that_was_shown_has_its_enquiry() {
    let mut office = office("");
    office.start_up();
    let mut dice = Dice::new();
    let shown: Mutex<BTreeSet<String>> = Mutex::default();
    let tokens: Mutex<BTreeSet<String>> = Mutex::default();
    let over = AtomicBool::new(false);
    let port = office.web;
    let request = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    std::thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (shown, tokens, over, request) = (&shown, &tokens, &over, &request);
            scope.spawn(move || {
                for number in 0.. {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let Some(page) = exchange(port, request("/").as_bytes()) else { continue };
                    if page.status != 200 {
                        continue;
                    }
                    let token = super::token_in(&page.body);
                    tokens.lock().unwrap().insert(token.clone());
                    let text = format!("brev {sender}-{number}");
                    let parts = [Part::Text("token", &token), Part::Text("besked", &text)];
                    let body = form(port, "/", &parts);
                    // A citizen whose browser says that the connection was lost presses again.
                    let sent =
                        (0..3).find_map(|_| exchange(port, &body).filter(|answer| answer.status == 303));
                    let Some(sent) = sent else { continue };
                    let Some(receipt) = exchange(port, request(sent.header("location").unwrap()).as_bytes())
                    else {
                        continue;
                    };
                    if let Some(number) =
                        receipt.body.split("caseno\">").nth(1).filter(|_| receipt.status == 200)
                    {
                        shown.lock().unwrap().insert(number.split('<').next().unwrap().to_owned());
                    }
                }
            });
        }
        for _ in 0..KILLS {
            std::thread::sleep(Duration::from_millis(dice.roll(400)));
            office.kill();
            office.start_up();
        }
        std::thread::sleep(Duration::from_millis(300));
        over.store(true, Ordering::Relaxed);
    });
    office.stop();
    let filed: BTreeSet<String> = office.sql("SELECT reference FROM enquiry").into_iter().collect();
    let shown = shown.into_inner().unwrap();
    let lost: Vec<_> = shown.difference(&filed).collect();
    assert!(lost.is_empty(), "receipts without an enquiry: {lost:?}");
    let texts = office.sql("SELECT text FROM message");
    let once: BTreeSet<&String> = texts.iter().collect();
    assert_eq!(once.len(), texts.len(), "what was pressed twice is there once");
    assert!(shown.len() > 20, "only {} receipts were seen", shown.len());
    let ledger = office.ledger();
    eprintln!(
        "{KILLS} kills: {} receipts shown, {} enquiries filed, {} forms opened; {ledger}",
        shown.len(),
        filed.len(),
        tokens.lock().unwrap().len()
    );
}
