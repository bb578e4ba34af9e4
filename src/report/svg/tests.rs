//! The drawings as wholes: what must hold of every picture, whatever is in it.

use proptest::collection::vec;
use proptest::prelude::*;
use resvg::usvg::roxmltree::{Document, Node};

use super::*;
use crate::domain::statistics::chart::{Range, Series};

/// How much two lengths may differ because both are written with two decimals.
const ROUNDED: f64 = 0.03;

/// Writes every sample to the folder that `CHARTS_DIR` names, for whoever wants to look at them.
#[test]
fn samples_can_be_looked_at() {
    let Ok(folder) = std::env::var("CHARTS_DIR") else { return };
    for chart in samples::all() {
        let paper = draw(&chart, Style::Print, &Words::DANISH);
        let screen = draw(&chart, Style::Screen, &Words::DANISH);
        let entries: String = legend(&chart, &Words::DANISH).iter().map(in_page).collect();
        let list = format!("<ul class=\"legend\">{entries}</ul>");
        for (ending, text) in [("svg", &paper), ("html", &screen), ("legend", &list)] {
            std::fs::write(format!("{folder}/{}.{ending}", chart.key), text).unwrap();
        }
        std::fs::write(format!("{folder}/{}.png", chart.key), png(&paper, 2.0).unwrap()).unwrap();
    }
}

fn in_page(entry: &Entry) -> String {
    let total = entry.total.clone().unwrap_or_default();
    format!("<li>{}{} <b>{total}</b></li>", entry.swatch(), entry.label)
}

#[test]
fn every_sample_keeps_the_rules() {
    for chart in samples::all() {
        keeps_the_rules(&chart);
    }
}

/// Every class has a rule in the style sheets, so that nothing is black by mistake.
#[test]
fn every_class_on_the_screen_has_a_rule() {
    let rules = concat!(include_str!("../../web/assets/app.css"), include_str!("../../web/assets/inbox.css"));
    for chart in samples::all() {
        let swatches: String = legend(&chart, &Words::DANISH).iter().map(Entry::swatch).collect();
        let drawing = format!("<div>{}{swatches}</div>", draw(&chart, Style::Screen, &Words::DANISH));
        let drawing = Document::parse(&drawing).unwrap();
        for class in drawing.descendants().filter_map(|node| node.attribute("class")) {
            for class in class.split(' ') {
                // These two only say which of the others' rules applies.
                let ruled =
                    ["{", ",", " ", ":"].iter().any(|after| rules.contains(&format!(".{class}{after}")));
                assert!(ruled || matches!(class, "v0" | "v1" | "v2"), "{class} in {}", chart.key);
            }
        }
    }
}

/// A letter that the fonts do not have is drawn as nothing, or as the same box as any other.
#[test]
fn danish_letters_are_drawn_each_as_itself() {
    let drawn = |letter: char| {
        let drawing =
            "<svg xmlns='http://www.w3.org/2000/svg' width='30' height='30' font-family='IBM Plex Sans'>";
        png(&format!("{drawing}<text x='5' y='20'>{letter}</text></svg>"), 1.0).unwrap()
    };
    let letters = [' ', 'a', 'æ', 'ø', 'å', 'Æ', 'Ø', 'Å', 'é', 'š', 'ł', '–', '−', '…', '≠', '≡'];
    for (at, one) in letters.iter().enumerate() {
        for other in &letters[at + 1..] {
            // The last two are in none of the fonts.
            assert_eq!(drawn(*one) == drawn(*other), (*one, *other) == ('≠', '≡'), "{one} and {other}");
        }
    }
}

#[test]
fn the_legend_says_what_the_columns_are() {
    let entries = legend(&samples::months(), &Words::DANISH);
    let said: Vec<_> =
        entries.iter().map(|one| (one.class, one.label.as_str(), one.total.as_deref())).collect();
    assert_eq!(
        said,
        [
            ("c-email", "E-mail", Some("111")),
            ("c-phone", "Telefon", Some("83")),
            ("c-web", "Webformular", Some("74")),
            ("c-sms", "Sms", Some("26")),
            ("c-meet", "Møde", Some("22")),
            ("c-unknown", "Uoplyst", Some("8")),
            ("prev", "I alt samme måned 2025", None),
        ]
    );
}

