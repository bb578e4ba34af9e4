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

/// Parts of a `From` that stand for a role: a weak sign.
#[rustfmt::skip]
pub(in crate::email::bounce) const ROLES: &[&str] = &[
    "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "admin", "sysadmin", "bounce", "daemon",
    "gateway", "antivirus", "virus", "imss@", "interscan", "mailgw", "inetgw", "smtp", "mailserver",
    "mail-server", "mailscanner", "filter@", "security@", "mimesweeper", "mailmarshal", "spamfilter",
    "system@", "mms@", "error@", "errors@",
];
