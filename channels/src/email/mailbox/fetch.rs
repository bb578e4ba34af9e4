//! Fetches every letter after a UID, in pipelined batches, without marking anything as read (PEEK).
//!
//! The sizes of a batch are asked for before its letters, so a letter over the limit costs its headers only. Each letter is
//! handed over as it arrives, and what has been handed over and not yet dropped is bounded in bytes: memory does not
//! grow with the mailbox. No UID that the server lists is ever passed over in silence.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use imap_proto::{AttributeValue, MailboxDatum, Response};
use jiff::Timestamp;
use jiff::fmt::strtime;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::error::{MailboxError, MailboxErrorKind};
use super::wire::{End, Literal};
use super::{Mailbox, names};

/// UIDs per command: enough that turns cost little, few enough that a command stays under the 8,000 bytes that servers
/// must take (RFC 7162 section 4) even when no two UIDs are neighbours.
const BATCH: usize = 500;
/// The most that is fetched of a letter over the limit: its headers.
const HEADERS: usize = 64 << 10;
const DOING: &str = "letters were being fetched";

/// How many bytes of letters may be held at once between the server and whoever takes them, over all mailboxes that
/// share it.
#[derive(Clone, Debug)]
pub struct Budget {
    kibibytes: Arc<Semaphore>,
    most: u32,
}

impl Budget {
    /// A budget of about this many bytes. A single letter above it takes all of it and still gets through.
    pub fn new(bytes: usize) -> Self {
        let most = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX).clamp(1, 1 << 28);
        Self { kibibytes: Arc::new(Semaphore::new(most as usize)), most }
    }

    async fn take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let want = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX).clamp(1, self.most);
        Arc::clone(&self.kibibytes).acquire_many_owned(want).await.ok()
    }
}

/// Twelve mebibytes.
impl Default for Budget {
    fn default() -> Self {
        Self::new(12 << 20)
    }
}

/// One step of a fetch.
#[derive(Debug)]
pub struct Fetched {
    /// Everything up to this UID has been handed over with this step or before it. Once all of that is committed, the
    /// cursor may stand here; a letter's own UID may not be used for that, since one that the server refused at first
    /// comes later than its neighbours.
    pub cursor: u32,
    /// The letter; `None` when it was removed by somebody else between listing and fetching.
    pub letter: Option<Letter>,
}

/// One letter as the server keeps it.
pub struct Letter {
    /// Its number, under the folder's UIDVALIDITY.
    pub uid: u32,
    /// When the server got it (INTERNALDATE); `None` when the server's statement cannot be read.
    pub received_at: Option<Timestamp>,
    /// Its size as the server states it (RFC822.SIZE), in bytes. Some servers estimate.
    pub size: u64,
    /// Its bytes, or why there are none.
    pub body: FetchedBody,
    /// What it takes of the budget, given back on drop.
    budget_held: Option<OwnedSemaphorePermit>,
}

impl Letter {
    /// The same letter, no longer counted in the budget: for one that is kept longer than the fetch lasts.
    #[must_use]
    pub fn without_budget(mut self) -> Self {
        self.budget_held = None;
        self
    }
}

/// What was fetched of a letter.
#[derive(PartialEq, Eq)]
pub enum FetchedBody {
    /// All of it.
    Whole(Vec<u8>),
    /// It is over the limit: its headers, as far as 64 KiB.
    TooLarge(Vec<u8>),
    /// The server lists it and refuses to give it, asked twice and alone. Nothing is known but its UID; it stays on
    /// the server.
    Withheld,
}

/// Sizes and numbers only.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.body {
            FetchedBody::Whole(_) => "whole",
            FetchedBody::TooLarge(_) => "too large",
            FetchedBody::Withheld => "withheld",
        };
        write!(f, "Letter({}, {} bytes, {what})", self.uid, self.size)
    }
}

