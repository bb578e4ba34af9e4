//! The list: views, filters, search, and the rail beside it.

use axum::Form;
use axum::extract::{Extension, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use form_urlencoded::Serializer;
use indgang_channels::message::Channel;
use jiff::civil::Date;
use serde::Deserialize;

use super::views::{Choice, Group, InboxPage, ListView, Rail, RailView, Row, Toast};
use super::written::{self, capital, channel_look, channel_name, chip, kind_name, masked, moment_short};
use super::{Fields, Inbox, Seat, field, on_to};
use crate::domain::account::{Act, may};
use crate::domain::area::AreaId;
use crate::domain::due::{Urgency, urgency};
use crate::domain::enquiry::{EnquiryId, Kind};
use crate::domain::triage::{Purpose, WaitsFor};
use crate::domain::words::Asked;
use crate::store::StoreError;
use crate::store::inbox::list::{Ask, Counts, Cursor, Line, View};

/// Lines on a page.
const PAGE: u32 = 60;

/// What is asked of the list, as it stands in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Asking {
    visning: String,
    kanal: String,
    omraade: String,
    #[serde(rename = "type")]
    kind: String,
    venter: String,
    mine: String,
    fra: String,
    til: String,
    /// What is looked for, by its token: a name must not stand in an address.
    s: String,
    /// The words of it.
    #[serde(skip)]
    pub(super) q: String,
    efter: String,
    /// What was just done: the act's number, its word, and the letter that waits.
    pub(super) gjort: String,
    pub(super) hvad: String,
    /// The enquiry that the letter is on.
    pub(super) paa: String,
    pub(super) brev: String,
    /// A panel that is to be open.
    pub(super) vis: String,
}

impl Asking {
    fn pairs(&self) -> [(&'static str, &str); 9] {
        [
            ("visning", &self.visning),
            ("kanal", &self.kanal),
            ("omraade", &self.omraade),
            ("type", &self.kind),
            ("venter", &self.venter),
            ("mine", &self.mine),
            ("fra", &self.fra),
            ("til", &self.til),
            ("s", &self.s),
        ]
    }

    /// Fetches the words of what is looked for.
    pub(super) async fn known(mut self, inbox: &Inbox, seat: &Seat) -> Result<Self, StoreError> {
        if !self.s.is_empty() {
            let words = inbox.doors().store.question_fetch(&seat.actor, &self.s).await?;
            self.q = words.unwrap_or_default();
        }
        Ok(self)
    }

    /// The same without what is looked for: that is forgotten after a day.
    pub(super) fn lasting(mut self) -> Self {
        (self.s, self.q) = (String::new(), String::new());
        self
    }

    /// What stands beside the hold shelf.
    pub(super) fn of_shelf() -> Self {
        Self { vis: "hold".to_owned(), ..Self::default() }
    }

    /// The same list as the end of an address; empty for the list that is shown first.
    pub(super) fn query(&self) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in self.pairs() {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    /// Reads it back.
    pub(super) fn parse(query: &str) -> Self {
        let mut asking = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            match name.as_ref() {
                "visning" => asking.visning = value,
                "kanal" => asking.kanal = value,
                "omraade" => asking.omraade = value,
                "type" => asking.kind = value,
                "venter" => asking.venter = value,
                "mine" => asking.mine = value,
                "fra" => asking.fra = value,
                "til" => asking.til = value,
                "s" => asking.s = value,
                _ => {}
            }
        }
        asking
    }

    fn view(&self) -> View {
        View::parse(&self.visning).unwrap_or_default()
    }

    fn ask(&self) -> Ask {
        let day = |text: &str| text.parse::<Date>().ok();
        Ask {
            view: self.view(),
            channel: channel_of(&self.kanal),
            area: self.omraade.parse().ok().map(AreaId),
            no_area: self.omraade == "uden",
            kind: kind_of(&self.kind),
            waits_for: match self.venter.as_str() {
                "borger" => Some(WaitsFor::Citizen),
                "forvaltning" => Some(WaitsFor::Administration),
                _ => None,
            },
            mine: self.mine == "1",
            from: day(&self.fra),
            through: day(&self.til),
            after: cursor(&self.efter),
        }
    }
}

fn cursor(text: &str) -> Option<Cursor> {
    let mut parts = text.split('~');
    let (key, priority, id) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Cursor { key: key.to_owned(), priority: priority.parse().ok()?, id: id.parse().ok()? })
}

