"""One's own attendance on one's own record: filed meetings only, and on nobody else's page."""

from datetime import date

import pytest
from django.urls import reverse

from apps.branches.models import Person
from tests.factories import activities as make


@pytest.fixture
def meetings(world):
    secretary = world.users["secretary"]
    make.filed(world.branch, secretary, "general_meeting", date(2026, 2, 5))
    make.filed(world.branch, secretary, "party_lecture", date(2026, 3, 4), away={world.people["member"]: "absent"})
    make.filed(world.branch, secretary, "general_meeting", date(2024, 12, 30))
    make.draft(world.branch, secretary, "theme_day", held_on=date(2026, 3, 5))


def test_own_attendance(world, client_of, meetings):
    text = client_of("member").get(reverse("members:person-own")).content.decode()
    section = text.partition("My attendance")[2].partition("</section>")[0]
    assert [day for day in ("4 Mar 2026", "5 Feb 2026", "30 Dec 2024", "5 Mar 2026") if day in section] == [
        "4 Mar 2026",
        "5 Feb 2026",
    ]
    assert section.index("Absent") < section.index("Present")


def test_the_committee_reads_no_list_of_anybodys_attendance(world, client_of, meetings):
    person: Person = world.people["member"]
    page = client_of("secretary").get(reverse("members:person-detail", args=[world.branch.public_id, person.public_id]))
    assert "My attendance" not in page.content.decode()


def test_queries_do_not_grow_with_meetings(world, client_of, meetings, query_baseline):
    for day in (6, 13, 20):
        make.filed(world.branch, world.users["secretary"], "general_meeting", date(2026, 1, day))
    client = client_of("member")
    with query_baseline("members:person-own"):
        client.get(reverse("members:person-own"))
