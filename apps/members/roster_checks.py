"""What only shows when values are seen together: inside one row, and between the rows of one file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.written_dates import PartialDate

from . import id_numbers
from .roster_values import ASK, NOTE, Trouble

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from .roster_rows import RosterRow

FULL_AGE = 18  # Constitution of the CPC, art. 1
MOST_NAMESAKES = 50


def check_row(row: RosterRow, *, today: date) -> None:
    check_id(row)
    check_category(row)
    check_order(row)
    check_contact(row)


def check_id(row: RosterRow) -> None:
    """Sex and birth follow from the ID number where the roster is silent; where it differs, both are shown."""
    values = row.values
    number = values.get("id_number")
    if not number:
        return
    sex = id_numbers.sex(number)
    if values.setdefault("sex", sex) != sex:
        row.add(
            "sex",
            Trouble(
                "id_sex_conflict",
                _("The ID number says otherwise: its second last digit is odd for men, even for women."),
            ),
        )
    elif "sex" not in row.texts or not row.texts["sex"]:
        row.derived.add("sex")
    day = id_numbers.born_on(number)
    born = PartialDate(day) if day else None
    if born is None:
        return
    if "born_on" not in values:
        if not any(problem.field == "born_on" for problem in row.problems):
            values["born_on"] = born
            row.derived.add("born_on")
    elif not values["born_on"].agrees_with(born):
        message = format_lazy(_("The ID number says {date}. Please find out which is right."), date=str(born))
        row.add("born_on", Trouble("id_birth_conflict", message, ASK))


def check_category(row: RosterRow) -> None:
    values = row.values
    category, full = values.get("category"), values.get("full_member_on")
    if category == "probationary_member" and full:
        row.add(
            "category", Trouble("category_conflict", _("A probationary member cannot have a date of full membership."))
        )
    elif category is None and full and not any(p.field == "category" and p.level == "error" for p in row.problems):
        values["category"] = "full_member"
        row.derived.add("category")


def check_order(row: RosterRow) -> None:
    values = row.values
    born, admitted, full = values.get("born_on"), values.get("admitted_on"), values.get("full_member_on")
    if admitted and full and full.last < admitted.first:
        row.add("full_member_on", Trouble("full_before_admitted", _("Full membership cannot come before admission.")))
    if born and admitted:
        if admitted.last < born.first:
            row.add("admitted_on", Trouble("admitted_before_birth", _("Admission cannot come before birth.")))
        elif admitted.last < years_after(born.first, FULL_AGE):
            row.add(
                "admitted_on",
                Trouble("admitted_too_young", _("Admitted before the age of 18. Please compare with the file."), ASK),
            )
    steps = [key for key in ("applied_on", "activist_on", "candidate_on", "admitted_on") if key in values]
    for earlier, later in pairwise(steps):
        if values[later].last < values[earlier].first:
            row.add(
                later,
                Trouble(
                    "steps_out_of_order", _("This date comes before the step that precedes it. Please compare."), ASK
                ),
            )


def check_contact(row: RosterRow) -> None:
    values = row.values
    if values.get("is_lost_contact") is False and "lost_contact_on" in values:
        row.add(
            "lost_contact_on",
            Trouble("lost_contact_conflict", _("There is a date, but the person is said to be in contact."), ASK),
        )
    if values.get("is_mobile_member") is False and "mobile_destination" in values:
        message = _("There is a place, but the person is said not to be a mobile member.")
        row.add("mobile_destination", Trouble("mobile_member_conflict", message, ASK))


def years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # born on 29 February: of age on 1 March
        return date(day.year + years, 3, 1)


# --- Between rows ---------------------------------------------------------------------------------------------------------


def check_duplicates(rows: Sequence[RosterRow]) -> None:
    """People of one name are told apart by ID number or birth. Where neither does, no row of them is taken."""
    same_id = group(rows, "id_number")
    for members in same_id:
        for row in members:
            other = next(r for r in members if r is not row)
            row.add("id_number", Trouble("duplicate_id", place(_("The same ID number stands in {place}."), row, other)))
    numbered = {id(row) for members in same_id for row in members}
    for members in group(rows, "name"):
        if len(members) > MOST_NAMESAKES:
            for row in members:
                row.add("name", Trouble("too_many_namesakes", _("Too many people of this name to tell them apart.")))
            continue
        for row in members:
            twin = next((r for r in members if r is not row and not are_different(row, r)), None)
            if twin is None or (id(row) in numbered and row.values["id_number"] == twin.values.get("id_number")):
                continue
            message = _("The same name stands in {place}, and neither ID number nor birth tells them apart.")
            row.add("name", Trouble("duplicate_person", place(message, row, twin)))
    for members in group(rows, "mobile"):
        for row in members:
            other = next(r for r in members if r is not row)
            if id(row) not in numbered:
                row.add(
                    "mobile",
                    Trouble("shared_mobile", place(_("The same mobile number stands in {place}."), row, other), NOTE),
                )


def group(rows: Sequence[RosterRow], key: str) -> list[list[RosterRow]]:
    found: dict[str, list[RosterRow]] = defaultdict(list)
    for row in rows:
        if key in row.values:
            found[row.values[key]].append(row)
    return [members for members in found.values() if len(members) > 1]


def are_different(one: RosterRow, other: RosterRow) -> bool:
    ids = one.values.get("id_number"), other.values.get("id_number")
    if all(ids):
        return ids[0] != ids[1]
    first, second = one.values.get("born_on"), other.values.get("born_on")
    return first is not None and second is not None and not first.agrees_with(second)


def place(message: _StrPromise, row: RosterRow, other: RosterRow) -> Promise:
    where = _("row {row}") if other.sheet == row.sheet else _("row {row} of sheet “{sheet}”")
    return format_lazy(message, place=format_lazy(where, row=other.number, sheet=other.sheet))
