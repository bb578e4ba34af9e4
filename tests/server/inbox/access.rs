//! Who reaches what: every route of the table as every role, and what hostile requests meet.

use indgang::domain::account::Role;
use indgang::web::inbox::table::{Need, ROUTES, opens};

use super::pages::morning;
use super::{account, letter, look, numbered, send, sign_in, words};
use crate::support::Office;
use crate::web_form::{exchange, started};

/// The addresses that a route of the table stands for, on one enquiry.
fn address(route: &str, enquiry: i64) -> String {
    route
        .replace("{id}", &enquiry.to_string())
        .replace("{token}", "x")
        .replace("{arrival}", "1")
        .replace("{number}", "0")
        .replace("{file}", "1")
        .replace("{note}", "1")
}

/// An office with three people, a letter from before the substitute's time, and one from within it.
fn staffed() -> (Office, [String; 3], i64) {
    let office = started("");
    words(&office, "Birthe Lund <birthe@post.example>", "En gammel sag", "gammel", "Hemmeligheden er grøn.");
    let old = numbered(&office, "En gammel sag");
    office.damage(&["UPDATE enquiry SET first_contact_at = first_contact_at - 864000000"]);
    let today = indgang::domain::calendar::local(indgang::clock::Clock::system().now()).date();
    let (from, through) = (today.to_string(), today.tomorrow().unwrap().to_string());
    let time = ["--role", "substitute", "--from", &from, "--through", &through];
    let gitte = account(&office, "gitte@kommune.example", "Gitte Holm", &[]);
    let ole = account(&office, "ole@kommune.example", "Ole Vikar", &time);
    let drift = account(&office, "drift@kommune.example", "Drift", &["--role", "operator"]);
    let cookies = [gitte, ole, drift].map(|link| sign_in(&office, &link));
    (office, cookies, old)
}

#[test]
fn every_route_is_open_to_whom_the_table_says_and_to_nobody_else() {
    let (office, cookies, old) = staffed();
    for (method, route, need) in ROUTES {
        let path = address(route, old);
        // Signing out would end what is asked with.
        if *route == "/indbakke/log-ud" || *route == "/indbakke/nyt" {
            continue;
        }
        let ask = |cookie: &str| match method.as_str() {
            "GET" => look(&office, &path, cookie),
            _ => send(&office, &path, cookie, ""),
        };
        let stranger = ask("");
        match need {
            Need::Nobody => assert_ne!(stranger.status, 401, "{method} {path}"),
            Need::May(_) => assert_eq!(stranger.status, 401, "{method} {path} to nobody"),
        }
        for (role, cookie) in Role::ALL.into_iter().zip(&cookies) {
            let answer = ask(cookie);
            if opens(Some(role), *need) {
                assert_ne!(answer.status, 403, "{method} {path} to {role:?}");
            } else {
                assert_eq!(answer.status, 403, "{method} {path} to {role:?}");
            }
            // The old enquiry is the adviser's alone, whatever door somebody has.
            if role != Role::Adviser {
                assert!(
                    !answer.body.contains("Hemmeligheden") && !answer.body.contains("birthe@"),
                    "{method} {path}"
                );
                if route.starts_with("/indbakke/h/{id}") && opens(Some(role), *need) {
                    assert_eq!(answer.status, 404, "{method} {path} to {role:?}");
                }
            }
        }
    }
    assert_eq!(look(&office, "/indbakke/findes-ikke", &cookies[0]).status, 404);
    // What was tried changed nothing.
    let sent = office.sql("SELECT state FROM outbox WHERE kind = 'reply'");
    assert!(sent.is_empty(), "{sent:?}");
    assert_eq!(look(&office, &format!("/indbakke/h/{old}"), &cookies[0]).status, 200);
}

#[test]
fn a_form_from_elsewhere_changes_nothing() {
    let (office, cookies, old) = staffed();
    let body = "formaal=spam";
    for origin in ["Origin: https://evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n", ""] {
        let request = format!(
            "POST /indbakke/h/{old}/trin HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{origin}Connection: close\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            office.web,
            cookies[0],
            body.len()
        );
        assert_eq!(exchange(office.web, request.as_bytes()).unwrap().status, 403, "{origin:?}");
    }
    assert_eq!(office.sql("SELECT purpose FROM enquiry"), ["enquiry"]);
    assert_eq!(send(&office, &format!("/indbakke/h/{old}/trin"), &cookies[0], body).status, 303);
    assert_eq!(office.sql("SELECT purpose FROM enquiry"), ["spam"]);
}

