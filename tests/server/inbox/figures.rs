//! The figures through the product: what citizens sent and the adviser did over half a year, and what the page says of it.

use indgang_peers::BrowserSettings;

use super::pages::Eyes;
use super::{PASSWORD, account, look, send, sign_in};
use crate::support::{Office, wait_until};
use crate::web_form::{Part, browser, exchange, letters, office, post, token, url};

const SECRET: &str = "q7VwYxkT2mB9dLcR4sNfHjG6pZaE1uKo";

/// The areas that survive in the source report, and how many enquiries each had. Sixteen of the sixty stand in none.
const AREAS: [(&str, usize); 5] = [
    ("Undervisning", 12),
    ("Handicap", 14),
    ("Borgerservice", 12),
    ("Kultur-Teknik-Miljø", 3),
    ("Øvrige", 3),
];
const ALL: usize = 60;

/// An office as it was in June 2022, with a way in for each channel.
fn of_2022() -> Office {
    let mut office = office(&format!(
        "[inbox]\nsession = \"24h\"\nundo = \"0s\"\n[statistics]\nsms_part_ore = 35\nsince = \"2022-06-01\"\n\
         [sms.accounts.tekst]\ngateway = \"kannel\"\nnumbers = [\"1204\"]\nbase_url = \"http://127.0.0.1:9\"\n\
         public_url = \"http://127.0.0.1:9\"\nuser = \"u\"\npassword = \"p\"\npath_secret = \"{SECRET}\"\n"
    ));
    let begin = office.settings.find("[[office.areas]]").unwrap();
    let end = office.settings.find("[database]").unwrap();
    let areas: String = AREAS
        .iter()
        .enumerate()
        .map(|(at, (name, _))| {
            format!("[[office.areas]]\nid = {}\nname = \"{name}\"\nfrom = \"2022-06-01\"\n", at + 1)
        })
        .collect();
    office.settings.replace_range(begin..end, &(areas + "\n"));
    office.set_time("2022-06-01 06:00:00");
    office.start_up();
    office
}