impl fmt::Debug for FetchedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(bytes) => write!(f, "Whole({} bytes)", bytes.len()),
            Self::TooLarge(bytes) => write!(f, "TooLarge({} bytes of headers)", bytes.len()),
            Self::Withheld => write!(f, "Withheld"),
        }
    }
}

/// What the server said of a letter before its bytes.
#[derive(Clone, Copy, Default)]
struct Known {
    size: u64,
    received_at: Option<Timestamp>,
}

/// Keeps the promise of [`Fetched::cursor`].
struct Ledger {
    listed: Vec<u32>,
    next: usize,
    ahead: BTreeSet<u32>,
    cursor: u32,
}

impl Ledger {
    fn settled(&mut self, uid: u32) -> u32 {
        self.ahead.insert(uid);
        while let Some(uid) = self.listed.get(self.next)
            && self.ahead.remove(uid)
        {
            self.cursor = *uid;
            self.next += 1;
        }
        self.cursor
    }
}

/// Everything that one fetch needs at hand.
struct Fetch<'a> {
    limit: u64,
    budget: &'a Budget,
    out: &'a mpsc::Sender<Fetched>,
    ledger: Ledger,
    /// What the server said of letters that are still to come. It may say so at any time: Dovecot answers commands that
    /// were sent together out of their turn.
    known: BTreeMap<u32, Known>,
}

impl Mailbox {
    /// Hands every letter with a UID above `last_uid` to `out`, in batches of ascending UIDs, and returns the highest
    /// UID that was listed (`last_uid` when there is nothing new). Letters of more than `limit` bytes come as
    /// [`FetchedBody::TooLarge`].
    ///
    /// Waits while `budget` is spent: keep taking from the channel, and drop letters when they are stored.
    ///
    /// # Errors
    /// What was handed over before an error is good. [`MailboxErrorKind::Abandoned`] when the receiver is gone.
    pub async fn fetch_after(
        &mut self,
        last_uid: u32,
        limit: u64,
        budget: &Budget,
        out: &mpsc::Sender<Fetched>,
    ) -> Result<u32, MailboxError> {
        let result = self.try_fetch(last_uid, limit, budget, out).await;
        self.settle(result)
    }

    async fn try_fetch(
        &mut self,
        last_uid: u32,
        limit: u64,
        budget: &Budget,
        out: &mpsc::Sender<Fetched>,
    ) -> Result<u32, MailboxErrorKind> {
        self.usable()?;
        // Before the search: what arrives during it is either found or pending.
        self.pending = false;
        let Some(first) = last_uid.checked_add(1) else { return Ok(last_uid) };
        // `n:*` means the last letter even when that lies below n.
        let mut listed = self.search(&format!("{first}:*")).await?;
        listed.retain(|&uid| uid > last_uid);
        listed.sort_unstable();
        listed.dedup();
        let highest = listed.last().copied().unwrap_or(last_uid);
        let ledger = Ledger { listed: listed.clone(), next: 0, ahead: BTreeSet::new(), cursor: last_uid };
        let mut fetch = Fetch { limit, budget, out, ledger, known: BTreeMap::new() };
        let mut batches = listed.chunks(BATCH).peekable();
        let mut sizes = match batches.peek() {
            Some(batch) => Some(self.ask_sizes(batch).await?),
            None => None,
        };
        while let (Some(batch), Some(tag)) = (batches.next(), sizes.take()) {
            self.read_sizes(&tag, &mut fetch.known).await?;
            let (small, large): (Vec<u32>, Vec<u32>) = batch
                .iter()
                .filter(|uid| fetch.known.contains_key(uid))
                .partition(|uid| fetch.known.get(uid).is_some_and(|known| known.size <= limit));
            let whole = self.ask(&small, "BODY.PEEK[]").await?;
            let headers = self.ask(&large, &format!("BODY.PEEK[HEADER]<0.{HEADERS}>")).await?;
            // On the way while the letters come in.
            if let Some(next) = batches.peek() {
                sizes = Some(self.ask_sizes(next).await?);
            }
            let mut missing: BTreeSet<u32> = batch.iter().copied().collect();
            // A server that estimates sizes may send more than it stated.
            self.wire.literal_cap = usize::try_from(limit).unwrap_or(usize::MAX).max(HEADERS);
            self.read_letters(whole.as_deref(), &mut fetch, &mut missing).await?;
            self.read_letters(headers.as_deref(), &mut fetch, &mut missing).await?;
            for uid in batch {
                fetch.known.remove(uid);
            }
            if !missing.is_empty() {
                if let Some(tag) = sizes.take() {
                    self.read_sizes(&tag, &mut fetch.known).await?;
                }
                self.look_again(missing, &mut fetch).await?;
                if let Some(next) = batches.peek() {
                    sizes = Some(self.ask_sizes(next).await?);
                }
            }
        }
        Ok(highest)
    }

