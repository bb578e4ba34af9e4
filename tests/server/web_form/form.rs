//! The whole way of a citizen in a real browser.

use indgang_peers::{BrowserSettings, Key};

use super::{browser, letters, office, started, url, without_javascript};
use crate::support::wait_until;

/// The way that everybody can go, and what the receipt says; with scripts and without.
fn write_and_send(settings: &BrowserSettings) {
    let office = started("");
    let browser = browser(settings);
    browser.visit(&url(&office, "/")).unwrap();
    assert_eq!(browser.title().unwrap(), "Skriv til borgerrådgiveren – Eksempel Kommune");
    let attached = office.folder.path().join("Afgørelse 3. september.pdf");
    std::fs::write(&attached, b"%PDF-1.7\nAfslag").unwrap();
    browser.fill("#besked", "Jeg forstår ikke afgørelsen.\nHvad gør jeg?").unwrap();
    browser.fill("#filer", attached.to_str().unwrap()).unwrap();
    browser.fill("#frist", "1. december").unwrap();
    browser.fill("#omraade", "Handicap").unwrap();
    browser.click("label[for=svar-email]").unwrap();
    browser.fill("#navn", "Rikke Holmgaard").unwrap();
    browser.fill("#email", "rikke@holmgaard.example").unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait(".caseno").unwrap();
    let receipt = browser.text("main").unwrap();
    assert!(
        receipt.contains("Tak. Din henvendelse er modtaget") && receipt.contains("Svar senest"),
        "{receipt}"
    );
    assert!(receipt.contains("kvittering på e-mail") && receipt.contains("Klagefristen løber videre"));
    for private in ["Hvad gør jeg", "Rikke", "rikke@", "Handicap"] {
        assert!(!receipt.contains(private), "a receipt never shows what was written: {private}");
    }
    let reference = browser.text(".caseno").unwrap();
    assert_eq!(office.sql("SELECT reference FROM enquiry"), [reference.as_str()]);
    assert_eq!(office.sql("SELECT text FROM message"), ["Jeg forstår ikke afgørelsen.\nHvad gør jeg?"]);
    let details = &office.sql("SELECT details FROM message")[0];
    assert!(details.contains("Afgørelse 3. september.pdf") && details.contains("1. december"), "{details}");
    wait_until("the acknowledgement is sent", || letters(&office).len() == 1);
    let letter = &letters(&office)[0];
    assert!(letter.contains(&reference) && !letter.contains("afgørelsen.\nHvad"), "{letter}");

    // The same page again, by any way that a browser offers, is the same enquiry.
    browser.reload().unwrap();
    assert_eq!(browser.text(".caseno").unwrap(), reference);
    browser.back().unwrap();
    browser.wait("#besked").unwrap();
    assert_eq!(office.count("received"), 1);
    assert_eq!(browser.console().unwrap(), Vec::<String>::new());
    let (addresses, _) = browser.traffic().unwrap();
    let elsewhere: Vec<_> = addresses
        .iter()
        .filter(|address| !address.starts_with("http://127.0.0.1") && !address.starts_with("data:"))
        .filter(|address| !address.starts_with("about:") && !address.starts_with("chrome"))
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[test]
fn a_citizen_writes_attaches_and_gets_a_number_and_a_date() {
    write_and_send(&BrowserSettings::default());
}

#[test]
fn the_same_without_javascript() {
    write_and_send(&without_javascript());
}

/// T3: Daniel, who does not see, writes in English by keyboard alone.
#[test]
fn daniel_writes_in_english_by_keyboard_alone() {
    let office = started("");
    let browser = browser(&BrowserSettings { language: "en-GB", ..BrowserSettings::default() });
    browser.visit(&url(&office, "/en")).unwrap();
    assert_eq!(browser.attribute("html", "lang").unwrap(), "en");
    // The first thing that Tab meets leads past the head of the page.
    browser.press(Key::Tab).unwrap();
    browser.press(Key::Enter).unwrap();
    assert_eq!(browser.focused().unwrap(), "main#main-content");
    let to = |id: &str| {
        for _ in 0..40 {
            if browser.focused().unwrap().ends_with(&format!("#{id}")) {
                return;
            }
            browser.press(Key::Tab).unwrap();
        }
        panic!("{id} is not reached by Tab");
    };
    to("besked");
    // Sent empty: the error is focused, announced, and leads to its field.
    for _ in 0..40 {
        if browser.focused().unwrap() == "button"
            && browser.script("return document.activeElement.type").unwrap() == "submit"
        {
            break;
        }
        browser.press(Key::Tab).unwrap();
    }
    browser.press(Key::Enter).unwrap();
    browser.wait("#fejl").unwrap();
    wait_until("the summary has the focus", || browser.focused().unwrap() == "div#fejl");
    assert!(browser.title().unwrap().starts_with("Error: Write to the Citizens' Adviser"));
    assert_eq!(browser.attribute("#fejl", "role").unwrap(), "alert");
    browser.press(Key::Tab).unwrap();
    browser.press(Key::Enter).unwrap();
    assert_eq!(browser.focused().unwrap(), "textarea#besked");
    assert_eq!(browser.attribute("#besked", "aria-invalid").unwrap(), "true");
    browser.write("I cannot read the letter about my cane.").unwrap();
    to("telefon");
    browser.write("20123456").unwrap();
    for _ in 0..20 {
        browser.press(Key::Tab).unwrap();
        if browser.script("return document.activeElement.matches('.button-primary')").unwrap() == true {
            break;
        }
    }
    browser.press(Key::Enter).unwrap();
    browser.wait(".caseno").unwrap();
    wait_until("the heading has the focus", || browser.focused().unwrap() == "h1");
    let receipt = browser.text("main").unwrap();
    assert!(
        receipt.contains("Thank you. Your enquiry is received") && receipt.contains("Reply by"),
        "{receipt}"
    );
    assert_eq!(office.sql("SELECT language FROM enquiry"), ["en"]);
}

#[test]
fn nothing_typed_is_lost_and_files_are_kept() {
    for settings in [BrowserSettings::default(), without_javascript()] {
        let office = started("");
        let browser = browser(&settings);
        browser.visit(&url(&office, "/")).unwrap();
        let attached = office.folder.path().join("brev.pdf");
        std::fs::write(&attached, b"%PDF-1.7\nBrev").unwrap();
        let bad = office.folder.path().join("side.pdf");
        std::fs::write(&bad, "<!doctype html><script>alert(1)</script>").unwrap();
        browser.fill("#besked", "Æblegrød & <b>kage</b>").unwrap();
        browser.fill("#filer", &format!("{}\n{}", attached.display(), bad.display())).unwrap();
        browser.click("label[for=svar-opkald]").unwrap();
        browser.fill("#email", "ikke en adresse").unwrap();
        browser.click("button.button-primary").unwrap();
        browser.wait("#fejl").unwrap();
        let errors = browser.text("#fejl").unwrap();
        assert!(errors.contains("Ret 3 felter") && errors.contains("side.pdf"), "{errors}");
        assert!(
            errors.contains("navn@eksempel.dk") && errors.contains("Skriv dit telefonnummer"),
            "{errors}"
        );
        assert_eq!(browser.value("#besked").unwrap(), "Æblegrød & <b>kage</b>");
        assert_eq!(browser.value("#email").unwrap(), "ikke en adresse");
        assert!(browser.text(".files").unwrap().contains("brev.pdf"), "the good file is kept");
        assert_eq!(browser.count("#svar-opkald:checked").unwrap(), 1);
        // One file is taken away and another attached, and then it is right.
        browser.click(".files button").unwrap();
        wait_until("the file is gone", || browser.count(".files").unwrap() == 0);
        assert_eq!(browser.value("#besked").unwrap(), "Æblegrød & <b>kage</b>");
        browser.fill("#filer", attached.to_str().unwrap()).unwrap();
        browser.script("document.getElementById('email').value = ''").unwrap();
        browser.fill("#telefon", "20 12 34 56").unwrap();
        browser.click("button.button-primary").unwrap();
        browser.wait(".caseno").unwrap();
        assert_eq!(office.sql("SELECT text FROM message"), ["Æblegrød & <b>kage</b>"]);
        assert!(office.sql("SELECT details FROM message")[0].contains("brev.pdf"));
    }
}

#[test]
fn what_looks_like_a_cpr_number_is_the_citizens_to_decide() {
    for settings in [BrowserSettings::default(), without_javascript()] {
        let office = started("");
        let browser = browser(&settings);
        browser.visit(&url(&office, "/")).unwrap();
        browser.fill("#besked", "Mit nummer er 010170-0000.").unwrap();
        browser.click("button.button-primary").unwrap();
        browser.wait("#besked-om").unwrap();
        assert!(browser.text("#besked-om").unwrap().contains("cpr-nummer"));
        assert_eq!(office.count("received"), 0);
        browser.click("#besked-om button").unwrap();
        browser.wait(".caseno").unwrap();
        assert_eq!(office.sql("SELECT text FROM message"), ["Mit nummer er 010170-0000."]);
    }
}

#[test]
fn going_back_and_changing_adds_to_the_same_enquiry() {
    let office = started("");
    let browser = browser(&BrowserSettings::default());
    browser.visit(&url(&office, "/")).unwrap();
    browser.fill("#besked", "Først dette.").unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait(".caseno").unwrap();
    let reference = browser.text(".caseno").unwrap();
    // The page before, as browsers keep it: with its token and what was typed.
    browser.back().unwrap();
    browser.wait("#besked").unwrap();
    let token = browser.value("input[name=token]").unwrap();
    let again = super::post(
        &office,
        "/",
        &[super::Part::Text("token", &token), super::Part::Text("besked", "Først dette. Og så dette.")],
    );
    // A browser that shows the page anew has a new token, and that is a new enquiry; the old token is the old one.
    assert_eq!(again.status, 303, "{}", again.body);
    let messages = office.sql("SELECT disposition || ': ' || text FROM message ORDER BY id");
    assert!(messages.contains(&"enquiry: Først dette.".to_owned()), "{messages:?}");
    assert_eq!(messages.len(), 2, "nothing that was written is dropped: {messages:?}");
    let _ = reference;
}

#[test]
fn a_double_click_is_one_enquiry_and_a_change_is_a_second_message() {
    let office = started("");
    let token = super::token(&office);
    let parts = |text| [super::Part::Text("token", &token), super::Part::Text("besked", text)];
    let clicks: Vec<_> = std::thread::scope(|scope| {
        let send = || super::post(&office, "/", &parts("Hjælp"));
        let running: Vec<_> = (0..4).map(|_| scope.spawn(send)).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let receipts: std::collections::BTreeSet<_> =
        clicks.iter().map(|answer| (answer.status, answer.header("location").map(str::to_owned))).collect();
    assert_eq!(receipts.len(), 1, "{receipts:?}");
    assert_eq!(office.sql("SELECT text FROM message"), ["Hjælp"]);
    let changed = super::post(&office, "/", &parts("Hjælp, og skynd jer"));
    assert_eq!(changed.status, 303);
    let messages = office.sql("SELECT disposition || ': ' || text FROM message ORDER BY id");
    assert_eq!(messages, ["enquiry: Hjælp", "follow_up: Hjælp, og skynd jer"]);
    assert_eq!(office.sql("SELECT reference FROM enquiry").len(), 1);
    // And the same change once more is no third.
    super::post(&office, "/", &parts("Hjælp, og skynd jer"));
    assert_eq!(office.sql("SELECT text FROM message").len(), 2);
}

#[test]
fn the_draft_is_kept_only_on_request() {
    let office = started("");
    let browser = browser(&BrowserSettings::default());
    let kept = || browser.script("return localStorage.getItem('indgang-kladde')").unwrap();
    browser.visit(&url(&office, "/")).unwrap();
    browser.fill("#besked", "Ikke færdig").unwrap();
    assert!(kept().is_null(), "nothing is kept unasked");
    browser.click("label[for=kladde]").unwrap();
    browser.fill("#besked", " endnu").unwrap();
    browser.visit(&url(&office, "/")).unwrap();
    wait_until("the draft is there again", || browser.value("#besked").unwrap() == "Ikke færdig endnu");
    browser.click("button.button-primary").unwrap();
    browser.wait(".caseno").unwrap();
    assert!(kept().is_null(), "what is sent is no draft");
}

#[test]
fn the_characters_that_are_left_are_counted() {
    let office = started("longest_message = 1000");
    let browser = browser(&BrowserSettings::default());
    browser.visit(&url(&office, "/")).unwrap();
    browser.fill("#besked", "æøå😀").unwrap();
    assert_eq!(browser.text(".character-limit").unwrap(), "Du har 996 tegn tilbage");
    browser.script("const t = document.getElementById('besked'); t.value = 'x'.repeat(1500); t.dispatchEvent(new Event('input', { bubbles: true }))").unwrap();
    assert_eq!(browser.text(".character-limit").unwrap(), "Du har skrevet 500 tegn for meget");
    browser.click("button.button-primary").unwrap();
    browser.wait("#fejl").unwrap();
    assert!(browser.text("#fejl").unwrap().contains("Gør teksten 500 tegn kortere. Der er plads til 1.000"));
    assert_eq!(browser.value("#besked").unwrap().len(), 1500);
}

#[test]
fn under_attack_browsers_solve_a_puzzle_by_themselves() {
    let mut office = office("puzzle_bits = 12");
    super::set(&mut office, "attack_per_minute = 1000000", "attack_per_minute = 5");
    office.start_up();
    for number in 0..8 {
        let text = format!("bot {number}");
        let token = super::token(&office);
        super::post(&office, "/", &[super::Part::Text("token", &token), super::Part::Text("besked", &text)]);
    }
    let held = office.sql("SELECT text FROM message WHERE disposition = 'hold'");
    assert_eq!(held, ["bot 5", "bot 6", "bot 7"], "what comes without the puzzle is held, never refused");
    let browser = browser(&BrowserSettings::default());
    browser.visit(&url(&office, "/")).unwrap();
    browser.fill("#besked", "Et menneske").unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait(".caseno").unwrap();
    assert_eq!(office.sql("SELECT disposition FROM message WHERE text = 'Et menneske'"), ["enquiry"]);
    assert_eq!(browser.console().unwrap(), Vec::<String>::new());
}

#[test]
fn the_form_may_be_shown_where_the_office_says() {
    let office = started("embed_origins = [\"https://www.kommune.example\"]");
    let form = super::get(&office, "/");
    assert!(
        form.header("content-security-policy")
            .unwrap()
            .contains("frame-ancestors https://www.kommune.example")
    );
    assert_eq!(form.header("x-frame-options"), None);
    let private = super::get(&office, "/side");
    assert!(private.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
    assert_eq!(private.header("x-frame-options"), Some("DENY"));
}

#[test]
fn what_is_kept_of_a_form_can_be_explained_again() {
    let office = started("");
    let token = super::token(&office);
    let parts = [
        super::Part::Text("token", &token),
        super::Part::Text("besked", "Jeg forstår ikke brevet."),
        super::Part::Text("navn", "Rikke"),
        super::Part::Text("ord", "grøn cykel"),
        super::Part::File("brev.pdf", b"%PDF-1.7\n"),
    ];
    assert_eq!(super::post(&office, "/", &parts).status, 303);
    assert_eq!(office.sql("SELECT name FROM enquirer"), ["Rikke"], "a name without an address is kept");
    let hex = office.sql("SELECT hex(bytes) FROM raw_message").remove(0);
    let raw: Vec<u8> =
        (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect();
    let text = String::from_utf8_lossy(&raw);
    assert!(!text.contains("cykel") && !text.contains(&token), "neither the word nor the token is kept");
    let file = crate::support::file(&office, "original", &raw);
    let explained = office.run(&["explain", "--json", file.to_str().unwrap()]);
    let said: serde_json::Value = serde_json::from_slice(&explained.stdout).unwrap();
    assert_eq!(said["text"], "Jeg forstår ikke brevet.");
    assert_eq!(said["routing"]["disposition"], "enquiry", "{said}");
    assert_eq!(said["attachments"][0]["name"], "brev.pdf");
}

#[test]
fn two_nodes_are_one_form() {
    let postgres = indgang_peers::Postgres::start().unwrap();
    let database = postgres.create_database().unwrap();
    let node = || {
        let mut node = office("");
        let sqlite = format!("url = \"sqlite:{}\"", node.folder.path().join("office.sqlite").display());
        node.settings = node.settings.replace(&sqlite, &format!("url = \"{database}\""));
        node.start_up();
        node
    };
    let (one, two) = (node(), node());
    // Opened on one, with a file that is kept there, mended on the other, and the receipt asked of the first.
    let token = super::token(&one);
    let wrong = [
        super::Part::Text("token", &token),
        super::Part::Text("besked", "Hjælp"),
        super::Part::Text("email", "rikke@"),
        super::Part::File("brev.pdf", b"%PDF-1.7\n"),
    ];
    assert_eq!(super::post(&one, "/", &wrong).status, 422);
    let right = [
        super::Part::Text("token", &token),
        super::Part::Text("besked", "Hjælp"),
        super::Part::Text("ord", "grøn cykel"),
    ];
    let sent: Vec<_> = std::thread::scope(|scope| {
        let running = [&one, &two, &two, &one].map(|node| scope.spawn(|| super::post(node, "/", &right)));
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(sent.iter().all(|answer| answer.status == 303));
    let place = sent[0].header("location").unwrap();
    let receipts: Vec<String> = [&one, &two]
        .map(|node| super::get(node, place).body.split("caseno\">").nth(1).unwrap()[..12].to_owned())
        .to_vec();
    assert_eq!(receipts[0], receipts[1]);
    assert_eq!(one.count("received"), 1, "whichever node it was pressed on");
    let link =
        super::get(&one, place).body.split("/side/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let body = "handling=ord&ord=gr%C3%B8n+cykel";
    let request = format!(
        "POST /side/{link} HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let opened = super::exchange(two.web, request.as_bytes()).unwrap();
    assert_eq!(opened.status, 303, "{}", opened.body);
    let cookie = opened.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let page = format!("GET /side HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
    let page = super::exchange(one.web, page.as_bytes()).unwrap();
    assert!(
        page.status == 200 && page.body.contains("Hjælp") && page.body.contains("brev.pdf"),
        "{}",
        page.body
    );
    one.ledger();
}