/// Signs in again after a night.
fn again(office: &Office) -> String {
    let body = format!("bruger=gitte%40kommune.example&kode={}", PASSWORD.replace(' ', "+"));
    let answer = send(office, "/indbakke/log-ind", "", &body);
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

fn newest(office: &Office) -> i64 {
    office.sql("SELECT CAST(COALESCE(MAX(id), 0) AS TEXT) FROM enquiry").remove(0).parse().unwrap()
}

/// The citizen number `at` makes contact; the enquiry.
fn contact(office: &Office, at: usize, cookie: &str) -> i64 {
    let before = newest(office);
    match at % 4 {
        0 => super::words(
            office,
            &format!("Borger {at} <borger{at}@post.example>"),
            &format!("Sag {at}"),
            &format!("sag{at}"),
            "Jeg har fået et brev fra kommunen, som jeg ikke forstår.",
        ),
        1 => {
            let call = format!(
                "slags=call&hvem=20+10+{:02}+{:02}&titel=Sag+{at}&tekst=Ringer+om+et+brev",
                at / 100,
                at % 100
            );
            assert_eq!(send(office, "/indbakke/ny", cookie, &call).status, 303);
        }
        2 => {
            let token = token(office);
            let text = format!("Sag {at}. Jeg vil gerne vide, hvordan jeg klager.");
            let answer = post(
                office,
                "/",
                &[
                    Part::Text("token", &token),
                    Part::Text("besked", &text),
                    Part::Text("email", &format!("borger{at}@post.example")),
                ],
            );
            assert!(answer.status == 303, "{}", answer.body);
        }
        _ => {
            let request = format!(
                "GET /sms/tekst/{SECRET}/in?id=t{at}&from=%2B4530{at:06}&to=1204&text=Sag+{at}&coding=0&charset=UTF-8 HTTP/1.1\r\n\
                 Host: 127.0.0.1\r\nConnection: close\r\n\r\n"
            );
            assert_eq!(exchange(office.web, request.as_bytes()).unwrap().status, 200);
        }
    }
    wait_until("the enquiry is there", || newest(office) > before);
    newest(office)
}

/// The figures of 2022 as the source report has them: 60 enquiries, June to December.
fn source() -> (Office, String) {
    let mut office = of_2022();
    let link = account(&office, "gitte@kommune.example", "Gitte Holm", &[]);
    sign_in(&office, &link);
    let areas = AREAS.iter().enumerate().flat_map(|(at, (_, count))| std::iter::repeat_n(at + 1, *count));
    let areas: Vec<usize> = areas.chain(std::iter::repeat_n(0, ALL)).take(ALL).collect();
    for month in 0..7 {
        let of_month: Vec<usize> = (0..ALL).filter(|at| at % 7 == month).collect();
        office.set_time(&format!("2022-{:02}-08 09:30:00", month + 6));
        let cookie = again(&office);
        let ids: Vec<i64> = of_month.iter().map(|at| contact(&office, *at, &cookie)).collect();
        // Some days later she has answered, and closes them.
        office.set_time(&format!("2022-{:02}-{:02} 12:00:00", month + 6, 9 + 2 * month));
        let cookie = again(&office);
        for (at, id) in of_month.iter().zip(ids) {
            let kind = if at % 5 < 3 { "afgraenset" } else { "aaben" };
            let area = areas[*at];
            let area = if area == 0 { String::new() } else { format!("&omraade={area}") };
            let step = format!("type={kind}&opgaver=1&opgave=understand&temaer=brev{area}");
            assert_eq!(send(&office, &format!("/indbakke/h/{id}/trin"), &cookie, &step).status, 303);
            // The last ones stay open over the year's end.
            if month < 6 {
                let form = ["email", "call", "meeting", "sms", "web"][at % 5];
                let closed = send(
                    &office,
                    &format!("/indbakke/h/{id}/afslut"),
                    &cookie,
                    &format!("form={form}&velkommen=sagt"),
                );
                assert_eq!(closed.status, 303, "{}", closed.body);
            }
        }
    }
    office.set_time("2023-01-16 09:00:00");
    let cookie = again(&office);
    (office, cookie)
}

/// The rows of a table of the page: head and cells.
fn table(page: &str, caption: &str) -> Vec<Vec<String>> {
    let at = page.find(&format!("<caption>{caption}")).unwrap_or_else(|| panic!("no table {caption}"));
    let table = &page[at..at + page[at..].find("</table>").unwrap()];
    let strip = |cell: &str| {
        let mut text = String::new();
        let mut inside = false;
        for letter in cell.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                _ if !inside => text.push(letter),
                _ => {}
            }
        }
        text.trim().to_owned()
    };
    let rows = table.split("<tr>").skip(1);
    rows.map(|row| {
        let cells = row.split("</t").map(|cell| cell.rsplit_once("<t").map_or(cell, |(_, cell)| cell));
        cells.filter_map(|cell| cell.split_once('>').map(|(_, text)| strip(text))).collect()
    })
    .map(|row: Vec<String>| row.into_iter().filter(|cell| !cell.is_empty()).collect())
    .collect()
}

