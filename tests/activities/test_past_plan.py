"""Past meetings from a workbook: what each row would become, every trouble at its cell; the preview and the filing agree."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.activities import services
from apps.activities.expected import board
from apps.activities.importing.people import Roster
from apps.activities.importing.plan import Plan, make_plan
from apps.activities.importing.reading import Reading, names_in, read, sheets_of
from apps.activities.importing.words import template
from apps.activities.importing.writing import file_past
from apps.activities.models import Activity
from apps.branches import services as branches
from apps.branches.models import Membership, NotCounted
from apps.core.workbook import WorkbookError
from tests.activities.past_files import HEAD, meeting, workbook
from tests.factories import activities as act
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.factories.workbooks import xls, xlsx
from tests.world import World

pytestmark = pytest.mark.django_db


def reading(rows: list[dict[str, Any]], **more: Any) -> Reading:
    return read(sheets_of(workbook(rows, **more), "往期.xlsx"), TODAY)


def plan_of(world: World, *rows: dict[str, Any]) -> Plan:
    found = reading(list(rows))
    assert found.fault == ""
    return make_plan(found.lines, world.branch)


def said(plan: Plan) -> list[tuple[str, str, bool]]:
    return [(one.cell, one.message, one.is_error) for step in plan.steps for one in step.line.problems]


def test_a_whole_row_is_understood(world: World) -> None:
    (step,) = plan_of(world, meeting(列席人员="宋书记（上级）、文老师")).steps
    assert (step.action, step.kind.slug, step.held_on, step.clock) == (
        "new", "general_meeting", date(2025, 3, 5), "14:30"
    )  # fmt: skip
    assert (step.chair, step.minute_taker) == (world.people["secretary"], world.people["committee_member"])
    assert [one.person.name for one in step.people] == ["王建国", "李芳", "张强"]
    assert all(one.is_expected and one.can_vote for one in step.people)
    assert step.line.list("guests") == ["宋书记", "文老师"]
    assert step.kept == {"expected": 8, "present": 7, "leave": 1, "chair": "", "minute_taker": "", "names": []}
    assert step.line.problems == []


@pytest.mark.parametrize(("changes", "cell", "words"), [
    ({"会议类型": None}, "E3", "type of the meeting is missing"),
    ({"会议类型": "民主生活会"}, "E3", "not a known type. Possible: General membership meeting"),
    ({"会议类型": "谈心谈话"}, "E3", "not a known type"),  # its people are sensitive: entered by hand
    ({"实际会议时间": None}, "L3", "date is missing"),
    ({"实际会议时间": "去年春天"}, "L3", "date"),
    ({"实际会议时间": "2025年3月"}, "L3", "Add the day"),
    ({"实际会议时间": "2025-02-30"}, "L3", ""),
    ({"实际会议时间": "2026-03-19"}, "L3", "still to come"),
    ({"实际会议时间": datetime.fromisoformat("2026-04-01 09:00")}, "L3", "still to come"),
    ({"实际会议时间": "2019-06-30 09:00"}, "L3", "founded on 2019-07-01"),
    ({"实际会议时间": "1899-12-31"}, "L3", ""),
    ({"应到人数": "八"}, "N3", "not a whole number"),
    ({"实到人数": -1}, "O3", "not a whole number"),
    ({"请假人数": 1.5}, "P3", "not a whole number"),
    ({"会议地点": "远" * 81}, "M3", "At most 80"),
    ({"会议类型": "党小组会"}, "V3", "Which group?"),
    ({"会议类型": "党小组会", "党小组": "第九小组"}, "V3", "第一小组、第二小组"),
    ({"会议类型": "党小组会", "实际会议时间": "2020-03-05"}, "V3", "no Party group on that day"),
    ({"会议名称": "#REF!"}, "J3", "formula"),
])  # fmt: skip
def test_a_bad_row_is_left_out_and_says_why_at_its_cell(world: World, changes: dict, cell: str, words: str) -> None:
    world.branch.founded_on = date(2019, 7, 1)
    plan = plan_of(world, meeting(**changes), meeting(会议名称="另一次"))
    assert [step.action for step in plan.steps] == ["problem", "new"]
    errors = [(where, what) for where, what, is_error in said(plan) if is_error]
    assert [where for where, _what in errors] == [cell]
    assert words in errors[0][1]


@pytest.mark.parametrize(("written", "day", "clock"), [
    ("2025-03-05", date(2025, 3, 5), ""),
    ("2025.3.5 9:00", date(2025, 3, 5), "09:00"),
    ("2025年3月5日（周三）14:30", date(2025, 3, 5), "14:30"),
    ("2025年3月5日下午2:30", date(2025, 3, 5), "14:30"),
    ("2025/3/5 14：30-16：00", date(2025, 3, 5), "14:30–16:00"),
    ("2025-03-05 09:00至10:30", date(2025, 3, 5), "09:00–10:30"),
    ("2025-03-05 14:30:00", date(2025, 3, 5), "14:30"),
    ("2025-03-05 16:00-09:00", date(2025, 3, 5), "16:00"),
    ("2025年3月5日14时30分", date(2025, 3, 5), "14:30"),
    (datetime.fromisoformat("2025-03-05 14:30"), date(2025, 3, 5), "14:30"),
    (date(2025, 3, 5), date(2025, 3, 5), ""),
    (20250305, date(2025, 3, 5), ""),
    (45721, date(2025, 3, 5), ""),
])  # fmt: skip
def test_days_and_hours_as_people_write_them(world: World, written: object, day: date, clock: str) -> None:
    (step,) = plan_of(world, meeting(实际会议时间=written)).steps
    assert (step.action, step.held_on, step.clock) == ("new", day, clock)


@pytest.mark.parametrize(("written", "slug"), [
    ("支部党员大会", "general_meeting"), ("党员大会", "general_meeting"), (" 支委会 ", "committee_meeting"),
    ("支部委员会会议", "committee_meeting"), ("党课", "party_lecture"), ("主题党日活动", "theme_day"),
    ("组织生活会", "life_meeting"), ("民主评议党员", "member_appraisal"), ("General membership meeting", "general_meeting"),
    ("志愿服务", "volunteer_service"), ("其它", "other"),
])  # fmt: skip
def test_types_as_the_old_platforms_call_them(world: World, written: str, slug: str) -> None:
    (step,) = plan_of(world, meeting(会议类型=written)).steps
    assert step.kind.slug == slug


@pytest.mark.parametrize(("day", "year"), [("2024-10-01", 2024), ("2025-03-31", 2024), ("2025-04-01", None)])
def test_a_life_meeting_counts_for_the_year_it_was_held_for(world: World, day: str, year: int | None) -> None:
    (step,) = plan_of(world, meeting(会议类型="组织生活会", 实际会议时间=day)).steps
    assert step.for_year == year


def test_columns_in_any_order_and_under_other_names(world: World) -> None:
    names = {
        "活动名称": "主题党日",
        "活动时间": "2025-03-05",
        "活动（会议）类型": "主题党日",
        "※地点": "厂区",
        "打分": 5,
    }
    sheets = sheets_of(xlsx([["打分", *reversed(names)][1:], list(reversed(names.values()))]), "a.xlsx")
    found = read(sheets, TODAY)
    assert (found.fault, found.unread) == ("", ["打分"])
    (step,) = make_plan(found.lines, world.branch).steps
    assert (step.action, step.kind.slug, step.title, step.line.text("place")) == (
        "new",
        "theme_day",
        "主题党日",
        "厂区",
    )


def test_the_planned_day_is_taken_where_no_other_is_given(world: World) -> None:
    plan = plan_of(world, meeting(实际会议时间=None, 计划会议时间="2025-03-04"))
    assert plan.steps[0].held_on == date(2025, 3, 4)
    assert said(plan) == [("K3", "The day it was planned for is taken: no other is given.", False)]


def test_of_two_columns_of_one_meaning_the_better_name_counts(world: World) -> None:
    rows = [["会议类型", "日期", "实际会议时间"], ["党课", "2025-01-01", "2025-03-05"]]
    (line,) = read(sheets_of(xlsx(rows), "a.xlsx"), TODAY).lines
    assert line.held_on == date(2025, 3, 5)


@pytest.mark.parametrize(("rows", "words"), [
    ([["姓名", "性别"], ["王建国", "男"]], "No header was found"),
    ([["会议类型", "会议名称"], ["党课", "一"]], "No header was found"),
    ([["会议类型", "会议时间"], ["合计", "3"]], "no meeting below"),
    ([["会议类型", "会议时间"], *[["党课", "2025-01-01"]] * 501], "501 rows are too many"),
])  # fmt: skip
def test_a_table_that_is_none_is_said(rows: list[list[object]], words: str) -> None:
    assert words in read(sheets_of(xlsx(rows), "a.xlsx"), TODAY).fault


@pytest.mark.parametrize(
    "data", [xls([["会议类型", "会议时间"], ["党课", "2025-01-01"]]), "会议类型,会议时间\n党课,2025-01-01".encode()]
)
def test_only_xlsx_is_read(data: bytes) -> None:
    with pytest.raises(WorkbookError, match=r"Only \.xlsx"):
        sheets_of(data, "a.xlsx")


def test_the_workbook_to_fill_in_is_read_back(world: World) -> None:
    (sheet,) = sheets_of(template(["党课"]), "往期记录.xlsx")
    found = read([sheet], TODAY)
    assert "no meeting below" in found.fault  # its header is known, and its note is no meeting
    assert found.unread == []


# --- What is in the branch ------------------------------------------------------------------------------------------------


def test_what_is_there_already_or_twice_in_the_file_is_skipped(world: World) -> None:
    act.filed(
        world.branch, world.users["secretary"], "general_meeting", date(2025, 3, 5), part={"topic": "一季度　党员大会"}
    )
    plan = plan_of(
        world, meeting(), meeting(会议名称="补充会议"), meeting(会议名称="补充会议"), meeting(会议类型="党课"),
        meeting(实际会议时间="2025-03-06"),
    )  # fmt: skip
    assert [step.action for step in plan.steps] == ["same", "new", "same", "new", "new"]
    assert [words for _cell, words, _is in said(plan)] == [
        "Already in the branch's records.",
        "That day already has a record of this type under another title.",
        "The same as row 4.",
    ]


def test_a_withdrawn_record_does_not_stand_in_the_way(world: World) -> None:
    act.filed(
        world.branch, world.users["secretary"], "general_meeting", date(2025, 3, 5), part={"topic": "一季度党员大会"}
    )
    one = Activity.objects.get()
    services.activity_withdraw(
        activity=one, by=world.users["secretary"], now=act.at(), version=one.version, reason="录错了"
    )
    assert [step.action for step in plan_of(world, meeting()).steps] == ["new"]


def test_rows_of_other_branches_are_left_alone(world: World) -> None:
    world.branch.name = "北辰机床厂一车间党支部"
    names = ("北辰机床厂一车间党支部", "一车间", "一车间 党支部", "十一车间党支部", None)
    rows = [meeting(所在党支部=name) for name in names]
    for number, row in enumerate(rows):
        row["实际会议时间"] = f"2025-03-0{number + 1}"
    plan = plan_of(world, *rows)
    assert [step.action for step in plan.steps] == ["new", "new", "new", "elsewhere", "new"]
    assert [words for _cell, words, _is in said(plan)] == ["This row is of “十一车间党支部”."]


def test_names_count_by_the_roster_of_that_day(world: World) -> None:
    late = make.member(world.branch, "后来人", starts_on=date(2025, 3, 6))
    make.member(world.branch, "陈静", starts_on=date(2025, 1, 1))  # a second one of that name
    row = meeting(参会人员="王建国 后来人 陈静 外来人", 主持人姓名="外来人", 记录人姓名="后来人")
    (step,) = plan_of(world, row).steps
    assert [one.person.name for one in step.people] == ["王建国"]
    assert step.kept == {
        "expected": 8, "present": 7, "leave": 1, "chair": "外来人", "minute_taker": "后来人",
        "names": ["后来人", "陈静", "外来人"],
    }  # fmt: skip
    assert [words for _cell, words, _is in said(Plan([step]))] == [
        "Several people are called so: 陈静.",
        "Not in the branch on that day: 后来人、外来人. The names and figures are kept as written.",
    ]
    (step,) = plan_of(world, row | {"实际会议时间": "2025-03-06"}).steps
    assert step.minute_taker == late
    assert late in [one.person for one in step.people]


@pytest.mark.parametrize("written", ["第一小组", " 第一 小组", None])
def test_the_group_by_its_column_or_by_the_title(world: World, written: str | None) -> None:
    (step,) = plan_of(world, meeting(会议类型="党小组会", 党小组=written, 会议名称="第一小组三月学习")).steps
    assert (step.action, step.group) == ("new", world.group)
    # Of those named 王建国 and 张强 belong to the first group.
    assert {one.person.name: one.is_expected for one in step.people} == {"王建国": True, "李芳": False, "张强": True}


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("王建国、李芳,张强；刘洋", ["王建国", "李芳", "张强", "刘洋"]),
        ("王建国 李　芳", ["王建国", "李", "芳"]),
        ("张　三、李　四", ["张三", "李四"]),
        ("张　三", ["张三"]),
        ("王建国（主持）\n李芳(记录)", ["王建国", "李芳"]),
        ("阿里木·买买提、王建国、王建国", ["阿里木·买买提", "王建国"]),
        ("、 、", []),
    ],
)
def test_names_as_people_write_them(written: str, names: list[str]) -> None:
    if written == "王建国 李　芳":  # spaces part names only where each part can be one
        names = ["王建国李芳"]
    assert names_in(written) == names


def test_who_was_expected_is_what_the_log_flow_would_have_said(world: World) -> None:
    """The roster in memory and the board of the log flow, over days on which things changed."""
    branch, people = world.branch, world.people
    NotCounted.objects.create(
        person=people["third"],
        organization=branch,
        ground="abroad",
        resolution="大会决议",
        starts_on=date(2025, 1, 1),
        ends_before=date(2025, 6, 1),
    )
    NotCounted.objects.create(
        person=people["second"],
        organization=branch,
        ground="retired",
        resolution="大会决议",
        starts_on=date(2025, 1, 1),
    )
    make.member(branch, "寄住人", starts_on=date(2025, 2, 1), is_hosted=True)
    make.post(people["other_secretary"], "deputy_secretary", at=branch, starts_on=date(2025, 4, 1))
    Membership.objects.filter(person=people["probationary"]).update(standing="suspended")
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 3, 5), date(2025, 4, 1), date(2025, 6, 1)]
    roster = Roster.of(branch, min(days), max(days))
    for day in days:
        for slug in ("general_meeting", "committee_meeting", "group_meeting", "election_meeting", "group_study"):
            kind = act.kind(slug)
            group = world.group if slug == "group_meeting" else None
            here = {
                one.person.pk: (one.is_expected, one.can_vote)
                for rows in roster.on(day, kind, group).by_name.values() for one in rows
            }  # fmt: skip
            there = board(branch, group, kind, day)
            expected = {one.person.pk: (True, one.can_vote) for one in there.expected}
            assert {pk: found for pk, found in here.items() if found[0]} == expected, (day, slug)
            assert here.keys() == there.by_id.keys(), (day, slug)


# --- The preview and the filing agree -------------------------------------------------------------------------------------

CELLS = {
    "会议类型": ["党员大会", "支委会", "党小组会", "党课", "主题党日", "组织生活会", "舞会", None],
    "实际会议时间": [
        "2025-03-05 14:30",
        "2025-03-05",
        datetime.fromisoformat("2025-06-01 09:00"),
        date(2026, 5, 1),
        "2025年",
        None,
        "2018-01-01",
    ],
    "会议名称": ["例会", "例 会", "学习", None, "长" * 130],
    "参会人员": ["王建国、李芳", "张强、无名氏", None, "陈静 刘洋"],
    "实到人数": [7, "7人", "若干", None],
    "党小组": ["第一小组", "第二小组", None],
    "所在党支部": ["一车间党支部", "二车间党支部", None],
    "会议议题": ["一\n二", None, "长" * 130],
}
ROWS = st.lists(
    st.fixed_dictionaries({key: st.sampled_from(cells) for key, cells in CELLS.items()}), min_size=1, max_size=8
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_what_the_preview_shows_is_what_is_filed(world: World, rows: list[dict[str, Any]]) -> None:
    from django.db import transaction

    branch = world.branch
    branch.founded_on = date(2019, 7, 1)
    lines = reading([meeting(**row) for row in rows]).lines
    with transaction.atomic():
        plan = make_plan(lines, branch)
        before = set(Activity.objects.values_list("pk", flat=True))
        if plan.new:
            number = file_past(
                organization=branch, lines=lines, digest=plan.digest, by=world.users["secretary"], now=act.at()
            )
            assert number == len(plan.new)
        filed = Activity.objects.exclude(pk__in=before).select_related("sitting")
        assert sorted((one.kind_id, one.group_id or 0, one.held_on, one.topic) for one in filed) == sorted(
            (step.kind.pk, step.group.pk if step.group else 0, step.held_on, step.title[:120]) for step in plan.new
        )
        assert sum(len(step.people) for step in plan.new) == sum(one.sitting.attendances.count() for one in filed)
        again = make_plan(lines, branch)
        assert again.new == []
        assert again.count("same") == plan.count("same") + len(plan.new)
        assert again.count("problem") == plan.count("problem")
        transaction.set_rollback(True)


def test_the_queries_do_not_grow_with_the_rows(world: World) -> None:
    def queries(number: int) -> int:
        start = date(2025, 1, 1) + timedelta(days=number)
        rows = [
            meeting(
                实际会议时间=start + timedelta(days=one), 会议名称=f"会议{number}-{one}", 参会人员="王建国、李芳、张强"
            )
            for one in range(number)
        ]
        lines = reading(rows).lines
        with CaptureQueriesContext(connection) as seen:
            digest = make_plan(lines, world.branch).digest
            file_past(organization=world.branch, lines=lines, digest=digest, by=world.users["secretary"], now=act.at())
        return len(seen)

    assert queries(2) == queries(60)


def test_what_was_written_long_ago_stays_whole(world: World) -> None:
    """A title too long for a heading, an agenda of one long line, an hour and a length."""
    head = [*HEAD, "时长(分钟)"]
    row = meeting(会议名称="长" * 130, 会议议题="议" * 130) | {"时长(分钟)": 90}
    lines = reading([row], head=head).lines
    plan = make_plan(lines, world.branch)
    file_past(organization=world.branch, lines=lines, digest=plan.digest, by=world.users["secretary"], now=act.at())
    one = Activity.objects.get(held_on=date(2025, 3, 5))
    assert one.topic == "长" * 120
    assert one.minutes == "长" * 130 + "\n\n会议内容正文。\n\n决议：\n李芳四月底前完成资料归档。"
    (item,) = one.agenda.all()
    assert (item.title, item.notes) == ("议" * 120, "议" * 130)
    assert (one.sitting.starts_at, one.sitting.ends_at) == (time(14, 30), time(16))


def test_groups_of_another_day_are_not_offered(world: World) -> None:
    branches.group_create(organization=world.other_branch, name="第一小组", starts_on=make.SINCE, by=None)
    (step,) = plan_of(world, meeting(会议类型="党小组会", 党小组="第一小组")).steps
    assert step.group == world.group
