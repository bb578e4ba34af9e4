//! Proves who we are: a password (RFC 3501 LOGIN, RFC 4616 PLAIN) or an access token (SASL XOAUTH2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use imap_proto::{Capability, Response};
use secrecy::{ExposeSecret, SecretString};

use super::error::MailboxErrorKind;
use super::wire::{End, Wire};
use super::{Account, Auth, names};

const DOING: &str = "the log-in was awaited";

/// Logs in and returns what the server can do afterwards, in capitals.
pub(super) async fn login(wire: &mut Wire, account: &Account) -> Result<Vec<String>, MailboxErrorKind> {
    let before = capabilities(wire).await?;
    match &account.auth {
        Auth::Password(password) => {
            let end = with_password(wire, &before, &account.user, password).await?;
            accepted(wire, end, "password")?;
        }
        Auth::XOAuth2(tokens) => {
            let token = tokens.token().await.map_err(MailboxErrorKind::Token)?;
            let mut end = with_token(wire, &account.user, &token).await?;
            if end != End::Ok && !busy(wire) {
                // The token may have been withdrawn before its time. One new one is tried; a second refusal is final.
                tokens.discard(&token).await;
                let token = tokens.token().await.map_err(MailboxErrorKind::Token)?;
                end = with_token(wire, &account.user, &token).await?;
            }
            accepted(wire, end, "oauth")?;
        }
    }
    // Asked again: most servers offer IDLE and MOVE only to those who are logged in.
    capabilities(wire).await
}

/// Judges the end of a log-in. A server that is merely busy must not look like a wrong password.
fn accepted(wire: &Wire, end: End, key: &'static str) -> Result<(), MailboxErrorKind> {
    match end {
        End::Ok => Ok(()),
        _ if busy(wire) => {
            Err(MailboxErrorKind::Unreachable("it cannot check log-ins at the moment".to_owned()))
        }
        End::No | End::Bad => Err(MailboxErrorKind::LoginRefused { key }),
    }
}

/// Whether the refusal says that it is not about us (RFC 5530).
fn busy(wire: &Wire) -> bool {
    ["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"].iter().any(|code| wire.has_code(code))
}

async fn with_password(
    wire: &mut Wire,
    can: &[String],
    user: &str,
    password: &SecretString,
) -> Result<End, MailboxErrorKind> {
    let password = password.expose_secret();
    if can.iter().any(|can| can == "AUTH=PLAIN") {
        let proof = BASE64.encode(format!("\0{user}\0{password}"));
        return authenticate(wire, "PLAIN", &proof).await;
    }
    if can.iter().any(|can| can == "LOGINDISABLED") {
        return Err(MailboxErrorKind::Refused { doing: "a log-in by password", key: "tls" });
    }
    if !user.is_ascii() || !password.is_ascii() {
        return Err(MailboxErrorKind::Refused {
            doing: "a password with other than ASCII letters",
            key: "password",
        });
    }
    let command = format!("LOGIN {} {}", names::quoted(user), names::quoted(password));
    let tag = wire.send(&command).await?;
    end(wire, &tag).await
}

async fn with_token(wire: &mut Wire, user: &str, token: &SecretString) -> Result<End, MailboxErrorKind> {
    let proof = BASE64.encode(format!("user={user}\x01auth=Bearer {}\x01\x01", token.expose_secret()));
    authenticate(wire, "XOAUTH2", &proof).await
}

/// One SASL exchange. The proof waits for the server's go-ahead rather than riding on the command (SASL-IR): that
/// works everywhere and costs one turn per connection.
async fn authenticate(wire: &mut Wire, mechanism: &str, proof: &str) -> Result<End, MailboxErrorKind> {
    let tag = wire.send(&format!("AUTHENTICATE {mechanism}")).await?;
    let mut given = false;
    loop {
        wire.next(DOING).await?;
        if let Some(end) = wire.end_of(&tag)? {
            return Ok(end);
        }
        if wire.begins(b"+") {
            // A second challenge is the server's explanation of a refusal. It wants an empty line before it says NO.
            let answer = if given { "\r\n".to_owned() } else { format!("{proof}\r\n") };
            given = true;
            wire.send_raw(&answer).await?;
        }
    }
}

async fn capabilities(wire: &mut Wire) -> Result<Vec<String>, MailboxErrorKind> {
    let mut found = Vec::new();
    let tag = wire.send("CAPABILITY").await?;
    loop {
        wire.next(DOING).await?;
        if let Some(end) = wire.end_of(&tag)? {
            return match end {
                End::Ok => Ok(found),
                End::No | End::Bad => Err(MailboxErrorKind::Protocol("it does not say what it can do")),
            };
        }
        if let Some(Response::Capabilities(list)) = wire.response() {
            found = list
                .iter()
                .map(|capability| match capability {
                    Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
                    Capability::Auth(name) => format!("AUTH={}", name.to_ascii_uppercase()),
                    Capability::Atom(name) => name.to_ascii_uppercase(),
                })
                .collect();
        }
    }
}

async fn end(wire: &mut Wire, tag: &str) -> Result<End, MailboxErrorKind> {
    loop {
        wire.next(DOING).await?;
        if let Some(end) = wire.end_of(tag)? {
            return Ok(end);
        }
    }
}
