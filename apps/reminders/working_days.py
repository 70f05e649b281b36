"""Which days people work: the published calendar with its make-up days, corrected by the administrator's rows."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
LONGEST_BREAK = 30  # days; no break is longer


@lru_cache(maxsize=4)
def _known_years() -> range:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from chinese_calendar.constants import holidays, workdays

    years = {day.year for day in (*holidays, *workdays)}
    return range(min(years), max(years) + 1)


def is_published(year: int) -> bool:
    """Whether the library knows the year: the State Council announces each in the November before."""
    return year in _known_years()


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """`overrides`: day → whether it is worked, above all else. A year nobody knows is Monday to Friday."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        if (given := self.overrides.get(day)) is not None:
            return given
        if is_published(day.year):
            import chinese_calendar

            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5

    def on_or_before(self, day: date) -> date:
        return self._first(day, -DAY)

    def after(self, day: date) -> date:
        """The next working day, `day` itself not included."""
        return self._first(day + DAY, DAY)

    def on_or_after(self, day: date) -> date:
        return self._first(day, DAY)

    def _first(self, day: date, step: timedelta) -> date:
        """Somebody may have entered a month without a working day: then the nearest weekday, so that no search runs away."""
        days = [day + count * step for count in range(LONGEST_BREAK + 1)]
        return next(filter(self.is_working, days), None) or next(one for one in days if one.weekday() < 5)


def working_days(around: date) -> WorkingDays:
    """With the rows of the administrator for a year to either side; one query."""
    from apps.reminders.models import HolidayOverride

    rows = HolidayOverride.objects.filter(day__range=(around - 366 * DAY, around + 366 * DAY))
    return WorkingDays(dict(rows.values_list("day", "is_working")))


def unknown_years(today: date) -> list[int]:
    """Years the administrator should look at: the running one, and the coming one from December on, where neither the library
    nor a row knows them.
    """
    from apps.reminders.models import HolidayOverride

    years = [today.year] + ([today.year + 1] if today.month == 12 else [])
    missing = [year for year in years if not is_published(year)]
    entered = HolidayOverride.objects.filter(day__year__in=missing) if missing else ()
    known = {row.day.year for row in entered}
    return [year for year in missing if year not in known]
