//! Who gets in, and to what.

use indgang::domain::program::Right;
use indgang::web::api::table::ROUTES;

use super::{ALL, ask, staffed, token};
use crate::inbox::{account, look, send, sign_in};

#[test]
fn each_right_opens_its_own_routes_and_no_others() {
    let (office, cookie) = staffed();
    let tokens = Right::ALL.map(|right| (right, token(&office, &cookie, right.as_str())));
    for (method, route, need) in ROUTES {
        let path = route.replace("messages/{id}", "messages/in-1").replace("{id}", "1");
        let nobody = ask(&office, method.as_str(), &path, "indgang_findes-ikke", &[], "{}");
        let Some(need) = need else {
            assert_eq!(nobody.status, 200, "{path}");
            continue;
        };
        assert_eq!(nobody.status, 401, "{method} {path}");
        assert_eq!(nobody.header("content-type"), Some("application/problem+json"));
        assert!(nobody.header("www-authenticate").unwrap().starts_with("Bearer"));
        for (right, token) in &tokens {
            let answer = ask(&office, method.as_str(), &path, token, &[], "{}");
            if right == need {
                assert!(![401, 403, 404].contains(&answer.status), "{method} {path}: {}", answer.status);
            } else {
                assert_eq!(answer.status, 403, "{method} {path} with {}", right.as_str());
                assert!(answer.header("www-authenticate").unwrap().contains(need.as_str()));
                assert!(!answer.body.contains("Birthe") && !answer.body.contains("grøn"));
            }
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
    let everything = token(&office, &cookie, ALL);
    assert_eq!(ask(&office, "GET", "/api/v1/persons", &everything, &[], "").status, 404);
    let refused = ask(&office, "DELETE", "/api/v1/enquiries/1", &everything, &[], "");
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, PATCH")));
}

#[test]
fn a_token_is_shown_once_kept_as_a_hash_and_ends_with_its_account() {
    let (office, cookie) = staffed();
    // Nothing is chosen beforehand, and nothing is given to who chooses nothing.
    assert!(!look(&office, "/indbakke/programmer", &cookie).body.contains("checked"));
    assert_eq!(send(&office, "/indbakke/programmer", &cookie, "navn=Journal&dage=30").status, 422);
    assert_eq!(
        send(&office, "/indbakke/programmer", &cookie, "navn=Journal&dage=401&ret=ledger%3Aread").status,
        422
    );
    let first = token(&office, &cookie, "enquiries:read");
    let page = look(&office, "/indbakke/programmer", &cookie).body;
    assert!(!page.contains(&first) && page.contains("Journal") && page.contains("enquiries:read"));
    let stored = office.sql("SELECT HEX(token_hash) FROM api_token");
    assert!(stored.len() == 1 && stored[0].len() == 64 && !office.log().contains(&first));
    let path = "/api/v1/enquiries";
    assert_eq!(ask(&office, "GET", path, &first, &[], "").status, 200);
    // A cookie opens nothing, also that of somebody who is signed in.
    let request = look(&office, path, &cookie);
    assert_eq!(request.status, 401);
    assert_eq!(send(&office, "/indbakke/programmer", &cookie, "handling=luk&nummer=1").status, 200);
    assert_eq!(ask(&office, "GET", path, &first, &[], "").status, 401, "it was revoked");

    let ended = sign_in(&office, &account(&office, "hanne@kommune.example", "Hanne", &[]));
    let hers = token(&office, &ended, "enquiries:read");
    assert_eq!(ask(&office, "GET", path, &hers, &[], "").status, 200);
    let number = office.sql("SELECT CAST(id AS TEXT) FROM account WHERE name = 'Hanne'").remove(0);
    let end = send(&office, "/indbakke/konti", &cookie, &format!("handling=slut&nummer={number}"));
    assert_eq!(end.status, 303);
    assert_eq!(ask(&office, "GET", path, &hers, &[], "").status, 401, "its account has ended");

    let late = token(&office, &cookie, "enquiries:read");
    office.damage(&["UPDATE api_token SET expires_at = 1"]);
    assert_eq!(ask(&office, "GET", path, &late, &[], "").status, 401, "it has run out");
    let acts = office.sql("SELECT act || ' ' || detail FROM log_entry WHERE act LIKE 'token%' ORDER BY seq");
    assert_eq!(acts[0], "token_make program 1 (Journal): enquiries:read");
    assert_eq!(acts[1], "token_revoke program 1 (Journal)");
}

#[test]
fn who_tries_many_tokens_must_wait() {
    let (office, _) = staffed();
    let mut refused = None;
    for number in 0..60 {
        let answer = ask(&office, "GET", "/api/v1/ledger", &format!("indgang_{number}"), &[], "");
        if answer.status == 429 {
            refused = Some((number, answer.header("retry-after").unwrap().to_owned()));
            break;
        }
    }
    assert_eq!(refused, Some((30, "600".to_owned())));
}
