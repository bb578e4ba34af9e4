//! Every page and state of the inbox, asked by axe-core, measured and photographed: light and dark, wide and narrow.
//!
//! The pictures go to `target/pictures/`, to be looked at by people.

use std::fs;
use std::path::Path;

use indgang_peers::{Browser, BrowserSettings, Key};

use super::{account, enter, letter, numbered, words};
use crate::support::{Office, wait_until};
use crate::web_form::{browser, started, url};

const WIDTHS: [u32; 3] = [1440, 390, 320];

/// What is wrong with the pages that were looked at: all of it is told at once.
#[derive(Default)]
pub(super) struct Eyes {
    pub(super) found: Vec<String>,
}

impl Eyes {
    pub(super) fn look(&mut self, browser: &Browser, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
        fs::create_dir_all(&folder).unwrap();
        for dark in [false, true] {
            browser.dark(dark).unwrap();
            for width in WIDTHS {
                browser.resize(width, 900).unwrap();
                let shade = if dark { "-dark" } else { "" };
                let here = format!("{name}{shade} at {width} pixels");
                if width > 320 {
                    let file = folder.join(format!("inbox-{name}{shade}-{width}.png"));
                    fs::write(file, browser.picture().unwrap()).unwrap();
                }
                // Looking for small targets opens what is folded: it is closed again, so that pictures show the page.
                browser.script("document.querySelectorAll('details').forEach(d => d.dataset.was = d.open ? '1' : '')").unwrap();
                let sideways = browser.sideways().unwrap();
                if sideways != 0 {
                    let by = browser.sticks_out().unwrap().join(", ");
                    self.found.push(format!("{here}: has to be scrolled sideways by {sideways} for {by}"));
                }
                let small = browser.small_targets().unwrap();
                self.found.extend(small.iter().map(|one| format!("{here}: small {one}")));
                self.found.extend(
                    browser.axe().unwrap().iter().map(|one| format!("{here}: {} {:?}", one.id, one.targets)),
                );
                browser
                    .script(
                        "document.querySelectorAll('details').forEach(d => d.open = d.dataset.was === '1')",
                    )
                    .unwrap();
            }
        }
        browser.dark(false).unwrap();
        browser.resize(1440, 900).unwrap();
    }
}

/// A Monday morning: letters of several sorts, one of them hostile, one on hold.
pub(super) fn morning(office: &Office) {
    words(
        office,
        "Anne-Mette Krogh <amkrogh@post.example>",
        "Skolen svarer ikke om fravaer",
        "skole",
        "Min søn i 6. klasse har ikke kunnet være i skole siden efterårsferien. Jeg har bedt om et møde tre gange.\r\n\r\n\
         Mit nummer er 010170-0000. Hvad kan jeg kræve af skolen?\r\n\r\n--\r\nAnne-Mette Krogh\r\nTlf. 00 23 45 67",
    );
    words(
        office,
        "Birthe Lund <birthe@post.example>",
        "Afslag paa hjaelpemiddel",
        "afslag",
        "Jeg har nu fået det skriftligt. Kan du se, om de har svaret på det hele?\r\n\r\nDen 19. nov. 2026 skrev Kommunen:\r\n> Du får afslag på hjælpemiddel.\r\n> Hilsen Kommunen",
    );
    words(
        office,
        "\"<script>alert(1)</script>\" <mehmet@post.example>",
        "<img src=x onerror=alert(1)>",
        "xss",
        "<script>alert(document.cookie)</script> Jeg har ringet fire gange. Jeg har en frist på torsdag.",
    );
    letter(
        office,
        "Fatima Al-Sayed <fatima@post.example>",
        "Housing",
        "housing",
        "Content-Type: multipart/mixed; boundary=b\r\n",
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nI do not know where to apply for housing. We have to move out on 1 January and nobody answers the telephone.\r\n\
         --b\r\nContent-Type: application/pdf; name=\"Letter.pdf\"\r\nContent-Disposition: attachment; filename=\"Letter.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjcK\r\n--b--",
    );
    letter(
        office,
        "Lone Bak <lone@post.example>",
        "Krypteret",
        "hold",
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n",
        "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nx\r\n-----END PGP MESSAGE-----\r\n--b--",
    );
}

