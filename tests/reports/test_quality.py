"""What is missing is listed with the page that mends it, and only to the staff who answer for it."""

from datetime import date

import pytest
from django.urls import reverse

from apps.branches import services
from apps.branches.models import Membership, Organization, Person, Post
from apps.reports.desk import quality, views
from tests.factories import branches as make
from tests.factories.branches import TODAY

SOUND = {"founded_on": date(2010, 5, 1), "election_due_on": date(2027, 5, 1)}


@pytest.fixture
def sound(world):
    """Nothing is missing anywhere."""
    Organization.objects.update(**SOUND)
    return world


def url(world, at="general_branch"):
    return reverse("reports:quality-list", args=[getattr(world, at).public_id])


def faults(world, fault=""):
    lines, _next = quality.organizations(world.general_branch, TODAY, fault, size=50)
    return {(str(line.organization), words) for line in lines for words, _url in line.faults}


def test_nothing_is_missing(sound, client_of) -> None:
    page = client_of("affairs_worker").get(url(sound))
    assert (page.context["lines"], page.context["doubles"], page.context["unplaced"]) == ([], [], [])


def vacant(world):
    services.post_end(post=Post.objects.get(organization=world.other_branch), ends_before=TODAY, by=None, today=TODAY)


def without_account(world):
    Person.objects.filter(pk=world.people["other_secretary"].pk).update(user=None)


def not_activated(world):
    user = world.users["other_secretary"]
    user.set_unusable_password()
    user.save()


def closed(world):
    user = world.users["other_secretary"]
    user.is_active = False
    user.save()


def left(world):
    Membership.objects.filter(organization=world.other_branch).update(ends_before=TODAY)


def other(**fields):
    return lambda world: Organization.objects.filter(pk=world.other_branch.pk).update(**fields)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (vacant, "no_secretary"),
        (without_account, "no_account"),
        (not_activated, "no_account"),
        (closed, "no_account"),
        (left, "no_members"),
        (other(election_due_on=date(2026, 3, 17)), "term_over"),
        (other(election_due_on=None), "no_term"),
        (other(founded_on=None), "no_founding"),
    ],
)
def test_each_gap_is_found_and_leads_to_where_it_is_put_right(sound, client_of, spoil, fault) -> None:
    spoil(sound)
    assert faults(sound) == faults(sound, fault) == {("二车间", str(quality.Fault(fault).label))}
    client = client_of("affairs_worker")
    (line,) = client.get(url(sound) + f"?what={fault}").context["lines"]
    assert client.get(line.faults[0][1]).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [{"election_due_on": TODAY}, {"branch_type": "temporary", "election_due_on": date(2020, 1, 1)}, {"dissolved_on": TODAY,
     "founded_on": None}],
)  # fmt: skip
def test_what_is_no_gap(sound, fields) -> None:
    other(**fields)(sound)
    assert faults(sound) == set()


def test_an_acting_secretary_fills_the_gap(sound) -> None:
    vacant(sound)
    make.post(sound.people["other_secretary"], "acting_secretary", starts_on=TODAY)
    assert faults(sound) == set()


def test_the_same_name_born_in_the_same_month(sound, client_of) -> None:
    born = {"born_on": date(1990, 5, 3)}
    here, there = (
        make.person(sound.branch, "王小明", **born),
        make.person(sound.other_branch, "王小明", born_on=date(1990, 5, 28)),
    )
    make.person(sound.other_branch, "王小明", born_on=date(1990, 6, 3))
    make.person(sound.branch, "李小明", **born)
    page = client_of("affairs_worker").get(url(sound))
    assert [row.pk for row in page.context["doubles"]] == [here.pk, there.pk]
    assert client_of("affairs_worker").get(
        reverse("members:person-detail", args=[sound.branch.public_id, here.public_id])
    ).status_code == 200  # fmt: skip


def test_people_of_branches_with_nearer_staff_are_not_shown(sound, client_of) -> None:
    for branch in (sound.branch, sound.other_branch):
        make.person(branch, "王小明", born_on=date(1990, 5, 3))
    page = client_of("upper_worker").get(url(sound, "committee"))
    assert (page.context["doubles"], page.context["unplaced"], page.context["lines"]) == ([], [], [])
    assert "王小明" not in page.content.decode()


def test_branches_of_a_level_without_staff_are(sound, client_of) -> None:
    post = Post.objects.get(organization=sound.general_branch)
    services.post_end(post=post, ends_before=TODAY, by=None, today=TODAY)
    vacant(sound)
    page = client_of("upper_worker").get(url(sound, "committee"))
    assert [str(line.organization) for line in page.context["lines"]] == ["二车间"]


def test_people_in_the_books_who_are_nothing(sound, client_of) -> None:
    nobody = make.person(sound.branch, "王小明")
    make.person(sound.branch, "李小明", applied_on=date(2026, 1, 5))
    gone = make.member(sound.branch, "孙小明")
    Membership.objects.filter(person=gone).update(ends_before=TODAY)
    page = client_of("affairs_worker").get(url(sound))
    assert [row.pk for row in page.context["unplaced"]] == [nobody.pk]


def test_pages_in_the_order_of_the_tree(sound, client_of, monkeypatch) -> None:
    monkeypatch.setattr(views, "PAGE", 1)
    Organization.objects.filter(kind="branch").update(founded_on=None)
    client = client_of("affairs_worker")
    page = client.get(url(sound))
    again = client.get(page.context["next_url"])
    assert [str(one.context["lines"][0].organization) for one in (page, again)] == ["一车间", "二车间"]
    assert again.context["next_url"] == ""


@pytest.mark.parametrize("query", ["?what='", "?after=zzz", "?what=no_term&after=%00x"])
def test_a_strange_query_is_no_error(sound, client_of, query) -> None:
    assert client_of("affairs_worker").get(url(sound) + query).status_code == 200


@pytest.mark.parametrize("more", [0, 8])
def test_queries_do_not_grow(sound, client_of, query_baseline, more) -> None:
    for number in range(more):
        make.person(
            make.organization(sound.general_branch, name=f"第{number}党支部"), "王小明", born_on=date(1990, 5, 3)
        )
    client = client_of("affairs_worker")
    with query_baseline("reports:quality-list"):
        client.get(url(sound))
