//! A value with places in it for the text, the numbers and the account: `Token $password`, `{report_url}?status=%d`.
//!
//! Read once, and then only filled in: no conditions, no loops, no functions. What stands in a place is escaped by
//! whoever writes the request, in the way that its format wants.

use secrecy::ExposeSecret;

use crate::sms::wire::{Credentials, OutgoingText};

/// A value with places in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// These characters.
    Literal(String),
    /// Whatever stands there this time.
    Place(Place),
}

/// What can be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `{to}`
    To,
    /// `{from}`
    From,
    /// `{text}`
    Text,
    /// `{token}`
    Token,
    /// `{report_url}`
    ReportUrl,
    /// `$user`
    User,
    /// `$password`
    Password,
}

const OF_THE_TEXT: [(&str, Place); 5] = [
    ("{to}", Place::To),
    ("{from}", Place::From),
    ("{text}", Place::Text),
    ("{token}", Place::Token),
    ("{report_url}", Place::ReportUrl),
];
const OF_THE_ACCOUNT: [(&str, Place); 2] = [("$user", Place::User), ("$password", Place::Password)];

impl Template {
    /// Reads a template. `with_text` says whether there is a text to fill in, or only an account. A `$` or a brace that
    /// is none of ours is written twice.
    pub(super) fn parse(written: &str, with_text: bool) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = written;
        while let Some(first) = rest.chars().next() {
            if let Some((word, place)) =
                OF_THE_TEXT.iter().chain(&OF_THE_ACCOUNT).find(|(word, _)| rest.starts_with(word))
            {
                if !with_text && !place.is_of_the_account() {
                    return Err(format!("has {word}, but there is no text here"));
                }
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Place(*place));
                rest = &rest[word.len()..];
                continue;
            }
            let doubled = ["{{", "}}", "$$"].iter().any(|pair| rest.starts_with(pair));
            if matches!(first, '{' | '}' | '$') && !doubled {
                return Err(format!(
                    "has a {first} that begins nothing known: {{to}}, {{from}}, {{text}}, {{token}}, {{report_url}}, $user \
                     and $password are, and a plain one is written {first}{first}"
                ));
            }
            literal.push(first);
            rest = &rest[if doubled { 2 } else { first.len_utf8() }..];
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(Self(pieces))
    }

    /// The pieces in order.
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Whether a place is among the pieces.
    pub(super) fn has(&self, place: Place) -> bool {
        self.0.contains(&Piece::Place(place))
    }

    /// The value, nothing escaped.
    pub(super) fn fill(&self, values: &Values<'_>) -> Result<String, String> {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(literal) => filled.push_str(literal),
                Piece::Place(place) => filled.push_str(values.at(*place)?),
            }
        }
        Ok(filled)
    }
}

impl Place {
    fn is_of_the_account(self) -> bool {
        matches!(self, Self::User | Self::Password)
    }
}

/// What is filled in this time.
pub(super) struct Values<'a> {
    credentials: &'a Credentials,
    text: Option<(&'a OutgoingText<'a>, String, String)>,
}

impl<'a> Values<'a> {
    /// An account and no text.
    pub(super) fn of_account(credentials: &'a Credentials) -> Self {
        Self { credentials, text: None }
    }

    /// A text, with its numbers as the gateway wants them.
    pub(super) fn of_text(
        credentials: &'a Credentials,
        text: &'a OutgoingText<'a>,
        to: String,
        from: String,
    ) -> Self {
        Self { credentials, text: Some((text, to, from)) }
    }

    /// What stands in a place. The error names the key of the configuration, never a value.
    pub(super) fn at(&self, place: Place) -> Result<&str, String> {
        let found = match place {
            Place::User => self.credentials.user.as_deref(),
            Place::Password => self.credentials.password.as_ref().map(ExposeSecret::expose_secret),
            Place::To => self.text.as_ref().map(|(_, to, _)| to.as_str()),
            Place::From => self.text.as_ref().map(|(_, _, from)| from.as_str()),
            Place::Text => self.text.as_ref().map(|(text, ..)| text.text),
            Place::Token => self.text.as_ref().map(|(text, ..)| text.token),
            Place::ReportUrl => self.text.as_ref().map(|(text, ..)| text.report_url),
        };
        match (found, place) {
            (Some(""), Place::User | Place::Password) => {
                Err("the account's user or password is empty".to_owned())
            }
            (Some(value), _) => Ok(value),
            (None, Place::User) => Err("the account has no user".to_owned()),
            (None, Place::Password) => Err("the account has no password".to_owned()),
            (None, _) => Err("there is no text to fill in".to_owned()),
        }
    }
}
