//! Makes requests: of a text that goes out, of an account that is tried, of what a gateway keeps for us.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::fields::{Fields, Format};
use super::form::{Charset, encode};
use super::section::{Section, Value};
use super::template::{Piece, Place, Template, Values};
use crate::sms::alphabet;
use crate::sms::wire::{Credentials, OutgoingText, Request};

/// How an account is named in every request.
#[derive(Clone, Debug, Default)]
pub(super) struct Auth {
    basic: Option<(Template, Template)>,
    headers: Vec<(String, Template)>,
}

/// How a request is made.
#[derive(Clone, Debug)]
pub(super) struct Making {
    method: &'static str,
    address: Template,
    format: Format,
    charset: Charset,
    plain: Fields,
    /// The fields of a text that does not fit the GSM alphabet.
    unicode: Fields,
}

/// How a text is sent.
#[derive(Clone, Debug)]
pub(super) struct Sending {
    making: Making,
    to: Numbers,
    from: Numbers,
}

/// How a gateway writes telephone numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbers {
    /// `+4512345678`
    E164,
    /// `4512345678`
    Msisdn,
    /// `12345678`, and `0046…` for a number abroad.
    National,
}

impl Auth {
    /// Reads `[auth]`.
    pub(super) fn read(section: &Section<'_>) -> Self {
        let template = |key: &str, written: &str| match Template::parse(written, false) {
            Ok(template) => Some(template),
            Err(why) => {
                section.mistake(key, why);
                None
            }
        };
        // The password may be empty: there are gateways whose user is the secret.
        let basic = match section.node("basic").map(|node| &node.value) {
            None => None,
            Some(Value::List(items)) => {
                match items.iter().map(|item| &item.value).collect::<Vec<_>>().as_slice() {
                    [Value::Text(user), Value::Text(password)] if !user.is_empty() => {
                        template("basic", user).zip(template("basic", password))
                    }
                    _ => wrong_pair(section),
                }
            }
            Some(_) => wrong_pair(section),
        };
        let mut headers = Vec::new();
        if let Some(table) = section.section("headers") {
            for (name, node) in table.entries() {
                match &node.value {
                    Value::Text(written) => {
                        headers.extend(
                            template("headers", written).map(|value| (name.to_ascii_lowercase(), value)),
                        );
                    }
                    _ => table.mistake(name, "must be a text"),
                }
            }
        }
        Self { basic, headers }
    }

    /// Whether a place is filled in anywhere.
    pub(super) fn has(&self, place: Place) -> bool {
        self.basic.as_ref().is_some_and(|(user, password)| user.has(place) || password.has(place))
            || self.headers.iter().any(|(_, value)| value.has(place))
    }

    fn headers(&self, values: &Values<'_>) -> Result<Vec<(String, String)>, String> {
        let mut headers = Vec::new();
        if let Some((user, password)) = &self.basic {
            let pair = format!("{}:{}", user.fill(values)?, password.fill(values)?);
            headers.push(("authorization".to_owned(), format!("Basic {}", STANDARD.encode(pair))));
        }
        for (name, value) in &self.headers {
            let value = value.fill(values)?;
            // A line break in a credential would be the end of the field and the beginning of another.
            if value.chars().any(|character| !matches!(character, ' '..='~')) {
                return Err(format!(
                    "the value of the header field {name} has a character that none may have"
                ));
            }
            headers.push((name.clone(), value));
        }
        Ok(headers)
    }
}

fn wrong_pair<T>(section: &Section<'_>) -> Option<T> {
    section.mistake("basic", "must be a list of two texts: the user and the password");
    None
}

impl Making {
    /// Reads `method`, `url`, `format`, `charset`, `fields` and `unicode` of a section.
    pub(super) fn read(section: &Section<'_>, with_text: bool) -> Option<Self> {
        let method = section.one_of("method", &["GET", "POST"]);
        let address = section.text("url").and_then(|written| {
            if !written.starts_with('/') && !written.starts_with("https://") {
                section.mistake(
                    "url",
                    "must be a path that begins with / (it follows `base_url`), or begin with https://",
                );
                return None;
            }
            Template::parse(&written, with_text).map_err(|why| section.mistake("url", why)).ok()
        });
        let format = match section.one_of_or_first("format", &["query", "form", "json"]) {
            "form" => Format::Form,
            "json" => Format::Json,
            _ => Format::Query,
        };
        let charset = match section.one_of_or_first("charset", &["utf-8", "latin1"]) {
            "latin1" => Charset::Latin1,
            _ => Charset::Utf8,
        };
        if method == Some("GET") && format != Format::Query {
            section.mistake("format", "must be \"query\", since a GET has no body");
        }
        if format == Format::Json && charset != Charset::Utf8 {
            section.mistake("charset", "must be \"utf-8\", since JSON knows no other (RFC 8259 section 8.1)");
        }
        let plain = Fields::read(section, "fields", format, with_text);
        let unicode = match with_text {
            true => plain.with(&Fields::read(section, "unicode", format, with_text)),
            false => plain.clone(),
        };
        Some(Self { method: method?, address: address?, format, charset, plain, unicode })
    }

