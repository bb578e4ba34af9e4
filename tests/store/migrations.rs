//! A database that an older version filled is brought up to date with everything in it.

use std::fs;
use std::path::Path;

use indgang::store::outbox::{Content, Way};
use sqlx::migrate::Migrator;

use crate::support::{NOW, TestDesk, letter, open, postgres_url, promise, strings};

/// What the first version wrote: one enquiry, its letter, and its acknowledgement that still waits. The hash is text here,
/// which both databases take for bytes.
const FILL: [&str; 7] = [
    "INSERT INTO raw_message (hash, size, bytes, kept_at) VALUES ('h', 1, 'b', 1)",
    "INSERT INTO arrival (id, account, external_id, channel, raw_hash, fingerprint, received_at, recorded_at)
     VALUES (1, 'borger', 'INBOX:7:1', 'email', 'h', 'f', 1, 1)",
    "INSERT INTO enquirer (id, name, created_at) VALUES (1, 'En borger', 1)",
    "INSERT INTO enquirer_address (id, enquirer_id, kind, address_key, address)
     VALUES (1, 1, 'email', 'a@b.example', 'A@b.example')",
    "INSERT INTO enquiry (id, reference, enquirer_id, intake_channel, intake_account, started_by, language,
                          first_contact_at, promised_reply_date)
     VALUES (1, 'REFERENCE', 1, 'email', 'borger', 1, 'da', 1, '2026-02-16')",
    "INSERT INTO message (id, arrival_id, disposition, reason, acknowledgement, enquiry_id, offers, subject, text, details)
     VALUES (1, 1, 'enquiry', 'new', '{}', 1, '[]', 'Et brev', 'Hej', '{}')",
    "INSERT INTO outbox (id, unique_key, kind, enquiry_id, channel, account, recipient_key, recipient, language, promise,
                         reference, message_id, in_reply_to, refers_to, reason, state, created_at, due_at)
     VALUES (1, 'acknowledgement:1', 'acknowledgement', 1, 'email', 'borger', 'a@b.example', 'A@b.example', 'da', 'PROMISE',
             'REFERENCE', 'kvittering@kommune.example', NULL, '', 'new', 'queued', 1, 1)",
];

fn fill() -> Vec<String> {
    let reference = indgang::domain::reference::Reference::from_random(1);
    let promise = serde_json::to_string(&promise()).unwrap();
    FILL.map(|line| line.replace("REFERENCE", reference.as_str()).replace("PROMISE", &promise)).to_vec()
}

/// A folder with the first migration alone.
async fn first(database: &str) -> (tempfile::TempDir, Migrator) {
    some(database, &["0001_intake.sql"]).await
}

/// A folder with some of the migrations.
async fn some(database: &str, names: &[&str]) -> (tempfile::TempDir, Migrator) {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        fs::copy(Path::new("migrations").join(database).join(name), folder.path().join(name)).unwrap();
    }
    let migrator = Migrator::new(folder.path()).await.unwrap();
    (folder, migrator)
}

/// Everything is still there, and what waited goes out.
async fn is_whole(url: String) {
    let store = open(url.clone()).await.store;
    let claimed = store.outbox_claim(Way::Letters, "n", NOW, NOW, 10).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].content, Content::Acknowledgement { promise: promise() });
    assert_eq!(claimed[0].recipient.as_str(), "A@b.example");
    assert_eq!(strings(&url, "SELECT text FROM message").await, ["Hej"]);
    // Numbers go on where they were, and the unique keys still hold.
    let filed =
        store.letters_file(&[letter(2, "c@b.example", "nyt")], &TestDesk::default(), NOW).await.unwrap();
    assert_eq!(filed[0].arrival.0, 2);
    let again =
        store.letters_file(&[letter(1, "a@b.example", "Hej")], &TestDesk::default(), NOW).await.unwrap();
    assert!(again[0].redelivered, "what was filed before is known");
    let ledger = store.ledger(false).await.unwrap();
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
    assert_eq!((ledger.received, ledger.acknowledgements.queued), (2, 2));
    store.close().await;
}

#[tokio::test]
async fn an_older_sqlite_file_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("store.sqlite").display());
    let (_kept, migrator) = first("sqlite").await;
    let pool = sqlx::SqlitePool::connect(&format!("{url}?mode=rwc")).await.unwrap();
    migrator.run(&pool).await.unwrap();
    for line in fill() {
        sqlx::query(sqlx::AssertSqlSafe(line)).execute(&pool).await.unwrap();
    }
    pool.close().await;
    is_whole(url.clone()).await;
    let broken = strings(&url, "SELECT \"table\" FROM pragma_foreign_key_check").await;
    assert!(broken.is_empty(), "{broken:?}");
}

/// The version before the pages: a text with a gateway's report on it, whose tables are made anew.
#[tokio::test]
async fn a_sqlite_file_from_before_the_pages_keeps_its_reports() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("store.sqlite").display());
    let (_kept, migrator) = some("sqlite", &["0001_intake.sql", "0002_texts.sql"]).await;
    let options = <sqlx::sqlite::SqliteConnectOptions as std::str::FromStr>::from_str(&url).unwrap();
    let pool =
        sqlx::SqlitePool::connect_with(options.create_if_missing(true).foreign_keys(true)).await.unwrap();
    migrator.run(&pool).await.unwrap();
    let report =
        "INSERT INTO delivery_report (account, about_kind, about, status, detail, received_at, outbox_id)
                  VALUES ('tekst', 'token', 't', 'delivered', '', 1, 1)";
    for line in fill().into_iter().chain([report.to_owned()]) {
        sqlx::query(sqlx::AssertSqlSafe(line)).execute(&pool).await.unwrap();
    }
    pool.close().await;
    is_whole(url.clone()).await;
    let kept =
        strings(&url, "SELECT r.status FROM delivery_report r JOIN outbox o ON o.id = r.outbox_id").await;
    assert_eq!(kept, ["delivered"]);
    let broken = strings(&url, "SELECT \"table\" FROM pragma_foreign_key_check").await;
    assert!(broken.is_empty(), "{broken:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_postgres_database_keeps_everything() {
    let url = postgres_url();
    let (_kept, migrator) = first("postgres").await;
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    migrator.run(&pool).await.unwrap();
    for line in fill() {
        sqlx::query(sqlx::AssertSqlSafe(line)).execute(&pool).await.unwrap();
    }
    for table in ["arrival", "enquirer", "enquirer_address", "enquiry", "message", "outbox"] {
        let line = format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1)");
        sqlx::query(sqlx::AssertSqlSafe(line)).execute(&pool).await.unwrap();
    }
    pool.close().await;
    is_whole(url).await;
}

#[test]
fn both_databases_have_the_same_steps() {
    let names = |database: &str| {
        let entries = fs::read_dir(Path::new("migrations").join(database)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
