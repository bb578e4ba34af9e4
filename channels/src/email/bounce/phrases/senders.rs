//! Who sends reports: parts of a `From`, lower-cased. The tables keep their own lines, several words on each.

/// Parts of a `From` that only mail systems write.
#[rustfmt::skip]
pub(in crate::email::bounce) const DAEMONS: &[&str] = &[
    "mailer-daemon", "mailer_daemon", "mailerdaemon", "mailer daemon", "maildaemon", "mail-daemon",
    "mail daemon", "mdaemon@", "mail delivery system", "mail delivery subsystem", "mail deliver system",
    "mail.delivery.system", "delivery subsystem", "mail delivery service", "double-bounce@",
    "mail transfer agent", "mail transport agent", "mailsystem@", "jetmail system", "maildeliverysystem",
    "mail system administrator", "mailerdaemon@", "ndr@", "mail_service@", "post_master@", "mail_system@",
    "mmsc ndr", "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
];

/// Parts of a `From` that mail systems write, and at times the people who run them.
#[rustfmt::skip]
pub(in crate::email::bounce) const POSTMASTERS: &[&str] = &[
    "postmaster", "system administrator", "systemadministrator", "mail administrator", "systemadministratör",
    "mail system", "email system", "e-mail system",
];

/// Parts of a `From` that stand for a program or for nobody: such send parcel notices as well as reports.
#[rustfmt::skip]
pub(in crate::email::bounce) const PROGRAMS: &[&str] = &[
    "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "bounce", "bounces", "daemon", "antivirus", "virus",
    "symantec_antivirus", "imss@", "interscan", "mailgw", "inetgw", "mailserver", "mail-server", "mailscanner", "mimesweeper",
    "mailmarshal", "spamfilter", "mms@", "errors@", "-admin@", "-request@", "-owner@", "-bounces@", "owner-",
];

/// Parts of a `From` that stand for an office: people write from there too.
#[rustfmt::skip]
pub(in crate::email::bounce) const OFFICES: &[&str] = &[
    "admin", "sysadmin", "gateway", "smtp", "filter@", "security@", "system@", "error@",
];
