//! Who works here, what each may do, and which enquiries each may see (S14).
//!
//! Knows no password and no session: only who somebody is once that is proven. One question, [`may`], answers for every
//! route and every object, so that a table of cases can hold all of it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::enquiry::EnquiryId;

/// Identifies somebody who signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub i64);

/// What somebody is here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// *Borgerrådgiver*: everything.
    Adviser,
    /// *Stedfortræder*: for a time, and only what came in that time, unless the adviser grants more (T6).
    Substitute,
    /// Runs the system, and sees nothing of what it holds.
    Operator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Adviser, Self::Substitute, Self::Operator];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adviser => "adviser",
            Self::Substitute => "substitute",
            Self::Operator => "operator",
        }
    }

    /// Reads back what [`Role::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

/// Somebody who signs in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// The e-mail address that they sign in with, in lower case.
    pub login: String,
    /// What they are called, as colleagues and the log name them.
    pub name: String,
    /// What they are here for.
    pub role: Role,
    /// The language of their pages: `da` or `en`.
    pub language: String,
    /// Whether single keys do something (WCAG 2.1.4).
    pub single_keys: bool,
    /// When their time begins; `None` for those whose time has no bounds.
    pub from: Option<Timestamp>,
    /// When it ends.
    pub until: Option<Timestamp>,
}

/// Never prints the name or the address.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({}, {:?})", self.id.0, self.role)
    }
}

impl Account {
    /// Whether this is their time.
    pub fn is_in_time(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    /// What bounds the enquiries that they see.
    pub fn scope(&self) -> Scope {
        match self.role {
            Role::Adviser => Scope::All,
            Role::Operator => Scope::None,
            Role::Substitute => Scope::Since { account: self.id, from: self.from.unwrap_or(Timestamp::MAX) },
        }
    }

    /// One or two letters to know them by.
    pub fn initials(&self) -> String {
        let mut words = self.name.split_whitespace().filter_map(|word| word.chars().next());
        let first = words.next();
        first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
    }
}

/// Which enquiries somebody sees. The store turns it into a condition, so that nothing outside is ever read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All.
    All,
    /// Those that began at `from` or later, and those granted to `account`.
    Since {
        /// Whose grants count.
        account: AccountId,
        /// From when on.
        from: Timestamp,
    },
    /// None.
    None,
}

/// What can be done, as far as who may do it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// See the list, the counts and the search.
    List,
    /// Read one enquiry: its messages, files, notes and history.
    Read(Sight),
    /// Change one enquiry, write or send on it.
    Work(Sight),
    /// See what waits on the hold shelf, and decide what becomes of it.
    Shelf,
    /// Enter a call, a meeting or a visit.
    Enter,
    /// See and change persons: addresses, merging.
    People(Sight),
    /// Block a sender.
    Block,
    /// Standard texts and own views.
    Texts,
    /// See who did what, and who read what.
    Log,
    /// Make accounts, end them, grant old enquiries.
    Accounts,
    /// Make and revoke what programs sign in with.
    Programs,
    /// See how the system runs: the ledger's sums, the outbox's depth, the state of mailboxes.
    Operations,
    /// Figures without names.
    Figures,
    /// One's own password, passkeys, language, sessions.
    Own,
}

/// How an enquiry stands to whoever asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sight {
    /// It began in their time.
    New,
    /// It is older.
    Old,
    /// It is older, and was granted.
    Granted,
}

/// Whether somebody in a role may do something.
pub fn may(role: Role, act: Act) -> bool {
    match role {
        Role::Adviser => true,
        Role::Substitute => match act {
            Act::List | Act::Shelf | Act::Enter | Act::Block | Act::Texts | Act::Own => true,
            Act::Read(sight) | Act::Work(sight) | Act::People(sight) => sight != Sight::Old,
            Act::Log | Act::Accounts | Act::Programs | Act::Operations | Act::Figures => false,
        },
        Role::Operator => matches!(act, Act::Operations | Act::Own),
    }
}

