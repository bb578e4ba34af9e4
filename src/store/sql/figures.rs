//! The SQL of the figures: what was touched, the facts of an enquiry, the sums of a month.

/// Takes the turn to add up: other nodes wait for the end of the transaction.
pub const TURN: &str = "UPDATE figure_turn SET turn = turn + 1 WHERE id = 1";
/// What was touched and not added up yet.
pub const TOUCHED: &str = "SELECT id, enquiry_id, at FROM figure_touched ORDER BY id LIMIT $1";
/// How much of that there is, at most so many.
pub const TOUCHED_COUNT: &str =
    "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT id FROM figure_touched LIMIT $1) t";
/// It is added up.
pub const TOUCHED_DONE: &str = "DELETE FROM figure_touched WHERE id = $1";
/// The same for a stretch that one node has read whole.
pub const TOUCHED_DONE_THROUGH: &str = "DELETE FROM figure_touched WHERE id <= $1";

/// What an enquiry is joined into, and that into again.
pub const JOINED_INTO: &str = "
    WITH RECURSIVE root(id) AS
        (SELECT joined_into FROM enquiry WHERE id = $1
         UNION SELECT e.joined_into FROM enquiry e JOIN root ON e.id = root.id)
    SELECT id FROM root WHERE id IS NOT NULL";
/// The facts of enquiries of a stretch of numbers. The acknowledgement is the first one; a person's answers are replies that
/// left. The messages are those of what was joined into it, too.
pub const FACTS: &str = "
    SELECT e.id, e.enquirer_id, e.purpose, e.joined_into IS NOT NULL AS joined, e.first_contact_at, e.intake_channel,
           e.area_id, e.kind, e.primary_contact_form, CASE WHEN e.state = 'closed' THEN e.closed_at END AS ended_at,
           (SELECT CAST(COUNT(*) AS BIGINT) FROM closing c
            WHERE c.enquiry_id = e.id AND c.reopened_at IS NOT NULL) AS reopened,
           e.after_closing, k.state AS ack_state, k.sent_at AS ack_sent_at,
           k.bounced_at IS NOT NULL OR COALESCE(k.delivery, '') = 'failed' AS ack_returned, e.promised_reply_date,
           (SELECT CAST(COUNT(*) AS BIGINT) FROM promise_change p WHERE p.enquiry_id = e.id) AS moved, e.answered_at,
           (SELECT STRING_AGG(t.task, ' ') FROM enquiry_task t WHERE t.enquiry_id = e.id) AS tasks,
           (SELECT STRING_AGG(t.theme, '\n') FROM enquiry_theme t WHERE t.enquiry_id = e.id) AS themes,
           e.case_at IS NOT NULL AS is_case, e.outside,
           EXISTS (SELECT 1 FROM outbox o WHERE o.enquiry_id = e.id AND o.occasion = 'forward'
                                          AND o.state = 'sent') AS forwarded,
           EXISTS (SELECT 1 FROM note n WHERE n.enquiry_id = e.id AND n.kind = 'referral'
                                        AND n.removed_at IS NULL) AS referred,
           (WITH RECURSIVE own(id) AS
                (SELECT e.id UNION SELECT j.id FROM enquiry j JOIN own ON j.joined_into = own.id)
            SELECT CAST(COUNT(*) AS BIGINT) FROM message m
            WHERE m.enquiry_id IN (SELECT id FROM own) AND m.disposition IN ('enquiry', 'follow_up')) AS messages_in,
           (WITH RECURSIVE own(id) AS
                (SELECT e.id UNION SELECT j.id FROM enquiry j JOIN own ON j.joined_into = own.id)
            SELECT CAST(COUNT(*) AS BIGINT) FROM outbox o
            WHERE o.enquiry_id IN (SELECT id FROM own) AND o.kind = 'reply' AND o.state = 'sent'
              AND COALESCE(o.occasion, '') <> 'forward') AS messages_out
    FROM enquiry e
    LEFT JOIN outbox k ON k.id = (SELECT MIN(o.id) FROM outbox o
                                  WHERE o.enquiry_id = e.id AND o.kind = 'acknowledgement')
    WHERE e.id >= $1 AND e.id <= $2";
