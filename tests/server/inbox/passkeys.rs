//! Passkeys, in a real browser with a virtual authenticator: made, used, removed, and refused.
//!
//! The inbox is reached as localhost: to a browser that is a secure origin, and a number is none that passkeys are kept for.

use indgang_peers::{Browser, BrowserSettings};
use serde_json::json;

use super::pages::Eyes;
use super::{PASSWORD, account, look, numbered, send, sign_in, words};
use crate::support::{Office, wait_until};
use crate::web_form::{browser, office, without_javascript};

/// An office whose public address is localhost.
fn local() -> Office {
    let mut office = office("");
    office.settings = office.settings.replace("http://127.0.0.1:", "http://localhost:");
    office.start_up();
    office
}

fn at(office: &Office, path: &str) -> String {
    format!("http://localhost:{}{path}", office.web)
}

/// An office with one account, signed in for the first time in a browser with an authenticator of its own.
fn desk() -> (Office, Browser, String) {
    let office = local();
    let link = account(&office, "gitte@kommune.example", "Gitte Holm", &[]);
    let browser = browser(&BrowserSettings::default());
    let authenticator = browser.authenticator(true).unwrap();
    browser.visit(&at(&office, &link)).unwrap();
    browser.fill("#kode", PASSWORD).unwrap();
    browser.click("button.primary").unwrap();
    browser.wait("#visning").unwrap();
    (office, browser, authenticator)
}

fn make(office: &Office, browser: &Browser, label: &str, password: &str) {
    browser.visit(&at(office, "/indbakke/noegler")).unwrap();
    browser.fill("#n-navn", label).unwrap();
    browser.fill("#n-nu", password).unwrap();
    browser.click("form[data-passkey] button").unwrap();
}

fn leave(office: &Office, browser: &Browser) {
    browser.visit(&at(office, "/indbakke")).unwrap();
    browser.click("details:has(form[action='/indbakke/log-ud']) summary").unwrap();
    browser.click("form[action='/indbakke/log-ud'] button").unwrap();
    browser.wait("#bruger").unwrap();
}

fn use_it(office: &Office, browser: &Browser, path: &str) {
    browser.visit(&at(office, path)).unwrap();
    browser.click("form[data-passkey] button").unwrap();
}

fn acts(office: &Office) -> Vec<String> {
    office.sql("SELECT act || ' ' || detail FROM log_entry ORDER BY seq")
}

