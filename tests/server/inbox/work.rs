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

/// T1: Villy has a telephone with buttons. His text comes through a real Kannel, and so does the adviser's answer.
#[test]
fn a_text_is_answered_by_text_called_back_and_closed_as_a_meeting() {
    let (mut office, kannel) = crate::texts::office_with(|_| {});
    office.start_up();
    let mut phone = kannel.phone().unwrap();
    let villy = "+4520123456";
    phone.text(villy, crate::texts::NUMBER, "Forstår ikke brevet fra kommunen").unwrap();
    office.wait_for("acknowledgements.sent", 1);
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let id: i64 = office.sql("SELECT CAST(id AS TEXT) FROM enquiry").remove(0).parse().unwrap();
    let page = look(&office, &format!("/indbakke/h/{id}"), &gitte).body;
    assert!(page.contains("Sms til 20 12 34 56") && page.contains("Forstår ikke brevet fra kommunen"));
    let svar = |text: &str| {
        let form = format!("handling=send&set=0&via=sms%3A%2B4520123456&tekst={text}");
        send(&office, &format!("/indbakke/h/{id}/svar"), &gitte, &form)
    };
    let refused = svar("Dit+nummer+010170-0000");
    assert_eq!(refused.status, 422, "a CPR number never goes by text");
    assert!(refused.body.contains("Dit nummer 010170-0000"), "her words are still there");
    assert_eq!(svar("J%C3%A6g+ringer+kl.+13").status, 303);
    let got = phone.wait_for(2, crate::support::PATIENCE).unwrap();
    assert!(got.iter().any(|one| one.text.contains("Jæg ringer kl. 13")), "the answer is on his telephone");
    // A meeting that lies ahead has a calendar file, which says nothing of what it is about.
    let ahead = "slags=meeting&hvornaar=2099-03-02T10%3A00&sted=R%C3%A5dhuset&tekst=Hemmeligt";
    assert_eq!(send(&office, &format!("/indbakke/h/{id}/note"), &gitte, ahead).status, 303);
    let file = look(&office, &format!("/indbakke/h/{id}/moede/1"), &gitte);
    assert_eq!(file.status, 200);
    assert!(file.body.starts_with("BEGIN:VCALENDAR") && file.body.contains("LOCATION:Rådhuset"));
    assert!(!file.body.contains("Hemmeligt"));
    // She calls, meets him, and closes with the meeting as what mattered most.
    let note = "slags=meeting&minutter=40&sted=R%C3%A5dhuset&tekst=Gennemgik+brevet&besvaret=1";
    assert_eq!(send(&office, &format!("/indbakke/h/{id}/note"), &gitte, note).status, 303);
    let closing = send(&office, &format!("/indbakke/h/{id}/afslut"), &gitte, "form=meeting&velkommen=sagt");
    assert_eq!(closing.status, 303);
    let said =
        office.sql("SELECT intake_channel || ' ' || primary_contact_form || ' ' || state FROM enquiry");
    assert_eq!(said, ["sms meeting closed"]);
    assert!(office.ledger()["received"] == 1);
}

/// An answer in confidence lies on the private page; the letter says only that there is news.
#[test]
fn a_confidential_answer_says_nothing_by_mail() {
    let office = started("");
    words(&office, "Sabina <sabina@post.example>", "En sag", "en", "Hjælp.");
    let id = numbered(&office, "En sag");
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let form = "handling=send&set=0&via=side&tekst=Det+er+hemmeligt.";
    assert_eq!(send(&office, &format!("/indbakke/h/{id}/svar"), &gitte, form).status, 303);
    wait_until("the news has gone", || letters(&office).iter().any(|letter| letter.contains("private side")));
    assert!(letters(&office).iter().all(|letter| !letter.contains("hemmeligt")));
    let page = look(&office, &format!("/indbakke/h/{id}"), &gitte).body;
    assert!(page.contains("Det er hemmeligt.") && page.contains("Ligger på den private side"));
    let due = office.sql("SELECT COALESCE(reply_due, 'answered') FROM enquiry");
    assert_eq!(due, ["answered"], "the promise is kept");
}

