"""How days are written, in the language of the reader. On paper and in tables other forms hold; see the papers and sheets."""

from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _english() -> bool:
    return get_language() == "en"


def long_day(day: date) -> str:
    """2026年3月5日; 5 Mar 2026."""
    if _english():
        return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def short_day(day: date) -> str:
    """3月5日; 5 Mar."""
    return f"{day.day} {MONTHS_EN[day.month - 1]}" if _english() else f"{day.month}月{day.day}日"


def weekday(day: date) -> str:
    """周四; Thu."""
    return (WEEKDAYS_EN if _english() else WEEKDAYS_ZH)[day.weekday()]


def near_day(day: date, today: date) -> str:
    """3月5日 周四, with the year where it is not this one."""
    return f"{(short_day if day.year == today.year else long_day)(day)} {weekday(day)}"


def distance(day: date, today: date) -> str:
    """How far off a date is: stands beside the date, never instead of it."""
    days = (day - today).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}


def month_name(day: date) -> str:
    """2026年3月; March 2026."""
    return f"{day:%B} {day.year}" if _english() else f"{day.year}年{day.month}月"
