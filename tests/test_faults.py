"""Faults that programs of this kind are known for, one test or a few for each; the pages and services are the real ones.

Each test was seen to fail with the code broken at the place it guards. Objects of another branch are in
tests/faults/test_other_branch.py, numbers of several screens in tests/faults/test_same_numbers.py.
"""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count as Number
from django.test import Client

from apps.activities import registry, services
from apps.activities.models import Activity, Attendance, Sitting
from apps.activities.records import Count, Item, Mark
from apps.branches import services as branches
from apps.branches.models import Membership, Organization, PartyGroup, Person
from apps.duties.models import DutyPeriod
from apps.duties.services.laying_out import materialise
from apps.duties.services.reconciling import reconcile
from apps.members.models import ImportBatch
from config.celery import app as celery
from tests.factories import activities as act
from tests.factories import branches as make
from tests.factories.duties import period
from tests.factories.people import fake_id
from tests.factories.rosters import roster
from tests.factories.rosters import row as roster_row

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (1, 2, 3, 4))


def clock(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setenv("ZHIBU_NOW", f"{day.isoformat()}T09:00:00")


def done(branch: Organization, slug: str) -> dict[date, int]:
    rows = DutyPeriod.objects.filter(organization=branch, rule__slug=slug, done__gt=0)
    return dict(rows.values_list("starts_on", "done"))


def tracked(branch: Organization, since: date) -> Organization:
    Organization.objects.filter(pk=branch.pk).update(tracked_from=since)
    branch.refresh_from_db()
    return branch


def on_the_home_page(client: Client) -> list[str]:
    """Titles of everything a person's home page asks for or announces."""
    context = client.get("/").context
    boxes = [panel.context["title"] for panel in context["above"] if "title" in panel.context]
    return boxes + [row.title for section in ("mine", "others", "calendar") for row in context[section]]


# --- 1: December's duty twice, or January's not at all ---------------------------------------------------------------------


def test_around_new_year_each_month_is_asked_for_once_whatever_the_clock_did(world, client_of, monkeypatch) -> None:
    """The job runs twice on some days and not at all from the 20th of December to the 8th of January."""
    branch = tracked(world.branch, date(2025, 11, 1))
    tracked(world.other_branch, date(2025, 11, 1))
    page = client_of("secretary", "en")
    silence = (date(2025, 12, 20), date(2026, 1, 8))
    for offset in range(0, 75, 3):
        day = date(2025, 12, 2) + timedelta(days=offset)
        clock(monkeypatch, day)
        for _ in range(1 if day.day % 2 else 2):
            if not silence[0] <= day < silence[1]:
                materialise(today=day)
        asked = Counter(on_the_home_page(page))
        assert asked["December theme Party day"] + asked["December 2025 theme Party day"] == 1, day
        if day >= silence[1]:
            assert asked["January theme Party day"] == 1, day
        assert set(asked.values()) == {1}, (day, asked)
    spans = DutyPeriod.objects.filter(organization=branch, rule__slug="theme_day").order_by("starts_on")
    months = [date(2025, 11, 1), date(2025, 12, 1), JANUARY, FEBRUARY]
    assert list(spans.values_list("starts_on", flat=True)) == months


@pytest.mark.parametrize("since", [date(2024, 1, 1), date(2026, 1, 5)], ids=["from long ago", "from January"])
def test_a_window_over_new_year_is_one_period(world, since: date) -> None:
    for branch in (world.branch, world.other_branch):
        tracked(branch, since)
    for day in (date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 6), date(2026, 3, 31), date(2026, 4, 1)):
        materialise(today=day)
    rows = DutyPeriod.objects.filter(
        organization=world.branch, rule__slug="life_meeting", ends_before__gt=date(2025, 7, 1)
    )
    assert [(row.starts_on, row.ends_before, row.for_year) for row in rows] == [(date(2025, 10, 1), APRIL, 2025)]


# --- 2 and 3: entered in another month, held in another year ---------------------------------------------------------------


def test_held_in_march_and_entered_in_april_it_counts_for_march(world) -> None:
    today = date(2026, 4, 15)
    materialise(today=today)
    act.filed(world.branch, world.users["secretary"], "theme_day", date(2026, 3, 31), entered_on=today)
    assert done(world.branch, "theme_day") == {MARCH: 1}
    assert reconcile(today=today).is_clean
    assert done(world.branch, "theme_day") == {MARCH: 1}


@pytest.mark.parametrize("laid_out_first", [True, False])
def test_the_same_month_of_another_year_does_not_count(world, laid_out_first: bool) -> None:
    if laid_out_first:
        materialise(today=make.TODAY)
    by = world.users["secretary"]
    act.filed(world.branch, by, "theme_day", date(2025, 3, 5), entered_on=make.TODAY)
    act.filed(world.branch, by, "general_meeting", date(2024, 2, 5), entered_on=make.TODAY)
    act.filed(world.branch, by, "life_meeting", date(2025, 1, 20), entered_on=make.TODAY)
    materialise(today=make.TODAY)
    assert reconcile(today=make.TODAY, full=True).is_clean
    assert done(world.branch, "theme_day") == {date(2025, 3, 1): 1}
    assert done(world.branch, "general_meeting") == {date(2024, 1, 1): 1}
    assert done(world.branch, "life_meeting") == {date(2024, 10, 1): 1}


