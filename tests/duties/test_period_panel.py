"""What the panel of a period offers beyond the decisions: whom to talk with, and how to enter what was held long ago."""

from datetime import date

import pytest
from django.urls import reverse

from apps.duties import links
from apps.duties.services.laying_out import materialise
from tests.factories.branches import TODAY
from tests.factories.duties import file, period

pytestmark = pytest.mark.django_db
OWN_DATE = "Log it with its own date"


@pytest.fixture
def laid_out(world):
    materialise(today=TODAY)
    return world


def panel(client_of, role, row):
    url = reverse("duties:period-detail", args=[row.organization.public_id, row.pk])
    return client_of(role).get(url).content.decode()


@pytest.mark.parametrize(
    ("starts_on", "offered"), [(date(2025, 11, 1), True), (date(2025, 12, 1), True), (date(2026, 1, 1), False)]
)
def test_what_was_held_long_ago_can_be_logged_with_its_own_date(laid_out, client_of, starts_on, offered):
    row = period(laid_out.branch, "theme_day", starts_on)
    page = panel(client_of, "secretary", row)
    assert (OWN_DATE in page) is offered
    if offered:
        assert f"between 1 {starts_on:%b} 2025 and 3" in page
        assert links.log(row, TODAY).replace("&", "&amp;") in page
        assert client_of("secretary").get(links.log(row, TODAY)).status_code == 200
        file(laid_out.branch, "theme_day", starts_on.replace(day=9), filed_on=TODAY, counts_for=starts_on)
        row.refresh_from_db()
        assert (row.done, row.late) == (1, row.Late.RECORDED_LATE)
        assert OWN_DATE not in panel(client_of, "secretary", row)


def test_staff_do_not_log(laid_out, client_of):
    assert OWN_DATE not in panel(client_of, "affairs_worker", period(laid_out.branch, "theme_day", date(2025, 11, 1)))


def test_the_committee_reads_whom_nobody_has_talked_with(laid_out, client_of):
    people, row = laid_out.people, period(laid_out.branch, "talk", date(2026, 1, 1))
    file(laid_out.branch, "talk", date(2026, 2, 2), people=[people["secretary"], people["member"]])
    file(laid_out.branch, "talk", date(2026, 2, 3), people=[people["second"], people["third"]])  # none of the committee
    left = {person.name for role, person in people.items() if person.organization_id == laid_out.branch.pk}
    left -= {people["secretary"].name, people["member"].name}
    for role in ("secretary", "committee_member"):
        sentence = panel(client_of, role, row).split("Still without a talk: ")[1].split("<")[0]
        assert set(sentence.split(", ")) == left
    assert len(left) == 6
    for role in ("affairs_worker", "upper_worker"):
        page = panel(client_of, role, row)
        assert "Still without a talk" not in page
        assert people["third"].name not in page


def test_other_duties_name_nobody(laid_out, client_of):
    assert "Still without" not in panel(client_of, "secretary", period(laid_out.branch, "theme_day", date(2026, 2, 1)))


def test_the_names_are_one_query(laid_out, client_of, query_baseline):
    row, client = period(laid_out.branch, "talk", date(2026, 1, 1)), client_of("secretary")
    url = reverse("duties:period-detail", args=[row.organization.public_id, row.pk])
    with query_baseline("duties:period-detail-talk"):
        assert client.get(url).status_code == 200
