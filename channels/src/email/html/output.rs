//! Writes the text: collapses white space, keeps line breaks and quote marks in order. Knows no HTML.

/// Quotes and lists deeper than this are written at this depth.
const DEEPEST: usize = 8;
/// Marks of lists that begin inside one another at once are written up to this length.
const LONGEST_MARK: usize = 60;

/// The text as it grows. Breaks and spaces are only noted, and written when words follow: so a text never ends
/// in white space, and breaks that meet do not add up.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) text: String,
    /// How deep what follows is quoted.
    quote: usize,
    /// The least depth since the last words: what a blank line between two quotes is marked with.
    quote_between: usize,
    /// How deep what follows is inside lists, in levels.
    pub(super) list: usize,
    /// What is written before the next words, and the level of the list it stands in.
    mark: String,
    mark_level: usize,
    newlines: usize,
    space: bool,
    tab: bool,
    /// Set where a list mark or a table cell begins: breaks do not count until words follow.
    fresh: bool,
    /// A line that holds nothing but a non-breaking space is a blank line that somebody made.
    lone_space: bool,
    /// Lines written so far.
    pub(super) lines: usize,
}

impl Output {
    /// Ends the line; `newlines` 2 leaves a blank line. Breaks that meet count once.
    pub(super) fn break_lines(&mut self, newlines: usize) {
        if self.fresh {
            return;
        }
        if self.lone_space {
            self.newlines = 2;
            self.lone_space = false;
        }
        self.newlines = self.newlines.max(newlines);
        self.space = false;
    }

    /// A line break that the writer made: two leave a blank line.
    pub(super) fn line_break(&mut self) {
        if !self.fresh {
            self.newlines = (self.newlines + 1).min(2);
            self.lone_space = false;
            self.space = false;
        }
    }

    /// Sets what follows apart as the next cell of a row; `lines_before` says how many lines there were when the
    /// cell before began. A cell of several lines is followed by a new line, not by a tab.
    pub(super) fn next_cell(&mut self, lines_before: usize) {
        if self.lines == lines_before {
            self.newlines = 0;
            self.tab = true;
        } else {
            self.newlines = self.newlines.max(1);
        }
        self.space = false;
        self.lone_space = false;
        self.fresh = true;
    }

    /// Begins a list item: the mark is written before its first words, so an empty item leaves no mark.
    pub(super) fn list_mark(&mut self, mark: &str) {
        let nested = !self.mark.is_empty() && self.list > self.mark_level;
        if !nested {
            self.end_item();
            self.break_lines(1);
            self.mark = "  ".repeat(self.list.clamp(1, DEEPEST) - 1);
        }
        if self.mark.len() < LONGEST_MARK {
            self.mark.push_str(mark);
        }
        self.mark_level = self.list;
        self.fresh = true;
    }

    /// Ends a list item.
    pub(super) fn end_item(&mut self) {
        if !self.mark.is_empty() {
            self.mark.clear();
            self.fresh = false;
        }
    }

    /// Begins or ends a level of quoting.
    pub(super) fn set_quote(&mut self, deeper: bool) {
        self.quote = if deeper { self.quote + 1 } else { self.quote.saturating_sub(1) };
        self.quote_between = self.quote_between.min(self.quote);
    }

    /// The number of the line on which the next words will stand.
    pub(super) fn lines_when_words_follow(&self) -> usize {
        self.lines + if self.text.is_empty() { 0 } else { self.newlines.min(2) }
    }

    /// Whether what follows is quoted.
    pub(super) fn is_quoted(&self) -> bool {
        self.quote > 0
    }

    /// Words in which white space is only a gap.
    pub(super) fn words(&mut self, words: &str) {
        for c in words.chars() {
            match c {
                '\u{a0}' | '\u{202f}' | '\u{2007}' => {
                    self.space = true;
                    self.lone_space |= self.newlines > 0 && !self.fresh;
                }
                c if c.is_whitespace() => self.space = true,
                c if is_filler(c) => {}
                c => {
                    self.flush();
                    self.text.push(c);
                }
            }
        }
    }

    /// Words in which white space counts.
    pub(super) fn preformatted(&mut self, words: &str) {
        let mut rest = words;
        loop {
            let (line, after) = match rest.split_once('\n') {
                Some((line, after)) => (line, Some(after)),
                None => (rest, None),
            };
            let words = line.trim_end_matches(|c: char| c.is_whitespace() || is_filler(c));
            if !words.is_empty() {
                self.flush();
                self.text.extend(words.chars().filter(|c| !is_filler(*c)));
            }
            self.space |= words.len() < line.len() && self.newlines == 0;
            let Some(after) = after else { return };
            self.line_break();
            rest = after;
        }
    }

    /// Writes the noted breaks; words follow.
    fn flush(&mut self) {
        if self.text.is_empty() {
            self.push_marks(self.quote, true);
        } else if self.newlines > 0 {
            self.text.push('\n');
            self.lines += 1;
            if self.newlines > 1 {
                self.push_marks(self.quote_between, false);
                self.text.push('\n');
                self.lines += 1;
            }
            self.push_marks(self.quote, true);
        } else if self.tab {
            self.text.push('\t');
        } else if self.space && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
        self.text.push_str(&self.mark);
        self.mark.clear();
        self.newlines = 0;
        self.space = false;
        self.tab = false;
        self.fresh = false;
        self.lone_space = false;
        self.quote_between = self.quote;
    }

    fn push_marks(&mut self, depth: usize, words_follow: bool) {
        for _ in 0..depth.min(DEEPEST) {
            self.text.push('>');
        }
        if depth > 0 && words_follow {
            self.text.push(' ');
        }
    }
}

/// Characters with which senders pad the preview line, and marks without a shape. Joiners stay: they shape
/// letters and pictograms.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{feff}' | '\u{34f}' | '\u{ad}' | '\0')
}
