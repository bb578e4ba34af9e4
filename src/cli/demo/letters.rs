//! Synthetic letters from synthetic citizens: for the demonstration, the tests and the benchmark.
//!
//! The same number always gives the same letter. Nobody here exists; all addresses end in `.example`.

use std::fmt::Write as _;

/// What a synthetic letter is, so that a test knows what must become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A citizen's first letter: starts an enquiry and is acknowledged.
    First,
    /// An out-of-office answer.
    OutOfOffice,
    /// A newsletter from a list.
    Newsletter,
    /// Signed and encrypted for somebody else's key.
    Encrypted,
}

/// A synthetic letter.
#[derive(Clone, Debug)]
pub struct Synthetic {
    /// What it is.
    pub sort: Sort,
    /// The sender's address.
    pub sender: String,
    /// Its Message-ID, without angle brackets.
    pub message_id: String,
    /// Its bytes.
    pub raw: Vec<u8>,
}

const FIRST_NAMES: &[&str] = &[
    "Villy", "Sabina", "Daniel", "Åse", "Søren", "Mette", "Jørgen", "Fatima", "Birthe", "Yusuf", "Kirsten",
    "Ole",
];
const LAST_NAMES: &[&str] =
    &["Hansen", "Østergaard", "Nguyen", "Møller", "Åkjær", "Kowalska", "Thomsen", "Smith"];

/// Subject and text: Danish first, then English.
const MATTERS: &[(&str, &str)] = &[
    (
        "Jeg forstår ikke brevet fra kommunen",
        "Hej\n\nJeg har fået et brev om min ansøgning, men jeg forstår ikke, hvad jeg skal gøre nu. Der står, at jeg kan klage, men ikke hvordan.\n\nKan du hjælpe mig med at læse det?\n",
    ),
    (
        "Ingen svarer mig",
        "Goddag.\n\nJeg har ringet til jobcentret fire gange i denne måned, og hver gang bliver jeg stillet om. Min sag har ligget stille siden før sommerferien, og jeg ved ikke, hvem min sagsbehandler er.\n",
    ),
    (
        "Skoleskift for min søn",
        "Kære borgerrådgiver\n\nVi venter stadig på svar om min søns skoleskift. Skolen siger, at det er kommunen, og kommunen siger, at det er skolen. Hvor skal vi gå hen?\n",
    ),
    (
        "Spørgsmål om hjælpemidler",
        "Til borgerrådgiveren.\n\nMin mor har fået afslag på en kørestol. Afgørelsen er kommet for tre uger siden, og jeg er i tvivl om, hvornår fristen for at klage udløber.\n",
    ),
    (
        "Question about a letter from the municipality",
        "Hello,\n\nI have received a decision about my housing benefit and I do not understand it. I would like to know where I can complain and how long I have to do so.\n",
    ),
    (
        "Nobody answers the telephone",
        "Dear adviser,\n\nI have been trying to reach the department for two weeks without an answer. Could you tell me whom I should write to instead?\n",
    ),
];

/// The `number`th letter to `recipient`. `date` is an RFC 5322 date. Every 25th is from a machine.
pub fn letter(number: usize, recipient: &str, date: &str) -> Synthetic {
    let sort = match number % 50 {
        24 => Sort::OutOfOffice,
        48 => Sort::Newsletter,
        49 => Sort::Encrypted,
        _ => Sort::First,
    };
    let first = FIRST_NAMES[number % FIRST_NAMES.len()];
    let last = LAST_NAMES[(number / FIRST_NAMES.len()) % LAST_NAMES.len()];
    let (subject, text) = MATTERS[number % MATTERS.len()];
    let sender = format!("borger{number}@postkasse{}.example", number % 7);
    let message_id = format!("{number:08x}.{}@postkasse.example", number * 7919 % 10_007);
    let mut head = format!(
        "Return-Path: <{sender}>\r\nDate: {date}\r\nFrom: {} <{sender}>\r\nTo: {recipient}\r\nMessage-ID: <{message_id}>\r\nMIME-Version: 1.0\r\n",
        encoded_word(&format!("{first} {last}")),
    );
    let body = match sort {
        Sort::First => {
            let _ = write!(head, "Subject: {}\r\n", encoded_word(subject));
            person(number, text, first)
        }
        Sort::OutOfOffice => {
            head.push_str("Subject: Autosvar: Ikke til stede\r\nAuto-Submitted: auto-replied\r\n");
            plain("Jeg er ikke til stede i denne uge.\n")
        }
        Sort::Newsletter => {
            head.push_str("Subject: Nyhedsbrev\r\nList-Id: Nyheder <nyheder.forening.example>\r\nList-Unsubscribe: <mailto:fra@forening.example>\r\nPrecedence: list\r\n");
            plain("Nyt fra foreningen.\n")
        }
        Sort::Encrypted => {
            let _ = write!(head, "Subject: {}\r\n", encoded_word(subject));
            encrypted(number)
        }
    };
    Synthetic { sort, sender, message_id, raw: format!("{head}{body}").into_bytes() }
}