/// S7: the figures that survive of the source report, from what citizens sent to the page.
#[test]
fn the_source_report_is_what_the_page_says() {
    let (office, cookie) = source();
    let path = "/indbakke/statistik?fra=2022-06-01&til=2022-12-31";
    let page = look(&office, path, &cookie);
    assert_eq!(page.status, 200);
    let area = table(&page.body, "Forvaltningsområde og type");
    let counted = |name: &str| -> Vec<String> {
        let row = area.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("{name}: {area:?}"));
        row[1..].to_vec()
    };
    for (name, count) in AREAS {
        assert_eq!(counted(name)[2], count.to_string(), "{name}: {area:?}");
    }
    assert_eq!(counted("Uoplyst")[2], "16");
    let total: Vec<i64> = counted("I alt")[..3].iter().map(|cell| cell.parse().unwrap()).collect();
    assert_eq!(total[2], ALL as i64);
    assert!(total[0] > total[1], "afgrænset is larger than åben");
    let forms = table(&page.body, "Primær kontaktform");
    for form in ["E-mail", "Telefon", "Webformular", "Sms", "Møde"] {
        let row = forms.iter().find(|row| row[0] == form).unwrap();
        assert!(row[1].parse::<i64>().unwrap() > 0, "{forms:?}");
    }
    assert!(page.body.contains("ikke nødvendigvis ensbetydende med, at der er problemer"), "S8");
    assert!(page.body.contains("Tallene dækker en del af et år"), "a part of a year says so");
    assert!(page.body.contains("Der er ingen sammenligning"), "nothing is invented to compare with");
    assert!(!page.body.contains("stemmer ikke"), "every table adds up");
    let browser = browser(&BrowserSettings::default());
    browser.visit(&url(&office, "/indbakke/log-ind")).unwrap();
    browser.fill("#bruger", "gitte@kommune.example").unwrap();
    browser.fill("#kode", PASSWORD).unwrap();
    browser.click("button.primary").unwrap();
    browser.wait("#visning").unwrap();
    let mut eyes = Eyes::default();
    browser.visit(&url(&office, path)).unwrap();
    browser.wait("#channels").unwrap();
    eyes.look(&browser, "statistics");
    workbook(&office, path, &cookie);
    commands(&office);
    report(&office, &cookie);
    for (path, name) in [
        ("/indbakke/beretning?aar=2022", "report"),
        ("/indbakke/aktiviteter?aar=2022", "activities"),
        ("/indbakke/historik", "history"),
    ] {
        browser.visit(&url(&office, path)).unwrap();
        browser.wait("#indhold").unwrap();
        eyes.look(&browser, name);
    }
    assert!(eyes.found.is_empty(), "{:#?}", eyes.found);
}

/// The same figures in the files: the workbook as LibreOffice reads it, CSV, JSON and the pictures.
fn workbook(office: &Office, path: &str, cookie: &str) {
    let query = path.split_once('?').unwrap().1;
    let get =
        |format: &str| bytes(office, &format!("/indbakke/statistik/hent?format={format}&{query}"), cookie);
    let folder = office.folder.path().join("workbook");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("source.xlsx");
    std::fs::write(&file, get("xlsx")).unwrap();
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures/source.xlsx");
    std::fs::copy(&file, kept).unwrap();
    // Every sheet as a file of its own, with semicolons, in UTF-8.
    let said = std::process::Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()))
        .args([
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1",
        ])
        .arg("--outdir")
        .arg(&folder)
        .arg(&file)
        .output()
        .expect("Debian's package libreoffice-calc-nogui is installed");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let sheet = |name: &str| {
        let file = folder.join(format!("source-{name}.csv"));
        std::fs::read_to_string(&file).unwrap_or_else(|_| {
            panic!(
                "no sheet {name}: {:?}",
                std::fs::read_dir(&folder).unwrap().map(|one| one.unwrap().file_name()).collect::<Vec<_>>()
            )
        })
    };
    let total = |text: &str, name: &str, at: usize| -> String {
        let line = text.lines().find(|line| line.split(';').next() == Some(name));
        line.unwrap_or_else(|| panic!("{name}: {text}")).split(';').nth(at).unwrap_or_default().to_owned()
    };
    let area = sheet("Forvaltningsområde og type");
    let csv = String::from_utf8(get("csv")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&get("json")).unwrap();
    let rows =
        json["figures"].as_array().unwrap().iter().find(|one| one["key"] == "area").unwrap()["rows"].clone();
    for (name, count) in AREAS.into_iter().chain([("Uoplyst", 16)]) {
        assert_eq!(total(&area, name, 3), count.to_string(), "{area}");
        assert!(csv.lines().any(|line| line.starts_with(&format!("{name};"))
            && line.split(';').nth(3) == Some(&count.to_string())));
        let row = rows.as_array().unwrap().iter().find(|row| row["head"] == name).unwrap();
        assert_eq!(row["values"][2]["value"], count);
    }
    assert_eq!(total(&area, "I alt", 3), "60");
    assert!(area.contains("Tre områder står for over halvdelen"));
    assert!(sheet("Overblik").contains("60"));
    let png = bytes(office, &format!("/indbakke/statistik/billede/area.png?{query}"), cookie);
    assert!(png.starts_with(b"\x89PNG"));
    let svg =
        String::from_utf8(bytes(office, &format!("/indbakke/statistik/billede/area.svg?{query}"), cookie))
            .unwrap();
    assert!(svg.contains("Handicap"));
    assert_eq!(look(office, "/indbakke/statistik/billede/nothing.png", cookie).status, 404);
    assert_eq!(look(office, "/indbakke/statistik/hent?format=exe", cookie).status, 404);
}

