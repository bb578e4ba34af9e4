//! The SQL of years: the adviser's words, the figures that were published, and what the adviser did besides enquiries.

/// The words of a year.
pub const STORY: &str = "SELECT story, version FROM year_story WHERE year = $1";
/// The first words of a year.
pub const STORY_MAKE: &str = "
    INSERT INTO year_story (year, story, version, changed_at, account_id) VALUES ($1, $2, 1, $3, $4)
    ON CONFLICT (year) DO NOTHING";
/// Other words, unless somebody was quicker.
pub const STORY_CHANGE: &str = "
    UPDATE year_story SET story = $1, version = version + 1, changed_at = $2, account_id = $3
    WHERE year = $4 AND version = $5";
/// The newest year before another that has words.
pub const STORY_BEFORE: &str =
    "SELECT year, story FROM year_story WHERE year < $1 ORDER BY year DESC LIMIT 1";

/// The figures that were published of a year.
pub const CLOSED: &str = "
    SELECT y.figures, y.checksum, y.closed_at, a.name FROM year_closed y JOIN account a ON a.id = y.account_id
    WHERE y.year = $1 AND y.reopened_at IS NULL";
/// Publishes them.
pub const CLOSE: &str = "
    INSERT INTO year_closed (year, figures, checksum, closed_at, account_id) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (year) WHERE reopened_at IS NULL DO NOTHING";
/// Opens the year again.
pub const REOPEN: &str = "UPDATE year_closed SET reopened_at = $1 WHERE year = $2 AND reopened_at IS NULL";
/// The closed years whose checksum the log does not have: it was not written when they were closed.
pub const NOT_LOGGED: &str = "
    SELECT y.year FROM year_closed y
    WHERE NOT EXISTS (SELECT 1 FROM log_entry l
                      WHERE l.act = 'year_close' AND l.detail = CAST(y.year AS TEXT) || ': ' || y.checksum)
    ORDER BY y.year";
/// The years that are closed.
pub const CLOSED_YEARS: &str = "SELECT year FROM year_closed WHERE reopened_at IS NULL ORDER BY year DESC";

/// Claims the letter of a month to somebody, unless it was sent or is just being sent.
pub const MONTHLY_CLAIM: &str = "
    INSERT INTO monthly_mail (month, recipient, claimed_at) VALUES ($1, $2, $3)
    ON CONFLICT (month, recipient) DO UPDATE SET claimed_at = excluded.claimed_at
    WHERE monthly_mail.sent_at IS NULL AND monthly_mail.claimed_at < $4";
/// It is sent.
pub const MONTHLY_SENT: &str = "UPDATE monthly_mail SET sent_at = $1 WHERE month = $2 AND recipient = $3";

/// Notes an activity.
pub const ACTIVITY_ADD: &str = "
    INSERT INTO activity (day, kind, participants, note, account_id, made_at) VALUES ($1, $2, $3, $4, $5, $6)";
/// Takes it out again; gives its day.
pub const ACTIVITY_REMOVE: &str =
    "UPDATE activity SET removed_at = $1, note = '' WHERE id = $2 AND removed_at IS NULL RETURNING day";
/// The activities of some days, the newest first.
pub const ACTIVITIES: &str = "
    SELECT id, day, kind, participants, note FROM activity
    WHERE day >= $1 AND day < $2 AND removed_at IS NULL ORDER BY day DESC, id DESC LIMIT 500";
/// Something happened in the month of a moment.
pub const TOUCH: &str = "INSERT INTO figure_touched (enquiry_id, at) VALUES (0, $1)";

/// Each statement and its name, for the test that both databases understand them.
pub const ALL: &[(&str, &str)] = &[
    ("STORY", STORY),
    ("STORY_MAKE", STORY_MAKE),
    ("STORY_CHANGE", STORY_CHANGE),
    ("STORY_BEFORE", STORY_BEFORE),
    ("CLOSED", CLOSED),
    ("CLOSE", CLOSE),
    ("REOPEN", REOPEN),
    ("NOT_LOGGED", NOT_LOGGED),
    ("CLOSED_YEARS", CLOSED_YEARS),
    ("MONTHLY_CLAIM", MONTHLY_CLAIM),
    ("MONTHLY_SENT", MONTHLY_SENT),
    ("ACTIVITY_ADD", ACTIVITY_ADD),
    ("ACTIVITY_REMOVE", ACTIVITY_REMOVE),
    ("ACTIVITIES", ACTIVITIES),
    ("TOUCH", TOUCH),
];
