//! The areas of the administration (*forvaltningsområder*): a dated list that the office configures (S7).
//!
//! Deliberately knows no area by name: administrations are reorganised, and a list in the program would be wrong in
//! the next municipality. Which area an enquiry belongs to is the adviser's to say.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Identifies an area, also after it was renamed or came to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AreaId(pub i64);

/// An area, and when enquiries are counted in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// The area.
    pub id: AreaId,
    /// What it is called.
    pub name: String,
    /// Its first day.
    pub from: Date,
    /// Its last day; `None` while it goes on.
    #[serde(default)]
    pub through: Option<Date>,
}

/// The list of areas. Holds to one rule: on no day can an enquiry be counted in one area under two names, or in two
/// under one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Areas(Vec<Area>);

/// What is wrong with a list of areas.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AreaError {
    /// Two areas have one number.
    #[error("area {}: two areas have this number; give one of them another", .0.0)]
    SameId(AreaId),
    /// Two areas have one name on the same day.
    #[error("area {}: another area has its name at the same time; end one before the other begins", .0.0)]
    SameName(AreaId),
    /// An area has no name.
    #[error("area {}: it has no name", .0.0)]
    NoName(AreaId),
    /// An area ends before it begins.
    #[error("area {}: it ends before it begins; put `through` on or after `from`", .0.0)]
    EndsBeforeItBegins(AreaId),
}

impl Area {
    /// Whether enquiries of `day` are counted in it.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.from <= day && self.through.is_none_or(|through| day <= through)
    }

    fn overlaps(&self, other: &Self) -> bool {
        let begins_in_time =
            |one: &Self, other: &Self| other.through.is_none_or(|through| one.from <= through);
        begins_in_time(self, other) && begins_in_time(other, self)
    }
}

impl Areas {
    /// A list in the order in which it is shown.
    pub fn new(areas: Vec<Area>) -> Result<Self, AreaError> {
        for (place, area) in areas.iter().enumerate() {
            let id = area.id;
            if area.name.trim().is_empty() {
                return Err(AreaError::NoName(id));
            }
            if area.through.is_some_and(|through| through < area.from) {
                return Err(AreaError::EndsBeforeItBegins(id));
            }
            for earlier in &areas[..place] {
                if earlier.id == id {
                    return Err(AreaError::SameId(id));
                }
                if earlier.name.trim().to_lowercase() == area.name.trim().to_lowercase()
                    && earlier.overlaps(area)
                {
                    return Err(AreaError::SameName(id));
                }
            }
        }
        Ok(Self(areas))
    }

    /// The areas to choose from for an enquiry of `day`.
    pub fn in_force(&self, day: Date) -> impl Iterator<Item = &Area> {
        self.0.iter().filter(move |area| area.is_in_force(day))
    }

    /// All of them, in force or not.
    pub fn all(&self) -> impl Iterator<Item = &Area> {
        self.0.iter()
    }

    /// An area of the list, in force or not: an old enquiry keeps its own.
    pub fn get(&self, id: AreaId) -> Option<&Area> {
        self.0.iter().find(|area| area.id == id)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    fn area(id: i64, name: &str, from: Date, through: Option<Date>) -> Area {
        Area { id: AreaId(id), name: name.to_owned(), from, through }
    }

    /// Two areas that were merged at the turn of the year.
    fn reorganised() -> Areas {
        Areas::new(vec![
            area(1, "Skole", date(2022, 6, 1), Some(date(2025, 12, 31))),
            area(2, "Dagtilbud", date(2022, 6, 1), Some(date(2025, 12, 31))),
            area(3, "Skole", date(2026, 1, 1), None),
        ])
        .unwrap()
    }

    #[rstest]
    #[case::before_the_first(date(2022, 5, 31), &[])]
    #[case::the_first_day(date(2022, 6, 1), &[1, 2])]
    #[case::the_last_day_of_the_old(date(2025, 12, 31), &[1, 2])]
    #[case::the_first_day_of_the_new(date(2026, 1, 1), &[3])]
    fn the_areas_of_a_day(#[case] day: Date, #[case] ids: &[i64]) {
        let areas = reorganised();
        let in_force: Vec<_> = areas.in_force(day).map(|area| area.id.0).collect();
        assert_eq!(in_force, ids);
    }

    #[test]
    fn an_old_enquiry_keeps_its_area() {
        assert_eq!(reorganised().get(AreaId(2)).unwrap().name, "Dagtilbud");
        assert_eq!(reorganised().get(AreaId(4)), None);
    }

    #[rstest]
    #[case::one_number(area(1, "Borgerservice", date(2026, 1, 1), None), AreaError::SameId(AreaId(1)))]
    #[case::one_name(area(4, " SKOLE", date(2026, 5, 1), None), AreaError::SameName(AreaId(4)))]
    #[case::one_name_for_a_day(
        area(4, "Dagtilbud", date(2025, 12, 31), None),
        AreaError::SameName(AreaId(4))
    )]
    #[case::no_name(area(4, " ", date(2026, 1, 1), None), AreaError::NoName(AreaId(4)))]
    #[case::turned_round(
        area(4, "Kultur", date(2026, 1, 2), Some(date(2026, 1, 1))),
        AreaError::EndsBeforeItBegins(AreaId(4))
    )]
    fn a_wrong_list_says_which(#[case] added: Area, #[case] error: AreaError) {
        let mut list = reorganised().0;
        list.push(added);
        assert_eq!(Areas::new(list), Err(error));
    }
}
