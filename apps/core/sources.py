"""What people can be reminded of. Each app registers one source in its AppConfig.ready; reminders read nothing else."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db.models import QuerySet
from django.utils.functional import Promise

# The columns of `Source.owed`, in this order. Exactly one of the last three is set: the owing party. `step_on` is the day from
# which the step is owed; `organization` is the branch concerned in every case, `place` its path.
COLUMNS = ("source_id", "step", "step_on", "due_on", "place", "branch", "organization", "group", "person")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing owed, as a reminder says it. No sensitive text and nobody's name with a fault in it.

    `title`: “March committee meeting”; `when`: “by 31 March”, “5 days late”; `url`: where it is done.
    """

    title: str
    when: str
    url: str
    due_on: date | None = None
    is_late: bool = False


class Source(Protocol):
    """`slug` is stored with every reminder: never rename it. `label` is what personal settings call it.

    `topic` is the class a person may switch off outside the app: "meeting", "assignment" or "duty".
    """

    slug: str
    label: str | Promise
    topic: str

    def owed(self, until: date) -> Iterable[QuerySet]:
        """Of everything open, the latest step reached by `until` and not longer ago than a year; `values_list(*COLUMNS)`.

        Never “exactly N days ahead”: a day without a worker heals itself. `until` is today and the days off that follow it, so
        that what falls on a day off is said on the working day before. Sets, not rows: they are compiled into
        INSERT … SELECT … ON CONFLICT DO NOTHING over the whole tree, and filtered by `branch` for a page about one branch.
        Every column of COLUMNS is a field or an annotation of that name.
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


def source_of(slug: str) -> Source | None:
    """None for what an app that is gone once wrote."""
    return next((source for source in sources if source.slug == slug), None)