    /// Whether a place is filled in anywhere.
    pub(super) fn has(&self, place: Place) -> bool {
        self.address.has(place) || self.unicode.has(place) || self.plain.has(place)
    }

    /// Whether its address follows the base address.
    pub(super) fn is_relative(&self) -> bool {
        matches!(self.address.pieces().first(), Some(Piece::Literal(literal)) if literal.starts_with('/'))
    }

    /// The request.
    pub(super) fn make(
        &self,
        base: &Base<'_>,
        auth: &Auth,
        values: &Values<'_>,
        unicode: bool,
    ) -> Result<Request, String> {
        let fields = if unicode { &self.unicode } else { &self.plain };
        let mut url = match self.is_relative() {
            true => base.checked()?.to_owned(),
            false => String::new(),
        };
        for piece in self.address.pieces() {
            match piece {
                Piece::Literal(literal) => url.push_str(literal),
                Piece::Place(place) => encode(values.at(*place)?.as_bytes(), &mut url),
            }
        }
        let mut headers = auth.headers(values)?;
        let mut body = Vec::new();
        match self.format {
            Format::Query => {
                let query = fields.to_form(values, self.charset)?;
                if !query.is_empty() {
                    url.push(if url.contains('?') { '&' } else { '?' });
                    url.push_str(&query);
                }
            }
            Format::Form => {
                headers.push(("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
                body = fields.to_form(values, self.charset)?.into_bytes();
            }
            Format::Json => {
                headers.push(("content-type".to_owned(), "application/json".to_owned()));
                body = fields.to_json(values)?.to_string().into_bytes();
            }
        }
        Ok(Request { method: self.method, url, headers, body })
    }
}

impl Sending {
    /// Reads `[send]`, all but the rules for its answers.
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let numbers = |key: &str| match section.one_of_or_first(key, &["e164", "msisdn", "national"]) {
            "msisdn" => Numbers::Msisdn,
            "national" => Numbers::National,
            _ => Numbers::E164,
        };
        let (to, from) = (numbers("to"), numbers("from"));
        let making = Making::read(section, true)?;
        for (place, word) in [(Place::To, "{to}"), (Place::Text, "{text}")] {
            if !making.plain.has(place) && !making.address.has(place) {
                section.mistake("fields", format!("lacks {word}"));
            }
        }
        Some(Self { making, to, from })
    }

    /// How it is made.
    pub(super) fn making(&self) -> &Making {
        &self.making
    }

    /// The request that hands a text over.
    pub(super) fn request(
        &self,
        base: &Base<'_>,
        auth: &Auth,
        text: &OutgoingText<'_>,
        credentials: &Credentials,
    ) -> Result<Request, String> {
        let digits = text.to.strip_prefix('+').unwrap_or_default();
        if !(5..=15).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("the recipient's number is not in E.164 form".to_owned());
        }
        let values = Values::of_text(credentials, text, self.to.write(text.to), self.from.write(text.from));
        let unicode = alphabet::measure(text.text).encoding == alphabet::Encoding::Ucs2;
        self.making.make(base, auth, &values, unicode)
    }
}

impl Numbers {
    /// A number that we hold in E.164 form, as the gateway wants it. A short code has no `+` and stays as it is.
    fn write(self, number: &str) -> String {
        match (self, number.strip_prefix('+')) {
            (Self::E164, _) | (_, None) => number.to_owned(),
            (Self::Msisdn, Some(digits)) => digits.to_owned(),
            (Self::National, Some(digits)) => {
                match digits.strip_prefix("45").filter(|rest| rest.len() == 8) {
                    Some(national) => national.to_owned(),
                    None => format!("00{digits}"),
                }
            }
        }
    }
}

/// Where a gateway's addresses begin.
pub(super) struct Base<'a> {
    /// What the configuration says, or else the preset.
    pub(super) address: Option<&'a str>,
    /// Whether secrets may travel unencrypted: on one machine or one office's own network.
    pub(super) plain_http: bool,
}

impl<'a> Base<'a> {
    fn checked(&self) -> Result<&'a str, String> {
        let address = self.address.ok_or("the account has no base_url")?.trim_end_matches('/');
        let (scheme, rest) = address.split_once("://").ok_or("base_url must begin with https://")?;
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        let secure = scheme.eq_ignore_ascii_case("https");
        let near = matches!(host, "localhost" | "127.0.0.1") || rest.starts_with("[::1]");
        if !secure && !(scheme.eq_ignore_ascii_case("http") && (self.plain_http || near)) {
            return Err("base_url must begin with https://".to_owned());
        }
        // What stands after them would swallow the path, and a user in it would be sent to whoever follows the `@`.
        if rest.is_empty() || rest.contains(['?', '#', '@']) || address.chars().any(|c| !c.is_ascii_graphic())
        {
            return Err("base_url must be a scheme, a host and perhaps a port and a path".to_owned());
        }
        Ok(address)
    }
}
