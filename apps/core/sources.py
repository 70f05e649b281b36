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
    """`slug` is stored with every reminder: never rename it. `label` is what personal settings call it."""

    slug: str
    label: str | Promise

    def owed(self, today: date) -> Iterable[QuerySet]:
        """Steps owed *by* `today` and not longer ago than a year, never “exactly N days ahead”; `values_list(*COLUMNS)`.

        Sets, not rows: they are compiled into INSERT … SELECT … ON CONFLICT DO NOTHING over the whole tree.
        """

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        """Of these, what is owed at this moment: asked again right before sending."""

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        """How to say them, in the language now active. What is gone is left out."""


sources: list[Source] = []
