//! The inbox's pages as what stands on them: everything in the reader's language already, nothing decided.
//!
//! Templates escape what they are given; nothing is put in as it is.

use std::sync::Arc;

use askama::Template;

use super::figures::asked::{PeriodLink, QuestionFields};
use super::figures::shown::{ClosedView, FigureGroup, HeadlineView};
use crate::texts::InboxWords;
use crate::web::assets::Assets;

/// What surrounds every page.
pub struct Shell {
    /// `da` or `en`.
    pub lang: &'static str,
    /// Whether it is in English.
    pub english: bool,
    /// What stands in the window's title.
    pub title: String,
    /// Which part of the menu it belongs to.
    pub nav: &'static str,
    /// The municipality.
    pub municipality: String,
    /// Who is signed in.
    pub name: String,
    /// The same in two letters.
    pub initials: String,
    /// Whether single keys do something.
    pub single_keys: bool,
    /// Whether they see the log and the accounts.
    pub is_adviser: bool,
    /// Whether they have an inbox.
    pub has_inbox: bool,
    /// Whether they see the figures.
    pub has_figures: bool,
    /// Whether they see how the system runs.
    pub has_operations: bool,
    /// How long they stay signed in who do nothing, in seconds.
    pub idle_seconds: i64,
    /// What is looked for.
    pub question: String,
    /// What was just done.
    pub toast: Option<Toast>,
    /// The words.
    pub words: Arc<InboxWords>,
    /// Styles and scripts.
    pub assets: Assets,
}

impl Shell {
    /// A sentence.
    pub fn t(&self, key: &str) -> &str {
        self.words.t(key)
    }

    /// The address of a style or a script.
    pub fn url(&self, name: &str) -> &str {
        self.assets.url(name)
    }

    /// The address of an icon.
    pub fn icon(&self, name: &str) -> String {
        format!("{}#i-{name}", self.assets.url("icons.svg"))
    }
}

/// What was just done, and how it is undone.
pub struct Toast {
    /// In words.
    pub text: String,
    /// Where a form goes that undoes it.
    pub action: String,
    /// What it sends: the number of the act.
    pub act: String,
    /// And of the letter that waits.
    pub outbox: String,
    /// Where it leads.
    pub back: String,
}

/// A page that says something.
#[derive(Template)]
#[template(path = "inbox/problem.html")]
pub struct Problem {
    /// What surrounds it.
    pub shell: Shell,
    /// Its heading.
    pub heading: String,
    /// What it says.
    pub text: String,
}

/// Signing in.
#[derive(Template)]
#[template(path = "inbox/login.html")]
pub struct LogIn {
    /// What surrounds it.
    pub shell: Shell,
    /// Where it leads.
    pub onward: String,
    /// The login that was typed.
    pub login: String,
    /// What is said before.
    pub notice: Option<String>,
    /// What stands on the button of the municipality's sign-on; none where there is none.
    pub signon: Option<String>,
    /// What was wrong.
    pub error: Option<String>,
    /// The enquiry that something was written on.
    pub kept_for: String,
    /// What was written.
    pub kept: String,
    /// Passkeys can be used.
    pub has_passkeys: bool,
}

/// The page that leads on to the municipality's sign-on.
#[derive(Template)]
#[template(path = "inbox/away.html")]
pub struct Away {
    /// What surrounds it.
    pub shell: Shell,
    /// Where to.
    pub url: String,
}

/// The page that asks for a one-time code.
#[derive(Template)]
#[template(path = "inbox/second.html")]
pub struct SecondStep {
    /// What surrounds it.
    pub shell: Shell,
    /// What was wrong.
    pub error: Option<String>,
}

/// The page that sets an app up, or shows the recovery codes once.
#[derive(Template)]
#[template(path = "inbox/codes.html")]
pub struct CodesPage {
    /// What surrounds it.
    pub shell: Shell,
    /// What the first code is sent with.
    pub step: String,
    /// The seed as a picture: SVG of ours.
    pub picture: String,
    /// The seed to be typed.
    pub typed: String,
    /// The recovery codes; empty while the first code is asked for.
    pub recovery: Vec<String>,
    /// What was wrong.
    pub error: Option<String>,
}