    /// The UIDs of a set that exist.
    pub(super) async fn search(&mut self, set: &str) -> Result<Vec<u32>, MailboxErrorKind> {
        let mut found = Vec::new();
        let tag = self.wire.send(&format!("UID SEARCH UID {set}")).await?;
        loop {
            self.next("letters were being listed").await?;
            if let Some(end) = self.wire.end_of(&tag)? {
                return match end {
                    End::Ok => Ok(found),
                    End::No | End::Bad => Err(MailboxErrorKind::Protocol("it refuses to list the folder")),
                };
            }
            match self.wire.response() {
                Some(Response::MailboxData(MailboxDatum::Search(uids))) => found.extend(uids),
                None if self.wire.begins(b"* SEARCH") => {
                    return Err(MailboxErrorKind::Protocol("its list of letters cannot be read"));
                }
                _ => {}
            }
        }
    }

    async fn ask_sizes(&mut self, uids: &[u32]) -> Result<String, MailboxErrorKind> {
        let set = names::uid_set(uids);
        self.wire.send(&format!("UID FETCH {set} (UID INTERNALDATE RFC822.SIZE)")).await
    }

    /// What the server says of the letters that `tag` asked about. One that it leaves out is looked for again later, so
    /// a refusal is no failure here.
    async fn read_sizes(
        &mut self,
        tag: &str,
        known: &mut BTreeMap<u32, Known>,
    ) -> Result<(), MailboxErrorKind> {
        loop {
            self.next(DOING).await?;
            if self.wire.end_of(tag)?.is_some() {
                return Ok(());
            }
            if let Some(Response::Fetch(_, attributes)) = self.wire.response() {
                learn(&attributes, known);
            }
        }
    }

    async fn ask(&mut self, uids: &[u32], section: &str) -> Result<Option<String>, MailboxErrorKind> {
        if uids.is_empty() {
            return Ok(None);
        }
        let set = names::uid_set(uids);
        Ok(Some(self.wire.send(&format!("UID FETCH {set} (UID {section})")).await?))
    }

    /// Hands over the letters that come until `tag` is answered, and strikes them from `missing`.
    ///
    /// Which command a letter answers is told by the letter (its section), never by the order of the answers.
    async fn read_letters(
        &mut self,
        tag: Option<&str>,
        fetch: &mut Fetch<'_>,
        missing: &mut BTreeSet<u32>,
    ) -> Result<(), MailboxErrorKind> {
        let Some(tag) = tag else { return Ok(()) };
        loop {
            self.next(DOING).await?;
            if self.wire.end_of(tag)?.is_some() {
                return Ok(());
            }
            let literals = self.wire.take_literals();
            let Some(response) = self.wire.response() else {
                // One that we cannot read: whatever was asked for and does not come is still in `missing`.
                continue;
            };
            let Some((uid, headers_only, body)) = body(&response, literals) else {
                // The sizes of the next batch, flags that somebody else changed, or a new letter.
                if let Response::Fetch(_, attributes) = &response {
                    learn(attributes, &mut fetch.known);
                }
                continue;
            };
            if !missing.remove(&uid) {
                continue;
            }
            let facts = fetch.known.get(&uid).copied().unwrap_or_default();
            let cut = body.announced > body.bytes.len() as u64;
            let size = if headers_only { facts.size } else { facts.size.max(body.announced) };
            let body = if headers_only || cut {
                let mut headers = body.bytes;
                headers.truncate(HEADERS);
                headers.shrink_to_fit();
                FetchedBody::TooLarge(headers)
            } else {
                FetchedBody::Whole(body.bytes)
            };
            fetch.hand_over(uid, size, facts.received_at, body).await?;
        }
    }

