//! Reading one letter within its limits: bytes to [`Incoming`], whatever the bytes are.
//!
//! A small letter is read where it stands; a large one on a thread of its own, with a time limit, so that a letter
//! built to be slow costs itself and nobody else.

use std::sync::Arc;
use std::time::Duration;

use indgang_channels::email::{self, Limits, ReadContext};
use indgang_channels::message::{Doubt, DoubtKind, ExternalId, Incoming};
use jiff::Timestamp;

/// Up to this size reading takes well under a millisecond, and a thread would cost more than it protects.
const SMALL: usize = 64 << 10;

/// How long a large letter may take.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// What reading must know beside the letter; one for each account.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The configured account.
    pub account: String,
    /// The limits.
    pub limits: Limits,
    /// The receiving server's name in Authentication-Results.
    pub authserv_id: Option<String>,
    /// Our own addresses, lower-cased.
    pub own_addresses: Vec<String>,
}

impl Reader {
    /// Reads one letter. Gives the bytes back beside what was read.
    pub async fn read(
        self: &Arc<Self>,
        raw: Vec<u8>,
        external_id: ExternalId,
        received_at: Timestamp,
    ) -> (Vec<u8>, Incoming) {
        if raw.len() <= SMALL {
            let incoming = self.read_now(&raw, external_id, received_at);
            return (raw, incoming);
        }
        let raw = Arc::new(raw);
        let reading = {
            let (reader, raw, external_id) = (Arc::clone(self), Arc::clone(&raw), external_id.clone());
            tokio::task::spawn_blocking(move || reader.read_now(&raw, external_id, received_at))
        };
        let incoming = match tokio::time::timeout(TIME_LIMIT, reading).await {
            Ok(Ok(incoming)) => incoming,
            Ok(Err(_)) => {
                self.shell(&raw, external_id, received_at, DoubtKind::Unreadable, "Reading it failed.")
            }
            Err(_) => self.shell(
                &raw,
                external_id,
                received_at,
                DoubtKind::OverLimit,
                "Reading it took longer than the time limit.",
            ),
        };
        (Arc::try_unwrap(raw).unwrap_or_else(|shared| shared.as_ref().clone()), incoming)
    }

    /// Reads one letter here and now.
    pub fn read_now(&self, raw: &[u8], external_id: ExternalId, received_at: Timestamp) -> Incoming {
        email::read(raw, &self.context(external_id, received_at))
    }

    /// Reads only the head of a letter, and holds it with the reason.
    pub fn shell(
        &self,
        raw: &[u8],
        external_id: ExternalId,
        received_at: Timestamp,
        kind: DoubtKind,
        detail: &str,
    ) -> Incoming {
        let mut incoming = email::read(head(raw), &self.context(external_id, received_at));
        incoming.doubts.retain(|doubt| doubt.kind != DoubtKind::Empty);
        incoming.doubts.push(Doubt { kind, detail: detail.to_owned() });
        incoming
    }

    fn context(&self, external_id: ExternalId, received_at: Timestamp) -> ReadContext<'_> {
        ReadContext {
            account: &self.account,
            external_id,
            received_at,
            limits: &self.limits,
            authserv_id: self.authserv_id.as_deref(),
            own_addresses: &self.own_addresses,
        }
    }
}

/// The header section with its closing empty line; at most 256 KiB of it.
fn head(raw: &[u8]) -> &[u8] {
    let raw = &raw[..raw.len().min(256 << 10)];
    let end = [&b"\r\n\r\n"[..], b"\n\n"]
        .into_iter()
        .filter_map(|blank| {
            raw.windows(blank.len()).position(|window| window == blank).map(|at| at + blank.len())
        })
        .min();
    &raw[..end.unwrap_or(raw.len())]
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn the_head_ends_with_its_empty_line() {
        assert_eq!(head(b"A: 1\r\nB: 2\r\n\r\nbody\n\nmore"), b"A: 1\r\nB: 2\r\n\r\n");
        assert_eq!(head(b"A: 1\n\nbody"), b"A: 1\n\n");
        assert_eq!(head(b"A: 1"), b"A: 1");
    }
}
