//! The municipality's own sign-on, through a real provider's own login page.

use indgang_peers::{Browser, BrowserSettings, Glewlwyd};

use super::{account, look, numbered, words};
use crate::support::{Office, wait_until};
use crate::web_form::{browser, get, office, url};

/// An office whose provider is Glewlwyd.
fn with_provider(more: &str) -> (Office, Glewlwyd) {
    let mut office = office("");
    let redirect = format!("http://127.0.0.1:{}/indbakke/log-ind/kommune", office.web);
    let provider = Glewlwyd::start(&redirect).unwrap();
    office.settings += &format!(
        "\n[inbox.signon]\nissuer = \"{}\"\nclient_id = \"{}\"\nclient_secret = \"{}\"\n{more}\n",
        provider.issuer(),
        Glewlwyd::CLIENT,
        Glewlwyd::SECRET
    );
    office.start_up();
    (office, provider)
}

/// Presses the button of the sign-in page, and signs in at the provider.
fn sign_on(office: &Office, browser: &Browser, name: &str) {
    browser.visit(&url(office, "/indbakke/log-ind")).unwrap();
    browser.click("form[action$='/kommune'] button").unwrap();
    at_the_provider(browser, name);
}

fn at_the_provider(browser: &Browser, name: &str) {
    browser.wait("#username").unwrap();
    browser.fill("#username", name).unwrap();
    browser.fill("#password", Glewlwyd::PASSWORD).unwrap();
    browser.press(indgang_peers::Key::Enter).unwrap();
    wait_until("it asks whether this program may know who they are, and leads back", || {
        let back = browser.url().is_ok_and(|url| url.contains("/indbakke"));
        for button in [".card-body button.btn-primary", ".card-footer button.btn-success"] {
            if !back && browser.count(button).is_ok_and(|count| count > 0) {
                let _ = browser.click(button);
            }
        }
        back
    });
}

#[test]
fn an_adviser_signs_on_at_the_municipality() {
    let (office, provider) =
        with_provider("addresses_are_verified = true\nbutton = \"Log ind med Eksempel Kommune\"");
    provider.person("gitte", "gitte@kommune.example").unwrap();
    provider.person("fremmed", "fremmed@kommune.example").unwrap();
    account(&office, "gitte@kommune.example", "Gitte Holm", &[]);
    words(&office, "Sabina <sabina@post.example>", "En sag", "en", "Hjælp.");
    let id = numbered(&office, "En sag");
    let checked = office.run(&["check"]);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(said.contains("inbox.signon: the provider answers"), "{said}");
    let page = get(&office, "/indbakke/log-ind").body;
    assert!(page.contains("Log ind med Eksempel Kommune"));

    let gitte = browser(&BrowserSettings::default());
    // From an enquiry that asked her to sign in: back to it.
    gitte.visit(&url(&office, &format!("/indbakke/h/{id}"))).unwrap();
    gitte.click("form[action$='/kommune'] button").unwrap();
    at_the_provider(&gitte, "gitte");
    gitte.wait("#emne").unwrap();
    assert_eq!(gitte.text("#emne").unwrap(), "En sag");
    assert_eq!(office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM account WHERE subject IS NOT NULL"), ["1"]);
    // Somebody whom the municipality knows and the office does not.
    let stranger = browser(&BrowserSettings::default());
    sign_on(&office, &stranger, "fremmed");
    stranger.wait("[role=alert]").unwrap();
    assert!(stranger.text("[role=alert]").unwrap().contains("ingen konto her"));
    assert!(stranger.axe().unwrap().is_empty());
    // The account is found by the subject from now on, and ends with its end.
    office.damage(&["UPDATE account SET login = 'andet@kommune.example' WHERE subject IS NOT NULL"]);
    let again = browser(&BrowserSettings::default());
    sign_on(&office, &again, "gitte");
    again.wait("#visning").unwrap();
    office.damage(&["UPDATE account SET ended_at = 1 WHERE subject IS NOT NULL"]);
    let ended = browser(&BrowserSettings::default());
    sign_on(&office, &ended, "gitte");
    ended.wait("[role=alert]").unwrap();
    let acts = office.sql("SELECT act || ' ' || detail FROM log_entry");
    for act in ["signon_linked ", "sign_in sign-on"] {
        assert!(acts.iter().any(|one| one == act), "{act}: {acts:?}");
    }
    let log = office.log();
    assert!(!log.contains("gitte@") && !log.contains("code=") && !log.contains(Glewlwyd::SECRET));
}

#[test]
fn what_did_not_leave_from_this_browser_comes_to_nothing() {
    let (office, provider) = with_provider("");
    provider.person("gitte", "gitte@kommune.example").unwrap();
    account(&office, "gitte@kommune.example", "Gitte Holm", &[]);
    // Without a cookie, and with one of nothing.
    for cookie in ["", "indbakke-trin=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let back = look(&office, "/indbakke/log-ind/kommune?code=x&state=y", cookie);
        assert_eq!(back.status, 400, "{}", back.body);
        assert!(back.header("set-cookie").is_none_or(|cookie| !cookie.starts_with("indbakke=")));
    }
    // Begun here, with a state or an issuer of somebody else's: and then it is over, for a step is taken once.
    for answer in ["code=x&state=y", "code=x&state=y&iss=https%3A%2F%2Fevil.example"] {
        let begun = super::send(&office, "/indbakke/log-ind/kommune", "", "til=%2Findbakke");
        assert_eq!(begun.status, 200, "{}", begun.body);
        assert!(begun.body.contains(&provider.issuer().replace("/api/oidc", "")), "it leads to the provider");
        let cookie = begun.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let path = format!("/indbakke/log-ind/kommune?{answer}");
        assert_eq!(look(&office, &path, &cookie).status, 502);
        assert_eq!(look(&office, &path, &cookie).status, 400, "once");
    }
    // An address that the provider does not call verified lets nobody in.
    let gitte = browser(&BrowserSettings::default());
    sign_on(&office, &gitte, "gitte");
    gitte.wait("[role=alert]").unwrap();
    assert!(gitte.text("[role=alert]").unwrap().contains("ingen konto her"));
    // Without a provider that answers, the password is there as ever.
    drop(provider);
    let away = super::send(&office, "/indbakke/log-ind/kommune", "", "til=%2Findbakke");
    assert!(away.status == 200 || away.status == 502, "{}", away.status);
    assert!(get(&office, "/indbakke/log-ind").body.contains("name=\"kode\""));
}