/// A channel by its word in an address.
pub(super) fn channel_of(word: &str) -> Option<Channel> {
    [Channel::Email, Channel::Sms, Channel::Web, Channel::Call, Channel::Meeting]
        .into_iter()
        .find(|channel| channel.as_str() == word)
}

/// A type by its word.
pub(super) fn kind_of(word: &str) -> Option<Kind> {
    match word {
        "afgraenset" => Some(Kind::Delimited),
        "aaben" => Some(Kind::OpenEnded),
        _ => None,
    }
}

/// The word of a type.
pub(super) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Delimited => "afgraenset",
        Kind::OpenEnded => "aaben",
    }
}

pub(super) async fn page(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Query(asking): Query<Asking>,
) -> Response {
    if !may(seat.account().role, Act::List) {
        return on_to("/indbakke/drift");
    }
    match show(&inbox, &seat, asking).await {
        Ok(page) => inbox.answer(StatusCode::OK, &page),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// Keeps what is looked for, and leads to the list of what is found.
pub(super) async fn search(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let words: String = field(&fields, "q").trim().chars().take(200).collect();
    if words.is_empty() {
        return on_to("/indbakke");
    }
    let token = inbox.token();
    match inbox.doors().store.question_keep(&seat.actor, &token, &words, inbox.now()).await {
        Ok(()) => on_to(&format!("/indbakke?visning=alle&s={token}")),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

async fn show(inbox: &Inbox, seat: &Seat, asking: Asking) -> Result<InboxPage, StoreError> {
    let asking = asking.known(inbox, seat).await?;
    let counts = inbox.counts(seat).await;
    let (list, _) = lines(inbox, seat, &asking, None, &counts).await?;
    let mut shell = inbox.shell(Some(seat), &list.heading, "indbakke");
    if counts.todo > 0 {
        shell.title = format!("({}) {}", counts.todo, shell.title);
    }
    shell.question.clone_from(&asking.q);
    shell.toast = toast(inbox, seat, &asking, "/indbakke");
    Ok(InboxPage { shell, rail: rail(inbox, seat, &asking, &counts).await?, list, open: None })
}

/// What was just done, in words, with a way back.
pub(super) fn toast(inbox: &Inbox, seat: &Seat, asking: &Asking, path: &str) -> Option<Toast> {
    let words = inbox.words(&seat.account().language);
    let text = words.t(&format!("done.{}", asking.hvad));
    if asking.hvad.is_empty() || text.is_empty() {
        return None;
    }
    let query = asking.query();
    let back = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    // After «close, next» the page is another enquiry's than the letter.
    let action = match asking.paa.parse::<i64>() {
        Ok(on) if !asking.brev.is_empty() => format!("/indbakke/h/{on}/tilbage"),
        _ => "/indbakke/fortryd".to_owned(),
    };
    Some(Toast {
        text: text.to_owned(),
        action,
        act: asking.gjort.clone(),
        outbox: asking.brev.clone(),
        back,
    })
}

/// The lines of the list, and which enquiries they are.
pub(super) async fn lines(
    inbox: &Inbox,
    seat: &Seat,
    asking: &Asking,
    open: Option<EnquiryId>,
    counts: &Counts,
) -> Result<(ListView, Vec<EnquiryId>), StoreError> {
    let (store, today) = (&inbox.doors().store, inbox.today());
    let words = inbox.words(&seat.account().language);
    let view = asking.view();
    let asked = Asked::read(&asking.q);
    let (found, stretches, more) = match &asked {
        Some(asked) => {
            let found = store.search(&seat.actor, asked, inbox.now()).await?;
            (found.lines, found.stretches, None)
        }
        None => {
            let lines = store.enquiries_list(&seat.actor, &asking.ask(), today, PAGE + 1).await?;
            let more = lines.get(PAGE as usize).is_some().then(|| {
                let Cursor { key, priority, id } = lines[PAGE as usize - 1].cursor(view);
                let query = asking.query();
                let mark = if query.is_empty() { "" } else { "&" };
                format!("/indbakke?{query}{mark}efter={key}~{priority}~{id}")
            });
            (lines.into_iter().take(PAGE as usize).collect(), Vec::new(), more)
        }
    };
    let ids: Vec<EnquiryId> = found.iter().map(|line| line.id).collect();
    let query = asking.query();
    let rows = found.iter().map(|line| {
        let stretch = stretches.iter().find(|(id, _)| *id == line.id).map(|(_, text)| text.as_str());
        (line, row(inbox, seat, line, stretch, asked.as_ref(), today, &query, open))
    });
    let groups = grouped(rows, view.is_by_due() && asked.is_none(), today, |key| words.t(key).to_owned());
    let heading = match &asked {
        Some(_) => words.with("list.found", &[("q", &asking.q)]),
        None => view_name(words, view).to_owned(),
    };
    let empty = if asked.is_some() {
        (words.with("list.none_found", &[("q", &asking.q)]), words.t("list.none_found_text").to_owned())
    } else if view == View::Todo && counts.todo == 0 {
        (words.t("list.done").to_owned(), words.t("list.done_text").to_owned())
    } else {
        (words.t("list.empty").to_owned(), words.t("list.empty_text").to_owned())
    };
    let english = seat.account().language == "en";
    let mut areas = vec![
        Choice {
            value: String::new(),
            name: words.t("list.all_areas").to_owned(),
            chosen: asking.omraade.is_empty(),
        },
        Choice {
            value: "uden".to_owned(),
            name: words.t("list.no_area").to_owned(),
            chosen: asking.omraade == "uden",
        },
    ];
    areas.extend(inbox.settings().areas_on(today, english).into_iter().map(|(id, name)| {
        let value = id.0.to_string();
        Choice { chosen: asking.omraade == value, value, name }
    }));
    let kinds = [("", "list.all_kinds"), ("afgraenset", "kind.delimited"), ("aaben", "kind.open_ended")];
    let newest = store.news_newest().await?;
    let list = ListView {
        heading,
        count: ids.len(),
        groups,
        more,
        empty,
        areas,
        kinds: kinds
            .into_iter()
            .map(|(value, key)| Choice {
                value: value.to_owned(),
                name: words.t(key).to_owned(),
                chosen: asking.kind == value,
            })
            .collect(),
        from: asking.fra.clone(),
        through: asking.til.clone(),
        mine: asking.mine == "1",
        filtered: [&asking.omraade, &asking.kind, &asking.fra, &asking.til, &asking.mine]
            .iter()
            .any(|one| !one.is_empty()),
        view: view.as_str(),
        channel: asking.kanal.clone(),
        query,
        question: asking.s.clone(),
        newest,
    };
    Ok((list, ids))
}

fn view_name(words: &crate::texts::InboxWords, view: View) -> &str {
    words.t(match view {
        View::Todo => "view.handling",
        View::New => "view.ny",
        View::Today => "view.idag",
        View::Deadline => "view.frist",
        View::InProgress => "view.igang",
        View::Waiting => "view.venter",
        View::Undelivered => "view.undelivered",
        View::Sparring => "view.sparring",
        View::Closed => "view.afsluttet",
        View::Spam => "view.spam",
        View::All => "view.alle",
    })
}

/// Puts lines under headings, in the order in which they come.
fn grouped<'a>(
    rows: impl Iterator<Item = (&'a Line, Row)>,
    by_due: bool,
    today: Date,
    t: impl Fn(&str) -> String,
) -> Vec<Group> {
    let mut groups: Vec<(u8, Group)> = Vec::new();
    for (line, row) in rows {
        let (number, key) = match line.due().map_or(Urgency::Never, |(date, _)| urgency(date, today)) {
            _ if !by_due => (0, ""),
            Urgency::Late(_) => (1, "group.late"),
            Urgency::Today => (2, "group.today"),
            Urgency::Soon => (3, "group.soon"),
            Urgency::Later => (4, "group.later"),
            Urgency::Never => (5, "group.never"),
        };
        match groups.iter_mut().find(|(one, _)| *one == number) {
            Some((_, group)) => group.rows.push(row),
            None => {
                let name = if key.is_empty() { String::new() } else { t(key) };
                groups.push((number, Group { name, late: number == 1, rows: vec![row] }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// A text in stretches that are found or not.
pub(super) fn marked(text: &str, asked: Option<&Asked>) -> Vec<(String, bool)> {
    let Some(asked) = asked else { return vec![(text.to_owned(), false)] };
    let mut stretches = Vec::new();
    let mut from = 0;
    for place in asked.find(text) {
        if place.start > from {
            stretches.push((text[from..place.start].to_owned(), false));
        }
        stretches.push((text[place.clone()].to_owned(), true));
        from = place.end;
    }
    if from < text.len() {
        stretches.push((text[from..].to_owned(), false));
    }
    stretches
}

#[expect(clippy::too_many_arguments, reason = "one line from everything that it shows")]
fn row(
    inbox: &Inbox,
    seat: &Seat,
    line: &Line,
    stretch: Option<&str>,
    asked: Option<&Asked>,
    today: Date,
    query: &str,
    open: Option<EnquiryId>,
) -> Row {
    let words = inbox.words(&seat.account().language);
    let english = seat.account().language == "en";
    let (channel_class, channel_icon) = channel_look(line.channel);
    let (due_class, due) = match line.closed_at {
        Some(at) => {
            ("plain", words.with("due.closed", &[("dato", &moment_short(at, today, words.language))]))
        }
        None => chip(line.due(), today, words),
    };
    let mut meta = vec![match line.area {
        Some(area) => inbox.settings().area_name(area, english),
        None if line.purpose == Purpose::Enquiry => words.t("list.area_missing").to_owned(),
        None => written::purpose_name(line.purpose, words).to_owned(),
    }];
    meta.extend(line.kind.map(|kind| kind_name(kind, words).to_owned()));
    if line.part > 0 {
        meta.push(words.with("list.part", &[("antal", &(line.part + 1).to_string())]));
    }
    if line.language == "en" && !english {
        meta.push(words.t("list.in_english").to_owned());
    }
    let who = match line.who.is_empty() {
        true => words.t("list.nobody").to_owned(),
        false => masked(&written::phone(&line.who)),
    };
    let spoken = [line.unread.then(|| words.t("list.unread")), Some(channel_name(line.channel, words))];
    let spoken = spoken.into_iter().flatten().collect::<Vec<_>>().join(". ");
    let text = masked(stretch.filter(|text| !text.is_empty()).unwrap_or(&line.snippet));
    let mark = if query.is_empty() { "" } else { "?" };
    Row {
        id: line.id.0,
        url: format!("/indbakke/h/{}{mark}{query}", line.id.0),
        channel_class,
        channel_icon,
        spoken: format!("{spoken}, "),
        time: moment_short(line.last_in_at, today, words.language),
        time_iso: written::iso(line.last_in_at),
        titled: marked(&masked(&line.title), asked),
        title: masked(&line.title),
        named: marked(&who, asked),
        who,
        snippet: marked(&text, asked),
        lang: (line.language != words.language.as_str()).then(|| line.language.clone()),
        due_class,
        due: capital(&due),
        meta: meta.join(" · "),
        unread: line.unread,
        urgent: line.urgent,
        draft: line.has_draft,
        current: open == Some(line.id),
        after_closing: line.after_closing,
    }
}

/// The rail: views with their counts, channels, one's own.
pub(super) async fn rail(
    inbox: &Inbox,
    seat: &Seat,
    asking: &Asking,
    counts: &Counts,
) -> Result<Rail, StoreError> {
    let words = inbox.words(&seat.account().language);
    let plain = asking.q.is_empty() && asking.kanal.is_empty();
    let view = |view: View, icon: &'static str, count: Option<i64>| RailView {
        url: if view == View::Todo {
            "/indbakke".to_owned()
        } else {
            format!("/indbakke?visning={}", view.as_str())
        },
        icon,
        class: "",
        name: view_name(words, view).to_owned(),
        count,
        current: plain && asking.view() == view && asking.venter.is_empty() && asking.vis != "hold",
        late: view == View::Todo && counts.late > 0,
    };
    let waiting = |who: &str, key: &str, icon: &'static str, count: i64| RailView {
        url: format!("/indbakke?visning=venter&venter={who}"),
        icon,
        class: "",
        name: words.t(key).to_owned(),
        count: Some(count),
        current: plain && asking.venter == who,
        late: false,
    };
    let mut views = vec![
        view(View::Todo, "notifications", Some(counts.todo)),
        view(View::New, "email", Some(counts.new)),
        view(View::Today, "time", Some(counts.today)),
        view(View::Deadline, "flag", Some(counts.deadline)),
        RailView {
            late: counts.undelivered > 0,
            ..view(View::Undelivered, "error", Some(counts.undelivered))
        },
        view(View::InProgress, "sync", Some(counts.in_progress)),
        view(View::Waiting, "hourglass", Some(counts.waiting)),
        waiting("borger", "state.waiting_citizen", "person", counts.waiting_citizen),
        waiting("forvaltning", "state.waiting_administration", "business", counts.waiting_administration),
    ];
    views.push(RailView {
        url: "/indbakke/hold".to_owned(),
        icon: "warning",
        class: "",
        name: words.t("view.hold").to_owned(),
        count: Some(counts.hold),
        current: asking.vis == "hold",
        late: counts.hold > 0,
    });
    views.extend([
        view(View::Sparring, "how-to-reg", Some(counts.sparring)),
        view(View::Closed, "check", None),
        view(View::Spam, "delete", None),
        view(View::All, "assignment", None),
    ]);
    let channels = [
        (Channel::Email, "ico-email"),
        (Channel::Call, "ico-phone"),
        (Channel::Web, "ico-web"),
        (Channel::Sms, "ico-sms"),
        (Channel::Meeting, "ico-meet"),
    ];
    let place = |channel| match channel {
        Channel::Email => 0,
        Channel::Sms => 1,
        Channel::Web => 2,
        Channel::Call => 3,
        Channel::Meeting => 4,
    };
    let channels = channels
        .into_iter()
        .map(|(channel, class)| RailView {
            url: format!("/indbakke?visning=handling&kanal={}", channel.as_str()),
            icon: channel_look(channel).1,
            class,
            name: channel_name(channel, words).to_owned(),
            count: Some(counts.channels[place(channel)]),
            current: asking.kanal == channel.as_str(),
            late: false,
        })
        .collect();
    let current = asking.query();
    let own = inbox.doors().store.saved_views(&seat.actor).await?;
    let own = own
        .into_iter()
        .map(|view| RailView {
            url: format!("/indbakke?{}", view.query),
            icon: "star",
            class: "",
            name: view.name,
            count: None,
            current: !current.is_empty() && view.query == current,
            late: false,
        })
        .collect();
    Ok(Rail { views, channels, own })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_stands_in_its_address() {
        let asking = Asking {
            visning: "alle".to_owned(),
            fra: "æ & ø=å".to_owned(),
            omraade: "3".to_owned(),
            ..Asking::default()
        };
        assert_eq!(Asking::parse(&asking.query()), asking);
        assert_eq!(Asking::default().query(), "");
        assert_eq!(Asking::parse("visning=nonsens").view(), View::Todo);
        assert_eq!(
            cursor("2026-01-01~1~7"),
            Some(Cursor { key: "2026-01-01".to_owned(), priority: 1, id: 7 })
        );
        assert_eq!(cursor("x"), None);
    }

    #[test]
    fn what_is_found_is_marked() {
        let asked = Asked::read("skole");
        let stretches = marked("I skolen, skole", asked.as_ref());
        let shown: Vec<(&str, bool)> = stretches.iter().map(|(text, on)| (text.as_str(), *on)).collect();
        assert_eq!(shown, [("I ", false), ("skolen", true), (", ", false), ("skole", true)]);
        assert_eq!(marked("x", None), [("x".to_owned(), false)]);
    }
}
