//! How much one caller, and everybody together, has sent lately.
//!
//! Kept in memory, of each node for itself: what is counted here decides who must wait or is looked at first, never what is
//! lost. Addresses are kept as hashes under a key that nobody has, never written down, and forgotten as others come.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::token::sign;

/// How long a message counts against its address.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// How long it counts towards an attack.
const ATTACK_WINDOW: SignedDuration = SignedDuration::from_mins(1);
/// An attack is over when so long has been quiet.
const CALM: SignedDuration = SignedDuration::from_mins(5);
/// So many times the limit is refused.
const REFUSED: usize = 10;
/// Most addresses that are remembered, in two halves: when the newer half is full, the older one is forgotten. Whoever has
/// very many addresses makes us forget others', which harms nobody; holding everybody who is new would.
const HALF: usize = 10_000;

/// How a caller stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing speaks against it.
    Fine,
    /// It has sent more than people do: a person looks first.
    Held,
    /// It has sent so much that it must wait.
    Refused,
}

/// Counts what comes.
#[derive(Debug)]
pub struct Limits {
    per_address: usize,
    attack_per_minute: usize,
    key: [u8; 32],
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    newer: HashMap<[u8; 16], VecDeque<Timestamp>>,
    older: HashMap<[u8; 16], VecDeque<Timestamp>>,
    lately: VecDeque<Timestamp>,
    attacked_at: Option<Timestamp>,
}

impl Limits {
    /// Counts from nothing. `key` is random.
    pub fn new(per_address: u32, attack_per_minute: u32, key: [u8; 32]) -> Self {
        Self {
            per_address: per_address as usize,
            attack_per_minute: attack_per_minute as usize,
            key,
            counts: Mutex::default(),
        }
    }

    /// Counts one message from `caller`, and says how they stand with it.
    pub fn note(&self, caller: IpAddr, now: Timestamp) -> Standing {
        let key = self.key_of(caller);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.lately.push_back(now);
        forget(&mut counts.lately, now - ATTACK_WINDOW);
        // Beyond the limit nobody need know by how much: memory stays bounded under a flood.
        counts.lately.truncate(self.attack_per_minute + 1);
        if counts.lately.len() > self.attack_per_minute {
            counts.attacked_at = Some(now);
        }
        let (held, refused) = (self.per_address, self.per_address.saturating_mul(REFUSED));
        let mut times = counts.newer.remove(&key).or_else(|| counts.older.remove(&key)).unwrap_or_default();
        forget(&mut times, now - WINDOW);
        let standing = match times.len() {
            many if many >= refused => Standing::Refused,
            some if some >= held => Standing::Held,
            _ => Standing::Fine,
        };
        if standing != Standing::Refused {
            times.push_back(now);
        }
        if counts.newer.len() >= HALF {
            counts.older = std::mem::take(&mut counts.newer);
        }
        counts.newer.insert(key, times);
        standing
    }

    /// Whether there is an attack.
    pub fn is_attack(&self, now: Timestamp) -> bool {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.attacked_at.is_some_and(|at| at > now - CALM)
    }

    /// One household has one IPv4 address, or one IPv6 network of 64 bits.
    fn key_of(&self, caller: IpAddr) -> [u8; 16] {
        let bytes = match caller.to_canonical() {
            IpAddr::V4(four) => four.octets().to_vec(),
            IpAddr::V6(six) => six.octets()[..8].to_vec(),
        };
        let hash = sign(&self.key, b"caller", &bytes);
        let mut key = [0; 16];
        key.copy_from_slice(&hash[..16]);
        key
    }
}

fn forget(times: &mut VecDeque<Timestamp>, before: Timestamp) {
    while times.front().is_some_and(|first| *first <= before) {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_is_held_then_refused_then_forgotten() {
        let limits = Limits::new(2, 1_000, [7; 32]);
        let said: Vec<Standing> = (0..22).map(|n| limits.note(ip("192.0.2.1"), at(n))).collect();
        assert_eq!(said[..2], [Standing::Fine; 2]);
        assert_eq!(said[2..20], [Standing::Held; 18]);
        assert_eq!(said[20..], [Standing::Refused; 2]);
        assert_eq!(limits.note(ip("192.0.2.2"), at(22)), Standing::Fine, "nobody pays for another");
        assert_eq!(limits.note(ip("192.0.2.1"), at(700)), Standing::Fine, "what is long ago is forgotten");
    }

    #[test]
    fn a_network_of_a_household_counts_as_one() {
        let limits = Limits::new(1, 1_000, [7; 32]);
        assert_eq!(limits.note(ip("2001:db8::1"), at(0)), Standing::Fine);
        assert_eq!(limits.note(ip("2001:db8::2"), at(1)), Standing::Held);
        assert_eq!(limits.note(ip("2001:db8:0:1::1"), at(2)), Standing::Fine);
        assert_eq!(limits.note(ip("192.0.2.1"), at(3)), Standing::Fine);
        assert_eq!(limits.note(ip("::ffff:192.0.2.1"), at(4)), Standing::Held);
    }

    #[test]
    fn many_together_are_an_attack_that_passes() {
        let limits = Limits::new(100, 5, [7; 32]);
        for n in 0..5 {
            limits.note(ip("192.0.2.1"), at(n * 10));
        }
        assert!(!limits.is_attack(at(50)));
        limits.note(ip("192.0.2.2"), at(50));
        assert!(limits.is_attack(at(51)) && limits.is_attack(at(300)));
        assert!(!limits.is_attack(at(351)));
    }

    #[test]
    fn a_flood_takes_no_memory() {
        let limits = Limits::new(1, 5, [7; 32]);
        for n in 0..30_000_u32 {
            limits.note(IpAddr::V4(n.into()), at(0));
        }
        let counts = limits.counts.lock().unwrap();
        assert!(counts.newer.len() + counts.older.len() <= 2 * HALF && counts.lately.len() <= 6);
    }

    #[test]
    fn who_has_a_million_addresses_holds_nobody_else() {
        let limits = Limits::new(1, 5, [7; 32]);
        for n in 0..2 * u32::try_from(HALF).unwrap() + 1 {
            limits.note(IpAddr::V4(n.into()), at(0));
        }
        assert_eq!(limits.note(ip("192.0.2.1"), at(0)), Standing::Fine);
        assert_eq!(limits.note(ip("192.0.2.1"), at(0)), Standing::Held, "and is still counted");
    }
}
