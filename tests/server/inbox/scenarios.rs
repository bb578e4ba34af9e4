//! DOMAIN's scenarios T2 to T6 whole: from what the citizen sends, through real servers, to what the adviser closes.

use indgang_peers::{BrowserSettings, Clamd, Dovecot, Key, Postfix};

use super::{account, enter, letter, look, numbered, send, sign_in, words};
use crate::support::{OURS, Office, PATIENCE, text, to, wait_until};
use crate::web_form::{browser, letters, started, url};

const AREAS: &str = "[[office.areas]]\nid = 1\nname = \"Skole\"\nfrom = \"2022-06-01\"\n\
    [[office.areas]]\nid = 2\nname = \"Handicap\"\nfrom = \"2022-06-01\"\n\
    [[office.areas]]\nid = 3\nname = \"Bolig\"\nfrom = \"2022-06-01\"\n\n[database]";

/// An office whose letters come from Dovecot and go out through Postfix.
fn with_mail(dovecot: &Dovecot, postfix: &Postfix, more: &str) -> Office {
    let mut office = Office::with(dovecot, postfix);
    office.settings = office.settings.replace("[database]", AREAS);
    let public = format!("[web]\npublic_url = \"http://127.0.0.1:{}\"\n", office.web);
    office.settings = office.settings.replace("[web]\n", &public) + more;
    office.start_up();
    office
}

