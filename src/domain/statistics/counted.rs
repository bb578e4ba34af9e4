//! What is counted of a period, and which enquiries are asked for.

use indgang_channels::message::Channel;

use serde::{Deserialize, Serialize};

use super::period::Period;
use super::tally::Tally;
use crate::domain::area::AreaId;
use crate::domain::enquiry::Kind;

/// What is asked of the figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
