"""Plan a visit, keep what is typed on it, close it: the findings become rows of the ledger."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.branches.models import Membership, Organization, Person
from apps.core.days import long_day
from apps.core.errors import EditConflict, RuleBroken
from apps.supervision import visit_draft
from apps.supervision.models import Finding, Rectification, Visit, VisitMember
from apps.supervision.services import ledger

if TYPE_CHECKING:
    from apps.accounts.models import User

LONGEST_DAYS, AHEAD = 31, timedelta(days=400)
MOST_TYPED = 100_000


class VisitConflict(EditConflict):
    """Both texts: `theirs` as saved meanwhile; mine is what the caller holds."""

    def __init__(self, visit: Visit) -> None:
        self.version, self.theirs, self.by_name, self.at = (
            visit.version, visit.draft, visit.saved_by_name, visit.saved_at,
        )  # fmt: skip
        super().__init__(
            _("%(name)s changed this record meanwhile. Look at both, then save again.") % {"name": self.by_name}
        )


@transaction.atomic
def visit_plan(
    *, organization: Organization, branches: Sequence[Organization], topic: str, starts_on: date, ends_on: date,
    team: Sequence[Person], by: "User", today: date, request_key: str,
) -> list[Visit]:  # fmt: skip
    """One visit for each branch. The second press of the same button answers with those of the first."""
    if not may_plan(by, organization, today):
        raise RuleBroken(_("The staff of the level that looks, or the branch's own discipline member, plan this."))
    if ends_on < starts_on or (ends_on - starts_on).days >= LONGEST_DAYS:
        raise RuleBroken(_("A visit ends on or after its first day and takes at most a month."))
    if starts_on < today - timedelta(days=31) or starts_on > today + AHEAD:
        raise RuleBroken(_("Plan it for a day from a month ago to a year ahead."))
    if not branches:
        raise RuleBroken(_("Choose at least one branch."))
    for branch in branches:
        is_own = branch.pk == organization.pk
        if not is_own and not (branch.is_branch and branch.path.startswith(organization.path)):
            raise RuleBroken(_("%(name)s is not below %(place)s.") % {"name": branch, "place": organization})
        if not is_own:
            _nobody_checks_the_own_branch(branch, team, starts_on)
    visits = []
    for branch in branches:
        key = f"{by.pk}:{request_key[:36]}:{branch.pk}"
        visits.append(_planned(organization, branch, " ".join(topic.split())[:120], starts_on, ends_on, team, by, key))
    return visits


def may_plan(by: "User", organization: Organization, today: date) -> bool:
    """Staff for the branches below; a branch's own look is planned by its leaders and its discipline member."""
    from apps.branches.models import Post

    if organization.pk in by.reach.staff_of and not organization.is_branch:
        return True
    if not organization.is_branch or organization.pk not in by.reach.committee_of:
        return False
    if organization.pk in by.reach.leader_of:
        return True
    held = Post.objects.on(today).filter(person=by.reach.person_id, organization=organization)
    return held.filter(kind=Post.Kind.DISCIPLINE_MEMBER).exists()


def _nobody_checks_the_own_branch(branch: Organization, team: Sequence[Person], day: date) -> None:
    own = Membership.objects.on(day).filter(organization=branch, person__in=team).select_related("person").first()
    if own:
        raise RuleBroken(
            _("%(name)s is a member of %(branch)s and does not look at it from above.")
            % {"name": own.person.name, "branch": branch}
        )


def _planned(
    organization: Organization, branch: Organization, topic: str, starts_on: date, ends_on: date, team: Sequence[Person],
    by: "User", key: str,
) -> Visit:  # fmt: skip
    if again := Visit.objects.filter(request_key=key).first():
        return again
    try:
        with transaction.atomic():
            visit = Visit.objects.create(
                organization=organization, branch=branch, topic=topic, starts_on=starts_on, ends_on=ends_on, created_by=by,
                request_key=key,
            )  # fmt: skip
    except IntegrityError:  # both presses arrived together
        return Visit.objects.get(request_key=key)
    VisitMember.objects.bulk_create(VisitMember(visit=visit, person=person) for person in team)
    return visit


