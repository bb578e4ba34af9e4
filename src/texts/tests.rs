//! Every variant of the acknowledgement word for word, laws of rendering, and a table of spoilt files.

use std::path::{Path, PathBuf};

use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn office() -> OfficeWords {
    let set = |text: &str| Some(text.to_owned());
    OfficeWords {
        municipality: set("Eksempel Kommune"),
        place: set("Eksempel"),
        phone: set("12 34 56 78"),
        phone_hours: set("mandag-torsdag 9-15"),
        secure_url: set("https://kommune.example/sikker"),
        privacy_url: set("https://kommune.example/data"),
    }
}

fn closed(substitute: Option<&str>) -> Closed {
    Closed { through: date(2027, 1, 3), substitute: substitute.map(str::to_owned) }
}

fn rendered(language: TextLanguage, office: &OfficeWords, closed: Option<&Closed>) -> Rendered {
    let reference = Reference::from_random(0);
    let values = AckValues {
        reference: &reference,
        reply_by: date(2026, 2, 16),
        closed,
        office,
        link: None,
        code: None,
    };
    render(&Texts::load(None).unwrap(), language, LetterText::Acknowledgement, &values)
}

const DANISH: &str = "Hej.

Borgerrådgiveren i Eksempel Kommune har modtaget din henvendelse. Dette er et automatisk svar.

<closed>Du får et personligt svar senest mandag den 16. februar 2026. Når jeg det ikke, skriver jeg inden.

Jeg er uvildig og har tavshedspligt. Jeg kan vejlede, rådgive og hjælpe dialogen i gang. Jeg fører ikke tilsyn og kan ikke ændre afgørelser.

Har du fået en afgørelse? Klagefristen løber videre, også mens du venter på mig. Følg klagevejledningen i afgørelsen.

Send ikke cpr-nummer eller følsomme oplysninger i almindelig mail eller sms. Brug https://kommune.example/sikker, eller ring.

Vil du hellere tale sammen eller mødes? Ring 12 34 56 78 (mandag-torsdag 9-15).

Skriver du igen, lægges det til <ref> uden nyt automatisk svar. Ved akut fare: ring 112.

Om dine oplysninger: https://kommune.example/data
";

const ENGLISH: &str = "Hello.

The Citizens' Adviser in Eksempel Kommune has received your enquiry. This is an automatic reply.

<closed>You will get a personal reply by Monday 16 February 2026. If I cannot, I will write before then.

I am impartial and bound by confidentiality. I can guide, advise and help start a dialogue. I have no supervisory power and cannot change decisions.

Received a decision? The appeal deadline keeps running while you wait for me. Follow the decision's appeal instructions.

Do not send your CPR number or sensitive details by ordinary email or SMS. Use https://kommune.example/sikker, or call.

Prefer to talk or meet? Call 12 34 56 78 (mandag-torsdag 9-15).

Further messages join <ref> without another automatic reply. In an emergency call 112.

About your data: https://kommune.example/data
";

#[rstest]
#[case::danish(TextLanguage::Danish, None, "")]
#[case::danish_uncovered(
    TextLanguage::Danish,
    Some(closed(None)),
    "Kontoret er lukket til og med søndag den 3. januar 2027. Ingen læser beskeder før da.\n\n"
)]
#[case::danish_covered(
    TextLanguage::Danish,
    Some(closed(Some("Ole Eksempel"))),
    "Kontoret er lukket til og med søndag den 3. januar 2027. Ole Eksempel læser beskeder imens.\n\n"
)]
#[case::english(TextLanguage::English, None, "")]
#[case::english_uncovered(
    TextLanguage::English,
    Some(closed(None)),
    "The office is closed through Sunday 3 January 2027. Nobody reads messages until then.\n\n"
)]
#[case::english_covered(
    TextLanguage::English,
    Some(closed(Some("Ole Eksempel"))),
    "The office is closed through Sunday 3 January 2027. Ole Eksempel reads messages in the meantime.\n\n"
)]
fn the_acknowledgement_word_for_word(
    #[case] language: TextLanguage,
    #[case] closed: Option<Closed>,
    #[case] sentence: &str,
) {
    let reference = Reference::from_random(0);
    let (subject, body) = match language {
        TextLanguage::Danish => ("Din henvendelse er modtaget – ", DANISH),
        TextLanguage::English => ("Your enquiry has been received – ", ENGLISH),
    };
    let letter = rendered(language, &office(), closed.as_ref());
    assert_eq!(letter.subject, format!("{subject}{}", reference.as_str()));
    assert_eq!(letter.body, body.replace("<closed>", sentence).replace("<ref>", reference.as_str()));
}

