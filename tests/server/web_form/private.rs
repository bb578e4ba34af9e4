//! The private page: what opens it, what it shows, and what is written on it.

use indgang::clock::Clock;
use indgang::domain::area::AreaId;
use indgang::domain::enquiry::EnquiryId;
use indgang::store::pages::NewPageReply;
use indgang::work::page_reply::{self, Answer, Pages, Told};
use indgang_channels::message::{AnswerWay, Channel};
use indgang_peers::{Browser, BrowserSettings};
use jiff::SignedDuration;

use super::{browser, get, letters, started, store, url, without_javascript};
use crate::support::{Office, PATIENCE, wait_until};

/// Fills in the form, and gives the link that the receipt shows.
fn link_of_a_new_enquiry(office: &Office, browser: &Browser, word: &str, email: &str) -> String {
    browser.visit(&url(office, "/")).unwrap();
    browser.fill("#besked", "Jeg vil helst skrive fortroligt.").unwrap();
    if !email.is_empty() {
        browser.fill("#email", email).unwrap();
    }
    if !word.is_empty() {
        browser.click("#privat summary").unwrap();
        browser.fill("#ord", word).unwrap();
    }
    browser.click("button.button-primary").unwrap();
    browser.wait(".caseno").unwrap();
    browser.text(".address").unwrap()
}

/// Puts an answer on the page that nobody is told of.
fn answer(office: &Office, body: &str) {
    let (runtime, store) = store(office);
    let reply = NewPageReply {
        enquiry: EnquiryId(1),
        body,
        token: &format!("svar-{}@kommune.example", body.len()),
        link: None,
        links_until: Clock::system().now() + SignedDuration::from_hours(24),
        news: None,
    };
    assert!(runtime.block_on(store.page_reply(&reply, Clock::system().now())).unwrap());
}

/// The whole way by a word: open, read, write on with a file, consent, leave.
fn open_by_word_and_write(settings: &BrowserSettings) {
    let office = started("");
    let browser = browser(settings);
    let link = link_of_a_new_enquiry(&office, &browser, "Grøn cykel", "");
    browser.visit(&link).unwrap();
    let asked = browser.text("main").unwrap();
    let reference = office.sql("SELECT reference FROM enquiry").remove(0);
    assert!(
        !asked.contains(&reference) && !asked.contains("fortroligt"),
        "a link alone shows nothing: {asked}"
    );
    browser.fill("#ord", "rød cykel").unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait("#fejl").unwrap();
    browser.fill("#ord", " grøn CYKEL").unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait(".conversation").unwrap();
    assert!(browser.url().unwrap().ends_with("/side"), "no secret stays in the address");
    let page = browser.text("main").unwrap();
    assert!(page.contains(&reference) && page.contains("Jeg vil helst skrive fortroligt."), "{page}");
    assert!(page.contains("Du får svar senest"));

    answer(&office, "Kære du.\n\nRing gerne.");
    browser.reload().unwrap();
    assert!(browser.text(".conversation .ours").unwrap().contains("Ring gerne."));

    let attached = office.folder.path().join("bilag.pdf");
    std::fs::write(&attached, b"%PDF-1.7\nBilag").unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait("#fejl").unwrap();
    browser.fill("#besked", "Her er bilaget.").unwrap();
    browser.fill("#filer", attached.to_str().unwrap()).unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait(".alert-success").unwrap();
    assert!(browser.text(".alert-success").unwrap().contains(&reference));
    let page = browser.text(".conversation").unwrap();
    assert!(page.contains("Her er bilaget.") && page.contains("bilag.pdf"), "{page}");
    let messages = office.sql("SELECT disposition || ': ' || text FROM message ORDER BY id");
    assert_eq!(messages, ["enquiry: Jeg vil helst skrive fortroligt.", "follow_up: Her er bilaget."]);

    browser.click(".consents li:first-child button").unwrap();
    wait_until("consent is given", || browser.text(".consents").unwrap().contains("Du har sagt ja"));
    browser.click(".consents li:first-child button").unwrap();
    wait_until("consent is withdrawn", || !browser.text(".consents").unwrap().contains("Du har sagt ja"));
    let (runtime, open) = store(&office);
    let consents = runtime.block_on(open.consents(EnquiryId(1))).unwrap();
    assert_eq!(consents.len(), 1);
    assert!(consents[0].area == AreaId(1) && consents[0].withdrawn_at.is_some());

    browser.click("form[action$='/luk'] button").unwrap();
    wait_until("the page is closed", || browser.text("h1").unwrap().contains("lukket"));
    browser.visit(&url(&office, "/side")).unwrap();
    assert!(browser.text("h1").unwrap().contains("lukket"), "what is closed stays closed");
    let events: Vec<String> = runtime
        .block_on(open.private_events(EnquiryId(1)))
        .unwrap()
        .into_iter()
        .map(|one| one.what)
        .collect();
    assert_eq!(events, ["made", "refused", "opened", "left"], "every opening is in the log");
    // The browser notes every answer that is no success, such as an error that was shown on purpose.
    let said = browser.console().unwrap();
    let meant =
        |line: &String| ["422", "403"].iter().any(|status| line.contains(&format!("status of {status}")));
    assert!(said.iter().all(meant), "{said:?}");
}

