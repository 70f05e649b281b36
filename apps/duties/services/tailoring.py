"""A level above tightens a duty or adds one for its subtree, switches off a custom; a branch adds its own (自选动作)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.activities.models import ActivityKind, Behaviour
from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.models import audit
from apps.duties import rules, schedule
from apps.duties.models import DutyRule
from apps.duties.rulebook import Rulebook, level
from apps.duties.schedule import Cadence, Window
from apps.duties.services import laying_out
from apps.duties.vocabulary import AppliesIf, Binding, Owner, Softness, Verified

if TYPE_CHECKING:
    from apps.accounts.models import User

COPIED = (
    "slug", "name_zh", "name_en", "article_zh", "article_en", "wording_zh", "binding", "softness", "verified", "owner",
    "applies_if", "months", "window", "for_next_year", "times", "counted", "each", "fulfilled_by", "grace_days", "soon_days",
    "ladder", "help_days", "order",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """What an override would change: nothing is written for it."""

    above: DutyRule  # what holds from above
    rule: DutyRule  # what would hold, not saved
    branches: int  # how many it hits today
    sample: tuple[Organization, ...]
    ends: tuple[DutyRule, ...]  # rows further down that would be looser, and end


def next_start(cadence: Cadence, today: date) -> date:
    """The first period that starts after today: a running one is judged by the rule it began with."""
    return next(p.starts_on for p in cadence.periods(today, today + timedelta(days=731)) if p.starts_on > today)


def _from_above(book: Rulebook, organization: Organization, slug: str, day: date) -> DutyRule:
    chain = [rule for rule in book.chain(slug, organization.path, day) if rule.set_by_id != organization.pk]
    if not chain or not chain[-1].is_active:
        raise RuleBroken(_("This duty does not hold here."))
    return chain[-1]


def override_preview(
    *,
    organization: Organization,
    slug: str,
    today: date,
    times: int,
    grace_days: int,
    window: str = "",
    is_active: bool = True,
    reason: str = "",
) -> Preview:
    """What would hold in the subtree from the next period on. Raises RuleBroken for anything looser than from above."""
    book = Rulebook(tuple(DutyRule.objects.periodic().filter(slug=slug).select_related("set_by")))
    above = _from_above(book, organization, slug, today)
    valid_from = next_start(above.cadence, today)
    above = _from_above(book, organization, slug, valid_from)
    rule = DutyRule(
        **{name: getattr(above, name) for name in COPIED}
        | {"times": times, "grace_days": grace_days, "window": window},
        set_by=organization,
        valid_from=valid_from,
        is_active=is_active,
        reason=reason,
    )
    if is_active:
        refuse_loosening(above, rule)
    elif not above.may_be_switched_off:
        raise RuleBroken(_("Only what is custom can be switched off; regulations and notices hold."))
    below = [
        other
        for other in book.standing(valid_from)
        if other.set_by and level(other) > len(organization.path) and other.set_by.path.startswith(organization.path)
    ]
    hit = Organization.objects.active(today).under(organization.path).filter(kind=Organization.Kind.BRANCH)
    for other in below:
        if other.set_by and not is_looser(rule, other):
            hit = hit.exclude(path__within=other.set_by.path)
    ends = tuple(other for other in below if is_looser(rule, other))
    return Preview(above=above, rule=rule, branches=hit.count(), sample=tuple(hit.order_by("path")[:10]), ends=ends)


def is_looser(rule: DutyRule, than: DutyRule) -> bool:
    """Whether `than`, set further down, asks less than `rule`. Switched off is a choice that practice leaves to every level."""
    if not rule.is_active or not than.is_active:
        return False
    inside = not rule.window or (bool(than.window) and Window.parse(than.window).is_inside(Window.parse(rule.window)))
    return than.times < rule.times or than.grace_days > rule.grace_days or not inside


def refuse_loosening(above: DutyRule, rule: DutyRule) -> None:
    """Times at least, grace at most, window inside what holds from above; and something must be tighter."""
    if rule.times < above.times:
        raise RuleBroken(_("From above it is asked %(times)d times; ask at least as often.") % {"times": above.times})
    if rule.grace_days > above.grace_days:
        raise RuleBroken(
            _("From above there are %(days)d days of grace; give at most as many.") % {"days": above.grace_days}
        )
    if rule.window != above.window:
        if not above.window:
            raise RuleBroken(_("This duty has no window of the year."))
        if not rule.window or not Window.parse(rule.window).is_inside(Window.parse(above.window)):
            raise RuleBroken(_("The window must lie inside %(window)s.") % {"window": above.window})
    if (rule.times, rule.grace_days, rule.window) == (above.times, above.grace_days, above.window):
        raise RuleBroken(_("Nothing is tighter than what holds already."))


@transaction.atomic
def rule_override(
    *,
    organization: Organization,
    slug: str,
    by: "User",
    today: date,
    times: int,
    grace_days: int,
    reason: str,
    window: str = "",
    is_active: bool = True,
) -> Preview:
    """Tighten a duty for the subtree, or switch off a custom, from the next period on. What is looser further down ends."""
    if not rules.can_tailor(by, organization):
        raise RuleBroken(_("Only the staff of this committee can change duties for the branches below it."))
    preview = override_preview(
        organization=organization, slug=slug, today=today, times=times, grace_days=grace_days, window=window,
        is_active=is_active, reason=reason,
    )  # fmt: skip
    rule = preview.rule
    rule.set_by_user = by
    # A second thought before it begins replaces the first.
    DutyRule.objects.filter(slug=slug, set_by=organization, valid_from__gte=rule.valid_from).delete()
    rule.save()
    for other in preview.ends:
        _end(other, rule.valid_from)
    audit(by=by, action="duty_override", subject=rule, organization_id=organization.pk, fields=[slug])
    return preview


def _end(rule: DutyRule, day: date) -> None:
    """From `day` on it no longer holds; a row that had not begun goes."""
    if rule.valid_from >= day:
        rule.delete()
    else:
        DutyRule.objects.filter(pk=rule.pk).update(valid_before=day)


@transaction.atomic
def rule_end(*, rule: DutyRule, by: "User", today: date) -> date:
    """An override or an added duty ends with the running period; what holds from above, if anything, takes its place."""
    if not rules.can_end(by, rule):
        raise RuleBroken(_("Only those who set a duty can end it."))
    day = next_start(rule.cadence, today)
    audit(by=by, action="duty_end", subject=rule, organization_id=rule.set_by_id, fields=[rule.slug])
    for row in DutyRule.objects.filter(slug=rule.slug, set_by=rule.set_by, valid_before=None):
        _end(row, day)
    return day


@transaction.atomic
def duty_add(
    *,
    organization: Organization,
    by: "User",
    today: date,
    name: str,
    months: int,
    times: int,
    kinds: Sequence[ActivityKind],
    basis: str = "",
) -> DutyRule:
    """A duty of one's own. A branch's begins with the running period, a committee's for its subtree with the next."""
    if not rules.can_add(by, organization):
        raise RuleBroken(_("Only the secretary, or the staff of a committee, can add a duty."))
    if not kinds:
        raise RuleBroken(_("Choose at least one kind of activity that fulfils it."))
    if months not in schedule.MONTHS_OF_PERIODS or times < 1:
        raise RuleBroken(_("Say how often: at least once a month, quarter, half-year or year."))
    behaviours = {kind.behaviour for kind in kinds}
    if behaviours & {Behaviour.GROUP} and len(behaviours) > 1:
        raise RuleBroken(_("Group meetings are owed by each group: do not mix them with other kinds."))
    by_group = behaviours == {Behaviour.GROUP}
    running = schedule.span_containing(today, months)
    rule = DutyRule.objects.create(
        name_zh=name,
        article_zh=basis,
        binding=Binding.PRACTICE if organization.is_branch else Binding.NOTICE,
        softness=Softness.CUSTOMARY if organization.is_branch else Softness.SHOULD,
        verified=Verified.YES,
        owner=Owner.GROUP if by_group else Owner.BRANCH,
        applies_if=AppliesIf.HAS_GROUPS if by_group else AppliesIf.ALWAYS,
        months=months,
        times=times,
        fulfilled_by=[kind.slug for kind in kinds],
        grace_days=schedule.grace_days(months),
        soon_days=schedule.soon_days(months),
        ladder=list(schedule.usual_ladder(months)),
        help_days=schedule.help_days(months),
        order=1000,
        set_by=organization,
        set_by_user=by,
        valid_from=running.starts_on if organization.is_branch else running.ends_before,
    )
    if organization.is_branch:
        laying_out.lay_out_for([organization.pk], today=today)
    audit(by=by, action="duty_add", subject=rule, organization_id=organization.pk, fields=[rule.slug])
    return rule
