//! The ways in which gateways write a time.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Reads unix seconds or milliseconds, RFC 3339 (also with an offset that has no colon), and a date and a time without an
/// offset (also in 12 or 14 digits), which is then in `zone`. `None` when it is none of these: a time that cannot be read
/// costs no text.
pub(super) fn read(written: &str, zone: &TimeZone) -> Option<Timestamp> {
    let written = written.trim();
    if written.is_empty() || written.len() > 40 {
        return None;
    }
    let seconds = written.split('.').next().unwrap_or_default();
    if !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit()) {
        let civil = |form| DateTime::strptime(form, seconds).ok().and_then(|civil| in_zone(civil, zone));
        return match seconds.len() {
            ..=11 => Timestamp::from_second(seconds.parse().ok()?).ok(),
            13 => Timestamp::from_millisecond(seconds.parse().ok()?).ok(),
            12 => civil("%Y%m%d%H%M"),
            14 => civil("%Y%m%d%H%M%S"),
            _ => None,
        };
    }
    if let Ok(time) = written.parse::<Timestamp>() {
        return Some(time);
    }
    if let Ok(zoned) = Zoned::strptime("%Y-%m-%dT%H:%M:%S%.f%z", written) {
        return Some(zoned.timestamp());
    }
    // A day alone would be midnight, which is wrong by up to a day.
    if !written.contains(':') {
        return None;
    }
    let civil: DateTime =
        written.parse().ok().or_else(|| DateTime::strptime("%Y-%m-%d %H:%M", written).ok())?;
    in_zone(civil, zone)
}

fn in_zone(civil: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    civil.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::seconds("1767225600", "2026-01-01T00:00:00Z")]
    #[case::seconds_with_a_fraction("1767225600.25", "2026-01-01T00:00:00Z")]
    #[case::milliseconds("1767225600500", "2026-01-01T00:00:00.5Z")]
    #[case::rfc_3339("2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00Z")]
    #[case::offset_without_a_colon("2026-01-01T00:00:00.000+0000", "2026-01-01T00:00:00Z")]
    #[case::offset_without_a_colon_or_fraction("2026-01-01T01:00:00+0100", "2026-01-01T00:00:00Z")]
    #[case::no_offset_in_winter("2026-01-01 01:00:00", "2026-01-01T00:00:00Z")]
    #[case::no_offset_in_summer("2026-07-01T02:00:00.5", "2026-07-01T00:00:00.5Z")]
    #[case::no_seconds("2026-01-01 01:00", "2026-01-01T00:00:00Z")]
    #[case::fourteen_digits("20260101010000", "2026-01-01T00:00:00Z")]
    #[case::twelve_digits("202601010100", "2026-01-01T00:00:00Z")]
    fn a_time_is_read(#[case] written: &str, #[case] expected: &str) {
        let zone = TimeZone::get("Europe/Copenhagen").unwrap();
        assert_eq!(read(written, &zone), Some(expected.parse().unwrap()));
    }

    #[rstest]
    #[case::nothing("")]
    #[case::words("yesterday")]
    #[case::a_date("2026-01-01")]
    #[case::too_many_digits("1767225600500000")]
    #[case::too_long("2026-01-01T00:00:00.000000000000000000000000000000000000Z")]
    #[case::no_such_day("2026-02-30 01:00:00")]
    fn what_is_no_time_is_none(#[case] written: &str) {
        assert_eq!(read(written, &TimeZone::UTC), None);
    }
}
