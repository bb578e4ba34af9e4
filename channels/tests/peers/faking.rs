//! What no real server can be made to do on demand, done by a fake that speaks just enough IMAP: refuse one letter,
//! leave one out, state a wrong size, hang up or hang in the middle. It shows our side's conduct, not that the protocol
//! is read rightly; that is what the tests against Dovecot are for.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use indgang_channels::email::mailbox::{
    Account, Auth, Fetched, FetchedBody, Mailbox, MailboxErrorKind, Tls, Watch, Woken,
};
use rstest::rstest;

use crate::support::{LIMIT, fetch, open};

/// What is wrong with letter 2 of 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Nothing.
    None,
    /// Any command that asks for it ends with NO, after the others were sent.
    Refused,
    /// It is listed and never sent, and the commands end with OK.
    LeftOut,
    /// As before, and it is no longer listed when asked about.
    Vanished,
    /// It is sent at the second try, so later than letter 3.
    Late,
    /// It is larger than stated, and than the limit.
    Larger,
    /// It is sent as a quoted string, and letter 3 as NIL.
    Quoted,
    /// The connection ends in the middle of it.
    Cut,
    /// The server falls silent in the middle of it.
    Silent,
    /// The folder is renumbered before it.
    Renumbered,
    /// IDLE is offered and ends with the server's goodbye.
    Goodbye,
    /// It lists and refuses every body.
    Outage,
    /// It gives out two letters, and from then on nothing.
    OutageLater,
}

fn start(fault: Fault) -> Account {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream, fault));
        }
    });
    let auth = Auth::Password("x".to_owned().into());
    let mut account = Account::new("borger", "127.0.0.1", port, Tls::Plain, "u", auth);
    account.silence = Duration::from_millis(500);
    account
}

fn uids(set: &str) -> Vec<u32> {
    let mut all = Vec::new();
    for part in set.split(',') {
        let (from, to) = part.split_once(':').unwrap_or((part, part));
        let to = if to == "*" { 3 } else { to.parse().unwrap() };
        all.extend(from.parse::<u32>().unwrap().min(3)..=to);
    }
    all
}

