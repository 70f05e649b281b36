"""What later apps add to activities, and want to know of them. They append in their AppConfig.ready."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.activities.models import Activity, ActivityKind, ActivityVersion, Sitting
    from apps.branches.models import Organization

Listener = Callable[["Activity", "ActivityVersion | None", "ActivityVersion"], None]

# Inside the transaction of a filing: duties recount, assignments arise.
listeners: list[Listener] = []


def on_filed(activity: "Activity", old: "ActivityVersion | None", new: "ActivityVersion") -> None:
    """`old` is the version that counted before (None at the first filing); `new.state` is filed or withdrawn."""
    for listener in listeners:
        listener(activity, old, new)


# Inside the transaction that takes over past records, for all of them at once: counts are made; nothing arises from what was
# decided long ago, so whoever makes assignments does not listen here. All are first versions, of one organization.
past_listeners: list[Callable[[list["ActivityVersion"]], None]] = []


def on_past_filed(versions: list["ActivityVersion"]) -> None:
    for listener in past_listeners:
        listener(versions)


# Inside the transaction of planning, inviting, moving, cancelling: (sitting, what, ids of the people to tell, once).
schedule_listeners: list[Callable[["Sitting", str, list[int]], None]] = []


def on_scheduled(sitting: "Sitting", what: str, people: list[int]) -> None:
    """`what` is planned, invited, moved or cancelled."""
    for listener in schedule_listeners:
        listener(sitting, what, people)


@dataclass(frozen=True, slots=True)
class OwedKind:
    """A record still owed: the log flow offers it first.

    `counts_for` is the first day of the period where that is not the one of today (补开), else None. `label` is what people
    call it: “3月支委会”. `is_late`: the period is over.
    """

    slug: str
    label: str
    group_id: int | None = None
    counts_for: date | None = None
    for_year: int | None = None
    due_on: date | None = None
    is_late: bool = False


# Filled by duties: what the organization still owes on a day, the most urgent first.
owed_kinds: list[Callable[["Organization", date], Iterable[OwedKind]]] = []


def owed(organization: "Organization", today: date) -> list[OwedKind]:
    return [row for source in owed_kinds for row in source(organization, today)]


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """What a filed record fulfils, as a sentence: “职责“3月支委会”已完成”; `url` shows why."""

    sentence: str
    url: str = ""


# Filled by duties: asked by the record page and after filing.
fulfilments: list[Callable[["Activity"], Iterable[Fulfilment]]] = []


def fulfilled_by(activity: "Activity") -> list[Fulfilment]:
    return [row for source in fulfilments for row in source(activity)]


# Asked by the log flow: titles that could stand on the agenda of a meeting of this kind, offered as chips.
agenda_sources: list[Callable[["Organization", "ActivityKind", date], Iterable[str]]] = []


def agenda_for(organization: "Organization", kind: "ActivityKind", today: date) -> list[str]:
    return [title for source in agenda_sources for title in source(organization, kind, today)]