/// The facts that are kept of an enquiry.
pub const FACT: &str = "SELECT fact FROM enquiry_fact WHERE enquiry_id = $1";
/// Keeps them.
pub const FACT_KEEP: &str = "
    INSERT INTO enquiry_fact (enquiry_id, person, counts, began_at, before_at, ended_at, area_id, kind, channel, fact, settled_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (enquiry_id) DO UPDATE SET person = excluded.person, counts = excluded.counts,
        began_at = excluded.began_at, before_at = excluded.before_at, ended_at = excluded.ended_at,
        area_id = excluded.area_id, kind = excluded.kind, channel = excluded.channel, fact = excluded.fact,
        settled_at = excluded.settled_at";
/// The facts of the enquiries of a person that count, in the order in which they began.
pub const PERSON_FACTS: &str = "
    SELECT enquiry_id, fact FROM enquiry_fact WHERE person = $1 AND counts ORDER BY began_at, enquiry_id";

/// The sums of a month, of a choice.
pub const MONTH: &str =
    "SELECT tally FROM figure_month WHERE area = $1 AND kind = $2 AND channel = $3 AND day = $4";
/// The sums of months from one until another, of a choice.
pub const MONTHS: &str = "
    SELECT tally, traffic FROM figure_month
    WHERE area = $1 AND kind = $2 AND channel = $3 AND day >= $4 AND day < $5 ORDER BY day";
/// Keeps the sums of what began and ended in a month, and how many more settled in it.
pub const MONTH_KEEP: &str = "
    INSERT INTO figure_month (area, kind, channel, day, tally, begun, settled) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (area, kind, channel, day) DO UPDATE SET tally = excluded.tally, begun = excluded.begun,
        settled = figure_month.settled + excluded.settled";
/// Keeps the sums of what went to and fro in a month.
pub const MONTH_TRAFFIC_KEEP: &str = "
    INSERT INTO figure_month (day, tally, traffic) VALUES ($1, '{}', $2)
    ON CONFLICT (area, kind, channel, day) DO UPDATE SET traffic = excluded.traffic";
/// The sums of a day.
pub const DAY: &str = "SELECT tally FROM figure_day WHERE day = $1";
/// The sums of days from one until another.
pub const DAYS: &str = "SELECT tally, traffic FROM figure_day WHERE day >= $1 AND day < $2 ORDER BY day";
/// What went to and fro on the days from one until another.
pub const DAYS_TRAFFIC: &str = "SELECT traffic FROM figure_day WHERE day >= $1 AND day < $2 ORDER BY day";
/// Keeps the sums of what began and ended on a day.
pub const DAY_KEEP: &str = "
    INSERT INTO figure_day (day, tally, begun, settled) VALUES ($1, $2, $3, $4)
    ON CONFLICT (day) DO UPDATE SET tally = excluded.tally, begun = excluded.begun,
        settled = figure_day.settled + excluded.settled";
/// Keeps the sums of what went to and fro on a day.
pub const DAY_TRAFFIC_KEEP: &str = "
    INSERT INTO figure_day (day, traffic) VALUES ($1, $2) ON CONFLICT (day) DO UPDATE SET traffic = excluded.traffic";

/// Facts of a choice that began between two moments, or ended between them and began at another time.
pub const FACTS_BETWEEN: &str = "
    SELECT fact FROM enquiry_fact
    WHERE began_at >= $1 AND began_at < $2
      AND (CAST($3 AS BIGINT) = 0 OR area_id = $3) AND ($4 = '' OR kind = $4) AND ($5 = '' OR channel = $5)
    UNION ALL
    SELECT fact FROM enquiry_fact
    WHERE ended_at >= $1 AND ended_at < $2 AND (began_at < $1 OR began_at >= $2)
      AND (CAST($3 AS BIGINT) = 0 OR area_id = $3) AND ($4 = '' OR kind = $4) AND ($5 = '' OR channel = $5)";
/// Of what began between two moments, how many are of persons who had not begun anything since a third.
pub const NEW_BETWEEN: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM enquiry_fact
    WHERE counts AND began_at >= $1 AND began_at < $2 AND (before_at IS NULL OR before_at < $3)";
/// Of what began between two moments, how many are of persons whose enquiry before it began between two others.
pub const KNOWN_BETWEEN: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM enquiry_fact
    WHERE counts AND before_at >= $1 AND before_at < $2 AND began_at >= $3 AND began_at < $4";
/// How many persons began something of a choice between two moments, and between two others too.
pub const KNOWN_ASKED: &str = "
    SELECT CAST(COUNT(DISTINCT f.person) AS BIGINT) FROM enquiry_fact f
    WHERE f.counts AND f.began_at >= $1 AND f.began_at < $2
      AND (CAST($5 AS BIGINT) = 0 OR f.area_id = $5) AND ($6 = '' OR f.kind = $6) AND ($7 = '' OR f.channel = $7)
      AND EXISTS (SELECT 1 FROM enquiry_fact g
                  WHERE g.person = f.person AND g.counts AND g.began_at >= $3 AND g.began_at < $4
                    AND (CAST($5 AS BIGINT) = 0 OR g.area_id = $5) AND ($6 = '' OR g.kind = $6)
                    AND ($7 = '' OR g.channel = $7))";
/// When the first enquiry began.
pub const FIRST_BEGAN: &str = "SELECT MIN(began_at) FROM enquiry_fact WHERE counts";
/// When the first account was made.
pub const FIRST_ACCOUNT: &str = "SELECT MIN(made_at) FROM account";
/// How many of a choice that began in the months before a day had not settled in them.
pub const OPEN_MONTHS: &str = "
    SELECT CAST(COALESCE(SUM(begun - settled), 0) AS BIGINT) FROM figure_month
    WHERE area = $1 AND kind = $2 AND channel = $3 AND day < $4";
/// How many that began on the days from one until another had not settled on them.
pub const OPEN_DAYS: &str = "
    SELECT CAST(COALESCE(SUM(begun - settled), 0) AS BIGINT) FROM figure_day WHERE day >= $1 AND day < $2";
/// How many of a choice began between two moments, and how many settled.
pub const OPEN_ASKED: &str = "
    SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM enquiry_fact
            WHERE counts AND began_at >= $1 AND began_at < $2
              AND (CAST($3 AS BIGINT) = 0 OR area_id = $3) AND ($4 = '' OR kind = $4) AND ($5 = '' OR channel = $5)),
           (SELECT CAST(COUNT(*) AS BIGINT) FROM enquiry_fact
            WHERE settled_at >= $1 AND settled_at < $2
              AND (CAST($3 AS BIGINT) = 0 OR area_id = $3) AND ($4 = '' OR kind = $4) AND ($5 = '' OR channel = $5))";

