"""The first steps of a new branch on its secretary's home page."""

from datetime import date

import pytest

from apps.branches.models import Organization, Post
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.world import World

ROSTER, COMMITTEE = "No members yet: import the roster", "No committee members entered yet"


@pytest.fixture
def new(world: World) -> Organization:
    """A branch set up today whose secretary is entered by post alone."""
    branch = make.organization(world.general_branch, name="三车间党支部")
    make.post(world.people["secretary"], "branch_secretary", at=branch)
    return branch


def home(client_of, organization: Organization, role: str = "secretary") -> str:
    return client_of(role).get(f"/b/{organization.public_id}/").content.decode()


def test_an_empty_branch_is_led_to_the_import_until_somebody_is_entered(world: World, client_of, new) -> None:
    page = home(client_of, new)
    assert ROSTER in page
    assert f'href="/b/{new.public_id}/members/import/"' in page
    assert ROSTER not in home(client_of, world.branch)
    make.member(new, "新人", is_hosted=True)
    assert ROSTER not in home(client_of, new)


@pytest.mark.parametrize(("members", "asked"), [(6, False), (7, True)])
def test_from_seven_full_members_on_the_committee_is_asked_for(client_of, new, members: int, asked: bool) -> None:
    someone = [make.member(new, f"新人{chr(0x4E00 + number)}") for number in range(members)]
    assert (COMMITTEE in home(client_of, new)) is asked
    make.post(someone[0], "organization_member", at=new)
    assert COMMITTEE not in home(client_of, new)


def test_only_who_leads_it_is_asked(world: World, client_of, new) -> None:
    make.post(world.people["committee_member"], "organization_member", at=new)
    assert ROSTER not in home(client_of, new, "committee_member")


def test_a_dissolved_branch_asks_for_nothing(client_of, new) -> None:
    Organization.objects.filter(pk=new.pk).update(dissolved_on=date(2026, 3, 1))
    assert ROSTER not in home(client_of, new)
    assert Post.objects.on(TODAY).filter(organization=new).exists()
