"""The way of a plan of help: set up, noted, reviewed, concluded."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.branches.models import Organization
from apps.core.errors import EditConflict, RuleBroken
from apps.supervision.models import HelpMeasure, HelpPlan, HelpStep

if TYPE_CHECKING:
    from apps.accounts.models import User

Kind = HelpStep.Kind
LONGEST, MOST_MEASURES = timedelta(days=3 * 366), 12


def may_set(by: "User", committee: Organization) -> bool:
    """Staff of a committee or general branch, for the branches below it."""
    return not committee.is_branch and committee.pk in by.reach.staff_of


@transaction.atomic
def plan_set(
    *, committee: Organization, branch: Organization, by: "User", now: datetime, causes: str, helper: str, starts_on: date,
    ends_on: date, measures: Sequence[str], goal: str = "", request_key: str = "",
) -> HelpPlan:  # fmt: skip
    """One plan a branch at a time. The second press of the same button answers with the first one's plan."""
    if not may_set(by, committee):
        raise RuleBroken(_("The staff of the committee above the branch set up such a plan."))
    if not branch.is_branch or not branch.path.startswith(committee.path):
        raise RuleBroken(_("%(name)s is not below %(place)s.") % {"name": branch, "place": committee})
    if branch.pk in by.reach.committee_of:
        raise RuleBroken(_("Nobody sets up a plan for the branch whose committee he or she sits on."))
    if not starts_on < ends_on <= starts_on + LONGEST:
        raise RuleBroken(_("A plan ends after it begins, within three years."))
    lines = list(dict.fromkeys(line for line in (" ".join(one.split()) for one in measures) if line))
    if not lines:
        raise RuleBroken(_("Write at least one measure."))
    if len(lines) > MOST_MEASURES:
        raise RuleBroken(_("A plan holds at most %(most)d measures.") % {"most": MOST_MEASURES})
    key = f"{by.pk}:{request_key[:36]}" if request_key else None
    if key and (again := HelpPlan.objects.filter(request_key=key).first()):
        return again
    try:
        with transaction.atomic():
            plan = HelpPlan.objects.create(
                organization=branch, set_by=committee, causes=" ".join(causes.split())[:1000], goal=" ".join(goal.split())[:300],
                helper=" ".join(helper.split())[:60], starts_on=starts_on, ends_on=ends_on, created_by=by, request_key=key,
            )  # fmt: skip
    except IntegrityError:
        raise RuleBroken(_("There is a plan for this branch already. Conclude it first.")) from None
    HelpMeasure.objects.bulk_create(
        HelpMeasure(plan=plan, order=place, text=text[:300]) for place, text in enumerate(lines, 1)
    )
    _step(plan, Kind.SET, by, now, "")
    return plan


@transaction.atomic
def plan_note(
    *, plan: HelpPlan, by: "User", now: datetime, text: str, done: Sequence[int] = (), request_key: str = ""
) -> HelpPlan:
    """What has been done, and which measures (by order) are done with it."""
    current = _locked(plan, HelpPlan.objects.noted_by(by))
    if request_key and HelpStep.objects.filter(request_key=request_key[:36]).exists():
        return current
    new = list(HelpMeasure.objects.filter(plan=current, order__in=done, done_on=None))
    for one in new:
        one.done_on = now.date()
    HelpMeasure.objects.bulk_update(new, ["done_on"])
    if new:
        _step(current, Kind.DONE, by, now, "；".join(one.text for one in new)[:1000])
    said = " ".join(text.split())
    if said:
        _step(current, Kind.NOTED, by, now, _short(said), request_key[:36])
    elif not new:
        raise RuleBroken(_("Say in a sentence what has been done, or tick a measure that is done."))
    return current


@transaction.atomic
def plan_review(*, plan: HelpPlan, by: "User", now: datetime, text: str, ends: bool) -> HelpPlan:
    """The committee looks at how it goes; with `ends` it concludes the plan."""
    fresh = HelpPlan.objects.get(pk=plan.pk)
    if ends and fresh.lifted_on and HelpStep.objects.filter(plan=fresh, kind=Kind.LIFTED, by=by).exists():
        return fresh
    current = _locked(plan, HelpPlan.objects.manageable_by(by))
    said = " ".join(text.split())
    if not said:
        raise RuleBroken(_("Write one sentence on what the review showed."))
    if ends:
        current.lifted_on, current.version = now.date(), current.version + 1
        current.save(update_fields=["lifted_on", "version"])
    _step(current, Kind.LIFTED if ends else Kind.REVIEWED, by, now, _short(said))
    return current


def _locked(plan: HelpPlan, allowed: Any) -> HelpPlan:
    current: HelpPlan | None = allowed.filter(pk=plan.pk).select_for_update(of=("self",)).first()
    if current is None:
        raise RuleBroken(
            _("Only the branch's leaders and the staff of the committee that set it up work on this plan.")
        )
    if current.lifted_on:
        raise EditConflict(_("This plan is concluded. It stays as it is."))
    return current


def _short(text: str) -> str:
    if len(text) > 1000:
        raise RuleBroken(_("Write at most 1,000 characters."))
    return text


def _step(plan: HelpPlan, kind: str, by: "User", now: datetime, text: str, request_key: str = "") -> None:
    HelpStep.objects.create(
        plan=plan, kind=kind, on=now.date(), text=text, by=by, at=now, request_key=request_key or None
    )
