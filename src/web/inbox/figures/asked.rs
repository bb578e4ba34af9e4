//! What is asked for, as it stands in the address and in the form above the figures.

use indgang_channels::message::Channel;
use jiff::ToSpan;
use jiff::civil::Date;

use super::super::views::Choice;
use crate::domain::area::AreaId;
use crate::domain::enquiry::Kind;
use crate::domain::statistics::counted::{Asked, Chosen, Compared};
use crate::domain::statistics::period::Period;
use crate::texts::InboxWords;

/// The years that are looked at. A typing error must not ask for a table of ten thousand years.
const SPAN: std::ops::RangeInclusive<i16> = 1990..=2100;
/// Years that are offered with one click.
const YEARS: i16 = 6;

/// A question to the figures, with what was typed.
pub(in crate::web::inbox) struct Question {
    pub(super) asked: Asked,
    /// The key of what is wrong with it; then the figures are of this year so far.
    pub(super) mistake: Option<&'static str>,
}

/// The form above the figures.
pub struct QuestionFields {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The areas.
    pub areas: Vec<Choice>,
    /// The types.
    pub kinds: Vec<Choice>,
    /// The channels.
    pub channels: Vec<Choice>,
    /// What it is compared with.
    pub compared: Vec<Choice>,
    /// The first day of what it is compared with.
    pub other_from: String,
    /// The last.
    pub other_to: String,
}

/// A period that is one click away.
pub struct PeriodLink {
    /// What it is called.
    pub name: String,
    /// Where it leads.
    pub path: String,
    /// Whether it is shown.
    pub current: bool,
}