/// What citizens sent between two moments, by channel: what a machine wrote, or came twice, or was blocked is none.
pub const CAME: &str = "
    SELECT a.channel, CAST(COUNT(*) AS BIGINT) FROM arrival a JOIN message m ON m.arrival_id = a.id
    WHERE a.received_at >= $1 AND a.received_at < $2 AND m.disposition IN ('enquiry', 'follow_up', 'hold')
      AND NOT EXISTS (SELECT 1 FROM enquiry e WHERE e.id = m.enquiry_id AND e.purpose <> 'enquiry')
    GROUP BY a.channel";
/// What went out to citizens between two moments, by channel: a person's, the machine's, what did not arrive, and parts of
/// texts. What was sent on to a department is no answer.
pub const WENT: &str = "
    SELECT o.channel,
           CAST(SUM(CASE WHEN o.kind = 'reply' AND o.state = 'sent' AND COALESCE(o.occasion, '') <> 'forward'
                         THEN 1 ELSE 0 END) AS BIGINT),
           CAST(SUM(CASE WHEN o.kind <> 'reply' AND o.state = 'sent' THEN 1 ELSE 0 END) AS BIGINT),
           CAST(SUM(CASE WHEN o.state IN ('failed', 'unknown') OR o.bounced_at IS NOT NULL OR o.delivery = 'failed'
                         THEN 1 ELSE 0 END) AS BIGINT),
           CAST(SUM(CASE WHEN o.channel = 'sms' AND o.state IN ('sent', 'unknown') THEN o.segments ELSE 0 END) AS BIGINT)
    FROM outbox o
    WHERE o.created_at >= $1 AND o.created_at < $2
      AND NOT EXISTS (SELECT 1 FROM enquiry e WHERE e.id = o.enquiry_id AND e.purpose <> 'enquiry')
    GROUP BY o.channel";
/// What the adviser did besides, between two days.
pub const DID: &str = "
    SELECT kind, CAST(COUNT(*) AS BIGINT), CAST(SUM(participants) AS BIGINT) FROM activity
    WHERE day >= $1 AND day < $2 AND removed_at IS NULL GROUP BY kind";

/// Each statement and its name, for the test that both databases understand them.
pub const ALL: &[(&str, &str)] = &[
    ("TURN", TURN),
    ("TOUCHED", TOUCHED),
    ("TOUCHED_COUNT", TOUCHED_COUNT),
    ("TOUCHED_DONE", TOUCHED_DONE),
    ("TOUCHED_DONE_THROUGH", TOUCHED_DONE_THROUGH),
    ("JOINED_INTO", JOINED_INTO),
    ("FACTS", FACTS),
    ("FACT", FACT),
    ("FACT_KEEP", FACT_KEEP),
    ("PERSON_FACTS", PERSON_FACTS),
    ("MONTH", MONTH),
    ("MONTHS", MONTHS),
    ("MONTH_KEEP", MONTH_KEEP),
    ("MONTH_TRAFFIC_KEEP", MONTH_TRAFFIC_KEEP),
    ("DAY", DAY),
    ("DAYS", DAYS),
    ("DAYS_TRAFFIC", DAYS_TRAFFIC),
    ("DAY_KEEP", DAY_KEEP),
    ("DAY_TRAFFIC_KEEP", DAY_TRAFFIC_KEEP),
    ("FACTS_BETWEEN", FACTS_BETWEEN),
    ("NEW_BETWEEN", NEW_BETWEEN),
    ("KNOWN_BETWEEN", KNOWN_BETWEEN),
    ("KNOWN_ASKED", KNOWN_ASKED),
    ("FIRST_BEGAN", FIRST_BEGAN),
    ("FIRST_ACCOUNT", FIRST_ACCOUNT),
    ("OPEN_MONTHS", OPEN_MONTHS),
    ("OPEN_DAYS", OPEN_DAYS),
    ("OPEN_ASKED", OPEN_ASKED),
    ("CAME", CAME),
    ("WENT", WENT),
    ("DID", DID),
];