/// On paper, everything that a reader of a loose sheet needs.
#[test]
fn paper_stands_alone() {
    let chart = samples::months();
    let drawing = draw(&chart, Style::Print, &Words::DANISH);
    let document = Document::parse(&drawing).unwrap();
    let said = |name: &str| {
        let child = document.root_element().children().find(|node| node.has_tag_name(name));
        child.or_else(|| {
            let namespace = "http://www.w3.org/2000/svg";
            document.root_element().children().find(|node| node.has_tag_name((namespace, name)))
        })
    };
    assert_eq!(said("title").and_then(|node| node.text()), Some(chart.finding.as_str()));
    assert_eq!(said("desc").and_then(|node| node.text()), Some(chart.description.as_str()));
    for word in ["E-mail", "Uoplyst", "I alt samme måned 2025", "jan.", ">35<"] {
        assert!(drawing.contains(word), "{word}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_picture_keeps_the_rules(chart in any_chart()) {
        keeps_the_rules(&chart);
    }

    #[test]
    fn stacked_parts_are_as_tall_as_their_values(values in vec(vec(0..500_u32, 1..14), 1..6)) {
        let categories = values.iter().map(Vec::len).max().unwrap_or(0);
        let series: Vec<Series> = (0..values.len())
            .map(|at| samples::series(&at.to_string(), "x", &values[at].iter().map(|v| f64::from(*v)).collect::<Vec<_>>()))
            .collect();
        let names = (0..categories).map(|at| at.to_string()).collect();
        let shape = Shape::Columns { categories: names, series, compared: None };
        stacks_are_true(&Chart { shape, ..samples::months() }, &values, categories);
    }
}

proptest! {
    // Drawing is slow without optimisation, and the rules above say most.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_picture_can_be_made(chart in any_chart()) {
        let paper = draw(&chart, Style::Print, &Words::DANISH);
        png(&paper, 0.1).unwrap();
    }
}

/// Every part stands where the one below ends, is as tall as its value, and leaves no more free than it may.
fn stacks_are_true(chart: &Chart, values: &[Vec<u32>], categories: usize) {
    let drawing = draw(chart, Style::Screen, &Words::DANISH);
    let drawing = Document::parse(&drawing).unwrap();
    let lines = drawing.descendants().filter(|node| node.attribute("class") == Some("grid"));
    let reach = lines.map(|line| number(line, "y1")).fold(f64::MAX, f64::min);
    let axis = drawing.descendants().find(|node| node.attribute("class") == Some("axis")).unwrap();
    let (bottom, top) = (number(axis, "y1"), reach);
    let highest = drawing.descendants().filter(|node| node.attribute("class") == Some("t e"));
    let most: f64 =
        highest.filter_map(|node| node.text()?.replace('.', "").parse::<f64>().ok()).fold(0.0, f64::max);
    let unit = (bottom - top) / most;

    let columns: Vec<_> = drawing.root_element().children().filter(|node| node.has_tag_name("g")).collect();
    assert_eq!(columns.len(), categories);
    for (at, column) in columns.iter().enumerate() {
        let amounts = values.iter().map(|one| one.get(at).copied().unwrap_or(0)).filter(|value| *value > 0);
        let parts: Vec<_> = column.children().filter(|node| node.has_tag_name("rect")).collect();
        assert_eq!(parts.len(), amounts.clone().count());
        let mut below = bottom;
        for (part, value) in parts.iter().zip(amounts) {
            let full = f64::from(value) * unit;
            let (y, tall) = (number(*part, "y"), number(*part, "height"));
            assert!((below - full - y).abs() < ROUNDED, "a part begins where the one below ends");
            assert!(tall <= full + ROUNDED && tall >= full - 1.5 - ROUNDED && tall >= full * 0.7 - ROUNDED);
            assert!(y + tall <= below + ROUNDED, "no part lies over another");
            below -= full;
        }
    }
}

/// What holds of every drawing: it is XML, everything is inside it, its names do not meet, and neither style uses
/// what is the other's.
fn keeps_the_rules(chart: &Chart) {
    for (style, words) in [(Style::Screen, Words::DANISH), (Style::Print, Words::ENGLISH)] {
        let drawing = draw(chart, style, &words);
        assert!(!drawing.contains("NaN") || format!("{chart:?}").contains("NaN"));
        let document = Document::parse(&drawing).unwrap_or_else(|error| panic!("{error} in {drawing}"));
        let root = document.root_element();
        let edges: Vec<f64> =
            root.attribute("viewBox").unwrap().split(' ').map(|edge| edge.parse().unwrap()).collect();
        let [_, _, width, height] = edges[..] else { panic!("four edges") };
        assert!(width > 0.0 && height > 0.0 && height < 1e6);
        for node in root.descendants().filter(|node| node.is_element() && !is_definition(*node)) {
            is_inside(node, width, height, &drawing);
            let (classes, colours) = (node.has_attribute("class"), node.has_attribute("fill"));
            assert!(if style == Style::Screen { !colours } else { !classes && !node.has_attribute("style") });
        }
        names_do_not_meet(root, style);
    }
}

fn is_definition(node: Node<'_, '_>) -> bool {
    node.ancestors().any(|above| above.tag_name().name() == "defs")
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    let written = node.attribute(name).unwrap_or("0");
    let number: f64 = written.parse().unwrap_or(f64::NAN);
    assert!(number.is_finite(), "{name} is {written}");
    number
}

