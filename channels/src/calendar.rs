//! Writes a meeting as a calendar file (iCalendar, RFC 5545), to go along with a letter. Pure: the clock is an argument.
//!
//! Deliberately knows no enquiry and no citizen: what the meeting is called is handed in, and should say nothing of what it
//! is about, because calendars are read by others too. Asks for no answer (`PUBLISH`, RFC 5546 section 3.2.1): whoever
//! would come or not says so to the adviser.

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The media type to send the file as.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8; method=PUBLISH";

/// A meeting.
#[derive(Clone, Copy)]
pub struct Meeting<'a> {
    /// What identifies it everywhere, the same at every change: a random part, `@` and our domain will do.
    pub uid: &'a str,
    /// How often it was changed. A calendar takes a file with a higher number for the newer one.
    pub sequence: u32,
    /// When this file is written.
    pub stamp: Timestamp,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends. One that ends no later than it begins is written without an end.
    pub end: Timestamp,
    /// What it is called, such as «Møde med borgerrådgiveren»: nothing of what it is about.
    pub summary: &'a str,
    /// Where it is held.
    pub location: Option<&'a str>,
    /// The name of whoever invites.
    pub organizer_name: &'a str,
    /// The address of whoever invites.
    pub organizer: &'a str,
    /// Whether it is called off.
    pub cancelled: bool,
}

/// Prints when it is, and neither who nor where.
impl std::fmt::Debug for Meeting<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meeting")
            .field("sequence", &self.sequence)
            .field("start", &self.start)
            .field("end", &self.end)
            .field("cancelled", &self.cancelled)
            .finish_non_exhaustive()
    }
}

/// The file for a meeting.
///
/// Times are in UTC, which every calendar shows in its owner's own time. Naming a zone instead would need the zone's rules
/// in the file (section 3.6.5), and only a meeting that repeats is wrong without them.
///
/// `CLASS:PRIVATE`: where somebody shares a calendar, others see that the time is taken and no more.
pub fn invitation(meeting: &Meeting<'_>) -> Vec<u8> {
    let mut out = Lines(Vec::new());
    out.line("BEGIN:VCALENDAR");
    out.line("VERSION:2.0");
    out.line("PRODID:-//Indgang//Indgang//DA");
    out.line("METHOD:PUBLISH");
    out.line("BEGIN:VEVENT");
    out.line(&format!("UID:{}", text(meeting.uid)));
    out.line(&format!("SEQUENCE:{}", meeting.sequence));
    out.line(&format!("DTSTAMP:{}", utc(meeting.stamp)));
    out.line(&format!("DTSTART:{}", utc(meeting.start)));
    if utc(meeting.end) > utc(meeting.start) {
        out.line(&format!("DTEND:{}", utc(meeting.end)));
    }
    out.line(&format!("SUMMARY:{}", text(meeting.summary)));
    if let Some(location) = meeting.location.map(text).filter(|location| !location.is_empty()) {
        out.line(&format!("LOCATION:{location}"));
    }
    let (name, address) = (parameter(meeting.organizer_name), mailto(meeting.organizer));
    let name = if name.is_empty() { name } else { format!(";CN=\"{name}\"") };
    out.line(&format!("ORGANIZER{name}:{address}"));
    out.line("CLASS:PRIVATE");
    out.line(if meeting.cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
    out.line("END:VEVENT");
    out.line("END:VCALENDAR");
    out.0
}

/// The file, line by line.
struct Lines(Vec<u8>);

impl Lines {
    /// Longest line, in octets, without its end (section 3.1).
    const LONGEST: usize = 75;

    /// Adds a line, folded between characters and never inside one.
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > Self::LONGEST {
                self.0.extend_from_slice(b"\r\n ");
                length = 1;
            }
            self.0.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            length += c.len_utf8();
        }
        self.0.extend_from_slice(b"\r\n");
    }
}

/// A moment (section 3.3.5, form 2).
fn utc(moment: Timestamp) -> String {
    let at = moment.to_zoned(TimeZone::UTC);
    let (year, month, day) = (at.year(), at.month(), at.day());
    format!("{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z", at.hour(), at.minute(), at.second())
}

/// Words (section 3.3.11).
fn text(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    for c in written.trim().chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// The value of a parameter between quotes (section 3.1), in which none can stand.
fn parameter(written: &str) -> String {
    let kept = written.trim().chars().filter(|c| !c.is_control());
    kept.map(|c| if c == '"' { '\'' } else { c }).collect()
}

/// An address as a link (RFC 6068).
fn mailto(address: &str) -> String {
    let mut out = "mailto:".to_owned();
    for byte in address.trim().bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@+!$'*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