# --- 4: asked to a meeting one is not part of ------------------------------------------------------------------------------


def test_a_meeting_reminds_only_those_who_were_asked(world, client_of) -> None:
    told: list[int] = []

    def hear(sitting: Sitting, what: str, people: list[int]) -> None:
        told.extend(people)

    registry.schedule_listeners.append(hear)
    try:
        asked = [world.people[role] for role in ("member", "second")]
        sitting = act.planned(
            world.branch, world.users["secretary"], "group_meeting", make.TODAY + timedelta(days=2), group=world.group,
            invite=tuple(asked),
        )  # fmt: skip
        services.sitting_move(
            sitting=sitting, by=world.users["secretary"], now=act.at(), version=sitting.version,
            held_on=make.TODAY + timedelta(days=3), starts_at=sitting.starts_at, ends_at=None, place="102",
        )  # fmt: skip
    finally:
        registry.schedule_listeners.remove(hear)
    assert Counter(told) == {person.pk: 2 for person in asked}  # once for the plan, once for the move
    reminded = {
        role
        for role in ("member", "group_leader", "committee_member", "other_secretary", "affairs_worker", "upper_worker")
        if any("group meeting" in title.lower() for title in on_the_home_page(client_of(role)))
    }
    keeps_it = {"committee_member"}  # the branch committee sees the branch's calendar
    assert reminded == {"member"} | keeps_it


def test_the_duty_of_a_group_reminds_its_leader_and_nobody_of_another_group(world, client_of) -> None:
    materialise(today=make.TODAY)
    page = {
        role: on_the_home_page(client_of(role)) for role in ("member", "group_leader", "secretary", "other_secretary")
    }
    mine, other = "March Party group meeting (第二小组)", "March Party group meeting (第一小组)"
    assert {role: (mine in titles, other in titles) for role, titles in page.items()} == {
        "member": (False, False), "group_leader": (True, False), "secretary": (True, True), "other_secretary": (False, False),
    }  # fmt: skip


# --- 5: group meetings of a branch without groups --------------------------------------------------------------------------


def test_a_branch_without_groups_owes_no_group_meeting(world, client_of) -> None:
    whole, ended = world.other_branch, make.organization(world.general_branch, name="三车间党支部")
    for branch in (ended, world.branch):
        PartyGroup.objects.create(
            organization=branch, name="旧小组", starts_on=make.SINCE, ends_before=date(2024, 6, 1)
        )
    materialise(today=make.TODAY)
    reconcile(today=make.TODAY, full=True)
    groups = DutyPeriod.objects.filter(rule__slug="group_meeting")
    counted = dict(groups.values("organization").annotate(rows=Number("pk")).values_list("organization", "rows"))
    # Two groups since January 2024; of an ended one January to May; nothing of a branch without groups.
    assert counted == {world.branch.pk: 2 * 27 + 5, ended.pk: 5}
    assert not groups.filter(group=None).exists()
    assert not [row for row in registry.owed(whole, make.TODAY) if row.slug == "group_meeting"]
    assert not any("group meeting" in title.lower() for title in on_the_home_page(client_of("other_secretary")))


# --- 7: who may vote, and whose roster -------------------------------------------------------------------------------------


def test_a_vote_counts_those_entitled_on_the_day_it_was_held(world) -> None:
    """Held in June; today the probationer is a full member, one has left, one has come, one has lost the right."""
    held_on, people = date(2025, 6, 11), world.people
    since = date(2025, 9, 1)
    move = branches.membership_start
    move(person=people["probationary"], organization=world.branch, category="full_member", starts_on=since, by=None)
    move(person=people["third"], organization=world.other_branch, category="full_member", starts_on=since, by=None)
    move(
        person=people["second"], organization=world.branch, category="full_member", starts_on=since, by=None,
        standing="rights_suspended",
    )  # fmt: skip
    newcomer = make.member(world.branch, "邹凯", starts_on=since)
    item = Item(title="讨论接收预备党员", count=Count(in_favour=7, against=0, abstain=0))
    one = act.filed(
        world.branch,
        world.users["secretary"],
        "general_meeting",
        held_on,
        entered_on=make.TODAY,
        part={"agenda": (item,)},
    )
    vote = one.agenda.get()
    assert (vote.entitled, vote.entitled_present) == (7, 7)  # eight on the roster of that day, one of them probationary
    rows = dict(one.sitting.attendances.values_list("person", "can_vote"))
    assert rows[people["probationary"].pk] is False
    assert rows[people["third"].pk] is True
    assert rows[people["second"].pk] is True
    assert newcomer.pk not in rows


def test_more_votes_than_there_were_entitled_people_are_refused(world) -> None:
    item = Item(title="表决", count=Count(in_favour=8, against=0, abstain=0))  # eight came, one of them probationary
    with pytest.raises(Exception, match="7"):
        act.filed(world.branch, world.users["secretary"], "general_meeting", part={"agenda": (item,)})
    assert not Activity.objects.filter(state=Activity.State.FILED).exists()


