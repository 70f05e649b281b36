"""Who hears it, as a table over who holds a post and has an account."""

from datetime import date

import pytest

from apps.branches import services, structure
from apps.branches.models import Membership, Post
from apps.reminders.models import Reminder
from apps.reminders.recipients import resolve
from tests.factories import branches as make
from tests.factories.branches import TODAY

pytestmark = pytest.mark.django_db
NAMES = ("secretary", "deputy", "organization", "leader", "member", "staff", "upper")


@pytest.fixture
def place(db):
    """A branch with everybody, none of whom has an account yet."""
    top = make.organization(kind="committee", name="委员会")
    general = make.organization(top, kind="general_branch", name="总支")
    branch = make.organization(general, name="一支部")
    group = services.group_create(organization=branch, name="第一小组", starts_on=make.SINCE, by=None)
    people = {name: make.member(branch, group=group) for name in NAMES[:5]}
    make.post(people["secretary"], "branch_secretary")
    make.post(people["deputy"], "deputy_secretary")
    make.post(people["organization"], "organization_member")
    make.post(people["leader"], "group_leader", group=group)
    people["staff"], people["upper"] = make.person(general), make.person(top)
    make.post(people["staff"], "affairs_worker")
    make.post(people["upper"], "affairs_worker")
    return branch, group, people


def heard(place, party: str, accounts: str, *, overdue: bool = False, today: date = TODAY) -> dict[str, str]:
    branch, group, people = place
    for name in accounts.split():
        make.account(people[name])
    party_of = {
        "branch": {"organization": branch},
        "group": {"group": group},
        "member": {"person": people["member"]},
        "committee": {"organization": branch.parent},
    }[party]
    one = Reminder.objects.create(
        source="duty", source_id=1, step="overdue", branch=branch, path=branch.path, step_on=today, **party_of
    )
    told = resolve([one], today, {one.pk} if overdue else set())
    names = {person.pk: name for name, person in people.items()}
    return {names[person]: str(reason) for person, reason in told[one.pk]}


@pytest.mark.parametrize(
    ("party", "accounts", "expected"),
    [
        ("branch", "secretary deputy organization staff", {"secretary": "post"}),
        ("branch", "deputy organization staff", {"deputy": "stand_in"}),
        ("branch", "organization leader member staff", {"organization": "stand_in"}),
        ("branch", "leader member staff upper", {"staff": "vacant"}),
        ("branch", "leader member upper", {"upper": "vacant"}),  # no account at the nearer level
        ("branch", "leader member", {}),
        ("group", "leader secretary", {"leader": "post"}),
        ("group", "secretary member", {"secretary": "stand_in"}),
        ("member", "member secretary", {"member": "own"}),
        ("member", "secretary", {"secretary": "no_account"}),  # a line on the secretary's list
        ("member", "staff", {"staff": "no_account"}),
        ("committee", "staff upper secretary", {"staff": "post"}),
        ("committee", "upper", {}),
    ],
)
def test_who_hears_it(place, party, accounts, expected):
    assert heard(place, party, accounts) == expected


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        ("leader secretary", {"leader": "post", "secretary": "overdue"}),
        ("leader deputy", {"leader": "post", "deputy": "overdue"}),
        ("secretary", {"secretary": "stand_in"}),
    ],
)
def test_once_a_group_is_overdue_the_secretary_hears_too(place, accounts, expected):
    assert heard(place, "group", accounts, overdue=True) == expected


def test_a_secretary_who_leads_the_group_hears_once(place):
    _branch, group, people = place
    make.post(people["secretary"], "group_leader", group=group)
    assert heard(place, "group", "secretary", overdue=True) == {"secretary": "post"}


def test_the_post_of_the_day_decides(place):
    """The deputy follows as secretary on 20 March: until then the one in office hears it."""
    branch, _group, people = place
    post = Post.objects.get(kind="branch_secretary")
    Post.objects.filter(pk=post.pk).update(ends_before=date(2026, 3, 20))
    Post.objects.create(
        person=people["deputy"], organization=branch, kind="branch_secretary", starts_on=date(2026, 3, 20)
    )
    assert heard(place, "branch", "secretary deputy", today=date(2026, 3, 19)) == {"secretary": "post"}
    Reminder.objects.all().delete()
    assert heard(place, "branch", "", today=date(2026, 3, 20)) == {"deputy": "post"}


def test_an_acting_secretary_stands_in(place):
    _branch, _group, people = place
    Post.objects.filter(kind="branch_secretary").delete()
    make.post(people["member"], "acting_secretary")
    assert heard(place, "branch", "member deputy") == {"member": "stand_in"}


def test_a_closed_account_is_none(place):
    _branch, _group, people = place
    make.account(people["secretary"], is_active=False)
    assert heard(place, "branch", "deputy") == {"deputy": "stand_in"}


def test_a_branch_that_moved_is_helped_from_its_new_place(place):
    """The path a reminder was written with is no permission: the current one decides."""
    branch, _group, people = place
    other = make.organization(branch.parent.parent, kind="general_branch", name="新总支")
    worker = make.person(other)
    people["new"] = worker
    make.post(worker, "affairs_worker")
    old = branch.path
    admin = make.account(is_administrator=True)
    structure.organization_move(organization=branch, parent=other, by=admin, version=branch.version)
    branch.path = old
    assert heard(place, "branch", "staff new") == {"new": "vacant"}


def test_questions_do_not_grow_with_the_rows(place, django_assert_num_queries):
    branch, _group, people = place
    make.account(people["secretary"])
    rows = [
        Reminder(pk=n, source="duty", source_id=n, branch=branch, path=branch.path, person=person)
        for n, person in enumerate(people.values())
    ]
    with django_assert_num_queries(4):
        resolve(rows, TODAY, set())
    assert Membership.objects.count() == 5
