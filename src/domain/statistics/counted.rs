//! What is counted of a period, and which enquiries are asked for.

use indgang_channels::message::Channel;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The sums.
    pub tally: Tally,
    /// Different persons whose enquiries began in it.
    pub persons: i64,
    /// Enquiries that had not ended when it ended.
    pub open: i64,
}