/// T2: three matters in one letter, one file named with a CPR number, one infected.
#[test]
fn a_letter_of_three_areas_becomes_three_enquiries_under_one_number() {
    let (dovecot, postfix, clamd) =
        (Dovecot::start().unwrap(), Postfix::start().unwrap(), Clamd::start().unwrap());
    let more = format!(
        "[files]\nclamav = \"{}\"\n[inbox]\nundo = \"0s\"\n\
         [[inbox.departments]]\nname = \"Skole\"\naddress = \"skole@kommune.example\"\narea = 1\n\
         [[inbox.departments]]\nname = \"Handicap\"\naddress = \"handicap@kommune.example\"\narea = 2\n",
        clamd.socket().display()
    );
    let office = with_mail(&dovecot, &postfix, &more);
    let eicar = String::from_utf8(Clamd::eicar()).unwrap();
    let file = |name: &str, body: &str| {
        format!(
            "--b\r\nContent-Type: text/plain; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{body}\r\n"
        )
    };
    let raw = format!(
        "Return-Path: <sabina@post.example>\r\nFrom: Sabina <sabina@post.example>\r\nTo: {OURS}\r\n\
         Subject: Skole, handicap og bolig 010170-0000\r\nMessage-ID: <t2@post.example>\r\nDate: {}\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nJeg har tre sager.\r\n{}{}{}--b--\r\n",
        crate::support::DATE,
        file("afgoerelse 010170-0000.txt", "Afgørelsen"),
        file("faktura.txt", &eicar),
        file("billede.txt", "Et billede")
    );
    dovecot.deliver("borger", raw.as_bytes()).unwrap();
    let acknowledged = postfix.wait_for(1, PATIENCE).unwrap();
    let said = text(to(&acknowledged, "sabina@post.example")[0]);
    assert!(!said.contains("tre sager") && !said.contains("010170") && !said.contains("faktura"), "{said}");
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let list = look(&office, "/indbakke", &gitte).body;
    assert!(!list.contains("010170-0000") && list.contains("bolig"), "masked in the list");
    let id: i64 = office.sql("SELECT CAST(id AS TEXT) FROM enquiry").remove(0).parse().unwrap();
    let page = look(&office, &format!("/indbakke/h/{id}"), &gitte).body;
    assert!(page.contains("Virusscanneren fandt"), "the file is marked, in Danish");
    // The infected file is only downloaded, the harmless one may be looked at; both as they came.
    let files = |number: u8| look(&office, &format!("/indbakke/h/{id}/besked/1/fil/{number}"), &gitte);
    assert!(files(1).header("content-disposition").unwrap().starts_with("attachment"));
    assert_eq!(files(1).body.trim(), eicar.trim());
    assert!(files(2).header("content-disposition").unwrap().starts_with("inline"));
    let original = look(&office, &format!("/indbakke/h/{id}/besked/1/original"), &gitte).body;
    assert!(original.contains("010170-0000"), "the original is unaltered");
    // It is found by its file's name as well.
    let asked = send(&office, "/indbakke/soeg", &gitte, "q=faktura");
    wait_until("it is searchable", || {
        look(&office, asked.header("location").unwrap(), &gitte).body.contains(&format!("/indbakke/h/{id}"))
    });
    // Three areas, three enquiries, one number for the citizen.
    assert_eq!(send(&office, &format!("/indbakke/h/{id}/trin"), &gitte, "omraade=1").status, 303);
    let split = send(&office, &format!("/indbakke/h/{id}/opdel"), &gitte, "til=2&til=3");
    assert_eq!(split.status, 303, "{}", split.body);
    let counted = office.sql(
        "SELECT COUNT(*) || ' ' || COUNT(DISTINCT area_id) || ' ' || COUNT(DISTINCT enquirer_id) FROM enquiry",
    );
    assert_eq!(counted, ["3 3 1"]);
    assert_eq!(office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM message"), ["1"]);
    // Consent for the school alone: disability stays blocked.
    let of_area = |area: &str| -> i64 {
        let lines = office.sql("SELECT area_id || ' ' || id FROM enquiry");
        let line = lines.iter().find(|line| line.starts_with(&format!("{area} "))).unwrap();
        line.split(' ').nth(1).unwrap().parse().unwrap()
    };
    let consent = "omraade=1&hvordan=said&omfang=M%C3%B8de";
    assert_eq!(send(&office, &format!("/indbakke/h/{id}/samtykke"), &gitte, consent).status, 303);
    let contact = |area: &str, department: u8| {
        let path = format!("/indbakke/h/{}/videresend", of_area(area));
        send(&office, &path, &gitte, &format!("forvaltning={department}&besked=Ring+til+borgeren")).status
    };
    assert_eq!((contact("1", 0), contact("2", 1)), (303, 422));
    let gone = postfix.wait_for(2, PATIENCE).unwrap();
    assert_eq!(to(&gone, "skole@kommune.example").len(), 1);
    assert!(to(&gone, "handicap@kommune.example").is_empty());
    // Answered and closed, part by part; her answers carry one number.
    for area in ["2", "3", "1"] {
        let path = |end: &str| format!("/indbakke/h/{}/{end}", of_area(area));
        let answer = format!("handling=send&set=0&via=email%3Asabina%40post.example&tekst=Svar+om+{area}");
        assert_eq!(send(&office, &path("svar"), &gitte, &answer).status, 303, "{area}");
        let closed = send(&office, &path("afslut"), &gitte, "form=email&velkommen=sagt");
        assert_eq!(closed.status, 303, "{area}: {}", closed.body);
    }
    let gone = postfix.wait_for(5, PATIENCE).unwrap();
    let reference = office.sql("SELECT reference FROM enquiry WHERE part = 0").remove(0);
    let answers: Vec<String> = to(&gone, "sabina@post.example")
        .into_iter()
        .map(|mail| mail.header("Subject").unwrap_or_default() + &text(mail))
        .collect();
    assert_eq!(answers.len(), 4);
    assert!(answers.iter().all(|said| said.contains(&reference)), "{answers:?}");
    assert_eq!(office.sql("SELECT state FROM enquiry"), ["closed"; 3]);
    let ledger = office.ledger();
    assert_eq!(
        (ledger["received"].as_u64(), ledger["acknowledgements"]["sent"].as_u64()),
        (Some(1), Some(1))
    );
}

/// T3: Daniel writes in English by the form and leaves a telephone number; the adviser reads it, calls, and closes.
#[test]
fn an_english_form_is_read_answered_by_telephone_and_closed() {
    let office = started("");
    let citizen = browser(&BrowserSettings { language: "en-GB", ..BrowserSettings::default() });
    citizen.visit(&url(&office, "/en")).unwrap();
    citizen.fill("#besked", "I cannot read the letter about my cane.").unwrap();
    citizen.fill("#telefon", "20123456").unwrap();
    citizen.click("main .button-primary").unwrap();
    citizen.wait(".caseno").unwrap();
    assert!(citizen.text("main").unwrap().contains("Reply by"));
    let adviser = browser(&BrowserSettings::default());
    enter(&office, &adviser, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    adviser.write("j").unwrap();
    adviser.press(Key::Enter).unwrap();
    adviser.wait("#emne").unwrap();
    // A screen reader speaks the letter with an English voice.
    assert_eq!(adviser.attribute(".msg.in .body", "lang").unwrap(), "en");
    assert!(adviser.text(".facts").unwrap().contains("20 12 34 56"));
    let id: i64 = office.sql("SELECT CAST(id AS TEXT) FROM enquiry").remove(0).parse().unwrap();
    let gitte = sign_in(&office, &account(&office, "anna@kommune.example", "Anna Berg", &[]));
    let call = "slags=call&tekst=Read+the+letter+aloud&minutter=10&besvaret=1";
    assert_eq!(send(&office, &format!("/indbakke/h/{id}/note"), &gitte, call).status, 303);
    let closed = send(&office, &format!("/indbakke/h/{id}/afslut"), &gitte, "form=call&velkommen=sagt");
    assert_eq!(closed.status, 303);
    let said = office.sql(
        "SELECT intake_channel || ' ' || primary_contact_form || ' ' || state || ' ' || language FROM enquiry",
    );
    assert_eq!(said, ["web call closed en"]);
}

/// T4: an employee asks for sparring. It leaves the enquiries, without a closing message; a citizen who is referred counts
/// when she calls.
#[test]
fn sparring_is_no_enquiry_and_a_referral_counts_when_she_calls() {
    let office = started("");
    words(&office, "Karsten <karsten@kommune.example>", "Sparring", "t4", "Vil du se på mit brev?");
    let id = numbered(&office, "Sparring");
    wait_until("the acknowledgement has gone", || letters(&office).len() == 1);
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let step = |body: &str| send(&office, &format!("/indbakke/h/{id}/trin"), &gitte, body).status;
    assert_eq!(step("formaal=sparring"), 303);
    assert_eq!(office.sql("SELECT purpose FROM enquiry"), ["sparring"]);
    let list = look(&office, "/indbakke?visning=sparring", &gitte).body;
    assert!(list.contains("Karsten"), "it has a view of its own");
    // A mistake is put right as easily.
    assert_eq!((step("formaal=enquiry"), step("formaal=sparring")), (303, 303));
    let closed = send(&office, &format!("/indbakke/h/{id}/afslut"), &gitte, "form=email&velkommen=sagt");
    assert_eq!(closed.status, 303, "{}", closed.body);
    assert_eq!(letters(&office).len(), 1, "no closing message");
    // He refers a citizen: only a note, until she calls.
    let note = "slags=note&tekst=Henviser+en+borger";
    assert_eq!(send(&office, &format!("/indbakke/h/{id}/note"), &gitte, note).status, 303);
    assert_eq!(office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM enquiry WHERE purpose = 'enquiry'"), ["0"]);
    let call = "slags=call&hvem=20+12+34+56&tekst=Henvist+af+Karsten";
    assert_eq!(send(&office, "/indbakke/ny", &gitte, call).status, 303);
    assert_eq!(office.sql("SELECT intake_channel FROM enquiry WHERE purpose = 'enquiry'"), ["call"]);
}

/// T5 through real servers: after closing, an answer to the old thread is a new item; another area counts, the same matter
/// does not.
#[test]
fn an_answer_after_closing_is_acknowledged_and_the_adviser_chooses() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let office = with_mail(&dovecot, &postfix, "[inbox]\nundo = \"0s\"\n");
    let mail = |id: &str, subject: &str, thread: &str, body: &str| {
        dovecot
            .deliver("borger", &crate::support::letter("sabina@post.example", id, subject, thread, body))
            .unwrap();
    };
    mail("t5a@post.example", "Skolen", "", "Skolen svarer ikke på mine breve.");
    let first = postfix.wait_for(1, PATIENCE).unwrap();
    let thread = format!("In-Reply-To: {}\r\n", first[0].header("Message-ID").unwrap());
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let id = numbered(&office, "Skolen");
    let closing = "form=email&velkommen=skrevet&set=0&via=email%3Asabina%40post.example&\
         tekst=Du+er+altid+velkommen+til+at+henvende+dig+igen.";
    let closed = send(&office, &format!("/indbakke/h/{id}/afslut"), &gitte, closing);
    assert_eq!(closed.status, 303, "{}", closed.body);
    let welcome = postfix.wait_for(2, PATIENCE).unwrap();
    assert!(welcome.iter().any(|mail| text(mail).contains("velkommen til at henvende dig igen")));
    mail("t5b@post.example", "Sv: Skolen", &thread, "Nu er der noget nyt.");
    let three = postfix.wait_for(3, PATIENCE).unwrap();
    assert_eq!(to(&three, "sabina@post.example").len(), 3, "it is acknowledged as new");
    let second = numbered(&office, "Sv: Skolen");
    let list = look(&office, "/indbakke", &gitte).body;
    assert!(list.contains("Efter afslutning"), "it is marked");
    // Another matter: it stays an enquiry of its own.
    assert_eq!(send(&office, &format!("/indbakke/h/{second}/trin"), &gitte, "omraade=2").status, 303);
    assert_eq!(office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM enquiry WHERE joined_into IS NULL"), ["2"]);
    // The same matter after all: reopened, the count is as before, and both closings are kept.
    let joined =
        send(&office, &format!("/indbakke/h/{second}/saml"), &gitte, &format!("til={id}&valg=genaabn"));
    assert_eq!(joined.status, 303, "{}", joined.body);
    let again = send(&office, &format!("/indbakke/h/{id}/afslut"), &gitte, "form=email&velkommen=sagt");
    assert_eq!(again.status, 303, "{}", again.body);
    assert_eq!(office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM enquiry WHERE joined_into IS NULL"), ["1"]);
    assert_eq!(office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM closing"), ["2"]);
}

/// T6: the substitute sees what came in his time and what is granted, and nothing when it is over.
#[test]
fn a_substitute_sees_new_enquiries_and_those_that_are_granted() {
    let office = started("");
    words(&office, "Birthe <birthe@post.example>", "Gammel", "gl", "Noget fra før ferien.");
    office.damage(&["UPDATE enquiry SET first_contact_at = first_contact_at - 864000000"]);
    let old = numbered(&office, "Gammel");
    let today = indgang::domain::calendar::local(indgang::clock::Clock::system().now()).date();
    let (from, through) = (today.to_string(), today.tomorrow().unwrap().to_string());
    let time = ["--role", "substitute", "--from", &from, "--through", &through];
    let gitte = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    let ole = sign_in(&office, &account(&office, "ole@kommune.example", "Ole Vikar", &time));
    words(&office, "Villy <villy@post.example>", "Ny", "ny", "Noget fra ferien.");
    let new = numbered(&office, "Ny");
    // The appeal deadline rises to the top.
    words(&office, "Anne <anne@post.example>", "Haster", "frist", "Jeg har en klagefrist.");
    let urgent = numbered(&office, "Haster");
    let deadline = format!("klagefrist={}", today.tomorrow().unwrap());
    assert_eq!(send(&office, &format!("/indbakke/h/{urgent}/trin"), &ole, &deadline).status, 303);
    let list = look(&office, "/indbakke?visning=alle", &ole).body;
    let at = |what: &str| list.find(&format!("/indbakke/h/{what}"));
    assert!(at(&urgent.to_string()) < at(&new.to_string()) && at(&new.to_string()).is_some());
    assert!(at(&old.to_string()).is_none() && !list.contains("før ferien"));
    let status = |id: i64| look(&office, &format!("/indbakke/h/{id}"), &ole).status;
    assert_eq!((status(new), status(old)), (200, 404));
    // Granted by name, for a while.
    let accounts = office.sql("SELECT CAST(id AS TEXT) FROM account WHERE login = 'ole@kommune.example'");
    let grant = format!("konto={}&ja=1", accounts[0]);
    let granted = send(&office, &format!("/indbakke/h/{old}/adgang"), &gitte, &grant);
    assert_eq!(granted.status, 303, "{}", granted.body);
    assert_eq!(status(old), 200);
    // His out-of-office sender is stored and never answered.
    wait_until("the three are acknowledged", || letters(&office).len() >= 3);
    let before = letters(&office).len();
    letter(
        &office,
        "Villy <villy@post.example>",
        "Automatisk svar: Ferie",
        "auto",
        "Auto-Submitted: auto-replied\r\nContent-Type: text/plain; charset=utf-8\r\n",
        "Jeg er på ferie.",
    );
    assert_eq!(office.ledger()["dispositions"]["automatic"], 1);
    // When his time is over, so is his session.
    office.damage(&["UPDATE account SET until_at = 1 WHERE login = 'ole@kommune.example'"]);
    assert_eq!(look(&office, "/indbakke", &ole).status, 401);
    let log = look(&office, "/indbakke/log", &gitte).body;
    assert!(log.contains("Ole Vikar"), "what he did stays visible");
    assert_eq!(letters(&office).len(), before, "a machine is never answered");
}
