"""Who is meant by a row: by ID number; else by name and date of birth. Everything less is a question, never a guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.written_dates import PartialDate
from apps.members.importing.snapshot import Known, Snapshot, fingerprint
from apps.members.listing import partial
from apps.members.roster_rows import RosterRow
from apps.members.roster_values import ASK, Trouble

NEW = "new"


@dataclass(slots=True)
class Match:
    """`known` None and no candidates: nobody of the record. Candidates: the user has to say."""

    known: Known | None = None
    candidates: list[Known] = field(default_factory=list)


def match(row: RosterRow, snapshot: Snapshot, answers: Mapping[str, str], ref: str) -> Match:
    """Adds to the row's problems what stands against it."""
    number = row.values.get("id_number")
    mark = fingerprint(number) if number else None
    if mark in snapshot.elsewhere:
        row.add(
            "id_number", Trouble("id_elsewhere", _("Already registered elsewhere. Ask the committee above to check."))
        )
        return Match()
    if mark and (known := snapshot.by_number.get(mark)):
        if known.person.name != row.values.get("name"):
            words = _("This ID number belongs to {name} on the roster. Is this a new name of the same person?")
            row.add("name", Trouble("name_differs", format_lazy(words, name=known.person.name), ASK))
        return _unless_guest(row, known)
    namesakes = snapshot.by_name.get(row.values.get("name", ""), ())
    verdicts = {known.person.pk: _verdict(row, known) for known in namesakes}
    same = [known for known in namesakes if verdicts[known.person.pk] == "same"]
    candidates = same or [known for known in namesakes if verdicts[known.person.pk] == "open"]
    if len(same) == 1:
        return _unless_guest(row, same[0])
    if not candidates or answers.get(ref) == NEW:
        return Match()
    if chosen := next((known for known in candidates if known.person.public_id == answers.get(ref)), None):
        return _unless_guest(row, chosen)
    return Match(candidates=candidates)


def _verdict(row: RosterRow, known: Known) -> str:
    """same, other, or open."""
    here, there = row.values.get("born_on"), birth_of(known)
    if here and there and not here.agrees_with(there):
        return "other"
    if "id_number" in row.values and known.person.id_number_hash:
        return "open"  # one name and perhaps one birth, two numbers: a wrong digit, or two people
    return "same" if here and here == there else "open"


def birth_of(known: Known) -> PartialDate | None:
    return partial(known.person.born_on, known.person.born_precision)


def _unless_guest(row: RosterRow, known: Known) -> Match:
    if known.is_guest:
        row.add("name", Trouble("guest", _("Takes part here as a guest: the record is kept in their own branch.")))
        return Match()
    return Match(known)