    /// Letters that were listed and did not come: gone meanwhile, or refused. Each is asked for once more and alone, so
    /// that one which the server cannot give does not hold up the others. A server that gives out none at all has an
    /// outage of its own, and is asked again later for all of them.
    async fn look_again(
        &mut self,
        missing: BTreeSet<u32>,
        fetch: &mut Fetch<'_>,
    ) -> Result<(), MailboxErrorKind> {
        let asked: Vec<u32> = missing.iter().copied().collect();
        let there: BTreeSet<u32> = self.search(&names::uid_set(&asked)).await?.into_iter().collect();
        for uid in missing {
            if !there.contains(&uid) {
                fetch.vanished(uid).await?;
                continue;
            }
            let mut alone = BTreeSet::from([uid]);
            let tag = self.ask_sizes(&[uid]).await?;
            self.read_sizes(&tag, &mut fetch.known).await?;
            let size = fetch.known.get(&uid).map(|known| known.size);
            let large = size.is_some_and(|size| size > fetch.limit);
            let section =
                if large { format!("BODY.PEEK[HEADER]<0.{HEADERS}>") } else { "BODY.PEEK[]".to_owned() };
            let tag = self.ask(&[uid], &section).await?;
            self.read_letters(tag.as_deref(), fetch, &mut alone).await?;
            if !alone.is_empty() {
                if self.search(&uid.to_string()).await?.contains(&uid) {
                    self.gives_out_others(&asked).await?;
                    let facts = fetch.known.get(&uid).copied().unwrap_or_default();
                    fetch.hand_over(uid, facts.size, facts.received_at, FetchedBody::Withheld).await?;
                } else {
                    fetch.vanished(uid).await?;
                }
            }
        }
        Ok(())
    }
}

impl Mailbox {
    /// Whether a refused letter is to blame itself: another one of the folder must be given out at this very moment.
    /// Where there is no other to compare with, the server is given the blame, and asked again later.
    async fn gives_out_others(&mut self, refused: &[u32]) -> Result<(), MailboxErrorKind> {
        const OUTAGE: MailboxErrorKind =
            MailboxErrorKind::Protocol("it lists letters and gives none of them out");
        let present = self.search("1:*").await?;
        let Some(other) = present.into_iter().rev().find(|uid| !refused.contains(uid)) else {
            return Err(OUTAGE);
        };
        let Some(tag) = self.ask(&[other], "BODY.PEEK[]<0.16>").await? else { return Err(OUTAGE) };
        let mut came = false;
        loop {
            self.next(DOING).await?;
            if let Some(end) = self.wire.end_of(&tag)? {
                return if came && end == End::Ok { Ok(()) } else { Err(OUTAGE) };
            }
            let literals = self.wire.take_literals();
            let answer = self.wire.response();
            came |=
                answer.and_then(|response| body(&response, literals)).is_some_and(|(uid, ..)| uid == other);
        }
    }
}

