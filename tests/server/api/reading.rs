//! What is read and changed.

use serde_json::{Value, json};

use super::{ALL, ask, read, staffed, token};
use crate::inbox::{letter, numbered, send, words};

#[test]
fn pages_pass_nothing_over_while_letters_come_in() {
    let (office, cookie) = staffed();
    let key = token(&office, &cookie, "enquiries:read");
    let first = ask(&office, "GET", "/api/v1/enquiries?limit=2&state=new", &key, &[], "");
    let link = first.header("link").unwrap().to_owned();
    let page: Value = serde_json::from_str(&first.body).unwrap();
    assert_eq!(page["enquiries"].as_array().unwrap().len(), 2);
    // Nothing that anybody wrote, and nobody's name.
    for secret in ["010170", "Om ", "Birthe", "birthe", "grøn", "Carl"] {
        assert!(!first.body.contains(secret), "{secret}");
    }
    words(&office, "Erik <erik@post.example>", "Sidst", "fire", "Jeg kom imens.");
    let next = link.strip_prefix('<').unwrap().split('>').next().unwrap();
    assert!(link.ends_with("; rel=\"next\"") && next.contains("state=new") && next.contains("limit=2"));
    let rest = ask(&office, "GET", next, &key, &[], "");
    let page: Value = serde_json::from_str(&rest.body).unwrap();
    let ids: Vec<i64> =
        page["enquiries"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [numbered(&office, "Handicap"), numbered(&office, "Sidst")]);
    assert_eq!((&page["next"], rest.header("link")), (&Value::Null, None));
    // Filters.
    let count = |query: &str| {
        let page = read(&office, &format!("/api/v1/enquiries?{query}"), &key);
        page["enquiries"].as_array().unwrap().len()
    };
    let today = indgang::domain::calendar::local(indgang::clock::Clock::system().now()).date();
    assert_eq!(count("channel=email"), 4);
    assert_eq!(count("channel=sms"), 0);
    assert_eq!(count("kind=open_ended"), 0);
    assert_eq!(count("area=1"), 0);
    assert_eq!(count(&format!("from={today}&to={today}")), 4);
    assert_eq!(count(&format!("to={}", today.yesterday().unwrap())), 0);
    assert_eq!(count("updated_since=2999-01-01T00%3A00%3A00Z"), 0);
    for wrong in ["state=open", "cursor=birthe", "birthe=1", "from=birthe", "limit=birthe", "%"] {
        let answer = ask(&office, "GET", &format!("/api/v1/enquiries?{wrong}"), &key, &[], "");
        assert!(wrong == "%" || answer.status == 400, "{wrong}");
        assert!(!answer.body.contains("birthe"), "what was asked is not said back");
    }
}

#[test]
fn nobodys_change_is_lost_and_each_can_be_undone() {
    let (office, cookie) = staffed();
    let key = token(&office, &cookie, ALL);
    let path = format!("/api/v1/enquiries/{}", numbered(&office, "Skolen"));
    let seen = ask(&office, "GET", &path, &key, &[], "");
    let tag = seen.header("etag").unwrap().to_owned();
    let known = ask(&office, "GET", &path, &key, &[("If-None-Match", &tag)], "");
    assert_eq!((known.status, known.body.as_str(), known.header("etag")), (304, "", Some(tag.as_str())));
    let change =
        |tag: &[(&str, &str)], body: Value| ask(&office, "PATCH", &path, &key, tag, &body.to_string());
    assert_eq!(change(&[], json!({"kind": "delimited"})).status, 428);
    assert_eq!(change(&[("If-Match", "*")], json!({"kind": "delimited"})).status, 428);
    let wanted = json!({"kind": "delimited", "area": 1, "state": "waiting", "waits_for": "citizen", "tasks": ["rights"]});
    let done = change(&[("If-Match", &tag)], wanted);
    assert_eq!(done.status, 200, "{}", done.body);
    let now: Value = serde_json::from_str(&done.body).unwrap();
    assert_eq!(
        (&now["kind"], &now["area"], &now["state"]),
        (&json!("delimited"), &json!(1), &json!("waiting"))
    );
    assert_eq!((&now["waits_for"], &now["tasks"]), (&json!("citizen"), &json!(["rights"])));
    let newer = done.header("etag").unwrap().to_owned();
    assert_ne!(newer, tag);
    assert_eq!(change(&[("If-Match", &tag)], json!({"kind": "open_ended"})).status, 412, "it is stale");
    assert_eq!(ask(&office, "GET", &path, &key, &[("If-None-Match", &tag)], "").status, 200);
    // What triage does not allow, and what is not possible.
    let current = [("If-Match", newer.as_str())];
    let refused = change(&current, json!({"state": "closed", "welcome_back": "said"}));
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert_eq!(change(&current, json!({"state": "closed"})).status, 422);
    assert_eq!(change(&current, json!({"area": 99})).status, 422);
    assert_eq!(change(&current, json!({"state": "new"})).status, 422);
    let odd = change(&current, json!({"birthe": "birthe"}));
    assert_eq!((odd.status, odd.body.contains("birthe")), (400, false));
    assert_eq!(change(&current, json!({"kind": null})).status, 400, "a type is never taken back");
    assert_eq!(change(&current, json!({"title": "x".repeat(20_000)})).status, 413);
    let emptied = change(&current, json!({"area": null, "tasks": null, "waits_for": null}));
    let now: Value = serde_json::from_str(&emptied.body).unwrap();
    assert_eq!((&now["area"], &now["tasks"], &now["waits_for"]), (&Value::Null, &json!([]), &Value::Null));
    let newest = office.sql("SELECT act_id FROM change ORDER BY id DESC LIMIT 1").remove(0);
    assert_eq!(send(&office, "/indbakke/fortryd", &cookie, &format!("gjort={newest}")).status, 303);
    // In the history, in the log, and undoable by who let the program in.
    let acts = office.sql("SELECT act || ' ' || detail FROM log_entry WHERE act = 'triage'");
    assert_eq!(acts, ["triage program 1 (Journal)", "triage program 1 (Journal)"]);
    let act = office.sql("SELECT act_id FROM change ORDER BY id").remove(0);
    assert_eq!(send(&office, "/indbakke/fortryd", &cookie, &format!("gjort={act}")).status, 303);
    let back = read(&office, &path, &key);
    assert_eq!((&back["kind"], &back["area"], &back["state"]), (&Value::Null, &Value::Null, &json!("new")));
    // What comes in changes the tag too: who has not read it cannot close over it.
    let before = ask(&office, "GET", &path, &key, &[], "").header("etag").unwrap().to_owned();
    letter(
        &office,
        "Carl <carl@post.example>",
        "Sv: Skolen",
        "to-igen",
        "In-Reply-To: <to@post.example>\r\nContent-Type: text/plain; charset=utf-8\r\n",
        "Det haster nu.",
    );
    assert_eq!(office.sql("SELECT disposition FROM message ORDER BY arrival_id DESC LIMIT 1"), ["follow_up"]);
    let unread = ask(&office, "GET", &path, &key, &[("If-None-Match", before.as_str())], "");
    assert_eq!(unread.status, 200, "it is not what is known");
    let close = json!({"state": "closed", "welcome_back": "said", "primary_contact_form": "email"});
    assert_eq!(change(&[("If-Match", &before)], close).status, 412);
    // Closing and reopening.
    let tag = ask(&office, "GET", &path, &key, &[], "").header("etag").unwrap().to_owned();
    let close = json!({"state": "closed", "welcome_back": "said", "primary_contact_form": "email"});
    let closed = change(&[("If-Match", &tag)], close);
    assert_eq!(closed.status, 200, "{}", closed.body);
    assert!(serde_json::from_str::<Value>(&closed.body).unwrap()["closed_at"].is_string());
    let tag = closed.header("etag").unwrap();
    assert_eq!(change(&[("If-Match", tag)], json!({"state": "in_progress"})).status, 200);
}

