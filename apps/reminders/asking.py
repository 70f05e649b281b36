"""Questions to the sources about reminders at hand: one query for each source among them, whatever their number."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date

from apps.core.sources import Line, Source, source_of
from apps.reminders.models import Reminder


def still_owed(reminders: Iterable[Reminder], today: date) -> set[int]:
    """Ids of the reminders whose matter is owed at this moment. What no app knows any more is not."""
    return _ask(reminders, lambda source, ids: source.still_owed(ids, today))


def overdue(reminders: Iterable[Reminder], today: date) -> set[int]:
    return _ask(reminders, lambda source, ids: source.overdue(ids, today))


def paused(reminders: Iterable[Reminder]) -> set[int]:
    return _ask(reminders, lambda source, ids: source.paused(ids))


def lines(reminders: Iterable[Reminder], today: date) -> dict[tuple[str, int], Line]:
    """By source and source id, in the language now active: several steps of one thing are one line."""
    said = {}
    for slug, rows in _by_source(reminders).items():
        if source := source_of(slug):
            ids = {one.source_id for one in rows}
            said.update({(slug, source_id): line for source_id, line in source.lines(ids, today).items()})
    return said


def _by_source(reminders: Iterable[Reminder]) -> dict[str, list[Reminder]]:
    found: dict[str, list[Reminder]] = defaultdict(list)
    for one in reminders:
        found[one.source].append(one)
    return found


def _ask(reminders: Iterable[Reminder], question: Callable[[Source, Collection[int]], set[int]]) -> set[int]:
    yes: set[int] = set()
    for slug, rows in _by_source(reminders).items():
        if source := source_of(slug):
            answer = question(source, {one.source_id for one in rows})
            yes |= {one.pk for one in rows if one.source_id in answer}
    return yes
