//! Signing in with a second step: one-time codes, recovery codes, and what becomes of a draft on the way.

use indgang::clock::Clock;
use indgang_peers::BrowserSettings;

use super::pages::Eyes;
use super::{PASSWORD, account, enter, look, numbered, send, sign_in, words};
use crate::support::Office;
use crate::web_form::{Answer, browser, started, url};

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let start = format!("set-cookie: {name}=");
    let line = answer.head.lines().find(|line| line.to_lowercase().starts_with(&start))?;
    let pair = line.split_once(": ")?.1.split(';').next()?;
    (!pair.ends_with('=')).then(|| pair.to_owned())
}

fn password(office: &Office, login: &str, more: &[(&str, &str)]) -> Answer {
    let mut pairs = vec![("bruger", login), ("kode", PASSWORD)];
    pairs.extend_from_slice(more);
    send(office, "/indbakke/log-ind", "", &form(&pairs))
}

/// What the app shows, some steps from now.
fn app(seed: &str, steps: i64) -> String {
    let seed = totp_rs::Secret::try_from_base32(seed.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(seed.as_bytes()).build().unwrap();
    let at = Clock::system().now().as_second() + 30 * steps;
    totp.generate(u64::try_from(at).unwrap()).to_string()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).unwrap_or_else(|| panic!("{start} is missing in {text}")) + start.len();
    text[from..].split(end).next().unwrap()
}

/// Turns codes on: the seed, and the recovery codes.
fn turn_on(office: &Office, gitte: &str) -> (String, Vec<String>) {
    let begun = send(office, "/indbakke/koder", gitte, &form(&[("handling", "begynd"), ("nu", PASSWORD)]));
    assert_eq!(begun.status, 200, "{}", begun.body);
    let seed = between(&begun.body, "<code>", "</code>").to_owned();
    let step = between(&begun.body, "name=\"trin\" value=\"", "\"").to_owned();
    // A wrong first code turns nothing on, and the same seed is asked for again.
    let wrong = form(&[("handling", "taend"), ("trin", &step), ("kode", "000000")]);
    let wrong = send(office, "/indbakke/koder", gitte, &wrong);
    assert_eq!(wrong.status, 422);
    assert_eq!(between(&wrong.body, "<code>", "</code>"), seed);
    let step = between(&wrong.body, "name=\"trin\" value=\"", "\"").to_owned();
    let right = form(&[("handling", "taend"), ("trin", &step), ("kode", &app(&seed, -1))]);
    let shown = send(office, "/indbakke/koder", gitte, &right);
    assert_eq!(shown.status, 200, "{}", shown.body);
    let codes: Vec<String> = between(&shown.body, "<ul class=\"codes\">", "</ul>")
        .split("<code>")
        .skip(1)
        .map(|piece| piece.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 8);
    (seed, codes)
}