#[test]
fn a_passkey_is_made_signs_in_and_is_removed() {
    let (office, browser, authenticator) = desk();
    let mut eyes = Eyes::default();
    browser.visit(&at(&office, "/indbakke/noegler")).unwrap();
    eyes.look(&browser, "passkeys-none");
    make(&office, &browser, "Kontorets computer", "forkert");
    browser.wait("[data-said]:not([hidden])").unwrap();
    assert!(browser.text("[data-said]").unwrap().contains("passer ikke"), "the password is asked for again");
    assert!(browser.authenticator_credentials(&authenticator).unwrap().is_empty());
    eyes.look(&browser, "passkeys-wrong");
    make(&office, &browser, "Kontorets computer", PASSWORD);
    browser.wait(".lines li").unwrap();
    assert!(browser.text(".lines li").unwrap().contains("Kontorets computer"));
    eyes.look(&browser, "passkeys");
    let kept = browser.authenticator_credentials(&authenticator).unwrap();
    assert_eq!((kept.len(), &kept[0]["rpId"]), (1, &json!("localhost")));
    assert_eq!(kept[0]["isResidentCredential"], json!(true));
    // The same authenticator makes no second one for the same account.
    make(&office, &browser, "Igen", PASSWORD);
    browser.wait("[data-said]:not([hidden])").unwrap();
    assert_eq!(office.sql("SELECT label FROM passkey"), ["Kontorets computer"]);

    // Codes are not asked for: the passkey stands for both. What was being written comes along.
    office.damage(&["UPDATE account SET totp_secret = CAST('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' AS BLOB)"]);
    words(&office, "Birthe Lund <birthe@post.example>", "En sag", "sag", "Hjælp mig.");
    let id = numbered(&office, "En sag");
    browser.visit(&at(&office, &format!("/indbakke/h/{id}"))).unwrap();
    office.damage(&["DELETE FROM session"]);
    browser.fill("#tekst", "Kære Birthe. Jeg ser på det.").unwrap();
    browser.click("#svarform button.primary").unwrap();
    browser.wait("#bruger").unwrap();
    eyes.look(&browser, "login-passkey");
    browser.click("form[data-passkey] button").unwrap();
    browser.wait("#svarform").unwrap();
    assert!(browser.url().unwrap().ends_with(&format!("/indbakke/h/{id}")));
    assert_eq!(browser.value("#tekst").unwrap(), "Kære Birthe. Jeg ser på det.");

    // Removed, it opens nothing, although the authenticator still has it.
    browser.visit(&at(&office, "/indbakke/noegler")).unwrap();
    assert!(browser.text(".lines li").unwrap().contains("brugt"));
    browser.click(".lines button").unwrap();
    wait_until("it is removed", || office.sql("SELECT label FROM passkey").is_empty());
    leave(&office, &browser);
    use_it(&office, &browser, "/indbakke/log-ind");
    browser.wait("[role=alert]:not([hidden])").unwrap();
    wait_until("it is said", || browser.text("[role=alert]").is_ok_and(|text| text.contains("godkendes")));
    assert!(browser.title().unwrap().starts_with("Fejl: "));
    eyes.look(&browser, "login-passkey-wrong");
    assert!(eyes.found.is_empty(), "{} faults:\n{}", eyes.found.len(), eyes.found.join("\n"));
    let acts = acts(&office);
    for act in ["passkey_add passkey 1", "sign_in passkey", "passkey_remove passkey 1"] {
        assert!(acts.iter().any(|one| one == act), "{act}: {acts:?}");
    }
    let log = office.log();
    assert!(!log.contains("gitte@") && !log.contains("Kontorets computer"), "the log tells nobody");
    let broken = browser.console().unwrap().into_iter().filter(|line| !line.contains("status of 4"));
    assert_eq!(broken.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn what_does_not_prove_its_owner_is_refused() {
    let (mut office, browser, authenticator) = desk();
    make(&office, &browser, "Nøgle", PASSWORD);
    browser.wait(".lines li").unwrap();
    let copy = browser.authenticator_credentials(&authenticator).unwrap().remove(0);
    leave(&office, &browser);
    use_it(&office, &browser, "/indbakke/log-ind?til=https://evil.example/");
    browser.wait("#visning").unwrap();
    assert!(browser.url().unwrap().starts_with(&at(&office, "/indbakke")), "it leads nowhere else");
    let sessions = || office.sql("SELECT 'x' FROM session").len();

    // A key whose owner does not show who they are.
    leave(&office, &browser);
    browser.authenticator_verifies(&authenticator, false).unwrap();
    use_it(&office, &browser, "/indbakke/log-ind");
    browser.wait("[data-said]:not([hidden])").unwrap();
    browser.authenticator_verifies(&authenticator, true).unwrap();
    assert_eq!(sessions(), 0);

    // A copy of the key that has counted fewer uses.
    browser.authenticator_holds(&authenticator, &copy).unwrap();
    use_it(&office, &browser, "/indbakke/log-ind");
    wait_until("the copy is refused", || browser.title().is_ok_and(|title| title.starts_with("Fejl: ")));
    assert_eq!(sessions(), 0);
    let refused =
        |office: &Office| acts(office).iter().filter(|one| one.starts_with("passkey_refused")).count();
    assert_eq!(refused(&office), 1);
    let mut later = copy;
    later["signCount"] = json!(50);
    browser.authenticator_holds(&authenticator, &later).unwrap();

    // Another origin of the same host: the browser lets the key be used there, and we do not.
    office.stop();
    let web = office.web;
    office.settings = office
        .settings
        .replace(&format!("public_url = \"http://localhost:{web}\""), "public_url = \"http://localhost:1\"");
    office.start_up();
    use_it(&office, &browser, "/indbakke/log-ind");
    wait_until("another origin is refused", || {
        browser.title().is_ok_and(|title| title.starts_with("Fejl: "))
    });
    assert_eq!((office.sql("SELECT 'x' FROM session").len(), refused(&office)), (0, 2));
    office.stop();
    office.settings = office
        .settings
        .replace("public_url = \"http://localhost:1\"", &format!("public_url = \"http://localhost:{web}\""));
    office.start_up();

    // An account that has ended.
    office.damage(&["UPDATE account SET ended_at = 1"]);
    use_it(&office, &browser, "/indbakke/log-ind");
    wait_until("nobody is there", || browser.title().is_ok_and(|title| title.starts_with("Fejl: ")));
    office.damage(&["UPDATE account SET ended_at = NULL"]);

    // And nothing was wrong with the key itself.
    use_it(&office, &browser, "/indbakke/log-ind");
    browser.wait("#visning").unwrap();

    // Whoever resets an account takes its passkeys along.
    assert!(office.run(&["user", "reset", "gitte@kommune.example"]).status.success());
    assert!(office.sql("SELECT label FROM passkey").is_empty());
}

#[test]
fn steps_of_passkeys_are_used_once_by_whom_they_were_given_to() {
    let office = local();
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let ole = sign_in(&office, &account(&office, "ole@kommune.example", "Ole Vikar", &[]));
    let step = |answer: &crate::web_form::Answer| {
        let cookie = answer.header("set-cookie").expect("a step").to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.starts_with("indbakke-trin="), "{cookie}");
        cookie.split(';').next().unwrap().to_owned()
    };
    let begin = "/indbakke/noegler/begynd";
    assert_eq!(send(&office, begin, &gitte, "").status, 422, "the password is asked for again");
    assert_eq!(send(&office, begin, "", "nu=x").status, 401);
    let body = format!("nu={}", PASSWORD.replace(' ', "+"));
    let begun = send(&office, begin, &gitte, &body);
    assert_eq!((begun.status, begun.header("content-type")), (200, Some("application/json")));
    assert_eq!(begun.header("cache-control"), Some("no-store"));
    let mine = step(&begun);
    // Another's step, no step, and an answer that is none: nothing is kept, and the step is gone.
    let answer = "handling=tilfoej&navn=x&svar=%7B%7D";
    for cookies in [format!("{ole}; {mine}"), ole.clone(), format!("{gitte}; {mine}")] {
        assert_eq!(send(&office, "/indbakke/noegler", &cookies, answer).status, 422);
    }
    assert!(office.sql("SELECT kind FROM sign_in_step").is_empty());
    // One person's passkey is not another's to remove.
    office.damage(&["INSERT INTO passkey (account_id, label, credential, made_at) VALUES (1, 'x', '{}', 0)"]);
    assert_eq!(send(&office, "/indbakke/noegler", &ole, "handling=fjern&nummer=1").status, 303);
    assert_eq!(office.sql("SELECT label FROM passkey"), ["x"]);

    // Signing in: a step names nobody, opens nothing by itself, and works once.
    let begun = send(&office, "/indbakke/log-ind/noegle/begynd", "", "");
    assert!(begun.status == 200 && !begun.body.contains("gitte"), "{}", begun.body);
    let step = step(&begun);
    assert_eq!(look(&office, "/indbakke", &step).status, 401);
    assert_eq!(send(&office, "/indbakke/log-ind/noegle", &step, "svar=%7B%7D").status, 422);
    assert!(office.sql("SELECT kind FROM sign_in_step").is_empty());
    assert_eq!(send(&office, "/indbakke/log-ind/noegle", "", "svar=%7B%7D").status, 422);
    // A step of one kind is none of another.
    let making = send(&office, begin, &gitte, &body);
    let making = making.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(send(&office, "/indbakke/log-ind/noegle", &making, "svar=%7B%7D").status, 422);
    assert_eq!(office.sql("SELECT kind FROM sign_in_step"), ["passkey_make"]);
}

#[test]
fn without_scripts_or_a_name_there_is_no_button_and_the_password_is_there() {
    let office = local();
    let quiet = browser(&without_javascript());
    quiet.visit(&at(&office, "/indbakke/log-ind")).unwrap();
    assert_eq!(quiet.attribute("[data-with-passkey]", "hidden").unwrap(), "true");
    assert!(!quiet.text(".login-card").unwrap().contains("adgangsnøgle"));
    let link = account(&office, "gitte@kommune.example", "Gitte Holm", &[]);
    quiet.visit(&at(&office, &link)).unwrap();
    quiet.fill("#kode", PASSWORD).unwrap();
    quiet.click("button.primary").unwrap();
    quiet.wait("#visning").unwrap();
    quiet.visit(&at(&office, "/indbakke/noegler")).unwrap();
    assert!(quiet.text("main").unwrap().contains("kan ikke tilføje adgangsnøgler"));
    let numbers = crate::web_form::started("");
    assert!(!look(&numbers, "/indbakke/log-ind", "").body.contains("passkey"));
    assert_eq!(send(&numbers, "/indbakke/log-ind/noegle/begynd", "", "").status, 404);
}
