"""One field of a roster row against the record: the same, or what would be written.

The record is compared as an export would write it and this reader would read it again. So a file that came out goes in
without a change, whatever people have typed into the record by hand.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.branches.models import Person
from apps.core.workbook import Cell
from apps.core.written_dates import PartialDate
from apps.members.exporting import CELLS, SEX, Entry
from apps.members.roster_codes import ETHNIC_GROUPS
from apps.members.roster_columns import BY_KEY
from apps.members.roster_rows import RosterRow
from apps.members.roster_values import Coded, Reading, Trouble, parse


@dataclass(frozen=True, slots=True)
class Target:
    """Where a field is stored: attributes of the person or of the details, text or date with its precision."""

    attribute: str
    precision: str = ""
    in_details: bool = False
    precision_in_details: bool = False


TARGETS = {
    "sex": Target("sex"),
    "ethnic_group": Target("ethnicity"),
    "born_on": Target("born_on", "born_precision"),
    "native_place": Target("native_place"),
    "education": Target("education"),
    "occupation": Target("occupation"),
    "admitted_on": Target("admitted_on", "admitted_precision"),
    "full_member_on": Target("full_member_on", "full_member_precision"),
    "started_work_on": Target("works_since", "works_since_precision"),
    "mobile": Target("mobile_phone"),
    "landline": Target("landline"),
    "address": Target("address"),
    "remarks": Target("remarks"),
    "recommenders": Target("introducers"),
    "applied_on": Target("applied_on", "applied_precision", precision_in_details=True),
    "activist_on": Target("activist_on", "activist_precision", in_details=True, precision_in_details=True),
    "candidate_on": Target("candidate_on", "candidate_precision", in_details=True, precision_in_details=True),
    "admitted_at": Target("admitted_at", in_details=True),
    "confirmed_at": Target("confirmed_at", in_details=True),
    "dues_standard": Target("dues_standard", in_details=True),
    "honors": Target("honors", in_details=True),
    "staff_number": Target("staff_number", in_details=True),
}
WORK = "work_unit"


@dataclass(frozen=True, slots=True)
class Difference:
    """`before` and `after` as people read them; `values` by holder ("person", "details") and attribute."""

    key: str
    before: str
    after: str
    person: dict[str, Any]
    details: dict[str, Any]


def stored(value: Any) -> Any:
    """A parsed value as the record keeps it."""
    if isinstance(value, Coded):
        return f"{value.code} {value.label}".strip()
    return value


def _to_store(key: str, value: Any) -> Any:
    if key == "ethnic_group":
        return ETHNIC_GROUPS[value]
    if key == "education":
        return value.label
    return stored(value)


def shown(key: str, value: Any) -> str:
    if key == "sex":
        return SEX[value]
    if key == "ethnic_group":
        return ETHNIC_GROUPS[value]
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return str(stored(value))


def work_of(row: RosterRow) -> str:
    """Unit and post, from one column or two."""
    return " ".join(row.values[key] for key in ("work_unit", "work_post") if key in row.values)


def check_lengths(row: RosterRow) -> None:
    """The record's own limits, at the cell that breaks them."""
    for key, target in TARGETS.items():
        if key in row.values and not target.precision and isinstance(text := _to_store(key, row.values[key]), str):
            limit = _limit(target)
            if len(text) > limit:
                row.add(key, too_long(limit))
    if len(work_of(row)) > (limit := Person._meta.get_field("work_post").max_length):
        row.add("work_unit" if "work_unit" in row.values else "work_post", too_long(limit))
    limits = {"name": Person._meta.get_field("name").max_length, "group": 40, "mobile_destination": 80}
    for key, limit in limits.items():
        if len(row.values.get(key, "")) > limit:
            row.add(key, too_long(limit))
    if row.values.get("dues_standard", 0) > Decimal("999999.99"):
        row.add("dues_standard", Trouble("amount", _("This amount is too large.")))


def _limit(target: Target) -> int:
    from apps.members.models import MemberDetails

    return (MemberDetails if target.in_details else Person)._meta.get_field(target.attribute).max_length or 500


def too_long(limit: int) -> Trouble:
    return Trouble("too_long", format_lazy(_("This is too long: at most {limit} characters."), limit=limit))


def differences(row: RosterRow, entry: Entry | None, reading: Reading) -> list[Difference]:
    """What the row says otherwise than the record (`entry` None: there is no record yet). What it leaves empty stays."""
    found = []
    for key, target in TARGETS.items():
        if key not in row.values:
            continue
        value = row.values[key]
        known = _known(key, entry, reading) if entry else None
        if not _is_news(key, known, value):
            continue
        person, details = {}, {}
        holder = details if target.in_details else person
        if isinstance(value, PartialDate):
            holder[target.attribute] = value.on
            (details if target.precision_in_details else person)[target.precision] = value.precision
        else:
            holder[target.attribute] = _to_store(key, value)
        before = shown(key, known) if known is not None else ""
        found.append(Difference(key, before, shown(key, value), person, details))
    if (text := work_of(row)) and (difference := _work(text, row, entry, reading)):
        found.append(difference)
    return found


def _known(key: str, entry: Entry, reading: Reading) -> Any:
    value = CELLS[key](entry)
    if value is None or value == "":
        return None
    if isinstance(value, PartialDate):
        return value
    return parse(BY_KEY[key].kind, Cell(value if isinstance(value, str) else str(value), str(value)), reading).value


def _is_news(key: str, known: Any, value: Any) -> bool:
    """A month does not replace the day it agrees with; a code beside the same words is nothing new."""
    if known is None:
        return True
    if not isinstance(known, PartialDate):
        return _to_store(key, known) != _to_store(key, value)
    is_coarser = known.precision == "day" and value.precision == "month"
    return known != value and not (is_coarser and known.agrees_with(value))


def _work(text: str, row: RosterRow, entry: Entry | None, reading: Reading) -> Difference | None:
    known = _known(WORK, entry, reading) if entry else None
    if known == text or ("work_unit" not in row.values and known and text in known):
        return None
    key = "work_unit" if "work_unit" in row.values else "work_post"
    return Difference(key, known or "", text, {"work_post": text}, {})