/// The same from the command line.
fn commands(office: &Office) {
    let run = |arguments: &[&str]| {
        let output = office.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let of = ["report", "--from", "2022-06-01", "--to", "2022-12-31", "--format"];
    let csv = String::from_utf8(run(&[&of[..], &["csv"]].concat())).unwrap();
    assert!(csv.contains("Handicap;8;6;14;"), "{csv}");
    let text = String::from_utf8(run(&[&of[..], &["text", "--language", "en"]].concat())).unwrap();
    assert!(text.contains("Handicap") && text.contains("What are the enquiries about?"));
    let hidden = String::from_utf8(run(&[&of[..], &["csv", "--hide-below", "4"]].concat())).unwrap();
    assert!(hidden.contains("Øvrige;skjult"), "{hidden}");
    let file = office.folder.path().join("report.pdf");
    run(&[&of[..], &["pdf", "--output", file.to_str().unwrap()]].concat());
    assert!(std::fs::read(&file).unwrap().starts_with(b"%PDF"));
    // Earlier years: what is wrong is said by line, and nothing is half in.
    let template = String::from_utf8(run(&["history", "template"])).unwrap();
    let earlier = office.folder.path().join("earlier.csv");
    let path = earlier.to_str().unwrap();
    let right = "2021-06-02;;sms;;Handicap;;;;;;;;;4\n";
    std::fs::write(&earlier, format!("{template}{right}2021-02-30;;sms;;;;;;;;;;;\n")).unwrap();
    for command in ["check", "import"] {
        let refused = office.run(&["history", command, path]);
        let said = String::from_utf8_lossy(&refused.stdout).into_owned();
        assert!(!refused.status.success(), "{said}");
        assert!(said.contains("dato: must be a date") && said.contains("Nothing was brought in"), "{said}");
    }
    std::fs::write(&earlier, format!("{template}{right}2021-07-02;;telefon;;;;;;;;;;;16\n")).unwrap();
    run(&["history", "check", path]);
    let said = String::from_utf8(run(&["history", "import", path])).unwrap();
    assert!(said.contains("20 enquiries"), "{said}");
    assert!(!office.run(&["history", "import", path]).status.success(), "not twice");
    let list = String::from_utf8(run(&["history", "list"])).unwrap();
    let number = list.split_whitespace().next().unwrap().to_owned();
    run(&["history", "remove", &number]);
}

/// What stands in a file of the report, as another program reads it.
fn printed(office: &Office, cookie: &str, asked: &str) -> String {
    let bytes = bytes(office, &format!("/indbakke/beretning/hent?{asked}"), cookie);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    let file = folder.join(if asked.contains("sprog=en") { "source-en.pdf" } else { "source-da.pdf" });
    std::fs::write(&file, bytes).unwrap();
    let said = std::process::Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output();
    let said = said.expect("Debian's package poppler-utils is installed");
    assert!(said.status.success());
    String::from_utf8_lossy(&said.stdout).into_owned()
}

/// The bytes of a file that the inbox gives.
fn bytes(office: &Office, path: &str, cookie: &str) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", office.web)).unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n",
        office.web
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    assert!(all.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&all[..all.len().min(300)]));
    let body = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    all.split_off(body)
}

