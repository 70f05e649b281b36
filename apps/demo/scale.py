"""Many organizations by set-based SQL, for measuring: one committee at the top, three levels, members, posts, groups.

Up to some thousand branches they have three months of records behind them (`scale_records`); above, one secretary each and nothing
else, since there only the tree and its duties are measured.
"""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import connection

from apps.branches import names
from apps.demo import scale_records
from apps.demo.accounts import PASSWORD
from apps.demo.people import months_before
from apps.demo.shapes import SHAPES

MEMBERS = 12  # of a branch, where there are few enough branches
FEW = 10_000
MONTHS = 3  # whole months behind the current one

SEGMENT = """
CREATE FUNCTION pg_temp.segment(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(substr('0123456789abcdefghijklmnopqrstuvwxyz', n / p % 36 + 1, 1), '') || '/'
    FROM unnest(ARRAY[46656, 1296, 36, 1]) p
$$
"""

# One level: `width` children below each of the level above. New rows only.
LEVEL = """
INSERT INTO branches_organization
    (public_id, kind, branch_type, name, short_name, parent_id, path, root_id, founded_on, tracked_from, usual_place, version,
     term_started_on, election_due_on, theme_day)
SELECT substr(md5(above.path || n), 1, 12), %(kind)s, %(branch_type)s, %(label)s || n, '', above.id,
       above.path || pg_temp.segment(n), above.root_id, %(founded)s, %(tracked)s, '党员活动室', 1, %(founded)s,
       %(founded)s::date + 1096, 1 + n %% 20
FROM branches_organization above, generate_series(1, %(width)s) n
WHERE above.kind = %(above)s AND length(above.path) = %(length)s
"""

# Every third branch is divided into two groups.
GROUPS = """
INSERT INTO branches_partygroup (public_id, organization_id, name, "order", starts_on)
SELECT substr(md5('g' || o.id || '-' || n), 1, 12), o.id, '第' || substr('一二', n, 1) || '小组', n, %(founded)s
FROM branches_organization o, generate_series(1, 2) n
WHERE o.kind = 'branch' AND o.id %% 3 = 0 AND %(members)s > 1
"""

# The number in the branch is kept in `remarks` until the posts are given out.
PEOPLE = """
INSERT INTO branches_person
    (public_id, organization_id, name, stroke_key, search_keys, sex, ethnicity, born_precision, native_place, education,
     occupation, work_post, works_since_precision, mobile_phone, landline, address, remarks, id_number_masked,
     admitted_precision, full_member_precision, introducers, version, admitted_on)
SELECT substr(md5('p' || o.id || '-' || n), 1, 12), o.id, name.zh, name.strokes, name.keys, '',
       '', 'day', '', '', '', '', 'month', '', '', '', n::text, '', 'day', 'day', '', 1, %(founded)s
FROM branches_organization o, generate_series(1, %(members)s) n,
    LATERAL (SELECT (o.id * 5 + n * 7) %% cardinality(%(names)s::text[]) + 1 AS place) p,
    LATERAL (SELECT (%(names)s::text[])[place] AS zh, (%(strokes)s::text[])[place] AS strokes, (%(keys)s::text[])[place] AS keys) name
WHERE o.kind = 'branch'
"""

MEMBERSHIPS = """
INSERT INTO branches_membership
    (person_id, organization_id, group_id, category, standing, is_hosted, is_mobile, mobile_to, starts_on, end_reason)
SELECT p.id, p.organization_id, g.id, CASE p.remarks WHEN '12' THEN 'probationary_member' ELSE 'full_member' END, 'normal', false,
    false, '', %(founded)s, ''
FROM branches_person p
LEFT JOIN branches_partygroup g ON g.organization_id = p.organization_id AND g."order" = p.remarks::int %% 2 + 1
"""

