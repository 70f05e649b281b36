"""The duty board of one branch: a year of months × duties, and one month as a list. Four queries, whatever the branch owes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.branches.models import Organization, PartyGroup
from apps.duties import explaining, words
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.querysets import DutyPeriodQuerySet
from apps.duties.rulebook import Rulebook
from apps.duties.schedule import Due, Period, State, days_late, state_on
from apps.duties.services.laying_out import COMMITTEE_POSTS
from apps.duties.vocabulary import AppliesIf, Each, Owner

# Nothing more is asked in these; below what is open in every list.
CLOSED = ("done", "held_late", "recorded_late", State.WAIVED, State.EXPLAINED, State.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Cell:
    """One period in a row, or a stretch of months in which nothing is owed (`status` empty).

    `pk` is empty for a period that has not begun: its dates are known, it is not laid out.
    """

    columns: int
    status: str = ""
    pk: int | None = None
    title: str = ""
    text: str = ""
    when: str = ""
    late_days: int = 0
    due_on: date | None = None
    starts_on: date | None = None
    done: int = 0
    required: int = 0
    asked: bool = False  # a request for a waiver waits


@dataclass(slots=True)
class Row:
    """One duty of the branch, or of one of its groups."""

    rule: DutyRule
    group: PartyGroup | None
    cells: list[Cell] = field(default_factory=list)

    @property
    def label(self) -> str:
        if self.group is None:
            return self.rule.name
        return _("%(duty)s, %(group)s") % {"duty": self.rule.name, "group": self.group}

    @property
    def periods(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.status]

    def total(self, year: int) -> str:
        """“2/12”: done, of those that ask something and fall due in that year."""
        due = (cell for cell in self.periods if cell.due_on and cell.due_on.year == year)
        asked = [cell for cell in due if cell.status != State.NOT_APPLICABLE]
        done = [cell for cell in asked if cell.status in ("done", "held_late", "recorded_late")]
        return f"{len(done)}/{len(asked)}" if asked else ""


@dataclass(frozen=True, slots=True)
class Board:
    year: int
    rows: list[Row]

    def of_month(self, month: int) -> list[tuple[Row, Cell]]:
        """What runs in that month, what is due first on top; done and closed below."""
        last = date(self.year, month, 28)
        found = []
        for row in self.rows:
            place = 1
            for cell in row.cells:
                if cell.status and place <= month < place + cell.columns:
                    found.append((row, cell))
                place += cell.columns
        return sorted(found, key=lambda item: (item[1].status in CLOSED, item[1].due_on or last))

    def of_year(self) -> tuple[list[tuple[Row, Cell]], list[tuple[Row, Cell]]]:
        """Everything on the board as two lists: what is open by its due date; what is closed, the latest first."""
        found = [(row, cell) for row in self.rows for cell in row.periods]
        still = [item for item in found if item[1].status not in CLOSED]
        gone = [item for item in found if item[1].status in CLOSED]
        return sorted(still, key=_due), sorted(gone, key=_due, reverse=True)

    def of_quarters(self) -> list[tuple[Row, list[list[Cell]]]]:
        """Each row's periods by the quarter in which they fall due; what falls due after the year stands in its last."""
        year = self.year
        lines = []
        for row in self.rows:
            quarters: list[list[Cell]] = [[], [], [], []]
            for cell in row.periods:
                due = cell.due_on
                quarters[3 if due is None or due.year > year else (due.month - 1) // 3].append(cell)
            lines.append((row, quarters))
        return lines


def _due(item: tuple[Row, Cell]) -> tuple[date, int, str]:
    row, cell = item
    return cell.due_on or date.max, row.rule.order, row.label


def build(
    organization: Organization, periods: DutyPeriodQuerySet, year: int, today: date, groups: Iterable[int] | None
) -> Board:
    """`periods` are those the reader may see; `groups` limits the rows to these groups (a group leader's board)."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    stored: dict[tuple[str, int | None], dict[date, DutyPeriod]] = {}
    in_year = (
        periods.filter(organization=organization, starts_on__lte=last, ends_before__gt=first)
        .with_state(today)
        .with_request()
    )
    for period in in_year.select_related("rule__set_by", "group"):
        stored.setdefault((period.rule.slug, period.group_id), {})[period.starts_on] = period
    book = Rulebook(tuple(DutyRule.objects.periodic().over(organization.path)))
    all_groups = {group.pk: group for group in organization.groups.all()}
    has_committee = organization.posts.on(today).filter(kind__in=COMMITTEE_POSTS).exists()
    rows: dict[tuple[str, int | None], Row] = {}
    for key, found in stored.items():
        newest = found[max(found)]
        rows[key] = Row(rule=newest.rule, group=all_groups.get(key[1]) if key[1] else None)
    if last >= today:  # duties that begin later in the year stand on the board from the start
        for rule in book.of(organization.path, max(today, first)):
            for group in owing(rule, organization, all_groups.values(), has_committee, today):
                rows.setdefault((rule.slug, group.pk if group else None), Row(rule=rule, group=group))
    if groups is not None:
        rows = {key: row for key, row in rows.items() if key[1] in set(groups)}
    for (slug, group_id), row in rows.items():
        found = stored.get((slug, group_id), {})
        still_owed = any(
            group == row.group for group in owing(row.rule, organization, all_groups.values(), has_committee, today)
        )
        row.cells = _cells(organization, book, row, found, first, last, today, still_owed)
    shown = [row for row in rows.values() if row.periods]
    return Board(
        year, sorted(shown, key=lambda row: (row.rule.order, row.rule.slug, row.group.order if row.group else 0))
    )


def owing(
    rule: DutyRule, organization: Organization, groups: Iterable[PartyGroup], has_committee: bool, today: date
) -> list[PartyGroup | None]:
    """Who would owe a period that begins after today: the branch (None), some of its groups, or nobody."""
    if organization.dissolved_on and organization.dissolved_on <= today:
        return []
    if rule.owner == Owner.GROUP:
        return [g for g in groups if g.starts_on <= today and (g.ends_before is None or g.ends_before > today)]
    applies = {
        AppliesIf.HAS_COMMITTEE: has_committee,
        AppliesIf.NOT_TEMPORARY: organization.branch_type != Organization.BranchType.TEMPORARY,
    }
    return [None] if applies.get(AppliesIf(rule.applies_if), True) else []


def _cells(
    organization: Organization,
    book: Rulebook,
    row: Row,
    found: dict[date, DutyPeriod],
    first: date,
    last: date,
    today: date,
    still_owed: bool,
) -> list[Cell]:
    """The row from January to December without a gap."""
    spans: dict[date, Cell] = {
        start: cell_of(period, today, _columns(period, first, last), first.year) for start, period in found.items()
    }
    ends: dict[date, date] = {start: period.ends_before for start, period in found.items()}
    slug = row.rule.slug
    for rule in book.by_slug.get(slug, ()) if still_owed else ():
        begins = rule.cadence.first_owed(organization.tracked_from).starts_on
        for period in rule.cadence.periods(max(first, today), last):
            start = period.starts_on
            if start <= today:  # whatever is owed of what runs is laid out
                continue
            is_known = any(known <= start < end for known, end in ends.items())
            if is_known or start < begins or not rule.is_active or book.holding(slug, organization.path, start) != rule:
                continue
            spans[start] = _forecast(rule, row.group, period, today, _columns(period, first, last), first.year)
            ends[start] = period.ends_before
    cells, month = [], 1
    for start in sorted(spans):
        begin = max(start, first).month if start.year <= first.year else 13
        if begin > month:
            cells.append(Cell(begin - month))
        cells.append(spans[start])
        month = begin + spans[start].columns
    return [*cells, Cell(13 - month)] if month <= 12 else cells


def _columns(span: DutyPeriod | Period, first: date, last: date) -> int:
    end = min(span.due_on, last)
    return end.month - max(span.starts_on, first).month + 1


def cell_of(period: DutyPeriod, today: date, columns: int, year: int) -> Cell:
    """A laid-out period; it carries its `state` and whether it is `asked`. `year` is the one that the reader has before them."""
    status = explaining.status_of(period, period.state)
    when = _when(period.held_on, period.due_on, status, year)
    return Cell(
        columns=columns,
        status=status,
        pk=period.pk,
        title=words.title_of(period, today),
        text=_text(period, status, columns, year),
        when=_("%(when)s, waiver asked for") % {"when": when} if period.asked else when,
        late_days=days_late(today, period.due) if status == State.OVERDUE else 0,
        due_on=period.due_on,
        starts_on=period.starts_on,
        done=period.done,
        required=period.required,
        asked=period.asked,
    )


def _forecast(rule: DutyRule, group: PartyGroup | None, period: Period, today: date, columns: int, year: int) -> Cell:
    due = Due(period.due_on, rule.times, rule.grace_days, rule.soon_days)
    status = str(state_on(today, due, done=0, begun=False))
    text = words.until(period.due_on, year) if columns > 1 else ""
    return Cell(
        columns=columns,
        status=status,
        title=words.duty_title(rule, period.starts_on, period.for_year, today, group),
        text=_of_year(rule, period.for_year, text) if columns > 1 else "",
        when=_when(None, period.due_on, status, year),
        due_on=period.due_on,
        starts_on=period.starts_on,
        required=rule.times,
    )


def _text(period: DutyPeriod, status: str, columns: int, year: int) -> str:
    """What is seen beside the glyph. One month has room for the glyph and at most a short count."""
    if period.asked:
        return pgettext("waiver", "asked")
    done, required = period.done, period.required
    if columns == 1:
        return f"{done}/{required}" if required > 1 and 0 < done < required else ""
    text = ""
    if period.rule.each == Each.MEMBER and required:
        text = _("%(done)d of %(required)d people") % {"done": done, "required": required}
    elif period.held_on:
        text = words.day_in(period.held_on, year)
    elif status in (State.NOT_DUE, State.DUE_SOON, State.IN_PROGRESS, State.OVERDUE):
        text = words.until(period.due_on, year)
    return _of_year(period.rule, period.for_year, text)


def _of_year(rule: DutyRule, for_year: int, text: str) -> str:
    """A window that crosses the year says which year it is for."""
    return f"{words.period_label(12, date(for_year, 1, 1), for_year)} {text}".strip() if rule.window else text


def _when(held_on: date | None, due_on: date, status: str, year: int) -> str:
    """What is heard after the status."""
    if held_on:
        return _("held on %(day)s") % {"day": words.day_in(held_on, year)}
    if status in (State.WAIVED, State.EXPLAINED, State.NOT_APPLICABLE):
        return ""
    return words.until(due_on, year)