#[test]
fn every_page_is_usable_by_everybody() {
    let office = started("");
    let mut eyes = Eyes::default();
    let browser = browser(&BrowserSettings::default());
    browser.visit(&url(&office, "/indbakke")).unwrap();
    eyes.look(&browser, "login");
    browser.fill("#bruger", "gitte@kommune.example").unwrap();
    browser.fill("#kode", "forkert").unwrap();
    browser.click("button.primary").unwrap();
    browser.wait("[role=alert]").unwrap();
    eyes.look(&browser, "login-wrong");
    let link = account(&office, "gitte@kommune.example", "Gitte Holm", &[]);
    browser.visit(&url(&office, &link)).unwrap();
    eyes.look(&browser, "welcome");
    enter(&office, &browser, &link);
    eyes.look(&browser, "empty");
    morning(&office);
    wait_until("everything can be searched", || office.sql("SELECT 'x' FROM search_waiting").is_empty());
    browser.visit(&url(&office, "/indbakke")).unwrap();
    assert_eq!(browser.count(".row").unwrap(), 4);
    eyes.look(&browser, "list");
    let id = numbered(&office, "Skolen svarer ikke om fravaer");
    browser.visit(&url(&office, &format!("/indbakke/h/{id}"))).unwrap();
    eyes.look(&browser, "enquiry");
    let other = numbered(&office, "Afslag paa hjaelpemiddel");
    browser.visit(&url(&office, &format!("/indbakke/h/{other}"))).unwrap();
    eyes.look(&browser, "enquiry-quoted");
    for (panel, name) in [("note", "note"), ("afslut", "close"), ("forsinkelse", "delay")] {
        browser.visit(&url(&office, &format!("/indbakke/h/{id}?vis={panel}"))).unwrap();
        eyes.look(&browser, &format!("enquiry-{name}"));
    }
    browser.visit(&url(&office, &format!("/indbakke/h/{id}"))).unwrap();
    browser
        .fill("#tekst", "Kære Anne-Mette. Brevet er vedhæftet. Dit nummer 010170-0000 skal du ikke sende.")
        .unwrap();
    browser.click("#svarform button.primary").unwrap();
    browser.wait("#alligevel").unwrap();
    eyes.look(&browser, "enquiry-warnings");
    browser.click("#alligevel").unwrap();
    browser.click("#svarform button.primary").unwrap();
    browser.wait("#toast").unwrap();
    eyes.look(&browser, "enquiry-sent");
    // A letter that goes later, one that never arrived, one that was split, and one that came after the closing.
    let cookie = super::sign_in(&office, &account(&office, "peter@kommune.example", "Peter Vind", &[]));
    let do_it = |to: String, body: &str| {
        let done = super::send(&office, &to, &cookie, body);
        assert_eq!(done.status, 303, "{to}: {}", done.body);
    };
    let later =
        "via=email%3Aamkrogh%40post.example&tekst=Jeg+vender+tilbage.&senere=2027-01-20T10%3A00&alligevel=1";
    words(&office, "Klara <klara@post.example>", "Hjemmehjaelp", "klara", "Jeg venter paa hjemmehjaelp.");
    words(&office, "Otto <otto@post.example>", "Tre ting", "otto", "Skole, bolig og handicap.");
    let (klara, otto) = (numbered(&office, "Hjemmehjaelp"), numbered(&office, "Tre ting"));
    do_it(format!("/indbakke/h/{klara}/svar"), &later.replace("amkrogh", "klara"));
    do_it(format!("/indbakke/h/{otto}/opdel"), "omraade=1&omraade=2");
    do_it(format!("/indbakke/h/{other}/trin"), "form=email");
    do_it(format!("/indbakke/h/{other}/afslut"), "form=email&velkommen=sagt");
    for (id, name) in [(klara, "enquiry-later"), (otto, "enquiry-split"), (other, "enquiry-closed")] {
        if name == "enquiry-later" {
            let page = super::look(&office, &format!("/indbakke/h/{id}"), &cookie).body;
            assert!(
                page.contains(&format!("/indbakke/h/{id}/tilbage")),
                "it can be taken back as long as it waits"
            );
        }
        browser.visit(&url(&office, &format!("/indbakke/h/{id}"))).unwrap();
        eyes.look(&browser, name);
    }
    office.damage(&[
        "UPDATE outbox SET state = 'failed', last_error = '550 5.1.1 unknown' WHERE due_at > 1800000000000",
    ]);
    browser.visit(&url(&office, &format!("/indbakke/h/{klara}"))).unwrap();
    assert_eq!(browser.count(&format!("form[action='/indbakke/h/{klara}/set']")).unwrap(), 1);
    eyes.look(&browser, "enquiry-undelivered");
    browser.visit(&url(&office, "/indbakke?visning=ikke-leveret")).unwrap();
    assert_eq!(browser.count(".row").unwrap(), 1);
    eyes.look(&browser, "undelivered");
    do_it(format!("/indbakke/h/{klara}/set"), "");
    browser.visit(&url(&office, "/indbakke?visning=ikke-leveret")).unwrap();
    assert_eq!(browser.count(".row").unwrap(), 0, "somebody knows");
    let search = |words: &str| {
        browser.visit(&url(&office, "/indbakke")).unwrap();
        browser.fill("#q", words).unwrap();
        browser.press(Key::Enter).unwrap();
        wait_until("it is searched", || browser.url().is_ok_and(|url| url.contains("s=")));
        assert!(!browser.url().unwrap().contains(words), "what is looked for stands in no address");
    };
    search("skole");
    assert!(browser.count(".row mark").unwrap() >= 2);
    assert!(browser.count(".row b mark").unwrap() > 0, "in the title too, in another form of the word");
    eyes.look(&browser, "search");
    search("boligindskud");
    eyes.look(&browser, "search-none");
    browser.visit(&url(&office, "/indbakke/hold?vis=tilside")).unwrap();
    eyes.look(&browser, "shelf-aside");
    browser.visit(&url(&office, "/indbakke/hold")).unwrap();
    browser.click(".row a").unwrap();
    browser.wait(".decide").unwrap();
    eyes.look(&browser, "shelf");
    for (path, name) in [
        ("/indbakke/ny", "enter"),
        ("/indbakke/indstillinger", "settings"),
        ("/indbakke/konti", "accounts"),
        ("/indbakke/programmer", "programs"),
        ("/indbakke/log", "log"),
        ("/indbakke/drift", "operations"),
        ("/indbakke/genveje", "keys"),
        ("/indbakke/h/999999", "missing"),
    ] {
        browser.visit(&url(&office, path)).unwrap();
        eyes.look(&browser, name);
    }
    browser.visit(&url(&office, "/indbakke")).unwrap();
    browser.script("document.querySelector('#genveje').showModal()").unwrap();
    eyes.look(&browser, "keys-dialog");
    browser.visit(&url(&office, &format!("/indbakke/h/{id}"))).unwrap();
    browser.script("dispatchEvent(new KeyboardEvent('keydown', {key: 'k', ctrlKey: true}))").unwrap();
    browser.wait("#palet[open] [role=option]").unwrap();
    eyes.look(&browser, "palette");
    assert!(eyes.found.is_empty(), "{} faults:\n{}", eyes.found.len(), eyes.found.join("\n"));
    // Nothing of what the citizens wrote ran, and nothing asked anybody else.
    let (foreign, _) = browser.traffic().unwrap();
    let own = url(&office, "/");
    let foreign: Vec<_> = foreign
        .into_iter()
        .filter(|asked| {
            !asked.starts_with("chrome") && !asked.starts_with("data:") && !asked.starts_with(&own)
        })
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    let wrong: Vec<String> = browser
        .console()
        .unwrap()
        .into_iter()
        .filter(|line| !line.contains("401") && !line.contains("404") && !line.contains("422"))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}
