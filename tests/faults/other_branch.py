"""Two branches full of things, and every address with the ids of the one asked by people of the other."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.models import User
from apps.activities.models import Activity, Attachment, Sitting
from apps.assignments.models import Assignment, Batch
from apps.assignments.services import assignment_give
from apps.branches import services as branches
from apps.branches.models import NotCounted, Organization, Person, Post
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.services import tailoring
from apps.duties.services.laying_out import materialise
from apps.members.models import ImportBatch
from apps.reminders.models import Robot
from apps.reports.models import CannedReason, Report
from apps.voices.models import Matter, PracticalHelp, ReceptionDay, SituationReport, Suggestion
from apps.voices.services import days, helping, matters, suggestions
from apps.voices.services import reports as situations
from tests.factories import activities as act
from tests.factories import assignments as tasks
from tests.factories import branches as make
from tests.factories import reports as rep
from tests.factories import supervision as supervised
from tests.factories import surveys as ask
from tests.factories.rosters import row as roster_row
from tests.factories.rosters import started
from tests.world import World

# Addresses whose arguments name no object of a branch: a signed token, the key of a letter, a day of the calendar, a secret.
# Reception days are published to everyone who has the branch's link.
NO_OBJECT = {
    "accounts:email-confirm", "account_reset_password_from_key", "reminders:delivery-retry", "reminders:holiday-delete",
    "reminders:delivery-discard", "reminders:feed", "surveys:survey-link", "voices:public-days",
}  # fmt: skip
OF_ALL = {"period", "figure", "kind"}  # arguments that every branch has alike: a month, the name of a number, of a sort


@dataclass(slots=True)
class Things:
    """What one branch has, and words that stand nowhere else."""

    branch: Organization
    words: list[str]
    ids: dict[str, list[Any]] = field(default_factory=dict)  # by the name of the argument
    pks: dict[str, list[int]] = field(default_factory=dict)  # by the name of the address, where the argument is `pk`


def fill(world: World, branch: Organization, by: User, secret: str) -> Things:
    """Meetings in every state, a file, a group, an import under way, a resolution, duties; each says `secret`."""
    group = branches.group_create(organization=branch, name=f"{secret}小组", starts_on=make.SINCE, by=None)
    own = make.member(branch, f"{secret}甲", group=group)
    make.post(own, "discipline_member")
    make.account(own)
    day = make.TODAY - timedelta(days=3)
    said = {"topic": f"{secret}议题", "minutes": f"{secret}记录"}
    filed = [
        act.filed(branch, by, slug, day, part=said, **more)
        for slug, more in (
            ("general_meeting", {}), ("group_meeting", {"group": group}),
        )
    ]  # fmt: skip
    attachment = act.attached(filed[0], by, name=f"{secret}.jpg")
    planned = act.planned(branch, by, held_on=make.TODAY + timedelta(days=2), invite=(own,), note=f"{secret}通知")
    draft = act.draft(branch, by, typed={"place": [f"{secret}地点"]})
    batch = started(branch, by, [roster_row(f"{secret}乙")])
    resolution = NotCounted.objects.create(
        person=own, organization=branch, ground="away", resolution=f"{secret}决议", starts_on=make.SINCE
    )
    rule = tailoring.duty_add(
        organization=branch,
        by=by,
        today=make.TODAY,
        name=f"{secret}任务",
        months=1,
        times=1,
        kinds=[act.kind("group_study")],
    )
    task = assignment_give(organization=branch, assignee=own, title=f"{secret}交办", by=by, now=act.at())
    evidence = tasks.evidence(task, by, name=f"{secret}.pdf")
    asked = tasks.batch(world.general_branch, [branch], title=f"{secret}请办")
    listening, said = spoken(branch, by, secret)
    materialise(today=make.TODAY)
    periods = DutyPeriod.objects.filter(organization=branch, starts_on__gte=make.TODAY.replace(month=1, day=1))
    period_pks = [periods.filter(group=group).first().pk, periods.filter(group=None).first().pk]
    robot = Robot.objects.create(
        organization=branch, kind="wecom", name=f"{secret}群", url_sealed=b"x", url_host=f"{secret}.test"
    )
    records = [*filed, draft, *planned.activities.all()]
    reports = [
        rep.submitted(branch, by),
        rep.edited(rep.report(branch, make.TODAY.replace(month=1, day=1)), by, work=f"{secret}报告"),
    ]
    sentence, _new = CannedReason.objects.get_or_create(
        organization=world.general_branch, use="returned", text="请补充照片。"
    )
    survey = ask.opened(branch, by, title=f"{secret}问卷")
    ids = {
        "survey": [survey.public_id, ask.draft(branch, by, title=f"{secret}草稿").public_id],
        "organization": [branch.public_id], "place": [branch.public_id], "person": [own.public_id],
        "public_id": [own.public_id], "group": [group.public_id], "activity": [one.public_id for one in records],
        "sitting": [one.sitting.public_id for one in records], "attachment": [attachment.public_id], "batch": [batch.public_id],
        "step": ["accept"], **said,
        "slug": [rule.slug], "period": [one.code for one in reports], "figure": ["members", "held_theme_day"],
        "sentence": [sentence.public_id], "assignment": [task.public_id, asked.assignments.get().public_id],
        "evidence": [evidence.public_id], "rollup": [asked.public_id], "act": ["begin", "cancel"],
    }  # fmt: skip
    ids |= supervised.things(branch, by, own, secret)
    ids |= {
        "kind": ["rectification", "matter", "survey"],
        "thing": [ids["rectification"][0], ids["matter"][0], ids["survey"][0]],
    }
    pks = {
        "branches:post-end": list(own.posts.values_list("pk", flat=True)), "branches:not-counted-end": [resolution.pk],
        "duties:rule-end": [rule.pk], "accounts:session-end": [], "voices:day-cancel": [listening.pk],
        "reminders:robot-remove": [robot.pk], "reminders:robot-test": [robot.pk],
    } | {
        f"duties:period-{name}": period_pks for name in ("detail", "waive", "refuse", "ask", "explain", "reopen")
    }  # fmt: skip
    words = [secret, branch.short_name, *branch.people.values_list("name", flat=True)]
    return Things(branch, words, ids, pks)


def spoken(branch: Organization, by: User, secret: str) -> tuple[ReceptionDay, dict[str, list[str]]]:
    """A reception day; and the ids of what a visitor said, what the secretary wrote upward, the box, and a need."""
    day = days.day_publish(
        organization=branch, by=by, today=make.TODAY, held_on=make.TODAY, starts_at=time(14), ends_at=time(16),
        place=f"{secret}传达室", receiver="书记",
    )  # fmt: skip
    common = {"organization": branch, "by": by, "today": make.TODAY}
    matter, _code = matters.matter_register(
        received_on=make.TODAY, way="visit", category="request", words=f"{secret}来意", name=f"{secret}来访人",
        handler=by.person, submission=uuid4(), **common,
    )  # fmt: skip
    report = situations.report_send(category="work", words=f"{secret}情况", submission=uuid4(), **common)
    ideas = [
        suggestions.suggestion_make(words=f"{secret}建议", submission=uuid4(), is_anonymous=False, **common)
        for _number in range(2)
    ]
    suggestions.suggestion_answer(
        suggestion=ideas[1], by=by, today=make.TODAY, version=1, is_public=True, answer=f"{secret}答复",
        public_words=f"{secret}公开", public_change=f"{secret}变化",
    )  # fmt: skip
    need = helping.help_start(
        need=f"{secret}难处", owner=by.person, due_on=None, submission=uuid4(), **common
    )  # fmt: skip
    ids = {"matter": [matter], "report": [report], "suggestion": ideas, "help": [need]}
    return day, {name: [row.public_id for row in rows] for name, rows in ids.items()}


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    url: str
    names_it: bool  # at least one id is of the other branch


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every address of the program with the names of its arguments."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.name}", list(one.pattern.regex.groupindex)


def addresses(theirs: Things, mine: Things | None) -> Iterator[Address]:
    """All of `theirs`; and, where an address has several ids, theirs below the organization of `mine`."""
    for name, arguments in patterns():
        if name in NO_OBJECT:
            continue
        if not arguments:
            yield Address(name, reverse(name), names_it=False)
            continue
        values = [theirs.pks[name] if argument == "pk" else theirs.ids[argument] for argument in arguments]
        for chosen in product(*values):
            yield Address(name, reverse(name, args=chosen), names_it=True)
            if mine and len(arguments) > 1:
                names_it = any(argument not in OF_ALL for argument in arguments[1:])
                yield Address(name, reverse(name, args=[mine.branch.public_id, *chosen[1:]]), names_it=names_it)
    if mine:
        for name, arguments in patterns():
            if arguments in (["organization"], ["place"]):
                yield Address(name, reverse(name, args=[mine.branch.public_id]), names_it=False)


def text_of(response: HttpResponse) -> str:
    """What can be read in it, in Word and Excel files too, and where it sends the reader."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"\n".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml"))
    return data.decode("utf-8", "replace") + " " + response.headers.get("Location", "")


FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"[^>]*>')
FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>.*?</form>', re.DOTALL)
SHELL = ("/accounts/logout", "/language", "/text-size")  # on every page, and without any object
ACTION = re.compile(r'<form\b[^>]*\baction="([^"]+)"')


def forms(page: str, url: str) -> Iterator[tuple[str, list[str]]]:
    """Where each form of a page is sent, and the names of its fields."""
    for form in FORM.findall(page):
        action = ACTION.search(form)
        if action and action[1].startswith(SHELL):
            continue
        names = set(FIELD.findall(form)) - {"csrfmiddlewaretoken"}
        yield (action[1].partition("?")[0] if action else url), sorted(names)


def stored(branch: Organization) -> list[Any]:
    """Everything of a branch that a stranger's request could have changed."""
    own = {"organization": branch}
    return supervised.stored(branch) + [
        list(rows.order_by("pk"))
        for rows in (
            Organization.objects.filter(pk=branch.pk).values(), Person.objects.filter(**own).values(),
            Post.objects.filter(**own).values(), NotCounted.objects.filter(**own).values(), branch.groups.values(),
            branch.memberships.values(), Sitting.objects.filter(**own).values(), Activity.objects.filter(**own).values(),
            Attachment.objects.filter(activity__organization=branch).values(),
            ImportBatch.objects.filter(**own).values("pk", "state", "digest", "choices"),
            Assignment.objects.filter(**own).values(), Batch.objects.filter(assignments__organization=branch).values(),
            ReceptionDay.objects.filter(**own).values(), Matter.objects.filter(**own).values(),
            SituationReport.objects.filter(**own).values(), Suggestion.objects.filter(**own).values(),
            PracticalHelp.objects.filter(**own).values(),
            DutyRule.objects.filter(set_by=branch).values(), DutyPeriod.objects.filter(**own).values(),
            Report.objects.filter(**own).values(),
        )
    ]  # fmt: skip