/// One's own passkeys.
#[derive(Template)]
#[template(path = "inbox/passkeys.html")]
pub struct PasskeysPage {
    /// What surrounds it.
    pub shell: Shell,
    /// What was wrong.
    pub error: Option<String>,
    /// The passkeys: number, words, label.
    pub passkeys: Vec<(i64, String, String)>,
    /// They can be used at this address.
    pub available: bool,
    /// The longest label, in characters.
    pub longest: usize,
}

/// Behind a one-time link.
#[derive(Template)]
#[template(path = "inbox/welcome.html")]
pub struct Welcome {
    /// What surrounds it.
    pub shell: Shell,
    /// The link.
    pub token: String,
    /// What was wrong.
    pub error: Option<String>,
    /// The shortest password.
    pub shortest: usize,
    /// The same in words.
    pub hint: String,
}

/// A view in the rail.
pub struct RailView {
    /// Where it leads.
    pub url: String,
    /// Its icon.
    pub icon: &'static str,
    /// The icon's class.
    pub class: &'static str,
    /// What it is called.
    pub name: String,
    /// How many; nothing for those that are not counted.
    pub count: Option<i64>,
    /// It is shown now.
    pub current: bool,
    /// Something in it is over its date.
    pub late: bool,
}

/// The rail.
pub struct Rail {
    /// The views.
    pub views: Vec<RailView>,
    /// By channel.
    pub channels: Vec<RailView>,
    /// One's own.
    pub own: Vec<RailView>,
}

/// A line of the list.
pub struct Row {
    /// The enquiry.
    pub id: i64,
    /// Where it leads.
    pub url: String,
    /// The channel's class.
    pub channel_class: &'static str,
    /// Its icon.
    pub channel_icon: &'static str,
    /// What is read aloud before the name.
    pub spoken: String,
    /// Who.
    pub who: String,
    /// The same in stretches that are marked or not.
    pub named: Vec<(String, bool)>,
    /// When they wrote last.
    pub time: String,
    /// For machines.
    pub time_iso: String,
    /// What it is called.
    pub title: String,
    /// The same in stretches that are marked or not.
    pub titled: Vec<(String, bool)>,
    /// The beginning of what was written, in stretches that are marked or not.
    pub snippet: Vec<(String, bool)>,
    /// The language of it, when it is not the page's.
    pub lang: Option<String>,
    /// The class of what is due.
    pub due_class: &'static str,
    /// What is due.
    pub due: String,
    /// Area, type and so on.
    pub meta: String,
    /// Nobody has read it.
    pub unread: bool,
    /// Before others.
    pub urgent: bool,
    /// Somebody writes on it.
    pub draft: bool,
    /// It is open beside.
    pub current: bool,
    /// It answers something that is closed.
    pub after_closing: bool,
}

/// Lines under one heading.
pub struct Group {
    /// The heading; empty where there is one group only.
    pub name: String,
    /// It is over its date.
    pub late: bool,
    /// The lines.
    pub rows: Vec<Row>,
}

/// A choice.
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What it is called.
    pub name: String,
    /// It is chosen.
    pub chosen: bool,
}

/// The list beside everything else.
pub struct ListView {
    /// What it is called.
    pub heading: String,
    /// What is in it.
    pub groups: Vec<Group>,
    /// How many lines there are on the page.
    pub count: usize,
    /// Where it goes on.
    pub more: Option<String>,
    /// Said when it is empty: heading and sentence.
    pub empty: (String, String),
    /// The filters: areas, types, whose.
    pub areas: Vec<Choice>,
    /// The types.
    pub kinds: Vec<Choice>,
    /// From this day on.
    pub from: String,
    /// To this day.
    pub through: String,
    /// Only one's own.
    pub mine: bool,
    /// Filters are set.
    pub filtered: bool,
    /// The view, for the filters' form.
    pub view: &'static str,
    /// The channel, for the same.
    pub channel: String,
    /// The same list, for links and forms.
    pub query: String,
    /// What is looked for.
    pub question: String,
    /// The newest message that was there: what comes later is news.
    pub newest: i64,
}

/// The inbox: list, and what is open beside it.
#[derive(Template)]
#[template(path = "inbox/inbox.html")]
pub struct InboxPage {
    /// What surrounds it.
    pub shell: Shell,
    /// The rail.
    pub rail: Rail,
    /// The list.
    pub list: ListView,
    /// What is open.
    pub open: Option<Box<Open>>,
}

