"""Who has talked with whom: the fact alone, for the committee; two taps note a talk."""

from datetime import date

import pytest
from django.urls import reverse

from apps.activities.coverage import coverage
from apps.activities.models import Activity, Attendance
from apps.activities.records import Mark
from tests.factories import activities as act
from tests.factories import branches as make
from tests.factories.branches import TODAY


def talked(world, day: date, *people, by: str = "secretary") -> Activity:
    marks = tuple(Mark(person=one, status="present") for one in people)
    return act.filed(world.branch, world.users[by], "talk", day, marks=marks)


def url(world, **query: str) -> str:
    return reverse("activities:talk-list", args=[world.branch.public_id]) + "".join(
        f"?{k}={v}" for k, v in query.items()
    )


def on(talks, *people):
    (day,) = [talk.on for talk in talks if {talk.one, talk.other} == set(people)]
    return day


@pytest.mark.parametrize(("days", "year", "last"), [
    ([], 2026, None),
    ([date(2026, 1, 1)], 2026, date(2026, 1, 1)),  # the first day counts
    ([date(2025, 12, 31)], 2026, None),  # the last of the year before does not
    ([date(2025, 12, 31)], 2025, date(2025, 12, 31)),
    ([date(2026, 3, 2), date(2026, 2, 1)], 2026, date(2026, 3, 2)),  # the last one stands
])  # fmt: skip
def test_the_last_day_of_the_year_stands(world, days, year, last):
    a, b = world.people["secretary"], world.people["committee_member"]
    for day in days:
        talked(world, day, a, b)
    assert on(coverage(world.branch, year, TODAY).committee, a, b) == last


def test_three_together_talked_each_with_each(world):
    a, b, c = (world.people[one] for one in ("secretary", "committee_member", "member"))
    talked(world, date(2026, 3, 2), a, b, c)
    found = coverage(world.branch, 2026, TODAY)
    assert on(found.committee, a, b) == date(2026, 3, 2)
    (line,) = [one for one in found.members if one.person == c]
    assert {talk.one for talk in line.talks} == {a, b}


def test_what_is_withdrawn_or_elsewhere_does_not_count(world):
    a, b = world.people["secretary"], world.people["committee_member"]
    one = talked(world, date(2026, 3, 2), a, b)
    Attendance.objects.filter(sitting=one.sitting, person=b).update(status="absent")
    assert on(coverage(world.branch, 2026, TODAY).committee, a, b) is None


def test_missing_counts_pairs_and_members_nobody_talked_with(world):
    found = coverage(world.branch, 2026, TODAY)
    assert found.missing == len(found.committee) + len(found.members)
    talked(world, TODAY, world.people["secretary"], world.people["member"])
    assert coverage(world.branch, 2026, TODAY).missing == found.missing - 1


def test_two_taps_note_a_talk(world, client_of):
    client, me, other = client_of("secretary"), world.people["secretary"], world.people["member"]
    page = client.get(url(world)).content.decode()
    assert f'name="people" value="{other.public_id}"' in page
    start = reverse("activities:log-start", args=[world.branch.public_id])
    sent = {"kind": "talk", "people": [me.public_id, other.public_id], "request_key": "k1"}
    response = client.post(start, sent)
    assert response.url.endswith("?step=4")
    page = client.get(response.url)
    assert me.name in page.content.decode()
    assert other.name in page.content.decode()
    draft = Activity.objects.get()
    assert draft.draft["people"] == [me.public_id, other.public_id]
    sent = {**draft.draft, "version": draft.version, "confirmed": page.context["log"].record.digest()}
    assert (
        client.post(reverse("activities:log-file", args=[world.branch.public_id, draft.public_id]), sent).status_code
        == 302
    )
    (line,) = [one for one in coverage(world.branch, 2026, TODAY).members if one.person == other]
    assert [(talk.one, talk.on) for talk in line.talks] == [(me, TODAY)]


def test_people_named_for_another_kind_are_not_taken(world, client_of):
    sent = {"kind": "general_meeting", "people": [world.people["member"].public_id], "request_key": "k2"}
    response = client_of("secretary").post(reverse("activities:log-start", args=[world.branch.public_id]), sent)
    assert "step=4" not in response.url
    assert "people" not in Activity.objects.get().draft


@pytest.mark.parametrize("year", ["", "2025", "1999", "2027", "20x5", "99999"])
def test_a_year_is_this_one_or_an_earlier_one(world, client_of, year):
    response = client_of("secretary").get(url(world, year=year))
    assert response.context["year"] == (2025 if year == "2025" else 2026)
    assert ('name="kind" value="talk"' in response.content.decode()) is (year != "2025")


@pytest.mark.parametrize("more", [0, 6])
def test_queries_do_not_grow(world, client_of, query_baseline, more):
    for number in range(more):
        one = make.member(world.branch, f"周{number}")
        talked(world, TODAY, world.people["secretary"], one)
    client = client_of("secretary")
    with query_baseline("activities:talk-list"):
        client.get(url(world))