POSTS = """
INSERT INTO branches_post (person_id, organization_id, group_id, kind, starts_on, entered_at)
SELECT p.id, p.organization_id, g.id, k.kind, %(founded)s, now()
FROM branches_person p
JOIN (VALUES ('1', 'branch_secretary', 0), ('2', 'organization_member', 0), ('3', 'discipline_member', 0), ('4', 'group_leader', 1),
        ('5', 'group_leader', 2)) k (number, kind, group_order)
    ON k.number = p.remarks
LEFT JOIN branches_partygroup g ON g.organization_id = p.organization_id AND g."order" = k.group_order
WHERE (k.group_order > 0) = (g.id IS NOT NULL) AND (p.remarks = '1' OR %(members)s > 2)
"""

REMARKS = "UPDATE branches_person SET remarks = '' WHERE %(members)s > 1"

STAFF = """
WITH worker AS (
    INSERT INTO branches_person
        (public_id, organization_id, user_id, name, stroke_key, search_keys, sex, ethnicity, born_precision, native_place,
         education, occupation, work_post, works_since_precision, mobile_phone, landline, address, remarks, id_number_masked,
         admitted_precision, full_member_precision, introducers, version)
    SELECT 'staff0000001', o.id, u.id, '周敏', '', '', '', '', 'day', '', '', '', '', 'month', '', '', '', '', '', 'day', 'day', '', 1
    FROM branches_organization o, accounts_user u WHERE o.parent_id IS NULL AND u.username = 'staff'
    RETURNING id, organization_id)
INSERT INTO branches_post (person_id, organization_id, kind, starts_on, entered_at)
SELECT id, organization_id, 'affairs_worker', %(founded)s, now() FROM worker
"""

# The secretary of the last branch that has groups.
SECRETARY = """
UPDATE branches_person SET user_id = (SELECT id FROM accounts_user WHERE username = 'secretary')
WHERE id = (SELECT person_id FROM branches_post WHERE kind = 'branch_secretary' ORDER BY organization_id %% 3, organization_id DESC LIMIT 1)
"""


def seed(today: date, *, branches: int) -> None:
    """`branches` is rounded to a cube-like tree: 2,000 = 1 × 40 × 50; 100,000 = 10 × 100 × 100; 1,000,000 = 100 × 100 × 100.

    Sign-in `staff` works for the top committee, `secretary` for one branch; their password is the demonstration's.
    """
    from apps.accounts.models import User

    for username in ("staff", "secretary"):
        User.objects.create(username=username, password=make_password(PASSWORD))
    is_few = branches <= FEW
    founded, tracked = date(today.year - 2, 1, 1), months_before(today.replace(day=1), MONTHS if is_few else 0)
    widths = (1, 40, branches // 40) if is_few else (branches // 10_000, 100, 100)
    people = [name.partition("/")[0] for shape in SHAPES for name in shape.people.split()]
    values = {
        "founded": founded, "tracked": tracked, "members": MEMBERS if is_few else 1, "names": people, "kind": "",
        "strokes": [names.stroke_key(name) for name in people], "keys": [names.search_keys(name) for name in people],
        "branch_type": "", "label": "", "above": "", "length": 0, "width": 0,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SEGMENT)
        cursor.execute(
            "INSERT INTO branches_organization (public_id, kind, branch_type, name, short_name, path, root_id, tracked_from, "
            "usual_place, version) VALUES ('top000000001', 'committee', '', '北辰集团委员会', '', pg_temp.segment(1), 0, %s, '', 1)",
            [tracked],
        )
        cursor.execute("UPDATE branches_organization SET root_id = id")
        levels = (("committee", "", "第二级委员会", "committee"), ("general_branch", "", "党总支", "committee"),
                  ("branch", "ordinary", "党支部", "general_branch"))  # fmt: skip
        for depth, ((kind, branch_type, label, above), width) in enumerate(zip(levels, widths, strict=True), 1):
            level = {
                "kind": kind,
                "branch_type": branch_type,
                "label": label,
                "above": above,
                "length": depth * 5,
                "width": width,
            }
            cursor.execute(LEVEL, values | level)
        for statement in (GROUPS, PEOPLE, MEMBERSHIPS, POSTS, REMARKS, STAFF, SECRETARY):
            cursor.execute(statement, values)
    if is_few:
        scale_records.seed(today, tracked)