/// Whatever was taken for nobody's enquiry, by the program or by a person, stays where it can be looked at and changed.
#[test]
fn what_was_set_aside_can_be_taken_up_again() {
    let office = started("");
    super::letter(
        &office,
        "Birthe <birthe@post.example>",
        "Automatisk svar",
        "auto",
        "Auto-Submitted: auto-replied\r\nContent-Type: text/plain; charset=utf-8\r\n",
        "Jeg skriver dog selv: hvorfor er min hjemmehjælp stoppet?",
    );
    super::letter(
        &office,
        "Nyhedsbrev <nyt@firma.example>",
        "Tilbud",
        "bulk",
        "List-Unsubscribe: <mailto:x@firma.example>\r\nContent-Type: text/plain\r\n",
        "Kom og se.",
    );
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let aside = look(&office, "/indbakke/hold?vis=tilside", &gitte).body;
    assert!(aside.contains("hjemmehjælp") && aside.contains("En maskine har svaret"), "{aside}");
    let page = look(&office, "/indbakke/hold/1", &gitte);
    assert_eq!(page.status, 200);
    assert_eq!(send(&office, "/indbakke/hold/1", &gitte, "handling=hold").status, 303);
    let made = send(&office, "/indbakke/hold/1", &gitte, "handling=ny&kvittering=1");
    assert!(made.header("location").unwrap().starts_with("/indbakke/h/"), "{}", made.head);
    // Set aside by a person, and taken back.
    let spam = send(&office, "/indbakke/hold/2", &gitte, "handling=spam");
    assert_eq!(spam.header("location"), Some("/indbakke/hold?lagt=2"));
    assert!(look(&office, "/indbakke/hold?lagt=2", &gitte).body.contains("Fortryd"));
    assert!(look(&office, "/indbakke/hold?vis=tilside", &gitte).body.contains("Tilbud"));
    assert_eq!(send(&office, "/indbakke/hold/2", &gitte, "handling=hold").status, 303);
    assert!(look(&office, "/indbakke/hold", &gitte).body.contains("Tilbud"));
    // A button of an offer says no more than which enquiry.
    let id = numbered(&office, "Automatisk svar");
    assert_eq!(send(&office, "/indbakke/hold/2", &gitte, &format!("til={id}")).status, 303);
    assert_eq!(
        send(&office, "/indbakke/hold/2", &gitte, "handling=hold").status,
        409,
        "it is on an enquiry now"
    );
    let ledger = office.ledger();
    assert_eq!((&ledger["received"], &ledger["dispositions"]["automatic"]), (&2.into(), &0.into()));
}

/// T2: the administration is contacted only where the citizen consents.
#[test]
fn nothing_is_sent_on_without_consent_and_a_delay_keeps_its_history() {
    let office = started(
        "[inbox]\nundo = \"0s\"\n[[inbox.departments]]\nname = \"Skoleforvaltningen\"\naddress = \"skole@kommune.example\"\narea = 1\n",
    );
    words(&office, "Sabina <sabina@post.example>", "Skolen", "t2", "Hjælp.");
    let id = numbered(&office, "Skolen");
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let path = |end: &str| format!("/indbakke/h/{id}/{end}");
    let forward = "forvaltning=0&besked=Vil+I+ringe+til+borgeren%3F";
    let refused = send(&office, &path("videresend"), &gitte, forward);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("intet samtykke"));
    assert_eq!(
        send(&office, &path("samtykke"), &gitte, "omraade=1&hvordan=said&omfang=M%C3%B8de").status,
        303
    );
    assert_eq!(send(&office, &path("videresend"), &gitte, forward).status, 303);
    wait_until("it has gone on", || {
        letters(&office).iter().any(|letter| letter.contains("Vil I ringe til borgeren?"))
    });
    let drafted = office.sql("SELECT body FROM draft").remove(0);
    assert!(
        drafted.starts_with("Som aftalt har jeg sendt"),
        "the citizen's notice waits for a click: {drafted}"
    );
    // Withdrawn, it is blocked again.
    assert_eq!(send(&office, &path("samtykke"), &gitte, "traek=1").status, 303);
    assert_eq!(send(&office, &path("videresend"), &gitte, forward).status, 422);
    let before = office.sql("SELECT promised_reply_date FROM enquiry").remove(0);
    let delay =
        "via=email%3Asabina%40post.example&aarsag=jeg+venter&venter_paa=skolen&ny_dato=2099-01-05&set=99";
    assert_eq!(send(&office, &path("forsinkelse"), &gitte, delay).status, 303);
    wait_until("the notice has gone", || {
        letters(&office).iter().any(|letter| letter.contains("fordi jeg venter. Jeg venter på skolen."))
    });
    let moved = office.sql("SELECT old || ' ' || new || ' ' || reason FROM promise_change");
    assert_eq!(moved, [format!("{before} 2099-01-05 jeg venter")]);
    assert_eq!(office.sql("SELECT promised_reply_date || due_on FROM enquiry"), ["2099-01-052099-01-05"]);
}
