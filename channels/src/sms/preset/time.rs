//! The ways in which gateways write a time.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Reads unix seconds or milliseconds, RFC 3339 (also with an offset that has no colon), and a date and a time without an
/// offset, which is then in `zone`. `None` when it is none of these: a time that cannot be read costs no text.
pub(super) fn read(written: &str, zone: &TimeZone) -> Option<Timestamp> {
    let written = written.trim();
    if written.is_empty() || written.len() > 40 {
        return None;
    }
    let seconds = written.split('.').next().unwrap_or_default();
    if !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = seconds.parse().ok()?;
        return match seconds.len() {
            ..=11 => Timestamp::from_second(number).ok(),
            12..=14 => Timestamp::from_millisecond(number).ok(),
            _ => None,
        };
    }
    if let Ok(time) = written.parse::<Timestamp>() {
        return Some(time);
    }
    if let Ok(zoned) = Zoned::strptime("%Y-%m-%dT%H:%M:%S%.f%z", written) {
        return Some(zoned.timestamp());
    }
    let civil: DateTime =
        written.parse().ok().or_else(|| DateTime::strptime("%Y-%m-%d %H:%M", written).ok())?;
    civil.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}
