//! Every text message word for word and counted, and the laws: never more segments than allowed, never cut, whoever
//! the office is and whatever the day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

use super::super::{Texts, files};
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
    let values = AckValues { reference: &reference, reply_by, closed, office, link: None, code: None };
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

/// The days of a year, each with a day to answer on, but of those whose names are equally long only one: dates hold no
/// letter that counts for more than one, so the others would count the same.
fn days_of_all_lengths(language: TextLanguage) -> Vec<(Date, Date)> {
    let mut days = BTreeMap::new();
    for through in date(2026, 1, 1).series(1.day()).take(365) {
        let reply_by = through + 8.days();
        let lengths = [through, reply_by].map(|day| {
            let written = written_short(day, language);
            let Measure { encoding, units, .. } = measure(&written);
            assert_eq!((encoding, units), (Encoding::Gsm7, written.chars().count()));
            units
        });
        days.insert(lengths, (through, reply_by));
    }
    days.into_values().collect()
}

#[rstest]
fn every_municipality_on_every_day_of_a_year_keeps_to_its_segments(
    #[values(TextLanguage::Danish, TextLanguage::English)] language: TextLanguage,
) {
    assert_eq!(municipalities().count(), 98);
    let days = days_of_all_lengths(language);
    let texts = Texts::load(None).unwrap();
    let reference = Reference::from_random(0);
    for municipality in municipalities() {
        let office = named(municipality);
        assert_eq!(check_short(&texts, &office), Ok(()));
        for &(through, reply_by) in &days {
            let closed = uncovered(through);
            for (which, closed, most) in [
                (ShortText::Acknowledgement, None, 2),
                (ShortText::Acknowledgement, Some(&closed), 2),
                (ShortText::Stopped, None, 1),
            ] {
                let values = AckValues {
                    reference: &reference,
                    reply_by,
                    closed,
                    office: &office,
                    link: None,
                    code: None,
                };
                let said = render_text(&texts, language, which, &values);
                let measure = measure(&said.text);
                assert_eq!(measure.encoding, Encoding::Gsm7, "{}", said.text);
                assert!(measure.segments <= most && measure.segments == said.segments, "{}", said.text);
            }
        }
    }
}

#[test]
fn no_municipality_is_called_by_half_its_name() {
    let halves = municipalities().filter_map(without_its_word).filter(|name| {
        let islands = ["Fanø", "Langeland", "Lolland", "Læsø", "Nordfyns", "Samsø", "Stevns", "Ærø"];
        let genitives = ["Københavns", "Vesthimmerlands"];
        islands.contains(&name.as_str()) || genitives.contains(&name.as_str())
    });
    assert_eq!(halves.count(), 0);
    assert_eq!(municipalities().filter_map(without_its_word).count(), 98 - 8);
}

#[test]
fn the_longest_days() {
    let written = |language| written_short(longest_day(language), language).len();
    assert_eq!(written(TextLanguage::Danish), "torsdag 24. september".len());
    assert_eq!(written(TextLanguage::English), "Wednesday 25 September".len());
}

/// The program's texts, of which `file` says something else in `language`.
fn with_own(language: TextLanguage, file: &str, text: &str) -> Texts {
    let sources = TextLanguage::ALL.map(|one| {
        let mut sources = files::embedded(one);
        for source in sources.iter_mut().filter(|source| one == language && source.file == file) {
            text.clone_into(&mut source.text);
        }
        sources
    });
    Texts::read(&sources, Vec::new()).unwrap()
}

