//! The figures through the product: what citizens sent and the adviser did over half a year, and what the page says of it.

use indgang_peers::BrowserSettings;

use super::pages::Eyes;
use super::{PASSWORD, account, look, send, sign_in};
use crate::support::{Office, wait_until};
use crate::web_form::{Part, browser, exchange, office, post, token, url};

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
    assert!(eyes.found.is_empty(), "{:#?}", eyes.found);
}
