//! Every page and state, asked by axe-core, measured, and photographed: narrow and wide, in both languages, with large
//! text and with colours of the reader's own.
//!
//! The pictures go to `target/pictures/`, to be looked at by people.

use std::fs;
use std::path::Path;

use indgang::clock::Clock;
use indgang::domain::enquiry::EnquiryId;
use indgang::store::pages::NewPageReply;
use indgang_peers::{Browser, BrowserSettings};
use jiff::SignedDuration;
use jiff::civil::date;

use super::{Part, browser, exchange, form, started, store, token, url};
use crate::support::Office;

/// Wide, narrow, and the narrowest that WCAG 2.2 (1.4.10) asks for: 320 pixels, which is 1280 at 400 %.
const WIDTHS: [u32; 3] = [1440, 390, 320];

/// Looks at the page that is there, in every width.
fn look(browser: &Browser, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    fs::create_dir_all(&folder).unwrap();
    for width in WIDTHS {
        browser.resize(width, 900).unwrap();
        if width > 320 {
            fs::write(folder.join(format!("{name}-{width}.png")), browser.picture().unwrap()).unwrap();
        }
        assert_eq!(browser.sideways().unwrap(), 0, "{name} at {width} pixels has to be scrolled sideways");
        assert_eq!(browser.small_targets().unwrap(), Vec::<String>::new(), "{name} at {width} pixels");
        let found = browser.axe().unwrap();
        assert!(found.is_empty(), "{name} at {width} pixels: {found:#?}");
    }
    browser.resize(1440, 900).unwrap();
}

/// Visits every page and state once, and does something with each.
fn walk(office: &Office, browser: &Browser, mut look: impl FnMut(&Browser, &str)) {
    for (path, name) in [
        ("/", "form"),
        ("/en", "form-en"),
        ("/privatliv", "privacy"),
        ("/en/privacy", "privacy-en"),
        ("/tilgaengelighed", "accessibility"),
        ("/en/accessibility", "accessibility-en"),
        ("/findes-ikke", "not-found"),
        ("/side", "private-left"),
        ("/side/findes-ikke", "private-gone"),
    ] {
        browser.visit(&url(office, path)).unwrap();
        look(browser, name);
    }
    for (path, language) in [("/", ""), ("/en", "-en")] {
        browser.visit(&url(office, path)).unwrap();
        let page = office.folder.path().join("side.pdf");
        fs::write(&page, "<!doctype html>").unwrap();
        browser.fill("#filer", page.to_str().unwrap()).unwrap();
        browser.fill("#email", "rikke@").unwrap();
        browser.fill("#telefon", "12").unwrap();
        browser.click("button.button-primary").unwrap();
        browser.wait("#fejl").unwrap();
        look(browser, &format!("form-errors{language}"));
        browser.visit(&url(office, path)).unwrap();
        let letter = office.folder.path().join("Afgørelse 3. september 2026 med et langt navn.pdf");
        fs::write(&letter, b"%PDF-1.7\nBrev").unwrap();
        browser.fill("#filer", letter.to_str().unwrap()).unwrap();
        browser.fill("#besked", "Mit nummer er 010170-0000.").unwrap();
        browser.click("button.button-primary").unwrap();
        browser.wait("#besked-om").unwrap();
        look(browser, &format!("form-cpr{language}"));
        if browser.count("#privat[open]").unwrap() == 0 {
            browser.click("#privat summary").unwrap();
        }
        browser.fill("#ord", "grøn cykel").unwrap();
        browser.fill("#email", "rikke@holmgaard.example").unwrap();
        browser.click("#besked-om button").unwrap();
        browser.wait(".caseno").unwrap();
        look(browser, &format!("receipt{language}"));
        let link = browser.text(".address").unwrap();
        browser.visit(&link).unwrap();
        look(browser, &format!("private-open{language}"));
        browser.fill("#ord", "en anden").unwrap();
        browser.click("form:has(#ord) button").unwrap();
        browser.wait("#fejl").unwrap();
        look(browser, &format!("private-wrong-word{language}"));
        browser.click("form:has([value=send]) button").unwrap();
        browser.wait("#kode").unwrap();
        look(browser, &format!("private-code{language}"));
        browser.fill("#ord", "grøn cykel").unwrap();
        browser.click("form:has(#ord) button").unwrap();
        browser.wait(".conversation").unwrap();
        fill_page(office);
        browser.reload().unwrap();
        look(browser, &format!("private{language}"));
        browser.click("button.button-primary").unwrap();
        browser.wait("#fejl").unwrap();
        look(browser, &format!("private-errors{language}"));
        browser.fill("#besked", "Tak for svaret.").unwrap();
        browser.click("button.button-primary").unwrap();
        browser.wait(".alert-success").unwrap();
        look(browser, &format!("private-sent{language}"));
        let leave =
            if language.is_empty() { "form[action$='/luk'] button" } else { "form[action$='/leave'] button" };
        browser.click(leave).unwrap();
        browser.wait("h1[data-focus]").unwrap();
        // What a machine fills in is received, and held.
        let caught =
            [Part::Text("token", &token(office)), Part::Text("besked", "x"), Part::Text("hjemmeside", "y")];
        let caught = exchange(office.web, &form(office.web, path, &caught)).unwrap();
        browser.visit(&url(office, caught.header("location").unwrap())).unwrap();
        look(browser, &format!("receipt-held{language}"));
    }
}

