"""Rows of the ledger, made through the services."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

from apps.accounts.models import User
from apps.branches.models import Organization, Person
from apps.supervision.models import (
    Finding,
    HelpMeasure,
    HelpPlan,
    HelpStep,
    Measure,
    Proof,
    Rectification,
    Step,
    Visit,
    VisitMember,
    VisitPhoto,
)
from apps.supervision.services import help as help_plans
from apps.supervision.services import ledger, proofs, visits
from tests.factories.activities import at, picture
from tests.factories.branches import TODAY

_serial = count(1)


def row(
    organization: Organization, by: User | None = None, problem: str = "2月党小组会没有开", found_on: date | None = None,
    **fields: Any,
) -> Rectification:  # fmt: skip
    fields.setdefault("source", "visit" if fields.get("checking") else "own_check")
    fields.setdefault("nature", "by_date")
    if fields["nature"] == "by_date":
        fields.setdefault("due_on", TODAY + timedelta(days=13))
    day = found_on or TODAY - timedelta(days=5)
    return ledger.open(organization=organization, problem=problem, by=by, now=at(day), found_on=day, **fields)


def asked(organization: Organization, by: User, **fields: Any) -> Rectification:
    """Closing has been asked for."""
    return ledger.closing_ask(row=row(organization, **fields), by=by, now=at(), text="3月8日已补开")


def closed(organization: Organization, by: User, checker: User, **fields: Any) -> Rectification:
    return ledger.closing_accept(row=asked(organization, by, **fields), by=checker, now=at())


def proof(one: Rectification, by: User, name: str = "整改后.jpg", data: bytes | None = None) -> Proof:
    data = data if data is not None else picture(64, 48)
    return proofs.proof_add(row=one, by=by, today=TODAY, name=name, content=io.BytesIO(data), size=len(data))


def things(branch: Organization, by: User, own: Person, secret: str) -> dict[str, list[str]]:
    """For the crawl of another branch: rows that all say `secret`; ids by the name of the address's argument."""
    rows = [
        row(branch, by, f"{secret}问题", owner=own, measures=[f"{secret}措施"], source_label=f"{secret}自查", **more)
        for more in ({}, {"checking": branch.parent, "basis": f"{secret}依据"})
    ]
    file = proof(rows[0], by, name=f"{secret}佐证.jpg")
    looks = [
        visits.visit_plan(
            organization=branch, branches=[branch], topic=f"{secret}自查", starts_on=TODAY, ends_on=TODAY, team=[own], by=by,
            today=TODAY, request_key=f"{secret}{number}",
        )[0]
        for number in (1, 2)
    ]  # fmt: skip
    shot = photo(looks[0], by, name=f"{secret}照片.jpg")
    last = filled(looks[1], [f"{secret}发现"], by=by, record=[f"{secret}情况"])
    visits.visit_close(visit=last, by=by, now=at(), version=last.version, known=[(secret, secret)])
    plan = HelpPlan.objects.create(
        organization=branch, set_by=branch.parent, causes=f"{secret}原因", helper=f"{secret}帮扶", starts_on=TODAY,
        ends_on=TODAY + timedelta(days=90),
    )  # fmt: skip
    HelpMeasure.objects.create(plan=plan, order=1, text=f"{secret}措施")
    return {
        "rectification": [one.public_id for one in rows], "proof": [file.public_id], "visit": [one.public_id for one in looks],
        "plan": [plan.public_id], "photo": [shot.public_id],
    }  # fmt: skip


def stored(branch: Organization) -> list[list[dict[str, Any]]]:
    """Everything of a branch here that a stranger's request could have changed."""
    parts = [kind.objects.filter(rectification__organization=branch) for kind in (Measure, Step, Proof)]
    parts += [Rectification.objects.filter(organization=branch), Visit.objects.filter(branch=branch)]
    parts += [kind.objects.filter(visit__branch=branch) for kind in (Finding, VisitMember, VisitPhoto)]
    parts += [HelpPlan.objects.filter(organization=branch)]
    parts += [kind.objects.filter(plan__organization=branch) for kind in (HelpMeasure, HelpStep)]
    return [list(rows.values().order_by("pk")) for rows in parts]


def visit(world: Any, organization: Organization | None = None, by: User | None = None, **fields: Any) -> Visit:
    """A visit of the general branch to the branch, or the branch's own look, planned."""
    organization = organization or world.general_branch
    fields = {"topic": "一季度督导", "starts_on": TODAY, "team": [], "request_key": f"key{next(_serial)}"} | fields
    fields.setdefault("ends_on", fields["starts_on"])
    return visits.visit_plan(
        organization=organization, branches=[world.branch], by=by or world.users["affairs_worker"], today=TODAY, **fields
    )[0]  # fmt: skip


def filled(
    one: Visit, problems: Sequence[str] = ("2月党小组会没有开",), by: User | None = None, **typed: list[str]
) -> Visit:
    """With a record and findings typed, not closed."""
    said = {
        "held_on": [TODAY.isoformat()],
        "way": ["listened", "looked"],
        "met": ["书记和三名党员"],
        "record": ["总体不错"],
    }
    for number, text in enumerate(problems, 1):
        said |= {f"f{number}-problem": [text], f"f{number}-nature": ["by_date"], f"f{number}-due": ["2026-03-31"]}
    visits.visit_save(visit=one, by=by or one.created_by, now=at(), version=one.version, typed=said | typed)
    one.refresh_from_db()
    return one


def photo(one: Visit, by: User, name: str = "公开栏.jpg", data: bytes | None = None) -> VisitPhoto:
    data = data if data is not None else picture(64, 48)
    return proofs.photo_add(visit=one, by=by, today=TODAY, name=name, content=io.BytesIO(data), size=len(data))


def closed_visit(world: Any, problems: Sequence[str] = ("2月党小组会没有开",), **fields: Any) -> Visit:
    one = filled(visit(world, **fields), problems, by=fields.get("by") or world.users["affairs_worker"])
    by = fields.get("by") or world.users["affairs_worker"]
    return visits.visit_close(visit=one, by=by, now=at(), version=one.version, known=[("名册", "8人")])


def help_plan(world: Any, branch: str = "branch", by: User | None = None, **fields: Any) -> HelpPlan:
    """A plan of the general branch for the branch."""
    fields = {
        "causes": "书记空缺，会开不起来",
        "helper": "卫东 党总支委员",
        "starts_on": TODAY,
        "measures": ["选配书记", "补开会议"],
    } | fields
    fields.setdefault("ends_on", fields["starts_on"] + timedelta(days=180))
    return help_plans.plan_set(
        committee=world.general_branch, branch=getattr(world, branch), by=by or world.users["affairs_worker"], now=at(), **fields
    )  # fmt: skip
