//! A person who was erased is nowhere: every table is asked, as the database itself lists them.

use std::collections::BTreeSet;

use indgang::domain::area::AreaId;
use indgang::domain::arrival::Disposition;
use indgang::domain::enquiry::EnquiryId;
use indgang::domain::triage::{Step, Welcome};
use indgang::store::inbox::change::Act;
use indgang::store::inbox::erase::NotErased;
use indgang::store::inbox::reply::{Moved, NewReply};
use indgang::store::inbox::shelf::Verdict;
use indgang::store::inbox::write::NewNote;
use indgang_channels::message::Channel;
use jiff::civil::date;

use crate::inbox::gitte;
use crate::support::{Fresh, NOW, TestDesk, damage, letter, not_due, strings};

/// What is kept of somebody for their own sake, or of everybody: who is blocked and wants no texts, and accounts.
const KEPT: [&str; 3] = ["sender_block.", "text_opt_out.", "text_pause."];

/// Every text of every table there is, as the database's own description of itself has them, and all bytes that may be text.
pub(crate) async fn everything(url: &str) -> Vec<String> {
    let is_sqlite = url.starts_with("sqlite");
    let columns = if is_sqlite {
        "SELECT t.name || '.' || c.name || '.' || c.type FROM sqlite_master t JOIN pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'search_words'"
    } else {
        "SELECT table_name || '.' || column_name || '.' || data_type FROM information_schema.columns
         WHERE table_schema = 'public'"
    };
    let mut all = Vec::new();
    let mut tables = BTreeSet::new();
    for line in strings(url, columns).await {
        let [table, column, kind] = line.split('.').collect::<Vec<_>>()[..] else { panic!("{line}") };
        if matches!(kind, "BIGINT" | "INTEGER" | "BOOLEAN" | "bigint" | "boolean" | "integer")
            || KEPT.iter().any(|kept| line.starts_with(kept))
        {
            continue;
        }
        tables.insert(table.to_owned());
        // Letters that ASCII lacks are told by their hexadecimal digits in bytes and text alike.
        let bytes = match kind {
            "bytea" => format!("ENCODE({column}, 'hex')"),
            _ if is_sqlite => format!("LOWER(HEX({column}))"),
            _ => format!("ENCODE(CONVERT_TO(CAST({column} AS TEXT), 'UTF8'), 'hex')"),
        };
        let statement =
            format!(r#"SELECT '{table}.{column} ' || {bytes} FROM "{table}" WHERE {column} IS NOT NULL"#);
        all.extend(strings(url, Box::leak(statement.into_boxed_str())).await);
    }
    assert!(tables.len() > 30, "{tables:?}");
    all
}

/// Where a text stands.
pub(crate) fn found_in<'a>(everything: &'a [String], text: &str) -> Vec<&'a str> {
    let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let hit = |line: &&String| line.split_once(' ').is_some_and(|(_, bytes)| bytes.contains(&digits));
    everything.iter().filter(hit).filter_map(|line| line.split_once(' ')).map(|(place, _)| place).collect()
}

