//! What is counted of a period, and which enquiries are asked for.

use indgang_channels::message::Channel;

use serde::{Deserialize, Serialize};

use super::fact::Fact;
use super::period::Period;
use super::tally::Tally;
use crate::domain::area::AreaId;
use crate::domain::enquiry::Kind;

/// Which enquiries are asked for: all, or those alike in some sides. Sums are kept for each choice by itself, so that a page of
/// one area reads no more than a page of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chosen {
    /// Only of this area.
    pub area: Option<AreaId>,
    /// Only of this type.
    pub kind: Option<Kind>,
    /// Only what came in by this channel.
    pub channel: Option<Channel>,
}

impl Chosen {
    /// Whether anything is left out.
    pub fn is_everything(self) -> bool {
        self == Self::default()
    }

    /// Whether a fact is one of those.
    pub fn holds(self, fact: &Fact) -> bool {
        self.area.is_none_or(|area| fact.area == Some(area))
            && self.kind.is_none_or(|kind| fact.kind == Some(kind))
            && self.channel.is_none_or(|channel| fact.channel == channel)
    }

    /// Every choice that a fact is within, the one of everything first. At most eight; what is *uoplyst* is chosen by nothing.
    pub fn each_of(fact: &Fact) -> impl Iterator<Item = Self> + use<> {
        let (area, kind, channel) = (fact.area, fact.kind, fact.channel);
        let sides = (0..Self::SIDES).filter(move |sides| {
            (sides & Self::AREA == 0 || area.is_some()) && (sides & Self::KIND == 0 || kind.is_some())
        });
        sides.map(move |sides| Self {
            area: area.filter(|_| sides & Self::AREA > 0),
            kind: kind.filter(|_| sides & Self::KIND > 0),
            channel: (sides & Self::CHANNEL > 0).then_some(channel),
        })
    }

    const AREA: u8 = 1;
    const KIND: u8 = 2;
    const CHANNEL: u8 = 4;
    const SIDES: u8 = 8;

    /// Which sides are chosen: a number below eight.
    pub(super) fn sides(self) -> u8 {
        let side = |is_chosen: bool, side| if is_chosen { side } else { 0 };
        side(self.area.is_some(), Self::AREA)
            | side(self.kind.is_some(), Self::KIND)
            | side(self.channel.is_some(), Self::CHANNEL)
    }
}

/// The figures of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The sums.
    pub tally: Tally,
    /// Different persons whose enquiries began in it.
    pub persons: i64,
    /// Enquiries that had not ended when it ended.
    pub open: i64,
}

/// What a period is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compared {
    /// The same days one year before.
    #[default]
    Before,
    /// Nothing.
    Nothing,
    /// Another period, side by side.
    With(Period),
}

/// Which figures are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The period.
    pub period: Period,
    /// What it is compared with.
    pub compared: Compared,
    /// Which enquiries.
    pub chosen: Chosen,
    /// In English, otherwise in Danish.
    pub english: bool,
    /// Counts from 1 up to but not including this are hidden; 0 shows all.
    pub hide_below: i64,
}
