"""Structural notes: what the regulations say about the size, the committee and the term of a branch, computed, never stored."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.branches.models import Membership, Organization, Post

FEWEST, COMMITTEE_FROM, MOST = 3, 7, 50
NOTICE_MONTHS = 6
TERM_YEARS = 3  # villages and communities: 5
DIGITS = ("", *"一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one branch on one day. Hosted members count in neither figure: their registration is elsewhere."""

    members: int
    full_members: int
    has_committee: bool
    has_secretary: bool
    is_new: bool = False  # nobody has ever stood on its roster, hosted members included


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence and the article it rests on. `tone` as notices have it."""

    code: str
    text: str
    article: str
    tone: str = "soon"


def article(*numbers: int) -> str:
    """Articles below 100; in Chinese as laws number them: 第四条、第二十一条."""
    if (get_language() or "").startswith("zh"):
        named = "、".join(f"第{_in_chinese(number)}条" for number in numbers)
    else:
        named = "art. " + ", ".join(str(number) for number in numbers)
    return _("Regulations on the Work of Party Branches (trial), %(articles)s") % {"articles": named}


def _in_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + DIGITS[ones]


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    carry, month = divmod(day.month - 1 + months, 12)
    year = day.year + carry
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _count(rows: QuerySet) -> Coalesce:
    numbers = (
        rows.filter(organization=OuterRef("pk")).order_by().values("organization").annotate(n=Count("pk")).values("n")
    )
    return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)


def with_facts(branches: QuerySet, today: date) -> list[tuple[Organization, Facts]]:
    """Of a query of branches, each with its facts. One query, whatever the number."""
    members = Membership.objects.on(today).filter(is_hosted=False)
    held = Post.objects.on(today).filter(organization=OuterRef("pk"))
    rows = branches.annotate(
        fact_members=_count(members),
        fact_full_members=_count(members.filter(category=Membership.Category.FULL)),
        fact_has_committee=Exists(held.filter(kind__in=Post.COMMITTEE[2:])),
        fact_has_secretary=Exists(held.filter(kind__in=Post.LEADERS)),
        fact_is_new=~Exists(Membership.objects.filter(organization=OuterRef("pk"))),
    )
    return [
        (
            one,
            Facts(
                one.fact_members, one.fact_full_members, one.fact_has_committee, one.fact_has_secretary, one.fact_is_new
            ),
        )
        for one in rows
    ]


def facts_of(organizations: Iterable[Organization], today: date) -> dict[int, Facts]:
    """Keyed by primary key; branches only. One query, whatever the number."""
    branches = [organization.pk for organization in organizations if organization.is_branch]
    if not branches:
        return {}
    rows = with_facts(Organization.objects.filter(pk__in=branches).order_by(), today)
    return {one.pk: facts for one, facts in rows}


def notes_of(organization: Organization, facts: Facts | None, today: date) -> list[Note]:
    """A temporary branch has members whose registration stays elsewhere, and no term elections (art. 8)."""
    notes: list[Note] = []
    if facts is not None:
        notes += _size(organization, facts)
        if not facts.has_secretary:
            notes.append(Note("vacant", _("Nobody is secretary today. A vacancy is filled in time."), article(21)))
    if organization.branch_type != Organization.BranchType.TEMPORARY and organization.election_due_on:
        notes += _election(organization.election_due_on, today)
    return notes


def _size(organization: Organization, facts: Facts) -> list[Note]:
    if facts.is_new:  # set up, the roster not entered yet: nothing is known about its size
        return []
    notes = []
    full = facts.full_members
    if full < FEWEST and organization.branch_type != Organization.BranchType.TEMPORARY:
        text = ngettext("%(number)d full member.", "%(number)d full members.", full) % {"number": full}
        notes.append(
            Note(
                "few",
                text + " " + _("With fewer than three, a joint branch with neighbours is formed."),
                article(4, 5),
            )
        )
    if full >= COMMITTEE_FROM and not facts.has_committee:
        text = _("%(number)d full members and no committee. From seven on, a branch committee is set up.") % {
            "number": full
        }
        notes.append(Note("no_committee", text, article(20)))
    if facts.members > MOST:
        text = _("%(number)d members. A branch generally has at most 50.") % {"number": facts.members}
        notes.append(Note("many", text, article(4)))
    return notes


def _election(due: date, today: date) -> list[Note]:
    from apps.core.days import long_day

    if due < today:
        text = _("The term ended on %(day)s. The election is overdue.") % {"day": long_day(due)}
        return [Note("election_overdue", text, article(21), tone="error")]
    if due <= months_later(today, NOTICE_MONTHS):
        text = _("The term ends on %(day)s. The level above reminds the branch six months before.") % {
            "day": long_day(due)
        }
        return [Note("election_soon", text, article(21))]
    return []
