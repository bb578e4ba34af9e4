//! The order of elements: what the start or the end of one ends besides (HTML section 13.2.6.4), so that each ends before
//! the one around it.

use super::{Open, Tidy};
use crate::email::show::allowed::{self, Element, Sort};

/// How many elements that run on after an ended one are opened anew.
const RESUMED: usize = 12;

impl Tidy<'_, '_> {
    /// Ends what the start of an element ends without an end tag (HTML section 13.2.6.4), and begins what it needs. Says
    /// whether the element may stand here at all.
    pub(super) fn make_room(&mut self, element: &'static Element) -> bool {
        let in_table = self.open.iter().any(|open| open.element.sort == Sort::Table);
        match element.sort {
            Sort::Inline => {}
            Sort::Void => match element.name {
                "hr" => self.close(|open| open.shown == "p"),
                "col" => {
                    let fits = |open: &Open| matches!(open.element.shown, "table" | "colgroup");
                    return self.open.last().is_some_and(fits);
                }
                _ => {}
            },
            Sort::Formatting => {
                if element.shown == "a" {
                    self.close(|open| open.shown == "a");
                }
            }
            Sort::Block | Sort::Table => {
                if element.sort == Sort::Table && self.between_cells() {
                    self.close_until(|open| open.sort == Sort::Table);
                    self.pop();
                }
                self.close(|open| open.shown == "p");
                if is_heading(element) && self.open.last().is_some_and(|open| is_heading(open.element)) {
                    self.pop();
                }
            }
            Sort::Item => {
                self.close_item(element);
                self.close(|open| open.shown == "p");
            }
            Sort::Section => {
                if in_table {
                    self.close_until(|open| open.sort == Sort::Table);
                }
                return in_table;
            }
            Sort::Row => {
                if in_table {
                    self.close_until(|open| open.sort == Sort::Table || groups_rows(open));
                }
                return in_table;
            }
            Sort::Cell => {
                if in_table && element.shown == "caption" {
                    self.close_until(|open| open.sort == Sort::Table);
                } else if in_table {
                    self.close_until(|open| {
                        matches!(open.sort, Sort::Table | Sort::Row) || groups_rows(open)
                    });
                    self.begin_row();
                }
                return in_table;
            }
        }
        true
    }

    fn begin_row(&mut self) {
        if self.open.last().is_some_and(|open| open.element.sort != Sort::Row)
            && let Some(row) = allowed::element(b"tr")
        {
            self.push(row, Some("<tr>".to_owned()));
        }
    }

    /// Ends the innermost element that fits, and what runs on in it goes on after it. Cells are never left.
    pub(super) fn close(&mut self, fits: impl Fn(&Element) -> bool) {
        let Some(depth) = self.depth(fits) else { return };
        let mut popped: Vec<Open> = (0..depth).filter_map(|_| self.pop()).collect();
        self.pop();
        popped.retain(|open| open.element.sort == Sort::Formatting && open.tag.is_some() && !open.ended);
        popped.truncate(RESUMED);
        while let Some(open) = popped.pop() {
            self.push(open.element, open.tag);
        }
    }

    /// How many open elements stand inside the innermost one that fits, in the same cell.
    fn depth(&self, fits: impl Fn(&Element) -> bool) -> Option<usize> {
        let here = |open: &&Open| !matches!(open.element.sort, Sort::Cell | Sort::Table);
        self.open.iter().rev().take_while(here).position(|open| fits(open.element))
    }

    /// Ends what should have ended before.
    pub(super) fn settle(&mut self) {
        while self.open.last().is_some_and(|open| open.ended) {
            self.pop();
        }
    }

    fn close_item(&mut self, element: &'static Element) {
        let same = |open: &Element| {
            open.sort == Sort::Item
                && (open.shown == element.shown || (open.shown != "li" && element.shown != "li"))
        };
        // An item ends at the list around it, and anything else that stands apart keeps it open.
        let stops = |open: &Element| match open.sort {
            Sort::Cell | Sort::Table => true,
            Sort::Block => !matches!(open.shown, "div" | "p"),
            _ => false,
        };
        let found = self
            .open
            .iter()
            .rev()
            .take_while(|open| !stops(open.element))
            .position(|open| same(open.element));
        for _ in 0..found.map_or(0, |depth| depth + 1) {
            self.pop();
        }
    }

    fn close_until(&mut self, reached: impl Fn(&Element) -> bool) {
        while self.open.last().is_some_and(|open| !reached(open.element)) {
            self.pop();
        }
    }

    /// Ends an element of a table, if it is one of the innermost table.
    pub(super) fn end_of_table(&mut self, element: &'static Element) {
        let mut innermost = true;
        let within = self.open.iter().rev().take_while(|open| {
            let here = innermost;
            innermost &= open.element.sort != Sort::Table;
            here
        });
        let found =
            within.enumerate().find(|(_, open)| open.element.name == element.name).map(|(depth, _)| depth);
        for _ in 0..found.map_or(0, |depth| depth + 1) {
            self.pop();
        }
    }

    /// Ends what runs on in the line. What runs on inside it goes on after it; what stands apart inside it ends first.
    pub(super) fn end_of_words(&mut self, element: &'static Element) {
        let Some(depth) = self.depth(|open| open.name == element.name) else { return };
        let at = self.open.len() - 1 - depth;
        let runs_on = |open: &Open| matches!(open.element.sort, Sort::Inline | Sort::Formatting);
        if depth > RESUMED || !self.open[at + 1..].iter().all(runs_on) {
            self.open[at].ended = true;
            return;
        }
        let mut popped: Vec<Open> = (0..depth).filter_map(|_| self.pop()).collect();
        self.pop();
        popped.retain(|open| !open.ended);
        while let Some(open) = popped.pop() {
            self.push(open.element, open.tag);
        }
    }

    /// Whether the innermost element is a table or a row, in which only rows and cells may stand.
    pub(super) fn between_cells(&self) -> bool {
        let last = self.open.iter().rev().find(|open| open.tag.is_some() || is_of_table(open.element));
        last.is_some_and(|open| matches!(open.element.sort, Sort::Table | Sort::Section | Sort::Row))
    }
}

pub(super) fn is_of_table(element: &Element) -> bool {
    matches!(element.sort, Sort::Table | Sort::Section | Sort::Row | Sort::Cell)
}

/// Whether an element stands between a table and its rows.
fn groups_rows(element: &Element) -> bool {
    element.sort == Sort::Section && element.shown != "colgroup"
}

fn is_heading(element: &Element) -> bool {
    matches!(element.shown, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}
