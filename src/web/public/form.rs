//! One sending of the form: from the fields that came to an enquiry, or to the same form with what must be mended.
//!
//! Nothing that was typed is ever lost on the way: whatever is wrong, the answer is the form with everything in it, and
//! files that came are kept until the form is sent. What looks like a machine's work is held for a person, never refused;
//! refused is only what would drown everybody else.

use indgang_channels::message::ExternalId;
use indgang_channels::web_form::read::{AnswerWays, Place, ReadContext, read};
use indgang_channels::web_form::{File, Scan, Submission};
use jiff::{SignedDuration, Timestamp};

use super::door::{ACCOUNT, Doors, Settings};
use super::fields::{Field, Problem, Typed, check_fields, check_file};
use super::limits::Standing;
use super::multipart::{End, Fields, LeftOut, Uploaded};
use super::secrets::hash_word;
use super::token::{Token, is_solved};
use crate::domain::area::AreaId;
use crate::domain::{calendar, cpr};
use crate::store::StoreError;
use crate::store::form_files::{FormFile, FormFileKept, FormFileLimits};
use crate::store::letters::{Filed, Letter};

/// A form that was opened longer ago is shown again with a new token: nothing is lost, one more press is needed.
pub(super) const LONGEST_TIME: SignedDuration = SignedDuration::from_hours(48);

/// What came of it.
#[derive(Debug)]
pub enum Sent {
    /// It is filed, or was before; its receipt is found by the token.
    Filed(Token),
    /// It is not: the form again.
    Again(Box<Again>),
}

/// The form again.
#[derive(Debug)]
pub struct Again {
    /// What was typed.
    pub typed: Typed,
    /// The token that the form goes on with.
    pub token: Token,
    /// The files that are kept for it.
    pub kept: Vec<FormFile>,
    /// What is wrong.
    pub problems: Vec<(Field, Problem)>,
    /// Why it is shown again although nothing is wrong.
    pub notice: Option<Notice>,
}

/// Why the form is shown again although nothing is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It seems to hold a CPR number; the writer decides.
    HoldsCpr,
    /// It had been open for so long that it must be sent once more.
    OpenTooLong,
    /// It could not be filed now.
    NotNow,
    /// A file was taken away.
    FileRemoved,
    /// The connection broke off, or what came could not be read to its end.
    BrokenOff,
    /// So much came from the caller that they must wait.
    Wait,
}

/// What came with the request.
#[derive(Debug)]
pub struct Request {
    /// The fields.
    pub fields: Fields,
    /// How the reading of the body ended.
    pub end: End,
    /// How the caller stands.
    pub standing: Standing,
    /// Whether there is an attack.
    pub attack: bool,
    /// The language of the page.
    pub language: &'static str,
}

