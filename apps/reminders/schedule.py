"""When what is owed is said: pure functions of moments and working days; nobody asks a clock."""

from datetime import date, datetime, time, timedelta

from apps.reminders.working_days import DAY, WorkingDays

MORNING = time(8, 30)  # the digest; quiet before it
EVENING = time(18, 0)  # quiet from here on


def is_quiet(now: datetime, days: WorkingDays) -> bool:
    """From 18:00 to 08:30, and on days nobody works. `now` is local."""
    return not days.is_working(now.date()) or not MORNING <= now.time() < EVENING


def sending_day(step_on: date, days: WorkingDays) -> date:
    """A step on a day off is said on the working day before."""
    return days.on_or_before(step_on)


def reach(today: date, days: WorkingDays) -> date:
    """The last day whose steps are said by `today`: the days off that follow belong to the working day before them."""
    return days.after(today) - DAY


def may_open(now: datetime, days: WorkingDays) -> bool:
    """Whether the digest of this day may be said now. A system that wakes in the evening waits for the next morning."""
    return not is_quiet(now, days)


def next_opening(now: datetime, days: WorkingDays) -> datetime:
    """When outside messages may leave: `now` itself where it is not quiet."""
    if not is_quiet(now, days):
        return now
    today = now.date()
    day = today if days.is_working(today) and now.time() < MORNING else days.after(today)
    return datetime.combine(day, MORNING, tzinfo=now.tzinfo)


def back_off(attempts: int) -> timedelta:
    """The pause after so many tries: 1, 5, 25 minutes, about 2 hours, about 10 hours."""
    return timedelta(minutes=5 ** (max(attempts, 1) - 1))


def week_of(day: date) -> str:
    """“2026-W12”."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
