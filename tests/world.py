"""The same few people everywhere: a committee, a general branch, two branches, and everyone who matters in them."""

from dataclasses import dataclass, field

from apps.accounts.models import User
from apps.branches import services
from apps.branches.models import Organization, PartyGroup, Person
from tests.factories import branches as make

ROLES = (
    "anonymous", "member", "group_leader", "committee_member", "secretary", "other_secretary", "affairs_worker",
    "upper_worker", "administrator",
)  # fmt: skip


@dataclass
class World:
    """`users` by role (anonymous is None). The affairs worker is nearest to both branches, the upper worker one above."""

    committee: Organization
    general_branch: Organization
    branch: Organization
    other_branch: Organization
    group: PartyGroup
    people: dict[str, Person] = field(default_factory=dict)
    users: dict[str, User | None] = field(default_factory=dict)


def build() -> World:
    """Eight members in the branch (one probationary, two groups), three in the other."""
    committee = make.organization(kind="committee", name="北辰机床厂委员会")
    general = make.organization(committee, kind="general_branch", name="制造党总支")
    branch = make.organization(
        general, name="一车间党支部", short_name="一车间", usual_place="党员活动室101", theme_day=5
    )
    other = make.organization(general, name="二车间党支部", short_name="二车间")
    groups = [
        services.group_create(organization=branch, name=name, starts_on=make.SINCE, by=None)
        for name in ("第一小组", "第二小组")
    ]
    world = World(committee, general, branch, other, groups[0])
    roles = ["secretary", "committee_member", "discipline", "group_leader", "member", "second", "third", "probationary"]
    for place, (role, name) in enumerate(zip(roles, make.NAMES, strict=False)):
        category = "probationary_member" if role == "probationary" else "full_member"
        world.people[role] = make.member(branch, name, category=category, group=groups[place % 2])
    make.post(world.people["secretary"], "branch_secretary")
    make.post(world.people["committee_member"], "organization_member")
    make.post(world.people["discipline"], "discipline_member")
    make.post(world.people["group_leader"], "group_leader", group=groups[1])
    for role, name in zip(("other_secretary", "other_member", "other_third"), make.NAMES[8:], strict=False):
        world.people[role] = make.member(other, name)
    make.post(world.people["other_secretary"], "branch_secretary")
    for role, at, name in (("affairs_worker", general, "卫东"), ("upper_worker", committee, "蒋欣")):
        world.people[role] = make.person(at, name)
        make.post(world.people[role], "affairs_worker")
    for role in ROLES[1:-1]:
        world.users[role] = make.account(world.people[role], username=role)
    world.users["administrator"] = make.account(username="administrator", is_administrator=True)
    world.users["anonymous"] = None
    return world
