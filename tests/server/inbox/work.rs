//! A day's work: from the citizen's letter to the closed enquiry, by mouse, by keyboard, and by two at once.

use indgang_peers::{BrowserSettings, Key};

use super::{PASSWORD, account, enter, look, numbered, send, sign_in, words};
use crate::support::wait_until;
use crate::web_form::{browser, letters, started, url, without_javascript};

#[test]
fn a_letter_is_triaged_answered_and_closed_without_javascript() {
    let office = started("");
    words(&office, "Sabina <sabina@post.example>", "Tre sager", "tre", "Skolen, handicap og boligen.");
    let browser = browser(&without_javascript());
    enter(&office, &browser, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let id = numbered(&office, "Tre sager");
    browser.click(".row a").unwrap();
    browser.wait("#emne").unwrap();
    browser.script("document.querySelector('#omraade').value = '1'").unwrap();
    browser.click("#sag [value=afgraenset]").unwrap();
    browser.click("#sag .save").unwrap();
    browser.wait("#toast").unwrap();
    assert_eq!(
        office.sql("SELECT CAST(area_id AS TEXT) || kind || state FROM enquiry"),
        ["1delimitedin_progress"]
    );
    // Split: each area is counted, and the citizen keeps one number.
    browser.click("details:has(#del-2) summary").unwrap();
    browser.click("#del-2").unwrap();
    browser.click("form[action$='/opdel'] button").unwrap();
    wait_until("it is split", || browser.count(".parts a").is_ok_and(|count| count > 0));
    assert_eq!(office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM enquiry"), ["2"]);
    // Answered: it waits a moment, then goes.
    browser.fill("#tekst", "Kære Sabina. Jeg ringer i morgen.").unwrap();
    browser.click("#svarform button.primary").unwrap();
    browser.wait("#toast").unwrap();
    assert_eq!(browser.text("#toast span").unwrap(), "Svaret sendes om et øjeblik");
    // Taken back, it is a draft again; sent again, it goes.
    browser.click("[data-undo]").unwrap();
    browser.wait("#toast").unwrap();
    assert_eq!(browser.value("#tekst").unwrap(), "Kære Sabina. Jeg ringer i morgen.");
    browser.click("#svarform button.primary").unwrap();
    browser.wait("#toast").unwrap();
    wait_until("the answer has gone", || {
        letters(&office).iter().any(|letter| letter.contains("Jeg ringer i morgen"))
    });
    // Closing needs the contact form, and the welcome back.
    browser.visit(&url(&office, &format!("/indbakke/h/{id}?vis=afslut"))).unwrap();
    browser.click("#afslut button.primary").unwrap();
    browser.wait("[role=alert]").unwrap();
    browser.script("document.querySelector('#luk-form').value = 'meeting'").unwrap();
    browser.click("#afslut button.primary").unwrap();
    browser.wait("#toast").unwrap();
    wait_until("the closing message has gone", || {
        letters(&office).iter().any(|letter| letter.contains("velkommen til at henvende dig igen"))
    });
    let closed = office.sql("SELECT state || primary_contact_form FROM enquiry WHERE state = 'closed'");
    assert_eq!(closed, ["closedmeeting"]);
    let ledger = office.ledger();
    assert_eq!(ledger["received"], 1, "{ledger}");
}

#[test]
fn ten_enquiries_are_triaged_by_keyboard_alone() {
    let office = started("");
    for n in 0..4 {
        words(
            &office,
            &format!("Borger {n} <b{n}@post.example>"),
            &format!("Sag {n}"),
            &format!("sag{n}"),
            "Hjælp.",
        );
    }
    let browser = browser(&BrowserSettings::default());
    enter(&office, &browser, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    browser.write("j").unwrap();
    browser.press(Key::Enter).unwrap();
    browser.wait("#emne").unwrap();
    for n in 0..4 {
        wait_until("the next one is open", || {
            browser.text("#emne").is_ok_and(|title| title == format!("Sag {n}"))
        });
        browser.write("o").unwrap();
        assert_eq!(browser.focused().unwrap(), "select#omraade");
        browser.write("H").unwrap();
        wait_until("the area is saved", || {
            office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM enquiry WHERE area_id = 2")
                == [(n + 1).to_string()]
        });
        browser.press(Key::Escape).unwrap();
        if n < 3 {
            browser.write("j").unwrap();
        }
    }
    // Single keys do nothing in fields.
    browser.write("r").unwrap();
    wait_until("the reply is open", || browser.focused().is_ok_and(|focus| focus == "textarea#tekst"));
    browser.write("jeg skriver x o t").unwrap();
    assert_eq!(browser.value("#tekst").unwrap(), "jeg skriver x o t");
    wait_until("the draft is saved", || office.sql("SELECT body FROM draft") == ["jeg skriver x o t"]);
    browser.press(Key::Escape).unwrap();
    browser.write("z").unwrap();
    wait_until("the last step is undone", || {
        office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM enquiry WHERE area_id = 2") == ["3"]
    });
    browser.wait("#tekst").unwrap();
    assert_eq!(browser.value("#tekst").unwrap(), "jeg skriver x o t", "the draft is still there");
}

#[test]
fn two_advisers_in_one_enquiry_see_each_other_and_nothing_is_lost() {
    let office = started("");
    words(&office, "Sabina <sabina@post.example>", "En sag", "en", "Hjælp.");
    let id = numbered(&office, "En sag");
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let peter = sign_in(&office, &account(&office, "peter@kommune.example", "Peter Vind", &[]));
    assert_eq!(look(&office, &format!("/indbakke/h/{id}"), &peter).status, 200);
    let draft = "via=email%3Asabina%40post.example&tekst=Fra+Peter";
    assert_eq!(send(&office, &format!("/indbakke/h/{id}/kladde"), &peter, draft).status, 303);
    let page = look(&office, &format!("/indbakke/h/{id}"), &gitte).body;
    assert!(
        page.contains("Peter Vind har også henvendelsen åben") && page.contains("Peter Vind har en kladde")
    );
    assert!(!page.contains("Fra Peter"), "a draft is its writer's own");
    let answer = |text: &str| format!("handling=send&set=0&via=email%3Asabina%40post.example&tekst={text}");
    assert_eq!(send(&office, &format!("/indbakke/h/{id}/svar"), &peter, &answer("Fra+Peter")).status, 303);
    // Gitte's page is older than Peter's answer.
    let late = send(&office, &format!("/indbakke/h/{id}/svar"), &gitte, &answer("Fra+Gitte"));
    assert_eq!(late.status, 409);
    assert!(late.body.contains("Peter Vind har svaret imens") && late.body.contains("Fra Gitte"));
    assert_eq!(office.sql("SELECT body FROM draft"), ["Fra Gitte"], "her words are kept");
    assert_eq!(office.sql("SELECT body FROM outbox WHERE kind = 'reply'"), ["Fra Peter"]);
}

#[test]
fn a_session_that_runs_out_in_the_middle_of_a_sentence_loses_nothing() {
    let office = started("");
    words(&office, "Sabina <sabina@post.example>", "En sag", "en", "Hjælp.");
    let id = numbered(&office, "En sag");
    let browser = browser(&without_javascript());
    enter(&office, &browser, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    browser.visit(&url(&office, &format!("/indbakke/h/{id}"))).unwrap();
    browser.fill("#tekst", "Kære Sabina, et langt svar").unwrap();
    office.damage(&["UPDATE session SET expires_at = 1"]);
    browser.click("#svarform button.primary").unwrap();
    browser.wait("#bruger").unwrap();
    assert!(browser.text("[role=status]").unwrap().contains("bliver en kladde"));
    browser.fill("#bruger", "gitte@kommune.example").unwrap();
    browser.fill("#kode", PASSWORD).unwrap();
    browser.click("button.primary").unwrap();
    browser.wait("#tekst").unwrap();
    assert_eq!(browser.value("#tekst").unwrap(), "Kære Sabina, et langt svar");
}

/// T6: the substitute's access is named and limited, and ends by itself; T5: after closing, the adviser chooses.
#[test]
fn after_closing_a_letter_is_never_attached_by_itself() {
    let office = started("");
    words(&office, "Sabina <sabina@post.example>", "Skolen", "t5a", "Skolen svarer ikke.");
    let first = numbered(&office, "Skolen");
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let step = send(&office, &format!("/indbakke/h/{first}/afslut"), &gitte, "form=call&velkommen=sagt");
    assert_eq!(step.status, 303);
    super::letter(
        &office,
        "Sabina <sabina@post.example>",
        "Sv: Skolen",
        "t5b",
        "In-Reply-To: <t5a@post.example>\r\nContent-Type: text/plain; charset=utf-8\r\n",
        "Nu har de svaret.",
    );
    let second = numbered(&office, "Sv: Skolen");
    assert_ne!(first, second);
    let page = look(&office, &format!("/indbakke/h/{second}"), &gitte).body;
    assert!(page.contains("Den kom efter afslutning") && page.contains("Genåbn og læg den til"));
    let joined =
        send(&office, &format!("/indbakke/h/{second}/saml"), &gitte, &format!("til={first}&valg=genaabn"));
    assert_eq!(joined.status, 303);
    let page = look(&office, &format!("/indbakke/h/{first}"), &gitte).body;
    assert!(page.contains("Skolen svarer ikke.") && page.contains("Nu har de svaret."));
    assert_eq!(office.sql("SELECT state FROM enquiry WHERE joined_into IS NULL"), ["in_progress"]);
    assert_eq!(office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM closing"), ["1"], "the closing stays");
}

#[test]
fn a_call_is_entered_in_three_fields() {
    let office = started("");
    let browser = browser(&BrowserSettings::default());
    enter(&office, &browser, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    browser.write("c").unwrap();
    browser.wait("#ny-hvem").unwrap();
    browser.fill("#ny-hvem", "20 12 34 56").unwrap();
    browser.fill("#ny-note", "Vil gerne mødes fredag. Har fået nyt brev.").unwrap();
    browser.click("#nyform button.primary").unwrap();
    browser.wait("#emne").unwrap();
    assert!(browser.text(".facts").unwrap().contains("20 12 34 56"));
    assert!(browser.text(".msg.note").unwrap().contains("Vil gerne mødes fredag"));
    // The next call finds them by the number.
    browser.visit(&url(&office, "/indbakke/ny?hvem=20123456")).unwrap();
    browser.fill("#ny-note", "Ringede igen.").unwrap();
    browser.click(".known button").unwrap();
    browser.wait("#emne").unwrap();
    assert_eq!(office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM enquiry"), ["1"]);
    assert_eq!(browser.count(".msg.note").unwrap(), 2);
    let ledger = office.ledger();
    assert_eq!((ledger["received"].as_u64(), ledger["dispositions"]["enquiry"].as_u64()), (Some(1), Some(1)));
}
