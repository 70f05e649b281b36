"""Many organizations by set-based SQL, for measuring: one committee at the top, three levels, one secretary a branch.

Nothing here is believable in content; it is only right in shape: paths, posts, memberships, a month of records.
"""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import connection

from apps.demo.accounts import PASSWORD

MEMBERS = 12  # of a branch, where there are few enough branches
FEW = 10_000

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
       above.path || pg_temp.segment(n), above.root_id, %(founded)s, %(tracked)s, '会议室', 1, %(founded)s,
       %(founded)s::date + 1096, 5
FROM branches_organization above, generate_series(1, %(width)s) n
WHERE above.kind = %(above)s AND length(above.path) = %(length)s
"""

PEOPLE = """
INSERT INTO branches_person
    (public_id, organization_id, name, stroke_key, search_keys, sex, ethnicity, born_precision, native_place, education,
     occupation, work_post, works_since_precision, mobile_phone, landline, address, remarks, id_number_masked,
     admitted_precision, full_member_precision, introducers, version, admitted_on)
SELECT substr(md5('p' || o.id || '-' || n), 1, 12), o.id, '成员' || n, lpad(n::text, 3, '0'), 'chengyuan' || n || ' cy' || n, '',
       '', 'day', '', '', '', '', 'month', '', '', '', '', '', 'day', 'day', '', 1, %(founded)s
FROM branches_organization o, generate_series(1, %(members)s) n
WHERE o.kind = 'branch'
"""

MEMBERSHIPS = """
INSERT INTO branches_membership
    (person_id, organization_id, category, standing, is_hosted, is_mobile, mobile_to, starts_on, end_reason)
SELECT id, organization_id, 'full_member', 'normal', false, false, '', %(founded)s, '' FROM branches_person
"""

POSTS = """
INSERT INTO branches_post (person_id, organization_id, kind, starts_on, entered_at)
SELECT p.id, p.organization_id, k.kind, %(founded)s, now()
FROM branches_person p
JOIN (VALUES ('成员1', 'branch_secretary'), ('成员2', 'organization_member'), ('成员3', 'discipline_member')) k (name, kind)
    ON k.name = p.name
WHERE p.name = '成员1' OR %(members)s > 2
"""

STAFF = """
WITH worker AS (
    INSERT INTO branches_person
        (public_id, organization_id, user_id, name, stroke_key, search_keys, sex, ethnicity, born_precision, native_place,
         education, occupation, work_post, works_since_precision, mobile_phone, landline, address, remarks, id_number_masked,
         admitted_precision, full_member_precision, introducers, version)
    SELECT 'staff0000001', o.id, u.id, '工作员', '', '', '', '', 'day', '', '', '', '', 'month', '', '', '', '', '', 'day', 'day', '', 1
    FROM branches_organization o, accounts_user u WHERE o.parent_id IS NULL AND u.username = 'staff'
    RETURNING id, organization_id)
INSERT INTO branches_post (person_id, organization_id, kind, starts_on, entered_at)
SELECT id, organization_id, 'affairs_worker', %(founded)s, now() FROM worker
"""


def seed(today: date, *, branches: int) -> None:
    """`branches` is rounded to a cube-like tree: 2,000 = 1 × 40 × 50; 1,000,000 = 100 × 100 × 100.

    Sign-in `staff` works for the top committee; its password is the demonstration's.
    """
    from apps.accounts.models import User

    User.objects.create(username="staff", password=make_password(PASSWORD))
    founded = date(today.year - 2, 1, 1)
    widths = (100, 100, 100) if branches > FEW else (1, 40, branches // 40)
    values = {
        "founded": founded, "tracked": today.replace(day=1), "members": MEMBERS if branches <= FEW else 1, "kind": "", "branch_type": "",
        "label": "", "above": "", "length": 0, "width": 0,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SEGMENT)
        cursor.execute(
            "INSERT INTO branches_organization (public_id, kind, branch_type, name, short_name, path, root_id, tracked_from, "
            "usual_place, version) VALUES ('top000000001', 'committee', '', '计量委员会', '', pg_temp.segment(1), 0, %s, '', 1)",
            [today.replace(day=1)],
        )
        cursor.execute("UPDATE branches_organization SET root_id = id")
        levels = (("committee", "", "委员会", "committee"), ("general_branch", "", "总支", "committee"),
                  ("branch", "ordinary", "支部", "general_branch"))  # fmt: skip
        for depth, ((kind, branch_type, label, above), width) in enumerate(zip(levels, widths, strict=True), 1):
            level = {"kind": kind, "branch_type": branch_type, "label": label, "above": above, "length": depth * 5, "width": width}
            cursor.execute(LEVEL, values | level)
        for statement in (PEOPLE, MEMBERSHIPS, POSTS, STAFF):
            cursor.execute(statement, values)
