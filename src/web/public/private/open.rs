//! The second thing: a word that is tried, a code that is sent and tried.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use indgang_channels::message::Channel;
use jiff::{SignedDuration, Timestamp};

use super::super::fields::plain_word;
use super::super::headers::Sort;
use super::super::pages::{Public, Tongue};
use super::super::secrets::{
    CODE_MINUTES, CODES_A_DAY, CODES_TO_ONE, code, hash_code, hash_token, is_word, masked, typed_code,
};
use super::super::views::{ContactChoice, ErrorLine, LinkPage};
use crate::domain::private::AfterFailure;
use crate::store::StoreError;
use crate::store::pages::NewCode;
use crate::store::private::PrivateLink;

/// What came of a try.
#[derive(Debug)]
pub(super) enum Opened {
    /// The page is opened.
    Yes,
    /// Not yet.
    Not(Step),
    /// The link is closed until then.
    Closed(Timestamp),
    /// It is closed for good.
    Gone,
}

/// Where somebody stands who wants to open a page.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// A code was sent to the contact of this number.
    sent_to: Option<usize>,
    /// A code is being asked for.
    code_asked: bool,
    /// What is wrong with the word, by its key.
    word_error: Option<&'static str>,
    /// What is wrong with the code.
    code_error: Option<&'static str>,
    /// Why no code was sent.
    send_error: Option<&'static str>,
}

/// The link that a token names.
pub(super) async fn find(public: &Public, token: &str) -> Result<Option<PrivateLink>, StoreError> {
    let Ok(secret) = URL_SAFE_NO_PAD.decode(token) else { return Ok(None) };
    if secret.len() != 32 {
        return Ok(None);
    }
    let now = public.doors().clock.now();
    // Found by its hash: what the database compares tells nothing of the secret by the time it takes.
    public.doors().store.private_link_find(&hash_token(&secret), now).await
}

/// Says that the link is closed for a while.
pub(super) fn closed(public: &Public, headers: &HeaderMap, tongue: Tongue, until: Timestamp) -> Response {
    let page = public.page(tongue, "", "", None);
    // The minute after, so that it is true.
    let (_, time) = page.moment(until + SignedDuration::from_mins(1));
    public.say_with(headers, tongue, StatusCode::TOO_MANY_REQUESTS, "link.closed", &[("tid", &time)])
}

/// Tries a word. Takes as long when none was chosen.
pub(super) async fn by_word(public: &Public, link: &PrivateLink, typed: &str) -> Result<Opened, StoreError> {
    let Some(word) = plain_word(typed) else {
        return Ok(Opened::Not(Step { word_error: Some("link.word_missing"), ..Step::default() }));
    };
    let after = match begin(public, link).await? {
        Ok(after) => after,
        Err(opened) => return Ok(opened),
    };
    let stored = public.doors().store.private_word_fetch(link.enquiry).await?;
    let right = match public.words_tried().acquire().await {
        // Slow on purpose, so it is done where it holds nobody up.
        Ok(_room) => {
            tokio::task::spawn_blocking(move || is_word(&word, stored.as_deref())).await.unwrap_or(false)
        }
        Err(_) => false,
    };
    if right {
        return Ok(Opened::Yes);
    }
    failed(public, link, after, Step { word_error: Some("link.wrong_word"), ..Step::default() }).await
}

/// Tries a code.
pub(super) async fn by_code(
    public: &Public,
    token: &str,
    link: &PrivateLink,
    typed: &str,
) -> Result<Opened, StoreError> {
    let step = |error| Step { code_asked: true, code_error: Some(error), ..Step::default() };
    let Some(code) = typed_code(typed) else { return Ok(Opened::Not(step("link.code_missing"))) };
    let after = match begin(public, link).await? {
        Ok(after) => after,
        Err(opened) => return Ok(opened),
    };
    let now = public.doors().clock.now();
    if public.doors().store.private_code_use(link.id, &hash_code(token.as_bytes(), &code), now).await? {
        return Ok(Opened::Yes);
    }
    failed(public, link, after, step("link.wrong_code")).await
}

/// Counts the try before it is made; the other way is when none is allowed any more.
async fn begin(public: &Public, link: &PrivateLink) -> Result<Result<AfterFailure, Opened>, StoreError> {
    let now = public.doors().clock.now();
    Ok(match public.doors().store.private_try(link.id, now).await? {
        Some(after) => Ok(after),
        // Closed by tries that were made at the same time.
        None => Err(Opened::Closed(now + SignedDuration::from_mins(CODE_MINUTES))),
    })
}

