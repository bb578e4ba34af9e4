//! What the adviser writes: drafts, answers, closing messages, delay notices, letters that are sent on.
//!
//! Her words are never altered. Before they go she is asked about what is often regretted, once; after that they wait a
//! moment in which they can be taken back.

use axum::Form;
use axum::extract::{Extension, Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use indgang_channels::message::{Address, Channel};
use indgang_channels::sms::alphabet;
use jiff::civil::Date;

use super::act::{back, line, moment, refusal};
use super::doors::PageAsk;
use super::enquiry::{self, Again};
use super::list::{Asking, channel_of};
use super::views::{Choice, Composer};
use super::written;
use super::{Fields, Inbox, Seat, field, seen};
use crate::domain::area::AreaId;
use crate::domain::cpr;
use crate::domain::enquiry::{EnquiryId, State as Work};
use crate::domain::triage::{Refused, Step, Welcome};
use crate::store::StoreError;
use crate::store::inbox::change::Act;
use crate::store::inbox::enquiry::{Contact, Whole};
use crate::store::inbox::reply::{Moved, NewReply, Queued};
use crate::texts::{InboxWords, written_out};

/// Most segments of one text.
const MOST_SEGMENTS: usize = 6;
/// The longest answer, in bytes.
const LONGEST: usize = 1 << 20;
/// Days before a promise breaks at which a delay notice is drafted.
const DRAFTED: i32 = 1;

/// A way that an answer can go.
enum Way {
    /// By mail: to, account.
    Letter(String, String),
    /// By text: to, account, number of ours.
    Text(String, String, Option<String>),
    /// Onto the private page.
    Page,
}

/// The ways that an answer can go, the one that the citizen used last first.
async fn ways(
    inbox: &Inbox,
    whole: &Whole,
    words: &InboxWords,
) -> Result<Vec<(String, String, Way)>, StoreError> {
    let mut ways = Vec::new();
    for contact in &whole.person.contacts {
        if let Some(way) = way_to(inbox, whole, contact).await? {
            let (value, name) = match &way {
                Way::Letter(to, _) => {
                    (format!("email:{to}"), words.with("compose.by_mail", &[("adresse", to)]))
                }
                Way::Text(to, ..) => {
                    (format!("sms:{to}"), words.with("compose.by_text", &[("adresse", &written::phone(to))]))
                }
                Way::Page => continue,
            };
            let name = if contact.undeliverable {
                format!("{name} ({})", words.t("person.undeliverable"))
            } else {
                name
            };
            ways.push((value, name, way));
        }
    }
    if inbox.doors().page_answer.is_some() {
        // Who is told is said before it is sent: on a person's page stands what nobody else may read.
        let page = EnquiryId(whole.row.conversation());
        let told = inbox.doors().store.enquiry_contacts(page).await?;
        let name = told.first().map_or_else(
            || words.t("compose.by_page").to_owned(),
            |told| words.with("compose.by_page_to", &[("adresse", &written::phone(told.as_str()))]),
        );
        ways.push(("side".to_owned(), name, Way::Page));
    }
    let last = whole.messages.iter().rev().find_map(|message| {
        let sender = message.details.sender.as_ref()?;
        Some(sender.address.key())
    });
    // The way that they wrote last comes first; where nothing comes back from comes last.
    ways.sort_by_key(|(_, name, way)| {
        let key = match way {
            Way::Letter(to, _) => Address::Email(to.clone()).key(),
            Way::Text(to, ..) => to.clone(),
            Way::Page => String::new(),
        };
        (Some(&key) != last.as_ref(), name.contains('('))
    });
    Ok(ways)
}

async fn way_to(inbox: &Inbox, whole: &Whole, contact: &Contact) -> Result<Option<Way>, StoreError> {
    let settings = inbox.settings();
    if contact.kind == "email" {
        let own = settings.mailboxes.iter().find(|(account, _)| *account == whole.row.intake_account);
        let account = own.or(settings.mailboxes.first()).map(|(account, _)| account.clone());
        return Ok(account.map(|account| Way::Letter(contact.address.clone(), account)));
    }
    let wrote = inbox.doors().store.text_way(whole.row.conversation(), &contact.key).await?;
    let known = wrote.filter(|(account, _)| settings.texts.iter().any(|(one, _)| one == account));
    let way = known
        .or_else(|| settings.texts.first().map(|(account, number)| (account.clone(), Some(number.clone()))));
    Ok(way.map(|(account, number)| Way::Text(contact.key.clone(), account, number)))
}

/// The composer of an enquiry.
pub(super) async fn composer(
    inbox: &Inbox,
    seat: &Seat,
    whole: &Whole,
    again: Again,
) -> Result<Composer, StoreError> {
    let words = inbox.words(&seat.account().language);
    let (store, now, today) = (&inbox.doors().store, inbox.now(), inbox.today());
    let drafts = store.drafts(whole.row.id).await?;
    let own =
        |kind: &str| drafts.iter().find(|draft| draft.account == seat.actor.account && draft.kind == kind);
    let draft = own("reply");
    let via =
        again.via.clone().or_else(|| draft.map(|draft| draft.via.clone()).filter(|via| !via.is_empty()));
    let ways = ways(inbox, whole, words).await?;
    let is_known = via.as_ref().is_some_and(|via| ways.iter().any(|(value, _, _)| value == via));
    let choices = ways
        .iter()
        .enumerate()
        .map(|(place, (value, name, _))| Choice {
            chosen: if is_known { via.as_ref() == Some(value) } else { place == 0 },
            value: value.clone(),
            name: name.clone(),
        })
        .collect();
    let mut others: Vec<String> = store
        .presence(&seat.actor, whole.row.id, now)
        .await?
        .iter()
        .map(|name| words.with("compose.here", &[("hvem", name)]))
        .collect();
    others.extend(drafts.iter().filter(|draft| draft.account != seat.actor.account).map(|draft| {
        words.with(
            "compose.writes",
            &[("hvem", &draft.name), ("tid", &written::moment(draft.saved_at, today, words))],
        )
    }));
    let texts = store.standard_texts().await?;
    let files = store.draft_files(&seat.actor, whole.row.id).await?;
    let facts = &whole.row.facts;
    let open_ended = facts.state != Work::Closed;
    let due_soon = facts
        .reply_due
        .filter(|_| open_ended)
        .filter(|due| today.until(*due).is_ok_and(|span| span.get_days() <= DRAFTED));
    let new_date = inbox.doors().desk.promise(now).reply_by;
    let holds =
        |area: AreaId| whole.consents.iter().any(|one| one.area == area && one.withdrawn_at.is_none());
    let sms = ways.first().is_some_and(|(_, _, way)| matches!(way, Way::Text(..)));
    Ok(Composer {
        can_write: !ways.is_empty(),
        ways: choices,
        text: again.text.or_else(|| draft.map(|draft| draft.body.clone())).unwrap_or_default(),
        note: own("note").map(|draft| draft.body.clone()).unwrap_or_default(),
        saved: draft
            .map(|draft| {
                words.with("compose.saved", &[("tid", &written::time(draft.saved_at, words.language))])
            })
            .unwrap_or_default(),
        files: files
            .into_iter()
            .map(|file| {
                (file.id, file.name, written::size(u64::try_from(file.size).unwrap_or(0), words.language))
            })
            .collect(),
        texts: texts
            .into_iter()
            .filter(|text| text.language == facts.language)
            .map(|text| (text.id, text.title))
            .collect(),
        others,
        warnings: again.warnings,
        error: again.error,
        token: inbox.token(),
        seen: newest_reply(whole),
        occasion: again.occasion,
        closing_text: closing_text(inbox, whole, sms),
        close_error: None,
        open: again.open,
        delay: (new_date.to_string(), String::new(), String::new()),
        delay_due: due_soon
            .map(|due| words.with("compose.delay_due", &[("dato", &written::day(due, today, words))])),
        departments: inbox
            .settings()
            .departments
            .iter()
            .map(|one| (one.id.clone(), one.name.clone(), holds(one.area)))
            .collect(),
        earliest: enquiry::earliest(now),
    })
}

fn newest_reply(whole: &Whole) -> i64 {
    whole
        .sent
        .iter()
        .filter(|sent| sent.kind == "reply" && sent.state != "suppressed")
        .map(|sent| sent.id)
        .max()
        .unwrap_or(0)
}

/// The words of letters in the citizen's language, not the adviser's.
fn letter_words<'a>(inbox: &'a Inbox, whole: &Whole) -> &'a InboxWords {
    inbox.words(&whole.row.facts.language)
}

