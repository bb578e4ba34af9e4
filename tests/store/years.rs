//! Years: earlier ones from files, the adviser's words, published figures, and what she did besides.

use indgang::domain::area::AreaId;
use indgang::domain::statistics::catalogue::AreaName;
use indgang::domain::statistics::counted::Chosen;
use indgang::domain::statistics::history::{History, read};
use indgang::domain::statistics::period::{Month, Period};
use indgang::domain::triage::{Step, Welcome};
use indgang::domain::words::Asked;
use indgang::store::Store;
use indgang::store::activities::Activity;
use indgang::store::history::Refused;
use indgang::store::inbox::Actor;
use indgang::store::inbox::change::Act;
use indgang::store::inbox::erase::NotErased;
use indgang::store::inbox::write::NewNote;
use indgang_channels::message::Channel;
use jiff::civil::{Date, date};

use crate::erased::{everything, found_in};
use crate::inbox::gitte;
use crate::support::{Fresh, NOW, TestDesk, damage, letter, strings};

fn history(lines: &str) -> History {
    let areas = vec![AreaName { id: 1, name: "Skole".to_owned(), in_force: true }];
    let text = format!("dato;indgang;område;lukket;borger;antal\n{lines}");
    read(text.as_bytes(), &areas, date(2026, 1, 1), date(2026, 1, 1)).unwrap()
}

async fn added_up(store: &Store) {
    while store.figures_refresh(40).await.unwrap() > 0 {}
}

async fn begun(store: &Store, period: Period) -> (i64, i64, i64) {
    let counted = store.figures(period, Chosen::default()).await.unwrap();
    (counted.tally.begun(), counted.persons, counted.tally.closed())
}

/// A file stands in the figures like enquiries of our own, and leaves nothing when it is taken out.
pub(crate) async fn earlier_years_come_in_whole_and_go_out_whole(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    store.letters_file(&[letter(1, "a@b.example", "brev")], &TestDesk::default(), NOW).await.unwrap();
    added_up(&store).await;
    let year = Period::year(2024);
    let untouched =
        store.figures(Period { from: date(2020, 1, 1), until: date(2030, 1, 1) }, Chosen::default());
    let untouched = untouched.await.unwrap();
    let file = history(
        "2024-02-01;sms;Skole;2024-02-05;A;\n2024-03-01;e-mail;;;A;\n2024-03-02;telefon;1;2025-01-03;;7\n",
    );
    let id = store.history_import(Some(&who), &file, NOW).await.unwrap().unwrap();
    assert_eq!(begun(&store, year).await, (9, 8, 1));
    let march = Month::of(date(2024, 3, 1)).period();
    assert_eq!(
        begun(&store, march).await,
        (8, 8, 0),
        "who came in February is counted once in a year, and in March too"
    );
    assert_eq!(begun(&store, Period::year(2025)).await, (0, 0, 7), "what ended a year later ended there");
    let days = Period { from: date(2024, 3, 2), until: date(2024, 3, 20) };
    assert_eq!(begun(&store, days).await, (7, 7, 0));
    let school = Chosen { area: Some(AreaId(1)), ..Chosen::default() };
    assert_eq!(store.figures(year, school).await.unwrap().tally.begun(), 8);
    assert_eq!(store.figures_begin().await.unwrap(), Some(date(2024, 2, 1)));
    // Not twice, and not over what is counted here already.
    let again = store.history_import(Some(&who), &file, NOW).await.unwrap();
    assert_eq!(again, Err(Refused::Overlaps(date(2024, 2, 1), date(2024, 3, 2))));
    let ours: Date = store.history_until().await.unwrap().unwrap();
    let late = History {
        facts: vec![indgang::domain::statistics::fact::Fact { began: NOW, ..file.facts[0].clone() }],
    };
    assert_eq!(store.history_import(None, &late, NOW).await.unwrap(), Err(Refused::CountedFrom(ours)));
    // Another year beside it meets none of its persons.
    let more = history("2023-02-01;sms;;;A;\n");
    let other = store.history_import(None, &more, NOW).await.unwrap().unwrap();
    assert_eq!(begun(&store, Period { from: date(2023, 1, 1), until: date(2025, 1, 1) }).await, (10, 9, 1));
    let imports = store.history_imports().await.unwrap();
    assert_eq!(imports.iter().map(|one| (one.id, one.enquiries)).collect::<Vec<_>>(), [(other, 1), (id, 9)]);
    assert!(store.history_remove(Some(&who), id, NOW).await.unwrap());
    assert!(!store.history_remove(Some(&who), id, NOW).await.unwrap());
    assert!(store.history_remove(None, other, NOW).await.unwrap());
    added_up(&store).await;
    let all = Period { from: date(2020, 1, 1), until: date(2030, 1, 1) };
    assert_eq!(store.figures(all, Chosen::default()).await.unwrap(), untouched);
    let state = store.log_verify().await.unwrap();
    assert_eq!(state.broken_at, None);
}

