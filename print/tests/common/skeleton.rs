//! A report with every kind of block and a word to be filled in wherever there can be one.

use indgang_print::{Block, Column, Document, KeyFigure, Language, List, Picture, Row, Run, Table};
use jiff::civil::date;

/// The report, each word of it asked for in the order in which they are read.
pub(crate) fn skeleton(word: &mut dyn FnMut() -> String) -> Document {
    Document {
        title: word(),
        subtitle: word(),
        organisation: word(),
        author: word(),
        language: Language::Danish,
        date: date(2026, 2, 17),
        cover: Some(picture(word)),
        contents: true,
        blocks: vec![
            Block::Heading { level: 1, text: word() },
            Block::Lede { text: word() },
            Block::Paragraph {
                runs: vec![Run::plain(word()), Run::strong(word()), Run::strong(word()), Run::plain(word())],
            },
            Block::KeyFigures {
                figures: (0..5).map(|_| KeyFigure { value: word(), label: word(), detail: word() }).collect(),
            },
            Block::Heading { level: 2, text: word() },
            Block::List(list(true, word)),
            Block::List(list(false, word)),
            Block::Figure { caption: word(), detail: word(), picture: picture(word) },
            Block::Note { text: word() },
            Block::Table(table(2, word)),
            Block::PageBreak,
            Block::Case { heading: word(), text: word() },
            Block::Heading { level: 3, text: word() },
            Block::Panel { heading: word(), text: word(), list: Some(list(false, word)) },
            Block::Table(table(13, word)),
        ],
    }
}

fn list(numbered: bool, word: &mut dyn FnMut() -> String) -> List {
    List { numbered, items: vec![word(), word()] }
}

fn picture(word: &mut dyn FnMut() -> String) -> Picture {
    let inside = word().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let inside: String = inside.chars().filter(|letter| !letter.is_control()).collect();
    Picture {
        svg: format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 200 40\"><rect width=\"40\" height=\"9\"/>\
             <text y=\"30\" font-size=\"9\" font-family=\"IBM Plex Sans\">{}</text></svg>",
            inside.replace(['\u{fffe}', '\u{ffff}'], "")
        ),
        alt: word(),
    }
}

fn table(columns: usize, word: &mut dyn FnMut() -> String) -> Table {
    let mut row = || Row { head: word(), cells: (0..columns).map(|_| word()).collect() };
    let (rows, totals) = (vec![row(), row()], vec![row()]);
    Table {
        caption: word(),
        stub: word(),
        columns: (0..columns).map(|at| Column { head: word(), figures: at % 2 == 0 }).collect(),
        rows,
        totals,
        notes: vec![word()],
    }
}

/// What has broken one program or another.
pub(crate) const NASTY: &[&str] = &[
    "#set page(width: 1cm)",
    "#include \"/etc/passwd\"",
    "#{ while true {} }",
    "#image(\"https://example.org/a.png\")",
    "$ x^2 $ @ref <label> *a* _b_ `c` = d // e /* f */ ~ -- --- 'g' \"h\" \\ \\u{41} \\# #",
    "]#panic()[",
    "<script>alert(1)</script><b>Ærø</b>&amp;&#60;'\"",
    "--> <!-- ]]> <![CDATA[ <?xml ?>",
    "| a | b |\n|---|---|",
    "- a\n1. b\n2) c\n+ d\n> e\n# f\n===\n---\n```\n~~~",
    "**a** __b__ [c](http://d) ![e](f) <http://g> &copy; \\",
    "\\",
    "**",
    "👩‍👩‍👧‍👦 🇩🇰 ❤️ 1️⃣",
    "שלום עולם مرحبا بالعالم \u{202e}tsal\u{202c}",
    "中文 हिन्दी ไทย 한국어",
    "Z̸̢̛͎a̷͇l̴̖g̵̲ó e\u{301} a\u{30a} A\u{30a}",
    "\u{0}\u{1}\u{7}\u{8}\u{b}\u{c}\u{1b}\u{7f}\u{85}\u{9f}x",
    "x\u{feff}\u{fffe}\u{ffff}\u{fdd0}\u{e000}\u{f8ff}\u{10ffff}\u{efcc}",
    "x\u{200b}\u{200d}\u{ad}\u{2028}\u{2029}\u{202e}\u{2066}y\u{fe0f}\u{e0001}",
    "a\r\nb\rc\n\nd\t e",
    "  \u{a0}x\u{2003}\u{3000} ",
    "æøåÆØÅ – ”citat” «hej» § 65 e 96 % 1.234,5",
];
