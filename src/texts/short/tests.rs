//! Every text message word for word and counted, and the laws: never more segments than allowed, never cut, whoever
//! the office is and whatever the day.

use jiff::ToSpan;
use jiff::civil::date;
use rstest::rstest;

use super::super::Texts;
use super::*;

/// One a line; lines that begin with `#` are notes.
const MUNICIPALITIES: &str = include_str!("../testdata/danish-municipalities.txt");

fn municipalities() -> impl Iterator<Item = &'static str> {
    MUNICIPALITIES.lines().filter(|line| !line.starts_with('#'))
}

fn named(municipality: &str) -> OfficeWords {
    OfficeWords {
        municipality: Some(municipality.to_owned()),
        phone: Some("12 34 56 78".to_owned()),
        ..OfficeWords::default()
    }
}

fn placed(place: &str, phone: &str) -> OfficeWords {
    OfficeWords { place: Some(place.to_owned()), phone: Some(phone.to_owned()), ..named("Eksempel Kommune") }
}

fn uncovered(through: Date) -> Closed {
    Closed { through, substitute: None }
}

fn said(
    language: TextLanguage,
    which: ShortText,
    office: &OfficeWords,
    reply_by: Date,
    closed: Option<&Closed>,
) -> RenderedText {
    let reference = Reference::from_random(0);
    let values = AckValues { reference: &reference, reply_by, closed, office };
    let mut rendered = render_text(&Texts::load(None).unwrap(), language, which, &values);
    rendered.text = rendered.text.replace(reference.as_str(), "7K3M-9WPT-4J");
    rendered
}

/// The acknowledgements with the lengths that it counted, with values that give them.
#[rstest]
#[case::danish(
    TextLanguage::Danish,
    date(2026, 4, 17),
    None,
    299,
    "Borgerrådgiveren i Brønderslev har modtaget din besked, nr. 7K3M-9WPT-4J. Svar senest fredag 17. april. \
     Klagefrister løber videre. Skriv ikke cpr-nr. eller følsomme ting i sms. Jeg er uvildig, har tavshedspligt og \
     kan vejlede, men ikke ændre afgørelser. Vil du tale sammen eller mødes? Ring 12345678"
)]
#[case::english(
    TextLanguage::English,
    date(2026, 5, 1),
    None,
    285,
    "The Citizens' Adviser in Brønderslev has your message, no. 7K3M-9WPT-4J. Reply by Friday 1 May. Appeal \
     deadlines keep running. Don't text your CPR no. or sensitive details. I am impartial, bound by confidentiality \
     and can guide you, not change decisions. To talk or meet, call 12345678"
)]
#[case::danish_closed(
    TextLanguage::Danish,
    date(2027, 1, 11),
    Some(uncovered(date(2027, 1, 3))),
    279,
    "Borgerrådgiveren i Brønderslev har modtaget din besked, nr. 7K3M-9WPT-4J, men har lukket til og med søndag 3. \
     januar. Svar senest mandag 11. januar. Klagefrister løber videre: Er din frist før, så følg klagevejledningen i \
     afgørelsen. Skriv ikke cpr-nr. i sms. Akut fare: ring 112"
)]
#[case::english_closed(
    TextLanguage::English,
    date(2026, 5, 11),
    Some(uncovered(date(2026, 5, 1))),
    265,
    "The Citizens' Adviser in Brønderslev has your message, no. 7K3M-9WPT-4J, but is closed through Friday 1 May. \
     Reply by Monday 11 May. Appeal deadlines keep running: if yours is sooner, follow the decision's appeal \
     instructions. Don't text your CPR no. Emergency: 112"
)]
fn the_acknowledgement_word_for_word(
    #[case] language: TextLanguage,
    #[case] reply_by: Date,
    #[case] closed: Option<Closed>,
    #[case] length: usize,
    #[case] expected: &str,
) {
    let office = placed("Brønderslev", "12345678");
    let said = said(language, ShortText::Acknowledgement, &office, reply_by, closed.as_ref());
    assert_eq!(said.text, expected);
    let measure = measure(&said.text);
    assert_eq!((measure.encoding, measure.units, measure.segments), (Encoding::Gsm7, length, 2));
    assert_eq!(said.segments, 2);
}

#[rstest]
#[case::danish(
    TextLanguage::Danish,
    "Du får ikke flere automatiske sms'er fra borgerrådgiveren i Eksempel Kommune. Dine beskeder bliver stadig læst. \
     Send START for at få automatiske sms'er igen"
)]
#[case::english(
    TextLanguage::English,
    "You will get no more automatic texts from the Citizens' Adviser in Eksempel Kommune. Your messages are still read. \
     Send START to get automatic texts again"
)]
fn the_confirmation_of_stop_word_for_word(#[case] language: TextLanguage, #[case] expected: &str) {
    let day = date(2026, 4, 14);
    let closed = uncovered(day);
    for closed in [None, Some(&closed)] {
        let said = said(language, ShortText::Stopped, &named("Eksempel Kommune"), day, closed);
        assert_eq!((said.text.as_str(), said.segments), (expected, 1));
    }
}

