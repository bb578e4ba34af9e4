//! Fresh stores, a desk that does what a case says, and letters to file.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use indgang::domain::arrival::Disposition;
use indgang::domain::promise::Promise;
use indgang::domain::reference::Reference;
use indgang::intake::texting::TextEffects;
use indgang::intake::{Acknowledgement, Known, Routing};
use indgang::store::cursor::CursorStep;
use indgang::store::letters::{Desk, Letter};
use indgang::store::{Store, StoreOptions};
use indgang_channels::message::{Address, Channel, ExternalId, Incoming, Party, SenderCheck, Thread};
use indgang_peers::Postgres;
use jiff::Timestamp;
use jiff::civil::date;
use sha2::{Digest, Sha256};

pub(crate) const NOW: Timestamp = Timestamp::constant(1_770_000_000, 0);

/// A fresh store, and where it is.
pub(crate) struct Fresh {
    pub(crate) store: Store,
    pub(crate) url: String,
}

pub(crate) async fn on_sqlite<F: Future<Output = ()>>(case: impl FnOnce(Fresh) -> F) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("store.sqlite").display());
    case(open(url).await).await;
}

pub(crate) async fn on_postgres<F: Future<Output = ()>>(case: impl FnOnce(Fresh) -> F) {
    case(open(postgres_url()).await).await;
}

/// An empty database of a case's own, on one server for all cases, which is stopped when the test process ends.
pub(crate) fn postgres_url() -> String {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    let server = SERVER.get_or_init(|| Postgres::start().expect("PostgreSQL starts"));
    server.create_database().expect("a database is made")
}

pub(crate) async fn open(url: String) -> Fresh {
    let options = StoreOptions { url: url.clone(), connections: 4, durable: true };
    Fresh { store: Store::open(&options).await.expect("the store opens"), url }
}

/// What a case decides.
type Decide = Box<dyn Fn(&Incoming, &Known) -> Routing + Sync + Send>;

/// A desk that starts an enquiry of every letter, unless the case says otherwise.
pub(crate) struct TestDesk {
    pub(crate) decide: Decide,
    pub(crate) references: AtomicU64,
    pub(crate) first_reference: u64,
}

impl Default for TestDesk {
    fn default() -> Self {
        Self::of(|_, _| enquiry())
    }
}

impl TestDesk {
    pub(crate) fn of(decide: impl Fn(&Incoming, &Known) -> Routing + Sync + Send + 'static) -> Self {
        static SEED: AtomicU64 = AtomicU64::new(1);
        let seed = SEED.fetch_add(1, Ordering::Relaxed);
        Self { decide: Box::new(decide), references: AtomicU64::new(0), first_reference: seed << 40 }
    }
}

impl Desk for TestDesk {
    fn route(&self, incoming: &Incoming, known: &Known) -> Routing {
        (self.decide)(incoming, known)
    }

    fn draw_reference(&self) -> Reference {
        let drawn = self.references.fetch_add(1, Ordering::Relaxed);
        // Spread over all 64 bits, as the random ones are; by another factor than the step from which a reference looks
        // further, or one draw in nineteen would be the next one's, and the row that is drawn again leaves a gap in
        // PostgreSQL's numbers.
        Reference::from_random((self.first_reference + drawn).wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    fn language(&self, _incoming: &Incoming) -> String {
        "da".to_owned()
    }

    fn acknowledgement_id(&self, reference: &Reference, incoming: &Incoming) -> String {
        if incoming.channel == Channel::Sms {
            return format!("token-{}", self.references.fetch_add(1, Ordering::Relaxed));
        }
        format!("ack.{}@kommune.example", reference.as_str())
    }

    fn promise(&self, _received_at: Timestamp) -> Promise {
        Promise { reply_by: date(2026, 2, 18), closed: None }
    }

    fn ceiling_all(&self) -> u32 {
        1_000
    }
}

pub(crate) fn promise() -> Promise {
    Promise { reply_by: date(2026, 2, 16), closed: None }
}

pub(crate) fn enquiry() -> Routing {
    Routing {
        disposition: Disposition::Enquiry,
        reason: "the first letter".to_owned(),
        enquiry: None,
        offers: Vec::new(),
        after_closing: false,
        acknowledgement: Acknowledgement::Send { promise: promise(), reason: "it is new".to_owned() },
        texting: TextEffects::default(),
    }
}

pub(crate) fn not_due(disposition: Disposition) -> Routing {
    Routing {
        disposition,
        acknowledgement: Acknowledgement::NotDue { reason: "none is due".to_owned() },
        ..enquiry()
    }
}

/// A letter of `sender` whose bytes and fingerprint follow from `content`.
pub(crate) fn letter(uid: u32, sender: &str, content: &str) -> Letter {
    let raw =
        format!("From: {sender}\r\nMessage-ID: <{content}@post.example>\r\n\r\n{content}\r\n").into_bytes();
    let incoming = Incoming {
        channel: Channel::Email,
        account: "borger".to_owned(),
        external_id: ExternalId(format!("INBOX:7:{uid}")),
        fingerprint: Sha256::digest(content).into(),
        received_at: NOW,
        sent_at: None,
        sender: Some(Party {
            address: Address::Email(sender.to_owned()),
            name: Some("En borger".to_owned()),
        }),
        reply_to: Vec::new(),
        recipients: Vec::new(),
        subject: "Et brev".to_owned(),
        text: content.to_owned(),
        folded: Vec::new(),
        language: None,
        attachments: Vec::new(),
        thread: Thread { message_id: Some(format!("{content}@post.example")), ..Thread::default() },
        automatic: None,
        bounce: None,
        sender_check: SenderCheck::Unknown,
        suppress_reply: None,
        doubts: Vec::new(),
        form: None,
    };
    Letter { raw, incoming, cursor: Some(CursorStep { folder: "INBOX".to_owned(), uid_validity: 7, uid }) }
}

/// Texts that a statement gives, asked beside the store.
pub(crate) async fn strings(url: &str, statement: &'static str) -> Vec<String> {
    if url.starts_with("sqlite:") {
        let pool = sqlx::SqlitePool::connect(url).await.expect("the database opens");
        sqlx::query_scalar(statement).fetch_all(&pool).await.expect("the statement runs")
    } else {
        let pool = sqlx::PgPool::connect(url).await.expect("the database opens");
        sqlx::query_scalar(statement).fetch_all(&pool).await.expect("the statement runs")
    }
}

/// Changes a database behind the store's back; SQLite without asking whether it holds together.
pub(crate) async fn damage(url: &str, statement: &'static str) {
    if url.starts_with("sqlite:") {
        use std::str::FromStr;
        let options = sqlx::sqlite::SqliteConnectOptions::from_str(url).expect("a URL").foreign_keys(false);
        let pool = sqlx::SqlitePool::connect_with(options).await.expect("the database opens");
        sqlx::query(statement).execute(&pool).await.expect("the damage is done");
    } else {
        let pool = sqlx::PgPool::connect(url).await.expect("the database opens");
        sqlx::query(statement).execute(&pool).await.expect("the statement runs");
    }
}

/// Whether a SQLite file refuses a statement.
pub(crate) async fn refused(url: &str, statement: &'static str) -> bool {
    let pool = sqlx::SqlitePool::connect(url).await.expect("the database opens");
    sqlx::query(statement).execute(&pool).await.is_err()
}