/// Takes one sending of the form.
///
/// # Errors
/// When the database does not answer before anything could be kept.
pub async fn take(doors: &Doors, settings: &Settings, request: Request) -> Result<Sent, StoreError> {
    let now = doors.clock.now();
    let Request { mut fields, end, standing, attack, language } = request;
    let typed = typed(&fields);
    let files = std::mem::take(&mut fields.files);
    let came = Token::read(&doors.secret, fields.text("token")).ok();
    let token = match &came {
        Some(token) if token.age(now) <= LONGEST_TIME => token.clone(),
        _ => new_token(doors, settings, attack, now),
    };
    let form = token.form_id();

    // The files that came first: whatever else is wrong, they are not asked for again.
    let (fresh, mut problems) = take_files(doors, settings, files, &fields.left_out).await;
    let kept = doors.store.form_files(&form).await?;
    let remove = fields.text("fjern").parse::<i64>().ok();
    let count = kept.len() + fresh.len();
    if remove.is_none() && count > settings.most_files as usize {
        problems.push((Field::Files, Problem::TooManyFiles { most: settings.most_files }));
    }

    let areas = settings.areas_on(calendar::local(now).date(), "da");
    let area = typed
        .area
        .parse()
        .ok()
        .and_then(|id| areas.iter().find(|(one, _)| *one == AreaId(id)).map(|(_, name)| name.as_str()));
    let usable = check_fields(&typed, area, language, count > 0, settings.fields);
    let notice = if end != End::Whole {
        Some(Notice::BrokenOff)
    } else if standing == Standing::Refused {
        Some(Notice::Wait)
    } else if remove.is_some() {
        Some(Notice::FileRemoved)
    } else if came.as_ref() != Some(&token) {
        Some(Notice::OpenTooLong)
    } else if fields.text("cpr_ok").is_empty() && holds_cpr(&typed) {
        Some(Notice::HoldsCpr)
    } else {
        None
    };
    let usable = match usable {
        Ok(usable) if problems.is_empty() && notice.is_none() => usable,
        checked => {
            let keeping = keep(doors, settings, &token, fresh, remove, now).await?;
            problems.extend(keeping);
            // Taking a file away is no sending: what is not filled in yet is not wrong yet.
            if remove.is_none() && end == End::Whole {
                problems.extend(checked.err().unwrap_or_default());
            }
            problems.sort_by_key(|(field, _)| *field);
            problems.dedup();
            let kept = doors.store.form_files(&form).await?;
            let first = [Notice::BrokenOff, Notice::Wait, Notice::FileRemoved];
            let notice = notice.filter(|notice| problems.is_empty() || first.contains(notice));
            return Ok(Sent::Again(Box::new(Again { typed, token, kept, problems, notice })));
        }
    };

    let mut submission = usable.submission;
    if !kept.is_empty() {
        submission.files = doors.store.form_files_take(&form).await?;
    }
    submission.files.extend(fresh.iter().cloned());
    submission.suspicions = suspicions(&fields, &token, settings, standing, attack, now);
    match file(doors, settings, &token, &submission, now).await? {
        Some(_) => {
            if let Some(word) = usable.word {
                set_word(doors, &token, word).await?;
            }
            Ok(Sent::Filed(token))
        }
        None => {
            keep(doors, settings, &token, fresh, None, now).await?;
            let kept = doors.store.form_files(&form).await?;
            let again = Again { typed, token, kept, problems: Vec::new(), notice: Some(Notice::NotNow) };
            Ok(Sent::Again(Box::new(again)))
        }
    }
}

/// A token for a form that is opened now.
pub fn new_token(doors: &Doors, settings: &Settings, attack: bool, now: Timestamp) -> Token {
    let drawn = (doors.draw)();
    let mut id = [0; 16];
    id.copy_from_slice(&drawn[..16]);
    Token::issue(&doors.secret, id, now, if attack { settings.puzzle_bits } else { 0 })
}

fn typed(fields: &Fields) -> Typed {
    let text = |name: &str| fields.text(name).to_owned();
    Typed {
        message: text("besked"),
        answer_by: text("svar"),
        name: text("navn"),
        email: text("email"),
        phone: text("telefon"),
        deadline: text("frist"),
        area: text("omraade"),
        language: text("sprog"),
        word: text("ord"),
    }
}

/// The message and what stands beside it: a number in a name or a deadline is as exposed as one in the message.
fn holds_cpr(typed: &Typed) -> bool {
    [&typed.message, &typed.name, &typed.deadline].iter().any(|text| !cpr::find(text).is_empty())
}

/// Keeps files for the next try, takes one away if that was asked, and says what does not fit.
pub(super) async fn keep(
    doors: &Doors,
    settings: &Settings,
    token: &Token,
    files: Vec<File>,
    remove: Option<i64>,
    now: Timestamp,
) -> Result<Vec<(Field, Problem)>, StoreError> {
    let form = token.form_id();
    if let Some(id) = remove {
        doors.store.form_file_remove(&form, id).await?;
    }
    let limits = FormFileLimits {
        most_files: settings.most_files,
        most_bytes: settings.most_file_bytes as u64,
        most_bytes_of_all: settings.most_kept_bytes,
    };
    let mut problems = Vec::new();
    for file in files {
        let (name, size) = (file.name.clone(), file.bytes.len() as u64);
        match doors.store.form_file_keep(&form, &file, limits, now).await? {
            FormFileKept::Kept => {}
            FormFileKept::TooMany => {
                problems.push((Field::Files, Problem::TooManyFiles { most: settings.most_files }));
            }
            FormFileKept::TooMuch => {
                let most = settings.most_file_bytes as u64;
                problems.push((Field::Files, Problem::FileTooLarge { name, size, most }));
            }
        }
    }
    Ok(problems)
}

