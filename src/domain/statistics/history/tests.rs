use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

use super::*;

const UNTIL: Date = date(2022, 6, 1);
const TODAY: Date = date(2022, 8, 1);

fn areas() -> Vec<AreaName> {
    let area = |id, name: &str| AreaName { id, name: name.to_owned(), in_force: true };
    vec![area(1, "Undervisning"), area(2, "Kultur, Teknik og Miljø")]
}

fn of(text: &str) -> Result<History, Vec<Mistake>> {
    read(text.as_bytes(), &areas(), UNTIL, TODAY)
}

fn one(head: &str, line: &str) -> Result<Fact, (String, What)> {
    let read = of(&format!("{head}\n{line}\n"));
    read.map(|mut history| history.facts.remove(0)).map_err(|mut mistakes| {
        let first = mistakes.remove(0);
        (first.column, first.what)
    })
}

#[test]
fn the_templates_examples_can_be_read() {
    assert_eq!(
        of(TEMPLATE).unwrap_err()[0].what,
        What::Empty,
        "examples are notes until somebody makes them lines"
    );
    let lines =
        TEMPLATE.replace("# 2021", "2021").replace("# 02-03", "02-03").replace("Handicap", "Undervisning");
    let history = of(&lines.replace("Borgerservice", "1")).unwrap();
    assert_eq!(history.facts.len(), 6);
    assert_eq!(history.days(), Some((date(2021, 3, 2), date(2021, 3, 2))));
    let first = &history.facts[0];
    assert_eq!(
        (first.channel, first.form, first.kind),
        (Channel::Email, Some(Channel::Meeting), Some(Kind::OpenEnded))
    );
    assert_eq!(
        (first.duration(), first.promised, first.case),
        (Some(49), Some(date(2021, 3, 9)), Some(true))
    );
    assert_eq!((first.tasks.len(), first.themes.len(), first.is_timed), (2, 1, true));
    assert_eq!(history.facts[1].duration(), Some(0));
    let people: std::collections::BTreeSet<i64> = history.facts.iter().map(|fact| fact.person).collect();
    assert_eq!(people.len(), 6, "whom nobody told apart is somebody of their own");
}

#[rstest]
#[case("2021-03-02", Some(date(2021, 3, 2)))]
#[case("02-03-2021", Some(date(2021, 3, 2)))]
#[case("2.3.2021", Some(date(2021, 3, 2)))]
#[case("2/3 2021", Some(date(2021, 3, 2)))]
#[case("31-02-2021", None)]
#[case("02-03-21", None)]
#[case("marts", None)]
fn dates_are_read_as_danes_write_them(#[case] text: &str, #[case] day: Option<Date>) {
    assert_eq!(date_of(text), day);
}

#[rstest]
#[case("", "dato", What::Missing)]
#[case("2022-06-01;sms", "dato", What::TooLate)]
#[case("i går;sms", "dato", What::NotADate)]
#[case("2021-03-02;fax", "indgang", What::NotAChannel)]
#[case("2021-03-02;", "indgang", What::Missing)]
#[case("2021-03-02;sms;Skov", "område", What::NotAnArea)]
#[case("2021-03-02;sms;;svær", "type", What::NotAType)]
#[case("2021-03-02;sms;;;2021-03-01", "lukket", What::BeforeItBegan)]
#[case("2021-03-02;sms;;;;måske", "sag", What::NotYesOrNo)]
#[case("2021-03-02;sms;;;;;7", "opgaver", What::NotATask)]
#[case("2021-03-02;sms;;;;;;0", "antal", What::NotANumber)]
#[case("2021-03-02;sms;;;;;;10001", "antal", What::NotANumber)]
#[case("2021-03-02;sms;;;;;;2;A1", "antal", What::AlikeOfOne)]
#[case("2021-03-02;sms;;;;;;;;25:00", "tid", What::NotATime)]
#[case("2021-03-02;sms;;;;;;;;;for;meget", "", What::Fields)]
fn every_mistake_is_told_with_its_column(#[case] line: &str, #[case] column: &str, #[case] what: What) {
    let head = "Dato;Indgang;Område;Type;Lukket;Sag;Opgaver;Antal;Borger;Tid";
    // An empty line is none: a line of blanks with a field far right is.
    let line = if line.is_empty() { ";sms" } else { line };
    assert_eq!(one(head, line), Err((column.to_owned(), what)));
}

#[rstest]
#[case("område;type\nx;y", What::NoColumns)]
#[case("dato;område\n2021-03-02;1", What::NoColumns)]
#[case("dato;indgang;farve\n2021-03-02;sms;blå", What::UnknownColumn)]
#[case("dato;indgang;date\n2021-03-02;sms;", What::ColumnTwice)]
#[case("", What::NoColumns)]
#[case("dato;indgang\n", What::Empty)]
fn the_head_must_be_right(#[case] text: &str, #[case] what: What) {
    assert_eq!(of(text).unwrap_err()[0].what, what);
}

#[test]
fn separators_and_letters_of_a_spreadsheet_are_read() {
    for text in [
        "dato,indgang,område\n2021-03-02,sms,\"Kultur, Teknik og Miljø\"\n",
        "dato\tindgang\tområde\r\n2021-03-02\tSMS\tKultur, Teknik og Miljø\r\n",
        "dato;indgang;område\r\n2021-03-02;Sms;kultur, teknik og miljø\r\n\r\n",
    ] {
        let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
        for bytes in [text.as_bytes(), &latin] {
            let history = read(bytes, &areas(), UNTIL, TODAY).unwrap();
            assert_eq!(history.facts[0].area, Some(AreaId(2)), "{text}");
        }
    }
}

#[test]
fn lines_are_numbered_as_in_the_file_and_all_are_told() {
    let mistakes = of("# en note\ndato;indgang\n2021-03-02;sms\n# en til\n2021-13-02;sms\n2021-03-02;fax\n")
        .unwrap_err();
    let told: Vec<(u64, What)> = mistakes.iter().map(|one| (one.line, one.what)).collect();
    assert_eq!(told, [(5, What::NotADate), (6, What::NotAChannel)]);
}

#[test]
fn who_is_the_same_is_one_person() {
    let history = of("dato;indgang;borger\n2021-03-02;sms;A\n2021-04-02;sms;B\n2021-05-02;sms;A\n").unwrap();
    let people: Vec<i64> = history.facts.iter().map(|fact| fact.person).collect();
    assert_eq!(people, [1, 2, 1]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, &areas(), UNTIL, TODAY);
        let mut with_head = b"dato;indgang;antal\n2021-01-01;sms;2\n".to_vec();
        with_head.extend(&bytes);
        match read(&with_head, &areas(), UNTIL, TODAY) {
            Ok(history) => prop_assert!(history.facts.len() >= 2),
            Err(mistakes) => prop_assert!(!mistakes.is_empty() && mistakes.len() <= MOST_MISTAKES + 1),
        }
    }
}