/// Whatever is planted in any table by the ways that lead there is gone, of those too whom the adviser had said to be the same.
pub(crate) async fn an_erased_person_is_nowhere(Fresh { store, url }: Fresh) {
    let who = gitte(&store).await;
    let sent = |uid: u32, sender: &str, content: &str| {
        let mut letter = letter(uid, sender, content);
        letter.incoming.subject = format!("Zxqv emne {uid}");
        let party = letter.incoming.sender.as_mut().unwrap();
        party.name = Some(format!("Zxqv Navn {uid}"));
        letter
    };
    let mut twin = sent(3, "zxqv1@post.example", "Zxqv brev");
    // The same letter in other bytes: set aside, on no enquiry.
    twin.incoming.fingerprint = sent(1, "zxqv1@post.example", "Zxqv brev").incoming.fingerprint;
    twin.raw = b"Zxqv raw twin".to_vec();
    let all = [
        sent(1, "zxqv1@post.example", "Zxqv brev"),
        sent(2, "Zxqv2@post.example", "Zxqv andet brev"),
        letter(9, "anden@post.example", "Nabo"),
    ];
    store.letters_file(&all, &TestDesk::default(), NOW).await.unwrap();
    let aside = TestDesk::of(|_, _| not_due(Disposition::Duplicate));
    store.letters_file(&[twin], &aside, NOW).await.unwrap();
    let absent = TestDesk::of(|_, _| not_due(Disposition::Automatic));
    store.letters_file(&[sent(4, "Zxqv1@Post.example", "Zxqv er på ferie")], &absent, NOW).await.unwrap();
    let ids: Vec<EnquiryId> = strings(&url, "SELECT CAST(id AS TEXT) FROM enquiry ORDER BY id")
        .await
        .iter()
        .map(|id| EnquiryId(id.parse().unwrap()))
        .collect();
    let (one, two) = (ids[0], ids[1]);
    let other = store.enquiry_row(&who, two).await.unwrap().unwrap().enquirer;
    assert!(store.persons_merge(&who, one, other, NOW).await.unwrap());
    let note = NewNote {
        kind: "meeting",
        at: NOW,
        minutes: None,
        place: Some("Zxqv sted"),
        participants: Some("Zxqv deltager"),
        body: "Zxqv notat",
    };
    store.note_make(&who, one, &note, &[], Act::new("n", "note"), NOW).await.unwrap().unwrap().unwrap();
    store.draft_save(&who, one, "reply", "email:zxqv1@post.example", "Zxqv kladde", NOW).await.unwrap();
    store.draft_file_add(&who, one, "Zxqv.pdf", "application/pdf", b"%PDF Zxqv").await.unwrap();
    store.consent_note(&who, one, AreaId(1), "said", "Zxqv omfang", NOW).await.unwrap();
    store.representative_add(&who, one, "Zxqv pårørende", "zxqv3@post.example", true, NOW).await.unwrap();
    let reply = NewReply {
        recipient: "Zxqv1@post.example",
        recipient_key: "zxqv1@post.example",
        subject: Some("Zxqv svar"),
        body: "Kære Zxqv",
        occasion: "delay",
        from_draft: false,
        with_files: false,
        ..crate::inbox::reply(one, "svar.1@kommune.example")
    };
    let moved = Moved { to: date(2026, 3, 1), reason: "Zxqv grund", waits_for: "Zxqv venter" };
    store
        .reply_queue(&who, &reply, &[Step::Answered], Some(moved), Act::new("r", "delay"), NOW)
        .await
        .unwrap();
    while store.search_index(10).await.unwrap() > 0 {}
    damage(&url, "UPDATE outbox SET state = 'sent', sent_at = created_at, sent_text = 'Zxqv', delivery_detail = 'Zxqv',
                  last_error = 'Zxqv' WHERE id <> (SELECT MAX(id) FROM outbox WHERE recipient LIKE 'anden%')")
        .await;
    damage(&url, "UPDATE enquiry SET title = 'Zxqv', snippet = 'Zxqv' WHERE id <= 2").await;
    damage(&url, "UPDATE enquirer SET name = 'Zxqv' WHERE id <= 2").await;
    let planted = everything(&url).await;
    let tables: BTreeSet<&str> = ["Zxqv", "zxqv"].iter().flat_map(|one| found_in(&planted, one)).collect();
    assert!(tables.len() > 22, "planted in {tables:?}");
    let steps = [Step::ContactForm(Some(Channel::Call)), Step::Close(Welcome::Said)];
    assert_eq!(store.person_erase(&who, one, NOW).await.unwrap(), Err(NotErased::Open));
    let closed = store.enquiries_step(&who, &[one, two], &steps, Act::new("c", "closed"), NOW).await.unwrap();
    assert_eq!(closed.changed.len(), 2);
    // What waits on the shelf is decided on first.
    let hold = TestDesk::of(|_, _| not_due(Disposition::Hold));
    store.letters_file(&[sent(5, "zxqv1@post.example", "Zxqv venter")], &hold, NOW).await.unwrap();
    assert_eq!(store.person_erase(&who, one, NOW).await.unwrap(), Err(NotErased::Open));
    let held = store.shelf(&who).await.unwrap()[0].arrival;
    store.shelf_decide(&who, held, Verdict::Spam, &hold, NOW).await.unwrap();
    assert_eq!(store.person_erase(&who, one, NOW).await.unwrap(), Ok(()));
    let left = everything(&url).await;
    for trace in ["Zxqv", "zxqv"] {
        assert_eq!(found_in(&left, trace), Vec::<&str>::new(), "{trace}");
    }
    assert!(!found_in(&left, "anden@post.example").is_empty(), "and nobody else is touched");
    assert!(store.ledger(true).await.unwrap().mistakes.is_empty());
}