/// A person's letter in one of the forms that people's programs give it.
fn person(number: usize, text: &str, name: &str) -> String {
    let text = format!("{text}\nMed venlig hilsen\n{name}\n");
    match number % 4 {
        0 => plain(&text),
        1 => {
            let html: String =
                text.split("\n\n").map(|part| format!("<p>{}</p>", part.replace('\n', "<br>"))).collect();
            format!(
                "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
                base64(html.as_bytes())
            )
        }
        2 => {
            let html = text.replace('\n', "<br>\n");
            format!(
                "Content-Type: multipart/alternative; boundary=\"skel{number}\"\r\n\r\n--skel{number}\r\n{}\r\n--skel{number}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--skel{number}--\r\n",
                plain(&text),
                base64(html.as_bytes())
            )
        }
        _ => format!(
            "Content-Type: multipart/mixed; boundary=\"skel{number}\"\r\n\r\n--skel{number}\r\n{}\r\n--skel{number}\r\nContent-Type: application/pdf; name=\"brev.pdf\"\r\nContent-Disposition: attachment; filename=\"brev.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--skel{number}--\r\n",
            plain(&text),
            base64(&[b"%PDF-1.4\n", &[(number % 251) as u8; 6_000][..]].concat())
        ),
    }
}

fn plain(text: &str) -> String {
    format!(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}",
        text.replace('\n', "\r\n")
    )
}

fn encrypted(number: usize) -> String {
    format!(
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=\"laas{number}\"\r\n\r\n--laas{number}\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--laas{number}\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\n{}-----END PGP MESSAGE-----\r\n--laas{number}--\r\n",
        base64(&[0xa5; 200])
    )
}

/// An RFC 2047 encoded word, when the text needs one.
fn encoded_word(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let encoded = base64(text.as_bytes());
    format!("=?utf-8?B?{}?=", encoded.replace("\r\n", ""))
}

/// RFC 2045 base64 in lines of 76. Written out here because these letters must not depend on what they test.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len() * 3 / 2);
    for (line, chunk) in bytes.chunks(57).enumerate() {
        if line > 0 {
            out.push_str("\r\n");
        }
        for three in chunk.chunks(3) {
            let value = (u32::from(three[0]) << 16)
                | (u32::from(*three.get(1).unwrap_or(&0)) << 8)
                | u32::from(*three.get(2).unwrap_or(&0));
            for place in 0..4 {
                let sextet = (value >> (18 - 6 * place)) & 63;
                out.push(if place <= three.len() { ALPHABET[sextet as usize] as char } else { '=' });
            }
        }
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648 section 10.
        for (plain, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()).trim_end(), encoded);
        }
    }

    #[test]
    fn letters_differ_and_repeat() {
        let one = letter(1, "b@kommune.example", "Mon, 9 Feb 2026 10:00:00 +0100");
        let two = letter(2, "b@kommune.example", "Mon, 9 Feb 2026 10:00:00 +0100");
        assert_ne!(one.message_id, two.message_id);
        assert_eq!(one.raw, letter(1, "b@kommune.example", "Mon, 9 Feb 2026 10:00:00 +0100").raw);
    }
}