/// An own text of a given length, and what the check says of it.
#[rstest]
#[case::fits("sms_acknowledgement.txt", &format!("{{ref}} {{dato}} {}", "a".repeat(306 - 35)), None)]
#[case::one_more(
    "sms_acknowledgement.txt", &format!("{{ref}} {{dato}} {}", "a".repeat(307 - 35)),
    Some("da/sms_acknowledgement.txt: is 307 characters long with the longest dates and the words of [office]; 2 \
          segments hold 306; make the text or those words shorter")
)]
#[case::counts_twice(
    "sms_acknowledgement.txt", &format!("{{ref}} {{dato}} €{}", "a".repeat(305 - 35)),
    Some("da/sms_acknowledgement.txt: is 307 characters long with the longest dates and the words of [office]; 2 \
          segments hold 306; make the text or those words shorter")
)]
#[case::plain("sms_acknowledgement.txt", &format!("{{ref}} {{dato}} –“’{}", "a".repeat(303 - 35)), None)]
#[case::accent_fits("sms_acknowledgement.txt", &format!("{{ref}} {{dato}} á{}", "a".repeat(133 - 35)), None)]
#[case::accent(
    "sms_acknowledgement.txt", &format!("{{ref}} {{dato}} á{}", "a".repeat(134 - 35)),
    Some("da/sms_acknowledgement.txt: is 135 characters long with the longest dates and the words of [office]; 2 \
          segments hold 134, because text messages lack the character 'á' and hold less with it; make the text or \
          those words shorter")
)]
#[case::closed_fits(
    "sms_closed.txt", &format!("{{ref}} {{dato}} {{luk}} {}", "a".repeat(306 - 57)), None
)]
#[case::closed(
    "sms_closed.txt", &format!("{{ref}} {{dato}} {{luk}} {}", "a".repeat(307 - 57)),
    Some("da/sms_closed.txt: is 307 characters long with the longest dates and the words of [office]; 2 segments hold \
          306; make the text or those words shorter")
)]
#[case::only_the_place_is_too_much(
    "sms_acknowledgement.txt", &format!("{{sted}} {{ref}} {{dato}} {0}\nellers: {{ref}} {{dato}} {0}", "a".repeat(306 - 35)),
    None
)]
#[case::the_alternative_is_the_long_one(
    "sms_acknowledgement.txt", &format!("{{sted}} {{ref}} {{dato}}\nellers: {{ref}} {{dato}} {}", "a".repeat(307 - 35)),
    None
)]
#[case::a_word_that_never_gives_way(
    "sms_acknowledgement.txt", &format!("{{kommune}} {{ref}} {{dato}} {0}\nellers: {{ref}} {{dato}} {0}", "a".repeat(306 - 35)),
    Some("da/sms_acknowledgement.txt: is 323 characters long with the longest dates and the words of [office]; 2 \
          segments hold 306; make the text or those words shorter")
)]
#[case::stopped_fits("sms_stopped.txt", &format!("START {}", "a".repeat(154)), None)]
#[case::stopped(
    "sms_stopped.txt", &format!("START {}", "a".repeat(155)),
    Some("da/sms_stopped.txt: is 161 characters long with the longest dates and the words of [office]; one segment \
          holds 160; make the text or those words shorter")
)]
fn own_texts_are_measured(#[case] file: &str, #[case] text: &str, #[case] expected: Option<&str>) {
    let texts = with_own(TextLanguage::Danish, file, text);
    let mistakes: Vec<String> = match check_short(&texts, &named("Eksempel Kommune")) {
        Ok(()) => Vec::new(),
        Err(error) => error.mistakes.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(mistakes, Vec::from_iter(expected));
}

#[rstest]
#[case::long(&"12 34 56 78 ".repeat(6), &["acknowledgement"])]
#[case::with_an_emoji("12 34 56 78 ☎", &["acknowledgement", "news"])]
fn an_office_that_cannot_be_said_is_refused_and_then_not_said(#[case] phone: &str, #[case] refused: &[&str]) {
    let office = placed("Eksempel", phone);
    let error = check_short(&Texts::load(None).unwrap(), &office).unwrap_err();
    let files: Vec<&str> = error.mistakes.iter().map(|mistake| mistake.file.as_str()).collect();
    let expected =
        ["da", "en"].map(|language| refused.iter().map(move |one| format!("{language}/sms_{one}.txt")));
    assert_eq!(files, expected.into_iter().flatten().collect::<Vec<_>>());
    for language in TextLanguage::ALL {
        let say = |office| said(language, ShortText::Acknowledgement, office, date(2026, 9, 24), None);
        assert_eq!(say(&office), say(&OfficeWords::default()));
    }
}

#[test]
fn a_value_of_which_nothing_is_seen_is_not_set() {
    for language in TextLanguage::ALL {
        let say = |office| said(language, ShortText::Acknowledgement, office, date(2026, 4, 14), None);
        assert_eq!(say(&placed("\u{200b}", "\u{ad}\u{a0}")), say(&OfficeWords::default()));
    }
}

#[test]
fn a_text_that_was_refused_is_never_cut() {
    let texts = with_own(
        TextLanguage::Danish,
        "sms_stopped.txt",
        &format!("START {{sted}} {0}\nSTART {0}", "a".repeat(200)),
    );
    let reference = Reference::from_random(0);
    let office = named("Eksempel Kommune");
    let values = AckValues {
        reference: &reference,
        reply_by: date(2026, 4, 14),
        closed: None,
        office: &office,
        link: None,
        code: None,
    };
    let said = render_text(&texts, TextLanguage::Danish, ShortText::Stopped, &values);
    assert_eq!((said.text.len(), said.segments), (206, 2));
}

#[test]
fn an_own_text_shows_in_its_own_version_only() {
    let own = with_own(TextLanguage::Danish, "sms_stopped.txt", "# As ever\nSTART");
    let embedded = Texts::load(None).unwrap();
    let versions = |texts: &Texts| {
        let languages = TextLanguage::ALL.map(|language| texts.of(language).clone());
        languages.map(|one| (one.letter.version, one.short.0.map(|text| text.version)))
    };
    let ([danish, english], [own_danish, own_english]) = (versions(&embedded), versions(&own));
    assert_eq!(own_english, english);
    assert_eq!(own_danish.0, danish.0);
    assert_eq!(own_danish.1[..2], danish.1[..2]);
    assert_ne!(own_danish.1[2], danish.1[2]);
    assert_eq!(own_danish.1[3..], danish.1[3..]);
    let all = [danish, english].map(|(letter, short)| [vec![letter], short.to_vec()].concat()).concat();
    assert_eq!(BTreeSet::from_iter(&all).len(), 12);
    assert!(all.iter().all(|version| version.len() == 19));
}

fn word() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop_oneof![
        any::<String>(),
        "[{}\r\n\t…’æáa€ ]{0,12}",
        "[a-zæøå0-9 ]{0,80}( Kommune)?",
        Just("{ref}".to_owned())
    ])
}