impl Question {
    /// Reads the part of an address after the question mark.
    pub(super) fn read(query: &str, today: Date) -> Self {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let value =
            |name: &str| pairs.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.trim());
        let this_year = Period { from: today.first_of_year(), until: today.tomorrow().unwrap_or(today) };
        let days = |from: &str, to: &str| -> Option<Result<Period, ()>> {
            let (from, to) = (value(from), value(to));
            if from.is_empty() && to.is_empty() {
                return None;
            }
            let day = |text: &str| text.parse::<Date>().ok().filter(|day| SPAN.contains(&day.year()));
            Some(
                day(from)
                    .zip(day(to))
                    .ok_or(())
                    .and_then(|(from, to)| Period::through(from, to).map_err(drop)),
            )
        };
        let mut mistake = None;
        let period = match days("fra", "til") {
            None => this_year,
            Some(Ok(period)) => period,
            Some(Err(())) => {
                mistake = Some("figures.wrong_period");
                this_year
            }
        };
        let compared = match (value("mod"), days("mod_fra", "mod_til")) {
            ("ingen", _) => Compared::Nothing,
            ("periode", Some(Ok(period))) => Compared::With(period),
            ("periode", _) => {
                mistake = Some("figures.wrong_period");
                Compared::Nothing
            }
            _ => Compared::Before,
        };
        let chosen = Chosen {
            area: value("omr").parse().ok().filter(|id| *id > 0).map(AreaId),
            kind: Kind::parse(value("typ")),
            channel: Channel::parse(value("kanal")),
        };
        Self { asked: Asked { period, compared, chosen, english: false, hide_below: 0 }, mistake }
    }

    /// The same question as the part of an address after the question mark, for another period.
    pub(super) fn written(&self, period: Period) -> String {
        let asked = &self.asked;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("fra", &period.from.to_string()).append_pair("til", &period.last().to_string());
        match asked.compared {
            Compared::Before => {}
            Compared::Nothing => {
                query.append_pair("mod", "ingen");
            }
            Compared::With(other) => {
                query.append_pair("mod", "periode");
                query.append_pair("mod_fra", &other.from.to_string());
                query.append_pair("mod_til", &other.last().to_string());
            }
        }
        if let Some(area) = asked.chosen.area {
            query.append_pair("omr", &area.0.to_string());
        }
        if let Some(kind) = asked.chosen.kind {
            query.append_pair("typ", kind.as_str());
        }
        if let Some(channel) = asked.chosen.channel {
            query.append_pair("kanal", channel.as_str());
        }
        query.finish()
    }

    /// The form, as it was asked.
    pub(super) fn fields(&self, words: &InboxWords, areas: &[(String, String)]) -> QuestionFields {
        let asked = &self.asked;
        let choice = |value: &str, name: &str, chosen: bool| Choice {
            value: value.to_owned(),
            name: name.to_owned(),
            chosen,
        };
        let any = |key: &str, chosen: bool| choice("", words.t(key), chosen);
        let area = asked.chosen.area.map(|area| area.0.to_string());
        let areas = areas.iter().map(|(id, name)| choice(id, name, area.as_ref() == Some(id)));
        let kinds = [Kind::Delimited, Kind::OpenEnded].map(|kind| {
            let name = words.t(&format!("kind.{}", kind.as_str()));
            choice(kind.as_str(), name, asked.chosen.kind == Some(kind))
        });
        let channels = [Channel::Email, Channel::Call, Channel::Web, Channel::Sms, Channel::Meeting];
        let channels = channels.map(|channel| {
            let name = words.t(&format!("channel.{}", channel.as_str()));
            choice(channel.as_str(), name, asked.chosen.channel == Some(channel))
        });
        let other = match asked.compared {
            Compared::With(other) => Some(other),
            _ => None,
        };
        QuestionFields {
            from: asked.period.from.to_string(),
            to: asked.period.last().to_string(),
            areas: [any("figures.all_areas", area.is_none())].into_iter().chain(areas).collect(),
            kinds: [any("figures.all_kinds", asked.chosen.kind.is_none())].into_iter().chain(kinds).collect(),
            channels: [any("figures.all_channels", asked.chosen.channel.is_none())]
                .into_iter()
                .chain(channels)
                .collect(),
            compared: vec![
                choice("", words.t("figures.before"), asked.compared == Compared::Before),
                choice("periode", words.t("figures.other"), other.is_some()),
                choice("ingen", words.t("figures.nothing"), asked.compared == Compared::Nothing),
            ],
            other_from: other.map(|other| other.from.to_string()).unwrap_or_default(),
            other_to: other.map(|other| other.last().to_string()).unwrap_or_default(),
        }
    }

    /// Periods one click away: this year so far, the last twelve months, earlier years, and all of them.
    pub(super) fn links(&self, words: &InboxWords, began: Option<Date>, today: Date) -> Vec<PeriodLink> {
        let until = today.tomorrow().unwrap_or(today);
        let mut links = Vec::new();
        let mut add = |name: String, period: Period| {
            let path = format!("/indbakke/statistik?{}", self.written(period));
            links.push(PeriodLink { name, path, current: period == self.asked.period });
        };
        let so_far = Period { from: today.first_of_year(), until };
        add(words.with("figures.so_far", &[("aar", &today.year().to_string())]), so_far);
        if let Ok(from) = until.checked_sub(1.year()) {
            add(words.t("figures.twelve").to_owned(), Period { from, until });
        }
        let Some(began) = began.filter(|began| *began < today) else { return links };
        for year in (began.year().max(today.year() - YEARS)..today.year()).rev() {
            add(year.to_string(), Period::year(year));
        }
        if began.year() < today.year() {
            add(words.t("figures.all_time").to_owned(), Period { from: began.first_of_month(), until });
        }
        links
    }

    /// Where the same figures are had as files: the format and the address.
    pub(super) fn downloads(&self) -> Vec<(&'static str, String)> {
        let query = self.written(self.asked.period);
        ["xlsx", "csv", "json"]
            .map(|format| (format, format!("/indbakke/statistik/hent?format={format}&{query}")))
            .to_vec()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 23);

    #[test]
    fn an_empty_question_is_this_year_so_far() {
        let asked = Question::read("", TODAY).asked;
        assert_eq!((asked.period.from, asked.period.last()), (date(2026, 1, 1), TODAY));
        assert_eq!(asked.compared, Compared::Before);
        assert!(asked.chosen.is_everything());
    }

    #[test]
    fn what_is_asked_can_be_asked_again() {
        let written = "fra=2022-06-01&til=2022-12-31&mod=periode&mod_fra=2021-06-01&mod_til=2021-12-31&omr=3&typ=open_ended\
                       &kanal=sms";
        let question = Question::read(written, TODAY);
        assert_eq!(question.mistake, None);
        assert_eq!(question.written(question.asked.period), written);
        assert_eq!(question.asked.chosen.area, Some(AreaId(3)));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for query in [
            "fra=2022-06-01",
            "fra=x&til=y",
            "fra=2022-06-02&til=2022-06-01",
            "fra=2022-06-01&til=9999-12-31",
            "mod=periode&mod_fra=2022-06-02&mod_til=2022-06-01",
            "mod=periode",
        ] {
            assert!(Question::read(query, TODAY).mistake.is_some(), "{query}");
        }
        let odd = Question::read("omr=-3&typ=%00&kanal=fax&mod=x&fra=&til=", TODAY);
        assert!(odd.mistake.is_none() && odd.asked.chosen.is_everything());
    }
}