#[test]
fn sentences_without_their_values_become_others_or_go() {
    let reference = Reference::from_random(0);
    let nothing = rendered(TextLanguage::Danish, &OfficeWords::default(), None).body;
    let expected = DANISH
        .replace("<closed>", "")
        .replace("<ref>", reference.as_str())
        .replace(" i Eksempel Kommune", "")
        .replace("Brug https://kommune.example/sikker, eller ring.", "Ring i stedet.")
        .replace("Ring 12 34 56 78 (mandag-torsdag 9-15).", "Så skriv det.")
        .replace("\n\nOm dine oplysninger: https://kommune.example/data", "");
    assert_eq!(nothing, expected);

    let phone = OfficeWords { phone_hours: None, ..office() };
    assert!(rendered(TextLanguage::Danish, &phone, None).body.contains(" Ring 12 34 56 78.\n"));
    assert!(rendered(TextLanguage::English, &phone, None).body.contains(" Call 12 34 56 78.\n"));
    let call = OfficeWords { secure_url: None, ..office() };
    assert!(rendered(TextLanguage::English, &call, None).body.contains(" or SMS. Call instead.\n"));
}

#[rstest]
#[case(None, TextLanguage::Danish, TextLanguage::Danish)]
#[case(None, TextLanguage::English, TextLanguage::English)]
#[case(Some("und"), TextLanguage::English, TextLanguage::English)]
#[case(Some(""), TextLanguage::Danish, TextLanguage::Danish)]
#[case(Some("da"), TextLanguage::English, TextLanguage::Danish)]
#[case(Some("da-DK"), TextLanguage::English, TextLanguage::Danish)]
#[case(Some("nb"), TextLanguage::English, TextLanguage::Danish)]
#[case(Some("NN"), TextLanguage::English, TextLanguage::Danish)]
#[case(Some("sv_SE"), TextLanguage::English, TextLanguage::Danish)]
#[case(Some("fo"), TextLanguage::English, TextLanguage::Danish)]
#[case(Some("kl"), TextLanguage::English, TextLanguage::Danish)]
#[case(Some("en"), TextLanguage::Danish, TextLanguage::English)]
#[case(Some("de"), TextLanguage::Danish, TextLanguage::English)]
#[case(Some("is"), TextLanguage::Danish, TextLanguage::English)]
#[case(Some("ar"), TextLanguage::Danish, TextLanguage::English)]
fn the_language_of_the_answer(
    #[case] letter: Option<&str>,
    #[case] default: TextLanguage,
    #[case] expected: TextLanguage,
) {
    let letter = letter.map(|code| Language(code.to_owned()));
    assert_eq!(choose_language(letter.as_ref(), default), expected);
}

#[rstest]
#[case(date(2026, 2, 16), "mandag den 16. februar 2026", "Monday 16 February 2026")]
#[case(date(2026, 4, 14), "tirsdag den 14. april 2026", "Tuesday 14 April 2026")]
#[case(date(2028, 2, 29), "tirsdag den 29. februar 2028", "Tuesday 29 February 2028")]
#[case(date(2027, 1, 3), "søndag den 3. januar 2027", "Sunday 3 January 2027")]
#[case(date(2026, 12, 5), "lørdag den 5. december 2026", "Saturday 5 December 2026")]
fn dates_written(#[case] day: Date, #[case] danish: &str, #[case] english: &str) {
    assert_eq!(written_out(day, TextLanguage::Danish), danish);
    assert_eq!(written_out(day, TextLanguage::English), english);
    let year = format!(" {}", day.year());
    assert_eq!(written_short(day, TextLanguage::Danish), danish.replace(" den ", " ").replace(&year, ""));
    assert_eq!(written_short(day, TextLanguage::English), english.replace(&year, ""));
}