fn is_inside(node: Node<'_, '_>, width: f64, height: f64, drawing: &str) {
    let at = |name| number(node, name);
    let (left, above, right, below) = match node.tag_name().name() {
        "rect" => (at("x"), at("y"), at("x") + at("width"), at("y") + at("height")),
        "circle" => (at("cx") - at("r"), at("cy") - at("r"), at("cx") + at("r"), at("cy") + at("r")),
        "line" => {
            (at("x1").min(at("x2")), at("y1").min(at("y2")), at("x1").max(at("x2")), at("y1").max(at("y2")))
        }
        "text" => {
            let (left, right) = extent(node);
            (left, at("y") - 10.0, right, at("y"))
        }
        _ => return,
    };
    let inside = left >= -ROUNDED && above >= -ROUNDED && right <= width + 0.5 && below <= height + ROUNDED;
    assert!(
        inside && right >= left && below >= above,
        "{node:?} reaches {left} {above} {right} {below} in {drawing}"
    );
}

/// From where to where a text goes at most.
fn extent(node: Node<'_, '_>) -> (f64, f64) {
    let class = node.attribute("class").unwrap_or("");
    let figure = class.starts_with('v') || node.attribute("font-size") == Some("11");
    let all: String =
        node.descendants().filter_map(|part| part.is_text().then(|| part.text()).flatten()).collect();
    let wide = text::width(&all, if figure { 12.0 } else { text::SIZE });
    let x = number(node, "x");
    let has = |anchor: &str, short: &str| {
        node.attribute("text-anchor") == Some(anchor) || class.split(' ').any(|class| class == short)
    };
    if figure || has("middle", "m") {
        (x - wide / 2.0, x + wide / 2.0)
    } else if has("end", "e") {
        (x - wide, x)
    } else {
        (x, x + wide)
    }
}

/// No two texts on the same line lie over one another.
fn names_do_not_meet(root: Node<'_, '_>, style: Style) {
    let mut texts: Vec<(String, f64, f64)> = root
        .descendants()
        .filter(|node| node.tag_name().name() == "text")
        .map(|node| (node.attribute("y").unwrap_or("").to_owned(), extent(node)))
        .map(|(y, (left, right))| (y, left, right))
        .collect();
    texts.sort_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    for pair in texts.windows(2) {
        let [(y, _, right), (other_y, left, _)] = pair else { continue };
        assert!(
            y != other_y || right <= &(left + 0.5),
            "texts meet at {right} and {left} on {y} in {style:?}"
        );
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let letters = prop_oneof![
        8 => proptest::char::range('a', 'z'),
        2 => proptest::sample::select(vec![' ', '<', '&', '"', '\'', '>', 'æ', 'Å', '-', '\u{0}', '\u{ffff}']),
        1 => any::<char>(),
    ];
    vec(letters, 0..90).prop_map(String::from_iter)
}

fn any_amount() -> impl Strategy<Value = f64> {
    prop_oneof![6 => (0..400_u32).prop_map(f64::from), 2 => 0.0..50.0_f64, 1 => proptest::num::f64::ANY]
}

fn any_series() -> impl Strategy<Value = Series> {
    let key = prop_oneof![
        proptest::sample::select(vec![
            "email",
            "sms",
            "web",
            "call",
            "meeting",
            "delimited",
            "open_ended",
            "unknown"
        ])
        .prop_map(str::to_owned),
        any_text(),
    ];
    (key, any_text(), vec(any_amount(), 0..130)).prop_map(|(key, label, values)| Series {
        key,
        label,
        values,
    })
}

fn any_categories() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        vec(any_text(), 0..16),
        (0..130_usize).prop_map(|many| (0..many).map(|at| format!("{at}.")).collect())
    ]
}

fn any_shape() -> impl Strategy<Value = Shape> {
    let compared = proptest::option::of((any_text(), vec(proptest::option::of(any_amount()), 0..130)));
    let columns = (any_categories(), vec(any_series(), 0..7), compared)
        .prop_map(|(categories, series, compared)| Shape::Columns { categories, series, compared });
    let bars = (any_categories(), vec(any_series(), 0..7))
        .prop_map(|(categories, series)| Shape::Bars { categories, series });
    let parts = vec((any_text(), any_text(), any_amount()), 0..8).prop_map(|parts| Shape::Parts { parts });
    let range = (any_text(), any_amount(), any_amount(), any_amount())
        .prop_map(|(label, p50, p80, p95)| Range { label, p50, p80, p95 });
    let ranges = (vec(range, 0..9), proptest::option::of(any_amount()), any_text())
        .prop_map(|(rows, target, target_label)| Shape::Ranges { rows, target, target_label });
    let count = prop_oneof![9 => 0..60_i64, 1 => any::<i64>()];
    let grid = (vec(any_text(), 0..9), vec(any_text(), 0..30), vec(vec(count, 0..30), 0..9))
        .prop_map(|(rows, columns, values)| Shape::Grid { rows, columns, values });
    prop_oneof![columns, bars, parts, ranges, grid]
}

fn any_chart() -> impl Strategy<Value = Chart> {
    (any_text(), any_text(), any_text(), any_text(), any_shape()).prop_map(
        |(key, finding, subtitle, description, shape)| Chart { key, finding, subtitle, description, shape },
    )
}