/// The report of the year: the adviser's words, paper in two languages, and a year that is closed stays what it was.
fn report(office: &Office, cookie: &str) {
    let words = "aar=2022&udgave=0&handling=gem&forord=Bag+hvert+tal+er+en+borger.&underskrift=Gitte+Holm&kan=vejlede%0D%0Alytte\
                 &tal_area=De+fleste+handler+om+f%C3%A5+omr%C3%A5der.&sag_titel_1=Et+m%C3%B8de&sag_tekst_1=Det+l%C3%B8ste+mere.";
    assert_eq!(send(office, "/indbakke/beretning", cookie, words).status, 303);
    let stale = send(office, "/indbakke/beretning", cookie, &words.replace("Bag+hvert", "Bagved+hvert"));
    assert_eq!(stale.status, 409);
    assert!(stale.body.contains("Bagved hvert tal"), "nothing that was typed is lost");
    let activity = "dag=2022-09-14&slags=talk&deltagere=25&note=Aeldreraadet";
    assert_eq!(send(office, "/indbakke/aktiviteter", cookie, activity).status, 303);
    assert_eq!(send(office, "/indbakke/aktiviteter", cookie, "dag=2099-01-01&slags=talk").status, 422);
    let danish = printed(office, cookie, "aar=2022&sprog=da&format=pdf");
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let danish = one_line(&danish);
    for expected in [
        "Handicap 14",
        "Undervisning 12",
        "Borgerservice 12",
        "Kultur-Teknik-Miljø 3",
        "Øvrige 3",
        "Uoplyst 16",
        "Bag hvert tal er en borger.",
        "De fleste handler om få områder.",
        "Et møde",
        "Oplæg 1",
        "ikke nødvendigvis ensbetydende med, at der er problemer",
    ] {
        let found = danish.contains(expected)
            || expected.rsplit_once(' ').is_some_and(|(head, count)| {
                // In the table the parts stand between the head and the total.
                danish.match_indices(head).any(|(at, _)| {
                    danish[at + head.len()..].split_whitespace().take(3).any(|word| word == count)
                })
            });
        assert!(found, "{expected}: {danish}");
    }
    let english = one_line(&printed(office, cookie, "aar=2022&sprog=en&format=pdf"));
    assert!(english.contains("What are the enquiries about?") && english.contains("Not known"), "{english}");
    let page =
        String::from_utf8(bytes(office, "/indbakke/beretning/hent?aar=2022&format=html", cookie)).unwrap();
    assert!(page.contains("Handicap") && !page.contains("http://") && !page.contains("src=\"https:"));
    let text =
        String::from_utf8(bytes(office, "/indbakke/beretning/hent?aar=2022&format=text", cookie)).unwrap();
    assert!(text.contains("Bag hvert tal er en borger."));
    // Closed, the year says what was published although an enquiry changes its area.
    assert_eq!(send(office, "/indbakke/beretning", cookie, "aar=2022&handling=luk").status, 303);
    let of_year = "/indbakke/statistik?fra=2022-01-01&til=2022-12-31";
    assert!(look(office, of_year, cookie).body.contains("Tallene i dag ville være de samme."));
    let other = office.sql("SELECT CAST(MIN(id) AS TEXT) FROM enquiry WHERE area_id = 2").remove(0);
    assert_eq!(send(office, &format!("/indbakke/h/{other}/trin"), cookie, "omraade=3").status, 303);
    let page = look(office, of_year, cookie).body;
    let handicap =
        table(&page, "Forvaltningsområde og type").into_iter().find(|row| row[0] == "Handicap").unwrap();
    assert_eq!(handicap[3], "14", "what was published stays");
    assert!(page.contains("Tallene i dag ville være anderledes"), "and it is said that today's differ");
    assert!(page.contains("14 offentliggjort, 13 i dag"));
    let half = look(office, "/indbakke/statistik?fra=2022-06-01&til=2022-12-31", cookie).body;
    let handicap =
        table(&half, "Forvaltningsområde og type").into_iter().find(|row| row[0] == "Handicap").unwrap();
    assert_eq!(handicap[3], "13", "another period is of today");
    assert_eq!(send(office, "/indbakke/beretning", cookie, "aar=2022&handling=aabn").status, 303);
    let page = look(office, of_year, cookie).body;
    assert!(!page.contains("offentliggjort"));
}

