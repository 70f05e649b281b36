"""Which row of a duty holds at a place on a day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.duties.models import DutyRule


def level(rule: "DutyRule") -> int:
    """How far down it was set: the length of the path, 0 for what holds everywhere."""
    return len(rule.set_by.path) if rule.set_by else 0


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules with `set_by` at hand; no queries of its own."""

    rules: tuple["DutyRule", ...]
    by_slug: dict[str, list["DutyRule"]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for rule in self.rules:
            self.by_slug.setdefault(rule.slug, []).append(rule)

    def _standing(self, rules: Iterable["DutyRule"], day: date) -> list["DutyRule"]:
        """One row for each place that set one: the latest in force on `day`, from the top down."""
        latest: dict[int | None, DutyRule] = {}
        for rule in sorted(rules, key=lambda rule: rule.valid_from):
            if rule.valid_from <= day and (rule.valid_before is None or rule.valid_before > day):
                latest[rule.set_by_id] = rule
        return sorted(latest.values(), key=level)

    def chain(self, slug: str, path: str, day: date) -> list["DutyRule"]:
        """The row that holds for the organization at `path`, last, after those from above which it replaces."""
        rules = (
            rule for rule in self.by_slug.get(slug, ()) if rule.set_by is None or path.startswith(rule.set_by.path)
        )
        return self._standing(rules, day)

    def holding(self, slug: str, path: str, day: date) -> "DutyRule | None":
        """The row that decides, also one that switches the duty off."""
        chain = self.chain(slug, path, day)
        return chain[-1] if chain else None

    def of(self, path: str, day: date) -> list["DutyRule"]:
        """What is owed at `path` in a period that starts on `day`."""
        held = (self.holding(slug, path, day) for slug in self.by_slug)
        return sorted((rule for rule in held if rule and rule.is_active), key=lambda rule: (rule.order, rule.pk))

    def standing(self, day: date) -> list["DutyRule"]:
        """Every row in force on `day`, whatever its place."""
        return [rule for rules in self.by_slug.values() for rule in self._standing(rules, day)]

    def replaced_in(self, rule: "DutyRule", day: date) -> list[str]:
        """Paths inside the subtree of `rule` where a row set further down holds instead."""
        top = rule.set_by.path if rule.set_by else ""
        return [
            other.set_by.path
            for other in self._standing(self.by_slug[rule.slug], day)
            if other.set_by and len(other.set_by.path) > len(top) and other.set_by.path.startswith(top)
        ]