# --- 14: "absent, sick" written by a night job -----------------------------------------------------------------------------


def run_every_job_of_the_clock() -> None:
    celery.loader.import_default_modules()
    for entry in celery.conf.beat_schedule.values():
        celery.tasks[entry["task"]].apply(throw=True)


def test_no_job_writes_who_came_or_that_a_meeting_was_held(world, monkeypatch) -> None:
    by, yesterday = world.users["secretary"], make.TODAY - timedelta(days=1)
    guests = tuple(world.people[role] for role in ("member", "second", "third"))
    sitting = act.planned(world.branch, by, "general_meeting", yesterday, invite=guests, now=act.at(yesterday))
    services.invitation_answer(
        sitting=sitting,
        person=guests[0],
        by=world.users["member"],
        now=act.at(yesterday),
        answer="cannot",
        ground="sick",
    )
    only_three = tuple(Mark(person=world.people[role], status="present") for role in ("secretary", "member", "second"))
    filed = act.filed(world.branch, by, "theme_day", yesterday, marks=only_three)
    for days in (0, 1, 40):
        clock(monkeypatch, make.TODAY + timedelta(days=days))
        run_every_job_of_the_clock()
    assert not Attendance.objects.filter(sitting=sitting).exists()
    planned = sitting.activities.get()
    assert (planned.state, planned.versions.count()) == ("scheduled", 0)
    rows = Attendance.objects.filter(sitting=filed.sitting)
    assert set(rows.values_list("person", "status")) == {(mark.person.pk, "present") for mark in only_three}
    assert period(world.branch, "general_meeting", JANUARY).done == 0


def test_whoever_was_not_marked_stays_unknown(world) -> None:
    marks = (
        Mark(person=world.people["secretary"], status="present"),
        Mark(person=world.people["discipline"], status="absent"),
    )
    one = act.filed(world.branch, world.users["secretary"], "committee_meeting", marks=marks)
    rows = dict(one.sitting.attendances.values_list("person", "status"))
    assert rows == {world.people["secretary"].pk: "present", world.people["discipline"].pk: "absent"}
    snapshot = one.versions.get().snapshot["people"]
    assert {row["id"] for row in snapshot} == set(rows)


# --- 11: an import that guesses --------------------------------------------------------------------------------------------


def test_an_import_asks_and_never_guesses(world, client_of) -> None:
    """Eleven rows, two of them beyond doubt; the others could each be read in two ways, or are of somebody else."""
    page, before = client_of("secretary"), roster_of(world)
    make.member(world.branch, "褚兰")
    make.member(world.branch, "褚兰")
    number = fake_id(date(1980, 1, 1), "male", 7)
    elsewhere = branches.person_create(organization=world.other_branch, name="赵行", id_number=number, by=None)
    without_number = {"身份证号": ""}
    doubtful = {
        "褚兰": without_number,  # two of that name, nothing tells which
        "王建国": without_number,  # on the roster, perhaps another person
        "韩知行": {"身份证号": fake_id(date(1985, 5, 6), "male", 8)[:15] + "000"},  # a spreadsheet ate the last digits
        "钱若水": {"身份证号": number},  # stands on another roster
        "孙明月": {"入党时间": "05/06/11"},  # which of the three is the year?
        "周怀瑾": {"入党时间": "2010.02.30"},  # no such day
        "吴思齐": {"人员类别": "党员", "转正时间": ""},  # full or probationary?
        "郑言": {"身份证号": fake_id(date(1985, 5, 6), "male", 9), "性别": "女"},  # the number says a man
        "冯致远": {"所在党支部": "二车间党支部"},  # of another branch?
    }
    rows = [roster_row(name, date(1985, 5, 6), n, **cells) for n, (name, cells) in enumerate(doubtful.items(), 20)]
    rows += [roster_row("钱知行", n=40), roster_row("李远", date(1990, 3, 4), 41)]
    upload = SimpleUploadedFile("roster.xlsx", roster(rows))
    answer = page.post(f"/b/{world.branch.public_id}/members/import/", {"file": upload}, follow=True)
    batch = ImportBatch.objects.get()
    shown = answer.content.decode()
    assert [name for name in doubtful if name not in shown] == []
    assert elsewhere.name not in shown
    assert "二车间" not in shown.replace("二车间党支部", "")  # only what the file itself says
    assert roster_of(world) == before | {("褚兰", "一车间")}
    assert (batch.created, batch.updated) == (2, 0)
    url = f"/b/{world.branch.public_id}/members/import/{batch.public_id}/confirm/"
    page.post(url, {"action": "import", "digest": batch.digest})
    assert roster_of(world) == before | {("褚兰", "一车间"), ("钱知行", "一车间"), ("李远", "一车间")}
    assert Person.objects.filter(name__in=doubtful).count() == 3  # those who were there: two 褚兰, one 王建国


def roster_of(world) -> set[tuple[str, str]]:
    rows = Membership.objects.filter(ends_before=None)
    return set(rows.values_list("person__name", "organization__short_name"))
