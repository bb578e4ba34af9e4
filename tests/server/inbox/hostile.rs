//! What somebody writes into any field is text wherever it is shown, and what one adviser has begun is nobody else's.

use super::{account, look, numbered, send, sign_in, words};
use crate::web_form::{Part, post, started, token};

const MARKUP: &str = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7*7 }}";

fn encoded() -> String {
    form_urlencoded::byte_serialize(MARKUP.as_bytes()).collect()
}

#[test]
fn nothing_that_anybody_types_is_markup() {
    let office = started("");
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    // A citizen, in every field of the form.
    let token = token(&office);
    let sent = post(
        &office,
        "/",
        &[
            Part::Text("token", &token),
            Part::Text("besked", MARKUP),
            Part::Text("navn", MARKUP),
            Part::Text("email", "citizen@post.example"),
            Part::Text("telefon", "20123456"),
            Part::File("\"'><img src=x onerror=alert(1)>.txt", b"hej"),
        ],
    );
    assert!(sent.status == 303 || sent.status == 200, "{}", sent.status);
    words(&office, "Birthe <birthe@post.example>", "En sag", "en", "Hjælp.");
    let id = numbered(&office, "En sag");
    let typed = encoded();
    let path = |what: &str| format!("/indbakke/h/{id}/{what}");
    // The adviser, in every field that she has.
    for (to, body) in [
        (path("trin"), format!("titel={typed}&temaer={typed}")),
        (
            path("note"),
            format!(
                "slags=meeting&hvornaar=2026-01-05T10:00&sted={typed}&deltagere={typed}&tekst={typed}&besvaret=1"
            ),
        ),
        (path("person"), format!("handling=navn&navn={typed}&slags=citizen")),
        (path("person"), format!("handling=partsrepraesentant&navn={typed}&adresse={typed}&fuldmagt=1")),
        (path("samtykke"), format!("omraade=1&hvordan=said&omfang={typed}")),
        (path("kladde"), format!("slags=reply&via=&tekst={typed}")),
        ("/indbakke/ny".to_owned(), format!("slags=call&hvem={typed}&titel={typed}&tekst={typed}&token=a")),
        ("/indbakke/standardtekster".to_owned(), format!("nummer=0&sprog=da&titel={typed}&tekst={typed}")),
        ("/indbakke/visninger".to_owned(), format!("navn={typed}&liste=visning%3Dalle")),
        ("/indbakke/blokering".to_owned(), format!("adresse={typed}&aarsag={typed}&dage=3")),
        ("/indbakke/programmer".to_owned(), format!("navn={typed}&dage=3&ret=enquiries%3Aread")),
        ("/indbakke/konti".to_owned(), format!("login=ole%40kommune.example&navn={typed}&rolle=adviser")),
    ] {
        let answer = send(&office, &to, &gitte, &body);
        assert!(matches!(answer.status, 200 | 204 | 303), "{to}: {} {}", answer.status, answer.body);
        assert!(!answer.body.contains("<img src=x"), "{to}");
    }
    let soon = send(&office, "/indbakke/soeg", &gitte, &format!("q={typed}"));
    let found = soon.header("location").unwrap_or("/indbakke").to_owned();
    let others = office.sql("SELECT CAST(id AS TEXT) FROM enquiry ORDER BY id");
    let mut shown = 0;
    let pages = [
        "/indbakke?visning=alle",
        "/indbakke/hold",
        "/indbakke/hold?vis=tilside",
        "/indbakke/ny",
        "/indbakke/indstillinger",
        "/indbakke/konti",
        "/indbakke/programmer",
        "/indbakke/log",
        "/indbakke/drift",
        &found,
    ];
    let pages =
        pages.map(str::to_owned).into_iter().chain(others.iter().map(|id| format!("/indbakke/h/{id}")));
    for page in pages {
        let answer = look(&office, &page, &gitte);
        assert_eq!(answer.status, 200, "{page}");
        assert!(!answer.body.contains("<img src=x") && !answer.body.contains("<script>alert"), "{page}");
        shown += answer.body.matches("&#60;img src=x").count() + answer.body.matches("&lt;img src=x").count();
    }
    assert!(shown >= 20, "what was typed is there, as text: {shown}");
}

#[test]
fn what_somebody_has_begun_is_nobody_elses() {
    let office = started("");
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let hanne = sign_in(&office, &account(&office, "hanne@kommune.example", "Hanne Vind", &[]));
    words(&office, "Birthe <birthe@post.example>", "En sag", "en", "Hjælp.");
    let id = numbered(&office, "En sag");
    let draft = "slags=reply&via=&tekst=Det+jeg+endnu+ikke+har+sagt";
    assert!(matches!(
        send(&office, &format!("/indbakke/h/{id}/kladde"), &gitte, draft).status,
        200 | 204 | 303
    ));
    let body = "--b\r\nContent-Disposition: form-data; name=\"fil\"; filename=\"udkast.txt\"\r\n\
                Content-Type: text/plain\r\n\r\nhemmeligt udkast\r\n--b--\r\n";
    let request = format!(
        "POST /indbakke/h/{id}/fil HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nCookie: {gitte}\r\n\
         Sec-Fetch-Site: same-origin\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{body}",
        office.web,
        body.len()
    );
    assert_eq!(crate::web_form::exchange(office.web, request.as_bytes()).unwrap().status, 303);
    let file = office.sql("SELECT CAST(id AS TEXT) FROM draft_file").remove(0);
    let path = format!("/indbakke/h/{id}/sendt/{file}");
    assert_eq!(look(&office, &path, &gitte).body.trim(), "hemmeligt udkast");
    assert_eq!(look(&office, &path, &hanne).status, 404, "it is not sent yet");
    let page = look(&office, &format!("/indbakke/h/{id}"), &hanne).body;
    assert!(!page.contains("endnu ikke har sagt") && !page.contains("udkast.txt"));
}