fn serve(mut out: TcpStream, fault: Fault) {
    let lines = BufReader::new(out.try_clone().unwrap()).lines();
    let _ = out.write_all(b"* OK fake\r\n");
    let (mut bodies_asked, mut searches) = (0, 0);
    for line in lines.map_while(Result::ok) {
        let words: Vec<&str> = line.split(' ').collect();
        let tag = words[0];
        let mut end = "OK";
        let mut say = String::new();
        match words.get(1..).unwrap_or_default() {
            ["CAPABILITY", ..] => say.push_str("* CAPABILITY IMAP4rev1 IDLE\r\n"),
            ["SELECT", ..] => say.push_str("* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n"),
            ["UID", "SEARCH", "UID", set] => {
                searches += 1;
                let gone = |uid: &u32| fault == Fault::Vanished && searches > 1 && *uid == 2;
                let found: Vec<String> =
                    uids(set).iter().filter(|uid| !gone(uid)).map(u32::to_string).collect();
                say = format!("* SEARCH {}\r\n", found.join(" "));
            }
            ["UID", "FETCH", set, "(UID", "INTERNALDATE", ..] => {
                for uid in uids(set) {
                    let date = "\" 1-Nov-2026 05:00:00 +0100\"";
                    say += &format!("* {uid} FETCH (UID {uid} INTERNALDATE {date} RFC822.SIZE 3)\r\n");
                }
            }
            ["UID", "FETCH", set, ..] => {
                bodies_asked += 1;
                for uid in uids(set) {
                    let body = format!("b{uid}\n");
                    match (uid, fault) {
                        (_, Fault::Outage) => end = "NO [SERVERBUG]",
                        (2 | 3, Fault::OutageLater) if bodies_asked > 1 || uid == 3 => end = "NO [SERVERBUG]",
                        (1, Fault::OutageLater) if bodies_asked > 1 => end = "NO [SERVERBUG]",
                        (2, Fault::Refused) => end = "NO [SERVERBUG]",
                        (2, Fault::LeftOut | Fault::Vanished) => {}
                        (2, Fault::Late) if bodies_asked == 1 => {}
                        (2, Fault::Larger) => {
                            let large = "x".repeat(usize::try_from(LIMIT).unwrap() + 100);
                            say += &format!("* 2 FETCH (UID 2 BODY[] {{{}}}\r\n{large})\r\n", large.len());
                        }
                        (2, Fault::Quoted) => say += "* 2 FETCH (BODY[] \"b2\" UID 2)\r\n",
                        (3, Fault::Quoted) => say += "* 3 FETCH (UID 3 BODY[] NIL)\r\n",
                        (2, Fault::Cut) => {
                            let _ =
                                out.write_all(format!("{say}* 2 FETCH (UID 2 BODY[] {{3}}\r\nb").as_bytes());
                            return;
                        }
                        (2, Fault::Silent) => {
                            let _ =
                                out.write_all(format!("{say}* 2 FETCH (UID 2 BODY[] {{3}}\r\nb").as_bytes());
                            std::thread::sleep(Duration::from_secs(30));
                            return;
                        }
                        (2, Fault::Renumbered) => say += "* OK [UIDVALIDITY 8] x\r\n",
                        _ => say += &format!("* {uid} FETCH (UID {uid} BODY[] {{3}}\r\n{body})\r\n"),
                    }
                }
            }
            ["IDLE"] if fault == Fault::Goodbye => {
                let _ = out.write_all(b"+ idling\r\n* BYE shutting down\r\n");
                return;
            }
            ["IDLE"] => {
                let _ = out.write_all(b"+ idling\r\n");
                std::thread::sleep(Duration::from_millis(100));
                let _ = out.write_all(b"* 2 EXPUNGE\r\n* 3 EXISTS\r\n");
                // DONE carries no tag; the end of IDLE does.
                let _ = out.write_all(format!("{tag} OK\r\n").as_bytes());
                continue;
            }
            _ if line == "DONE" => continue,
            _ => {}
        }
        if out.write_all(format!("{say}{tag} {end} done\r\n").as_bytes()).is_err() {
            return;
        }
    }
}

/// What is made of the letters, in the order they come: number, then `w`hole with its length, `l`arge, with`h`eld, or `g`one;
/// and where the cursor may stand.
#[rstest]
#[case(Fault::None, "1w3@1 2w3@2 3w3@3")]
#[case(Fault::Refused, "1w3@1 3w3@1 2h@3")]
#[case(Fault::LeftOut, "1w3@1 3w3@1 2h@3")]
#[case(Fault::Vanished, "1w3@1 3w3@1 g@3")]
#[case(Fault::Late, "1w3@1 3w3@1 2w3@3")]
#[case(Fault::Larger, "1w3@1 2l@2 3w3@3")]
#[case(Fault::Quoted, "1w3@1 2w2@2 3w0@3")]
#[tokio::test]
async fn no_listed_letter_is_passed_over(#[case] fault: Fault, #[case] expected: &str) {
    let mut mailbox = open(&start(fault)).await;
    let (fetched, end) = fetch(&mut mailbox, 0).await;
    assert_eq!(end.unwrap(), 3);
    let shown = fetched.iter().map(|fetched| {
        let what = fetched.letter.as_ref().map_or("g".to_owned(), |letter| {
            let uid = letter.uid;
            match &letter.body {
                FetchedBody::Whole(raw) => format!("{uid}w{}", raw.len()),
                FetchedBody::TooLarge(head) => {
                    assert!(head.len() <= 64 << 10 && letter.size > LIMIT);
                    format!("{uid}l")
                }
                FetchedBody::Withheld => format!("{uid}h"),
            }
        });
        format!("{what}@{}", fetched.cursor)
    });
    assert_eq!(shown.collect::<Vec<_>>().join(" "), expected);
    // The conversation is still in step.
    let (again, end) = fetch(&mut mailbox, 2).await;
    assert_eq!((again.len(), end.unwrap()), (1, 3));
}

