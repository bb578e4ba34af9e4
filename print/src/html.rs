//! The report as a page of its own: one file that opens in any browser, with no scripts and no requests.
//!
//! Everything is escaped, and drawings are pictures rather than part of the page: a browser runs nothing that is in
//! them and fetches nothing that they name. It is XML as well as HTML, so that a test can read it strictly.

use std::fmt::{Display, Write as _};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::document::{Block, Document, KeyFigure, Language, List, Picture, Row, Run, Table, split};
use crate::tidy::tidy;
use crate::words::words;

/// What the page looks like, within the file.
const STYLE: &str = include_str!("report.css");
/// Says to the browser what the file does without, should anything ever slip in.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/// The report as one HTML page: `UTF-8`, a heading for its title, chapters below it, and heads for every table.
#[must_use]
pub fn html(document: &Document) -> String {
    let document = tidy(document, &|text| text);
    let mut page = Page::default();
    page.head(&document);
    page.cover(&document);
    if document.contents {
        page.contents(&document);
    }
    page.put("<main>\n");
    for block in &document.blocks {
        page.block(block);
    }
    page.put("</main>\n</body>\n</html>\n");
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    /// How many headings and tables there have been, which names them.
    headings: usize,
    tables: usize,
    /// Of the last heading.
    level: u8,
}

impl Page {
    fn put(&mut self, text: impl Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{text}");
    }

    /// An element with nothing in it but text.
    fn element(&mut self, name: &str, attributes: &str, text: &str) {
        self.put(format_args!("<{name}{attributes}>{}</{name}>\n", escaped(text)));
    }