/// A stretch of a text.
pub enum Stretch {
    /// It is shown: pieces that are marked or not.
    Shown(Vec<(String, bool)>),
    /// It is folded: what it is, and the text.
    Folded(String, String),
}

/// A file beside a message.
pub struct FileLink {
    /// Where it is.
    pub url: String,
    /// Its name.
    pub name: String,
    /// Its size.
    pub size: String,
    /// Its icon.
    pub icon: &'static str,
    /// Why it should not be opened unwarned.
    pub warning: Option<String>,
}

/// Something in the conversation.
pub struct Entry {
    /// `in`, `out`, `note` or `event`.
    pub class: &'static str,
    /// What it is known by in the page.
    pub anchor: String,
    /// The channel's class.
    pub channel_class: &'static str,
    /// The icon.
    pub icon: &'static str,
    /// Who.
    pub who: String,
    /// What: the channel, the sort of note.
    pub what: String,
    /// When, in words.
    pub time: String,
    /// For machines.
    pub time_iso: String,
    /// What is read aloud: who, what, when.
    pub label: String,
    /// The subject, where it says more than the enquiry's.
    pub subject: Option<String>,
    /// The text.
    pub text: Vec<Stretch>,
    /// Its language, when it is not the page's.
    pub lang: Option<String>,
    /// The files.
    pub files: Vec<FileLink>,
    /// What became of it, in words, with the class of how bad that is.
    pub state: Option<(String, &'static str)>,
    /// Why it was filed, joined, held or acknowledged.
    pub reasons: Vec<String>,
    /// What is odd about it.
    pub doubts: Vec<String>,
    /// Where the original is.
    pub original: Option<String>,
    /// Where it is shown as it looks.
    pub shown: Option<String>,
    /// The number of a note that can be taken away.
    pub note: Option<i64>,
    /// Where it is taken back, its number and its act, as long as it waits.
    pub take_back: Option<(String, i64, String)>,
    /// Where a meeting's calendar file is.
    pub calendar: Option<String>,
    /// It came after the reader looked last.
    pub is_new: bool,
}

/// An enquiry that something may belong to.
pub struct OfferView {
    /// The enquiry.
    pub id: i64,
    /// Its number.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Where the work stands.
    pub state: String,
    /// Why it is offered.
    pub reason: String,
    /// It is closed.
    pub closed: bool,
}

/// A person's address.
pub struct ContactView {
    /// What it is: `email` or `phone`.
    pub kind: String,
    /// As it is written.
    pub address: String,
    /// Where a click leads.
    pub link: String,
    /// What is to be known of it.
    pub remarks: Vec<String>,
}

/// A task of § 5, or another box to tick.
pub struct Tick {
    /// What is sent.
    pub value: String,
    /// What it is called.
    pub name: String,
    /// It is ticked.
    pub on: bool,
}

/// Consent for an area.
pub struct ConsentView {
    /// Its number.
    pub id: i64,
    /// The area.
    pub area: String,
    /// When and how it was given, and what it covers.
    pub text: String,
    /// It holds.
    pub holds: bool,
}

/// The panel of an enquiry.
pub struct Panel {
    /// Which writing of the enquiry it shows.
    pub version: i64,
    /// The states to choose from.
    pub states: Vec<Choice>,
    /// The state in words.
    pub state: String,
    /// It is closed.
    pub closed: bool,
    /// What is due: class and words.
    pub due: (&'static str, String),
    /// The appeal deadline.
    pub appeal: String,
    /// The reminder.
    pub remind: String,
    /// What was promised, in words.
    pub promised: String,
    /// How it was moved: lines.
    pub promises: Vec<String>,
    /// The areas.
    pub areas: Vec<Choice>,
    /// The types.
    pub kinds: Vec<Choice>,
    /// Whether a type can be set.
    pub has_kind: bool,
    /// The purposes.
    pub purposes: Vec<Choice>,
    /// The contact forms.
    pub forms: Vec<Choice>,
    /// Who works here.
    pub colleagues: Vec<Choice>,
    /// The title.
    pub title: String,
    /// Before others.
    pub urgent: bool,
    /// It lies outside of what the adviser may do.
    pub outside: bool,
    /// It is a case.
    pub case: bool,
    /// Since when, in words.
    pub case_since: String,
    /// The tasks.
    pub tasks: Vec<Tick>,
    /// The themes, separated by commas.
    pub themes: String,
    /// Consents.
    pub consents: Vec<ConsentView>,
    /// Areas that consent can be given for.
    pub consent_areas: Vec<Choice>,
    /// The languages.
    pub languages: Vec<Choice>,
    /// Who enquires.
    pub person: String,
    /// The same in two letters.
    pub person_initials: String,
    /// How they want to be answered.
    pub wishes: Vec<String>,
    /// The kinds of persons.
    pub person_kinds: Vec<Choice>,
    /// Where they are reached.
    pub contacts: Vec<ContactView>,
    /// Their other enquiries: url, words.
    pub others: Vec<(String, String)>,
    /// Others that were found to be them: number, words.
    pub merges: Vec<(i64, String)>,
    /// Who acts for them: number, words.
    pub representatives: Vec<(i64, String)>,
    /// The parts of the conversation: url, words, current.
    pub parts: Vec<(String, String, bool)>,
    /// Areas that it can be split into.
    pub split: Vec<Choice>,
    /// The history: lines.
    pub history: Vec<String>,
    /// Substitutes who can be let in: value, name, chosen.
    pub substitutes: Vec<Choice>,
    /// How long it has taken, when it is closed.
    pub duration: String,
}

/// What is written.
pub struct Composer {
    /// The ways that an answer can go.
    pub ways: Vec<Choice>,
    /// The draft.
    pub text: String,
    /// The draft of a note.
    pub note: String,
    /// When it was saved, in words.
    pub saved: String,
    /// Files that wait: number, name, size.
    pub files: Vec<(i64, String, String)>,
    /// Standard texts: number and title.
    pub texts: Vec<(i64, String)>,
    /// Who else is here or writes: sentences.
    pub others: Vec<String>,
    /// What must be looked at before it goes: sentences.
    pub warnings: Vec<String>,
    /// Why it did not go.
    pub error: Option<String>,
    /// What keeps a form that is sent twice from being two letters.
    pub token: String,
    /// The newest letter of ours when the page was made: somebody who answered since is noticed.
    pub seen: i64,
    /// What it is for.
    pub occasion: String,
    /// The text that a closing begins with.
    pub closing_text: String,
    /// The ways for the same.
    pub close_error: Option<String>,
    /// The panel that is open: `afslut`, `forsinkelse`, `videresend` or nothing.
    pub open: String,
    /// The delay notice: new date, reason, what it waits for.
    pub delay: (String, String, String),
    /// A delay notice is due.
    pub delay_due: Option<String>,
    /// Departments: value, name, and whether consent holds.
    pub departments: Vec<(String, String, bool)>,
    /// There is a way to write to the citizen at all.
    pub can_write: bool,
    /// The moment before which nothing can be sent later.
    pub earliest: String,
}

/// An enquiry that is open.
pub struct Open {
    /// The enquiry.
    pub id: i64,
    /// What it is called.
    pub title: String,
    /// Who.
    pub who: String,
    /// The citizen's number.
    pub reference: String,
    /// Where it came from and when, in words.
    pub received: String,
    /// Chips for the phone: class, words.
    pub chips: Vec<(&'static str, String)>,
    /// The conversation.
    pub entries: Vec<Entry>,
    /// Enquiries that it may belong to.
    pub offers: Vec<OfferView>,
    /// It answers something that is closed.
    pub after_closing: bool,
    /// It was joined into another: where that is.
    pub joined: Option<(String, String)>,
    /// Something is to be noticed: class and sentence.
    pub notices: Vec<(&'static str, String)>,
    /// Something that was sent did not arrive, and nobody has said that they know.
    pub trouble: bool,
    /// The panel.
    pub panel: Panel,
    /// What is written.
    pub composer: Composer,
    /// Where the next and the previous line lead.
    pub next: Option<String>,
    /// The same backwards.
    pub previous: Option<String>,
    /// The number of the next one, or the word for the list.
    pub next_id: String,
    /// Back to the list.
    pub back: String,
    /// What stands behind the address, for forms: the list beside.
    pub query: String,
    /// A number to call.
    pub call: Option<String>,
}

/// The hold shelf.
#[derive(Template)]
#[template(path = "inbox/shelf.html")]
pub struct ShelfPage {
    /// What surrounds it.
    pub shell: Shell,
    /// The rail.
    pub rail: Rail,
    /// What lies there.
    pub rows: Vec<Row>,
    /// It is what was set aside.
    pub aside: bool,
    /// Where more of it is.
    pub more: Option<String>,
    /// What was just set aside, and can be taken back.
    pub back: Option<i64>,
    /// Why each does.
    pub reasons: Vec<String>,
    /// What is open.
    pub open: Option<Box<HeldView>>,
}

/// An item of the shelf.
pub struct HeldView {
    /// The arrival.
    pub id: i64,
    /// Its subject.
    pub title: String,
    /// Who, when, by what.
    pub facts: Vec<String>,
    /// Why a person must look.
    pub reason: String,
    /// It was set aside.
    pub aside: bool,
    /// What is odd about it.
    pub doubts: Vec<String>,
    /// The text.
    pub text: String,
    /// The files: names and sizes.
    pub files: Vec<String>,
    /// Enquiries that it may belong to.
    pub offers: Vec<OfferView>,
    /// What was wrong.
    pub error: Option<String>,
}

/// Entering a call, a meeting or a visit.
#[derive(Template)]
#[template(path = "inbox/enter.html")]
pub struct EnterPage {
    /// What surrounds it.
    pub shell: Shell,
    /// The sorts.
    pub sorts: Vec<Choice>,
    /// Name or number.
    pub who: String,
    /// What it is about.
    pub title: String,
    /// The note.
    pub note: String,
    /// How long it took.
    pub minutes: String,
    /// When.
    pub at: String,
    /// Where.
    pub place: String,
    /// Who was there.
    pub participants: String,
    /// The areas.
    pub areas: Vec<Choice>,
    /// The types.
    pub kinds: Vec<Choice>,
    /// What was wrong: field and sentence.
    pub errors: Vec<(&'static str, String)>,
    /// Enquiries of those who may be meant: id, words.
    pub known: Vec<(i64, String)>,
    /// What keeps it from being entered twice.
    pub token: String,
    /// Who referred them, if staff did.
    pub referred: bool,
    /// When to come back to it.
    pub remind: String,
}

/// Settings of one's own.
#[derive(Template)]
#[template(path = "inbox/settings.html")]
pub struct SettingsPage {
    /// What surrounds it.
    pub shell: Shell,
    /// What was done or was wrong: class and sentence.
    pub notice: Option<(&'static str, String)>,
    /// The languages.
    pub languages: Vec<Choice>,
    /// Signing in asks for one-time codes.
    pub has_codes: bool,
    /// The sessions: number, words, this one.
    pub sessions: Vec<(i64, String, bool)>,
    /// Standard texts: number, title, language, body.
    pub texts: Vec<(i64, String, String, String)>,
    /// Views: number and name.
    pub views: Vec<(i64, String)>,
    /// Blocks: number and words.
    pub blocks: Vec<(i64, String)>,
    /// May keep texts and blocks.
    pub has_texts: bool,
    /// The shortest password.
    pub shortest: usize,
}

/// The accounts.
#[derive(Template)]
#[template(path = "inbox/accounts.html")]
pub struct AccountsPage {
    /// What surrounds it.
    pub shell: Shell,
    /// What was done or was wrong.
    pub notice: Option<(&'static str, String)>,
    /// A one-time link that was made, told once.
    pub link: Option<String>,
    /// The accounts: number, name, login, words, ended, one's own.
    pub accounts: Vec<(i64, String, String, String, bool, bool)>,
    /// The roles.
    pub roles: Vec<Choice>,
}

/// The log.
#[derive(Template)]
#[template(path = "inbox/log.html")]
pub struct LogPage {
    /// What surrounds it.
    pub shell: Shell,
    /// The entries: number, when, who, what, on which enquiry, more.
    pub lines: Vec<(i64, String, String, String, String, String)>,
    /// Where it goes on.
    pub more: Option<String>,
    /// Whether it adds up, in words.
    pub sum: String,
    /// It does.
    pub whole: bool,
}

/// How the system runs.
#[derive(Template)]
#[template(path = "inbox/operations.html")]
pub struct OperationsPage {
    /// What surrounds it.
    pub shell: Shell,
    /// Names and numbers.
    pub figures: Vec<(String, String)>,
}

/// The statistics.
#[derive(Template)]
#[template(path = "inbox/statistics.html")]
pub struct StatisticsPage {
    /// What surrounds it.
    pub shell: Shell,
    /// The period.
    pub heading: String,
    /// What it is compared with.
    pub subtitle: String,
    /// What is asked for, as it stands in an address.
    pub query: String,
    /// Formats, and where the same figures are had in them.
    pub downloads: Vec<(&'static str, String)>,
    /// What was wrong with what was asked.
    pub mistake: Option<String>,
    /// Periods one click away.
    pub links: Vec<PeriodLink>,
    /// The form.
    pub fields: QuestionFields,
    /// The numbers that open it.
    pub headlines: Vec<HeadlineView>,
    /// What is said of a closed year.
    pub closed: Option<ClosedView>,
    /// What must be said of all of them.
    pub notices: Vec<String>,
    /// The figures.
    pub groups: Vec<FigureGroup>,
}

/// A year that a report can be had of.
pub struct YearLink {
    /// The year.
    pub year: i16,
    /// Whether it is shown.
    pub current: bool,
}

/// The place of the adviser's words before a figure.
pub struct FigureWordsView {
    /// The figure's key.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// What its picture finds.
    pub finding: String,
    /// The words.
    pub text: String,
}

/// A file of earlier years that is in.
pub struct ImportView {
    /// Its number.
    pub id: i64,
    /// When it was brought in.
    pub made: String,
    /// Its days.
    pub days: String,
    /// How many enquiries.
    pub enquiries: i64,
}

/// Earlier years.
#[derive(Template)]
#[template(path = "inbox/history.html")]
pub struct HistoryPage {
    /// What surrounds it.
    pub shell: Shell,
    /// What is said of a file that was sent.
    pub notice: Option<(&'static str, String)>,
    /// Line, column and what is wrong.
    pub mistakes: Vec<(String, String, String)>,
    /// The files that are in.
    pub imports: Vec<ImportView>,
}

/// What the adviser did besides enquiries.
pub struct ActivityView {
    /// Its number.
    pub id: i64,
    /// The day.
    pub day: String,
    /// What it was.
    pub kind: String,
    /// How many took part.
    pub participants: i64,
    /// What is remembered of it.
    pub note: String,
}

/// Activities of a year.
#[derive(Template)]
#[template(path = "inbox/activities.html")]
pub struct ActivitiesPage {
    /// What surrounds it.
    pub shell: Shell,
    /// What was wrong.
    pub error: Option<String>,
    /// The years.
    pub years: Vec<YearLink>,
    /// The activities, the newest first.
    pub activities: Vec<ActivityView>,
    /// What they can be.
    pub kinds: Vec<Choice>,
    /// The day of a new one.
    pub day: String,
    /// Its participants.
    pub participants: String,
    /// Its note.
    pub note: String,
}

/// The yearly report.
#[derive(Template)]
#[template(path = "inbox/annual.html")]
pub struct AnnualPage {
    /// What surrounds it.
    pub shell: Shell,
    /// The report and its year.
    pub heading: String,
    /// The year.
    pub year: i16,
    /// Which writing of the words it is.
    pub version: i64,
    /// What was just done, and how it is said.
    pub notice: Option<(&'static str, String)>,
    /// The words are last year's, to begin with.
    pub borrowed: bool,
    /// The years.
    pub years: Vec<YearLink>,
    /// What is said of a closed year.
    pub closed: Option<ClosedView>,
    /// The numbers that open it.
    pub headlines: Vec<HeadlineView>,
    /// Tables that do not add up.
    pub faults: usize,
    /// Whether the year is over.
    pub is_over: bool,
    /// The preface.
    pub preface: String,
    /// Who signs it.
    pub signature: String,
    /// What the adviser can, a line each.
    pub can: String,
    /// What the adviser cannot, a line each.
    pub cannot: String,
    /// What can be learnt, a line each.
    pub learning: String,
    /// The end.
    pub closing: String,
    /// Before each figure.
    pub before: Vec<FigureWordsView>,
    /// Title and text of each case.
    pub cases: Vec<(String, String)>,
}

/// The keys.
#[derive(Template)]
#[template(path = "inbox/keys.html")]
pub struct KeysPage {
    /// What surrounds it.
    pub shell: Shell,
}
