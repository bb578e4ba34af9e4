//! Fills a database with the enquiries of many years, so that the inbox can be measured at a size that no office has yet.
//!
//! The texts are invented: words of Danish letters by how often such words come (Zipf), a few thousand different texts,
//! spread by the database itself over all messages. Every row is one that the product could have written, and the ledger
//! adds up.

use anyhow::Context;
use indgang::domain::reference::Reference;
use indgang::domain::words;
use indgang::store::{Store, StoreOptions};

/// Different texts.
const TEXTS: usize = 8_000;
/// Enquiries that are not closed.
const OPEN: i64 = 400;

/// How much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Enquiries.
    pub(crate) enquiries: i64,
    /// Messages in all of them.
    pub(crate) messages: i64,
}

/// Random numbers that are the same in every run (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % below.max(1)
    }
}

const COMMON: &[&str] = &[
    "jeg",
    "har",
    "ikke",
    "kommunen",
    "afgørelse",
    "sagen",
    "svar",
    "brevet",
    "skolen",
    "møde",
    "hjælp",
    "borgerrådgiver",
    "frist",
    "klage",
    "boligstøtte",
    "handicap",
    "sagsbehandler",
    "jobcentret",
    "min",
    "søn",
    "datter",
    "igen",
    "telefon",
    "venter",
    "uger",
    "forstår",
    "fået",
    "skrevet",
    "ringet",
    "hvornår",
    "hvorfor",
    "hjemmehjælp",
    "førtidspension",
    "byggesag",
    "nabo",
    "fravær",
    "børnehave",
    "underskrift",
    "dokumenter",
    "oplysninger",
    "partshøring",
    "aktindsigt",
];
const BEGIN: &[&str] = &[
    "bol", "ren", "vand", "træ", "kul", "mær", "høj", "sky", "grøn", "læn", "stor", "fisk", "vej", "land",
    "strå", "bønd",
];
const MIDDLE: &[&str] = &["ig", "el", "ter", "nings", "be", "for", "sam", "ud", "ind", "om"];
const END: &[&str] = &["hed", "skab", "else", "ning", "er", "dom", "værk", "plads", "gård", "bro"];

