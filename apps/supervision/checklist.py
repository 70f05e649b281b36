"""What a visit asks, and what it need not ask because it is known: drawn from the branch's own duties and records."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.activities.models import Activity
from apps.branches import notes
from apps.branches.models import Membership, Organization
from apps.core.days import long_day
from apps.duties.models import DutyPeriod
from apps.duties.schedule import State
from apps.supervision.models import Finding, Rectification, Visit

Way = Visit.Way
LOOK_BACK_DAYS = 365


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that is on record; `url` shows the rows behind it."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Asked only where `needs` (a fact of `Picture`) holds; empty: always."""

    key: str
    way: str
    text: str | Promise
    needs: str = ""


QUESTIONS = (
    Question("report", Way.LISTENED, gettext_lazy("What the secretary says about the work since the last visit")),
    Question("members", Way.LISTENED, gettext_lazy("What members say about their branch's organizational life")),
    Question("masses", Way.LISTENED, gettext_lazy("What people outside the Party say about the branch")),
    Question("room", Way.LOOKED, gettext_lazy("The activity room: in use, rules on the wall")),
    Question("notice", Way.LOOKED, gettext_lazy("The notice board: what has to be public is there and up to date")),
    Question("sat_in", Way.LOOKED, gettext_lazy("A meeting or lecture one sat in on")),
    Question("originals", Way.CHECKED, gettext_lazy("Paper originals agree with the records here: signatures, sign-in sheets"),
             needs="records"),
    Question("dues", Way.CHECKED, gettext_lazy("Receipts of dues agree with what was made public")),
    Question("promised", Way.CHECKED, gettext_lazy("What is reported as put right is really put right"), needs="rows"),
    Question("talked", Way.CALLED, gettext_lazy("Members talked with, and what they wish")),
    Question("hardship", Way.CALLED, gettext_lazy("Members in difficulty, old or ill: is somebody with them")),
    Question("mobile", Way.CALLED, gettext_lazy("A mobile member reached by telephone"), needs="mobile"),
)  # fmt: skip
BY_KEY = {question.key: question for question in QUESTIONS}


@dataclass(slots=True)
class Picture:
    """The branch as its records show it, from `since` on."""

    since: date
    last: Visit | None
    open_rows: list[Rectification]
    known: list[Known]
    has: set[str] = field(default_factory=set)

    @property
    def questions(self) -> list[tuple[str, list[Question]]]:
        """By way, without what cannot apply."""
        asked = [question for question in QUESTIONS if not question.needs or question.needs in self.has]
        return [(str(way.label), [one for one in asked if one.way == way]) for way in Way]


def picture(visit: Visit, today: date) -> Picture:
    """Seven queries, whatever the branch has."""
    branch = visit.branch
    last = _last(visit).prefetch_related(Prefetch("findings", Finding.objects.select_related("row"))).first()
    since = _since(last, today)
    rows = list(
        Rectification.objects.filter(organization=branch)
        .exclude(state=Rectification.State.CLOSED)
        .select_related("owner")
        .order_by("order_on", "pk")[:30]
    )
    known, has = _on_record(branch, since, today)
    return Picture(since, last, rows, known, has | ({"rows"} if rows else set()))


def known_of(visit: Visit, today: date) -> list[tuple[str, str]]:
    """What is kept with a visit when it is closed. Four queries."""
    known, _has = _on_record(visit.branch, _since(_last(visit).first(), today), today)
    return [(line.label, line.text) for line in known]


def _last(visit: Visit) -> QuerySet:
    """The visit before: of the same level to the same branch."""
    before = Visit.objects.filter(branch=visit.branch_id, organization=visit.organization_id, state=Visit.State.CLOSED)
    return before.exclude(pk=visit.pk).order_by("-held_on", "-pk")


def _since(last: Visit | None, today: date) -> date:
    return last.day if last else date.fromordinal(today.toordinal() - LOOK_BACK_DAYS)


def _on_record(branch: Organization, since: date, today: date) -> tuple[list[Known], set[str]]:
    """The counts, and which facts of QUESTIONS hold."""
    people, is_mobile = _people(branch, today)
    filed, empty = _records(branch, since)
    url = reverse("activities:activity-list", args=[branch.public_id])
    text = ngettext("%(count)d record filed", "%(count)d records filed", filed) % {"count": filed}
    if empty:
        text += " · " + _("%(count)d without notes") % {"count": empty}
    records = Known(_("Records since %(day)s") % {"day": long_day(since)}, text, url)
    has = {name for name, holds in (("records", filed), ("mobile", is_mobile)) if holds}
    return [*people, *_duties(branch, since, today), records], has


def _people(branch: Organization, today: date) -> tuple[list[Known], bool]:
    """Figures of today, and whether a member is away (流动党员)."""
    away = Membership.objects.on(today).filter(organization=OuterRef("pk"), is_mobile=True)
    rows = Organization.objects.filter(pk=branch.pk).annotate(is_mobile=Exists(away))
    known = notes.with_facts(rows, today).get()
    facts = notes.facts_in(known)
    text = ngettext("%(count)d member", "%(count)d members", facts.members) % {"count": facts.members}
    if facts.members != facts.full_members:
        text += " · " + _("%(count)d full") % {"count": facts.full_members}
    posts = [_("secretary in office") if facts.has_secretary else _("no secretary today")]
    posts.append(_("with a committee") if facts.has_committee else _("without a committee"))
    about = reverse("branches:organization-detail", args=[branch.public_id])
    return [
        Known(_("Roster"), text, reverse("members:roster-list", args=[branch.public_id])),
        Known(pgettext("visit", "In office"), " · ".join(posts), about),
    ], known.is_mobile


def _duties(branch: Organization, since: date, today: date) -> list[Known]:
    """One line a duty: done of asked, and how many are overdue today."""
    periods = DutyPeriod.objects.filter(organization=branch, due_on__gt=since, starts_on__lte=today).with_state(today)
    counts: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for period in periods.select_related("rule").order_by("rule__order", "rule__slug"):
        if period.state in (State.NOT_APPLICABLE, State.NOT_DUE, State.DUE_SOON, State.IN_PROGRESS):
            continue
        line = counts[period.rule.order, period.rule.name]
        line[0] += 1
        line[1] += period.state == State.DONE
        line[2] += period.state == State.OVERDUE
    url = reverse("duties:board-detail", args=[branch.public_id])
    known = []
    for (_order, name), (asked, done, late) in counts.items():
        text = _("%(done)d of %(asked)d done") % {"done": done, "asked": asked}
        if late:
            text += " · " + _("%(count)d overdue") % {"count": late}
        known.append(Known(name, text, url))
    return known


def _records(branch: Organization, since: date) -> tuple[int, int]:
    """Filed, and of these without notes and agenda; talks are nobody else's."""
    filed = Activity.objects.filter(organization=branch, state=Activity.State.FILED, held_on__gte=since)
    counts = filed.exclude(kind__behaviour="talk").aggregate(
        filed=Count("pk", distinct=True), empty=Count("pk", distinct=True, filter=Q(minutes="", agenda=None))
    )
    return counts["filed"], counts["empty"]
