"""What people call a period, in their language. The year is said where it is not the one they are in."""

from datetime import date

from django.utils.dates import MONTHS
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from apps.core import days
from apps.duties.models import DutyPeriod, DutyRule

QUARTERS_ZH = "一二三四"
OF_THE_YEAR = "年度"


def _english() -> bool:
    return get_language() == "en"


def year_label(year: int) -> str:
    """“2026年”; “2026”."""
    return str(year) if _english() else f"{year}年"


def day_in(day: date, year: int) -> str:
    """The year is said where it is not `year`."""
    return days.short_day(day) if day.year == year else days.long_day(day)


def until(day: date, year: int) -> str:
    """“11月30日前”; “by 30 Nov”."""
    return _("by %(day)s") % {"day": day_in(day, year)}


def month_label(month: int) -> str:
    """“3月”; “Mar”."""
    return days.MONTHS_EN[month - 1] if _english() else f"{month}月"


def period_label(months: int, starts_on: date, for_year: int, today: date | None = None) -> str:
    """“3月”, “一季度”, “上半年”, “2025年度”; “2025年12月” in another year than today's."""
    english = _english()
    if months == 12:
        return str(for_year) if english else f"{for_year}年度"
    if months == 1:
        name = str(MONTHS[starts_on.month]) if english else f"{starts_on.month}月"
    elif months == 3:
        number = (starts_on.month + 2) // 3
        name = f"Q{number}" if english else f"{QUARTERS_ZH[number - 1]}季度"
    else:
        first = starts_on.month == 1
        name = ("H1" if first else "H2") if english else ("上半年" if first else "下半年")
    if today and starts_on.year == today.year:
        return name
    return f"{name} {starts_on.year}" if english else f"{starts_on.year}年{name}"


def duty_title(rule: DutyRule, starts_on: date, for_year: int, today: date, group: object = None) -> str:
    """“3月支委会”, “2月党小组会（第二小组）”."""
    label = period_label(rule.months, starts_on, for_year, today)
    if group is not None:
        words = pgettext("duty of a group", "%(period)s %(duty)s (%(group)s)")
    else:
        words = pgettext("duty", "%(period)s %(duty)s")
    name = rule.name
    if label.endswith(OF_THE_YEAR) and name.startswith(OF_THE_YEAR):
        name = name.removeprefix(OF_THE_YEAR)  # 2026年度 + 年度工作计划
    return words % {"period": label, "duty": _inside(name), "group": group}


def _inside(name: str) -> str:
    """March committee meeting, March Party group meeting: an English name begins small where it does not begin the line."""
    return name if name.startswith("Party") or not name[1:2].islower() else name[0].lower() + name[1:]


def title_of(period: DutyPeriod, today: date) -> str:
    """The rule and group of the period should be at hand (select_related)."""
    return duty_title(period.rule, period.starts_on, period.for_year, today, period.group)


def cadence_words(rule: DutyRule) -> str:
    """“每月至少1次”, “每年1次，10月1日至次年3月31日”."""
    words = {
        1: _("at least %(times)d a month"),
        3: _("at least %(times)d a quarter"),
        6: _("at least %(times)d a half-year"),
        12: _("at least %(times)d a year"),
    }[rule.months] % {"times": rule.times}
    if rule.each:
        words = _("%(often)s, %(whom)s") % {"often": words, "whom": rule.get_each_display()}
    window = rule.cadence.window
    if window is None:
        return words
    first, last = (days.short_day(date(2001, *end)) for end in (window.first, window.last))
    ends = {"first": first, "last": last, "often": words}
    if window.crosses_year:
        return _("%(often)s, from %(first)s to %(last)s of the next year") % ends
    return _("%(often)s, from %(first)s to %(last)s") % ends