/// Two advisers who write the words of a year at once: the second is told.
pub(crate) async fn words_of_a_year_are_not_written_over(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    assert_eq!(store.year_story(2025).await.unwrap(), None);
    assert!(store.year_story_write(&who, 2025, ("{\"a\":1}", 0), NOW).await.unwrap());
    assert!(!store.year_story_write(&who, 2025, ("{}", 0), NOW).await.unwrap());
    assert!(store.year_story_write(&who, 2025, ("{\"a\":2}", 1), NOW).await.unwrap());
    assert!(!store.year_story_write(&who, 2025, ("{}", 1), NOW).await.unwrap());
    assert_eq!(store.year_story(2025).await.unwrap(), Some(("{\"a\":2}".to_owned(), 2)));
    assert_eq!(store.year_story_before(2026).await.unwrap(), Some((2025, "{\"a\":2}".to_owned())));
    assert_eq!(store.year_story_before(2025).await.unwrap(), None);
}

/// What was published stays; a year is closed once, and what it was before is kept.
pub(crate) async fn a_year_is_closed_once(Fresh { store, url }: Fresh) {
    let who = gitte(&store).await;
    assert_eq!(store.year_published(2025).await.unwrap(), None);
    assert!(store.year_close(&who, 2025, ("{}", "abc"), NOW).await.unwrap());
    assert!(!store.year_close(&who, 2025, ("{1}", "def"), NOW).await.unwrap());
    let published = store.year_published(2025).await.unwrap().unwrap();
    assert_eq!((published.figures.as_str(), published.checksum.as_str(), published.at), ("{}", "abc", NOW));
    assert_eq!(store.years_closed().await.unwrap(), [2025]);
    assert!(store.year_reopen(&who, 2025, NOW).await.unwrap());
    assert!(!store.year_reopen(&who, 2025, NOW).await.unwrap());
    assert!(store.year_close(&who, 2025, ("{2}", "ghi"), NOW).await.unwrap());
    assert_eq!(store.year_published(2025).await.unwrap().unwrap().figures, "{2}");
    assert!(store.years_not_logged().await.unwrap().is_empty());
    let kept = strings(&url, "SELECT figures FROM year_closed ORDER BY id").await;
    assert_eq!(kept, ["{}", "{2}"]);
    damage(&url, "UPDATE year_closed SET figures = '{3}', checksum = 'jkl' WHERE reopened_at IS NULL").await;
    assert_eq!(store.years_not_logged().await.unwrap(), [2025]);
}

/// A talk is counted in its month, and no more when it is taken out.
pub(crate) async fn activities_are_counted_by_their_day(Fresh { store, .. }: Fresh) {
    let who: Actor = gitte(&store).await;
    let talk = |day| Activity {
        id: 0,
        day,
        kind: "talk".to_owned(),
        participants: 12,
        note: "Ældrerådet".to_owned(),
    };
    store.activity_add(&who, &talk(date(2025, 3, 31)), NOW).await.unwrap();
    store.activity_add(&who, &talk(date(2025, 4, 1)), NOW).await.unwrap();
    added_up(&store).await;
    let of = async |period| {
        let tally = store.figures(period, Chosen::default()).await.unwrap().tally;
        (tally.activities.get(&"talk".to_owned()), tally.participants.get(&"talk".to_owned()))
    };
    assert_eq!(of(Period::year(2025)).await, (2, 24));
    assert_eq!(of(Period { from: date(2025, 3, 1), until: date(2025, 4, 1) }).await, (1, 12));
    assert_eq!(of(Period { from: date(2025, 4, 1), until: date(2025, 4, 2) }).await, (1, 12));
    let listed = store.activities(Period::year(2025)).await.unwrap();
    assert_eq!(listed.iter().map(|one| one.day).collect::<Vec<_>>(), [date(2025, 4, 1), date(2025, 3, 31)]);
    assert!(store.activity_remove(&who, listed[0].id, NOW).await.unwrap());
    assert!(!store.activity_remove(&who, listed[0].id, NOW).await.unwrap());
    added_up(&store).await;
    assert_eq!(of(Period::year(2025)).await, (1, 12));
}