/// Whether an enquiry is within somebody's sight.
pub fn sight(scope: Scope, began_at: Timestamp, granted: bool) -> Option<Sight> {
    match scope {
        Scope::All => Some(Sight::New),
        Scope::None => None,
        Scope::Since { from, .. } if began_at >= from => Some(Sight::New),
        Scope::Since { .. } if granted => Some(Sight::Granted),
        Scope::Since { .. } => None,
    }
}

/// Something that was read or changed, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Who; `None` for the program itself and for those who are not signed in.
    pub account: Option<AccountId>,
    /// What, in one word: `read`, `reply`, `close`, …
    pub act: &'static str,
    /// On which enquiry.
    pub enquiry: Option<EnquiryId>,
    /// What more there is to say of it. Never what a citizen wrote, nor an address.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn account(role: Role) -> Account {
        Account {
            id: AccountId(1),
            login: "ole@kommune.example".to_owned(),
            name: "Ole Bent Ågård".to_owned(),
            role,
            language: "da".to_owned(),
            single_keys: true,
            from: Some("2026-12-21T00:00:00Z".parse().unwrap()),
            until: Some("2027-01-04T00:00:00Z".parse().unwrap()),
        }
    }

    /// Every act beside every role: adviser, substitute, operator.
    #[rstest]
    #[case(Act::List, [true, true, false])]
    #[case(Act::Read(Sight::New), [true, true, false])]
    #[case(Act::Read(Sight::Old), [true, false, false])]
    #[case(Act::Read(Sight::Granted), [true, true, false])]
    #[case(Act::Work(Sight::New), [true, true, false])]
    #[case(Act::Work(Sight::Old), [true, false, false])]
    #[case(Act::Work(Sight::Granted), [true, true, false])]
    #[case(Act::Shelf, [true, true, false])]
    #[case(Act::Enter, [true, true, false])]
    #[case(Act::People(Sight::New), [true, true, false])]
    #[case(Act::People(Sight::Old), [true, false, false])]
    #[case(Act::Block, [true, true, false])]
    #[case(Act::Texts, [true, true, false])]
    #[case(Act::Log, [true, false, false])]
    #[case(Act::Accounts, [true, false, false])]
    #[case(Act::Programs, [true, false, false])]
    #[case(Act::Operations, [true, false, true])]
    #[case(Act::Figures, [true, false, false])]
    #[case(Act::Own, [true, true, true])]
    fn who_may_what(#[case] act: Act, #[case] expected: [bool; 3]) {
        assert_eq!(Role::ALL.map(|role| may(role, act)), expected);
    }

    #[rstest]
    #[case(Role::Adviser, "2020-01-01T00:00:00Z", false, Some(Sight::New))]
    #[case(Role::Substitute, "2026-12-21T00:00:00Z", false, Some(Sight::New))]
    #[case(Role::Substitute, "2026-12-20T23:59:59Z", false, None)]
    #[case(Role::Substitute, "2026-12-20T23:59:59Z", true, Some(Sight::Granted))]
    #[case(Role::Operator, "2026-12-22T00:00:00Z", true, None)]
    fn what_each_sees(
        #[case] role: Role,
        #[case] began: &str,
        #[case] granted: bool,
        #[case] expected: Option<Sight>,
    ) {
        assert_eq!(sight(account(role).scope(), began.parse().unwrap(), granted), expected);
    }

    #[test]
    fn a_substitute_whose_time_was_never_set_sees_nothing() {
        let mut ole = account(Role::Substitute);
        ole.from = None;
        assert_eq!(sight(ole.scope(), "2030-01-01T00:00:00Z".parse().unwrap(), false), None);
    }

    #[rstest]
    #[case("2026-12-20T23:59:59Z", false)]
    #[case("2026-12-21T00:00:00Z", true)]
    #[case("2027-01-03T23:59:59Z", true)]
    #[case("2027-01-04T00:00:00Z", false)]
    fn time_ends_by_itself(#[case] now: &str, #[case] expected: bool) {
        assert_eq!(account(Role::Substitute).is_in_time(now.parse().unwrap()), expected);
    }

    #[test]
    fn initials_are_the_first_and_the_last() {
        assert_eq!(account(Role::Adviser).initials(), "OÅ");
        let one = Account { name: "gitte".to_owned(), ..account(Role::Adviser) };
        assert_eq!(one.initials(), "G");
    }
}