#[test]
fn a_language_reads_back() {
    for language in TextLanguage::ALL {
        assert_eq!(TextLanguage::parse(language.as_str()), Some(language));
    }
    assert_eq!(TextLanguage::parse("de"), None);
}

fn value() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop_oneof![any::<String>(), "[{}\r\n\tæa ]{0,12}", Just("{ref}".to_owned())])
}

proptest! {
    #[test]
    fn no_value_can_spoil_a_letter(
        municipality in value(), place in value(), phone in value(), phone_hours in value(), secure_url in value(),
        privacy_url in value(), substitute in value(), is_closed: bool, bits: u64, day in 0_i32..20_000,
    ) {
        let office = OfficeWords { municipality, place, phone, phone_hours, secure_url, privacy_url };
        let reply_by = date(2020, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
        let closed = is_closed.then_some(Closed { through: reply_by, substitute });
        let reference = Reference::from_random(bits);
        let texts = Texts::load(None).unwrap();
        for language in TextLanguage::ALL {
            let values = AckValues {
                reference: &reference, reply_by, closed: closed.as_ref(), ..AckValues::new(&reference, reply_by, &office)
            };
            let letter = render(&texts, language, LetterText::Acknowledgement, &values);
            for text in [&letter.subject, &letter.body] {
                let spoilt = text.contains(['{', '}', '\r']);
                prop_assert!(!spoilt);
                prop_assert!(text.contains(reference.as_str()));
            }
            prop_assert!(!letter.subject.chars().any(char::is_control));
            prop_assert!(!letter.body.chars().any(|c| c.is_control() && c != '\n'));
            prop_assert!(letter.body.contains(&written_out(reply_by, language)));
            prop_assert!(!letter.body.contains("\n\n\n") && letter.body.ends_with('\n'));
            prop_assert!(!letter.body.lines().any(|line| line.starts_with(' ') || line.ends_with(' ')));
        }
    }

    #[test]
    fn any_file_is_read_without_panic(text in "(?s)([\\[\\]{}#:a-z \n\r]|emne:|ellers:|\\{ref\\}|\\PC){0,60}") {
        let mut mistakes = Vec::new();
        let template = Template::parse("x", &text, &mut mistakes);
        let filled = template.paragraphs(&|_| Some("v".to_owned()), &|_| Vec::new()).join("\n");
        let spoilt = filled.contains(['{', '}']);
        prop_assert!(!spoilt);
    }
}

/// A folder for the operator's texts, with the English files `name` ← `text`.
struct Folder(PathBuf);

impl Folder {
    fn new(case: &str, name: &str, text: &[u8]) -> Self {
        let root = std::env::temp_dir().join(format!("indgang-texts-{}-{case}", std::process::id()));
        std::fs::create_dir_all(root.join("en")).unwrap();
        std::fs::write(root.join("en").join(name), text).unwrap();
        Self(root)
    }

    /// The mistakes, with the folder's own path left out.
    fn mistakes(&self) -> Vec<String> {
        let root = format!("{}/", self.0.display());
        match Texts::load(Some(&self.0)) {
            Ok(_) => Vec::new(),
            Err(error) => {
                error.mistakes.iter().map(|mistake| mistake.to_string().replace(&root, "")).collect()
            }
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const WORDS: &str = "{ref}, {dato}, {kommune}, {sted}, {tlf}, {tlf_tid}, {sikker_url}, {privat_url}, {luk}, {stedfortræder}, {link}, {kode}";

#[rstest]
#[case::unknown_word(
    "role.txt", "# note\nI am {navn}.",
    &["en/role.txt line 2: {navn} is not a word that can be filled in; there are <words>"]
)]
#[case::citizens_subject(
    "acknowledgement.txt", "emne: Re: {emne} {ref}",
    &["en/acknowledgement.txt line 1: {emne} is not a word that can be filled in; there are <words>"]
)]
#[case::stray_braces(
    "role.txt", "One } here.\nAnd {ref here.\nAnd {{ref}}.",
    &["en/role.txt line 1: has a stray brace; braces stand only around a word such as {ref}",
      "en/role.txt line 2: has a stray brace; braces stand only around a word such as {ref}",
      "en/role.txt line 3: has a stray brace; braces stand only around a word such as {ref}",
      "en/role.txt line 3: has a stray brace; braces stand only around a word such as {ref}"]
)]
#[case::empty("safe.txt", "# only a note\n\n", &["en/safe.txt: is empty"])]
#[case::may_vanish(
    "talk.txt", "Call {tlf}.",
    &["en/talk.txt: every line needs a value that can be unset, so nothing might be left; add a line without one"]
)]
#[case::closed_without_date(
    "closed.txt", "The office is closed.",
    &["en/closed.txt: must hold {luk}, the last day on which the office is closed"]
)]
#[case::block_in_block(
    "role.txt", "I help.\n[SAFE]", &["en/role.txt: is itself a block, and cannot put in another"]
)]
#[case::block_with_subject(
    "role.txt", "subject: Role\nI help.",
    &["en/role.txt line 1: a block has no subject; only acknowledgement.txt has one"]
)]
#[case::unknown_block(
    "acknowledgement.txt", "[ROLES]",
    &["en/acknowledgement.txt line 1: does not name a block; there are [CLOSED], [ROLE], [DEADLINE], [SAFE], \
       [TALK], [PRIVACY]"]
)]
#[case::twice(
    "acknowledgement.txt", "[ROLE]\n[ROLE]",
    &["en/acknowledgement.txt line 2: puts in the block [ROLE] a second time"]
)]
#[case::lonely_alternative(
    "role.txt", "I help.\n\notherwise: I do not.",
    &["en/role.txt line 3: is an alternative, but there is no line right before it"]
)]
#[case::empty_alternative(
    "role.txt", "I help {tlf}.\notherwise:", &["en/role.txt line 2: gives no text after the colon"]
)]
#[case::two_subjects(
    "acknowledgement.txt", "subject: {ref}\nsubject: {ref}",
    &["en/acknowledgement.txt line 2: is a second subject; keep one"]
)]
#[case::tab(
    "role.txt", "I\thelp.", &["en/role.txt line 1: holds a control character (a tab, perhaps); use blanks"]
)]
#[case::nothing_mandatory(
    "acknowledgement.txt", "subject: Hello {kommune}\nHello {ref}, {kommune}.",
    &["en/acknowledgement.txt line 1: the subject must hold {ref}",
      "en/acknowledgement.txt line 1: the subject may hold only {ref} and {dato}: other values can be unset",
      "en/acknowledgement.txt: must hold {ref} below the subject, in a line without words that can be unset",
      "en/acknowledgement.txt: must hold {dato} below the subject, in a line without words that can be unset",
      "en/acknowledgement.txt: must put in the block [CLOSED]",
      "en/acknowledgement.txt: must put in the block [ROLE]",
      "en/acknowledgement.txt: must put in the block [DEADLINE]",
      "en/acknowledgement.txt: must put in the block [SAFE]",
      "en/acknowledgement.txt: must put in the block [TALK]"]
)]
#[case::no_subject(
    "acknowledgement.txt", "{ref} {dato}\n[CLOSED]\n[ROLE]\n[DEADLINE]\n[SAFE]\n[TALK]",
    &["en/acknowledgement.txt: has no subject; a line must begin with \"emne:\" or \"subject:\""]
)]
#[case::misnamed(
    "rolle.txt", "I help.",
    &["en/rolle.txt: is not one of the texts; there are acknowledgement.txt, closed.txt, role.txt, deadline.txt, \
       safe.txt, talk.txt, privacy.txt, news.txt, code.txt, sms_acknowledgement.txt, sms_closed.txt, sms_stopped.txt, sms_news.txt, sms_code.txt"]
)]
#[case::text_message_as_a_letter(
    "sms_acknowledgement.txt", "subject: {ref}\n{ref} {dato}\n[ROLE]",
    &["en/sms_acknowledgement.txt line 1: a text message has no subject",
      "en/sms_acknowledgement.txt: is a whole text message, and cannot put in a block"]
)]
#[case::text_message_without_certain_words(
    "sms_acknowledgement.txt", "{sted}: {ref}.\notherwise: Hello.\nCall {tlf}\notherwise: by {dato}",
    &["en/sms_acknowledgement.txt: must hold {ref} in a line without words that can be unset, or in one and in all \
       its alternatives, the last without such words",
      "en/sms_acknowledgement.txt: must hold {dato} in a line without words that can be unset, or in one and in all \
       its alternatives, the last without such words"]
)]
#[case::text_message_that_can_vanish(
    "sms_acknowledgement.txt", "{sted}: {ref} by {dato}.\notherwise: {kommune}: {ref} by {dato}.",
    &["en/sms_acknowledgement.txt: must hold {ref} in a line without words that can be unset, or in one and in all \
       its alternatives, the last without such words",
      "en/sms_acknowledgement.txt: must hold {dato} in a line without words that can be unset, or in one and in all \
       its alternatives, the last without such words"]
)]
#[case::text_message_of_the_substitute(
    "sms_acknowledgement.txt", "{ref}, {dato}.\n{stedfortræder} reads through {luk}.\notherwise: I read.",
    &["en/sms_acknowledgement.txt line 2: {luk} has no value in this text",
      "en/sms_acknowledgement.txt line 2: {stedfortræder} has no value in this text"]
)]
#[case::text_message_of_a_closed_office(
    "sms_closed.txt", "{ref}: by {dato}",
    &["en/sms_closed.txt: must hold {luk} in a line without words that can be unset, or in one and in all its \
       alternatives, the last without such words"]
)]
#[case::stopped(
    "sms_stopped.txt", "No more texts about {ref}. STARTED again by start",
    &["en/sms_stopped.txt line 1: {ref} has no value in this text",
      "en/sms_stopped.txt: must say START, which brings the automatic texts back, in a line without words that can \
       be unset"]
)]
#[case::empty_text_message(
    "sms_stopped.txt", "# START",
    &["en/sms_stopped.txt: must say START, which brings the automatic texts back, in a line without words that can \
       be unset"]
)]
fn spoilt_files(#[case] name: &str, #[case] text: &str, #[case] expected: &[&str]) {
    let case = format!("{name}-{}", text.len());
    let expected: Vec<String> = expected.iter().map(|sentence| sentence.replace("<words>", WORDS)).collect();
    assert_eq!(Folder::new(&case, name, text.as_bytes()).mistakes(), expected);
}

