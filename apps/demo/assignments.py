"""What became of the decisions, what a secretary gave by hand, and what the committee asks of its branches."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.assignments.models import Assignment, AssignmentEvent
from apps.assignments.rules import Act, State
from apps.assignments.services import assignment_act, assignment_give, request_send
from apps.branches.models import Organization, Person
from apps.branches.reach import reach_of

SAID = ("已办完，材料放在活动室文件柜。", "已办好，相关同志都通知到了。", "已完成，清单交给组织委员。")


def moment(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def assign(today: date) -> None:
    """Old decisions are done but one; a handful is open."""
    secretary, staff = _user("李芳", today), _user("何伟", today)
    branch = Organization.objects.filter(posts__person=secretary.person, kind=Organization.Kind.BRANCH).latest("pk")
    past = Assignment.objects.open().filter(due_on__lt=today)
    late = past.filter(organization=branch).order_by("-due_on", "-pk").first()
    _done(list(past.exclude(pk=late.pk if late else 0).select_related("assignee__user").order_by("pk")))
    if late:
        # Late by a few days, not by months.
        Assignment.objects.filter(pk=late.pk).update(due_on=max(late.due_on, today - timedelta(days=4)))
    _by_hand(branch, secretary, today)
    _asked(staff, today)


def _user(name: str, today: date) -> User:
    user = Person.objects.filter(name=name, user__isnull=False).latest("pk").user
    user.reach = reach_of(user, today)
    return user


def _done(rows: list[Assignment]) -> None:
    events = []
    for place, row in enumerate(rows):
        day = row.due_on - timedelta(days=place % 4)
        own = row.assignee.user if row.assignee else None
        if row.assignee and own:
            events.append(
                AssignmentEvent(assignment=row, act=Act.SUBMIT, by=own, text=SAID[place % 3], at=moment(day, 16))
            )
            events.append(AssignmentEvent(assignment=row, act=Act.ACCEPT, by_id=row.given_by_id, at=moment(day, 17)))
        else:
            events.append(
                AssignmentEvent(
                    assignment=row, act=Act.FINISH, by_id=row.given_by_id, text=SAID[place % 3], at=moment(day, 17),
                    on_behalf=row.assignee_id is not None,
                )
            )  # fmt: skip
    AssignmentEvent.objects.bulk_create(events)
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.DONE, version=3)


def _by_hand(branch: Organization, secretary: User, today: date) -> None:
    member = _user("王建国", today)
    without = Person.objects.filter(
        memberships__organization=branch, memberships__ends_before=None, user=None
    ).order_by("pk").first()  # fmt: skip
    for who, title, note, days in (
        (member.person, "联系社区，确定志愿服务场地", "先问居委会，再看场地，写明能容纳多少人。", 3),
        (member.person, "收集小组学习笔记", "", 9),
        (member.person, "整理师徒结对协议", "上回缺两份签字。", 5),
        (without, "到老党员家送学上门", "带上本月学习材料。", 7),
    ):
        if who is None:
            continue
        one = assignment_give(
            organization=branch, assignee=who, title=title, note=note, due_on=today + timedelta(days=days), by=secretary,
            now=moment(today - timedelta(days=3), 9),
        )  # fmt: skip
        if title.startswith("收集"):
            _do(one, "begin", member, today)
            _do(one, "ask", member, today, text="两位同志出差，下周才回来。", due_on=today + timedelta(days=16))
        elif title.startswith("整理"):
            _do(one, "submit", member, today, text="十二份协议都在文件柜第二层。")


def _do(one: Assignment, act: str, by: User, today: date, **said: object) -> None:
    row = Assignment.objects.select_related("assignee__user", "organization").get(pk=one.pk)
    assignment_act(
        one=row, act=act, by=by, version=row.version, now=moment(today - timedelta(days=1), 15), **said
    )  # fmt: skip


def _asked(staff: User, today: date) -> None:
    """Two of the branches have handed it in, the others have time."""
    committee = Organization.objects.get(pk=next(iter(staff.reach.staff_of)))
    batch = request_send(
        organization=committee, branches=None, by=staff, now=moment(today - timedelta(days=6)), title="报送困难党员慰问名单",
        note="写明姓名、困难情况和拟慰问时间；没有的也请回一句。", due_on=today + timedelta(days=6),
    )  # fmt: skip
    rows = list(batch.assignments.select_related("organization").order_by("organization__path"))
    for row in rows[1:3]:
        leader = User.objects.filter(
            person__posts__organization=row.organization, person__posts__kind__in=("branch_secretary", "deputy_secretary")
        ).first()  # fmt: skip
        if leader is not None:
            leader.reach = reach_of(leader, today)
            _do(row, "submit", leader, today, text="本支部两名，名单已交。")
