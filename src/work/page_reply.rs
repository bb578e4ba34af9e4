//! What the adviser answers in confidence: put on the enquiry's private page, with a link and a word by mail or text that
//! there is news, and never what.
//!
//! Knows no page: only where one is, and that somebody can open it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use indgang_channels::message::{Address, AnswerWay};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::domain::enquiry::EnquiryId;
use crate::store::inbox::page::PageBy;
use crate::store::inbox::reply::Queued;
use crate::store::pages::NewPageReply;
use crate::store::{Store, StoreError};

/// Where private pages are, and how their readers are told.
#[derive(Clone, Debug)]
pub struct Pages {
    /// The address that citizens reach the server by.
    pub public_url: String,
    /// How news goes out by mail.
    pub by_email: Option<AnswerWay>,
    /// The same by text.
    pub by_text: Option<AnswerWay>,
    /// How long links hold from now on.
    pub link_time: SignedDuration,
    /// The domain that our Message-IDs end in.
    pub message_id_domain: String,
}

/// Why an answer is not put on the page.
#[derive(Debug, thiserror::Error)]
pub enum PageReplyRefused {
    /// It says nothing.
    #[error("the answer is empty")]
    Empty,
    /// Nobody could open the page: no word was chosen, and there is no address for a code.
    #[error(
        "nobody could open the private page: no word was chosen, and there is no address on file that a code can go to"
    )]
    NothingOpensIt,
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What came of it, and who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The reader is told by this way that there is news.
    By(AnswerWay),
    /// There is no address: whoever has the link and the word looks by themselves.
    Nobody,
}

/// Puts an answer on the private page of an enquiry, and tells its reader. The link that is told is another one each time; the
/// same `token` puts it there once. With `by`, all that goes with answering is done too, or nothing at all.
///
/// # Errors
/// See [`PageReplyRefused`].
pub async fn answer(
    store: &Store,
    pages: &Pages,
    answer: &Answer<'_>,
    by: Option<&PageBy<'_>>,
    now: Timestamp,
) -> Result<(Queued, Told), PageReplyRefused> {
    let Answer { enquiry, body, token } = *answer;
    if body.trim().is_empty() {
        return Err(PageReplyRefused::Empty);
    }
    let contacts = store.enquiry_contacts(enquiry).await?;
    let way = |contact: &Address| match contact {
        Address::Email(_) => pages.by_email.as_ref(),
        Address::Phone(_) => pages.by_text.as_ref(),
        Address::Label(_) => None,
    };
    let told = contacts.iter().find_map(|contact| Some((way(contact)?, contact)));
    if told.is_none() && store.private_word_fetch(enquiry).await?.is_none() {
        return Err(PageReplyRefused::NothingOpensIt);
    }
    let page = store.private_page(enquiry).await?;
    let path = if page.language == "en" { "en/page" } else { "side" };
    let secret: [u8; 32] = rand::random();
    let hash: [u8; 32] = Sha256::digest(secret).into();
    let url = format!("{}/{path}/{}", pages.public_url, URL_SAFE_NO_PAD.encode(secret));
    let token = format!("{token}@{}", pages.message_id_domain);
    let reply = NewPageReply {
        enquiry,
        body,
        token: &token,
        link: Some((&hash, &url)),
        links_until: now + pages.link_time,
        news: told,
    };
    let queued = match by {
        Some(by) => store.page_answer(&reply, by, now).await?,
        None if store.page_reply(&reply, now).await? => Queued::Yes(0),
        None => Queued::Already,
    };
    Ok((queued, told.map_or(Told::Nobody, |(way, _)| Told::By(way.clone()))))
}

/// An answer for a page.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The enquiry whose page it is.
    pub enquiry: EnquiryId,
    /// The words.
    pub body: &'a str,
    /// What keeps the same answer from being given twice.
    pub token: &'a str,
}
