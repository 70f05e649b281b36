"""Organizations, people, posts and accounts of the demonstration, relative to today."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password

from apps.accounts.models import User
from apps.branches import services
from apps.branches.models import Membership, Organization, PartyGroup, Person, Post
from apps.demo.accounts import ACCOUNTS, ADMINISTRATOR, PASSWORD
from apps.demo.shapes import COMMITTEE, COMMITTEE_SHORT, GENERAL_BRANCH, SHAPES, STAFF, Shape

POSTS = {
    "书记": Post.Kind.SECRETARY,
    "副书记": Post.Kind.DEPUTY,
    "组织委员": Post.Kind.ORGANIZATION_MEMBER,
    "宣传委员": Post.Kind.PUBLICITY_MEMBER,
    "纪检委员": Post.Kind.DISCIPLINE_MEMBER,
    "组长": Post.Kind.GROUP_LEADER,
}
EDUCATION = ["大学", "大专", "中专", "普通高中", "硕士研究生"]
WORK = [
    "数控车工",
    "装配钳工",
    "设备点检员",
    "质量检验员",
    "工艺技术员",
    "生产调度员",
    "电气维修工",
    "仓库保管员",
    "班组长",
]


@dataclass
class Branch:
    """A branch of the demonstration with its people in the order of the shape."""

    shape: Shape
    organization: Organization
    people: list[Person] = field(default_factory=list)
    groups: list[PartyGroup] = field(default_factory=list)


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months back."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)


def identity_number(born: date, is_male: bool, serial: int) -> str:
    """18 digits with a right check digit and the region code 990000, which does not exist."""
    body = f"990000{born:%Y%m%d}{serial % 500:02d}{serial % 5 * 2 + (1 if is_male else 0)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


class People:
    """Builds everything once; `random` is fixed so that every demonstration is the same but for its dates."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.random = Random("beichen")  # noqa: S311 - believable, not secret
        self.serial = 0
        self.password = make_password(PASSWORD)
        self.by_name: dict[str, Person] = {}

    def build(self) -> list[Branch]:
        committee = self.organization(None, "committee", COMMITTEE, short_name=COMMITTEE_SHORT, founded_years_ago=30)
        general = self.organization(
            committee, "general_branch", GENERAL_BRANCH, short_name=GENERAL_BRANCH, founded_years_ago=18
        )
        levels = {"committee": committee, "general_branch": general}
        for level, name in STAFF.items():
            worker = self.person(levels[level], name, retired=False)
            self.post(worker, levels[level], Post.Kind.AFFAIRS_WORKER, months_before(self.today, 40))
        branches = [self.branch(levels[shape.below], shape) for shape in SHAPES]
        self.accounts(branches)
        return branches

    def organization(
        self, parent: Organization | None, kind: str, name: str, founded_years_ago: int, **fields: object
    ) -> Organization:
        founded = months_before(self.today, founded_years_ago * 12 + 3)
        return services.organization_create(
            by=None, today=self.today, parent=parent, kind=kind, name=name, founded_on=founded,
            **{"tracked_from": months_before(self.today, 24), **fields},
        )  # fmt: skip

    def branch(self, parent: Organization, shape: Shape) -> Branch:
        term_began = months_before(self.today, shape.term_started_months_ago)
        organization = self.organization(
            parent, "branch", shape.name, shape.founded_years_ago, short_name=shape.short, branch_type=shape.branch_type,
            usual_place=shape.place, theme_day=shape.theme_day, term_started_on=term_began,
            election_due_on=term_began.replace(year=term_began.year + 3),
            tracked_from=months_before(self.today, shape.tracked_months),
        )  # fmt: skip
        since = months_before(self.today, shape.tracked_months + 6)
        made = Branch(shape, organization)
        for name in shape.groups:
            made.groups.append(services.group_create(organization=organization, name=name, starts_on=since, by=None))
        leaders = iter(made.groups)
        for place, entry in enumerate(shape.people.split()):
            name, _, title = entry.partition("/")
            person = self.person(
                organization, name, retired=shape.short == "离退休", probationary=name in shape.probationary
            )
            made.people.append(person)
            group = made.groups[place % len(made.groups)] if made.groups else None
            if POSTS.get(title) == Post.Kind.GROUP_LEADER:
                group = next(leaders)
            self.membership(person, made, group, since)
            if title:
                lead = group if POSTS[title] == Post.Kind.GROUP_LEADER else None
                self.post(person, organization, POSTS[title], since, group=lead)
        return made

    def person(self, at: Organization, name: str, *, retired: bool, probationary: bool = False) -> Person:
        self.serial += 1
        random = self.random
        male = random.random() < 0.6
        age = random.randint(61, 78) if retired else random.randint(24, 34) if probationary else random.randint(29, 57)
        born = date(self.today.year - age, random.randint(1, 12), random.randint(1, 28))
        admitted = date(
            born.year + min(age - 2, random.randint(22, 28)), random.choice([6, 7, 12]), random.randint(1, 28)
        )
        if probationary:
            admitted = months_before(self.today, 7).replace(day=18)
        person = services.person_create(
            organization=at, name=name, by=None, id_number=identity_number(born, male, self.serial), sex="male" if male else "female",
            ethnicity="汉族" if random.random() < 0.94 else random.choice(["满族", "回族", "壮族"]), born_on=born,
            education=random.choice(EDUCATION), work_post="退休" if retired else random.choice(WORK),
            mobile_phone=f"1380000{self.serial:04d}", admitted_on=admitted,
            full_member_on=None if probationary else admitted.replace(year=admitted.year + 1),
            works_since=date(born.year + 21, 8, 1), native_place=random.choice(["北辰市清河区", "北辰市东山县", "北辰市南湖区"]),
        )  # fmt: skip
        self.by_name[name] = person
        return person

    def membership(self, person: Person, made: Branch, group: PartyGroup | None, since: date) -> None:
        shape, fields = made.shape, {}
        if person.name in shape.mobile:
            fields = {"is_mobile": True, "mobile_to": shape.mobile[person.name]}
        probationary = person.name in shape.probationary
        category = Membership.Category.PROBATIONARY if probationary else Membership.Category.FULL
        services.membership_start(
            person=person, organization=made.organization, category=category, group=group, by=None,
            starts_on=max(since, person.admitted_on) if probationary else since, **fields,
        )  # fmt: skip

    def post(self, person: Person, at: Organization, kind: str, since: date, group: PartyGroup | None = None) -> None:
        services.post_start(
            person=person, organization=at, kind=kind, starts_on=since, by=None, today=self.today, group=group
        )

    def accounts(self, branches: list[Branch]) -> None:
        """The printed sign-ins, and waiting accounts for the rest of the branches whose members all use the software."""
        for username, name, _label in ACCOUNTS:
            self.account(self.by_name[name], username, self.password)
        admin, _label = ADMINISTRATOR
        User.objects.create(username=admin, password=self.password, is_administrator=True)
        for branch in branches:
            if branch.shape.accounts_for_all:
                for person in branch.people:
                    if person.user_id is None:
                        self.account(person, f"demo{person.pk:03d}", make_password(None))

    @staticmethod
    def account(person: Person, username: str, password: str) -> None:
        person.user = User.objects.create(username=username, password=password)
        person.save(update_fields=["user"])
