//! Waiting: news is noticed, silence is no failure, a dead server is.

use std::time::{Duration, Instant};

use indgang_channels::email::mailbox::{Watch, Woken};
use indgang_peers::Dovecot;
use rstest::rstest;

use crate::support::{USER, account, fetch, letter, open};

const IDLE: Watch = Watch::Idle { fallback: Duration::from_secs(1) };
const POLL: Watch = Watch::Poll(Duration::from_millis(50));

#[rstest]
#[case(IDLE)]
#[case(POLL)]
#[tokio::test]
async fn a_delivery_wakes(#[case] watch: Watch) {
    let dovecot = Dovecot::start().unwrap();
    dovecot.deliver(USER, &letter(0, 300)).unwrap();
    let mut mailbox = open(&account(&dovecot)).await;
    // What was there already is news until it is fetched.
    assert_eq!(mailbox.wait(watch, Duration::from_secs(5)).await.unwrap(), Woken::News);
    let (_, end) = fetch(&mut mailbox, 0).await;
    let mut last = end.unwrap();
    assert_eq!(mailbox.wait(watch, Duration::from_millis(300)).await.unwrap(), Woken::Quiet);
    let inbox = dovecot.inbox(USER).unwrap();
    let mut delays = Vec::new();
    for number in 1..=5 {
        let inbox = inbox.clone();
        let deliver = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(137));
            let at = Instant::now();
            inbox.deliver(&letter(number, 300)).unwrap();
            at
        });
        assert_eq!(mailbox.wait(watch, Duration::from_secs(20)).await.unwrap(), Woken::News);
        let (fetched, end) = fetch(&mut mailbox, last).await;
        delays.push(deliver.join().unwrap().elapsed());
        last = end.unwrap();
        assert_eq!(fetched.len(), 1);
    }
    println!("{watch:?}: from delivery to the letter in hand {delays:?}");
}

#[rstest]
#[case(IDLE)]
#[case(POLL)]
#[tokio::test]
async fn a_server_that_goes_away_is_noticed(#[case] watch: Watch) {
    let mut dovecot = Dovecot::start().unwrap();
    dovecot.inbox(USER).unwrap();
    let mut mailbox = open(&account(&dovecot)).await;
    let stop = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        dovecot.kill();
        dovecot
    });
    let begun = Instant::now();
    let error = mailbox.wait(watch, Duration::from_secs(30)).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(5), "{error}");
    stop.join().unwrap();
}