async fn failed(
    public: &Public,
    link: &PrivateLink,
    after: AfterFailure,
    step: Step,
) -> Result<Opened, StoreError> {
    public.doors().store.private_refused(link, after, public.doors().clock.now()).await?;
    Ok(match after {
        AfterFailure::Open => Opened::Not(step),
        AfterFailure::Closed(until) => Opened::Closed(until),
        AfterFailure::Revoked => Opened::Gone,
    })
}

/// Sends a code to one of the addresses on file.
pub(super) async fn send_code(
    public: &Public,
    token: &str,
    link: &PrivateLink,
    to: &str,
) -> Result<Opened, StoreError> {
    let not = |step| Ok(Opened::Not(step));
    let number = to.parse::<usize>().unwrap_or(usize::MAX);
    let contact = link.contacts.get(number);
    let Some((contact, way)) = contact.and_then(|contact| Some((contact, public.way_to(contact)?))) else {
        return not(Step { send_error: Some("link.no_code"), ..Step::default() });
    };
    let doors = public.doors();
    let now = doors.clock.now();
    let drawn = (doors.draw)();
    let (random, name) = drawn.split_at(8);
    let code = code(random.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
    let expires_at = now + SignedDuration::from_mins(CODE_MINUTES);
    let hash = hash_code(token.as_bytes(), &code);
    if !doors.store.private_code_set(link, &hash, expires_at, CODES_A_DAY, now).await? {
        return not(Step { send_error: Some("link.too_many_codes"), ..Step::default() });
    }
    let name: String = name.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let message_id = match way.channel {
        Channel::Sms => name,
        _ => format!("kode.{name}@{}", public.settings().message_id_domain),
    };
    let new = NewCode {
        enquiry: link.enquiry,
        code: &code,
        way,
        recipient: contact,
        message_id: &message_id,
        most_to_one: CODES_TO_ONE,
        most_segments: public.settings().most_segments,
    };
    if !doors.store.code_queue(&new, now).await? {
        return not(Step { send_error: Some("link.too_many_codes"), ..Step::default() });
    }
    not(Step { sent_to: Some(number), code_asked: true, ..Step::default() })
}

/// The page that asks.
pub(super) fn show(
    public: &Public,
    headers: &HeaderMap,
    tongue: Tongue,
    token: &str,
    link: &PrivateLink,
    step: &Step,
) -> Response {
    if let Some(until) = link.closed_until {
        return closed(public, headers, tongue, until);
    }
    let words = public.words(tongue);
    let paths = [Tongue::Danish, Tongue::English].map(|one| format!("{}/{token}", super::path(one)));
    let [danish, english] = &paths;
    let (own, other) = tongue.pick((danish, english), (english, danish));
    let mut page = public.page(tongue, words.t("link.title"), own, Some(other));
    let said = |key: Option<&'static str>| key.map(|key| words.t(key).to_owned());
    let (word_error, code_error, send_error) =
        (said(step.word_error), said(step.code_error), said(step.send_error));
    let contacts: Vec<ContactChoice> = link
        .contacts
        .iter()
        .enumerate()
        .filter(|(_, contact)| public.way_to(contact).is_some())
        .enumerate()
        .map(|(place, (number, contact))| ContactChoice {
            number,
            masked: masked(contact),
            chosen: step.sent_to.map_or(place == 0, |sent| sent == number),
        })
        .collect();
    let first = contacts.first().map_or("til-0", |first| if first.number == 0 { "til-0" } else { "til-1" });
    let errors: Vec<ErrorLine> = [("ord", &word_error), ("kode", &code_error), (first, &send_error)]
        .into_iter()
        .filter_map(|(id, text)| Some(ErrorLine { id, text: text.clone()? }))
        .collect();
    if !errors.is_empty() {
        page.title = format!("{}: {}", words.t("site.error"), page.title);
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let sent = step.sent_to.and_then(|number| link.contacts.get(number));
    let view = LinkPage {
        errors_heading: words.t("site.error").to_owned(),
        errors,
        code_sent: sent.map(|contact| words.with("link.code_sent", &[("adresse", &masked(contact))])),
        code_asked: step.code_asked,
        code_error,
        has_word: link.has_word,
        word_error,
        contacts,
        send_error,
        page,
    };
    public.answer(headers, status, Sort::Private, &view)
}