    fn head(&mut self, document: &Document) {
        let language = match document.language {
            Language::Danish => "da",
            Language::English => "en",
        };
        self.put(format_args!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"/>\n"
        ));
        if !document.author.is_empty() {
            self.put(format_args!("<meta name=\"author\" content=\"{}\"/>\n", escaped(&document.author)));
        }
        let title = [&document.title, &document.subtitle, &document.organisation];
        let title: Vec<&str> =
            title.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        self.element("title", "", &title.join(" – "));
        self.put(format_args!("<style>\n{STYLE}</style>\n</head>\n<body>\n"));
    }

    fn cover(&mut self, document: &Document) {
        self.put("<header>\n");
        if !document.organisation.is_empty() {
            self.element("p", " class=\"organisation\"", &document.organisation);
        }
        self.put(format_args!("<h1>{}", escaped(&document.title)));
        if !document.subtitle.is_empty() {
            self.put(format_args!(" <span>{}</span>", escaped(&document.subtitle)));
        }
        self.put("</h1>\n");
        if let Some(cover) = &document.cover {
            self.picture(cover);
        }
        self.put("</header>\n");
    }

    /// The chapters and sections, as links.
    fn contents(&mut self, document: &Document) {
        let contents = words(document.language).contents;
        self.put(format_args!(
            "<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">{contents}</h2>\n<ul>\n"
        ));
        let headings = document.blocks.iter().filter_map(|block| match block {
            Block::Heading { level, text } => Some((level, text)),
            _ => None,
        });
        for (number, (level, text)) in headings.enumerate().filter(|(_, (level, _))| **level <= 2) {
            let name = number + 1;
            self.put(format_args!(
                "<li class=\"l{level}\"><a href=\"#h{name}\">{}</a></li>\n",
                escaped(text)
            ));
        }
        self.put("</ul>\n</nav>\n");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => {
                self.level = *level;
                self.headings += 1;
                let id = format!(" id=\"h{}\"", self.headings);
                // The title is the only one of the first level.
                self.element(&format!("h{}", level + 1), &id, text);
            }
            Block::Lede { text } => self.lines("p", " class=\"lede\"", text),
            Block::Paragraph { runs } => self.paragraph(runs),
            Block::List(list) => self.list(list),
            Block::KeyFigures { figures } => self.key_figures(figures),
            Block::Figure { picture, caption, detail } => {
                self.put("<figure>\n<figcaption>");
                self.put(format_args!("<strong>{}</strong>", escaped(caption)));
                if !detail.is_empty() {
                    self.put(format_args!("<br/>{}", escaped(detail)));
                }
                self.put("</figcaption>\n");
                self.picture(picture);
                self.put("</figure>\n");
            }
            Block::Table(table) => self.table(table),
            Block::Note { text } => self.lines("p", " class=\"note\"", text),
            Block::Case { heading, text } => self.boxed("case", heading, text, None),
            Block::Panel { heading, text, list } => self.boxed("panel", heading, text, list.as_ref()),
            Block::PageBreak => self.put("<div class=\"page\"></div>\n"),
        }
    }

    fn lines(&mut self, name: &str, attributes: &str, text: &str) {
        self.put(format_args!("<{name}{attributes}>{}</{name}>\n", broken(text)));
    }

    fn paragraph(&mut self, runs: &[Run]) {
        self.put("<p>");
        for run in runs {
            match run.strong {
                true => self.put(format_args!("<strong>{}</strong>", broken(&run.text))),
                false => self.put(broken(&run.text)),
            }
        }
        self.put("</p>\n");
    }

    fn list(&mut self, list: &List) {
        let name = if list.numbered { "ol" } else { "ul" };
        self.put(format_args!("<{name}>\n"));
        for item in &list.items {
            self.lines("li", "", item);
        }
        self.put(format_args!("</{name}>\n"));
    }

    fn key_figures(&mut self, figures: &[KeyFigure]) {
        self.put("<dl>\n");
        for figure in figures {
            self.put(format_args!(
                "<div><dt>{}</dt><dd>{}</dd>",
                escaped(&figure.label),
                escaped(&figure.value)
            ));
            if !figure.detail.is_empty() {
                self.put(format_args!("<dd class=\"detail\">{}</dd>", escaped(&figure.detail)));
            }
            self.put("</div>\n");
        }
        self.put("</dl>\n");
    }

    fn picture(&mut self, picture: &Picture) {
        self.put(format_args!(
            "<img src=\"data:image/svg+xml;base64,{}\" alt=\"{}\"/>\n",
            BASE64_STANDARD.encode(&picture.svg),
            escaped(&picture.alt)
        ));
    }

    fn table(&mut self, table: &Table) {
        self.tables += 1;
        let number = self.tables;
        // Reached by the keyboard, since it moves sideways on a narrow screen.
        self.put(format_args!(
            "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-labelledby=\"t{number}\">\n<table>\n\
             <caption id=\"t{number}\">{}</caption>\n<thead>\n<tr>",
            escaped(&table.caption)
        ));
        self.put(format_args!("<th scope=\"col\">{}</th>", escaped(&table.stub)));
        for column in &table.columns {
            let head = escaped(&column.head);
            self.put(format_args!("<th scope=\"col\"{}>{head}</th>", aligned(column.figures)));
        }
        self.put("</tr>\n</thead>\n");
        self.rows("tbody", &table.rows, table);
        if !table.totals.is_empty() {
            self.rows("tfoot", &table.totals, table);
        }
        self.put("</table>\n</div>\n");
        for note in &table.notes {
            self.lines("p", " class=\"note\"", note);
        }
    }

    fn rows(&mut self, part: &str, rows: &[Row], table: &Table) {
        self.put(format_args!("<{part}>\n"));
        for row in rows {
            self.put(format_args!("<tr><th scope=\"row\">{}</th>", escaped(&row.head)));
            for (cell, column) in row.cells.iter().zip(&table.columns) {
                self.put(format_args!("<td{}>{}</td>", aligned(column.figures), escaped(cell)));
            }
            self.put("</tr>\n");
        }
        self.put(format_args!("</{part}>\n"));
    }

    fn boxed(&mut self, class: &str, heading: &str, text: &str, list: Option<&List>) {
        self.put(format_args!("<div class=\"{class}\">\n"));
        if !heading.is_empty() {
            self.element(&format!("h{}", self.level + 2), "", heading);
        }
        for paragraph in split(text) {
            self.lines("p", "", &paragraph);
        }
        if let Some(list) = list {
            self.list(list);
        }
        self.put("</div>\n");
    }
}

fn aligned(figures: bool) -> &'static str {
    if figures { " class=\"n\"" } else { "" }
}

/// Text that means nothing but itself, in an element or in a quoted attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// The same, over several lines.
fn broken(text: &str) -> String {
    escaped(text).replace('\n', "<br/>")
}

#[cfg(test)]
mod tests;
