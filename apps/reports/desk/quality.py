"""What is missing or doubtful in the books of the branches one answers for, each with the page where it is put right.

Only the branches next below the committee, or below a level there that has no staff of its own: the others have nearer staff who
see their people. An ID number cannot stand in two records (the database refuses it), so doubles are looked for by name and birth.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
    Window,
)  # fmt: skip
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.branches.models import Membership, Organization, Person, Post

IN_CHARGE = (Post.Kind.SECRETARY, Post.Kind.ACTING_SECRETARY)
NO_LOGIN = (
    Q(person__user=None)
    | Q(person__user__is_active=False)
    | Q(person__user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
)


class Fault(TextChoices):
    """Stored nowhere: asked anew each time, gone once it is put right."""

    NO_SECRETARY = "no_secretary", _("Nobody is secretary")
    NO_ACCOUNT = "no_account", _("The secretary has no account in use")
    NO_MEMBERS = "no_members", _("Nobody stands on the roster")
    TERM_OVER = "term_over", _("The term is over and no election is entered")
    NO_TERM = "no_term", _("No term is entered")
    NO_FOUNDING = "no_founding", _("The day of founding is not entered")


FIXED_AT = {
    Fault.NO_SECRETARY: "reports:handover-change",
    Fault.NO_ACCOUNT: "branches:account-list",
    Fault.NO_MEMBERS: "branches:organization-detail",
    Fault.TERM_OVER: "branches:organization-change",
    Fault.NO_TERM: "branches:organization-change",
    Fault.NO_FOUNDING: "branches:organization-change",
}


@dataclass(slots=True)
class Line:
    organization: Organization
    faults: list[tuple[str, str]] = field(default_factory=list)  # words, address


def near(top: Organization, today: date) -> QuerySet[Organization]:
    """Next below `top`, and below its levels without staff; the committee itself is not among them."""
    staffed = Post.objects.on(today).filter(kind=Post.Kind.AFFAIRS_WORKER, organization=OuterRef("pk"))
    unstaffed = Organization.objects.filter(parent=top).exclude(kind=Organization.Kind.BRANCH).exclude(Exists(staffed))
    return Organization.objects.filter(Q(parent=top) | Q(parent__in=unstaffed.values("pk"))).active(today)


def organizations(
    top: Organization, today: date, fault: str = "", *, after: str = "", size: int
) -> tuple[list[Line], str]:
    """A page in the order of the tree, and the path after which the next one begins. One query."""
    posts = Post.objects.on(today).filter(organization=OuterRef("pk"), kind__in=IN_CHARGE)
    branch, permanent = Q(kind=Organization.Kind.BRANCH), ~Q(branch_type=Organization.BranchType.TEMPORARY)
    asked = {
        Fault.NO_SECRETARY: branch & ~Exists(posts),
        Fault.NO_ACCOUNT: branch & Exists(posts.filter(NO_LOGIN)),
        Fault.NO_MEMBERS: branch & ~Exists(Membership.objects.on(today).filter(organization=OuterRef("pk"))),
        Fault.TERM_OVER: branch & permanent & Q(election_due_on__lt=today),
        Fault.NO_TERM: branch & permanent & Q(election_due_on=None),
        Fault.NO_FOUNDING: Q(founded_on=None),
    }
    rows = near(top, today).filter(path__gt=after).order_by("path")
    # A boolean column of each question; `filter` reads them again below.
    rows = rows.annotate(**{str(name): _as_column(question) for name, question in asked.items()})
    wanted = [fault] if fault in Fault.values else Fault.values
    some = Q()
    for name in wanted:
        some |= Q(**{name: True})
    found = list(rows.filter(some)[: size + 1])
    lines = [Line(row, list(_faults(row))) for row in found[:size]]
    return lines, found[size - 1].path if len(found) > size else ""


def _as_column(question: Q) -> Case:
    return Case(When(question, then=Value(True)), default=Value(False), output_field=BooleanField())


def _faults(row: Organization) -> Iterator[tuple[str, str]]:
    for fault in Fault:
        if getattr(row, fault):
            yield str(fault.label), reverse(FIXED_AT[fault], args=[row.public_id])


def doubles(top: Organization, today: date, most: int) -> list[Person]:
    """People of the same name born in the same month, next to each other. One query."""
    same = Window(Count("pk"), partition_by=[F("name"), TruncMonth("born_on")])
    return list(
        Person.objects.filter(organization__in=near(top, today).values("pk"), born_on__isnull=False)
        .alias(same=same)
        .filter(same__gt=1)
        .select_related("organization")
        .order_by("stroke_key", "born_on", "pk")[:most]
    )


def unplaced(top: Organization, today: date, most: int) -> list[Person]:
    """In a branch's books and neither member, nor applicant, nor in a post, and never were. One query."""
    return list(
        Person.objects.filter(organization__in=near(top, today).values("pk"), applied_on=None)
        .filter(~Exists(Membership.objects.filter(person=OuterRef("pk"))), ~Exists(Post.objects.filter(person=OuterRef("pk"))))
        .select_related("organization")
        .order_by("organization__path", "stroke_key", "pk")[:most]
    )  # fmt: skip