/// The table of a month goes out by mail once it is over, once; and a person who is erased leaves the figures as they were.
#[test]
fn the_month_is_mailed_and_a_person_is_forgotten() {
    let mut office = office(
        "[inbox]\nsession = \"24h\"\nundo = \"0s\"\n[statistics]\nmail_to = [\"direktion@kommune.example\"]\nmail_day = 3\n",
    );
    office.set_time("2026-04-14 09:00:00");
    office.start_up();
    let link = account(&office, "gitte@kommune.example", "Gitte Holm", &[]);
    let cookie = sign_in(&office, &link);
    super::words(&office, "Sabina <sabina@post.example>", "Skolen", "s1", "Min helt egen sag");
    wait_until("it is there", || newest(&office) == 1);
    let path = |end: &str| format!("/indbakke/h/1/{end}");
    assert_eq!(send(&office, &path("slet"), &cookie, "sikker=1").status, 409, "not while it is open");
    wait_until("the acknowledgement is gone", || {
        office.sql("SELECT CAST(COUNT(*) AS TEXT) FROM outbox WHERE state = 'sent'") == ["1"]
    });
    assert_eq!(send(&office, &path("afslut"), &cookie, "form=email&velkommen=sagt").status, 303);
    assert_eq!(send(&office, &path("slet"), &cookie, "").status, 422, "not by a slip");
    let of_april = "/indbakke/statistik?fra=2026-04-01&til=2026-04-30";
    let before = table(&look(&office, of_april, &cookie).body, "Henvendelser, borgere og beskeder");
    assert_eq!(send(&office, &path("slet"), &cookie, "sikker=1").status, 303);
    let page = look(&office, "/indbakke/h/1", &cookie).body;
    assert!(!page.contains("Sabina") && !page.contains("Min helt egen sag"), "nothing of her is shown");
    assert_eq!(table(&look(&office, of_april, &cookie).body, "Henvendelser, borgere og beskeder"), before);
    assert!(!before.is_empty() && office.ledger()["mistakes"].as_array().is_none_or(Vec::is_empty));
    // On the third of May, April goes out: once, although the server starts twice.
    let mailed = |office: &Office| {
        letters(office)
            .into_iter()
            .filter(|letter| letter.starts_with("Borgerrådgiverens tal for"))
            .collect::<Vec<_>>()
    };
    wait_until("March is mailed, which is over", || mailed(&office).len() == 1);
    for _ in 0..2 {
        office.stop();
        office.set_time("2026-05-03 07:00:00");
        office.start_up();
        wait_until("April is mailed", || mailed(&office).len() == 2);
    }
    let april = mailed(&office).into_iter().find(|letter| letter.contains("april 2026")).unwrap();
    assert!(april.contains("Henvendelser: 1 (1 borgere") && !april.contains("Sabina"), "{april}");
    let raw = std::fs::read_dir(office.folder.path().join("sent")).unwrap().flatten();
    let raw: Vec<String> =
        raw.map(|one| String::from_utf8_lossy(&std::fs::read(one.path()).unwrap()).into_owned()).collect();
    let april = raw.iter().find(|letter| letter.contains("tal-2026-04.csv")).unwrap();
    assert!(april.contains("tal-2026-04.xlsx") && april.contains("Auto-Submitted"));
    assert!(april.contains("direktion@kommune.example"));
}