impl Fetch<'_> {
    async fn hand_over(
        &mut self,
        uid: u32,
        size: u64,
        received_at: Option<Timestamp>,
        body: FetchedBody,
    ) -> Result<(), MailboxErrorKind> {
        let held = match &body {
            FetchedBody::Whole(bytes) | FetchedBody::TooLarge(bytes) => bytes.len(),
            FetchedBody::Withheld => 0,
        };
        // Whoever takes the letters may leave while we wait for room.
        let permit = tokio::select! {
            permit = self.budget.take(held) => permit,
            () = self.out.closed() => return Err(MailboxErrorKind::Abandoned),
        };
        let letter = Letter { uid, received_at, size, body, budget_held: permit };
        self.send(uid, Some(letter)).await
    }

    async fn vanished(&mut self, uid: u32) -> Result<(), MailboxErrorKind> {
        self.send(uid, None).await
    }

    async fn send(&mut self, uid: u32, letter: Option<Letter>) -> Result<(), MailboxErrorKind> {
        let cursor = self.ledger.settled(uid);
        self.out.send(Fetched { cursor, letter }).await.map_err(|_| MailboxErrorKind::Abandoned)
    }
}

#[derive(Default)]
struct Facts {
    size: Option<u64>,
    received_at: Option<Timestamp>,
}

fn facts(attributes: &[AttributeValue<'_>]) -> (Option<u32>, Facts) {
    let mut uid = None;
    let mut facts = Facts::default();
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(value) => uid = Some(*value),
            AttributeValue::Rfc822Size(size) => facts.size = Some(u64::from(*size)),
            AttributeValue::InternalDate(date) => facts.received_at = internal_date(date),
            _ => {}
        }
    }
    (uid, facts)
}

/// Remembers what a response says of a letter's size and date.
fn learn(attributes: &[AttributeValue<'_>], known: &mut BTreeMap<u32, Known>) {
    let (uid, facts) = facts(attributes);
    if let (Some(uid), Some(size)) = (uid, facts.size) {
        known.insert(uid, Known { size, received_at: facts.received_at });
    }
}

/// The UID of a response that carries a body, whether that is the headers only, and its bytes. Short bodies may come as a quoted string instead of a
/// literal, and an empty one as NIL.
fn body(response: &Response<'_>, literals: Vec<Literal>) -> Option<(u32, bool, Literal)> {
    let Response::Fetch(_, attributes) = response else { return None };
    let mut uid = None;
    let mut headers_only = false;
    let mut inline = None;
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(value) => uid = Some(*value),
            AttributeValue::BodySection { section, data, .. } => {
                headers_only = section.is_some();
                inline = Some(data.as_ref().map(|data| data.to_vec()).unwrap_or_default());
            }
            _ => {}
        }
    }
    let (uid, inline) = (uid?, inline?);
    let literal = literals.into_iter().next();
    Some((uid, headers_only, literal.unwrap_or(Literal { announced: inline.len() as u64, bytes: inline })))
}

/// `" 1-Nov-2026 05:00:00 +0100"` (RFC 3501 `date-time`).
fn internal_date(text: &str) -> Option<Timestamp> {
    strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?.to_timestamp().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(" 1-Nov-2026 05:00:00 +0100", Some("2026-11-01T04:00:00Z"))]
    #[case("17-Jul-1996 02:44:25 -0700", Some("1996-07-17T09:44:25Z"))]
    #[case("01-Jan-2026 00:00:00 +0000", Some("2026-01-01T00:00:00Z"))]
    #[case("yesterday", None)]
    #[case("", None)]
    fn the_servers_date_is_read(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(internal_date(text).map(|at| at.to_string()).as_deref(), expected);
    }

    #[test]
    fn the_cursor_never_passes_a_letter_that_is_still_out() {
        let mut ledger = Ledger { listed: vec![3, 5, 9, 12], next: 0, ahead: BTreeSet::new(), cursor: 2 };
        assert_eq!(ledger.settled(5), 2);
        assert_eq!(ledger.settled(3), 5);
        assert_eq!(ledger.settled(12), 5);
        assert_eq!(ledger.settled(9), 12);
    }
}