/// Nothing of an erased person is left anywhere but what is counted, and the ledger still adds up.
pub(crate) async fn an_erased_person_leaves_counts_alone(Fresh { store, url }: Fresh) {
    let who = gitte(&store).await;
    let mut letter = letter(1, "hemmelig@post.example", "Min helt særlige sag om gravhunden");
    letter.incoming.subject = "Gravhunden".to_owned();
    let other = crate::support::letter(2, "anden@post.example", "En anden sag");
    store.letters_file(&[letter, other], &TestDesk::default(), NOW).await.unwrap();
    let ids = strings(&url, "SELECT CAST(id AS TEXT) FROM enquiry ORDER BY id").await;
    let id = indgang::domain::enquiry::EnquiryId(ids[0].parse().unwrap());
    let note = NewNote {
        kind: "note",
        at: NOW,
        minutes: None,
        place: Some("hos gravhunden"),
        participants: None,
        body: "Gravhunden hedder Viggo",
    };
    store.note_make(&who, id, &note, &[], Act::new("n", "note"), NOW).await.unwrap().unwrap().unwrap();
    while store.search_index(10).await.unwrap() > 0 {}
    assert_eq!(store.person_erase(&who, id, NOW).await.unwrap(), Err(NotErased::Open));
    damage(&url, "UPDATE outbox SET state = 'sent', sent_at = created_at + 4000, sent_text = 'Til hemmelig@post.example' WHERE id = (SELECT MIN(id) FROM outbox)").await;
    let steps =
        [Step::Area(Some(AreaId(1))), Step::ContactForm(Some(Channel::Call)), Step::Close(Welcome::Said)];
    store.enquiries_step(&who, &[id], &steps, Act::new("c", "closed"), NOW).await.unwrap();
    added_up(&store).await;
    let all = Period { from: date(2020, 1, 1), until: date(2030, 1, 1) };
    let before = store.figures(all, Chosen::default()).await.unwrap();
    assert_eq!(store.person_erase(&who, id, NOW).await.unwrap(), Ok(()));
    assert_eq!(store.person_erase(&who, id, NOW).await.unwrap(), Err(NotErased::Done));
    added_up(&store).await;
    assert_eq!(store.figures(all, Chosen::default()).await.unwrap(), before);
    // Counted from the rows anew, they are the same as well.
    damage(&url, "INSERT INTO figure_touched (enquiry_id, at) SELECT id, 0 FROM enquiry").await;
    damage(&url, "INSERT INTO figure_touched (enquiry_id, at) SELECT 0, received_at FROM arrival").await;
    added_up(&store).await;
    assert_eq!(store.figures(all, Chosen::default()).await.unwrap(), before);
    let ledger = store.ledger(true).await.unwrap();
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
    let found = store.search(&who, &Asked::read("gravhunden").unwrap(), NOW).await.unwrap();
    assert!(found.lines.is_empty(), "nothing leads back");
    let left = everything(&url).await;
    for trace in ["hemmelig", "ravhund", "Viggo"] {
        assert_eq!(found_in(&left, trace), Vec::<&str>::new(), "{trace}");
    }
    assert!(!found_in(&left, "anden@post.example").is_empty(), "and nobody else is touched");
    // The same letter fetched again is known; from the same address somebody new writes.
    let again = crate::support::letter(3, "hemmelig@post.example", "Jeg skriver igen");
    store.letters_file(&[again], &TestDesk::default(), NOW).await.unwrap();
    let people = strings(&url, "SELECT CAST(COUNT(DISTINCT enquirer_id) AS TEXT) FROM enquiry").await;
    assert_eq!(people, ["3"]);
}
