//! Figures as JSON, for other programs: numbers with their units, keys that stay when words change.
//!
//! ```text
//! { "format": 1, "language", "title", "subtitle",
//!   "period": { "from", "until" }, "compared": null | { "from", "until" },   days, the last not included
//!   "headlines": [ { "key", "label", "value", "unit", "detail" } ],
//!   "figures": [ { "key", "title", "definition", "finding", "description", "caption", "stub", "notes", "fault",
//!                  "columns": [ { "key", "head" } ],
//!                  "rows": [ { "key", "head", "values": [ { "value", "unit" } ] } ], "totals": as rows } ],
//!   "notes" }
//! ```
//!
//! Units: `count`, `share` and `change` (parts of one), `days`, `working_days`, `seconds`, `mean`, `dkk`, `text`; with
//! `hidden` and `nothing` the value is null.

use serde_json::{Value as Json, json};

use super::cell::{Content, content, unit};
use crate::domain::statistics::book::{Book, Figure};
use crate::domain::statistics::period::Period;
use crate::domain::statistics::table::{Row, Value};

/// Changes whenever a program that reads it must.
const FORMAT: u32 = 1;

/// The whole book.
pub fn json(book: &Book) -> String {
    let period = |period: Period| json!({ "from": period.from, "until": period.until });
    let headline = |one: &crate::domain::statistics::book::Headline| {
        let Json::Object(mut object) = cell(&one.value) else { return Json::Null };
        object.insert("key".to_owned(), json!(one.key));
        object.insert("label".to_owned(), json!(one.label));
        object.insert("detail".to_owned(), json!(one.detail));
        Json::Object(object)
    };
    let whole = json!({
        "format": FORMAT,
        "language": book.language,
        "title": book.title,
        "subtitle": book.subtitle,
        "period": period(book.period),
        "compared": book.compared.map(period),
        "headlines": book.headlines.iter().map(headline).collect::<Vec<_>>(),
        "figures": book.figures.iter().map(figure).collect::<Vec<_>>(),
        "notes": book.notes,
    });
    format!("{whole:#}\n")
}

fn figure(figure: &Figure) -> Json {
    let table = &figure.table;
    let column = |one: &crate::domain::statistics::table::Column| json!({ "key": one.key, "head": one.head });
    json!({
        "key": figure.key,
        "title": figure.title,
        "definition": figure.definition,
        "finding": figure.chart.as_ref().map(|chart| &chart.finding),
        "description": figure.chart.as_ref().map(|chart| &chart.description),
        "caption": table.caption,
        "stub": table.stub,
        "columns": table.columns.iter().map(column).collect::<Vec<_>>(),
        "rows": table.rows.iter().map(row).collect::<Vec<_>>(),
        "totals": table.totals.iter().map(row).collect::<Vec<_>>(),
        "notes": table.notes,
        "fault": table.check().err().map(|fault| fault.to_string()),
    })
}

fn row(row: &Row) -> Json {
    json!({ "key": row.key, "head": row.head, "values": row.values.iter().map(cell).collect::<Vec<_>>() })
}

fn cell(value: &Value) -> Json {
    let written = match (value, content(value)) {
        (Value::Count(count), _) => json!(count),
        (_, Content::Number(number)) => json!(number),
        (_, Content::Text(words)) => json!(words),
        (_, Content::Hidden | Content::Nothing) => Json::Null,
    };
    json!({ "value": written, "unit": unit(value) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::cell::clean;
    use crate::report::tests::book;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// Whatever words there are come back as they were, but for what no file may hold.
        #[test]
        fn any_words_and_numbers_come_back(words in any::<String>(), number in any::<f64>(), count in any::<i64>()) {
            let mut book = book(false, "Øvrige");
            words.clone_into(&mut book.title);
            book.notes = vec![words.clone()];
            words.clone_into(&mut book.figures[0].definition);
            let row = &mut book.figures[0].table.rows[0];
            words.clone_into(&mut row.head);
            row.values = vec![Value::Text(words.clone()), Value::Mean(number), Value::Count(count)];
            let read: Json = serde_json::from_str(&json(&book)).unwrap();
            prop_assert_eq!(&read["title"], &words);
            prop_assert_eq!(&read["notes"][0], &words);
            prop_assert_eq!(&read["figures"][0]["definition"], &words);
            let line = &read["figures"][0]["rows"][0];
            prop_assert_eq!(&line["head"], &words);
            prop_assert_eq!(&line["values"][0]["value"], &*clean(&words));
            prop_assert_eq!(line["values"][1]["value"].as_f64(), Some(number).filter(|one| one.is_finite()));
            prop_assert_eq!(line["values"][2]["value"].as_i64(), Some(count));
        }
    }

    #[test]
    fn every_number_is_there_with_its_unit() {
        let book = book(true, "\u{0}\"</script>");
        let read: Json = serde_json::from_str(&json(&book)).unwrap();
        assert_eq!(read["format"], 1);
        assert_eq!(read["language"], "en");
        for (figure, read) in book.figures.iter().zip(read["figures"].as_array().unwrap()) {
            assert_eq!(read["key"], figure.key.as_str());
            assert_eq!(read["fault"], Json::Null);
            for (row, read) in figure.table.rows.iter().zip(read["rows"].as_array().unwrap()) {
                for (value, read) in row.values.iter().zip(read["values"].as_array().unwrap()) {
                    assert_eq!(read["unit"], unit(value));
                    if let Value::Count(count) = value {
                        assert_eq!(read["value"].as_i64(), Some(*count));
                    }
                }
            }
        }
    }
}