#[test]
fn a_word_opens_the_page_and_the_citizen_writes_on() {
    open_by_word_and_write(&BrowserSettings::default());
}

#[test]
fn the_same_without_javascript() {
    open_by_word_and_write(&without_javascript());
}

#[test]
fn a_code_by_mail_opens_the_page_and_news_says_nothing() {
    let office = started("");
    let browser = browser(&BrowserSettings::default());
    let link = link_of_a_new_enquiry(&office, &browser, "", "daniel@post.example");
    browser.visit(&link).unwrap();
    assert_eq!(browser.count("#ord").unwrap(), 0, "no word was chosen");
    assert!(browser.text("fieldset").unwrap().contains("d···@p···.example"));
    browser.click("button.button-secondary").unwrap();
    browser.wait("#kode").unwrap();
    wait_until("the code is sent", || letters(&office).iter().any(|letter| letter.contains("Din kode er")));
    let letter = letters(&office).into_iter().find(|letter| letter.contains("Din kode er")).unwrap();
    let code: String = letter.split("Din kode er ").nth(1).unwrap().chars().take(6).collect();
    wait_until("the code is kept nowhere", || {
        let kept = office.sql("SELECT COALESCE(body, '') || COALESCE(sent_text, '') FROM outbox");
        kept.iter().all(|row| !row.contains(&code))
    });
    let wrong = if code == "000000" { "000001" } else { "000000" };
    browser.fill("#kode", wrong).unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait("#fejl").unwrap();
    browser.fill("#kode", &format!("{} {}", &code[..3], &code[3..])).unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait(".conversation").unwrap();

    let (runtime, open) = store(&office);
    let pages = Pages {
        public_url: url(&office, ""),
        by_email: Some(AnswerWay { channel: Channel::Email, account: String::new(), sender: None }),
        by_text: None,
        link_time: SignedDuration::from_hours(24),
        message_id_domain: "kommune.example".to_owned(),
    };
    let now = Clock::system().now();
    let answer = Answer { enquiry: EnquiryId(1), body: "Det er hemmeligt.", token: "t1" };
    let (_, told) = runtime.block_on(page_reply::answer(&open, &pages, &answer, None, now)).unwrap();
    assert!(matches!(told, Told::By(_)));
    wait_until("the news is sent", || letters(&office).iter().any(|letter| letter.contains("Der er nyt")));
    let news = letters(&office).into_iter().find(|letter| letter.contains("Der er nyt")).unwrap();
    assert!(!news.contains("hemmeligt") && !news.contains("fortroligt"), "{news}");
    // The link that it tells leads to the page, is another than the first, and stands nowhere any more.
    let told = news.split("/side/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    assert!(!link.ends_with(&told));
    wait_until("the link is kept nowhere", || {
        let kept = office.sql("SELECT COALESCE(body, '') || COALESCE(sent_text, '') FROM outbox");
        kept.iter().all(|row| !row.contains(&told))
    });
    assert_eq!(get(&office, &format!("/side/{told}")).status, 200);
    // A used code opens nothing.
    let other = super::browser(&BrowserSettings::default());
    other.visit(&link).unwrap();
    other.click("button.button-secondary").unwrap();
    other.wait("#kode").unwrap();
    other.fill("#kode", &code).unwrap();
    other.click("button.button-primary").unwrap();
    other.wait("#fejl").unwrap();
}

/// Villy has a telephone that can do texts, and his grandchild fills in the form.
#[test]
fn a_receipt_and_a_code_reach_a_telephone_through_a_real_gateway() {
    let (mut office, kannel) = crate::texts::office_with(|_| {});
    let web = office.web;
    office.settings =
        office.settings.replace("[web]\n", &format!("[web]\npublic_url = \"http://127.0.0.1:{web}\"\n"));
    office.settings += "\n[web_form]\nshortest_time = \"0s\"\n";
    office.start_up();
    let mut phone = kannel.phone().unwrap();
    let browser = browser(&without_javascript());
    browser.visit(&url(&office, "/")).unwrap();
    browser.fill("#besked", "Forstår ikke brevet fra kommunen").unwrap();
    browser.click("label[for=svar-sms]").unwrap();
    browser.fill("#telefon", "20 12 34 56").unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait(".caseno").unwrap();
    assert!(browser.text("main").unwrap().contains("kvittering på sms"));
    let reference = browser.text(".caseno").unwrap();
    let receipt = phone.wait_for(1, PATIENCE).unwrap().remove(0);
    assert_eq!(receipt.to, "+4520123456");
    assert!(receipt.text.contains(&reference) && receipt.text.contains("Svar senest"), "{}", receipt.text);

    let link = browser.text(".address").unwrap();
    browser.visit(&link).unwrap();
    assert!(browser.text("fieldset").unwrap().contains("·· ·· ·· 56"));
    browser.click("button.button-secondary").unwrap();
    browser.wait("#kode").unwrap();
    let texts = phone.wait_for(2, PATIENCE).unwrap();
    let code: String = texts.last().unwrap().text.split("er ").nth(1).unwrap().chars().take(6).collect();
    browser.fill("#kode", &code).unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait(".conversation").unwrap();
    // What he answers by text joins his enquiry, and is not shown on the page: whoever reads the page need not be him.
    phone.text("+4520123456", crate::texts::NUMBER, "Tak skal du have").unwrap();
    office.wait_for("dispositions.follow_up", 1);
    browser.reload().unwrap();
    assert!(!browser.text("main").unwrap().contains("Tak skal du have"));
}

#[test]
fn guessing_closes_the_link_and_says_nothing() {
    let office = started("");
    let browser = browser(&BrowserSettings::default());
    let link = link_of_a_new_enquiry(&office, &browser, "Grøn cykel", "");
    let path = link.split_once("/side/").unwrap().1.to_owned();
    let guess = |word: &str| {
        let body = format!("handling=ord&ord={word}");
        let request = format!(
            "POST /side/{path} HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nOrigin: http://127.0.0.1:{0}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {1}\r\n\r\n{body}",
            office.web,
            body.len()
        );
        super::exchange(office.web, request.as_bytes()).unwrap()
    };
    let statuses: Vec<u16> = (0..6).map(|number| guess(&format!("forkert{number}")).status).collect();
    assert_eq!(statuses, [422, 422, 422, 422, 429, 429]);
    assert_eq!(guess("gr%C3%B8n+cykel").status, 429, "closed is closed, also for the right word");
    // Links that never were look like links that are gone.
    for token in ["A".repeat(43), "x".to_owned(), "../../etc/passwd".to_owned(), "%00".to_owned()] {
        let answer = get(&office, &format!("/side/{token}"));
        assert_eq!(answer.status, 404, "{token}");
        assert!(!answer.body.contains("cykel"));
    }
}

#[test]
fn another_sites_form_opens_and_writes_nothing() {
    let office = started("");
    let browser = browser(&BrowserSettings::default());
    let link = link_of_a_new_enquiry(&office, &browser, "Grøn cykel", "");
    let path = format!("/side/{}", link.split_once("/side/").unwrap().1);
    let body = "handling=ord&ord=gr%C3%B8n+cykel";
    for from in ["Origin: https://evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n", "Origin: null\r\n"] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{from}Connection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            office.web,
            body.len()
        );
        let answer = super::exchange(office.web, request.as_bytes()).unwrap();
        assert_eq!((answer.status, answer.header("set-cookie")), (403, None));
    }
    for path in ["/side", "/side/samtykke", "/side/luk"] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: https://evil.example\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 14\r\n\r\nomraade=1&ja=1",
            office.web
        );
        assert_eq!(super::exchange(office.web, request.as_bytes()).unwrap().status, 403, "{path}");
    }
}

