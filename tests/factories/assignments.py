"""Assignments as rows, in any state: what services do is tested through the services."""

from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile

from apps.accounts.models import User
from apps.assignments.models import Assignment, Batch, Evidence
from apps.branches.models import Organization, Person
from tests.factories.activities import at
from tests.factories.branches import TODAY

DUE = TODAY + timedelta(days=5)


def assignment(
    branch: Organization, assignee: Person | None = None, giver: Organization | None = None, *, state: str = "todo",
    due_on: date | None = DUE, **fields: Any,
) -> Assignment:  # fmt: skip
    """To a person of `branch`, or to the branch itself; given by the branch unless `giver` says otherwise."""
    fields.setdefault("source", "by_hand" if giver is None else "request")
    fields.setdefault("title", "联系社区")
    return Assignment.objects.create(
        organization=branch,
        assignee=assignee,
        given_by_organization=giver or branch,
        state=state,
        due_on=due_on,
        **fields,
    )


def batch(giver: Organization, branches: list[Organization], **fields: Any) -> Batch:
    fields.setdefault("title", "报送年度计划")
    fields.setdefault("created_at", at())
    fields.setdefault("due_on", DUE)
    states = fields.pop("states", ["todo"] * len(branches))
    one = Batch.objects.create(organization=giver, size=len(branches), **fields)
    for branch, state in zip(branches, states, strict=True):
        assignment(branch, None, giver, state=state, batch=one, title=one.title, due_on=one.due_on)
    return one


def evidence(one: Assignment, by: User, name: str = "证明.pdf") -> Evidence:
    row = Evidence(
        assignment=one,
        name=name,
        content_type="application/pdf",
        size=9,
        sha256=name[:10].ljust(64, "0"),
        uploaded_by=by,
    )
    row.file.save(f"{row.public_id}.pdf", ContentFile(b"%PDF-1.4\n%%EOF"), save=False)
    row.save()
    return row
