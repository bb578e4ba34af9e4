//! How long one citizen waits when nobody else writes.

use std::thread::sleep;
use std::time::{Duration, Instant};

use indgang::cli::demo::letters::{self, Sort};
use indgang_peers::Dovecot;

use crate::sink::Sink;
use crate::{DATE, product};

/// Letters are apart by this at least, so that each finds the server idle, and by at most twice as much.
const GAP: Duration = Duration::from_millis(700);

/// Delivers `count` letters one at a time as a mail server does (a rename into the Maildir), from the `first` on, and
/// gives back how long after that the acknowledgement of each was accepted.
pub(crate) fn measure(
    dovecot: &Dovecot,
    sink: &Sink,
    user: &str,
    first: u32,
    count: u32,
) -> anyhow::Result<Vec<Duration>> {
    let mut waits = Vec::new();
    let mut dice = Dice(20_261_102);
    let inbox = dovecot.inbox(user)?;
    // Numbers beyond every other mailbox's, so that no letter is taken for one that came before.
    let citizens = (1_000_000 + first as usize * 2..)
        .map(|number| letters::letter(number, product::ADDRESS, DATE))
        .filter(|letter| letter.sort == Sort::First);
    sleep(Duration::from_secs(2));
    for letter in citizens.take(count as usize) {
        sleep(GAP + GAP.mul_f64(dice.share()));
        inbox.deliver(&letter.raw)?;
        let delivered = Instant::now();
        let accepted = sink.wait_for(&letter.sender, Duration::from_secs(60))?;
        waits.push(accepted.saturating_duration_since(delivered));
    }
    Ok(waits)
}

/// The same gaps at every run (Numerical Recipes' linear congruential generator): chance without a seed could not be
/// repeated.
struct Dice(u32);

impl Dice {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0) / f64::from(u32::MAX)
    }
}