#[test]
fn a_code_is_asked_for_after_the_password_and_works_once() {
    let office = started("");
    let link = account(&office, "gitte@kommune.example", "Gitte Holm", &[]);
    let gitte = sign_in(&office, &link);
    let wrong = send(&office, "/indbakke/koder", &gitte, &form(&[("handling", "begynd"), ("nu", "forkert")]));
    assert_eq!(wrong.status, 422, "the password is asked for again");
    let (seed, recovery) = turn_on(&office, &gitte);
    assert_eq!(send(&office, "/indbakke/log-ud", &gitte, "").status, 303);

    // The password alone opens nothing.
    let first = password(&office, "gitte@kommune.example", &[]);
    assert_eq!((first.status, first.header("location")), (303, Some("/indbakke/log-ind/kode")));
    assert!(cookie(&first, "indbakke").is_none(), "there is no session yet");
    let step = cookie(&first, "indbakke-trin").unwrap();
    assert!(first.head.contains("HttpOnly"));
    assert_eq!(look(&office, "/indbakke", &step).status, 401);
    assert_eq!(look(&office, "/indbakke/log-ind/kode", &step).status, 200);
    assert_eq!(look(&office, "/indbakke/log-ind/kode", "").status, 303, "not without the first step");
    let enter =
        |step: &str, code: &str| send(&office, "/indbakke/log-ind/kode", step, &form(&[("kode", code)]));
    assert_eq!(enter(&step, "123").status, 422);
    // What was typed when codes were turned on is used.
    assert_eq!(enter(&step, &app(&seed, -1)).status, 422);
    let code = app(&seed, 0);
    let right = enter(&step, &code);
    let session = cookie(&right, "indbakke").expect("a session");
    assert_eq!(look(&office, "/indbakke", &session).status, 200);
    // The step is gone, and so is the code.
    assert_eq!(enter(&step, &app(&seed, 1)).header("location"), Some("/indbakke/log-ind"));
    let again = cookie(&password(&office, "gitte@kommune.example", &[]), "indbakke-trin").unwrap();
    assert_eq!(enter(&again, &code).status, 422, "a code is used once");
    // A recovery code, as people type it, and once.
    let typed = recovery[0].to_lowercase().replace('-', " ");
    assert_eq!(enter(&again, &typed).status, 303);
    let again = cookie(&password(&office, "gitte@kommune.example", &[]), "indbakke-trin").unwrap();
    assert_eq!(enter(&again, &typed).status, 422);
    assert_eq!(enter(&again, &recovery[1]).status, 303, "the others still work");
    let acts = office.sql("SELECT act || ' ' || detail FROM log_entry ORDER BY seq");
    for act in
        ["codes_on ", "sign_in password and code", "recovery_used ", "sign_in password and recovery code"]
    {
        assert!(acts.iter().any(|one| one == act), "{act}: {acts:?}");
    }
    let kept = office.sql("SELECT recovery FROM account WHERE recovery IS NOT NULL").remove(0);
    assert!(recovery.iter().all(|code| !kept.contains(code.as_str())), "kept as hashes");
    let log = office.log();
    assert!(!log.contains(&code) && !log.contains("gitte@") && !log.contains(&seed.replace(' ', "")));
    // Turned off with the password.
    let off = send(&office, "/indbakke/koder", &session, &form(&[("handling", "sluk"), ("nu", PASSWORD)]));
    assert_eq!(off.status, 303);
    assert!(cookie(&password(&office, "gitte@kommune.example", &[]), "indbakke").is_some());
}

#[test]
fn codes_cannot_be_guessed_gone_round_or_taken_from_another() {
    let office = started("");
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let ole = sign_in(&office, &account(&office, "ole@kommune.example", "Ole Vikar", &[]));
    let (seed, recovery) = turn_on(&office, &gitte);
    let begun = send(&office, "/indbakke/koder", &gitte, &form(&[("handling", "begynd"), ("nu", PASSWORD)]));
    let step = between(&begun.body, "name=\"trin\" value=\"", "\"").to_owned();
    let seed_of_step = between(&begun.body, "<code>", "</code>").to_owned();
    let stolen = form(&[("handling", "taend"), ("trin", &step), ("kode", &app(&seed_of_step, 0))]);
    assert_eq!(send(&office, "/indbakke/koder", &ole, &stolen).status, 422, "another's set-up");
    assert_eq!(
        office.sql("SELECT login FROM account WHERE totp_secret IS NOT NULL"),
        ["gitte@kommune.example"]
    );
    let stale = cookie(&password(&office, "gitte@kommune.example", &[]), "indbakke-trin").unwrap();
    // A new link sets a password, and still asks for a code.
    let link = office.run(&["user", "link", "gitte@kommune.example"]);
    let said = String::from_utf8_lossy(&link.stdout).into_owned();
    let at = said.find("/indbakke/velkommen/").unwrap();
    let link = said[at..].split_whitespace().next().unwrap();
    let welcomed = send(&office, link, "", &form(&[("kode", PASSWORD)]));
    assert_eq!(welcomed.header("location"), Some("/indbakke/log-ind/kode"));
    assert!(cookie(&welcomed, "indbakke").is_none());
    let late = send(&office, "/indbakke/log-ind/kode", &stale, &form(&[("kode", &app(&seed, 0))]));
    assert_eq!(late.header("location"), Some("/indbakke/log-ind"), "it began with the password of before");
    let step = cookie(&welcomed, "indbakke-trin").unwrap();
    let enter = |code: &str| send(&office, "/indbakke/log-ind/kode", &step, &form(&[("kode", code)])).status;
    // Ole's recovery codes would be of no use, and guesses end soon, whatever browser they come from.
    for _ in 0..5 {
        assert_eq!(enter("000000"), 422);
    }
    assert_eq!(enter(&app(&seed, 0)), 429, "too many: even the right one must wait");
    let another = cookie(&password(&office, "gitte@kommune.example", &[]), "indbakke-trin").unwrap();
    let typed = form(&[("kode", &recovery[0])]);
    assert_eq!(send(&office, "/indbakke/log-ind/kode", &another, &typed).status, 429);
    // The operator's way out, which is in the log.
    assert!(office.run(&["user", "reset", "gitte@kommune.example"]).status.success());
    assert!(cookie(&password(&office, "gitte@kommune.example", &[]), "indbakke").is_some());
    assert!(office.sql("SELECT act FROM log_entry").contains(&"account_reset".to_owned()));
}

