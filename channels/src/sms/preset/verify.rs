//! How a preset says that a gateway proves itself. Data only: the checking stands in [`crate::sms::verify`].

use super::section::Section;

/// How a request is known to come from the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verify {
    /// Not at all, save by knowing an address that nobody else knows: the account's path secret stands in it.
    PathSecret,
    /// By a name and a password in the address that the gateway was given (RFC 7617).
    Basic,
    /// By a keyed digest of what it sends.
    Hmac {
        /// The hash.
        algorithm: Algorithm,
        /// The header field that holds the digest, in lower case.
        header: String,
        /// What stands before the digest in the field, such as `v1=`; may be empty.
        prefix: String,
        /// How the digest is written.
        encoding: Encoding,
        /// What is digested, in order.
        input: Vec<Input>,
        /// The header field that holds the time of signing in unix seconds, in lower case, where there is one.
        timestamp_header: Option<String>,
        /// How far that time may be from ours, in seconds.
        max_skew_seconds: u64,
    },
    /// By a JSON Web Token (RFC 7519, HS256) whose payload is the whole message: the body is not covered, and not read.
    Jwt {
        /// The header field that holds the token, in lower case.
        header: String,
    },
    /// As Twilio signs: HMAC-SHA1 over the address and the sorted fields.
    Twilio,
    /// As Vonage signs: a keyed digest over the sorted fields.
    Vonage,
}

/// A hash that a gateway signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-1. Broken as a hash, not yet as the hash of an HMAC.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// How a digest is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Hexadecimal, either case.
    Hex,
    /// Base64 with the standard alphabet.
    Base64,
}

/// A piece of what is digested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The body's bytes as they came.
    Body,
    /// A header field's value; the name is in lower case.
    Header(String),
    /// These characters.
    Literal(String),
}

/// Five minutes: what the gateways that sign a time recommend.
const MAX_SKEW_SECONDS: u64 = 300;

impl Verify {
    /// Reads `[verify]`. `None` when it is wrong, and then it has been said.
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let kinds = ["path_secret", "basic", "hmac", "jwt", "twilio", "vonage"];
        let Some(kind) = section.one_of("kind", &kinds) else {
            // Which other keys belong here only the kind could say.
            let _ = section.entries();
            return None;
        };
        match kind {
            "path_secret" => Some(Self::PathSecret),
            "basic" => Some(Self::Basic),
            "jwt" => Some(Self::Jwt { header: header(section, "header")? }),
            "twilio" => Some(Self::Twilio),
            "vonage" => Some(Self::Vonage),
            _ => Self::read_hmac(section),
        }
    }

    /// Whether the address of a request is proved too, and so a token in it. A signature over the body leaves whoever has
    /// seen one request free to send it to another address.
    pub(super) fn covers_the_address(&self) -> bool {
        match self {
            Self::PathSecret | Self::Basic | Self::Twilio => true,
            Self::Hmac { .. } | Self::Jwt { .. } | Self::Vonage => false,
        }
    }

    fn read_hmac(section: &Section<'_>) -> Option<Self> {
        let algorithm = section.one_of("algorithm", &["sha1", "sha256", "sha512"]);
        let encoding = section.one_of("encoding", &["hex", "base64"]);
        let header = header(section, "header");
        let input = input(section);
        let timestamp_header = section.maybe_text("timestamp_header").map(|name| name.to_ascii_lowercase());
        if let (Some(name), Some(input)) = (&timestamp_header, &input)
            && !input.contains(&Input::Header(name.clone()))
        {
            section.mistake("timestamp_header", "is not part of `input`, so anybody could write it");
        }
        let prefix = section.maybe_text("prefix").unwrap_or_default();
        let max_skew_seconds = section.maybe_number("max_skew_seconds", 1, 3_600).unwrap_or(MAX_SKEW_SECONDS);
        Some(Self::Hmac {
            algorithm: match algorithm? {
                "sha1" => Algorithm::Sha1,
                "sha256" => Algorithm::Sha256,
                _ => Algorithm::Sha512,
            },
            header: header?,
            prefix,
            encoding: if encoding? == "hex" { Encoding::Hex } else { Encoding::Base64 },
            input: input?,
            timestamp_header,
            max_skew_seconds,
        })
    }
}

fn input(section: &Section<'_>) -> Option<Vec<Input>> {
    let mut input = Vec::new();
    for piece in section.texts("input")? {
        input.push(match piece.split_once(':') {
            None if piece == "body" => Input::Body,
            Some(("header", name)) => Input::Header(name.to_ascii_lowercase()),
            Some(("literal", characters)) => Input::Literal(characters.to_owned()),
            _ => {
                section.mistake(
                    "input",
                    "is a list of \"body\", \"header:<name>\" and \"literal:<characters>\"",
                );
                return None;
            }
        });
    }
    if !input.contains(&Input::Body) {
        section.mistake("input", "leaves the body out, so anybody could write it");
    }
    Some(input)
}

fn header(section: &Section<'_>, key: &str) -> Option<String> {
    section.text(key).map(|name| name.to_ascii_lowercase())
}