#[test]
fn each_reading_of_content_is_in_the_log() {
    let (office, cookie) = staffed();
    let key = token(&office, &cookie, "messages:read");
    let id = numbered(&office, "Om 010170-0000");
    let list = read(&office, &format!("/api/v1/enquiries/{id}/messages"), &key);
    let line = &list["messages"][0];
    assert_eq!((&line["subject"], &line["direction"]), (&json!("Om ······-····"), &json!("in")));
    let number = line["id"].as_str().unwrap().to_owned();
    let whole = read(&office, &format!("/api/v1/messages/{number}"), &key);
    assert_eq!(whole["text"].as_str().unwrap().trim(), "Hemmeligheden er grøn.");
    assert_eq!(whole["sender"]["address"], "birthe@post.example");
    let raw = ask(&office, "GET", &format!("/api/v1/messages/{number}/original"), &key, &[], "");
    assert_eq!((raw.status, raw.header("content-type")), (200, Some("application/octet-stream")));
    assert!(raw.body.contains("Subject: Om 010170-0000"));
    for path in ["messages/in-99", "messages/out-1", "messages/1", "messages/in--1", "enquiries/99/messages"]
    {
        assert_eq!(ask(&office, "GET", &format!("/api/v1/{path}"), &key, &[], "").status, 404, "{path}");
    }
    let said = office.sql(
        "SELECT act || ' ' || enquiry_id || ' ' || detail FROM log_entry WHERE detail LIKE '%program%' AND enquiry_id IS NOT NULL ORDER BY seq",
    );
    assert_eq!(
        said,
        [
            format!("read {id} program 1 (Journal): list"),
            format!("read {id} program 1 (Journal): message {number}"),
            format!("original {id} program 1 (Journal): message {number}"),
        ]
    );
    let owner = office.sql("SELECT DISTINCT a.name FROM log_entry l JOIN account a ON a.id = l.account_id WHERE l.detail LIKE '%program%'");
    assert_eq!(owner, ["Gitte Holm"]);
    assert!(!office.log().contains("birthe@") && !office.log().contains(&key));
}

#[test]
fn figures_are_sums() {
    let (office, cookie) = staffed();
    let key = token(&office, &cookie, "statistics:read ledger:read");
    let sums = read(&office, "/api/v1/statistics", &key);
    assert_eq!(
        (&sums["total"], &sums["channels"]["email"], &sums["open"]),
        (&json!(3), &json!(3), &json!(3))
    );
    assert_eq!((&sums["kinds"]["none"], &sums["promises"]["open"]), (&json!(3), &json!(3)));
    assert_eq!(sums["areas"], json!([{"area": null, "name": null, "count": 3}]));
    assert_eq!(read(&office, "/api/v1/statistics?from=2020-01-01&to=2020-12-31", &key)["total"], 0);
    for wrong in ["from=x", "from=2021-01-01&to=2020-01-01", "name=1"] {
        let answer = ask(&office, "GET", &format!("/api/v1/statistics?{wrong}"), &key, &[], "");
        assert_eq!(answer.status, 400, "{wrong}");
    }
    let ledger = read(&office, "/api/v1/ledger", &key);
    assert_eq!((&ledger["received"], &ledger["dispositions"]["enquiry"]), (&json!(3), &json!(3)));
    assert_eq!(ledger["mistakes"], json!([]));
}
