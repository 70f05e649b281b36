"""What people can be reminded of. Each app registers one source in its AppConfig.ready; reminders read nothing else."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import BigIntegerField, CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise

# What `Source.owed` selects, in this order. Exactly one of the last three is set: the owing party. `step_on` is the day from
# which the step is owed; `branch` the organization concerned in every case, `place` its path.
COLUMNS = ("source_id", "step", "step_on", "due_on", "place", "branch", "organization", "group", "person")
OWED = "owed_"  # before the names: a model has fields of its own called like this


def steps(rows: QuerySet, **columns: Any) -> QuerySet:
    """`rows` as `Source.owed` gives them: for each of COLUMNS a field's name or an expression; what is not given is empty."""
    kinds = {"step": CharField(), "place": CharField(), "step_on": DateField(), "due_on": DateField()}
    selected = {}
    for name in COLUMNS:
        given, kind = columns.get(name), kinds.get(name, BigIntegerField())
        given = F(given) if isinstance(given, str) else Value(None) if given is None else given
        selected[OWED + name] = Cast(given, kind)
    return rows.order_by().annotate(**selected).values_list(*selected)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing owed, as a reminder says it. No sensitive text and nobody's name with a fault in it.

    `title`: “March committee meeting”; `when`: “by 31 March”, “5 days late”; `url`: where it is done. `is_late`, `is_owed` and
    `is_paused` say of this row what `overdue`, `still_owed` and `paused` say of many, so that a page asks once; one that leaves
    `is_owed` out is asked itself.
    """

    title: str
    when: str
    url: str
    due_on: date | None = None
    is_late: bool = False
    is_owed: bool | None = None
    is_paused: bool = False


class Source(Protocol):
    """`slug` is stored with every reminder: never rename it. `label` is what personal settings call it.

    `topic` is the class a person may switch off outside the app: "meeting", "assignment" or "duty".
    """

    slug: str
    label: str | Promise
    topic: str

    def owed(self, until: date) -> Iterable[QuerySet]:
        """Of everything open, the latest step reached by `until` and not longer ago than a year, each as `steps(…)`.

        Never “exactly N days ahead”: a day without a worker heals itself. `until` is today and the days off that follow it, so
        that what falls on a day off is said on the working day before. Sets, not rows: they are compiled into
        INSERT … SELECT … ON CONFLICT DO NOTHING over the whole tree, and filtered by `owed_branch` for a page about one branch.
        """

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        """Of these, what is owed at this moment: asked again right before it is said and before it is sent."""

    def paused(self, ids: Collection[int]) -> set[int]:
        """Of these, what is said in the app alone for now: a request for a waiver waits."""

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        """Of these, what is overdue: of a group's the secretary hears too."""

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        """How to say them, in the language now active. What is gone is left out."""


sources: list[Source] = []


def private() -> list[str]:
    """Slugs of sources with `is_private = True`: said to the owing person alone. No page about a branch foretells them, nobody
    else is told instead, whatever post they hold: that there is something would be telling.
    """
    return [source.slug for source in sources if getattr(source, "is_private", False)]


def source_of(slug: str) -> Source | None:
    """None for what an app that is gone once wrote."""
    return next((source for source in sources if source.slug == slug), None)