/// A server whose index answers while its store does not would otherwise empty a whole mailbox.
#[rstest]
#[case(Fault::Outage, 0)]
#[case(Fault::OutageLater, 2)]
#[tokio::test]
async fn a_server_that_gives_out_nothing_is_asked_again_later(#[case] fault: Fault, #[case] good: usize) {
    let mut mailbox = open(&start(fault)).await;
    let (fetched, end) = fetch(&mut mailbox, 0).await;
    assert!(matches!(end.unwrap_err().kind, MailboxErrorKind::Protocol(_)));
    assert_eq!(fetched.len(), good);
    let whole = |fetched: &Fetched| {
        fetched.letter.as_ref().is_some_and(|letter| matches!(letter.body, FetchedBody::Whole(_)))
    };
    assert!(fetched.iter().all(whole), "nothing is handed over empty");
}

#[rstest]
#[case(Fault::Cut, |kind: &_| matches!(kind, MailboxErrorKind::Unreachable(_)))]
#[case(Fault::Silent, |kind: &_| matches!(kind, MailboxErrorKind::TimedOut { .. }))]
#[case(Fault::Renumbered, |kind: &_| matches!(kind, MailboxErrorKind::UidValidityChanged { was: 7, is: 8 }))]
#[tokio::test]
async fn what_came_before_a_failure_is_good_and_nothing_after_it_is(
    #[case] fault: Fault,
    #[case] expected: fn(&MailboxErrorKind) -> bool,
) {
    let mut mailbox = open(&start(fault)).await;
    let begun = Instant::now();
    let (fetched, end) = fetch(&mut mailbox, 0).await;
    let error = end.unwrap_err();
    assert!(expected(&error.kind), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(3));
    assert_eq!(fetched.iter().map(|fetched| fetched.cursor).collect::<Vec<_>>(), [1]);
    let again =
        mailbox.wait(Watch::Poll(Duration::from_millis(1)), Duration::from_secs(1)).await.unwrap_err();
    assert!(matches!(again.kind, MailboxErrorKind::Broken), "{again}");
}

#[tokio::test]
async fn a_call_that_is_dropped_in_the_middle_spoils_the_connection() {
    let mut mailbox = open(&start(Fault::Silent)).await;
    let dropped = tokio::time::timeout(Duration::from_millis(100), fetch(&mut mailbox, 0)).await;
    assert!(dropped.is_err());
    assert!(matches!(mailbox.select().await.unwrap_err().kind, MailboxErrorKind::Broken));
}

#[tokio::test]
async fn a_server_that_says_goodbye_while_watched_is_left() {
    let mut mailbox = open(&start(Fault::Goodbye)).await;
    let (_, end) = fetch(&mut mailbox, 0).await;
    end.unwrap();
    let idle = Watch::Idle { fallback: Duration::from_secs(1) };
    let error = mailbox.wait(idle, Duration::from_secs(5)).await.unwrap_err();
    assert!(matches!(error.kind, MailboxErrorKind::Unreachable(_)), "{error}");
}

/// One letter is removed and another comes: the count is the same as before, and there is news all the same.
#[tokio::test]
async fn a_letter_that_takes_anothers_place_is_news() {
    let account = start(Fault::None);
    let mut mailbox = Mailbox::connect(&account).await.unwrap();
    mailbox.select().await.unwrap();
    let (_, end) = fetch(&mut mailbox, 0).await;
    end.unwrap();
    let idle = Watch::Idle { fallback: Duration::from_secs(1) };
    assert_eq!(mailbox.wait(idle, Duration::from_secs(5)).await.unwrap(), Woken::News);
}