#[test]
fn a_file_that_is_not_utf8_is_named_with_its_line() {
    let folder = Folder::new("latin1", "role.txt", b"One.\nI am f\xf8lsom.\n");
    assert_eq!(folder.mistakes(), ["en/role.txt line 2: is not saved as UTF-8"]);
}

#[test]
fn a_folder_that_does_not_exist_is_a_mistake() {
    let error = Texts::load(Some(Path::new("/nonexistent/texts"))).unwrap_err();
    assert_eq!(error.mistakes.len(), 2);
    assert!(error.to_string().contains("/nonexistent/texts/da: cannot be read: "));
}

#[test]
fn a_file_of_the_operator_replaces_one_text_and_shows_in_the_version() {
    let own = "\u{feff}# As Notepad saves it\r\nI help people.\r\nAnd listen.\r\n".as_bytes();
    let folder = Folder::new("own", "role.txt", own);
    let texts = Texts::load(Some(&folder.0)).unwrap();
    let reference = Reference::from_random(0);
    let office = office();
    let values = AckValues {
        reference: &reference,
        reply_by: date(2026, 2, 16),
        closed: None,
        office: &office,
        link: None,
        code: None,
    };
    let english = render(&texts, TextLanguage::English, LetterText::Acknowledgement, &values);
    let role = "I am impartial and bound by confidentiality. I can guide, advise and help start a dialogue. \
                I have no supervisory power and cannot change decisions.";
    let embedded = rendered(TextLanguage::English, &office, None);
    assert_eq!(english.body, embedded.body.replace(role, "I help people. And listen."));
    assert_ne!(english.version, embedded.version);
    let danish = render(&texts, TextLanguage::Danish, LetterText::Acknowledgement, &values);
    assert_eq!(danish, rendered(TextLanguage::Danish, &office, None));
    assert!(danish.version.starts_with("da-") && danish.version.len() == 19);
}

