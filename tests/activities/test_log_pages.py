"""The pages of the log flow: begin, save, check, file, and what comes between."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.activities import registry
from apps.activities.models import Activity, Sitting
from apps.activities.records import Item
from apps.activities.registry import Fulfilment, OwedKind
from tests.factories import activities as act
from tests.factories import branches as make

DAY = make.TODAY


@pytest.fixture
def secretary(client_of):
    return client_of("secretary")


def url(world, name, one=None):
    return reverse(f"activities:{name}", args=[world.branch.public_id, *([one.public_id] if one else [])])


def begin(client, world, **data):
    data = {"kind": "committee_meeting", "request_key": "k1"} | data
    return client.post(url(world, "log-start"), data)


def the_draft():
    return Activity.objects.get()


def test_beginning_fills_in_what_is_known(world, secretary):
    assert begin(secretary, world).status_code == 302
    one = the_draft()
    chair = world.people["secretary"].public_id
    assert {name: values[0] for name, values in one.draft.items() if values[0]} == {
        "kind": "committee_meeting", "held_on": "2026-03-18", "starts_at": "08:00", "ends_at": "09:00",
        "place": "党员活动室101", "chair": chair, "minute_taker": chair,
    }  # fmt: skip
    assert one.sitting.attendances.count() == 0


def test_the_second_press_begins_nothing(world, secretary):
    first, second = begin(secretary, world), begin(secretary, world)
    assert first.url == second.url
    assert (Activity.objects.count(), Sitting.objects.count()) == (1, 1)


def test_the_usual_room_and_the_last_topics_come_back(world, secretary):
    item = Item(title="党费收缴公示")
    act.filed(
        world.branch,
        world.users["secretary"],
        held_on=DAY - timedelta(days=30),
        place="三楼",
        part={"agenda": (item,)},
        guests=("何伟",),
    )
    response = begin(secretary, world, copy="1", request_key="k2")
    one = Activity.objects.get(state="draft")
    assert one.draft["place"] == ["三楼"]
    assert one.draft["main-own"] == ["党费收缴公示"]
    assert one.draft["guests"] == ["何伟"]
    html = secretary.get(response.url).content.decode()
    assert "党费收缴公示" in html


def test_what_is_still_owed_comes_first_and_counts_for_its_period(world, secretary, monkeypatch):
    owed = OwedKind("committee_meeting", "2月支委会", counts_for=date(2026, 2, 1), is_late=True)
    foreign = OwedKind("group_meeting", "别的小组", group_id=-1)
    monkeypatch.setattr(registry, "owed_kinds", [lambda organization, today: [owed, foreign]])
    html = secretary.get(url(world, "log-start")).content.decode()
    assert html.index("2月支委会") < html.index("All kinds")
    assert "别的小组" not in html
    begin(secretary, world, counts_for="2026-02-01")
    assert the_draft().counts_for == date(2026, 2, 1)
    filed = file(secretary, world, the_draft(), counts_for="2026-02-01")
    assert (filed.state, filed.counts_for) == ("filed", date(2026, 2, 1))


def test_a_notice_is_read_and_shown_for_confirmation(world, secretary):
    notice = "定于3月17日下午2:30在二楼会议室召开支部委员会会议。议题：1.研究发展党员；2.走访老党员"
    response = secretary.post(url(world, "log-start"), {"notice": notice, "request_key": "n"})
    assert response.status_code == 302
    one = the_draft()
    shown = {name: one.draft[name] for name in ("held_on", "starts_at", "place", "main-chips", "main-own")}
    assert shown == {
        "held_on": ["2026-03-17"], "starts_at": ["14:30"], "place": ["二楼会议室"], "main-chips": [],
        "main-own": ["研究发展党员", "走访老党员"],
    }  # fmt: skip
    unknown = secretary.post(url(world, "log-start"), {"notice": "明天下午2点在二楼开会", "request_key": "m"})
    assert unknown.status_code == 422
    assert "does not say which kind" in unknown.content.decode()
    assert "明天下午2点在二楼开会" in unknown.content.decode()


@pytest.mark.parametrize("data", [{"kind": ""}, {"kind": "nonsense"}, {"kind": "group_meeting", "group": "nobody"}])
def test_a_kind_that_cannot_be_begun_is_said(world, secretary, data):
    response = begin(secretary, world, **data)
    assert response.status_code == 422
    assert Activity.objects.count() == 0


def test_a_group_leader_begins_group_meetings_alone(world, client_of):
    leader = client_of("group_leader")
    html = leader.get(url(world, "log-start")).content.decode()
    assert 'value="group_meeting"' in html
    assert 'value="committee_meeting"' not in html
    assert begin(leader, world).status_code == 422
    assert begin(leader, world, kind="group_meeting").status_code == 302
    assert the_draft().group_id in world.users["group_leader"].reach.leads_groups


def typed(one, **changed):
    return {"version": one.version, "kind": "committee_meeting", "held_on": DAY.isoformat()} | changed


def test_autosave_answers_with_a_stamp_and_the_version(world, secretary):
    begin(secretary, world)
    one = the_draft()
    response = secretary.post(
        url(world, "log-edit", one), typed(one, **{"main-minutes": "一半"}), headers={"X-Autosave": "1"}
    )
    assert (response.status_code, response.content.decode(), response["X-Version"]) == (200, "Saved 09:00", "2")
    late = secretary.post(
        url(world, "log-edit", one), typed(one, **{"main-minutes": "旧页面"}), headers={"X-Autosave": "1"}
    )
    assert late.status_code == 409
    one.refresh_from_db()
    assert one.draft["main-minutes"] == ["一半"]


def test_two_people_in_one_draft_choose_line_by_line(world, secretary, client_of):
    begin(secretary, world)
    one = the_draft()
    client_of("committee_member").post(
        url(world, "log-edit", one), typed(one, place="同事写的地点", **{"main-minutes": "同事的要点"})
    )
    mine = typed(one, place="我写的地点", **{"main-minutes": "我的要点"})
    conflict = secretary.post(url(world, "log-edit", one), mine)
    html = conflict.content.decode()
    assert conflict.status_code == 409
    for words in ("同事写的地点", "同事的要点", "我写的地点", "我的要点", world.people["committee_member"].name):
        assert words in html
    picks = {f"mine:{name}": value for name, value in mine.items() if name != "version"}
    merged = picks | {
        "version": conflict.context["conflict"].version,
        "pick:place": "mine",
        "pick:main-minutes": "theirs",
    }
    assert secretary.post(url(world, "log-merge", one), merged).status_code == 302
    one.refresh_from_db()
    assert (one.draft["place"], one.draft["main-minutes"]) == (["我写的地点"], ["同事的要点"])


def file(client, world, one, **changed):
    """Press “check”, read what is confirmed, press “file”."""
    data = typed(one, **changed)
    client.post(url(world, "log-edit", one), data | {"go": "4"})
    one.refresh_from_db()
    checked = client.get(url(world, "log-edit", one) + "?step=4")
    data["version"], data["confirmed"] = one.version, checked.context["log"].record.digest()
    client.post(url(world, "log-file", one), data)
    one.refresh_from_db()
    return one


def test_check_then_file(world, secretary, monkeypatch):
    said = Fulfilment("职责“3月支委会”已完成。", "/duties/")
    monkeypatch.setattr(registry, "fulfilments", [lambda activity: [said]])
    begin(secretary, world)
    one = file(secretary, world, the_draft(), **{"main-minutes": "要点"})
    assert (one.state, one.minutes, one.sitting.attendances.count()) == ("filed", "要点", 3)
    html = secretary.get(url(world, "activity-detail", one) + "?filed=1").content.decode()
    assert "职责“3月支委会”已完成。" in html
    assert "Log another" in html
    assert secretary.get(url(world, "log-edit", one)).status_code == 302


def test_filing_twice_files_once(world, secretary):
    begin(secretary, world)
    one = the_draft()
    data = typed(one, go="4")
    secretary.post(url(world, "log-edit", one), data)
    one.refresh_from_db()
    checked = secretary.get(url(world, "log-edit", one) + "?step=4")
    data |= {"version": one.version, "confirmed": checked.context["log"].record.digest()}
    answers = [secretary.post(url(world, "log-file", one), data) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert one.versions.count() == 1


def test_what_was_changed_after_the_check_asks_again(world, secretary):
    begin(secretary, world)
    one = the_draft()
    away = f"att-{world.people['discipline'].public_id}"
    checked = secretary.get(url(world, "log-edit", one) + "?step=4")
    data = typed(one, confirmed=checked.context["log"].record.digest(), **{away: "absent", "main-minutes": "留着"})
    response = secretary.post(url(world, "log-file", one), data)
    assert response.status_code == 422
    assert "attendance has changed" in response.content.decode()
    one.refresh_from_db()
    assert (one.state, one.draft[away], one.draft["main-minutes"]) == ("draft", ["absent"], ["留着"])
    assert one.sitting.attendances.count() == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"held_on": "2026-03-19"}, "has not come yet"),
        ({"held_on": "3.99"}, "no such day"),
        ({"starts_at": "15:00", "ends_at": "14:00"}, "ends after it begins"),
        ({"main-task": "x" * 201}, "at most 200"),
    ],
)
def test_bad_input_is_said_and_kept(world, secretary, changed, words):
    begin(secretary, world)
    one = the_draft()
    response = secretary.post(url(world, "log-file", one), typed(one, confirmed="x", **changed))
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert all(value in html for value in changed.values())
    one.refresh_from_db()
    assert one.state == "draft"
    assert all(one.draft[name] == [value] for name, value in changed.items())


def test_a_formula_in_a_name_is_text(world, secretary):
    begin(secretary, world)
    one = file(secretary, world, the_draft(), guests="=cmd|' /C calc'!A0、<script>alert(1)</script>")
    html = secretary.get(url(world, "activity-detail", one)).content.decode()
    assert "<script>alert(1)" not in html
    assert one.sitting.guests == ["=cmd|' /C calc'!A0", "<script>alert(1)</script>"]


def test_a_discarded_draft_comes_back_once(world, secretary):
    begin(secretary, world)
    one = the_draft()
    secretary.post(url(world, "log-edit", one), typed(one, **{"main-minutes": "差点丢了"}))
    secretary.post(url(world, "log-discard", one))
    assert Activity.objects.count() == 0
    assert "is deleted" in secretary.get(url(world, "log-start")).content.decode()
    secretary.post(url(world, "log-restore"))
    assert the_draft().draft["main-minutes"] == ["差点丢了"]
    secretary.post(url(world, "log-restore"))
    assert Activity.objects.count() == 1


def test_a_scheduled_meeting_opens_with_its_plan_and_the_leave_people_asked(world, secretary):
    people = (world.people["discipline"],)
    meeting = act.planned(world.branch, world.users["secretary"], held_on=DAY, invite=people)
    act.services.invitation_answer(
        sitting=meeting, person=people[0], by=world.users["secretary"], now=act.at(), answer="cannot", ground="business"
    )
    log = secretary.get(url(world, "log-edit", meeting.activities.get())).context["log"]
    assert log.record.place == "党员活动室101"
    assert {mark.person: (str(mark.status), mark.ground) for mark in log.record.marks}[people[0]] == (
        "excused",
        "business",
    )
    assert meeting.attendances.count() == 0


def test_a_colleague_who_was_faster_is_named(world, secretary, client_of):
    act.filed(world.branch, world.users["committee_member"], held_on=DAY - timedelta(days=1))
    response = begin(secretary, world)
    html = secretary.get(response.url).content.decode()
    assert "Perhaps logged already" in html
    assert world.people["committee_member"].name in html


@pytest.mark.parametrize("more", [0, 4])
def test_the_page_costs_the_same_for_any_number(world, secretary, query_baseline, more):
    for _number in range(more):
        make.member(world.branch)
    one = act.draft(
        world.branch,
        world.users["secretary"],
        "general_meeting",
        typed={"kind": ["general_meeting"], "held_on": ["0318"]},
    )
    with query_baseline("activities:log-edit"):
        secretary.get(url(world, "log-edit", one) + "?step=4")
    with query_baseline("activities:log-start"):
        secretary.get(url(world, "log-start"))


@pytest.mark.parametrize("more", [0, 4])
def test_filing_costs_the_same_for_any_number(world, secretary, query_baseline, more):
    for _number in range(more):
        make.member(world.branch)
    own = [f"议题{number}" for number in range(1 + more)]
    said = {"kind": ["general_meeting"], "held_on": ["0318"], "main-own": own}
    one = act.draft(world.branch, world.users["secretary"], "general_meeting", typed=said)
    log = secretary.get(url(world, "log-edit", one) + "?step=4").context["log"]
    data = said | {"version": one.version, "confirmed": log.record.digest()}
    with query_baseline("activities:log-file:post"):
        assert secretary.post(url(world, "log-file", one), data).status_code == 302
    data = {"version": 1, "kind": "general_meeting", "main-minutes": json.dumps(own)}
    other = act.draft(world.branch, world.users["secretary"], "theme_day")
    with query_baseline("activities:log-edit:autosave"):
        secretary.post(url(world, "log-edit", other), data, headers={"X-Autosave": "1"})


def test_what_is_unfinished_stands_above_the_kinds_and_yearly_papers_last(world, secretary):
    begin(secretary, world, kind="theme_day")
    html = secretary.get(url(world, "log-start")).content.decode()
    assert html.index('id="drafts-title"') < html.index('id="kinds-title"')
    kinds = [kind.slug for kind in secretary.get(url(world, "log-start")).context["kinds"]]
    assert kinds[-3:] == ["other", "year_plan", "year_summary"]


def test_a_reason_in_words_is_kept_for_whoever_is_away_only(world, secretary):
    begin(secretary, world, kind="committee_meeting")
    one, away, here = the_draft(), world.people["discipline"], world.people["secretary"]
    said = {
        f"att-{away.public_id}": "excused", f"say-{away.public_id}": " 带班  值守 ", f"print-{away.public_id}": "on",
        f"att-{here.public_id}": "present", f"say-{here.public_id}": "写错人了", f"print-{here.public_id}": "on",
    }  # fmt: skip
    file(secretary, world, one, **said)
    one.refresh_from_db()
    rows = {row.person: (row.reason, row.print_reason) for row in one.sitting.attendances.select_related("person")}
    assert (rows[away], rows[here]) == (("带班 值守", True), ("", False))
    correct = secretary.get(url(world, "activity-correct", one)).context["log"]
    line = next(line for line in correct.lines if line.attendee.person == away)
    assert (line.reason, line.print_reason) == ("带班 值守", True)


def test_who_was_not_expected_after_all_does_not_count_for_the_quorum(world, secretary):
    begin(secretary, world, kind="committee_meeting")
    one = the_draft()
    away = world.people["discipline"].public_id
    secretary.post(url(world, "log-edit", one), typed(one, off_who=away, off_why="借调") | {"go": "2"})
    quorum = secretary.get(url(world, "log-edit", one) + "?step=2").context["log"].quorum
    assert quorum.sentence == "2 of 2 with a vote are present: enough to decide."
    assert quorum.least == 1
    assert away not in quorum.names