#[test]
fn a_substitute_answers_as_ever() {
    let closed = Closed { through: date(2027, 1, 3), substitute: Some("Ole Eksempel".to_owned()) };
    for language in TextLanguage::ALL {
        let say = |closed| {
            let office = named("Eksempel Kommune");
            said(language, ShortText::Acknowledgement, &office, date(2027, 1, 4), closed)
        };
        assert_eq!(say(Some(&closed)), say(None));
        assert_ne!(say(Some(&uncovered(closed.through))), say(None));
    }
}

/// What stands between «Borgerrådgiveren» and «har modtaget», with the longest and a short date.
#[rstest]
#[case::short_enough(named("Ry Kommune"), " i Ry Kommune", " i Ry Kommune")]
#[case::too_long(named("Hjørring Kommune"), " i Hjørring Kommune", " i Hjørring")]
#[case::in_small_letters(named("Hjørring kommune"), " i Hjørring kommune", " i Hjørring")]
#[case::genitive(named("Københavns Kommune"), " i Københavns Kommune", " i København")]
#[case::genitive_too_long(named("Vesthimmerlands Kommune"), " i Vesthimmerland", "")]
#[case::island(named("Langeland Kommune"), " i Langeland Kommune", "")]
#[case::no_such_word(named("Bornholms Regionskommune"), "", "")]
#[case::nothing_else(named("Kommune"), " i Kommune", " i Kommune")]
#[case::word_first(named("Kommune Eksempel"), " i Kommune Eksempel", " i Eksempel")]
#[case::place(placed("Vendsyssel", "12 34 56 78"), " i Vendsyssel", " i Vendsyssel")]
#[case::place_of_60(placed(&"Langstrup".repeat(7)[..60], "12 34 56 78"), " i Eksempel", " i Eksempel")]
#[case::place_with_an_accent(placed("Klampenbørg á", "12 34 56 78"), " i Eksempel", " i Eksempel")]
#[case::typographic(placed("Nr.\u{a0}Ø–by", "12 34 56 78"), " i Nr. Ø-by", " i Nr. Ø-by")]
#[case::decomposed(placed("A\u{30a}ker", "12 34 56 78"), " i Åker", " i Åker")]
#[case::nothing(OfficeWords::default(), "", "")]
fn the_place_is_shortened_and_then_left_out(
    #[case] office: OfficeWords,
    #[case] short_date: &str,
    #[case] long_date: &str,
) {
    for (day, place) in [(date(2026, 5, 1), short_date), (date(2026, 9, 24), long_date)] {
        let said = said(TextLanguage::Danish, ShortText::Acknowledgement, &office, day, None);
        let expected =
            format!("Borgerrådgiveren{place} har modtaget din besked, nr. 7K3M-9WPT-4J. Svar senest ");
        assert!(said.text.starts_with(&expected), "{}", said.text);
        assert_eq!((said.segments, measure(&said.text).encoding), (2, Encoding::Gsm7));
    }
}

/// The days of a year, each with a day to answer on, but of those whose names are equally long in both languages only
/// one: dates hold no letter that counts for more than one, so the others would count the same.
fn days_of_all_lengths() -> Vec<(Date, Date)> {
    let mut days = std::collections::BTreeMap::new();
    for through in date(2026, 1, 1).series(1.day()).take(365) {
        let reply_by = through + 8.days();
        let lengths = [through, reply_by].map(|day| {
            TextLanguage::ALL.map(|language| {
                let written = written_short(day, language);
                let Measure { encoding, units, .. } = measure(&written);
                assert_eq!((encoding, units), (Encoding::Gsm7, written.chars().count()));
                units
            })
        });
        days.insert(lengths, (through, reply_by));
    }
    days.into_values().collect()
}

#[test]
fn every_municipality_on_every_day_of_a_year_keeps_to_its_segments() {
    assert_eq!(municipalities().count(), 98);
    let days = days_of_all_lengths();
    let texts = Texts::load(None).unwrap();
    let reference = Reference::from_random(0);
    for municipality in municipalities() {
        let office = named(municipality);
        assert_eq!(check_short(&texts, &office), Ok(()));
        for &(through, reply_by) in &days {
            let closed = uncovered(through);
            for language in TextLanguage::ALL {
                for (which, closed, most) in [
                    (ShortText::Acknowledgement, None, 2),
                    (ShortText::Acknowledgement, Some(&closed), 2),
                    (ShortText::Stopped, None, 1),
                ] {
                    let values = AckValues { reference: &reference, reply_by, closed, office: &office };
                    let said = render_text(&texts, language, which, &values);
                    let measure = measure(&said.text);
                    assert_eq!(measure.encoding, Encoding::Gsm7, "{}", said.text);
                    assert!(measure.segments <= most && measure.segments == said.segments, "{}", said.text);
                }
            }
        }
    }
}