#[rstest]
#[case(Some("Eksempel"), "I work in Eksempel.")]
#[case(None, "I work in Eksempel Kommune.")]
fn a_letter_can_name_the_place(#[case] place: Option<&str>, #[case] expected: &str) {
    let case = format!("place-{}", place.is_some());
    let folder = Folder::new(&case, "role.txt", b"I work in {sted}.\notherwise: I work.");
    let reference = Reference::from_random(0);
    let office = OfficeWords { place: place.map(str::to_owned), ..office() };
    let values = AckValues {
        reference: &reference,
        reply_by: date(2026, 2, 16),
        closed: None,
        office: &office,
        link: None,
        code: None,
    };
    let letter = render(
        &Texts::load(Some(&folder.0)).unwrap(),
        TextLanguage::English,
        LetterText::Acknowledgement,
        &values,
    );
    assert!(letter.body.contains(expected));
}

/// A file that nothing reads would be embedded, listed and checked for nothing.
#[test]
fn every_file_is_read_as_something() {
    for source in files::embedded(TextLanguage::Danish) {
        let is_whole = LetterText::ALL.iter().any(|one| one.file() == source.file);
        let in_the_letter = is_whole || block_of(source.file).is_some();
        let as_a_text_message = kind::Kind::ALL.iter().any(|kind| kind.file() == source.file);
        assert_eq!((in_the_letter, as_a_text_message), (is_letter(&source), !is_letter(&source)));
    }
}