/// Answers, changes the promise, and gives consent on the newest enquiry.
fn fill_page(office: &Office) {
    let (runtime, store) = store(office);
    let id = office.sql("SELECT CAST(MAX(enquiry_id) AS TEXT) FROM private_link").remove(0).parse().unwrap();
    let now = Clock::system().now();
    let reply = NewPageReply {
        enquiry: EnquiryId(id),
        body: "Kære Rikke.\n\nTak for din besked. Afgørelsen kan påklages til Ankestyrelsen; klagen sendes til kommunen.",
        token: &format!("svar-{id}"),
        link: None,
        links_until: now + SignedDuration::from_hours(24),
        news: None,
    };
    runtime
        .block_on(async {
            store.page_reply(&reply, now).await?;
            store
                .promise_change(EnquiryId(id), date(2026, 12, 14), "forvaltningen har ikke svaret", now)
                .await?;
            store.consent_give(EnquiryId(id), indgang::domain::area::AreaId(1), now).await
        })
        .unwrap();
}

#[test]
fn every_page_and_state_is_accessible_and_fits() {
    let office = started("");
    let browser = browser(&BrowserSettings::default());
    walk(&office, &browser, look);
}

#[test]
fn every_page_and_state_holds_with_large_text_and_own_colours() {
    let office = started("");
    let browser =
        browser(&BrowserSettings { font_size: 32, forced_colors: true, ..BrowserSettings::default() });
    walk(&office, &browser, |browser, name| {
        for width in [1440, 640] {
            browser.resize(width, 900).unwrap();
            assert_eq!(browser.sideways().unwrap(), 0, "{name} with text at 200 %, {width} pixels");
        }
        browser.resize(1440, 900).unwrap();
    });
}

#[test]
fn the_pages_are_light_and_ask_nobody_else() {
    let office = started("");
    let browser = browser(&BrowserSettings::default());
    browser.visit("about:blank").unwrap();
    browser.forget().unwrap();
    browser.traffic().unwrap();
    let mut weights = Vec::new();
    for _ in 0..2 {
        browser.visit(&url(&office, "/")).unwrap();
        browser.script("return document.fonts.ready.then(() => true)").unwrap();
        std::thread::sleep(std::time::Duration::from_millis(300));
        let (addresses, bytes) = browser.traffic().unwrap();
        assert!(
            addresses.iter().all(|one| one.starts_with(&url(&office, "")) || one.starts_with("data:")),
            "{addresses:?}"
        );
        weights.push(bytes);
    }
    eprintln!("the form over the wire: {} bytes at first, {} bytes then", weights[0], weights[1]);
    assert!(weights[0] < 150_000 && weights[0] > 50_000, "{weights:?}");
    assert!(weights[1] < 20_000 && weights[1] > 2_000, "{weights:?}");
}
