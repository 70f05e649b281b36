"""Days as people write them, in both languages."""

from datetime import date

import pytest
from django.utils import translation

from apps.core import days

THURSDAY = date(2026, 3, 5)


@pytest.mark.parametrize(("language", "write", "words"), [
    ("zh-hans", days.long_day, "2026年3月5日"),
    ("en", days.long_day, "5 Mar 2026"),
    ("zh-hans", days.short_day, "3月5日"),
    ("en", days.short_day, "5 Mar"),
    ("zh-hans", days.weekday, "周四"),
    ("en", days.weekday, "Thu"),
    ("zh-hans", days.month_name, "2026年3月"),
    ("en", days.month_name, "March 2026"),
])  # fmt: skip
def test_words_for_a_day(language: str, write, words: str) -> None:
    with translation.override(language):
        assert write(THURSDAY) == words


@pytest.mark.parametrize(("today", "words"), [
    (date(2026, 3, 5), "today"), (date(2026, 3, 4), "1 day left"), (date(2026, 3, 1), "4 days left"),
    (date(2026, 3, 6), "1 day late"), (date(2026, 4, 4), "30 days late"),
])  # fmt: skip
def test_distance_counts_from_the_due_day(today: date, words: str) -> None:
    with translation.override("en"):
        assert days.distance(THURSDAY, today) == words


@pytest.mark.parametrize(
    ("today", "words"), [(date(2026, 1, 1), "3月5日 周四"), (date(2025, 1, 1), "2026年3月5日 周四")]
)
def test_the_year_stands_where_it_is_another(today: date, words: str) -> None:
    with translation.override("zh-hans"):
        assert days.near_day(THURSDAY, today) == words