fn words() -> impl Strategy<Value = OfficeWords> {
    (word(), word(), word(), word(), word(), word()).prop_map(
        |(municipality, place, phone, phone_hours, secure_url, privacy_url)| OfficeWords {
            municipality,
            place,
            phone,
            phone_hours,
            secure_url,
            privacy_url,
        },
    )
}

proptest! {
    /// Whatever the office is called, and however it can be reached.
    #[test]
    fn our_own_texts_never_take_more_than_they_may(
        office in words(), is_closed: bool, bits: u64, day in 0_i32..20_000,
    ) {
        let texts = Texts::load(None).unwrap();
        let reference = Reference::from_random(bits);
        let reply_by = date(2020, 1, 1) + day.days();
        let closed = is_closed.then(|| uncovered(reply_by));
        let values = AckValues { reference: &reference, reply_by, closed: closed.as_ref(), office: &office, link: None, code: None };
        for language in TextLanguage::ALL {
            for (which, most) in [(ShortText::Acknowledgement, 2), (ShortText::Stopped, 1)] {
                let said = render_text(&texts, language, which, &values);
                prop_assert_eq!(measure(&said.text).encoding, Encoding::Gsm7);
                prop_assert_eq!(measure(&said.text).segments, said.segments);
                prop_assert!(said.segments <= most);
                let spoilt = said.text.contains(['{', '}']) || said.text.contains(char::is_control);
                prop_assert!(!spoilt && !said.text.contains("  ") && said.text.trim() == said.text);
                if which == ShortText::Acknowledgement {
                    prop_assert!(said.text.contains(reference.as_str()));
                    prop_assert!(said.text.contains(&written_short(reply_by, language)));
                }
            }
        }
    }

    /// Whatever a municipality writes: what the check lets pass keeps to its segments on every day.
    #[test]
    fn what_was_checked_fits(
        office in words(), with in "[aæ€]{100,260}á?[aæ€]{0,10}", without in "[a€]{60,270}á?", bits: u64,
        day in 0_i32..20_000,
    ) {
        let own = format!("{{sted}} {{ref}} {{dato}} {with}\nellers: {{ref}} {{dato}} {without}\n{{tlf}}");
        let texts = with_own(TextLanguage::Danish, "sms_acknowledgement.txt", &own);
        let checked = check_short(&texts, &office);
        let reference = Reference::from_random(bits);
        let reply_by = date(2020, 1, 1) + day.days();
        let values = AckValues { reference: &reference, reply_by, closed: None, office: &office, link: None, code: None };
        let said = render_text(&texts, TextLanguage::Danish, ShortText::Acknowledgement, &values);
        prop_assert!(checked.is_err() || said.segments <= 2);
        prop_assert!(said.text.contains(&with) || said.text.contains(&without));
    }
}
