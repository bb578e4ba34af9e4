//! How folder names, flags and sets of UIDs are written on the wire. Pure.

use std::fmt::Write as _;

/// A folder name in modified UTF-7 (RFC 3501 section 5.1.3), so that `Færdig` finds its folder.
pub(super) fn utf7(name: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
    let mut out = String::with_capacity(name.len());
    let mut shifted = String::new();
    let flush = |shifted: &mut String, out: &mut String| {
        if shifted.is_empty() {
            return;
        }
        out.push('&');
        let (mut bits, mut held) = (0_u32, 0_u32);
        for unit in shifted.encode_utf16() {
            bits = (bits << 16) | u32::from(unit);
            held += 16;
            while held >= 6 {
                held -= 6;
                out.push(char::from(ALPHABET[(bits >> held & 63) as usize]));
            }
            bits &= (1 << held) - 1;
        }
        if held > 0 {
            out.push(char::from(ALPHABET[(bits << (6 - held) & 63) as usize]));
        }
        out.push('-');
        shifted.clear();
    };
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut shifted, &mut out);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            shifted.push(c);
        }
    }
    flush(&mut shifted, &mut out);
    out
}

/// A quoted string (RFC 3501 section 4.3). Line ends and NUL cannot stand in one and are left out, so that no value
/// can begin a command of its own.
pub(super) fn quoted(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for c in value.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')) {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// Whether a flag can stand on the wire: a system flag or a keyword (RFC 3501 section 9, `flag`).
pub(super) fn is_flag(flag: &str) -> bool {
    let atom = flag.strip_prefix('\\').unwrap_or(flag);
    !atom.is_empty() && atom.bytes().all(|b| b.is_ascii_graphic() && !b"(){%*\"\\]".contains(&b))
}

/// UIDs as a sequence set with ranges: `1:3,7`. Sorted and without repeats; only the given ones are named.
pub(super) fn uid_set(uids: &[u32]) -> String {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut out = String::new();
    let mut rest = sorted.as_slice();
    while let Some(&first) = rest.first() {
        let run = rest.windows(2).take_while(|pair| pair[1] - pair[0] == 1).count();
        if !out.is_empty() {
            out.push(',');
        }
        // Writing into a String cannot fail.
        let _ = if run == 0 { write!(out, "{first}") } else { write!(out, "{first}:{}", rest[run]) };
        rest = &rest[run + 1..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("INBOX", "INBOX")]
    #[case("Færdig", "F&AOY-rdig")]
    #[case("Å", "&AMU-")]
    #[case("Sager & svar", "Sager &- svar")]
    // The examples of RFC 3501 section 5.1.3 and RFC 2152.
    #[case("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-")]
    #[case("😀", "&2D3eAA-")]
    fn folder_names_are_written_in_modified_utf7(#[case] name: &str, #[case] wire: &str) {
        assert_eq!(utf7(name), wire);
    }

    #[rstest]
    #[case(&[], "")]
    #[case(&[7], "7")]
    #[case(&[1, 2, 3, 7], "1:3,7")]
    #[case(&[9, 1, 2, 2], "1:2,9")]
    #[case(&[u32::MAX, u32::MAX - 1], "4294967294:4294967295")]
    fn uids_are_written_as_ranges(#[case] uids: &[u32], #[case] set: &str) {
        assert_eq!(uid_set(uids), set);
    }

    #[rstest]
    #[case("\\Seen", true)]
    #[case("$Indgang", true)]
    #[case("", false)]
    #[case("\\", false)]
    #[case("a b", false)]
    #[case("x)\r\ni9 DELETE INBOX", false)]
    fn only_a_flag_is_a_flag(#[case] flag: &str, #[case] expected: bool) {
        assert_eq!(is_flag(flag), expected);
    }

    proptest! {
        #[test]
        fn a_quoted_value_stays_one_value(value in any::<String>()) {
            let out = quoted(&value);
            prop_assert!(!out.contains(['\r', '\n', '\0']));
            let inner = &out[1..out.len() - 1];
            prop_assert!(!inner.replace("\\\\", "").replace("\\\"", "").contains(['"', '\\']));
        }

        #[test]
        fn a_folder_name_is_plain_ascii_on_the_wire(name in any::<String>()) {
            prop_assert!(utf7(&name).bytes().all(|b| (b' '..=b'~').contains(&b)));
        }

        #[test]
        fn a_set_names_exactly_its_uids(uids in proptest::collection::btree_set(1_u32..500, 0..60)) {
            let given: Vec<u32> = uids.iter().copied().collect();
            let mut named = Vec::new();
            for part in uid_set(&given).split(',').filter(|part| !part.is_empty()) {
                let (from, to) = part.split_once(':').unwrap_or((part, part));
                named.extend(from.parse::<u32>().unwrap()..=to.parse().unwrap());
            }
            prop_assert_eq!(named, given);
        }
    }
}
