"""Carry out a plan: all of it or nothing, through the same services as the pages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.branches import accounts, services
from apps.branches.importing.plan import FACTS, Plan, Step, term_end
from apps.branches.models import Organization, Person, Post
from apps.core.errors import RuleBroken
from apps.core.models import audit

if TYPE_CHECKING:
    from apps.accounts.models import User


@dataclass(slots=True)
class Outcome:
    """What was done, and the slips, whose codes exist nowhere else."""

    created: list[Organization] = field(default_factory=list)
    changed: list[Organization] = field(default_factory=list)
    entered: list[Post] = field(default_factory=list)
    handed: list[accounts.Handed] = field(default_factory=list)


def carry_out(*, plan: Plan, top: Organization, by: "User", today: date, now: datetime, with_slips: bool) -> Outcome:
    """Raises RuleBroken, having done nothing, where the tree has moved on since the plan was made."""
    try:
        with transaction.atomic():
            return _write(plan, top, by, today, now, with_slips)
    except IntegrityError as error:
        if "username" in str(error):
            raise RuleBroken(_("Someone is making accounts at this moment. Try once more.")) from None
        raise


def _write(plan: Plan, top: Organization, by: "User", today: date, now: datetime, with_slips: bool) -> Outcome:
    done, made = Outcome(), {}
    newcomers: list[Person] = []
    for step in plan.in_order():
        if step.existing is None:
            organization = made[id(step)] = _create(step, made, by, today)
            done.created.append(organization)
        else:
            organization = made[id(step)] = step.existing
            if step.changes:
                services.organization_change(
                    organization=organization, by=by, version=organization.version, **step.changes
                )
            done.changed.append(organization)
        if step.secretary:
            person = step.person or services.person_create(organization=organization, name=step.secretary, by=by)
            began = step.line.day("term_started_on")
            post = services.post_start(
                person=person, organization=organization, kind=Post.Kind.SECRETARY, by=by, today=today,
                starts_on=max(began, organization.founded_on or began) if began else today,
            )  # fmt: skip
            done.entered.append(post)
            if person.user is None:
                newcomers.append(person)
    if with_slips and newcomers:
        done.handed = accounts.hand_out(people=newcomers, organization_id=top.pk, by=by, now=now)
    note = f"{len(done.created)} created, {len(done.changed)} changed, {len(done.entered)} secretaries"
    audit(by=by, action="organization_import", subject=top, organization_id=top.pk, note=note)
    return done


def _create(step: Step, made: dict[int, Organization], by: "User", today: date) -> Organization:
    parent = made[id(step.parent)] if isinstance(step.parent, Step) else step.parent
    line = step.line
    facts = {key: line.day(key) if key.endswith("_on") else line.values.get(key, "") for key in FACTS}
    facts["election_due_on"] = term_end(step)
    return services.organization_create(by=by, today=today, parent=parent, kind=step.kind, name=line.name, **facts)