#[test]
fn a_session_is_always_new_and_ends_when_it_is_ended() {
    let office = started("");
    let link = account(&office, "gitte@kommune.example", "Gitte Holm", &[]);
    // A cookie that somebody planted is never taken over (session fixation).
    let planted = "indbakke=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let password = super::PASSWORD.replace(' ', "+");
    let answer = send(&office, &link, planted, &format!("kode={password}"));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    assert_ne!(cookie, planted);
    assert_eq!(look(&office, "/indbakke", planted).status, 401);
    assert_eq!(look(&office, "/indbakke", &cookie).status, 200);
    assert_eq!(send(&office, &link, "", &format!("kode={password}")).status, 410, "the link works once");
    assert_eq!(send(&office, "/indbakke/log-ud", &cookie, "").status, 303);
    assert_eq!(look(&office, "/indbakke", &cookie).status, 401);
    let wrong = send(&office, "/indbakke/log-ind", "", "bruger=gitte%40kommune.example&kode=forkert");
    assert_eq!(wrong.status, 422);
    let nobody = send(&office, "/indbakke/log-ind", "", "bruger=ingen%40kommune.example&kode=forkert");
    assert_eq!(wrong.body.replace("gitte@", "ingen@"), nobody.body, "who is there is told to nobody");
    let form = format!("bruger=gitte%40kommune.example&kode={password}&til=https%3A%2F%2Fevil.example");
    let right = send(&office, "/indbakke/log-ind", "", &form);
    assert_eq!((right.status, right.header("location")), (303, Some("/indbakke")), "it leads nowhere else");
    let said = office.log();
    assert!(!said.contains("gitte@") && !said.contains("velkommen/"), "the log tells nobody");
}

#[test]
fn what_citizens_write_stays_text_and_files_are_kept_apart() {
    let office = started("");
    morning(&office);
    let hostile = "=?utf-8?q?=2E=2E=2F=2E=2E=2Fetc=2Fpasswd=2Ehtml?=";
    letter(
        &office,
        "Ond <ond@post.example>",
        "Fil",
        "fil",
        "Content-Type: multipart/mixed; boundary=b\r\n",
        &format!(
            "--b\r\nContent-Type: text/plain\r\n\r\nSe filen.\r\n--b\r\nContent-Type: text/html; name=\"{hostile}\"\r\n\
             Content-Disposition: attachment; filename=\"{hostile}\"\r\n\r\n<script>alert(1)</script>\r\n--b--"
        ),
    );
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let id = numbered(&office, "<img src=x onerror=alert(1)>");
    for path in [format!("/indbakke/h/{id}"), "/indbakke".to_owned(), "/indbakke?q=%3Cscript%3E".to_owned()] {
        let page = look(&office, &path, &gitte);
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{path}");
        assert!(page.header("content-security-policy").unwrap().contains("script-src 'self'"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
    }
    let list = look(&office, "/indbakke", &gitte).body;
    assert!(!list.contains("010170-0000"), "a CPR number is masked in the list");
    let own = numbered(&office, "Fil");
    let arrival = office.sql("SELECT CAST(arrival_id AS TEXT) FROM message WHERE subject = 'Fil'").remove(0);
    let file = look(&office, &format!("/indbakke/h/{own}/besked/{arrival}/fil/0"), &gitte);
    assert_eq!((file.status, file.header("content-type")), (200, Some("application/octet-stream")));
    let disposition = file.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment") && !disposition.contains(".."), "{disposition}");
    assert!(file.header("content-security-policy").unwrap().contains("sandbox"));
    assert_eq!(file.body.trim(), "<script>alert(1)</script>");
    // Another enquiry's file, and numbers that are none.
    for path in [
        format!("/indbakke/h/{id}/besked/{arrival}/fil/0"),
        format!("/indbakke/h/{id}/besked/{arrival}/original"),
        format!("/indbakke/h/{own}/besked/{arrival}/fil/99"),
    ] {
        assert_eq!(look(&office, &path, &gitte).status, 404, "{path}");
    }
    assert_eq!(look(&office, &format!("/indbakke/h/{own}/besked/{arrival}/original"), &gitte).status, 200);
    // HTML is shown cleaned, in a document that may do nothing and asks nobody.
    let html = "Content-Type: text/html; charset=utf-8\r\n";
    let markup =
        "<p onclick=x()>Hej <b>igen</b><script>alert(1)</script><img src=http://spy.example/x.png></p>";
    letter(&office, "Ond <ond@post.example>", "Pynt", "pynt", html, markup);
    let pretty = numbered(&office, "Pynt");
    let arrival = office.sql("SELECT CAST(arrival_id AS TEXT) FROM message WHERE subject = 'Pynt'").remove(0);
    let shown = look(&office, &format!("/indbakke/h/{pretty}/besked/{arrival}/visning"), &gitte);
    assert_eq!(shown.status, 200);
    assert!(shown.body.contains("<b>igen</b>"));
    assert!(
        !shown.body.contains("script")
            && !shown.body.contains("onclick")
            && !shown.body.contains("spy.example")
    );
    assert!(shown.header("content-security-policy").unwrap().contains("sandbox"));
    // Each reading is in the log, which adds up.
    let acts = office.sql("SELECT act FROM log_entry WHERE enquiry_id IS NOT NULL ORDER BY seq");
    for act in ["read", "file", "original"] {
        assert!(acts.iter().any(|one| one == act), "{act}: {acts:?}");
    }
}