#[test]
fn the_readme_explains_every_word_and_every_file() {
    let readme = include_str!("../../config/texts/README.md");
    for (word, _) in Placeholder::ALL {
        assert!(readme.contains(&format!("| `{{{word}}}` |")), "{word}");
    }
    for Source { file, .. } in files::embedded(TextLanguage::Danish) {
        assert!(readme.contains(&format!("| `{file}` |")), "{file}");
    }
}

#[rstest]
#[case::danish(
    TextLanguage::Danish,
    LetterText::News,
    "Der er nyt i din henvendelse",
    "https://br.example/side/x"
)]
#[case::english(
    TextLanguage::English,
    LetterText::News,
    "There is news in your enquiry",
    "https://br.example/side/x"
)]
#[case::danish_code(
    TextLanguage::Danish,
    LetterText::Code,
    "Din kode til borgerrådgiveren",
    "Din kode er 123456"
)]
#[case::english_code(
    TextLanguage::English,
    LetterText::Code,
    "Your code for the Citizens' Adviser",
    "Your code is 123456"
)]
fn notices_of_the_private_page(
    #[case] language: TextLanguage,
    #[case] which: LetterText,
    #[case] subject: &str,
    #[case] body: &str,
) {
    let reference = Reference::from_random(7);
    let office = office();
    let values = AckValues {
        link: Some("https://br.example/side/x"),
        code: Some("123456"),
        ..AckValues::new(&reference, date(2026, 2, 16), &office)
    };
    let letter = render(&Texts::load(None).unwrap(), language, which, &values);
    assert!(letter.subject.starts_with(subject) && letter.body.contains(body), "{letter:?}");
    assert!(!letter.subject.contains("123456"), "a subject shows on a locked screen");
    assert_eq!(which == LetterText::News, letter.body.contains(reference.as_str()));
}

#[test]
fn news_by_text_leaves_the_link_out_before_it_costs_a_third_segment() {
    let reference = Reference::from_random(7);
    let office = office();
    let long = format!("https://borgerraadgiver.{}.example/side/{}", "k".repeat(40), "x".repeat(43));
    let far_too_long = "x".repeat(400);
    for (link, said) in [("https://br.example/side/abc", true), (&long, true), (&far_too_long, false)] {
        for language in TextLanguage::ALL {
            let values =
                AckValues { link: Some(link), ..AckValues::new(&reference, date(2026, 2, 16), &office) };
            let text = render_text(&Texts::load(None).unwrap(), language, ShortText::News, &values);
            assert!(text.segments <= 2, "{text:?}");
            assert_eq!(text.text.contains(link), said, "{text:?}");
            assert!(text.text.contains(reference.as_str()));
        }
    }
}

#[test]
fn a_code_by_text_takes_one_segment() {
    let reference = Reference::from_random(7);
    let office = office();
    for language in TextLanguage::ALL {
        let values =
            AckValues { code: Some("000000"), ..AckValues::new(&reference, date(2026, 2, 16), &office) };
        let text = render_text(&Texts::load(None).unwrap(), language, ShortText::Code, &values);
        assert!(text.segments == 1 && text.text.contains("000000"), "{text:?}");
    }
}
