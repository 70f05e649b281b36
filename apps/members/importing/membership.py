"""What a row means for the dated membership: since when, as what, and what changes from which day on."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.branches.models import Membership
from apps.core.workbook import Cell
from apps.core.written_dates import PartialDate
from apps.members.history import Timeline
from apps.members.importing.snapshot import Known, squeezed
from apps.members.roster_rows import RosterRow
from apps.members.roster_values import ASK, NOTE, Trouble, parse_text

FULL, PROBATIONARY = Membership.Category.FULL, Membership.Category.PROBATIONARY


@dataclass(slots=True)
class Start:
    """A membership that begins: `full_from` set where it began as probationary."""

    on: date
    category: str
    full_from: date | None
    state: dict[str, Any]  # standing, is_mobile, mobile_to, lost_contact_on; "group": its name


@dataclass(slots=True)
class Turn:
    """From `day` on `values` hold; "group" is the group's name. `shown`: field of the roster, before, after."""

    day: date
    values: dict[str, Any] = field(default_factory=dict)
    shown: list[tuple[str, str, str]] = field(default_factory=list)


def start_of(row: RosterRow, known: Known | None, *, since: date, category: str) -> Start | None:
    """For a person who is not on the roster now. None, with a problem at its cell, where something has to be said first."""
    values = row.values
    wanted = values.get("category") or category
    if not wanted:
        row.add(
            "category",
            Trouble("category_missing", _("Full or probationary? Add a column 人员类别 or 转正时间, or choose above.")),
        )
        return None
    day = since
    moved, admitted, full = values.get("transferred_in_on"), values.get("admitted_on"), values.get("full_member_on")
    if moved and moved.precision == "day":
        day = moved.on
    else:
        if moved:
            row.add(
                "transferred_in_on", Trouble("day_needed", _("The day is missing, so this date is left out."), NOTE)
            )
        if admitted and admitted.first > day:
            if admitted.precision != "day":
                row.add(
                    "admitted_on", Trouble("day_needed", _("Admitted after the roster began: write the day as well."))
                )
                return None
            day = admitted.on
    if known and known.rows:
        ended = max(existing.ends_before for existing in known.rows if existing.ends_before)
        day = max(day, ended)
        words = _("Left this branch on {day}. Put back on the roster?")
        row.add(
            "name",
            Trouble("had_left", format_lazy(words, day=date.fromordinal(ended.toordinal() - 1).isoformat()), ASK),
        )
    full_from = None
    if wanted == FULL and full and full.last > day:
        if full.precision != "day":
            row.add(
                "full_member_on",
                Trouble("day_needed", _("Became a full member on this roster: write the day as well.")),
            )
            return None
        full_from = full.on
    state = state_of(row, None)
    return state and Start(day, wanted, full_from, state)


def turns_of(row: RosterRow, known: Known, *, since: date) -> list[Turn]:
    """For a person on the roster: a change of category has the day of full membership, all else holds from `since`."""
    current = known.current
    turns = [turn for turn in (_to_full(row, known, current), _state_turn(row, known, current, since)) if turn]
    if "standing" in row.values and (row.values["standing"] == "suspended") != (current.standing == "suspended"):
        row.add(
            "standing",
            Trouble(
                "standing_dated",
                _("Change the standing on the person's page, with its date. It is left out here."),
                NOTE,
            ),
        )
    moved = row.values.get("transferred_in_on")
    if moved and not moved.agrees_with(PartialDate(_run_start(known))):
        words = _("On this roster since {day}; an import does not change that.")
        row.add("transferred_in_on", Trouble("start_kept", format_lazy(words, day=_run_start(known).isoformat()), NOTE))
    return turns


def _run_start(known: Known) -> date:
    """Since when without a gap."""
    since, edge = known.rows[0].starts_on, None
    for row in known.rows:
        if row.starts_on != edge:
            since = row.starts_on
        edge = row.ends_before
    return since


def _to_full(row: RosterRow, known: Known, current: Membership) -> Turn | None:
    wanted = row.values.get("category")
    if wanted is None or wanted == current.category:
        return None
    if wanted == PROBATIONARY:
        row.add(
            "category",
            Trouble("category_backwards", _("On the roster as a full member, who does not become probationary again.")),
        )
        return None
    full = row.values.get("full_member_on")
    if full is None or full.precision != "day":
        key = "full_member_on" if "full_member_on" in row.columns else "category"
        row.add(key, Trouble("day_needed", _("Now a full member: write the day as the date of full membership.")))
        return None
    day = full.on
    if Timeline(known.rows).on(day) is None:
        day = min(existing.starts_on for existing in known.rows if existing.starts_on > day)
    labels = Membership.Category
    return Turn(day, {"category": FULL}, [("category", str(labels(current.category).label), str(labels(FULL).label))])


def _state_turn(row: RosterRow, known: Known, current: Membership, since: date) -> Turn | None:
    state = state_of(row, current)
    if state is None:
        return None
    before = {
        "group": current.group.name if current.group else "",
        "is_mobile": current.is_mobile,
        "mobile_to": current.mobile_to,
        "lost_contact_on": current.lost_contact_on,
    }
    changed = {name: state[name] for name in before if state[name] != before[name]}
    if not changed:
        return None
    keys = {
        "group": "group",
        "is_mobile": "is_mobile_member",
        "mobile_to": "mobile_destination",
        "lost_contact_on": "lost_contact_on",
    }
    shown = [(keys[name], _words(before[name]), _words(value)) for name, value in changed.items()]
    return Turn(max(since, known.rows[-1].starts_on), changed, shown)


def as_read(text: str) -> str:
    """What this reader makes of a text on record: spaces and the like as in a cell."""
    return parse_text(Cell(text, text), None).value or ""


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else value or ""


def state_of(row: RosterRow, current: Membership | None) -> dict[str, Any] | None:
    """Group, mobile, out of contact as they shall be; what the row leaves empty stays. None with a problem at its cell."""
    values = row.values
    here = current.group.name if current and current.group else ""
    named = values.get("group", "")
    state: dict[str, Any] = {
        "group": here if not named or squeezed(named) == squeezed(here) else named,
        "is_mobile": current.is_mobile if current else False,
        "mobile_to": current.mobile_to if current else "",
        "lost_contact_on": current.lost_contact_on if current else None,
    }
    if current is None:
        state["standing"] = values.get("standing", Membership.Standing.NORMAL)
    if "is_mobile_member" in values or "mobile_destination" in values:
        state["is_mobile"] = values.get("is_mobile_member", True)
        place = values.get("mobile_destination")
        if not state["is_mobile"]:
            state["mobile_to"] = ""
        elif place and place != as_read(state["mobile_to"]):
            state["mobile_to"] = place
    lost_on = values.get("lost_contact_on")
    if values.get("is_lost_contact") is False:
        state["lost_contact_on"] = None
    elif lost_on:
        if lost_on.precision != "day":
            row.add("lost_contact_on", Trouble("day_needed", _("Write the day as well.")))
            return None
        state["lost_contact_on"] = lost_on.on
    elif values.get("is_lost_contact") and not state["lost_contact_on"]:
        row.add("is_lost_contact", Trouble("lost_contact_since", _("Write since when, in a column 失去联系日期.")))
        return None
    return state