fn office_values<'a>(inbox: &'a Inbox, reference: &'a str) -> Vec<(&'static str, &'a str)> {
    let office = &inbox.settings().office;
    vec![("ref", reference), ("tlf", office.phone.as_deref().unwrap_or_default())]
}

fn closing_text(inbox: &Inbox, whole: &Whole, sms: bool) -> String {
    let reference = whole.row.reference.to_string();
    let key = if sms { "letter.closing_text" } else { "letter.closing" };
    letter_words(inbox, whole).with(key, &office_values(inbox, &reference))
}

/// Puts the values of an enquiry into a standard text.
fn filled(inbox: &Inbox, seat: &Seat, whole: &Whole, text: &str) -> String {
    let words = letter_words(inbox, whole);
    let office = &inbox.settings().office;
    let reply_by = written_out(whole.row.facts.promised, words.language);
    let values = [
        ("{navn}", whole.person.name.clone().unwrap_or_default()),
        ("{ref}", whole.row.reference.to_string()),
        ("{dato}", reply_by),
        ("{mig}", seat.account().name.clone()),
        ("{kommune}", office.municipality.clone().unwrap_or_default()),
        ("{tlf}", office.phone.clone().unwrap_or_default()),
    ];
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}

/// Saves what is written; or puts a standard text behind it, or takes a file out.
pub(super) async fn save(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    headers: HeaderMap,
    Form(fields): Fields,
) -> Response {
    let enquiry = EnquiryId(id);
    let store = &inbox.doors().store;
    let kind = if field(&fields, "slags") == "note" { "note" } else { "reply" };
    match store.enquiry_row(&seat.actor, enquiry).await {
        Ok(Some(_)) => {}
        Ok(None) => return inbox.missing(&seat),
        Err(error) => return inbox.failed(Some(&seat), &error),
    }
    let (via, text) = (field(&fields, "via"), bounded(field(&fields, "tekst")));
    let done = store.draft_save(&seat.actor, enquiry, kind, via, text, inbox.now()).await;
    if let Err(error) = done {
        return inbox.failed(Some(&seat), &error);
    }
    if headers.contains_key("x-requested-with") {
        let words = inbox.words(&seat.account().language);
        let saved = words.with("compose.saved", &[("tid", &written::time(inbox.now(), words.language))]);
        return (StatusCode::OK, saved).into_response();
    }
    back(id, &fields, &[])
}