@transaction.atomic
def visit_save(*, visit: Visit, by: "User", now: datetime, version: int, typed: Mapping[str, list[str]]) -> int:
    """Keep what was typed. Returns the new version; raises VisitConflict with both texts if someone saved meanwhile.

    Identical text is no change, so that a repeated autosave conflicts with nobody.
    """
    if sum(len(value) for values in typed.values() for value in values) > MOST_TYPED:
        raise RuleBroken(_("The text is too long to be saved here."))
    current = _locked(visit, by, now)
    if current.draft == typed:
        return current.version
    if current.version != version:
        raise VisitConflict(current)
    current.draft, current.saved_at, current.saved_by, current.version = dict(typed), now, by, version + 1
    current.save(update_fields=["draft", "saved_at", "saved_by", "version"])
    return current.version


@transaction.atomic
def visit_close(*, visit: Visit, by: "User", now: datetime, version: int, known: Sequence[tuple[str, str]]) -> Visit:
    """Write the record and send the findings to the branch's ledger. Pressed twice it is closed once.

    `known`: what the records showed that day, kept with the visit.
    """
    current = _locked(visit, by, now, may_be_closed=True)
    if current.state == Visit.State.CLOSED:
        return current
    if current.version != version:
        raise VisitConflict(current)
    draft = visit_draft.read(current.draft, blank=0)
    if faults := visit_draft.problems(draft, starts_on=current.starts_on, today=now.date()):
        raise RuleBroken(" ".join(faults))
    day = draft.day or current.starts_on
    _sent(current, draft, day, by, now)
    current.state, current.closed_at, current.closed_by = Visit.State.CLOSED, now, by
    current.ways, current.met, current.record, current.held_on = draft.ways, draft.met, draft.record, day
    current.answers = [[key, state, note] for key, (state, note) in draft.answers.items() if state or note]
    current.known = [list(pair) for pair in known]
    current.draft, current.version = {}, current.version + 1
    current.save()
    return current


def _sent(visit: Visit, draft: visit_draft.Draft, day: date, by: "User", now: datetime) -> None:
    """The findings, each with its row in the ledger of the branch."""
    found = [
        ledger.Found(
            problem=line.problem, nature=line.nature, due_on=line.due_on, category=line.category, basis=line.basis,
            goal=line.advice, source_key=f"supervision.visit:{visit.pk}:{order}",
        )
        for order, line in enumerate(draft.said, 1)
    ]  # fmt: skip
    rows = ledger.open_many(
        organization=visit.branch, found=found, by=by, now=now, found_on=day, source_label=label_of(visit, day),
        source=Rectification.Source.OWN_CHECK if visit.is_own else Rectification.Source.VISIT,
        checking=None if visit.is_own else visit.organization, source_url=url_of(visit),
    )  # fmt: skip
    Finding.objects.bulk_create(
        Finding(
            visit=visit, order=order, problem=row.problem, category=line.category, basis=line.basis, advice=line.advice,
            nature=line.nature, due_on=line.due_on, row=row,
        )
        for order, (line, row) in enumerate(zip(draft.said, rows, strict=True), 1)
    )  # fmt: skip


@transaction.atomic
def visit_cancel(*, visit: Visit, by: "User", now: datetime, reason: str) -> Visit:
    current = _locked(visit, by, now)
    said = " ".join(reason.split())
    if not said:
        raise RuleBroken(_("Write one sentence saying why."))
    current.state, current.why_cancelled, current.version = Visit.State.CANCELLED, said[:200], current.version + 1
    current.save(update_fields=["state", "why_cancelled", "version"])
    return current


def label_of(visit: Visit, day: date) -> str:
    """“3月5日 一季度督导”, in the language of whoever sends it."""
    return f"{long_day(day)} {visit.topic}".strip()


def url_of(visit: Visit) -> str:
    from django.urls import reverse

    return reverse("supervision:visit-detail", args=[visit.organization.public_id, visit.public_id])


def _locked(visit: Visit, by: "User", now: datetime, *, may_be_closed: bool = False) -> Visit:
    """The visit as it is now, locked. `may_be_closed` by the same person: the second press of the button."""
    rows = Visit.objects.manageable_by(by, now.date()).filter(pk=visit.pk).select_for_update(of=("self",))
    current = rows.select_related("organization", "branch", "saved_by__person").first()
    if current is None:
        raise RuleBroken(_("Only the team, on the days of the visit, and the staff who sent it write on it."))
    if may_be_closed and current.state == Visit.State.CLOSED and current.closed_by_id == by.pk:
        return current
    if current.state != Visit.State.PLANNED:
        raise EditConflict(_("This visit is closed. What came of it goes on in the ledger."))
    return current
