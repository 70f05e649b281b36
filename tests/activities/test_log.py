"""What was typed, read block by block."""

from datetime import date, time, timedelta

import pytest
from django.utils import translation

from apps.activities import prefill
from apps.activities.log import Log, kept, key_of, said_apart
from apps.activities.models import Activity, ActivityKind
from apps.activities.records import Count, Item, Task
from apps.activities.retyping import typed_of
from apps.branches import services as branches
from tests.factories import activities as act
from tests.factories import branches as make

DAY = make.TODAY


@pytest.fixture
def read(world):
    def make_log(slug="committee_meeting", **typed):
        one = act.draft(world.branch, world.users["secretary"], slug if slug != "group_meeting" else "theme_day")
        said = {"kind": [slug], "held_on": [DAY.isoformat()]}
        said |= {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
        kinds = list(ActivityKind.objects.filter(is_active=True))
        groups = list(world.branch.groups.all())
        return Log(organization=world.branch, typed=said, today=DAY, kinds=kinds, groups=groups, fallback=one)

    return make_log


def words(log):
    return " ".join(text for text, _field, _block in log.errors)


def test_everyone_is_proposed_as_present_and_exceptions_stay(world, read):
    away = world.people["discipline"].public_id
    log = read(**{f"att-{away}": "absent", f"why-{away}": "sick"})
    assert {mark.person.public_id: str(mark.status) for mark in log.record.marks}[away] == "absent"
    assert (log.record.here, log.count("present"), log.count("absent")) == (2, 2, 1)
    assert log.sentence == "Expected 3, present 2, absent 1"
    assert read().sentence == "Present 3, everyone came"


def test_a_reason_of_somebody_present_is_dropped(world, read):
    person = world.people["discipline"].public_id
    log = read(**{f"att-{person}": "present", f"why-{person}": "sick"})
    assert {mark.ground for mark in log.record.marks} == {""}


def test_only_exceptions_are_kept_in_a_draft():
    data = {
        "att-a": ["present"],
        "att-b": ["absent"],
        "version": ["3"],
        "csrfmiddlewaretoken": ["x"],
        "place": [""],
        "go": ["2"],
    }
    assert kept(data) == {"att-b": ["absent"]}


BAD = {
    "no such day": ({"held_on": "2.30"}, "no such day"),
    "not a day": ({"held_on": "whenever"}, "cannot be read"),
    "no day": ({"held_on": ""}, "Enter the date"),
    "to come": ({"held_on": (DAY + timedelta(days=1)).isoformat()}, "has not come yet"),
    "not a time": ({"starts_at": "25:00"}, "valid time"),
    "ends first": ({"starts_at": "15:00", "ends_at": "14:00"}, "ends after it begins"),
    "a long place": ({"place": "地" * 81}, "at most 80"),
    "long notes": ({"main-minutes": "长" * 20_001}, "notes are too long"),
    "a stranger as chair": ({"chair": "nobody"}, "not one of the available choices"),
    "a decision without words": ({"main-who": [""], "main-task": [""], "main-by": ["3.20"]}, "Say what was decided"),
    "a decision's date": ({"main-who": [""], "main-task": ["做"], "main-by": ["soon"]}, "cannot be read"),
    "a long guest": ({"guests": "客" * 61}, "at most 60 characters"),
    "kinds with other people": ({"kind": "general_meeting", "also": "committee_meeting"}, "not one of the available choices"),
    "a group meeting without group": ({"kind": "group_meeting"}, "Choose the Party group"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_is_said_and_not_filed(read, case):
    typed, message = BAD[case]
    slug = typed.get("kind", "committee_meeting")
    log = read(slug, **{name: value for name, value in typed.items() if name != "kind"})
    assert message in words(log)
    assert log.record is None


def test_a_vote_needs_all_three_numbers_and_sums_that_can_be(world, read):
    key = key_of("研究下月工作")
    item = {"main-chips": "研究下月工作"}
    vote = lambda *counts: {  # noqa: E731
        f"main-vote-{key}-{name}": count
        for name, count in zip(("in_favour", "against", "abstain"), counts, strict=True)
    }
    with translation.override("zh-hans"):
        assert read(**item, **vote("3", "0", "0")).record.parts[0].agenda[0].count == Count(
            in_favour=3, against=0, abstain=0
        )
        assert "三个数" in words(read(**item, **vote("3", "", ""))) or "all three" in words(
            read(**item, **vote("3", "", ""))
        )
        assert read(**item, **vote("4", "0", "0")).record is None
        assert read(**item, **vote("x", "0", "0")).record is None


def test_lines_that_begin_with_a_name_are_remarks():
    text = "王建国：同意\n李芳: 建议 早开\n注意：不是人名\n其余是记录"
    remarks, notes = said_apart(text, {"王建国", "李芳"})
    assert remarks == (("王建国", "同意"), ("李芳", "建议 早开"))
    assert notes == "注意：不是人名\n其余是记录"


def test_other_people_come_as_observers_hosted_members_as_present(world, read):
    branches.membership_start(
        person=world.people["other_member"], organization=world.branch, category="full_member", starts_on=date(2025, 1, 1),
        by=None, is_hosted=True,
    )  # fmt: skip
    hosted, member = world.people["other_member"].public_id, world.people["member"].public_id
    marks = {mark.person.public_id: str(mark.status) for mark in read("general_meeting", extra=[hosted]).record.marks}
    assert marks[hosted] == "present"
    marks = {mark.person.public_id: str(mark.status) for mark in read(extra=[member]).record.marks}
    assert marks[member] == "observer"


def test_several_kinds_have_each_their_own_content(read):
    log = read("general_meeting", also=["party_lecture"], **{"main-minutes": "大会", "party_lecture-minutes": "讲稿"})
    assert [(part.kind.slug, part.minutes) for part in log.record.parts] == [
        ("general_meeting", "大会"),
        ("party_lecture", "讲稿"),
    ]


def test_a_filed_record_reads_back_as_it_was_typed(world):
    item = Item(title="研究下月工作", notes="记录", remarks=((world.people["secretary"].name, "同意"),), count=Count(in_favour=2, against=0, abstain=0))  # noqa: E501  # fmt: skip
    said = act.record(
        world.branch, away={world.people["discipline"]: "excused"}, place="101", guests=("何伟", "周敏"), focus=("conduct",),
        left_out={}, added={}, part={"agenda": (item,), "minutes": "要点", "decisions": (Task(task="联系社区", due_on=DAY),)},
    )  # fmt: skip
    one = act.filed_record(said, world.users["secretary"])
    one = Activity.objects.select_related("sitting", "kind").get(pk=one.pk)
    log = Log(
        organization=world.branch,
        typed=typed_of(one),
        today=DAY,
        kinds=list(ActivityKind.objects.all()),
        groups=[],
        fallback=one,
    )
    assert log.errors == []
    assert log.record == said


@pytest.mark.parametrize(
    ("slug", "hour", "theme_day", "last", "proposal"),
    [
        ("committee_meeting", 15, None, (None, None), (DAY, time(14), time(15))),
        ("committee_meeting", 0, None, (None, None), (DAY, None, None)),  # would have begun yesterday
        ("committee_meeting", 15, None, (time(9), time(10)), (DAY, time(9), time(10))),
        ("committee_meeting", 9, None, (time(14), time(15)), (DAY, time(8), time(9))),  # the usual hour has not come
        ("theme_day", 15, 5, (None, None), (date(2026, 3, 5), None, None)),
        ("theme_day", 15, 5, (time(14), time(16)), (date(2026, 3, 5), time(14), time(16))),
        ("theme_day", 15, 31, (None, None), (DAY, time(13), time(15))),  # the fixed day is still to come
    ],
)
def test_time_is_proposed_from_what_is_known(db, slug, hour, theme_day, last, proposal):
    found = prefill.proposed_time(act.kind(slug), act.at(DAY, hour), theme_day, last)
    assert (found.held_on, found.starts_at, found.ends_at) == proposal


@pytest.mark.parametrize(
    ("today", "day", "following"),
    [
        (date(2026, 3, 18), 20, date(2026, 3, 20)),
        (date(2026, 3, 18), 5, date(2026, 4, 5)),
        (date(2026, 1, 31), 30, date(2026, 2, 28)),
        (date(2026, 12, 30), 5, date(2027, 1, 5)),
    ],
)
def test_the_next_theme_day(today, day, following):
    assert prefill.next_theme_day(today, day) == following
