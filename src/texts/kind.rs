//! Which texts of text messages there are: the file of each, what it must say, and how long it may be.

use super::template::Placeholder;

/// The file that a text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Acknowledgement,
    Closed,
    Stopped,
    News,
    Code,
}

impl Kind {
    pub(super) const ALL: [Self; 5] =
        [Self::Acknowledgement, Self::Closed, Self::Stopped, Self::News, Self::Code];

    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Acknowledgement => "sms_acknowledgement.txt",
            Self::Closed => "sms_closed.txt",
            Self::Stopped => "sms_stopped.txt",
            Self::News => "sms_news.txt",
            Self::Code => "sms_code.txt",
        }
    }

    /// How many segments it may take.
    pub(super) fn most_segments(self) -> usize {
        match self {
            Self::Acknowledgement | Self::Closed | Self::News => 2,
            Self::Stopped | Self::Code => 1,
        }
    }

    /// What it must say, whatever is set.
    pub(super) fn must_hold(self) -> &'static [(&'static str, Placeholder)] {
        const REFERENCE: (&str, Placeholder) = ("{ref}", Placeholder::Reference);
        const REPLY_BY: (&str, Placeholder) = ("{dato}", Placeholder::ReplyBy);
        match self {
            Self::Acknowledgement => &[REFERENCE, REPLY_BY],
            Self::Closed => &[REFERENCE, REPLY_BY, ("{luk}", Placeholder::ClosedThrough)],
            Self::Stopped => &[],
            Self::News => &[REFERENCE],
            Self::Code => &[("{kode}", Placeholder::Code)],
        }
    }

    /// Whether a value is always there.
    pub(super) fn is_always_set(self, placeholder: Placeholder) -> bool {
        self.must_hold().iter().any(|(_, one)| *one == placeholder)
    }

    /// Whether a value can be there at all. A substitute's never is: the closed text is for when there is none, and a
    /// name of unknown length could not be checked beforehand.
    pub(super) fn may_hold(self, placeholder: Placeholder) -> bool {
        match placeholder {
            Placeholder::Reference | Placeholder::ReplyBy | Placeholder::ClosedThrough => {
                self.is_always_set(placeholder)
            }
            Placeholder::Code => self == Self::Code,
            Placeholder::Link => self == Self::News,
            Placeholder::Substitute => false,
            Placeholder::Municipality
            | Placeholder::Place
            | Placeholder::Phone
            | Placeholder::PhoneHours
            | Placeholder::SecureUrl
            | Placeholder::PrivacyUrl => true,
        }
    }
}
