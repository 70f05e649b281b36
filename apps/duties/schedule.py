"""When a duty is owed, from when on, and what its state is on a given day. Pure functions of dates; nobody asks a clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
MONTHS_OF_PERIODS = (1, 3, 6, 12)


class State(StrEnum):
    """What a reader sees. Derived on every reading, stored nowhere."""

    NOT_DUE = "not_due"
    DUE_SOON = "due_soon"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    OVERDUE = "overdue"
    EXPLAINED = "explained"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"


# Nothing more is asked of anybody in these.
CLOSED = frozenset({State.DONE, State.EXPLAINED, State.WAIVED, State.NOT_APPLICABLE})


class Lateness(StrEnum):
    """How a done duty was late. Both are done, and neither is shown as a fault."""

    HELD_LATE = "held_late"
    RECORDED_LATE = "recorded_late"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole local days from `starts_on` up to but not including `ends_before`."""

    starts_on: date
    ends_before: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_before


@dataclass(frozen=True, slots=True)
class Period(Span):
    """A span in which something is owed, and the year it is done for."""

    for_year: int

    @property
    def due_on(self) -> date:
        """The last day on which it can be held in time."""
        return self.ends_before - DAY


@dataclass(frozen=True, slots=True)
class Window:
    """A season of the year, both days included, as (month, day). It runs into the next year if it ends before it begins."""

    first: tuple[int, int]
    last: tuple[int, int]

    @classmethod
    def parse(cls, text: str) -> "Window":
        """`10-01..03-31` is October to the end of the following March. ValueError for a day that not every year has."""
        try:
            first, last = ((int(month), int(day)) for month, _, day in (end.partition("-") for end in text.split("..")))
            for month, day in (first, last):
                date(2001, month, day)
        except ValueError:
            raise ValueError(f"{text!r} is no window of the year") from None
        return cls(first, last)

    def __str__(self) -> str:
        return "{:02}-{:02}..{:02}-{:02}".format(*self.first, *self.last)

    @property
    def crosses_year(self) -> bool:
        return self.last < self.first

    def opening_in(self, year: int) -> Span:
        return Span(date(year, *self.first), date(year + self.crosses_year, *self.last) + DAY)

    def is_inside(self, other: "Window") -> bool:
        """Whether every day of this season is a day of `other` in the same season of that one."""
        mine, theirs = self.opening_in(2001), other.opening_in(2001)
        if mine.starts_on < theirs.starts_on:  # ours opens in January of a season that began last October
            mine = self.opening_in(2002)
        return theirs.starts_on <= mine.starts_on and mine.ends_before <= theirs.ends_before


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often: every `months` months lined up with January, or once in a `window` of the year.

    `for_next_year`: what is done in the window is for the year after the one it opens in (a plan made in December).
    """

    months: int = 12
    window: Window | None = None
    for_next_year: bool = False

    def __post_init__(self) -> None:
        if self.months not in MONTHS_OF_PERIODS:
            raise ValueError(f"{self.months} months are no period")
        if self.window and self.months != 12:
            raise ValueError("a window comes once a year")

    def periods(self, since: date, until: date) -> Iterator[Period]:
        """Every period that shares a day with `since`..`until`, both included, oldest first."""
        if self.window is None:
            day = since
            while day <= until:
                span = span_containing(day, self.months)
                yield Period(
                    span.starts_on,
                    span.ends_before,
                    span.starts_on.year + self.for_next_year,
                )
                day = span.ends_before
            return
        for year in range(since.year - 1, until.year + 1):
            span = self.window.opening_in(year)
            if span.starts_on <= until and span.ends_before > since:
                yield Period(span.starts_on, span.ends_before, year + self.for_next_year)

    def containing(self, day: date) -> Period | None:
        """The period that holds `day`; none between two windows."""
        return next(self.periods(day, day), None)

    def first_owed(self, tracked_from: date) -> Period:
        """Where a newcomer begins: the first whole month, otherwise the period that is running or comes next."""
        candidates = self.periods(tracked_from, tracked_from + timedelta(days=366))
        return next(p for p in candidates if self.months > 1 or p.starts_on >= tracked_from)

    def accepted_until(self, period: Period) -> date:
        """The last day on which it can still be held late and counted for `period`.

        Two periods on for months, quarters and half-years; the end of the year in which it fell due for yearly ones.
        """
        if self.months == 12:
            return date(period.ends_before.year, 12, 31)
        day = period.ends_before
        for _ in range(2):
            day = span_containing(day, self.months).ends_before
        return day - DAY


def span_containing(day: date, months: int) -> Span:
    """The period of 1, 2, 3, 4, 6 or 12 months that holds `day`, lined up with January."""
    if months < 1 or 12 % months:
        raise ValueError(f"{months} months do not divide a year")
    first = (day.month - 1) // months * months + 1
    carry, last = divmod(first - 1 + months, 12)
    return Span(date(day.year, first, 1), date(day.year + carry, last + 1, 1))


def grace_days(months: int) -> int:
    """Days after `due_on` for entering what was held in time."""
    return {1: 3, 3: 7, 6: 7, 12: 10}[months]


def soon_days(months: int) -> int:
    """How many of the last days of a period, `due_on` included, are called due soon."""
    return {1: 7, 3: 30, 6: 30, 12: 60}[months]


def usual_ladder(months: int) -> tuple[int, ...]:
    """Days relative to `due_on` on which the owing party is reminded, before it is overdue."""
    return {1: (-7, -2), 3: (-30, -7), 6: (-30, -7), 12: (-60, -14)}[months]


def help_days(months: int) -> int:
    """Days after it became overdue from which the level above sees that help is needed."""
    return 10 if months == 1 else 14


@dataclass(frozen=True, slots=True)
class Due:
    """What is asked: `required` times by `due_on`. `required` 0: nobody is there of whom it could be asked."""

    due_on: date
    required: int
    grace_days: int
    soon_days: int

    @property
    def overdue_from(self) -> date:
        return self.due_on + timedelta(days=self.grace_days + 1)


def state_on(
    today: date,
    due: Due,
    *,
    done: int,
    begun: bool,
    waived: bool = False,
    explained: bool = False,
    not_applicable: bool = False,
) -> State:
    """Grace is time to enter, not to hold: overdue begins the day after `due_on` + grace.

    `begun`: a meeting is scheduled, or held and not yet filed.
    """
    if not_applicable or due.required == 0:
        return State.NOT_APPLICABLE
    if waived:
        return State.WAIVED
    if explained:
        return State.EXPLAINED
    if done >= due.required:
        return State.DONE
    if today >= due.overdue_from:
        return State.OVERDUE
    if begun:
        return State.IN_PROGRESS
    return State.DUE_SOON if today > due.due_on - timedelta(days=due.soon_days) else State.NOT_DUE


def days_late(today: date, due: Due) -> int:
    """Days since `due_on`, counted once it is overdue; 0 before."""
    return (today - due.due_on).days if today >= due.overdue_from else 0


def lateness(due: Due, *, held_on: date, first_filed_on: date) -> Lateness | None:
    """Held after the period weighs more than entered after the grace: the second follows from the first."""
    if held_on > due.due_on:
        return Lateness.HELD_LATE
    return Lateness.RECORDED_LATE if first_filed_on >= due.overdue_from else None
