"""Records of many branches by set-based SQL: each month's meetings with honest gaps, who came, and the periods they fulfil.

Which meeting was held, and who was away, follows from hashes of the branch and the day: the same at every seeding.
"""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import connection

from apps.demo.topics import COMMITTEE, GENERAL, GROUP, LECTURES, THEME
from apps.duties.services.laying_out import materialise


@dataclass(frozen=True, slots=True)
class Meeting:
    """A kind of meeting as it recurs. `day` of the month, 0: the branch's theme day; `months`: of the quarter, 1 to 3."""

    slug: str
    day: int
    starts_at: str
    ends_at: str
    topics: tuple[str, ...]  # one for each month of the year
    months: tuple[int, ...] = (1, 2, 3)
    joins: str = ""  # shares the sitting of that kind


def quarterly(topics: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(topics[month // 3] for month in range(12))


MEETINGS = (
    Meeting("theme_day", 0, "14:00", "16:00", tuple(THEME[month] for month in range(1, 13))),
    Meeting("committee_meeting", 22, "14:30", "15:30", tuple(COMMITTEE[month].topic for month in range(1, 13))),
    Meeting("group_meeting", 15, "16:30", "17:15", tuple(GROUP[month % len(GROUP)] for month in range(12))),
    Meeting("general_meeting", 10, "15:00", "16:30", quarterly(tuple(topic.topic for topic in GENERAL)), months=(2,)),
    Meeting("party_lecture", 0, "14:00", "16:00", quarterly(LECTURES), months=(3,), joins="theme_day"),
)
KEPT = 92  # of a hundred meetings
CAME = 93  # of a hundred people

# The percentage a text hashes to.
CHANCE = """
CREATE FUNCTION pg_temp.chance(words text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT ('x' || substr(md5(words), 1, 6))::bit(24)::int % 100
$$
"""

PLANNED = """
CREATE TEMP TABLE planned ON COMMIT DROP AS
SELECT substr(md5(coalesce(nullif(%(joins)s, ''), %(slug)s) || o.id || coalesce(g.id, 0) || m.month), 1, 12) AS sitting,
    substr(md5('a' || %(slug)s || o.id || coalesce(g.id, 0) || m.month), 1, 12) AS activity,
    k.id AS kind_id, k.behaviour, k.name_zh, k.name_en, o.id AS organization_id, o.name AS organization, g.id AS group_id, d.held_on,
    %(starts_at)s::time AS starts_at, %(ends_at)s::time AS ends_at, (%(topics)s::text[])[extract(month FROM m.month)::int] AS topic,
    (d.held_on + pg_temp.chance('f' || o.id || m.month) / 40 + time '17:30') AT TIME ZONE 'Asia/Shanghai' AS filed_at,
    s.person_id AS chair_id
FROM branches_organization o
JOIN generate_series(%(since)s::date, %(today)s::date, interval '1 month') month_at ON TRUE
CROSS JOIN LATERAL (SELECT month_at::date AS month) m
CROSS JOIN LATERAL (SELECT m.month + coalesce(nullif(%(day)s, 0), o.theme_day) - 1 AS held_on) d
JOIN activities_activitykind k ON k.slug = %(slug)s
JOIN branches_post s ON s.organization_id = o.id AND s.kind = 'branch_secretary'
LEFT JOIN branches_partygroup g ON g.organization_id = o.id AND k.behaviour = 'group'
WHERE o.kind = 'branch' AND (k.behaviour <> 'group' OR g.id IS NOT NULL) AND d.held_on < %(today)s::date - 2
    AND ((extract(month FROM m.month)::int - 1) %% 3 + 1) = ANY(%(months)s)
    AND pg_temp.chance('k' || coalesce(nullif(%(joins)s, ''), %(slug)s) || o.id || m.month) < %(kept)s
"""

SITTINGS = """
INSERT INTO activities_sitting (public_id, organization_id, group_id, held_on, starts_at, ends_at, place, chair_id, minute_taker_id,
    guests, expected_changes, invitation_note, ics_sequence, version, created_at)
SELECT sitting, organization_id, group_id, held_on, starts_at, ends_at, '党员活动室', chair_id, chair_id, '{}', '[]', '', 0, 1, filed_at
FROM planned
"""

ACTIVITIES = """
INSERT INTO activities_activity (public_id, sitting_id, organization_id, group_id, kind_id, held_on, state, topic, lecturer, minutes,
    focus, unit_work, for_people, draft, version, filed_at, created_at, signed)
SELECT activity, s.id, p.organization_id, p.group_id, p.kind_id, p.held_on, 'filed', p.topic, '', '', '{}', '', '', '{}', 2, p.filed_at,
    p.filed_at, false
FROM planned p JOIN activities_sitting s ON s.public_id = p.sitting
"""

# Whoever stood on the roster, or held a committee post, on that day.
ATTENDANCE = """
INSERT INTO activities_attendance (sitting_id, person_id, status, is_expected, can_vote, ground, reason, print_reason)
SELECT s.id, who.person_id, came.status, true, who.can_vote, CASE came.status WHEN 'excused' THEN 'business' ELSE '' END, '', false
FROM planned p
JOIN activities_sitting s ON s.public_id = p.sitting
JOIN LATERAL (
    SELECT m.person_id, m.category = 'full_member' AS can_vote FROM branches_membership m
    WHERE p.behaviour <> 'committee' AND m.organization_id = p.organization_id AND (p.group_id IS NULL OR m.group_id = p.group_id)
    UNION ALL
    SELECT po.person_id, true FROM branches_post po
    WHERE p.behaviour = 'committee' AND po.organization_id = p.organization_id
        AND po.kind IN ('branch_secretary', 'organization_member', 'discipline_member')
) who ON TRUE
CROSS JOIN LATERAL (
    SELECT CASE WHEN who.person_id = p.chair_id OR pg_temp.chance('c' || s.id || '-' || who.person_id) < %(came)s THEN 'present'
        ELSE 'excused' END AS status
) came
"""

AGENDA = """
INSERT INTO activities_agendaitem (activity_id, "order", title, notes, remarks, vote_rule)
SELECT a.id, 1, p.topic, '按议程讨论，形成一致意见。', '[]', '' FROM planned p JOIN activities_activity a ON a.public_id = p.activity
"""

# The same keys as apps.activities.services.snapshots writes.
VERSIONS = """
INSERT INTO activities_activityversion (activity_id, number, state, kind_id, organization_id, group_id, held_on, reason, filed_at,
    snapshot)
SELECT a.id, 1, 'filed', a.kind_id, a.organization_id, a.group_id, a.held_on, '', a.filed_at, jsonb_build_object(
    'kind', jsonb_build_object('slug', %(slug)s::text, 'zh', p.name_zh, 'en', p.name_en),
    'organization', jsonb_build_object('id', p.organization_id, 'name', p.organization),
    'group', (SELECT jsonb_build_object('id', g.id, 'name', g.name) FROM branches_partygroup g WHERE g.id = p.group_id),
    'held_on', p.held_on, 'starts_at', p.starts_at, 'ends_at', p.ends_at, 'place', '党员活动室', 'chair', chair.who,
    'minute_taker', chair.who, 'guests', '[]'::jsonb, 'expected_changes', '[]'::jsonb, 'people', people.rows, 'topic', p.topic,
    'lecturer', '', 'minutes', '', 'agenda', jsonb_build_array(jsonb_build_object('title', p.topic,
        'notes', '按议程讨论，形成一致意见。', 'remarks', '[]'::jsonb, 'rule', '', 'entitled', NULL, 'present', NULL, 'for', NULL,
        'against', NULL, 'abstain', NULL)),
    'decisions', '[]'::jsonb, 'counts_for', NULL, 'for_year', NULL, 'focus', '[]'::jsonb, 'unit_work', '', 'for_people', '')
FROM planned p
JOIN activities_activity a ON a.public_id = p.activity
CROSS JOIN LATERAL (SELECT jsonb_build_object('id', id, 'name', name) AS who FROM branches_person WHERE id = p.chair_id) chair
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('id', t.person_id, 'name', one.name, 'status', t.status, 'expected', t.is_expected,
        'vote', t.can_vote, 'ground', t.ground, 'reason', t.reason, 'print_reason', t.print_reason) ORDER BY t.person_id) AS rows
    FROM activities_attendance t JOIN branches_person one ON one.id = t.person_id WHERE t.sitting_id = a.sitting_id
) people
"""


def seed(today: date, since: date) -> None:
    """Records from `since`, the first day of a month, to two days before `today`; then the duties, counted from them."""
    with connection.cursor() as cursor:
        cursor.execute(CHANCE)
        for meeting in MEETINGS:
            values = asdict(meeting) | {
                "since": since, "today": today, "kept": KEPT, "came": CAME,
                "topics": list(meeting.topics), "months": list(meeting.months),
            }  # fmt: skip
            own_sitting = () if meeting.joins else (SITTINGS,)
            own_people = () if meeting.joins else (ATTENDANCE,)
            for statement in (PLANNED, *own_sitting, ACTIVITIES, *own_people, AGENDA, VERSIONS):
                cursor.execute(statement, values)
            cursor.execute("DROP TABLE planned")
    materialise(today=today)
