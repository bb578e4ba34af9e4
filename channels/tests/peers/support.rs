//! What every test here needs: an account on a Dovecot of its own, letters, and a fetch into a list.

use std::time::Duration;

use indgang_channels::email::mailbox::{
    Account, Auth, Budget, Fetched, FetchedBody, Letter, Mailbox, MailboxError, Tls,
};
use indgang_peers::Dovecot;
use tokio::sync::mpsc;

/// The user of most tests.
pub(crate) const USER: &str = "borger";
/// A limit that no letter here meets by accident.
pub(crate) const LIMIT: u64 = 1 << 20;

/// An account on `dovecot`, in clear.
pub(crate) fn account(dovecot: &Dovecot) -> Account {
    let auth = Auth::Password(Dovecot::PASSWORD.to_owned().into());
    let mut account = Account::new("borger", "127.0.0.1", dovecot.port(), Tls::Plain, USER, auth);
    account.silence = Duration::from_secs(10);
    account
}

/// A connection with the folder open.
pub(crate) async fn open(account: &Account) -> Mailbox {
    let mut mailbox = Mailbox::connect(account).await.unwrap();
    mailbox.select().await.unwrap();
    mailbox
}

/// A letter with a number in its subject, and some text.
pub(crate) fn letter(number: usize, bytes: usize) -> Vec<u8> {
    let mut raw = format!(
        "From: Ane <ane@example.org>\r\nTo: borger@example.dk\r\nSubject: Brev {number}\r\n\
         Message-ID: <{number}@example.org>\r\n\r\n"
    );
    while raw.len() < bytes {
        raw.push_str("Jeg venter stadig svar fra kommunen.\r\n");
    }
    raw.into_bytes()
}

/// Everything after `last`, and how the fetch ended.
pub(crate) async fn fetch(mailbox: &mut Mailbox, last: u32) -> (Vec<Fetched>, Result<u32, MailboxError>) {
    let (send, mut receive) = mpsc::channel::<Fetched>(8);
    let budget = Budget::default();
    let take = async {
        let mut all = Vec::new();
        while let Some(mut fetched) = receive.recv().await {
            // As the server does: what is taken is soon stored and dropped, and the budget with it.
            fetched.letter = fetched.letter.map(Letter::without_budget);
            all.push(fetched);
        }
        all
    };
    let fetch = async move {
        let end = mailbox.fetch_after(last, LIMIT, &budget, &send).await;
        drop(send);
        end
    };
    let (end, all) = tokio::join!(fetch, take);
    (all, end)
}

/// The whole letters of a fetch.
pub(crate) fn whole(fetched: &[Fetched]) -> Vec<(u32, &[u8])> {
    let letters = fetched.iter().filter_map(|fetched| fetched.letter.as_ref());
    letters
        .filter_map(|letter| match &letter.body {
            FetchedBody::Whole(raw) => Some((letter.uid, raw.as_slice())),
            _ => None,
        })
        .collect()
}