/// A word: common ones often, 1,600 others seldom.
fn word(dice: &mut Dice) -> String {
    if dice.roll(10) < 7 {
        // Twice as often as the next half: about Zipf.
        let mut most = COMMON.len() as u64;
        while most > 2 && dice.roll(2) == 0 {
            most /= 2;
        }
        return COMMON[dice.roll(most) as usize].to_owned();
    }
    let pick = |of: &[&'static str], n: u64| of[n as usize];
    let (a, b, c) =
        (dice.roll(BEGIN.len() as u64), dice.roll(MIDDLE.len() as u64), dice.roll(END.len() as u64));
    format!("{}{}{}", pick(BEGIN, a), pick(MIDDLE, b), pick(END, c))
}

fn text(dice: &mut Dice) -> String {
    let length = 20 + dice.roll(100);
    (0..length).map(|_| word(dice)).collect::<Vec<_>>().join(" ")
}

/// Makes the tables and fills them.
pub(crate) async fn fill(url: &str, size: Size) -> anyhow::Result<()> {
    Store::open(&StoreOptions { url: url.to_owned(), connections: 2, durable: false }).await?.close().await;
    if url.starts_with("sqlite:") {
        let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect(url).await?;
        sqlx::query("PRAGMA synchronous = OFF").execute(&pool).await?;
        run_sqlite(&pool, size).await
    } else {
        let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(url).await?;
        run_postgres(&pool, size).await
    }
}

macro_rules! filler {
    ($name:ident, $pool:ty, $postgres:literal) => {
        async fn $name(pool: &$pool, size: Size) -> anyhow::Result<()> {
            let mut dice = Dice(7);
            sqlx::query("CREATE TABLE sample (id BIGINT NOT NULL PRIMARY KEY, text TEXT NOT NULL, stems TEXT NOT NULL)")
                .execute(pool).await?;
            sqlx::query("CREATE TABLE drawn (id BIGINT NOT NULL PRIMARY KEY, reference TEXT NOT NULL)").execute(pool).await?;
            let mut transaction = pool.begin().await?;
            for id in 0..TEXTS {
                let text = text(&mut dice);
                sqlx::query("INSERT INTO sample (id, text, stems) VALUES ($1, $2, $3)")
                    .bind(id as i64).bind(&text).bind(words::stems(&text)).execute(&mut *transaction).await?;
            }
            for id in 1..=size.enquiries {
                sqlx::query("INSERT INTO drawn (id, reference) VALUES ($1, $2)")
                    .bind(id).bind(Reference::from_random(dice.roll(u64::MAX)).as_str())
                    .execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            for statement in statements($postgres, size) {
                let short: String = statement.chars().take(60).collect();
                sqlx::query(sqlx::AssertSqlSafe(statement)).execute(pool).await.with_context(|| short)?;
            }
            Ok(())
        }
    };
}

filler!(run_sqlite, sqlx::SqlitePool, false);
filler!(run_postgres, sqlx::PgPool, true);

fn statements(postgres: bool, Size { enquiries, messages }: Size) -> Vec<String> {
    let numbers = |most: i64| {
        if postgres {
            format!("(SELECT n FROM GENERATE_SERIES(1, {most}) AS s (n)) s")
        } else {
            format!(
                "(WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < {most}) SELECT n FROM r) s"
            )
        }
    };
    let bytes = |text: &str| {
        if postgres { format!("CAST('{text}' AS BYTEA)") } else { format!("CAST('{text}' AS BLOB)") }
    };
    let truth = |condition: String| if postgres { condition } else { format!("({condition})") };
    let (hash, empty) = (bytes("h"), bytes("b"));
    // Ten years, the newest a minute ago.
    let now = indgang::clock::Clock::system().now().as_millisecond();
    let began = |n: &str| {
        format!("({now} - CAST(({enquiries} - {n}) AS BIGINT) * (315360000000 / {enquiries}) - 60000)")
    };
    let open_from = enquiries - OPEN;
    let day = |n: &str| {
        format!("CASE WHEN {n} > {open_from} THEN '2026-12-' || (10 + {n} % 20) ELSE '9999-12-31' END")
    };
    let mut all = vec![
        format!("INSERT INTO raw_message (hash, size, bytes, kept_at) VALUES ({hash}, 1, {empty}, 1)"),
        format!(
            "INSERT INTO arrival (id, account, external_id, channel, raw_hash, fingerprint, received_at, recorded_at)
             SELECT n, 'borger', 'INBOX:7:' || n, CASE n % 10 WHEN 7 THEN 'sms' WHEN 8 THEN 'web' WHEN 9 THEN 'call' ELSE 'email' END,
                    {hash}, {hash}, {began}, {began} FROM {numbers}",
            began = began(&format!("((n - 1) % {enquiries} + 1)")),
            numbers = numbers(messages)
        ),
        format!("INSERT INTO enquirer (id, name, created_at) SELECT n, 'Borger ' || n, 1 FROM {}", numbers(enquiries * 3 / 4)),
        format!(
            "INSERT INTO enquirer_address (enquirer_id, kind, address_key, address)
             SELECT n, 'email', 'borger' || n || '@post.example', 'borger' || n || '@post.example' FROM {}",
            numbers(enquiries * 3 / 4)
        ),
        format!(
            "INSERT INTO enquiry (id, reference, enquirer_id, intake_channel, intake_account, started_by, language, state, kind,
                                  area_id, first_contact_at, promised_reply_date, closed_at, title, snippet, reply_due, due_on,
                                  last_in_at, unread, primary_contact_form)
             SELECT n, (SELECT reference FROM drawn WHERE id = n), (n * 7919) % {persons} + 1,
                    CASE n % 10 WHEN 7 THEN 'sms' WHEN 8 THEN 'web' WHEN 9 THEN 'call' ELSE 'email' END, 'borger', n, 'da',
                    CASE WHEN n <= {open_from} THEN 'closed' WHEN n % 3 = 0 THEN 'new' WHEN n % 3 = 1 THEN 'in_progress' ELSE 'waiting' END,
                    CASE n % 5 WHEN 0 THEN 'open_ended' ELSE 'delimited' END, n % 12 + 1, {began}, '2026-12-10',
                    CASE WHEN n <= {open_from} THEN {began} ELSE NULL END, 'Sag ' || n,
                    SUBSTR((SELECT text FROM sample WHERE id = n % {TEXTS}), 1, 160),
                    CASE WHEN n > {open_from} THEN {day} ELSE NULL END, {day}, {began}, {unread}, 'email'
             FROM {numbers}",
            persons = enquiries * 3 / 4,
            began = began("n"),
            day = day("n"),
            unread = truth(format!("n > {}", enquiries - 50)),
            numbers = numbers(enquiries)
        ),
        format!(
            "INSERT INTO message (id, arrival_id, disposition, reason, acknowledgement, enquiry_id, offers, subject, text, details)
             SELECT n, n, CASE WHEN n <= {enquiries} THEN 'enquiry' ELSE 'follow_up' END, 'It is new.', '{{}}',
                    (n - 1) % {enquiries} + 1, '[]', 'Sag', (SELECT text FROM sample WHERE id = n % {TEXTS}), '{{}}'
             FROM {}",
            numbers(messages)
        ),
        format!(
            "INSERT INTO outbox (unique_key, kind, enquiry_id, channel, account, recipient_key, recipient, language, promise,
                                 reference, message_id, refers_to, reason, state, created_at, due_at, sent_at, sent_text)
             SELECT 'acknowledgement:' || n, 'acknowledgement', n, 'email', 'borger', 'a@b.example', 'a@b.example', 'da', '{{}}',
                    (SELECT reference FROM drawn WHERE id = n), 'kvittering.' || n || '@k.example', '', 'It is new.', 'sent',
                    {began}, {began}, {began}, 'Tak.' FROM {numbers}",
            began = began("n"),
            numbers = numbers(enquiries)
        ),
        "DELETE FROM search_waiting".to_owned(),
        format!(
            "INSERT INTO search_document (id, source, source_id, enquiry_id)
             SELECT n, 'message', n, (n - 1) % {enquiries} + 1 FROM {}",
            numbers(messages)
        ),
    ];
    all.push(if postgres {
        format!(
            "INSERT INTO search_words (document_id, words)
             SELECT n, ARRAY_TO_TSVECTOR(STRING_TO_ARRAY(p.stems, ' ')) FROM {} JOIN sample p ON p.id = n % {TEXTS}",
            numbers(messages)
        )
    } else {
        format!("INSERT INTO search_words (rowid, words) SELECT n, p.stems FROM {} JOIN sample p ON p.id = n % {TEXTS}", numbers(messages))
    });
    all.extend(["DROP TABLE sample".to_owned(), "DROP TABLE drawn".to_owned()]);
    if postgres {
        // Numbers that were given by hand: the next ones go on after them.
        for table in ["arrival", "enquirer", "enquiry", "message", "search_document"] {
            all.push(format!(
                "SELECT SETVAL(PG_GET_SERIAL_SEQUENCE('{table}', 'id'), (SELECT MAX(id) FROM {table}))"
            ));
        }
        all.push("VACUUM ANALYZE".to_owned());
    } else {
        all.push("INSERT INTO search_words (search_words) VALUES ('optimize')".to_owned());
        all.push("ANALYZE".to_owned());
    }
    all
}
