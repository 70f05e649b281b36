"""Two years of records with honest gaps, filed through the same services as real ones, only with the clock of their day."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from apps.activities import services
from apps.activities.expected import board
from apps.activities.models import ActivityKind, Attendance
from apps.activities.records import Count, Item, Mark, Part, Record, Task
from apps.branches.models import PartyGroup, Person, Post
from apps.branches.reach import reach_of
from apps.demo.people import Branch, months_before
from apps.demo.topics import COMMITTEE, GENERAL, GROUP, LECTURES, LIFE, THEME, Topic

GROUNDS = ["business", "business", "private", "sick", "study"]


def month_starts(first: date, last: date) -> Iterator[date]:
    day = first.replace(day=1)
    while day <= last:
        yield day
        day = months_before(day, -1)


def day_in(month: date, number: int) -> date:
    return month.replace(day=min(number, monthrange(month.year, month.month)[1]))


class Records:
    """The records of one branch. Its own random numbers, so that a change in one branch leaves the others as they were."""

    def __init__(self, branch: Branch, today: date) -> None:
        self.branch, self.today = branch, today
        self.random = Random(branch.shape.name)  # noqa: S311 - believable, not secret
        self.kinds = {kind.slug: kind for kind in ActivityKind.objects.all()}
        posts = {post.kind: post.person for post in Post.objects.filter(organization=branch.organization)}
        self.chair: Person = posts.get(Post.Kind.SECRETARY) or posts[Post.Kind.DEPUTY]
        self.writer: Person = posts.get(Post.Kind.ORGANIZATION_MEMBER, self.chair)
        self.user = self.chair.user
        self.user.reach = reach_of(self.user, today)
        self.has_committee = len(posts) > 2

    def build(self) -> None:
        for month in month_starts(self.branch.organization.tracked_from, self.today):
            if self.has_committee:
                self.committee(month)
            for group in self.branch.groups:
                self.group(month, group)
            self.theme_day(month)
            if month.month % 3 == 2:
                self.general(month)
            if month.month == 1:
                self.life_meeting(month)
                self.paper("year_plan", month, 15)
            if month.month == 12:
                self.paper("year_summary", month, 26)
            self.talks(month)
        self.ahead()

    # --- One kind each --------------------------------------------------------------------------------------------------

    def committee(self, month: date) -> None:
        self.file(
            "committee_meeting", self.held(month, 20, 27), COMMITTEE[month.month], time(14, 30), 60, makes_good=month
        )

    def group(self, month: date, group: PartyGroup) -> None:
        topic = Topic(self.random.choice(GROUP), ((self.random.choice(GROUP), "结合本班组实际讨论，形成两条建议。"),))
        self.file("group_meeting", self.held(month, 12, 25), topic, time(16, 30), 45, group=group, makes_good=month)

    def theme_day(self, month: date) -> None:
        lecture = (
            month.month % 3 == 0 and self.kept()
        )  # the lecture of the quarter goes with the theme day of its last month
        title = THEME[month.month]
        topic = Topic(
            title, ((title, "按方案开展，过程有照片，收尾时每人说一句体会。"),), focus=("conduct",), for_people=title
        )
        others = {}
        if lecture:
            name = LECTURES[month.month // 3 - 1]
            others["party_lecture"] = Topic(
                name, ((name, "书记主讲，围绕岗位谈责任，讨论时六人发言。"),), focus=("ideology",)
            )
        day = day_in(month, self.branch.shape.theme_day)
        self.file("theme_day", day if self.kept() else None, topic, time(14, 0), 120, others=others, makes_good=month)

    def general(self, month: date) -> None:
        topic = GENERAL[month.month // 3]
        self.file("general_meeting", self.held(month, 8, 24), topic, time(15, 0), 90, has_vote=month.month == 2)

    def life_meeting(self, month: date) -> None:
        day = self.held(month, 16, 28)
        others = {
            "member_appraisal": Topic(
                "年度民主评议党员", (("民主测评", "采用纸质测评表，支委会据实评定并向本人反馈。"),)
            )
        }
        self.file("life_meeting", day, LIFE, time(9, 0), 150, others=others, for_year=month.year - 1)

    def paper(self, slug: str, month: date, number: int) -> None:
        day = day_in(month, number)
        topic = Topic(f"{month.year}年{'工作计划' if slug == 'year_plan' else '工作总结'}", ())
        if self.kept():
            self.file(slug, day, topic, None, 0)

    def talks(self, month: date) -> None:
        """Each member about once a year with someone of the committee: who and when, nothing more."""
        for place, person in enumerate(self.branch.people):
            if person != self.chair and place % 12 == month.month - 1 and self.kept():
                day = day_in(month, 6 + place % 20)
                if day <= self.today and self.member_on(person, day):
                    marks = tuple(Mark(person=one, status="present") for one in (self.chair, person))
                    self.filed(self.record("talk", day, (Part(kind=self.kinds["talk"]),), None, marks=marks), day)

    # --- How it is filed ------------------------------------------------------------------------------------------------

    def kept(self) -> bool:
        return self.random.randrange(100) < self.branch.shape.diligence

    def held(self, month: date, first: int, last: int) -> date | None:
        day = day_in(month, self.random.randint(first, last))
        day += timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
        return day if self.kept() and day.month == month.month else None

    def member_on(self, person: Person, day: date) -> bool:
        return person.memberships.on(day).filter(organization=self.branch.organization).exists()

    def file(
        self, slug: str, day: date | None, topic: Topic, starts_at: time | None, minutes_long: int, *,
        group: PartyGroup | None = None, others: dict[str, Topic] | None = None, for_year: int | None = None,
        has_vote: bool = False, makes_good: date | None = None,
    ) -> None:  # fmt: skip
        """A meeting that was not held in its month is often made good within the next three weeks, and then says so."""
        counts_for = None
        if day is None:
            if makes_good is None or self.random.random() < 0.45:
                return
            counts_for, day = makes_good, months_before(makes_good, -1) + timedelta(days=self.random.randint(6, 20))
        if day > self.today - timedelta(days=1):
            return
        ends_at = None
        if starts_at:
            ends_at = (datetime.combine(day, starts_at) + timedelta(minutes=minutes_long)).time()
        people = board(self.branch.organization, group, self.kinds[slug], day)
        parts = tuple(
            self.part(kind, text, day, has_vote and kind == slug and self.present_share(people.expected))
            for kind, text in {slug: topic, **(others or {})}.items()
        )
        marks = tuple(self.mark(one.person) for one in people.expected) if starts_at else ()
        record = self.record(
            slug, day, parts, group, marks=marks, starts_at=starts_at, ends_at=ends_at, counts_for=counts_for, for_year=for_year,
            focus=topic.focus, unit_work=topic.unit_work, for_people=topic.for_people,
        )  # fmt: skip
        late = 12 if self.random.random() < 0.04 else self.random.choice([0, 0, 0, 1, 1, 2])
        self.filed(record, min(day + timedelta(days=late), self.today - timedelta(days=1)))

    def present_share(self, expected: tuple) -> bool:
        return len(expected) >= 3

    def record(
        self, slug: str, day: date, parts: tuple[Part, ...], group: PartyGroup | None, **fields: object
    ) -> Record:
        fields.setdefault("place", self.branch.shape.place)
        chair = self.chair
        if group:
            lead = (
                Post.objects.on(day).filter(group=group, kind=Post.Kind.GROUP_LEADER).select_related("person").first()
            )
            chair = lead.person if lead else chair
        return Record(
            organization=self.branch.organization, held_on=day, parts=parts, group=group, chair=chair, minute_taker=self.writer,
            **fields,
        )  # fmt: skip

    def part(self, slug: str, topic: Topic, day: date, has_vote: bool) -> Part:
        items = [Item(title=title, notes=notes) for title, notes in topic.agenda]
        if has_vote and items:
            voters = [
                one for one in board(self.branch.organization, None, self.kinds[slug], day).expected if one.can_vote
            ]
            items[-1] = Item(
                title=items[-1].title, notes=items[-1].notes, count=Count(in_favour=len(voters), against=0, abstain=0)
            )
        decisions: tuple[Task, ...] = ()
        if topic.decision:
            what, days = topic.decision
            decisions = (
                Task(task=what, person=self.random.choice(self.branch.people), due_on=day + timedelta(days=days)),
            )
        lecturer = self.chair.name if slug == "party_lecture" else ""
        return Part(
            kind=self.kinds[slug], topic=topic.topic, agenda=tuple(items), decisions=decisions, lecturer=lecturer
        )

    def mark(self, person: Person) -> Mark:
        chance = self.random.random()
        if person == self.chair or chance < 0.93:
            return Mark(person=person, status=Attendance.Status.PRESENT)
        if chance < 0.985:
            return Mark(person=person, status=Attendance.Status.EXCUSED, ground=self.random.choice(GROUNDS))
        return Mark(person=person, status=Attendance.Status.ABSENT)

    def filed(self, record: Record, filed_on: date) -> None:
        now = timezone.make_aware(datetime.combine(filed_on, time(17, self.random.randint(0, 59))))
        if record.parts[0].agenda and any(item.count for part in record.parts for item in part.agenda):
            here = tuple(Mark(person=mark.person, status="present") for mark in record.marks)
            record = self.record_with(record, here)
        activity = services.draft_start(
            organization=record.organization, kind=record.kind, by=self.user, now=now, group=record.group,
            counts_for=record.counts_for, for_year=record.for_year, held_on=record.held_on,
        )  # fmt: skip
        services.activity_file(
            activity=activity, by=self.user, now=now, version=activity.version, record=record, confirmed=record.digest()
        )

    @staticmethod
    def record_with(record: Record, marks: tuple[Mark, ...]) -> Record:
        from dataclasses import replace

        return replace(record, marks=marks)

    # --- What is coming -------------------------------------------------------------------------------------------------

    def ahead(self) -> None:
        """One meeting held and not yet written up, one invitation for the coming days with some answers."""
        organization, now = self.branch.organization, timezone.make_aware(datetime.combine(self.today, time(9, 0)))
        everyone = self.branch.people
        soon = self.today + timedelta(days=3)
        soon += timedelta(days={5: 2, 6: 1}.get(soon.weekday(), 0))
        kind = self.kinds["theme_day" if soon.day < 20 else "general_meeting"]
        sitting = services.sitting_plan(
            organization=organization, kinds=[kind], by=self.user, now=now, held_on=soon, starts_at=time(14, 30),
            ends_at=time(16, 0), place=self.branch.shape.place, chair=self.chair, note="请带上学习笔记。", invite=everyone,
        )  # fmt: skip
        for invitation in sitting.invitations.select_related("person__user").order_by("pk")[3 : len(everyone) // 2 + 2]:
            answer = "cannot" if self.random.random() < 0.15 else "come"
            services.invitation_answer(
                sitting=sitting, person=invitation.person, by=self.user, now=now, answer=answer,
                ground="business" if answer == "cannot" else "",
            )  # fmt: skip
