"""The record page and the list: who sees what, what cannot be done, how much it costs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from apps.activities.models import Activity, Attendance
from apps.activities.records import Item
from tests.factories import activities as act
from tests.factories import branches as make

DAY = make.TODAY
HELD = DAY - timedelta(days=2)


@pytest.fixture
def secretary(world):
    return world.users["secretary"]


def page(client, one, name="activity-detail", query=""):
    return client.get(reverse(f"activities:{name}", args=[one.organization.public_id, one.public_id]) + query)


@pytest.fixture
def general(world, secretary):
    """A general meeting with a leave, an absence and a remark."""
    away = {world.people["second"]: "excused", world.people["third"]: "absent"}
    said = act.record(world.branch, "general_meeting", HELD, away=away)
    marks = tuple(
        act.Mark(person=mark.person, status=mark.status, ground="sick" if mark.status == "excused" else "")
        for mark in said.marks
    )
    item = Item(title="讨论", remarks=((world.people["member"].name, "我的发言"),))
    return act.filed(
        world.branch, secretary, "general_meeting", HELD, marks=marks, part={"agenda": (item,), "minutes": "要点"}
    )


SEES = {  # names of who came, names of who did not, why, remarks
    "secretary": (True, True, True, True),
    "committee_member": (True, True, True, True),
    "affairs_worker": (True, True, False, True),
    "member": (True, False, False, True),
    "group_leader": (True, False, False, True),
    "upper_worker": (False, False, False, False),
}


@pytest.mark.parametrize("role", SEES)
def test_leave_is_nothing_to_fellow_members_and_names_nothing_to_upper_levels(world, client_of, general, role):
    came, away, why, remarks = SEES[role]
    html = page(client_of(role), general).content.decode()
    assert (world.people["discipline"].name in html) is (came or role == "discipline")
    assert (world.people["second"].name in html) is away
    assert (world.people["third"].name in html) is away
    assert ("Sick" in html) is why
    assert ("reason not filled in" in html) is why
    assert ("我的发言" in html) is remarks
    assert "Expected <b>8</b>" in html  # counts are for everyone
    assert ("/correct/" in html) is (role in ("secretary", "committee_member"))


def test_a_talk_is_read_by_the_two_and_the_committee(world, client_of, secretary):
    two = (world.people["secretary"], world.people["member"])
    talk = act.filed(
        world.branch, secretary, "talk", HELD, marks=tuple(act.Mark(person=one, status="present") for one in two)
    )
    roles = ("member", "committee_member", "group_leader", "other_secretary")
    assert [page(client_of(role), talk).status_code for role in roles] == [200, 200, 404, 404]
    assert world.people["member"].name not in page(client_of("upper_worker"), talk).content.decode()


def test_an_earlier_version_can_be_read(world, client_of, general, secretary):
    away = {world.people["second"]: "excused", world.people["third"]: "absent"}
    said = act.record(world.branch, "general_meeting", HELD, away=away, part={"minutes": "改过的"})
    act.services.activity_correct(
        activity=general,
        by=secretary,
        now=act.at(),
        version=general.version,
        record=said,
        confirmed=said.digest(),
        reason="补充",
    )
    html = page(client_of("secretary"), general, query="?version=1").content.decode()
    assert "要点" in html
    assert "改过的" in html
    assert "补充" in html
    assert world.people["second"].name not in page(client_of("member"), general, query="?version=1").content.decode()


def correction(one, **changed):
    data = {
        "go": "file", "version": one.version, "kind": one.kind.slug, "held_on": one.held_on.isoformat(), "reason": "写错了",
        "main-minutes": "更正后",
    }  # fmt: skip
    return data | changed


def confirmed(client, one, data):
    """The digest the page printed for this text."""
    url = reverse("activities:activity-correct", args=[one.organization.public_id, one.public_id])
    return url, client.post(url, data | {"go": "4"}).context["log"].record.digest()


def test_a_correction_is_checked_then_filed(world, client_of, secretary):
    one = act.filed(world.branch, secretary, held_on=HELD, part={"minutes": "原来"})
    client, data = client_of("secretary"), correction(one)
    url, digest = confirmed(client, one, data)
    assert one.versions.count() == 1  # looking is not filing
    without = client.post(url, data | {"confirmed": digest, "reason": ""})
    assert without.status_code == 422
    assert "Write one sentence saying why" in without.content.decode()
    assert "更正后" in without.content.decode()
    assert client.post(url, data | {"confirmed": digest}).status_code == 302
    one.refresh_from_db()
    assert (one.minutes, one.versions.count()) == ("更正后", 2)


def test_a_correction_upon_an_older_version_is_a_conflict_and_keeps_the_text(world, client_of, secretary):
    one = act.filed(world.branch, secretary, held_on=HELD)
    client, data = client_of("secretary"), correction(one)
    url, digest = confirmed(client, one, data)
    said = act.record(world.branch, held_on=HELD, part={"minutes": "同事改的"})
    act.services.activity_correct(
        activity=one, by=world.users["committee_member"], now=act.at(), version=one.version, record=said,
        confirmed=said.digest(), reason="先改",
    )  # fmt: skip
    answer = client.post(url, data | {"confirmed": digest})
    assert answer.status_code == 409
    assert "更正后" in answer.content.decode()
    one.refresh_from_db()
    assert one.minutes == "同事改的"


def test_a_record_under_the_wrong_group_is_moved_without_retyping(world, client_of, secretary):
    one = act.filed(world.branch, secretary, "theme_day", HELD, part={"minutes": "小组学习"})
    client = client_of("secretary")
    data = correction(one, kind="group_meeting", group=world.group.public_id, **{"main-minutes": "小组学习"})
    url, digest = confirmed(client, one, data)
    assert client.post(url, data | {"confirmed": digest}).status_code == 302
    one.refresh_from_db()
    assert (one.kind.slug, one.group, one.minutes) == ("group_meeting", world.group, "小组学习")


def test_withdrawal_by_the_page(world, client_of, secretary):
    one = act.filed(world.branch, secretary, held_on=HELD)
    url = reverse("activities:activity-withdraw", args=[world.branch.public_id, one.public_id])
    client = client_of("secretary")
    assert client.post(url, {"version": one.version - 1, "reason": "重复"}).status_code == 409
    assert client.post(url, {"version": one.version, "reason": "重" * 201}).status_code == 422
    assert client.post(url, {"version": one.version, "reason": "重复"}).status_code == 302
    html = page(client, one).content.decode()
    assert "重复" in html
    assert client.get(url).status_code == 404  # once


def words_of(response):
    from io import BytesIO

    from docx import Document

    tables = Document(BytesIO(response.content)).tables
    return "\n".join(cell.text for table in tables for row in table.rows for cell in row.cells)


def test_papers_are_word_files_with_what_was_recorded(world, client_of, general):
    response = page(client_of("secretary"), general, "minutes-paper")
    text = words_of(response)
    with translation.override("zh-hans"):  # whatever the language of the screen
        sick = str(Attendance.Ground.SICK.label)
    for words in ("要点", "我的发言", "应到人数", "8人", world.people["second"].name, sick):
        assert words in text
    assert "%E4%BC%9A%E8%AE%AE%E8%AE%B0%E5%BD%95.docx" in response["Content-Disposition"]
    sheet = page(client_of("secretary"), general, "sign-in-paper")
    assert world.people["discipline"].name in words_of(sheet).replace("　", "")


def test_a_paper_for_the_level_above_says_who_was_on_leave_and_not_why(world, client_of, secretary):
    said = act.record(world.branch, "general_meeting", HELD)
    told = {"second": ("住院", False), "third": ("带班值守", True)}
    reasons = {world.people[role].pk: words for role, words in told.items()}
    marks = tuple(
        act.Mark(
            person=mark.person, status="excused", ground="sick", reason=reasons[mark.person.pk][0],
            print_reason=reasons[mark.person.pk][1],
        )
        if mark.person.pk in reasons else mark
        for mark in said.marks
    )  # fmt: skip
    one = act.filed(world.branch, secretary, "general_meeting", HELD, marks=marks)
    second, third = (world.people[role].name for role in told)
    with translation.override("zh-hans"):
        sick = str(Attendance.Ground.SICK.label)
    own = words_of(page(client_of("secretary"), one, "minutes-paper"))
    assert f"{second}（{sick}）" in own  # not ticked: the words stay on the screen
    assert f"{third}（{sick}，带班值守）" in own
    above = words_of(page(client_of("affairs_worker"), one, "minutes-paper"))
    assert sick not in above
    assert "住院" not in above
    assert f"请假：{second}、{third}（带班值守）" in above or f"请假：{third}（带班值守）、{second}" in above
    for role in ("upper_worker", "member"):
        assert page(client_of(role), one, "minutes-paper").status_code == 404


# ---- the list


def names(client, world, **query):
    response = client.get(reverse("activities:activity-list", args=[world.branch.public_id]), query)
    return [row.public_id for row in response.context["rows"]]


@pytest.fixture
def several(world, secretary):
    return {
        "committee": act.filed(world.branch, secretary, "committee_meeting", HELD),
        "general": act.filed(world.branch, secretary, "general_meeting", DAY - timedelta(days=100)),
        "draft": act.draft(world.branch, secretary, "theme_day"),
        "ahead": act.planned(world.branch, secretary, "party_lecture", held_on=DAY + timedelta(days=3)).activities.get(),
        "waiting": act.planned(
            world.branch, secretary, "committee_meeting", held_on=DAY - timedelta(days=9), now=act.at(DAY - timedelta(days=10))
        ).activities.get(),
        "foreign": act.filed(world.other_branch, world.users["other_secretary"], "general_meeting", HELD),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("role", "query", "found"),
    [
        ("secretary", {}, ["ahead", "draft", "committee", "waiting", "general"]),
        ("secretary", {"kind": "committee_meeting"}, ["committee", "waiting"]),
        ("secretary", {"state": "filed"}, ["committee", "general"]),
        ("secretary", {"state": "minutes_due"}, ["waiting"]),
        ("secretary", {"state": "scheduled"}, ["ahead"]),
        ("secretary", {"quarter": "2026q1"}, ["ahead", "draft", "committee", "waiting"]),
        ("secretary", {"quarter": "2025q4"}, ["general"]),
        (
            "secretary",
            {"quarter": "1066q1", "state": "nonsense", "before": "nonsense"},
            ["ahead", "draft", "committee", "waiting", "general"],
        ),
        ("member", {}, ["general"]),
        ("affairs_worker", {}, ["committee", "general"]),
    ],
)
def test_the_list_shows_what_one_may_read(world, client_of, several, role, query, found):
    assert names(client_of(role), world, **query) == [several[name].public_id for name in found]


def test_pages_go_on_without_gap_or_repetition(world, client_of, secretary):
    for number in range(33):  # several on one day: the key is day and row
        act.draft(world.branch, secretary, "other", held_on=DAY - timedelta(days=number // 5))
    client = client_of("secretary")
    url = reverse("activities:activity-list", args=[world.branch.public_id])
    first = client.get(url, {"kind": "other"})
    second = client.get(url + first.context["older"])
    seen = [row.pk for response in (first, second) for row in response.context["rows"]]
    everything = Activity.objects.order_by("-held_on", "-pk").values_list("pk", flat=True)
    assert (len(first.context["rows"]), len(second.context["rows"])) == (30, 3)
    assert seen == list(everything)
    assert second.context["older"] == ""


# ---- what it costs


@pytest.mark.parametrize("rows", [1, 4])
def test_the_list_costs_the_same_for_any_number(world, client_of, secretary, query_baseline, rows):
    for number in range(rows):
        act.filed(world.branch, secretary, "group_meeting", HELD - timedelta(days=number), group=world.group)
    client = client_of("secretary")
    with query_baseline("activities:activity-list"):
        response = client.get(reverse("activities:activity-list", args=[world.branch.public_id]))
    assert len(response.context["rows"]) == rows


@pytest.mark.parametrize("rows", [0, 3])
def test_a_record_costs_the_same_for_any_number(world, client_of, secretary, query_baseline, rows):
    items = tuple(Item(title=f"议题{number}") for number in range(rows))
    for _number in range(rows):
        make.member(world.branch)
    one = act.filed(world.branch, secretary, "general_meeting", HELD, part={"agenda": items})
    client = client_of("secretary")
    with query_baseline("activities:activity-detail"):
        page(client, one)


def test_attendance_stands_in_roster_order(world, client_of, general):
    shown = [row["name"] for row in page(client_of("secretary"), general).context["people"]]
    posts = [world.people[role].name for role in ("secretary", "committee_member", "discipline")]
    assert shown[:3] == posts
    assert len(shown) == 8


def test_a_duty_done_is_said_once_after_filing(world, client_of, secretary, monkeypatch):
    from apps.activities import registry

    one = act.filed(world.branch, secretary, held_on=HELD)
    done = registry.Fulfilment("Committee meeting of March: done", "/x/")
    monkeypatch.setattr(registry, "fulfilments", [lambda activity: [done]])
    client = client_of("secretary")
    assert page(client, one, query="?filed=1").content.decode().count(done.sentence) == 1
    assert page(client, one).content.decode().count(done.sentence) == 1


def test_rows_say_the_topic_and_to_the_committee_who_talked(world, client_of, secretary):
    two = (world.people["secretary"], world.people["member"])
    act.filed(world.branch, secretary, "talk", HELD, marks=tuple(act.Mark(person=one, status="present") for one in two))
    act.filed(world.branch, secretary, "party_lecture", HELD, part={"topic": "学习党章"})
    url = reverse("activities:activity-list", args=[world.branch.public_id])
    own, above = (client_of(role).get(url).content.decode() for role in ("secretary", "affairs_worker"))
    assert "学习党章" in own
    assert "学习党章" in above
    for person in two:
        assert person.name in own
    assert world.people["member"].name not in above


def test_readers_filter_by_the_kinds_there_are(world, client_of, several):
    url = reverse("activities:activity-list", args=[world.branch.public_id])
    kinds = {
        role: [kind.slug for kind in client_of(role).get(url).context["kinds"]]
        for role in ("affairs_worker", "secretary")
    }
    assert kinds["affairs_worker"] == ["general_meeting", "committee_meeting"]
    assert "year_plan" in kinds["secretary"]


def test_a_general_branch_has_no_records_of_its_own_and_says_where_they_are(world, client_of):
    html = (
        client_of("affairs_worker")
        .get(reverse("activities:activity-list", args=[world.general_branch.public_id]))
        .content.decode()
    )
    assert "Records are kept by the branches" in html
    assert 'id="id_kind"' not in html


def test_an_earlier_version_writes_its_day_as_the_page_does(world, client_of, secretary):
    one = act.filed(world.branch, secretary, held_on=HELD)
    said = act.record(world.branch, held_on=HELD, part={"minutes": "改过的"})
    act.services.activity_correct(
        activity=one, by=secretary, now=act.at(), version=one.version, record=said, confirmed=said.digest(), reason="补充"
    )  # fmt: skip
    html = page(client_of("secretary"), one, query="?version=1").content.decode()
    assert HELD.isoformat() not in html
    assert html.count("16 Mar 2026") >= 2