fn bounded(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A file for the draft, by a form with a file in it.
pub(super) async fn attach(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    mut form: Multipart,
) -> Response {
    let enquiry = EnquiryId(id);
    let store = &inbox.doors().store;
    match store.enquiry_row(&seat.actor, enquiry).await {
        Ok(Some(_)) => {}
        Ok(None) => return inbox.missing(&seat),
        Err(error) => return inbox.failed(Some(&seat), &error),
    }
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut file = None;
    loop {
        let part = match form.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(_) => return inbox.say(Some(&seat), StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        };
        let name = part.name().unwrap_or_default().to_owned();
        if name == "fil" {
            let (called, sort) = (
                line(part.file_name().unwrap_or_default()),
                part.content_type().unwrap_or_default().to_owned(),
            );
            match part.bytes().await {
                Ok(bytes) if bytes.len() <= inbox.settings().most_file_bytes => {
                    file = Some((called, sort, bytes));
                }
                _ => return inbox.say(Some(&seat), StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            }
        } else {
            let value = part.text().await.unwrap_or_default();
            fields.push((name, value));
        }
    }
    let text = bounded(field(&fields, "tekst")).to_owned();
    let done = async {
        if fields.iter().any(|(name, _)| name == "tekst") {
            store
                .draft_save(&seat.actor, enquiry, "reply", field(&fields, "via"), &text, inbox.now())
                .await?;
        }
        if let Ok(remove) = field(&fields, "fjern").parse::<i64>() {
            store.draft_file_remove(&seat.actor, enquiry, remove).await?;
        }
        if let Some((name, sort, bytes)) = file.as_ref().filter(|(_, _, bytes)| !bytes.is_empty()) {
            let name = if name.is_empty() { "fil" } else { name };
            store.draft_file_add(&seat.actor, enquiry, name, sort, bytes).await?;
        }
        Ok::<(), StoreError>(())
    };
    match done.await {
        Ok(()) => back(id, &fields, &[("vis", "svar")]),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// What is often regretted, in sentences: what looks like a CPR number, a file that was forgotten, another recipient.
fn warnings(whole: &Whole, via: &str, text: &str, files: usize, words: &InboxWords) -> Vec<String> {
    let mut warnings = Vec::new();
    if !cpr::find(text).is_empty() && via != "side" {
        warnings.push(words.t("warning.cpr").to_owned());
    }
    let lower = text.to_lowercase();
    let speaks =
        ["vedhæft", "vedlagt", "vedlægger", "attach", "enclosed"].iter().any(|word| lower.contains(word));
    if speaks && files == 0 && via.starts_with("email:") {
        warnings.push(words.t("warning.file").to_owned());
    }
    let last = whole.messages.iter().rev().find_map(|message| message.details.sender.as_ref());
    let to = via.split_once(':').map(|(_, to)| to.to_lowercase());
    if let (Some(last), Some(to)) = (last, to)
        && last.address.key() != to
    {
        warnings.push(words.with("warning.recipient", &[("adresse", &written::phone(&to))]));
    }
    warnings
}

pub(super) async fn send(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    match field(&fields, "handling") {
        "gem" => keep(&inbox, &seat, id, &fields, None).await,
        standard if standard.starts_with("indsaet:") => {
            let number = standard.trim_start_matches("indsaet:").parse::<i64>().ok();
            keep(&inbox, &seat, id, &fields, number).await
        }
        handling => {
            let closes = handling == "luk";
            let occasion = match field(&fields, "anledning") {
                _ if closes => "closing",
                "align" => "align",
                "ask" => "ask",
                _ => "answer",
            };
            let steps = if closes {
                let form = channel_of(field(&fields, "form"));
                let mut steps = Vec::new();
                steps.extend(form.map(|form| Step::ContactForm(Some(form))));
                steps.extend([Step::Answered, Step::Close(Welcome::Written)]);
                steps
            } else if occasion == "ask" {
                vec![Step::Answered, Step::Wait(Some(crate::domain::triage::WaitsFor::Citizen))]
            } else {
                vec![Step::Answered]
            };
            let sending = Sending {
                occasion,
                steps,
                moved: None,
                what: if closes { "closed_sent" } else { "sent" },
                open: if closes { "afslut" } else { "svar" },
            };
            go(&inbox, &seat, id, &fields, field(&fields, "tekst").to_owned(), sending).await
        }
    }
}

async fn keep(
    inbox: &Inbox,
    seat: &Seat,
    id: i64,
    fields: &[(String, String)],
    standard: Option<i64>,
) -> Response {
    let enquiry = EnquiryId(id);
    let store = &inbox.doors().store;
    let done = async {
        let Some(whole) = store.enquiry_open(&seat.actor, enquiry, inbox.now()).await? else {
            return Ok(false);
        };
        let mut text = bounded(field(fields, "tekst")).to_owned();
        if let Some(number) = standard
            && let Some(standard) = store.standard_texts().await?.into_iter().find(|one| one.id == number)
        {
            if !text.trim().is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&filled(inbox, seat, &whole, &standard.body));
        }
        store.draft_save(&seat.actor, enquiry, "reply", field(fields, "via"), &text, inbox.now()).await?;
        Ok::<bool, StoreError>(true)
    };
    match done.await {
        Ok(true) => back(id, fields, &[("vis", "svar")]),
        Ok(false) => inbox.missing(seat),
        Err(error) => inbox.failed(Some(seat), &error),
    }
}

/// What goes with sending.
struct Sending<'a> {
    occasion: &'static str,
    steps: Vec<Step>,
    moved: Option<Moved<'a>>,
    what: &'static str,
    open: &'static str,
}

impl Sending<'_> {
    /// It was written as the draft of an answer.
    fn is_draft(&self) -> bool {
        self.open == "svar"
    }
}

/// What keeps a form that is sent twice from being two letters: drawn when the page was made.
fn token_of(inbox: &Inbox, fields: &[(String, String)]) -> String {
    let token = field(fields, "token");
    let drawn = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    if drawn { token.to_owned() } else { inbox.token() }
}

/// How a refusal is answered.
fn status_of(why: Refused) -> StatusCode {
    match why {
        Refused::NewMessage => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Sends, or shows the page again with everything that was written.
async fn go(
    inbox: &Inbox,
    seat: &Seat,
    id: i64,
    fields: &[(String, String)],
    text: String,
    sending: Sending<'_>,
) -> Response {
    let words = std::sync::Arc::clone(inbox.words(&seat.account().language));
    let enquiry = EnquiryId(id);
    let store = &inbox.doors().store;
    let asking = Asking::parse(field(fields, "liste"));
    let via = field(fields, "via").to_owned();
    let again = |status, error: Option<String>, warnings: Vec<String>| {
        let again = Again {
            error,
            warnings,
            text: Some(text.clone()),
            via: Some(via.clone()),
            occasion: sending.occasion.to_owned(),
            open: sending.open.to_owned(),
        };
        enquiry::show(inbox, seat, enquiry, &asking, again, status)
    };
    let whole = match store.enquiry_open(&seat.actor, enquiry, inbox.now()).await {
        Ok(Some(whole)) => whole,
        Ok(None) => return inbox.missing(seat),
        Err(error) => return inbox.failed(Some(seat), &error),
    };
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    if text.trim().is_empty() {
        return again(refused, Some(words.t("compose.empty").to_owned()), Vec::new()).await;
    }
    // Kept before anything else: whatever happens now, the words are there. A notice or a closing is no draft: a half-written
    // answer stays as it is beside it.
    if sending.is_draft()
        && let Err(error) =
            store.draft_save(&seat.actor, enquiry, "reply", &via, bounded(&text), inbox.now()).await
    {
        return inbox.failed(Some(seat), &error);
    }
    let ways = match ways(inbox, &whole, &words).await {
        Ok(ways) => ways,
        Err(error) => return inbox.failed(Some(seat), &error),
    };
    let Some((_, _, way)) = ways.into_iter().find(|(value, _, _)| *value == via) else {
        return again(refused, Some(words.t("compose.no_way").to_owned()), Vec::new()).await;
    };
    let seen = field(fields, "set").parse::<i64>().unwrap_or(i64::MAX);
    let newer =
        whole.sent.iter().find(|sent| sent.id > seen && sent.kind == "reply" && sent.state != "suppressed");
    if let Some(newer) = newer.filter(|newer| newer.name.as_deref() != Some(seat.account().name.as_str())) {
        let name = newer.name.clone().unwrap_or_default();
        let error = words.with("compose.overtaken", &[("hvem", &name)]);
        return again(StatusCode::CONFLICT, Some(error), Vec::new()).await;
    }
    let files = store.draft_files(&seat.actor, enquiry).await.map(|files| files.len()).unwrap_or(0);
    let warnings = warnings(&whole, &via, &text, files, &words);
    if !warnings.is_empty() && field(fields, "alligevel") != "1" {
        return again(refused, None, warnings).await;
    }
    match way {
        Way::Page => page_answer(inbox, seat, &whole, fields, text.clone(), &sending, again).await,
        way => queue(inbox, seat, &whole, fields, &text, way, sending, again).await,
    }
}

async fn page_answer<F: Future<Output = Response>>(
    inbox: &Inbox,
    seat: &Seat,
    whole: &Whole,
    fields: &[(String, String)],
    text: String,
    sending: &Sending<'_>,
    again: impl Fn(StatusCode, Option<String>, Vec<String>) -> F,
) -> Response {
    let words = inbox.words(&seat.account().language);
    let Some(answer) = &inbox.doors().page_answer else { return inbox.missing(seat) };
    let id = whole.row.id;
    let act_id = inbox.token();
    let asked = answer(PageAsk {
        page: EnquiryId(whole.row.conversation()),
        body: text,
        token: token_of(inbox, fields),
        who: seat.actor,
        enquiry: id,
        steps: sending.steps.clone(),
        moved: sending.moved.map(|moved| (moved.to, moved.reason.to_owned(), moved.waits_for.to_owned())),
        act_id,
        what: sending.what,
        seen: seen(fields),
        occasion: sending.occasion,
        from_draft: sending.is_draft(),
    });
    match asked.await {
        Ok(Queued::Yes(_)) => back(id.0, fields, &[("hvad", "page")]),
        Ok(Queued::Already | Queued::TakenBack) => back(id.0, fields, &[]),
        Ok(Queued::Missing) => inbox.missing(seat),
        Ok(Queued::Overtaken | Queued::CeilingMet { .. }) => {
            again(StatusCode::CONFLICT, Some(words.t("compose.overtaken_now").to_owned()), Vec::new()).await
        }
        Ok(Queued::Refused(why)) => {
            let error = words.t(&format!("problem.{}_text", refusal(why))).to_owned();
            again(status_of(why), Some(error), Vec::new()).await
        }
        Err(why) => {
            let error = words.with("compose.page_refused", &[("hvorfor", &why)]);
            again(StatusCode::UNPROCESSABLE_ENTITY, Some(error), Vec::new()).await
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "everything that one letter goes out with")]
async fn queue<F: Future<Output = Response>>(
    inbox: &Inbox,
    seat: &Seat,
    whole: &Whole,
    fields: &[(String, String)],
    text: &str,
    way: Way,
    sending: Sending<'_>,
    again: impl Fn(StatusCode, Option<String>, Vec<String>) -> F,
) -> Response {
    let words = inbox.words(&seat.account().language);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let (channel, recipient, key, account, sender) = match way {
        Way::Letter(to, account) => (Channel::Email, to.clone(), Address::Email(to).key(), account, None),
        Way::Text(to, account, sender) => (Channel::Sms, to.clone(), to, account, sender),
        Way::Page => return inbox.missing(seat),
    };
    let is_text = channel == Channel::Sms;
    let segments = if is_text { alphabet::measure(text).segments } else { 0 };
    if segments > MOST_SEGMENTS {
        let error = words.with(
            "compose.too_long",
            &[("antal", &segments.to_string()), ("mest", &MOST_SEGMENTS.to_string())],
        );
        return again(refused, Some(error), Vec::new()).await;
    }
    if is_text && !cpr::find(text).is_empty() {
        return again(refused, Some(words.t("compose.cpr_text").to_owned()), Vec::new()).await;
    }
    let now = inbox.now();
    let later = Some(field(fields, "senere")).filter(|later| !later.is_empty());
    let due_at = match later.map(moment) {
        None => now + inbox.settings().undo,
        Some(Some(at)) if at > now => at,
        Some(_) => return again(refused, Some(words.t("compose.later_when").to_owned()), Vec::new()).await,
    };
    let act_id = inbox.token();
    let domain = &inbox.settings().message_id_domain;
    let named = |token: String| if is_text { token } else { format!("svar.{token}@{domain}") };
    // The same form sent twice is one letter.
    let message_id = named(token_of(inbox, fields));
    let subject = Some(line(field(fields, "emne"))).filter(|subject| !subject.is_empty());
    let reply = NewReply {
        enquiry: whole.row.id,
        channel,
        account: &account,
        sender: sender.as_deref(),
        recipient: &recipient,
        recipient_key: &key,
        subject: subject.as_deref(),
        body: text,
        occasion: sending.occasion,
        message_id: &message_id,
        segments: u32::try_from(segments).unwrap_or(u32::MAX),
        ceiling_day: inbox.settings().most_segments,
        due_at,
        from_draft: sending.is_draft(),
        with_files: !is_text && sending.is_draft(),
        in_thread: true,
    };
    let act = Act::new(&act_id, sending.what).having_seen(seen(fields));
    let store = &inbox.doors().store;
    let mut queued = store.reply_queue(&seat.actor, &reply, &sending.steps, sending.moved, act, now).await;
    if matches!(queued, Ok(Queued::TakenBack)) {
        // Sent again from a page that is older than its being taken back: it is another letter.
        let another = named(inbox.token());
        let reply = NewReply { message_id: &another, ..reply };
        queued = store.reply_queue(&seat.actor, &reply, &sending.steps, sending.moved, act, now).await;
    }
    match queued {
        Ok(Queued::Yes(outbox)) => back(
            whole.row.id.0,
            fields,
            &[
                ("gjort", &act_id),
                ("hvad", sending.what),
                ("brev", &outbox.to_string()),
                ("paa", &whole.row.id.0.to_string()),
            ],
        ),
        Ok(Queued::Already | Queued::TakenBack) => back(whole.row.id.0, fields, &[]),
        Ok(Queued::Missing) => inbox.missing(seat),
        Ok(Queued::Overtaken) => {
            again(StatusCode::CONFLICT, Some(words.t("compose.overtaken_now").to_owned()), Vec::new()).await
        }
        Ok(Queued::Refused(why)) => {
            let error = words.t(&format!("problem.{}_text", refusal(why))).to_owned();
            again(status_of(why), Some(error), Vec::new()).await
        }
        Ok(Queued::CeilingMet { reserved }) => {
            let error = words.with("compose.ceiling", &[("antal", &reserved.to_string())]);
            again(refused, Some(error), Vec::new()).await
        }
        Err(error) => inbox.failed(Some(seat), &error),
    }
}

/// Closes: with the closing message, or with the note that it was said (S20).
pub(super) async fn close(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    let mut steps = Vec::new();
    steps.extend(channel_of(field(&fields, "form")).map(|form| Step::ContactForm(Some(form))));
    if field(&fields, "velkommen") == "skrevet" {
        steps.push(Step::Answered);
        steps.push(Step::Close(Welcome::Written));
        let sending =
            Sending { occasion: "closing", steps, moved: None, what: "closed_sent", open: "afslut" };
        return go(&inbox, &seat, id, &fields, field(&fields, "tekst").to_owned(), sending).await;
    }
    let welcome = if field(&fields, "velkommen") == "sagt" { Welcome::Said } else { Welcome::None };
    steps.push(Step::Close(welcome));
    let act_id = inbox.token();
    let act = Act::new(&act_id, "closed").having_seen(seen(&fields));
    match inbox.doors().store.enquiries_step(&seat.actor, &[EnquiryId(id)], &steps, act, inbox.now()).await {
        Ok(stepped) => match stepped.refused.first() {
            Some((_, why)) => {
                let words = inbox.words(&seat.account().language);
                let error = words.t(&format!("problem.{}_text", refusal(*why))).to_owned();
                let again = Again { error: Some(error), open: "afslut".to_owned(), ..Again::default() };
                let asking = Asking::parse(field(&fields, "liste"));
                enquiry::show(&inbox, &seat, EnquiryId(id), &asking, again, status_of(*why)).await
            }
            None if stepped.changed.is_empty() => inbox.missing(&seat),
            None => back(id, &fields, &[("gjort", &act_id), ("hvad", "closed")]),
        },
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// Tells the citizen that the promised day cannot be kept, why, and the new one.
pub(super) async fn delay(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    let words = std::sync::Arc::clone(inbox.words(&seat.account().language));
    let (reason, waits) = (line(field(&fields, "aarsag")), line(field(&fields, "venter_paa")));
    let date = field(&fields, "ny_dato").parse::<Date>().ok();
    let store = &inbox.doors().store;
    let whole = match store.enquiry_open(&seat.actor, EnquiryId(id), inbox.now()).await {
        Ok(Some(whole)) => whole,
        Ok(None) => return inbox.missing(&seat),
        Err(error) => return inbox.failed(Some(&seat), &error),
    };
    let sms = field(&fields, "via").starts_with("sms:");
    let today = inbox.today();
    let (Some(to), false) = (date.filter(|date| *date > today), reason.is_empty() && !sms) else {
        let error = Some(words.t("compose.delay_needs").to_owned());
        let again = Again { error, open: "forsinkelse".to_owned(), ..Again::default() };
        let asking = Asking::parse(field(&fields, "liste"));
        return enquiry::show(&inbox, &seat, EnquiryId(id), &asking, again, StatusCode::UNPROCESSABLE_ENTITY)
            .await;
    };
    let letter = letter_words(&inbox, &whole);
    let reference = whole.row.reference.to_string();
    let (old, new) =
        (written_out(whole.row.facts.promised, letter.language), written_out(to, letter.language));
    let mut values = office_values(&inbox, &reference);
    values.extend([
        ("gammel", old.as_str()),
        ("ny", new.as_str()),
        ("hvorfor", reason.as_str()),
        ("venter", waits.as_str()),
    ]);
    let key = match (sms, waits.is_empty()) {
        (true, _) => "letter.delay_text",
        (false, true) => "letter.delay_short",
        (false, false) => "letter.delay",
    };
    let text = letter.with(key, &values);
    let sending = Sending {
        occasion: "delay",
        steps: vec![Step::Promise(to)],
        moved: Some(Moved { to, reason: &reason, waits_for: &waits }),
        what: "delay",
        open: "forsinkelse",
    };
    go(&inbox, &seat, id, &fields, text, sending).await
}

/// Sends a letter on to a department, where consent holds, and tells the citizen (S17, S18).
pub(super) async fn forward(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    let words = std::sync::Arc::clone(inbox.words(&seat.account().language));
    let store = &inbox.doors().store;
    let whole = match store.enquiry_open(&seat.actor, EnquiryId(id), inbox.now()).await {
        Ok(Some(whole)) => whole,
        Ok(None) => return inbox.missing(&seat),
        Err(error) => return inbox.failed(Some(&seat), &error),
    };
    let chosen = inbox.settings().departments.iter().find(|one| one.id == field(&fields, "forvaltning"));
    let Some(department) = chosen else { return inbox.missing(&seat) };
    let holds = whole.consents.iter().any(|one| one.area == department.area && one.withdrawn_at.is_none());
    let text = field(&fields, "besked").to_owned();
    let problem = match (holds, text.trim().is_empty()) {
        (false, _) => Some("compose.no_consent"),
        (_, true) => Some("compose.empty"),
        _ => None,
    };
    if let Some(problem) = problem {
        let again = Again {
            error: Some(words.t(problem).to_owned()),
            open: "videresend".to_owned(),
            ..Again::default()
        };
        let asking = Asking::parse(field(&fields, "liste"));
        return enquiry::show(&inbox, &seat, EnquiryId(id), &asking, again, StatusCode::UNPROCESSABLE_ENTITY)
            .await;
    }
    let Some((account, _)) = inbox.settings().mailboxes.first() else { return inbox.missing(&seat) };
    let (act_id, token, now) = (inbox.token(), token_of(&inbox, &fields), inbox.now());
    let message_id = format!("videre.{token}@{}", inbox.settings().message_id_domain);
    let reference = whole.row.reference.to_string();
    let subject = words.with("letter.forward_subject", &[("ref", &reference)]);
    let reply = NewReply {
        enquiry: whole.row.id,
        channel: Channel::Email,
        account,
        sender: None,
        recipient: &department.address,
        recipient_key: &department.address.to_lowercase(),
        subject: Some(&subject),
        body: &text,
        occasion: "forward",
        message_id: &message_id,
        segments: 0,
        ceiling_day: 0,
        due_at: now + inbox.settings().undo,
        from_draft: false,
        with_files: false,
        // What the department answers is offered to a person; it never joins by itself.
        in_thread: false,
    };
    let steps = [Step::Wait(Some(crate::domain::triage::WaitsFor::Administration))];
    let act = Act::new(&act_id, "forward");
    match store.reply_queue(&seat.actor, &reply, &steps, None, act, now).await {
        Ok(Queued::Yes(outbox)) => {
            let (letter, on) = (outbox.to_string(), id.to_string());
            let done =
                [("gjort", act_id.as_str()), ("hvad", "forward"), ("brev", &letter), ("paa", on.as_str())];
            // The citizen is told next: their letter is drafted and waits for a click.
            let letter = letter_words(&inbox, &whole);
            let mut values = office_values(&inbox, &reference);
            let today = written_out(inbox.today(), letter.language);
            values.push(("dato", today.as_str()));
            let told = letter.with("letter.forwarded", &values);
            // Beneath what is half written already.
            let drafts = match store.drafts(whole.row.id).await {
                Ok(drafts) => drafts,
                Err(error) => return inbox.failed(Some(&seat), &error),
            };
            let begun =
                drafts.iter().find(|draft| draft.kind == "reply" && draft.account == seat.account().id);
            let told = match begun.map(|draft| draft.body.trim()).filter(|body| !body.is_empty()) {
                Some(body) if body.contains(&told) => body.to_owned(),
                Some(body) => format!("{body}\n\n{told}"),
                None => told,
            };
            if let Err(error) = store.draft_save(&seat.actor, whole.row.id, "reply", "", &told, now).await {
                return inbox.failed(Some(&seat), &error);
            }
            back(id, &fields, &done)
        }
        Ok(Queued::Refused(why)) => inbox.say(Some(&seat), StatusCode::CONFLICT, refusal(why)),
        Ok(_) => back(id, &fields, &[]),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// Takes back what was sent and waits.
pub(super) async fn take_back(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    let Ok(outbox) = field(&fields, "brev").parse::<i64>() else { return inbox.missing(&seat) };
    let act = field(&fields, "gjort");
    match inbox.doors().store.reply_take_back(&seat.actor, EnquiryId(id), outbox, act, inbox.now()).await {
        Ok(true) => back(id, &fields, &[("hvad", "taken_back"), ("vis", "svar")]),
        Ok(false) => inbox.say(Some(&seat), StatusCode::CONFLICT, "gone_out"),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}