/// The files that can be sent, scanned, and what is wrong with the others.
pub(super) async fn take_files(
    doors: &Doors,
    settings: &Settings,
    files: Vec<Uploaded>,
    left_out: &[LeftOut],
) -> (Vec<File>, Vec<(Field, Problem)>) {
    let most = settings.most_file_bytes as u64;
    let too_large = |file: &LeftOut| {
        (Field::Files, Problem::FileTooLarge { name: file.name.clone(), size: file.size, most })
    };
    let mut problems: Vec<(Field, Problem)> = left_out.iter().map(too_large).collect();
    let mut taken = Vec::with_capacity(files.len());
    for file in files {
        match check_file(&file.name, &file.bytes, &settings.file_types) {
            Ok(media_type) => {
                let (bytes, scan) = match &doors.scan {
                    Some(scan) => scan(file.bytes).await,
                    None => (file.bytes, Scan::NotAsked),
                };
                taken.push(File { name: file.name, media_type, bytes, scan });
            }
            Err(problem) => problems.push((Field::Files, problem)),
        }
    }
    (taken, problems)
}

/// Keeps the word that was chosen, with the enquiry that the form became.
async fn set_word(doors: &Doors, token: &Token, word: String) -> Result<(), StoreError> {
    let Some(receipt) = doors.store.receipt(ACCOUNT, &token.external_id()).await? else { return Ok(()) };
    let Some(enquiry) = receipt.enquiry else { return Ok(()) };
    let mut salt = [0; 16];
    salt.copy_from_slice(&(doors.draw)()[..16]);
    // Slow on purpose, so it is done where it holds nobody up.
    let hash = tokio::task::spawn_blocking(move || hash_word(&word, &salt)).await.ok().flatten();
    match hash {
        Some(hash) => doors.store.private_word_set(enquiry.id, &hash).await,
        None => Ok(()),
    }
}

/// What speaks for a machine, in sentences that the adviser reads.
fn suspicions(
    fields: &Fields,
    token: &Token,
    settings: &Settings,
    standing: Standing,
    attack: bool,
    now: Timestamp,
) -> Vec<String> {
    let mut suspicions = Vec::new();
    if !fields.text("hjemmeside").is_empty() {
        suspicions.push("A field was filled in that people do not see.".to_owned());
    }
    if token.age(now) < settings.shortest_time {
        suspicions.push("It was sent sooner after the form was opened than a person can write.".to_owned());
    }
    if standing == Standing::Held {
        suspicions.push("Many messages came from the same address within ten minutes.".to_owned());
    }
    let bits = token.puzzle_bits().max(if attack { settings.puzzle_bits } else { 0 });
    if bits > 0 && !is_solved(token.as_str(), fields.text("puzzle"), bits) {
        suspicions.push(
            "It came during an attack, without the puzzle that browsers solve by themselves.".to_owned(),
        );
    }
    suspicions
}

/// Files a submission: the first time under its form's own identity, and what was changed and sent again as a further
/// message to the same enquiry.
async fn file(
    doors: &Doors,
    settings: &Settings,
    token: &Token,
    submission: &Submission,
    now: Timestamp,
) -> Result<Option<Filed>, StoreError> {
    let thread = token.external_id();
    let letter =
        letter(settings, submission, ExternalId(thread.clone()), Place::Form { thread: &thread }, now);
    let fingerprint = letter.incoming.fingerprint;
    let Some(filed) = (doors.file)(letter).await else { return Ok(None) };
    if !filed.redelivered || doors.store.arrival_fingerprint(filed.arrival).await? == Some(fingerprint) {
        return Ok(Some(filed));
    }
    let hash: String = fingerprint.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let external_id = ExternalId(format!("{thread}:{hash}"));
    let again = letter_again(settings, submission, external_id, &thread, now);
    Ok((doors.file)(again).await)
}

fn letter_again(
    settings: &Settings,
    submission: &Submission,
    external_id: ExternalId,
    thread: &str,
    now: Timestamp,
) -> Letter {
    letter(settings, submission, external_id, Place::FormAgain { thread }, now)
}

/// A submission as the intake takes it.
pub fn letter(
    settings: &Settings,
    submission: &Submission,
    external_id: ExternalId,
    place: Place<'_>,
    now: Timestamp,
) -> Letter {
    let ways = AnswerWays { email: settings.by_email.clone(), sms: settings.by_text.clone() };
    let context = ReadContext {
        account: ACCOUNT,
        received_at: now,
        answer_ways: &ways,
        own_numbers: &settings.own_addresses,
        foreign: &settings.foreign,
        place,
    };
    let incoming = read(submission, external_id, &context);
    Letter { raw: submission.to_record(), incoming, cursor: None }
}
