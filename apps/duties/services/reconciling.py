"""The nightly proof: what is stored equals what the records, the tree and the rules say. There must be no difference."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.branches.models import Organization, PartyGroup
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.services import applying, counting, following, laying_out

REACH_BACK = timedelta(days=396)  # thirteen months


@dataclass(slots=True)
class Report:
    """What the run found. `differences` and `orphans` are faults; the rest is the ordinary course of a day."""

    periods: int = 0
    added: int = 0
    moved: int = 0
    roster: int = 0
    turned: applying.Turned = field(default_factory=applying.Turned)
    differences: list[counting.Difference] = field(default_factory=list)
    orphans: list[int] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.differences and not self.orphans


def reconcile(*, today: date, full: bool = False) -> Report:
    """Prove and repair the running periods, what is open, and the last thirteen months; with `full` everything.

    Commits one chunk of branches after the other, so that it can be stopped and never holds many rows.
    """
    report = Report()
    for branches in following.chunks():
        with transaction.atomic():
            report.added += laying_out.lay_out_for(branches, today=today) + laying_out.catch_up(branches, today=today)
            report.moved += following.follow_now(branches)
            rows = DutyPeriod.objects.filter(organization__in=branches)
            if not full:
                rows = rows.filter(Q(ends_before__gt=today - REACH_BACK) | Q(closed_as="", done__lt=F("required")))
            ids = list(rows.order_by("pk").values_list("pk", flat=True))
            report.periods += len(ids)
            for difference in counting.recount_periods(ids, today=today):
                if difference.is_roster_only:
                    report.roster += 1
                else:
                    report.differences.append(difference)
            report.turned += applying.judge(ids, today=today)
    report.orphans = list(_orphans()[:1000])
    return report


def _orphans() -> QuerySet:
    """Periods whose organization, group or rule is gone: what a foreign key would have refused."""
    there = Exists(Organization.objects.filter(pk=OuterRef("organization_id")))
    ruled = Exists(DutyRule.objects.filter(pk=OuterRef("rule_id")))
    grouped = Exists(PartyGroup.objects.filter(pk=OuterRef("group_id"), organization_id=OuterRef("organization_id")))
    return DutyPeriod.objects.filter(~there | ~ruled | (Q(group_id__isnull=False) & ~grouped)).values_list(
        "pk", flat=True
    )
