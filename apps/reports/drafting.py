"""The words of a report, drafted from the records. Papers are Chinese whatever the language of the screen, so are these."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils import translation

from apps.activities.models import Activity, Behaviour
from apps.branches.models import Organization
from apps.core import days
from apps.duties.models import DutyPeriod
from apps.duties.schedule import Span
from apps.reports.models import WORDS_AT_MOST

WORDS = {
    "nothing_done": "本期没有归档的会议和活动。",
    "nothing_planned": "下期还没有安排。",
    "decided": "议定：",
    "until": "{day}前：{what}",
    "cut": "其余略，见原始记录。",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """安排 and 执行; the third block is the superior's."""

    plan: str
    work: str


def draft(organization: Organization, span: Span, following: Span) -> Draft:
    """Two queries: the meetings of both periods, and what falls due in the following one."""
    with translation.override("zh-hans"):
        meetings = list(_meetings(organization, span, following))
        work = [_line(one) for one in meetings if one.state == Activity.State.FILED and one.held_on in span]
        planned = [_line(one) for one in meetings if one.state == Activity.State.SCHEDULED and one.held_on in following]
        plan = [*planned, *_due(organization, following)]
        return Draft(
            plan=_joined(plan) or WORDS["nothing_planned"],
            work=_joined(work) or WORDS["nothing_done"],
        )


def _meetings(organization: Organization, span: Span, following: Span) -> "Iterator[Activity]":
    """Without talks: that they took place is a figure, nothing of them is told."""
    rows = Activity.objects.filter(
        Q(state=Activity.State.FILED, held_on__gte=span.starts_on, held_on__lt=span.ends_before)
        | Q(state=Activity.State.SCHEDULED, held_on__gte=following.starts_on, held_on__lt=following.ends_before),
        organization=organization,
    ).exclude(kind__behaviour=Behaviour.TALK)
    tasks = ArrayAgg("decisions__task", filter=Q(decisions__isnull=False), order_by="decisions__order", default=[])
    yield from rows.select_related("kind", "group").annotate(tasks=tasks).order_by("held_on", "pk")


def _line(one: Activity) -> str:
    """“3月5日主题党日：义务植树。议定：修缮活动室。” Tasks without names."""
    title = f"{days.short_day(one.held_on)}{one.kind.name_zh}"
    if one.group:
        title += f"（{one.group.name}）"
    text = f"{title}：{one.topic}" if one.topic and one.topic != one.kind.name_zh else title
    text = f"{text.rstrip('。')}。"
    if one.tasks:
        text += f"{WORDS['decided']}{'；'.join(task.rstrip('。；') for task in one.tasks)}。"
    return " ".join(text.split())


def _due(organization: Organization, following: Span) -> "Iterator[str]":
    """What falls due then and is not done: one line a duty, its groups together."""
    rows = (
        DutyPeriod.objects.filter(
            organization=organization, due_on__gte=following.starts_on, due_on__lt=following.ends_before
        )
        .unfulfilled()
        .select_related("rule", "group")
        .order_by("due_on", "rule__order", "group__order", "pk")
    )
    lines: dict[tuple[date, str], list[str]] = {}
    for period in rows:
        groups = lines.setdefault((period.due_on, period.rule.name_zh), [])
        if period.group:
            groups.append(period.group.name)
    for (due_on, name), groups in lines.items():
        what = f"{name}（{'、'.join(groups)}）" if groups else name
        yield WORDS["until"].format(day=days.short_day(due_on), what=what)


def _joined(lines: list[str]) -> str:
    """At most as long as a block may be; what had to be left out is said."""
    kept, length = [], 0
    for line in lines:
        if length + len(line) + 1 > WORDS_AT_MOST - 40:
            return "\n".join([*kept, WORDS["cut"]])
        kept.append(line)
        length += len(line) + 1
    return "\n".join(kept)
