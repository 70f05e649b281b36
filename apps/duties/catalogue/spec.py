"""How a duty is written down before it becomes a row."""

from dataclasses import dataclass
from datetime import date

from apps.duties.schedule import Cadence, Window, grace_days, soon_days
from apps.duties.vocabulary import (
    Anchor,
    AppliesIf,
    Binding,
    Counted,
    Each,
    Owner,
    Softness,
    Verified,
)

BRANCH_REGULATION = date(2018, 10, 28)
MEMBER_EDUCATION = date(2019, 5, 6)
DEVELOPMENT = date(2026, 5, 18)
DUES = date(2008, 4, 1)
DUES_NOTICE = date(2018, 1, 1)  # of 2017, on fixing dues at the start of a year
ELECTIONS = date(2020, 7, 13)


@dataclass(frozen=True, slots=True)
class Event:
    """Owed once each time `anchor` comes about: within so many days or months, or that long before it."""

    anchor: Anchor
    months: int = 0
    days: int = 0
    is_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    slug: str
    name_zh: str
    name_en: str
    article_zh: str
    article_en: str
    wording_zh: str = ""  # the clause as read; empty where it was not
    binding: Binding
    softness: Softness
    verified: Verified
    owner: Owner
    months: int = 12
    window: str = ""
    for_next_year: bool = False
    event: Event | None = None
    term: bool = False  # owed once a term of office
    times: int = 1
    counted: Counted = Counted.RECORDS
    each: Each = Each.NOBODY
    applies_if: AppliesIf = AppliesIf.ALWAYS
    fulfilled_by: tuple[str, ...] = ()
    valid_from: date = BRANCH_REGULATION
    is_active: bool = False

    @property
    def is_periodic(self) -> bool:
        return self.event is None and not self.term

    @property
    def cadence(self) -> Cadence:
        return Cadence(
            self.months,
            Window.parse(self.window) if self.window else None,
            self.for_next_year,
        )

    @property
    def grace_days(self) -> int:
        return grace_days(self.months)

    @property
    def soon_days(self) -> int:
        return soon_days(self.months)


def branch_regulation(article: str, number: str) -> dict[str, str]:
    return {
        "article_zh": f"《中国共产党支部工作条例（试行）》第{article}条",
        "article_en": f"Regulations on the Work of Party Branches (Trial), art. {number}",
    }


def education_regulation(article: str, number: str) -> dict[str, str]:
    return {
        "article_zh": f"《中国共产党党员教育管理工作条例》第{article}条",
        "article_en": f"Regulations on Member Education and Management, art. {number}",
    }


def development_rules(article: str, number: str) -> dict[str, str]:
    return {
        "article_zh": f"《中国共产党发展党员工作细则》（2026年修订）第{article}条",
        "article_en": f"Detailed Rules on Developing Members (revised 2026), {number}",
    }