#[test]
fn writing_on_a_closed_enquirys_page_begins_another() {
    let office = started("");
    let browser = browser(&BrowserSettings::default());
    let link = link_of_a_new_enquiry(&office, &browser, "Grøn cykel", "rikke@holmgaard.example");
    office.damage(&["UPDATE enquiry SET state = 'closed', closed_at = 1"]);
    browser.visit(&link).unwrap();
    browser.fill("#ord", "grøn cykel").unwrap();
    browser.click("form:has(#ord) button").unwrap();
    browser.wait(".conversation").unwrap();
    browser.fill("#besked", "Nu er der noget nyt.").unwrap();
    browser.click("button.button-primary").unwrap();
    browser.wait(".alert-success").unwrap();
    let said = browser.text(".alert-success").unwrap();
    let references = office.sql("SELECT reference FROM enquiry ORDER BY id");
    assert!(references.len() == 2 && said.contains(&references[1]), "{said}");
    assert_eq!(office.sql("SELECT CAST(after_closing AS TEXT) FROM enquiry ORDER BY id"), ["0", "1"]);
    // And the next word on the page joins the new one: a third would be counted for nothing.
    browser.fill("#besked", "Og en ting til.").unwrap();
    browser.click("button.button-primary").unwrap();
    wait_until("it has joined", || office.count("dispositions.follow_up") == 1);
    assert_eq!(office.sql("SELECT reference FROM enquiry").len(), 2);
}
