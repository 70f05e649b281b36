"""Every page that the access tables let somebody read, and the demonstration's, in both languages and in the largest text."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.branches.models import Organization, Person
from apps.demo.seed import seed
from apps.duties.models import DutyPeriod
from tests.access import Row
from tests.e2e import page_checks as check
from tests.e2e.conftest import DESKTOP, PHONE
from tests.factories.branches import TODAY
from tests.test_access import rows
from tests.world import ROLES, World

pytestmark = pytest.mark.e2e
KILOBYTES = 150
# Who has most to look at comes first.
EYES = (
    "secretary",
    "affairs_worker",
    "committee_member",
    "administrator",
    "upper_worker",
    "group_leader",
    "member",
    "anonymous",
)


@dataclass(frozen=True)
class Visit:
    name: str
    role: str
    path: str


def of_the_access_tables(world: World) -> Iterator[Visit]:
    """One visit for each row that somebody may read, and home for everyone, if the answer is a whole page."""
    made: dict[Callable, list] = {}
    for name, several in rows().items():
        for row in several:
            readers = [role for role in EYES if row.method == "get" and row.answers[ROLES.index(role)] == 200]
            if not readers:
                continue
            if row.args not in made:
                made[row.args] = row.args(world)
            path = reverse(name, args=made[row.args]) + row.query
            steps = [f"?step={step}" for step in (2, 3, 4)] if name == "activities:log-edit" else []
            for role in readers if name == "core:home" else readers[:1]:
                if is_page(world, role, path):
                    yield from (Visit(name, role, path + step) for step in ("", *steps))


def is_page(world: World, role: str, path: str) -> bool:
    client = Client()
    if user := world.users[role]:
        client.force_login(user)
    answer = client.get(path)
    return answer["Content-Type"].startswith("text/html") and not answer.streaming and b"<html" in answer.content


def of_the_demonstration(world: World) -> Iterator[Visit]:
    """What two years of records look like to five people of different posts."""
    Organization.objects.filter(pk=world.committee.pk).update(name="东山机床厂委员会")  # both works are called Beichen
    seed(TODAY)
    branch, general = (
        Organization.objects.filter(name=name).latest("pk") for name in ("机床厂一车间党支部", "制造党总支")
    )
    for username in ("lifang", "hewei", "zhoumin", "wangjianguo", "tangli", "dongbin"):
        world.users[username] = User.objects.get(username=username)
        yield Visit("home", username, "/")
    record = branch.activities.filter(state="filed", kind__slug="general_meeting").latest("held_on")
    late, done = (
        DutyPeriod.objects.filter(organization=branch, done__gt=0, late=late).latest("starts_on") for late in (1, 0)
    )
    at, person = f"/b/{branch.public_id}/", Person.objects.get(name="张强", organization=branch)
    for part in ("members/", f"members/{person.public_id}/", "meetings/", f"meetings/{record.public_id}/", "schedule/", "duties/",
                 "duties/?year=2025&month=3", f"duties/{done.pk}/", f"duties/{late.pk}/", "duties/rules/", "organization/",
                 "accounts/", "log/"):  # fmt: skip
        yield Visit(part, "lifang", at + part)
    for part in ("organization/", "duties/branches/", "duties/branches/?duty=theme_day", "duties/rules/", "quality/", "coming/",
                 "participation/", "liaisons/"):  # fmt: skip
        yield Visit(part, "hewei", f"/b/{general.public_id}/{part}")
    for part in ("handover/", "handover/change/", "participation/"):
        yield Visit(part, "hewei", at + part)
    for path in ("/organizations/", at + "duties/"):
        yield Visit(path, "zhoumin", path)
    for path in ("/me/record/", "/schedule/", f"{at}meetings/"):
        yield Visit(path, "wangjianguo", path)


@pytest.fixture
def visits(world: World) -> dict[str, list[Visit]]:
    """By role."""
    found = defaultdict(list)
    for visit in (*of_the_access_tables(world), *of_the_demonstration(world)):
        found[visit.role].append(visit)
    return found


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP)], ids=["zh", "en"])
def test_every_page(language, size, visits, browse, subtests, capsys):
    stored = check.everything_stored()
    heaviest = (0, "")
    for role, several in visits.items():
        with subtests.test(role), browse(role, language, size) as page:
            for visit in several:
                with subtests.test(f"{role} {visit.path}"):
                    faults = look_at(page, visit, language, size, stored)
                    heaviest = max(heaviest, (check.weight(page) // 1024, visit.path))
                    assert faults == {}
    with capsys.disabled():
        print(f"\n{language}: {sum(map(len, visits.values()))} pages, the heaviest {heaviest[0]} KB ({heaviest[1]})")
    assert heaviest[0] <= KILOBYTES


def look_at(page: Any, visit: Visit, language: str, size: dict, stored: str) -> dict[str, Any]:
    page.set_viewport_size(size)
    assert page.goto(visit.path).status == 200
    found = {"axe": check.axe(page)}
    found["words"] = check.english_on(page) if language == "zh-hans" else check.chinese_on(page, stored)
    check.largest_on_the_narrowest(page)
    found["too wide"] = check.too_wide(page)
    found["axe in large text"] = check.axe(page)
    return {name: faults for name, faults in found.items() if faults}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_that_is_not_there(language, browse):
    with browse("secretary", language, PHONE, expected=("status of 404",)) as page:
        assert page.goto("/b/nothing/members/").status == 404
        assert check.axe(page) == []
        check.largest_on_the_narrowest(page)
        assert check.too_wide(page) == []


def test_every_row_is_looked_at_by_somebody():
    """A page that only a role outside EYES reads would be left out above."""
    assert all(isinstance(row, Row) for several in rows().values() for row in several)
    assert set(EYES) | {"other_secretary"} == set(ROLES)