#[test]
fn what_was_being_written_survives_both_steps() {
    let office = started("");
    words(&office, "Sabina <sabina@post.example>", "En sag", "en", "Hjælp.");
    let id = numbered(&office, "En sag").to_string();
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let (seed, _) = turn_on(&office, &gitte);
    let to = format!("/indbakke/h/{id}");
    let more = [("til", to.as_str()), ("kladde_til", &id), ("kladde", "Kære Sabina, et langt svar")];
    let first = password(&office, "gitte@kommune.example", &more);
    let step = cookie(&first, "indbakke-trin").unwrap();
    let right = send(&office, "/indbakke/log-ind/kode", &step, &form(&[("kode", &app(&seed, 0))]));
    assert_eq!((right.status, right.header("location")), (303, Some(to.as_str())));
    assert_eq!(office.sql("SELECT body FROM draft"), ["Kære Sabina, et langt svar"]);
}

#[test]
fn every_page_of_codes_is_usable_by_everybody() {
    let office = started("");
    let link = account(&office, "gitte@kommune.example", "Gitte Holm", &[]);
    let browser = browser(&BrowserSettings::default());
    let mut eyes = Eyes::default();
    enter(&office, &browser, &link);
    browser.visit(&url(&office, "/indbakke/indstillinger")).unwrap();
    browser.fill("#k-nu", PASSWORD).unwrap();
    browser.click("form[action='/indbakke/koder'] button").unwrap();
    browser.wait(".qr svg").unwrap();
    eyes.look(&browser, "codes-begun");
    let seed = browser.text(".card code").unwrap();
    browser.fill("#kode", "000000").unwrap();
    browser.click("form[action='/indbakke/koder'] button").unwrap();
    browser.wait("[role=alert]").unwrap();
    eyes.look(&browser, "codes-wrong");
    browser.fill("#kode", &app(&seed, -1)).unwrap();
    browser.click("form[action='/indbakke/koder'] button").unwrap();
    browser.wait(".codes li").unwrap();
    eyes.look(&browser, "codes-recovery");
    browser.visit(&url(&office, "/indbakke/indstillinger")).unwrap();
    eyes.look(&browser, "settings-codes");
    office.damage(&["DELETE FROM session"]);
    browser.visit(&url(&office, "/indbakke")).unwrap();
    browser.fill("#bruger", "gitte@kommune.example").unwrap();
    browser.fill("#kode", PASSWORD).unwrap();
    browser.click("button.primary").unwrap();
    browser.wait("form[action='/indbakke/log-ind/kode']").unwrap();
    eyes.look(&browser, "second");
    browser.fill("#kode", "000000").unwrap();
    browser.click("button.primary").unwrap();
    browser.wait("[role=alert]").unwrap();
    eyes.look(&browser, "second-wrong");
    assert!(eyes.found.is_empty(), "{} faults:\n{}", eyes.found.len(), eyes.found.join("\n"));
}
