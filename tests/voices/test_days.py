"""Reception days and the table of days."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from apps.core.errors import RuleBroken
from apps.voices import terms
from apps.voices.models import ReceptionDay
from apps.voices.services.terms import terms_choose, terms_of
from tests.factories import voices as make
from tests.factories.branches import TODAY

pytestmark = pytest.mark.django_db


def test_a_visitor_sees_the_next_days_and_nothing_else(world, client_of):
    """信访工作条例 art. 18: time and place are published."""
    make.day(world)
    make.matter(world)
    page = client_of("anonymous").get(f"/visit/{world.branch.public_id}/").content.decode()
    assert "20 Mar" in page
    assert "14:00–16:00" in page
    assert "党员活动室101" in page
    names = [person.name for person in world.people.values()]
    assert not [name for name in (*names, make.WORDS) if name in page]
    assert client_of("anonymous").get(f"/visit/{world.other_branch.public_id}/").status_code == 404


def test_what_is_called_off_or_past_is_not_shown(world, client_of):
    day, later = make.day(world), make.day(world, TODAY + timedelta(days=9), place="厂门口值班室")
    client_of("secretary").post(reverse("voices:day-cancel", args=[world.branch.public_id, day.pk]))
    page = client_of("member").get(reverse("voices:day-list", args=[world.branch.public_id])).content.decode()
    assert "厂门口值班室" in page
    assert "党员活动室101" not in page
    ReceptionDay.objects.filter(pk=later.pk).update(held_on=TODAY - timedelta(days=1))
    page = client_of("anonymous").get(f"/visit/{world.branch.public_id}/").content.decode()
    assert "not fixed yet" in page


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"held_on": TODAY - timedelta(days=1)}, "from today on"),
        ({"held_on": TODAY + timedelta(days=367)}, "from today on"),
        ({"ends_at": time(14)}, "before it begins"),
        ({"ends_at": time(9)}, "before it begins"),
    ],
)
def test_days_that_cannot_be(world, fields, why):
    with pytest.raises(RuleBroken, match=why):
        make.day(world, **fields)


def test_published_once(world):
    make.day(world)
    with pytest.raises(RuleBroken, match="published already"):
        make.day(world)


def test_own_days_hold_below_and_for_what_comes_later(world):
    old = make.matter(world)
    terms_choose(organization=world.general_branch, by=world.users["affairs_worker"], chosen={terms.NOTICE: 7})
    assert terms_of(world.branch)[terms.NOTICE] == 7
    terms_choose(organization=world.branch, by=world.users["secretary"], chosen={terms.NOTICE: 10})
    assert terms_of(world.branch)[terms.NOTICE] == 10
    assert terms_of(world.other_branch)[terms.NOTICE] == 7
    old.refresh_from_db()
    assert old.due_on == TODAY + timedelta(days=15)  # what was promised is kept
    assert make.matter(world).due_on == TODAY + timedelta(days=10)


@pytest.mark.parametrize("value", [0, 16, 9999])
def test_nobody_may_be_slower_than_the_regulations(world, client_of, value):
    with pytest.raises(RuleBroken, match="from 1 to 15"):
        terms_choose(organization=world.branch, by=world.users["secretary"], chosen={terms.NOTICE: value})
    url = reverse("voices:terms-edit", args=[world.branch.public_id])
    typed = {key: term.default for key, term in terms.TERMS.items() if term.is_open} | {terms.NOTICE: value}
    assert client_of("secretary").post(url, typed).status_code == 422
    assert client_of("secretary").post(url, typed | {terms.NOTICE: 9}).status_code == 302
    assert terms_of(world.branch)[terms.NOTICE] == 9
